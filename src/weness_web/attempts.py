"""Slows down who guesses passwords: after a few wrong ones, a name waits."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from weness_web.faults import Fault
from weness_web.models import Failure

FREE = 8
WITHIN = timedelta(minutes=10)


def check_attempts(name: str) -> None:
    """Raises Fault where this name was tried wrongly too often of late. Kept by name, so that addresses need not be."""
    since = timezone.now() - WITHIN
    Failure.objects.filter(at__lt=since).delete()
    if Failure.objects.filter(name=name.casefold()[:80], at__gte=since).count() >= FREE:
        raise Fault("accounts.too_often", status=429, minutes=int(WITHIN.total_seconds() // 60))


def note_failure(name: str) -> None:
    Failure.objects.create(name=name.casefold()[:80])
