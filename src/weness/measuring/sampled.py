"""Answers of the check samples as a design: what each stands for, also where some were never given or fell out since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from weness.coding.checks import Check, Draw
from weness.measuring.design import Array, Sample, of_units
from weness.measuring.frame import worth
from weness.reading.corpus import Span

SPREAD = 5
"""Fewer answers than this beyond the number of strata tell nothing of how far they spread. [S]"""


@dataclass(frozen=True)
class Sampled:
    """The answered checks of one kind. Rows have the shape (m,)."""

    design: Sample
    checks: tuple[Check, ...]

    @property
    def items(self) -> tuple[str, ...]:
        return tuple(check.item for check in self.checks)

    def true(self, codes: tuple[str, ...]) -> Array:
        """What a person's codes on each are worth of ``codes``."""
        return np.array([worth(check.codes or (), codes) for check in self.checks])

    def coded(self, codes: tuple[str, ...]) -> Array:
        """How many of ``codes`` a person put on each."""
        return np.array([float(sum(code in codes for code in check.codes or ())) for check in self.checks])

    def agreed(self, said: Callable[[int], Sequence[str]]) -> Array:
        """1 where a person said what ``said`` has of that unit."""
        return np.array(
            [
                float(at >= 0 and tuple(check.codes or ()) == tuple(said(at)))
                for at, check in zip(self.design.unit, self.checks, strict=True)
            ]
        )


def sampled(kind: str, draws: Sequence[Draw], numbers: Mapping[tuple[str, Span], int]) -> Sampled | None:
    """The answers to these draws, pooled by how many each has. ``numbers``: (kind, span) -> place among the units.

    What a person coded since, or what changed, is no unit any more: it stays in the sample and stands for its like, with nothing
    to correct. Answers that were not given are taken to be missing by chance within a stratum; a stratum without any answer is
    joined to the largest one with answers, of its language where there is one.
    """
    checks: list[Check] = []
    strata: list[str] = []
    sizes: list[float] = []
    for draw in draws:
        own = [check for check in draw.checks if check.kind == kind]
        answered = [check for check in own if check.codes is not None]
        if not answered:
            continue
        joined = _joined(own, answered)
        size = Counter[str]()
        for name, n in {check.stratum: check.size for check in own}.items():
            size[joined[name]] += n
        checks += answered
        strata += [f"{draw.number} {joined[check.stratum]}" for check in answered]
        sizes += [float(size[joined[check.stratum]]) for check in answered]
    if len(checks) - len(set(strata)) < SPREAD:
        return None
    by_draw = Counter(check.draw for check in checks)
    design = Sample(
        np.array([numbers.get((check.kind, check.span), -1) for check in checks], dtype=np.int64),
        of_units(strata),
        np.array(sizes),
        np.array([by_draw[check.draw] / len(checks) for check in checks]),
    )
    return Sampled(design, tuple(checks))


def _joined(own: Iterable[Check], answered: Iterable[Check]) -> dict[str, str]:
    """Stratum -> the stratum that answers for it: itself, where it has an answer."""
    sizes = {check.stratum: check.size for check in own}
    there = {check.stratum for check in answered}

    def answering(name: str) -> str:
        language = name.split()[1]
        alike = [one for one in there if one.split()[1] == language] or sorted(there)
        return max(sorted(alike), key=lambda one: sizes[one])

    return {name: name if name in there else answering(name) for name in sizes}
