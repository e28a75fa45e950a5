"""What a share or a rate would be had a person coded everything: from all machine codes and a few checked ones, without bias.

Each unit's machine code is corrected by what the check sample shows, weighted by its known chance of being drawn:
y~ = y_machine + (checked / chance) (y_person - y_machine). Whatever the machine's errors are, sums of y~ are right on average.

References / Egami, Hinck, Stewart, Wei (2023). Using imperfect surrogates for downstream inference: design-based supervised
learning for social science applications of large language models. NeurIPS 36. Angelopoulos, Bates, Fannjiang, Jordan, Zrnic
(2023). Prediction-powered inference. Science 382. Saerndal, Swensson, Wretman (1992). Model assisted survey sampling, chapters
5 and 6 (difference and ratio estimators, linearised variance).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from weness.draws import t_quantile

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
BORROWED = 4.0
"""How many checks' worth of the spread of all strata each stratum borrows: two equal checks are no proof of no spread. [S]"""
UNSEEN = 0.5
"""So many errors more than were found are reckoned with in the spread, shared out over the strata by their checks: a sample
in which few of the rare errors turned up shows too little spread. Chosen by simulation (bench/check_sample.py). [S]"""


@dataclass(frozen=True)
class Sample:
    """The answered checks of one kind. ``unit`` : shape (m,), their places among all units, -1 for what is no unit any more.

    ``stratum``, ``size``, ``share`` : shape (m,), which stratum, how many units it had when it was drawn, and what its draw weighs among several.
    """

    unit: Ints
    stratum: Ints
    size: Array
    share: Array

    @property
    def answered(self) -> Array:
        """How many of each check's stratum were answered. shape (m,)"""
        return np.bincount(self.stratum, minlength=1)[self.stratum].astype(np.float64)

    @property
    def weight(self) -> Array:
        """What one check stands for: one over its chance, times the share of its draw. shape (m,)"""
        return np.asarray(self.share * self.size / self.answered)

    def at(self, row: Array) -> Array:
        """The values of the checked units, 0 for what is none any more. row : shape (n,), returns : shape (m,)"""
        return np.where(self.unit >= 0, row[self.unit], 0.0)


@dataclass(frozen=True)
class Corrected:
    """``value``, and how each checked unit of the sample moves it: ``influence`` : shape (m,), weighted deviations.

    The variance is the sum of their squares plus ``floor``; ``checks`` counts the units that belong to what was estimated.
    """

    value: float
    influence: Array
    floor: float
    checks: int
    freedom: int

    @property
    def variance(self) -> float:
        return float((self.influence**2).sum() + self.floor)

    @property
    def error(self) -> float:
        return float(np.sqrt(self.variance))

    def interval(self, level: float = 0.90) -> tuple[float, float]:
        """By the t distribution with as many degrees of freedom as checks beyond their strata."""
        half = self.error * t_quantile((1 + level) / 2, self.freedom)
        return self.value - half, self.value + half


def ratio(sample: Sample, weights: Array, said: tuple[Array, Array], true: tuple[Array, Array]) -> Corrected | None:
    """A share: the weighted sum of one thing over that of another. None where the whole is nothing.

    ``weights`` and ``said`` (part, whole) : shape (n,), over all units; a unit outside of what is estimated weighs 0. ``true`` :
    shape (m,), the person's part and whole on the checked ones.
    """
    part, whole = (_total(sample, weights, machine, person) for machine, person in zip(said, true, strict=True))
    if whole <= 0:
        return None
    value = part / whole
    at_w = sample.at(weights)
    gaps = at_w * ((true[0] - sample.at(said[0])) - value * (true[1] - sample.at(said[1]))) / whole
    return _with_spread(sample, value, gaps, at_w, whole)


def total(sample: Sample, weights: Array, said: Array, true: Array) -> Corrected:
    """A sum or a rate: the weighted sum of one thing. Shapes as in `ratio`."""
    at_w = sample.at(weights)
    return _with_spread(sample, _total(sample, weights, said, true), at_w * (true - sample.at(said)), at_w)


def deviations(found: Corrected, noise: Array, extra: Array, chance: np.random.Generator) -> Array:
    """How far the value may be off, world by world: t with its degrees of freedom, around 0. shape (n_draws,)

    ``noise`` : shape (m, n_draws), normal, the same for every value of a study, so that differences are paired; ``extra`` : shape
    (n_draws,), normal.
    """
    scale = np.sqrt(found.freedom / chance.chisquare(found.freedom, len(extra)))
    drawn = scale * (found.influence @ noise + np.sqrt(found.floor) * extra)
    return np.asarray(drawn - drawn.mean())


def _total(sample: Sample, weights: Array, said: Array, true: Array) -> float:
    gaps = sample.weight * sample.at(weights) * (true - sample.at(said))
    return float(weights @ said + gaps.sum())


def _with_spread(sample: Sample, value: float, gaps: Array, at_w: Array, whole: float = 1.0) -> Corrected:
    """The design's variance of the sum of ``gaps``: stratified, without replacement; spread partly borrowed from all strata."""
    strata = int(sample.stratum.max()) + 1 if len(sample.stratum) else 0
    n = np.bincount(sample.stratum, minlength=strata).astype(np.float64)
    means = np.bincount(sample.stratum, gaps, strata) / n
    apart = gaps - means[sample.stratum]
    inner = np.bincount(sample.stratum, apart**2, strata)
    size, share = np.zeros(strata), np.zeros(strata)
    size[sample.stratum], share[sample.stratum] = sample.size, sample.share
    inside = np.bincount(sample.stratum, at_w > 0, strata)
    freedom = max(int((n - 1).sum()), 1)
    pooled = inner.sum() / freedom
    # Per stratum: N^2 (1 - n/N) s^2 / n, with s^2 between its own and that of all strata.
    factor = share**2 * size**2 * np.maximum(1 - n / np.maximum(size, 1), 0) / n
    missed = UNSEEN * n / n.sum() * np.bincount(sample.stratum, at_w**2, strata) / np.maximum(inside, 1) / whole**2
    own = np.where(n > 1, (inner + missed) / np.maximum(n - 1, 1), pooled)
    spread = ((n - 1) * own + BORROWED * pooled) / (n - 1 + BORROWED)
    scale = np.sqrt(np.divide(factor * spread, inner, out=np.zeros(strata), where=inner > 0))
    influence = apart * scale[sample.stratum]
    floor = float((factor * spread)[inner <= 0].sum())
    return Corrected(value, influence, floor, int(inside.sum()), max(int(np.maximum(inside - 1, 0).sum()), 1))


def of_units(strata: Sequence[str]) -> Ints:
    """Names of strata as numbers from 0, in the order of their names. shape (m,)"""
    return np.asarray(np.unique(np.array(strata, dtype=object).astype(str), return_inverse=True)[1], dtype=np.int64)
