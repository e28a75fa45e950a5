"""Who speaks in a text: its turns as they were found, what a person says of their labels, and what that would change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from weness_web import services
from weness_web.drafts import free_id
from weness_web.faults import Fault
from weness_web.home import folder_of
from weness_web.models import Document, Study, User
from weness_web.set_up import Desk, edit

AS_READ, ASKS, NEW = "", "+asks", "+new"
"""What may be said of a label beside a speaker's id: as weness reads it, whoever asks, a person that the study does not know yet."""
FIRST_WORDS = 140
Page = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """A person's word on one label. ``name`` and ``partner`` are those of a new person."""

    label: str
    who: str
    name: str = ""
    partner: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """All that a person may say of who speaks in a text."""

    said: tuple[Said, ...]
    speakers: tuple[str, ...]
    genre: str
    partner: str


@dataclass(slots=True)
class Voice:
    """One label of a text: how often it speaks, how many words, and for whom weness takes it."""

    label: str
    speaker: str | None
    asks: bool
    partner: str | None = None
    turns: int = 0
    words: int = 0
    first: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    start: int
    label: str
    speaker: str | None
    asks: bool
    partner: str | None
    excluded: str
    words: str
    is_changed: bool = field(default=False)


def file_of(document: Document) -> str:
    """The file of a text; a message of a mailbox has a place in its file behind a #."""
    return document.file.split("#")[0]


def turns_of(row: Mapping[str, Any], before: Iterable[Turn] = ()) -> list[Turn]:
    """The turns of a text as it was read, each marked that is otherwise than in ``before``."""
    was = {(one.start, one.label, one.speaker, one.asks, one.partner, one.excluded) for one in before}
    first: dict[int, list[Any]] = {}
    for sentence in row["sentences"]:
        if sentence[3] not in first or first[sentence[3]][6]:
            first[sentence[3]] = sentence
    found = []
    for number, (start, end, speaker, label, asks) in enumerate(row["turns"]):
        sentence = first.get(number)
        partner, excluded = (sentence[5], sentence[6]) if sentence else (None, "")
        told = (start, label, speaker, asks, partner, excluded)
        words = " ".join(row["text"][start:end].split())
        found.append(Turn(*told, words=words, is_changed=bool(was) and told not in was))
    return found


def voices_of(turns: Iterable[Turn]) -> list[Voice]:
    found: dict[str, Voice] = {}
    for one in turns:
        if one.label:
            voice = found.setdefault(one.label, Voice(one.label, one.speaker, one.asks, first=one.words[:FIRST_WORDS]))
            voice.partner = voice.partner or one.partner
            voice.turns += 1
            voice.words += len(one.words.split())
    return sorted(found.values(), key=lambda one: -one.turns)


def preview(study: Study, document: Document, told: Told) -> list[Turn]:
    """The turns as they would be read. Nothing is kept."""
    desk = Desk(study)
    put(desk, file_of(document), told)
    rows = services.read_alone(folder_of(study.pk), services.text_of(desk.page), file_of(document))
    row = next((row for row in rows if row["file"] == document.file), rows[0] if rows else None)
    if row is None:
        raise Fault("setup.cannot_preview")
    return turns_of(row, turns_of(as_row(document)))


def as_row(document: Document) -> dict[str, Any]:
    return {"text": document.text, "turns": document.turns, "sentences": document.sentences}


def save(study: Study, user: User, document: Document, told: Told) -> None:
    edit(study, user, lambda desk: put(desk, file_of(document), told), verb="turns")


def put(desk: Desk, file: str, told: Told) -> None:
    """What a person said, into the row of the text; whoever is new among the speakers gets a row too."""
    row = desk.row("documents", file)
    people = [id for id in told.speakers if id in desk.ids("speakers")]
    turns = {}
    for one in told.said:
        if one.label and one.who != AS_READ:
            id = _speaker(desk, one)
            turns[one.label] = id
            if id not in people:
                people.append(id)
    row["genre"] = told.genre
    for name, value in (("speakers", people), ("turns", turns), ("partner", told.partner)):
        row.pop(name, None)
        if value:
            row[name] = value
    desk.guesses.pop(f"documents/{file}", None)


def _speaker(desk: Desk, said: Said) -> str:
    speakers = desk.page["speakers"]
    if said.who == NEW:
        name = said.name or said.label
        new = {"id": free_id(services.short_name(name), speakers), "name": name}
        speakers.append(new | ({"partner": said.partner} if said.partner else {}))
        return str(new["id"])
    if said.who == ASKS:
        known = next((row for row in speakers if row.get("role") == "interviewer"), None)
        if known is None:
            known = {"id": free_id("interviewer", speakers), "name": "Interviewer", "role": "interviewer"}
            speakers.append(known)
        return str(known["id"])
    if said.who not in desk.ids("speakers"):
        raise Fault("setup.row_gone", status=409)
    return said.who
