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

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
BORROWED = 4.0
"""How many checks' worth of the spread of all strata each stratum borrows: two equal checks are no proof of no spread. [S]"""
PRIOR_ERROR, PRIOR_CHECKS = 0.25, 20.0
"""Before anything is checked a machine is taken to err in a quarter of the units, which weighs as much as this many checks: a
sample in which few errors turned up shows too little spread. Chosen by simulation (bench/check_sample.py). [S]"""


@dataclass(frozen=True)
class Sample:
    """The checked units of one kind. ``unit`` : shape (m,), their places among all units. ``stratum`` : shape (m,).

    ``size`` and ``share`` : shape (m,), how many units the stratum had, and what its draw weighs among several draws. A unit
    that was drawn but not answered is not in it: answers are taken to be missing by chance within a stratum.
    """

    unit: Ints
    stratum: Ints
    size: Array
    share: Array

    @property
    def answered(self) -> Array:
        """How many of each unit's stratum were answered. shape (m,)"""
        return np.bincount(self.stratum, minlength=1)[self.stratum].astype(np.float64)

    @property
    def weight(self) -> Array:
        """What one checked unit stands for: one over its chance, times the share of its draw. shape (m,)"""
        return np.asarray(self.share * self.size / self.answered)


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
    at, at_w = sample.unit, weights[sample.unit]
    gaps = at_w * ((true[0] - said[0][at]) - value * (true[1] - said[1][at])) / whole
    return _with_spread(sample, value, gaps, at_w, whole)


def total(sample: Sample, weights: Array, said: Array, true: Array) -> Corrected:
    """A sum or a rate: the weighted sum of one thing. Shapes as in `ratio`."""
    at_w = weights[sample.unit]
    return _with_spread(sample, _total(sample, weights, said, true), at_w * (true - said[sample.unit]), at_w)


def draws(found: Corrected, noise: Array, scale: Array, extra: Array) -> Array:
    """Possible worlds of a corrected value. shape (n_draws,)

    ``noise`` : shape (m, n_draws), normal, the same for every value of a study, so that differences are paired; ``scale`` :
    shape (n_draws,), turns normal into t; ``extra`` : shape (n_draws,), normal.
    """
    return np.asarray(found.value + scale * (found.influence @ noise + np.sqrt(found.floor) * extra))


def t_scale(freedom: int, chance: np.random.Generator, n: int) -> Array:
    """What makes t draws with ``freedom`` degrees of freedom out of normal ones. shape (n,)"""
    return np.asarray(np.sqrt(freedom / chance.chisquare(freedom, n)))


def t_quantile(p: float, freedom: int) -> float:
    """References / Hill (1970). Algorithm 396: Student's t-quantiles, by the Cornish-Fisher expansion; exact for 1 and 2."""
    from statistics import NormalDist

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


def _total(sample: Sample, weights: Array, said: Array, true: Array) -> float:
    gaps = sample.weight * weights[sample.unit] * (true - said[sample.unit])
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
    freedom = max(int((n - 1).sum()), 1)
    prior = PRIOR_ERROR * float((at_w**2).mean()) / whole**2
    pooled = (inner.sum() + PRIOR_CHECKS * prior) / (freedom + PRIOR_CHECKS)
    # Per stratum: N^2 (1 - n/N) s^2 / n, with s^2 between its own and that of all strata.
    factor = share**2 * size**2 * np.maximum(1 - n / np.maximum(size, 1), 0) / n
    own = np.where(n > 1, inner / np.maximum(n - 1, 1), pooled)
    spread = ((n - 1) * own + BORROWED * pooled) / (n - 1 + BORROWED)
    scale = np.sqrt(np.divide(factor * spread, inner, out=np.zeros(strata), where=inner > 0))
    influence = apart * scale[sample.stratum]
    floor = float((factor * spread)[inner <= 0].sum())
    return Corrected(value, influence, floor, int((at_w > 0).sum()), freedom)


def of_units(strata: Sequence[str]) -> Ints:
    """Names of strata as numbers from 0, in the order of their names. shape (m,)"""
    return np.asarray(np.unique(np.array(strata, dtype=object).astype(str), return_inverse=True)[1], dtype=np.int64)
