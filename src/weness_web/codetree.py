"""The codebook as its page shows it: families, the core codes that codes roll up to, use, fields, memos."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count

from weness_web import services
from weness_web.access import codings_seen, is_blind
from weness_web.codebooks import FAMILIES, PARTS, codes_of, said_in, weness_says
from weness_web.models import Memo, Study, User

Row = dict[str, Any]


def told(study: Study, user: User, language: str) -> list[Row]:
    """`codes_of`, with the use of each code as far as the user sees it, and its depth in the tree."""
    used = dict(codings_seen(study, user).order_by().values_list("code").annotate(n=Count("pk")))
    codes = codes_of(study, language)
    return [{**one, "n": used.get(one["id"], 0), "depth": depth} for one, depth in _in_order(codes)]


def found(codes: Sequence[Row], asked: str) -> list[Row]:
    """The codes in whose id or words all the words asked for stand, whatever the case and the accents."""
    wanted = _bare(asked).split()
    return [
        one
        for one in codes
        if all(word in _bare(" ".join((one["id"], *(one[part] for part in PARTS)))) for word in wanted)
    ]


def families(codes: Sequence[Row], language: str) -> list[Row]:
    """Families with their codes; in the codebook's own, those that roll up to one core code stand together."""
    titles = services.core_titles(language)
    shown = []
    for family in FAMILIES:
        own = [one for one in codes if one["family"] == family]
        groups: dict[str, list[Row]] = {}
        for one in own:
            groups.setdefault(one["core"], []).append(one)
        told = [{"core": core, "title": titles.get(core, ""), "codes": rows} for core, rows in groups.items()]
        if own:
            shown.append({"family": family, "codes": [one for group in told for one in group["codes"]], "groups": told})
    return shown


def fields(language: str) -> dict[str, Row]:
    """Every field that a coding may have: its words and what it means."""
    found: dict[str, Row] = {}
    for code in services.codes():
        for name, field in services.fields_of(code).items():
            found.setdefault(name, {"values": field["values"], "means": field["means"][language]})
    return found


def names(language: str, *contents: Row) -> dict[str, str]:
    """Code id -> its title, also of own codes that only one of the versions has."""
    own = {row["id"]: row.get("name", row["id"]) for content in contents for row in content["own"]}
    return own | {id: code["title"][language] for id, code in services.codes().items()}


def part(
    content: Row, code: str, part: str, language: str, typed: Mapping[str, str] | None, clash: Sequence[str]
) -> Row:
    """One part of a code for its form: the text to edit, what weness says, and what somebody else saved meanwhile."""
    now, weness = said_in(content, code, part, language), weness_says(code, part, language)
    return {
        "name": part,
        "text": now if typed is None else typed.get(part, now),
        "weness": weness,
        "changed": bool(weness) and now != weness,
        "theirs": now if part in clash else None,
    }


def memos(study: Study, user: User, code: str) -> list[Row]:
    rows = Memo.objects.filter(study=study, kind="code", thing=code).order_by("at")
    if is_blind(study, user):
        rows = rows.filter(by=user.name)
    return [{"id": one.pk, "by": one.by, "at": one.at, "text": one.text, "own": one.by == user.name} for one in rows]


def latest(study: Study) -> str:
    last = study.codebooks.only("pk").first()
    return str(last.pk) if last else ""


def _in_order(codes: Sequence[Row]) -> list[tuple[Row, int]]:
    """The codes with their depth; an own code stands below the own code that it belongs to."""
    own = {one["id"]: one for one in codes if one["own"]}
    below: dict[str, list[Row]] = {}
    for one in own.values():
        below.setdefault(one["parent"] if one["parent"] in own else "", []).append(one)
    placed: list[tuple[Row, int]] = [(one, 0) for one in codes if not one["own"]]
    waiting = [(one, 0) for one in reversed(below.get("", []))]
    seen: set[str] = set()
    while waiting:
        one, depth = waiting.pop()
        seen.add(one["id"])
        placed.append((one, depth))
        waiting += [(child, depth + 1) for child in reversed(below.get(one["id"], []))]
    # A file from elsewhere may have codes that stand below one another in a ring.
    return placed + [(one, 0) for id, one in own.items() if id not in seen]


def _bare(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().replace("_", " "))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
