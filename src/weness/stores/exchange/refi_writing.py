"""A Project as REFI-QDA: code points, LF, no BOM, project.qde first, the same bytes for the same project."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lxml import etree

from weness.safekeeping import whole_file, whole_text
from weness.stores.exchange.project import (
    Applied,
    CannotExchange,
    Losses,
    Note,
    Project,
    ProjectCode,
    Selection,
    Set,
    Source,
    as_guid,
)
from weness.stores.exchange.standard import breaches, rules_of
from weness.stores.exchange.texts import in_file

PROJECT, CODEBOOK = "urn:QDA-XML:project:1.0", "urn:QDA-XML:codebook:1.0"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date of every part: a file says nothing of when it was written, so that two exports can be compared."""
ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
TYPES = ("Text", "Boolean", "Integer", "Float", "Date", "DateTime")


def write_project(project: Project, path: Path, told: Losses) -> None:
    """Writes a .qdpx, checked against the standard before it is handed over. Raises CannotExchange where it breaks it."""
    root = _Tree(PROJECT, told).project(project)
    _check(root)
    texts = {f"sources/{source.guid}.txt": source.text for source in project.sources if source.text is not None}

    def fill(draft: Path) -> None:
        with ZipFile(draft, "w", ZIP_DEFLATED) as package:
            _part(package, "project.qde", _bytes(root))
            for name in sorted(texts):
                _part(package, name, in_file(texts[name] or "").encode("utf-8"))

    whole_file(path, fill)


def write_codebook(codes: Iterable[ProjectCode], sets: Iterable[Set], origin: str, path: Path, told: Losses) -> None:
    """Writes a .qdc. A codebook has no memos: those that hang on codes stay behind and are told."""
    codes = tuple(codes)
    tree = _Tree(CODEBOOK, told)
    root = tree.element(None, "CodeBook", {"origin": origin})
    if any(code.notes for code in codes):
        told.lost(f"{sum(bool(code.notes) for code in codes)} codes have memos, which a codebook file cannot hold.")
    tree.codes(root, codes, notes=False)
    there = {code.guid for code in codes}
    kept = [(one, [guid for kind, guid in one.members if kind == "MemberCode" and guid in there]) for one in sets]
    if any(members for _, members in kept):
        below = tree.element(root, "Sets")
        for one, members in kept:
            group = tree.element(below, "Set", {"guid": one.guid, "name": one.name}, one.description)
            for guid in members:
                tree.element(group, "MemberCode", {"guid": guid})
    _check(root)
    whole_text(path, _bytes(root).decode("utf-8"))


class _Tree:
    """Builds one tree. Empty attributes are left out, characters that XML cannot hold are replaced and told."""

    def __init__(self, space: str, told: Losses) -> None:
        self.space, self.told, self._replaced = space, told, 0

    def element(self, above: Any, name: str, attributes: Mapping[str, str] | None = None, words: str = "") -> Any:
        tag = f"{{{self.space}}}{name}"
        one = etree.Element(tag, nsmap={None: self.space}) if above is None else etree.SubElement(above, tag)
        for key, value in (attributes or {}).items():
            if value != "":
                one.set(key, self.legal(value))
        if words:
            self.text(one, "Description", words)
        return one

    def text(self, above: Any, name: str, words: str) -> None:
        etree.SubElement(above, f"{{{self.space}}}{name}").text = self.legal(words)

    def legal(self, words: str) -> str:
        found = ILLEGAL.sub("\ufffd", words)
        if found != words:
            self.told.lost(f"Characters that XML cannot hold were replaced in {found[:40]!r}.")
        return found

    def project(self, project: Project) -> Any:
        root = self.element(
            None,
            "Project",
            {
                "name": project.name,
                "origin": project.origin,
                "creatingUserGUID": project.by,
                "creationDateTime": _legal("Project", "creationDateTime", project.at),
            },
        )
        if not project.name:
            root.set("name", "Project")
        users = self._list(root, "Users", project.users)
        for user in project.users:
            self.element(users, "User", {"guid": user.guid, "name": user.name, "id": user.id})
        if project.codes:
            self.codes(self.element(root, "CodeBook"), project.codes)
        variables = self._list(root, "Variables", project.variables)
        for one in project.variables:
            told = {"guid": one.guid, "name": one.name, "typeOfVariable": one.type if one.type in TYPES else "Text"}
            self.element(variables, "Variable", told, one.description)
        types = {one.guid: one.type for one in project.variables}
        self._cases(root, project, types)
        sources = self._list(root, "Sources", project.sources)
        for source in project.sources:
            self._source(sources, source, types)
        notes = self._list(root, "Notes", project.notes)
        for note in project.notes:
            self._note(notes, note)
        self._links(root, project)
        self._sets(root, project)
        if project.description:
            self.text(root, "Description", project.description)
        self._refs(root, "NoteRef", project.about)
        return root

    def codes(self, book: Any, codes: Iterable[ProjectCode], notes: bool = True) -> None:
        top = self.element(book, "Codes")
        codes = tuple(codes)
        there = {code.guid for code in codes}
        below: dict[str, list[ProjectCode]] = {}
        for code in codes:
            below.setdefault(code.parent if code.parent in there else "", []).append(code)

        def write(above: Any, parent: str) -> None:
            for code in below.get(parent, ()):
                told = {
                    "guid": code.guid,
                    "name": code.name,
                    "isCodable": str(code.codable).lower(),
                    "color": _legal("Code", "color", code.color),
                }
                one = self.element(above, "Code", told, code.description)
                if notes:
                    self._refs(one, "NoteRef", code.notes)
                write(one, code.guid)

        write(top, "")

    def _list(self, root: Any, name: str, things: Iterable[object]) -> Any:
        """A list element, where there is something to list: the standard allows no empty one."""
        return self.element(root, name) if tuple(things) else None

    def _source(self, above: Any, source: Source, types: Mapping[str, str]) -> None:
        path = f"internal://{source.guid}.txt" if source.text is not None else ""
        one = self.element(
            above,
            "TextSource",
            {"guid": source.guid, "name": source.name, "plainTextPath": path, **_made(source)},
            source.description,
        )
        for selection in sorted(source.selections, key=lambda it: (it.start, it.end, it.guid)):
            self._selection(one, selection)
        self._codings(one, source.whole)
        self._refs(one, "NoteRef", source.notes)
        self._values(one, source.values, types)

    def _selection(self, above: Any, selection: Selection) -> None:
        told = {
            "guid": selection.guid,
            "name": selection.name,
            "startPosition": str(selection.start),
            "endPosition": str(selection.end),
        }
        one = self.element(above, "PlainTextSelection", {**told, **_made(selection)}, selection.description)
        self._codings(one, selection.codings)
        self._refs(one, "NoteRef", selection.notes)

    def _codings(self, above: Any, codings: Iterable[Applied]) -> None:
        for coding in codings:
            one = self.element(above, "Coding", {"guid": coding.guid, **_made(coding)})
            self._refs(one, "CodeRef", (coding.code,))
            self._refs(one, "NoteRef", coding.notes)

    def _refs(self, above: Any, name: str, guids: Iterable[str]) -> None:
        for guid in guids:
            self.element(above, name, {"targetGUID": guid})

    def _values(self, above: Any, values: Mapping[str, str], types: Mapping[str, str]) -> None:
        for guid, value in values.items():
            one = self.element(above, "VariableValue")
            self._refs(one, "VariableRef", (guid,))
            kind = types.get(guid, "Text")
            self.text(one, f"{kind if kind in TYPES else 'Text'}Value", value)

    def _cases(self, root: Any, project: Project, types: Mapping[str, str]) -> None:
        cases = self._list(root, "Cases", project.cases)
        for case in project.cases:
            one = self.element(cases, "Case", {"guid": case.guid, "name": case.name}, case.description)
            self._refs(one, "CodeRef", case.codes)
            self._values(one, case.values, types)
            self._refs(one, "SourceRef", case.sources)
            self._refs(one, "SelectionRef", case.selections)

    def _note(self, above: Any, note: Note) -> None:
        one = self.element(above, "Note", {"guid": note.guid, "name": note.name, **_made(note)}, note.description)
        self.text(one, "PlainTextContent", note.text)

    def _links(self, root: Any, project: Project) -> None:
        links = self._list(root, "Links", project.links)
        for link in project.links:
            told = {
                "guid": link.guid,
                "name": link.name,
                "direction": _legal("Link", "direction", link.direction),
                "color": _legal("Link", "color", link.color),
                "originGUID": link.origin,
                "targetGUID": link.target,
            }
            self._refs(self.element(links, "Link", told), "NoteRef", link.notes)

    def _sets(self, root: Any, project: Project) -> None:
        sets = self._list(root, "Sets", project.sets)
        for one in project.sets:
            group = self.element(sets, "Set", {"guid": one.guid, "name": one.name or one.guid}, one.description)
            for kind in ("MemberCode", "MemberSource", "MemberNote"):
                self._refs(group, kind, [guid for member, guid in one.members if member == kind])


def _made(one: Any) -> dict[str, str]:
    return {"creatingUser": as_guid(one.by), "creationDateTime": _legal("Coding", "creationDateTime", one.at)}


def _legal(element: str, attribute: str, value: str) -> str:
    """The value, or "" where the standard knows none like it: an attribute that another program got wrong is left out."""
    _, pattern = rules_of("project")[element].attributes[attribute]
    return value if pattern and pattern.fullmatch(value.strip()) else ""


def _check(root: Any) -> None:
    found = breaches(root)
    if found:
        raise CannotExchange(
            f"What would be written breaks the standard: {found[0]} Nothing was written; please report it."
        )


def _bytes(root: Any) -> bytes:
    etree.indent(root, "  ")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8")) + b"\n"


def _part(package: ZipFile, name: str, data: bytes) -> None:
    info = ZipInfo(name, EPOCH)
    info.compress_type = ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    package.writestr(info, data)
