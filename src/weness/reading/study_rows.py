"""The rows of a study file, read one by one; a row that goes wrong says so and the rest goes on."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TypeVar

from weness.reading.corpus import GENRES, POWERS, SECTORS, Partner, Speaker, Wave
from weness.reading.lined import Lined

KEYS = {
    "study": ("id", "name", "languages", "aliases", "invented"),
    "partners": ("id", "name", "sector", "power", "aliases"),
    "speakers": ("id", "name", "partner", "role", "aliases"),
    "waves": ("id", "from", "to", "event"),
    "documents": ("file", "wave", "date", "genre", "language", "partner", "speakers", "turns", "encoding"),
}
T = TypeVar("T", Partner, Speaker, Wave)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something missing, unknown or contradictory. A grave one means that something is not read as it was meant."""

    file: str
    line: int
    what: str
    grave: bool = False

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}" if self.line else f"{self.file}: {self.what}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of the study file. ``turns`` corrects who speaks: (label in the text, speaker id)."""

    file: str
    wave: str = ""
    date: str = ""
    genre: str = "interview"
    language: str = "en"
    partner: str | None = None
    speakers: tuple[str, ...] = ()
    turns: tuple[tuple[str, str], ...] = ()
    encoding: str | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes down what is wrong with a file, and where its rows stand."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    lines: dict[tuple[str, str], int] = field(default_factory=dict)

    def says(self, line: int, what: str, grave: bool = True) -> None:
        self.problems.append(Problem(self.file, line, what, grave))


def closest(asked: str, there: Iterable[str]) -> str | None:
    """What was probably meant, or None."""
    from rapidfuzz import fuzz, process, utils

    alike, names = 60 if len(asked) < 5 else 70, sorted(there)
    found = process.extractOne(asked, names, scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=alike)
    return found[0] if found else None


def instead(asked: str, there: Iterable[str], most: int = 12) -> str:
    """Did you mean ...? There is: ..."""
    names = sorted(set(there))
    meant = closest(asked, names)
    shown = ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
    return (f" Did you mean {meant!r}?" if meant else "") + (f" There is: {shown}." if names else " There is none.")


def look_for_typos(kind: str, row: Lined, pen: Pen) -> None:
    """Keys nobody reads are allowed; one that looks like a slip is pointed out."""
    for key, value in row.keys.items():
        if key in KEYS[kind] or pen.file.endswith(".json"):
            continue
        meant = closest(key, (legal for legal in KEYS[kind] if legal not in row.keys))
        if meant:
            pen.says(value.line, f"The key {key!r} is not known here. Did you mean {meant!r}?")
        elif value.value is None:
            pen.says(value.line, f"{key!r} stands where a key should be: a text with a comma in it needs quotes.")


def partners_in(root: Lined, pen: Pen) -> tuple[Partner, ...]:
    def partner(id: str, row: Lined) -> Partner:
        sector = _one_of(row, "sector", SECTORS, "", "it counts to no sector", pen)
        power = _one_of(row, "power", POWERS, "member", "read as member", pen) if row.at("power").text else "member"
        return Partner(id, row.at("name").text or id, sector, power, _texts(row, "aliases"))

    return _identified(root, "partners", partner, pen)


def speakers_in(root: Lined, pen: Pen, partners: Iterable[str]) -> tuple[Speaker, ...]:
    known = set(partners)

    def speaker(id: str, row: Lined) -> Speaker:
        of = _known(row.at("partner"), "partner", known, pen, "the speaker stands for nobody")
        return Speaker(id, row.at("name").text or id, of, row.at("role").text, _texts(row, "aliases"))

    return _identified(root, "speakers", speaker, pen)


def waves_in(root: Lined, pen: Pen) -> tuple[Wave, ...]:
    def wave(id: str, row: Lined) -> Wave:
        start, end = (_date(row.at(key), pen)[:7] for key in ("from", "to"))
        return Wave(id, start, end, row.at("event").text)

    return _identified(root, "waves", wave, pen)


@dataclass(frozen=True, slots=True)
class Known:
    """What a document may refer to."""

    partners: tuple[Partner, ...]
    speakers: tuple[Speaker, ...]
    waves: tuple[Wave, ...]
    languages: tuple[str, ...] = ()


def entries_in(root: Lined, pen: Pen, known: Known) -> tuple[Entry, ...]:
    entries: dict[str, Entry] = {}
    for row in root.at("documents").rows:
        look_for_typos("documents", row, pen)
        file = _file(row, pen)
        if file in entries:
            pen.says(row.line, f"{file} is named twice (first in line {entries[file].line}): this row is left out.")
        elif file:
            entries[file] = _entry(file, row, pen, known)
            pen.lines["documents", file] = row.line
    return tuple(entries.values())


def _entry(file: str, row: Lined, pen: Pen, known: Known) -> Entry:
    people = {speaker.id for speaker in known.speakers}
    date = _date(row.at("date"), pen)
    speakers = (_known(said, "speaker", people, pen, "left out") for said in row.at("speakers").texts())
    partners = {partner.id for partner in known.partners}
    return Entry(
        file=file,
        wave=_wave(row, date, pen, known.waves),
        date=date,
        genre=_one_of(row, "genre", GENRES, "report", "read as a report", pen),
        language=_language(row, pen, known.languages),
        partner=_known(row.at("partner"), "partner", partners, pen, f"{file} stands for no partner"),
        speakers=tuple(dict.fromkeys(id for id in speakers if id)),
        turns=_turns(row.at("turns"), people, pen),
        encoding=row.at("encoding").text or None,
        line=row.line,
    )


def _identified(root: Lined, kind: str, made: Callable[[str, Lined], T], pen: Pen) -> tuple[T, ...]:
    """The rows of one list, by id: a row without one, or with one that is taken, is left out."""
    there: dict[str, T] = {}
    for row in root.at(kind).rows:
        id, one = row.at("id").text, kind.removesuffix("s")
        if not row.keys:
            pen.says(row.line, f"A {one} is written {{id: ..., {KEYS[kind][1]}: ...}}; this row is left out.")
        elif not id:
            pen.says(row.line, f"A {one} without an id: left out.")
        elif id in there:
            pen.says(row.line, f"The {one} {id!r} is there twice (first in line {pen.lines[kind, id]}): left out.")
        else:
            look_for_typos(kind, row, pen)
            pen.lines[kind, id] = row.line
            there[id] = made(id, row)
    return tuple(there.values())


def _texts(row: Lined, key: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(said.text for said in row.at(key).texts()))


def _one_of(row: Lined, key: str, legal: tuple[str, ...], otherwise: str, so: str, pen: Pen) -> str:
    said = row.at(key)
    if said.text in legal:
        return said.text
    asked = f"Unknown {key} {said.text!r}" if said.text else f"No {key}"
    meant = closest(said.text, legal) if said.text else None
    hint = f" Did you mean {meant!r}?" if meant else ""
    pen.says(said.line, f"{asked}: {so}.{hint} Legal are: {', '.join(legal)}.")
    return otherwise


def _known(said: Lined, kind: str, there: set[str], pen: Pen, so: str) -> str | None:
    if not said.text or said.text in there:
        return said.text or None
    pen.says(said.line, f"Unknown {kind} {said.text!r}: {so}.{instead(said.text, there)}")
    return None


def _date(said: Lined, pen: Pen) -> str:
    """YYYY, YYYY-MM or YYYY-MM-DD, or nothing."""
    import datetime

    parts = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", said.text)
    try:
        if parts:
            datetime.date(int(parts[1]), int(parts[2] or 1), int(parts[3] or 1))
            return "-".join([parts[1], *(f"{int(part):02d}" for part in parts.groups()[1:] if part)])
    except ValueError:
        pass
    if said.text:
        pen.says(said.line, f"{said.text!r} is no date: write YYYY-MM-DD (a wave: YYYY-MM).")
    return ""


def _wave(row: Lined, date: str, pen: Pen, waves: tuple[Wave, ...]) -> str:
    said = row.at("wave")
    by_date = [wave.id for wave in waves if date and wave.start and wave.start <= date[:7] <= (wave.end or wave.start)]
    found = _known(said, "wave", {wave.id for wave in waves}, pen, "the date decides" if by_date else "in no wave")
    if not found and not said.text and waves:
        so = f"its date puts it in {by_date[0]}" if by_date else "it is in no wave"
        pen.says(row.line, f"No wave said: {so}.{'' if by_date else instead('', (wave.id for wave in waves))}")
    return found or (by_date[0] if by_date else "")


def _language(row: Lined, pen: Pen, languages: tuple[str, ...]) -> str:
    said = row.at("language").text.lower()[:2] if re.match(r"[A-Za-z]{2}\b", row.at("language").text) else ""
    if said:
        return said
    taken = languages[0] if languages else "en"
    asked = f"Unknown language {row.at('language').text!r}" if row.at("language").text else "No language"
    pen.says(row.at("language").line, f"{asked}: read as {taken}. Write two letters: en, es or nl.")
    return taken


def _turns(said: Lined, people: set[str], pen: Pen) -> tuple[tuple[str, str], ...]:
    if said.value is not None and not said.keys:
        pen.says(said.line, "turns is written {label in the text: speaker id, ...}: left out.")
    meant = ((label, _known(id, "speaker", people, pen, f"{label!r} not corrected")) for label, id in said.keys.items())
    return tuple((label, id) for label, id in meant if id)


def _file(row: Lined, pen: Pen) -> str:
    """The name in forward slashes and composed accents, or nothing when it leads out of the folder."""
    said = row.at("file")
    name = unicodedata.normalize("NFC", said.text.replace("\\", "/"))
    path = PurePosixPath(name)
    if not name:
        pen.says(row.line, "A document without a file: left out.")
    elif path.is_absolute() or ".." in path.parts or re.match(r"[A-Za-z]:", name) or "\0" in name:
        pen.says(said.line, f"{said.text!r} leads out of the study's folder: refused. Put a copy into the folder.")
    else:
        return str(path)
    return ""
