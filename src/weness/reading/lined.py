"""A YAML page whose every value knows its line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

DEEPEST = 20
"""No honest study file nests deeper; a hostile one would exhaust the stack."""


class Unreadable(ValueError):
    """The page is no YAML that we accept; ``line`` says where (0: nowhere in particular)."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line
        self.what = what


@dataclass(frozen=True, slots=True)
class Lined:
    """One value: a text, a list, a mapping or nothing. Texts stay as written: ``no`` and ``2021-03`` are texts."""

    value: Any
    line: int
    quoted: bool = False

    @property
    def rows(self) -> list[Lined]:
        return self.value if isinstance(self.value, list) else []

    @property
    def keys(self) -> dict[str, Lined]:
        return self.value if isinstance(self.value, dict) else {}

    @property
    def text(self) -> str:
        return self.value.strip() if isinstance(self.value, str) else ""

    def at(self, key: str) -> Lined:
        """The value under a key, or nothing (at this line)."""
        return self.keys.get(key, Lined(None, self.line))

    def texts(self) -> list[Lined]:
        """The texts of a list; a lone text is a list of one."""
        return [row for row in (self.rows or [self]) if row.text]

    def plain(self) -> Any:
        """The value as Python sees it: numbers and truths too."""
        if isinstance(self.value, list):
            return [row.plain() for row in self.value]
        if isinstance(self.value, dict):
            return {key: row.plain() for key, row in self.value.items()}
        return self.value if self.quoted or self.value is None else _resolved(self.value)


def lined(text: str) -> Lined:
    """The tree of a page. Raises Unreadable on anchors, tabs, keys said twice and whatever else is no plain YAML."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _refuse_hostile(yaml.parse(text, Loader=loader))
        node = yaml.compose(text, Loader=loader)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, max(int(error.position), 0)) + 1
        raise Unreadable(line, f"A character that YAML does not allow: {_named(error.character)}.") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Unreadable(mark.line + 1 if mark else 0, _explained(error, text)) from None
    except yaml.YAMLError as error:
        raise Unreadable(0, " ".join(str(error).split())) from None
    return Lined(None, 1) if node is None else _tree(node)


def _refuse_hostile(events: Iterator[Any]) -> None:
    depth = 0
    for event in events:
        kind = type(event).__name__
        if kind == "AliasEvent" or getattr(event, "anchor", None):
            raise Unreadable(
                event.start_mark.line + 1,
                "YAML anchors and aliases (&name, *name) are not used here. If the text begins with & or *, quote it.",
            )
        depth += kind.endswith("StartEvent") - kind.endswith("EndEvent")
        if depth > DEEPEST:
            raise Unreadable(event.start_mark.line + 1, f"Nested more than {DEEPEST} levels deep.")


def _tree(node: Any) -> Lined:
    line = node.start_mark.line + 1
    if node.id == "sequence":
        return Lined([_tree(child) for child in node.value], line)
    if node.id == "mapping":
        return Lined(_mapping(node), line)
    nothing = not node.style and node.value in ("", "~", "null", "Null", "NULL")
    return Lined(None if nothing else node.value, line, quoted=bool(node.style))


def _mapping(node: Any) -> dict[str, Lined]:
    there: dict[str, Lined] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if key.id != "scalar":
            raise Unreadable(line, "A key must be a plain word.")
        if key.value in there:
            raise Unreadable(line, f"The key {key.value!r} is said twice (first in line {there[key.value].line}).")
        below = _tree(value)
        # A list or mapping is where its key stands, not where its first row does.
        there[key.value] = below if value.id == "scalar" else replace(below, line=line)
    return there


def _explained(error: Any, text: str) -> str:
    """The parser's complaint, led by the usual reason where the line shows it."""
    mark = error.problem_mark or error.context_mark
    lines = text.splitlines()
    row = lines[mark.line] if mark and mark.line < len(lines) else ""
    complaint = f"{error.problem or 'cannot be read'}" + (f" ({error.context})" if error.context else "")
    if "\t" in row[: len(row) - len(row.lstrip())] or row[mark.column : mark.column + 1] == "\t":
        return "A tab. YAML is indented with spaces only."
    if "mapping values are not allowed" in complaint:
        return f"A colon where none is expected: quote a text that has ': ' in it. The line: {row.strip()[:80]}"
    return f"Not valid YAML: {complaint}. A bracket, quote or comma may be missing here or just before."


def _named(character: Any) -> str:
    code = character if isinstance(character, int) else ord(str(character)[:1] or "\0")
    return f"U+{code:04X}"


def _resolved(text: str) -> Any:
    import datetime

    import yaml

    try:
        value = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        return text
    return text if isinstance(value, datetime.date | list | dict) else value
