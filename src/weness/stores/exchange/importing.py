"""A project into a study's folder: texts, codes, each person's codings as that person's; whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from weness.coding.human import CODINGS, MENTIONS
from weness.coding.own_codes import FILE as CODES
from weness.coding.own_codes import longer_codes, own_codes_in
from weness.stores.exchange.brought import Brought, look_at, tell_unplaced
from weness.stores.exchange.counting import Counting, counting_of, placed
from weness.stores.exchange.knowing import code_ids, documents_in, files_of, names_of_users
from weness.stores.exchange.ledger import FILE as LEDGER
from weness.stores.exchange.ledger import Ledger, joined, ledger_in, written_ledger
from weness.stores.exchange.memos import FILE as MEMOS
from weness.stores.exchange.memos import memo_rows
from weness.stores.exchange.parting import parted
from weness.stores.exchange.project import (
    CannotExchange,
    Losses,
    Project,
    Selection,
    Source,
)
from weness.stores.exchange.putting import Rows, put, rows_of
from weness.stores.exchange.qdpx import Held


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
    brought = Brought(project.origin or "unknown", "nothing to count: no selection has a text", held, 0, told)
    if any(source.text is not None and source.selections for source in project.sources):
        brought.counting, brought.tried = called or str(counting), tried
    look_at(whole, brought)
    missing = project.dangling
    if missing:
        told.bore(f"{len(missing)} things that are pointed to are nowhere in the file (the first: {missing[0]}).")
    ledger, own = ledger_in(folder), own_codes_in(folder)
    files = files_of(whole, folder, ledger, told)
    before = tuple(own)
    codes = code_ids(whole, own, told)
    new = [code for id, code in own.items() if id not in before]
    users = names_of_users(whole, ledger.project, as_coder, told)
    rows, kept = parted(whole, files, codes, users, as_coder, brought)
    tell_unplaced(whole, outside, told)
    pages = {LEDGER: written_ledger(_longer(ledger, kept, outside, files))}
    pages |= {CODES: longer_codes(folder, own, new)} if new else {}
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
    brought.rows, changed = put(folder, whole, files, documents_in(folder), pages, rows)
    for what, n in sorted(changed.items()):
        told.lost(f"{n} {what} are in the study already, with another place, code or words: the study keeps its own.")
    return brought


def _longer(
    ledger: Ledger, kept: Project, outside: Mapping[str, Sequence[Selection]], files: Mapping[str, str]
) -> Ledger:
    """The ledger with what this project holds beside codings. Memos are rows of their own."""
    sources = tuple(replace(one, selections=(*one.selections, *outside.get(one.guid, ()))) for one in kept.sources)
    unplaced = {one.guid for source in sources if source.guid not in files for one in source.selections}
    unplaced |= {one.guid for left in outside.values() for one in left}
    both = joined(ledger.project, replace(kept, sources=sources))
    return Ledger(replace(both, notes=()), {**ledger.files, **files}, ledger.unplaced | unplaced)


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
