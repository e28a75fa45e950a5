"""What the built-in coder looks at when it asks whom a "we" means: words beside it, cues of the lexicon, who speaks, who is named."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from weness.coding.cues import Hit
from weness.coding.reference_rules import local_partners, rule_chances, usual_scores
from weness.coding.reliability import LABELS
from weness.coding.shared_words import SharedWords
from weness.coding.surroundings import Surroundings, asked_before, turns_with_mentions, weighed, with_neighbours
from weness.coding.words import STEM, WORD
from weness.reading.corpus import Corpus, Mention, Partner
from weness.reading.named import PARTNERSHIP, Named

BEFORE, AFTER, WIDE = 3, 4, 9
"""Words before and behind a mention that count by their place, and behind it by their presence."""
EVIDENCE = 3.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One "we" that is to be understood, with its features.

    ``cues`` are the reasons a scholar can read, ``by_rule`` what they alone say, in the order of LABELS.
    """

    mention: Mention
    one: Surroundings
    partner: str | None
    features: dict[str, float]
    cues: list[tuple[float, Hit]]
    by_rule: tuple[float, ...]


Usual = Mapping[str, Mapping[str, float]]
"""By language, in what share of usual texts a stem stands (shared_words.usual_words)."""


def mentions_asked(corpus: Corpus, usual: Usual) -> Iterator[Asked | tuple[Mention, Surroundings]]:
    """In text order: an Asked for every "we", (mention, sentence) for names and for others."""
    named = Named(corpus)
    shared = SharedWords(corpus, usual)
    partners = {partner.id: partner for partner in corpus.partners}
    genres = {document.id: document.genre for document in corpus.documents}
    local = local_partners(corpus)
    for turn in turns_with_mentions(corpus, named):
        first = turn[0].sentence
        asked = asked_before(first.turn, first.language, first.partner, corpus, named)
        about = _about_turn(genres[first.span.document], partners.get(first.partner or ""), first.excluded)
        for one, near in with_neighbours(turn):
            usually = usual_scores(genres[first.span.document], one, local)
            around = {**about, **_about_sentence(one), **shared.features(one.number)}
            for mention in one.mentions:
                if mention.of == "other" or mention.form == "name":
                    yield mention, one
                    continue
                cues = weighed(mention, one, near, asked)
                by_rule = tuple(rule_chances(cues, usually).values())
                features = {**around, **_by_cues(cues), **_by_rule(by_rule), **_beside(mention, one)}
                yield Asked(mention, one, first.partner, features, cues, by_rule)


def _about_turn(genre: str, partner: Partner | None, excluded: str) -> dict[str, float]:
    found = {f"genre={genre}": 1.0, f"kept out={excluded}": 1.0}
    if partner is None:
        return {**found, "nobody known speaks": 1.0}
    return {**found, f"sector={partner.sector}": 1.0, f"power={partner.power}": 1.0}


def _about_sentence(one: Surroundings) -> dict[str, float]:
    own, named = one.sentence.partner, {name.who for name in one.names}
    found = {f"others named={min(3, len(named - {PARTNERSHIP, own}))}": 1.0, f"since={min(4, one.since)}": 1.0}
    if own in named:
        found["own house named"] = 1.0
    if PARTNERSHIP in named:
        found["partnership named"] = 1.0
    if any(name.person for name in one.names):
        found["person named"] = 1.0
    return found


def _by_cues(cues: list[tuple[float, Hit]]) -> dict[str, float]:
    """Each cue by its reason, and what all of them together say for each label."""
    found: dict[str, float] = {}
    evidence = dict.fromkeys(LABELS, 0.0)
    for share, hit in cues:
        name = f"why={hit.why}"
        found[name] = found.get(name, 0.0) + share
        for label, weight in hit.gives.items():
            evidence[label] += share * weight
    for label, sum_ in evidence.items():
        if sum_:
            found[f"for={label}"] = 2 * math.tanh(sum_ / EVIDENCE)
    return found


def _by_rule(chances: tuple[float, ...]) -> dict[str, float]:
    return {f"rules={label}": math.log(max(chance, 1e-3)) / 2 for label, chance in zip(LABELS, chances, strict=True)}


def _beside(mention: Mention, one: Surroundings) -> dict[str, float]:
    start, end = mention.span.start - one.begin, mention.span.end - one.begin
    word, language = one.low[start:end], mention.language
    before = [token[:STEM] for token in WORD.findall(one.low[max(0, start - 60) : start])[-BEFORE:]]
    after = [token[:STEM] for token in WORD.findall(one.low[end : end + 120])[:WIDE]]
    found = {f"{language}:w={word}": 1.0, f"form={mention.form}": 1.0, f"language={language}": 1.0}
    for number, token in enumerate(reversed(before)):
        found[f"{language}:b{number}={token}"] = 1.0
        found[f"{language}:B={token}"] = 0.7
    for number, token in enumerate(after):
        if number < AFTER:
            found[f"{language}:a{number}={token}"] = 1.0
        found[f"{language}:A={token}"] = 0.7 if number < AFTER else 0.5
    if mention.form == "verb":
        found[f"{language}:v={word[:-3][:STEM]}"] = 1.0
    return found
