"""Narratives cut into passages of a length that a model can keep in view, never inside a turn if it can be helped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from weness.coding.masks import Masked, masked, numbered
from weness.reading.corpus import Corpus, Mention, Span

BEFORE = 700
"""Characters of what came before that a passage shows, so that a "they" has somebody to point at."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Part of one document. ``mentions`` by the number they carry in ``shown``; ``plain`` is the masked text without marks."""

    span: Span
    before: str
    shown: str
    plain: Masked
    mentions: Mapping[int, Mention]

    def original(self, start: int, end: int) -> Span:
        """Where characters of ``plain`` stand in the document."""
        first, last = self.plain.back(start, end)
        return Span(self.span.document, self.span.start + first, self.span.start + last)


def passages_in(corpus: Corpus, document: str, longest: int, names: Mapping[str, str]) -> tuple[Passage, ...]:
    """All of a document, cut where lines end, at most ``longest`` characters each (a single longer line is cut at a sentence)."""
    text = corpus.document(document).text
    return tuple(passage_of(corpus, Span(document, start, end), names) for start, end in _cuts(text, longest))


def passage_of(corpus: Corpus, span: Span, names: Mapping[str, str]) -> Passage:
    text = corpus.document(span.document).text
    plain = masked(text[span.start : span.end], names)
    mentions = dict(enumerate(_apart(one for one in corpus.mentions_of(span.document) if span.holds(one.span)), 1))
    # Masked before it is cut, so that no half of a name is left at the edge.
    before = masked(text[max(0, span.start - 2 * BEFORE) : span.start], names).text[-BEFORE:]
    places = []
    for number, one in mentions.items():
        places.append((number, *plain.forth(one.span.start - span.start, one.span.end - span.start)))
    return Passage(span, before, numbered(plain.text, places), plain, mentions)


def halves(corpus: Corpus, passage: Passage, names: Mapping[str, str]) -> tuple[Passage, ...]:
    """Two shorter passages, for a model that could not finish one."""
    span = passage.span
    text = corpus.document(span.document).text[span.start : span.end]
    cuts = list(_cuts(text, max(len(text) // 2, 1)))
    return tuple(
        passage_of(corpus, Span(span.document, span.start + start, span.start + end), names) for start, end in cuts
    )


def _apart(mentions: Iterable[Mention]) -> Iterator[Mention]:
    """Mentions that do not overlap, the first of each."""
    end = -1
    for mention in mentions:
        if mention.span.start >= end:
            yield mention
            end = mention.span.end


def _cuts(text: str, longest: int) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = len(text) if len(text) - start <= longest else _cut(text, start, longest)
        if text[start:end].strip():
            yield start, end
        start = end


def _cut(text: str, start: int, longest: int) -> int:
    """Before the last empty line, else the last line, else behind the last sentence that fits."""
    window = text[start : start + longest]
    for pattern in (r"\n\s*\n", r"\n", r"[.!?…][\"'”’»)]*\s"):
        ends = [match.end() for match in re.finditer(pattern, window)]
        if ends and ends[-1] > longest // 3:
            return start + ends[-1]
    space = window.rfind(" ")
    return start + (space + 1 if space > longest // 3 else longest)
