"""Rows and pages carried from a text to the same text under other names, and back: places, words, remarks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from weness import library
from weness.coding.checks import FILE as CHECKS
from weness.coding.codebook import codebook_named
from weness.coding.items import FILE as ITEMS
from weness.coding.masks import Masked
from weness.coding.own_codes import FILE as CODES
from weness.json_lines import lines_in
from weness.reading.drafting import MADE
from weness.stores.exchange.memos import FILE as MEMOS
from weness.stores.pseudonyms.key import checksum
from weness.stores.store import write_rows

PAGES = (ITEMS, CODES)
KEPT = frozenset({"file", "start", "end", "kind", "seen"})
"""What a row says in the words of weness, not of a person."""
DRAWN = frozenset({"item", "stratum", "predicted"})
"""The same of a row of the check sample."""
NUMBER = re.compile(r"[0-9A-Fa-f]{12,}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
"""A GUID or a checksum, in which letters spell no name."""

Telling = Callable[[str], str]


class Unfit(ValueError):
    """A row that cannot be carried; the message says why."""


@dataclass(frozen=True, slots=True)
class Carried:
    """A text as it was, with the name it gets and itself under other names."""

    file: str
    before: str
    after: Masked

    def place(self, start: Any, end: Any, words: Any) -> tuple[int, int]:
        """Where a passage stands afterwards; what begins or ends within a name takes the whole name."""
        if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(self.before)):
            raise Unfit(f"characters {start} to {end} are not within the text.")
        if words is not None and self.before[start:end] != words:
            raise Unfit(f"the text has {self.before[start:end][:40]!r} at {start}, the row says {str(words)[:40]!r}.")
        return self.after.forth(start, end)


def carried_row(row: Mapping[str, Any], texts: Mapping[str, Carried], told: Telling) -> dict[str, Any]:
    """``told`` puts other names into the words of persons. Raises Unfit."""
    if "file" not in row and isinstance(row.get("texts"), Mapping):
        by_text = {"texts": _sums, "units": _units}
        return {
            name: by_text[name](value, texts)
            if name in by_text and isinstance(value, Mapping)
            else carried_page(value, told)
            for name, value in row.items()
        }
    if "file" not in row:
        files = {file: text.file for file, text in texts.items()}
        return {name: carried_page(value, lambda said: files.get(said) or told(said)) for name, value in row.items()}
    text = texts.get(str(row.get("file")))
    if text is None:
        raise Unfit(f"no document called {row.get('file')!r} is carried over.")
    kept = KEPT | DRAWN if "draw" in row else KEPT
    found = {name: value if name in kept else carried_page(value, told) for name, value in row.items()}
    found["file"] = text.file
    if "start" in row or "end" in row:
        words = row.get("text", row.get("mention"))
        start, end = text.place(row.get("start"), row.get("end"), words)
        found |= {"start": start, "end": end}
        found |= {name: text.after.text[start:end] for name in ("text", "mention") if row.get(name) is not None}
    return found


def _sums(sums: Mapping[str, Any], texts: Mapping[str, Carried]) -> dict[str, Any]:
    """Of which texts, by checksum, something was made: of the same, where it was made of them as they are now."""
    carried = ((texts[file], sum) for file, sum in sums.items() if file in texts)
    return {text.file: checksum(text.after.text) if sum == checksum(text.before) else sum for text, sum in carried}


def _units(units: Mapping[str, Any], texts: Mapping[str, Carried]) -> dict[str, Any]:
    """Where in which texts, by checksum, units of a check sample could be drawn."""
    by_sum = {checksum(text.before): text for text in texts.values()}
    found = {}
    for sum, there in units.items():
        if text := by_sum.get(sum):
            starts = {kind: [_begins(text, at) for at in places] for kind, places in dict(there).items()}
            found[checksum(text.after.text)] = starts
    return found


def _begins(text: Carried, at: Any) -> int:
    return text.place(at, at + 1 if isinstance(at, int) else at, None)[0]


def carried_page(page: Any, told: Telling) -> Any:
    """Every text of a page, keys too, with other names in it."""
    if isinstance(page, Mapping):
        return {told(str(name)): carried_page(value, told) for name, value in page.items()}
    if isinstance(page, list):
        return [carried_page(value, told) for value in page]
    return (
        told(page) if isinstance(page, str) and page not in codes_of_weness() and not NUMBER.fullmatch(page) else page
    )


@cache
def codes_of_weness() -> frozenset[str]:
    """Words of weness, not names, even where somebody is called Trust."""
    return frozenset(code.id for name in library.names("codebooks") for code in codebook_named(name).codes)


def coded_files(folder: Path) -> list[Path]:
    """Every .jsonl of a study that holds codings or checks, and its memos; no hidden ones, no links, nothing in a folder that weness writes."""

    def is_one(path: Path) -> bool:
        inner = path.relative_to(folder).parts
        hidden = any(part.startswith((".", "_", "~")) for part in inner) or any(part in MADE for part in inner[:-1])
        return (
            path.is_file()
            and not path.is_symlink()
            and not hidden
            and (path.name in (MEMOS, CHECKS) or _holds_rows(path))
        )

    return sorted(path for path in folder.rglob("*.jsonl") if is_one(path))


def _holds_rows(path: Path) -> bool:
    with path.open("rb") as rows:
        first = rows.readline(20_000)
    return b'"texts"' in first or (b'"file"' in first and (b'"start"' in first or b'"seen"' in first))


def pages_in(folder: Path) -> Iterator[tuple[str, Any]]:
    """The pages of a study that persons wrote beside their codings, by file name."""
    for name in PAGES:
        path = folder / name
        if path.is_file() and not path.is_symlink():
            yield name, library.parsed(path.read_text("utf-8"))


def rows_in(path: Path, notes: list[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line, row) for every row that is one; the others are noted."""
    for line in lines_in(path.read_text("utf-8")):
        if line.row is None:
            notes.append(f"{path.name}, line {line.number}: no row {{file, start, end, code, ...}}: left out.")
        else:
            yield line.number, line.row


def carry_rows(path: Path, to: Path, carry: Callable[[dict[str, Any]], dict[str, Any]], notes: list[str]) -> None:
    """A file of codings, row by row; those that do not fit are left out and noted."""
    found: list[Mapping[str, Any]] = []
    for number, row in rows_in(path, notes):
        try:
            found.append(carry(row))
        except Unfit as why:
            notes.append(f"{path.name}, line {number}: left out: {why}")
    write_rows(found, to)


def written_page(page: Any) -> str:
    """A page as YAML, short lists and rows on a line of their own."""
    import yaml

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return str(yaml.dump(page, Dumper=dumper, allow_unicode=True, sort_keys=False, width=200, default_flow_style=None))
