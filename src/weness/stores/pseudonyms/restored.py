"""A study under pseudonyms given its names back, with the key and never without; later codings come along."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from weness import library
from weness.coding.masks import replaced
from weness.reading.reader import CannotRead, narratives_in
from weness.reading.study_file import NAME, Entry, StudyFile, study_file
from weness.reading.study_writing import written_study
from weness.stores.pseudonyms.carrying import (
    Carried,
    carried_page,
    carried_row,
    carry_rows,
    coded_files,
    pages_in,
    written_page,
)
from weness.stores.pseudonyms.disguise import backwards
from weness.stores.pseudonyms.key import Key, KeyRefused, Replaced, Run, canonical, checksum, key_in
from weness.stores.pseudonyms.new_folder import check_places, write_text, written_whole
from weness.stores.pseudonyms.pseudonymised import ENDING
from weness.stores.pseudonyms.study_page import MARK


@dataclass(frozen=True, slots=True)
class Restored:
    """What was written where. ``refused`` are documents that were changed since, with why."""

    folder: Path
    texts: int
    refused: tuple[str, ...]
    notes: tuple[str, ...]


def restore(study: Path, key: Path | None, out: Path | None = None) -> Restored:
    """Writes the study with its names, letter by letter, to ``out``, beside the study unless named.

    Raises KeyRefused without a key or with another's, and where no text is as the key knows it; then nothing is written.
    """
    study = Path(study).resolve()
    if key is None:
        raise KeyRefused(f"The names of {study.name} are in its key alone: say where it is with --key.")
    out = Path(out or study.with_name(f"{study.name.removesuffix(ENDING)}-restored")).absolute()
    key = Path(key).absolute()
    check_places(study, out, key)
    file = study_file(study)
    known, run = _run_of(file, key)
    refused: list[str] = []
    texts = {entry.file: text for entry in file.documents if (text := _text(file, entry, run, refused))}
    if not texts:
        raise KeyRefused(f"{key} does not belong to {study.name}: no text is as it was. {' '.join(refused[:3])}")
    notes: list[str] = []
    with written_whole(out) as draft:
        for text in texts.values():
            write_text(text.after.text, draft / text.file)
        told = backwards(known.people, run.ids)
        _write_rows(file, draft, _remembered(run, lambda row: carried_row(row, texts, told)), run, notes)
        _write_pages(file, draft, _remembered(run, lambda page: carried_page(page, told)))
        page = _study_page(library.parsed(file.path.read_text("utf-8-sig")), run, texts, told)
        (draft / NAME).write_text(written_study(page), encoding="utf-8", newline="\n")
    return Restored(out, len(texts), tuple(refused), tuple(notes))


def summary(done: Restored) -> str:
    """What was done, for a person."""
    told = f"{done.texts} texts and their codings have their names back. The study is in {done.folder}"
    return told + (f"\nRefused: {len(done.refused)} texts, and the codings of them." if done.refused else "")


def _run_of(file: StudyFile, path: Path) -> tuple[Key, Run]:
    id = file.settings.get(MARK)
    if id is None:
        raise KeyRefused(f"{file.folder.name} is not pseudonymised: its {file.path.name} has no key {MARK!r}.")
    key = key_in(path)
    if str(id) not in key.runs:
        raise KeyRefused(
            f"{path} does not belong to {file.folder.name}: it is of the study {key.study!r} and knows no run {id}."
        )
    return key, key.runs[str(id)]


def _text(file: StudyFile, entry: Entry, run: Run, refused: list[str]) -> Carried | None:
    """One text with its names, or a reason why not: a text that was changed is never guessed at."""
    known: dict[str, Replaced] = {one.file: one for one in run.texts}
    try:
        told = narratives_in(file.path_of(entry), entry.encoding)[0].text
    except CannotRead as error:
        refused.append(str(error))
        return None
    if entry.file not in known:
        refused.append(f"{entry.file}: the key does not know this text; it came later.")
        return None
    one = known[entry.file]
    if checksum(told) != one.checksum:
        refused.append(
            f"{entry.file}: it was changed since it was pseudonymised, so its names have no places any more."
        )
        return None
    back = replaced(told, one.finds)
    if checksum(back.text) != one.before or _leads_out(one.was):
        refused.append(f"{entry.file}: the key was changed by hand where it speaks of this text.")
        return None
    return Carried(one.was, told, back)


def _leads_out(file: str) -> bool:
    path = PurePosixPath(file.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or re.match(r"[A-Za-z]:", file) is not None


def _remembered(run: Run, otherwise: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """What a row or page was before, where the key knows; else what it becomes."""
    left = {id: list(pages) for id, pages in run.pages.items()}

    def was(page: Any) -> Any:
        known = left.get(checksum(canonical(page)))
        then = otherwise(page)
        return json.loads(known.pop(0)) if known else then

    return was


def _write_rows(file: StudyFile, draft: Path, was: Callable[[Any], Any], run: Run, notes: list[str]) -> None:
    named = {file.path_of(entry).resolve() for entry in file.documents}
    for path in coded_files(file.folder):
        if path.resolve() not in named:
            inner = path.relative_to(file.folder).as_posix()
            name = run.ids.get(inner, inner)
            carry_rows(path, draft / (inner if _leads_out(name) else name), was, notes)


def _write_pages(file: StudyFile, draft: Path, was: Callable[[Any], Any]) -> None:
    for name, page in pages_in(file.folder):
        (draft / name).write_text(written_page(was(page)), encoding="utf-8", newline="\n")


def _study_page(page: Mapping[str, Any], run: Run, texts: Mapping[str, Carried], told: Callable[[str], str]) -> Any:
    """As it was, where nobody changed it; else as it is, with the names and rows of speakers from the key."""
    now = {name: value for name, value in page.items() if name != MARK}
    known = run.pages.get(checksum(canonical(now)))
    if known:
        before = json.loads(known[0])
        kept = {text.file for text in texts.values()}
        return {**before, "documents": [row for row in before["documents"] if row["file"] in kept]}
    was = {row["id"]: row for row in run.study["speakers"]}
    people = [_person(row, run, was, told) for row in now.get("speakers") or []]
    documents = [row for row in now.get("documents") or [] if str(row.get("file")) in texts]
    rows = [{**carried_page(row, told), "file": texts[str(row["file"])].file} for row in documents]
    rest = {name: carried_page(value, told) for name, value in now.items() if name not in ("speakers", "documents")}
    return {**{name: rest.get(name) for name in now}, "speakers": [one for one in people if one], "documents": rows}


def _person(row: Mapping[str, Any], run: Run, was: Mapping[str, Any], told: Callable[[str], str]) -> Any:
    id = run.ids.get(str(row.get("id")))
    known = was.get(id) if id else None
    rest = carried_page(dict(row), told)
    return {**rest, **{name: known[name] for name in ("name", "aliases") if name in known}} if known else rest
