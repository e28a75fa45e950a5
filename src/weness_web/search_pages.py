"""What the pages of hits and of segments show: parts of long results, filters with their names, counts with ways to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, QueryDict

from weness_web import listing, retrieving, searches
from weness_web.codebooks import codes_of
from weness_web.models import Study
from weness_web.words import language_of, words_for

HITS = 100
"""Hits of one page."""
SEGMENTS = 100


def choice(asked: QueryDict, known: Mapping[str, Any]) -> retrieving.Choice:
    return retrieving.Choice(
        codes=tuple(code for code in dict.fromkeys(asked.getlist("code")) if code in known),
        together=asked.get("how") == "all",
        machine="machine" in asked,
        **listing.chosen(asked, retrieving.FILTERS),
    )


def table(
    request: HttpRequest,
    study: Study,
    found: list[retrieving.Segment],
    choice: retrieving.Choice,
    by: str,
    known: Mapping[str, Any],
    order: list[str],
) -> dict[str, Any]:
    """Counts with a way to the segments that are counted; none where a code counts only beside the others asked for."""
    columns, table = retrieving.counts(found, by, order)
    asked = request.GET
    alone = not choice.together or len(choice.codes) < 2
    rows = [
        {
            "code": id,
            "href": with_values(asked, code=id) if alone else "",
            "cells": [
                (table[id][name], with_values(asked, code=id, **{by: name}) if name and alone else "")
                for name in columns
            ],
            "sum": table[id].total(),
        }
        for id in (*(id for id in known if id in table), *(id for id in table if id not in known))
    ]
    sums = [sum(row[name] for row in table.values()) for name in columns]
    return {
        "columns": [named(request, study, by, name) for name in columns],
        "rows": rows,
        "sums": sums,
        "total": len(found),
    }


def results(found: list[searches.Found], first: int, lines: int) -> list[dict[str, Any]]:
    """The hits of one page by text, with their lines."""
    results, past, left = [], first, HITS
    for one in found:
        hits = one.hits[past : past + left]
        past = max(0, past - len(one.hits))
        if hits:
            left -= len(hits)
            shown = searches.excerpts(one.document.text, hits, lines)
            results.append({"document": one.document, "n": len(one.hits), "excerpts": shown})
    return results


def choices(
    request: HttpRequest, study: Study, there: Mapping[str, list[str]], now: Mapping[str, str]
) -> list[dict[str, Any]]:
    """What each filter can be set to, as a page shows it; one with a single value is no choice."""
    return [
        {
            "name": name,
            "now": now.get(name, ""),
            "values": [(value, named(request, study, name, value)) for value in values],
        }
        for name, values in there.items()
        if len(values) > 1 or now.get(name)
    ]


def named(request: HttpRequest, study: Study, kind: str, value: str) -> str:
    words = words_for(request)
    if not value:
        return words("texts.nobody")
    if kind == "genre":
        return words.or_same("common.genre", value)
    if kind == "language":
        return words.or_same("common.language_name", value)
    return listing.names_in(study.page)["partner"].get(value, value) if kind == "partner" else value


def by_family(request: HttpRequest, study: Study, families: Iterable[str]) -> list[tuple[str, list[dict[str, Any]]]]:
    codes = codes_of(study, language_of(request))
    grouped = ((family, [code for code in codes if code["family"] == family]) for family in families)
    return [(family, own) for family, own in grouped if own]


def turning(asked: QueryDict, first: int, size: int, total: int) -> dict[str, Any]:
    """Which part of many is shown, and the ways to the parts before and after."""
    last = min(first + size, total)
    return {
        "first": first + 1,
        "last": last,
        "total": total,
        "parts": total > size or first > 0,
        "before": with_values(asked, **{"from": str(max(0, first - size))}) if first else "",
        "after": with_values(asked, **{"from": str(last)}) if last < total else "",
    }


def with_values(asked: QueryDict, **values: str) -> str:
    """The same question with other values, as the end of an address."""
    other = asked.copy()
    if "from" not in values:
        other.pop("from", None)
    for name, value in values.items():
        other[name] = value
    return f"?{other.urlencode()}"


def number(text: str, otherwise: int, most: int = 10**9) -> int:
    return min(int(text), most) if text.isdecimal() and len(text) < 10 else otherwise
