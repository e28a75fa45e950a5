"""A study file as a page that can be written again: what weness understood of it, remarks and unknown keys left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from weness.reading.corpus import Document
from weness.reading.study_file import StudyFile
from weness.reading.study_rows import Entry
from weness.reading.study_writing import Page, study_page

MARK = "pseudonymised"
"""The key of a study file that says of which run of pseudonymise it is."""


def page_of(file: StudyFile, documents: Iterable[Document], named: Callable[[str], str]) -> Page:
    """``named`` gives the file name under which a document is written."""
    entries = {entry.file: entry for entry in file.documents}
    head = {"id": file.id, "name": file.name, "languages": list(file.languages), "aliases": list(file.aliases)}
    rows = []
    for one in documents:
        turns = entries[one.id if one.id in entries else one.id.rpartition("#")[0]].turns
        rows.append(
            Entry(named(one.id), one.wave, one.date, one.genre, one.language, one.partner, one.speakers, tuple(turns))
        )
    settings = {name: value for name, value in file.settings.items() if name != MARK}
    return study_page(head | {"invented": file.invented}, file.partners, file.speakers, file.waves, rows, settings)


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
