"""The codes as a study words them: weness's codebook, what the study's scholars changed in it, and codes of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from weness_web import services
from weness_web.faults import Fault
from weness_web.models import Study

Row = dict[str, Any]
PARTS = ("title", "definition", "when", "when_not", "examples", "counter_examples")
OWN_PLACE = {"title": "name", "definition": "description", "color": "color", "parent": "parent", "means": "means"}
"""Where a part stands in the row of the study's own code: such a part is the same in every language."""
LONGEST = {"title": 200}
LONG = 4000
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
FAMILIES = ("A", "B", "C", "own")
COLOURS = {
    "A": ("#1b6e8c", "#2a7f62", "#5a7d1c", "#8a6d00", "#6b5b95", "#7a4a2b", "#4a6fa5", "#9a3b6d"),
    "B": ("#b5471b", "#a8323e", "#8c5a00", "#94527a", "#6d6a00", "#3f6f3a", "#20748a", "#5b5ea6", "#7b3f61", "#996515"),
    "C": (
        "#3b5bdb",
        "#0b7285",
        "#5c940d",
        "#9c36b5",
        "#c2255c",
        "#a65a00",
        "#2b8a3e",
        "#1864ab",
        "#862e9c",
        "#5f3dc4",
        "#087f5b",
        "#d9480f",
    ),
    "own": ("#495057", "#6741d9", "#a61e4d", "#0b7285", "#5c940d", "#e67700"),
}


def content_of(study: Study) -> Row:
    """The latest version's content: {"codes": {id: {part: {language: text}}}, "own": [...]}."""
    last = study.codebooks.first()
    return last.content if last else {"codes": {}, "own": []}


def codes_of(study: Study, language: str) -> list[Row]:
    """Every code as the study words it, in the order of the codebook: id, family, core, title, definition, when, when_not,
    examples, counter_examples, fields, source, colour, own (whether it is the study's), means, parent."""
    content = content_of(study)
    found: list[Row] = []
    counters: dict[str, int] = {}
    for id, code in services.codes().items():
        texts = content["codes"].get(id, {})
        family = code["family"]
        said = {part: _say({**code[part], **texts.get(part, {})}, language) for part in PARTS}
        found.append(
            {
                "id": id,
                "family": family,
                "core": code["core"],
                "fields": list(code["fields"]),
                "source": code["source"],
                "colour": _colour(family, counters),
                "own": False,
                "means": "",
                "parent": "",
                "changed": bool(texts),
                **said,
            }
        )
    for row in content["own"]:
        texts = content["codes"].get(row["id"], {})
        found.append(
            {
                **{part: _say(texts.get(part, {}), language) for part in PARTS},
                "id": row["id"],
                "family": "own",
                "core": "",
                "fields": [],
                "source": "",
                "title": row.get("name", row["id"]),
                "definition": row.get("description", ""),
                "colour": row.get("color") or _colour("own", counters),
                "own": True,
                "means": row.get("means", ""),
                "parent": row.get("parent", ""),
                "changed": False,
            }
        )
    return found


def code_ids(study: Study) -> set[str]:
    return {*services.codes(), *(row["id"] for row in content_of(study)["own"])}


def family_of(study: Study, code: str) -> str:
    known = services.codes().get(code)
    return str(known["family"]) if known else "own"


def own_row(content: Row, code: str) -> Row | None:
    return next((row for row in content["own"] if row["id"] == code), None)


def is_there(content: Row, code: str) -> bool:
    return code in services.codes() or own_row(content, code) is not None


def weness_says(code: str, part: str, language: str) -> str:
    """weness's own words, "" for a code of the study's own."""
    known = services.codes().get(code)
    return str(known[part].get(language, "")) if known and part in PARTS else ""


def said_in(content: Row, code: str, part: str, language: str) -> str:
    """What the study says in this language of a part of a code: weness's words where nobody changed them."""
    own = own_row(content, code)
    if own is not None and part in OWN_PLACE:
        return str(own.get(OWN_PLACE[part]) or "")
    changed = content["codes"].get(code, {}).get(part, {}).get(language, "")
    return changed or weness_says(code, part, language)


def edited(content: Row, code: str, language: str, texts: Mapping[str, str]) -> Row:
    """The content with other texts of a code. Without a text, or with weness's own, weness's words hold again."""
    after = deepcopy(content)
    own = own_row(after, code)
    for part, text in texts.items():
        if own is not None and part in OWN_PLACE:
            own[OWN_PLACE[part]] = text
        elif part in PARTS:
            _put(after["codes"], code, part, language, "" if text == weness_says(code, part, language) else text)
    return after


def with_new(content: Row, row: Row, language: str, texts: Mapping[str, str]) -> tuple[Row, str]:
    """The content with one more code of the study's own, and the id that it got from its name."""
    plain = services.short_name(f"x {row['name']}")[2:60].strip("_") or "code"
    taken = {id.casefold() for id in (*services.codes(), *(one["id"] for one in content["own"]))}
    id, number = plain, 2
    while id in taken:
        id, number = f"{plain}_{number}", number + 1
    after = deepcopy(content)
    after["own"].append({"id": id, **row})
    return edited(after, id, language, {part: text for part, text in texts.items() if text}), id


def without(content: Row, code: str) -> Row:
    """The content without a code of the study's own; those below it come below what it was below."""
    after = deepcopy(content)
    gone = own_row(after, code)
    after["own"] = [row for row in after["own"] if row["id"] != code]
    for row in after["own"]:
        if gone is not None and row.get("parent") == code:
            row["parent"] = gone.get("parent", "")
    after["codes"].pop(code, None)
    if after.get("keys"):
        after["keys"].pop(code, None)
    return after


def checked(content: Row, code: str, texts: Mapping[str, str]) -> dict[str, str]:
    """The texts of a form made clean. Raises Fault where one is too long, or the code cannot be named, coloured or put so."""
    clean = {part: _clean(part, text) for part, text in texts.items()}
    if code not in services.codes() and ("title" in clean or not code):
        _check_name(content, code, clean.get("title", ""))
    if clean.get("color") and not COLOUR.fullmatch(clean["color"]):
        raise Fault("codebook.no_colour")
    if clean.get("means") and clean["means"] not in services.codes():
        raise Fault("codebook.no_such_code", code=clean["means"][:60])
    parent = clean.get("parent")
    if parent and not is_there(content, parent):
        raise Fault("codebook.no_such_code", code=parent[:60])
    if parent and code and code in _above(content, parent):
        raise Fault("codebook.below_itself")
    return clean


def as_sent(content: Row, language: str) -> Row:
    """The content for another program, where all that is said of an own code is its description."""
    after = deepcopy(content)
    for row in after["own"]:
        lines = [row.get("description", "")]
        for part, mark in (("when", "+"), ("when_not", "-")):
            text = _say(content["codes"].get(row["id"], {}).get(part, {}), language)
            lines.append(f"{mark} {text}" if text else "")
        row["description"] = "\n".join(filter(None, lines))
    return after


def _check_name(content: Row, code: str, name: str) -> None:
    if not name:
        raise Fault("codebook.needs_name")
    if any(str(row.get("name", "")).casefold() == name.casefold() and row["id"] != code for row in content["own"]):
        raise Fault("codebook.name_taken", name=name)


def _above(content: Row, code: str) -> set[str]:
    """A code and all that it is below."""
    seen: set[str] = set()
    while code and code not in seen:
        seen.add(code)
        code = (own_row(content, code) or {}).get("parent", "")
    return seen


def _clean(part: str, text: str) -> str:
    plain = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if part == "title":
        plain = " ".join(plain.split())
    longest = LONGEST.get(part, LONG)
    if len(plain) > longest:
        raise Fault("codebook.too_long", n=longest)
    return plain


def _put(codes: Row, code: str, part: str, language: str, text: str) -> None:
    """Sets a text, or takes it out with all that is empty then."""
    if text:
        codes.setdefault(code, {}).setdefault(part, {})[language] = text
        return
    parts = codes.get(code, {})
    parts.get(part, {}).pop(language, None)
    if not parts.get(part):
        parts.pop(part, None)
    if not parts:
        codes.pop(code, None)


def _colour(family: str, counters: dict[str, int]) -> str:
    shades = COLOURS[family]
    number = counters.get(family, 0)
    counters[family] = number + 1
    return shades[number % len(shades)]


def _say(texts: Mapping[str, str], language: str) -> str:
    """In this language, else in English, else as it was written."""
    return texts.get(language) or texts.get("en") or next(filter(None, texts.values()), "")
