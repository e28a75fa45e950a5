"""A project into a study's folder: texts, codes, each person's codings as that person's; whole or not at all."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from weness.coding.codebook import codebook_named
from weness.coding.codings import HUMAN
from weness.coding.human import CODINGS, MENTIONS, UNNAMED
from weness.coding.own_codes import FILE as CODES
from weness.coding.own_codes import OwnCode, longer_codes, own_codes_in
from weness.reading.gathering import read_study
from weness.reading.study_file import CASE, NAME, as_id
from weness.stores.exchange.counting import Counting, Tried, counting_of, on_edges, placed
from weness.stores.exchange.ledger import FILE as LEDGER
from weness.stores.exchange.ledger import Ledger, joined, ledger_in, written_ledger
from weness.stores.exchange.memos import FILE as MEMOS
from weness.stores.exchange.memos import memo_rows
from weness.stores.exchange.names import FAMILIES, code_guid, family_guid
from weness.stores.exchange.project import (
    Applied,
    CannotExchange,
    Losses,
    Project,
    Selection,
    Source,
    guid_of,
    user_names,
)
from weness.stores.exchange.provenance import Told, seen_in, told_in
from weness.stores.exchange.putting import Rows, put, rows_of
from weness.stores.exchange.qdpx import Held
from weness.stores.exchange.refi_reading import dangling
from weness.stores.exchange.restoring import is_turn, means_in
from weness.stores.exchange.texts import file_names, same_text, why_no_document


@dataclass
class Brought:
    """What an import did: the report that the standard asks for. ``held`` counts what the file has, ``rows`` what is new here.

    ``documents`` names each source and the document it is, ``coders`` maps each coder to how many codings came in, ``placed``
    selections stand in a text, and ``off_edges`` are the words of those of them that begin or end within a word.
    """

    origin: str
    counting: str
    held: Held
    on_edges: int
    told: Losses
    tried: tuple[Tried, ...] = ()
    documents: list[tuple[str, str]] = field(default_factory=list)
    coders: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    codes_used: int = 0
    placed: int = 0
    off_edges: list[str] = field(default_factory=list)

    def as_row(self) -> dict[str, Any]:
        """For ``--report``."""
        tried = [
            {"counting": str(one.counting), "inside": one.inside, "on_word_edges": one.on_edges, "quoted": one.quoted}
            for one in self.tried
        ]
        return {
            "origin": self.origin,
            "counting": self.counting,
            "sources": self.held.sources,
            "codes": self.held.codes,
            "selections": self.held.selections,
            "codings": self.held.codings,
            "selections_on_word_edges": self.on_edges,
            "losses": self.told.losses,
            "tolerances": self.told.tolerances,
            "coders": dict(sorted(self.coders.items())),
            "documents": [{"source": name, "document": file} for name, file in self.documents],
            "rows_new_in_the_study": self.rows,
            "codes_used": self.codes_used,
            "selections_placed": self.placed,
            "off_word_edges": self.off_edges,
            "countings_tried": tried,
        }


def import_project(
    project: Project,
    held: Held,
    folder: Path,
    told: Losses,
    as_coder: str | None = None,
    asked: Counting | None = None,
    called: str = "",
) -> Brought:
    """Brings a project into ``folder``, which becomes a study where it is none. What is there already stays as it is.

    ``as_coder`` says whose the persons' codings are, ``asked`` how the file counts, where a person knows, ``called`` how
    that is told. Raises CannotExchange, with nothing changed, where the project cannot be taken in.
    """
    if folder.exists() and not folder.is_dir():
        raise CannotExchange(f"{folder} is a file; a study is a folder.")
    counting, tried = counting_of(project, asked)
    whole, outside = placed(project, counting)
    counted = any(source.text is not None and source.selections for source in project.sources)
    brought = Brought(
        project.origin or "unknown",
        (called or str(counting)) if counted else "nothing to count: no selection has a text",
        held,
        sum(on_edges(source.text or "", one.start, one.end) for source in whole.sources for one in source.selections),
        told,
        tried if counted else (),
    )
    brought.placed = len(whole.selections) - sum(len(one.selections) for one in whole.sources if one.text is None)
    brought.codes_used = len({coding.code for coding in project.codings})
    brought.off_edges = [
        (source.text or "")[one.start : one.end][:60]
        for source in whole.sources
        for one in source.selections
        if source.text is not None and not on_edges(source.text, one.start, one.end)
    ]
    missing = dangling(project)
    if missing:
        told.bore(f"{len(missing)} things that are pointed to are nowhere in the file (the first: {missing[0]}).")
    ledger, own = ledger_in(folder), own_codes_in(folder)
    files = _files(whole, folder, ledger, told)
    before = tuple(own)
    codes = _code_ids(whole, own, told)
    new = [code for id, code in own.items() if id not in before]
    users = _user_names(whole, ledger.project, as_coder, told)
    rows, kept = _parted(whole, files, codes, users, as_coder, brought)
    sources = tuple(replace(one, selections=(*one.selections, *outside.get(one.guid, ()))) for one in kept.sources)
    _tell_unplaced(whole, outside, told)
    unplaced = {one.guid for source in sources if source.guid not in files for one in source.selections}
    unplaced |= {one.guid for left in outside.values() for one in left}
    both = joined(ledger.project, replace(kept, sources=sources))
    # Memos are rows of their own; the ledger keeps what rows cannot hold.
    book = Ledger(replace(both, notes=()), {**ledger.files, **files}, ledger.unplaced | unplaced)
    pages = {LEDGER: written_ledger(book)} | ({CODES: longer_codes(folder, own, new)} if new else {})
    rows[MEMOS] = memo_rows(whole, files, codes, users)
    brought.documents = [(one.name, files[one.guid]) for one in whole.sources if one.guid in files]
    if rows.get("machine"):
        # What the machine had read: a text that joins the study later is coded by the study's own machine.
        rows["machine"].insert(
            0, {"texts": {files[one.guid]: _checksum(one) for one in whole.sources if one.guid in files}}
        )
    gone = _gone(folder, rows, set(files.values()))
    if gone:
        told.bore(
            f"{gone} codings of these persons in these texts are in the study and not in the file (any more): they stay."
        )
    brought.rows, changed = put(folder, whole, files, _documents(folder), pages, rows)
    for what, n in sorted(changed.items()):
        told.lost(f"{n} {what} are in the study already, with another place, code or words: the study keeps its own.")
    return brought


def _files(project: Project, folder: Path, ledger: Ledger, told: Losses) -> dict[str, str]:
    """Source -> its document: one that is there already, by its GUID or its words, or a new file."""
    texts: dict[str, str] = {}
    for one in project.sources:
        why = why_no_document(one.text) if one.text is not None else ""
        if why:
            told.lost(f"The source {one.name!r} is no document of the study: {why[0].lower()}{why[1:]}")
        elif one.text is not None:
            texts[one.guid] = one.text
    there = _documents(folder)
    known = {guid: ledger.files[guid] for guid in texts if guid in ledger.files}
    found = {guid: file for guid, file in known.items() if file in there or (folder / file).exists()}
    for guid, file in found.items():
        if there.get(file, texts[guid]) != texts[guid]:
            raise CannotExchange(
                f"{file} and the file's source of the same GUID have different words: codings would slide. "
                "Nothing was imported. Import it into a new study."
            )
    for guid, text in texts.items():
        same = None if guid in found else same_text(text, there, tuple(found.values()))
        if same:
            found[guid] = same
    return found | file_names(
        [(one.guid, one.name) for one in project.sources if one.guid in texts and one.guid not in found], folder
    )


def _gone(folder: Path, rows: Rows, files: set[str]) -> int:
    """How many codings that came from a project once, of the same persons in the same texts, this one lacks."""
    coders = {row["coder"] for row in rows.get("human", ())}
    here = {(row["guid"], row["coder"]) for row in rows.get("human", ())}
    before = [
        row
        for name in (MENTIONS, CODINGS)
        for row in rows_of(folder / name)
        if row.get("guid") and row.get("coder") in coders
    ]
    return sum(row.get("file") in files and (row["guid"], row["coder"]) not in here for row in before)


def _checksum(source: Source) -> str:
    return hashlib.sha256((source.text or "").encode("utf-8")).hexdigest()


def _documents(folder: Path) -> dict[str, str]:
    if not ((folder / NAME).is_file() or (folder / CASE).is_file()):
        return {}
    return {document.id: document.text for document in read_study(folder).documents}


def _code_ids(project: Project, own: dict[str, OwnCode], told: Losses) -> dict[str, str]:
    """GUID of a code -> its id in codings.jsonl. weness's codes are themselves, all others join the study's ``own``."""
    weness = {code.id for code in codebook_named().codes}
    found = {code_guid(id): id for id in weness} | {
        code.guid or guid_of("own code", code.id): code.id for code in own.values()
    }
    structure = {family_guid(family) for family in FAMILIES}
    names, meanings = Counter(code.name for code in project.codes), means_in(project)
    for code in project.codes:
        if code.guid in structure or code.guid in found:
            continue
        # "x" keeps a name without Latin letters from getting the id of a nameless study.
        plain = as_id(f"x {code.name}")[2:60].strip("_") or "code"
        id = next(id for id in (plain, f"{plain}_{code.guid[:4]}", f"{plain}_{code.guid}") if id not in own)
        means = str(meanings.get(code.guid, ""))
        if not means and code.name in weness and names[code.name] == 1:
            means = code.name
            told.bore(
                f"The code {means} is taken for weness's own, by its name; {CODES} says so: change it there if it is not."
            )
        own[id] = OwnCode(
            id, code.name, code.guid, found.get(code.parent, ""), code.description, code.color, means, code.codable
        )
        found[code.guid] = id
    for name, n in names.items():
        if n > 1:
            told.bore(f"{n} codes are called {name!r}: each stays itself, by its GUID.")
    return found


def _parted(
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


def _user_names(project: Project, before: Project, as_coder: str | None, told: Losses) -> dict[str, str]:
    """GUID -> name; users of one name stay apart, in the file and from those who are in the study already."""
    both = joined(before, project).users
    found = user_names(both)
    own = {user.guid for user in project.users}
    for name, n in Counter(user.name for user in both).items():
        others = [found[user.guid] for user in both if user.name == name and found[user.guid] != name]
        if n > 1 and own & {user.guid for user in both if user.name == name} and not as_coder:
            told.bore(
                f"{n} users are called {name!r}: all but the first are {', '.join(others[:3])} here. Are they one person, say so with --as."
            )
    return found


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


def _tell_unplaced(project: Project, outside: Mapping[str, Sequence[Selection]], told: Losses) -> None:
    empty = [
        one
        for source in project.sources
        if source.text is not None
        for one in source.selections
        if one.start == one.end and one.codings
    ]
    if empty:
        told.lost(
            f"{len(empty)} selections have no length (the first at {empty[0].start}): kept with their codes, not counted."
        )
    left = [one for selections in outside.values() for one in selections]
    if left:
        told.lost(
            f"{len(left)} selections lie outside their text (the first at {left[0].start}-{left[0].end}): kept with their codes, not counted."
        )
    whole = sum(len(source.whole) for source in project.sources)
    if whole:
        told.lost(f"{whole} codes are put on whole texts: kept, not counted, since weness codes passages.")
    codes = {code.guid for code in project.codes}
    nameless = sum(coding.code not in codes for coding in project.codings)
    if nameless:
        told.lost(f"{nameless} codings have a code that is not in the file: kept, not counted.")
