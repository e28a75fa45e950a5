"""What a study keeps of the projects it came from, so that they can go back as they came: GUIDs, cases, links, groups."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from weness.stores.exchange.project import CannotExchange, Project, Source

FILE = "exchange.json"
T = TypeVar("T")


@dataclass(frozen=True)
class Ledger:
    """``project`` without texts and without the codings that are rows of the study; ``files`` maps a source to its document.

    ``unplaced`` counts, in the project's selections, those whose text or place is missing: they keep the numbers they came with.
    """

    project: Project = field(default_factory=lambda: Project(""))
    files: Mapping[str, str] = field(default_factory=dict)
    unplaced: frozenset[str] = frozenset()

    def source_of(self, document: str) -> Source | None:
        return self._by_file().get(document)

    def _by_file(self) -> dict[str, Source]:
        return {self.files[one.guid]: one for one in self.project.sources if one.guid in self.files}


def ledger_in(folder: Path) -> Ledger:
    """The study's ledger, or an empty one. Raises CannotExchange where the file was broken."""
    path = folder / FILE
    if not path.is_file():
        return Ledger()
    try:
        page = json.loads(path.read_text("utf-8"))
        ledger = Ledger(_made(Project, page["project"]), dict(page["files"]), frozenset(page["unplaced"]))
        outside = [file for file in ledger.files.values() if not _is_within(file)]
        if outside:
            raise ValueError(f"{outside[0]!r} is no file of the study")
        return ledger
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CannotExchange(
            f"{path}: this is not the file that weness wrote ({error}). Put it back from a copy, or take it away."
        ) from None


def _is_within(file: str) -> bool:
    path = PurePosixPath(file.replace("\\", "/"))
    return not path.is_absolute() and ".." not in path.parts and not re.match(r"[A-Za-z]:", file)


def written_ledger(ledger: Ledger) -> str:
    bare = replace(ledger.project, sources=tuple(replace(one, text=None) for one in ledger.project.sources))
    page = {
        "project": _lean(asdict(bare)),
        "files": dict(sorted(ledger.files.items())),
        "unplaced": sorted(ledger.unplaced),
    }
    return json.dumps(page, ensure_ascii=False, indent=1) + "\n"


def joined(old: Project, new: Project) -> Project:
    """Two projects as one, thing by thing: what both have is as the new one has it, in the order of the old one."""
    parts: dict[str, Any] = {}
    for part in fields(Project):
        mine, theirs = getattr(old, part.name), getattr(new, part.name)
        if part.name == "sources":
            parts[part.name] = _sources(mine, theirs)
        elif isinstance(mine, tuple):
            parts[part.name] = _union(mine, theirs)
        else:
            parts[part.name] = mine or theirs
    return Project(**parts)


def _sources(mine: tuple[Source, ...], theirs: tuple[Source, ...]) -> tuple[Source, ...]:
    before = {one.guid: one for one in mine}
    told = []
    for one in theirs:
        old = before.get(one.guid)
        told.append(replace(one, selections=_union(old.selections, one.selections)) if old else one)
    return _union(mine, tuple(told))


def _union(mine: tuple[Any, ...], theirs: tuple[Any, ...]) -> tuple[Any, ...]:
    """By GUID; plain GUIDs are themselves."""
    found = {getattr(one, "guid", one): one for one in mine}
    found.update({getattr(one, "guid", one): one for one in theirs})
    return tuple(found.values())


def _lean(value: Any) -> Any:
    """Without what is empty: most fields of most things are."""
    if isinstance(value, dict):
        return {
            name: _lean(one) for name, one in value.items() if one is not True and one not in ("", None, (), [], {})
        }
    return [_lean(one) for one in value] if isinstance(value, list | tuple) else value


def _made(kind: type[T], row: Mapping[str, Any]) -> T:
    """A dataclass out of its row, with the dataclasses within it."""
    hints = get_type_hints(kind)
    given = {name: _value(hints[name], value) for name, value in row.items()}
    for name in ("text", "name"):
        if name in hints and name not in given:
            given[name] = "" if hints[name] is str else None
    return kind(**given)


def _value(hint: Any, value: Any) -> Any:
    if get_origin(hint) is tuple:
        inner = get_args(hint)
        if inner[-1] is Ellipsis:
            return tuple(_value(inner[0], one) for one in value)
        return tuple(value)
    return _made(hint, value) if is_dataclass(hint) and isinstance(hint, type) else value
