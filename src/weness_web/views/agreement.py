"""How far coders agree, the places to talk about, and what was decided of each."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from weness_web import adjudication, agreeing, services
from weness_web.access import check_open, study_of
from weness_web.checking import surroundings
from weness_web.codebooks import codes_of
from weness_web.faults import Fault
from weness_web.jobs import wake
from weness_web.models import Document, Study
from weness_web.pages import page
from weness_web.reading_page import speaker_names
from weness_web.words import Words, words_for

A_PAGE = 40
COLUMNS = ("units", "yes", "same", "on_yes", "alpha", "kappa", "ac1", "unitizing")


@require_GET
def agreement(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    study = _open_study(request, id)
    told, w = agreeing.asked(study, request.user), words_for(request)
    shown: dict[str, Any] = {
        "agreement": told,
        "limits": services.review_limits(),
        "columns": COLUMNS,
        "each": bool(request.GET.get("each")),
    }
    if told["job"]:
        found = told["job"].told["agreement"]
        shown["several"] = any(row["language"] == agreeing.ALL for row in found["rows"])
        shown |= {
            "found": found,
            "tables": agreeing.tables(study, found, w, bool(request.GET.get("each"))),
            "notes": agreeing.notes(found, w),
        }
    return page(request, "review/agreement.html", study, "review", **shown, open_rounds=_open_rounds(study))


@require_POST
def compare(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    study = _open_study(request, id)
    if not agreeing.standing(study)["can"]:
        raise Fault("review.needs_two")
    wake(study, agreeing.KIND, request.user, now=True)
    return redirect("agreement", id)


@require_GET
def comparing(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """How far the work is; the page anew once it is done."""
    study = _open_study(request, id)
    told = agreeing.standing(study)
    response = render(request, "review/_comparing.html", {"study": study, "agreement": told})
    if not told["busy"]:
        response.headers["HX-Refresh"] = "true"
    return response


@require_GET
def disagreements(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    study = _open_study(request, id)
    w = words_for(request)
    code, family = request.GET.get("code", ""), request.GET.get("family", "")
    every = _rows(study)
    rows = agreeing.chosen(every, code, family)
    decided = adjudication.decided(study, rows)
    if request.GET.get("open"):
        rows = [row for row in rows if adjudication.key_of(row) not in decided]
    part = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    titles = agreeing.titles_of(study, w.language)
    return page(
        request,
        "review/disagreements.html",
        study,
        "review",
        part=part,
        places=[_place(study, row, decided, titles) for row in part],
        n=len(rows),
        n_decided=len(decided),
        codes=[(one, titles.get(one, one)) for one in agreeing.codes_in(every)],
        families=[one for one in agreeing.FAMILIES if any(one in agreeing.families_of(row) for row in every)],
        code=code,
        family=family,
        only_open=bool(request.GET.get("open")),
        query=_query(request),
        agreement=agreeing.standing(study),
    )


@require_GET
def disagreement(request: HttpRequest, id: uuid.UUID, key: str) -> HttpResponse:
    """One place, to decide on."""
    study = _open_study(request, id)
    shown = _shown(request, study, _rows(study), key)
    if request.htmx:
        return render(request, "review/_place.html", shown)
    return page(
        request, "review/disagreement.html", study, "review", **{k: v for k, v in shown.items() if k != "study"}
    )


@require_POST
def decide(request: HttpRequest, id: uuid.UUID, key: str) -> HttpResponse:
    study = _open_study(request, id)
    rows, asked = _rows(study), request.POST
    adjudication.decide(
        study,
        request.user,
        _row(rows, key),
        asked.get("choice", ""),
        asked.get("other", ""),
        asked.get("why", ""),
        asked.get("op", "")[:60],
    )
    study.refresh_from_db()
    following = _neighbours(request, study, rows, key)["next"] or key
    address = reverse("disagreement", args=[id, following]) + _query(request)
    if not request.htmx:
        return redirect(address)
    response = render(request, "review/_place.html", {**_shown(request, study, rows, following), "saved": True})
    response.headers["HX-Push-Url"], response.headers["HX-Trigger"] = address, "weness-changed"
    return response


@require_POST
def reopen(request: HttpRequest, id: uuid.UUID, key: str) -> HttpResponse:
    study = _open_study(request, id)
    adjudication.reopen(study, request.user, _row(_rows(study), key))
    return redirect(reverse("disagreement", args=[id, key]) + _query(request))


def _open_study(request: HttpRequest, id: uuid.UUID) -> Study:
    """A study whose others' work this user may see."""
    study = study_of(request, id)
    check_open(study, request.user)
    return study


def _open_rounds(study: Study) -> list[str]:
    if not study.blind:
        return []
    return list(study.memberships.filter(closed_at=None).order_by("user__name").values_list("user__name", flat=True))


def _rows(study: Study) -> list[dict[str, Any]]:
    job = agreeing.latest(study)
    return job.told["agreement"]["disagreements"] if job else []


def _row(rows: list[dict[str, Any]], key: str) -> dict[str, Any]:
    row = next((row for row in rows if adjudication.key_of(row) == key), None)
    if row is None:
        raise Fault("review.no_place", status=404)
    return row


def _place(
    study: Study, row: dict[str, Any], decided: dict[str, adjudication.Decision], titles: dict[str, str]
) -> dict[str, Any]:
    key = adjudication.key_of(row)
    decision = decided.get(key)
    document = Document.objects.filter(study=study, file=row["file"], gone=False).defer(*Document.HEAVY).first()
    return {
        **row,
        "key": key,
        "speaker": speaker_names(study).get(row["speaker"], row["speaker"]),
        "document": document,
        "against": [titles.get(code, code) for code in row["codes"]],
        "who": [
            {"name": name, "codes": [titles.get(code, code) for code in codes], "why": row["why"].get(name, "")}
            for name, codes in row["said"].items()
        ],
        "decision": decision,
        "held": [titles.get(code, code) for code in decision.codes] if decision else [],
    }


def _shown(request: HttpRequest, study: Study, rows: list[dict[str, Any]], key: str) -> dict[str, Any]:
    w, row = words_for(request), _row(rows, key)
    decided = adjudication.decided(study, [row])
    titles = agreeing.titles_of(study, w.language)
    place = _place(study, row, decided, titles)
    around, passage = row, row["words"]
    if place["document"] and row["end"] <= place["document"].length:
        document = Document.objects.get(pk=place["document"].pk)
        around = surroundings(study, document, row["start"], row["end"])
        passage = document.text[row["start"] : row["end"]]
    return {
        "study": study,
        "place": place,
        "around": around,
        "passage": passage,
        "options": _options(row, place, titles, w),
        "others": _others(study, row, w.language),
        "other_held": next((code for code in decided[key].codes if code not in row["codes"]), "")
        if key in decided
        else "",
        "op": uuid.uuid4().hex,
        "query": _query(request),
        **_neighbours(request, study, rows, key),
    }


def _options(row: dict[str, Any], place: dict[str, Any], titles: dict[str, str], w: Words) -> list[dict[str, Any]]:
    """What can be chosen by a key: the codes that stand against each other, both, none."""
    decision = place["decision"]
    held = decision.codes if decision else None
    options = [
        {"value": code, "title": titles.get(code, code), "key": str(n), "chosen": held == (code,)}
        for n, code in enumerate(row["codes"], 1)
    ]
    if not adjudication.is_mention(row):
        if len(row["codes"]) > 1:
            both = {"value": adjudication.BOTH, "title": w("review.both_hold"), "key": str(len(options) + 1)}
            options.append(both | {"chosen": held is not None and set(held) == set(row["codes"])})
        options.append({"value": adjudication.NONE, "title": w("review.none_holds"), "key": "0", "chosen": held == ()})
    return options


def _others(study: Study, row: dict[str, Any], language: str) -> list[dict[str, Any]]:
    letters, mention = services.mention_letters(), adjudication.is_mention(row)
    return [
        code
        for code in codes_of(study, language)
        if (code["id"] in letters) == mention and code["id"] not in row["codes"]
    ]


def _neighbours(request: HttpRequest, study: Study, rows: list[dict[str, Any]], key: str) -> dict[str, Any]:
    """Which of the places that the filter leaves come before and behind; ``next`` is not decided yet."""
    rows = agreeing.chosen(rows, request.GET.get("code", ""), request.GET.get("family", ""))
    keys = [adjudication.key_of(row) for row in rows]
    decided = adjudication.decided(study, rows)
    at = keys.index(key) if key in keys else 0
    following = next((one for one in (*keys[at + 1 :], *keys[:at]) if one not in decided), "")
    return {
        "at": at + 1,
        "n": len(keys),
        "n_decided": len(decided),
        "previous": keys[at - 1] if at else "",
        "behind": keys[at + 1] if at + 1 < len(keys) else "",
        "next": following,
    }


def _query(request: HttpRequest) -> str:
    asked = {name: request.GET[name] for name in ("code", "family") if request.GET.get(name)}
    return f"?{urlencode(asked)}" if asked else ""


urlpatterns = [
    path("s/<uuid:id>/review/agreement", agreement, name="agreement"),
    path("s/<uuid:id>/review/agreement/compare", compare, name="compare"),
    path("s/<uuid:id>/review/agreement/state", comparing, name="comparing"),
    path("s/<uuid:id>/review/disagreements", disagreements, name="disagreements"),
    path("s/<uuid:id>/review/disagreements/<slug:key>", disagreement, name="disagreement"),
    path("s/<uuid:id>/review/disagreements/<slug:key>/decide", decide, name="decide"),
    path("s/<uuid:id>/review/disagreements/<slug:key>/reopen", reopen, name="reopen"),
]
