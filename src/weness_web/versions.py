"""Every state of a study's codebook: a new one at each save, what differs between two, and one of them back."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from django.db import transaction
from django.utils import timezone

from weness_web import services
from weness_web.access import codings_seen, may_code
from weness_web.changes import Change, act, changed, gone, new
from weness_web.codebooks import (
    OWN_PLACE,
    PARTS,
    checked,
    content_of,
    edited,
    is_there,
    own_row,
    said_in,
    with_new,
    without,
)
from weness_web.faults import Fault
from weness_web.models import Coding, Memo, Study, User

Row = dict[str, Any]
EMPTY: Row = {"codes": {}, "own": []}
"""Before the first version: weness's own words."""
NOTE = 300
WORDS = re.compile(r"\w+|\s+|[^\w\s]")


def began_at(study: Study, id: str) -> Row | None:
    """The content that a form began from, by the id of its version; None where that version is no more."""
    if not id:
        return EMPTY
    try:
        row = study.codebooks.filter(pk=uuid.UUID(id)).first()
    except ValueError:
        return None
    return row.content if row else None


def numbered(study: Study, number: int) -> Row:
    """The content of a version, 0 for weness's own words. Raises Fault where there is none."""
    row = study.codebooks.filter(number=number).first() if number else None
    if number and row is None:
        raise Fault("codebook.no_version", status=404, n=number)
    return row.content if row else EMPTY


def save(
    study: Study, user: User, code: str, language: str, began: str, texts: Mapping[str, str], note: str = ""
) -> bool:
    """Texts of a code from a form that began at a version; says whether anything is new.

    Only what the form changed is put into the codebook of now. Raises Fault where somebody else changed the same part since:
    ``more`` has these parts and the id of the latest version.
    """
    with transaction.atomic():
        _alone(study)
        now, base = content_of(study), began_at(study, began)
        if not is_there(now, code):
            raise Fault("codebook.removed_since", status=409)
        texts = checked(now, code, texts)
        before = {part: said_in(base, code, part, language) if base else None for part in texts}
        here = {part: said_in(now, code, part, language) for part in texts}
        wanted = {part: text for part, text in texts.items() if text != before[part]}
        clash = [part for part, text in wanted.items() if before[part] != here[part] != text]
        if clash:
            raise Fault("codebook.stale", status=409, more={"parts": clash, "latest": _latest(study)})
        return _keep(study, user, edited(now, code, language, wanted), note)


def add(study: Study, user: User, language: str, texts: Mapping[str, str], note: str = "") -> str:
    """A code of the study's own; its id."""
    with transaction.atomic():
        _alone(study)
        now = content_of(study)
        texts = checked(now, "", texts)
        row = {place: texts[part] for part, place in OWN_PLACE.items() if texts.get(part)}
        after, id = with_new(now, row, language, {part: texts.get(part, "") for part in PARTS if part not in OWN_PLACE})
        _keep(study, user, after, note)
    return id


def add_all(study: Study, user: User, rows: Sequence[Row], note: str) -> None:
    """Codes that came from a file."""
    with transaction.atomic():
        _alone(study)
        now = content_of(study)
        known = {row["id"] for row in now["own"]}
        fresh = [row for row in rows if row["id"] not in known]
        _keep(study, user, {**now, "own": [*now["own"], *fresh]}, note)


def remove(study: Study, user: User, code: str, to: str, note: str = "") -> int:
    """Takes an own code out, and puts the code ``to`` on what is coded with it, in one action; on how much."""
    with transaction.atomic():
        _alone(study)
        now = content_of(study)
        if own_row(now, code) is None:
            raise Fault("codebook.removed_since", status=409)
        used = list(Coding.objects.filter(study=study, code=code))
        if used:
            _check_recoding(study, user, now, code, to, used)
        more = [*_recoded(study, used, to)] + [
            gone(memo) for memo in Memo.objects.filter(study=study, kind="code", thing=code)
        ]
        _keep(study, user, without(now, code), note, more)
    return len(used)


def restore(study: Study, user: User, number: int, note: str) -> int:
    """A version's content as a new version. Own codes that are in use by now stay, with their words; how many."""
    with transaction.atomic():
        _alone(study)
        now, then = content_of(study), numbered(study, number)
        used = set(Coding.objects.filter(study=study).values_list("code", flat=True))
        kept = [row for row in now["own"] if row["id"] in used and own_row(then, row["id"]) is None]
        after = {**then, "own": [*then["own"], *kept], "codes": dict(then["codes"])}
        for row in kept:
            if row["id"] in now["codes"]:
                after["codes"][row["id"]] = now["codes"][row["id"]]
        if not _keep(study, user, after, note):
            raise Fault("codebook.same_already", n=number)
    return len(kept)


def differences(before: Row, after: Row) -> list[Row]:
    """Part by part what another version says otherwise: code, title, part, language ("" for all), pieces (how, text)."""
    found = []
    for code in [*services.codes(), *_own_ids(before, after)]:
        for part, language in _places(before, after, code):
            was, is_ = said_in(before, code, part, language), said_in(after, code, part, language)
            if was != is_:
                found.append({"code": code, "part": part, "language": language, "pieces": _pieces(was, is_)})
    for code in sorted({*(before.get("keys") or {}), *(after.get("keys") or {})}):
        was, is_ = ((content.get("keys") or {}).get(code, "") for content in (before, after))
        if was != is_:
            found.append({"code": code, "part": "key", "language": "", "pieces": _pieces(str(was), str(is_))})
    return found


def _alone(study: Study) -> None:
    """Who saves after somebody else sees what that one saved: numbers are given one at a time."""
    Study.objects.select_for_update().only("pk").get(pk=study.pk)


def _latest(study: Study) -> str:
    last = study.codebooks.first()
    return str(last.pk) if last else ""


def _keep(study: Study, user: User, after: Row, note: str, more: Iterable[Change] = ()) -> bool:
    last = study.codebooks.first()
    if after == (last.content if last else EMPTY):
        return False
    version = new(
        "codebook",
        number=(last.number if last else 0) + 1,
        content=after,
        by=user.name,
        note=" ".join(note.split())[:NOTE],
        at=timezone.now(),
    )
    act(study, user, "codebook", [version, *more])
    return True


def _check_recoding(study: Study, user: User, now: Row, code: str, to: str, used: list[Coding]) -> None:
    if not may_code(study, user):
        raise Fault("common.closed", status=403)
    if codings_seen(study, user).filter(code=code).count() < len(used):
        raise Fault("codebook.used_by_others", status=409)
    if not to:
        raise Fault("codebook.needs_recoding", status=409, n=len(used))
    # Whom "we" means is told of a mention, which a passage need not be.
    if to == code or not is_there(now, to) or services.codes().get(to, {}).get("family") == "A":
        raise Fault("codebook.no_such_code", code=to[:60])


def _recoded(study: Study, used: list[Coding], to: str) -> Iterator[Change]:
    """One coder's code on a passage stands there once."""
    there = set(Coding.objects.filter(study=study, code=to).values_list("document_id", "start", "end", "coder"))
    fields = services.codes().get(to, {}).get("fields", ())
    for one in used:
        place = (one.document_id, one.start, one.end, one.coder)
        if place in there:
            yield gone(one)
            continue
        there.add(place)
        yield changed(one, code=to, fields={name: value for name, value in one.fields.items() if name in fields})


def _own_ids(before: Row, after: Row) -> list[str]:
    return list(dict.fromkeys(row["id"] for content in (before, after) for row in content["own"]))


def _places(before: Row, after: Row, code: str) -> list[tuple[str, str]]:
    own = [] if code in services.codes() else [(part, "") for part in OWN_PLACE]
    told = {
        (part, language)
        for content in (before, after)
        for part, texts in content["codes"].get(code, {}).items()
        for language in texts
    }
    parts = [part for part in PARTS if not own or part not in OWN_PLACE]
    return own + [(part, language) for part in parts for language in services.LANGUAGES if (part, language) in told]


def _pieces(was: str, is_: str) -> list[tuple[str, str]]:
    """Word for word: ("same" | "del" | "ins", text)."""
    old, new_ = WORDS.findall(was), WORDS.findall(is_)
    pieces = []
    for how, a, b, c, d in SequenceMatcher(None, old, new_, autojunk=False).get_opcodes():
        if how == "equal":
            pieces.append(("same", "".join(old[a:b])))
            continue
        pieces += [(kind, text) for kind, text in (("del", "".join(old[a:b])), ("ins", "".join(new_[c:d]))) if text]
    return pieces
