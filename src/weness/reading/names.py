"""Who is meant by a name in a text: full names, first names, surnames, initials, titles and slips of the pen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from weness import library
from weness.reading.corpus import Partner, Speaker

CLOSE = 88
"""rapidfuzz ratio from which a longer label is taken for a slip of a known name."""

BRACKET = re.compile(r"\(((?:[^()]|\([^()]*\))*)\)")
"""A bracket, with brackets in it: "The Chair (Hon. Ana Stone (North, Ind.))"."""

ROLE = re.compile(r"(?P<name>[^,|–—]+?)(?:\s[-–—|]\s|,\s)(?=[A-ZÁÉÍÓÚÑ0-9])[^:.!?]{1,50}$")
"""A name with an organisation after it: "Ana Stone - The Mill", "Stone, Ana"; not "Ana, as I said before"."""


def plain(name: str) -> str:
    """Lower case, without accents, titles, marks of emphasis and spare white space."""
    bare = _bare(name)
    words = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", bare)
    while len(words) > 1 and words[0] in _titles():
        words = words[1:]
    return " ".join(words)


def forms(name: str, aliases: Iterable[str] = ()) -> set[str]:
    """Every way in which a person may be called: whole name, first name, surname, initials, "D. Halloran", aliases."""
    found = {plain(one) for one in (name, *aliases)}
    words = plain(name).split()
    if len(words) > 1:
        surname = " ".join(words[1:])
        found |= {words[0], words[-1], surname, f"{words[0][0]} {surname}", f"{words[0][0]} {words[-1]}"}
        found |= {f"{words[0]} {words[1]}", f"{words[0]} {words[-1]}"}
        found |= {"".join(word[0] for word in words), words[0][0] + words[-1][0]}
    return {form for form in found if form}


@lru_cache(maxsize=8)
def names_of(speakers: tuple[Speaker, ...], partners: tuple[Partner, ...]) -> Names:
    """The names of a study, worked out once for all its documents."""
    return Names(speakers, partners)


class Names:
    """The names by which the people and organisations of a study are called."""

    def __init__(self, speakers: Iterable[Speaker], partners: Iterable[Partner]) -> None:
        self.people: dict[str, set[str]] = {}
        self.long: dict[str, set[str]] = {}
        self.of: dict[str, str | None] = {}
        for speaker in speakers:
            self.of[speaker.id] = speaker.partner
            for form in forms(speaker.name, speaker.aliases):
                self.people.setdefault(form, set()).add(speaker.id)
                if " " in form and min(map(len, form.split())) > 1:
                    self.long.setdefault(form, set()).add(speaker.id)
        self.houses: dict[str, str] = {}
        for partner in partners:
            for name in (partner.name, partner.id, *partner.aliases):
                self.houses.setdefault(plain(name), partner.id)
        self.house_words = {word for house in self.houses for word in house.split()}

    def speaker(self, label: str, among: Iterable[str] = ()) -> str | None:
        """The speaker that a label names. ``among`` decides where several could be meant; None where nobody or many."""
        for asked in _candidates(label):
            found = self.people.get(asked) or self._slip(asked)
            if len(found) > 1:
                found = found & set(among)
            if len(found) == 1:
                return next(iter(found))
        return None

    def ends_in(self, label: str, speaker: str) -> bool:
        """Whether a label is some word and then a first name or surname of a speaker: "Checho Mardones", "Madam Akosua"."""
        first, _, last = plain(BRACKET.sub("", label)).rpartition(" ")
        own = {form for form, ids in self.people.items() if speaker in ids and len(form) > 2}
        others = {form for form, ids in self.people.items() if ids - {speaker}}
        return bool(first) and last in own and first not in others

    def partner(self, label: str) -> str | None:
        """The partner named in brackets or after a dash, "Jan (The Mill)", or by the label as a whole, "The Mill"."""
        named = [part for within in BRACKET.findall(label) for part in re.split(r"[,;]", within)]
        named += [part for part in re.split(r"\s[-–—|]\s|,", BRACKET.sub("", label))[1:]]
        named.append(BRACKET.sub("", label))
        return next((house for house in map(self.house, named) if house), None)

    def house(self, name: str) -> str | None:
        """The partner of this name, alias or beginning of a name ("Aguas del Oriente" for "Aguas del Oriente E.S.P.")."""
        asked = plain(name)
        if asked in self.houses or len(asked) < 8:
            return self.houses.get(asked)
        begun = {id for known, id in self.houses.items() if known.startswith(asked + " ")}
        return begun.pop() if len(begun) == 1 else None

    def _slip(self, asked: str) -> set[str]:
        if len(asked) < 6 or " " not in asked:
            return set()
        from rapidfuzz import fuzz, process

        found = process.extract(asked, sorted(self.long), scorer=fuzz.ratio, score_cutoff=CLOSE, limit=None)
        best = [self.long[form] for form, score, _ in found if score == found[0][1]]
        return set().union(*best)


def _candidates(label: str) -> Iterator[str]:
    """What may be the name in a label: the whole of it, what stands before a dash or comma, what stands in brackets."""
    outside = BRACKET.sub("", label)
    yield from filter(None, [plain(outside)])
    before = ROLE.match(outside)
    if before:
        yield from filter(None, [plain(before["name"])])
    if " " not in plain(outside):
        inside = (plain(re.split(r",", BRACKET.sub("", asked))[0]) for asked in BRACKET.findall(label))
        yield from (bare for bare in inside if " " in bare)


@cache
def _titles() -> frozenset[str]:
    pages = (library.page(f"lexicons/{language}", "transcripts") for language in library.LANGUAGES)
    return frozenset(_bare(title) for page in pages for title in page["titles"])


def _bare(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).lower()
