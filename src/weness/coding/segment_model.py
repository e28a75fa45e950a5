"""What a sentence tells of relations and attributes, by a small model: each code with a chance of its own, or no code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from weness.coding.codebook import codebook_named
from weness.coding.linear import Floats, Vocabulary, fitted, lowest, sigmoid, vocabulary_of
from weness.coding.segment_features import Told

CODES = tuple(code.id for code in codebook_named().codes if code.family in ("B", "C"))
"""Families B and C in the order of the columns."""
PENALTY, GROUPS, FOLDS = 4.0, 2, 4
PRECISE, OFTEN = 0.3, 5
"""A code is used only where at least this share of what it is given to, and so many sentences, are right on partnerships not seen."""
NEVER = 2.0
"""A threshold that no chance reaches."""


@dataclass(frozen=True, slots=True)
class SegmentModel:
    """``weights`` : shape (n_features, n_codes); ``stretch`` and ``shift`` (n_codes,) bring its scores to chances that hold on
    partnerships not seen; ``thresholds`` : shape (n_codes,)."""

    vocabulary: Vocabulary
    weights: Floats
    stretch: float
    shift: Floats
    thresholds: Floats

    def chances(self, told: Sequence[Told]) -> Floats:
        """shape (n, n_codes)"""
        if not told:
            return np.zeros((0, len(CODES)))
        rows = self.vocabulary.rows(one.features for one in told)
        return sigmoid(self.stretch * rows.times(self.weights) + self.shift)


@dataclass(frozen=True, slots=True)
class SegmentLesson:
    """One partnership that a person coded: sentences, and 1 where a code stands. truth : shape (n, n_codes)"""

    name: str
    told: tuple[Told, ...]
    truth: Floats


def taught_segments(lessons: Sequence[SegmentLesson], penalty: float = PENALTY) -> SegmentModel:
    """A model from partnerships that persons coded; chances and thresholds from partnerships left out of the fit."""
    lessons = sorted(lessons, key=lambda one: one.name)
    words, weights = _fit(lessons, penalty)
    scores = np.concatenate([_held_out(lessons, fold, penalty) for fold in range(min(FOLDS, len(lessons)))])
    order = [one for fold in range(min(FOLDS, len(lessons))) for one in _fold(lessons, fold)]
    truth = np.concatenate([one.truth for one in order])
    stretch, shift = _calibrated(scores, truth)
    chances = sigmoid(stretch * scores + shift)
    thresholds = np.array([_threshold(chances[:, k], truth[:, k]) for k in range(len(CODES))])
    return SegmentModel(words, weights, stretch, shift, thresholds)


def _fold(lessons: Sequence[SegmentLesson], fold: int) -> list[SegmentLesson]:
    return [one for number, one in enumerate(lessons) if number % FOLDS == fold]


def _fit(lessons: Sequence[SegmentLesson], penalty: float) -> tuple[Vocabulary, Floats]:
    words = vocabulary_of(((one.name, row.features) for one in lessons for row in one.told), GROUPS)
    rows = words.rows(row.features for one in lessons for row in one.told)
    truth = np.concatenate([one.truth for one in lessons])
    return words, fitted(rows, truth, words.size, penalty, several=True, steps=80)


def _held_out(lessons: Sequence[SegmentLesson], fold: int, penalty: float) -> Floats:
    out = _fold(lessons, fold)
    words, weights = _fit([one for one in lessons if one not in out], penalty)
    return words.rows(row.features for one in out for row in one.told).times(weights)


def _calibrated(scores: Floats, truth: Floats) -> tuple[float, Floats]:
    """One stretch for all codes and a shift for each.

    References / Platt (1999). Probabilistic outputs for support vector machines.
    """

    def loss(flat: Floats) -> tuple[float, Floats]:
        told = flat[0] * scores + flat[1:]
        errors = sigmoid(told) - truth
        value = float((np.logaddexp(0, told) - truth * told).sum()) + 0.5 * float(flat[1:] @ flat[1:])
        return value, np.concatenate([[float((errors * scores).sum())], errors.sum(axis=0) + flat[1:]])

    found = lowest(loss, np.concatenate([[1.0], np.zeros(len(CODES))]), 100)
    return float(found[0]), found[1:]


def _threshold(chances: Floats, truth: Floats) -> float:
    """Where F1 is highest among thresholds that are precise and often enough; NEVER where there is none."""
    order = np.argsort(-chances, kind="stable")
    hits = np.cumsum(truth[order])
    given = np.arange(1, len(order) + 1)
    precision, f1 = hits / given, 2 * hits / (given + truth.sum() + 1e-9)
    allowed = (precision >= PRECISE) & (hits >= OFTEN)
    if not allowed.any():
        return NEVER
    best = int(np.argmax(np.where(allowed, f1, -1.0)))
    return float(chances[order[best]])
