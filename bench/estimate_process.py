"""The stage model's ranges, estimated from partnerships whose stages are known, and how well they place partnerships left out.

    .venv/bin/python -m bench.estimate_process [--write] [--prior 10]

Each of the coded partnerships of the library (its persons' codings) is left out once: ranges from the others place it. Then the same
from the built-in coder's codings of partnerships it has not seen. --write puts the ranges into library/processes/weness-default.yaml
and the tables into docs/stage_model.md.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bench import held_out
from weness import library
from weness.coding.codebook import codebook_named
from weness.coding.codings import Codings
from weness.coding.human import HumanCoder
from weness.coding.items import with_items
from weness.engines import Pool
from weness.measuring.measuring import SPEAKING, Measured, measured
from weness.measuring.settings import settings_of
from weness.reading.corpus import Corpus
from weness.reading.gathering import read_study
from weness.staging.process import Process, process_named
from weness.staging.snapshot import StagePosterior
from weness.staging.trajectory import posteriors
from weness.study import GENRES_APART

PROCESS = library.HERE / "processes" / "weness-default.yaml"
DOCS = Path(__file__).resolve().parents[1] / "docs" / "stage_model.md"
ASSUMED = Path(__file__).with_name("assumed_ranges.yaml")
PRIOR = 10.0
"""The assumed range weighs as much as so many waves."""
MIDDLE = (0.15, 0.85)
"""Between these quantiles of the waves seen a range is full."""
LEAST_SPREAD = 0.10
"""Of a measure's scale: however alike the waves seen, the next may differ by this much."""
FEWEST = 3
"""Waves from which a stage that expected nothing of a measure gets a range."""
INDICATIVE = {"mentions": 5, "words": 250}
"""Here a partner counts from fewer mentions than weness asks of a user's study: the texts are short, and their stage is known."""
SETTINGS = settings_of({"draws": 400, "tiers": {"indicative": INDICATIVE}})


@dataclass(frozen=True)
class Seen:
    """One partnership: its measures as a whole, with each partner left out, by genre; and the stages that were meant."""

    name: str
    whole: Measured
    without: Mapping[str, Measured]
    by_genre: Mapping[str, Measured]
    meant: Mapping[str, str]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--prior", type=float, default=PRIOR)
    asked = parser.parse_args()
    base = assumed()
    folders = sorted(path.parent for path in (library.HERE / "corpus").glob("*/case.json"))
    corpus = list(Pool(2).map(seen_by_persons, folders))
    cases = (
        list(Pool(2).map(seen_by_persons, [held_out.CASES / name for name in held_out.CASE_NAMES]))
        if held_out.CASES.is_dir()
        else []
    )
    told = ["| ranges | partnerships | coder | waves | a stage fits best | right | called by name | right when called | over .80 | right over .80 | calibration error |",
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"]  # fmt: skip
    told.append(_row("assumed", "corpus", "persons", _placed([(base, one) for one in corpus])))
    left_out = [(estimated(base, [other for other in corpus if other is not one], asked.prior), one) for one in corpus]
    placed = _placed(left_out)
    told.append(_row("estimated, left out", "corpus", "persons", placed))
    final = estimated(base, corpus, asked.prior)
    if cases:
        told.append(_row("assumed", "the three cases", "persons", _placed([(base, one) for one in cases])))
        told.append(_row("estimated", "the three cases", "persons", _placed([(final, one) for one in cases])))
    machine = {
        one.name: one
        for one in Pool(2).map(
            _by_machine, [one for one in held_out.everything() if one.coder == "builtin" and one.name != "demo"]
        )
    }
    told.append(
        _row(
            "estimated, left out",
            "corpus",
            "builtin",
            _placed([(process, machine[one.name]) for process, one in left_out]),
        )
    )
    if cases:
        by_machine = [_by_machine(one) for one in held_out.of_cases() if one.coder == "builtin"]
        told.append(_row("estimated", "the three cases", "builtin", _placed([(final, one) for one in by_machine])))
    waves = ["| partnership | wave | meant | found | share | called |", "| --- | --- | --- | --- | --- | --- |"]
    waves += [
        f"| {name} | {one.wave} | {meant} | {one.top or '-'} | {max(one.shares.values(), default=0):.2f} | {one.call} |"
        for name, one, meant in placed
    ]
    print("\n".join([*told, "", *waves]))
    if asked.write:
        _write_page({"stages": "\n".join(told), "waves": "\n".join(waves)})
        _write_process(final, corpus)


def assumed() -> Process:
    """weness-default with the ranges that were assumed before anything was estimated."""
    process = process_named("weness-default")
    ranges = library.parsed(ASSUMED.read_text("utf-8"))["indicators"]
    stages = [
        replace(stage, expects={name: tuple(entry[stage.id]) for name, entry in ranges.items() if entry.get(stage.id)})
        for stage in process.stages
    ]
    return replace(process, stages=tuple(stages))


def seen_by_persons(folder: Path) -> Seen:
    corpus = read_study(folder)
    return _seen(folder, corpus, HumanCoder(folder).code(corpus, codebook_named()))


def _by_machine(said: held_out.Said) -> Seen:
    folder = library.HERE / "corpus" / said.name
    return _seen(folder if folder.is_dir() else held_out.CASES / said.name, said.corpus, said.machine)


def _seen(folder: Path, corpus: Corpus, codings: Codings) -> Seen:
    codings = with_items(corpus, codings, {})
    whole = measured(corpus, codings, SETTINGS)
    speaking = [one.id for one in corpus.partners if any(tiers[one.id] in SPEAKING for tiers in whole.tiers.values())]
    case = json.loads((folder / "case.json").read_text("utf-8"))
    return Seen(
        folder.name,
        whole,
        {id: measured(corpus, codings, SETTINGS, without=id) for id in speaking},
        {name: measured(corpus, codings, SETTINGS, genres=genres) for name, genres in GENRES_APART.items()},
        {wave["id"]: wave["stage"] for wave in case["waves"]},
    )


def observed(seen: Iterable[Seen]) -> dict[tuple[str, str], list[float]]:
    """(stage, measure) -> its value in every wave meant to be at that stage and heard well enough."""
    found: dict[tuple[str, str], list[float]] = {}
    for one in seen:
        for wave, stage in one.meant.items():
            if one.whole.wave_tiers.get(wave) in SPEAKING:
                for name, measure in one.whole.of(wave).items():
                    if measure.estimate is not None:
                        found.setdefault((stage, name), []).append(measure.estimate.mean)
    return found


def estimated(base: Process, seen: Sequence[Seen], prior: float) -> Process:
    """The process with every range drawn from the assumed one to what was seen: (n seen + prior assumed) / (n + prior)."""
    values = observed(seen)
    stages = []
    for stage in base.stages:
        expects = dict(stage.expects)
        for name in base.weights:
            low, high = _limits(base, name)
            there = np.array(values.get((stage.id, name), []))
            assumed = expects.get(name)
            if not len(there) or (assumed is None and len(there) < FEWEST):
                continue
            expects[name] = _range(there, assumed, low, high, prior)
        stages.append(replace(stage, expects=expects))
    return replace(base, stages=tuple(stages))


def _range(
    there: np.ndarray, assumed: Sequence[float] | None, low: float, high: float, prior: float
) -> tuple[float, float, float, float]:
    spread = max(float(there.std()) if len(there) > 2 else 0.0, LEAST_SPREAD * (high - low))
    first, last = (float(one) for one in np.quantile(there, MIDDLE))
    own = np.array([first - spread, first, last, last + spread])
    if assumed is None:
        # Nothing was assumed: the few waves seen say less, so the range is wider.
        own = np.array([first - 1.5 * spread, first - 0.3 * spread, last + 0.3 * spread, last + 1.5 * spread])
    found = own if assumed is None else (len(there) * own + prior * np.array(assumed)) / (len(there) + prior)
    found[1], found[2] = max(found[1], low), min(found[2], high)  # nothing is expected beyond the scale
    found[0], found[3] = min(found[0], found[1]), max(found[3], found[2])
    margin = 0.02 * (high - low)
    if found[1] <= low + margin:  # an end at the limit of the scale is open
        found[0], found[1] = min(found[0], low), min(found[1], low)
    if found[2] >= high - margin:
        found[2], found[3] = max(found[2], high), max(found[3], high)
    return tuple(float(one) for one in np.round(found, 3))  # type: ignore[return-value]


def _limits(process: Process, name: str) -> tuple[float, float]:
    ranges = [stage.expects[name] for stage in process.stages if name in stage.expects]
    return min(one[1] for one in ranges), max(one[2] for one in ranges)


Placed = list[tuple[str, StagePosterior, str]]


def _placed(pairs: Iterable[tuple[Process, Seen]]) -> Placed:
    return [
        (one.name, posterior, one.meant[posterior.wave])
        for process, one in pairs
        for posterior in posteriors(process, one.whole, one.without, one.by_genre)
    ]


def _row(ranges: str, what: str, coder: str, placed: Placed) -> str:
    fits = [(max(one.shares.values()), one.top == meant) for _, one, meant in placed if one.top]
    called = [one.call == meant for _, one, meant in placed if one.call in one.stages]
    sure = [right for share, right in fits if share > 0.8]
    bins: dict[int, float] = {}
    for share, right in fits:
        at = min(int(share * 10), 9)
        bins[at] = bins.get(at, 0.0) + share - right
    error = sum(map(abs, bins.values())) / max(len(fits), 1)
    right = sum(right for _, right in fits)
    return (
        f"| {ranges} | {what} | {coder} | {len(placed)} | {len(fits)} | {right} ({right / max(len(fits), 1):.2f}) | {len(called)} | "
        f"{sum(called)} ({sum(called) / max(len(called), 1):.2f}) | {len(sure)} | {sum(sure)} | {error:.3f} |"
    )


def _write_page(tables: Mapping[str, str]) -> None:
    page = DOCS.read_text("utf-8")
    for name, table in tables.items():
        page = re.sub(
            rf"(<!-- table: {name} -->\n).*?(<!-- end -->)",
            lambda found, table=table: f"{found[1]}{table}\n{found[2]}",
            page,
            flags=re.DOTALL,
        )
    DOCS.write_text(page, encoding="utf-8")


def _write_process(process: Process, seen: Sequence[Seen]) -> None:
    """Replaces the block of indicators, keeping weights; after each line, from how many waves of each stage it was estimated."""
    values = observed(seen)
    lines = ["indicators:"]
    for name, weight in process.weights.items():
        ranges = [f"{stage.id}: {_told(stage.expects.get(name))}" for stage in process.stages]
        counts = " ".join(f"{stage.id} {len(values.get((stage.id, name), []))}" for stage in process.stages)
        lines.append(f"  {name + ':':<18}{{weight: {weight}, {', '.join(ranges)}}}  # waves seen: {counts}")
    page = PROCESS.read_text("utf-8")
    page = re.sub(r"^indicators:\n(?:  .*\n)+", lambda _: "\n".join(lines) + "\n", page, flags=re.MULTILINE)
    PROCESS.write_text(page, encoding="utf-8")


def _told(range_: Sequence[float] | None) -> str:
    return "null" if range_ is None else f"[{', '.join(f'{one:g}' for one in range_)}]"


if __name__ == "__main__":
    main()
