"""What of a project the study knows already: which text a source is, which code a code, which person a user."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from weness.coding.codebook import codebook_named
from weness.coding.own_codes import FILE as CODES
from weness.coding.own_codes import OwnCode
from weness.reading.gathering import read_study
from weness.reading.study_file import CASE, NAME, as_id
from weness.stores.exchange.ledger import Ledger, joined
from weness.stores.exchange.names import FAMILIES, code_guid, family_guid
from weness.stores.exchange.project import (
    CannotExchange,
    Losses,
    Project,
    guid_of,
    user_names,
)
from weness.stores.exchange.restoring import means_in
from weness.stores.exchange.texts import file_names, same_text, why_no_document


def files_of(project: Project, folder: Path, ledger: Ledger, told: Losses) -> dict[str, str]:
    """Source -> its document: one that is there already, by its GUID or its words, or a new file."""
    texts: dict[str, str] = {}
    for one in project.sources:
        why = why_no_document(one.text) if one.text is not None else ""
        if why:
            told.lost(f"The source {one.name!r} is no document of the study: {why[0].lower()}{why[1:]}")
        elif one.text is not None:
            texts[one.guid] = one.text
    there = documents_in(folder)
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


def documents_in(folder: Path) -> dict[str, str]:
    if not ((folder / NAME).is_file() or (folder / CASE).is_file()):
        return {}
    return {document.id: document.text for document in read_study(folder).documents}


def code_ids(project: Project, own: dict[str, OwnCode], told: Losses) -> dict[str, str]:
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


def names_of_users(project: Project, before: Project, as_coder: str | None, told: Losses) -> dict[str, str]:
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
