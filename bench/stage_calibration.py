"""Is the stated probability of the top stage how often it is right, and does thin evidence lead to "cannot say"?

    .venv/bin/python bench/stage_calibration.py [--n 400] [--process NAME] [--figure docs/figures/calibration.svg]

Partnerships are drawn from the model itself (bench/synthetic.py): this shows that the inference is neither over-sure
nor mute about its own world. It is no validation of the model on real partnerships.
"""

from __future__ import annotations

import argparse
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from synthetic import partnership
from weness.measuring.measuring import measured
from weness.measuring.settings import settings_of
from weness.staging.process import Process, process_named
from weness.staging.trajectory import posteriors

MIX = {"S1": 0.18, "S2": 0.18, "S3": 0.18, "S4": 0.18, "S5": 0.18, "R": 0.05, "D": 0.05}
BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01)


def run(process: Process, evidence: str, n: int, seed: int) -> list[tuple[float, bool, bool, str]]:
    """(top share, right, one step off at most, call) of the second wave of each partnership."""
    chance = np.random.default_rng(seed)
    order = [stage.id for stage in process.stages]
    found = []
    for number in range(n):
        stage = str(chance.choice(list(MIX), p=list(MIX.values())))
        drawn = partnership(process, stage, evidence, seed * 100_000 + number)
        whole = measured(drawn.corpus, drawn.codings, settings_of({"draws": 300}), seed=number)
        last = posteriors(process, whole, seed=number)[-1]
        top = last.top
        near = top is not None and abs(order.index(top) - order.index(stage)) <= 1
        found.append((max(last.shares.values(), default=0.0), top == stage, near, last.call))
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--n", type=int, default=400)
    parser.add_argument("--process", default="weness-default")
    parser.add_argument("--figure", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    process = process_named(asked.process)
    rows = []
    for evidence in ("rich", "even", "uneven", "thin"):
        found = run(process, evidence, asked.n, asked.seed)
        spoken = [one for one in found if one[0] > 0]
        called = [one for one in found if one[3].startswith(("S", "R", "D"))]
        sure_and_wrong = sum(share > 0.8 and not right for share, right, _, _ in found) / len(found)
        print(
            f"{evidence:>7}: a stage {len(called) / len(found):.2f}, between two "
            f"{sum(one[3].startswith('between') for one in found) / len(found):.2f}, cannot say "
            f"{sum(one[3] == 'cannot say' for one in found) / len(found):.2f}; top right "
            f"{np.mean([one[1] for one in spoken] or [np.nan]):.2f}, within a step "
            f"{np.mean([one[2] for one in spoken] or [np.nan]):.2f}, mean stated "
            f"{np.mean([one[0] for one in spoken] or [np.nan]):.2f}, over .80 and wrong {sure_and_wrong:.3f}"
        )
        rows += spoken
    shares, rights = np.array([one[0] for one in rows]), np.array([one[1] for one in rows])
    table = []
    error = 0.0
    for low, high in pairwise(BINS):
        inside = (shares >= low) & (shares < high)
        if inside.any():
            stated, right, size = shares[inside].mean(), rights[inside].mean(), int(inside.sum())
            error += size / len(shares) * abs(stated - right)
            table.append({"stated": float(stated), "right": float(right), "partnerships": size})
            print(f"  stated {low:.2f}-{min(high, 1):.2f}: mean {stated:.2f}, right {right:.2f}  (n = {size})")
    print(f"  expected calibration error {error:.3f} over {len(shares)} partnerships")
    if asked.figure:
        _draw(table, asked.figure)


def _draw(table: list[dict[str, float]], path: Path) -> None:
    import vl_convert

    line = {"values": [{"stated": 0.3, "right": 0.3}, {"stated": 1.0, "right": 1.0}]}
    axis = {"type": "quantitative", "scale": {"domain": [0.3, 1.0]}}
    x = {"field": "stated", "title": "stated probability of the top stage", **axis}
    y = {"field": "right", "title": "how often it is right", **axis}
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "description": "Calibration of the stage distribution on synthetic partnerships",
        "width": 340,
        "height": 340,
        "layer": [
            {
                "data": line,
                "mark": {"type": "line", "strokeDash": [4, 4], "color": "#777"},
                "encoding": {"x": x, "y": y},
            },
            {
                "data": {"values": table},
                "mark": {"type": "point", "filled": True, "color": "#0072B2"},
                "encoding": {"x": x, "y": y, "size": {"field": "partnerships", "type": "quantitative"}},
            },
        ],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(vl_convert.vegalite_to_svg(spec), encoding="utf-8")


if __name__ == "__main__":
    main()
