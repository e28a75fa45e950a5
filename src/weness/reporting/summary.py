"""Findings as JSON for other programs: the contract, in a stable order, without a number where there is none."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from math import isfinite
from typing import Any

from weness.advising.diagnosis import Gap
from weness.draws import Estimate
from weness.findings import Findings
from weness.measuring.measures import Attribute, Measure
from weness.reading.corpus import Corpus, Span
from weness.reporting.figures import numbers
from weness.reporting.wording import Wording, wording
from weness.staging.snapshot import StagePosterior

PLACES = 4


def summary_text(findings: Findings, language: str = "en") -> str:
    return json.dumps(summary(findings, language), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def summary(findings: Findings, language: str = "en") -> dict[str, Any]:
    """The contract of findings.json; keys beyond it (spans of quotes, certainty, settings) may be ignored."""
    words, corpus = wording(language), findings.corpus
    return {
        "weness": str(findings.made_with.get("weness") or _installed()),
        "study": {"id": corpus.id, "name": corpus.name, "languages": list(corpus.languages)},
        "process": {"id": findings.process.id, "version": findings.process.version, "status": findings.process.status},
        "waves": [_wave(findings, one) for one in findings.posteriors],
        "attributes": [_attribute(one) for one in findings.attributes],
        "diagnosis": [_gap(one, words, corpus) for one in (findings.diagnosis.gaps if findings.diagnosis else ())],
        "recommendations": [
            {
                "action": one.action.id,
                "why": " / ".join(corpus.text(span) for span in one.quotes) or ", ".join(one.indicators),
                "sign": words.say(one.action.sign),
                "title": words.say(one.action.title),
                "effort": one.action.effort,
                "strength": list(one.action.strength),
                "indicators": list(one.indicators),
                "quotes": _spans(one.quotes),
            }
            for one in findings.recommendations
        ],
        "caveat": words("caveat"),
        "invented": findings.invented,
        "checks": _checks(findings),
        "made_with": plain(findings.made_with),
        "notes": list(corpus.notes),
    }


def plain(thing: Any) -> Any:
    """Anything as JSON can hold it: numbers rounded, NaN as null, tuples as lists, the rest as text."""
    if thing is None or isinstance(thing, bool | int | str):
        return thing
    if isinstance(thing, float):
        return rounded(thing)
    if isinstance(thing, dict) or hasattr(thing, "items"):
        return {str(name): plain(entry) for name, entry in thing.items()}
    if isinstance(thing, set | frozenset):
        return [plain(entry) for entry in sorted(thing, key=str)]
    return [plain(entry) for entry in thing] if isinstance(thing, list | tuple) else str(thing)


def rounded(value: float | None) -> float | None:
    return round(float(value), PLACES) if value is not None and isfinite(value) else None


def _wave(findings: Findings, posterior: StagePosterior) -> dict[str, Any]:
    measures = findings.of_wave(posterior.wave)
    return {
        "id": posterior.wave,
        "tier": posterior.tier,
        "stages": {stage: rounded(share) for stage, share in posterior.shares.items()},
        "call": posterior.call,
        "flags": list(posterior.flags),
        "measures": {measure.name: _measure(measure) for measure in measures},
        "certainty": posterior.certainty,
        "why_not": posterior.why_not,
        "missing": list(posterior.missing),
        "without": dict(posterior.without or {}),
        "by_genre": dict(posterior.by_genre or {}),
        "partners": {
            partner.id: {one.name: _measure(one) for one in findings.of_wave(posterior.wave, partner.id)}
            for partner in findings.corpus.partners
        },
    }


def _measure(measure: Measure) -> dict[str, Any]:
    value, low, high = numbers(measure)
    told: dict[str, Any] = {
        "value": rounded(value),
        "low": rounded(low),
        "high": rounded(high),
        "tier": measure.tier,
    }
    if measure.bounds is not None:
        told["bounds"] = [rounded(end) for end in measure.bounds]
    if measure.coded_by:
        told["coded_by"] = dict(measure.coded_by)
    if measure.note:
        told["note"] = measure.note
    if measure.corrected is not None:
        told |= {
            "in_use": measure.in_use,
            "as_coded": _ends(measure.as_coded),
            "corrected": _ends(measure.corrected),
            "checks": measure.checks,
        }
    return told | {"quotes": len(measure.evidence)}


def _checks(findings: Findings) -> dict[str, Any] | None:
    story = findings.checks
    if story is None:
        return None
    return {
        "asked": story.asked,
        "answered": story.answered,
        "coders": list(story.coders),
        "mentions": story.mentions,
        "sentences": story.sentences,
        "machine_right": _ends(story.right),
        "in_use": story.in_use,
    }


def _ends(estimate: Estimate | None) -> list[float | None] | None:
    """[mean, low, high]"""
    return None if estimate is None else [rounded(estimate.mean), *map(rounded, estimate.interval())]


def _attribute(attribute: Attribute) -> dict[str, Any]:
    return {
        "code": attribute.code,
        "item": attribute.item,
        "word": attribute.word,
        "states": dict(attribute.states),
        "wave": attribute.wave,
        "core": attribute.core,
        "reach": rounded(attribute.reach),
        "streak": attribute.streak,
        "renewed": attribute.renewed,
        "members": list(attribute.members),
    }


def _gap(gap: Gap, words: Wording, corpus: Corpus) -> dict[str, Any]:
    name = words.measure(gap.measure)
    low = gap.value is not None and gap.value < gap.expected[0]
    quotes = [corpus.text(span) for span in gap.evidence[:2]]
    return {
        "indicator": gap.measure,
        "why": words(f"gap.{'low' if low else 'high'}", measure=name, stage=gap.toward),
        "toward": gap.toward,
        "value": rounded(gap.value),
        "expected": [rounded(end) for end in gap.expected],
        "quotes": quotes,
    }


def _spans(spans: Iterable[Span]) -> list[dict[str, Any]]:
    return [{"file": span.document, "start": span.start, "end": span.end} for span in spans]


def _installed() -> str:
    try:
        return version("weness")
    except PackageNotFoundError:
        return "unknown"
