"""A study as a project for other programs: partners own their turns, waves are variables, every coder is a user."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from weness.coding.codebook import codebook_named
from weness.coding.codings import HUMAN, Coding
from weness.coding.human import UNNAMED, HumanCoder
from weness.coding.items import overrides_in
from weness.coding.own_codes import own_codes_in
from weness.reading.corpus import Corpus, Document
from weness.reading.study_file import StudyFile, study_file
from weness.stores.exchange.ledger import Ledger, ledger_in
from weness.stores.exchange.memos import memos_in, notes_of, where
from weness.stores.exchange.names import STUDY, code_guid, codes_of, variable, variables
from weness.stores.exchange.project import (
    Applied,
    Case,
    Losses,
    Note,
    Project,
    ProjectCode,
    Selection,
    Source,
    User,
    guid_of,
    user_names,
)
from weness.stores.exchange.provenance import Told, note_of, seen_note
from weness.stores.exchange.restoring import trimmed, turn_guid

Row = Mapping[str, Any]
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
    human = HumanCoder(folder)
    rows: list[Row] = list(human.rows(corpus, codebook_named()))
    for note in human.notes:
        told.lost(f"Not exported: {note}")
    rows += [_machine_row(mark, made, origin.removeprefix("weness").strip()) for mark in machine]
    ledger = ledger_in(folder)
    codes, guids = _codes(folder, ledger, language)
    users = _users(rows, ledger)
    notes: dict[str, Note] = {}
    file = study_file(folder)
    turns = {entry.file: json.dumps(dict(entry.turns), ensure_ascii=False) for entry in file.documents if entry.turns}
    by_file: dict[str, list[Row]] = {}
    for row in rows:
        by_file.setdefault(row["file"], []).append(row)
    sources = [
        _source(
            document,
            by_file.get(document.id, ()),
            turns.get(document.id.split("#")[0], ""),
            corpus,
            ledger,
            guids,
            users,
            notes,
        )
        for document in corpus.documents
    ]
    lost = [one for one in ledger.project.sources if one.guid not in {source.guid for source in sources}]
    head = Note(guid_of("study", corpus.id), STUDY, _head(file, folder, guids), by="")
    memos = memos_in(folder)
    ours = {variable.guid for variable in variables()}
    project = Project(
        name=ledger.project.name or corpus.name,
        origin=origin,
        description=ledger.project.description,
        users=tuple(users.values()),
        codes=codes,
        variables=(*variables(), *(one for one in ledger.project.variables if one.guid not in ours)),
        cases=(*_cases(corpus, sources, file), *(one for one in ledger.project.cases if "kind" not in _named(one))),
        sources=(*sources, *lost),
        notes=(
            head,
            *sorted(notes.values(), key=lambda note: note.guid),
            *notes_of(memos, {name: user.guid for name, user in users.items()}),
        ),
        links=ledger.project.links,
        sets=ledger.project.sets,
        about=(head.guid,),
        by=ledger.project.by,
        at=ledger.project.at,
    )
    files = {document.id: source.guid for document, source in zip(corpus.documents, sources, strict=True)}
    return _hung(project, memos, guids, files)


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


def _source(
    document: Document,
    own: Sequence[Row],
    corrected: str,
    corpus: Corpus,
    ledger: Ledger,
    codes: Mapping[str, str],
    users: Mapping[str, User],
    notes: dict[str, Note],
) -> Source:
    before = ledger.source_of(document.id)
    guid = before.guid if before else guid_of("document", corpus.id, document.id)
    read = _seen([row for row in own if "seen" in row], guid, users)
    notes |= {note.guid: note for note in read}
    placed = _selections(guid, [row for row in own if "seen" not in row], before, codes, users, notes)
    own_turns = (turn.span for turn in corpus.turns if turn.span.document == document.id)
    ends = (trimmed(document.text, span.start, span.end) for span in own_turns)
    turns = [Selection(turn_guid(guid, start, end), start, end) for start, end in ends if start < end]
    there = {one.guid for one in placed}
    return Source(
        guid=guid,
        name=before.name if before else document.id,
        text=document.text,
        selections=(*placed, *(one for one in {one.guid: one for one in turns}.values() if one.guid not in there)),
        description=before.description if before else "",
        by=before.by if before else "",
        at=before.at if before else "",
        whole=before.whole if before else (),
        notes=tuple(note.guid for note in read),
        values=_values_of(document, corrected, before),
    )


def _seen(rows: Sequence[Row], source: str, users: Mapping[str, User]) -> list[Note]:
    """One note a person, with all that he or she read the text for."""
    by: dict[str, dict[str, None]] = {}
    for row in rows:
        by.setdefault(row.get("coder", UNNAMED), {}).update(dict.fromkeys(row["seen"]))
    return [seen_note(tuple(families), source, users[name].guid) for name, families in by.items()]


def _selections(
    source: str,
    rows: Sequence[Row],
    before: Source | None,
    codes: Mapping[str, str],
    users: Mapping[str, User],
    notes: dict[str, Note],
) -> tuple[Selection, ...]:
    """A selection a passage, or as the project that came in had them; with everybody's codings on it."""
    found: dict[str, Selection] = {one.guid: one for one in (before.selections if before else ())}
    codings: dict[str, list[Applied]] = {}
    taken: set[str] = set()
    for row in rows:
        guid = row.get("selection") or guid_of("selection", source, row["start"], row["end"])
        found.setdefault(guid, Selection(guid, row["start"], row["end"]))
        by = users[str(row.get("coder", UNNAMED))].guid
        code = codes[row.get("code") or row["label"]]
        own = str(row.get("guid") or guid_of("coding", guid, code, by))
        if own in taken:
            own = guid_of("coding", own, len(taken))
        taken.add(own)
        told = note_of(
            Told(
                str(row.get("kind", HUMAN)),
                float(row.get("probability", 1.0)),
                row.get("fields") or {},
                str(row.get("why", "")),
                row.get("made") or {},
            ),
            by,
        )
        if told:
            notes[told.guid] = told
        hung = tuple(guid for guid in row.get("notes", ()) if not told or guid != told.guid)
        codings.setdefault(guid, []).append(
            Applied(own, code, by, str(row.get("at", "")), ((told.guid, *hung) if told else hung))
        )
    return tuple(
        replace(one, codings=(*one.codings, *sorted(codings.get(guid, ()), key=lambda coding: coding.guid)))
        for guid, one in found.items()
    )


def _values_of(document: Document, corrected: str, before: Source | None) -> dict[str, str]:
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
    theirs = {guid: value for guid, value in (before.values if before else {}).items() if guid not in ours}
    return {**theirs, **{variable(name): value for name, value in told.items() if value}}


def _cases(corpus: Corpus, sources: Sequence[Source], file: StudyFile) -> tuple[Case, ...]:
    """Partners and speakers, each owning its turns and the texts it tells alone."""
    guids = {document.id: source.guid for document, source in zip(corpus.documents, sources, strict=True)}
    texts = {document.id: document.text for document in corpus.documents}
    partners: dict[int, set[str]] = {}
    for sentence in corpus.sentences:
        if sentence.partner:
            partners.setdefault(sentence.turn, set()).add(sentence.partner)
    of_partner: dict[str, dict[str, None]] = {}
    of_speaker: dict[str, dict[str, None]] = {}
    for number, turn in enumerate(corpus.turns):
        start, end = trimmed(texts[turn.span.document], turn.span.start, turn.span.end)
        guid = turn_guid(guids[turn.span.document], start, end)
        if start >= end:
            continue
        if turn.speaker:
            of_speaker.setdefault(turn.speaker, {})[guid] = None
        for partner in sorted(partners.get(number, ())):
            of_partner.setdefault(partner, {})[guid] = None
    found = []
    for one in corpus.partners:
        told = {
            "kind": "partner",
            "id": one.id,
            "sector": one.sector,
            "power": one.power,
            "aliases": _list(one.aliases),
        }
        told_alone = tuple(guids[document.id] for document in corpus.documents if document.partner == one.id)
        turns = tuple(of_partner.get(one.id, ()))
        found.append(
            Case(
                guid_of("partner", corpus.id, one.id),
                one.name,
                values=_case_values(told),
                sources=told_alone,
                selections=turns,
            )
        )
    for person in corpus.speakers:
        told = {
            "kind": "speaker",
            "id": person.id,
            "role": person.role,
            "of partner": person.partner or "",
            "aliases": _list(person.aliases),
        }
        turns = tuple(of_speaker.get(person.id, ()))
        found.append(
            Case(guid_of("speaker", corpus.id, person.id), person.name, values=_case_values(told), selections=turns)
        )
    return tuple(found)


def _list(words: Sequence[str]) -> str:
    return json.dumps(words, ensure_ascii=False) if words else ""


def _case_values(told: Mapping[str, str]) -> dict[str, str]:
    return {variable(name): value for name, value in told.items() if value}


def _named(case: Case) -> Mapping[str, str]:
    return {"kind": case.values[variable("kind")]} if variable("kind") in case.values else {}


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
