"""Puts what an import brings into a study's folder: worked out beside it first, so that nothing is ever half imported."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from weness.coding.human import CODINGS, MENTIONS
from weness.coding.items import FILE as ITEMS
from weness.coding.kept import FILE as MACHINE
from weness.coding.reliability import LABELS
from weness.reading.drafting import draft
from weness.reading.study_file import CASE, NAME, study_file
from weness.reading.study_writing import row_of_entry, written_row
from weness.stores.memos import FILE as MEMOS
from weness.stores.project import CannotExchange, Project
from weness.stores.restoring import entry_of, items_in, study_of

Rows = dict[str, list[dict[str, Any]]]
"""What came in, by kind: "human", "machine", "seen", and memos.jsonl by its name."""


def put(folder: Path, project: Project, files: Mapping[str, str], pages: Mapping[str, str], rows: Rows) -> int:
    """Writes everything; how many rows are new. Raises CannotExchange where the study cannot take it in, and changes nothing."""
    texts = {
        files[one.guid]: one.text or ""
        for one in project.sources
        if one.guid in files and not (folder / files[one.guid]).exists()
    }
    written = {**pages, **texts}
    new = 0
    for name, added in _by_file(rows).items():
        lines, n = _appended(folder / name, added)
        new += n
        if n:
            written[name] = lines
    with tempfile.TemporaryDirectory(prefix=".weness-import-", dir=_ground(folder)) as beside:
        place = Path(beside)
        for name, text in written.items():
            (place / name).write_text(text, encoding="utf-8", newline="\n")
        study = _study(folder, place, project, files, texts)
        if study:
            (place / NAME).write_text(study, encoding="utf-8", newline="\n")
        items = items_in(project)
        if items and not (folder / ITEMS).exists():
            import yaml

            (place / ITEMS).write_text(yaml.safe_dump(items, allow_unicode=True, sort_keys=False), encoding="utf-8")
        folder.mkdir(parents=True, exist_ok=True)
        # The study file last: until it is there, nothing of this counts.
        for path in sorted(place.iterdir(), key=lambda path: path.name == NAME):
            path.replace(folder / path.name)
    return new


def _ground(folder: Path) -> Path:
    """The nearest folder that is there: renaming within one disk is what makes a write whole."""
    ground = folder if folder.is_dir() else folder.parent
    while not ground.is_dir():
        ground = ground.parent
    return ground


def _by_file(rows: Rows) -> dict[str, list[dict[str, Any]]]:
    """Whom "we" means goes to mentions.jsonl, in the words of that file; the rest to codings.jsonl."""
    found: dict[str, list[dict[str, Any]]] = {MENTIONS: [], CODINGS: list(rows.get("seen", ()))}
    for row in rows.get("human", ()):
        if row["code"] in LABELS:
            told = {
                "file": row["file"],
                "start": row["start"],
                "end": row["end"],
                "mention": row["text"],
                "label": row["code"],
            }
            found[MENTIONS].append(
                told | {name: value for name, value in row.items() if name not in ("text", "code", *told)}
            )
        else:
            found[CODINGS].append(row)
    return found | {MACHINE: rows.get("machine", []), MEMOS: rows.get(MEMOS, [])}


def _appended(path: Path, rows: Sequence[dict[str, Any]]) -> tuple[str, int]:
    """The lines of a file with those rows behind that it does not have yet: by GUID, or as they stand."""
    lines = [line for line in path.read_text("utf-8").split("\n") if line.strip()] if path.is_file() else []
    there = {_identity(line) for line in lines}
    new = [line for row in rows if (line := json.dumps(row, ensure_ascii=False)) and _identity(line) not in there]
    return "".join(f"{line}\n" for line in [*lines, *new]), len(new)


def _identity(line: str) -> str:
    try:
        row = json.loads(line)
    except ValueError:
        return line
    return str(row.get("guid") or line) if isinstance(row, dict) else line


def _study(folder: Path, place: Path, project: Project, files: Mapping[str, str], new: Mapping[str, str]) -> str | None:
    """The text of the study file, or None where it stays as it is."""
    if (folder / NAME).is_file() or (folder / CASE).is_file():
        return _longer(folder, project, files, new) if new else None
    if not new:
        return None
    return study_of(project, files) or draft(place, folder.resolve().name)


def _longer(folder: Path, project: Project, files: Mapping[str, str], new: Mapping[str, str]) -> str:
    """The study file with rows for the new documents behind those that are there; a person's own lines stay as they are."""
    file = study_file(folder)
    lines = file.path.read_text("utf-8").split("\n")
    begin = next((number for number, line in enumerate(lines) if line.startswith("documents:")), -1)
    if file.path.name != NAME or begin < 0 or lines[begin].split("#")[0].strip() != "documents:":
        raise CannotExchange(
            f"{len(new)} texts are not in the study, and {file.path.name} has no list 'documents:' to put them in "
            f"({', '.join(list(new)[:3])}). Import into a new study, or write the list with one row a line."
        )
    after = next((n for n in range(begin + 1, len(lines)) if lines[n] and lines[n][0] not in " -#"), len(lines))
    while not lines[after - 1].strip():
        after -= 1
    indent = next(
        (line[: len(line) - len(line.lstrip())] for line in lines[begin + 1 : after] if line.lstrip().startswith("- ")),
        "  ",
    )
    last = file.waves[-1].id if file.waves else ""
    added = []
    for source in project.sources:
        if files.get(source.guid) in new:
            row = dict(row_of_entry(entry_of(source, files[source.guid])))
            row["wave"] = row["wave"] or last
            added.append(
                f"{indent}{written_row(row).lstrip()}  # guess: brought by weness import; say wave, date, genre, partner and speakers"
            )
    return "\n".join([*lines[:after], *added, *lines[after:]])
