"""The XML of a REFI-QDA project or codebook in, a Project out: identity is the GUID, never the name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

from weness.stores.exchange.project import (
    Applied,
    CannotExchange,
    Case,
    Link,
    Losses,
    Note,
    Project,
    ProjectCode,
    Selection,
    Set,
    Source,
    User,
    Variable,
    as_guid,
    guid_of,
)
from weness.stores.exchange.standard import name_of

TextAt = Callable[[str], str | None]
"""A path of the file ("internal://GUID.txt") in, its text as it stands there out, or None where it is not in the file."""
DEEPEST = 100
"""Levels of codes; no codebook has more, and a file that has is no codebook."""


class Tree:
    """Reads one tree. Every GUID that something else may point to is unique, or the file is refused."""

    def __init__(self, root: Any, text_at: TextAt, losses: Losses) -> None:
        self.root, self.text_at, self.losses = root, text_at, losses
        self._taken: dict[str, str] = {}
        self._unnamed = count(1)

    def project(self) -> Project:
        root = self.root
        codebook = root if name_of(root) == "CodeBook" else _child(root, "CodeBook")
        codes = tuple(self._codes(_child(codebook, "Codes"), "", 1)) if codebook is not None else ()
        users = tuple(
            User(self._own(one, "user"), one.get("name") or one.get("id") or "unnamed", one.get("id", ""))
            for one in _below(root, "Users")
        )
        variables = tuple(
            Variable(self._own(one, "variable"), one.get("name", ""), one.get("typeOfVariable", "Text"), _words(one))
            for one in _below(root, "Variables")
        )
        project = Project(
            name=root.get("name") or "Project",
            origin=root.get("origin", ""),
            description=_words(root),
            by=as_guid(root.get("creatingUserGUID", "")),
            at=root.get("creationDateTime", ""),
            users=users,
            codes=codes,
            variables=variables,
            sources=tuple(source for one in _below(root, "Sources") for source in self._sources(one)),
            cases=tuple(self._case(one) for one in _below(root, "Cases")),
            notes=tuple(self._note(one) for one in _below(root, "Notes")),
            links=tuple(self._link(one) for one in _below(root, "Links")),
            sets=tuple(self._set(one) for one in _below(root, "Sets")),
            about=_refs(root, "NoteRef"),
        )
        if _below(root, "Graphs"):
            self.losses.lost(
                f"{_n(len(_below(root, 'Graphs')), 'network drawing')} not taken over; the links between things are."
            )
        return project

    def _own(self, element: Any, kind: str, strict: bool = True) -> str:
        """The GUID of a thing; a missing or broken one gets a new one, a doubled one of ``strict`` kinds refuses the file."""
        said, name = element.get("guid", ""), element.get("name") or ""
        guid = as_guid(said)
        if not guid:
            self.losses.bore(f"The {kind} {name[:40]!r} has no GUID that is one ({said[:40]!r}): it got a new one.")
            guid = guid_of("unnamed", kind, name, next(self._unnamed))
        elif guid in self._taken:
            if strict:
                raise CannotExchange(
                    f"Two things have the GUID {guid}: {self._taken[guid]} and the {kind} {name[:40]!r}. Nothing was imported."
                )
            self.losses.bore(f"The {kind} {name[:40]!r} has the GUID of {self._taken[guid]}: it got a new one.")
            guid = guid_of("doubled", guid, next(self._unnamed))
        self._taken[guid] = f"the {kind} {name[:40]!r}"
        return guid

    def _codes(self, above: Any, parent: str, depth: int) -> Iterator[ProjectCode]:
        if depth > DEEPEST:
            raise CannotExchange(f"Codes are nested more than {DEEPEST} deep. Nothing was imported.")
        for one in _children(above, "Code"):
            guid = self._own(one, "code")
            name = one.get("name", "")
            if not name.strip():
                self.losses.bore(f"The code {guid} has no name: it is called by its GUID.")
            yield ProjectCode(
                guid,
                name if name.strip() else guid,
                parent,
                _words(one),
                one.get("color", ""),
                one.get("isCodable", "true").strip().lower() not in ("false", "0"),
                _refs(one, "NoteRef"),
            )
            yield from self._codes(one, guid, depth + 1)

    def _sources(self, one: Any) -> Iterator[Source]:
        kind = name_of(one).removesuffix("Source")
        if kind == "Text":
            yield self._text_source(one, one, kind, one.get("name", ""))
            return
        name = one.get("name") or one.get("guid", "")
        what = "page images are" if kind == "PDF" else "file itself is"
        self.losses.lost(f"{_article(kind)} {name!r}: the {what} not taken over, weness reads texts.")
        drawn = [sub for sub in one if name_of(sub) == f"{kind}Selection"]
        if drawn:
            codings = sum(len(_children(sub, "Coding")) for sub in drawn)
            where = {"PDF": "areas of its pages", "Picture": "areas of it"}.get(kind, "stretches of time")
            self.losses.lost(
                f"{_article(kind)} {name!r}: {_n(len(drawn), 'selection')} with {_n(codings, 'coding')} on {where} cannot be placed in a text."
            )
        texts = [sub for sub in one if name_of(sub) in ("Representation", "TextDescription", "Transcript")]
        if not texts:
            guid = self._own(one, "source")
            yield Source(
                guid,
                name,
                None,
                (),
                kind,
                _words(one),
                as_guid(one.get("creatingUser", "")),
                one.get("creationDateTime", ""),
                self._applied(one),
                _refs(one, "NoteRef"),
                self._values(one),
            )
            return
        for number, sub in enumerate(texts):
            called = name if kind == "PDF" else sub.get("name") or name
            yield self._text_source(sub, one if number == 0 else sub, kind, called)

    def _text_source(self, text: Any, about: Any, kind: str, name: str) -> Source:
        """``text`` holds the words, ``about`` what is said of the source as a whole: the same element for a TextSource."""
        guid = self._own(text, "source")
        if about is not text:
            self._taken.setdefault(as_guid(about.get("guid", "")), f"the source {name[:40]!r}")
        return Source(
            guid=guid,
            name=name or guid,
            text=self._words_of(text, name),
            selections=tuple(self._selections(text, name)),
            kind=kind,
            description=_words(about),
            by=as_guid(about.get("creatingUser", "")),
            at=about.get("creationDateTime", ""),
            whole=self._applied(about),
            notes=_refs(about, "NoteRef"),
            values=self._values(about),
        )

    def _words_of(self, text: Any, name: str) -> str | None:
        content = _child(text, "PlainTextContent")
        path = text.get("plainTextPath")
        found = self.text_at(path) if path else None
        if found is None and content is not None:
            found = content.text or ""
        if found is None:
            n = len([one for one in text if name_of(one).endswith("Selection")])
            where = f"its text ({path}) is not in the file" if path else "it has no plain text"
            self.losses.lost(
                f"The source {name!r}: {where}" + (f"; {_n(n, 'selection')} in it cannot be placed." if n else ".")
            )
        return found

    def _selections(self, text: Any, name: str) -> Iterator[Selection]:
        points = {as_guid(one.get("guid", "")): one.get("position") for one in _children(text, "SyncPoint")}
        for one in text:
            kind = name_of(one)
            if kind == "PlainTextSelection":
                start, end = one.get("startPosition"), one.get("endPosition")
            elif kind == "TranscriptSelection":
                start, end = (points.get(as_guid(one.get(side, ""))) for side in ("fromSyncPoint", "toSyncPoint"))
            else:
                continue
            yield Selection(
                self._own(one, "selection", strict=False),
                self._number(start, name),
                self._number(end, name),
                one.get("name", ""),
                _words(one),
                as_guid(one.get("creatingUser", "")),
                one.get("creationDateTime", ""),
                self._applied(one),
                _refs(one, "NoteRef"),
            )

    def _number(self, said: str | None, name: str) -> int:
        try:
            return int(said or "")
        except ValueError:
            self.losses.bore(f"A position in {name!r} is no number ({said!r}).")
            return -1

    def _applied(self, one: Any) -> tuple[Applied, ...]:
        found = []
        for coding in _children(one, "Coding"):
            codes = _refs(coding, "CodeRef")
            if not codes:
                self.losses.lost("A coding names no code.")
                continue
            found.append(
                Applied(
                    self._own(coding, "coding", strict=False),
                    codes[0],
                    as_guid(coding.get("creatingUser", "")),
                    coding.get("creationDateTime", ""),
                    _refs(coding, "NoteRef"),
                )
            )
        return tuple(found)

    def _values(self, one: Any) -> dict[str, str]:
        found = {}
        for value in _children(one, "VariableValue"):
            refs = _refs(value, "VariableRef")
            said = next((sub.text or "" for sub in value if name_of(sub).endswith("Value")), None)
            if refs and said is not None:
                found[refs[0]] = said
        return found

    def _case(self, one: Any) -> Case:
        return Case(
            self._own(one, "case"),
            one.get("name", ""),
            _words(one),
            _refs(one, "CodeRef"),
            self._values(one),
            _refs(one, "SourceRef"),
            _refs(one, "SelectionRef"),
        )

    def _note(self, one: Any) -> Note:
        guid, name = self._own(one, "note"), one.get("name", "")
        if _children(one, "PlainTextSelection") or _children(one, "Coding"):
            self.losses.lost(f"The memo {name!r} is kept, codings on its own words are not.")
        return Note(
            guid,
            name,
            (self._words_of(one, name) or "").replace("\r\n", "\n").removeprefix("\ufeff"),
            _words(one),
            as_guid(one.get("creatingUser", "")),
            one.get("creationDateTime", ""),
        )

    def _link(self, one: Any) -> Link:
        return Link(
            self._own(one, "link"),
            one.get("name", ""),
            as_guid(one.get("originGUID", "")),
            as_guid(one.get("targetGUID", "")),
            one.get("direction", ""),
            one.get("color", ""),
            _refs(one, "NoteRef"),
        )

    def _set(self, one: Any) -> Set:
        # The codebook's own schema calls the attribute guid, the project's targetGUID.
        members = [
            (name_of(sub), as_guid(sub.get("targetGUID") or sub.get("guid") or ""))
            for sub in one
            if name_of(sub).startswith("Member")
        ]
        return Set(self._own(one, "set"), one.get("name", ""), _words(one), tuple(members))


def _children(element: Any, name: str) -> list[Any]:
    return [] if element is None else [child for child in element if name_of(child) == name]


def _child(element: Any, name: str) -> Any:
    return next(iter(_children(element, name)), None)


def _below(root: Any, name: str) -> list[Any]:
    """What a list of the project holds: the elements below Users, Cases, Sources ..."""
    found = _child(root, name)
    return [] if found is None else [child for child in found if isinstance(child.tag, str)]


def _words(element: Any) -> str:
    found = _child(element, "Description")
    return (found.text or "") if found is not None else ""


def _refs(element: Any, name: str) -> tuple[str, ...]:
    return tuple(guid for one in _children(element, name) if (guid := as_guid(one.get("targetGUID", ""))))


def _article(kind: str) -> str:
    return {"PDF": "The PDF", "Picture": "The picture", "Audio": "The recording", "Video": "The film"}.get(
        kind, "The source"
    )


def _n(number: int, word: str) -> str:
    return f"{number} {word}{'s' * (number != 1)}"
