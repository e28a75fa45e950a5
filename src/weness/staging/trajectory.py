"""The stage of every wave with what speaks for it, against it and what is missing; and a legal "cannot say"."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from weness.draws import Draws
from weness.measuring.measures import Measure
from weness.measuring.measuring import Measured
from weness.staging.inference import NEUTRAL, flag_holds, membership, rule_holds, stages_over_waves
from weness.staging.process import Process, Stage
from weness.staging.snapshot import CANNOT_SAY, Gate, Sign, StagePosterior

FOR_FROM, AGAINST_TO = 0.6, 0.35


def posteriors(
    process: Process,
    measured: Measured,
    without: Mapping[str, Measured] | None = None,
    by_genre: Mapping[str, Measured] | None = None,
    seed: int = 0,
) -> tuple[StagePosterior, ...]:
    """One posterior a wave.

    ``without``: partner -> the measures when that partner is left out. ``by_genre``: "spoken" and "documents" -> the
    measures of these documents alone.
    """
    drawn = stages_over_waves(process, measured, seed)
    left_out = {partner: stages_over_waves(process, one, seed) for partner, one in (without or {}).items()}
    genres = {genre: stages_over_waves(process, one, seed) for genre, one in (by_genre or {}).items()}
    return tuple(
        _posterior(
            process,
            measured,
            voices.wave,
            drawn[voices.wave],
            {partner: _top(process, one[voices.wave]) for partner, one in left_out.items()},
            {genre: _top(process, one[voices.wave]) for genre, one in genres.items()},
        )
        for voices in measured.voices
    )


def _posterior(
    process: Process,
    measured: Measured,
    wave: str,
    draws: Draws,
    without: Mapping[str, str],
    by_genre: Mapping[str, str],
) -> StagePosterior:
    tier = measured.wave_tiers[wave]
    measures = measured.of(wave)
    shares = {stage.id: float(draws[:, column].mean()) for column, stage in enumerate(process.stages)}
    call, certainty, why_not = _call(process, shares, tier, measured, wave, without)
    top = max(shares, key=lambda id: shares[id]) if any(shares.values()) else None
    signs = _signs(process.stage(top), process, measures) if top else ()
    return StagePosterior(
        wave=wave,
        tier=tier,
        stages=tuple(stage.id for stage in process.stages),
        draws=draws,
        shares=shares if any(shares.values()) else {},
        call=call,
        certainty=certainty,
        why_not=why_not,
        flags=_flags(process, measured, wave, by_genre),
        signs_for=tuple(sign for sign in signs if sign.fit >= FOR_FROM),
        signs_against=tuple(sign for sign in reversed(signs) if sign.fit <= AGAINST_TO),
        missing=tuple(name for name in process.weights if not _has(measures.get(name))),
        gates=_gates(process, measured, wave, measures),
        without={partner: stage for partner, stage in without.items() if stage},
        by_genre={genre: stage for genre, stage in by_genre.items() if stage},
    )


def _call(
    process: Process,
    shares: Mapping[str, float],
    tier: str,
    measured: Measured,
    wave: str,
    without: Mapping[str, str],
) -> tuple[str, str, str]:
    """What may be said, how sure, and why not (B5, rules 1, 5 and 7)."""
    if not process.stages:
        return (CANNOT_SAY, "none", "this process has no stages")
    if not any(shares.values()):
        records = any(voices.wave == wave and voices.only_records for voices in measured.voices)
        return (CANNOT_SAY, "none", "only records" if records else f"evidence {tier}")
    if _coverage(process, measured.of(wave)) < process.report.get("least_measured", 0.0):
        return (CANNOT_SAY, "none", "too few of the measures could be taken")
    if _told(measured, wave) < process.report.get("least_told", 0.0):
        return (CANNOT_SAY, "none", "too little is told")
    ranked = sorted(shares, key=lambda id: -shares[id])
    top, second = ranked[0], ranked[1] if len(ranked) > 1 else ranked[0]
    far = [id for id in without.values() if id and _steps(process, top, id) > 1]
    if far and _one_voice(measured, wave):
        return (CANNOT_SAY, "none", "one partner supplies more than half of the partnership mentions")
    lead = shares[top] - (shares[second] if second != top else 0.0)
    report = process.report
    if shares[top] >= report["abstain_if_top_below"] and lead >= report["abstain_if_lead_below"]:
        stable = all(id == top for id in without.values() if id)
        likely = shares[top] >= report.get("likely_from", 0.8) and stable
        return (top, "likely" if likely else "probably", "")
    if shares[top] + shares[second] >= report.get("between_from", 0.7) and _steps(process, top, second) <= 1:
        low, high = sorted((top, second), key=lambda id: (process.stage(id).order or 99, id))
        return (f"between {low} and {high}", "between", "")
    return (CANNOT_SAY, "none", "the evidence fits several stages")


def _told(measured: Measured, wave: str) -> float:
    """Passages on relations and attributes per partner heard: a few mentions of "we" alone tell no stage."""
    voices = next(one for one in measured.voices if one.wave == wave)
    heard = sum(tier in ("indicative", "adequate") for tier in measured.tiers[wave].values())
    return len(voices.talk) / max(heard, 1)


def _coverage(process: Process, measures: Mapping[str, Measure]) -> float:
    """How much of the weight that the process gives to its measures could be measured at all."""
    there = sum(weight for name, weight in process.weights.items() if _has(measures.get(name)))
    return there / sum(process.weights.values())


def _steps(process: Process, one: str, other: str) -> int:
    """How many steps lie between two stages; a side-process is one step from everything."""
    first, second = process.stage(one).order, process.stage(other).order
    return abs(first - second) if first is not None and second is not None else int(one != other)


def _top(process: Process, draws: Draws) -> str:
    shares = draws.mean(axis=0)
    return process.stages[int(shares.argmax())].id if shares.size and shares.any() else ""


def _one_voice(measured: Measured, wave: str) -> bool:
    counts = [
        one.counts["mentions"]
        for one in measured.measures
        if one.wave == wave and one.partner and one.name == "we_partnership"
    ]
    return bool(counts) and max(counts) > sum(counts) / 2 and sum(counts) > 0


def _has(measure: Measure | None) -> bool:
    return measure is not None and measure.estimate is not None


def _signs(stage: Stage, process: Process, measures: Mapping[str, Measure]) -> tuple[Sign, ...]:
    """Every measure seen from one stage, those that fit best and weigh most first."""
    found = []
    for name, weight in process.weights.items():
        measure = measures.get(name)
        if name not in stage.expects or measure is None or measure.estimate is None:
            continue
        value = measure.estimate.mean
        fit = float(membership(np.array([value]), stage.expects[name])[0])
        _, low, high, _ = stage.expects[name]
        told = [
            float(membership(np.array([value]), other.expects[name])[0]) if name in other.expects else NEUTRAL
            for other in process.stages
            if other.id != stage.id
        ]
        tells = weight * (fit - sum(told) / len(told)) if told else weight * fit
        found.append((tells, Sign(stage.id, name, value, (low, high), fit, measure.evidence)))
    found.sort(key=lambda one: (-one[0], one[1].measure))
    return tuple(sign for _, sign in found)


def _gates(process: Process, measured: Measured, wave: str, measures: Mapping[str, Measure]) -> tuple[Gate, ...]:
    found = []
    for stage in process.stages:
        for rule in stage.gates:
            held = rule_holds(rule, measured.gates[wave], measures)
            share = None if held is None else float(held.mean())
            seen = "not tested" if share is None else f"{share:.2f}"
            found.append(Gate(stage.id, rule["ask"], share is not None and share >= 0.5, seen))
    return tuple(found)


def _flags(process: Process, measured: Measured, wave: str, by_genre: Mapping[str, str]) -> tuple[str, ...]:
    """The flags of the process, then those of the evidence itself."""
    measures = measured.of(wave)
    found = []
    for flag in process.flags:
        held = flag_holds(process, flag, measured.gates[wave], measures)
        if held is not None and held.mean() >= 0.5:
            found.append(flag)
    imbalance = measures.get("voice_imbalance")
    limit = process.report.get("voice_imbalance_from", 0.5)
    if imbalance and imbalance.estimate and (imbalance.estimate.mean > limit or imbalance.counts["absent_sectors"]):
        found.append("voice_imbalance")
    avoidance = measures.get("avoidance")
    if avoidance and avoidance.estimate and avoidance.estimate.mean >= 0.5:
        found.append("avoided_conflict")
    if _one_voice(measured, wave):
        found.append("one_voice")
    spoken, documents = by_genre.get("spoken"), by_genre.get("documents")
    if spoken and documents and _steps(process, spoken, documents) >= 2:
        found.append("front_stage")
    if measured.wave_tiers[wave] in ("none", "insufficient"):
        found.append("thin")
    return tuple(found)
