"""At which stage a partnership stands in one wave, how sure that is, and what speaks for and against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from weness.draws import Draws
from weness.reading.corpus import Span

CANNOT_SAY = "cannot say"


@dataclass(frozen=True, slots=True)
class Sign:
    """One indicator seen from one stage: ``fit`` is 1 where the value is what the stage expects and 0 where it is not.

    ``measure`` names the indicator; ``value`` is its mean, None where it is missing.
    """

    stage: str
    measure: str
    value: float | None
    expected: tuple[float, float]
    fit: float
    evidence: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Gate:
    """A hard rule of the process (process_models B5 [S]): ``rule`` names it, ``passed`` tells, ``seen`` says why."""

    stage: str
    rule: str
    passed: bool
    seen: str


@dataclass(frozen=True, slots=True, eq=False)
class StagePosterior:
    """The stage of one wave as a distribution.

    draws : shape (n_draws, n_stages), each row one-hot (the stage of that possible world) or all zero (no stage).
    ``shares`` are its column means, ``call`` is "S3", "between S3 and S4" or "cannot say"; ``why_not`` says why
    nothing can be said. ``certainty`` is "likely", "probably", "between" or "none". ``flags`` are ids of the process
    (swift_identity ...) and of the measures (voice_imbalance, avoided_conflict ...). ``without`` maps each partner to
    the top stage when that partner is left out; ``by_genre`` maps "spoken" and "documents" to theirs.
    """

    wave: str
    tier: str
    stages: tuple[str, ...]
    draws: Draws
    shares: Mapping[str, float]
    call: str
    certainty: str
    why_not: str = ""
    flags: tuple[str, ...] = ()
    signs_for: tuple[Sign, ...] = ()
    signs_against: tuple[Sign, ...] = ()
    missing: tuple[str, ...] = ()
    gates: tuple[Gate, ...] = ()
    without: Mapping[str, str] | None = None
    by_genre: Mapping[str, str] | None = None

    @property
    def top(self) -> str | None:
        """The stage with the largest share, or None where there is no number."""
        return max(self.shares, key=lambda stage: self.shares[stage]) if any(self.shares.values()) else None
