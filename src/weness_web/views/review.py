"""Review: how far the check sample, blind coding and agreement are; and the rounds of blind coding."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from weness_web import adjudication, agreeing, blind_rounds, checking
from weness_web.access import is_blind, membership, owned_study, study_of
from weness_web.models import Study, User
from weness_web.pages import page
from weness_web.views.checking import drawing_of


@require_GET
def review(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    member = membership(request, id)
    study, user = member.study, request.user
    sample = checking.sample_of(study, user)
    blind = is_blind(study, user)
    return page(
        request,
        "review/index.html",
        study,
        "review",
        blind=blind,
        owner=member.owner,
        sample=sample,
        checks=checking.standing(study, request.user, sample),
        next=sample.next(),
        n=checking.N,
        most=checking.MOST,
        last_drawing=checking.last_drawing(study),
        rounds=blind_rounds.rounds(study, user),
        agreement=None if blind else _agreement(study),
        **drawing_of(study),
    )


def _agreement(study: Study) -> dict[str, Any]:
    told = agreeing.standing(study)
    rows = told["job"].told["agreement"]["disagreements"] if told["job"] else []
    return told | {"differ": len(rows), "decided": len(adjudication.decided(study, rows))}


def _round(
    of: Callable[[HttpRequest, uuid.UUID], Study], act: Callable[[Study, User], None]
) -> Callable[..., HttpResponse]:
    @require_POST
    def view(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
        act(of(request, id), request.user)
        return redirect("review", id)

    return view


urlpatterns = [
    path("s/<uuid:id>/review", review, name="review"),
    path("s/<uuid:id>/review/blind/begin", _round(owned_study, blind_rounds.begin), name="blind-begin"),
    path("s/<uuid:id>/review/blind/end", _round(owned_study, blind_rounds.end), name="blind-end"),
    path("s/<uuid:id>/review/blind/close", _round(study_of, blind_rounds.close), name="blind-close"),
]
