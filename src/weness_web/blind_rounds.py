"""Coding blind as a mode of a study: each codes alone until one's round is closed, and what stands then stands."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from weness_web.changes import act, changed
from weness_web.faults import Fault
from weness_web.models import Coding, Event, Member, Study, User


def begin(study: Study, user: User) -> None:
    """Everybody's round is open, be it the first or a new one."""
    with transaction.atomic():
        study.memberships.update(closed_at=None)
        if not study.blind:
            act(study, user, "blind", [changed(study, blind=True)])


def end(study: Study, user: User) -> None:
    """Everything is open to all again, whoever had not closed."""
    if study.blind:
        act(study, user, "blind", [changed(study, blind=False)])


def close(study: Study, user: User) -> None:
    """One's codes stand as they are, so that what was done before can no longer be undone either."""
    with transaction.atomic():
        open_round = Member.objects.filter(study=study, user=user, closed_at=None)
        if not study.blind or not open_round.update(closed_at=timezone.now()):
            raise Fault("review.no_open_round", status=409)
        Event.objects.filter(study=study, user=user, lost=False).update(lost=True)


def rounds(study: Study, user: User) -> dict[str, Any]:
    """Who has closed, without a word of what anybody coded; of the user's own work, how much there is."""
    members = list(study.memberships.select_related("user").order_by("-owner", "user__name"))
    own = Coding.objects.filter(study=study, coder=user.name)
    mine = next((one for one in members if one.user_id == user.pk), None)
    return {
        "members": members,
        "mine": mine,
        "open": sum(one.closed_at is None for one in members),
        "codings": own.count(),
        "texts": own.values("document").distinct().count(),
        "before": before(study),
    }


def before(study: Study) -> int:
    """How many of the members' codes are older than blind coding, or, while it is not in use, how many there are: all of them
    count in the round, though others' and the machine's could be seen when they were given."""
    given = Coding.objects.filter(study=study, document__gone=False, coder__in=study.memberships.values("user__name"))
    if study.blind:
        began = Event.objects.filter(study=study, verb="blind", undone=False).last()
        given = given.filter(made_at__lt=began.at) if began else given.none()
    return given.count()
