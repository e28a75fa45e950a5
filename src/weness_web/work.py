"""One job of the background, in a process of its own: python -m weness_web.work JOB."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from weness_web.models import Job

Progress = Callable[[int, int, str], None]
TELL_EVERY = 0.25


def work(pk: int) -> None:
    """Does the job, and keeps what came of it or what went wrong, in words."""
    from weness_web.bringing import forget, kept_files, outgoing
    from weness_web.models import Job, Study

    job = Job.objects.select_related("study", "user").get(pk=pk)
    try:
        _work(job)
    finally:
        if not Study.objects.filter(pk=job.study_id).exists():
            # It was deleted meanwhile: what the job wrote since goes too.
            shutil.rmtree(outgoing(job), ignore_errors=True)
            forget(kept_files(job.study))


def _work(job: Job) -> None:
    from django.utils import timezone

    from weness_web import services
    from weness_web.faults import Fault
    from weness_web.labours import LABOURS
    from weness_web.models import Job
    from weness_web.words import words

    pk, language = job.pk, (job.user.language if job.user else "") or "en"
    try:
        told = LABOURS[job.kind](job, _progress(pk))
        state, fault = Job.DONE, ""
    except Fault as error:
        told, state, fault = {}, Job.FAILED, error.said(words(language))
    except services.FOUND_BY_WENESS as error:
        told, state, fault = {}, Job.FAILED, services.told(error)
    except MemoryError:
        told, state, fault = {"died": True}, Job.FAILED, ""
    Job.objects.filter(pk=pk).update(state=state, told=told, fault=fault, doing="", ended_at=timezone.now())


def _progress(pk: int) -> Progress:
    from weness_web.models import Job

    last: list[float] = [0.0]

    def tell(done: int, total: int, doing: Any) -> None:
        now = time.monotonic()
        if now - last[0] >= TELL_EVERY or done == total:
            last[0] = now
            Job.objects.filter(pk=pk).update(done=done, total=total, doing=str(doing)[:400])

    return tell


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "weness_web.settings")
    import django

    django.setup()
    work(int(sys.argv[1]))
