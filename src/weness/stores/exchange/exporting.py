"""A study as a project for other programs: partners own their turns, waves are variables, every coder is a user."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from weness.coding.codebook import codebook_named
from weness.coding.codings import HUMAN, Coding
from weness.coding.human import UNNAMED, HumanCoder
from weness.coding.items import overrides_in
from weness.coding.own_codes import own_codes_in
from weness.reading.corpus import Corpus
from weness.reading.study_file import StudyFile, study_file
from weness.stores.exchange.cases import cases_of, is_ours
from weness.stores.exchange.ledger import Ledger, ledger_in
from weness.stores.exchange.memos import memos_in, notes_of, where
from weness.stores.exchange.names import STUDY, code_guid, codes_of, variables
from weness.stores.exchange.project import (
    Losses,
    Note,
    Project,
    ProjectCode,
    User,
    guid_of,
    user_names,
)
from weness.stores.exchange.sources import Desk, Row, source_of

PROVENANCE = (
    "with weness",
    "with codebook",
    "model",
    "prompts",
    "sent to",
    "replayed from",
    "names hidden",
    "encoder",
    "heads fitted on",
    "builtin model",
    "builtin learned from",
)
"""What a note on a machine's coding tells of how it was made; counts of a whole run stay in the report."""


def exported(
    folder: Path,
    corpus: Corpus,
    machine: Sequence[Coding],
    made: Mapping[str, Any],
    told: Losses,
    language: str = "en",
    origin: str = "weness",
) -> Project:
    """The whole study. ``machine`` are the codings of machines that count, ``made`` how they were made, ``origin`` who writes.

    Everybody's codings go, also where somebody else's count. What cannot go is in ``told``.
    """
    rows = [*_rows_of_persons(folder, corpus, told)]
    rows += [_machine_row(mark, made, origin.removeprefix("weness").strip()) for mark in machine]
    ledger, file, memos = ledger_in(folder), study_file(folder), memos_in(folder)
    codes, guids = _codes(folder, ledger, language)
    users = _users(rows, ledger)
    turns = {entry.file: json.dumps(dict(entry.turns), ensure_ascii=False) for entry in file.documents if entry.turns}
    desk = Desk(corpus, ledger, guids, users, turns)
    by_file: dict[str, list[Row]] = {}
    for row in rows:
        by_file.setdefault(row["file"], []).append(row)
    sources = {document.id: source_of(document, by_file.get(document.id, ()), desk) for document in corpus.documents}
    files = {id: source.guid for id, source in sources.items()}
    head = Note(guid_of("study", corpus.id), STUDY, _head(file, folder, guids))
    before, ours = ledger.project, {variable.guid for variable in variables()}
    project = replace(
        before,
        name=before.name or corpus.name,
        origin=origin,
        users=tuple(users.values()),
        codes=codes,
        variables=(*variables(), *(one for one in before.variables if one.guid not in ours)),
        cases=(*cases_of(corpus, files), *(one for one in before.cases if not is_ours(one))),
        sources=(*sources.values(), *(one for one in before.sources if one.guid not in files.values())),
        notes=(
            head,
            *sorted(desk.notes.values(), key=lambda note: note.guid),
            *notes_of(memos, {name: user.guid for name, user in users.items()}),
        ),
        about=(head.guid,),
    )
    return _hung(project, memos, guids, files)


def _rows_of_persons(folder: Path, corpus: Corpus, told: Losses) -> list[Row]:
    human = HumanCoder(folder)
    rows: list[Row] = list(human.rows(corpus, codebook_named()))
    for note in human.notes:
        told.lost(f"Not exported: {note}")
    return rows


def codes_in(folder: Path, language: str = "en") -> tuple[ProjectCode, ...]:
    """The codebook's codes and the study's own."""
    return _codes(folder, ledger_in(folder), language)[0]


def _codes(folder: Path, ledger: Ledger, language: str) -> tuple[tuple[ProjectCode, ...], dict[str, str]]:
    """All codes, and the GUID of each by its id in the study."""
    own = own_codes_in(folder)
    book = codes_of(codebook_named(), language)
    guids = {code.id: code_guid(code.id) for code in codebook_named().codes}
    guids |= {id: code.guid or guid_of("own code", id) for id, code in own.items()}
    theirs = tuple(
        ProjectCode(guids[id], code.name, guids.get(code.parent, ""), code.description, code.color, code.codable)
        for id, code in own.items()
    )
    return (*book, *theirs), guids


def _users(rows: Sequence[Row], ledger: Ledger) -> dict[str, User]:
    """Coder -> user; those of the project that came in keep their GUIDs."""
    names = user_names(ledger.project.users)
    known = {names[user.guid]: user for user in ledger.project.users}
    kinds = {str(row.get("coder", UNNAMED)): str(row.get("kind", HUMAN)) for row in rows}
    for name, kind in sorted(kinds.items()):
        id = "" if kind == HUMAN else f"machine: {kind}"
        known.setdefault(name, User(guid_of("coder", name, kind), name, id))
    return known


def _machine_row(mark: Coding, made: Mapping[str, Any], version: str) -> Row:
    told = {name: made[name] for name in PROVENANCE if made.get(name)}
    return {
        "file": mark.span.document,
        "start": mark.span.start,
        "end": mark.span.end,
        "code": mark.code,
        "coder": mark.coder,
        "kind": mark.kind,
        "probability": mark.probability,
        "fields": mark.fields,
        "why": mark.why,
        "made": {"with weness": version, "with codebook": _version(), **told},
    }


def _version() -> str:
    book = codebook_named()
    return f"{book.id} {book.version}"


def _head(file: StudyFile, folder: Path, guids: Mapping[str, str]) -> str:
    """What no variable holds: the study's own header, its waves, its settings, the joined items and what its codes mean."""
    import yaml

    means = {guids[id]: code.means for id, code in own_codes_in(folder).items() if code.means}
    page = {
        "study": {
            "id": file.id,
            "name": file.name,
            "languages": list(file.languages),
            "aliases": list(file.aliases),
            **({"invented": True} if file.invented else {}),
        },
        "waves": [{"id": one.id, "from": one.start, "to": one.end, "event": one.event} for one in file.waves],
        "settings": dict(file.settings),
        "items": dict(overrides_in(folder)),
        **({"means": means} if means else {}),
    }
    return str(yaml.safe_dump(page, allow_unicode=True, sort_keys=False, width=10_000)).rstrip("\n")


def _hung(project: Project, memos: Sequence[Row], codes: Mapping[str, str], sources: Mapping[str, str]) -> Project:
    """The project with every memo where it hangs."""
    places = where(memos)
    by_code = {codes.get(id, id): guids for id, guids in places["code"].items()}
    by_source = {sources.get(id, id): guids for id, guids in places["document"].items()}

    def with_notes(one: Any, more: Iterable[str]) -> Any:
        return replace(one, notes=tuple(dict.fromkeys((*one.notes, *more))))

    return replace(
        project,
        codes=tuple(with_notes(one, by_code.get(one.guid, ())) for one in project.codes),
        sources=tuple(
            replace(
                with_notes(one, by_source.get(one.guid, ())),
                selections=tuple(with_notes(it, places["selection"].get(it.guid, ())) for it in one.selections),
            )
            for one in project.sources
        ),
        about=tuple(dict.fromkeys((*project.about, *(guid for guids in places["study"].values() for guid in guids)))),
    )
