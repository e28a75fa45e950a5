"""Who may open a study: its owner adds and removes people who have an account."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_POST

from weness_web.access import membership, owned_study
from weness_web.faults import Fault
from weness_web.models import Member, User
from weness_web.words import words_for


@require_http_methods(["GET", "POST"])
def members(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The list stands on the set-up page; a POST adds one by name."""
    if request.method == "GET":
        return _back(membership(request, id).study.pk)
    study = owned_study(request, id)
    name = " ".join(request.POST.get("name", "").split())
    user = User.objects.filter(name__iexact=name).first() if name else None
    if user is None:
        raise Fault("setup.no_such_account", called=name)
    _, is_new = Member.objects.get_or_create(study=study, user=user)
    line = "setup.member_added" if is_new else "setup.member_already"
    messages.success(request, words_for(request)(line, called=user.name))
    return _back(study.pk)


@require_POST
def remove(request: HttpRequest, id: uuid.UUID, member: int) -> HttpResponse:
    """What the person coded stays."""
    study = owned_study(request, id)
    found = Member.objects.select_related("user").filter(study=study, pk=member).first()
    if found is not None:
        if found.owner:
            raise Fault("setup.owner_stays")
        found.delete()
        messages.success(request, words_for(request)("setup.member_removed", called=found.user.name))
    return _back(study.pk)


def _back(study: uuid.UUID) -> HttpResponse:
    return redirect(reverse("setup", args=[study]) + "#members")


urlpatterns = [
    path("s/<uuid:id>/members", members, name="members"),
    path("s/<uuid:id>/members/<int:member>/remove", remove, name="member_remove"),
]
