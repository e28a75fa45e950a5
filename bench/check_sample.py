"""The claim: with a biased machine shares as coded miss the truth; corrected by a check sample, 90 % intervals hold as often as they say.

    .venv/bin/python -m bench.check_sample [--studies 1000] [--write] [--cases]

Simulated studies: five partners, two waves, one to three speakers each who differ; a machine that is right in three of four mentions, in .70 with some
partners and .80 with others, whose errors lean to one code in the first wave and to another in the second, and that finds .4 of the passages. Drawn by weness.coding.checks and
estimated by weness.measuring.corrected, as in a study; the truth is theory's mean over partners of the mean over their speakers. ``--cases`` lays
corrected values of the three invented partnerships (checks answered from their reader's codings) beside what the reader's codings give. Where ppi-python is
installed one mean is compared with it.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np

from weness.coding.checks import MENTION, SENTENCE, Draw, Unit, drawn, written_draws
from weness.draws import Estimate
from weness.measuring.corrected import RESOLVED, Beside, Checked
from weness.measuring.design import Sample, ratio
from weness.measuring.frame import Frame, Place, worth
from weness.measuring.settings import settings_of
from weness.measuring.worlds import Worlds
from weness.reading.corpus import Span

CODES = ("WE_PARTNERSHIP", "WE_OWN", "WE_SUBGROUP", "WE_UNCLEAR")
PARTNERSHIP, OWN, SUBGROUP, UNCLEAR = range(4)
PARTNERS = ("a", "b", "c", "d", "e")
WAVES = ("w1", "w2")
Z = 1.645
SIZES = (50, 75, 100, 150, 300, 600)
CASES = Path(__file__).parents[2] / "shared" / "data" / "cases"
PAGE = Path(__file__).parents[1] / "docs" / "check_sample.md"
NAMES = {
    "share in w1": "share, wave 1",
    "share in w2": "share, wave 2",
    "change": "change of the share",
    "rate": "passages per 1,000 words",
}
Row = tuple[float, float, float, float, float, float]
"""truth, as coded, half its interval, corrected, its low and high: of one value of one study"""


@dataclass
class World:
    """One study: its frame as the machine coded it, and what a person would say of every unit."""

    frame: Frame
    true: list[tuple[str, ...]]


def study(chance: np.random.Generator) -> World:
    """One to three speakers a partner and wave, who differ; a machine that errs as the caption says."""
    places: list[Place] = []
    true: list[tuple[str, ...]] = []
    for wave, partner in product(WAVES, PARTNERS):
        right, lean = (0.7 if partner in "bd" else 0.8), (OWN if wave == "w1" else PARTNERSHIP)
        usual = np.array([0.25, 0.5, 0.15, 0.1] if wave == "w1" else [0.45, 0.3, 0.15, 0.1])
        for teller in range(int(chance.integers(1, 4))):
            text, shares = f"{wave} {partner} {teller}", chance.dirichlet(usual * 6)
            for at in range(int(chance.integers(15, 80))):
                meant = int(chance.choice(4, p=shares))
                wrong = lean if chance.random() < 0.7 else int(chance.integers(4))
                said = meant if chance.random() < right else wrong
                unit = Unit(MENTION, Span(text, 1000 + at, 1001 + at), wave, partner, "en", (CODES[said],))
                places.append(Place(unit, str(teller), "interview", False))
                true.append((CODES[meant],))
            often = 0.04 + 0.1 * chance.random()
            for at in range(int(chance.integers(30, 120))):
                told = chance.random() < often
                found = chance.random() < (0.4 if told else 0.05)
                unit = Unit(
                    SENTENCE, Span(text, 10 * at, 10 * at + 9), wave, partner, "en", ("NEGOTIATION",) if found else ()
                )
                places.append(Place(unit, str(teller), "interview", False, 18))
                true.append(("NEGOTIATION",) if told else ())
    return World(Frame(tuple(places), {place.unit.span.document: "x" for place in places}), true)


def mean_share(world: World, wave: str, codes: list[tuple[str, ...]]) -> float:
    """Theory's: the mean over partners of the mean over their speakers of the share in resolved mentions."""
    texts: dict[str, list[tuple[float, float]]] = {}
    for place, code in zip(world.frame.places, codes, strict=True):
        if place.unit.kind == MENTION and place.unit.wave == wave:
            told = (worth(code, ("WE_PARTNERSHIP",)), worth(code, RESOLVED))
            texts.setdefault(place.unit.span.document, []).append(told)
    means: dict[str, list[float]] = {}
    for text, said in texts.items():
        part, whole = np.sum(said, axis=0)
        means.setdefault(text.split()[1], []).append(part / whole)
    return float(np.mean([np.mean(own) for own in means.values()]))


def mean_rate(world: World, codes: list[tuple[str, ...]]) -> float:
    rates = []
    for partner in PARTNERS:
        own = [
            (place.words, worth(code, ("NEGOTIATION",)))
            for place, code in zip(world.frame.places, codes, strict=True)
            if place.unit.kind == SENTENCE and place.unit.partner == partner and place.unit.wave == "w2"
        ]
        rates.append(1000 * sum(told for _, told in own) / sum(words for words, _ in own))
    return float(np.mean(rates))


def of_one(seed: int, n: int, answered: float, coded_since: float) -> dict[str, Row]:
    """``n`` checks of each kind, of which a share is ``answered``; since the draw persons coded some texts (``coded_since``)."""
    chance = np.random.default_rng([seed, n])
    world = study(chance)
    at = {(place.unit.kind, place.unit.span): number for number, place in enumerate(world.frame.places)}
    checks = tuple(
        replace(check, codes=world.true[at[check.kind, check.span]]) if chance.random() < answered else check
        for check in drawn(world.frame.to_check, 2 * n, 1, seed)
    )
    coded = {text for text in world.frame.texts if chance.random() < coded_since}
    frame = Frame(
        tuple(
            replace(place, by_person=True, unit=replace(place.unit, predicted=told))
            if place.unit.span.document in coded
            else place
            for place, told in zip(world.frame.places, world.true, strict=True)
        ),
        world.frame.texts,
    )
    said = [place.unit.predicted for place in frame.places]
    checked = Checked(Beside(frame, (Draw(1, seed, world.frame.texts, checks),)), Worlds(settings_of(), seed))
    found: dict[str, Row] = {}
    values = {}
    for wave in WAVES:
        result = checked.share(("WE_PARTNERSHIP",), wave, PARTNERS)
        assert result is not None
        truth, coded_share = mean_share(world, wave, world.true), mean_share(world, wave, said)
        size = sum(place.unit.kind == MENTION and place.unit.wave == wave for place in frame.places)
        half = Z * float(np.sqrt(coded_share * (1 - coded_share) / size))
        worlds = checked.worlds_of(result[0], result[1].items, wave)
        found[f"share in {wave}"] = (truth, coded_share, half, result[0].value, *Estimate(worlds).interval())
        values[wave] = (truth, coded_share, half, worlds)
    (t1, c1, h1, first), (t2, c2, h2, second) = (values[wave] for wave in WAVES)
    change = Estimate(second - first)
    found["change"] = (t2 - t1, c2 - c1, float(np.hypot(h1, h2)), change.mean, *change.interval())
    told = checked.rate(("NEGOTIATION",), "w2", PARTNERS)
    assert told is not None
    truth, coded_rate = mean_rate(world, world.true), mean_rate(world, said)
    rate = Estimate(checked.worlds_of(told[0], told[1].items, "rate"))
    words = sum(place.words for place in frame.places if place.unit.wave == "w2")
    found["rate"] = (truth, coded_rate, Z * float(np.sqrt(coded_rate * 1000 / words)), told[0].value, *rate.interval())
    return found


def coverage(studies: int) -> list[str]:
    lines = [
        "| checks of each kind | what | off as coded | holds as coded | off corrected | holds corrected | width |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    asked = [(n, 1.0, 0.0, f"{n}") for n in SIZES]
    asked += [(150, 0.6, 0.0, "150, 60 % answered"), (150, 1.0, 0.4, "150, persons coded 40 % of the texts since")]
    for n, answered, coded_since, title in asked:
        rows: dict[str, list[Row]] = {}
        start = time.perf_counter()
        for seed in range(studies):
            for name, row in of_one(seed, n, answered, coded_since).items():
                rows.setdefault(name, []).append(row)
        for name, found in rows.items():
            truth, coded, half, value, low, high = np.array(found).T
            naive, holds = np.mean(np.abs(coded - truth) <= half), np.mean((low <= truth) & (truth <= high))
            lines.append(
                f"| {title} | {NAMES[name]} | {np.mean(coded - truth):+.3f} | {naive:.3f} | {np.mean(value - truth):+.4f} | {holds:.3f} | {np.mean(high - low):.3f} |"
            )
            print(lines[-1], flush=True)
        print(f"{title}: {time.perf_counter() - start:.0f} s", flush=True)
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
