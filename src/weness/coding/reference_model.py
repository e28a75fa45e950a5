"""Whom "we" means, by a small model: first each mention alone, then in the light of its neighbours, its text and its wave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from weness.coding.linear import Floats, Vocabulary, fitted, lowest, softmax
from weness.coding.mention_features import Asked
from weness.coding.reliability import LABELS
from weness.reading.corpus import Corpus

Ints = NDArray[np.int64]
K = len(LABELS)
CONTEXTS = ("sentence", "turn", "speaker")
"""Who else is asked: the other mentions of the same sentence, of the turn, and of the speaker in that wave. The mention before and
after, the text and the wave were tried and taught nothing more (bench/README.md)."""
KNOWN = 0.97
"""How sure a person's label is taken to be when its neighbours are judged by it."""


@dataclass(frozen=True, slots=True)
class Surrounded:
    """Where the mentions of one study stand: arrays of shape (n,), one number a group."""

    sentence: Ints
    turn: Ints
    speaker: Ints


def surrounded(asked: Sequence[Asked], corpus: Corpus) -> Surrounded:
    documents = {document.id: number for number, document in enumerate(corpus.documents)}
    waves = {document.id: document.wave for document in corpus.documents}
    speakers: dict[tuple[str, str | None], int] = {}
    rows = []
    for one in asked:
        document = one.mention.span.document
        who = (waves[document], one.one.sentence.speaker or one.partner)
        speaker = speakers.setdefault(who, len(speakers))
        # A text without turns has -1 for all of them: its document tells them apart.
        turn = one.one.sentence.turn if one.one.sentence.turn >= 0 else -1 - documents[document]
        rows.append((one.one.number, turn, speaker))
    return Surrounded(*np.array(rows, dtype=np.int64).reshape(-1, 3).T)


@dataclass(frozen=True, slots=True)
class ReferenceModel:
    """``weights`` : shape (n_features, 7), of a mention alone. ``trust`` : shape (1 + len(CONTEXTS),), how much the mention itself
    and each context count; ``lean`` : shape (7,); ``usual`` : shape (7,), shares in the corpus; ``smoothing``: by how many usual
    mentions a context is drawn to them.
    """

    vocabulary: Vocabulary
    weights: Floats
    trust: Floats
    lean: Floats
    usual: Floats
    smoothing: float = 1.0

    def alone(self, asked: Sequence[Asked]) -> Floats:
        """shape (n, 7)"""
        rows = self.vocabulary.rows(one.features for one in asked)
        return softmax(rows.times(self.weights))

    def chances(self, asked: Sequence[Asked], corpus: Corpus, known: Mapping[int, int] | None = None) -> Floats:
        """shape (n, 7). ``known``: labels that a person gave, by the mention's number; their neighbours learn from them."""
        if not asked:
            return np.zeros((0, K))
        return self.judged(self.alone(asked), asked, corpus, known or {})

    def judged(self, alone: Floats, asked: Sequence[Asked], corpus: Corpus, known: Mapping[int, int]) -> Floats:
        """Each mention alone, its contexts and what the cues say by rule, together. shape (n, 7)"""
        held = with_known(alone, known)
        scores = logs(alone, contexts(held, surrounded(asked, corpus), self.usual, self.smoothing))
        learned = softmax(np.einsum("c,cnk->nk", self.trust, scores) + self.lean)
        by_rule = np.array([one.by_rule for one in asked])
        both = RULES_SAY * np.log(np.clip(by_rule, 1e-4, None)) + (1 - RULES_SAY) * np.log(np.clip(learned, 1e-4, None))
        return softmax(both)


def with_known(chances: Floats, known: Mapping[int, int]) -> Floats:
    held = chances.copy()
    for number, label in known.items():
        held[number] = (1 - KNOWN) / (K - 1)
        held[number, label] = KNOWN
    return held


def logs(alone: Floats, around: Sequence[Floats]) -> Floats:
    """shape (1 + len(CONTEXTS), n, 7)"""
    return np.asarray(np.log(np.clip(np.stack([alone, *around]), 1e-4, None)))


def contexts(chances: Floats, where: Surrounded, usual: Floats, smoothing: float) -> list[Floats]:
    """For each of CONTEXTS, what the others there say on average, drawn to the usual shares where they are few. (n, 7) each"""
    return [_others(chances, groups, usual, smoothing) for groups in (where.sentence, where.turn, where.speaker)]


def _others(chances: Floats, groups: Ints, usual: Floats, smoothing: float) -> Floats:
    """The mean over the rest of a mention's group."""
    _, group = np.unique(groups, return_inverse=True)
    sums = np.zeros((group.max() + 1, K))
    np.add.at(sums, group, chances)
    sizes = np.bincount(group)[group][:, None]
    return np.asarray((sums[group] - chances + smoothing * usual) / (sizes - 1 + smoothing))


@dataclass(frozen=True, slots=True)
class Lesson:
    """One partnership that a person coded: mentions, where they stand, and labels by number (-1 where there is none).

    ``group`` is the partnership's name: lessons of one group are left out together.
    """

    name: str
    group: str
    asked: tuple[Asked, ...]
    where: Surrounded
    labels: Ints


RULES_SAY = 0.3
"""The share of the rules in the last word. What was learned from interviews knows little of real minutes, of which the rules were
told; chosen on gold_dev and the cases (bench/README.md)."""
PENALTY, TRUST_PENALTY, GROUPS, FOLDS = 6.0, 2.0, 2, 6


def taught(lessons: Sequence[Lesson], penalty: float = PENALTY) -> ReferenceModel:
    """A model from partnerships that persons coded. How far contexts are trusted is learned on partnerships left out of the
    first step, so that it is not over-sure."""
    lessons = sorted(lessons, key=lambda one: one.name)
    usual = _usual(lessons)
    words, weights = _first_step(lessons, penalty)
    groups = sorted({one.group for one in lessons})
    told = [_held_out(lessons, groups[fold::FOLDS], penalty) for fold in range(min(FOLDS, len(groups)))]
    alone = {name: chances for part in told for name, chances in part.items()}
    scores, truth = [], []
    for lesson in lessons:
        rows = np.flatnonzero(lesson.labels >= 0)
        around = contexts(alone[lesson.name], lesson.where, usual, 1.0)
        scores.append(logs(alone[lesson.name], around)[:, rows])
        truth.append(lesson.labels[rows])
    trust, lean = _second_step(np.concatenate(scores, axis=1), np.concatenate(truth))
    return ReferenceModel(words, weights, trust, lean, usual)


def _usual(lessons: Sequence[Lesson]) -> Floats:
    counts = np.ones(K)
    for lesson in lessons:
        counts += np.bincount(lesson.labels[lesson.labels >= 0], minlength=K)
    return np.asarray(counts / counts.sum())


def _first_step(lessons: Sequence[Lesson], penalty: float) -> tuple[Vocabulary, Floats]:
    from weness.coding.linear import vocabulary_of

    words = vocabulary_of(((one.group, row.features) for one in lessons for row in one.asked), GROUPS)
    labelled = [
        (row.features, label) for one in lessons for row, label in zip(one.asked, one.labels, strict=True) if label >= 0
    ]
    rows = words.rows(features for features, _ in labelled)
    truth = np.eye(K)[[label for _, label in labelled]]
    return words, fitted(rows, truth, words.size, penalty)


def _held_out(lessons: Sequence[Lesson], groups: Sequence[str], penalty: float) -> dict[str, Floats]:
    """What a model that never saw these partnerships says of them, each mention alone."""
    out = [one for one in lessons if one.group in groups]
    words, weights = _first_step([one for one in lessons if one not in out], penalty)
    return {one.name: softmax(words.rows(row.features for row in one.asked).times(weights)) for one in out}


def _second_step(scores: Floats, truth: Ints) -> tuple[Floats, Floats]:
    """scores : shape (1 + len(CONTEXTS), n, 7). A conditional logit with one weight a context."""
    n_contexts, n, _ = scores.shape
    start = np.zeros(n_contexts + K)
    start[0] = 1.0
    told = np.eye(K)[truth]

    def loss(flat: Floats) -> tuple[float, Floats]:
        chances = softmax(np.einsum("c,cnk->nk", flat[:n_contexts], scores) + flat[n_contexts:])
        away = flat - start
        value = -float(np.log(np.clip(chances[np.arange(n), truth], 1e-12, None)).sum()) + 0.5 * TRUST_PENALTY * float(
            away @ away
        )
        errors = chances - told
        slope = np.concatenate([np.einsum("cnk,nk->c", scores, errors), errors.sum(axis=0)])
        return value, slope + TRUST_PENALTY * away

    found = lowest(loss, start.copy(), 200)
    return found[:n_contexts], found[n_contexts:]
