"""How sure: a number is a row of draws, each one a possible world."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Draws = NDArray[np.float64]

LEVEL = 0.90
"""The share of the draws that an interval holds, everywhere in weness."""


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """A number with its doubt.

    draws : shape (n_draws,). Draw k is the same possible world in every estimate of a study. NaN where that world
    has no value (no evidence).
    """

    draws: Draws

    @property
    def mean(self) -> float:
        return float(np.nanmean(self.draws)) if np.isfinite(self.draws).any() else float("nan")

    def interval(self, level: float = LEVEL) -> tuple[float, float]:
        """The central interval that holds ``level`` of the draws."""
        if not np.isfinite(self.draws).any():
            return (float("nan"), float("nan"))
        low, high = np.nanquantile(self.draws, [(1 - level) / 2, (1 + level) / 2])
        return (float(low), float(high))
