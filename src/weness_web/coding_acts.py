"""What a person may do to a text: each verb turns what was asked into changes of rows, or says why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from weness_web import changes, coding_fields
from weness_web.access import codings_seen, may_code, suggestions_seen
from weness_web.changes import Change, changed, gone
from weness_web.codebooks import family_of
from weness_web.desk import Desk
from weness_web.faults import Fault
from weness_web.memo_acts import memo, memos_follow, memos_left
from weness_web.models import Coding, Event, Reading, Rejection, Suggestion

Asked = Mapping[str, Any]
FAMILIES = ("A", "B", "C")


def done(desk: Desk, op: str, verb: str, asked: Asked) -> Event | None:
    """Does one action, once however often it is sent. None where there is nothing to change."""
    before = changes.known(desk.study, desk.user, op)
    if before is not None:
        return before
    if verb not in VERBS:
        raise Fault("common.not_understood")
    if verb != "memo" and not may_code(desk.study, desk.user):
        raise Fault("common.closed", status=409)
    found = VERBS[verb](desk, asked)
    name = NAMED.get(verb, verb)
    return changes.act(desk.study, desk.user, name, found, op) if found else None


def code(desk: Desk, asked: Asked) -> list[Change]:
    """A code on a passage, unless one gave it there already."""
    start, end = desk.passage(asked)
    return _coded(desk, asked, start, end, desk.code(asked))


def accept(desk: Desk, asked: Asked) -> list[Change]:
    one = _suggestion(desk, asked)
    return _coded(desk, asked, one.start, one.end, one.code, one)


def change(desk: Desk, asked: Asked) -> list[Change]:
    """Another code than the machine's on the same passage; that it answers the machine is kept."""
    one = _suggestion(desk, asked)
    return _coded(desk, asked, one.start, one.end, desk.code(asked, "to"), one)


def reject(desk: Desk, asked: Asked) -> list[Change]:
    one = _suggestion(desk, asked)
    where = {"document_id": desk.document.pk, "start": one.start, "end": one.end, "code": one.code}
    if Rejection.objects.filter(**where, coder=desk.user.name).exists():
        return []
    return [Change("rejection", desk.new_id(asked), {**where, "coder": desk.user.name})]


def reopen(desk: Desk, asked: Asked) -> list[Change]:
    """Takes one's own no back."""
    row = Rejection.objects.filter(document=desk.document, pk=desk.id(asked, "id"), coder=desk.user.name).first()
    if row is None:
        raise Fault("reader.no_longer_there", status=409)
    return [gone(row)]


def referent(desk: Desk, asked: Asked) -> list[Change]:
    """Whom a "we" means: one answer of a person for a mention, "" takes it back."""
    start, end = desk.passage(asked)
    here = [one for one in _own_at(desk, start, end) if family_of(desk.study, one.code) == "A"]
    wanted = asked.get("code") and desk.code(asked)
    if wanted and family_of(desk.study, wanted) != "A":
        raise Fault("reader.not_whom", status=400)
    found = [gone(one) for one in here if one.code != wanted]
    if wanted and all(one.code != wanted for one in here):
        said = suggestions_seen(desk.study, desk.user).filter(document=desk.document, start=start, end=end)
        said = [one for one in said.order_by("-probability") if family_of(desk.study, one.code) == "A"]
        found += _coded(desk, asked, start, end, wanted, said[0] if said else None)
    return found + [step for one in here if one.code != wanted for step in memos_left(desk, one)]


def uncode(desk: Desk, asked: Asked) -> list[Change]:
    one = _own(desk, asked.get("id"))
    return [gone(one), *memos_left(desk, one)]


def recode(desk: Desk, asked: Asked) -> list[Change]:
    one, code = _own(desk, asked.get("id")), desk.code(asked)
    if code == one.code:
        return []
    if any(other.code == code for other in _own_at(desk, one.start, one.end)):
        raise Fault("reader.has_it_already", status=409)
    return [changed(one, code=code, fields=coding_fields.kept(code, one.fields))]


def fields(desk: Desk, asked: Asked) -> list[Change]:
    one = _own(desk, asked.get("id"))
    said = coding_fields.said(desk.study, one.code, asked.get("fields"))
    return [] if said == one.fields else [changed(one, fields=said)]


def split(desk: Desk, asked: Asked) -> list[Change]:
    """Two codings of one, at a character inside it; white space at the cut belongs to neither."""
    one, at = _own(desk, asked.get("id")), asked.get("at")
    if type(at) is not int or not one.start < at < one.end:
        raise Fault("reader.split_inside", status=400)
    words = desk.words(one.start, one.end)
    first, second = words[: at - one.start].rstrip(), words[at - one.start :].lstrip()
    if not first.strip() or not second:
        raise Fault("reader.split_inside", status=400)
    rest = {name: getattr(one, name) for name in ("document_id", "code", "coder", "fields", "why", "suggested")}
    start = one.end - len(second)
    return [
        changed(one, end=one.start + len(first), words=first),
        Change("coding", desk.new_id(asked), {**rest, "start": start, "end": one.end, "words": second}),
    ]


def merge(desk: Desk, asked: Asked) -> list[Change]:
    """One coding of several of the same code that touch: from where the first begins to where the last ends."""
    ids = asked.get("ids")
    if not isinstance(ids, list) or not 2 <= len(ids) <= 100:
        raise Fault("reader.merge_two")
    rows = sorted((_own(desk, id) for id in dict.fromkeys(map(str, ids))), key=lambda one: (one.start, one.end))
    if len(rows) < 2 or len({one.code for one in rows}) > 1:
        raise Fault("reader.merge_two")
    first, end = rows[0], rows[0].end
    for one in rows[1:]:
        if one.start > end and desk.words(end, one.start).strip():
            raise Fault("reader.merge_adjacent", status=409)
        end = max(end, one.end)
    said = {name: value for one in reversed(rows) for name, value in one.fields.items()}
    whole = changed(first, end=end, words=desk.words(first.start, end), fields=said)
    return [whole, *(gone(one) for one in rows[1:]), *memos_follow(desk, rows[1:], first)]


def read(desk: Desk, asked: Asked) -> list[Change]:
    """The families for which one read the text in full: what one left uncoded was seen, and is nothing."""
    families = asked.get("families")
    if not isinstance(families, list) or not set(map(str, families)) <= set(FAMILIES):
        raise Fault("common.not_understood")
    families = sorted(set(families))
    row = Reading.objects.filter(document=desk.document, coder=desk.user.name).first()
    if row is not None:
        if row.families == families:
            return []
        return [changed(row, families=families) if families else gone(row)]
    if not families:
        return []
    said = {"document_id": desk.document.pk, "coder": desk.user.name, "families": families}
    return [Change("reading", desk.new_id(asked), said)]


VERBS: dict[str, Callable[[Desk, Asked], list[Change]]] = {
    "code": code,
    "accept": accept,
    "change": change,
    "reject": reject,
    "reopen": reopen,
    "referent": referent,
    "uncode": uncode,
    "recode": recode,
    "fields": fields,
    "split": split,
    "merge": merge,
    "read": read,
    "memo": memo,
}
"""A new action in the reader: its function, and a line here."""
NAMED = {"fields": "recode", "reopen": "reject"}
"""Under which name the history tells an action that is no verb of its own."""


def _coded(desk: Desk, asked: Asked, start: int, end: int, code: str, said: Suggestion | None = None) -> list[Change]:
    if any(one.code == code for one in _own_at(desk, start, end)):
        return []
    row = {
        "document_id": desk.document.pk,
        "start": start,
        "end": end,
        "code": code,
        "coder": desk.user.name,
        "words": desk.words(start, end),
        "fields": coding_fields.kept(code, said.fields) if said and said.code == code else {},
    }
    if said:
        row["suggested"] = {
            "code": said.code,
            "probability": said.probability,
            "coder": said.coder,
            "kind": said.kind,
        }
    return [Change("coding", desk.new_id(asked), row)]


def _own_at(desk: Desk, start: int, end: int) -> list[Coding]:
    return list(Coding.objects.filter(document=desk.document, start=start, end=end, coder=desk.user.name))


def _own(desk: Desk, id: Any) -> Coding:
    """Raises Fault where it is gone, or another's: whose code is another's stays as it is."""
    one = codings_seen(desk.study, desk.user).filter(document=desk.document, pk=desk.id({"id": id}, "id")).first()
    if one is None:
        raise Fault("reader.no_longer_there", status=409)
    if one.coder != desk.user.name:
        raise Fault("reader.not_yours", status=409, name=one.coder)
    return one


def _suggestion(desk: Desk, asked: Asked) -> Suggestion:
    """By its place and code: a machine that says the same again gives it another id."""
    start, end = desk.passage(asked)
    seen = suggestions_seen(desk.study, desk.user).filter(document=desk.document, start=start, end=end)
    one = seen.filter(code=asked.get("code")).order_by("-probability").first()
    if one is None:
        raise Fault("reader.suggestion_gone", status=409)
    return one
