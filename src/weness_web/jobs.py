"""Long work is asked for here, to be done in the background, so that no page waits for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils import timezone

from weness_web.models import Job, Study, User

CALM = timedelta(seconds=2)
"""Findings are worked out once nobody has changed anything for so long: who codes fast is not computed after."""
ORDER = ("import", "read", "suggest", "draw", "agree", "conclude", "export")
"""What is done first where several wait: findings come after the texts and suggestions that they stand on."""
MERGED = ("read", "suggest", "agree", "conclude")


def wake(study: Study, kind: str, user: User | None = None, now: bool = False, **asked: Any) -> Job:
    """A job of this kind that is still to begin: a new one, or the one that waits already."""
    due = timezone.now() + (timedelta(0) if now or kind != "conclude" else CALM)
    if kind in MERGED:
        # Held until it is told again when it is due: the dispatcher may be about to take it.
        with transaction.atomic():
            waiting = Job.objects.select_for_update().filter(study=study, kind=kind, state=Job.WAITING, asked=asked)
            job = waiting.last()
            if job is not None:
                job.due_at = due
                job.save(update_fields=("due_at",))
                return job
    return Job.objects.create(study=study, user=user, kind=kind, asked=asked, due_at=due)


def next_job() -> Job | None:
    """The job to do now, marked as running; None where nothing is due."""
    # What another dispatcher is taking at this moment is passed over, not waited for.
    free = Job.objects.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
    with transaction.atomic():
        job = _ranked(free.filter(state=Job.WAITING, due_at__lte=timezone.now())).first()
        if job is not None:
            job.state, job.began_at, job.fault = Job.RUNNING, timezone.now(), ""
            job.save(update_fields=("state", "began_at", "fault"))
    return job


def open_jobs(study: Study) -> QuerySet[Job]:
    """What waits or runs for a study, in the order in which it will be done."""
    return _ranked(study.jobs.filter(state__in=(Job.WAITING, Job.RUNNING)))


def taken_back() -> None:
    """Jobs that a stopped server left half done wait again."""
    Job.objects.filter(state=Job.RUNNING).update(state=Job.WAITING, done=0, total=0, doing="")


def took_ill(pk: int) -> None:
    """A job whose process ended without a word: killed, or out of memory."""
    Job.objects.filter(pk=pk, state=Job.RUNNING).update(
        state=Job.FAILED, fault="", told={"died": True}, ended_at=timezone.now()
    )


def _ranked(jobs: QuerySet[Job]) -> QuerySet[Job]:
    rank = Case(
        *(When(kind=kind, then=Value(n)) for n, kind in enumerate(ORDER)), default=9, output_field=IntegerField()
    )
    return jobs.order_by(rank, "id")
