"""What coders decide together where they differed: which code holds of a passage, why, and that it counts before all else."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from weness_web import services
from weness_web.changes import Change, act, changed, gone, new
from weness_web.codebooks import code_ids, content_of
from weness_web.faults import Fault
from weness_web.models import Coding, Document, Event, Rejection, Study, User

Row = dict[str, Any]
CONSENSUS = "consensus"
"""The coder whose codings are what was decided together. Its rejections are the codes that did not hold."""
VERB = "adjudicate"
BOTH, NONE, OTHER = "both", "none", "other"
FIRST = "counts_first"
Place = tuple[str, int, int]


@dataclass(frozen=True)
class Decision:
    """``codes`` hold, () where none does; the places' other codes were refused."""

    codes: tuple[str, ...]
    why: str
    by: str


def key_of(row: Mapping[str, Any]) -> str:
    """The name of a disagreement, the same however often it is worked out."""
    return sha256("\n".join((row["file"], str(row["start"]), str(row["end"]), *row["codes"])).encode()).hexdigest()[:16]


def is_mention(row: Mapping[str, Any]) -> bool:
    """A mention always means somebody: there is no deciding that none holds."""
    return all(code in services.mention_letters() for code in row["codes"])


def decided(study: Study, rows: Iterable[Row]) -> dict[str, Decision]:
    """By key, those of the disagreements that are decided."""
    yes = _at(Coding.objects.filter(study=study, coder=CONSENSUS).select_related("document"))
    no = _at(Rejection.objects.filter(study=study, coder=CONSENSUS).select_related("document"))
    told = {
        event.answer["key"]: event
        for event in Event.objects.filter(study=study, verb=VERB, undone=False).select_related("user")
        if "key" in event.answer
    }
    found = {}
    for row in rows:
        place, key = (row["file"], row["start"], row["end"]), key_of(row)
        held, refused = yes.get(place, {}), no.get(place, {})
        if all(code in held or code in refused for code in row["codes"]):
            event = told.get(key)
            codes = event.answer["codes"] if event else [code for code in held if code in row["codes"]]
            why = event.answer["why"] if event else next((one.why for one in held.values()), "")
            found[key] = Decision(tuple(codes), why, event.user.name if event else "")
    return found


def decide(study: Study, user: User, row: Row, choice: str, other: str, why: str, op: str = "") -> None:
    """Writes what holds of a passage as the consensus's coding, with the reason, and lets the consensus count first.

    ``choice``: one of the row's codes, BOTH, NONE, or OTHER with the code named in ``other``.
    """
    codes = _chosen(study, row, choice, other)
    why = " ".join(why.split())
    if not why:
        raise Fault("review.needs_reason")
    document = _document(study, row)
    refused = [code for code in row["codes"] if code not in codes]
    changes = [*_cleared(study, document, row, {*codes, *row["codes"]})]
    words = document.text[row["start"] : row["end"]]
    where = {"document_id": document.pk, "start": row["start"], "end": row["end"], "coder": CONSENSUS}
    changes += [
        new("coding", **where, code=code, words=words, why=why, fields=_fields(study, document, row, code))
        for code in codes
    ]
    changes += [new("rejection", **where, code=code) for code in refused]
    page = counting_first(study.page)
    if page != study.page:
        changes.append(changed(study, page=page))
    act(study, user, VERB, changes, op, {"key": key_of(row), "codes": list(codes), "why": why})


def reopen(study: Study, user: User, row: Row, op: str = "") -> None:
    """As if it had not been decided."""
    document = _document(study, row)
    known = decided(study, [row]).get(key_of(row))
    changes = _cleared(study, document, row, {*row["codes"], *(known.codes if known else ())})
    if not changes:
        raise Fault("review.not_decided", status=409)
    act(study, user, VERB, changes, op)


def counting_first(page: str) -> str:
    """A study's page in which the consensus counts before everybody; the rest of it, comments too, stays as it is."""
    told = services.page_of(page).get(FIRST) or []
    names = [told] if isinstance(told, str) else [str(name) for name in told]
    if names[:1] == [CONSENSUS]:
        return page
    if FIRST not in services.page_of(page):
        return f"{page.rstrip()}\n\n{FIRST}: [{CONSENSUS}]\n"
    names = [CONSENSUS, *(name for name in names if name != CONSENSUS)]
    return services.text_of(services.page_of(page) | {FIRST: names})


def with_consensus(study: Study, rows: list[Row], files: Mapping[int, str]) -> list[Row]:
    """The rows of a folder, and in every text where passages were decided on: all that would have counted but for what was
    refused, as the consensus's, which is said to have read the text.

    weness counts relational and identity codes by whole texts, never by passages of two persons. So one decided passage would
    count beside the codes that it was decided against, or not at all where somebody read the text in full.
    """
    refused = [
        (files[one.document_id], one.start, one.end, one.code)
        for one in Rejection.objects.filter(study=study, coder=CONSENSUS)
        if one.document_id in files
    ]
    ours = [row for row in rows if row["coder"] == CONSENSUS and "seen" not in row]
    texts = {row["file"] for row in ours if _by_text(row["code"])} | {
        file for file, *_, code in refused if _by_text(code)
    }
    if not texts:
        return rows
    told = services.page_of(study.page).get(FIRST) or []
    first = [name for name in ([told] if isinstance(told, str) else told) if name != CONSENSUS]
    theirs = [row for row in rows if row["file"] in texts and row["coder"] != CONSENSUS]
    kept = [
        row
        | {
            "coder": CONSENSUS,
            "guid": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{CONSENSUS} {row['guid']}")),
            services.DERIVED: row["guid"],
        }
        for row in services.what_counts(theirs, content_of(study)["own"], first)
        if not _overruled(row, ours, refused)
    ]
    # Where nobody looked for relational or identity talk, the machine goes on doing so.
    looked = {row["file"] for row in theirs if _looked(row)}
    seen = [
        {"file": file, "seen": ["B", "C"], "coder": CONSENSUS, services.DERIVED: CONSENSUS}
        for file in sorted(texts & looked)
    ]
    return [*rows, *kept, *seen]


def _overruled(row: Row, ours: Sequence[Row], refused: Sequence[tuple[str, int, int, str]]) -> bool:
    here = (row["start"], row["end"])
    for one in ours:
        if (
            (one["file"], one["code"]) == (row["file"], row["code"])
            and one["start"] < row["end"]
            and row["start"] < one["end"]
        ):
            return True
    return any(
        (file, code) == (row["file"], row["code"]) and services.mostly_common(here, (start, end))
        for file, start, end, code in refused
    )


def _looked(row: Row) -> bool:
    if "seen" in row:
        return not {"B", "C"}.isdisjoint(row["seen"])
    known = services.codes().get(row["code"])
    return known is not None and known["family"] in ("B", "C")


def _by_text(code: str) -> bool:
    return code not in services.mention_letters()


def _chosen(study: Study, row: Row, choice: str, other: str) -> tuple[str, ...]:
    if choice == NONE and not is_mention(row):
        return ()
    if choice == BOTH and len(row["codes"]) > 1 and not is_mention(row):
        return tuple(row["codes"])
    code = other if choice == OTHER else choice if choice in row["codes"] else ""
    if code not in code_ids(study) or (code in services.mention_letters()) != is_mention(row):
        raise Fault("review.choose_one")
    return (code,)


def _document(study: Study, row: Row) -> Document:
    document = Document.objects.filter(study=study, file=row["file"], gone=False).first()
    if document is None or row["end"] > document.length:
        raise Fault("review.text_left", status=409)
    return document


def _cleared(study: Study, document: Document, row: Row, codes: Iterable[str]) -> list[Change]:
    """What was decided here of these codes goes, so that the last word stands alone."""
    here = {"study": study, "document": document, "start": row["start"], "end": row["end"], "coder": CONSENSUS}
    event = Event.objects.filter(study=study, verb=VERB, undone=False, answer__key=key_of(row)).last()
    codes = {*codes, *(event.answer["codes"] if event else ())}
    return [gone(one) for model in (Coding, Rejection) for one in model.objects.filter(**here, code__in=codes)]


def _fields(study: Study, document: Document, row: Row, code: str) -> Row:
    """What a person said beside the code that holds: the measures read it."""
    theirs = Coding.objects.filter(
        study=study, document=document, code=code, start__lt=row["end"], end__gt=row["start"]
    )
    near = sorted(
        theirs.exclude(coder=CONSENSUS), key=lambda one: abs(one.start - row["start"]) + abs(one.end - row["end"])
    )
    return dict(near[0].fields) if near else {}


def _at(rows: Iterable[Any]) -> dict[Place, dict[str, Any]]:
    found: dict[Place, dict[str, Any]] = {}
    for one in rows:
        found.setdefault((one.document.file, one.start, one.end), {})[one.code] = one
    return found
