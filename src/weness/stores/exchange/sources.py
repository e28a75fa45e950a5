"""Texts as sources: everybody's codings on their passages, who read them in full, and the turns that cases own."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from weness.coding.codings import HUMAN
from weness.coding.human import UNNAMED
from weness.reading.corpus import Corpus, Document
from weness.stores.exchange.ledger import Ledger
from weness.stores.exchange.names import variable
from weness.stores.exchange.project import Applied, Note, Selection, Source, User, guid_of
from weness.stores.exchange.provenance import Told, note_of, seen_note
from weness.stores.exchange.restoring import trimmed, turn_guid

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Desk:
    """What every text needs at hand: the GUIDs of ``codes``, the ``users`` by coder, corrected ``turns`` by document.

    ``notes`` gathers the notes that the codings get.
    """

    corpus: Corpus
    ledger: Ledger
    codes: Mapping[str, str]
    users: Mapping[str, User]
    turns: Mapping[str, str]
    notes: dict[str, Note] = field(default_factory=dict)

    def user(self, row: Row) -> str:
        return self.users[str(row.get("coder", UNNAMED))].guid


def source_of(document: Document, rows: Sequence[Row], desk: Desk) -> Source:
    """One text with the rows that stand in it; what a project that came in said of it stays."""
    before = desk.ledger.source_of(document.id) or Source("", document.id, None)
    guid = before.guid or guid_of("document", desk.corpus.id, document.id)
    read = _seen([row for row in rows if "seen" in row], guid, desk)
    desk.notes.update({note.guid: note for note in read})
    placed = _selections(guid, [row for row in rows if "seen" not in row], before, desk)
    there = {one.guid for one in placed}
    return replace(
        before,
        guid=guid,
        kind="Text",
        text=document.text,
        selections=(*placed, *(one for one in _turns(document, guid, desk.corpus) if one.guid not in there)),
        notes=tuple(note.guid for note in read),
        values=_values_of(document, desk.turns.get(document.id.split("#")[0], ""), before),
    )


def _seen(rows: Sequence[Row], source: str, desk: Desk) -> list[Note]:
    """One note a person, with all that he or she read the text for."""
    by: dict[str, dict[str, None]] = {}
    for row in rows:
        by.setdefault(desk.user(row), {}).update(dict.fromkeys(row["seen"]))
    return [seen_note(tuple(families), source, user) for user, families in by.items()]


def _turns(document: Document, source: str, corpus: Corpus) -> list[Selection]:
    spans = (turn.span for turn in corpus.turns if turn.span.document == document.id)
    ends = dict.fromkeys(trimmed(document.text, span.start, span.end) for span in spans)
    return [Selection(turn_guid(source, start, end), start, end) for start, end in ends if start < end]


def _selections(source: str, rows: Sequence[Row], before: Source, desk: Desk) -> tuple[Selection, ...]:
    """A selection a passage, or as the project that came in had them; with everybody's codings on it."""
    found = {one.guid: one for one in before.selections}
    codings: dict[str, list[Applied]] = {}
    taken: set[str] = set()
    for row in rows:
        guid = row.get("selection") or guid_of("selection", source, row["start"], row["end"])
        found.setdefault(guid, Selection(guid, row["start"], row["end"]))
        codings.setdefault(guid, []).append(_applied(row, guid, taken, desk))
    return tuple(
        replace(one, codings=(*one.codings, *sorted(codings.get(guid, ()), key=lambda coding: coding.guid)))
        for guid, one in found.items()
    )


def _applied(row: Row, selection: str, taken: set[str], desk: Desk) -> Applied:
    """``taken`` are the GUIDs given so far: two codings that are alike stay two."""
    by, code = desk.user(row), desk.codes[row.get("code") or row["label"]]
    own = str(row.get("guid") or guid_of("coding", selection, code, by))
    if own in taken:
        own = guid_of("coding", own, len(taken))
    taken.add(own)
    told = note_of(_told(row), by)
    if told:
        desk.notes[told.guid] = told
    hung = [guid for guid in row.get("notes", ()) if not told or guid != told.guid]
    return Applied(own, code, by, str(row.get("at", "")), (*([told.guid] if told else []), *hung))


def _told(row: Row) -> Told:
    return Told(
        str(row.get("kind", HUMAN)),
        float(row.get("probability", 1.0)),
        row.get("fields") or {},
        str(row.get("why", "")),
        row.get("made") or {},
    )


def _values_of(document: Document, corrected: str, before: Source) -> dict[str, str]:
    whole = re.fullmatch(r"\d{4}-\d\d-\d\d", document.date)
    told = {
        "wave": document.wave,
        "date": document.date if whole else "",
        "when": "" if whole else document.date,
        "genre": document.genre,
        "language": document.language,
        "partner": document.partner or "",
        "speakers": json.dumps(document.speakers, ensure_ascii=False) if document.speakers else "",
        "turns": corrected,
    }
    ours = {variable(name) for name in told}
    theirs = {guid: value for guid, value in before.values.items() if guid not in ours}
    return {**theirs, **{variable(name): value for name, value in told.items() if value}}
