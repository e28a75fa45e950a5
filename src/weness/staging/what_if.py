"""What if: the stages as they would be with some measures at other values. A thought experiment, never a forecast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from weness.coding.checks import Draw
from weness.coding.codings import Codings
from weness.draws import Estimate
from weness.measuring.corrected import beside
from weness.measuring.measures import Measure
from weness.measuring.measuring import Measured, measured
from weness.measuring.settings import Settings
from weness.reading.corpus import Corpus
from weness.staging.process import Process
from weness.staging.snapshot import StagePosterior
from weness.staging.trajectory import posteriors


def moved(
    corpus: Corpus,
    codings: Codings,
    settings: Settings,
    process: Process,
    changes: Mapping[str, float],
    wave: str | None = None,
    seed: int = 0,
    draws: tuple[Draw, ...] = (),
) -> tuple[StagePosterior, StagePosterior]:
    """The posterior of a wave as it is, and as it would be with some measures at other values.

    Raises KeyError, naming what there is, for a measure that the process does not ask for.
    """
    whole = measured(corpus, codings, settings, seed, checks=beside(corpus, codings, draws, settings))
    wave = wave or whole.voices[-1].wave
    if wave not in whole.gates:
        raise KeyError(f"No wave called {wave!r}. The study has: {', '.join(whole.gates)}.")
    known = {*process.weights, *whole.gates[wave]}
    for name in changes:
        if name not in known:
            raise KeyError(f"No measure called {name!r}. {process.id} asks for: {', '.join(process.weights)}.")
    other = _with_changes(whole, changes, wave)
    return tuple(
        next(one for one in posteriors(process, version, seed=seed) if one.wave == wave) for version in (whole, other)
    )  # type: ignore[return-value]


def _with_changes(whole: Measured, changes: Mapping[str, float], wave: str) -> Measured:
    gates = {name: dict(counts) for name, counts in whole.gates.items()}
    n = len(next(iter(gates[wave].values())))
    speaking = gates[wave]["partners"]
    measures: list[Measure] = []
    for one in whole.measures:
        if one.wave == wave and one.partner is None and one.name in changes:
            one = replace(one, estimate=Estimate(np.full(n, changes[one.name])), as_coded=None, corrected=None)
        measures.append(one)
    for name, value in changes.items():
        if name in gates[wave]:
            gates[wave][name] = np.full(n, value)
        if f"partners_{name}" in gates[wave]:
            gates[wave][f"partners_{name}"] = np.round(value * speaking)
        if name == "sharedness" and value >= 0.5 and "shared_items" in gates[wave]:
            # Half of the partners on the core attributes cannot be reached with fewer than two shared items.
            gates[wave]["shared_items"] = np.maximum(gates[wave]["shared_items"], 2.0)
        if name == "contested" and "disputed_items" in gates[wave]:
            gates[wave]["disputed_items"] = np.full(n, float(value > 0.1))
    return replace(whole, measures=tuple(measures), gates=gates)
