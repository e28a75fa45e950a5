"""How a coding was made, as a note that any program carries along: who or what, how sure, by which model, with what fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from weness import library
from weness.coding.codings import HUMAN
from weness.stores.exchange.names import HOW, SEEN
from weness.stores.exchange.project import Note, guid_of


@dataclass(frozen=True, slots=True)
class Told:
    """What such a note says. ``made`` holds model, version, prompt hash and the like of a machine."""

    kind: str = HUMAN
    probability: float = 1.0
    fields: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""
    made: Mapping[str, Any] = field(default_factory=dict)


def note_of(told: Told, by: str) -> Note | None:
    """The note, or None where there is nothing to tell. Notes with the same words of the same coder are one note."""
    page: dict[str, Any] = {}
    if told.kind != HUMAN:
        page |= {"kind": told.kind, "probability": round(told.probability, 4), "made": dict(told.made)}
    page |= {name: value for name, value in (("why", told.why), ("fields", dict(told.fields))) if value}
    if not page:
        return None
    text = _written(page)
    guid = guid_of("how", by, text)
    return Note(guid, f"{HOW} {guid[:6]}", text, by=by)


def told_in(note: Note) -> Told | None:
    """What a note of ours says; None for anybody else's memo."""
    if not note.name.startswith(HOW):
        return None
    page = _page(note.text)
    return Told(
        str(page.get("kind", HUMAN)),
        float(page.get("probability", 1.0)),
        page.get("fields") or {},
        str(page.get("why", "")),
        page.get("made") or {},
    )


def seen_note(families: tuple[str, ...], source: str, by: str) -> Note:
    """A note on a text: its author read it in full for these families of codes."""
    guid = guid_of("seen", source, by)
    return Note(guid, f"{SEEN} {guid[:6]}", _written({"families": list(families)}), by=by)


def seen_in(note: Note) -> tuple[str, ...]:
    return tuple(map(str, _page(note.text).get("families") or ())) if note.name.startswith(SEEN) else ()


def _page(text: str) -> dict[str, Any]:
    import yaml

    try:
        page = library.parsed(text)
    except yaml.YAMLError:
        return {}
    return page if isinstance(page, dict) else {}


def _written(page: Mapping[str, Any]) -> str:
    import yaml

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return str(yaml.dump(page, Dumper=dumper, allow_unicode=True, sort_keys=False, width=10_000)).rstrip("\n")
