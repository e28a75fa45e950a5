"""Adopted steps as a calendar file, which any calendar can take in again when dates move."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from icalendar import Calendar, Event

from weness_web.models import Adoption, Study
from weness_web.words import Words

Row = dict[str, Any]
STATUS = {"planned": "TENTATIVE", "doing": "CONFIRMED", "done": "CONFIRMED", "dropped": "CANCELLED"}
"""A dropped step stays in the file as cancelled, so that a calendar that took it in before takes it out."""


def calendar_of(study: Study, cards: Iterable[Row], w: Words, address: Callable[[Adoption], str]) -> bytes:
    """All steps with a date, as events of a whole day. The library escapes what people wrote."""
    calendar = Calendar()
    calendar.add("prodid", "-//weness//actions//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", study.title)
    for card in cards:
        if card["row"].due:
            calendar.add_component(_event(study, card, w, address(card["row"])))
    return calendar.to_ical()


def _event(study: Study, card: Row, w: Words, address: str) -> Event:
    one, step = card["row"], card["step"]
    day = date.fromisoformat(one.due)
    event = Event()
    event.add("uid", f"{one.pk}@weness")
    event.add("dtstamp", timezone.now())
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", f"{step['title']} ({study.title})")
    event.add("description", "\n".join(_lines(one, step, w)))
    event.add("status", STATUS[one.state])
    event.add("transp", "TRANSPARENT")
    event.add("url", address)
    return event


def _lines(one: Adoption, step: Row, w: Words) -> Iterable[str]:
    yield w("actions.calendar.state", state=w(f"actions.state.{one.state}"))
    if one.owner:
        yield w("actions.calendar.owner", owner=one.owner)
    if one.note:
        yield w("actions.calendar.note", note=one.note)
    if step.get("run"):
        yield step["run"]
    if step["sign"]:
        yield w("actions.calendar.sign", sign=step["sign"])
