"""Where coders said different things, most instructive first, in context: what to talk about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from weness.coding.agreement import MISSING, Ints, counts_of
from weness.coding.codings import Coding
from weness.coding.shared_units import Units, Work, looked, mostly_common
from weness.reading.corpus import Corpus, Span

AROUND = 70
"""Characters of context on either side."""

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One place. ``codes`` are the two that stand against each other, or one that stands against nothing.

    ``times`` counts the places with the same ``codes``; ``cost`` is what they all cost alpha of the family, of mentions only.
    ``said`` holds, by coder who looked, the codes given there; ``why`` the reasons, by coder, where there are any.
    """

    codes: tuple[str, ...]
    span: Span
    said: Mapping[str, tuple[str, ...]]
    why: Mapping[str, str]
    speaker: str
    before: str
    words: str
    after: str
    times: int = 1
    cost: float | None = None


def over_mentions(units: Units, each: Sequence[Work], corpus: Corpus) -> list[Disagreement]:
    """Mentions with two labels, those first whose confusion costs alpha most."""
    codes = list(units.values)
    counts = counts_of(units.labels(), len(codes))
    costs = _costs(counts)
    found = []
    for place in np.flatnonzero((counts > 0).sum(axis=1) > 1):
        said = [number for number in range(len(codes)) if counts[place, number]]
        pair = max(combinations(said, 2), key=lambda one: (costs[one], (-one[0], -one[1])))
        span = units.spans[place]
        who = {
            one.coder: tuple(code for code in codes if units.values[code][number, place] == 1)
            for number, one in enumerate(each)
            if units.values[codes[0]][number, place] != MISSING
        }
        told = _told(tuple(codes[one] for one in pair), span, who, _why(span, each), corpus)
        found.append(replace(told, cost=float(costs[pair])))
    return _in_order(found)


def _costs(counts: Ints) -> Mapping[tuple[int, int], float]:
    """How much higher alpha would be without the confusion of two codes: its share of D_o, over D_e."""
    kept = counts[counts.sum(axis=1) >= 2]
    per_unit, totals = kept.sum(axis=1), kept.sum(axis=0)
    n = int(totals.sum())
    expected = (n**2 - (totals**2).sum()) / (n - 1) if n > 1 else 0
    pairs = combinations(range(counts.shape[1]), 2)
    lost = {(a, b): float((2 * kept[:, a] * kept[:, b] / (per_unit - 1)).sum()) for a, b in pairs}
    return {pair: value / float(expected) if expected else 0.0 for pair, value in lost.items()}


def over_passages(each: Sequence[Work], codes: Mapping[str, Sequence[str]], corpus: Corpus) -> list[Disagreement]:
    """Passages that one coded and another, who looked, did not, or coded otherwise; the commonest first.

    codes : by family as in ``Codings.seen``
    """
    shared = {family: looked(each, family, corpus) for family in codes}
    found: list[Disagreement] = []
    for document in dict.fromkeys(name for family in shared for name in shared[family]):
        # Families that the same coders looked at are judged together: one may see a role where another sees a decision.
        together: dict[tuple[int, ...], list[str]] = {}
        for family in codes:
            together.setdefault(shared[family].get(document, ()), []).extend(codes[family])
        for who, asked in together.items():
            found += _in_document(document, [each[number] for number in who], frozenset(asked), corpus)
    return _in_order(found)


def _in_document(document: str, who: Sequence[Work], asked: frozenset[str], corpus: Corpus) -> Iterator[Disagreement]:
    here: dict[tuple[str, ...], list[Span]] = {}
    for mark in (mark for one in who for mark in one.of(document) if mark.code in asked):
        told = _against(mark, who, asked, corpus)
        if told and not any(mostly_common(told.span, one) for one in here.get(told.codes, ())):
            here.setdefault(told.codes, []).append(told.span)
            yield told


def _against(mark: Coding, who: Sequence[Work], asked: frozenset[str], corpus: Corpus) -> Disagreement | None:
    given = {one.coder: {mark.code for mark in one.at(mark.span)} & asked for one in who}
    without = [coder for coder, theirs in given.items() if mark.code not in theirs]
    if not without:
        return None
    having = set.intersection(*(theirs for theirs in given.values() if mark.code in theirs))
    # What the others say instead: a code that those who gave this one did not give.
    instead = sorted({code for coder in without for code in given[coder]} - having)
    codes = tuple(sorted((mark.code, instead[0]))) if instead else (mark.code,)
    said = {coder: tuple(sorted(theirs)) for coder, theirs in given.items()}
    return _told(codes, mark.span, said, _why(mark.span, who), corpus)


def _why(span: Span, each: Iterable[Work]) -> dict[str, str]:
    told: dict[str, str] = {}
    for one in each:
        reasons = [mark.why for mark in one.at(span) if mark.why]
        if reasons:
            told[one.coder] = "; ".join(dict.fromkeys(reasons))
    return told


def _told(
    codes: tuple[str, ...],
    span: Span,
    said: Mapping[str, tuple[str, ...]],
    why: Mapping[str, str],
    corpus: Corpus,
) -> Disagreement:
    text, sentence = corpus.document(span.document).text, corpus.sentence_at(span)
    # Whole words on either side, on one line; where a line breaks is no matter here.
    before = _SPACE.sub(" ", text[max(0, span.start - AROUND) : span.start])
    after = _SPACE.sub(" ", text[span.end : span.end + AROUND])
    return Disagreement(
        codes,
        span,
        said,
        why,
        (sentence.speaker if sentence else None) or "",
        before if span.start <= AROUND else before.partition(" ")[2],
        _SPACE.sub(" ", text[span.start : span.end]),
        after if span.end + AROUND >= len(text) else after.rpartition(" ")[0],
    )


def _in_order(found: Iterable[Disagreement]) -> list[Disagreement]:
    """Confusion by confusion, the costliest or commonest first; within one, every text in turn."""
    groups: dict[tuple[str, ...], list[Disagreement]] = {}
    for one in found:
        groups.setdefault(one.codes, []).append(one)
    ordered = sorted(groups.values(), key=lambda group: (-(group[0].cost or 0.0), -len(group), group[0].codes))
    return [replace(one, times=len(group)) for group in ordered for one in _spread(group)]


def _spread(group: Sequence[Disagreement]) -> list[Disagreement]:
    turn: dict[str, int] = {}
    keyed = []
    for one in sorted(group, key=lambda one: one.span):
        turn[one.span.document] = turn.get(one.span.document, -1) + 1
        keyed.append((turn[one.span.document], one))
    return [one for _, one in sorted(keyed, key=lambda pair: pair[0])]
