"""The state of a study, which every page of it shows: what is being worked out, and what can be undone."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from weness_web import changes
from weness_web.access import changes_seen, study_of
from weness_web.jobs import open_jobs
from weness_web.middleware import wants_json
from weness_web.models import Job, Study, User
from weness_web.words import words_for

EVERYWHERE = ("read", "suggest", "conclude")
"""Work whose failure every page tells; of other work the page tells that asked for it."""


def state_of(study: Study, user: User) -> dict[str, Any]:
    """What `_state.html` shows: the job at work, how many wait, the last failure since, whether findings are of now."""
    jobs = list(open_jobs(study))
    latest = study.overviews.filter(filters={}).defer("pages", "facts").first()
    failed = study.jobs.filter(state=Job.FAILED, kind__in=EVERYWHERE).last()
    later = failed and study.jobs.filter(state=Job.DONE, kind=failed.kind, id__gt=failed.id).exists()
    return {
        "study": study,
        "job": next((job for job in jobs if job.state == Job.RUNNING), jobs[0] if jobs else None),
        "waiting": len(jobs),
        "failed": None if later or jobs else failed,
        "has_findings": latest is not None,
        "fresh": latest is not None and latest.revision == study.revision,
        "can": changes.can(study, user),
    }


@require_GET
def state(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Asked for again and again while work goes on. A page that shows results hears `weness-settled` when all is done."""
    study = study_of(request, id)
    told = state_of(study, request.user)
    if told["failed"]:
        told["failed_name"] = words_for(request).or_same("common.job", told["failed"].kind)
    response = render(request, "_state.html", told)
    if told["job"] is None and request.GET.get("busy"):
        response.headers["HX-Trigger"] = "weness-settled"
    return response


@require_POST
def undo(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    return _turned(request, id, changes.undo)


@require_POST
def redo(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    return _turned(request, id, changes.redo)


def _turned(request: HttpRequest, id: uuid.UUID, turn: Any) -> HttpResponse:
    """JSON for the reader, which mends what it shows; else the page again. ``changes`` are the rows as they are now."""
    study = study_of(request, id)
    event = turn(study, request.user)
    if wants_json(request):
        side = "before" if event.undone else "after"
        rows = [
            {"table": one["table"], "id": one["id"], "row": one[side]}
            for one in changes_seen(study, request.user, event.changes)
        ]
        return JsonResponse({"verb": event.verb, "changes": rows, "can": changes.can(study, request.user)})
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        return redirect("study", study.pk)
    return HttpResponseRedirect(back)


urlpatterns = [
    path("s/<uuid:id>/state", state, name="state"),
    path("s/<uuid:id>/undo", undo, name="undo"),
    path("s/<uuid:id>/redo", redo, name="redo"),
]
