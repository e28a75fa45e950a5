"""A study file as a page that can be written again: what weness understood of it, remarks and unknown keys left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from weness.reading.corpus import Document
from weness.reading.study_file import StudyFile

MARK = "pseudonymised"
"""The key of a study file that says of which run of pseudonymise it is."""


def study_page(file: StudyFile, documents: Iterable[Document], named: Callable[[str], str]) -> dict[str, Any]:
    """``named`` gives the file name under which a document is written."""
    entries = {entry.file: entry for entry in file.documents}
    head = {"id": file.id, "name": file.name, "languages": list(file.languages), "aliases": list(file.aliases)}
    rows = []
    for one in documents:
        turns = dict(entries[one.id if one.id in entries else one.id.rpartition("#")[0]].turns)
        told = {"file": named(one.id), "wave": one.wave, "date": one.date, "genre": one.genre, "language": one.language}
        rows.append(_told(told) | {"partner": one.partner, "speakers": list(one.speakers)} | _told({"turns": turns}))
    return {
        "study": _told(head | {"invented": file.invented}),
        "partners": [
            _told({"id": one.id, "name": one.name, "sector": one.sector, "power": one.power})
            | _told({"aliases": list(one.aliases)})
            for one in file.partners
        ],
        "speakers": [
            {"id": one.id, "name": one.name, "partner": one.partner}
            | _told({"role": one.role, "aliases": list(one.aliases)})
            for one in file.speakers
        ],
        "waves": [_told({"id": one.id, "from": one.start, "to": one.end, "event": one.event}) for one in file.waves],
        "documents": rows,
        **{name: value for name, value in file.settings.items() if name != MARK},
    }


def renamed(
    page: Mapping[str, Any], people: Mapping[str, str], houses: Mapping[str, str], files: Mapping[str, str]
) -> dict[str, Any]:
    """The page with other ids for speakers and partners, wherever they stand, and other names of files. The rest stays."""
    documents = []
    for one in page.get("documents") or []:
        turns = {label: people.get(id, id) for label, id in (one.get("turns") or {}).items()}
        speaking = [people.get(id, id) for id in one.get("speakers") or []]
        row = {**_housed(one, houses), "file": files.get(one["file"], one["file"]), "speakers": speaking}
        documents.append(row | ({"turns": turns} if turns else {}))
    speakers = [{**_housed(one, houses), "id": people.get(one["id"], one["id"])} for one in page.get("speakers") or []]
    partners = [{**one, "id": houses.get(one["id"], one["id"])} for one in page.get("partners") or []]
    return {**page, "partners": partners, "speakers": speakers, "documents": documents}


def _housed(row: Mapping[str, Any], houses: Mapping[str, str]) -> dict[str, Any]:
    of = row.get("partner")
    return {**row, "partner": houses.get(of, of) if of else None}


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value not in ("", None, [], {}, False)}
