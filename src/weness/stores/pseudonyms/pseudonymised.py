"""A study written anew with pseudonyms for names, before anything else is done with it; its key lies elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from weness.coding.checks import FILE as CHECKS
from weness.coding.human import CODINGS, MENTIONS
from weness.coding.kept import FILE as MACHINE
from weness.reading.encodings import decoded
from weness.reading.gathering import read_study
from weness.reading.study_file import NAME, StudyFile, study_file
from weness.reading.study_writing import written_study
from weness.stores.exchange.memos import FILE as MEMOS
from weness.stores.pseudonyms.carrying import carried_page, carried_row, carry_rows, coded_files, pages_in, written_page
from weness.stores.pseudonyms.disguise import (
    Disguise,
    backwards,
    disguise_of,
    file_names,
    finds_back,
    old_ids,
    turns_by_document,
    undone,
)
from weness.stores.pseudonyms.forms import forms_of
from weness.stores.pseudonyms.key import Key, Replaced, Run, canonical, checksum, key_in, write_key
from weness.stores.pseudonyms.new_folder import CannotPseudonymise, check_places, write_text, written_whole
from weness.stores.pseudonyms.overlooked import in_small_letters, left_behind, may_be_names, within_words
from weness.stores.pseudonyms.people import Hidden, names_listed
from weness.stores.pseudonyms.rereading import differences, misread, strangers
from weness.stores.pseudonyms.study_page import MARK, page_of, renamed

ENDING = "-pseudonymised"
"""Of the name of the new folder."""
OWN = frozenset({CODINGS, MENTIONS, MACHINE, CHECKS, MEMOS})
"""Files that have these names in every study."""


@dataclass(frozen=True, slots=True)
class Pseudonymised:
    """What was written where, and what to look at.

    ``names`` were replaced in ``places``. ``silent`` are speakers whom no text names, ``missing`` listed names that no
    text holds, ``left`` files that were not carried over, ``looks`` words that may be further names, with their counts,
    ``everyday`` names that were kept where they stand in small letters, ``within`` longer words in which a name still stands.
    """

    folder: Path
    key: Path
    names: int
    places: int
    silent: tuple[str, ...]
    missing: tuple[str, ...]
    left: tuple[str, ...]
    looks: tuple[tuple[str, int], ...]
    everyday: tuple[tuple[str, int], ...]
    within: tuple[tuple[str, int], ...]
    notes: tuple[str, ...]


def pseudonymise(
    study: Path, out: Path | None = None, key: Path | None = None, listed: Path | None = None
) -> Pseudonymised:
    """Writes the study under pseudonyms to ``out`` and its key to ``key``, both beside the study unless named.

    The new folder is called as the study, without the names in it. ``listed`` is a file with further names. Raises CannotPseudonymise, KeyRefused, or what reading the study raises;
    then nothing was written.
    """
    study = Path(study).resolve()
    key = Path(key or study.with_name(f"{study.name}.key.yaml")).absolute()
    if out is not None:
        check_places(study, out := Path(out).absolute(), key)
    file = study_file(study)
    if MARK in file.settings:
        raise CannotPseudonymise(
            f"{study.name} is pseudonymised already. Pseudonymise the study that it was made from."
        )
    corpus = read_study(study)
    if not corpus.documents:
        raise CannotPseudonymise(f"{study.name} has no narrative that can be read. `weness check` says why.")
    before = _key_for(file, key)
    names = names_listed(decoded(listed, listed.read_bytes()).text) if listed else ()
    its, prefix = disguise_of(file, corpus, before, names)
    if out is None:
        check_places(study, out := study.with_name(f"{its.forms.in_file_name(study.name)}{ENDING}"), key)
    notes: list[str] = [*corpus.notes]
    with written_whole(out) as draft:
        page, moved = _write_study(its, draft, notes)
        pages: dict[str, list[str]] = {}
        files = _write_codings(its, draft, pages, notes)
        back = page_of(file, corpus.documents, file_names(corpus, lambda name: name).__getitem__)
        texts = [(one.before, one.after.text) for one in its.texts.values()]
        id = checksum(canonical([page, texts, sorted(pages.items())]))[:16]
        pages.setdefault(checksum(canonical(page)), []).append(canonical(back))
        run = Run(_replaced(its), old_ids(its) | files, back, {name: tuple(rows) for name, rows in pages.items()})
        _write_page({MARK: id, **page}, draft / NAME)
        # First the key: a key without a study does no harm, a study without its key cannot be undone.
        write_key(Key(file.id, prefix, its.people, {**before.runs, id: run}), key)
    return replace(_found(its, names, out, key), notes=tuple(dict.fromkeys([*notes, *moved])))


def summary(done: Pseudonymised) -> str:
    """What was done and what to look at, for a person."""
    told = [f"{done.names} names in {done.places} places of the texts replaced. The study is in {done.folder}"]
    told.append(f"The key is in {done.key}: it undoes everything. Keep it apart from the study.")
    if done.silent:
        told.append(f"Speakers whom no text names: {', '.join(done.silent)}.")
    if done.missing:
        told.append(f"Listed, but not found in any text: {', '.join(done.missing)}.")
    if done.everyday:
        words = ", ".join(f"{word} ({times})" for word, times in done.everyday)
        told.append(f"Kept in small letters, where they may be everyday words, and replaced with a capital: {words}.")
    if done.left:
        told.append(f"Not carried over: {', '.join(done.left)}.")
    if done.within:
        shown = ", ".join(f"{word} ({times})" for word, times in done.within)
        told.append(f"WARNING: a name still stands within these words: {shown}. What gives somebody away, list whole.")
    if done.looks:
        shown = ", ".join(f"{word} ({times})" for word, times in done.looks)
        told.append(f"WARNING: look at these, they may be names: {shown}. If so, put them on a list: --list NAMES.txt")
    told.append(
        "Listed names were replaced; that is not anonymity. Who knows the partnership may still recognise people."
    )
    return "\n".join(told)


def _key_for(file: StudyFile, path: Path) -> Key:
    if not path.exists():
        return Key(file.id)
    key = key_in(path)
    if key.study != file.id:
        raise CannotPseudonymise(
            f"{path} is the key of the study {key.study!r}, not of {file.id!r}. Name another with --key."
        )
    return key


def _write_study(its: Disguise, draft: Path, notes: list[str]) -> tuple[dict[str, Any], list[str]]:
    """Texts and study.yaml, read again to see that everybody still says the same. The page, and what is read otherwise."""
    for text in its.texts.values():
        write_text(text.after.text, draft / text.file)
    page = _page(its)
    for attempt in (1, 2):
        _write_page(page, draft / NAME)
        again = read_study(draft)
        turns = turns_by_document(again)
        rows = {row["file"]: row for row in page["documents"]}
        mended = False
        for document in its.corpus.documents:
            wrong = misread(its, document, turns) if attempt == 1 else {}
            if wrong:
                row = rows[its.texts[document.id].file]
                row["turns"] = {**row.get("turns", {}), **wrong}
                mended = True
        if not mended:
            break
    return page, list(differences(its, again))


def _page(its: Disguise) -> dict[str, Any]:
    """study.yaml under pseudonyms."""
    files = {document: text.file for document, text in its.texts.items()}
    page = renamed(page_of(its.file, its.corpus.documents, str), its.ids, its.houses, files)
    hidden = {one.pseudonym.lower(): one.pseudonym for one in its.people}
    speakers = []
    for row in page["speakers"]:
        kept = {name: value for name, value in row.items() if name != "aliases"}
        told = {name: its.unnamed(value) for name, value in kept.items() if name in ("name", "role")}
        speakers.append({**kept, **told, **({"name": hidden[row["id"]]} if row["id"] in hidden else {})})
    documents = []
    for row in page["documents"]:
        turns = {its.unnamed(label): id for label, id in row.get("turns", {}).items()}
        documents.append({**row, "turns": turns} if turns else row)
    rest = {name: _but_ids(its, value) for name, value in page.items() if name not in ("speakers", "documents")}
    if isinstance(page.get("counts_first"), list):
        rest["counts_first"] = [its.told(str(coder)) for coder in page["counts_first"]]
    head = {**rest["study"], "id": its.forms.in_file_name(page["study"]["id"])}
    return {**rest, "study": head, "speakers": [*speakers, *strangers(its)], "documents": documents}


def _but_ids(its: Disguise, page: Any) -> Any:
    """Without names; partners and waves keep the ids by which they are called elsewhere."""
    if isinstance(page, list):
        return [_but_ids(its, row) for row in page]
    id = {"id": page["id"]} if isinstance(page, Mapping) and "id" in page else {}
    found = carried_page(page, its.unnamed)
    return {**found, **id} if id else found


def _write_page(page: Any, path: Path) -> None:
    comment = "Written by `weness pseudonymise`. The names are in a key that only its owner holds."
    path.write_text(written_study(page, comment), encoding="utf-8", newline="\n")


def _write_codings(its: Disguise, draft: Path, pages: dict[str, list[str]], notes: list[str]) -> dict[str, str]:
    """Rows and pages under pseudonyms, and new names of files to old ones.

    What could not be had back from the rows alone goes into ``pages``.
    """
    files = file_names(its.corpus, lambda name: name)
    back = backwards(its.people, old_ids(its))
    undo = {text.file: undone(its, document, files[document]) for document, text in its.texts.items()}

    became: dict[str, list[str]] = {}
    lost: set[str] = set()

    def carry(row: dict[str, Any]) -> dict[str, Any]:
        found = carried_row(row, its.texts, its.told)
        as_was = (
            {**row, "file": files[row["file"]]}
            if "file" in row
            else carried_page(row, lambda said: files.get(said, said))
        )
        id = checksum(canonical(found))
        became.setdefault(id, []).append(canonical(as_was))
        if canonical(carried_row(found, undo, back)) != canonical(as_was):
            lost.add(id)
        return found

    moved: dict[str, str] = {}
    read = {its.file.path_of(entry).resolve() for entry in its.file.documents}
    for path in coded_files(its.file.folder):
        inner = path.relative_to(its.file.folder).as_posix()
        if path.resolve() not in read:
            name = _row_file(its, inner, draft)
            carry_rows(path, draft / name, carry, notes)
            moved |= {name: inner} if name != inner else {}
    # Where several rows became alike, all of them are kept, so that each gets its own back.
    pages |= {id: rows for id, rows in became.items() if id in lost}
    for name, page in pages_in(its.file.folder):
        found = carried_page(page, its.told)
        pages.setdefault(checksum(canonical(found)), []).append(canonical(page))
        (draft / name).write_text(written_page(found), encoding="utf-8", newline="\n")
    return moved


def _row_file(its: Disguise, inner: str, draft: Path) -> str:
    """A file of rows without names in its name, and apart from those that are there."""
    path = PurePosixPath(inner)
    stem = path.stem if path.name in OWN else its.forms.in_file_name(path.stem)
    folder = "" if path.parent == PurePosixPath() else its.forms.in_file_name(str(path.parent))
    name, again = PurePosixPath(folder, f"{stem}{path.suffix}"), 1
    while (draft / name).exists():
        again += 1
        name = name.with_name(f"{stem} ({again}){path.suffix}")
    return str(name)


def _replaced(its: Disguise) -> tuple[Replaced, ...]:
    files = file_names(its.corpus, lambda name: name)
    return tuple(
        Replaced(text.file, files[id], checksum(text.after.text), checksum(text.before), tuple(finds_back(its, id)))
        for id, text in its.texts.items()
    )


def _found(its: Disguise, names: tuple[tuple[str, ...], ...], out: Path, key: Path) -> Pseudonymised:
    hit = Counter(whose for finds in its.finds.values() for _, _, whose in finds)
    speakers = {one.id for one in its.corpus.speakers}
    silent = tuple(one.names[0] for one in its.people if one.speaker in speakers and not hit[one.pseudonym])
    missing = tuple(name for line in names for name in line if not _is_named(its, name))
    looks, everyday = may_be_names(its, names), in_small_letters(its)
    left, within = left_behind(its), within_words(its, out)
    return Pseudonymised(out, key, len(hit), sum(hit.values()), silent, missing, left, looks, everyday, within, ())


def _is_named(its: Disguise, name: str) -> bool:
    alone = forms_of((Hidden("P01", (name,)),))
    return any(alone.finds_in(text.before) for text in its.texts.values())
