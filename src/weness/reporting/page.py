"""One HTML page that holds everything: the words, the pictures, the quotes and the texts they come from."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weness.findings import Findings
from weness.reporting.desk import Desk, Row, laid_out
from weness.reporting.parts.checks import checks
from weness.reporting.parts.front import front
from weness.reporting.parts.method import method
from weness.reporting.parts.relations import emergence, relations
from weness.reporting.parts.shared import shared
from weness.reporting.parts.stages import stages
from weness.reporting.parts.texts import AROUND, FULL, QUOTES, SHOWN, texts
from weness.reporting.parts.voices import voices
from weness.reporting.parts.we import we
from weness.reporting.places import shortened
from weness.reporting.summary import summary

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"

PARTS = {
    "front": front,
    "stages": stages,
    "we": we,
    "checks": checks,
    "shared": shared,
    "relations": relations,
    "emergence": emergence,
    "voices": voices,
    "method": method,
}
"""What each template is given. A new part is a file in parts/, a template, and a line here."""


def report_page(findings: Findings, language: str = "en") -> str:
    """The page, with as much of the texts as keeps it small enough to be mailed."""
    desk = laid_out(findings, language)
    shown = {name: part(desk) for name, part in PARTS.items()}
    for amount in (FULL, AROUND, QUOTES):
        page = _filled(desk, {**shown, "texts": texts(desk, amount)})
        if len(page.encode()) <= desk.rules["page_limit"]:
            return page
    return _shortest(desk, shown)


def report_body(findings: Findings, language: str = "en") -> str:
    """The parts of the page without its frame and without the texts, for another page that shows the texts itself.

    A quote's place is a link to ``#qN-START``: the study's Nth document, and the offset of the sentence in it.
    """
    desk = laid_out(findings, language)
    shown = {name: part(desk) for name, part in PARTS.items()}
    return _rendered("body.html", desk, {**shown, "texts": None})


def _shortest(desk: Desk, shown: dict[str, Row]) -> str:
    """Only the sentences that the page quotes; where all the others are is in tables/quotes.csv."""
    bare = _filled(desk, {**shown, "texts": texts(desk, SHOWN)})
    quoted = frozenset(re.findall(r'href="#(q\d+-\d+)"', bare))
    return _filled(desk, {**shown, "texts": texts(desk, SHOWN, quoted)})


def _filled(desk: Desk, parts: Mapping[str, Row]) -> str:
    style, script = ((TEMPLATES / name).read_text("utf-8") for name in ("report.css", "report.js"))
    frame = {
        "version": summary(desk.findings, desk.words.language)["weness"],
        "invented": desk.findings.invented,
        "style": style,
        "script": script,
        "style_hash": _hash(style),
        "script_hash": _hash(script),
    }
    return _rendered("report.html", desk, {**frame, **parts})


def _rendered(template: str, desk: Desk, shown: Mapping[str, Any]) -> str:
    return (
        _templates()
        .get_template(template)
        .render(
            w=desk.words,
            study=desk.findings.corpus,
            entries=desk.evidence,
            short=lambda text: shortened(text, desk.rules["quote_length"]),
            **shown,
        )
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@cache
def _templates() -> Environment:
    """Everything that users wrote is escaped; only our own style, script and drawings are not."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
