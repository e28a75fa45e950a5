"""Whom "we" means, by rule: weights of cues are summed, and the sum can be read back as a reason."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from weness import library
from weness.coding.codings import Coding
from weness.coding.cues import Cues, Hit, cues_of
from weness.coding.reliability import LABELS
from weness.coding.tone import tone_of
from weness.reading.corpus import Corpus, Mention, Partner, Sentence
from weness.reading.named import PARTNERSHIP, Name, Named, lowered

CODER = "rules"


@dataclass
class _Read:
    """A sentence with mentions, and what was found in it."""

    number: int
    sentence: Sentence
    low: str
    mentions: list[Mention]
    around: list[Hit] = field(default_factory=list)
    own: dict[Mention, list[Hit]] = field(default_factory=dict)


def reference_codings(corpus: Corpus) -> list[Coding]:
    """One family A code for every mention of the corpus."""
    named = Named(corpus)
    partners = {partner.id: partner for partner in corpus.partners}
    questions = _Questions(corpus, named)
    codings: list[Coding] = []
    turn: list[_Read] = []
    for read in _sentences(corpus):
        _find(read, corpus, named)
        if turn and (turn[-1].sentence.turn != read.sentence.turn):
            codings += _of_turn(turn, corpus, partners, questions)
            turn = []
        turn.append(read)
    return codings + _of_turn(turn, corpus, partners, questions)


def _sentences(corpus: Corpus) -> Iterator[_Read]:
    by_sentence: dict[int, list[Mention]] = {}
    for mention in corpus.mentions:
        by_sentence.setdefault(mention.sentence, []).append(mention)
    for number in sorted(by_sentence):
        sentence = corpus.sentences[number]
        yield _Read(number, sentence, lowered(corpus.text(sentence.span)), by_sentence[number])


def _find(read: _Read, corpus: Corpus, named: Named) -> None:
    """All cues of the sentence; those of each self mention apart."""
    cues = cues_of(read.sentence.language)
    selves = [mention for mention in read.mentions if mention.of == "self" and mention.form != "name"]
    if not selves:
        return
    names = named.names_in(corpus.text(read.sentence.span), read.low)
    read.around = cues.by_phrase(read.low) + _by_names(read, names)
    for mention in selves:
        start, end = mention.span.start - read.sentence.span.start, mention.span.end - read.sentence.span.start
        read.own[mention] = cues.by_mention(read.low, start, end, mention.form)
        read.own[mention] += _done_to_us(read, mention, start) + _with_others(read, names, start, end, cues)


def _by_names(read: _Read, names: list[Name]) -> list[Hit]:
    weights = _thresholds()["named"]
    own = read.sentence.partner
    hits = []
    for name in names:
        if name.who == PARTNERSHIP:
            hits.append(Hit(weights["partnership"], "the partnership is named", read.low[name.start : name.end]))
        elif name.who == own and not name.person:
            hits.append(Hit(weights["own_house"], "the own house is named", read.low[name.start : name.end]))
    others = {name.who for name in names} - {PARTNERSHIP, own}
    if len(others) >= 3:
        hits.append(Hit(weights["many"], "three partners or more are named"))
    as_others = sorted({one.target for one in read.mentions if one.of == "other" and one.target})
    if as_others and len(others) < 3:
        hits.append(Hit(weights["as_other"], "set against an other", ", ".join(as_others)))
    return hits


def _done_to_us(read: _Read, mention: Mention, start: int) -> list[Hit]:
    """ "They sent us": an other acts on us, so that it is not one of us."""
    word = read.low[start : start + mention.span.end - mention.span.start]
    if word not in _thresholds()["objects"].get(mention.language, ()):
        return []
    begin = read.sentence.span.start
    for other in read.mentions:
        if other.of == "other" and 0 < start - (other.span.end - begin) < 30:
            return [Hit(_thresholds()["named"]["done_to_us"], "an other acts on us", word)]
    return []


def _with_others(read: _Read, names: list[Name], start: int, end: int, cues: Cues) -> list[Hit]:
    """A fellow partner and me, or "with the council we": some, and not all."""
    page = _thresholds()
    and_me, with_them = _joins(cues.language)
    hits = []
    for name in names:
        if name.who in (read.sentence.partner, PARTNERSHIP):
            continue
        before, after = read.low[max(0, name.start - 30) : name.start], read.low[name.end : name.end + 24]
        if and_me[0].match(after) or and_me[1].search(before):
            hits.append(Hit(page["named"]["and_me"], "a partner and me", read.low[name.start : name.end]))
        elif with_them.search(before) and abs(name.start - start) < 50:
            hits.append(Hit(page["named"]["with_them"], "with a partner", read.low[name.start : name.end]))
    return hits if len({name.who for name in names} - {read.sentence.partner, PARTNERSHIP}) < 3 else []


class _Questions:
    """What the interviewer asked before a turn, as cues."""

    def __init__(self, corpus: Corpus, named: Named) -> None:
        self.corpus, self.named = corpus, named

    def before(self, turn: int, language: str, partner: str | None) -> list[Hit]:
        asked = self.corpus.turns[turn - 1] if 0 < turn < len(self.corpus.turns) else None
        if asked is None or not asked.interviewer or asked.span.document != self.corpus.turns[turn].span.document:
            return []
        text = self.corpus.text(asked.span)[-400:]
        low = lowered(text)
        hits = cues_of(language).by_phrase(low, "question")
        weights = _thresholds()["named"]
        for name in self.named.names_in(text, low):
            if name.who == partner and not name.person:
                hits.append(Hit(weights["asked_own"], "asked about the own house", low[name.start : name.end]))
            elif name.who == PARTNERSHIP:
                hits.append(Hit(weights["partnership"], "asked about the partnership", low[name.start : name.end]))
        return hits


def _of_turn(
    turn: list[_Read], corpus: Corpus, partners: Mapping[str, Partner], questions: _Questions
) -> Iterator[Coding]:
    if not turn:
        return
    first = turn[0].sentence
    asked = questions.before(first.turn, first.language, first.partner)
    for place, read in enumerate(turn):
        near = [one for one in turn[max(0, place - 1) : place + 2] if abs(one.number - read.number) == 1]
        for mention in read.mentions:
            if mention.of == "other":
                yield _other(mention, read)
            elif mention.form == "name":
                yield Coding(mention.span, "WE_PARTNERSHIP", CODER, 0.85, {}, "the partnership acts, by name", CODER)
            else:
                fade = _thresholds()["question_fade"] ** (read.number - first_number(corpus, first))
                yield _self(mention, read, near, asked, fade, corpus, partners)


def first_number(corpus: Corpus, sentence: Sentence) -> int:
    """Where the turn of a sentence begins, among all sentences."""
    return _starts(corpus)[sentence.turn]


def _starts(corpus: Corpus) -> dict[int, int]:
    known = _STARTS.get(id(corpus))
    if known is None or known[0] is not corpus:
        starts: dict[int, int] = {}
        for number, sentence in enumerate(corpus.sentences):
            starts.setdefault(sentence.turn, number)
        _STARTS.clear()
        _STARTS[id(corpus)] = known = (corpus, starts)
    return known[1]


_STARTS: dict[int, tuple[Corpus, dict[int, int]]] = {}
