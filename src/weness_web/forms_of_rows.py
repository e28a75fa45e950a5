"""The lists of a study's page as tables: what each row shows, and the fields of the form that changes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from weness_web import grounds, services
from weness_web.models import Document
from weness_web.set_up import INTERVIEWER, KEY, Desk, as_line, as_list, lacks, sure
from weness_web.words import Words

Row = dict[str, Any]
COLUMNS = {
    "partners": ("name", "sector", "power", "aliases"),
    "speakers": ("name", "partner", "role", "aliases"),
    "waves": ("id", "from", "to", "event"),
    "documents": ("file", "wave", "date", "genre", "language", "partner", "speakers"),
}
"""What a table shows of its rows, in this order."""
FORMS = {
    "partners": ("name", "sector", "power", "aliases", "id"),
    "speakers": ("name", "partner", "asks", "role", "aliases", "id"),
    "waves": ("id", "from", "to", "event"),
    "documents": ("wave", "date", "genre", "language", "partner", "speakers", "encoding"),
}
MANY = {"documents": ("wave", "partner", "genre", "language"), "speakers": ("partner",)}
"""What can be set for several rows of a list at once."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. ``kind``: text, month, select, checks (several of the options) or check (yes or no)."""

    name: str
    kind: str
    value: Any
    options: tuple[tuple[str, str], ...] = ()
    is_new: bool = True


@dataclass(frozen=True, slots=True)
class Shown:
    """A row as its table shows it: (column, text) cells, and what its guess rests on ("" where somebody looked at it)."""

    kind: str
    key: str
    cells: tuple[tuple[str, str], ...]
    guess: str
    place: int | None = None
    lacks: bool = False

    @property
    def anchor(self) -> str:
        return f"{self.kind}-{services.short_name(self.key)}"


def tables(desk: Desk, w: Words) -> list[dict[str, Any]]:
    return [table(desk, kind, w) for kind in KEY]


def table(desk: Desk, kind: str, w: Words) -> dict[str, Any]:
    places = _places(desk) if kind == "documents" else {}
    rows = [_shown(desk, kind, row, w, places) for row in desk.page[kind] if row.get(KEY[kind])]
    right = [row for row in sure(desk) if row.startswith(f"{kind}/")]
    return {
        "kind": kind,
        "columns": COLUMNS[kind],
        "rows": rows,
        "n_right": len(right),
        "n_open": sum(bool(row.guess) for row in rows) - len(right),
        "many": [_field(desk, name, {}, w, is_new=False) for name in MANY.get(kind, ())],
    }


def shown(desk: Desk, kind: str, key: str, w: Words) -> Shown:
    return _shown(desk, kind, desk.row(kind, key), w, _places(desk) if kind == "documents" else {})


def form_of(desk: Desk, kind: str, key: str, w: Words) -> list[Field]:
    row = desk.row(kind, key) if key else {}
    return [_field(desk, name, row, w, is_new=not key) for name in FORMS[kind]]


def told_in(kind: str, sent: QueryDict) -> Row:
    """What a form says, as a row holds it."""
    row: Row = {}
    for name in FORMS[kind]:
        if name == "speakers":
            row[name] = sent.getlist(name)
        elif name == "aliases":
            row[name] = as_list(sent.get(name, ""))
        elif name == "asks":
            continue
        else:
            row[name] = " ".join(sent.get(name, "").split())
    if kind == "speakers" and sent.get("asks"):
        row["role"] = INTERVIEWER
    elif kind == "speakers" and row["role"] == INTERVIEWER:
        row["role"] = ""
    return row


def many_in(kind: str, sent: QueryDict) -> Row:
    """What is to be set for several rows: "-" says none, an empty field says nothing."""
    told = {name: sent.get(name, "") for name in MANY[kind]}
    return {name: "" if value == "-" else value for name, value in told.items() if value}


def _shown(desk: Desk, kind: str, row: Row, w: Words, places: Mapping[str, int]) -> Shown:
    key = str(row.get(KEY[kind]))
    cells = tuple((name, _cell(desk, name, row.get(name), w)) for name in COLUMNS[kind])
    ground = desk.guesses.get(f"{kind}/{key}", "")
    return Shown(kind, key, cells, grounds.said(ground, w) if ground else "", places.get(key), lacks(kind, row))


def _cell(desk: Desk, name: str, value: Any, w: Words) -> str:
    if name in ("sector", "genre", "power"):
        shelf = "common" if name != "power" else "setup"
        return w.or_same(f"{shelf}.{name}", value) if value not in (None, "", "unknown") else ""
    if name == "language":
        return w.or_same("common.language_name", value or "")
    if name == "partner":
        return _names(desk, "partners").get(str(value), str(value or "")) if value else ""
    if name == "role" and value == INTERVIEWER:
        return w("setup.asks")
    if name == "speakers":
        names = _names(desk, "speakers")
        return ", ".join(names.get(str(id), str(id)) for id in value or ())
    return as_line(value) if isinstance(value, list) else str(value or "")


def _field(desk: Desk, name: str, row: Row, w: Words, is_new: bool) -> Field:
    value = row.get(name)
    if name in ("from", "to"):
        return Field(name, "month", str(value or ""))
    if name == "aliases":
        return Field(name, "text", as_line(value or []))
    if name == "asks":
        return Field(name, "check", row.get("role") == INTERVIEWER)
    if name == "role":
        return Field(name, "text", "" if value == INTERVIEWER else str(value or ""))
    if name == "speakers":
        return Field(name, "checks", [str(id) for id in value or ()], tuple(_names(desk, "speakers").items()))
    options = _options(desk, name, w)
    kind = "select" if options is not None else "text"
    return Field(name, kind, str(value or ""), options or (), is_new)


def _options(desk: Desk, name: str, w: Words) -> tuple[tuple[str, str], ...] | None:
    if name == "partner":
        return tuple(_names(desk, "partners").items())
    if name == "wave":
        return tuple((id, id) for id in _names(desk, "waves"))
    legal = {
        "sector": services.SECTORS,
        "power": services.POWERS,
        "genre": services.GENRES,
        "language": services.LANGUAGES,
    }
    if name not in legal:
        return None
    return tuple((one, _cell(desk, name, one, w)) for one in legal[name])


def _names(desk: Desk, kind: str) -> dict[str, str]:
    return {str(row.get("id")): str(row.get("name") or row.get("id")) for row in desk.page[kind]}


def _places(desk: Desk) -> dict[str, int]:
    """File -> the place of its text, where it was read; of a mailbox, of its first message."""
    found: dict[str, int] = {}
    for file, place in (
        Document.objects.filter(study=desk.study, gone=False).order_by("place").values_list("file", "place")
    ):
        found.setdefault(file, place)
        found.setdefault(file.split("#")[0], place)
    return found
