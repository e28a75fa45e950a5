"""Uploads: each file is looked at and answered for by itself, so that one that fails takes none along."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from weness_web import set_up, uploads
from weness_web.access import is_blind, study_of
from weness_web.faults import Fault
from weness_web.middleware import wants_json
from weness_web.models import Job
from weness_web.views.setup import setup_page
from weness_web.words import words_for

SHOWN = 5
"""Imports that the page still tells of."""


@require_POST
def upload(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One file of a script, with its path in the folder; or a whole form of files, where there is no script."""
    study, w = study_of(request, id), words_for(request)
    files = request.FILES.getlist("files")
    if not files:
        raise Fault("setup.no_file")
    if wants_json(request):
        outcomes = uploads.take_in(study, request.user, files[0], request.POST.get("path", ""), w)
        return JsonResponse(_told(outcomes, files[0].name or ""))
    outcomes = [one for file in files for one in uploads.take_in(study, request.user, file, "", w)]
    fault = ""
    try:
        set_up.settle(study, request.user)
        study.refresh_from_db()
    except Fault as error:
        fault = error.said(w)
    return setup_page(request, study, outcomes=outcomes, fault=fault)


@require_POST
def done(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """After the last file: what came is drafted into the study's page and read."""
    study, w = study_of(request, id), words_for(request)
    new = set_up.settle(study, request.user)
    said = w.count("setup.came_in", len(new)) if new else ""
    if not wants_json(request):
        messages.success(request, said)
        return redirect("setup", study.pk)
    study.refresh_from_db()
    return JsonResponse({"new": len(new), "said": said, "title": study.title})


@require_GET
def imports(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    study = study_of(request, id)
    jobs = list(study.jobs.filter(kind="import").order_by("-id")[:SHOWN])
    if is_blind(study, request.user):
        # What came in with it tells who coded how much.
        jobs = [job for job in jobs if job.user_id == request.user.pk]
    busy = any(job.state in (Job.WAITING, Job.RUNNING) for job in jobs)
    response = render(request, "setup/_imports.html", {"study": study, "imports": jobs, "busy": busy})
    if request.GET.get("busy") and not busy:
        # The project brought a page of its own: the tables are looked at anew.
        response.headers["HX-Trigger"] = "weness-filled, weness-changed"
    return response


def _told(outcomes: list[uploads.Outcome], name: str) -> dict[str, object]:
    """As JSON; a zip has an outcome of its own and one for each file in it."""
    if len(outcomes) == 1:
        return outcomes[0].as_row()
    taken = any(one.state != uploads.REFUSED for one in outcomes)
    return {
        "file": name,
        "state": uploads.TAKEN if taken else uploads.REFUSED,
        "why": "",
        "files": [one.as_row() for one in outcomes],
    }


urlpatterns = [
    path("s/<uuid:id>/files", upload, name="files"),
    path("s/<uuid:id>/files/done", done, name="files_done"),
    path("s/<uuid:id>/files/imports", imports, name="imports"),
]
