"""What was measured: a number with its doubt, its evidence tier, and the sentences it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from weness.draws import Estimate
from weness.reading.corpus import Span

TIERS = ("none", "insufficient", "indicative", "adequate")
"""Evidence tiers, from nothing to enough (theory: measures, section 1 [S])."""

WORDS = ("consensual", "coherent", "contested", "fragmented", "unvoiced")
"""The five words for how partners stand on one attribute (theory: measures, section 7 [S])."""

STATES = ("shared", "divergent", "contested", "mentioned", "silent", "no evidence")
"""How one partner stands on one attribute in one wave (theory: measures, section 3 [S]); "mentioned" is voiced without
a stance, which is neither agreement nor difference."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One indicator of one wave, of the whole partnership or (``partner``) of one partner.

    ``estimate`` is None where the evidence tier forbids a number. ``bounds`` are the values if every unclear mention
    meant something else, and if every one meant this. ``evidence`` are the spans behind the number, ``coded_by`` how
    many of them each kind of coder gave ("human", "rules" ...), ``counts`` the raw counts, for tables. Where a check sample
    speaks of it, ``as_coded`` and ``corrected`` are both there, ``checks`` says on how many checks the latter rests, and
    ``estimate`` is one of the two.
    """

    name: str
    wave: str
    estimate: Estimate | None
    tier: str
    partner: str | None = None
    bounds: tuple[float, float] | None = None
    evidence: tuple[Span, ...] = ()
    coded_by: Mapping[str, int] = field(default_factory=dict)
    counts: Mapping[str, float] = field(default_factory=dict)
    note: str = ""
    as_coded: Estimate | None = None
    corrected: Estimate | None = None
    checks: int = 0

    @property
    def in_use(self) -> str:
        """Which value ``estimate`` is: "corrected" or "as coded"; "" where no check sample speaks of it."""
        if self.corrected is None:
            return ""
        return "corrected" if self.estimate is self.corrected else "as coded"


@dataclass(frozen=True, slots=True)
class Attribute:
    """One concrete attribute (an item) in one wave, partner by partner.

    ``states`` maps each partner to one of STATES, ``voices`` to the spans in which that partner voices it. ``word``
    is one of WORDS. ``core`` tells whether it counts in sharedness (I09). ``streak`` is the number of latest waves
    in a row in which two partners share it, ``age`` that number over the waves since it first was,
    ``renewed`` that somebody who was not there in its first wave voices it now.
    """

    wave: str
    code: str
    item: str
    title: Mapping[str, str]
    word: str
    states: Mapping[str, str]
    voices: Mapping[str, tuple[Span, ...]]
    core: bool
    sharedness: Estimate
    reach: float
    members: tuple[str, ...] = ()
    streak: int = 0
    age: float = 0.0
    renewed: bool = False
    new: bool = False
    genres: tuple[str, ...] = ()
