"""What stands around a mention: its sentence, who is named in it, and what the interviewer had asked."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from weness import library
from weness.coding.cues import Hit, cues_of
from weness.reading.corpus import Corpus, Mention, Sentence
from weness.reading.mentions import pieces
from weness.reading.named import PARTNERSHIP, Name, Named, lowered

ASKED = 400
"""Characters of a long question that are looked at: its end."""


POOLED_WITHIN = 400
"""Characters: a sentence that a machine wrote down without full stops is not one sentence."""
Weighed = list[tuple[float, Hit]]
"""Cues with the share of their weight that reaches a mention."""


@dataclass
class Surroundings:
    """A sentence with mentions, or a piece of one that never ends; ``begin`` is where it stands in the document.

    ``around`` are the cues of the sentence, ``beside`` those of each self mention. ``since`` counts the sentences since
    the turn began.
    """

    number: int
    since: int
    sentence: Sentence
    begin: int
    text: str
    low: str
    mentions: list[Mention]
    names: list[Name] = field(default_factory=list)
    around: list[Hit] = field(default_factory=list)
    beside: dict[Mention, list[Hit]] = field(default_factory=dict)

    def words(self, mention: Mention) -> str:
        return self.low[mention.span.start - self.begin : mention.span.end - self.begin]


def turns_with_mentions(corpus: Corpus, named: Named) -> Iterator[list[Surroundings]]:
    """The sentences with mentions, turn by turn, with all their cues."""
    by_sentence: dict[int, list[Mention]] = {}
    for mention in corpus.mentions:
        by_sentence.setdefault(mention.sentence, []).append(mention)
    turn: list[Surroundings] = []
    begins, current = 0, -1
    for number, sentence in enumerate(corpus.sentences):
        if sentence.turn != current:
            begins, current = number, sentence.turn
            if turn:
                yield turn
            turn = []
        if number in by_sentence:
            for one in _read(number, number - begins, sentence, by_sentence[number], corpus):
                _look_around(one, named)
                turn.append(one)
    if turn:
        yield turn


def _read(
    number: int, since: int, sentence: Sentence, mentions: list[Mention], corpus: Corpus
) -> Iterator[Surroundings]:
    text = corpus.text(sentence.span)
    waiting = deque(mentions)
    for start, end in pieces(text):
        begin, words = sentence.span.start + start, text[start:end]
        here = []
        while waiting and waiting[0].span.start < sentence.span.start + end:
            here.append(waiting.popleft())
        if here:
            yield Surroundings(number, since, sentence, begin, words, lowered(words), here)


def weighed(mention: Mention, one: Surroundings, near: list[Surroundings], asked: list[Hit]) -> Weighed:
    """Every cue that reaches a mention: its own, its sentence's, its neighbours' and the question's."""
    page = _page()
    found = [(1.0, hit) for hit in one.beside[mention]] + [(1.0, hit) for hit in one.around]
    own = {hit.why for hit in one.beside[mention]}
    for other, hits in one.beside.items():
        if other is not mention and abs(other.span.start - mention.span.start) < POOLED_WITHIN:
            found += [(page["pooled"], hit) for hit in hits if hit.why not in own]
            own |= {hit.why for hit in hits}
    for neighbour in near:
        beside = [hit for hits in neighbour.beside.values() for hit in hits]
        seen = {hit.why: hit for hit in [*neighbour.around, *beside]}
        share = page["spill"] * page["spill_fade"] ** (abs(neighbour.number - one.number) - 1)
        found += [(share, hit) for hit in seen.values()]
    fade = page["question_fade"] ** one.since
    return found + [(fade, hit) for hit in asked]


def with_neighbours(turn: list[Surroundings]) -> Iterator[tuple[Surroundings, list[Surroundings]]]:
    """Every sentence of a turn with those near enough to spill over."""
    reach = _page()["spill_reach"]
    for place, one in enumerate(turn):
        around = turn[max(0, place - reach) : place + reach + 1]
        yield one, [other for other in around if 0 < abs(other.number - one.number) <= reach]


def asked_before(turn: int, language: str, partner: str | None, corpus: Corpus, named: Named) -> list[Hit]:
    """The cues of the interviewer's question before a turn."""
    asked = corpus.turns[turn - 1] if 0 < turn < len(corpus.turns) else None
    if asked is None or not asked.interviewer or asked.span.document != corpus.turns[turn].span.document:
        return []
    text = corpus.text(asked.span)[-ASKED:]
    low = lowered(text)
    hits = cues_of(language).by_phrase(low, "question")
    weights = _page()["named"]
    for name in named.names_in(text, low):
        if name.who == partner and not name.person:
            hits.append(Hit(weights["asked_own"], "asked about the own house", low[name.start : name.end]))
        elif name.who == PARTNERSHIP:
            hits.append(Hit(weights["partnership"], "asked about the partnership", low[name.start : name.end]))
    return hits


def _look_around(one: Surroundings, named: Named) -> None:
    cues = cues_of(one.sentence.language)
    selves = [mention for mention in one.mentions if mention.of == "self" and mention.form != "name"]
    if not selves:
        return
    names = one.names = named.names_in(one.text, one.low)
    one.around = cues.by_phrase(one.low) + _by_names(one, names)
    for mention in selves:
        start, end = mention.span.start - one.begin, mention.span.end - one.begin
        hits = cues.by_mention(one.low, start, end, mention.form)
        one.beside[mention] = hits + _done_to_us(one, mention) + _with_others(one, names, start)


def _by_names(one: Surroundings, names: list[Name]) -> list[Hit]:
    weights, own = _page()["named"], one.sentence.partner
    hits = {}
    for name in names:
        if name.who == PARTNERSHIP:
            hits["partnership"] = Hit(
                weights["partnership"], "the partnership is named", one.low[name.start : name.end]
            )
        elif name.who == own and not name.person:
            hits["own"] = Hit(weights["own_house"], "the own house is named", one.low[name.start : name.end])
    others = _others(names, own)
    if any(name.person and name.who != own for name in names):
        hits["person"] = Hit(weights["person"], "people of other partners are named")
    if len(others) >= 3:
        hits["many"] = Hit(weights["many"], "three partners or more are named")
    as_others = sorted({mention.target for mention in one.mentions if mention.of == "other" and mention.target})
    if as_others and len(others) < 3:
        hits["other"] = Hit(weights["as_other"], "set against an other", ", ".join(as_others))
    return list(hits.values())


def _done_to_us(one: Surroundings, mention: Mention) -> list[Hit]:
    """ "They sent us": an other acts on us, so that it is not one of us."""
    word = one.words(mention)
    if word in _objects(mention.language):
        for other in one.mentions:
            if other.of == "other" and 0 < mention.span.start - other.span.end < 30:
                return [Hit(_page()["named"]["done_to_us"], "an other acts on us", word)]
    return []


def _with_others(one: Surroundings, names: list[Name], start: int) -> list[Hit]:
    """A fellow partner and me, or "with the council we": some, and not all."""
    if len(_others(names, one.sentence.partner)) >= 3:
        return []
    weights = _page()["named"]
    and_me, me_and, with_them = _joins(one.sentence.language)
    for name in names:
        if name.who in (one.sentence.partner, PARTNERSHIP):
            continue
        before, after = one.low[max(0, name.start - 30) : name.start], one.low[name.end : name.end + 24]
        words = one.low[name.start : name.end]
        if and_me.match(after) or me_and.search(before):
            return [Hit(weights["and_me"], "a partner and me", words)]
        if with_them.search(before) and abs(name.start - start) < 50:
            return [Hit(weights["with_them"], "with a partner", words)]
    return []


def _others(names: list[Name], own: str | None) -> set[str]:
    return {name.who for name in names} - {PARTNERSHIP, own or ""}


@cache
def _page() -> dict[str, Any]:
    page: dict[str, Any] = library.page("thresholds", "reference")
    return page


@cache
def _objects(language: str) -> frozenset[str]:
    return frozenset(library.page(f"lexicons/{language}", "reference")["objects"])


@cache
def _joins(language: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """(behind a name, before a name, before a name): "and I", "I and", "with"."""
    page = library.page(f"lexicons/{language}", "reference")["joins"]
    and_, me, with_ = ("|".join(page[key]) for key in ("and", "me", "with"))
    return (
        re.compile(rf",?\s+(?:{and_})\s+(?:{me})\b"),
        re.compile(rf"\b(?:{me})\s+(?:{and_})\s+$"),
        re.compile(rf"\b(?:{with_})\s+$"),
    )
