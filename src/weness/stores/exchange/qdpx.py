"""REFI-QDA files in and out: a packed project (.qdpx), a bare one (.qde), a codebook (.qdc)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from weness.reading.guards import MAX_UNPACKED, MEGABYTE, Package, check_size, xml_root
from weness.reading.reader import CannotRead
from weness.stores.exchange.project import CannotExchange, Losses, Project
from weness.stores.exchange.refi_reading import TextAt, Tree
from weness.stores.exchange.standard import ROOTS, breaches, name_of

TEXTS = (".txt", ".text")
SHOWN = 12
"""Breaches of the standard that are told one by one."""


@dataclass(frozen=True, slots=True)
class Held:
    """How much of everything a file holds, whether or not it can be taken over."""

    sources: int
    codes: int
    selections: int
    codings: int


def read_project(path: Path, losses: Losses) -> tuple[Project, Held]:
    """A project as its file has it: texts and positions in the file's own counting (counting.py places them).

    Raises CannotExchange, saying which file and why. Whatever was put up with, and whatever could not be taken over, is in
    ``losses``.
    """
    try:
        return _packed(path, losses) if path.suffix.lower() == ".qdpx" else _bare(path, losses)
    except CannotRead as error:
        raise CannotExchange(str(error)) from None


def _packed(path: Path, losses: Losses) -> tuple[Project, Held]:
    with path.open("rb") as stream:
        if stream.read(2) != b"PK":
            raise CannotExchange(f"{path.name}: a .qdpx is a packed file; this is not one.")
    with Package(path, ".qdpx", lambda name: name.lower().endswith((".qde", *TEXTS))) as package:
        names = [name for name in package.names if name.lower().endswith(".qde")]
        at_root = [name for name in names if "/" not in name]
        if len(at_root) != 1:
            there = ", ".join(names[:3]) or ", ".join(package.names[:3]) or "nothing"
            raise CannotExchange(f"{path.name}: a .qdpx holds one project.qde at its top; this one holds {there}.")
        if at_root[0] != "project.qde":
            losses.bore(f"The project within the file is called {at_root[0]}, not project.qde.")
        folded = {name.lower(): name for name in package.names}

        def text_at(asked: str) -> str | None:
            name = folded.get(f"sources/{_internal(asked, losses)}".lower()) or folded.get(
                _internal(asked, losses).lower()
            )
            if name is None:
                return None
            if not name.startswith("sources/"):
                losses.bore(f"The folder of the texts is called {name.rpartition('/')[0] or 'nothing'}, not sources.")
            return _decoded(package.part(name), name, losses)

        return _project(path, package.part(at_root[0]), at_root[0], text_at, losses)


def _bare(path: Path, losses: Losses) -> tuple[Project, Held]:
    """A .qde beside its folder of sources, as an unpacked project has it, or a .qdc, which has no texts."""
    if path.stat().st_size > MAX_UNPACKED:
        raise CannotExchange(f"{path.name}: {path.stat().st_size // MEGABYTE} MB are too many for a project's XML.")
    if path.stat().st_size == 0:
        raise CannotExchange(f"{path.name}: The file is empty.")
    home = path.parent.resolve()

    def text_at(asked: str) -> str | None:
        name = _internal(asked, losses)
        for found in (home / "sources" / name, home / "Sources" / name):
            if found.is_file() and found.resolve().is_relative_to(home):
                check_size(found)
                return _decoded(found.read_bytes(), name, losses)
        return None

    project, held = _project(path, path.read_bytes(), path.name, text_at, losses)
    if project.sources and all(one.text is None for one in project.sources):
        losses.bore(
            "The texts of a project are beside its .qde, or packed with it in a .qdpx: here are none. Export it as .qdpx."
        )
    return project, held


def _project(path: Path, data: bytes, name: str, text_at: TextAt, losses: Losses) -> tuple[Project, Held]:
    root = xml_root(path, data, name)
    if name_of(root) not in ROOTS:
        raise CannotExchange(
            f"{path.name}: it begins with {name_of(root)}; a project begins with Project, a codebook with CodeBook."
        )
    _tell_breaches(root, losses)
    return Tree(root, text_at, losses).project(), _held(root)


def _held(root: Any) -> Held:
    names = Counter(name_of(one) for one in root.iter("*"))
    selections = sum(n for name, n in names.items() if name.endswith("Selection"))
    sources = sum(n for name, n in names.items() if name.endswith("Source") and name != "MemberSource")
    return Held(sources, names["Code"], selections, names["Coding"])


def _tell_breaches(root: Any, losses: Losses) -> None:
    found = breaches(root)
    for what in found[:SHOWN]:
        losses.bore(f"Against the standard: {what}")
    if len(found) > SHOWN:
        losses.bore(f"Against the standard in {len(found) - SHOWN} more ways.")


def _internal(asked: str, losses: Losses) -> str:
    """The bare name of a text within the file. A path that leads elsewhere is never followed: texts come from the file alone."""
    scheme, _, rest = asked.rpartition("://")
    name = PurePosixPath(rest.replace("\\", "/")).name
    if scheme != "internal":
        kind = f"{scheme}:// path" if scheme else "path without internal://"
        losses.bore(f"A text has a {kind}: looked for within the file only.")
    elif name != rest:
        losses.bore("A text's path has folders in it: looked for by its name.")
    return name


def _decoded(data: bytes, name: str, losses: Losses) -> str:
    """Characters with BOM and line ends as they are: positions may count them."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    for encoding in ("utf-16", "cp1252"):
        if encoding == "utf-16" and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            continue
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        losses.bore(f"{name} is not UTF-8, as the standard asks: read as {encoding}.")
        return text
    raise CannotExchange(
        f"{name} is no text that can be read: neither UTF-8 nor UTF-16 nor Windows-1252. Nothing was imported."
    )
