"""How fast does the built-in coder learn from a user's own codings, and which mentions should be asked about first?

    .venv/bin/python -m bench.learning [--write]

For every coded partnership (left out of the fit that codes it) and the three cases: n mentions are labelled as the reader did,
in one of three orders, and the accuracy on all the *other* mentions of that study is counted. --write puts the table into
docs/coders.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bench import held_out
from bench.coders import write
from weness import library
from weness.coding.asking_first import ORDERS, asked_first
from weness.coding.builtin_model import builtin_model
from weness.coding.learned import labels_in, learned_from
from weness.coding.lessons import Coded, coded_in, lesson_of, snippet_lesson_of
from weness.coding.linear import Floats
from weness.coding.reference_model import Ints, ReferenceModel, taught
from weness.engines import Pool

SIZES = (0, 25, 50, 100, 200)
SEEDS = 4
Curve = dict[tuple[str, int], tuple[float, int]]
"""(order, n labelled) -> (share right among the others, how many those are)"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    folders = tuple(library.coded_partnerships())
    parts = [(folders, fold) for fold in range(held_out.FOLDS)]
    curves = [curve for part in Pool(2).map(_fold, parts) for curve in part]
    table = _table(curves)
    print(table)
    if held_out.CASES.is_dir():
        cases = [_curve(one, _reference()) for one in coded_in(held_out.CASES / name for name in held_out.CASE_NAMES)]
        table += "\n\nOn the three cases:\n\n" + _table(cases)
        print(_table(cases))
    if asked.write:
        write({"learning": table})


def _reference() -> ReferenceModel:
    model = builtin_model().reference
    assert isinstance(model, ReferenceModel)
    return model


def _fold(asked: tuple[tuple[Path, ...], int]) -> list[Curve]:
    folders, fold = asked
    coded = sorted(coded_in(folders), key=lambda one: one.name)
    out = coded[fold :: held_out.FOLDS]
    rest = [one for one in coded if one not in out]
    model = taught([*map(lesson_of, rest), *map(snippet_lesson_of, rest)])
    return [_curve(one, model) for one in out]


def _curve(coded: Coded, model: ReferenceModel) -> Curve:
    truth = labels_in(coded.asked, coded.codings)
    found: Curve = {}
    for order in ORDERS:
        for n in SIZES:
            scores = [_score(coded, model, truth, order, n, seed) for seed in range(SEEDS if order == "chance" else 1)]
            if all(left >= 20 for _, left in scores):
                found[order, n] = (float(np.mean([right for right, _ in scores])), scores[0][1])
    return found


def _score(coded: Coded, model: ReferenceModel, truth: Ints, order: str, n: int, seed: int) -> tuple[float, int]:
    """(share right among the mentions not asked about, how many those are)"""
    asked = coded.asked
    labels = np.full(len(asked), -1, dtype=np.int64)
    chances: Floats = model.chances(asked, coded.corpus)
    for chosen in _batches(coded, model, truth, labels, order, n, seed):
        labels[chosen] = truth[chosen]
        chances = learned_from(model, asked, labels).chances(model, asked, coded.corpus)
    rest = np.flatnonzero((labels < 0) & (truth >= 0))
    return float((chances[rest].argmax(axis=1) == truth[rest]).mean()) if len(rest) else 0.0, len(rest)


def _batches(
    coded: Coded, model: ReferenceModel, truth: Ints, labels: Ints, order: str, n: int, seed: int
) -> Iterator[list[int]]:
    """Sheets of 25, as a person would fill them: after each the coder learns and chooses anew."""
    for _ in range(n // 25):
        known = np.where(truth >= 0, labels, 0)
        learned = learned_from(model, coded.asked, labels)
        chances = learned.chances(model, coded.asked, coded.corpus)
        yield asked_first(coded.asked, chances, known, 25, order, seed)


def _table(curves: list[Curve]) -> str:
    rows = [
        "| order of asking | " + " | ".join(f"{n} labelled" for n in SIZES) + " |",
        "| --- |" + " --- |" * len(SIZES),
    ]
    whole = [curve for curve in curves if all((order, 100) in curve for order in ORDERS)]
    for order in ORDERS:
        told = []
        for n in SIZES:
            there = [curve[order, n] for curve in whole if (order, n) in curve]
            left = sum(size for _, size in there)
            told.append(
                f"{sum(right * size for right, size in there) / left:.3f} ({len(there)} studies)" if left else ""
            )
        rows.append(f"| {order} | {' | '.join(told)} |")
    return "\n".join(rows)


if __name__ == "__main__":
    main()
