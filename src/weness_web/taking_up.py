"""From a study's folder into the database: texts as they were read, and work that is not there yet."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

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
    Member,
    Memo,
    Reading,
    Study,
    Suggestion,
)

Row = dict[str, Any]


def take_up(study: Study, by: str = "", before: Row | None = None) -> dict[str, int]:
    """Takes what lies in the folder and is not in the database yet; says how much of what is new.

    ``before``: what lay there when the work was put down last. Of that nothing is taken: who took it back since meant it.
    """
    found = services.rows_in(folder_of(study.pk))
    if before:
        found |= {name: _fresh(found[name], before[name]) for name in ("codings", "memos", "own")}
        answers = [row for _, rows in before["draws"] for row in rows]
        found["draws"] = [(head, _fresh(rows, answers)) for head, rows in found["draws"]]
    documents = {one.file: one for one in study.documents.defer(*Document.HEAVY)}
    with transaction.atomic():
        return {
            "codings": _take_codings(study, found["codings"], documents),
            "suggestions": _take_machine(study, found, documents),
            "memos": _take_memos(study, found["memos"]),
            "codes": _take_codes(study, found["own"], by),
            "draws": _take_draws(study, found["draws"]),
        }


def _fresh(rows: Iterable[Row], before: Iterable[Row]) -> list[Row]:
    known = {json.dumps(row, sort_keys=True) for row in before}
    return [row for row in rows if json.dumps(row, sort_keys=True) not in known]


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
        one.text = one.text.replace("\0", "\ufffd")  # PostgreSQL keeps no NUL; offsets stay as they are
        one.save()
    gone = [one.pk for file, one in before.items() if file not in here]
    for number, pk in enumerate(gone, len(here) + 1):
        Document.objects.filter(pk=pk).update(gone=True, place=number)
    return anew or bool(gone)


def _take_codings(study: Study, rows: list[Row], documents: Mapping[str, Document]) -> int:
    before = Coding.objects.filter(study=study).defer("suggested")
    known = {one.guid or str(one.pk) for one in before}
    bare = {_likeness(one) for one in before if not one.guid}
    read = set(Reading.objects.filter(study=study).values_list("document__file", "coder"))
    # Whoever closed a blind round brings nothing more into it, by a file either.
    rounds = Member.objects.filter(study=study, study__blind=True, closed_at__isnull=False)
    closed = set(rounds.values_list("user__name", flat=True))
    new, readings = [], {}
    for row in rows:
        document = documents.get(str(row.get("file")))
        coder = str(row.get("coder", "reader"))
        if document is None or coder in closed or not _is_sound(row):
            continue
        if "seen" in row:
            if (document.file, coder) not in read:
                readings.setdefault((document.pk, coder), set()).update(row["seen"])
            continue
        guid = row.get("guid") or ""
        if (guid and guid in known) or row.get("code") is None or not _fits(row, document):
            continue
        one = Coding(
            study=study,
            document=document,
            start=row["start"],
            end=row["end"],
            code=row["code"],
            coder=coder,
            words=row.get("text") or "",
            fields=row.get("fields") or {},
            why=row.get("why") or "",
            guid=guid,
        )
        if guid or _likeness(one) not in bare:
            new.append(one)
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
        if not _is_memo(row) or row.get("guid") in known:
            continue
        for place in row.get("on") or [{"study": ""}]:
            for kind, thing in place.items():
                kind, thing = ("coding", codings.get(thing, thing)) if kind == "coding" else (kind, thing)
                new.append(
                    Memo(
                        study=study,
                        kind=kind,
                        thing=thing,
                        by=row.get("by") or "",
                        text=row.get("text") or "",
                        guid=row.get("guid") or "",
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
        if type(head.get("draw")) is not int or not all(map(_is_drawn, rows)):
            continue
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
    """A text that was read otherwise than before: each passage goes to the nearest place with its words, or stays: `weness check` names it."""
    for one in document.codings.all():
        places, at = [], text.find(one.words)
        while at >= 0 and one.words:
            places.append(at)
            at = text.find(one.words, at + 1)
        if places:
            one.start = min(places, key=lambda place: abs(place - one.start))
            one.end = one.start + len(one.words)
            one.save(update_fields=("start", "end"))


def _likeness(one: Coding) -> tuple[object, ...]:
    """By what a coding that a person wrote down by hand, without a guid, is known again."""
    return one.document_id, one.start, one.end, one.code, one.coder, json.dumps(one.fields, sort_keys=True)


def _is_memo(row: Row) -> bool:
    told = (row.get(name) for name in ("guid", "text", "by"))
    places = row.get("on") or []
    return (
        all(text is None or isinstance(text, str) for text in told)
        and max(len(row.get("guid") or "") / 40, len(row.get("by") or "") / 200) <= 1
        and isinstance(places, list)
        and all(isinstance(place, dict) and _are_words((*place, *place.values())) for place in places)
    )


def _is_drawn(row: Row) -> bool:
    """Whether a row of checks.jsonl has what its page shows, and answers that are lists of codes."""
    answers = (
        {"": row.get("codes") or [], **(row.get("others") or {})} if isinstance(row.get("others") or {}, dict) else None
    )
    return (
        _are_words(row.get(name) for name in ("item", "kind", "file", "text"))
        and len(row["item"]) <= 40
        and isinstance(row.get("start"), int)
        and isinstance(row.get("end"), int)
        and isinstance(row.get("coder") or "", str)
        and answers is not None
        and all(isinstance(codes, list) and _are_words(codes) for codes in answers.values())
    )


def _are_words(told: Iterable[object]) -> bool:
    return all(isinstance(one, str) and len(one) <= 100_000 for one in told)


def _is_sound(row: Row) -> bool:
    """Whether every part of a row is of its kind: anybody may have written the file."""
    families, fields = row.get("seen", []), row.get("fields") or {}
    told = (row.get(name) for name in ("code", "coder", "guid", "text", "why"))
    texts = (text for text in told if text is not None)
    return (
        isinstance(families, list)
        and isinstance(fields, dict)
        and all(isinstance(text, str) for text in (*texts, *families))
        and len(str(row.get("guid", ""))) <= 40
        and max(len(str(row.get(name, ""))) for name in ("code", "coder")) <= 200
    )


def _fits(row: Row, document: Document) -> bool:
    start, end = row.get("start"), row.get("end")
    return isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= document.length
