"""Set-up: drop files, look at what was guessed, go on. Who is who in a study, when its waves were, what belongs to it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from weness_web import forms_of_rows, services, set_up, uploads
from weness_web.access import is_blind, membership, owned_study, study_of
from weness_web.bringing import forget, kept_files
from weness_web.faults import Fault
from weness_web.home import folder_of
from weness_web.jobs import open_jobs
from weness_web.models import Document, Study
from weness_web.pages import page
from weness_web.turning import file_of
from weness_web.words import words_for


@require_GET
def setup(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    study = study_of(request, id)
    if request.GET.get("part"):
        return render(request, "setup/_rest.html", _shown(request, study) | {"is_part": True})
    return setup_page(request, study)


def setup_page(request: HttpRequest, study: Study, **more: Any) -> HttpResponse:
    endings = sorted({*services.NARRATIVES, ".zip", *services.projects()})
    shown = {
        "endings": endings,
        "script_words": words_for(request).under("setup.script"),
        **_shown(request, study),
        **more,
    }
    return page(request, "setup/index.html", shown.pop("study"), "setup", **shown)


@require_GET
def table(request: HttpRequest, id: uuid.UUID, kind: str) -> HttpResponse:
    study = study_of(request, id)
    return _table(request, study, _kind(kind))


@require_GET
def form(request: HttpRequest, id: uuid.UUID, kind: str) -> HttpResponse:
    """The form of a row, in the row's place; of a new one where no key is asked for."""
    study, desk = _desk(request, id)
    return render(request, "setup/_form.html", _form(request, study, desk, _kind(kind), request.GET.get("key", "")))


@require_GET
def row(request: HttpRequest, id: uuid.UUID, kind: str) -> HttpResponse:
    study, desk = _desk(request, id)
    shown = forms_of_rows.shown(desk, _kind(kind), request.GET.get("key", ""), words_for(request))
    return render(request, "setup/_row.html", {"study": study, "row": shown, "kind": kind})


@require_POST
def save(request: HttpRequest, id: uuid.UUID, kind: str) -> HttpResponse:
    study, key = study_of(request, id), request.POST.get("key", "")
    if _kind(kind) == "documents" and not key:
        raise Fault("common.not_understood")
    set_up.save_row(study, request.user, kind, key, forms_of_rows.told_in(kind, request.POST))
    return _after(request, study, kind)


@require_POST
def remove(request: HttpRequest, id: uuid.UUID, kind: str) -> HttpResponse:
    study = study_of(request, id)
    set_up.remove_row(study, request.user, _kind(kind), request.POST.get("key", ""))
    return _after(request, study, kind)


@require_POST
def right(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The guess of a row, of a table or of all is right."""
    study, rows = study_of(request, id), request.POST.get("rows", "")
    set_up.confirm(study, request.user, rows)
    return _after(request, study, rows.split("/")[0] if "/" in rows or rows in set_up.KEY else "")


@require_POST
def many(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The same for several texts or people, or several texts left out."""
    study, kind, keys = study_of(request, id), request.POST.get("kind", "documents"), request.POST.getlist("key")
    if kind not in forms_of_rows.MANY:
        raise Fault("common.not_understood")
    if not keys:
        raise Fault("setup.none_chosen")
    if kind == "documents" and request.POST.get("do") == "leave_out":
        set_up.remove_many(study, request.user, keys)
    else:
        values = forms_of_rows.many_in(kind, request.POST)
        if not values:
            raise Fault("setup.nothing_to_set")
        set_up.set_many(study, request.user, kind, keys, values)
    return _after(request, study, kind)


@require_POST
def take_back(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    study = study_of(request, id)
    set_up.take_back(study, request.user, request.POST.get("file", ""))
    return _after(request, study, "")


@require_POST
def head(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    study, sent = study_of(request, id), request.POST
    name = " ".join(sent.get("name", "").split())
    aliases = set_up.as_list(sent.get("aliases", ""))
    set_up.save_head(study, request.user, name, sent.get("short", "").strip(), sent.getlist("languages"), aliases)
    messages.success(request, words_for(request)("setup.saved"))
    return redirect(reverse("setup", args=[id]) + "#study")


@require_GET
def problems(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """What `weness check` says, once the texts are read."""
    study = study_of(request, id)
    if not study.page or open_jobs(study).filter(kind__in=("read", "import")).exists():
        return render(request, "setup/_problems.html", {"waits": bool(study.page)})
    services.put_page(folder_of(study.pk), study.page)
    places = dict(Document.objects.filter(study=study, gone=False).values_list("file", "place"))
    found = services.problems(folder_of(study.pk))
    if is_blind(study, request.user):
        found = [one for one in found if one["file"] not in services.WORK]
    for one in found:
        kind, _, key = one["row"].partition("/")
        one["anchor"] = f"{kind}-{services.short_name(key)}" if key else ""
        one["place"] = places.get(one["file"])
    return render(request, "setup/_problems.html", {"study": study, "problems": found, "page_name": services.PAGES[0]})


@require_GET
def strangers(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Labels that speak in the texts and are nobody's yet: offered as new speakers."""
    study = study_of(request, id)
    found: dict[str, dict[str, Any]] = {}
    for one in Document.objects.filter(study=study, gone=False).only("file", "place", "turns", "sentences", "study_id"):
        # A label may be a house's: its words count, although nobody is named.
        somebodys = {sentence[3] for sentence in one.sentences if sentence[5]}
        for number, (_, _, speaker, label, asks) in enumerate(one.turns):
            if label and not speaker and not asks and number not in somebodys:
                told = found.setdefault(label, {"label": label, "turns": 0, "texts": {}})
                told["turns"] += 1
                told["texts"][file_of(one)] = one.place
    shown = sorted(found.values(), key=lambda one: -one["turns"])
    desk = set_up.Desk(study)
    houses = [(str(one.get("id")), str(one.get("name") or one.get("id"))) for one in desk.page["partners"]]
    return render(request, "setup/_strangers.html", {"study": study, "strangers": shown, "houses": houses})


@require_POST
def delete(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    study = owned_study(request, id)
    if " ".join(request.POST.get("name", "").split()) != " ".join(study.title.split()):
        messages.error(request, words_for(request)("setup.not_its_name", called=study.title))
        return redirect(reverse("setup", args=[id]) + "#delete")
    files = kept_files(study)
    study.delete()
    forget(files)
    messages.success(request, words_for(request)("setup.deleted", called=study.title))
    return redirect("home")


def _shown(request: HttpRequest, study: Study) -> dict[str, Any]:
    desk, w = set_up.Desk(study), words_for(request)
    header = desk.page["study"]
    member = membership(request, study.pk)
    edited = request.GET.get("edit", "")
    left_out = study.settings.get(set_up.LEFT_OUT, [])
    named = [*desk.ids("documents"), *left_out]
    return {
        "study": study,
        "tables": forms_of_rows.tables(desk, w) if study.page else [],
        "n_guesses": len(desk.guesses),
        "n_right": len(set_up.sure(desk)),
        "n_open": len(desk.guesses) - len(set_up.sure(desk)),
        "n_rows": len(desk.page["documents"]),
        "header": header,
        "aliases": set_up.as_line(header.get("aliases") or []),
        "languages_known": services.LANGUAGES,
        "left_out": left_out,
        "ready": [*uploads.ready(study), *uploads.unnamed(study, named)],
        "is_owner": member.owner,
        "members": study.memberships.select_related("user").order_by("-owner", "user__name"),
        "edited": _form(request, study, desk, edited, request.GET.get("key", "")) if edited in set_up.KEY else None,
    }


def _table(request: HttpRequest, study: Study, kind: str) -> HttpResponse:
    desk = set_up.Desk(study)
    shown = {
        "study": study,
        "table": forms_of_rows.table(desk, kind, words_for(request)),
        "left_out": study.settings.get(set_up.LEFT_OUT, []),
        # The steps above the tables count guesses: they come along.
        "oob": True,
        "tables": True,
        "n_rows": len(desk.page["documents"]),
        "n_guesses": len(desk.guesses),
    }
    return render(request, "setup/_table.html", shown)


def _form(request: HttpRequest, study: Study, desk: set_up.Desk, kind: str, key: str) -> dict[str, Any]:
    fields = forms_of_rows.form_of(desk, kind, key, words_for(request))
    counted = set_up.depends(study, request.user, desk.page, kind, key) if key else {}
    return {
        "study": study,
        "kind": kind,
        "key": key,
        "fields": fields,
        "depends": counted,
        "columns": forms_of_rows.COLUMNS[kind],
    }


def _after(request: HttpRequest, study: Study, kind: str) -> HttpResponse:
    """The table again, and word to the others; the whole page where it was no script that asked, or where more changed."""
    study.refresh_from_db()
    if not request.headers.get("HX-Request"):
        return redirect(reverse("setup", args=[study.pk]) + (f"#{kind}" if kind else ""))
    if not kind:
        response = HttpResponse(status=204)
        response.headers["HX-Trigger"] = "weness-changed, weness-filled"
        return response
    response = _table(request, study, kind)
    response.headers["HX-Trigger"] = "weness-changed, weness-rows"
    return response


def _desk(request: HttpRequest, id: uuid.UUID) -> tuple[Study, set_up.Desk]:
    study = study_of(request, id)
    return study, set_up.Desk(study)


def _kind(kind: str) -> str:
    if kind not in set_up.KEY:
        raise Http404
    return kind


urlpatterns = [
    path("s/<uuid:id>/setup", setup, name="setup"),
    path("s/<uuid:id>/setup/head", head, name="setup_head"),
    path("s/<uuid:id>/setup/right", right, name="setup_right"),
    path("s/<uuid:id>/setup/many", many, name="setup_many"),
    path("s/<uuid:id>/setup/back", take_back, name="setup_back"),
    path("s/<uuid:id>/setup/problems", problems, name="setup_problems"),
    path("s/<uuid:id>/setup/strangers", strangers, name="setup_strangers"),
    path("s/<uuid:id>/setup/delete", delete, name="setup_delete"),
    path("s/<uuid:id>/setup/<str:kind>", table, name="setup_table"),
    path("s/<uuid:id>/setup/<str:kind>/form", form, name="setup_form"),
    path("s/<uuid:id>/setup/<str:kind>/row", row, name="setup_row"),
    path("s/<uuid:id>/setup/<str:kind>/save", save, name="setup_save"),
    path("s/<uuid:id>/setup/<str:kind>/remove", remove, name="setup_remove"),
]
