"""How fast does the built-in coder learn from a user's own codings, and which mentions should be asked about first?

    .venv/bin/python -m bench.learning [--write]

In every coded partnership (left out of the fit that codes it) and in the three cases a third of the mentions, drawn at random, is set
apart and never asked about. Of the rest n are labelled as the reader did, in one of three orders, and the accuracy on the third set apart is
counted: the hard mentions that an order asks about first must not be missing from the test. --write puts the table into docs/coders.md.
"""

from __future__ import annotations

import argparse
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
Curve = dict[tuple[str, int], tuple[float, float]]
"""(order, n labelled) -> (accuracy on the third set apart, the same before anything was labelled)"""


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
        runs = [_run(coded, model, truth, order, seed) for seed in range(SEEDS)]
        for n in SIZES:
            there = [run[n] for run in runs if n in run]
            if there:
                found[order, n] = (float(np.mean(there)), float(np.mean([run[0] for run in runs])))
    return found


def _run(coded: Coded, model: ReferenceModel, truth: Ints, order: str, seed: int) -> dict[int, float]:
    """n labelled -> accuracy on the third set apart. Sheets of 25, as a person would fill them: after each the coder learns anew."""
    labelled = np.flatnonzero(truth >= 0)
    apart = np.random.default_rng(seed).permutation(labelled)[: len(labelled) // 3]
    closed = np.ones(len(truth), dtype=bool)
    closed[np.setdiff1d(labelled, apart)] = False
    labels = np.full(len(truth), -1, dtype=np.int64)
    chances: Floats = model.chances(coded.asked, coded.corpus)
    found = {0: _right(chances, truth, apart)}
    for n in range(25, SIZES[-1] + 1, 25):
        chosen = asked_first(coded.asked, chances, np.where(closed, 0, labels), 25, order, seed)
        if len(chosen) < 25:
            break
        labels[chosen] = truth[chosen]
        chances = learned_from(model, coded.asked, labels).chances(model, coded.asked, coded.corpus)
        found[n] = _right(chances, truth, apart)
    return found


def _right(chances: Floats, truth: Ints, where: Ints) -> float:
    return float((chances[where].argmax(axis=1) == truth[where]).mean())


def _table(curves: list[Curve]) -> str:
    rows = [
        "| order of asking | " + " | ".join(f"{n} labelled" for n in SIZES[1:]) + " |",
        "| --- |" + " --- |" * (len(SIZES) - 1),
    ]
    for order in ORDERS:
        told = []
        for n in SIZES[1:]:
            there = [curve[order, n] for curve in curves if (order, n) in curve]
            if not there:
                told.append("")
                continue
            after, before = (float(np.mean(column)) for column in zip(*there, strict=True))
            told.append(f"{before:.3f} → {after:.3f} ({len(there)})")
        rows.append(f"| {order} | {' | '.join(told)} |")
    return "\n".join(rows)


if __name__ == "__main__":
    main()
