"""How wrong a coder is: what each of its labels turned out to mean in texts that persons have coded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from weness import library

LABELS = ("WE_PARTNERSHIP", "WE_OWN", "WE_SUBGROUP", "WE_SECTOR", "WE_COMMUNITY", "WE_UNCLEAR", "WE_GENERIC")
"""Family A without THEY_PARTNER, in the order of rows and columns everywhere."""

Pair = tuple[int, int]
"""(successes, trials)"""

ALL = "all"
"""The language of figures that hold for every language; else an unmeasured language gets the sum of the others."""


ALIKE = {"encoder": "builtin"}
"""Coders whose errors are taken to be those of another until they are measured."""


@dataclass(frozen=True)
class Reliability:
    """The errors of one kind of coder, counted per language.

    ``confusions`` : per language, shape (7, 7), rows predicted, columns true, in the order of LABELS.
    ``counts`` : per language and code, (true positives, false positives, false negatives), counted in sentences for
    families B and C and in mentions for THEY_PARTNER. ``usual`` holds where a code has no count of its own.
    """

    kind: str
    measured_on: str
    confusions: Mapping[str, NDArray[np.int64]]
    counts: Mapping[str, Mapping[str, tuple[int, int, int]]]
    usual: tuple[int, int, int] = (0, 0, 0)

    def confusion(self, language: str) -> NDArray[np.int64]:
        """Counts as measured, shape (7, 7), rows predicted, columns true. Smoothing is the reader's."""
        if language in self.confusions:
            return self.confusions[language]
        total = np.zeros((len(LABELS), len(LABELS)), dtype=np.int64)
        for one in sorted(self.confusions):
            total += self.confusions[one]
        return total

    def precision(self, code: str, language: str) -> Pair:
        """How many sentences so coded were so coded by a person, of how many."""
        if code in LABELS:
            table, at = self.confusion(language), LABELS.index(code)
            return int(table[at, at]), int(table[at].sum())
        hits, false, _ = self._count(code, language)
        return hits, hits + false

    def recall(self, code: str, language: str) -> Pair:
        """How many sentences so coded by a person the coder found, of how many."""
        if code in LABELS:
            table, at = self.confusion(language), LABELS.index(code)
            return int(table[at, at]), int(table[:, at].sum())
        hits, _, missed = self._count(code, language)
        return hits, hits + missed

    def _count(self, code: str, language: str) -> tuple[int, int, int]:
        own = [self.counts[language]] if language in self.counts else [self.counts[one] for one in sorted(self.counts)]
        found = [table[code] for table in own if code in table]
        return _sum(found) if found else self.usual


@cache
def reliability_of(kind: str) -> Reliability:
    """Reads ``library/reliability/KIND.yaml``. Raises KeyError, naming what there is."""
    page: dict[str, Any] = library.page("reliability", ALIKE.get(kind, kind))
    if tuple(page["labels"]) != LABELS:
        raise ValueError(f"reliability/{kind}.yaml: its labels are {page['labels']}, they must be {list(LABELS)}.")
    return Reliability(
        kind=page["kind"],
        measured_on=page["measured_on"],
        confusions={one: _table(kind, rows) for one, rows in page["confusion"].items()},
        counts={
            one: {code: (int(hits), int(false), int(missed)) for code, (hits, false, missed) in table.items()}
            for one, table in page["codes"].items()
        },
        usual=tuple(page.get("usual", (0, 0, 0))),
    )


def _table(kind: str, rows: Iterable[Iterable[int]]) -> NDArray[np.int64]:
    table = np.array(rows, dtype=np.int64)
    if table.shape != (len(LABELS), len(LABELS)) or (table < 0).any():
        raise ValueError(f"reliability/{kind}.yaml: a confusion needs {len(LABELS)} rows of as many counts.")
    table.flags.writeable = False
    return table


def _sum(counts: list[tuple[int, int, int]]) -> tuple[int, int, int]:
    return (sum(one[0] for one in counts), sum(one[1] for one in counts), sum(one[2] for one in counts))
