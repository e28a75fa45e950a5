"""The findings as the app shows them: which ones, how old they are, and every quote with a way to its place in the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.html import escape, format_html

from weness_web import services
from weness_web.faults import Fault
from weness_web.jobs import open_jobs, wake
from weness_web.listing import open_suggestions
from weness_web.models import Job, Overview, Study, User
from weness_web.words import Words

Filters = dict[str, str]
PARTS = ("partner", "wave", "language", "coder")
MACHINE = "machine"
BEFORE = ("import", "read", "suggest")
"""Work after which the findings are worked out anyway."""
BESIDE = ("memo", "adopt", "action")
"""What is done without a change of the findings."""
CANNOT_SAY = "cannot say"
"""How weness calls a wave of which it tells no stage."""
QUOTE = re.compile(r'href="#q(\d+)-(\d+)"')
DOCUMENT = re.compile(r'href="#d(\d+)"')
PICTURE = '<div class="scroll" role="img" '
STEP = re.compile(r'(<span class="soft">(ACT-\d+)</span></h3>.*?)</article>', re.DOTALL)
DIAGNOSIS = re.compile(r'<p class="caveat">.*?</p>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Standing:
    """What there is to show of a part of a study. ``overview``: the latest findings of the part, of now or of before;
    ``job``: what is still to be done for them; ``failed``: why it stopped, where it did."""

    overview: Overview | None
    fresh: bool
    job: Job | None
    failed: Job | None
    changes: int
    since: datetime | None


def choices(study: Study) -> dict[str, list[tuple[str, str]]]:
    """What each filter can be set to, as (value, what it is called)."""
    page = services.page_of(study.page)
    there = study.documents.filter(gone=False)
    coders = sorted(set(study.codings.order_by().values_list("coder", flat=True)))
    machine = [(MACHINE, MACHINE)] if study.suggestions.exists() else []
    return {
        "partner": [(str(row["id"]), str(row.get("name") or row["id"])) for row in _named(page["partners"])],
        "wave": [(str(row["id"]), str(row["id"])) for row in _named(page["waves"])],
        "language": [(code, code) for code in sorted(set(there.order_by().values_list("language", flat=True)))],
        "coder": [*((name, name) for name in coders if name != MACHINE), *machine],
    }


def filters_in(asked: Mapping[str, Any], known: Mapping[str, list[tuple[str, str]]]) -> Filters:
    """The filters that were set. Raises Fault where the study has no such partner, wave, language or coder."""
    found = {part: str(asked.get(part, "")) for part in PARTS if asked.get(part)}
    for part, value in found.items():
        if value not in {one for one, _ in known[part]}:
            raise Fault("overview.no_such", status=404, value=value)
    return found


def standing(study: Study, filters: Filters) -> Standing:
    overview = study.overviews.filter(filters=filters).defer("pages", "facts").first()
    own, before = Q(kind="conclude", asked=_asked(filters)), Q(kind__in=BEFORE)
    job = open_jobs(study).filter(own | before).first()
    ended = study.jobs.filter(own if filters else own | before, state__in=(Job.DONE, Job.FAILED))
    last = None if job else ended.order_by("ended_at", "id").last()
    changes = study.revision - overview.revision if overview else 0
    later = study.events.filter(at__gt=overview.made_at).exclude(verb__in=BESIDE) if changes else study.events.none()
    since = later.values_list("at", flat=True).first()
    return Standing(
        overview,
        fresh=overview is not None and not changes,
        job=job,
        failed=last if last is not None and last.state == Job.FAILED else None,
        changes=changes,
        since=since,
    )


def asked_for(study: Study, user: User, filters: Filters) -> tuple[Standing, bool]:
    """Lets the findings be worked out where there are none of now and nobody asked yet; says whether it did.

    What stopped with a fault is not tried again unless somebody asks for it: it would stop again.
    """
    found = standing(study, filters)
    if found.fresh or found.job or found.failed or not study.documents.filter(gone=False).exists():
        return found, False
    ask(study, user, filters)
    return standing(study, filters), True


def ask(study: Study, user: User, filters: Filters) -> Job:
    return wake(study, "conclude", user, now=True, **_asked(filters))


def shown(overview: Overview, language: str, w: Words) -> str:
    """The findings in a language, their quotes leading into the reader and their steps to where they can be planned."""
    study = overview.study_id
    places = dict(overview.study.documents.filter(gone=False).values_list("file", "place"))
    numbered = dict(enumerate(overview.facts.get("documents", ()), 1))

    def quote(found: re.Match[str]) -> str:
        return _link(numbered, places, study, int(found[1]), f"?at={found[2]}")

    def document(found: re.Match[str]) -> str:
        return _link(numbered, places, study, int(found[1]), "")

    def step(found: re.Match[str]) -> str:
        link = '<p class="plan"><a class="button main" href="{}">{}<span class="vh">: {}</span></a></p>'
        address = reverse("action", args=[study, found[2]])
        return f"{found[1]}{format_html(link, address, w('overview.plan_step'), found[2])}</article>"

    def diagnosis(found: re.Match[str]) -> str:
        link = '<p class="plan"><a class="button" href="{}">{}</a></p>'
        return f"{found[0]}{format_html(link, reverse('actions', args=[study]), w('overview.all_steps'))}"

    # A picture with links in it is a group to who hears the page: its links must not be hidden below an image.
    page = str(overview.pages.get(language) or overview.pages["en"]).replace(
        PICTURE, '<div class="scroll" role="group" '
    )
    # What people wrote holds no bare quotation mark and no bare "<" here, so only our own tags are met.
    return _replaced(page, (QUOTE, quote), (DOCUMENT, document), (STEP, step), (DIAGNOSIS, diagnosis))


def no_stage(facts: Mapping[str, Any]) -> bool:
    """Whether there are findings, and of the latest wave they cannot say a stage."""
    placed = facts.get("posteriors", ())
    return bool(placed) and placed[-1]["call"] in ("", CANNOT_SAY)


@dataclass(frozen=True, slots=True)
class Lacking:
    """What people still could do so that more can be said: texts that nobody coded, suggestions that nobody answered."""

    uncoded: int
    undecided: int


def lacking(study: Study, user: User) -> Lacking | None:
    """None where a stage is told and somebody coded, or where nothing is left to do."""
    coded = set(study.codings.exclude(coder=MACHINE).order_by().values_list("document", flat=True).distinct())
    if coded and not no_stage(latest(study)):
        return None
    uncoded = study.documents.filter(gone=False).exclude(pk__in=coded).count()
    undecided = sum(1 for _ in open_suggestions(study, user))
    return Lacking(uncoded, undecided) if uncoded or undecided else None


def latest(study: Study) -> dict[str, Any]:
    """The facts of the latest findings of the whole study, {} where there are none yet."""
    found = study.overviews.filter(filters={}).defer("pages").first()
    return dict(found.facts) if found else {}


@cache
def style() -> str:
    """The report's style sheet for a part of a page: every rule holds below ``.findings`` only."""
    sheet = re.sub(r"@page\{[^}]*\}", "", services.report_style())
    sheet = re.sub(r"(?<![\w.#-])html\{[^}]*\}", "", sheet)
    sheet = re.sub(r"(?<![\w.#-])(?::root|body)\{", "&{", sheet)
    return f".findings{{{sheet}}}\n@page{{size:A4;margin:9mm 11mm}}\n"


@cache
def stamp() -> str:
    return sha256(style().encode()).hexdigest()[:12]


def _asked(filters: Filters) -> dict[str, Filters]:
    """As the job of a part is asked; the whole's is asked without a word, as after every change."""
    return {"filters": filters} if filters else {}


def _link(numbered: Mapping[int, str], places: Mapping[str, int], study: Any, number: int, tail: str) -> str:
    """A text that left the study since has no place to lead to."""
    place = places.get(numbered.get(number, ""))
    return f'href="{escape(reverse("text", args=[study, place]) + tail)}"' if place else 'href="#quotes"'


def _replaced(text: str, *rules: tuple[re.Pattern[str], Callable[[re.Match[str]], str]]) -> str:
    for pattern, by in rules:
        text = pattern.sub(by, text)
    return text


def _named(rows: list[Any]) -> list[dict[str, Any]]:
    return [row for row in rows if isinstance(row, dict) and row.get("id")]
