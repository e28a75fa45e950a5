"""Whom "we" means, by rule: weights of cues are summed, and the sum can be read back as a reason."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from typing import Any

from weness import library
from weness.coding.codings import Coding
from weness.coding.cues import Hit
from weness.coding.reliability import LABELS
from weness.coding.surroundings import Surroundings, asked_before, turns_with_mentions
from weness.coding.tone import tone_of
from weness.reading.corpus import Corpus, Mention
from weness.reading.named import Named

CODER = "rules"
UNCLEAR = "WE_UNCLEAR"
QUOTES = '"“”„«»'
POOLED_WITHIN = 400
"""Characters: a sentence that a machine wrote down without full stops is not one sentence."""
Weighed = list[tuple[float, Hit]]
"""Cues with the share of their weight that reaches a mention."""


def reference_codings(corpus: Corpus) -> list[Coding]:
    """One family A code for every mention of the corpus, in its order."""
    named = Named(corpus)
    local = frozenset(partner.id for partner in corpus.partners if partner.power == "local")
    genres = {document.id: document.genre for document in corpus.documents}
    codings: list[Coding] = []
    for turn in turns_with_mentions(corpus, named):
        first = turn[0].sentence
        asked = asked_before(first.turn, first.language, first.partner, corpus, named)
        genre = genres[first.span.document]
        reach = _page()["spill_reach"]
        for place, one in enumerate(turn):
            spoken = "quoted" if genre in ("minutes", "report", "press") and _is_quoted(one) else genre
            around = turn[max(0, place - reach) : place + reach + 1]
            near = [other for other in around if 0 < abs(other.number - one.number) <= reach]
            codings += _of_sentence(one, near, asked, _usual(spoken, first.partner in local))
    return codings


def _of_sentence(
    one: Surroundings, near: list[Surroundings], asked: list[Hit], usual: dict[str, float]
) -> Iterator[Coding]:
    for mention in one.mentions:
        if mention.of == "other":
            fields = {"tone": tone_of(one.low, mention.language), "target": mention.target}
            yield Coding(mention.span, "THEY_PARTNER", CODER, _page()["others"], fields, _why_other(mention), CODER)
        elif mention.form == "name":
            yield Coding(
                mention.span, LABELS[0], CODER, _page()["by_name"], {}, "the partnership acts, called by name", CODER
            )
        else:
            yield _self(mention, _weighed(mention, one, near, asked), usual)


def _weighed(mention: Mention, one: Surroundings, near: list[Surroundings], asked: list[Hit]) -> Weighed:
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


def _is_quoted(one: Surroundings) -> bool:
    """Whether somebody's own words are given in a text that is written about many."""
    return any(mark in one.low for mark in QUOTES)


def _self(mention: Mention, weighed: Weighed, usual: dict[str, float]) -> Coding:
    evidence = dict.fromkeys(LABELS, 0.0)
    for share, hit in weighed:
        for label, weight in hit.gives.items():
            evidence[label] += share * weight
    scores = {label: usual[label] + _saturated(evidence[label]) for label in LABELS}
    slip = _page()["slip"]
    chances = {
        label: (1 - slip) * chance + slip / len(LABELS)
        for label, chance in _softmax(scores, _page()["temperature"]).items()
    }
    ranked = sorted(LABELS, key=lambda label: (-chances[label], LABELS.index(label)))
    best = ranked[0]
    if best == UNCLEAR or chances[best] < _page()["call_from"]:
        candidates = [label for label in ranked if label != UNCLEAR][:2]
        why = f"no reading is clear; {_why(weighed, candidates[0])}"
        return Coding(mention.span, UNCLEAR, CODER, chances[UNCLEAR], {"candidates": candidates}, why, CODER)
    return Coding(mention.span, best, CODER, chances[best], {}, _why(weighed, best), CODER)


def _saturated(evidence: float) -> float:
    """Cues that say the same count less and less: they are seldom independent."""
    most: float = _page()["most"]
    return most * math.tanh(evidence / most)


def _why(weighed: Weighed, label: str) -> str:
    """The three weightiest reasons for a code, as a scholar would say them."""
    reasons: dict[str, float] = {}
    for share, hit in weighed:
        if hit.gives.get(label, 0) > 0:
            reasons[hit.said()] = max(reasons.get(hit.said(), 0), share * hit.gives[label])
    top = sorted(reasons, key=lambda reason: (-reasons[reason], reason))[:3]
    return "; ".join(top) if top else "no cue: what is usual in such a text"


def _why_other(mention: Mention) -> str:
    if mention.form == "pronoun":
        return f"they: {mention.target} was spoken of last"
    return f"{mention.target} is spoken of by name, as an other"


def _softmax(scores: dict[str, float], temperature: float) -> dict[str, float]:
    highest = max(scores.values())
    powers = {label: math.exp((score - highest) / temperature) for label, score in scores.items()}
    total = sum(powers.values())
    return {label: power / total for label, power in powers.items()}


@cache
def _usual(genre: str, local: bool) -> dict[str, float]:
    """Where nothing else speaks. A genre that is not known is read like an interview."""
    page = _page()
    scores = dict(page["usual"].get(genre, page["usual"]["interview"]))
    for label, weight in page["local_people"].items() if local else ():
        scores[label] += weight
    return scores


@cache
def _page() -> dict[str, Any]:
    page: dict[str, Any] = library.page("thresholds", "reference")
    return page
