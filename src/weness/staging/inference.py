"""From measures to stages: in each possible world the stage that fits best and that no gate forbids."""

from __future__ import annotations

from collections.abc import Mapping
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from weness.draws import Draws
from weness.measuring.measures import Measure
from weness.measuring.measuring import Measured
from weness.staging.process import Process, Rule, Stage, Trapezoid

FLOOR = 0.05
NEUTRAL = 0.5


def membership(values: Draws, trapezoid: Trapezoid) -> Draws:
    """1 between the middle two values, falling to 0 at the outer two. Same shape as ``values``."""
    low_zero, low_full, high_full, high_zero = trapezoid
    rising = np.where(values >= low_full, 1.0, (values - low_zero) / max(low_full - low_zero, 1e-9))
    falling = np.where(values <= high_full, 1.0, (high_zero - values) / max(high_zero - high_full, 1e-9))
    return np.clip(np.minimum(rising, falling), 0.0, 1.0)


def scores(process: Process, measures: Mapping[str, Measure], n: int, seed: int, wave: str) -> Draws:
    """How well each stage fits in each world. shape (n_draws, n_stages), weighted geometric means of memberships.

    A measure that is missing is left out for all stages alike; one that says nothing about a stage counts as
    NEUTRAL for it. Each measure is first blurred by the process's ``discrepancy``: the ranges are our synthesis, and
    a partnership at a stage need not lie within them (Part C, scoring rule [S]; docs/decisions/).
    """
    blur = float(process.report.get("discrepancy", 0.0))
    logs = np.zeros((n, len(process.stages)))
    weight_sum = np.zeros(n)
    for name, weight in process.weights.items():
        measure = measures.get(name)
        if measure is None or measure.estimate is None:
            continue
        chance = np.random.default_rng([seed, crc32(f"blur/{name}/{wave}".encode())])
        scale = _scale(process, name)
        values = measure.estimate.draws + chance.normal(0.0, blur * scale, n)
        values = np.clip(values, *_limits(process, name))
        there = np.isfinite(values)
        weight_sum += weight * there
        for column, stage in enumerate(process.stages):
            fit = _fit(stage, name, values)
            logs[:, column] += np.where(there, weight * np.log(np.maximum(fit, FLOOR)), 0.0)
    means = np.exp(logs / np.maximum(weight_sum, 1e-9)[:, None])
    return np.where(weight_sum[:, None] > 0, means, 0.0)


def _fit(stage: Stage, name: str, values: Draws) -> Draws:
    if name not in stage.expects:
        return np.full(values.shape, NEUTRAL)
    return membership(np.nan_to_num(values), stage.expects[name])


def _limits(process: Process, name: str) -> tuple[float, float]:
    """The least and the largest value that any stage of the process can imagine."""
    ranges = [stage.expects[name] for stage in process.stages if name in stage.expects]
    return (min(one[1] for one in ranges), max(one[2] for one in ranges)) if ranges else (-np.inf, np.inf)


def _scale(process: Process, name: str) -> float:
    low, high = _limits(process, name)
    return high - low if np.isfinite(high - low) else 1.0


def stages_over_waves(process: Process, measured: Measured, seed: int) -> dict[str, Draws]:
    """The stage of every wave in every world, wave -> one-hot shape (n_draws, n_stages), a row of zeros where nothing can be said.

    Draw k is one history: a jump of two stages forward within one wave weighs less than a single step, and a
    side-process is only reached from a stage that it can follow (Part B, principle 1 and B4).
    """
    found: dict[str, Draws] = {}
    before: Draws | None = None
    for voices in measured.voices:
        wave = voices.wave
        measures = measured.of(wave)
        n = len(next(iter(measured.gates[wave].values())))
        if measured.wave_tiers[wave] not in ("indicative", "adequate") or not process.stages:
            found[wave] = np.zeros((n, len(process.stages)))
            before = None  # Much can happen while nobody was heard.
            continue
        fits = scores(process, measures, n, seed, wave)
        for column, stage in enumerate(process.stages):
            fits[:, column] *= _allowed(stage, measured.gates[wave], measures, seed, wave, n)
            fits[:, column] *= ~_suppressed(process, stage, measured.gates[wave], measures)
        if before is not None:
            fits *= _reach(process, before)
        best = _one_hot(fits)
        for column, stage in enumerate(process.stages):
            best[:, column] *= _evidenced(stage, measured.gates[wave], measures, n)
        found[wave] = best
        before = found[wave]
    return found


def rule_holds(rule: Rule, gates: Mapping[str, Draws], measures: Mapping[str, Measure]) -> NDArray[np.bool_] | None:
    """In which worlds a rule holds; None where it cannot be tested. A rule asks a gate's count or a measure.

    {ask: partners, at_least: 3, or: all_partners_heard}
    """
    values = _asked(rule["ask"], gates, measures)
    if values is None:
        return None
    held = np.ones(values.shape, dtype=bool)
    if "at_least" in rule:
        held &= values >= rule["at_least"]
    if "at_most" in rule:
        held &= values <= rule["at_most"]
    other = _asked(rule["or"], gates, measures) if "or" in rule else None
    return held if other is None else held | (other >= 1)


def flag_holds(
    process: Process, flag: str, gates: Mapping[str, Draws], measures: Mapping[str, Measure]
) -> NDArray[np.bool_] | None:
    """In which worlds a flag of the process is up; None where that cannot be tested."""
    rules = [rule_holds(rule, gates, measures) for rule in process.flags[flag].get("when", ())]
    if not rules or any(held is None for held in rules):
        return None
    return np.asarray(np.all([held for held in rules if held is not None], axis=0))


def _asked(name: str, gates: Mapping[str, Draws], measures: Mapping[str, Measure]) -> Draws | None:
    if name in gates:
        return gates[name]
    measure = measures.get(name)
    return measure.estimate.draws if measure and measure.estimate else None


def _allowed(
    stage: Stage, gates: Mapping[str, Draws], measures: Mapping[str, Measure], seed: int, wave: str, n: int
) -> Draws:
    """What the gates leave of a stage's fit, world by world: 0 behind a hard gate, ``otherwise`` behind a soft one.

    The least of them counts: two entry signs that nobody told of are not twice the evidence against a stage.

    A soft gate that cannot be tested is open in half of the worlds, a hard one is closed.
    """
    left = np.ones(n)
    for rule in stage.gates:
        if rule.get("evidence"):
            continue
        held = rule_holds(rule, gates, measures)
        if held is None and "otherwise" not in rule:
            return np.zeros(n)
        if held is None:
            # One coin a rule, not a stage: what we do not know is the same for every stage that asks it.
            held = np.random.default_rng([seed, crc32(f"untested/{rule['ask']}/{wave}".encode())]).random(n) < 0.5
        left = np.minimum(left, np.where(held, 1.0, float(rule.get("otherwise", 0.0))))
    return left


def _evidenced(stage: Stage, gates: Mapping[str, Draws], measures: Mapping[str, Measure], n: int) -> NDArray[np.bool_]:
    """In which worlds there is enough evidence to say this stage (gates marked ``evidence``).

    Where a stage fits best and cannot be said, nothing is said: that too few partners were heard is no sign of an
    earlier stage.
    """
    enough = np.ones(n, dtype=bool)
    for rule in stage.gates:
        if rule.get("evidence"):
            held = rule_holds(rule, gates, measures)
            enough &= held if held is not None else False
    return enough


def _suppressed(
    process: Process, stage: Stage, gates: Mapping[str, Draws], measures: Mapping[str, Measure]
) -> NDArray[np.bool_]:
    down = np.zeros(len(next(iter(gates.values()))), dtype=bool)
    for flag, entry in process.flags.items():
        if stage.id in entry.get("suppresses", ()):
            held = flag_holds(process, flag, gates, measures)
            down |= held if held is not None else False
    return down


def _reach(process: Process, before: Draws) -> Draws:
    """How easily each stage is reached from where each world stood. shape (n_draws, n_stages)"""
    jump = float(process.report.get("jump", 1.0))
    table = np.ones((len(process.stages), len(process.stages)))
    for row, stage in enumerate(process.stages):
        for column, other in enumerate(process.stages):
            if stage.order is not None and other.order is not None and other.order - stage.order >= 2:
                table[row, column] = jump
    return np.where(np.any(before, axis=1, keepdims=True), before @ table, 1.0)


def _one_hot(fits: Draws) -> Draws:
    best = np.zeros_like(fits)
    rows = np.flatnonzero(fits.max(axis=1) > 0)
    best[rows, fits.argmax(axis=1)[rows]] = 1.0
    return best
