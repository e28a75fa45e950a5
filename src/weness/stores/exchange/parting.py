"""The codings of a project as rows of the study's files, and the project without them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from weness.coding.codings import HUMAN
from weness.coding.human import UNNAMED
from weness.stores.exchange.brought import Brought
from weness.stores.exchange.project import (
    Applied,
    Project,
    Selection,
    Source,
)
from weness.stores.exchange.provenance import Told, seen_in, told_in
from weness.stores.exchange.putting import Rows
from weness.stores.exchange.restoring import is_turn


def parted(
    project: Project,
    files: Mapping[str, str],
    codes: Mapping[str, str],
    users: Mapping[str, str],
    as_coder: str | None,
    brought: Brought,
) -> tuple[Rows, Project]:
    """The codings as rows of the study's files, and the project without them: what the ledger keeps."""
    notes = {note.guid: note for note in project.notes}
    how = {guid: told for guid, note in notes.items() if (told := told_in(note))}
    rows: Rows = {}
    sources = []
    for source in project.sources:
        file = files.get(source.guid)
        if file is None:
            sources.append(source)
            continue
        for guid in source.notes:
            if guid in notes and (families := seen_in(notes[guid])):
                by = as_coder or users.get(notes[guid].by, UNNAMED)
                rows.setdefault("seen", []).append({"file": file, "seen": list(families), "coder": by})
        kept = []
        for one in source.selections:
            left = []
            for coding in one.codings:
                if one.start == one.end or coding.code not in codes:
                    left.append(coding)
                    continue
                row = _row(source, file, one, coding, codes[coding.code], how)
                machine = "kind" in row
                row["coder"] = users.get(coding.by, UNNAMED) if machine or not as_coder else as_coder
                brought.coders[row["coder"]] += 1
                rows.setdefault("machine" if machine else "human", []).append(row)
            if not is_turn(source, one):
                kept.append(replace(one, codings=tuple(left)))
        sources.append(replace(source, selections=tuple(kept)))
    persons = {users.get(row_by, UNNAMED) for row_by in _persons(project, how)}
    if as_coder and len(persons) > 1:
        brought.told.bore(
            f"Codings of {len(persons)} persons ({', '.join(sorted(persons))}) came in as one, {as_coder}, as asked."
        )
    return rows, replace(project, sources=tuple(sources))


def _persons(project: Project, how: Mapping[str, Told]) -> set[str]:
    return {
        coding.by
        for coding in project.codings
        if not any(guid in how and how[guid].kind != HUMAN for guid in coding.notes)
    }


def _row(
    source: Source, file: str, one: Selection, coding: Applied, code: str, how: Mapping[str, Told]
) -> dict[str, Any]:
    told = next((how[guid] for guid in coding.notes if guid in how), Told())
    row: dict[str, Any] = {
        "file": file,
        "start": one.start,
        "end": one.end,
        "text": (source.text or "")[one.start : one.end],
        "code": code,
        "coder": "",
        "kind": told.kind,
        "probability": told.probability,
        "fields": dict(told.fields),
        "why": told.why,
        "made": dict(told.made),
        "guid": coding.guid,
        "selection": one.guid,
        "at": coding.at,
        "notes": [guid for guid in coding.notes if guid not in how],
    }
    usual = {"kind": HUMAN, "probability": 1.0, "why": "", "made": {}, "at": "", "notes": []}
    return {name: value for name, value in row.items() if name not in usual or value != usual[name]}
