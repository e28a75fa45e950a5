"""The actions: steps worth trying, the steps that were adopted, and what the narratives showed since."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_POST

from weness_web import adopting
from weness_web.access import check_open, study_of
from weness_web.calendars import calendar_of
from weness_web.models import Adoption, Study
from weness_web.overviews import latest, no_stage
from weness_web.pages import page
from weness_web.services import stages_said
from weness_web.words import Words, words_for


@require_GET
def index(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The page, or only the list of the library's steps where the search asks for it."""
    study = _open_study(request, id)
    w = words_for(request)
    facts = latest(study)
    library = {
        "asked": request.GET,
        "steps": adopting.steps_like(w.language, request.GET.dict()),
        "helps": [(name, help_said(name, study, w)) for name in adopting.helps_of(w.language)],
        "efforts": ("low", "medium", "high"),
        "on_board": adopting.on_board(study),
    }
    if request.htmx and request.htmx.target == "library-list":
        return render(request, "actions/_library.html", {"study": study, **library})
    steps = adopting.recommended(facts, study, w)
    for one in steps:
        one["because"] = _because(one, facts, study, w)
    return page(
        request,
        "actions/index.html",
        study,
        "actions",
        recommended=steps,
        no_stage=no_stage(facts),
        **library,
        **_board(study, facts, w),
    )


@require_GET
def step(request: HttpRequest, id: uuid.UUID, action: str) -> HttpResponse:
    """One step in full, with why here, and a form to adopt it."""
    study = _open_study(request, id)
    w = words_for(request)
    facts = latest(study)
    found = adopting.step(action, w.language)
    why = next((one for one in adopting.recommended(facts, study, w) if one["id"] == action), None)
    return page(
        request,
        "actions/step.html",
        study,
        "actions",
        step=found,
        why=why,
        wave=facts.get("diagnosis", ""),
        helps=[help_said(name, study, w) for name in found["helps"]],
        hoped=[adopting.title(name, w) for name in found["indicators"]],
        signs=adopting.signs_expected(adopting.expected(action, facts), w),
        card=adopting.on_board(study).get(action),
        no_stage=no_stage(facts),
    )


@require_POST
def adopt(request: HttpRequest, id: uuid.UUID, action: str) -> HttpResponse:
    study = _open_study(request, id)
    card = adopting.on_board(study).get(action)
    if card and not request.POST.get("again"):
        # A second press, or a page from before the step was adopted: it is there already.
        messages.info(request, words_for(request)("actions.there_already"))
        return redirect(reverse("actions", args=[study.pk]) + f"#step-{card.pk}")
    adopting.adopt(study, request.user, action, latest(study), request.POST.dict())
    return redirect(reverse("actions", args=[study.pk]) + "#board")


@require_POST
def change(request: HttpRequest, id: uuid.UUID, adoption: uuid.UUID) -> HttpResponse:
    """Owner, date, note or column of an adopted step; the board comes back as it is then."""
    study = _open_study(request, id)
    adopting.change(study, request.user, _adoption(study, adoption), request.POST.dict())
    return _changed(request, study)


@require_POST
def remove(request: HttpRequest, id: uuid.UUID, adoption: uuid.UUID) -> HttpResponse:
    study = _open_study(request, id)
    adopting.drop(study, request.user, _adoption(study, adoption))
    return _changed(request, study)


@require_GET
def calendar(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    study = _open_study(request, id)
    w = words_for(request)

    def address(one: Adoption) -> str:
        return request.build_absolute_uri(reverse("actions", args=[study.pk]) + f"#step-{one.pk}")

    response = HttpResponse(
        calendar_of(study, adopting.cards(study, latest(study), w), w, address),
        content_type="text/calendar; charset=utf-8",
    )
    name = slugify(study.title) or "weness"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


def help_said(name: str, study: Study, w: Words) -> str:
    """What a step helps with, in words: a transition by the titles of its stages, a flag by its own."""
    stages = stages_said(study.settings, w.language)
    parts = name.split(">")
    if all(part in stages for part in parts):
        said = [stages[part] for part in parts]
        return (
            w("actions.from_to", low=said[0], high=said[1]) if len(said) == 2 else w("actions.in_stage", stage=said[0])
        )
    return w.or_same("actions.help", name)


def _because(one: dict[str, Any], facts: dict[str, Any], study: Study, w: Words) -> str:
    """Where no stage could be told, a step is not said to lead from one to another."""
    if not no_stage(facts):
        return help_said(one["transition"], study, w)
    return w("actions.fits_any" if "any" in one["helps"] else "actions.fits_signs")


def _board(study: Study, facts: dict[str, object], w: Words) -> dict[str, object]:
    cards = adopting.cards(study, facts, w)
    return {
        "cards": cards,
        "columns": adopting.columns(cards),
        "states": Adoption.STATES,
        "board_words": {**w.under("actions.state"), **w.under("actions.told")},
        "dated": any(one["row"].due for one in cards),
        "has_findings": bool(facts),
    }


def _changed(request: HttpRequest, study: Study) -> HttpResponse:
    if not request.htmx:
        return redirect(reverse("actions", args=[study.pk]) + "#board")
    w = words_for(request)
    response = render(request, "actions/_board.html", {"study": study, **_board(study, latest(study), w)})
    response.headers["HX-Trigger"] = "weness-changed"
    return response


def _open_study(request: HttpRequest, id: uuid.UUID) -> Study:
    study = study_of(request, id)
    check_open(study, request.user)
    return study


def _adoption(study: Study, id: uuid.UUID) -> Adoption:
    one = study.adoptions.filter(pk=id).first()
    if one is None:
        raise Http404
    return one


urlpatterns = [
    path("s/<uuid:id>/actions", index, name="actions"),
    path("s/<uuid:id>/actions.ics", calendar, name="calendar"),
    path("s/<uuid:id>/actions/<str:action>", step, name="action"),
    path("s/<uuid:id>/actions/<str:action>/adopt", adopt, name="adopt"),
    path("s/<uuid:id>/adoptions/<uuid:adoption>", change, name="adoption"),
    path("s/<uuid:id>/adoptions/<uuid:adoption>/remove", remove, name="adoption_remove"),
]
