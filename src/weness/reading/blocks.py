"""Paragraphs, lines and tables on their way to plain text, the same for every format that has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

LAYOUT = 300
"""A table row with several paragraphs in a cell, and longer than this, is layout: its cells are read one after the other."""

LABEL_CELL = re.compile(r"[^\n|]{1,60}:")


@dataclass(slots=True)
class Page:
    """Text that grows by lines; ``apart`` puts a blank line before the next one."""

    lines: list[str] = field(default_factory=list)
    gap: bool = False

    def add(self, text: str, apart: bool = True) -> None:
        """A paragraph. Empty ones only part what stands around them."""
        if not text.strip():
            self.gap = True
            return
        if self.lines and (apart or self.gap):
            self.lines.append("")
        self.lines.append(text.rstrip())
        self.gap = apart

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip("\n")


def table_lines(rows: Iterable[Sequence[str]]) -> list[str]:
    """A table as lines: turns where it holds a transcript, else cells joined by bars."""
    from weness.reading.columns import turns_in

    filled = [row for row in rows if any(cell.strip() for cell in row)]
    turns = turns_in(filled)
    if turns is not None:
        return turns.lines
    return [line for row in filled for line in row_lines(row)]


def row_lines(row: Sequence[str]) -> list[str]:
    cells = [cell.strip() for cell in row]
    full = [cell for cell in cells if cell]
    if len(full) == 1 or ("\n" in "".join(full) and sum(map(len, full)) > LAYOUT):
        return full
    flat = [" ".join(cell.split()) for cell in cells]
    if len(full) == 2 and LABEL_CELL.fullmatch(full[0]):
        return [" ".join(cell for cell in flat if cell)]
    while flat and not flat[-1]:
        flat.pop()
    return [" | ".join(flat)]
