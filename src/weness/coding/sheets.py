"""A sheet of mentions for a person to label in any spreadsheet program, and the way back into the study."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from weness.coding.human import MENTIONS
from weness.coding.mention_features import Asked
from weness.coding.reliability import LABELS
from weness.reading.corpus import Corpus
from weness.reading.guards import check_size

COLUMNS = ("label", "before", "mention", "after", "speaker", "file", "start", "end")
AROUND = 240
"""Characters of context on either side."""
SHORT = {
    "P": "WE_PARTNERSHIP",
    "O": "WE_OWN",
    "S": "WE_SUBGROUP",
    "T": "WE_SECTOR",
    "C": "WE_COMMUNITY",
    "G": "WE_GENERIC",
    "U": "WE_UNCLEAR",
}


class SheetError(ValueError):
    """The sheet holds something that cannot be used; the message names the row, and what there is."""


def write_sheet(corpus: Corpus, asked: Sequence[Asked], path: Path) -> None:
    """Columns as COLUMNS, the label empty: a person writes a code or its letter there. Opens in any spreadsheet program."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for one in asked:
            span = one.mention.span
            text = corpus.document(span.document).text
            before, after = text[max(0, span.start - AROUND) : span.start], text[span.end : span.end + AROUND]
            who = one.one.sentence.speaker or one.partner or ""
            words = [" ".join(piece.split()) for piece in (before, corpus.text(span), after)]
            rows.writerow(["", *map(safe_cell, words), who, span.document, span.start, span.end])


def labels_from(path: Path, corpus: Corpus) -> list[dict[str, Any]]:
    """The labelled rows of a sheet (.csv or .xlsx), as rows of mentions.jsonl. Raises SheetError, naming the row."""
    found = []
    for number, row in enumerate(_rows(path), 2):
        label = row["label"].strip()
        if not label:
            continue
        code = SHORT.get(label.upper(), label.upper())
        if code not in LABELS:
            known = ", ".join(f"{letter} ({code.removeprefix('WE_').lower()})" for letter, code in SHORT.items())
            raise SheetError(f"{path.name}, row {number}: no label {label!r}. There is: {known}.")
        found.append(_place(row, number, path, corpus) | {"label": code})
    if not found:
        raise SheetError(f"{path.name}: no label is filled in. Write a letter in the first column.")
    return found


def add_to_study(rows: Iterable[dict[str, Any]], folder: Path, coder: str) -> tuple[int, int]:
    """Puts labels into mentions.jsonl as the work of ``coder``; a mention of the same coder is replaced. (new, replaced)"""
    path = folder / MENTIONS
    lines = [line for line in path.read_text("utf-8").split("\n") if line.strip()] if path.is_file() else []
    rows = [{**row, "coder": coder} for row in rows]
    places = {(row["file"], row["start"]) for row in rows}
    stay = [line for line in lines if not _is_at(line, places, coder)]
    told = [json.dumps(row, ensure_ascii=False) for row in sorted(rows, key=lambda row: (row["file"], row["start"]))]
    draft = path.with_name(path.name + ".part")
    draft.write_text("".join(f"{line}\n" for line in [*stay, *told]), encoding="utf-8")
    draft.replace(path)
    replaced = len(lines) - len(stay)
    return len(rows) - replaced, replaced


def _is_at(line: str, places: set[tuple[Any, Any]], coder: str) -> bool:
    """Whether a line of mentions.jsonl is this coder's label of one of these places; any other line stays as it is."""
    try:
        row = json.loads(line)
    except ValueError:
        return False
    if not isinstance(row, dict) or row.get("coder", "reader") != coder:
        return False
    return (row.get("file"), row.get("start")) in places


def _place(row: dict[str, str], number: int, path: Path, corpus: Corpus) -> dict[str, Any]:
    try:
        start, end = int(float(row["start"])), int(float(row["end"]))
        text = corpus.document(row["file"]).text
    except (ValueError, KeyError):
        raise SheetError(f"{path.name}, row {number}: file, start and end must stay as they were written.") from None
    words = text[start:end]
    if not words or " ".join(words.split()) != row["mention"].lstrip("'"):
        raise SheetError(
            f"{path.name}, row {number}: {row['file']} has {words!r} there, the row says {row['mention']!r}."
        )
    return {"file": row["file"], "start": start, "end": end, "mention": words}


def rows_in(path: Path) -> list[dict[str, str]]:
    """The rows of a sheet (.csv or .xlsx), by the names of its columns in small letters. Raises SheetError."""
    check_size(path)
    table = _from_xlsx(path) if path.suffix.lower() == ".xlsx" else _from_csv(path)
    head = [name.strip().lower() for name in table[0]] if table else []
    return [dict(zip(head, [*row, *[""] * len(head)], strict=False)) for row in table[1:]]


def _rows(path: Path) -> list[dict[str, str]]:
    rows = rows_in(path)
    missing = [name for name in ("label", "mention", "file", "start", "end") if not rows or name not in rows[0]]
    if missing:
        raise SheetError(f"{path.name} has no column {missing[0]!r}. A sheet has: {', '.join(COLUMNS)}.")
    return rows


def _from_csv(path: Path) -> list[list[str]]:
    """Programs write a sheet back with commas, semicolons or tabs, as the country has it."""
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        text = path.read_text("cp1252", errors="replace")  # what a spreadsheet program in Europe calls "CSV"
    first = text.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    return list(csv.reader(text.splitlines(keepends=True), delimiter=mark))


def _from_xlsx(path: Path) -> list[list[str]]:
    from python_calamine import CalamineWorkbook

    try:
        rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    except Exception as error:
        raise SheetError(f"{path.name} is no readable workbook ({error}).") from None
    return [[str(cell) for cell in row] for row in rows]


def safe_cell(cell: object) -> object:
    """A text that begins like a formula, in a way that a spreadsheet program takes for a text."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
