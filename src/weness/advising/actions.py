"""Forty steps that partners can take, as data; none is proven."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from weness import library
from weness.coding.codebook import Words

EFFORTS = ("low", "medium", "high")


@dataclass(frozen=True, slots=True)
class Action:
    """One step. ``helps`` holds transitions ("S3>S4"), stages ("R", "D", "any"), flags ("swift", "thin", "threat") and
    indicator names; ``strength`` is E1 (tested inside organisations) to E4 (our inference); ``avoid_when`` holds flags.
    """

    id: str
    title: Words
    run: Words
    who_time: Words
    sign: Words
    risk: Words
    helps: tuple[str, ...]
    indicators: tuple[str, ...]
    effort: str
    strength: tuple[str, ...]
    avoid_when: tuple[str, ...]
    avoid_text: Words
    source: str


@cache
def actions() -> tuple[Action, ...]:
    """Reads ``library/actions/actions.yaml``."""
    page: dict[str, Any] = library.page("actions", "actions")
    return tuple(_action(entry) for entry in page["actions"])


def action_named(id: str) -> Action:
    """Raises KeyError, naming what there is."""
    for action in actions():
        if action.id == id:
            return action
    raise KeyError(f"No action called {id!r}. The library has: {', '.join(action.id for action in actions())}.")


def _action(entry: Mapping[str, Any]) -> Action:
    return Action(
        id=entry["id"],
        title=entry["title"],
        run=entry["run"],
        who_time=entry["who_time"],
        sign=entry["sign"],
        risk=entry["risk"],
        helps=tuple(entry["helps"]),
        indicators=tuple(entry["indicators"]),
        effort=entry["effort"],
        strength=tuple(entry["strength"]),
        avoid_when=tuple(entry.get("avoid_when", ())),
        avoid_text=entry.get("avoid_text", {}),
        source=entry["source"],
    )
