"""What every part of the report needs at hand: the findings, the words, the places, the evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from weness.findings import Findings
from weness.measuring.measures import Measure
from weness.reading.corpus import Wave
from weness.reporting.evidence import Entry, Evidence
from weness.reporting.figures import Figure, figure, layout
from weness.reporting.places import Places
from weness.reporting.wording import Wording, wording
from weness.staging.snapshot import CANNOT_SAY, StagePosterior

Row = dict[str, Any]
"""One row, card or block as a template shows it."""


@dataclass(frozen=True)
class Desk:
    findings: Findings
    words: Wording
    rules: Mapping[str, Any]
    places: Places
    evidence: Evidence

    def figure(self, measure: Measure | None) -> Figure:
        return figure(measure, self.words, self.rules)

    def cell(self, name: str, wave: str, partner: str | None = None) -> Row:
        """One measure as a table cell: its figure in words and the entry behind it."""
        measure = self.findings.measure(name, wave, partner)
        return {"figure": self.figure(measure), "entry": self.entry(measure), "measure": measure}

    def entry(self, measure: Measure | None) -> Entry | None:
        return self.evidence.of(measure)

    def partner(self, id: str | None) -> str:
        return self.evidence.names.get(id or "", id or "")

    def stage(self, id: str) -> str:
        """A stage's title; its id where the process has no such stage."""
        known = {stage.id: stage for stage in self.findings.process.stages}
        return self.words.say(known[id].title, id) if id in known else id

    def called(self, posterior: StagePosterior) -> str:
        """The call in words: "probably negotiation", "between encounter and negotiation", "cannot say"."""
        if posterior.call == CANNOT_SAY:
            return self.words("call.cannot_say")
        ends = [self.stage(one) for one in posterior.call.removeprefix("between ").split(" and ")]
        if len(ends) == 2:
            return self.words("call.between", low=ends[0], high=ends[1])
        certainty = posterior.certainty if self.words.has(f"call.{posterior.certainty}") else "probably"
        return self.words(f"call.{certainty}", stage=ends[0])

    def period(self, wave: Wave) -> str:
        if not wave.start:
            return ""
        return wave.start if wave.start == wave.end or not wave.end else f"{wave.start} – {wave.end}"


def laid_out(findings: Findings, language: str) -> Desk:
    words, rules = wording(language), layout()
    places = Places(findings.corpus, findings.codings)
    return Desk(findings, words, rules, places, Evidence(findings, places, words, rules))
