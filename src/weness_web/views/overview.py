"""The overview: where the partnership stands, what it rests on, and what can be done next."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from weness_web import overviews
from weness_web.access import check_open, study_of
from weness_web.overviews import Filters
from weness_web.pages import page
from weness_web.words import words_for


@require_GET
def index(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The page; or only the findings in it, where htmx asks for them because new ones may be there."""
    study = study_of(request, id)
    check_open(study, request.user)
    known = overviews.choices(study)
    filters = overviews.filters_in(request.GET, known)
    found, asked = overviews.asked_for(study, request.user, filters)
    seen = request.GET.get("seen", "")
    if request.htmx and found.fresh and not asked and seen == _mark(found):
        return HttpResponse(status=204)  # what stands on the page is what there is
    w = words_for(request)
    shown = {
        "filters": filters,
        "known": known,
        "found": found,
        "mark": _mark(found),
        "findings": overviews.shown(found.overview, w.language, w) if found.overview else "",
        "lacking": overviews.lacking(study, request.user) if found.overview and not filters else None,
        "texts": study.documents.filter(gone=False).count(),
        "query": urlencode(filters),
        "stamp": overviews.stamp(),
    }
    if not request.htmx:
        return page(request, "overview/index.html", study, "overview", **shown)
    response = render(request, "overview/_findings.html", {"study": study, **shown})
    if asked:
        response.headers["HX-Trigger"] = "weness-changed"
    return response


@require_GET
def status(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """How far the work on the findings is, asked for again and again while it goes on."""
    study = study_of(request, id)
    check_open(study, request.user)
    filters = overviews.filters_in(request.GET, overviews.choices(study))
    shown = {"study": study, "filters": filters, "query": urlencode(filters)}
    return render(request, "overview/_status.html", shown | {"found": overviews.standing(study, filters)})


@require_POST
def again(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Works the findings out once more, where it stopped with a fault."""
    study = study_of(request, id)
    check_open(study, request.user)
    filters = overviews.filters_in(request.POST, overviews.choices(study))
    overviews.ask(study, request.user, filters)
    return redirect(_address(study.pk, filters))


@require_GET
def style(request: HttpRequest, stamp: str) -> HttpResponse:
    """The report's own style sheet, held to the findings; its address changes with it."""
    response = HttpResponse(overviews.style(), content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "max-age=31536000, immutable"
    return response


def _address(study: uuid.UUID, filters: Filters) -> str:
    return reverse("overview", args=[study]) + (f"?{urlencode(filters)}" if filters else "")


def _mark(found: overviews.Standing) -> str:
    """What tells one state of the findings from another: a whole page need not be sent twice."""
    return f"{found.overview.pk}-{found.overview.revision}" if found.overview else "none"


urlpatterns = [
    path("s/<uuid:id>/overview", index, name="overview"),
    path("s/<uuid:id>/overview/status", status, name="overview_status"),
    path("s/<uuid:id>/overview/again", again, name="overview_again"),
    path("report-<slug:stamp>.css", style, name="report_style"),
]
