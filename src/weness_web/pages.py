"""A page of a study: its template, the tabs above it, and which of them it is."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from weness_web.models import Study

TABS = ("overview", "texts", "codebook", "review", "actions", "setup")


def page(request: HttpRequest, template: str, study: Study, here: str, **shown: Any) -> HttpResponse:
    return render(request, template, {"study": study, "here": here, "tabs": tabs_of(study), **shown})


def tabs_of(study: Study) -> list[dict[str, str]]:
    return [{"name": name, "href": reverse(name, args=[study.pk])} for name in TABS]
