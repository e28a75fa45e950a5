"""The codebook: every code as the study words it, its versions, codes of the study's own, and files of codes in and out."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from weness_web import codebooks, codetree, services, versions
from weness_web.access import study_of
from weness_web.bringing import waiting_room
from weness_web.changes import act, changed, gone, new
from weness_web.faults import Fault
from weness_web.home import folder_of
from weness_web.models import Memo, Study
from weness_web.pages import page
from weness_web.words import words_for

MEMO = 20_000
KINDS = (".qdc", ".qdpx", ".qde")
"""Files that hold codes."""


@require_GET
def index(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    study, language = study_of(request, id), words_for(request).language
    asked = request.GET.get("q", "").strip()
    codes = codetree.told(study, request.user, language)
    book = codetree.families(codetree.found(codes, asked), language)
    shown = {"book": book, "q": asked, "n": sum(len(one["codes"]) for one in book), "latest": study.codebooks.first()}
    shown |= {"fields": codetree.fields(language), "titles": {one["id"]: one["title"] for one in codes}}
    if request.headers.get("HX-Target") == "codes":
        return render(request, "codebook/_codes.html", {"study": study, **shown})
    return page(request, "codebook/index.html", study, "codebook", **shown)


@require_http_methods(["GET", "POST"])
def code(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One code, to edit; without ``code``, a new one of the study's own. What was typed stays where it cannot be saved."""
    study = study_of(request, id)
    asked = request.POST or request.GET
    one, language = asked.get("code", ""), _language(request, asked.get("in", ""))
    if request.method == "GET":
        return _form(request, study, one, language)
    texts = {part: asked[part] for part in (*codebooks.PARTS, "color", "parent", "means") if part in asked}
    try:
        if one:
            is_new = versions.save(
                study, request.user, one, language, asked.get("began", ""), texts, asked.get("note", "")
            )
        else:
            one, is_new = versions.add(study, request.user, language, texts, asked.get("note", "")), True
    except Fault as fault:
        return _form(request, study, one, language, texts, fault)
    messages.success(request, words_for(request)("codebook.saved" if is_new else "codebook.nothing_new"))
    return redirect(f"{reverse('codebook', args=[study.pk])}#code-{slugify(one)}")


@require_POST
def take_back(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """weness's own words again, for one part."""
    study, asked = study_of(request, id), request.POST
    part, one, language = asked.get("part", ""), asked.get("code", ""), _language(request, asked.get("in", ""))
    if part not in codebooks.PARTS or one not in services.codes():
        raise Fault("common.not_understood")
    versions.save(study, request.user, one, language, asked.get("began", ""), {part: ""})
    messages.success(request, words_for(request)("codebook.taken_back"))
    return _to_code(study, one, language)


@require_POST
def remove(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    study = study_of(request, id)
    n = versions.remove(study, request.user, request.POST.get("code", ""), request.POST.get("to", ""))
    words = words_for(request)
    messages.success(request, words.count("codebook.removed_recoded", n) if n else words("codebook.removed"))
    return redirect("codebook", study.pk)


@require_POST
def memo(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """A memo on a code: a new one, or one's own changed; without text it goes."""
    study, asked = study_of(request, id), request.POST
    one, text = asked.get("code", ""), asked.get("text", "").replace("\r\n", "\n").strip()
    if one not in codebooks.code_ids(study):
        raise Http404
    if len(text) > MEMO:
        raise Fault("codebook.too_long", n=MEMO)
    if asked.get("memo"):
        row = _own_memo(request, study, asked["memo"])
        if text != row.text:
            act(study, request.user, "memo", [changed(row, text=text) if text else gone(row)])
    elif text:
        act(study, request.user, "memo", [new("memo", kind="code", thing=one, by=request.user.name, text=text)])
    return _to_code(study, one, _language(request, asked.get("in", "")), "#memos")


@require_GET
def history(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    study, language = study_of(request, id), words_for(request).language
    rows = list(study.codebooks.all())
    last = rows[0].number if rows else 0
    a, b = _number(request.GET.get("from"), max(0, last - 1)), _number(request.GET.get("to"), last)
    before, after = versions.numbered(study, a), versions.numbered(study, b)
    differences = versions.differences(before, after)
    shown = {"rows": rows, "from_": a, "to": b, "last": last, "numbers": [*(row.number for row in rows), 0]}
    names = codetree.names(language, before, after)
    shown["differences"] = [
        {
            **one,
            "name": names.get(one["code"], one["code"]),
            "pieces": [
                (how, names.get(text, text) if one["part"] in ("parent", "means") else text)
                for how, text in one["pieces"]
            ],
        }
        for one in differences
    ]
    return page(request, "codebook/versions.html", study, "codebook", **shown)


@require_POST
def restore(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    study, words = study_of(request, id), words_for(request)
    number = _number(request.POST.get("number"), -1)
    kept = versions.restore(study, request.user, number, words("codebook.restore_note", n=number))
    told = words("codebook.restored", n=number)
    messages.success(request, f"{told} {words.count('codebook.kept', kept)}" if kept else told)
    return redirect("codebook_versions", study.pk)


@require_POST
def bring(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Codes of a .qdc, or those of a project; those that are there already are not doubled."""
    study, words = study_of(request, id), words_for(request)
    file = request.FILES.get("file")
    if file is None:
        raise Fault("codebook.no_file")
    new_, losses = _codes_in(study, file)
    if new_:
        versions.add_all(study, request.user, new_, words.count("codebook.import_note", len(new_), file=file.name))
    names = [row["name"] for row in new_]
    shown = {"file": file.name, "names": names, "losses": losses, "n": len(new_)}
    return page(request, "codebook/brought.html", study, "codebook", **shown)


@require_GET
def take_along(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """A .qdc of the codes as the study words them in the reader's language."""
    study, language = study_of(request, id), words_for(request).language
    content = codebooks.as_sent(codebooks.content_of(study), language)
    with tempfile.TemporaryDirectory() as room:
        out = Path(room) / "codebook.qdc"
        services.codebook_out(folder_of(study.pk), out, content, language)
        body = out.read_bytes()
    response = HttpResponse(body, content_type="application/octet-stream")
    name = slugify(study.title) or "study"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-codebook.qdc"'
    return response


def _form(
    request: HttpRequest,
    study: Study,
    one: str,
    language: str,
    typed: dict[str, str] | None = None,
    fault: Fault | None = None,
) -> HttpResponse:
    content = codebooks.content_of(study)
    if one and not codebooks.is_there(content, one) and fault is None:
        raise Http404
    words = words_for(request)
    codes = codetree.told(study, request.user, words.language)
    clash = fault.more.get("parts", []) if fault else []
    # After a clash the form goes on from the latest version: saved once more, one's own words hold.
    began = fault.more.get("latest") if fault and clash else request.POST.get("began", codetree.latest(study))
    memos = codetree.memos(study, request.user, one) if one else []
    own = one not in services.codes()
    told = next((row for row in codes if row["id"] == one), None)
    shown = {
        "code": told,
        "id": one,
        "own": own,
        "in_": language,
        "began": began,
        "parts": [codetree.part(content, one, part, language, typed, clash) for part in codebooks.PARTS],
        "marks": {
            part: codetree.part(content, one, part, language, typed, clash) for part in ("color", "parent", "means")
        },
        "colour": (typed or {}).get("color") or (told["colour"] if told else codebooks.COLOURS["own"][1]),
        "others": [row for row in codes if row["id"] != one],
        "fault": fault.said(words) if fault else "",
        "note": request.POST.get("note", ""),
        "memos": memos,
    }
    response = page(request, "codebook/code.html", study, "codebook", **shown)
    response.status_code = fault.status if fault else 200
    return response


def _codes_in(study: Study, file: UploadedFile) -> tuple[list[dict[str, Any]], list[str]]:
    suffix = Path(file.name or "").suffix.lower()
    if suffix not in KINDS:
        raise Fault("codebook.not_a_codebook", file=(file.name or "")[:100], kinds=", ".join(KINDS))
    if (file.size or 0) > settings.UPLOAD_LIMIT:
        raise Fault("codebook.too_large", status=413, mb=settings.UPLOAD_LIMIT // 2**20)
    place = waiting_room(study) / f"{uuid.uuid4().hex}{suffix}"
    try:
        _put(place, file.chunks())
        return services.codes_brought(place, codebooks.content_of(study)["own"])
    except services.FOUND_BY_WENESS as error:
        raise Fault(text=services.told(error).replace(place.name, str(file.name))) from None
    finally:
        place.unlink(missing_ok=True)


def _put(place: Path, chunks: Iterable[bytes]) -> None:
    with place.open("wb") as out:
        for chunk in chunks:
            out.write(chunk)


def _own_memo(request: HttpRequest, study: Study, id: str) -> Memo:
    try:
        row = Memo.objects.filter(study=study, kind="code", pk=uuid.UUID(id)).first()
    except ValueError:
        row = None
    if row is None:
        raise Http404
    if row.by != request.user.name:
        raise Fault("codebook.not_your_memo", status=403)
    return row


def _to_code(study: Study, one: str, language: str, place: str = "") -> HttpResponse:
    query = urlencode({"code": one, "in": language})
    return redirect(f"{reverse('codebook_code', args=[study.pk])}?{query}{place}")


def _language(request: HttpRequest, asked: str) -> str:
    return asked if asked in services.LANGUAGES else words_for(request).language


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else otherwise


urlpatterns = [
    path("s/<uuid:id>/codebook", index, name="codebook"),
    path("s/<uuid:id>/codebook/code", code, name="codebook_code"),
    path("s/<uuid:id>/codebook/take-back", take_back, name="codebook_take_back"),
    path("s/<uuid:id>/codebook/remove", remove, name="codebook_remove"),
    path("s/<uuid:id>/codebook/memo", memo, name="codebook_memo"),
    path("s/<uuid:id>/codebook/versions", history, name="codebook_versions"),
    path("s/<uuid:id>/codebook/restore", restore, name="codebook_restore"),
    path("s/<uuid:id>/codebook/import", bring, name="codebook_import"),
    path("s/<uuid:id>/codebook/export", take_along, name="codebook_export"),
]
