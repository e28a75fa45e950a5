"""Files that a study is written to for other programs: asked for, looked through, and thrown away after a week."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

from django.db.models import QuerySet
from django.utils import timezone

from weness_web import services
from weness_web.bringing import outgoing
from weness_web.faults import Fault
from weness_web.jobs import wake
from weness_web.models import Job, Study, User

FORMATS = ("report", "qdpx", "qdc", "csv")
"""A format that may be asked for: a line here, one in `bringing.send_out`, and its words."""
KEPT = timedelta(days=7)


def ask(study: Study, user: User, format: str, language: str) -> Job:
    """A job that writes a file. The same that waits or runs already for this user is not begun twice."""
    if format not in FORMATS or language not in services.LANGUAGES:
        raise Fault("common.not_understood")
    if not study.documents.filter(gone=False).exists():
        raise Fault("exports.no_texts", status=409)
    asked = {"format": format, "language": language}
    going = study.jobs.filter(kind="export", user=user, asked=asked, state__in=(Job.WAITING, Job.RUNNING)).first()
    return going or wake(study, "export", user, now=True, **asked)


def exports_of(study: Study) -> QuerySet[Job]:
    """The latest first; those that are too old are deleted before."""
    for job in study.jobs.filter(kind="export", ended_at__lt=timezone.now() - KEPT):
        shutil.rmtree(outgoing(job), ignore_errors=True)
        job.delete()
    return study.jobs.filter(kind="export").select_related("user").order_by("-id")


def file_of(job: Job) -> Path | None:
    """What a job wrote; None where it wrote nothing, or it is there no more."""
    name = Path(str(job.told.get("file", ""))).name
    path = outgoing(job) / name
    return path if job.state == Job.DONE and name and path.is_file() else None
