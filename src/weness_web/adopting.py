"""From a step of the library to a step of the partners: why it is worth trying, what it should show, what was found since."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from weness_web import services
from weness_web.changes import act, changed, gone, new
from weness_web.faults import Fault
from weness_web.models import Adoption, Event, Study, User
from weness_web.words import Words

Row = dict[str, Any]
Numbers = tuple[float | None, float | None, float | None]
NO_NUMBERS: Numbers = (None, None, None)
LONGEST = {"owner": 200, "note": 4000}
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Sign:
    """One measure of an adopted step in words: what was expected, how it was before, and what each later wave shows."""

    title: str
    short: str
    expected: str
    before: str
    found: tuple[tuple[str, str, str, str], ...]
    """(wave, verdict, the number with its interval, the sentence)"""


# ---- what can be adopted ----


def recommended(facts: Mapping[str, Any], study: Study, w: Words) -> list[Row]:
    """The steps that the findings recommend, with the reason in people's words and the sign to look for."""
    steps, places = services.steps(w.language), places_of(study)
    return [
        {
            **steps[one["action"]],
            "transition": one["transition"],
            "hoped": [title(name, w) for name in one["indicators"]],
            "quotes": [quoted(quote, study, places) for quote in one["quotes"]],
            "signs": signs_expected(expected(one["action"], facts), w),
        }
        for one in facts.get("recommended", ())
        if one["action"] in steps
    ]


def step(action: str, language: str) -> Row:
    """Raises Fault where the library has no such step."""
    found = services.steps(language).get(action)
    if found is None:
        raise Fault("actions.no_such", status=404, action=action)
    return found


def steps_like(language: str, asked: Mapping[str, str]) -> list[Row]:
    """The library's steps that help with what was asked for, cost that much, and hold the words searched for."""
    helps, effort, wanted = asked.get("help", ""), asked.get("effort", ""), asked.get("q", "").casefold().split()
    return [
        one
        for one in services.steps(language).values()
        if (not helps or helps in one["helps"])
        and (not effort or effort == one["effort"])
        and all(word in _searched(one) for word in wanted)
    ]


def helps_of(language: str) -> list[str]:
    """What steps can help with, in the order of the library."""
    return list(dict.fromkeys(name for one in services.steps(language).values() for name in one["helps"]))


def expected(action: str, facts: Mapping[str, Any]) -> dict[str, list[float]]:
    """The sign of a step in numbers: for each measure it is hoped to move, what the next stage would show of it."""
    ranges = facts.get("expected", {})
    return {name: ranges[name] for name in services.steps("en")[action]["indicators"] if name in ranges}


# ---- adopting, changing ----


def on_board(study: Study) -> dict[str, Adoption]:
    """For each adopted step its card; of several, one that is still to be done, and the latest."""
    cards = sorted(study.adoptions.all(), key=lambda one: (one.state in ("planned", "doing"), one.at))
    return {one.action: one for one in cards}


def adopt(study: Study, user: User, action: str, facts: Mapping[str, Any], asked: Mapping[str, str]) -> Event:
    step(action, "en")
    reason: list[Row] = next((one["quotes"] for one in facts.get("recommended", ()) if one["action"] == action), [])
    values = {"action": action, "wave": facts.get("diagnosis", ""), "state": "planned", **_told(asked)}
    values |= {"reason": reason, "expected": expected(action, facts), "by": user.name, "at": timezone.now()}
    return act(study, user, "adopt", [new("adoption", **values)], answer={"action": action})


def change(study: Study, user: User, one: Adoption, asked: Mapping[str, str]) -> None:
    told = {name: value for name, value in _told(asked).items() if value != getattr(one, name)}
    if told:
        act(study, user, "action", [changed(one, **told)])


def drop(study: Study, user: User, one: Adoption) -> None:
    act(study, user, "action", [gone(one)])


def _told(asked: Mapping[str, str]) -> dict[str, str]:
    """Only what was sent is changed. Raises Fault where it is no date, or no column of the board."""
    told = {name: _clean(asked[name])[:most] for name, most in LONGEST.items() if name in asked}
    if "owner" in told:
        told["owner"] = " ".join(told["owner"].split())
    if "due" in asked:
        told["due"] = _day(asked["due"].strip())
    if "state" in asked:
        if asked["state"] not in Adoption.STATES:
            raise Fault("actions.no_column")
        told["state"] = asked["state"]
    return told


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise Fault("actions.no_day") from None


def _clean(text: str) -> str:
    return CONTROLS.sub("", text.replace("\r\n", "\n")).strip()


# ---- what was expected, what was found ----


def signs_expected(ranges: Mapping[str, list[float]], w: Words) -> list[Row]:
    return [{"title": title(name, w), "expected": between(name, low, high, w)} for name, (low, high) in ranges.items()]


def signs(one: Adoption, facts: Mapping[str, Any], w: Words) -> list[Sign]:
    """Each expected measure, before and in the waves after the one in which the step was adopted."""
    measures = facts.get("measures", {})
    found = []
    for name, (low, high) in one.expected.items():
        before = _numbers(measures, one.wave, name)
        later = [(wave, _numbers(measures, wave, name)) for wave in waves_after(one, facts)]
        found.append(
            Sign(
                title(name, w),
                services.measures_said(w.language).get(name, {}).get("short", ""),
                between(name, low, high, w),
                _said(name, before, w),
                tuple((wave, *_verdict(name, (low, high), before, now, w)) for wave, now in later),
            )
        )
    return found


def waves_after(one: Adoption, facts: Mapping[str, Any]) -> list[str]:
    waves = list(facts.get("waves", ()))
    return waves[waves.index(one.wave) + 1 :] if one.wave in waves else []


def _verdict(name: str, ends: tuple[float, float], before: Numbers, now: Numbers, w: Words) -> tuple[str, str, str]:
    """Whether a number is where it was expected: as far as its interval lets that be said, and no cause named."""
    value, low, high = now
    if value is None or low is None or high is None:
        return "missing", "", w("actions.found.missing")
    if ends[0] <= low and high <= ends[1]:
        verdict = "within"
    elif high < ends[0]:
        verdict = "below"
    elif low > ends[1]:
        verdict = "above"
    else:
        verdict = "leans" if ends[0] <= value <= ends[1] else "unclear"
    return verdict, _said(name, now, w), f"{w(f'actions.found.{verdict}')} {_moved(before, now, w)}".strip()


def _moved(before: Numbers, now: Numbers, w: Words) -> str:
    """A change is told only where the two intervals lie apart."""
    if None in before or None in now:
        return w("actions.moved.unknown")
    way = "up" if now[1] > before[2] else "down" if now[2] < before[1] else "unclear"  # type: ignore[operator]
    return w(f"actions.moved.{way}")


def _numbers(measures: Mapping[str, Any], wave: str, name: str) -> Numbers:
    found = measures.get(wave, {}).get(name)
    return (found[0], found[1], found[2]) if found else NO_NUMBERS


# ---- numbers in words ----


def title(name: str, w: Words) -> str:
    return str(services.measures_said(w.language).get(name, {}).get("title") or name.replace("_", " "))


def between(name: str, low: float, high: float, w: Words) -> str:
    """A range of a measure in words: "between 3.6 and 6.4 in 10"."""
    shape, one, other = _shape(name), _amount(name, low, w), _amount(name, high, w)
    return w(f"actions.between.{shape}", low=one, high=other)


def _said(name: str, numbers: Numbers, w: Words) -> str:
    value, low, high = numbers
    if value is None or low is None or high is None:
        return w("actions.not_measured")
    least, most = _amount(name, low, w), _amount(name, high, w)
    amount = w(f"actions.amount.{_shape(name)}", n=_amount(name, value, w))
    return amount if least == most else f"{amount} {w('actions.interval', low=least, high=most)}"


def _shape(name: str) -> str:
    kind = str(services.measures_said("en").get(name, {}).get("kind", "share"))
    return {"of_partners": "share", "yes_no": "share"}.get(kind, kind)


def _amount(name: str, value: float, w: Words) -> str:
    """With one decimal: two ends that differ must not read the same."""
    shape = _shape(name)
    places = 2 if shape in ("balance", "change") else 1
    text = f"{value * 10 if shape == 'share' else value:.{places}f}".rstrip("0").rstrip(".")
    text = "0" if text in ("-0", "") else text.replace("-", "\N{MINUS SIGN}")
    return text if w.language == "en" else text.replace(".", ",")


# ---- places in the texts ----


Places = Mapping[str, tuple[int, str]]
"""File -> its number in the study, and its language."""


def places_of(study: Study) -> Places:
    rows = study.documents.filter(gone=False).values_list("file", "place", "language")
    return {file: (place, language) for file, place, language in rows}


def quoted(quote: Mapping[str, Any], study: Study, places: Places) -> Row:
    """A quote with its language and the address of its place, "" where its text has left the study."""
    place, language = places.get(quote["file"], (0, ""))
    href = reverse("text", args=[study.pk, place]) + f"?at={quote['start']}" if place else ""
    return {**quote, "words": " ".join(str(quote["words"]).split()), "href": href, "language": language}


def cards(study: Study, facts: Mapping[str, Any], w: Words) -> list[Row]:
    """The adopted steps as the board shows them."""
    places, steps = places_of(study), services.steps(w.language)
    return [
        {
            "row": one,
            "step": steps.get(one.action, {"title": one.action, "sign": ""}),
            "quotes": [quoted(quote, study, places) for quote in one.reason],
            "signs": signs(one, facts, w),
            "later": waves_after(one, facts),
            "gone_wave": bool(one.wave) and bool(facts) and one.wave not in facts.get("waves", ()),
            "late": one.state in ("planned", "doing") and bool(one.due) and one.due < timezone.now().date().isoformat(),
        }
        for one in study.adoptions.all()
    ]


def columns(shown: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    own = list(shown)
    return [(state, [one for one in own if one["row"].state == state]) for state in Adoption.STATES]


def _searched(one: Mapping[str, Any]) -> str:
    return " ".join(str(one[part]) for part in ("id", "title", "run", "who_time", "sign", "risk")).casefold()
