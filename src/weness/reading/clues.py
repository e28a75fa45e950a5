"""What one narrative gives away about itself: when it was told, what it is, in which language, and who takes part."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from weness.reading.attendance import attendance_in
from weness.reading.company import MAIL_FIELD, SENDER, TELLERS, Company, Person, labels_of
from weness.reading.dates import date_in, date_of_name
from weness.reading.languages import language_of
from weness.reading.names import Names
from weness.reading.organisations import genre_words
from weness.reading.reader import CannotRead, Narrative, narratives_in

FEW = 3
"""Turns of an interviewer from which a text is a talk."""


@dataclass(frozen=True, slots=True)
class Clue:
    """A guess and its ground."""

    value: str
    ground: str


@dataclass(slots=True)
class Clues:
    """One file and what was guessed from it; ``error`` says why it cannot be read. ``asker`` names who asks most."""

    file: str
    text: str = ""
    date: Clue = field(default_factory=lambda: Clue("", ""))
    genre: Clue = field(default_factory=lambda: Clue("report", ""))
    language: Clue = field(default_factory=lambda: Clue("en", ""))
    people: list[Person] = field(default_factory=list)
    asker: str = ""
    error: str = ""


def clues_in(folder: Path, path: Path) -> Clues:
    """Everything that can be guessed from one file."""
    file = path.relative_to(folder).as_posix()
    try:
        narratives = narratives_in(path)
    except CannotRead as error:
        return Clues(file, error=error.why)
    text = "\n\n".join(narrative.text for narrative in narratives)
    language = language_of(text)
    clues = Clues(file, text, language=Clue(language or "en", "" if language else "language not recognised"))
    clues.genre = _genre(path, text, clues.language.value)
    clues.date = _date(path, narratives[0], clues.genre.value)
    company = Company(text, clues.language.value, clues.genre.value)
    TELLERS[clues.genre.value](company, path.stem, narratives)
    clues.people, clues.asker = list(company.people.values()), company.asker
    return clues


def _genre(path: Path, text: str, language: str) -> Clue:
    if path.suffix.lower() in (".eml", ".mbox"):
        return Clue("email", "e-mail file")
    top = text[:1500]
    headers = {match["key"].lower() for match in MAIL_FIELD.finditer(top)}
    if headers & {*SENDER} and headers & {"to", "para", "aan"}:
        return Clue("email", "e-mail headers")
    told = labels_of(text, "interview", language)
    if sum(turns for _, asks, _, _, turns in told if asks) >= FEW:
        return Clue("interview", "questions and answers")
    stem = set(re.findall(r"[^\W\d_]+", path.stem.lower()))
    for genre, listed in genre_words("names").items():
        if named := sorted(stem & set(listed)):
            return Clue(genre, f"{named[0]!r} in the file name")
    if path.suffix.lower() in (".vtt", ".srt"):
        return Clue("interview", "a recording")
    if attendance_in(text[:5000], language, Names((), ())).people:
        return Clue("minutes", "attendance list")
    for genre, listed in genre_words("head").items():
        for word in listed:
            if re.search(rf"^\W*(?:[\w-]+ ){{0,2}}{re.escape(word)}(?!\w)", top, re.MULTILINE | re.IGNORECASE):
                return Clue(genre, f"{word!r} in the text")
    if len(told) > 1 and sum(turns for *_, turns in told) >= 2 * FEW:
        return Clue("interview", "people take turns")
    return Clue("report", "no sign of another genre")


def _date(path: Path, first: Narrative, genre: str) -> Clue:
    """A mail knows best when it was sent; else the name of the file, the top of the text, the file's own word."""
    own = Clue(first.date[:10], "the file's own date")
    named = Clue(date_of_name(path.stem), "date in the file name")
    text = Clue(date_in(first.text[:1500]), "date in the text")
    ranked = [own, named, text] if genre == "email" else [named, text, own]
    best = max(ranked, key=lambda clue: len(clue.value))
    return best if best.value else Clue("", "no date found")
