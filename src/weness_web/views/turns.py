"""The turns of one text: what was found, what a label may mean instead, and the effect before it is saved."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from weness_web import services, turning
from weness_web.access import document_of, study_of
from weness_web.faults import Fault
from weness_web.models import Document, Study
from weness_web.pages import page
from weness_web.set_up import Desk
from weness_web.words import words_for

SHOWN = 200
"""Turns shown at once: enough to see who speaks, few enough for a hearing of a day."""


@require_GET
def turns(request: HttpRequest, id: uuid.UUID, place: int) -> HttpResponse:
    study, document = _found(request, id, place)
    desk = Desk(study)
    row = desk.row("documents", turning.file_of(document))
    found = turning.turns_of(turning.as_row(document))
    voices = turning.voices_of(found)
    said: dict[str, str] = dict(row.get("turns") or {})
    heard = {voice.label for voice in voices}
    for label in said:
        if label not in heard:
            voices.append(turning.Voice(label, None, False))
    shown = {
        "document": document,
        "row": row,
        "voices": voices,
        "said": said,
        "chosen": list(row.get("speakers") or ()),
        "genres": services.GENRES,
        **_list(request, found, desk),
    }
    return page(request, "setup/turns.html", study, "setup", **shown)


@require_POST
def preview(request: HttpRequest, id: uuid.UUID, place: int) -> HttpResponse:
    study, document = _found(request, id, place)
    told = _told(request)
    found = turning.preview(study, document, told)
    desk = Desk(study)
    turning.put(desk, turning.file_of(document), told)
    changed = sum(one.is_changed for one in found)
    return render(
        request, "setup/_turns.html", _list(request, found, desk) | {"is_preview": True, "n_changed": changed}
    )


@require_POST
def save(request: HttpRequest, id: uuid.UUID, place: int) -> HttpResponse:
    study, document = _found(request, id, place)
    turning.save(study, request.user, document, _told(request))
    messages.success(request, words_for(request)("setup.turns_saved"))
    return redirect("turns", study.pk, place)


def _found(request: HttpRequest, id: uuid.UUID, place: int) -> tuple[Study, Document]:
    study = study_of(request, id)
    return study, Document.objects.get(pk=document_of(study, place).pk)


def _list(request: HttpRequest, found: list[turning.Turn], desk: Desk) -> dict[str, Any]:
    everything = request.GET.get("all") or request.POST.get("all")
    return {
        "turns": found if everything else found[:SHOWN],
        "n_turns": len(found),
        "is_cut": not everything and len(found) > SHOWN,
        "people": {str(one.get("id")): str(one.get("name") or one.get("id")) for one in desk.page["speakers"]},
        "houses": {str(one.get("id")): str(one.get("name") or one.get("id")) for one in desk.page["partners"]},
        "askers": {str(one.get("id")) for one in desk.page["speakers"] if one.get("role") == "interviewer"},
    }


def _told(request: HttpRequest) -> turning.Told:
    """``label``, ``who``, ``name`` and ``house`` come row by row; the last row may name a label that was not found."""
    columns = [request.POST.getlist(name) for name in ("label", "who", "name", "house")]
    if len({len(column) for column in columns}) != 1:
        raise Fault("common.not_understood")
    said = (turning.Said(*(value.strip() for value in values)) for values in zip(*columns, strict=True))
    genre = request.POST.get("genre", "")
    if genre not in services.GENRES:
        raise Fault("common.not_understood")
    return turning.Told(
        said=tuple(said),
        speakers=tuple(request.POST.getlist("speakers")),
        genre=genre,
        partner=request.POST.get("partner", ""),
    )


urlpatterns = [
    path("s/<uuid:id>/texts/<int:place>/turns", turns, name="turns"),
    path("s/<uuid:id>/texts/<int:place>/turns/preview", preview, name="turns_preview"),
    path("s/<uuid:id>/texts/<int:place>/turns/save", save, name="turns_save"),
]
