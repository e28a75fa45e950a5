"""Between the database and a study's folder: everybody's work is put down as weness reads it, and taken up from there."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from weness_web import services
from weness_web.codebooks import content_of
from weness_web.home import folder_of
from weness_web.models import (
    Check,
    CheckAnswer,
    CodebookVersion,
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
    services.put_down(
        folder_of(study.pk),
        study.page,
        codings=_codings(study, files),
        machine=_machine(study, files) if has_machine else None,
        texts={one.file: one.checksum for one in documents.values()},
        memos=_memos(study),
        draws=_draws(study),
        own_codes=content_of(study)["own"],
    )


def take_up(study: Study, by: str = "") -> dict[str, int]:
    """Takes what lies in the folder and is not in the database yet; says how much of what is new."""
    found = services.rows_in(folder_of(study.pk))
    documents = {one.file: one for one in study.documents.defer(*Document.HEAVY)}
    with transaction.atomic():
        return {
            "codings": _take_codings(study, found["codings"], documents),
            "suggestions": _take_machine(study, found, documents),
            "memos": _take_memos(study, found["memos"]),
            "codes": _take_codes(study, found["own"], by),
            "draws": _take_draws(study, found["draws"]),
        }


def take_texts(study: Study, rows: Iterable[Row]) -> bool:
    """The texts as they were read now. Says whether any is new or other than before. What was coded stays with its text."""
    before = {one.file: one for one in study.documents.defer(*Document.HEAVY)}
    anew, here = False, set()
    for place, row in enumerate(rows, 1):
        here.add(row["file"])
        one = before.get(row["file"]) or Document(study=study, file=row["file"])
        if one.pk is None or one.checksum != row["checksum"] or one.gone:
            anew = True
        if one.pk is not None and one.checksum != row["checksum"]:
            _move_codings(one, row["text"])
        one.gone, one.place = False, place
        for name, value in row.items():
            setattr(one, name, value)
        one.save()
    gone = [one.pk for file, one in before.items() if file not in here]
    for number, pk in enumerate(gone, len(here) + 1):
        Document.objects.filter(pk=pk).update(gone=True, place=number)
    return anew or bool(gone)


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
    for one in Memo.objects.filter(study=study).order_by("at", "id"):
        on = {"study": study.pk.hex} if one.kind == "study" else {one.kind: guids.get(one.thing, one.thing)}
        row = {
            "guid": one.guid or str(one.pk),
            "text": one.text,
            "by": one.by,
            "at": one.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        yield row | {"on": [on]}


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


def _take_codings(study: Study, rows: list[Row], documents: Mapping[str, Document]) -> int:
    known = {one.guid or str(one.pk) for one in Coding.objects.filter(study=study).only("id", "guid")}
    read = set(Reading.objects.filter(study=study).values_list("document__file", "coder"))
    new, readings = [], {}
    for row in rows:
        document = documents.get(str(row.get("file")))
        coder = str(row.get("coder", "reader"))
        if document is None:
            continue
        if "seen" in row:
            if (document.file, coder) not in read:
                readings.setdefault((document.pk, coder), set()).update(row["seen"])
            continue
        guid = str(row.get("guid", ""))
        if (guid and guid in known) or row.get("code") is None or not _fits(row, document):
            continue
        new.append(
            Coding(
                id=_as_uuid(guid),
                study=study,
                document=document,
                start=row["start"],
                end=row["end"],
                code=row["code"],
                coder=coder,
                words=row.get("text", ""),
                fields=row.get("fields") or {},
                why=row.get("why", ""),
                guid=guid,
            )
        )
    Coding.objects.bulk_create(new, batch_size=500)
    Reading.objects.bulk_create(
        Reading(study=study, document_id=pk, coder=coder, families=sorted(families))
        for (pk, coder), families in readings.items()
    )
    return len(new)


def put_suggestions(study: Study, rows: Iterable[Row], documents: Mapping[str, Document]) -> int:
    """What a machine says now, in the place of what it said before."""
    with transaction.atomic():
        Suggestion.objects.filter(study=study).delete()
        made = Suggestion.objects.bulk_create(
            [
                Suggestion(
                    study=study,
                    document=documents[row["file"]],
                    start=row["start"],
                    end=row["end"],
                    code=row["code"],
                    coder=row.get("coder", "machine"),
                    words=row.get("text", ""),
                    fields=row.get("fields") or {},
                    why=row.get("why", ""),
                    kind=row.get("kind", "builtin"),
                    probability=float(row.get("probability", 1.0)),
                )
                for row in rows
                if row["file"] in documents
            ],
            batch_size=500,
        )
    return len(made)


def _take_machine(study: Study, found: Row, documents: Mapping[str, Document]) -> int:
    if not found["has_machine"] or study.suggestions.exists():
        return 0
    return put_suggestions(study, found["machine"], documents)


def _take_memos(study: Study, rows: list[Row]) -> int:
    known = {one.guid or str(one.pk) for one in Memo.objects.filter(study=study)}
    codings = {one.guid: str(one.pk) for one in Coding.objects.filter(study=study).exclude(guid="").only("id", "guid")}
    new = []
    for row in rows:
        if row.get("guid") in known:
            continue
        for place in row.get("on") or [{"study": ""}]:
            for kind, thing in place.items():
                kind, thing = ("coding", codings.get(thing, thing)) if kind == "coding" else (kind, thing)
                new.append(
                    Memo(
                        study=study,
                        kind=kind,
                        thing="" if kind == "study" else thing,
                        by=row.get("by", ""),
                        text=row.get("text", ""),
                        guid=row.get("guid", ""),
                    )
                )
    Memo.objects.bulk_create(new)
    return len(new)


def _take_codes(study: Study, own: list[Row], by: str) -> int:
    content = content_of(study)
    known = {row["id"] for row in content["own"]}
    new = [row for row in own if row["id"] not in known]
    if new:
        last = study.codebooks.first()
        CodebookVersion.objects.create(
            study=study,
            number=(last.number if last else 0) + 1,
            content={**content, "own": [*content["own"], *new]},
            by=by,
            note=f"+{len(new)}",
            at=timezone.now(),
        )
    return len(new)


def _take_draws(study: Study, draws: list[tuple[Row, list[Row]]]) -> int:
    """Draws and answers that are not here yet, as a filled sheet brings them."""
    new = 0
    known = {one.number: one for one in Draw.objects.filter(study=study)}
    answered = set(CheckAnswer.objects.filter(study=study).values_list("item", "coder"))
    for head, rows in draws:
        draw = known.get(head["draw"])
        if draw is None:
            draw = keep_draw(study, head, rows)
            new += 1
        for row in rows:
            said = {} if row.get("codes") is None else {row.get("coder", ""): row["codes"]}
            for coder, codes in {**said, **row.get("others", {})}.items():
                if (row["item"], coder) not in answered:
                    CheckAnswer.objects.create(
                        study=study, item=row["item"], coder=coder, codes=codes, at=timezone.now()
                    )
    return new


def keep_draw(study: Study, head: Row, rows: list[Row]) -> Draw:
    draw = Draw.objects.create(study=study, number=head["draw"], head=head)
    Check.objects.bulk_create(
        Check(study=study, draw=draw, item=row["item"], place=place, row={**row, "codes": None, "coder": ""})
        for place, row in enumerate(rows, 1)
    )
    return draw


def _move_codings(document: Document, text: str) -> None:
    """A text that was read otherwise than before: each passage goes to the nearest place with its words, or stays and is told."""
    for one in document.codings.all():
        places, at = [], text.find(one.words)
        while at >= 0 and one.words:
            places.append(at)
            at = text.find(one.words, at + 1)
        if places:
            one.start = min(places, key=lambda place: abs(place - one.start))
            one.end = one.start + len(one.words)
            one.save(update_fields=("start", "end"))


def _fits(row: Row, document: Document) -> bool:
    start, end = row.get("start"), row.get("end")
    return isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= document.length


def _as_uuid(guid: str) -> uuid.UUID:
    try:
        return uuid.UUID(guid)
    except ValueError:
        return uuid.uuid4()


def when(text: str) -> datetime:
    return parse_datetime(text) or timezone.now()
