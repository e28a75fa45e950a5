"""How far coders agree on where a passage begins and ends: Krippendorff's alpha for unitizing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from weness.coding.agreement import DRAWS, Coefficient, Floats, cannot_say, resampled, with_interval

Passage = tuple[int, int]
"""Where it begins, and where it ends (not included)."""

FEWEST = 5
"""Texts that are resampled; below that, no interval. Ours [S]."""
NO_PASSAGE = "nobody marked a passage"
FEW_TEXTS = f"fewer than {FEWEST} texts to resample"


@dataclass(frozen=True, slots=True)
class Continuum:
    """One text of ``length`` characters, and for every coder who looked at it the passages with one code, in order."""

    length: int
    coders: tuple[tuple[Passage, ...], ...]


def merged(passages: Iterable[Passage]) -> tuple[Passage, ...]:
    """In order, overlapping ones as one; those that only touch stay two."""
    kept: list[Passage] = []
    for start, end in sorted(passages):
        if kept and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((start, end))
    return tuple(kept)


def disagreement(continuum: Continuum) -> tuple[float, float]:
    """(D_o, D_e) of one text and one code, both times the squared length L of the text.

    D_o is the mean over ordered pairs of coders of sum delta^2 / L^2. delta^2 of two overlapping passages is the squared
    distance of their beginnings plus that of their ends; of a passage that lies within another's gap its squared length.
    D_e is what the same passages, laid anywhere by anybody, would give (m coders, N passages of length l)::

        D_e = 2/L sum_passages [ (N - 1)/3 (2 l^3 - 3 l^2 + l) + l^2 sum_{gaps h >= l} (h - l + 1) ]
                / ( m L (m L - 1) - sum_passages l (l - 1) )

    References / Krippendorff (1995). On the reliability of unitizing contiguous data. Krippendorff (2004). Content
    analysis, 2nd edition, pages 251-256; as in DKPro Statistics (Meyer and others, 2014) and INCEpTION.
    """
    m = len(continuum.coders)
    passages = [passage for one in continuum.coders for passage in one]
    if m < 2 or not passages:
        return 0.0, 0.0
    pairs = [(one, other) for one in range(m) for other in range(m) if one < other]
    found = sum(_distance(continuum, one, other) for one, other in pairs)
    return 2 * found / (m * (m - 1)), _expected(continuum, passages) * continuum.length**2


def unitizing_alpha(found: Sequence[tuple[float, float]], n_draws: int = DRAWS, seed: int = 0) -> Coefficient:
    """1 - D_o / D_e over several texts, and over several codes where their ``disagreement`` is added up first.

    Both are summed over the texts after multiplication by L^2, so that a passage weighs the same in a short text and in a
    long one: as in one long continuum, but with passages laid anywhere in their own text only. Texts are resampled.

    found : for every text (D_o, D_e), as ``disagreement`` gives them
    """
    rows = np.array(found, dtype=np.float64).reshape(-1, 2)
    observed, expected = rows.sum(axis=0)
    if expected <= 0:
        return cannot_say(NO_PASSAGE)
    value = float(1 - observed / expected)
    if not n_draws:
        return Coefficient(value)
    if len(rows) < FEWEST:
        return Coefficient(value, why=FEW_TEXTS)
    drawn = resampled(rows, np.ones(len(rows), dtype=np.int64), n_draws, seed)
    return with_interval(value, _alphas(drawn), len(rows))


def _alphas(drawn: Floats) -> Floats:
    ratio = np.divide(drawn[:, 0], drawn[:, 1], out=np.full(len(drawn), np.nan), where=drawn[:, 1] > 0)
    return np.asarray(1 - ratio)


def _distance(continuum: Continuum, one: int, other: int) -> float:
    first, second = continuum.coders[one], continuum.coders[other]
    common = [(a, b) for a in first for b in second if a[0] < b[1] and b[0] < a[1]]
    met_first, met_second = {a for a, _ in common}, {b for _, b in common}
    apart = sum((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 for a, b in common)
    # A passage that meets none of the other's lies wholly within one of the other's gaps.
    alone = [*(a for a in first if a not in met_first), *(b for b in second if b not in met_second)]
    return float(apart + sum((end - start) ** 2 for start, end in alone))


def _expected(continuum: Continuum, passages: Sequence[Passage]) -> float:
    m, length, n = len(continuum.coders), float(continuum.length), len(passages)
    sizes = np.array([end - start for start, end in passages], dtype=np.float64)
    gaps = np.array([gap for one in continuum.coders for gap in _gaps(one, continuum.length)], dtype=np.float64)
    room = np.maximum(gaps[None, :] - sizes[:, None] + 1, 0).sum(axis=1) if len(gaps) else np.zeros(n)
    meeting = (n - 1) / 3 * (2 * sizes**3 - 3 * sizes**2 + sizes)
    ways = m * length * (m * length - 1) - (sizes * (sizes - 1)).sum()
    return float(2 / length * (meeting + sizes**2 * room).sum() / ways) if ways > 0 else 0.0


def _gaps(passages: Sequence[Passage], length: int) -> list[int]:
    edges = [0, *(edge for passage in passages for edge in passage), length]
    return [end - start for start, end in zip(edges[::2], edges[1::2], strict=True) if end > start]
