"""The claim: with a biased machine, shares as coded miss the truth; corrected by a check sample, 90 % intervals hold 87 to 93 %.

Run: python -m bench.check_sample [--studies 1000]. Simulated studies: five partners, two waves, speakers who differ; a machine
that is right in three of four codes and whose errors lean one way, more in the second wave and with some partners. The sample is drawn by
weness.coding.checks, the estimates are those of weness.measuring.design. Where ppi-python is installed, one mean is compared with it.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from weness.coding.checks import MENTION, Unit, drawn
from weness.measuring.design import Sample, of_units, ratio, total
from weness.reading.corpus import Span

CODES = ("WE_PARTNERSHIP", "WE_OWN", "WE_SUBGROUP", "WE_UNCLEAR")
SIZES = (50, 100, 150, 300, 600)


def study(rng):
    """One study: who said what where, what a person would say, and what the machine says. Arrays of shape (n,)."""
    wave, partner, speaker = [], [], []
    for w in range(2):
        for p in range(5):
            for s in range(rng.integers(1, 4)):
                n = int(rng.integers(15, 80))
                wave += [w] * n
                partner += [p] * n
                speaker += (
                    [len(set(zip(wave, partner, speaker, strict=False))) + 1000 * w + 100 * p + s] * n
                    if False
                    else [1000 * w + 100 * p + s] * n
                )
    wave, partner, speaker = map(np.array, (wave, partner, speaker))
    chances = {}
    true = np.empty(len(wave), dtype=int)
    for who in np.unique(speaker):
        here = speaker == who
        base = np.array([0.25, 0.5, 0.15, 0.1]) if wave[here][0] == 0 else np.array([0.45, 0.3, 0.15, 0.1])
        chances[who] = rng.dirichlet(base * 6)
        true[here] = rng.choice(4, here.sum(), p=chances[who])
    # Three of four right; wrong ones lean to "own" in the first wave, to "partnership" in the second, more so with some partners.
    right = rng.random(len(true)) < np.where(partner % 2, 0.70, 0.80)
    lean = np.where(wave == 0, 1, 0)
    other = rng.choice(4, len(true))
    said = np.where(right, true, np.where(rng.random(len(true)) < 0.7, lean, other))
    return wave, partner, speaker, true, said


def weights_of(wave, partner, speaker, w):
    """Every partner weighs the same, and every speaker within a partner: as in the report."""
    found = np.zeros(len(wave))
    partners = np.unique(partner[wave == w])
    for p in partners:
        people = np.unique(speaker[(wave == w) & (partner == p)])
        for s in people:
            here = speaker == s
            found[here] = 1 / (len(partners) * len(people) * here.sum())
    return found


def one(seed, n):
    rng = np.random.default_rng([seed, n])
    wave, partner, speaker, true, said = study(rng)
    units = [
        Unit(MENTION, Span("d", at, at + 1), str(w), str(p), "en", (CODES[c],))
        for at, (w, p, c) in enumerate(zip(wave, partner, said, strict=True))
    ]
    checks = drawn(units, n, 1, seed)
    at = np.array([check.span.start for check in checks])
    sample = Sample(
        at,
        of_units([check.stratum for check in checks]),
        np.array([check.size for check in checks], float),
        np.ones(len(at)),
    )
    found = {}
    shares = {}
    for w in (0, 1):
        weights = weights_of(wave, partner, speaker, w)

        def pair(codes, code=0):
            return (codes == code) * 1.0, (codes != 3) * 1.0

        truth = (weights * pair(true)[0]).sum() / (weights * pair(true)[1]).sum()
        naive = (weights * pair(said)[0]).sum() / (weights * pair(said)[1]).sum()
        est = ratio(sample, weights, pair(said), pair(true[at]))
        shares[w] = (truth, naive, est)
        m = (weights > 0).sum()
        half = 1.645 * np.sqrt(naive * (1 - naive) / m * 1.5)
        found[f"share, wave {w + 1}"] = (truth, naive, (naive - half, naive + half), est.value, est.interval())
    low = shares[1][2]
    both = low.value - shares[0][2].value
    from weness.measuring.design import Corrected

    diff = Corrected(both, low.influence - shares[0][2].influence, low.floor + shares[0][2].floor, 0, low.freedom)
    truth, naive = shares[1][0] - shares[0][0], shares[1][1] - shares[0][1]
    half = 0.04
    found["change of the share"] = (truth, naive, (naive - half, naive + half), both, diff.interval())
    words = 1000 / 20000
    rate = total(sample, np.where(wave == 1, words, 0.0), (said == 2) * 1.0, (true[at] == 2) * 1.0)
    t, na = words * ((true == 2) & (wave == 1)).sum(), words * ((said == 2) & (wave == 1)).sum()
    half = 1.645 * np.sqrt(na * words)
    found["rate per 1,000 words"] = (t, na, (na - half, na + half), rate.value, rate.interval())
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--studies", type=int, default=1000)
    asked = parser.parse_args()
    for n in SIZES:
        start = time.perf_counter()
        rows = {}
        for seed in range(asked.studies):
            for name, row in one(seed, n).items():
                rows.setdefault(name, []).append(row)
        for name, found in rows.items():
            truth = np.array([row[0] for row in found])
            naive_in = np.mean([row[2][0] <= row[0] <= row[2][1] for row in found])
            inside = np.mean([row[4][0] <= row[0] <= row[4][1] for row in found])
            width = np.mean([row[4][1] - row[4][0] for row in found])
            bias = np.mean([row[3] for row in found] - truth)
            nbias = np.mean([row[1] for row in found] - truth)
            print(
                f"n={n:4d} {name:24s} naive: bias {nbias:+.3f} covers {naive_in:.3f}   corrected: bias {bias:+.4f} covers {inside:.3f} width {width:.3f}"
            )
        print(f"   {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
