"""Files to take along: a report, a project for another program, a codebook, tables."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_POST

from weness_web.access import check_open, study_of
from weness_web.exports import FORMATS, KEPT, ask, exports_of, file_of
from weness_web.models import Job, Study
from weness_web.pages import page
from weness_web.words import language_of


@require_GET
def exports(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The page, or with ?part the list alone, which asks for itself while files are being written."""
    study = _open_study(request, id)
    rows = [_shown(job) for job in exports_of(study)]
    shown = {"rows": rows, "working": any(row["going"] for row in rows), "days": KEPT.days}
    if "part" in request.GET:
        return render(request, "exports/_list.html", {"study": study, **shown})
    return page(
        request, "exports/exports.html", study, "texts", formats=FORMATS, language=language_of(request), **shown
    )


@require_POST
def export(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    study = _open_study(request, id)
    ask(study, request.user, request.POST.get("format", ""), request.POST.get("language", ""))
    return redirect("exports", study.pk)


@require_GET
def download(request: HttpRequest, id: uuid.UUID, job: int) -> FileResponse:
    """Never shown in the browser: whatever is in it, it comes as a file to save."""
    study = _open_study(request, id)
    row = study.jobs.filter(kind="export", pk=job).first()
    file = file_of(row) if row else None
    if file is None:
        raise Http404
    name = f"{slugify(study.title) or 'study'}-{file.stem}{file.suffix}".replace("-study.", ".")
    response = FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type="application/octet-stream")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _open_study(request: HttpRequest, id: uuid.UUID) -> Study:
    study = study_of(request, id)
    check_open(study, request.user)
    return study


def _shown(job: Job) -> dict[str, Any]:
    file = file_of(job)
    return {
        "job": job,
        "format": job.asked.get("format", ""),
        "language": job.asked.get("language", ""),
        "going": job.state in (Job.WAITING, Job.RUNNING),
        "size": file.stat().st_size if file else None,
        "said": [line for line in str(job.told.get("said", "")).splitlines() if line.strip()],
    }


urlpatterns = [
    path("s/<uuid:id>/exports", exports, name="exports"),
    path("s/<uuid:id>/export", export, name="export"),
    path("s/<uuid:id>/exports/<int:job>", download, name="download"),
]
