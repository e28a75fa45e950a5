"""All that a study concluded, and how it was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from weness.advising.diagnosis import Diagnosis, Recommendation
from weness.coding.codebook import Codebook
from weness.coding.codings import Codings
from weness.measuring.corrected import CheckStory
from weness.measuring.measures import Attribute, Measure
from weness.reading.corpus import Corpus
from weness.staging.process import Process
from weness.staging.snapshot import StagePosterior


@dataclass(frozen=True, slots=True)
class Findings:
    """``codings`` are those that counted (a person's before a machine's). ``made_with`` holds versions, hashes,
    settings.

    ``invented`` marks the demo: its people and partnerships do not exist. ``checks`` tells of the check sample, None where
    none was answered.
    """

    corpus: Corpus
    codebook: Codebook
    codings: Codings
    measures: tuple[Measure, ...]
    attributes: tuple[Attribute, ...]
    process: Process
    posteriors: tuple[StagePosterior, ...]
    diagnosis: Diagnosis | None
    recommendations: tuple[Recommendation, ...]
    made_with: Mapping[str, Any]
    invented: bool = False
    checks: CheckStory | None = None

    def measure(self, name: str, wave: str, partner: str | None = None) -> Measure | None:
        for measure in self.measures:
            if (measure.name, measure.wave, measure.partner) == (name, wave, partner):
                return measure
        return None

    def of_wave(self, wave: str, partner: str | None = None) -> tuple[Measure, ...]:
        return tuple(one for one in self.measures if one.wave == wave and one.partner == partner)

    def posterior(self, wave: str) -> StagePosterior:
        return next(posterior for posterior in self.posteriors if posterior.wave == wave)
