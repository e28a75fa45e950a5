"""Numbers put into words: a level, so many in ten, so many of the partners; never a percentage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from weness import library
from weness.measuring.measures import Measure
from weness.reporting.wording import Wording


@dataclass(frozen=True, slots=True)
class Figure:
    """One number as it is shown: ``words`` come first, ``range`` says how far it may be off, both in words."""

    words: str
    range: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None


def layout() -> Mapping[str, Any]:
    """How the report is laid out: ``library/thresholds/report.yaml``."""
    page: Mapping[str, Any] = library.page("thresholds", "report")
    return page


def kind_of(name: str, kinds: Mapping[str, list[str]]) -> str:
    return next((kind for kind, names in kinds.items() if name in names), "share")


def figure(measure: Measure | None, words: Wording, rules: Mapping[str, Any]) -> Figure:
    """A measure in words. Without a number it says why: too little evidence, or what the measure notes."""
    if measure is None:
        return Figure(words("figure.not_measured"))
    value, low, high = numbers(measure)
    if value is None or low is None or high is None:
        return Figure(_why_none(measure, words), _bounds(measure, words))
    kind = kind_of(measure.name, rules["kinds"])
    if kind == "share" and {"partners", "of"} <= measure.counts.keys():
        kind = "telling"
    text, span = _SAYERS[kind](value, low, high, measure, words, rules)
    return Figure(text, span, value, low, high)


def numbers(measure: Measure) -> tuple[float | None, float | None, float | None]:
    """Mean and interval, or three times None where there is no number."""
    if measure.estimate is None or not isfinite(measure.estimate.mean):
        return (None, None, None)
    low, high = measure.estimate.interval()
    return (measure.estimate.mean, low, high)


def in_ten(share: float, words: Wording) -> str:
    """About so many in ten; the ends in words."""
    tenths = round(share * 10)
    if tenths == 0:
        return words("figure.hardly_any")
    return words("figure.nearly_all") if tenths == 10 else words("figure.in_ten", n=tenths)


def tenths(low: float, high: float, words: Wording) -> str:
    """An interval of shares: "(2 to 4 in 10)"; nothing where both ends are the same tenth."""
    first, last = round(low * 10), round(high * 10)
    return "" if first == last else words("figure.tenths", low=first, high=last)


def expected(name: str, ends: tuple[float, float], words: Wording, rules: Mapping[str, Any]) -> str:
    """What a stage expects of a measure: a level where it is a share, numbers where it is a rate."""
    if kind_of(name, rules["kinds"]) in ("share", "of_partners"):
        return level(*ends, words, rules)
    return _span(*ends, words, 1)


def level(low: float, high: float, words: Wording, rules: Mapping[str, Any]) -> str:
    """ "low", "medium to high" ...: the levels at both ends of the interval."""
    first, last = (_level(end, rules) for end in (low, high))
    if first == last:
        return words(f"figure.{first}")
    return words("figure.to", low=words(f"figure.{first}"), high=words(f"figure.{last}"))


def _level(value: float, rules: Mapping[str, Any]) -> str:
    limits = rules["levels"]
    return "low" if value <= limits["low"] else "high" if value >= limits["high"] else "medium"


Sayer = Callable[[float, float, float, Measure, Wording, Mapping[str, Any]], tuple[str, str]]


def _share(
    value: float, low: float, high: float, measure: Measure, words: Wording, rules: Mapping[str, Any]
) -> tuple[str, str]:
    text = f"{level(low, high, words, rules)}; {in_ten(value, words)}"
    return (text, tenths(low, high, words))


def _telling(
    value: float, low: float, high: float, measure: Measure, words: Wording, rules: Mapping[str, Any]
) -> tuple[str, str]:
    whole = int(measure.counts["of"])
    text = words("figure.of_partners", n=int(measure.counts["partners"]), of=whole)
    least, most = round(low * whole), round(high * whole)
    if least == most:
        return (text, "")
    return (text, words("figure.partners_range", low=least, high=most))


def _of_partners(
    value: float, low: float, high: float, measure: Measure, words: Wording, rules: Mapping[str, Any]
) -> tuple[str, str]:
    whole = int(measure.counts.get("partners", 0))
    text = words("figure.about_of_partners", n=round(value * whole), of=whole)
    return (text, words("figure.partners_range", low=round(low * whole), high=round(high * whole)))


def _rate(
    value: float, low: float, high: float, measure: Measure, words: Wording, rules: Mapping[str, Any]
) -> tuple[str, str]:
    return (words("figure.per_thousand", n=words.decimal(value, 1)), _span(low, high, words, 1))


def _per_hundred(
    value: float, low: float, high: float, measure: Measure, words: Wording, rules: Mapping[str, Any]
) -> tuple[str, str]:
    return (words("figure.per_hundred", n=round(value)), _span(low, high, words, 0))


def _balance(
    value: float, low: float, high: float, measure: Measure, words: Wording, rules: Mapping[str, Any]
) -> tuple[str, str]:
    way = "positive" if low > 0 else "negative" if high < 0 else "mixed"
    counts = {name: int(measure.counts.get(name, 0)) for name in ("positive", "neutral", "negative")}
    return (words(f"figure.{way}"), words("figure.counts", **counts))


def _change(
    value: float, low: float, high: float, measure: Measure, words: Wording, rules: Mapping[str, Any]
) -> tuple[str, str]:
    way = "up" if low > 0 else "down" if high < 0 else "unchanged"
    return (words(f"figure.{way}"), _span(low, high, words, 2))


def _count(
    value: float, low: float, high: float, measure: Measure, words: Wording, rules: Mapping[str, Any]
) -> tuple[str, str]:
    return (words.count("figure.partners", round(value)), _span(low, high, words, 0) if high - low >= 1 else "")


def _yes_no(
    value: float, low: float, high: float, measure: Measure, words: Wording, rules: Mapping[str, Any]
) -> tuple[str, str]:
    return (words("figure.yes" if value >= 0.5 else "figure.no"), "")


_SAYERS: dict[str, Sayer] = {
    "share": _share,
    "telling": _telling,
    "of_partners": _of_partners,
    "rate": _rate,
    "per_hundred": _per_hundred,
    "balance": _balance,
    "change": _change,
    "count": _count,
    "yes_no": _yes_no,
}


def _span(low: float, high: float, words: Wording, places: int) -> str:
    return words("figure.range", low=words.decimal(low, places), high=words.decimal(high, places))


def _bounds(measure: Measure, words: Wording) -> str:
    if measure.bounds is None or measure.tier not in ("indicative", "adequate"):
        return ""
    low, high = measure.bounds
    return words("figure.bounds", low=round(low * 10), high=round(high * 10))


def _why_none(measure: Measure, words: Wording) -> str:
    if measure.tier in ("none", "insufficient"):
        return words(f"figure.{measure.tier}")
    return words.or_same("notes", measure.note) if measure.note else words("figure.nothing_found")
