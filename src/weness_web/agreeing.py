"""How far persons agree: whether it can be asked, whether what was worked out is of now, and its figures in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from weness_web import services
from weness_web.adjudication import CONSENSUS
from weness_web.codebooks import codes_of, content_of
from weness_web.jobs import open_jobs, wake
from weness_web.models import Coding, Job, Reading, Study, User
from weness_web.words import Words

Row = dict[str, Any]
KIND = "agree"
ALL = "all"
"""What weness calls the row of all languages together."""
LIMITS = (0, 2 / 3, 0.8)
"""What the drawing of an interval marks: no better than chance, and the two ends that uses ask for."""
FAMILIES = ("A", "THEY_PARTNER", "B", "C", "own")
NOTES = (
    (r"^(?P<n>\d+) mentions? (?:was|were) labelled by one coder only", "alone"),
    (r"^Where there are too few texts, speakers", "speakers"),
    (r"^Where there are too few texts and speakers", "units"),
    (r"^An interval that rests on fewer than (?P<enough>\d+) .*as few as (?P<few>\d+)", "few"),
)
"""What weness notes of an agreement -> a line of the wording; what is not here is shown as it was said."""


def persons_of(study: Study) -> tuple[str, ...]:
    """Who coded here. What was decided together is nobody's coding."""
    here = {"study": study, "document__gone": False}
    names = set(Coding.objects.filter(**here).order_by().values_list("coder", flat=True).distinct())
    names |= {one.coder for one in Reading.objects.filter(**here) if one.families}
    return tuple(sorted(names - {CONSENSUS}))


def share_texts(study: Study) -> bool:
    """Whether any text was coded by two persons, in codes that can be compared."""
    families = {id: code["family"] for id, code in services.codes().items()}
    coded = Coding.objects.filter(study=study, document__gone=False).exclude(coder=CONSENSUS).order_by()
    who: dict[tuple[int, str], set[str]] = {}
    for document, code, coder in coded.values_list("document_id", "code", "coder").distinct():
        family = families.get(code, "own")
        who.setdefault((document, "B" if family == "C" else family), set()).add(coder)
    for read in Reading.objects.filter(study=study, document__gone=False).exclude(coder=CONSENSUS):
        for family in read.families:
            who.setdefault((read.document_id, "B" if family == "C" else family), set()).add(read.coder)
    return any(len(coders) > 1 for coders in who.values())


def state_of_work(study: Study) -> str:
    """A fingerprint of all that agreement is worked out from: what is decided together changes none of it."""
    codings = Coding.objects.filter(study=study, document__gone=False).exclude(coder=CONSENSUS)
    told = [
        list(codings.order_by("id").values_list("document_id", "start", "end", "code", "coder", "why")),
        list(Reading.objects.filter(study=study).order_by("id").values_list("document_id", "coder", "families")),
        list(study.documents.filter(gone=False).values_list("file", "checksum")),
        content_of(study)["own"],
    ]
    return sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def latest(study: Study) -> Job | None:
    """The newest comparison that was worked out."""
    return study.jobs.filter(kind=KIND, state=Job.DONE).last()


def standing(study: Study) -> Row:
    """``job`` is the newest that was worked out, ``busy`` one that is on its way, ``failed`` one that stopped since."""
    jobs = study.jobs.filter(kind=KIND)
    done, failed = latest(study), jobs.filter(state=Job.FAILED).last()
    current = done is not None and (done.told["revision"] == study.revision or done.told["of"] == state_of_work(study))
    persons = persons_of(study)
    return {
        "persons": persons,
        "can": len(persons) > 1 and share_texts(study),
        "busy": open_jobs(study).filter(kind=KIND).first(),
        "failed": failed if failed and (done is None or failed.id > done.id) else None,
        "job": done,
        "current": current,
    }


def asked(study: Study, user: User) -> Row:
    """As `standing`; where what there is is not of now, it is being worked out anew."""
    told = standing(study)
    if told["can"] and not (told["current"] or told["busy"] or told["failed"]):
        told["busy"] = wake(study, KIND, user, now=True)
    return told


def titles_of(study: Study, language: str) -> dict[str, str]:
    return {code["id"]: code["title"] for code in codes_of(study, language)}


def tables(study: Study, found: Row, words: Words, each: bool = True) -> list[Row]:
    """By family, every row with its numbers as they are read; where not ``each``, without those of a single language."""
    titles, cores = titles_of(study, words.language), services.core_titles(words.language)
    shown = []
    together = any(row["language"] == ALL for row in found["rows"])
    for family in FAMILIES:
        own = [row for row in found["rows"] if row["family"] == family]
        own = own if each or not together else [row for row in own if row["language"] == ALL]
        rows = [_row(row, titles, cores, words) for row in own]
        if rows:
            shown.append({"family": family, "rows": rows, "passages": any(row["unitizing"] for row in rows)})
    return shown


def notes(found: Row, words: Words) -> list[str]:
    return [_note(note, words) for note in found["notes"]]


def _note(note: str, words: Words) -> str:
    for pattern, name in NOTES:
        met = re.match(pattern, note)
        if met:
            return words(f"review.note.{name}", **met.groupdict())
    return note


def _row(row: Row, titles: Mapping[str, str], cores: Mapping[str, str], words: Words) -> Row:
    name = {
        "family": words(f"review.{'all_codes' if row['family'] == 'A' else 'any_code'}"),
        "core": cores.get(row["code"], row["code"]),
    }.get(row["level"], titles.get(row["code"], row["code"]))
    return {
        "name": name,
        "id": row["code"],
        "level": row["level"],
        "language": words.or_same("common.language_name", row["language"])
        if row["language"] != ALL
        else words("review.all_languages"),
        "units": row["units"],
        "positives": row["positives"],
        "percent": number(row["percent"], words),
        "positive_agreement": number(row["positive_agreement"], words),
        "alpha": _coefficient(row["alpha"], words),
        "kappa": _coefficient(row["kappa"], words),
        "kappa_by": row["kappa_by"],
        "ac1": _coefficient(row["ac1"], words),
        "unitizing": _coefficient(row["unitizing"], words) if row["unitizing"] else None,
        "use": row["use"],
        "says": _use(row, words),
    }


def _coefficient(one: Row, words: Words) -> Row:
    """``bar``: where the interval, the value and the marks stand on a line from 0 to 100, which reaches from -1 to 1."""
    why = services.reasons().get(one.get("why", ""), "")
    told = {
        "value": number(one["value"], words),
        "interval": "",
        "why": words(f"review.why.{why}") if why else one.get("why", ""),
    }
    if one["value"] is None or one["low"] is None:
        return told
    low, high, value = (_along(one[name]) for name in ("low", "high", "value"))
    interval = words("review.interval", low=number(one["low"], words), high=number(one["high"], words))
    return told | {
        "interval": interval,
        "bar": {
            "low": f"{low:.1f}",
            "width": f"{max(high - low, 1):.1f}",
            "value": f"{value:.1f}",
            "marks": [f"{_along(limit):.1f}" for limit in LIMITS],
        },
    }


def _along(value: float) -> float:
    """Where a coefficient stands on the line: none is above 1, and one below -1 stands at its beginning."""
    return 50 * (1 + min(1.0, max(-1.0, value)))


def _use(row: Row, words: Words) -> str:
    limits = services.review_limits()
    if row["use"] == "cannot_say":
        return words("review.use.cannot_say", why=_coefficient(row["alpha"], words)["why"])
    said = words(f"review.use.{row['use']}", positives=limits["positives"])
    if "(" not in row["says"]:
        return said
    over = "units" if row["resampled_over"] == "units" else "few"
    what = words.or_same("review.over", row["resampled_over"])
    return f"{said} ({words(f'review.doubt.{over}', n=row['clusters'], over=what, enough=limits['enough'])})"


def number(value: float | None, words: Words) -> str:
    """Two digits, as the language writes them; "" for what is not there."""
    if value is None:
        return ""
    said = f"{value:.2f}".replace("-", "−")
    return said if words.language == "en" else said.replace(".", ",")


def chosen(rows: Iterable[Row], code: str = "", family: str = "") -> list[Row]:
    """The disagreements about a code, or a family."""
    return [row for row in rows if (not code or code in row["codes"]) and (not family or family in families_of(row))]


def families_of(row: Row) -> set[str]:
    known = services.codes()
    return {
        "THEY_PARTNER" if code == "THEY_PARTNER" else known[code]["family"] if code in known else "own"
        for code in row["codes"]
    }


def codes_in(rows: Iterable[Row]) -> list[str]:
    return sorted({code for row in rows for code in row["codes"]})
