"""The check sample: draw one, and judge its items one at a time, blind."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from weness_web import checking, services
from weness_web.access import study_of
from weness_web.faults import Fault
from weness_web.jobs import open_jobs, wake
from weness_web.models import Job, Study
from weness_web.pages import page
from weness_web.words import language_of, words_for


@require_GET
def checks(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The item asked for, else the next one to answer: one goes on where one was."""
    study = study_of(request, id)
    shown = _shown(request, study, request.GET.get("item", ""))
    if request.htmx:
        return render(request, "review/_item.html", {"study": study, **shown})
    return page(request, "review/checks.html", study, "review", **shown)


@require_POST
def answer(request: HttpRequest, id: uuid.UUID, item: str) -> HttpResponse:
    """What one says of an item is kept, and the next one comes."""
    study, asked = study_of(request, id), request.POST
    codes = [code for code in asked.getlist("codes") if code]
    if not codes:
        raise Fault("review.choose")
    said = [] if codes == [checking.NONE] else codes
    counts = checking.answer(study, request.user, item, said, asked.get("op", "")[:60])
    second = bool(asked.get("second"))
    following = checking.sample_of(study, request.user).next(item, second)
    address = f"{reverse('checks', args=[id])}?{_query(following, second)}"
    if not request.htmx:
        return redirect(address)
    told = {"study": study, **_shown(request, study, following, second), "saved": True, "stands_beside": not counts}
    response = render(request, "review/_item.html", told)
    response.headers["HX-Push-Url"], response.headers["HX-Trigger"] = address, "weness-changed"
    return response


@require_POST
def draw(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    study = study_of(request, id)
    if drawing_of(study)["drawing"]:
        raise Fault("review.is_drawing", status=409)
    wake(study, "draw", request.user, now=True, **checking.drawing(request.POST))
    return redirect("review", id)


@require_GET
def drawing(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """How far a draw is; the page anew once it is done."""
    study = study_of(request, id)
    told = drawing_of(study)
    response = render(request, "review/_drawing.html", {"study": study, **told})
    if not told["drawing"]:
        response.headers["HX-Refresh"] = "true"
    return response


def drawing_of(study: Study) -> dict[str, Any]:
    last = study.jobs.filter(kind="draw").last()
    failed = last if last and last.state == Job.FAILED else None
    return {
        "drawing": open_jobs(study).filter(kind="draw").first(),
        "draw_failed": failed,
        "nothing_to_check": failed is not None and failed.fault == services.NOTHING_TO_CHECK,
    }


def _shown(request: HttpRequest, study: Study, item: str, second: bool | None = None) -> dict[str, Any]:
    sample = checking.sample_of(study, request.user)
    second = bool(request.GET.get("second")) if second is None else second
    item = item or sample.next(second=second)
    told: dict[str, Any] = {
        "sample": sample,
        "second": second,
        "checks": checking.standing(study, request.user, sample),
        "op": uuid.uuid4().hex,
    }
    if not item:
        return told
    one = checking.shown(checking.check_of(study, item), language_of(request))
    own = sample.own.get(item)
    return told | {
        "one": one,
        "own": own,
        "place": sample.place(item),
        "before": sample.beside(item, -1),
        "after": sample.next(item, second) or sample.beside(item, 1),
        "ask": words_for(request)(f"review.ask.{one['kind']}"),
    }


def _query(item: str, second: bool) -> str:
    return "&".join([*([f"item={item}"] if item else []), *(["second=1"] if second else [])])


urlpatterns = [
    path("s/<uuid:id>/review/checks", checks, name="checks"),
    path("s/<uuid:id>/review/checks/<str:item>/answer", answer, name="check-answer"),
    path("s/<uuid:id>/review/draw", draw, name="draw"),
    path("s/<uuid:id>/review/drawing", drawing, name="drawing"),
]
