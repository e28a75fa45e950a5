"""Findings as plain tables, for spreadsheets and other statistics."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from typing import Any

from weness.coding.sheets import safe_cell
from weness.draws import Estimate
from weness.findings import Findings
from weness.reporting.figures import numbers
from weness.reporting.places import Places
from weness.reporting.summary import rounded
from weness.reporting.wording import Wording, wording

Cell = object
Table = tuple[list[str], Iterable[list[Cell]]]


def tables(findings: Findings, language: str = "en") -> dict[str, str]:
    """Each table as CSV text, by its name."""
    words = wording(language)
    return {name: _csv(*make(findings, words)) for name, make in TABLES.items()}


CHECKED = tuple(f"{value}_{end}" for value in ("as_coded", "corrected") for end in ("value", "low", "high"))
"""Columns of what a check sample speaks of; empty elsewhere."""


def _ends(estimate: Estimate | None) -> list[float | None]:
    return [None] * 3 if estimate is None else [rounded(estimate.mean), *map(rounded, estimate.interval())]


def table_of(name: str, findings: Findings, language: str = "en") -> tuple[list[str], list[list[Any]]]:
    """One table as names of columns and rows, for other formats than CSV."""
    head, rows = TABLES[name](findings, wording(language))
    return head, list(rows)


def _measures(findings: Findings, words: Wording) -> Table:
    names = sorted({name for measure in findings.measures for name in measure.counts})
    head = ["wave", "partner", "measure", "title", "value", "low", "high", "lower_bound", "upper_bound", "tier"]
    return (
        [*head, "in_use", *CHECKED, "checks", "coded_by", "quotes", "note", *(f"count_{name}" for name in names)],
        (
            [
                one.wave,
                one.partner or "",
                one.name,
                words.measure(one.name),
                *map(rounded, numbers(one)),
                *(map(rounded, one.bounds) if one.bounds else (None, None)),
                one.tier,
                one.in_use,
                *_ends(one.as_coded if one.corrected else None),
                *_ends(one.corrected),
                one.checks if one.corrected else None,
                " ".join(f"{kind}:{size}" for kind, size in one.coded_by.items()),
                len(one.evidence),
                one.note,
                *(rounded(one.counts.get(name)) for name in names),
            ]
            for one in findings.measures
        ),
    )


def _attributes(findings: Findings, words: Wording) -> Table:
    partners = [partner.id for partner in findings.corpus.partners]
    head = ["wave", "code", "item", "title", "word", "core", "shared_by", "heard", "waves_in_a_row", "new", "renewed"]
    return (
        [*head, *partners],
        (
            [
                one.wave,
                one.code,
                one.item,
                words.say(one.title, one.item),
                one.word,
                int(one.core),
                sum(state == "shared" for state in one.states.values()),
                sum(state != "no evidence" for state in one.states.values()),
                one.streak,
                int(one.new),
                int(one.renewed),
                *(one.states.get(partner, "no evidence") for partner in partners),
            ]
            for one in findings.attributes
        ),
    )


def _stages(findings: Findings, words: Wording) -> Table:
    ids = [stage.id for stage in findings.process.stages]
    return (
        ["wave", "tier", "call", "certainty", "why_not", "flags", *ids],
        (
            [
                one.wave,
                one.tier,
                one.call,
                one.certainty,
                one.why_not,
                " ".join(one.flags),
                *(rounded(one.shares.get(id)) for id in ids),
            ]
            for one in findings.posteriors
        ),
    )


def _quotes(findings: Findings, words: Wording) -> Table:
    places = Places(findings.corpus, findings.codings)
    head = ["wave", "partner", "measure", "file", "start", "end", "date", "speaker", "language", "quote"]
    rows = (
        [
            measure.wave,
            measure.partner or (place.partner.id if place.partner else ""),
            measure.name,
            span.document,
            span.start,
            span.end,
            place.document.date,
            place.speaker.name if place.speaker else "",
            place.sentence.language,
            findings.corpus.text(span),
        ]
        for measure in findings.measures
        for span in measure.evidence
        if (place := places.at(span)) is not None
    )
    return (head, rows)


def _recommendations(findings: Findings, words: Wording) -> Table:
    head = ["action", "title", "transition", "indicators", "effort", "strength", "sign"]
    return (
        head,
        (
            [
                one.action.id,
                words.say(one.action.title),
                one.transition,
                " ".join(one.indicators),
                one.action.effort,
                " ".join(one.action.strength),
                words.say(one.action.sign),
            ]
            for one in findings.recommendations
        ),
    )


TABLES: dict[str, Callable[[Findings, Wording], Table]] = {
    "measures": _measures,
    "attributes": _attributes,
    "stages": _stages,
    "quotes": _quotes,
    "recommendations": _recommendations,
}


def _csv(head: list[str], rows: Iterable[list[Cell]]) -> str:
    page = io.StringIO()
    writer = csv.writer(page, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return page.getvalue()
