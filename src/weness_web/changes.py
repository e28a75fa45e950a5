"""Every action of a user as a change of rows, which the same user can undo and do again."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from weness_web.faults import Fault
from weness_web.jobs import wake
from weness_web.models import (
    Adoption,
    CheckAnswer,
    CodebookVersion,
    Coding,
    Event,
    Memo,
    Reading,
    Rejection,
    Row,
    Study,
    User,
)

TABLES: dict[str, type[Row]] = {
    "study": Study,
    "coding": Coding,
    "rejection": Rejection,
    "reading": Reading,
    "memo": Memo,
    "answer": CheckAnswer,
    "codebook": CodebookVersion,
    "adoption": Adoption,
}
"""A new kind of thing that users change: its model, and a line here."""
COUNTS = frozenset({"study", "coding", "rejection", "reading", "answer", "codebook"})
"""Tables whose rows may change what the study finds."""
RE_READ = frozenset({"page"})
"""Fields of a study after whose change its texts are read anew."""
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """One row as it is to be: ``after`` holds some or all of its KEPT fields, or is None where the row is to go."""

    table: str
    id: uuid.UUID
    after: Values | None


def new(table: str, **values: Any) -> Change:
    return Change(table, uuid.uuid4(), values)


def changed(row: Row, **values: Any) -> Change:
    return Change(_table_of(row), row.id, values)


def gone(row: Row) -> Change:
    return Change(_table_of(row), row.id, None)


def act(
    study: Study, user: User, verb: str, changes: Sequence[Change], op: str = "", answer: Values | None = None
) -> Event:
    """Does all of the changes or none, remembers them, and lets the findings be worked out anew.

    What was sent before under the same ``op`` is not done again: the Event of then comes back.
    """
    op = op or uuid.uuid4().hex
    try:
        with transaction.atomic():
            _in_turn(study)
            event = Event.objects.create(
                study=study, user=user, op=op, verb=verb, changes=[], answer=dict(answer or {})
            )
            event.changes = [_done(study, change) for change in changes]
            event.save(update_fields=("changes",))
            Event.objects.filter(study=study, user=user, undone=True, lost=False).update(lost=True)
            _after(study, event.changes)
    except IntegrityError:
        known = Event.objects.filter(study=study, user=user, op=op).first()
        if known is None:
            raise
        return known
    return event


def undo(study: Study, user: User) -> Event:
    """Takes the user's last action back. Raises Fault where there is none, or somebody changed the same thing since."""
    return _turned(study, user, undone=False)


def redo(study: Study, user: User) -> Event:
    return _turned(study, user, undone=True)


def known(study: Study, user: User, op: str) -> Event | None:
    return Event.objects.filter(study=study, user=user, op=op).first() if op else None


def can(study: Study, user: User) -> dict[str, str]:
    """The verbs that undo and redo would turn, "" where there is nothing."""
    own = Event.objects.filter(study=study, user=user, lost=False)
    back, again = own.filter(undone=False).last(), own.filter(undone=True).first()
    return {"undo": back.verb if back else "", "redo": again.verb if again else ""}


def _turned(study: Study, user: User, undone: bool) -> Event:
    with transaction.atomic():
        _in_turn(study)
        own = Event.objects.select_for_update().filter(study=study, user=user, lost=False, undone=undone)
        event = own.first() if undone else own.last()
        if event is None:
            raise Fault("common.nothing_to_redo" if undone else "common.nothing_to_undo", status=409)
        for change in event.changes if undone else reversed(event.changes):
            _set(study, change, *(("before", "after") if undone else ("after", "before")))
        event.undone = not undone
        event.save(update_fields=("undone",))
        _after(study, event.changes)
    return event


def _in_turn(study: Study) -> None:
    """Actions on a study come one after the other: two that touch the same rows in another order would block each other."""
    Study.objects.select_for_update(no_key=True).filter(pk=study.pk).values_list("pk").first()


def _done(study: Study, change: Change) -> dict[str, Any]:
    row = _row(study, change.table, change.id)
    before = _plain(row.as_row()) if row else None
    if change.after is None:
        after = None
    else:
        after = {**(before or {}), **_plain(change.after)}
        if row is None and change.table != "study":
            after["study_id"] = str(study.pk)
    _write(change.table, change.id, row, after)
    # As the database keeps it, with every default: undo compares with that.
    kept = _row(study, change.table, change.id) if after is not None else None
    told = _plain(kept.as_row()) if kept else None
    return {"table": change.table, "id": str(change.id), "before": before, "after": told}


def _set(study: Study, change: dict[str, Any], here: str, there: str) -> None:
    if change["table"] == "codebook":
        _check_latest(study, change, there)
    row = _row(study, change["table"], uuid.UUID(change["id"]))
    if (_plain(row.as_row()) if row else None) != change[here]:
        raise Fault("common.changed_since", status=409)
    _write(change["table"], uuid.UUID(change["id"]), row, change[there])


def _check_latest(study: Study, change: dict[str, Any], there: str) -> None:
    """A version is whole, so later ones hold what it changed: it goes only while it is the last, and comes back only as the next."""
    last = CodebookVersion.objects.filter(study=study).order_by("number").values_list("number", flat=True).last() or 0
    wanted = last + 1 if change[there] is not None else last
    if (change[there] or change["before"] or change["after"])["number"] != wanted:
        raise Fault("common.changed_since", status=409)


def _row(study: Study, table: str, id: uuid.UUID) -> Row | None:
    model = TABLES[table]
    own = {"pk": id} if model is Study else {"pk": id, "study": study}
    if model is Study and id != study.pk:
        return None
    return model._default_manager.select_for_update().filter(**own).first()


def _write(table: str, id: uuid.UUID, row: Row | None, values: Values | None) -> None:
    if values is None:
        if row:
            row.delete()
        return
    if row is None:
        TABLES[table]._default_manager.create(id=id, **values)
        return
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))


def _after(study: Study, changes: Iterable[dict[str, Any]]) -> None:
    tables = {change["table"] for change in changes}
    if not tables & COUNTS:
        return
    Study.objects.filter(pk=study.pk).update(revision=F("revision") + 1)
    anew = any(
        change["table"] == "study" and (change["before"] or {}).get(name) != (change["after"] or {}).get(name)
        for change in changes
        for name in RE_READ
    )
    wake(study, "read" if anew else "conclude")


def _plain(values: Values) -> dict[str, Any]:
    """As JSON keeps it: ids as text, times as ISO."""
    return {name: _value(value) for name, value in values.items()}


def _value(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _table_of(row: Row) -> str:
    return next(name for name, model in TABLES.items() if isinstance(row, model))
