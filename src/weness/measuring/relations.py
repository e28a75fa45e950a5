"""How partners deal with one another: decisions, conflict, trust, power, learning (I06 to I08, I10, I12 to I17)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from weness.draws import Estimate
from weness.measuring.attributes import ATTRIBUTES
from weness.measuring.measures import Measure
from weness.measuring.voices import Said, WaveVoices
from weness.measuring.we_talk import coded_by
from weness.measuring.worlds import Counts, Worlds

Holds = Callable[[Said], bool]


@dataclass(frozen=True, slots=True)
class Share:
    """Part of a whole of segments, mean over the partners. ``parts`` implies ``wholes``."""

    codes: tuple[str, ...]
    parts: Holds
    wholes: Holds = field(default=lambda said: True)
    unowned: bool = False
    """Whether minutes count too, as one more voice."""


@dataclass(frozen=True, slots=True)
class Telling:
    """Share of the partners with evidence in whose voice something is told."""

    codes: tuple[str, ...]
    holds: Holds = field(default=lambda said: True)


@dataclass(frozen=True, slots=True)
class Rate:
    """Segments per 1,000 words of own voice, mean over the partners."""

    codes: tuple[str, ...]
    spoken_only: bool = True


@dataclass(frozen=True, slots=True)
class Balance:
    """(positive - negative) / all segments of a code, pooled draws of -1 to 1, mean over the partners."""

    codes: tuple[str, ...]


def has(name: str, *values: object) -> Holds:
    return lambda said: said.field(name) in values


def is_code(*codes: str) -> Holds:
    return lambda said: said.code in codes


def _takes_a_stand(said: Said) -> bool:
    return said.field("stance") in ("shared", "divergent", "contested")


def _needs_the_others(said: Said) -> bool:
    """Names another partner as somebody whose aims, help or knowledge matter (process_models B3, entry of S2)."""
    if said.code == "INTEREST":
        return said.field("holder") not in (said.sentence.partner, "unspecified", "partnership", None)
    if said.code == "THEY_PARTNER":
        return said.field("tone") == "appreciative"
    return said.field("valence") in ("+", "mixed")


def _is_practice(said: Said) -> bool:
    if said.code in ("PROCEDURE", "STORY"):
        return said.field("stance") == "shared"
    if said.code == "CONFLICT":
        return said.field("handled") == "handled"
    return True


PRACTICE = ("DECISION", "LEARNING", "PROCEDURE", "STORY", "CONFLICT")

RELATIONS: dict[str, Share | Telling | Rate | Balance] = {
    "negotiation": Rate(("NEGOTIATION",)),
    "decision": Rate(("DECISION",)),
    "conflict": Rate(("CONFLICT",)),
    "learning": Rate(("LEARNING",)),
    "decision_share": Share(("DECISION", "NEGOTIATION"), is_code("DECISION"), unowned=True),
    "conflict_handled": Share(("CONFLICT",), has("handled", "handled")),
    "bargaining": Telling(("NEGOTIATION", "CONFLICT")),
    "interdependence": Telling(
        ("INTEREST", "THEY_PARTNER", "RECOGNITION", "LEARNING", "TRUST", "CONTRIBUTION"), _needs_the_others
    ),
    "contested": Share(ATTRIBUTES, has("stance", "contested"), _takes_a_stand, unowned=True),
    "divergent": Share(ATTRIBUTES, has("stance", "divergent"), _takes_a_stand),
    "attachment": Share(
        ("PURPOSE", "PROCEDURE"), lambda said: said.field("attach") is True and said.field("holder") == "partnership"
    ),
    "entity": Share(("ENTITY",), has("mode", "assertion")),
    "agency": Share(("ENTITY",), has("agentive", True)),
    "outside_view": Telling(("OUTSIDE_VIEW", "BOUNDARY"), lambda said: said.field("holder") == "partnership"),
    "joint_decision": Telling(("DECISION",), has("mode", "joint", "consulted")),
    "exit_talk": Telling(
        ("COMMITMENT", "ENTITY"),
        lambda said: said.field("valence") == "-" if said.code == "COMMITMENT" else said.field("mode") == "past",
    ),
    "trust_balance": Balance(("TRUST",)),
    "power_balance": Balance(("POWER",)),
    "recognition_balance": Balance(("RECOGNITION",)),
    "commitment_balance": Balance(("COMMITMENT",)),
    "communication_balance": Balance(("COMMUNICATION",)),
    "one_sided": Share(
        ("DECISION",), has("mode", "one-sided"), has("mode", "joint", "consulted", "one-sided"), unowned=True
    ),
    "blame": Share(("THEY_PARTNER",), has("tone", "blaming")),
    "inefficiency": Telling(("COORDINATION",), has("valence", "-")),
    "symbol_gap": Share(
        ("SYMBOL", "ENTITY", *PRACTICE),
        lambda said: said.code == "SYMBOL" or (said.code == "ENTITY" and said.field("mode") == "assertion"),
        lambda said: (
            said.code == "SYMBOL"
            or (said.code == "ENTITY" and said.field("mode") == "assertion")
            or (said.code in PRACTICE and _is_practice(said))
        ),
        unowned=True,
    ),
    "practice": Telling(PRACTICE, _is_practice),
}
"""Measure -> how it is counted. A new one is a line here, its expectation in a process file and its page in docs."""


def relation(name: str, wave: WaveVoices, speaking: tuple[str, ...], tier: str, worlds: Worlds) -> Measure:
    """One line of RELATIONS in one wave, over the partners with enough evidence."""
    line = RELATIONS[name]
    talk = {partner: _talk(wave.voices[partner].of(*line.codes), line) for partner in speaking}
    said = tuple(one for own in talk.values() for one in own)
    heard = tuple(one for voice in wave.voices.values() for one in voice.talk)
    enough = bool(speaking) and tier in ("indicative", "adequate")
    usable = bool(heard) and worlds.usable(line.codes, heard)
    draw = _DRAWERS[type(line)]
    drawn, evidence, counts = draw(name, line, wave, talk, worlds) if speaking else (None, (), {})
    missing = drawn is None or not np.isfinite(drawn).any()
    note = "" if usable or not heard else "the machine is not reliable enough on these codes: quotes only"
    return Measure(
        name,
        wave.wave,
        Estimate(drawn) if enough and usable and not missing and drawn is not None else None,
        tier,
        evidence=tuple(one.coding.span for one in evidence),
        coded_by=coded_by(said),
        counts=counts,
        note=note,
    )


Drawn = tuple[Counts | None, tuple[Said, ...], dict[str, float]]


def _draw_share(name: str, line: Share, wave: WaveVoices, talk: dict[str, tuple[Said, ...]], worlds: Worlds) -> Drawn:
    voices = dict(talk)
    if line.unowned:
        voices[""] = tuple(one for one in wave.unowned if one.code in line.codes)
    voices = {partner: tuple(filter(line.wholes, own)) for partner, own in voices.items()}
    parts = {partner: worlds.count(filter(line.parts, own)) for partner, own in voices.items()}
    wholes = {partner: worlds.count(own) for partner, own in voices.items()}
    all_parts, all_wholes = sum(parts.values(), np.zeros(worlds.n)), sum(wholes.values(), np.zeros(worlds.n))
    toward = (all_parts + 0.5) / (all_wholes + 1)
    own = [
        worlds.share(parts[partner], wholes[partner], f"{name}/{wave.wave}/{partner}", toward)
        for partner in voices
        if voices[partner]
    ]
    evidence = tuple(one for said in voices.values() for one in said if line.parts(one))
    counts = {"parts": float(len(evidence)), "wholes": float(sum(map(len, voices.values())))}
    return (_mean(own), evidence, counts)


def _draw_telling(
    name: str, line: Telling, wave: WaveVoices, talk: dict[str, tuple[Said, ...]], worlds: Worlds
) -> Drawn:
    told = {partner: tuple(filter(line.holds, own)) for partner, own in talk.items()}
    telling = worlds.partners({partner: own for partner, own in told.items() if own})
    drawn = worlds.with_silent(telling, len(talk) - telling, f"{name}/{wave.wave}") / max(len(talk), 1)
    evidence = tuple(one for own in told.values() for one in own)
    counts = {
        "partners": float(sum(map(bool, told.values()))),
        "of": float(len(talk)),
        "segments": float(len(evidence)),
    }
    return (drawn, evidence, counts)


def _draw_rate(name: str, line: Rate, wave: WaveVoices, talk: dict[str, tuple[Said, ...]], worlds: Worlds) -> Drawn:
    rates = []
    for partner, own in talk.items():
        drawn = worlds.chance("rate", name, wave.wave, partner).gamma(worlds.count(own) + 0.3)
        rates.append(1000 * drawn / max(wave.voices[partner].words, 1))
    evidence = tuple(one for own in talk.values() for one in own)
    return (_mean(rates), evidence, {"segments": float(len(evidence))})


def _draw_balance(
    name: str, line: Balance, wave: WaveVoices, talk: dict[str, tuple[Said, ...]], worlds: Worlds
) -> Drawn:
    own = []
    for partner, said in talk.items():
        plus, minus = worlds.count(filter(has("valence", "+"), said)), worlds.count(filter(has("valence", "-"), said))
        mixed = worlds.count(filter(has("valence", "mixed", "0"), said))
        if said:
            share = worlds.share(plus + mixed / 2, plus + minus + mixed, f"{name}/{wave.wave}/{partner}", None, 1.0)
            own.append(2 * share - 1)
    evidence = tuple(one for said in talk.values() for one in said)
    counts = {
        "positive": float(sum(map(has("valence", "+"), evidence))),
        "neutral": float(sum(map(has("valence", "0", "mixed", None), evidence))),
        "negative": float(sum(map(has("valence", "-"), evidence))),
    }
    return (_mean(own), evidence, counts)


_DRAWERS: dict[type, Callable[..., Drawn]] = {
    Share: _draw_share,
    Telling: _draw_telling,
    Rate: _draw_rate,
    Balance: _draw_balance,
}


def _talk(said: Iterable[Said], line: Share | Telling | Rate | Balance) -> tuple[Said, ...]:
    if isinstance(line, Rate) and line.spoken_only:
        return tuple(one for one in said if one.document.is_spoken)
    return tuple(said)


def _mean(rows: list[Counts]) -> Counts | None:
    """Mean over partners, world by world, of those that have a value there."""
    if not rows:
        return None
    stacked = np.stack(rows)
    there = np.isfinite(stacked)
    return np.where(
        there.any(axis=0), np.where(there, stacked, 0).sum(axis=0) / np.maximum(there.sum(axis=0), 1), np.nan
    )
