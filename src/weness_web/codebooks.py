"""The codes as a study words them: weness's codebook, what the study's scholars changed in it, and codes of their own."""

from __future__ import annotations

from typing import Any

from weness_web import services
from weness_web.models import Study

Row = dict[str, Any]
PARTS = ("title", "definition", "when", "when_not", "examples", "counter_examples")
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
    example, counter_example, fields, colour, own (whether it is the study's), means."""
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
                "changed": bool(texts),
                **said,
            }
        )
    for row in content["own"]:
        found.append(
            {
                **{part: "" for part in PARTS},
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


def _colour(family: str, counters: dict[str, int]) -> str:
    shades = COLOURS[family]
    number = counters.get(family, 0)
    counters[family] = number + 1
    return shades[number % len(shades)]


def _say(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or texts.get("en", "")
