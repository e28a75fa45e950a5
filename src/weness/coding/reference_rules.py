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
from weness.coding.surroundings import (
    Surroundings,
    Weighed,
    asked_before,
    turns_with_mentions,
    weighed,
    with_neighbours,
)
from weness.coding.tone import tone_of
from weness.reading.corpus import Corpus, Mention
from weness.reading.named import Named

CODER = "rules"
UNCLEAR = "WE_UNCLEAR"
QUOTES = '"“”„«»'


def reference_codings(corpus: Corpus) -> list[Coding]:
    """One family A code for every mention of the corpus, in its order."""
    named = Named(corpus)
    local = local_partners(corpus)
    genres = {document.id: document.genre for document in corpus.documents}
    codings: list[Coding] = []
    for turn in turns_with_mentions(corpus, named):
        first = turn[0].sentence
        asked = asked_before(first.turn, first.language, first.partner, corpus, named)
        genre = genres[first.span.document]
        for one, near in with_neighbours(turn):
            codings += _of_sentence(one, near, asked, usual_scores(genre, one, local))
    return codings


def local_partners(corpus: Corpus) -> frozenset[str]:
    return frozenset(partner.id for partner in corpus.partners if partner.power == "local")


def usual_scores(genre: str, one: Surroundings, local: frozenset[str]) -> dict[str, float]:
    """What a "we" usually means where nothing else speaks: by genre, own words quoted in it, and who speaks."""
    spoken = "quoted" if genre in ("minutes", "report", "press") and _is_quoted(one) else genre
    return _usual(spoken, one.sentence.partner in local)


def _of_sentence(
    one: Surroundings, near: list[Surroundings], asked: list[Hit], usual: dict[str, float]
) -> Iterator[Coding]:
    for mention in one.mentions:
        yield named_coding(mention, one, CODER) or _self(mention, weighed(mention, one, near, asked), usual)


def named_coding(mention: Mention, one: Surroundings, coder: str) -> Coding | None:
    """A fellow partner as an other, or the partnership called by name; None for a "we", which has to be understood."""
    if mention.of == "other":
        fields = {"tone": tone_of(one.low, mention.language), "target": mention.target}
        return Coding(mention.span, "THEY_PARTNER", coder, _page()["others"], fields, _why_other(mention), coder)
    if mention.form == "name":
        why = "the partnership acts, called by name"
        return Coding(mention.span, LABELS[0], coder, _page()["by_name"], {}, why, coder)
    return None


def _is_quoted(one: Surroundings) -> bool:
    """Whether somebody's own words are given in a text that is written about many."""
    return any(mark in one.low for mark in QUOTES)


def _self(mention: Mention, cues: Weighed, usual: dict[str, float]) -> Coding:
    chances = rule_chances(cues, usual)
    ranked = sorted(LABELS, key=lambda label: (-chances[label], LABELS.index(label)))
    best = ranked[0]
    if best == UNCLEAR or chances[best] < _page()["call_from"]:
        candidates = [label for label in ranked if label != UNCLEAR][:2]
        why = f"no reading is clear; {_why(cues, candidates[0])}"
        return Coding(mention.span, UNCLEAR, CODER, chances[UNCLEAR], {"candidates": candidates}, why, CODER)
    return Coding(mention.span, best, CODER, chances[best], {}, _why(cues, best), CODER)


def rule_chances(cues: Weighed, usual: dict[str, float]) -> dict[str, float]:
    """What the cues say of a mention, label by label; they sum to one."""
    evidence = dict.fromkeys(LABELS, 0.0)
    for share, hit in cues:
        for label, weight in hit.gives.items():
            evidence[label] += share * weight
    scores = {label: usual[label] + _saturated(evidence[label]) for label in LABELS}
    slip = _page()["slip"]
    return {
        label: (1 - slip) * chance + slip / len(LABELS)
        for label, chance in _softmax(scores, _page()["temperature"]).items()
    }


def _saturated(evidence: float) -> float:
    """Cues that say the same count less and less: they are seldom independent."""
    most: float = _page()["most"]
    return most * math.tanh(evidence / most)


def _why(cues: Weighed, label: str) -> str:
    """The three weightiest reasons for a code, as a scholar would say them."""
    reasons: dict[str, float] = {}
    for share, hit in cues:
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
