"""What is known before a text is cut: who may speak in it, and which labels mean somebody."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from weness import library
from weness.reading.attendance import Attendance, attendance_in
from weness.reading.corpus import Document, Partner, Speaker
from weness.reading.names import Names, names_of, plain

HEAD = 1500
"""Characters at the top of a text in which it may say "R = Lotte Brandsma"."""
KEY = re.compile(
    r"(?<![^\W\d_])(?P<label>[A-Z]\d{0,2}|[A-Z][a-zé]+ ?\d{1,2}) ?= ?(?P<name>[^\n·;,|=(]{2,60}?)(?= *[·;,|\n(]|$)"
)
OFFICE = re.compile(
    r"^[ \t]*\**(?P<label>[^\W\d_][^\n:()*]{1,40}?) \((?P<name>[^()\n,]{3,60}?)(?:[,(][^\n:]{0,80})?\)\**:",
    re.MULTILINE,
)
"""The first "The Chair (Hon. Ana Stone):" says who "The Chair:" is from then on."""
SINGLE = re.compile(r"^[ \t]*(?:[\[(]?\d[\d:.,]*[\])]?[ \t]*)?\**([A-ZÁÉÍÓÚÑ])\**[ \t]*:", re.MULTILINE)
SPOKEN = ("interview",)
"""Genres in which a lone "Q:" or "Pregunta:" is an interviewer; in minutes it is a point of the agenda."""

NOBODY = Attendance()


@dataclass(frozen=True)
class Room:
    """The document, the people and organisations of the study, and a key from plain labels to speaker ids."""

    names: Names
    document: Document
    speakers: Mapping[str, Speaker]
    key: Mapping[str, str]
    attendance: Attendance = NOBODY
    known: dict[str, str | None] = field(default_factory=dict)

    @property
    def tellers(self) -> list[str]:
        """Who tells in this document by the study file, interviewers left out."""
        return [id for id in self.document.speakers if not self.speakers[id].is_interviewer]

    def resolved(self, label: str) -> str | None:
        """The speaker id of a label, or None where it is nobody's or could be several people's."""
        if label not in self.known:
            self.known[label] = self._resolved(label)
        return self.known[label]

    def _resolved(self, label: str) -> str | None:
        bare = plain(label)
        if bare in self.key:
            return self.key[bare]
        here = self.attendance.meant_by(label)
        if here:
            # Somebody in the room is called so: an absent namesake is not meant.
            ids = {one.speaker for one in here}
            ids = ids & set(self.document.speakers) if len(ids) > 1 and ids & set(self.document.speakers) else ids
            return ids.pop() if len(ids) == 1 else None
        if bare in words(self.document.language, "interviewer") and self.document.genre in SPOKEN:
            return None
        found = self.names.speaker(label, self.document.speakers)
        if found is None and self.answers(label):
            return self.tellers[0] if len(self.tellers) == 1 else None
        return found

    def asks(self, label: str, speaker: str | None) -> bool:
        if speaker is not None:
            return self.speakers[speaker].is_interviewer
        return self.document.genre in SPOKEN and plain(label) in words(self.document.language, "interviewer")

    def answers(self, label: str) -> bool:
        """Whether a label is only a respondent's: "R", "Respondent", "Antwoord"."""
        return plain(label) in words(self.document.language, "respondent")

    def house(self, label: str) -> str | None:
        """The partner of somebody who is not a speaker of the study: by attendance list, bracket or own name."""
        here = {one.partner for one in self.attendance.meant_by(label)}
        if len(here) == 1:
            return here.pop() or self.names.partner(label)
        return self.names.partner(label)


def room_of(
    document: Document,
    speakers: Iterable[Speaker],
    partners: Iterable[Partner],
    corrections: Iterable[tuple[str, str]] = (),
) -> Room:
    """``corrections`` are (label, speaker id) pairs of the study file; they win over every guess."""
    people = tuple(speakers)
    names = names_of(people, tuple(partners))
    spoken = document.genre in SPOKEN
    listed = attendance_in(document.text[:HEAD] if spoken else document.text, document.language, names)
    room = Room(names, document, {speaker.id: speaker for speaker in people}, {}, listed)
    key = dict(_key_of_initials(room)) if spoken else {}
    for match in (*KEY.finditer(document.text[:HEAD]), *OFFICE.finditer(document.text)):
        label = plain(match["label"])
        id = names.speaker(match["name"], document.speakers)
        if id and (match.re is KEY or (label not in key and names.speaker(label) is None)):
            key[label] = id
    key |= {plain(label): id for label, id in corrections}
    return Room(names, document, room.speakers, key, listed)


def _key_of_initials(room: Room) -> Iterable[tuple[str, str]]:
    """ "N:" is Nubia where one letter is all the label there is, and nobody else of the document begins with it."""
    language = room.document.language
    used = {plain(label) for label in SINGLE.findall(room.document.text)}
    asking, answering = (used & words(language, kind) for kind in ("interviewer", "respondent"))
    people = [room.speakers[id] for id in room.document.speakers]
    for letter in sorted(used - answering):
        called = [one for one in people if plain(one.name).startswith(letter)]
        if len(called) != 1 or (letter in asking and not answering and not asking - {letter}):
            continue
        # "P" is a question in Spanish; it is Pilar only where another letter does the asking and none the answering.
        if letter not in asking or (not answering and asking - {letter}):
            yield letter, called[0].id


@cache
def words(language: str, kind: str) -> frozenset[str]:
    """The words of one kind in a language. English ones are understood everywhere, unless they mean the opposite there."""
    own = _of(language if language in library.LANGUAGES else "en", kind)
    other = {"interviewer": "respondent", "respondent": "interviewer"}.get(kind)
    return own | (_of("en", kind) - (_of(language, other) if other and language in library.LANGUAGES else frozenset()))


def _of(language: str, kind: str) -> frozenset[str]:
    return frozenset(
        word.lower() if kind in ("said", "according", "pronouns", "too") else plain(word)
        for word in library.page(f"lexicons/{language}", "transcripts")[kind]
    )
