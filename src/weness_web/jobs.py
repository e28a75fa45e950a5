"""Long work is asked for here, to be done in the background, so that no page waits for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from weness_web.models import Job, Study, User

CALM = timedelta(seconds=2)
"""Findings are worked out once nobody has changed anything for so long: who codes fast is not computed after."""
MERGED = ("read", "suggest", "conclude")


def wake(study: Study, kind: str, user: User | None = None, now: bool = False, **asked: Any) -> Job:
    """A job of this kind that is still to begin: a new one, or the one that waits already."""
    due = timezone.now() + (timedelta(0) if now or kind != "conclude" else CALM)
    if kind in MERGED:
        waiting = Job.objects.filter(study=study, kind=kind, state=Job.WAITING, asked=asked)
        if waiting.update(due_at=due):
            return waiting.latest("id")
    return Job.objects.create(study=study, user=user, kind=kind, asked=asked, due_at=due)
