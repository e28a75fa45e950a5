"""Memos: on a coding, a code or the text; each is its writer's own, and outlives what it was written on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from weness_web.access import codings_seen
from weness_web.changes import Change, changed, gone
from weness_web.codebooks import code_ids
from weness_web.desk import Desk
from weness_web.faults import Fault
from weness_web.models import Coding, Memo

LONGEST = 20_000


def memo(desk: Desk, asked: Mapping[str, Any]) -> list[Change]:
    """A new memo, or one's own changed; without text it goes."""
    text = str(asked.get("text") or "").strip()
    if len(text) > LONGEST:
        raise Fault("reader.memo_long", n=LONGEST)
    if asked.get("id"):
        row = _own(desk, asked)
        if text == row.text:
            return []
        return [changed(row, text=text) if text else gone(row)]
    if not text:
        raise Fault("reader.memo_empty")
    kind, thing = _thing(desk, asked)
    said = {"kind": kind, "thing": thing, "by": desk.user.name, "text": text}
    return [Change("memo", desk.new_id(asked), said)]


def memos_left(desk: Desk, coding: Coding) -> list[Change]:
    """What becomes of the memos of a coding that goes: one's own go with it, another's stay with the text."""
    return [
        gone(one) if one.by == desk.user.name else changed(one, kind="document", thing=desk.document.file)
        for one in _on(desk, [coding])
    ]


def memos_follow(desk: Desk, from_: Iterable[Coding], to: Coding) -> list[Change]:
    return [changed(one, thing=str(to.pk)) for one in _on(desk, from_)]


def _on(desk: Desk, codings: Iterable[Coding]) -> Iterable[Memo]:
    things = [str(one.pk) for one in codings]
    return Memo.objects.filter(study=desk.study, kind="coding", thing__in=things)


def _own(desk: Desk, asked: Mapping[str, Any]) -> Memo:
    row = Memo.objects.filter(study=desk.study, pk=desk.id(asked, "id")).first()
    if row is None:
        raise Fault("reader.no_longer_there", status=409)
    if row.by != desk.user.name:
        raise Fault("reader.not_your_memo", status=409)
    return row


def _thing(desk: Desk, asked: Mapping[str, Any]) -> tuple[str, str]:
    kind, thing = asked.get("kind"), str(asked.get("thing") or "")
    if kind == "document":
        return kind, desk.document.file
    if kind == "code" and thing in code_ids(desk.study):
        return kind, thing
    if kind == "coding":
        seen = codings_seen(desk.study, desk.user).filter(document=desk.document)
        if seen.filter(pk=desk.id(asked, "thing")).exists():
            return kind, thing
    raise Fault("reader.no_longer_there", status=409)
