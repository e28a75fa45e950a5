"""What holds a partnership back from its next stage, and at most three steps worth trying."""

from __future__ import annotations

from dataclasses import dataclass

from weness.advising.actions import Action
from weness.draws import Estimate
from weness.reading.corpus import Span


@dataclass(frozen=True, slots=True)
class Gap:
    """One indicator that is not yet what the next stage expects.

    ``size`` is the distance from the expected range, 0 where the draw lies within it. ``toward`` is the next stage.
    """

    measure: str
    toward: str
    value: float | None
    expected: tuple[float, float]
    size: Estimate
    evidence: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The latest wave that can be spoken of, where it stands, what blocks the next stage. Empty ``gaps`` are legal."""

    wave: str
    stage: str | None
    next_stage: str | None
    gaps: tuple[Gap, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One step. ``indicators`` are the names it is hoped to move, ``quotes`` the reason in people's words."""

    action: Action
    indicators: tuple[str, ...]
    transition: str
    quotes: tuple[Span, ...]
