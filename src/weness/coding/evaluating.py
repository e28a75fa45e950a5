"""How well a machine tells whom "we" means, on mentions that persons labelled."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from weness.coding.codebook import codebook_named
from weness.coding.coder import Coder
from weness.coding.reliability import LABELS
from weness.coding.snippets import Row, corpus_of_rows, gold_rows
from weness.engines import Inline

__all__ = ["Evaluation", "Interval", "evaluate", "gold_rows", "printed"]

BINS = 10
DRAWS = 2000
Z = 1.6449
"""Of the normal distribution, for intervals of 90 %, as everywhere in weness."""


@dataclass(frozen=True, slots=True)
class Interval:
    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Predictions for every row; figures over the rows that carry a label, None where none does.

    ``confusion`` counts (true, predicted). ``majority`` is the commonest true label and its share.
    ``calibration_error`` is the mean distance between said probability and accuracy, in ten bins.
    """

    coder: str
    predictions: tuple[dict[str, Any], ...]
    labelled: int
    accuracy: Interval | None = None
    macro_f1: Interval | None = None
    majority: tuple[str, float] | None = None
    calibration_error: float | None = None
    confusion: dict[tuple[str, str], int] | None = None
    by_language: dict[str, Interval] | None = None


def evaluate(rows: Iterable[Row], coder: Coder, seed: int = 0) -> Evaluation:
    """Every row is answered exactly once, in order, labelled or not."""
    rows = tuple(rows)
    predictions = _predictions(rows, coder)
    pairs = [
        (row["label"], said["label"], said["probability"], row["lang"])
        for row, said in zip(rows, predictions, strict=True)
        if row.get("label")
    ]
    if not pairs:
        return Evaluation(coder.name, predictions, 0)
    confusion = Counter((true, said) for true, said, _, _ in pairs)
    label, count = Counter(true for true, _, _, _ in pairs).most_common(1)[0]
    return Evaluation(
        coder=coder.name,
        predictions=predictions,
        labelled=len(pairs),
        accuracy=_wilson(sum(true == said for true, said, _, _ in pairs), len(pairs)),
        macro_f1=_macro_f1(confusion, seed),
        majority=(label, count / len(pairs)),
        calibration_error=_calibration_error([(chance, true == said) for true, said, chance, _ in pairs]),
        confusion=dict(sorted(confusion.items())),
        by_language={
            language: _wilson(
                sum(true == said for true, said, _, one in pairs if one == language),
                sum(one == language for _, _, _, one in pairs),
            )
            for language in sorted({language for _, _, _, language in pairs})
        },
    )


def _predictions(rows: Sequence[Row], coder: Coder) -> tuple[dict[str, Any], ...]:
    corpus, spans = corpus_of_rows(rows)
    codings = coder.code(corpus, codebook_named(), Inline())
    said = {mark.span: mark for mark in codings.marks if mark.code in LABELS}
    starts = {(span.document, span.start): mark for span, mark in said.items()}
    answers = []
    for row, span in zip(rows, spans, strict=True):
        mark = said.get(span) or starts.get((span.document, span.start))
        # A coder that says nothing of a mention has not told it apart from any other reading.
        label, chance = (mark.code, mark.probability) if mark else ("WE_UNCLEAR", 1 / len(LABELS))
        answers.append({"id": row["id"], "label": label, "probability": round(chance, 4)})
    return tuple(answers)


def _wilson(hits: int, n: int) -> Interval:
    """References / Wilson (1927). Probable inference, the law of succession, and statistical inference."""
    share = hits / n
    centre = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z / (1 + Z**2 / n) * math.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    return Interval(share, max(0.0, centre - half), min(1.0, centre + half))


def _macro_f1(confusion: Counter[tuple[str, str]], seed: int) -> Interval:
    """Mean F1 of the labels that persons gave; its interval from resampled rows (percentiles)."""
    truths = sorted({true for true, _ in confusion})
    labels = sorted({label for pair in confusion for label in pair})
    table = np.array([[confusion[true, said] for said in labels] for true in labels], dtype=np.float64)
    n = int(table.sum())
    drawn = np.random.default_rng(seed).multinomial(n, table.ravel() / n, DRAWS).reshape(DRAWS, *table.shape)
    kept = [labels.index(true) for true in truths]

    def of(tables: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """tables : shape (n, labels, labels), true by said"""
        hits = np.diagonal(tables, axis1=1, axis2=2)
        both = tables.sum(axis=1) + tables.sum(axis=2)
        f1 = np.divide(2 * hits, both, out=np.full(hits.shape, np.nan), where=both > 0)
        return np.asarray(np.nanmean(f1[:, kept], axis=1))

    low, high = np.quantile(of(drawn.astype(np.float64)), [0.05, 0.95])
    return Interval(float(of(table[None])[0]), float(low), float(high))


def _calibration_error(said: Sequence[tuple[float, bool]]) -> float:
    """References / Naeini, Cooper, Hauskrecht (2015). Expected calibration error."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for chance, right in said:
        bins.setdefault(min(int(chance * BINS), BINS - 1), []).append((chance, right))
    gaps = (abs(sum(chance for chance, _ in one) - sum(right for _, right in one)) for one in bins.values())
    return sum(gaps) / len(said)


def printed(evaluation: Evaluation) -> str:
    """For the command line: what was measured, or that there was nothing to measure."""
    head = (
        f"{evaluation.coder}: {len(evaluation.predictions)} mentions answered, {evaluation.labelled} of them labelled"
    )
    if evaluation.accuracy is None or evaluation.confusion is None or evaluation.majority is None:
        return f"{head}. Without labels nothing can be measured."
    label, share = evaluation.majority
    lines = [
        head,
        f"accuracy          {evaluation.accuracy}   (always saying {label}: {share:.3f})",
        f"macro-F1          {evaluation.macro_f1}",
        f"calibration error {evaluation.calibration_error:.3f}",
        *(f"accuracy in {one}    {interval}" for one, interval in (evaluation.by_language or {}).items()),
        "intervals of 90 %: Wilson for accuracy, resampled rows for macro-F1",
        "",
        *_table(evaluation.confusion),
    ]
    return "\n".join(lines)


def _table(confusion: dict[tuple[str, str], int]) -> list[str]:
    """Rows: what persons said; columns: what the machine said."""
    labels = [label for label in LABELS if any(label in pair for pair in confusion)]
    labels += sorted({label for pair in confusion for label in pair} - set(labels))
    short = [label.removeprefix("WE_").lower()[:11] for label in labels]
    width = max(len(one) for one in short) + 2
    lines = ["true \\ said".ljust(14) + "".join(one.rjust(width) for one in short)]
    for label, name in zip(labels, short, strict=True):
        lines.append(name.ljust(14) + "".join(str(confusion.get((label, said), 0)).rjust(width) for said in labels))
    return lines
