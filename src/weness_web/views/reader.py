"""One text to read and code: the page, each action on it, and its rows once more when the page lost touch."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from weness_web import changes
from weness_web.access import changes_seen, document_of, is_blind, study_of
from weness_web.coding_acts import done
from weness_web.desk import Desk
from weness_web.faults import Fault
from weness_web.models import Document
from weness_web.packing import packed
from weness_web.pages import page
from weness_web.reading_page import neighbours, page_facts, partner_name, rows_of, speaker_names, tree_of
from weness_web.text_lines import text_html
from weness_web.words import words_for


@require_GET
def text(request: HttpRequest, id: uuid.UUID, place: int) -> HttpResponse:
    study, w = study_of(request, id), words_for(request)
    document = Document.objects.get(pk=document_of(study, place).pk)
    response = page(
        request,
        "reader/text.html",
        study,
        "texts",
        document=document,
        partner=partner_name(study, document.partner),
        blind=is_blind(study, request.user),
        families=tree_of(study, w.language),
        text=text_html(document, speaker_names(study)),
        facts=page_facts(study, request.user, document, w),
        **neighbours(study, document),
    )
    return packed(request, response)


@require_GET
def rows(request: HttpRequest, id: uuid.UUID, place: int) -> HttpResponse:
    study = study_of(request, id)
    told = rows_of(study, request.user, document_of(study, place), words_for(request))
    return JsonResponse({"rows": told, "can": changes.can(study, request.user)})


@require_POST
def do(request: HttpRequest, id: uuid.UUID, place: int) -> HttpResponse:
    """{op, do, ...} -> the rows that changed, as they are now. Sent twice under the same op, it is done once."""
    study = study_of(request, id)
    asked = _asked(request)
    desk = Desk(study, request.user, document_of(study, place))
    event = done(desk, str(asked.get("op", ""))[:60], str(asked.get("do", "")), asked)
    side = "before" if event is not None and event.undone else "after"
    seen = changes_seen(study, request.user, event.changes if event else [])
    found = [{"table": one["table"], "id": one["id"], "row": one[side]} for one in seen]
    return JsonResponse({"changes": found, "can": changes.can(study, request.user)})


def _asked(request: HttpRequest) -> dict[str, Any]:
    try:
        asked = json.loads(request.body)
    except (ValueError, RecursionError):
        asked = None
    if not isinstance(asked, dict):
        raise Fault("common.not_understood")
    return asked


urlpatterns = [
    path("s/<uuid:id>/texts/<int:place>", text, name="text"),
    path("s/<uuid:id>/texts/<int:place>/do", do, name="text_do"),
    path("s/<uuid:id>/texts/<int:place>/rows", rows, name="text_rows"),
]
