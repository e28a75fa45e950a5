"""How all this was made: every measure in a table, formulas in words, versions, hashes, settings, sources."""

from __future__ import annotations

from weness import library
from weness.measuring.measures import Measure
from weness.reporting.desk import Desk, Row
from weness.reporting.figures import numbers
from weness.reporting.summary import plain


def method(desk: Desk) -> Row:
    process, codebook = desk.findings.process, desk.findings.codebook
    return {
        "measures": [_measure(desk, one) for one in desk.findings.measures],
        "formulas": [
            {"name": name, "title": desk.words.measure(name), "id": entry.get("id", ""), "text": entry["formula"]}
            for name, entry in desk.words.measures.items()
            if entry.get("formula")
        ],
        "made": [{"name": name, "value": _told(value)} for name, value in plain(desk.findings.made_with).items()],
        "process": {
            "id": process.id,
            "version": process.version,
            "title": desk.words.say(process.title, process.id),
            "status": desk.words.or_same("status", process.status),
            "stages": [
                {
                    "id": stage.id,
                    "title": desk.words.say(stage.title, stage.id),
                    "definition": desk.words.say(stage.definition),
                    "source": stage.source,
                }
                for stage in process.stages
            ],
            "dimensions": [desk.words.say(one.get("title", {}), str(one.get("id", ""))) for one in process.dimensions],
        },
        "codebook": f"{codebook.id} {codebook.version}",
        "references": _references(desk),
    }


def _measure(desk: Desk, measure: Measure) -> Row:
    value, low, high = numbers(measure)
    decimal = desk.words.decimal
    return {
        "wave": measure.wave,
        "partner": desk.partner(measure.partner) if measure.partner else "",
        "title": desk.words.measure(measure.name),
        "name": measure.name,
        "value": "" if value is None else decimal(value),
        "interval": "" if low is None or high is None else f"{decimal(low)} – {decimal(high)}",
        "bounds": _bounds(desk, measure),
        "why_none": desk.figure(measure).words if value is None else "",
        "tier": desk.words(f"tier.{measure.tier}"),
        "coded_by": ", ".join(f"{desk.words.or_same('coder', kind)} {n}" for kind, n in measure.coded_by.items()),
        "entry": desk.entry(measure),
    }


def _bounds(desk: Desk, measure: Measure) -> str:
    if measure.bounds is None or measure.tier not in ("indicative", "adequate"):
        return ""
    return f"{desk.words.decimal(measure.bounds[0])} – {desk.words.decimal(measure.bounds[1])}"


def _told(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_told(entry)}" for name, entry in value.items())
    return ", ".join(map(_told, value)) if isinstance(value, list) else str(value)


def _references(desk: Desk) -> list[str]:
    """The sources of the process, the codebook and the steps, each once."""
    steps = library.page("actions", "actions").get("references", []) if "actions" in library.names("actions") else []
    own = [*desk.findings.process.references, *desk.findings.codebook.references, *steps]
    return list(dict.fromkeys(map(str, own)))
