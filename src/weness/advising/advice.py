"""From the stage to what holds it back, and from there to at most three steps worth trying."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from weness import library
from weness.advising.actions import Action, actions
from weness.advising.diagnosis import Diagnosis, Gap, Recommendation
from weness.draws import Draws, Estimate
from weness.measuring.measures import Measure
from weness.measuring.measuring import Measured
from weness.reading.corpus import Corpus, Span
from weness.staging.inference import rule_holds
from weness.staging.process import Process, Stage, Trapezoid
from weness.staging.snapshot import StagePosterior


def diagnosis(process: Process, measured: Measured, posteriors: tuple[StagePosterior, ...]) -> Diagnosis | None:
    """Where the latest wave with anything in it stands, and the weakest measures that block its next stage."""
    spoken = [one for one in posteriors if one.tier != "none"]
    if not spoken:
        return None
    latest = spoken[-1]
    stage = latest.top
    toward = _next(process, stage) if stage else None
    gaps = _gaps(toward, process, measured, latest) if toward else ()
    return Diagnosis(latest.wave, stage, toward.id if toward else None, gaps, latest.flags)


def recommendations(found: Diagnosis | None, measured: Measured, corpus: Corpus) -> tuple[Recommendation, ...]:
    """At most three steps, none of them proven. "Do nothing now" is always the reader's choice and is not listed."""
    if found is None:
        return ()
    rules = library.page("thresholds", "advice")
    against = _contra(found, measured, corpus, rules)
    calls = {rules["calls"][flag] for flag in found.flags if flag in rules["calls"]}
    moved = [gap.measure for gap in found.gaps]
    transition = _transition(found)
    ranked = sorted(
        ((_worth(action, transition, moved, calls, rules), action) for action in actions()),
        key=lambda one: (-one[0], one[1].id),
    )
    chosen: list[Action] = []
    for worth, action in ranked:
        fits = worth > 1.0 and not set(action.avoid_when) & against
        # A second step for the very same indicators adds little to a meeting.
        is_new = not any(set(action.indicators) and set(action.indicators) == set(one.indicators) for one in chosen)
        if fits and is_new:
            chosen.append(action)
        if len(chosen) == rules["shown"]:
            break
    used: set[Span] = set()
    return tuple(_recommendation(action, found, transition, measured, corpus, rules, used) for action in chosen)


def _next(process: Process, stage: str) -> Stage | None:
    """The stage after this one; from a side-process, the stage that the process's moves name first."""
    here = process.stage(stage)
    if here.order is not None:
        return next((one for one in process.stages if one.order == here.order + 1), None)
    targets = [to for start, to, _ in process.moves if start == stage]
    known = [one for one in process.stages if one.id in targets]
    return known[0] if known else next((one for one in process.stages if one.order == 3), None)


def _gaps(toward: Stage, process: Process, measured: Measured, latest: StagePosterior) -> tuple[Gap, ...]:
    rules = library.page("thresholds", "advice")
    measures = measured.of(latest.wave)
    closed = {rules["gates"].get(gate.rule) for gate in latest.gates if gate.stage == toward.id and not gate.passed}
    found: list[tuple[float, Gap]] = []
    for name in sorted({*toward.expects, *filter(None, closed)}):
        measure = measures.get(name)
        if measure is None or measure.estimate is None:
            continue
        expected = toward.expects.get(name, (0.0, 0.5, 1.0, 1.0))
        size = _distance(measure.estimate.told, expected)
        weight = process.weights.get(name, 1.0) + (2.0 if name in closed else 0.0)
        far = float(np.nanmean(size)) + (0.25 if name in closed else 0.0)
        if far > 0.02:
            gap = Gap(name, toward.id, measure.estimate.mean, expected[1:3], Estimate(size), _reason(name, measures))
            found.append((weight * far, gap))
    found.sort(key=lambda one: (-one[0], one[1].measure))
    return tuple(gap for _, gap in found[: rules["gaps"]])


def _distance(values: Draws, expected: Trapezoid) -> Draws:
    """How far each world lies outside the full range, in widths of it. shape (n_draws,)"""
    _, low, high, _ = expected
    outside = np.maximum(np.maximum(low - values, values - high), 0.0)
    return outside / max(high - low, 1e-9)


def _reason(name: str, measures: Mapping[str, Measure]) -> tuple[Span, ...]:
    """The sentences that show why a measure stands where it stands."""
    for other in (*library.page("thresholds", "advice")["reasons"].get(name, ()), name):
        if other in measures and measures[other].evidence:
            return measures[other].evidence
    return ()


def _contra(found: Diagnosis, measured: Measured, corpus: Corpus, rules: Mapping[str, Any]) -> set[str]:
    """The contra-indications that hold now."""
    measures, gates = measured.of(found.wave), measured.gates[found.wave]

    def holds(rule: Mapping[str, Any]) -> bool:
        if "flag" in rule:
            return rule["flag"] in found.flags
        if "stage" in rule:
            return found.stage in rule["stage"]
        if "languages" in rule:
            return len({document.language for document in corpus.documents}) <= int(rule["languages"])
        held = rule_holds(rule, gates, measures)
        return held is not None and bool(held.mean() >= 0.5)

    return {name for name, lines in rules["contra"].items() if all(map(holds, lines))}


def _transition(found: Diagnosis) -> str:
    if found.stage in ("R", "D"):
        return found.stage
    if found.stage and found.next_stage:
        return f"{found.stage}>{found.next_stage}"
    return found.stage or "any"


def _worth(action: Action, transition: str, moved: Iterable[str], calls: set[str], rules: Mapping[str, Any]) -> float:
    worth: float = rules["effort"][action.effort] + max(rules["strength"][one] for one in action.strength)
    stage = transition.split(">")[0]
    if transition in action.helps or stage in action.helps:
        worth += rules["transition_match"]
    elif "any" in action.helps:
        worth += rules["any_stage"]
    elif not calls & set(action.helps):
        return 0.0
    worth += rules["flag_match"] * bool(calls & set(action.helps))
    # The first gap weighs most: it is what blocks the next stage.
    worth += sum(rules["indicator_match"] / (rank + 1) for rank, name in enumerate(moved) if name in action.indicators)
    return worth


def _recommendation(
    action: Action,
    found: Diagnosis,
    transition: str,
    measured: Measured,
    corpus: Corpus,
    rules: Mapping[str, Any],
    used: set[Span],
) -> Recommendation:
    moves = tuple(gap.measure for gap in found.gaps if gap.measure in action.indicators)
    gaps = [gap for gap in found.gaps if gap.measure in moves]
    spans = [span for gap in gaps for span in gap.evidence] or _any_reason(action, measured.of(found.wave))
    spans = spans or [span for gap in found.gaps for span in gap.evidence]
    quotes = _best_quotes(spans, corpus, used)
    used.update(quotes)
    return Recommendation(action, moves or action.indicators[:2], transition, quotes)


def _any_reason(action: Action, measures: Mapping[str, Measure]) -> list[Span]:
    return [span for name in action.indicators for span in _reason(name, measures)]


def _best_quotes(spans: list[Span], corpus: Corpus, used: set[Span]) -> tuple[Span, ...]:
    """Two whole sentences of different partners, of a length that can be read out."""
    chosen: list[Span] = []
    partners: set[str | None] = set()
    for span in sorted(spans, key=lambda one: (abs(len(corpus.text(one)) - 110) > 90, spans.index(one))):
        sentence = corpus.sentence_at(span)
        if sentence is None:
            continue
        whole = sentence.span if sentence.span.holds(span) else span
        if whole in used or whole in chosen or sentence.partner in partners:
            continue
        chosen.append(whole)
        partners.add(sentence.partner)
        if len(chosen) == 2:
            break
    return tuple(chosen)
