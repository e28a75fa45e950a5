"""A first study file from the narratives alone, every guess marked as one, so that a person only has to correct."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from weness import library
from weness.reading.corpus import Document
from weness.reading.languages import language_of
from weness.reading.names import plain
from weness.reading.reader import READERS, CannotRead, narratives_in
from weness.reading.study_file import NAME, StudyError, as_id
from weness.reading.transcripts import labels_in

DRAFT = "study.draft.yaml"
OWN_FILES = frozenset({NAME, DRAFT, "case.json", "items.yaml", "codings.jsonl", "mentions.jsonl", "findings.json"})
GAP = 3
"""Months without a document that part two waves (measures, section 1)."""


@dataclass
class _Person:
    """Somebody who speaks or is listed, with what was read about them."""

    name: str
    house: str = ""
    role: str = ""
    asks: int = 0
    tells: int = 0


@dataclass
class _Found:
    """One narrative file and what was guessed from it: (value, ground) pairs."""

    file: str
    text: str = ""
    date: tuple[str, str] = ("", "")
    genre: tuple[str, str] = ("report", "")
    language: tuple[str, str] = ("en", "")
    people: list[_Person] = field(default_factory=list)
    wave: str = ""
    error: str = ""


def write_draft(folder: Path) -> Path:
    """Writes FOLDER/study.yaml, or study.draft.yaml beside one that is there already: a person's file is never touched.

    Raises StudyError when there is nothing to read, or a draft is there that may have been edited.
    """
    folder = Path(folder)
    text = draft(folder)
    path = folder / NAME
    if path.exists():
        path = folder / DRAFT
        if path.exists() and path.read_text("utf-8") != text:
            raise StudyError(
                str(folder),
                0,
                f"{NAME} and {DRAFT} are both there and stay as they are. Rename or remove {DRAFT} for a new one.",
            )
    path.write_text(text, encoding="utf-8")
    return path


def draft(folder: Path) -> str:
    """The text of a first study file."""
    if not folder.is_dir():
        raise StudyError(str(folder), 0, "There is no such folder.")
    found = [_read(folder, path) for path in _narratives(folder)]
    read = [one for one in found if not one.error]
    if not read:
        why = "; ".join(one.error for one in found[:3]) or f"it has no file ending in {' '.join(sorted(READERS))}"
        raise StudyError(str(folder), 0, f"Nothing to read: {why}.")
    _set_waves(read)
    people = _people(read)
    houses = _houses(people)
    return "\n".join(_lines(folder, found, people, houses)) + "\n"


def _narratives(folder: Path) -> list[Path]:
    def is_one(path: Path) -> bool:
        inner = path.relative_to(folder)
        hidden = any(part.startswith((".", "_")) for part in inner.parts)
        made = any(part in ("report", "tables", "demo-report") for part in inner.parts[:-1])
        return (
            path.is_file() and not hidden and not made and path.name not in OWN_FILES and path.suffix.lower() in READERS
        )

    return sorted(path for path in folder.rglob("*") if is_one(path))


def _read(folder: Path, path: Path) -> _Found:
    file = path.relative_to(folder).as_posix()
    try:
        narratives = narratives_in(path)
    except CannotRead as error:
        return _Found(file, error=str(error))
    text = "\n".join(narrative.text for narrative in narratives)
    language = language_of(text)
    found = _Found(file, text, language=(language or "en", "the words of the text" if language else "not recognised"))
    found.genre = _genre(path, text, found.language[0])
    found.date = _date(path, text, narratives[0].date)
    found.people = _speakers(file, text, found.genre[0], found.language[0])
    return found


def _genre(path: Path, text: str, language: str) -> tuple[str, str]:
    if path.suffix.lower() in (".eml", ".mbox"):
        return ("email", "an e-mail file")
    if path.suffix.lower() in (".vtt", ".srt"):
        return ("interview", "a recording's transcript")
    told = labels_in(Document("x", text, genre="interview", language=language))
    if any(asks and turns >= 3 for _, asks, _, _, turns in told):
        return ("interview", "questions and answers")
    head = f"{path.stem}\n{text[:1500]}".lower()
    for genre, words in library.page(f"lexicons/{language}", "organisations")["genres"].items():
        hits = [word for word in words if re.search(rf"^\W*(?:\w+ )?{re.escape(word)}", head, re.MULTILINE)]
        if hits and (genre != "email" or len(hits) > 1):
            return (genre, f"the word {hits[0]!r}")
    if text.count("?") >= 3 and told:
        return ("interview", "questions and answers")
    return ("report", "no sign of another genre")


def _date(path: Path, text: str, own: str) -> tuple[str, str]:
    if own:
        return (own[:10], "the file itself says so")
    named = re.search(r"(20\d{2}|19\d{2})[-_. ]?(0[1-9]|1[0-2])(?:[-_. ]?(0[1-9]|[12]\d|3[01]))?(?!\d)", path.stem)
    if named:
        return ("-".join(part for part in named.groups() if part), "the file name")
    head = text[:1500]
    iso = re.search(r"\b((?:19|20)\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))\b", head)
    if iso:
        return (iso[1], "the text")
    for language in library.LANGUAGES:
        months = library.page(f"lexicons/{language}", "organisations")["months"]
        day = (
            rf"\b(\d{{1,2}})(?:st|nd|rd|th|º)?\.? (?:de |of )?({'|'.join(months)}),?(?: de| del)? ((?:19|20)\d{{2}})\b"
        )
        said = re.search(day, head, re.IGNORECASE)
        if said:
            month = months.index(said[2].lower()) + 1
            return (f"{said[3]}-{month:02d}-{int(said[1]):02d}", "the text")
        said = re.search(rf"\b({'|'.join(months)}),?(?: de| del)? ((?:19|20)\d{{2}})\b", head, re.IGNORECASE)
        if said:
            return (f"{said[2]}-{months.index(said[1].lower()) + 1:02d}", "the text")
    return ("", "no date was found")


def _speakers(file: str, text: str, genre: str, language: str) -> list[_Person]:
    """Who speaks, from turn labels, the heading, attendance lists and mail headers."""
    people: dict[str, _Person] = {}

    def person(name: str) -> _Person:
        return people.setdefault(plain(name), _Person(name.strip()))

    for listed in _attendance(text, language):
        person(listed.name).house = listed.house
    if genre == "email":
        sender = re.search(r"^(?:From|De|Van):\s*\"?([^<\"\n(]+)", text, re.MULTILINE)
        if sender:
            person(sender[1]).tells += 1
        return list(people.values())
    document = Document(file, text, genre=genre, language=language)
    for label, asks, house, questions, turns in labels_in(document):
        one = person(_in_full(label, text))
        one.asks, one.tells = one.asks + questions, one.tells + turns
        one.role = "interviewer" if asks else one.role
        one.house = house or one.house
    if genre == "interview":
        _from_heading(text, people)
    return list(people.values())


def _in_full(label: str, text: str) -> str:
    """The full name of a label that is only a first name, where the heading gives it; R and P by the heading's key."""
    key = re.search(rf"(?<!\w){re.escape(label)} ?= ?([^\n·;,|]+)", text[:1500])
    if key:
        return key[1].strip()
    full = re.search(rf"\b{re.escape(label)}(?: (?:de |van |von |del )?[A-ZÁÉÍÓÚÑ][\w’'-]+)+", text[:1500])
    return full[0] if full and label[:1].isupper() and len(label) > 2 else label


def _from_heading(text: str, people: dict[str, _Person]) -> None:
    """ "Entrevista 9 · Nubia Ocampo, Junta de Acción Comunal · 16 de febrero": what stands after a speaker's name."""
    head = text[:600]
    for one in people.values():
        at = head.find(one.name)
        if at < 0 or one.role == "interviewer":
            continue
        rest = re.split(r"[·|\n]|\.\s", head[at + len(one.name) :])[0]
        parts = [part.strip() for part in rest.split(",") if part.strip() and not re.search(r"\d", part)]
        for part in parts:
            of = re.match(
                r"([^A-ZÁÉÍÓÚÑ]+?) (?:de las? |de los |del |de |of the |of |van de |van het |van )([A-ZÁÉÍÓÚÑ].*)", part
            )
            if of:
                one.role, one.house = one.role or of[1], one.house or of[2]
            elif not one.house and (_sector(part) or part[:1].isupper()):
                one.house = part
            elif not one.role:
                one.role = part


@dataclass(frozen=True)
class _Listed:
    name: str
    house: str


def _attendance(text: str, language: str) -> list[_Listed]:
    words = {
        word for one in {language, "en"} for word in library.page(f"lexicons/{one}", "organisations")["attendance"]
    }
    names = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    found: list[_Listed] = []
    line = re.search(rf"^(?:#+ *)?\**(?:{names})\**:? *\**[ \t]*(.*)$", text, re.MULTILINE | re.IGNORECASE)
    if not line:
        return found
    if line[1].strip():
        for group in re.finditer(r"([^();]+?)(?:\(([^)]+)\))(?:[;,.]|$)", line[1]):
            for name in re.split(r",| y | en | and | & ", group[1]):
                if re.match(r"\s*(?:[A-ZÁÉÍÓÚÑ]\.? ?){1,3}[A-ZÁÉÍÓÚÑ]?\w+", name):
                    found.append(_Listed(name.strip(" ."), group[2].split(",")[0].strip()))
        return found
    for row in text[line.end() :].lstrip("\n").split("\n"):
        listed = re.match(
            r"\s*[-*•|] *([A-ZÁÉÍÓÚÑ][\w.’' -]+?) *(?:\(([^)@]+)\)|\(@[^)]*\))? *(?:[|–-] *([^|]+?) *(?:\||$))?", row
        )
        if not listed or not row.strip():
            break
        if len(listed[1].split()) > 1 and plain(listed[1]) not in ("nombre organizacion", "name organisation"):
            found.append(_Listed(listed[1].strip(), (listed[3] or listed[2] or "").split(",")[0].strip()))
    return found


def _set_waves(read: list[_Found]) -> None:
    """Documents less than GAP months apart are of one wave."""
    dated = sorted((one for one in read if one.date[0]), key=lambda one: one.date[0])
    wave, before = 0, ""
    for one in dated:
        month = one.date[0][:7]
        if not before or _months(before, month) >= GAP:
            wave += 1
        one.wave, before = f"w{wave}", month
    for one in read:
        one.wave = one.wave or ("w1" if not dated else dated[-1].wave)


def _months(earlier: str, later: str) -> int:
    def counted(date: str) -> int:
        year, _, month = date.partition("-")
        return int(year) * 12 + int(month or 1)

    return counted(later) - counted(earlier)


def _people(read: list[_Found]) -> list[_Person]:
    """Everybody once: initials and first names are joined with the full name they can only stand for."""
    joined: dict[str, _Person] = {}
    everyone = sorted((one for found in read for one in found.people), key=lambda one: -len(one.name))
    for one in everyone:
        key = _same_as(one.name, joined)
        known = joined.setdefault(key, _Person(one.name, one.house, one.role))
        known.house, known.role = known.house or one.house, known.role or one.role
        known.asks, known.tells = known.asks + one.asks, known.tells + one.tells
    for one in joined.values():
        if one.asks > one.tells / 2 and one.asks >= 3 and not one.house:
            one.role = "interviewer"
    return sorted(joined.values(), key=lambda one: (one.role == "interviewer", one.name))


def _same_as(name: str, there: dict[str, _Person]) -> str:
    bare = plain(name)
    words = bare.split()

    def stands_for(full: str) -> bool:
        parts = full.split()
        if words == parts[: len(words)] or (len(words) == 1 and words[0] == parts[-1]):
            return True
        return len(words) > 1 and len(words[0]) == 1 and words[0] == parts[0][:1] and words[-1] == parts[-1]

    fitting = [full for full in there if stands_for(full)]
    return fitting[0] if len(fitting) == 1 else bare


def _houses(people: list[_Person]) -> dict[str, str]:
    """Each organisation as it was named -> the id it goes by; near-equal names are one."""
    from rapidfuzz import fuzz

    ids: dict[str, str] = {}
    for name, _ in Counter(one.house for one in people if one.house).most_common():
        same = next((other for other in ids if fuzz.token_set_ratio(plain(other), plain(name)) >= 90), None)
        ids[name] = ids[same] if same else _short(name, set(ids.values()))
    return ids


def _short(name: str, taken: set[str]) -> str:
    words = [word for word in as_id(name).split("_") if len(word) > 2] or [as_id(name)]
    for number in range(1, len(words) + 1):
        id = "_".join(words[:number])
        if id not in taken:
            return id
    return f"{as_id(name)}_{len(taken)}"


def _sector(name: str) -> str:
    low = f" {name.lower()} "
    for language in library.LANGUAGES:
        for sector, words in library.page(f"lexicons/{language}", "organisations")["sectors"].items():
            if any(re.search(rf"(?<!\w){re.escape(word)}", low) for word in words):
                return str(sector)
    return ""


def _lines(folder: Path, found: list[_Found], people: list[_Person], houses: dict[str, str]) -> Iterable[str]:
    read = [one for one in found if not one.error]
    languages = sorted({one.language[0] for one in read})
    ids = {plain(one.name): as_id(one.name) for one in people}
    yield "# A first draft by `weness new`. Whatever is marked '# guess' was guessed: correct it, then remove the mark."
    yield "# What every key means: docs/study.md. When you are done: weness check " + folder.name
    yield f"study: {{id: {as_id(folder.resolve().name)}, name: {_q(folder.resolve().name)}, languages: [{', '.join(languages)}]}}  # guess: the folder's name"
    yield "partners:"
    for id in dict.fromkeys(houses.values()):
        names = [name for name, own in houses.items() if own == id]
        sector = _sector(names[0])
        aliases = f", aliases: [{', '.join(map(_q, names[1:]))}]" if names[1:] else ""
        ground = "the sector by its name" if sector else "the sector is unknown"
        yield f"  - {{id: {id}, name: {_q(names[0])}, sector: {sector or 'civil_society'}, power: member{aliases}}}  # guess: {ground}; power unknown"
    if not houses:
        yield "  - {id: partner, name: Unknown, sector: civil_society, power: member}  # guess: no organisation was found in the texts"
    yield "speakers:"
    for one in people:
        partner = houses.get(one.house, "null") if one.role != "interviewer" else "null"
        ground = (
            "asks the questions"
            if one.role == "interviewer"
            else "named in the texts"
            if one.house
            else "the organisation is unknown"
        )
        yield f"  - {{id: {ids[plain(one.name)]}, name: {_q(one.name)}, partner: {partner}, role: {_q(one.role or 'unknown')}}}  # guess: {ground}"
    yield "waves:"
    for wave in dict.fromkeys(one.wave for one in sorted(read, key=lambda one: one.wave)):
        dates = sorted(one.date[0][:7] for one in read if one.wave == wave and one.date[0]) or ["1900-01"]
        yield f"  - {{id: {wave}, from: {dates[0]}, to: {dates[-1]}, event: {_q('')}}}  # guess: {GAP} months or more between waves"
    yield "documents:"
    for doc in read:
        told = {_id_of(person, people, ids) for person in doc.people}
        partners = {
            houses.get(_person(id, people, ids).house) for id in told if _person(id, people, ids).role != "interviewer"
        }
        common = partners.pop() if len(partners) == 1 and doc.genre[0] != "minutes" else None
        yield (
            f"  - {{file: {_q(doc.file)}, wave: {doc.wave}, date: {doc.date[0] or 'null'}, genre: {doc.genre[0]}, "
            f"language: {doc.language[0]}, partner: {common or 'null'}, speakers: [{', '.join(sorted(told))}]}}"
            f"  # guess: date from {doc.date[1]}; {doc.genre[0]} by {doc.genre[1]}; language by {doc.language[1]}"
        )
    yield from (f"  # not read: {broken.error}" for broken in found if broken.error)


def _id_of(one: _Person, people: list[_Person], ids: dict[str, str]) -> str:
    return ids[_same_as(one.name, {plain(other.name): other for other in people})]


def _person(id: str, people: list[_Person], ids: dict[str, str]) -> _Person:
    return next(one for one in people if ids[plain(one.name)] == id)


def _q(text: str) -> str:
    """A text as YAML takes it anywhere."""
    import json

    return (
        json.dumps(text, ensure_ascii=False)
        if not re.fullmatch(r"[^\W\d][\w .’-]*[\w.’]|[^\W\d]", text)
        or text.lower() in ("null", "true", "false", "no", "yes", "on", "off")
        else text
    )
