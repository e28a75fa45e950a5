"""People and organisations met in several narratives: who is the same, who speaks for whom, who only asks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from weness.reading.clues import Clues
from weness.reading.company import Person
from weness.reading.names import CLOSE, plain
from weness.reading.organisations import joined, sector_of, short_id
from weness.reading.study_file import as_id

MANY = 10
"""With more organisations (or twice as many files), one that is named for one person in one file, and whose name tells
no sector, is left to a comment."""
ALIKE = 80
"""rapidfuzz ratio from which two people of one surname or first name are perhaps one."""


@dataclass(slots=True)
class House:
    """An organisation that somebody speaks for, with every spelling met."""

    id: str
    name: str
    aliases: list[str] = field(default_factory=list)
    files: set[str] = field(default_factory=set)

    @property
    def sector(self) -> str:
        return sector_of(self.name)


@dataclass(slots=True)
class Acquaintance:
    """One person over all narratives. ``ground`` says why the role or the organisation is what it is."""

    id: str
    name: str
    house: str = ""
    role: str = ""
    ground: str = ""
    interviews: bool = False
    files: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Circle:
    """Everybody and every organisation of a study; ``passing`` are organisations too rarely named to be partners."""

    people: list[Acquaintance]
    houses: list[House]
    passing: list[str]

    def in_file(self, file: str) -> list[Acquaintance]:
        return [one for one in self.people if file in one.files]


def circle_of(narratives: Iterable[Clues]) -> Circle:
    """Joins the people and organisations of all narratives."""
    read = list(narratives)
    groups = _same_people(read)
    named = joined(person.house for group in groups for person, _ in group if person.house)
    people = [_acquaintance(group, named, read) for group in groups]
    people = [one for one in people if one.files]
    by_domain = _domains(groups, named)
    for one, group in zip(people, (group for group in groups if _takes_part(group)), strict=True):
        domain = next((person.domain for person, _ in group if person.domain), "")
        if not one.house and by_domain.get(domain):
            one.house, one.ground = by_domain[domain], f"organisation by the mail address @{domain}"
    for one in people:
        if not one.house and not one.interviews:
            _by_release(one, read, named)
    houses, passing = _houses(people, named, len(read))
    _name_ids(people)
    _point_out_likeness(people)
    kept = {house.name: house.id for house in houses}
    for one in people:
        one.house = kept.get(one.house, "")
    return Circle(sorted(people, key=lambda one: (one.interviews, one.house or "~", one.id)), houses, passing)


Met = tuple[Person, Clues]


def _same_people(read: list[Clues]) -> list[list[Met]]:
    """Longest names first; a first name, surname or "D. Halloran" joins the one full name that it can stand for."""
    groups: dict[str, list[Met]] = {}
    everyone = [(person, clues) for clues in read for person in clues.people]
    for person, clues in sorted(
        everyone, key=lambda met: (not met[0].surely, -len(plain(met[0].name)), plain(met[0].name))
    ):
        bare = plain(person.name)
        fitting = [full for full in groups if _stands_for(bare, full)]
        here = [full for full in fitting if any(clues is other for _, other in groups[full])]
        chosen = fitting if len(fitting) == 1 else here
        if person.surely or len(chosen) == 1:
            groups.setdefault(chosen[0] if len(chosen) == 1 else bare, []).append((person, clues))
    return [groups[bare] for bare in sorted(groups)]


def _stands_for(short: str, full: str) -> bool:
    from rapidfuzz import fuzz

    words, parts = short.split(), full.split()
    if words == parts[: len(words)] or words == parts[-len(words) :]:
        return True
    if len(words) < 2:
        return False
    if len(words[0]) == 1:
        return words[0] == parts[0][:1] and words[1:] in (parts[1:], parts[-1:])
    return (words[0] == parts[0] and words[-1] == parts[-1]) or fuzz.ratio(short, full) >= CLOSE


def _takes_part(group: list[Met]) -> bool:
    return any(person.takes_part for person, _ in group)


def _acquaintance(group: list[Met], named: dict[str, str], read: list[Clues]) -> Acquaintance:
    name = _fullest(person.name for person, _ in group)
    houses = Counter(named[person.house] for person, _ in group if person.house)
    roles = [person.role for person, _ in group if person.role]
    house, times = houses.most_common(1)[0] if houses else ("", 0)
    ground = "organisation and role as told" if house and roles else "organisation as told" if house else ""
    if len(houses) > 1:
        others = ", ".join(sorted(set(houses) - {house}))
        ground = f"named for {house} {times} times, also for {others}"
    one = Acquaintance("", name, house, roles[0] if roles else "", ground or "say for which partner")
    one.files = {clues.file for person, clues in group if person.takes_part} if _takes_part(group) else set()
    spoken = [(person, clues) for person, clues in group if person.turns and clues.genre.value == "interview"]
    asked = sum(clues.asker == person.name for person, clues in spoken)
    if any(person.interviews for person, _ in group) or (not house and len(spoken) <= 2 * asked and asked):
        one.interviews, one.role, one.house, one.ground = True, "interviewer", "", "asks the questions"
    return one


def _fullest(names: Iterable[str]) -> str:
    """The commonest spelling of a whole name, initials being none; "Joaquín" before "Joaquin" where both are as common."""
    often = Counter(names)
    return max(
        often,
        key=lambda name: (" " in name, min(map(len, plain(name).split())) > 1, often[name], len(name.encode()), name),
    )


def _domains(groups: list[list[Met]], named: dict[str, str]) -> dict[str, str]:
    """Mail domain -> organisation: of a colleague, or whose name holds the word ("zoutkade.example")."""
    found: dict[str, str] = {}
    met = [person for group in groups for person, _ in group if person.domain]
    for person in met:
        word = plain(person.domain.split(".")[0])
        by_name = {full for full in named.values() if len(word) > 3 and word in plain(full).replace(" ", "")}
        colleague = named.get(person.house, "")
        if colleague or len(by_name) == 1:
            found.setdefault(person.domain, colleague or by_name.pop())
    return found


def _by_release(one: Acquaintance, read: list[Clues], named: dict[str, str]) -> None:
    """Somebody met only in an organisation's own press release speaks for it."""
    texts = [clues.text for clues in read if clues.file in one.files and clues.genre.value == "press"]
    if len(texts) == len(one.files) == 1:
        writer = own_house(texts[0], named)
        if writer:
            one.house, one.ground = writer, "speaks in its press release"


def own_house(text: str, named: dict[str, str]) -> str | None:
    """The organisation whose name, however spelled, stands at the very top of a text: it wrote it."""
    top = plain(re.sub(r"\s+", " ", text[:160]))
    found = {full for name, full in named.items() if plain(name) in top}
    return found.pop() if len(found) == 1 else None


def _houses(people: list[Acquaintance], named: dict[str, str], files: int) -> tuple[list[House], list[str]]:
    houses: dict[str, House] = {}
    members: Counter[str] = Counter()
    for one in people:
        if one.house:
            house = houses.setdefault(one.house, House("", one.house))
            house.files |= one.files
            members[one.house] += 1
    rare = {name for name, house in houses.items() if len(houses) > MANY and members[name] < 2 and len(house.files) < 2}
    kept = sorted((house for name, house in houses.items() if name not in rare), key=lambda house: plain(house.name))
    for house in kept:
        house.id = short_id(house.name, (other.id for other in kept if other.id))
        spelled = {plain(name): name for name, full in sorted(named.items()) if full == house.name}
        house.aliases = sorted(name for bare, name in spelled.items() if bare != plain(house.name))
    return kept, sorted(rare)


def _point_out_likeness(people: list[Acquaintance]) -> None:
    """ "Andy Updegrove" and "Andrew Updegrove" are left apart, for a person to decide."""
    from rapidfuzz import fuzz

    for number, one in enumerate(people):
        for other in people[:number]:
            mine, theirs = plain(one.name).split(), plain(other.name).split()
            shared = mine[-1] == theirs[-1] or mine[0] == theirs[0]
            if shared and mine[0][:1] == theirs[0][:1] and fuzz.ratio(" ".join(mine), " ".join(theirs)) >= ALIKE:
                one.ground += f"; the same person as {other.id}?"


def _name_ids(people: list[Acquaintance]) -> None:
    """First names, and first and last where two share it."""
    firsts = Counter(as_id(plain(one.name).split(" ")[0]) for one in people)
    for one in people:
        words = plain(one.name).split(" ")
        first = as_id(words[0])
        one.id = first if firsts[first] == 1 and len(first) > 1 else as_id(" ".join(words))
    used: Counter[str] = Counter()
    for one in people:
        used[one.id] += 1
        one.id += f"_{used[one.id]}" if used[one.id] > 1 else ""
