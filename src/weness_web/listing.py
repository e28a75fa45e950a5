"""The texts of a study as a list by wave: a study and a choice in, rows with what was done on each text out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from django.db.models import Count

from weness_web import services
from weness_web.access import codings_seen, is_blind, suggestions_seen
from weness_web.codebooks import code_ids, family_of
from weness_web.models import Document, Reading, Rejection, Study, Suggestion, User

Row = dict[str, Any]
FILTERS = ("partner", "wave", "language", "genre")
ORDERS: Mapping[str, tuple[Callable[[Row], Any], bool]] = {
    "place": (lambda row: row["document"].place, False),
    "file": (lambda row: row["document"].file.casefold(), False),
    "partner": (lambda row: row["partner"].casefold() or "\uffff", False),
    "date": (lambda row: row["document"].date or "9999", False),
    "words": (lambda row: row["words"], True),
    "open": (lambda row: row["open"], True),
    "codings": (lambda row: row["own"] + row["others"], True),
}
"""A new order of the list: what it goes by, and whether the most comes first."""


@lru_cache(maxsize=64)
def names_in(page: str) -> dict[str, dict[str, str]]:
    """What a study page calls its things: {"partner": {id: name}, "speaker": ..., "wave": {id: "from – to"}, "event": ...}."""
    told = services.page_of(page)

    def named(kind: str) -> dict[str, str]:
        return {str(row["id"]): str(row.get("name") or row["id"]) for row in _rows(told[kind])}

    waves = _rows(told["waves"])
    return {
        "partner": named("partners"),
        "speaker": named("speakers"),
        "wave": {str(row["id"]): " – ".join(str(row[end]) for end in ("from", "to") if row.get(end)) for row in waves},
        "event": {str(row["id"]): str(row.get("event") or "") for row in waves},
    }


def choices(study: Study) -> dict[str, list[str]]:
    """The values that there are to filter by, in the order of the study page."""
    there = study.documents.filter(gone=False).order_by().values_list(*FILTERS).distinct()
    columns = zip(*there, strict=True) if there else [()] * len(FILTERS)
    found = {name: sorted({value for value in column if value}) for name, column in zip(FILTERS, columns, strict=True)}
    names = names_in(study.page)
    for name in ("partner", "wave"):
        rank = {id: n for n, id in enumerate(names[name])}
        found[name].sort(key=lambda id, rank=rank: (rank.get(id, len(rank)), id))  # type: ignore[misc]
    return found


def chosen(asked: Mapping[str, str], names: tuple[str, ...] = FILTERS) -> dict[str, str]:
    return {name: asked[name][:400] for name in names if asked.get(name)}


def by_wave(study: Study, user: User, filters: Mapping[str, str], order: str) -> list[Row]:
    """[{wave, when, event, rows}], waves as the study page has them; a text of no wave comes last."""
    key, most_first = ORDERS.get(order, ORDERS["place"])
    rows = sorted(_listed(study, user, filters), key=key, reverse=most_first)
    names = names_in(study.page)
    rank = {id: n for n, id in enumerate(names["wave"])}
    waves = sorted({row["document"].wave for row in rows}, key=lambda id: (not id, rank.get(id, len(rank)), id))
    return [
        {
            "wave": wave,
            "when": names["wave"].get(wave, ""),
            "event": names["event"].get(wave, ""),
            "rows": [row for row in rows if row["document"].wave == wave],
        }
        for wave in waves
    ]


def open_suggestions(study: Study, user: User) -> Iterator[Suggestion]:
    """Suggestions that no person answered, as the reader tells them: none said no, none gave the passage this code, or another
    in its stead, and none said whom a "we" there means."""
    if is_blind(study, user):
        return
    answered = set(Rejection.objects.filter(study=study).values_list("document_id", "start", "end", "code"))
    whom = {code for code in code_ids(study) if family_of(study, code) == "A"}
    said = codings_seen(study, user).order_by().values_list("document_id", "start", "end", "code", "suggested")
    for *place, code, suggested in said:
        answered |= {(*place, one) for one in (whom if code in whom else {code})}
        answered.add((*place, suggested["code"] if suggested else code))
    seen = suggestions_seen(study, user).defer("why", "words").order_by("document__place", "start", "end")
    yield from (one for one in seen if (one.document_id, one.start, one.end, one.code) not in answered)


def _listed(study: Study, user: User, filters: Mapping[str, str]) -> list[Row]:
    codings = codings_seen(study, user).order_by()
    all_of = dict(codings.values_list("document").annotate(n=Count("pk")))
    own = dict(codings.filter(coder=user.name).values_list("document").annotate(n=Count("pk")))
    open_ones = Counter(one.document_id for one in open_suggestions(study, user))
    read = dict(Reading.objects.filter(study=study, coder=user.name).values_list("document", "families"))
    partners = names_in(study.page)["partner"]
    return [
        {
            "document": one,
            "partner": partners.get(one.partner or "", one.partner or ""),
            "words": words_in(one.pk, one.checksum),
            "own": own.get(one.pk, 0),
            "others": all_of.get(one.pk, 0) - own.get(one.pk, 0),
            "open": open_ones[one.pk],
            "read": read.get(one.pk, []),
        }
        for one in study.documents.filter(gone=False, **filters).defer(*Document.HEAVY)
    ]


@lru_cache(maxsize=100_000)
def words_in(pk: int, checksum: str) -> int:
    """How many words a text has. It is counted once as long as the text stays the same."""
    return len(Document.objects.values_list("text", flat=True).get(pk=pk).split())


def _rows(rows: list[Any]) -> list[Row]:
    return [row for row in rows if isinstance(row, dict) and row.get("id")]
