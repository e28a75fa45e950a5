"""Linear models over named features: fitted and used with numpy alone, kept as plain arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Named = Mapping[str, float]
"""The features of one row: {"w=we": 1.0, ...}."""
MEMORY = 10
"""Pairs of steps that L-BFGS remembers."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Sparse rows: row i holds ``places[starts[i]:starts[i+1]]`` with ``values`` beside. shapes (nnz,), (nnz,), (n + 1,)"""

    places: NDArray[np.int64]
    values: Floats
    starts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def times(self, weights: Floats) -> Floats:
        """weights : shape (n_features, k). Answer : shape (n, k)."""
        out = np.zeros((len(self), weights.shape[1]))
        sizes = np.diff(self.starts)
        filled = np.flatnonzero(sizes)
        if len(filled):
            parts = weights[self.places] * self.values[:, None]
            out[filled] = np.add.reduceat(parts, self.starts[:-1][filled], axis=0)
        return out

    def transposed_times(self, errors: Floats, n_features: int) -> Floats:
        """errors : shape (n, k). Answer : shape (n_features, k)."""
        row = np.repeat(np.arange(len(self)), np.diff(self.starts))
        out = np.empty((n_features, errors.shape[1]))
        for k in range(errors.shape[1]):
            out[:, k] = np.bincount(self.places, self.values * errors[row, k], n_features)
        return out


class Vocabulary:
    """Which feature has which place. The last place is the bias, which every row has."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self.place = {name: number for number, name in enumerate(self.names)}

    @property
    def size(self) -> int:
        return len(self.names) + 1

    def rows(self, features: Iterable[Named]) -> Rows:
        """Features that are not known are left out."""
        place, bias = self.place, (len(self.names), 1.0)
        pairs: list[tuple[int, float]] = []
        starts = [0]
        for one in features:
            pairs += [(place[name], value) for name, value in one.items() if name in place]
            pairs.append(bias)
            starts.append(len(pairs))
        table = np.array(pairs, dtype=np.float64).reshape(-1, 2)
        return Rows(table[:, 0].astype(np.int64), table[:, 1].copy(), np.array(starts, dtype=np.int64))


def vocabulary_of(features: Iterable[tuple[str, Named]], in_groups: int) -> Vocabulary:
    """The features that stand in at least ``in_groups`` groups (partnerships), in alphabetical order.

    ``features`` are (group, row). A word of one partnership alone is a name, not a sign.
    """
    groups: dict[str, set[str]] = {}
    for group, row in features:
        for name in row:
            groups.setdefault(name, set()).add(group)
    return Vocabulary(sorted(name for name, where in groups.items() if len(where) >= in_groups))


def softmax(scores: Floats) -> Floats:
    """scores : shape (n, k). Rows of the answer sum to one."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def sigmoid(scores: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(scores, -40, 40))))


def fitted(
    rows: Rows,
    truth: Floats,
    n_features: int,
    penalty: float,
    *,
    toward: Floats | None = None,
    importance: Floats | None = None,
    several: bool = False,
    steps: int = 200,
) -> Floats:
    """Weights of a multinomial (or, where ``several`` codes may hold at once, of independent) logistic regression.

    truth : shape (n, k), rows sum to one (0 or 1 in each column where ``several``). toward : weights that the penalty pulls to
    (zero unless given); the bias is not penalised when it is. Answer : shape (n_features, k).

    References / Nocedal & Wright (2006). Numerical optimization, algorithm 7.5 (L-BFGS).
    """
    k = truth.shape[1]
    centre = np.zeros((n_features, k)) if toward is None else toward
    pull = np.full((n_features, 1), penalty)
    if toward is None:
        pull[-1] = penalty * 1e-3
    weigh = np.ones(len(rows)) if importance is None else importance

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(n_features, k)
        scores = rows.times(weights)
        away = weights - centre
        if several:
            chances = sigmoid(scores)
            told = np.logaddexp(0, scores) - truth * scores
        else:
            chances = softmax(scores)
            told = -truth * np.log(np.clip(chances, 1e-12, None))
        value = float((weigh[:, None] * told).sum() + 0.5 * (pull * away**2).sum())
        errors = weigh[:, None] * (chances - truth)
        return value, (rows.transposed_times(errors, n_features) + pull * away).ravel()

    return lowest(loss, centre.ravel().copy(), steps).reshape(n_features, k)


def lowest(loss: Callable[[Floats], tuple[float, Floats]], start: Floats, steps: int) -> Floats:
    """Where a smooth convex ``loss`` (value and gradient) is lowest: L-BFGS with backtracking."""
    x = start
    value, slope = loss(x)
    moves: list[tuple[Floats, Floats, float]] = []
    for _ in range(steps):
        way = -_scaled(slope, moves)
        reach = 1.0 if moves else min(1.0, 1.0 / (np.abs(slope).sum() + 1e-12))
        down = float(way @ slope)
        for _ in range(30):
            nxt = x + reach * way
            new_value, new_slope = loss(nxt)
            if new_value <= value + 1e-4 * reach * down:
                break
            reach *= 0.5
        else:
            return x
        step, turn = nxt - x, new_slope - slope
        if (bend := float(step @ turn)) > 1e-12:
            moves = [*moves[-MEMORY + 1 :], (step, turn, 1 / bend)]
        done = abs(value - new_value) <= 1e-7 * max(1.0, abs(value))
        x, value, slope = nxt, new_value, new_slope
        if done:
            break
    return x


def _scaled(slope: Floats, moves: list[tuple[Floats, Floats, float]]) -> Floats:
    """The two-loop recursion: the slope, bent by what the last steps taught."""
    q = slope.copy()
    shares = []
    for step, turn, rho in reversed(moves):
        share = rho * float(step @ q)
        shares.append(share)
        q -= share * turn
    if moves:
        step, turn, rho = moves[-1]
        q *= 1 / (rho * float(turn @ turn))
    for (step, turn, rho), share in zip(moves, reversed(shares), strict=True):
        q += step * (share - rho * float(turn @ q))
    return q
