"""The coder that comes with weness: instant, offline, small, and able to say that it does not know."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from weness.coding.builtin_model import BuiltinModel, builtin_model
from weness.coding.codebook import Codebook
from weness.coding.codings import Coding, Codings, in_text_order
from weness.coding.learned import Learned, learned_in
from weness.coding.linear import Floats
from weness.coding.mention_features import Asked, mentions_asked
from weness.coding.reference_model import ReferenceModel
from weness.coding.reference_rules import named_coding
from weness.coding.reliability import LABELS
from weness.coding.segment_features import Told, sentences_told
from weness.coding.segment_model import CODES
from weness.coding.segment_rules import fields_of, may
from weness.engines import Engine
from weness.reading.corpus import Corpus, Span

KIND = "builtin"
UNCLEAR = "WE_UNCLEAR"
SAID_FROM = 0.4
"""Below this chance of its best reading the coder abstains: WE_UNCLEAR, with its two candidates."""
LONGEST = 3
"""Sentences that one segment may hold."""


class BuiltinCoder:
    """Family A by the mention, its neighbours and its text; families B and C by the sentence. ``folder`` is a study that the coder
    may have learned from (``weness learn``); ``seen_by`` adds to the features of mentions and sentences, as an encoder does."""

    name = KIND

    def __init__(
        self,
        folder: Path | None = None,
        model: BuiltinModel | None = None,
        kind: str = KIND,
        seen_by: Callable[[Sequence[Any]], list[Any]] | None = None,
    ) -> None:
        self.model = model or builtin_model()
        self.name = kind
        self._seen_by = seen_by or list
        self.learned: Learned | None = learned_in(folder) if folder else None

    def code(self, corpus: Corpus, codebook: Codebook, engine: Engine) -> Codings:
        asked: list[Asked] = []
        marks: list[Coding] = []
        for one in mentions_asked(corpus, self.model.usual):
            if isinstance(one, Asked):
                asked.append(one)
            elif coding := named_coding(*one, self.name):
                marks.append(coding)
        asked = self._seen_by(asked)
        chances = self.chances(asked, corpus)
        marks += [_coding(one, row, self.name) for one, row in zip(asked, chances, strict=True)]
        said: dict[int, str] = {}
        for one, row in zip(asked, chances, strict=True):
            said.setdefault(one.one.number, LABELS[int(row.argmax())])
        told: list[Told] = self._seen_by(list(sentences_told(corpus, said)))
        marks += _segments(told, self.model.segments.chances(told), self.model.segments.thresholds, self.name)
        seen = frozenset((document.id, family) for document in corpus.documents for family in "ABC")
        return Codings(self.name, codebook.id, seen, in_text_order(marks), self._made())

    def chances(self, asked: Sequence[Asked], corpus: Corpus) -> Floats:
        """shape (n, 7)"""
        if self.learned is None:
            return self.model.reference.chances(asked, corpus)
        assert isinstance(self.model.reference, ReferenceModel)
        return self.learned.chances(self.model.reference, asked, corpus)

    def _made(self) -> dict[str, str]:
        model = {"builtin model": self.model.hash} if self.model.hash else {}
        if self.learned is None:
            return model
        return model | {"builtin learned from": f"{self.learned.n} codings of this study, for this study only"}


def _coding(one: Asked, chances: Floats, kind: str) -> Coding:
    ranked = np.argsort(-chances, kind="stable")
    best, second = (LABELS[at] for at in ranked[:2])
    chance = float(chances[ranked[0]])
    why = _why(one, best)
    if best == UNCLEAR or chance < SAID_FROM:
        candidates = [LABELS[at] for at in ranked if LABELS[at] != UNCLEAR][:2]
        fields = {"candidates": candidates, "chance": round(float(chances[LABELS.index(candidates[0])]), 4)}
        said = float(chances[LABELS.index(UNCLEAR)])
        return Coding(one.mention.span, UNCLEAR, kind, said, fields, f"no reading is clear; {why}", kind)
    return Coding(one.mention.span, best, kind, chance, {"next": second}, why, kind)


def _why(one: Asked, label: str) -> str:
    """The weightiest cues for a label; the rest of the model (words beside it, neighbours) cannot be told in a sentence."""
    reasons: dict[str, float] = {}
    for share, hit in one.cues:
        if hit.gives.get(label, 0) > 0:
            reasons[hit.said()] = max(reasons.get(hit.said(), 0), share * hit.gives[label])
    top = sorted(reasons, key=lambda reason: (-reasons[reason], reason))[:3]
    return "; ".join(top) if top else "the words around it and the mentions near by"


def _segments(told: Sequence[Told], chances: Floats, thresholds: Floats, kind: str) -> Iterator[Coding]:
    """One coding for each run of sentences of a turn that reach a code's threshold."""
    for k, code in enumerate(CODES):
        run: list[int] = []
        for number in np.flatnonzero(chances[:, k] >= thresholds[k]).tolist() if told else []:
            if not may(code, told[number].context.document.genre):
                continue
            if run and not (len(run) < LONGEST and _follows(told[run[-1]], told[number])):
                yield _segment(code, [told[at] for at in run], chances[run, k], kind)
                run = []
            run.append(number)
        if run:
            yield _segment(code, [told[at] for at in run], chances[run, k], kind)


def _follows(one: Told, other: Told) -> bool:
    return other.number == one.number + 1 and other.context.sentence.turn == one.context.sentence.turn


def _segment(code: str, run: Sequence[Told], chances: Floats, kind: str) -> Coding:
    first, last = run[0].context, run[-1].context
    best = run[int(chances.argmax())].context
    span = Span(first.sentence.span.document, first.sentence.span.start, last.sentence.span.end)
    cue = f"; '{code}' has a cue here" if f"cue={code}" in best.cues() else ""
    return Coding(
        span, code, kind, float(chances.max()), fields_of(code, best), f"like passages that readers coded so{cue}", kind
    )
