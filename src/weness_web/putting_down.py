"""From the database into the study's folder: everybody's work, as weness and its command line read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from weness_web import services
from weness_web.adjudication import CONSENSUS, counting_first, with_consensus
from weness_web.codebooks import content_of
from weness_web.home import folder_of
from weness_web.models import (
    CheckAnswer,
    Coding,
    Document,
    Draw,
    Memo,
    Reading,
    Rejection,
    Study,
    Suggestion,
)

Row = dict[str, Any]


def put_down(study: Study) -> None:
    """Writes all work on a study into its folder."""
    documents = {one.pk: one for one in study.documents.filter(gone=False).defer(*Document.HEAVY)}
    files = {pk: one.file for pk, one in documents.items()}
    has_machine = study.suggestions.exists() or bool(study.settings.get("machine_ran"))
    codings = with_consensus(study, list(_codings(study, files)), files)
    # What was decided counts first also where the decision that said so in the page was undone, and another stands.
    decided = study.page and any(row["coder"] == CONSENSUS for row in codings)
    services.put_down(
        folder_of(study.pk),
        counting_first(study.page) if decided else study.page,
        codings=codings,
        machine=_machine(study, files) if has_machine else None,
        texts={one.file: one.checksum for one in documents.values()},
        memos=_memos(study),
        draws=_draws(study),
        own_codes=content_of(study)["own"],
    )


def _codings(study: Study, files: Mapping[int, str]) -> Iterable[Row]:
    for one in Coding.objects.filter(study=study, document_id__in=files).order_by(
        "document__place", "start", "end", "id"
    ):
        row = {"file": files[one.document_id], "start": one.start, "end": one.end, "text": one.words, "code": one.code}
        row |= {"coder": one.coder, "fields": one.fields, "guid": one.guid or str(one.pk)}
        yield row | ({"why": one.why} if one.why else {})
    for read in Reading.objects.filter(study=study, document_id__in=files).order_by("document__place", "coder"):
        if read.families:
            yield {"file": files[read.document_id], "seen": read.families, "coder": read.coder}


def _machine(study: Study, files: Mapping[int, str]) -> list[Row]:
    """Without what a person rejected: a no of a person counts before a yes of a machine."""
    no = set(Rejection.objects.filter(study=study).values_list("document_id", "start", "end", "code"))
    return [
        {
            "file": files[one.document_id],
            "start": one.start,
            "end": one.end,
            "text": one.words,
            "code": one.code,
            "coder": one.coder,
            "kind": one.kind,
            "probability": one.probability,
            "fields": one.fields,
            "why": one.why,
        }
        for one in Suggestion.objects.filter(study=study, document_id__in=files).order_by(
            "document__place", "start", "end", "code"
        )
        if (one.document_id, one.start, one.end, one.code) not in no
    ]


def _memos(study: Study) -> Iterable[Row]:
    guids = {str(one.pk): one.guid or str(one.pk) for one in Coding.objects.filter(study=study).only("id", "guid")}
    rows: dict[str, Row] = {}
    for one in Memo.objects.filter(study=study).order_by("at", "id"):
        guid = one.guid or str(one.pk)
        row = {"guid": guid, "text": one.text, "by": one.by, "at": one.at.strftime("%Y-%m-%dT%H:%M:%SZ"), "on": []}
        # A memo of another program may hang on several things: it is one memo.
        rows.setdefault(guid, row)["on"].append({one.kind: guids.get(one.thing, one.thing)})
    return rows.values()


def _draws(study: Study) -> Iterable[tuple[Row, list[Row]]]:
    said: dict[str, list[CheckAnswer]] = {}
    for answer in CheckAnswer.objects.filter(study=study).order_by("at", "id"):
        said.setdefault(answer.item, []).append(answer)
    for draw in Draw.objects.filter(study=study):
        yield draw.head, [_answered(check.row, said.get(check.item, [])) for check in draw.checks.order_by("place")]


def _answered(row: Row, answers: list[CheckAnswer]) -> Row:
    if not answers:
        return row | {"codes": None, "coder": ""}
    first, *rest = answers
    others = {one.coder: one.codes for one in rest}
    return row | {"codes": first.codes, "coder": first.coder} | ({"others": others} if others else {})
