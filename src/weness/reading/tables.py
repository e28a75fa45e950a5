"""Tables: .csv and .xlsx, read as turns where they hold a transcript, else row by row."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from weness.reading import guards
from weness.reading.blocks import row_lines
from weness.reading.columns import turns_in
from weness.reading.encodings import decoded
from weness.reading.reader import CannotRead, Narrative

DELIMITERS = (",", ";", "\t", "|")


def read_csv(path: Path, encoding: str | None = None) -> tuple[Narrative, ...]:
    found = decoded(path, path.read_bytes(), encoding)
    delimiter = _delimiter(path, found.text)
    rows = _rows(path, found.text, delimiter)
    text, how, warnings = rendered(rows)
    name = "tab" if delimiter == "\t" else delimiter
    return (
        Narrative("", text, f"Table with {name!r} between its cells; {found.how}; {how}.", found.warnings + warnings),
    )


def read_xlsx(path: Path, encoding: str | None = None) -> tuple[Narrative, ...]:
    """All sheets in their order. Cells as they are stored, formulas by their last result."""
    from python_calamine import CalamineWorkbook

    check_workbook(path)
    with _calm(path):
        book = CalamineWorkbook.from_filelike(BytesIO(path.read_bytes()))
        sheets = [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    parts: list[str] = []
    said: list[str] = []
    warnings: list[str] = []
    for name, values in sheets:
        rows = [row for row in ([_shown(value) for value in line] for line in values) if any(row)]
        if rows:
            text, how, warned = rendered(rows)
            parts.append(text)
            said.append(f"sheet {name!r}: {how}")
            warnings += warned
    return (Narrative("", "\n\n".join(parts), f"Excel workbook; {'; '.join(said)}.", tuple(warnings)),)


def rendered(rows: Sequence[Sequence[str]]) -> tuple[str, str, tuple[str, ...]]:
    """The text of a table, how it was read, and warnings."""
    turns = turns_in(rows)
    if turns is not None:
        return turns.text, f"read as turns ({turns.said})", turns.warnings
    lines = [line for row in rows for line in row_lines(row)]
    return "\n".join(lines), "no column of spoken words known by its name, so read row by row", ()


def _delimiter(path: Path, text: str) -> str:
    """The mark that gives the first lines the most even number of cells, more than one."""
    if path.suffix.lower() == ".tsv":
        return "\t"
    head = text[:65_536]
    scores = {}
    for mark in DELIMITERS:
        widths = [len(row) for row in csv.reader(StringIO(head, newline=""), delimiter=mark) if row][:20]
        usual = max(set(widths), key=lambda width: (widths.count(width), width)) if widths else 1
        scores[mark] = (usual > 1, widths.count(usual) / max(len(widths), 1), usual)
    return max(DELIMITERS, key=lambda mark: scores[mark])


def _rows(path: Path, text: str, delimiter: str) -> list[list[str]]:
    limit = csv.field_size_limit(max(len(text), 1))
    try:
        return [row for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True) if any(row)]
    except csv.Error as error:
        raise CannotRead(path, f"The table is broken ({error}): is a quotation mark left open?") from error
    finally:
        csv.field_size_limit(limit)


def _shown(value: Any) -> str:
    """A cell as a reader would write it: whole numbers without .0, moments in ISO."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, bool):
        return str(value).upper()
    return str(value).replace("\r\n", "\n").replace("\r", "\n").strip()


class _calm:
    """Calamine is Rust: what it throws in a panic is no Exception, and would end the whole run."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is None or isinstance(error, (KeyboardInterrupt, SystemExit, GeneratorExit, CannotRead)):
            return
        raise CannotRead(self.path, f"The workbook seems broken ({' '.join(str(error).split())[:200]}).") from error


def check_workbook(path: Path) -> None:
    """Two cells in far corners, or one long text used a million times, would need more memory than there is."""
    with guards.Package(path, ".xlsx") as package:
        shared = [0]
        if "xl/sharedStrings.xml" in package.names:
            strings = package.xml("xl/sharedStrings.xml")
            shared = [sum(len(text.text or "") for text in item.iter("{*}t")) for item in strings.iter("{*}si")]
        cells = letters = 0
        for name in package.names:
            if name.endswith((".xml", ".rels")) and name != "xl/sharedStrings.xml":
                root = package.xml(name)
                if name.startswith("xl/worksheets/"):
                    cells += _extent(root)
                    letters += _letters(root, shared)
    if cells > guards.MAX_CELLS:
        raise CannotRead(path, f"Its sheets span {cells:,} cells; {guards.MAX_CELLS:,} are read at most.")
    if letters > guards.MAX_UNPACKED:
        raise CannotRead(path, f"Its cells hold {letters:,} characters: refused.")


def _extent(sheet: Any) -> int:
    """How many cells lie in the smallest rectangle from the first corner that holds all."""
    rows = columns = count = 0
    for cell in sheet.iter("{*}c"):
        count += 1
        place = cell.get("r") or ""
        rows = max(rows, int("".join(filter(str.isdigit, place)) or 0))
        columns = max(columns, _column_number("".join(filter(str.isalpha, place))))
    for row in sheet.iter("{*}row"):
        number = row.get("r") or "0"
        rows = max(rows, int(number) if number.isdigit() else 0)
    return max(rows * max(columns, 1), count) if count else 0


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper()[:4]:
        number = number * 26 + ord(letter) - 64
    return number


def _letters(sheet: Any, shared: list[int]) -> int:
    total = 0
    for cell in sheet.iter("{*}c"):
        if cell.get("t") == "s":
            index = cell.findtext("{*}v") or ""
            total += shared[int(index)] if index.isdigit() and int(index) < len(shared) else 0
    return total
