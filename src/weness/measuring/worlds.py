"""Possible worlds: in each, every coding is right or wrong as often as its coder is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from weness.coding.codings import HUMAN
from weness.coding.reliability import Reliability, reliability_of
from weness.measuring.settings import Settings
from weness.measuring.voices import SELVES, Said

Kept = NDArray[np.bool_]
Counts = NDArray[np.float64]


@dataclass(frozen=True)
class Worlds:
    """The chance of one study. Draw k is the same world in every measure.

    A coding's fate depends only on the seed and on where it stands, so leaving one partner out, or one genre, does not
    change what happens to the others.
    """

    settings: Settings
    seed: int = 0
    flawless: bool = False
    """Worlds in which no coder errs: what is left is the doubt of having heard these words and not others."""
    _fates: dict[object, Kept] = field(default_factory=dict)

    @property
    def n(self) -> int:
        return self.settings.draws

    def chance(self, *about: str) -> np.random.Generator:
        """A generator of its own for everything that has a name."""
        return np.random.default_rng([self.seed, crc32("\x1f".join(about).encode())])

    def kept(self, said: Said) -> Kept:
        """In which worlds a coding of family B or C is right. shape (n_draws,)

        The chance of being right is the coder's precision on that code, itself drawn from its Beta posterior.
        """
        mark = said.coding
        key = (mark.span, mark.code, mark.coder)
        if self.flawless:
            return np.ones(self.n, dtype=np.bool_)
        if key not in self._fates:
            right, seen = self.reliability(mark.kind).precision(mark.code, said.sentence.language)
            chance = self.chance("kept", mark.span.document, str(mark.span.start), str(mark.span.end), mark.code)
            self._fates[key] = chance.random(self.n) < chance.beta(right + 1, seen - right + 1, self.n)
        return self._fates[key]

    def count(self, said: Iterable[Said]) -> Counts:
        """How many of these codings are right, world by world. shape (n_draws,)"""
        total = np.zeros(self.n)
        for one in said:
            total += self.kept(one)
        return total

    def any(self, said: Iterable[Said]) -> Kept:
        """In which worlds at least one of these codings is right. shape (n_draws,)"""
        return self.count(said) > 0

    def partners(self, telling: dict[str, tuple[Said, ...]]) -> Counts:
        """How many partners tell it, world by world. shape (n_draws,)"""
        total = np.zeros(self.n)
        for said in telling.values():
            total += self.any(said)
        return total

    def with_silent(self, telling: Counts, silent: Counts | int, about: str) -> Counts:
        """How many partners would tell it if all were asked, world by world. shape (n_draws,)

        Silence is not disagreement: a partner that holds something fails to mention it in one interview out of two
        (measures, section 3, detection), so each silent partner tells with half the chance that the others do.
        """
        chance = self.chance("silent", about)
        theirs = chance.beta(telling + 0.5, silent + 0.5)
        return telling + chance.binomial(np.asarray(silent, dtype=np.int64), self.settings.detection * theirs)

    def labels(self, selves: tuple[Said, ...], *about: str) -> Counts:
        """How many mentions truly mean each of SELVES, world by world. shape (n_draws, 7)

        Each machine label is re-drawn from what that label turned out to mean in texts that persons have coded
        (the coder's confusion per language), a person's from what a second careful reader would have said.
        """
        groups: dict[tuple[str, str, str], int] = {}
        for said in selves:
            key = (said.coding.kind, said.sentence.language, said.code)
            groups[key] = groups.get(key, 0) + 1
        total = np.zeros((self.n, len(SELVES)))
        for (kind, language, label), size in sorted(groups.items()):
            if self.flawless:
                total[:, SELVES.index(label)] += size
                continue
            chance = self.chance("labels", *about, kind, language, label)
            pvals = chance.dirichlet(self._meant(kind, label, language), self.n)
            total += chance.multinomial(size, pvals)
        return total

    def usable(self, codes: tuple[str, ...], said: Iterable[Said]) -> bool:
        """Whether every machine that coded these is good enough on ``codes`` for numbers (measures, section 10)."""
        if self.flawless:
            return True
        limits = self.settings.usable
        for kind, language in sorted({(one.coding.kind, one.sentence.language) for one in said}):
            if kind == HUMAN:
                continue
            reliability = self.reliability(kind)
            right, claimed = _summed(reliability.precision(code, language) for code in codes)
            found, there = _summed(reliability.recall(code, language) for code in codes)
            if there < limits["seen"] or found < limits["recall"] * there or right < limits["precision"] * claimed:
                return False
        return True

    def _meant(self, kind: str, label: str, language: str) -> Counts:
        row = self.reliability(kind).confusion(language)[SELVES.index(label)]
        return np.asarray(row, dtype=np.float64) + 0.5 / len(SELVES)

    def reliability(self, kind: str) -> Reliability:
        return reliability_of(kind)

    def share(
        self, parts: Counts, wholes: Counts, about: str, toward: Counts | None = None, strength: float = 2.0
    ) -> Counts:
        """A share with the doubt of few segments. shape (n_draws,), NaN where the whole is empty.

        Beta-binomial with the design effect of one speaker (measures, section 11 [SIM]), drawn ``toward`` the share
        of all partners as far as ``strength`` segments weigh.
        """
        ease = 1 / (1 + np.maximum(wholes - 1, 0) * self.settings.rho)
        centre = np.full(self.n, 0.5) if toward is None else np.clip(toward, 0.02, 0.98)
        drawn = self.chance("share", about).beta(
            parts * ease + strength * centre, (wholes - parts) * ease + strength * (1 - centre)
        )
        return np.where(wholes > 0, drawn, np.nan)


def _summed(pairs: Iterable[tuple[float, float]]) -> tuple[float, float]:
    first, second = 0.0, 0.0
    for a, b in pairs:
        first, second = first + a, second + b
    return first, second
