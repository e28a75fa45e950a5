"""How fast is agreement? One alpha, and alpha with its interval, beside the packages that people use for it.

    python -m bench.agreement [--repeat 5] [--units 20000]

Five coders, ten categories, one code in ten missing. The rivals (pip install krippendorff nltk simpledorff; none is a dependency of weness) are
asked for the same nominal alpha of the same data; none of them has an interval, so each is called in a loop over resampled units, a few times, and
the time of 1,000 such calls is worked out from that. Every value must be the same to six digits. A package that is missing is named, not missed.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from weness.coding.agreement import DRAWS, MISSING, Ints, alpha, counts_of

CODERS, CATEGORIES, LEFT_OUT = 5, 10, 0.1
Alpha = Callable[[Ints], float]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--units", type=int, default=20_000)
    asked = parser.parse_args()
    values = invented(asked.units)
    ours = counts_of(values, CATEGORIES)
    value, once = timed(lambda: alpha(counts_of(values, CATEGORIES), n_draws=0).value, asked.repeat)
    found, drawn = timed(lambda: alpha(counts_of(values, CATEGORIES)), asked.repeat)
    print(
        f"{CODERS} coders, {len(ours)} units, {CATEGORIES} categories, {LEFT_OUT:.0%} missing; best of {asked.repeat}"
    )
    print(f"{'':<14}{'alpha':>10}{'one alpha, s':>14}{'ratio':>8}{f'{DRAWS} resamples, s':>20}{'ratio':>8}")
    print(f"{'weness':<14}{value:>10.6f}{once:>14.4f}{1:>8.1f}{drawn:>20.2f}{1:>8.1f}")
    print(f"{'':<14}90 % of the resamples between {found.low:.4f} and {found.high:.4f}")
    for name, make in RIVALS.items():
        try:
            rival = make()
        except ImportError as error:
            print(f"{name:<14}not installed ({error.name}): pip install {name}")
            continue
        theirs, seconds = timed(lambda rival=rival: rival(values), asked.repeat)
        loop = DRAWS * resampling(rival, values)
        same = "" if f"{theirs:.6f}" == f"{value:.6f}" else "   another value!"
        print(f"{name:<14}{theirs:>10.6f}{seconds:>14.4f}{seconds / once:>8.1f}{loop:>20.1f}{loop / drawn:>8.1f}{same}")


def invented(n_units: int) -> Ints:
    """Coders who see the true code in seven of ten cases and guess in the others."""
    random = np.random.default_rng(0)
    true = random.integers(0, CATEGORIES, n_units)
    shape = (CODERS, n_units)
    values = np.where(random.random(shape) < 0.7, true, random.integers(0, CATEGORIES, shape))
    return np.where(random.random(shape) < LEFT_OUT, MISSING, values)


def timed(ask: Callable[[], Any], repeat: int) -> tuple[Any, float]:
    best, answer = float("inf"), None
    for _ in range(repeat):
        start = time.perf_counter()
        answer = ask()
        best = min(best, time.perf_counter() - start)
    return answer, best


def resampling(rival: Alpha, values: Ints, times: int = 3) -> float:
    """Seconds for one resample, as a loop would take it."""
    random = np.random.default_rng(0)
    start = time.perf_counter()
    for _ in range(times):
        rival(values[:, random.integers(0, values.shape[1], values.shape[1])])
    return (time.perf_counter() - start) / times


def _krippendorff() -> Alpha:
    import krippendorff

    def ask(values: Ints) -> float:
        data = np.where(values == MISSING, np.nan, values)
        return float(krippendorff.alpha(data, level_of_measurement="nominal"))

    return ask


def _nltk() -> Alpha:
    from nltk.metrics.agreement import AnnotationTask

    def ask(values: Ints) -> float:
        return float(AnnotationTask(data=list(_long(values))).alpha())

    return ask


def _simpledorff() -> Alpha:
    import pandas
    import simpledorff

    def ask(values: Ints) -> float:
        table = pandas.DataFrame(_long(values), columns=["coder", "unit", "code"])
        return float(simpledorff.calculate_krippendorffs_alpha_for_df(table, "unit", "coder", "code"))

    return ask


def _long(values: Ints) -> list[tuple[int, int, int]]:
    coders, units = np.nonzero(values != MISSING)
    return list(zip(coders.tolist(), units.tolist(), values[coders, units].tolist(), strict=True))


RIVALS: dict[str, Callable[[], Alpha]] = {"krippendorff": _krippendorff, "nltk": _nltk, "simpledorff": _simpledorff}


if __name__ == "__main__":
    main()
