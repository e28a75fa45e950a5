"""A Vega-Lite dictionary becomes an SVG that fits any page: its own ids, the page's ink, links that stay on the page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

INK = "#010203"
"""Stands for the page's own text colour, light or dark, in every specification."""

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"

CONFIG: dict[str, Any] = {"background": "transparent", "font": FONT, "view": {"stroke": None}}


@dataclass(frozen=True, slots=True)
class Drawing:
    """``summary`` says in a sentence what is seen; ``head`` and ``rows`` are the same as a table.

    A cell is a text, or a (text, anchor) pair.
    """

    id: str
    svg: str
    summary: str
    head: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def drawn(id: str, spec: dict[str, Any]) -> str:
    """The SVG of a specification, ready to stand in the page."""
    import vl_convert

    whole = {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", "config": CONFIG, "padding": 4, **spec}
    svg: str = vl_convert.vegalite_to_svg(whole)
    return _at_home(svg, id)


def _at_home(svg: str, id: str) -> str:
    """Only the tags are touched, never a text between them: Vega escapes what users wrote."""
    return re.sub(r"<[^>]*>", lambda tag: _tag(tag.group(), id), svg)


def _tag(tag: str, id: str) -> str:
    if tag.startswith("<svg "):
        width, box = re.findall(r' (?:width|viewBox)="([^"]+)"', tag)
        return f'<svg width="{width}" viewBox="{box}" aria-hidden="true" focusable="false">'
    if tag.startswith("<a "):
        # The figure is one picture to a screen reader; the same links stand in its table. vl-convert puts an address of
        # its own in front of a link within the page.
        there = re.search(r'xlink:href="[^"#]*(#[^"]*)"', tag)
        return f'<a href="{there.group(1)}" tabindex="-1">' if there else "<a>"
    tag = re.sub(r' (?:xmlns(?::xlink)?|version|class|role|aria-[a-z]+|style|pointer-events)="[^"]*"', "", tag)
    tag = re.sub(r'\bid="([^"]+)"', rf'id="{id}-\1"', tag)
    tag = re.sub(r"url\(#([^)]+)\)", rf"url(#{id}-\1)", tag).replace(f'"{INK}"', '"currentColor"')
    return re.sub(r"-?\d+\.\d{3,}", lambda number: f"{float(number.group()):.2f}", tag)
