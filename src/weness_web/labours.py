"""What the background does for a study: a job and a progress in, what came of it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from weness_web import services
from weness_web.agreeing import persons_of, state_of_work
from weness_web.bringing import bring_in, send_out
from weness_web.home import folder_of
from weness_web.jobs import wake
from weness_web.models import Document, Job, Overview, Study
from weness_web.putting_down import put_down
from weness_web.taking_up import keep_draw, put_suggestions, take_texts, take_up
from weness_web.uploads import put_work

Progress = Callable[[int, int, str], None]
Told = dict[str, Any]


def read(job: Job, progress: Progress) -> Told:
    """Every narrative anew; what lies coded in the folder is taken up; machines read what is new."""
    study = job.study
    if not study.page:
        # The set-up was undone: nothing names a text, and what was coded waits for its text to come back.
        take_texts(study, [])
        return {"texts": 0}
    services.put_page(folder_of(study.pk), study.page)
    known = study.documents.exists()
    rows, notes = services.read(folder_of(study.pk), progress)
    with transaction.atomic():
        # Nobody changes anything between what is put down and what is taken up.
        Study.objects.select_for_update().get(pk=study.pk)
        anew = take_texts(study, rows)
        if known:
            # The folder may hold what was removed here since it was last written: that must not come back.
            put_down(study)
        put_work(study)
        taken = take_up(study, by=job.user.name if job.user else "")
        Study.objects.filter(pk=study.pk).update(notes=notes)
    wake(study, "suggest" if anew and not taken["suggestions"] else "conclude", now=True)
    return {"texts": len(rows), "notes": notes, **taken}


def suggest(job: Job, progress: Progress) -> Told:
    study = job.study
    put_down(study)
    rows = services.suggestions(folder_of(study.pk), learn=bool(job.asked.get("learn")), progress=progress)
    made = put_suggestions(study, rows, {one.file: one for one in study.documents.defer(*Document.HEAVY)})
    wake(study, "conclude", now=True)
    return {"suggestions": made}


def conclude(job: Job, progress: Progress) -> Told:
    """The findings, of the whole or of a part, as they stand now; older ones of the same part give way."""
    study = job.study
    revision = study.revision
    put_down(study)
    filters = job.asked.get("filters", {})
    pages, facts = services.conclude(folder_of(study.pk), filters, study.settings, progress)
    with transaction.atomic():
        Overview.objects.filter(study=study, filters=filters).delete()
        Overview.objects.create(study=study, filters=filters, revision=revision, pages=pages, facts=facts)
        if not filters:
            # Parts that were looked at before are of an older state: they are worked out again when asked for.
            Overview.objects.filter(study=study, revision__lt=revision).exclude(filters={}).delete()
    return {"revision": revision}


def draw(job: Job, progress: Progress) -> Told:
    study = job.study
    put_down(study)
    asked = job.asked
    head, rows = services.drawn(folder_of(study.pk), int(asked["n"]), int(asked.get("seed", 0)), progress)
    keep_draw(study, head, rows)
    return {"items": len(rows)}


def agree(job: Job, progress: Progress) -> Told:
    study = job.study
    put_down(study)
    state = state_of_work(study)
    found = services.agreement(folder_of(study.pk), persons_of(study), progress=progress)
    # Each holds every disagreement: only the newest is of use.
    study.jobs.filter(kind="agree", state=Job.DONE).delete()
    return {"revision": study.revision, "of": state, "agreement": found}


LABOURS: Mapping[str, Callable[[Job, Progress], Told]] = {
    "read": read,
    "suggest": suggest,
    "conclude": conclude,
    "draw": draw,
    "agree": agree,
    "import": bring_in,
    "export": send_out,
}
"""A new kind of long work: a function here or beside, a line here, and its rank in jobs.ORDER."""
