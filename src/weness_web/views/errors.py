"""Pages for what cannot be shown: nothing of the machine is told in them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from weness_web.middleware import told
from weness_web.words import words_for


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return told(request, words_for(request)("common.not_found"), 404)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return told(request, words_for(request)("common.not_allowed"), 403)


def not_understood(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return told(request, words_for(request)("common.not_understood"), 400)


def broken(request: HttpRequest) -> HttpResponse:
    return told(request, words_for(request)("common.broken"), 500)


def refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its secret: sent from elsewhere, or from a page left open over a log-out."""
    return told(request, words_for(request)("common.csrf"), 403)
