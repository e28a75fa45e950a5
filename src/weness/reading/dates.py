"""Dates as people write them, in file names and in texts of three languages."""

from __future__ import annotations

import datetime
import re
from functools import cache

from weness import library

IN_NAME = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d{2})[-_. ]?(?P<m>0[1-9]|1[0-2])(?:[-_. ]?(?P<d>0[1-9]|[12]\d|3[01]))?(?!\d)"
)
NUMERIC = (
    re.compile(r"\b(?P<y>(?:19|20)\d{2})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<![\d/.-])(?P<d>\d{1,2})(?P<by>[-/.])(?P<m>\d{1,2})(?P=by)(?P<y>(?:19|20)\d{2})(?!\d|\.\d)"),
)


def date_of_name(stem: str) -> str:
    """YYYY-MM-DD or YYYY-MM in a file's name, or nothing."""
    found = IN_NAME.search(stem)
    if not found:
        return date_in(stem.replace("_", " "))
    return _iso(int(found["y"]), int(found["m"]), int(found["d"] or 0))


def date_in(text: str) -> str:
    """The first date of a text with its day; where there is none, the first month."""
    days = [
        (match.start(), date)
        for pattern in (*NUMERIC, *_written())
        for match in pattern.finditer(text)
        if (date := _of(match))
    ]
    whole = [one for one in sorted(days) if len(one[1]) == 10]
    return (whole or sorted(days) or [(0, "")])[0][1]


def _of(match: re.Match[str]) -> str:
    parts = match.groupdict()
    month, day = parts["m"], int(parts.get("d") or 0)
    number = int(month) if month.isdigit() else _months()[month.lower()]
    if number > 12 >= day > 0 and month.isdigit():
        number, day = day, number
    return _iso(int(parts["y"]), number, day)


def _iso(year: int, month: int, day: int) -> str:
    """Nothing where the calendar has no such day."""
    try:
        date = datetime.date(year, month, day or 1).isoformat()
    except ValueError:
        return ""
    return date if day else date[:7]


@cache
def _months() -> dict[str, int]:
    """Every name of a month, and its first three letters, to its number."""
    found: dict[str, int] = {}
    for language in library.LANGUAGES:
        page = library.page(f"lexicons/{language}", "organisations")
        for number, name in enumerate(page["months"], 1):
            found[name] = number
            found.setdefault(name[:3], number)
    return found | {"mrt": 3, "sept": 9}


@cache
def _written() -> tuple[re.Pattern[str], ...]:
    month = "|".join(sorted(_months(), key=lambda name: (-len(name), name)))
    year = r"(?P<y>(?:19|20)\d{2})\b"
    return (
        re.compile(
            rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th|º|e)?\.? +(?:de |of )?(?P<m>{month})\b\.?,?(?: de| del)? +{year}", re.I
        ),
        re.compile(rf"\b(?P<m>{month})\b\.? +(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? +{year}", re.I),
        re.compile(rf"\b(?P<m>{month})\b\.?,?(?: de| del)? +{year}", re.I),
    )
