"""Files of JSON lines: one object a line, as persons and programs write and break them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """``row`` is None where the line holds no object; ``wrong`` then says why."""

    number: int
    row: dict[str, Any] | None
    wrong: str = ""


def lines_in(text: str) -> Iterator[Line]:
    """Every line that is not blank. Only LF ends a line: a row may quote other line ends."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield line_of(line, number)


def line_of(line: str, number: int = 1) -> Line:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        return Line(number, None, f"not JSON ({error.msg})")
    except RecursionError:
        return Line(number, None, "not JSON (nested too deeply)")
    except ValueError as error:
        # A number of thousands of digits, which Python refuses.
        return Line(number, None, f"not JSON ({error})")
    return (
        Line(number, row)
        if isinstance(row, dict)
        else Line(number, None, f"a row must be an object, this is {type(row).__name__}")
    )
