"""The list of texts, words looked for in them, and coded passages picked out of them."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_POST

from weness_web import listing, retrieving, search_pages, searches, services
from weness_web.access import is_blind, may_code, study_of
from weness_web.codebooks import codes_of
from weness_web.coding_hits import code_sentences
from weness_web.jobs import open_jobs
from weness_web.models import Study
from weness_web.pages import page
from weness_web.words import language_of, words_for


@require_GET
def texts(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The page, or with ?part its list alone."""
    study = study_of(request, id)
    order = request.GET.get("order", "place")
    filters = listing.chosen(request.GET)
    shown = {
        "waves": listing.by_wave(study, request.user, filters, order),
        "filters": filters,
        "reading": open_jobs(study).filter(kind__in=("import", "read")).first(),
        "query": request.GET.urlencode(),
    }
    if "part" in request.GET:
        return render(request, "texts/_list.html", {"study": study, **shown})
    choice = search_pages.choices(request, study, listing.choices(study), filters)
    return page(request, "texts/list.html", study, "texts", choices=choice, order=order, orders=listing.ORDERS, **shown)


@require_GET
def search(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    study = study_of(request, id)
    asked = request.GET
    question = searches.asked(asked.get("q", ""), "exact" in asked, "whole" in asked)
    filters = listing.chosen(asked, ("partner", "wave", "language"))
    lines = search_pages.number(asked.get("lines", "1"), 1, max(searches.LINES))
    found = list(searches.found(study, question, filters))
    total = sum(len(one.hits) for one in found)
    first = min(search_pages.number(asked.get("from", "0"), 0), total)
    there = {name: there for name, there in listing.choices(study).items() if name != "genre"}
    can_code = total and may_code(study, request.user)
    codes = search_pages.by_family(request, study, ("B", "C", "own")) if can_code else []
    shown = {
        "question": question,
        "q": asked.get("q", "")[: searches.ASKED],
        "choices": search_pages.choices(request, study, there, filters),
        "lines": lines,
        "each_lines": searches.LINES,
        "total": total,
        "many": total >= searches.MOST,
        "texts": len(found),
        "results": search_pages.results(found, first, lines),
        "turning": search_pages.turning(asked, first, search_pages.HITS, total),
        "codes": codes,
        "hidden": [(name, value) for name, value in asked.items() if name not in ("from", "code")],
    }
    return page(request, "texts/search.html", study, "texts", **shown)


@require_POST
def code_hits(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """A code on every sentence with a hit, as one action that is undone at once."""
    study = study_of(request, id)
    asked = request.POST
    question = searches.asked(asked.get("q", ""), "exact" in asked, "whole" in asked)
    filters = listing.chosen(asked, ("partner", "wave", "language"))
    n = code_sentences(study, request.user, question, filters, asked.get("code", ""))
    messages.success(request, words_for(request).count("texts.coded", n))
    kept = QueryDict(mutable=True)
    kept.update({name: asked[name] for name in ("q", "exact", "whole", "lines", *filters) if name in asked})
    return redirect(f"{reverse('search', args=[study.pk])}?{kept.urlencode()}")


@require_GET
def retrieve(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The segments that were asked for, with a table of how many; with ?csv as a file to save."""
    study, asked = study_of(request, id), request.GET
    codes = codes_of(study, language_of(request))
    known = {code["id"]: code for code in codes}
    choice = search_pages.choice(asked, known)
    found = retrieving.segments(study, request.user, choice)
    if "csv" in asked:
        return _sheet(study, retrieving.sheet(study, found, {id: code["title"] for id, code in known.items()}))
    by = asked.get("by") if asked.get("by") in retrieving.COLUMNS else "partner"
    first = min(search_pages.number(asked.get("from", "0"), 0), len(found))
    there = {name: there for name, there in listing.choices(study).items() if name != "genre"}
    there["coder"] = retrieving.coders_of(study, request.user)
    shown = {
        "choice": choice,
        "families": search_pages.by_family(request, study, ("A", "B", "C", "own")),
        "choices": search_pages.choices(request, study, there, {name: getattr(choice, name) for name in there}),
        "documents": study.documents.filter(gone=False).values_list("place", "file"),
        "known": known,
        "names": listing.names_in(study.page),
        "total": len(found),
        "rows": retrieving.shown(found[first : first + search_pages.SEGMENTS]),
        "turning": search_pages.turning(asked, first, search_pages.SEGMENTS, len(found)),
        "by": by,
        "columns_by": retrieving.COLUMNS,
        "table": search_pages.table(request, study, found, choice, by, known, there[by]),
        "csv": search_pages.with_values(asked, csv="1"),
        "is_blind": is_blind(study, request.user),
    }
    return page(request, "texts/retrieve.html", study, "texts", **shown)


def _sheet(study: Study, rows: list[list[object]]) -> HttpResponse:
    # The mark at the beginning tells spreadsheet programs that the file is UTF-8.
    body = "\ufeff" + services.csv_text(retrieving.SHEET, rows)
    response = HttpResponse(body, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{slugify(study.title) or "study"}-segments.csv"'
    return response


urlpatterns = [
    path("s/<uuid:id>/texts", texts, name="texts"),
    path("s/<uuid:id>/search", search, name="search"),
    path("s/<uuid:id>/search/code", code_hits, name="code_hits"),
    path("s/<uuid:id>/retrieve", retrieve, name="retrieve"),
]
