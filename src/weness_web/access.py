"""Whose study it is, and what one may see of the others' work while a blind round is open."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from weness_web.faults import Fault
from weness_web.models import Coding, Document, Member, Study, Suggestion, User


def study_of(request: HttpRequest, id: uuid.UUID) -> Study:
    """The user's own study, else 404: whoever is no member cannot tell whether there is one."""
    return membership(request, id).study


def membership(request: HttpRequest, id: uuid.UUID) -> Member:
    member = Member.objects.select_related("study").filter(study_id=id, user=request.user.pk).first()
    if member is None:
        raise Http404
    return member


def owned_study(request: HttpRequest, id: uuid.UUID) -> Study:
    """For what only the owner may do: members, blind mode, deleting."""
    member = membership(request, id)
    if not member.owner:
        raise Fault("common.owner_only", status=403)
    return member.study


def document_of(study: Study, place: int) -> Document:
    """The text without its heavy fields; ask for these by name."""
    document = Document.objects.filter(study=study, place=place).defer(*Document.HEAVY).first()
    if document is None:
        raise Http404
    return document


def is_blind(study: Study, user: User) -> bool:
    """Whether the others' and the machine's codes are hidden from this user for now."""
    return study.blind and Member.objects.filter(study=study, user=user, closed_at=None).exists()


def may_code(study: Study, user: User) -> bool:
    """A closed blind round stands as it is: agreement is worked out from it."""
    return not (study.blind and Member.objects.filter(study=study, user=user, closed_at__isnull=False).exists())


def codings_seen(study: Study, user: User) -> QuerySet[Coding]:
    own = Coding.objects.filter(study=study)
    return own.filter(coder=user.name) if is_blind(study, user) else own


def suggestions_seen(study: Study, user: User) -> QuerySet[Suggestion]:
    own = Suggestion.objects.filter(study=study)
    return own.none() if is_blind(study, user) else own


def check_open(study: Study, user: User) -> None:
    """Raises Fault where the page would show the others' work to somebody whose blind round is open."""
    if is_blind(study, user):
        raise Fault("common.blind", status=403)


def changes_seen(study: Study, user: User, changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The changes of an action without those of others' rows, which one's own action may have moved along."""
    if not is_blind(study, user):
        return changes
    rows = ((one, one["before"] or one["after"] or {}) for one in changes)
    return [one for one, row in rows if {row.get(name, user.name) for name in ("by", "coder")} == {user.name}]
