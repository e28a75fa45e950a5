"""How fast is agreement? One alpha, and alpha with its interval, beside the packages that people use for it.

    python -m bench.agreement [--repeat 5] [--units 20000]
    python -m bench.agreement --study [--texts 200] [--codings 20000]     how long a whole study takes, two coders
    python -m bench.agreement --coverage [--runs 1000]                    how often intervals over few texts hold the true alpha

Five coders, ten categories, one code in ten missing. The rivals (pip install krippendorff nltk simpledorff; none is a dependency of weness) are
asked for the same nominal alpha of the same data; none of them has an interval, so each is called in a loop over resampled units, a few times, and
the time of 1,000 such calls is worked out from that. Every value must be the same to six digits. A package that is missing is named, not missed.

Coverage: invented worlds in which texts differ in how common a code is and in how often coders err; a text has some forty units, coded yes or no
by two. In every world 5, 8, 12 or 25 texts are drawn, over and over, and it is counted how often the interval of nominally 90 % holds the alpha of
the world (200,000 texts), and how often the lower end alone does, nominally 95 %. Ours is weness' own interval, the others are worked out beside it.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Any

import numpy as np

from weness.coding.agreement import DRAWS, MISSING, Floats, Ints, alpha, counts_of, resampled
from weness.coding.codebook import codebook_named
from weness.coding.codings import Coding, Codings, in_text_order
from weness.coding.comparing import compare
from weness.draws import LEVEL, t_quantile
from weness.reading.corpus import Corpus, Document, Mention, Sentence, Span

CODERS, CATEGORIES, LEFT_OUT = 5, 10, 0.1
Alpha = Callable[[Ints], float]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--units", type=int, default=20_000)
    parser.add_argument("--study", action="store_true")
    parser.add_argument("--texts", type=int, default=200)
    parser.add_argument("--codings", type=int, default=20_000, help="of each coder")
    parser.add_argument("--coverage", action="store_true")
    parser.add_argument("--runs", type=int, default=1000)
    asked = parser.parse_args()
    if asked.study:
        return whole_study(asked.texts, asked.codings)
    if asked.coverage:
        return coverage(asked.runs)
    one_alpha(asked)


def one_alpha(asked: argparse.Namespace) -> None:
    values = invented(asked.units)
    ours = counts_of(values, CATEGORIES)
    value, once = timed(lambda: alpha(counts_of(values, CATEGORIES), n_draws=0).value, asked.repeat)
    found, drawn = timed(lambda: alpha(counts_of(values, CATEGORIES)), asked.repeat)
    print(
        f"{CODERS} coders, {len(ours)} units, {CATEGORIES} categories, {LEFT_OUT:.0%} missing; best of {asked.repeat}"
    )
    print(f"{'':<14}{'alpha':>10}{'one alpha, s':>14}{'ratio':>8}{f'{DRAWS} resamples, s':>20}{'ratio':>8}")
    print(f"{'weness':<14}{value:>10.6f}{once:>14.4f}{1:>8.1f}{drawn:>20.2f}{1:>8.1f}")
    print(f"{'':<14}interval of 90 % between {found.low:.4f} and {found.high:.4f}")
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


def whole_study(n_texts: int, n_codings: int) -> None:
    corpus, book = _corpus(n_texts), codebook_named()
    each = _codings(corpus, n_codings, [code.id for code in book.codes if code.family == "A"], [code.id for code in book.codes if code.family in "BC"])  # fmt: skip
    found, seconds = timed(lambda: compare(each, corpus, book), 1)
    print(
        f"{n_texts} texts, two coders of {len(each[0].marks)} codings each: {len(found.rows)} rows, "
        f"{len(found.disagreements)} disagreements in {seconds:.1f} s"
    )


LINE, LINES = "We share the boat. ", 100


def _corpus(n_texts: int) -> Corpus:
    documents = tuple(Document(f"t{number:05}.txt", LINE * LINES) for number in range(n_texts))
    starts = [(one.id, line * len(LINE)) for one in documents for line in range(LINES)]
    sentences = tuple(Sentence(Span(name, at, at + len(LINE) - 1), "en", 0) for name, at in starts)
    mentions = tuple(Mention(Span(name, at, at + 2), "en", 0, "pronoun") for name, at in starts)
    return Corpus("c", "C", ("en",), (), (), (), documents, (), sentences, mentions)


def _codings(corpus: Corpus, n_codings: int, labels: list[str], codes: list[str]) -> list[Codings]:
    """Half of them whom "we" means, half passages of a sentence or two; each coder slips in one of ten."""
    chance = random.Random(0)
    marks: dict[str, list[Coding]] = {"ana": [], "ben": []}
    for number in range(n_codings):
        document = corpus.documents[number % len(corpus.documents)]
        book, start = labels if number % 2 else codes, chance.randrange(LINES - 2) * len(LINE)
        span = Span(document.id, start, start + 2 if number % 2 else start + len(LINE) * chance.randint(1, 2) - 1)
        said = chance.choice(book)
        for name, theirs in marks.items():
            code = said if chance.random() < 0.9 else chance.choice(book)
            theirs.append(Coding(span, code, name, why="because"))
    seen = frozenset((document.id, family) for document in corpus.documents for family in "ABC")
    return [Codings(name, "weness", seen, in_text_order(theirs)) for name, theirs in marks.items()]


@dataclass(frozen=True)
class World:
    """``common``: the share of units with the code; ``erring``: of units that a coder gets wrong; both differ by text, the more the smaller
    ``alike`` is. ``uneven``: texts are of unlike length."""

    name: str
    common: float
    erring: float
    alike: float
    uneven: bool = False

    def texts(self, chance: np.random.Generator, n: int) -> Ints:
        """How many units both said no to, one said yes to, both said yes to. shape (n, 3)"""
        yes = chance.beta(self.common * 6, (1 - self.common) * 6, n)
        wrong = chance.beta(self.erring * self.alike, (1 - self.erring) * self.alike, n)
        sizes = np.exp(chance.normal(np.log(40), 0.7, n)).astype(int) if self.uneven else chance.poisson(40, n)
        both, apart = yes * (1 - wrong) ** 2 + (1 - yes) * wrong**2, 2 * wrong * (1 - wrong)
        shares = np.clip(np.column_stack([1 - both - apart, apart, both]), 0, 1)
        return np.asarray(chance.multinomial(np.maximum(sizes, 2), shares / shares.sum(axis=1, keepdims=True)))


WORLDS = (
    World("texts much alike", 0.3, 0.024, 40),
    World("errors in few texts, lengths unlike", 0.3, 0.024, 12, True),
    World("a rare code, the same", 0.1, 0.0105, 12, True),
    World("middling agreement, lengths unlike", 0.3, 0.07, 12, True),
    World("poor agreement", 0.3, 0.14, 12),
)
SIZES = (5, 8, 12, 25)
Ends = tuple[float, float]


def coverage(runs: int) -> None:
    sums = {(name, n): np.zeros(2) for name in METHODS for n in SIZES}
    head = "".join(f"{f'{n} texts':>12}" for n in SIZES)
    for world in WORLDS:
        true = _alpha_of(world.texts(np.random.default_rng(1), 200_000).sum(axis=0, keepdims=True))[0]
        print(f"\n{f'{world.name}, alpha {true:.2f}':<48}{head}")
        held = {n: _held(world, n, true, runs) for n in SIZES}
        for name in METHODS:
            print(f"{name:<48}" + "".join(_cell(held[n][name]) for n in SIZES))
            for n in SIZES:
                sums[name, n] += held[n][name]
    print(f"\n{'mean of the worlds':<48}{head}")
    for name in METHODS:
        print(f"{name:<48}" + "".join(_cell(sums[name, n] / len(WORLDS)) for n in SIZES))


def _cell(held: Floats) -> str:
    return f"{f'{held[0]:.2f}/{held[1]:.2f}':>12}".replace("0.", ".")


def _held(world: World, n: int, true: float, runs: int) -> dict[str, Floats]:
    """By method, how often both ends and how often the lower end held the true alpha."""
    chance, held, done = np.random.default_rng(n), {name: np.zeros(2) for name in METHODS}, 0
    while done < runs:
        table = world.texts(chance, n)
        counts = _units(table)
        found = alpha(counts, np.repeat(np.arange(n), table.sum(axis=1)), DRAWS, done)
        if found.low is None or found.high is None or found.value is None:
            continue  # no alpha, or no interval: nothing that could be wrong
        draws = _alpha_of(resampled(table.astype(float), np.ones(n, dtype=np.int64), DRAWS, done))
        for name, ends in zip(METHODS, _ends(found.value, (found.low, found.high), draws[np.isfinite(draws)], table), strict=True):  # fmt: skip
            held[name] += (ends[0] <= true <= ends[1], ends[0] <= true)
        done += 1
    return {name: both / runs for name, both in held.items()}


METHODS = ("percentiles (as it was)", "percentiles, wider by sqrt(n/(n-1)) t/z", "BCa", "jackknife, t", "ours: t on log(1 - alpha)")  # fmt: skip


def _ends(value: float, ours: Ends, draws: Floats, table: Ints) -> Iterator[Ends]:
    """In the order of METHODS."""
    n, normal = len(table), NormalDist()
    z, t = normal.inv_cdf((1 + LEVEL) / 2), t_quantile((1 + LEVEL) / 2, n - 1)
    low, high = np.quantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    yield low, high
    wider = sqrt(n / (n - 1)) * t / z
    yield value + wider * (low - value), value + wider * (high - value)
    without = _alpha_of(table.sum(axis=0) - table)
    without = without[np.isfinite(without)]
    gaps = without.mean() - without
    below = np.clip((draws < value).mean() + (draws == value).mean() / 2, 1 / DRAWS, 1 - 1 / DRAWS)
    bias, size = normal.inv_cdf(float(below)), 6 * float((gaps**2).sum()) ** 1.5
    lean = float((gaps**3).sum()) / size if size else 0.0
    low, high = np.quantile(draws, [normal.cdf(bias + (bias + end) / (1 - lean * (bias + end))) for end in (-z, z)])
    yield low, high
    error = sqrt((n - 1) / n * float((gaps**2).sum()))
    yield value - t * error, value + t * error
    yield ours


def _units(table: Ints) -> Ints:
    """One row a unit, (said no, said yes). table : shape (n, 3)"""
    return np.tile(np.array([[2, 0], [1, 1], [0, 2]]), (len(table), 1)).repeat(table.ravel(), axis=0)


def _alpha_of(tables: Floats | Ints) -> Floats:
    """tables : shape (n, 3), units of two coders as in ``World.texts``; NaN where one category is all there is"""
    no, yes = 2 * tables[:, 0] + tables[:, 1], 2 * tables[:, 2] + tables[:, 1]
    expected = 2.0 * no * yes
    observed = 2.0 * tables[:, 1] * (no + yes - 1)
    return np.asarray(1 - np.divide(observed, expected, out=np.full(len(tables), np.nan), where=expected > 0))


RIVALS: dict[str, Callable[[], Alpha]] = {"krippendorff": _krippendorff, "nltk": _nltk, "simpledorff": _simpledorff}


if __name__ == "__main__":
    main()
