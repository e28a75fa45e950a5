"""A Taguette project (.sqlite3): its HTML documents as text, its byte offsets as positions, its command log as who coded."""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from weness.reading.reader import CannotRead
from weness.reading.webpages import BLOCKS
from weness.stores.exchange.project import (
    Applied,
    CannotExchange,
    Losses,
    Project,
    ProjectCode,
    Selection,
    Source,
    User,
    guid_of,
)
from weness.stores.exchange.qdpx import Held

SUFFIXES = (".sqlite3", ".sqlite", ".db")
COUNTING = "UTF-8 bytes of the text of Taguette's HTML, end exclusive"
CODES = UUID("51b2b2b7-27eb-4ecb-9d56-e75b0a0496c2")
"""Taguette's own name space for the GUIDs of a codebook, so that its .qdc and its .sqlite3 name the same codes."""
TABLES = ("projects", "documents", "highlights", "tags", "highlight_tags")
LARGEST = 500_000_000
"""Bytes of a database."""
LONGEST = 50_000_000
"""Bytes of one text in it."""
STEPS = 50_000_000
"""Of SQLite's machine: more than any honest project needs."""


def read_taguette(path: Path, told: Losses) -> tuple[Project, Held]:
    """A project with texts and positions as weness keeps them. Raises CannotExchange, saying what is wrong."""
    if path.stat().st_size > LARGEST:
        raise CannotExchange(f"{path.name}: {path.stat().st_size // 1_000_000} MB are too many for a Taguette project.")
    with path.open("rb") as stream:
        if stream.read(16) != b"SQLite format 3\0":
            raise CannotExchange(f"{path.name}: this is no SQLite database, so no Taguette project.")
    base = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    base.row_factory = sqlite3.Row
    base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
    steps = iter(range(STEPS // 1000))
    base.set_progress_handler(lambda: next(steps, None) is None, 1000)
    try:
        return _project(path, base, told)
    except (sqlite3.Error, IndexError, TypeError, AttributeError) as error:
        # A column that is missing, or holds what it should not, shows only in its rows.
        raise CannotExchange(f"{path.name}: the database is damaged or no Taguette project ({error}).") from None
    finally:
        base.close()


def _project(path: Path, base: sqlite3.Connection, told: Losses) -> tuple[Project, Held]:
    base.execute("PRAGMA trusted_schema = OFF")
    # A view may call anything; only plain tables are read.
    tables = {row["name"] for row in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    missing = [name for name in TABLES if name not in tables]
    if missing:
        raise CannotExchange(
            f"{path.name}: no Taguette project, it has no table {missing[0]!r}. It has: {', '.join(sorted(tables)[:8]) or 'none'}."
        )
    projects = list(base.execute("SELECT * FROM projects ORDER BY id"))
    if len(projects) != 1:
        names = ", ".join(repr(row["name"]) for row in projects[:6]) or "none"
        raise CannotExchange(
            f"{path.name}: it holds {len(projects)} projects ({names}). In Taguette, export the one you want as .sqlite3."
        )
    about, where = projects[0], str(projects[0]["created"])
    codes = {
        row["id"]: ProjectCode(str(uuid5(CODES, row["path"])), row["path"], "", row["description"])
        for row in base.execute("SELECT * FROM tags ORDER BY path")
    }
    who = _who(base, tables)
    alone = _members(base, tables)
    coded: dict[int, list[int]] = {}
    for row in base.execute("SELECT highlight_id, tag_id FROM highlight_tags ORDER BY tag_id"):
        coded.setdefault(row["highlight_id"], []).append(row["tag_id"])
    users: dict[str, User] = {}
    sources, selections, codings, misread = [], 0, 0, 0
    for row in base.execute("SELECT * FROM documents ORDER BY id"):
        guid = guid_of("taguette", about["name"], where, "document", row["id"], row["name"])
        text = _Text(path, row["contents"])
        own = []
        for mark in base.execute(
            "SELECT * FROM highlights WHERE document_id = ? ORDER BY start_offset, id", (row["id"],)
        ):
            by = who.get(mark["id"]) or alone
            user = users.setdefault(by, User(guid_of("taguette user", by), by)) if by else None
            name = guid_of(guid, "highlight", mark["id"])
            applied = tuple(
                Applied(guid_of(name, codes[tag].guid), codes[tag].guid, user.guid if user else "")
                for tag in coded.get(mark["id"], ())
                if tag in codes
            )
            place = text.placed(mark["start_offset"], mark["end_offset"])
            misread += place is not None and _bare(path, mark["snippet"]) != _squeezed(text.text[slice(*place)])
            start, end = place or (-1, -1)
            own.append(Selection(name, start, end, "", "", user.guid if user else "", "", applied))
            selections, codings = selections + 1, codings + len(applied)
        sources.append(Source(guid, row["name"], text.text, tuple(own), description=row["description"]))
    if not who:
        told.bore(
            "Taguette keeps no coder on a highlight, and its command log is not in the file: say whose they are with --as."
        )
    if misread:
        told.bore(
            f"{misread} highlights do not hold the words that Taguette noted for them: look at these before you rely on them."
        )
    project = Project(
        about["name"],
        "Taguette",
        about["description"],
        users=tuple(users.values()),
        codes=tuple(codes.values()),
        sources=tuple(sources),
    )
    return project, Held(len(sources), len(codes), selections, codings)


def _who(base: sqlite3.Connection, tables: set[str]) -> dict[int, str]:
    """Highlight -> who touched it last, by the command log."""
    if "commands" not in tables:
        return {}
    found = {}
    for row in base.execute("SELECT user_login, payload FROM commands ORDER BY id"):
        try:
            told: dict[str, Any] = json.loads(row["payload"])
        except (TypeError, ValueError):
            continue
        if isinstance(told, dict) and told.get("type") == "highlight_add":
            found[told.get("highlight_id", 0)] = str(row["user_login"])
    return found


def _members(base: sqlite3.Connection, tables: set[str]) -> str:
    """The one member of the project, where there is one."""
    if "project_members" not in tables:
        return ""
    names = [str(row["user_login"]) for row in base.execute("SELECT user_login FROM project_members")]
    return names[0] if len(names) == 1 else ""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of text as Taguette counts it (``bytes`` from its start) and as we keep it."""

    at: int
    here: int
    data: bytes

    @property
    def end(self) -> int:
        return self.at + len(self.data)


class _Text:
    """The text of an HTML document: Taguette counts the bytes of its words, we add the line ends that a browser shows."""

    def __init__(self, path: Path, html: str) -> None:
        self._pieces: list[_Piece] = []
        told: list[str] = []
        at = here = 0
        for words, counts in _words(path, html):
            if counts:
                self._pieces.append(_Piece(at, here, words.encode("utf-8")))
                at = self._pieces[-1].end
            elif not told or told[-1].endswith("\n"):
                continue
            told.append(words)
            here += len(words)
        self.text = "".join(told)

    def placed(self, start: int, end: int) -> tuple[int, int] | None:
        first, last = self._ours(start, after=True), self._ours(end, after=False)
        return None if first is None or last is None or first > last else (first, last)

    def _ours(self, byte: int, after: bool) -> int | None:
        """``after``: at the edge of two stretches the later one, where a passage begins."""
        find = bisect_right if after else bisect_left
        number = max(find(self._pieces, byte, key=lambda piece: piece.at) - 1, 0)
        if not self._pieces or not 0 <= byte <= self._pieces[-1].end:
            return None
        piece = self._pieces[number]
        return piece.here + len(piece.data[: byte - piece.at].decode("utf-8", "ignore"))


def _words(path: Path, html: str) -> Iterator[tuple[str, bool]]:
    """Stretches of words, in order, each with whether Taguette counts it; line ends at the end of blocks are ours."""
    from lxml import etree
    from lxml import html as pages

    try:
        root = pages.fragment_fromstring(
            html.replace("\r\n", "\n").replace("\r", "\n").lstrip() or "<p></p>", create_parent="div"
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise CannotRead(path, f"A document of it is broken ({error}).") from None
    for action, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if action == "start" and element.text:
            yield element.text, True
        if action == "end" and element.tag in BLOCKS | {"br"}:
            yield "\n", False
        if action != "start" and element.tail and element is not root:
            yield element.tail, True


def _bare(path: Path, snippet: str) -> str:
    return _squeezed("".join(words for words, counts in _words(path, snippet) if counts))


def _squeezed(words: str) -> str:
    """Letters alone: line ends are ours, and white space is Taguette's."""
    return "".join(words.split())
