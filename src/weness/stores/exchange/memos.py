"""Memos: what somebody wrote beside a code, a passage, a text or the whole study."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from weness.json_lines import lines_in
from weness.stores.exchange.names import OWN_NOTES
from weness.stores.exchange.project import CannotExchange, Note, Project, as_guid

FILE = "memos.jsonl"


def memo_rows(
    project: Project, files: Mapping[str, str], codes: Mapping[str, str], users: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The project's notes as rows of memos.jsonl, each with what it hangs ``on``: {"code": id}, {"document": file}, ...

    ``users`` maps a GUID to a name.
    """
    on: dict[str, list[dict[str, str]]] = {}
    for guid, place in _places(project, files, codes):
        on.setdefault(guid, []).append(place)
    rows = []
    for note in project.notes:
        if note.name.startswith(OWN_NOTES):
            continue
        row = {
            "guid": note.guid,
            "name": note.name,
            "text": note.text,
            "description": note.description,
            "by": users.get(note.by, ""),
            "at": note.at,
            "on": on.get(note.guid, []),
        }
        rows.append({name: value for name, value in row.items() if value not in ("", [])})
    return rows


def memos_in(folder: Path) -> list[dict[str, Any]]:
    """The rows of the study's memos.jsonl. Raises CannotExchange, naming the line, where one is none."""
    path = folder / FILE
    if not path.is_file():
        return []
    rows = []
    for line in lines_in(path.read_text("utf-8")):
        guid = (line.row or {}).get("guid")
        if line.row is None or not isinstance(guid, str):
            raise CannotExchange(f"{FILE}, line {line.number}: no memo ({line.wrong or 'it has no guid'}).")
        rows.append({**line.row, "guid": as_guid(guid)})
    return rows


def where(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, list[str]]]:
    """Kind of thing ("code", "document", "selection", "study") -> thing -> GUIDs of the memos that hang on it."""
    found: dict[str, dict[str, list[str]]] = {kind: {} for kind in ("code", "document", "selection", "coding", "study")}
    for row in rows:
        for place in row.get("on", ()):
            for kind, thing in place.items():
                found.setdefault(kind, {}).setdefault(thing, []).append(row["guid"])
    return found


def notes_of(rows: Sequence[Mapping[str, Any]], users: Mapping[str, str]) -> tuple[Note, ...]:
    """The rows as notes again; ``users`` maps a name to its GUID."""
    return tuple(
        Note(
            row["guid"],
            row.get("name", ""),
            row.get("text", ""),
            row.get("description", ""),
            users.get(row.get("by", ""), ""),
            row.get("at", ""),
        )
        for row in rows
    )


def _places(
    project: Project, files: Mapping[str, str], codes: Mapping[str, str]
) -> Iterator[tuple[str, dict[str, str]]]:
    for guid in project.about:
        yield guid, {"study": project.name}
    for code in project.codes:
        for guid in code.notes:
            yield guid, {"code": codes.get(code.guid, code.guid)}
    for source in project.sources:
        for guid in source.notes:
            yield guid, {"document": files.get(source.guid, source.name)}
        for selection in source.selections:
            for guid in selection.notes:
                yield guid, {"selection": selection.guid}
            for coding in selection.codings:
                for guid in coding.notes:
                    yield guid, {"coding": coding.guid}
