"""The stage of every wave: how the possible worlds divide, what speaks for and against, what is missing."""

from __future__ import annotations

from collections.abc import Sequence

from weness.reporting.desk import Desk, Row
from weness.reporting.figures import expected, in_ten
from weness.reporting.places import best
from weness.reporting.plots import stage_plot
from weness.staging.snapshot import CANNOT_SAY, Gate, Sign, StagePosterior


def stages(desk: Desk) -> Row:
    waves = [_wave(desk, one, number) for number, one in enumerate(desk.findings.posteriors, 1)]
    return {
        "plot": stage_plot(desk),
        "waves": list(reversed(waves)),
        "has_stages": bool(desk.findings.process.stages),
        "profile": _profile(desk),
    }


def _profile(desk: Desk) -> Row:
    """A process without stages: how many partners voice each of its dimensions, wave by wave."""
    waves = desk.findings.posteriors
    return {
        "waves": [one.wave for one in waves],
        "rows": [
            {
                "title": desk.words.say(dimension.get("title", {}), str(dimension.get("id", ""))),
                "cells": [_voiced(desk, number, dimension.get("codes", ()), one) for one in waves],
            }
            for number, dimension in enumerate(desk.findings.process.dimensions, 1)
        ],
    }


def _voiced(desk: Desk, number: int, codes: Sequence[str], posterior: StagePosterior) -> Row:
    wave = posterior.wave
    if posterior.tier not in ("indicative", "adequate"):
        return {"text": desk.words("figure.insufficient"), "entry": desk.evidence.of_dimension(number, wave)}
    thin = thin_partners(desk, wave)
    heard = [partner.id for partner in desk.findings.corpus.partners if partner.name not in thin]
    voicing = {place.sentence.partner for place in desk.evidence.voiced(codes, wave)} & set(heard)
    text = desk.words("figure.of_partners", n=len(voicing), of=len(heard))
    return {"text": text, "entry": desk.evidence.of_dimension(number, wave)}


def why_not(desk: Desk, posterior: StagePosterior) -> str:
    """Why nothing can be said, with the stages that are in play where that is all that can be told."""
    told = desk.words.or_same("why_not", posterior.why_not)
    if posterior.why_not == "the evidence fits several stages":
        play = [id for id, share in sorted(posterior.shares.items(), key=lambda one: -one[1]) if share >= 0.15]
        told += " " + desk.words("stages.in_play", stages=desk.words("list.or").join(map(desk.stage, play)))
    return told


def thin_partners(desk: Desk, wave: str) -> list[str]:
    """The partners of whom too little was heard in a wave."""
    found = []
    for partner in desk.findings.corpus.partners:
        measure = desk.findings.measure("words", wave, partner.id)
        if measure is None or measure.tier in ("none", "insufficient"):
            found.append(partner.name)
    return found


def _wave(desk: Desk, posterior: StagePosterior, number: int) -> Row:
    wave = next(one for one in desk.findings.corpus.waves if one.id == posterior.wave)
    silent = posterior.call == CANNOT_SAY
    enough = posterior.tier in ("indicative", "adequate")  # else it is not one measure that is missing, but talk
    used: set[str] = set()
    return {
        "anchor": f"stage-{number}",
        "id": wave.id,
        "period": desk.period(wave),
        "event": wave.event,
        "tier": desk.words(f"tier.{posterior.tier}"),
        "called": desk.called(posterior),
        "silent": silent,
        "why_not": why_not(desk, posterior) if silent else "",
        "thin": thin_partners(desk, posterior.wave),
        "shares": [] if silent else _shares(desk, posterior),
        "for": [] if silent else [_sign(desk, one, posterior.wave, used) for one in posterior.signs_for],
        "against": [] if silent else [_sign(desk, one, posterior.wave, used) for one in posterior.signs_against],
        "missing": [desk.words.measure(name) for name in posterior.missing] if enough else [],
        "gates": [] if silent else [_gate(desk, one) for one in posterior.gates],
        "flags": [
            {"title": desk.words.or_same("flag", flag), "meaning": desk.words.lines.get(f"flag_meaning.{flag}", "")}
            for flag in posterior.flags
        ],
        "without": "" if silent else _without(desk, posterior),
        "genres": _genres(desk, posterior),
    }


def _shares(desk: Desk, posterior: StagePosterior) -> list[Row]:
    return [
        {"stage": desk.stage(id), "id": id, "words": in_ten(share, desk.words)}
        for id, share in sorted(posterior.shares.items(), key=lambda one: -one[1])
        if share >= 0.05
    ]


def _sign(desk: Desk, sign: Sign, wave: str, used: set[str]) -> Row:
    measure = desk.findings.measure(sign.measure, wave)
    places = [place for place in desk.places.of(sign.evidence) if place.counts]
    quotes = best(places, 1, desk.rules["quote_liked"], used)
    used.update(place.id for place in quotes)
    return {
        "title": desk.words.measure(sign.measure),
        "short": desk.words.measure(sign.measure, "short"),
        "figure": desk.figure(measure),
        "entry": desk.entry(measure),
        "expected": desk.words(
            "stages.expected",
            stage=desk.stage(sign.stage),
            level=expected(sign.measure, sign.expected, desk.words, desk.rules),
        ),
        "quote": quotes[0] if quotes else None,
    }


def _gate(desk: Desk, gate: Gate) -> Row:
    rules = [rule for rule in desk.findings.process.stage(gate.stage).gates if rule.get("ask") == gate.rule]
    limit = next((rule[end] for rule in rules for end in ("at_least", "at_most") if end in rule), "")
    most = any("at_most" in rule for rule in rules)
    name = f"gate.{gate.rule}"
    if desk.words.has(name):
        told = desk.words(name, n=limit)
    else:
        told = desk.words("gate.most" if most else "gate.least", measure=desk.words.measure(gate.rule), n=limit)
    return {
        "stage": desk.stage(gate.stage),
        "rule": told,
        "state": "untested" if gate.seen == "not tested" else "open" if gate.passed else "closed",
        "seen": _seen(desk, gate.seen),
    }


def _seen(desk: Desk, seen: str) -> str:
    """How often the rule holds over the possible worlds; what the process says where that is no number."""
    try:
        return in_ten(float(seen), desk.words)
    except ValueError:
        return desk.words.or_same("seen", seen)


def _without(desk: Desk, posterior: StagePosterior) -> str:
    """ "Negotiation in 4 of 5 variants; without The Mill: encounter"."""
    variants = {"": posterior.top or "", **(posterior.without or {})}
    if len(variants) == 1 or posterior.top is None:
        return ""
    same = sum(stage == posterior.top for stage in variants.values())
    told = desk.words("stages.variants", stage=desk.stage(posterior.top), n=same, of=len(variants))
    others = [
        desk.words("stages.without", partner=desk.partner(partner), stage=desk.stage(stage))
        for partner, stage in variants.items()
        if stage != posterior.top
    ]
    return " ".join([told, *others])


def _genres(desk: Desk, posterior: StagePosterior) -> str:
    found = posterior.by_genre or {}
    if posterior.call == CANNOT_SAY or not {"spoken", "documents"} <= found.keys():
        return ""
    return desk.words("stages.genres", spoken=desk.stage(found["spoken"]), documents=desk.stage(found["documents"]))
