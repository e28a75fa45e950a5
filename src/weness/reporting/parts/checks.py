"""What a person found on a blind sample: shares as coded and corrected, side by side, and which of the two is in use."""

from __future__ import annotations

from weness import library
from weness.draws import Estimate
from weness.measuring.measures import Measure
from weness.reporting.desk import Desk, Row


def checks(desk: Desk) -> Row:
    story = desk.findings.checks
    if story is None:
        return {"told": None, "rows": [], "advice": desk.words("checks.none") if _machines(desk) else ""}
    facts = {
        "answered": story.answered,
        "asked": story.asked,
        "coders": ", ".join(story.coders),
        "mentions": story.mentions,
        "sentences": story.sentences,
    }
    told = [desk.words("checks.told", **facts)]
    if story.right is not None:
        low, high = story.right.interval()
        told.append(
            desk.words("checks.right", value=_percent(story.right.mean), low=_percent(low), high=_percent(high))
        )
    least = library.page("thresholds", "measures")["checks"]["domain"]
    found = [
        one
        for one in desk.findings.measures
        if one.corrected is not None and one.partner is None and (one.in_use == "corrected" or one.checks >= least)
    ]
    told.append(desk.words("checks.in_use_some" if story.in_use else "checks.few" if found else "checks.none_yet"))
    if story.stale:
        told.append(desk.words("checks.stale", waves=", ".join(story.stale)))
    mixed = {one.in_use for one in found if one.name in desk.rules["we"]} == {"corrected", "as coded"}
    if mixed or (story.in_use and story.stale):
        told.append(desk.words("checks.mixed"))
    return {"told": " ".join(told), "rows": [_row(desk, one) for one in found], "advice": ""}


def _machines(desk: Desk) -> bool:
    return any(not mark.by_person for mark in desk.findings.codings.marks)


def _row(desk: Desk, measure: Measure) -> Row:
    return {
        "title": desk.words.measure(measure.name),
        "wave": measure.wave,
        "as_coded": _told(desk, measure, measure.as_coded),
        "corrected": _told(desk, measure, measure.corrected),
        "in_use": _in_use(desk, measure),
        "checks": measure.checks,
        "entry": desk.entry(measure),
    }


def _in_use(desk: Desk, measure: Measure) -> str:
    if measure.estimate is None:
        return "–"
    return desk.words("checks.corrected" if measure.in_use == "corrected" else "checks.as_coded")


def _told(desk: Desk, measure: Measure, estimate: Estimate | None) -> str:
    if estimate is None:
        return desk.words("checks.no_number")
    low, high = estimate.interval()
    decimal = desk.words.decimal
    return f"{decimal(estimate.mean)} ({decimal(low)} – {decimal(high)})"


def _percent(share: float) -> int:
    return round(100 * share)
