"""What the reader's page is given: the text in lines, and everybody's work on it in as few characters as will do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.urls import reverse

from weness_web import services
from weness_web.access import codings_seen, is_blind, may_code, suggestions_seen
from weness_web.codebooks import FAMILIES, codes_of
from weness_web.coding_fields import partners_of
from weness_web.keys import keys_of
from weness_web.models import Document, Memo, Reading, Rejection, Study, User
from weness_web.reasons import reason
from weness_web.words import Words

Row = dict[str, Any]


def page_facts(study: Study, user: User, document: Document, w: Words) -> Row:
    """For the script: codes, sentences, mentions, rows, addresses and words."""
    return {
        "study": str(study.pk),
        "document": document.pk,
        "file": document.file,
        "length": document.length,
        "me": user.name,
        "may_code": may_code(study, user),
        "sentences": _gaps(document.sentences),
        "mentions": _gaps(document.mentions),
        "others": [n for n, one in enumerate(document.mentions) if one[3] != "self"],
        "codes": [_code(one) for one in codes_with_keys(study, w.language)],
        "partners": [[str(one["id"]), str(one.get("name") or one["id"])] for one in partners_of(study)],
        "rows": rows_of(study, user, document, w),
        "do": reverse("text_do", args=[study.pk, document.place]),
        "again": reverse("text_rows", args=[study.pk, document.place]),
        "undo": reverse("undo", args=[study.pk]),
        "redo": reverse("redo", args=[study.pk]),
        "words": w.under("reader.js"),
        "field_words": w.under("common.field"),
        "value_words": w.under("reader.value"),
        "verbs": w.under("common.verb"),
    }


def rows_of(study: Study, user: User, document: Document, w: Words) -> Row:
    """Everybody's work on a text that this user may see, and every memo that belongs to it."""
    codings = codings_seen(study, user).filter(document=document)
    suggestions = suggestions_seen(study, user).filter(document=document)
    blind = is_blind(study, user)
    titles = {one["id"]: one["title"] for one in codes_of(study, w.language)}
    names = {**_names(study.page, "partners"), **titles}
    readings, rejections = (model.objects.filter(document=document) for model in (Reading, Rejection))
    if blind:
        readings, rejections = readings.filter(coder=user.name), rejections.filter(coder=user.name)
    found = list(codings.values_list("id", "start", "end", "code", "coder", "fields", "why", "suggested"))
    return {
        "coding": found,
        "suggestion": [
            [start, end, code, round(chance, 3), kind, coder, reason(why, w, names)]
            for start, end, code, chance, kind, coder, why in suggestions.values_list(
                "start", "end", "code", "probability", "kind", "coder", "why"
            )
        ],
        "rejection": list(rejections.values_list("id", "start", "end", "code", "coder")),
        "reading": list(readings.values_list("id", "coder", "families")),
        "memo": _memos(study, user, document, {str(row[0]) for row in found}, blind),
    }


def codes_with_keys(study: Study, language: str) -> list[Row]:
    keys = keys_of(study)
    return [{**one, "key": keys.get(one["id"], "")} for one in codes_of(study, language)]


def tree_of(study: Study, language: str) -> list[Row]:
    """The codes by family, as the tree shows them."""
    codes = codes_with_keys(study, language)
    families = [{"id": id, "codes": [one for one in codes if one["family"] == id]} for id in FAMILIES]
    return [one for one in families if one["codes"]]


def neighbours(study: Study, document: Document) -> Row:
    others = Document.objects.filter(study=study, gone=False).only("place", "file")
    return {
        "before": others.filter(place__lt=document.place).last(),
        "after": others.filter(place__gt=document.place).first(),
    }


def partner_name(study: Study, id: str | None) -> str:
    return _names(study.page, "partners").get(id or "", id or "")


def speaker_names(study: Study) -> Mapping[str, str]:
    return _names(study.page, "speakers")


@lru_cache(maxsize=64)
def _names(page: str, kind: str) -> dict[str, str]:
    rows = services.page_of(page)[kind]
    return {
        str(one["id"]): str(one.get("name") or one["id"]) for one in rows if isinstance(one, dict) and one.get("id")
    }


def _gaps(places: Iterable[list[Any]]) -> list[int]:
    """Each passage as how far it begins after the one before, and how long it is: a third of the characters."""
    told, before = [], 0
    for start, end, *_ in places:
        told += [start - before, end - start]
        before = start
    return told


def _memos(study: Study, user: User, document: Document, codings: set[str], blind: bool) -> Iterable[tuple[Any, ...]]:
    memos = Memo.objects.filter(study=study, kind__in=("coding", "code", "document"))
    if blind:
        memos = memos.filter(by=user.name)
    return [
        row
        for row in memos.order_by("at").values_list("id", "kind", "thing", "by", "text")
        if row[1] == "code" or row[2] == document.file or row[2] in codings
    ]


def _code(one: Row) -> Row:
    shown = ("id", "family", "title", "colour", "key", "definition", "when", "when_not", "examples", "counter_examples")
    said = {name: one[name] for name in shown if one[name]}
    return said | {
        "fields": {name: [field["kind"], field["values"]] for name, field in services.fields_of(one["id"]).items()}
    }
