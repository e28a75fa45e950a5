"""How collective identity forms, as a scholar wrote it down: stages, expectations, gates, moves, flags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from weness import library
from weness.coding.codebook import Words

Rule = Mapping[str, Any]
"""{ask: a count or measure, at_least, at_most, or: another count that opens the gate as well, otherwise: what is left
of the stage's fit where the rule fails (0 unless given: a hard gate), evidence: true where the rule is about how much was
heard, so that failing it means "cannot say" and not another stage}."""

Trapezoid = tuple[float, float, float, float]
"""(low_zero, low_full, high_full, high_zero): 1 between the middle two, 0 outside the outer two."""


@dataclass(frozen=True, slots=True)
class Stage:
    """``order`` is None for a side-process (reformation, deconstruction). ``said`` is the neutral word for partners."""

    id: str
    key: str
    title: Words
    definition: Words
    said: Words
    order: int | None
    needs_history: bool
    subtypes: tuple[str, ...]
    expects: Mapping[str, Trapezoid]
    gates: tuple[Rule, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Process:
    """A process model. A model without stages is legal: it only shows a profile over its ``dimensions``."""

    id: str
    version: str
    title: Words
    status: str
    stages: tuple[Stage, ...]
    weights: Mapping[str, float]
    flags: Mapping[str, Mapping[str, Any]]
    moves: tuple[tuple[str, str, str], ...]
    dimensions: tuple[Mapping[str, Any], ...]
    report: Mapping[str, Any]
    references: tuple[str, ...]

    def stage(self, id: str) -> Stage:
        """Raises KeyError, naming what there is."""
        for stage in self.stages:
            if stage.id == id:
                return stage
        raise KeyError(f"No stage called {id!r}. The process has: {', '.join(stage.id for stage in self.stages)}.")


def process_named(name: str = "weness-default") -> Process:
    """Reads ``library/processes/NAME.yaml``, or the YAML file that ``name`` is the path of."""
    own = Path(name)
    page: dict[str, Any]
    page = library.parsed(own.read_text("utf-8")) if own.suffix == ".yaml" else library.page("processes", name)
    return Process(
        id=page["id"],
        version=str(page["version"]),
        title=page["title"],
        status=page["status"],
        stages=tuple(_stage(entry, page.get("indicators", {}), page.get("gates", {})) for entry in page["stages"]),
        weights={name: float(entry.get("weight", 1.0)) for name, entry in page.get("indicators", {}).items()},
        flags=page.get("flags", {}),
        moves=tuple((move["from"], move["to"], move["process"]) for move in page.get("moves", ())),
        dimensions=tuple(page.get("dimensions", ())),
        report=page.get("report", {}),
        references=tuple(page["references"]),
    )


def _stage(entry: Mapping[str, Any], indicators: Mapping[str, Any], gates: Mapping[str, Any]) -> Stage:
    expects = {name: tuple(ranges[entry["id"]]) for name, ranges in indicators.items() if ranges.get(entry["id"])}
    return Stage(
        id=entry["id"],
        key=entry["key"],
        title=entry["title"],
        definition=entry["definition"],
        said=entry["said"],
        order=entry.get("order"),
        needs_history=bool(entry.get("needs_history", False)),
        subtypes=tuple(entry.get("subtypes", ())),
        expects=expects,
        gates=tuple(gates.get(entry["id"], ())),
        source=entry["source"],
    )
