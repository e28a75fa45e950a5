"""A project for qualitative data analysis as the exchange standard sees it: what every program's file comes down to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid5

OURS = UUID("6b1f4a56-4f1c-5f0e-9a53-0f6d9f3a7b21")
"""The name space of the identities that weness gives: the same thing gets the same GUID in every export."""


def guid_of(*names: object) -> str:
    """The GUID of something of ours, by what it is called."""
    return str(uuid5(OURS, "\x1f".join(map(str, names))))


def as_guid(text: str) -> str:
    """A GUID as programs write it, with or without braces, in any case, as one canonical form; "" for what is none."""
    bare = text.strip().removeprefix("{").removesuffix("}").lower()
    return bare if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", bare) else ""


@dataclass(frozen=True, slots=True)
class User:
    guid: str
    name: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class ProjectCode:
    """``parent`` is the GUID of the code above, "" at the top."""

    guid: str
    name: str
    parent: str = ""
    description: str = ""
    color: str = ""
    codable: bool = True
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Applied:
    """A code put on something: REFI-QDA calls it a Coding. ``code``, ``by`` and ``notes`` are GUIDs; ``at`` is a date and time."""

    guid: str
    code: str
    by: str = ""
    at: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """Characters [start, end) of a source, and the codes put on them; often none.

    In a project as read, the positions are those of the file, whatever it counts (counting.py); once placed, they are
    Unicode code points of a text with LF line ends.
    """

    guid: str
    start: int
    end: int
    name: str = ""
    description: str = ""
    by: str = ""
    at: str = ""
    codings: tuple[Applied, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """``text`` is None where the file holds none. ``kind`` is Text, PDF, Picture, Audio or Video; ``whole`` are codes put on all
    of it, ``values`` maps the GUID of a variable to its value."""

    guid: str
    name: str
    text: str | None
    selections: tuple[Selection, ...] = ()
    kind: str = "Text"
    description: str = ""
    by: str = ""
    at: str = ""
    whole: tuple[Applied, ...] = ()
    notes: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Note:
    """A memo."""

    guid: str
    name: str
    text: str
    description: str = ""
    by: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Variable:
    """``type`` is Text, Boolean, Integer, Float, Date or DateTime."""

    guid: str
    name: str
    type: str = "Text"
    description: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """Somebody or something that texts, or parts of them, belong to. All but ``name`` and ``description`` are GUIDs."""

    guid: str
    name: str
    description: str = ""
    codes: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    selections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Set:
    """A group. ``members`` are (MemberCode, MemberSource or MemberNote, GUID)."""

    guid: str
    name: str
    description: str = ""
    members: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    guid: str
    name: str = ""
    origin: str = ""
    target: str = ""
    direction: str = ""
    color: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Project:
    """Everything of a project that weness can hold. ``origin`` is the program that wrote it, with its version."""

    name: str
    origin: str = ""
    description: str = ""
    by: str = ""
    at: str = ""
    users: tuple[User, ...] = ()
    codes: tuple[ProjectCode, ...] = ()
    variables: tuple[Variable, ...] = ()
    cases: tuple[Case, ...] = ()
    sources: tuple[Source, ...] = ()
    notes: tuple[Note, ...] = ()
    links: tuple[Link, ...] = ()
    sets: tuple[Set, ...] = ()
    about: tuple[str, ...] = ()
    """GUIDs of the notes on the project as a whole."""

    @property
    def selections(self) -> tuple[Selection, ...]:
        return tuple(selection for source in self.sources for selection in source.selections)

    @property
    def codings(self) -> tuple[Applied, ...]:
        on_texts = (coding for selection in self.selections for coding in selection.codings)
        return (*on_texts, *(coding for source in self.sources for coding in source.whole))

    @property
    def dangling(self) -> tuple[str, ...]:
        """GUIDs that codings point to, or that say who coded or what was noted, and that are nowhere in the project."""
        parts = (self.users, self.codes, self.sources, self.notes)
        there = {one.guid for part in parts for one in part}
        asked = [guid for coding in self.codings for guid in (coding.code, coding.by, *coding.notes) if guid]
        asked += [note for one in self.selections for note in one.notes]
        asked += [note for one in self.sources for note in one.notes]
        return tuple(dict.fromkeys(guid for guid in asked if guid not in there))


def user_names(users: Iterable[User]) -> dict[str, str]:
    """GUID -> the name of each as a coder: all but the first of a name get the beginning of their GUID behind it."""
    found: dict[str, str] = {}
    for user in users:
        tries = (user.name, f"{user.name} {user.guid[:4]}", f"{user.name} {user.guid}")
        found[user.guid] = next(name for name in tries if name not in found.values())
    return found


class CannotExchange(ValueError):
    """A project cannot be read or written; the message says which, and why, in a line or two. Nothing was changed."""


@dataclass
class Losses:
    """What was dropped, and what was put up with: the standard asks to tell it in as much detail as possible."""

    losses: list[str] = field(default_factory=list)
    tolerances: list[str] = field(default_factory=list)

    def lost(self, what: str) -> None:
        self.losses.append(what)

    def bore(self, what: str) -> None:
        if what not in self.tolerances:
            self.tolerances.append(what)
