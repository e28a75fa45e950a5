"""A Vega-Lite dictionary becomes an SVG that fits any page: its own ids, the page's ink, links that stay on the page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

INK = "#010203"
"""Stands for the page's own text colour, light or dark, in every specification."""

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"

CONFIG: dict[str, Any] = {
    "background": "transparent",
    "font": FONT,
    "view": {"stroke": "transparent"},
    "axis": {
        "labelColor": INK, "titleColor": INK, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal",
        "domain": False, "ticks": False, "labelPadding": 8, "gridColor": INK, "gridOpacity": 0.14, "labelLimit": 230,
    },
    "header": {"labelColor": INK, "titleColor": INK, "labelFontSize": 12, "labelFontWeight": "bold", "labelLimit": 230},
    "legend": {
        "labelColor": INK, "titleColor": INK, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal",
        "symbolSize": 110, "orient": "top", "labelLimit": 220, "offset": 12,
    },
    "text": {"color": INK, "fontSize": 12},
}  # fmt: skip


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
    svg = re.sub(r"<\?xml[^>]*>|<!DOCTYPE[^>]*>", "", svg)
    svg = re.sub(r' (?:xmlns(?::xlink)?|version|class|role|aria-[a-z]+|style|pointer-events)="[^"]*"', "", svg)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{id}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{id}-\1)", svg)
    svg = svg.replace(f'"{INK}"', '"currentColor"')
    # The figure is one picture to a screen reader; the same links stand in its table.
    svg = re.sub(r'<a xlink:href="(#[^"]*)"[^>]*>', r'<a href="\1" tabindex="-1">', svg)
    svg = re.sub(r"-?\d+\.\d{3,}", lambda number: f"{float(number.group()):.2f}", svg)
    return re.sub(r'<svg width="([\d.]+)" height="[\d.]+"', r'<svg style-width="\1"', svg, count=1)
