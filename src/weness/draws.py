"""How sure: a number is a row of draws, each one a possible world."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Draws = NDArray[np.float64]

LEVEL = 0.90
"""The share of the draws that an interval holds, everywhere in weness."""


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """A number with its doubt.

    draws : shape (n_draws,). Draw k is the same possible world in every estimate of a study. NaN where that world
    has no value (no evidence). ``within`` : what the number cannot be below or above; draws may pass it, so that differences
    of estimates stay right on average, what is told of the number may not.
    """

    draws: Draws
    within: tuple[float, float] = (-np.inf, np.inf)

    @property
    def told(self) -> Draws:
        """The draws as far as they can be: for all that asks how far a world lies from something."""
        return np.clip(self.draws, *self.within)

    @property
    def mean(self) -> float:
        return self._told(float(np.nanmean(self.draws))) if np.isfinite(self.draws).any() else float("nan")

    def interval(self, level: float = LEVEL) -> tuple[float, float]:
        """The central interval that holds ``level`` of the draws."""
        if not np.isfinite(self.draws).any():
            return (float("nan"), float("nan"))
        low, high = np.nanquantile(self.draws, [(1 - level) / 2, (1 + level) / 2])
        return (self._told(float(low)), self._told(float(high)))

    def _told(self, value: float) -> float:
        return min(max(value, self.within[0]), self.within[1])


def t_quantile(p: float, freedom: int) -> float:
    """References / Hill (1970). Algorithm 396: Student's t-quantiles, by the Cornish-Fisher expansion; exact for 1 and 2."""
    if freedom == 1:
        return float(np.tan(np.pi * (p - 0.5)))
    if freedom == 2:
        return float((2 * p - 1) * np.sqrt(2 / (4 * p * (1 - p))))
    z, v = NormalDist().inv_cdf(p), float(freedom)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return float(z + sum(term / v**power for power, term in enumerate(terms, 1)))
