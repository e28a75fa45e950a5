"""How far coders agree beyond chance: coefficients on counts, alpha with its interval, and why where nothing can be said."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, sqrt

import numpy as np
from numpy.typing import NDArray

from weness.draws import LEVEL, t_quantile

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

DRAWS = 1000
MISSING = -1
"""In ``values``: this coder said nothing of this unit."""
AT_A_TIME = 4_000_000
"""Weights held in memory at once."""
MOST = 0.9
"""This share of the resamples must have a value before they make an interval."""
LEAST = -1.0
"""No alpha of two coders is lower."""
FARTHEST = 50.0
"""An exponent past which an end is LEAST anyway."""
ONE_DISAGREEMENT = 2.0
"""What one coder who says otherwise adds to the sum of D_o, however many coders the unit has."""

NO_PAIRS = "no unit was coded by two"
ONE_CATEGORY = "everybody used one category, so nothing tells agreement from chance"
UNEVEN = "Fleiss' kappa needs the same number of codes on every unit"
ONE_CLUSTER = "there is only one cluster to resample"
TOO_UNSTABLE = "too many resamples hold a single category"


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A number, with its interval where one was asked for. None where it cannot be said; ``why`` then tells the reason."""

    value: float | None
    low: float | None = None
    high: float | None = None
    why: str = ""


def cannot_say(why: str) -> Coefficient:
    return Coefficient(None, why=why)


def counts_of(values: Ints, n_categories: int) -> Ints:
    """How many coders gave each category to each unit.

    values : shape (n_coders, n_units), categories from 0, MISSING where a coder said nothing
    returns : shape (n_units, n_categories)
    """
    counts = np.empty((values.shape[1], n_categories), dtype=np.int64)
    for category in range(n_categories):
        counts[:, category] = (values == category).sum(axis=0)
    return counts


def alpha(counts: Ints, clusters: Ints | None = None, n_draws: int = DRAWS, seed: int = 0) -> Coefficient:
    """Krippendorff's alpha for nominal codes: any number of coders, any of them missing.

    With n_u codes on unit u, n_uc of them category c, over units with at least two codes, and n_c, n their sums::

        D_o = 1/n sum_u (n_u^2 - sum_c n_uc^2) / (n_u - 1)      D_e = (n^2 - sum_c n_c^2) / (n (n - 1))

    and alpha = 1 - D_o / D_e. The interval comes from resampled clusters (``with_interval``); none with ``n_draws`` 0.

    counts : shape (n_units, n_categories)
    clusters : shape (n_units,), which units are drawn together, from 0; every unit by itself unless given

    References / Krippendorff (2011). Computing Krippendorff's alpha-reliability, section C. Hayes, Krippendorff (2007).
    Answering the call for a standard reliability measure for coding data, resampled there by pairs, here by clusters.
    """
    kept = counts.sum(axis=1) >= 2
    if not kept.any():
        return cannot_say(NO_PAIRS)
    pairable = counts[kept]
    sums = _sums(pairable).sum(axis=0)
    whole = _alphas(sums[None, :])[0]
    if np.isnan(whole):
        return cannot_say(ONE_CATEGORY)
    if not n_draws:
        return Coefficient(float(whole))
    rows, times = _alike(pairable) if clusters is None else _by_cluster(pairable, clusters[kept])
    sums[0] = ONE_DISAGREEMENT
    one = 1 - float(_alphas(sums[None, :])[0])
    return with_interval(float(whole), _alphas(resampled(rows, times, n_draws, seed)), int(times.sum()), one)


def with_interval(value: float, draws: Floats, n_clusters: int, one: float = 0.0) -> Coefficient:
    """The interval of an alpha, by t on the scale of log(1 - alpha), on which it is nearly symmetric and never passes 1.

    With s the spread of the resampled alphas, n clusters, t of n - 1 degrees of freedom::

        1 - (1 - alpha) exp(+- t s sqrt(n / (n - 1)) / (1 - alpha))

    Percentiles of the resamples are too narrow for few clusters (bench/agreement.py --coverage). ``one`` is 1 - alpha if
    there had been one disagreement: where there was none, the lower end is that of one, in a single cluster (s = 1 - alpha).
    Where ``one`` is not known the interval is then the value itself.

    draws : shape (n_draws,), NaN where a resample has no value
    """
    if n_clusters < 2:
        return Coefficient(value, why=ONE_CLUSTER)
    if np.isfinite(draws).mean() < MOST:
        return Coefficient(value, why=TOO_UNSTABLE)
    spread = float(np.nanstd(draws)) * sqrt(n_clusters / (n_clusters - 1))
    missed, relative = (1 - value, spread / (1 - value)) if value < 1 else (one, 1.0)
    step = exp(min(FARTHEST, t_quantile((1 + LEVEL) / 2, n_clusters - 1) * relative))
    return Coefficient(value, max(1 - missed * step, min(LEAST, value)), 1 - missed / step if value < 1 else 1.0)


def resampled(rows: Floats, times: Ints, n_draws: int, seed: int) -> Floats:
    """Sums over as many clusters as there are, drawn with replacement. Clusters that are alike are drawn as one.

    rows : shape (n_kinds, n_sums); times : shape (n_kinds,), how many clusters have such a row
    returns : shape (n_draws, n_sums)
    """
    random = np.random.default_rng(seed)
    n = int(times.sum())
    step = max(1, AT_A_TIME // len(times))
    chunks = []
    for start in range(0, n_draws, step):
        weights = random.multinomial(n, times / n, min(step, n_draws - start))
        chunks.append(weights.astype(np.float64) @ rows)
    return np.concatenate(chunks)


def cohen(first: Ints, second: Ints, n_categories: int) -> Coefficient:
    """Cohen's kappa of two coders on the units that both coded. first, second : shape (n_units,)

    References / Cohen (1960). A coefficient of agreement for nominal scales, formula 1.
    """
    both = (first != MISSING) & (second != MISSING)
    if not both.any():
        return cannot_say(NO_PAIRS)
    table = np.bincount(first[both] * n_categories + second[both], minlength=n_categories**2)
    shares = table.reshape(n_categories, n_categories) / both.sum()
    return _beyond_chance(float(np.trace(shares)), float(shares.sum(axis=0) @ shares.sum(axis=1)))


def fleiss(counts: Ints) -> Coefficient:
    """Fleiss' kappa, where every unit has the same number of codes. counts : shape (n_units, n_categories)

    References / Fleiss (1971). Measuring nominal scale agreement among many raters.
    """
    per_unit = counts.sum(axis=1)
    if not len(per_unit) or per_unit.max() < 2:
        return cannot_say(NO_PAIRS)
    if per_unit.min() != per_unit.max():
        return cannot_say(UNEVEN)
    shares = counts.sum(axis=0) / counts.sum()
    return _beyond_chance(float(_agreeing(counts).mean()), float(shares @ shares))


def ac1(counts: Ints) -> Coefficient:
    """Gwet's AC1: agreement from units with two codes or more, chance from every coded unit, codes may be missing.

    p_e = sum_c pi_c (1 - pi_c) / (q - 1), pi_c the mean over units of the share that gave c, q the categories in use.
    counts : shape (n_units, n_categories)

    References / Gwet (2014). Handbook of inter-rater reliability, 4th edition, chapter 5; Gwet (2008).
    """
    per_unit = counts.sum(axis=1)
    if not (per_unit >= 2).any():
        return cannot_say(NO_PAIRS)
    used = int((counts.sum(axis=0) > 0).sum())
    if used < 2:
        return cannot_say(ONE_CATEGORY)
    coded = counts[per_unit > 0]
    shares = (coded / coded.sum(axis=1, keepdims=True)).mean(axis=0)
    chance = float((shares * (1 - shares)).sum() / (used - 1))
    return _beyond_chance(float(_agreeing(counts[per_unit >= 2]).mean()), chance)


def percent_agreement(counts: Ints) -> float | None:
    """Mean over units of the share of pairs of coders that agree. counts : shape (n_units, n_categories)"""
    kept = counts[counts.sum(axis=1) >= 2]
    return float(_agreeing(kept).mean()) if len(kept) else None


def agreement_on(counts: Ints, category: int) -> float | None:
    """Given that one coder says ``category``, how often another does: 2a / (2a + b + c) with two coders.

    References / Cicchetti, Feinstein (1990). High agreement but low kappa: II. Fleiss (1981) for more than two.
    """
    others = counts.sum(axis=1) - 1
    given = counts[:, category]
    asked = int((given * others).sum())
    return float((given * (given - 1)).sum() / asked) if asked else None


def _agreeing(counts: Ints) -> Floats:
    per_unit = counts.sum(axis=1)
    return np.asarray((counts * (counts - 1)).sum(axis=1) / (per_unit * (per_unit - 1)))


def _beyond_chance(observed: float, chance: float) -> Coefficient:
    return Coefficient((observed - chance) / (1 - chance)) if chance < 1 else cannot_say(ONE_CATEGORY)


def _sums(counts: Ints) -> Floats:
    """What alpha is made of: disagreement, then the counts. shape (n_units, 1 + n_categories)"""
    per_unit = counts.sum(axis=1)
    disagreeing = (per_unit**2 - (counts**2).sum(axis=1)) / (per_unit - 1)
    return np.column_stack([disagreeing, counts])


def _alphas(sums: Floats) -> Floats:
    """sums : shape (n, 1 + n_categories); returns : shape (n,), NaN where one category is all there is"""
    counts = sums[:, 1:]
    n = counts.sum(axis=1)
    expected = n**2 - (counts**2).sum(axis=1)
    ratio = np.divide((n - 1) * sums[:, 0], expected, out=np.full(len(n), np.nan), where=expected > 0)
    return np.asarray(1 - ratio)


def _alike(counts: Ints) -> tuple[Floats, Ints]:
    # Twenty thousand units have some thousand patterns: drawing patterns is the same chance and ten times faster.
    patterns, times = np.unique(counts.astype(np.min_scalar_type(int(counts.max()))), axis=0, return_counts=True)
    return _sums(patterns.astype(np.int64)), times


def _by_cluster(counts: Ints, clusters: Ints) -> tuple[Floats, Ints]:
    present, place = np.unique(clusters, return_inverse=True)
    rows = np.zeros((len(present), 1 + counts.shape[1]))
    np.add.at(rows, place, _sums(counts))
    return rows, np.ones(len(present), dtype=np.int64)
