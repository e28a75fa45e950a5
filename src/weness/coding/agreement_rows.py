"""One code, one language, one row: every coefficient of it, and what its numbers may be used for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from weness import library
from weness.coding.agreement import (
    DRAWS,
    MISSING,
    Coefficient,
    Ints,
    ac1,
    agreement_on,
    alpha,
    cohen,
    counts_of,
    fleiss,
    percent_agreement,
)
from weness.coding.shared_units import Units
from weness.coding.unitizing import Continuum, Passage, disagreement, merged, unitizing_alpha

ALL = "all"
"""All languages, or all codes of a family together."""
YES = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One code (``level`` "code"), core code ("core") or all codes of a family ("family"), in one language or in all.

    ``family`` is A, B, C, "own" or "THEY_PARTNER" (fellow partners). All codes of A together are told apart; all of another family
    together are "any of them or none". ``units`` are those that at least two coded, ``positives`` those of them where at
    least one said yes; ``use`` names the rule of the library's page that applies, ``says`` puts it into words. ``clusters`` is how many texts, speakers or units (``resampled_over``) were resampled.
    """

    family: str
    code: str
    level: str
    language: str
    units: int
    coders: int
    positives: int
    percent: float | None
    positive_agreement: float | None
    alpha: Coefficient
    kappa: Coefficient
    kappa_by: str
    ac1: Coefficient
    unitizing: Coefficient | None
    resampled_over: str
    clusters: int
    use: str
    says: str


@dataclass(frozen=True, slots=True)
class Text:
    """``passages`` : for every coder who looked at it, by code."""

    length: int
    language: str
    passages: tuple[Mapping[str, Sequence[Passage]], ...]


@dataclass(frozen=True)
class Table:
    """The units of a family, and by (level, name) the codes that share a row. ``texts`` is empty for mentions."""

    family: str
    units: Units
    groups: Mapping[tuple[str, str], tuple[str, ...]]
    texts: tuple[Text, ...] = field(default=())


def rows_of(table: Table, machine: bool, seed: int) -> Iterator[Row]:
    """What nobody said in a language has no row there. ``machine``: one of the coders is one."""
    languages = sorted(set(table.units.languages))
    for group in table.groups:
        for language in [*languages, *([ALL] if len(languages) > 1 else [])]:
            row = _row(table, group, language, machine, seed)
            if row.positives:
                yield row


def _row(table: Table, group: tuple[str, str], language: str, machine: bool, seed: int) -> Row:
    (level, name), codes, units = group, table.groups[group], table.units
    here = np.flatnonzero([language in (ALL, one) for one in units.languages])
    labels = (table.family, level) == ("A", "family")
    values = (units.labels() if labels else units.any_of(codes))[:, here]
    n_categories = len(codes) if labels else 2
    counts = counts_of(values, n_categories)
    two = counts.sum(axis=1) >= 2
    over, clusters = _clusters(units, here[two])
    found = alpha(counts[two], clusters, DRAWS, seed)
    active = np.flatnonzero((values[:, two] != MISSING).any(axis=1))
    pair = len(active) == 2
    positives = int(two.sum() if labels else (counts[two, YES] > 0).sum())
    n_clusters = len(np.unique(clusters)) if clusters is not None else int(two.sum())
    use, says = use_of(found, positives, level, machine, over, n_clusters)
    return Row(
        table.family,
        name,
        level,
        language,
        int(two.sum()),
        len(active),
        positives,
        percent_agreement(counts),
        None if labels else agreement_on(counts[two], YES),
        found,
        cohen(values[active[0]], values[active[1]], n_categories) if pair else fleiss(counts[two]),
        "Cohen" if pair else "Fleiss",
        ac1(counts),
        _unitizing(table, level, codes, language, seed) if table.texts else None,
        over,
        n_clusters,
        use,
        says,
    )


def _clusters(units: Units, here: Ints) -> tuple[str, Ints | None]:
    """What to resample: texts, speakers where there are too few texts, else single units."""
    fewest = _limits()["clusters"]
    for over, names in (("texts", [span.document for span in units.spans]), ("speakers", units.speakers)):
        present, numbers = np.unique(np.array(names)[here], return_inverse=True)
        if len(present) >= fewest:
            return over, numbers.astype(np.int64)
    return "units", None


def _unitizing(table: Table, level: str, codes: Sequence[str], language: str, seed: int) -> Coefficient:
    """Codes of one core are one code here; over a whole family the disagreements add up, code by code."""
    kinds = [(code,) for code in codes] if level == "family" else [tuple(codes)]
    found = []
    for text in table.texts:
        if language in (ALL, text.language):
            each = [disagreement(_continuum(text, kind)) for kind in kinds]
            found.append((sum(observed for observed, _ in each), sum(expected for _, expected in each)))
    return unitizing_alpha(found, DRAWS, seed)


def _continuum(text: Text, codes: Sequence[str]) -> Continuum:
    coders = (merged(one for code in codes for one in own.get(code, ())) for own in text.passages)
    return Continuum(text.length, tuple(coders))


def use_of(found: Coefficient, positives: int, level: str, machine: bool, over: str, clusters: int) -> tuple[str, str]:
    """The product rule: what a code's numbers may be used for, by the lower end of alpha's interval. (id, in words)

    Where few ``clusters``, or single units, were resampled nothing better than tentative, and the words say why.
    """
    page = _limits()
    if positives < page["positives"]:
        return page["too_few"]["id"], page["too_few"]["says"].format(positives=page["positives"])
    if found.low is None:
        return page["cannot_say"]["id"], page["cannot_say"]["says"].format(why=found.why)
    low = round(found.low, 3)  # as it is printed
    rule = next(rule for rule in page["uses"] if low >= rule["from"])
    good, doubt = rule["id"] in ("numbers", "tentative"), doubt_of(over, clusters)
    if good and doubt:
        rule = next(rule for rule in page["uses"] if rule["id"] == "tentative")
    if machine and good:
        rule = page["with_a_machine"]
    if level != "code" and rule["id"] == "roll_up":
        rule = page["of_a_core"]
    return rule["id"], f"{rule['says']} ({doubt})" if good and doubt else rule["says"]


def doubt_of(over: str, clusters: int) -> str:
    """Why an interval is not to be relied on; empty where it may be."""
    page = _limits()["doubts"]
    if over == "units":
        return str(page["units"])
    return "" if clusters >= enough_clusters() else page["few"].format(clusters=clusters, over=over, enough=enough_clusters())  # fmt: skip


def enough_clusters() -> int:
    return int(_limits()["enough_clusters"])


@cache
def _limits() -> Mapping[str, Any]:
    page: Mapping[str, Any] = library.page("thresholds", "agreement")
    return page
