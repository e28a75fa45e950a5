"""The claim: with a biased machine shares as coded miss the truth; corrected by a check sample, 90 % intervals hold as often as they say.

    .venv/bin/python -m bench.check_sample [--studies 1000] [--write] [--cases]

Simulated studies: five partners, two waves, one to three speakers each who differ in how they say "we"; a machine that is right in three of four codes, in
.70 with some partners and .80 with others, whose errors lean to one code in the first wave and to another in the second. The sample is drawn by
weness.coding.checks, the estimates are those of weness.measuring.design; nothing is simulated of them. ``--cases`` lays corrected values of
the three invented partnerships (checks answered from their reader's codings) beside what the reader's codings give. Where ppi-python is installed one mean is compared with it.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from weness.coding.checks import MENTION, Unit, drawn, written_draws
from weness.measuring.design import Array, Corrected, Ints, Sample, of_units, ratio, total
from weness.reading.corpus import Span

CODES = ("WE_PARTNERSHIP", "WE_OWN", "WE_SUBGROUP", "WE_UNCLEAR")
PARTNERSHIP, OWN, SUBGROUP, UNCLEAR = range(4)
SIZES = (50, 75, 100, 150, 300, 600)
Z = 1.645
WORDS = 20_000
CASES = Path(__file__).parents[2] / "shared" / "data" / "cases"
PAGE = Path(__file__).parents[1] / "docs" / "check_sample.md"
Row = tuple[float, float, float, float, float, float]
"""truth, as coded, its low and high, corrected, its low and high: of one value of one study"""


@dataclass(frozen=True)
class Said:
    """One study. Arrays of shape (n,): where each mention stands, what a person would say, what the machine says."""

    wave: Ints
    partner: Ints
    speaker: Ints
    true: Ints
    said: Ints


def study(chance: np.random.Generator) -> Said:
    wave, partner, speaker = [], [], []
    for number in range(10):
        for teller in range(int(chance.integers(1, 4))):
            n = int(chance.integers(15, 80))
            wave += [number // 5] * n
            partner += [number % 5] * n
            speaker += [10 * number + teller] * n
    w, p, s = np.array(wave), np.array(partner), np.array(speaker)
    true = np.empty(len(w), dtype=np.int64)
    for who in np.unique(s):
        here = s == who
        usual = np.array([0.25, 0.5, 0.15, 0.1]) if w[here][0] == 0 else np.array([0.45, 0.3, 0.15, 0.1])
        true[here] = chance.choice(4, here.sum(), p=chance.dirichlet(usual * 6))
    right = chance.random(len(true)) < np.where(p % 2, 0.70, 0.80)
    lean = np.where(w == 0, OWN, PARTNERSHIP)
    wrong = np.where(chance.random(len(true)) < 0.7, lean, chance.choice(4, len(true)))
    return Said(w, p, s, true, np.where(right, true, wrong))


def weights_of(one: Said, wave: int) -> Array:
    """Every partner weighs the same, and every speaker within a partner: as in the report."""
    found = np.zeros(len(one.wave))
    for partner in range(5):
        tellers = np.unique(one.speaker[(one.wave == wave) & (one.partner == partner)])
        for teller in tellers:
            here = one.speaker == teller
            found[here] = 1 / (5 * len(tellers) * here.sum())
    return found


def of_one(seed: int, n: int) -> dict[str, Row]:
    one = study(np.random.default_rng([seed, n]))
    units = [
        Unit(MENTION, Span("text", at, at + 1), str(one.wave[at]), str(one.partner[at]), "en", (CODES[one.said[at]],))
        for at in range(len(one.wave))
    ]
    checks = drawn(units, n, 1, seed)
    at = np.array([check.span.start for check in checks])
    sample = Sample(
        at,
        of_units([check.stratum for check in checks]),
        np.array([float(check.size) for check in checks]),
        np.ones(len(at)),
    )
    found: dict[str, Row] = {}
    shares: list[tuple[float, float, float, Corrected]] = []
    for wave in (0, 1):
        weights = weights_of(one, wave)

        def part(codes: Ints) -> tuple[Array, Array]:
            return (codes == PARTNERSHIP) * 1.0, (codes != UNCLEAR) * 1.0

        truth, coded = (
            (weights * part(codes)[0]).sum() / (weights * part(codes)[1]).sum() for codes in (one.true, one.said)
        )
        corrected = ratio(sample, weights, part(one.said), part(one.true[at]))
        assert corrected is not None
        half = Z * np.sqrt(coded * (1 - coded) / (weights > 0).sum())
        found[f"share in wave {wave + 1}"] = (truth, coded, half, corrected.value, *corrected.interval())
        shares.append((truth, coded, half, corrected))
    (t1, c1, h1, first), (t2, c2, h2, second) = shares
    change = replace(
        second,
        value=second.value - first.value,
        influence=second.influence - first.influence,
        floor=first.floor + second.floor,
    )
    found["change of the share"] = (t2 - t1, c2 - c1, float(np.hypot(h1, h2)), change.value, *change.interval())
    each = np.where(one.wave == 1, 1000 / WORDS, 0.0)
    rate = total(sample, each, (one.said == SUBGROUP) * 1.0, (one.true[at] == SUBGROUP) * 1.0)
    truth, coded = (float(each @ (codes == SUBGROUP)) for codes in (one.true, one.said))
    found["rate per 1,000 words"] = (truth, coded, Z * np.sqrt(coded * 1000 / WORDS), rate.value, *rate.interval())
    return found


def coverage(studies: int) -> list[str]:
    lines = [
        "| checks | what | off as coded | holds as coded | off corrected | holds corrected | width |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for n in SIZES:
        rows: dict[str, list[Row]] = {}
        start = time.perf_counter()
        for seed in range(studies):
            for name, row in of_one(seed, n).items():
                rows.setdefault(name, []).append(row)
        for name, found in rows.items():
            truth, coded, half, value, low, high = np.array(found).T
            naive, holds = np.mean(np.abs(coded - truth) <= half), np.mean((low <= truth) & (truth <= high))
            lines.append(
                f"| {n} | {name} | {np.mean(coded - truth):+.3f} | {naive:.3f} | {np.mean(value - truth):+.4f} | {holds:.3f} | {np.mean(high - low):.3f} |"
            )
            print(lines[-1], flush=True)
        print(f"{n} checks: {time.perf_counter() - start:.0f} s", flush=True)
    return lines


def of_cases(n: int = 150) -> list[str]:
    """Corrected and as coded, against what the reader's codings give: mean distance over waves of the measures of all partners."""
    from weness.study import Study

    lines = [
        "| partnership | measures | off as coded | off corrected | in corrected interval |",
        "| --- | --- | --- | --- | --- |",
    ]
    for case in sorted(CASES.iterdir()):
        if not (case / "mentions.jsonl").is_file():
            continue
        truth = Study(case, "human").conclude()
        gaps: dict[str, list[tuple[float, float, bool]]] = {}
        for seed in range(10):
            with tempfile.TemporaryDirectory() as folder:
                bare = Path(folder) / case.name
                shutil.copytree(case, bare, ignore=shutil.ignore_patterns("*.jsonl"))
                corpus, draws = Study(bare, seed=seed).draw(2 * n)
                answers = _answers(Study(case, "human").code(corpus)[0], corpus)
                filled = replace(
                    draws[-1],
                    checks=tuple(
                        replace(check, codes=answers(check.kind, check.span), coder="reader")
                        for check in draws[-1].checks
                    ),
                )
                (bare / "checks.jsonl").write_text(written_draws((filled,), corpus), encoding="utf-8")
                found = Study(bare).conclude()
            for one in found.measures:
                person = truth.measure(one.name, one.wave, one.partner)
                if (
                    one.corrected is None
                    or one.as_coded is None
                    or one.partner
                    or person is None
                    or person.estimate is None
                ):
                    continue
                low, high = one.corrected.interval()
                kind = "changes" if one.name.endswith("_change") else "shares"
                gaps.setdefault(kind, []).append(
                    (
                        abs(one.as_coded.mean - person.estimate.mean),
                        abs(one.corrected.mean - person.estimate.mean),
                        low <= person.estimate.mean <= high,
                    )
                )
        for kind, rows in gaps.items():
            coded, corrected, inside = np.array(rows, dtype=float).T
            lines.append(
                f"| {case.name} | {kind} | {coded.mean():.3f} | {corrected.mean():.3f} | {inside.mean():.2f} |"
            )
            print(lines[-1], flush=True)
    return lines


def _answers(codings, corpus):  # type: ignore[no-untyped-def]
    from weness.coding.reliability import LABELS

    mentions = {(mark.span.document, mark.span.start): mark.code for mark in codings.marks if mark.code in LABELS}

    def of(kind: str, span: Span) -> tuple[str, ...]:
        if kind == MENTION:
            return (mentions[span.document, span.start],) if (span.document, span.start) in mentions else ()
        inside = {
            mark.code
            for mark in codings.of(span.document)
            if mark.code not in LABELS and span.start <= mark.span.start < span.end
        }
        return tuple(sorted(inside))

    return of


def beside_ppi() -> None:
    """One mean of one simple random sample, by ours and by ppi-python (power tuning off)."""
    try:
        from ppi_py import ppi_mean_ci, ppi_mean_pointestimate
    except ImportError:
        print("ppi-python is not installed (pip install ppi-python): not compared.")
        return
    chance = np.random.default_rng(0)
    true = (chance.random(20_000) < 0.3) * 1.0
    said = np.where(chance.random(20_000) < 0.75, true, 1.0)
    at = chance.choice(20_000, 400, replace=False)
    sample = Sample(at, np.zeros(400, dtype=np.int64), np.full(400, 20_000.0), np.ones(400))
    ours = ratio(sample, np.ones(20_000), (said, np.ones(20_000)), (true[at], np.ones(400)))
    assert ours is not None
    theirs = ppi_mean_pointestimate(true[at], said[at], said, lam=1.0)
    low, high = ppi_mean_ci(true[at], said[at], said, alpha=0.1, lam=1.0)
    print(
        f"one mean: weness {ours.value:.4f} {tuple(round(end, 4) for end in ours.interval())}, ppi-python {theirs[0]:.4f} ({low[0]:.4f}, {high[0]:.4f})"
    )


def write(lines: list[str]) -> None:
    page = PAGE.read_text("utf-8")
    before, _, rest = page.partition("<!-- table: coverage -->\n")
    _, _, after = rest.partition("<!-- end -->")
    PAGE.write_text(
        before + "<!-- table: coverage -->\n" + "\n".join(lines) + "\n<!-- end -->" + after, encoding="utf-8"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--studies", type=int, default=1000)
    parser.add_argument("--write", action="store_true", help="put the table into docs/check_sample.md")
    parser.add_argument(
        "--cases", action="store_true", help="also the three invented partnerships, where they are at hand"
    )
    asked = parser.parse_args()
    beside_ppi()
    lines = coverage(asked.studies)
    if asked.write:
        write(lines)
    if asked.cases and CASES.is_dir():
        of_cases()


if __name__ == "__main__":
    main()
