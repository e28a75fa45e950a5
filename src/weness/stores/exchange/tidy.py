"""Tables as files for R and pandas: CSV that a spreadsheet may open, Parquet that keeps every type and letter."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from weness.coding.sheets import safe_cell
from weness.safekeeping import whole_file

Cell = str | int | float | bool | None
Table = tuple[Sequence[str], Sequence[Sequence[Cell]]]
"""(names of the columns, rows)"""
NOTHING = "\x1f"
"""Stands for no value on the way to Parquet."""
NUMBERS = ("value", "low", "high", "_bound", "checks")
"""How the names of columns of numbers end."""
LONGEST = 50_000_000
"""Bytes of one row."""


def write_table(table: Table, path: Path, kind: str) -> None:
    """``kind`` is csv or parquet. What a spreadsheet would take for a formula gets an apostrophe in front in CSV alone."""
    whole_file(path, lambda draft: (_parquet if kind == "parquet" else _csv)(table, draft))


def _csv(table: Table, path: Path) -> None:
    head, rows = table
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows([_disarmed(cell) for cell in row] for row in rows)


def _disarmed(cell: Cell) -> object:
    """No formula, and no line end but LF: a lone CR would go unquoted and break the row."""
    safe = safe_cell(cell)
    return safe.replace("\r\n", "\n").replace("\r", "\n") if isinstance(safe, str) else safe


def _parquet(table: Table, path: Path) -> None:
    import duckdb

    head, rows = table
    types = {name: _type(name, (row[number] for row in rows)) for number, name in enumerate(head)}
    with tempfile.TemporaryDirectory(prefix=".weness-", dir=path.parent) as beside, duckdb.connect() as base:
        plain = Path(beside) / "rows.csv"
        _plain(rows, plain)
        base.execute("SET threads = 1")
        asked = {
            "header": "false",
            "auto_detect": "false",
            "parallel": "false",
            "columns": "{" + ", ".join(f"{_quoted(name)}: {_quoted(kind)}" for name, kind in types.items()) + "}",
            "delim": "','",
            "quote": "'\"'",
            "escape": "'\"'",
            "nullstr": _quoted(NOTHING),
            "allow_quoted_nulls": "false",
            "new_line": "'\\n'",
            "max_line_size": str(LONGEST),
        }
        options = ", ".join(f"{name} = {value}" for name, value in asked.items())
        base.execute(
            f"COPY (SELECT * FROM read_csv({_quoted(str(plain))}, {options})) TO {_quoted(str(path))} (FORMAT parquet)"
        )


def _plain(rows: Iterable[Sequence[Cell]], path: Path) -> None:
    """Every text in quotes, no value as a sign that is no text, so that an empty text and no value stay two things."""
    with path.open("w", encoding="utf-8", newline="") as file:
        for row in rows:
            cells = (NOTHING if cell is None else '"' + str(cell).replace('"', '""') + '"' for cell in row)
            file.write(",".join(cells) + "\n")


def _type(name: str, cells: Iterable[Cell]) -> str:
    kinds = {type(cell) for cell in cells if cell is not None}
    if not kinds and name.endswith(NUMBERS):
        return "DOUBLE"  # a column of numbers none of which is there stays one
    if kinds == {bool}:
        return "BOOLEAN"
    if kinds == {int}:
        return "BIGINT"
    return "DOUBLE" if kinds and kinds <= {int, float} else "VARCHAR"


def _quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"
