"""The mentions and sentences that several coders looked at, and what each of them said there."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from weness.coding.agreement import MISSING, Ints
from weness.coding.codings import Coding, Codings, in_text_order
from weness.coding.lessons import MOSTLY
from weness.coding.unitizing import merged
from weness.reading.corpus import Corpus, Span

SKIPPED = frozenset({"interviewer", "header"})
"""Sentences that nobody is asked to code."""
THEY = "THEY_PARTNER"


@dataclass(frozen=True)
class Along:
    """Spans of one text in the order of their beginnings; those that touch a place are found without a look at all."""

    spans: Sequence[Span]

    def touching(self, place: Span) -> Iterator[int]:
        """Which of ``spans`` overlap ``place``, by number, in order."""
        first = bisect_right(self._starts, place.start - self._longest)
        for number in range(first, bisect_left(self._starts, place.end)):
            if self.spans[number].end > place.start:
                yield number

    @cached_property
    def _starts(self) -> list[int]:
        return [span.start for span in self.spans]

    @cached_property
    def _longest(self) -> int:
        return max((span.end - span.start for span in self.spans), default=0)


@dataclass(frozen=True)
class Work:
    """What one coder did: the texts looked at, and the marks, found by text and by place however many there are."""

    coder: str
    seen: frozenset[tuple[str, str]]
    marks: tuple[Coding, ...]

    @classmethod
    def of_coder(cls, one: Codings) -> Work:
        return cls(one.coder, one.seen, in_text_order(one.marks))

    def of(self, document: str) -> Sequence[Coding]:
        return self._by_text[document][0] if document in self._by_text else ()

    def at(self, place: Span) -> Iterator[Coding]:
        """The marks that hold of a place."""
        if place.document in self._by_text:
            marks, along = self._by_text[place.document]
            yield from (marks[number] for number in along.touching(place) if mostly_common(marks[number].span, place))

    @cached_property
    def _by_text(self) -> dict[str, tuple[list[Coding], Along]]:
        found: dict[str, list[Coding]] = {}
        for mark in self.marks:
            found.setdefault(mark.span.document, []).append(mark)
        return {document: (marks, Along([mark.span for mark in marks])) for document, marks in found.items()}


@dataclass(frozen=True, slots=True)
class Units:
    """Mentions or sentences, with who said them; ``speakers`` names the text where the speaker is not known.

    values : by code, shape (n_coders, n_units): 1 said, 0 not said, MISSING not looked (or left without any label)
    """

    spans: tuple[Span, ...]
    languages: tuple[str, ...]
    speakers: tuple[str, ...]
    values: Mapping[str, Ints] = field(default_factory=dict)

    def any_of(self, codes: Sequence[str]) -> Ints:
        """Whether one of several codes was said. shape (n_coders, n_units)"""
        return np.asarray(np.max([self.values[code] for code in codes], axis=0), dtype=np.int64)

    def labels(self) -> Ints:
        """Which one of the codes each coder gave, where every unit gets at most one. shape (n_coders, n_units)"""
        stack = np.stack(list(self.values.values()))
        return np.asarray(np.where(stack[0] == MISSING, MISSING, stack.argmax(axis=0)), dtype=np.int64)


def looked(each: Sequence[Work], family: str, corpus: Corpus) -> dict[str, tuple[int, ...]]:
    """By text, in the order of the corpus, which coders looked at it for a family: texts that at least two looked at."""
    found = {}
    for document in corpus.documents:
        who = tuple(number for number, one in enumerate(each) if (document.id, family) in one.seen)
        if len(who) > 1:
            found[document.id] = who
    return found


def mostly_common(one: Span, other: Span) -> bool:
    """Whether they share at least MOSTLY of the shorter: the rule by which a passage's code holds of a sentence."""
    common = min(one.end, other.end) - max(one.start, other.start)
    shorter = min(one.end - one.start, other.end - other.start)
    return one.document == other.document and common > 0 and common >= MOSTLY * shorter


def mention_units(each: Sequence[Work], codes: Sequence[str], corpus: Corpus) -> Units:
    """Every mention that one of them labelled with one of ``codes``; labels that overlap are of the same mention."""
    found: list[tuple[Span, dict[int, str]]] = []
    for document, who in looked(each, "A", corpus).items():
        labels = [(number, mark) for number in who for mark in each[number].of(document) if mark.code in codes]
        found += _by_mention(labels, [one.span for one in corpus.mentions_of(document) if one.of == "self"])
    values = {code: np.full((len(each), len(found)), MISSING, dtype=np.int64) for code in codes}
    for place, (_, said) in enumerate(found):
        for number, code in said.items():
            for one in codes:
                values[one][number, place] = int(one == code)
    return _units([span for span, _ in found], values, corpus)


def _by_mention(labels: Sequence[tuple[int, Coding]], mentions: Sequence[Span]) -> list[tuple[Span, dict[int, str]]]:
    known = Along(mentions)
    strays = [mark.span for _, mark in labels if next(known.touching(mark.span), None) is None]
    loose = [Span(strays[0].document, *place) for place in merged((one.start, one.end) for one in strays)]
    homes = Along(sorted((*mentions, *loose)))
    best: dict[tuple[Span, int], tuple[int, str]] = {}
    for number, mark in labels:
        touched = [homes.spans[number] for number in homes.touching(mark.span)]
        size, _, home = max((_common(mark.span, one), -one.start, one) for one in touched)
        # Two labels of one coder on one mention: the one that covers more of it.
        if size > best.get((home, number), (0, ""))[0]:
            best[home, number] = (size, mark.code)
    said: dict[Span, dict[int, str]] = {}
    for (home, number), (_, code) in best.items():
        said.setdefault(home, {})[number] = code
    return sorted(said.items(), key=lambda one: one[0])


def _common(one: Span, other: Span) -> int:
    return min(one.end, other.end) - max(one.start, other.start)


def sentence_units(each: Sequence[Work], codes: Sequence[str], family: str, corpus: Corpus) -> Units:
    """Every sentence of the texts that two looked at for the family, and which of ``codes`` hold of it."""
    shared = looked(each, family, corpus)
    spans = [one.span for name in shared for one in corpus.sentences_of(name) if one.excluded not in SKIPPED]
    places: dict[str, list[int]] = {}
    for place, span in enumerate(spans):
        places.setdefault(span.document, []).append(place)
    values = {code: np.full((len(each), len(spans)), MISSING, dtype=np.int64) for code in codes}
    for document, who in shared.items():
        here = places.get(document, [])
        along = Along([spans[place] for place in here])
        for number in who:
            for code in codes:
                values[code][number, here] = 0
            for mark in each[number].of(document):
                if mark.code in values:
                    for place in along.touching(mark.span):
                        if mostly_common(along.spans[place], mark.span):
                            values[mark.code][number, here[place]] = 1
    return _units(spans, values, corpus)


def _units(spans: Sequence[Span], values: Mapping[str, Ints], corpus: Corpus) -> Units:
    sentences = [corpus.sentence_at(span) for span in spans]
    languages = [
        one.language if one else corpus.document(span.document).language
        for span, one in zip(spans, sentences, strict=True)
    ]
    speakers = [
        (one.speaker if one else None) or f"? {span.document}" for span, one in zip(spans, sentences, strict=True)
    ]
    return Units(tuple(spans), tuple(languages), tuple(speakers), values)
