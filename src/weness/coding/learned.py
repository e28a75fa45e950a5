"""What the built-in coder learned from the user's own codings of one study, for that study only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from weness.coding.codings import Codings
from weness.coding.linear import Floats, Vocabulary, fitted, softmax
from weness.coding.mention_features import Asked
from weness.coding.reference_model import Ints, K, ReferenceModel
from weness.coding.reliability import LABELS
from weness.reading.corpus import Corpus
from weness.safekeeping import whole_file

FILE = Path(".weness") / "learned.npz"
PULL = 4.0
"""How strongly the weights are held to those of the corpus."""
FEWEST = 10
"""Codings from which learning is worth its noise."""


@dataclass(frozen=True, slots=True)
class Learned:
    """``names`` and ``weights`` (n_names + 1, 7) go on top of the corpus's weights; ``labels`` are the codings themselves, by
    (document, start), so that their neighbours are judged by them."""

    names: tuple[str, ...]
    weights: Floats
    labels: Mapping[tuple[str, int], int]

    @property
    def n(self) -> int:
        return len(self.labels)

    def chances(self, model: ReferenceModel, asked: Sequence[Asked], corpus: Corpus) -> Floats:
        """shape (n, 7)"""
        if not asked:
            return np.zeros((0, K))
        base = model.vocabulary.rows(one.features for one in asked).times(model.weights)
        own = Vocabulary(self.names).rows(one.features for one in asked).times(self.weights)
        alone = softmax(base + own)
        places = ((one.mention.span.document, one.mention.span.start) for one in asked)
        known = {number: self.labels[place] for number, place in enumerate(places) if place in self.labels}
        return model.judged(alone, asked, corpus, known)


def learned_from(model: ReferenceModel, asked: Sequence[Asked], labels: Ints) -> Learned:
    """What the labelled mentions (``labels`` >= 0) teach beyond the corpus: weights near zero where they teach nothing."""
    rows = np.flatnonzero(labels >= 0).tolist()
    features = [asked[row].features for row in rows]
    words = Vocabulary(sorted({name for one in features for name in one}))
    base = model.vocabulary.rows(features).times(model.weights)
    weights = _on_top(words, features, base, labels[rows])
    places = {(asked[row].mention.span.document, asked[row].mention.span.start): int(labels[row]) for row in rows}
    return Learned(words.names, weights, places)


def _on_top(words: Vocabulary, features: Sequence[Mapping[str, float]], base: Floats, labels: Ints) -> Floats:
    """A regression whose scores start from those of the corpus: each row carries its own as features with weight one."""
    if not len(labels):
        return np.zeros((words.size, K))
    carried = [
        {**one, **{f"\x00{k}": float(score) for k, score in enumerate(row)}}
        for one, row in zip(features, base, strict=True)
    ]
    wide = Vocabulary([*words.names, *(f"\x00{k}" for k in range(K))])
    start = np.zeros((wide.size, K))
    start[len(words.names) : len(words.names) + K] = np.eye(K)
    found = fitted(wide.rows(carried), np.eye(K)[labels], wide.size, PULL, toward=start)
    # What the penalty let the carried scores drift is small, and is left out so that the corpus keeps its say.
    return np.concatenate([found[: len(words.names)], found[-1:]])


def labels_in(asked: Sequence[Asked], codings: Codings) -> Ints:
    """The label a person gave to each mention, -1 where there is none. shape (n,)"""
    given = {(mark.span.document, mark.span.start): mark.code for mark in codings.marks if mark.code in LABELS}
    places = ((one.mention.span.document, one.mention.span.start) for one in asked)
    return np.array([LABELS.index(given[place]) if place in given else -1 for place in places], dtype=np.int64)


def remember(learned: Learned, folder: Path) -> Path:
    path = folder / FILE
    places = [f"{document}\x1f{start}\x1f{label}" for (document, start), label in sorted(learned.labels.items())]
    held: dict[str, Any] = {
        "names": np.frombuffer("\n".join(learned.names).encode(), dtype=np.uint8),
        "weights": learned.weights.astype(np.float32),
        "places": np.frombuffer("\n".join(places).encode(), dtype=np.uint8),
    }

    def fill(draft: Path) -> None:
        with draft.open("wb") as file:
            np.savez_compressed(file, **held)

    whole_file(path, fill)
    return path


def learned_in(folder: Path) -> Learned | None:
    """What was learned in a study, or None. Raises ValueError where the file is none of ours."""
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            names = bytes(arrays["names"]).decode().split("\n")
            rows = [row.split("\x1f") for row in bytes(arrays["places"]).decode().split("\n") if row]
            labels = {(document, int(start)): int(label) for document, start, label in rows}
            return Learned(tuple(names), arrays["weights"].astype(np.float64), labels)
    except (KeyError, ValueError, OSError, EOFError, BadZipFile) as error:
        raise ValueError(f"{path} cannot be read ({error}). Run weness learn again, or delete it.") from None
