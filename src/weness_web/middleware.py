"""What every answer carries: a strict policy for its page; and what every error becomes: a line a person can read."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from weness_web.faults import Fault
from weness_web.models import Study
from weness_web.pages import tabs_of
from weness_web.words import words_for

Answer = Callable[[HttpRequest], HttpResponse]
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""Nothing from outside, nothing written into the page: a script in a narrative would not run even if it were not escaped."""


def guarded(answer: Answer) -> Answer:
    def with_policy(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return with_policy


class ReadableErrors:
    """A Fault becomes a page, a part of a page (htmx) or JSON, whichever was asked for."""

    def __init__(self, answer: Answer):
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Fault):
            return told(request, error.said(words_for(request)), error.status, error.more)
        if isinstance(error, DataError | UnicodeEncodeError):
            # A character that a database cannot keep, or more of them than it has room for.
            return told(request, words_for(request)("common.not_understood"), 400)
        if isinstance(error, Http404) and wants_json(request):
            return told(request, words_for(request)("common.not_found"), 404)
        return None


def wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def told(request: HttpRequest, text: str, status: int, more: dict[str, object] | None = None) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"fault": text, **(more or {})}, status=status)
    if request.headers.get("HX-Request"):
        response = render(request, "_fault.html", {"fault": text}, status=200)
        # Shown where all notices are, whatever part of the page was asked for.
        for name, value in (("HX-Retarget", "#notices"), ("HX-Reswap", "beforeend"), ("HX-Trigger", "weness-fault")):
            response.headers[name] = value
        return response
    return render(request, "fault.html", {"fault": text, "status": status, **_study_shown(request)}, status=status)


def _study_shown(request: HttpRequest) -> dict[str, object]:
    """The tabs of the study, so that whoever may not see one page of it finds the others."""
    id = request.resolver_match.kwargs.get("id") if request.resolver_match else None
    if id is None or not request.user.is_authenticated:
        return {}
    study = Study.objects.filter(pk=id, members=request.user).first()
    return {"study": study, "tabs": tabs_of(study)} if study else {}
