"""A sheet of mentions for a person to label in any spreadsheet program, and the way back into the study."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from weness.coding.human import MENTIONS
from weness.coding.mention_features import Asked
from weness.json_lines import line_of
from weness.reading.corpus import Corpus
from weness.reading.guards import check_size
from weness.safekeeping import whole_file, whole_text

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
LETTERS = ", ".join(f"{letter} ({code.removeprefix('WE_').lower()})" for letter, code in SHORT.items())
AS_WRITTEN = {name: code for letter, code in SHORT.items() for name in (letter, code, code.removeprefix("WE_"))}
"""What a person may write for whom "we" means, in capitals -> its code."""
DASHES = re.compile("[\u00ad\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
QUOTES = re.compile("['\"`\u00b4\u00ab\u00bb\u2018-\u201f\u2039\u203a]")
UNSEEN = re.compile("[\u200b-\u200f\u2060\ufeff]")


class SheetError(ValueError):
    """The sheet holds something that cannot be used; the message names the row, and what there is."""


def write_sheet(corpus: Corpus, asked: Sequence[Asked], path: Path) -> None:
    """Columns as COLUMNS, the label empty: a person writes a code or its letter there. Opens in any spreadsheet program."""
    rows: list[Sequence[object]] = [COLUMNS]
    for one in asked:
        span = one.mention.span
        text = corpus.document(span.document).text
        before, after = text[max(0, span.start - AROUND) : span.start], text[span.end : span.end + AROUND]
        who = one.one.sentence.speaker or one.partner or ""
        words = [" ".join(piece.split()) for piece in (before, corpus.text(span), after)]
        rows.append(["", *map(safe_cell, words), who, span.document, span.start, span.end])
    write_csv(rows, path)


def write_csv(rows: Iterable[Sequence[object]], path: Path) -> None:
    """Marked as UTF-8, without which spreadsheet programs take it for something else."""

    def fill(draft: Path) -> None:
        with draft.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file, lineterminator="\r\n").writerows(rows)

    whole_file(path, fill)


def labels_from(path: Path, corpus: Corpus) -> list[dict[str, Any]]:
    """The labelled rows of a sheet (.csv or .xlsx), as rows of mentions.jsonl. Raises SheetError, naming the row."""
    found = []
    for number, row in enumerate(_rows(path), 2):
        label = row["label"].strip()
        if not label:
            continue
        code = AS_WRITTEN.get(plain(label).rstrip(".").upper())
        if code is None:
            raise SheetError(f"{path.name}, row {number}: no label {label!r}. There is: {LETTERS}.")
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
    whole_text(path, "".join(f"{line}\n" for line in [*stay, *told]))
    replaced = len(lines) - len(stay)
    return len(rows) - replaced, replaced


def _is_at(line: str, places: set[tuple[Any, Any]], coder: str) -> bool:
    """Whether a line of mentions.jsonl is this coder's label of one of these places; any other line stays as it is."""
    row = line_of(line).row
    if row is None or row.get("coder", "reader") != coder:
        return False
    return (row.get("file"), row.get("start")) in places


def _place(row: dict[str, str], number: int, path: Path, corpus: Corpus) -> dict[str, Any]:
    try:
        start, end = int(float(row["start"])), int(float(row["end"]))
        text = corpus.document(row["file"]).text
    except (ValueError, KeyError):
        raise SheetError(f"{path.name}, row {number}: file, start and end must stay as they were written.") from None
    words = text[start:end]
    if not words or not same_words(words, row["mention"]):
        raise SheetError(
            f"{path.name}, row {number}: {row['file']} has {words!r} there, the row says {row['mention']!r}."
        )
    return {"file": row["file"], "start": start, "end": end, "mention": words}


def sheet_in(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """The names of a sheet's columns (.csv or .xlsx) in small letters, and its rows by them. Raises SheetError."""
    check_size(path)
    table = _from_xlsx(path) if path.suffix.lower() == ".xlsx" else _from_csv(path)
    head = [plain(name).lower() for name in table[0]] if table else []
    return head, [dict(zip(head, [*row, *[""] * len(head)], strict=False)) for row in table[1:]]


def plain(said: str) -> str:
    """What a person or an office program wrote, with simple dashes and blanks and without quotes and unseen signs."""
    bare = QUOTES.sub("", UNSEEN.sub("", DASHES.sub("-", said)))
    return unicodedata.normalize("NFKC", bare).strip()


def same_words(one: str, other: str) -> bool:
    """By letters and digits alone: office programs change blanks, quotes and dashes."""
    return _letters(one) == _letters(other)


def _letters(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", text).casefold() if letter.isalnum())


def check_columns(path: Path, head: Sequence[str], needed: Iterable[str], usual: Sequence[str]) -> None:
    """Raises SheetError, naming the column that is missing or there twice, and what there is."""
    for name in needed:
        if head.count(name) > 1:
            raise SheetError(f"{path.name} has {head.count(name)} columns {name!r}. Which one is it? Leave one.")
        if name not in head:
            there = ", ".join(filter(None, head)) or "nothing"
            raise SheetError(f"{path.name} has no column {name!r}. A sheet has: {', '.join(usual)}. This has: {there}.")


def _rows(path: Path) -> list[dict[str, str]]:
    head, rows = sheet_in(path)
    check_columns(path, head, ("label", "mention", "file", "start", "end"), COLUMNS)
    return rows


def _from_csv(path: Path) -> list[list[str]]:
    """Programs write a sheet back with commas, semicolons or tabs, as the country has it."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")  # what a spreadsheet program in Europe calls "CSV"
    first = re.split("[\r\n]", text, maxsplit=1)[0]
    mark = max(",;\t", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    except csv.Error as error:
        raise SheetError(f"{path.name} is no readable sheet ({error}).") from None


def _from_xlsx(path: Path) -> list[list[str]]:
    from python_calamine import CalamineWorkbook

    try:
        rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    except Exception as error:
        raise SheetError(f"{path.name} is no readable workbook ({error}).") from None
    return [[_written(cell) for cell in row] for row in rows]


def _written(cell: object) -> str:
    """A workbook has floats alone: 3.0 was written as 3."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def safe_cell(cell: object) -> object:
    """A text that begins like a formula, in a way that a spreadsheet program takes for a text."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
