"""Layers of a Vega-Lite drawing whose places are worked out beforehand, in pixels, so that nothing overlaps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from weness.reporting.drawing import INK

Spec = dict[str, Any]
Spot = dict[str, Any]
"""One thing to draw: x, y (and x2, y2), and where they apply colour, text, href, opacity, shape."""

WIDTH = 820.0
"""Pixels of every drawing; the page scales it."""

ORANGE, SKY, GREEN, YELLOW = "#E69F00", "#56B4E9", "#009E73", "#F0E442"
BLUE, VERMILLION, PURPLE, GREY = "#0072B2", "#D55E00", "#CC79A7", "#6B6B6B"
"""Okabe and Ito's palette: told apart by colour-blind readers too."""

WHITE_ON = (BLUE, GREY)
WHITE, BLACK = "#FFFFFF", "#111111"


def on(colour: str) -> str:
    """The text colour that can be read on a fill."""
    return WHITE if colour in WHITE_ON else BLACK


def canvas(width: float, height: float, *layers: Spec) -> Spec:
    return {"width": width, "height": height, "layer": [layer for layer in layers if layer["data"]["values"]]}


def bars(spots: Iterable[Spot], **mark: Any) -> Spec:
    return _layer(spots, {"type": "rect", "stroke": None, **mark}, "x2", "y2")


def lines(spots: Iterable[Spot], **mark: Any) -> Spec:
    return _layer(spots, {"type": "rule", "color": INK, **mark}, "x2", "y2")


def dots(spots: Iterable[Spot], **mark: Any) -> Spec:
    return _layer(spots, {"type": "point", "filled": True, "size": 90, "opacity": 1, **mark})


def texts(spots: Iterable[Spot], **mark: Any) -> Spec:
    return _layer(spots, {"type": "text", "fontSize": 12.5, "baseline": "middle", "color": INK, **mark})


def _layer(spots: Iterable[Spot], mark: Spec, *ends: str) -> Spec:
    values = list(spots)
    encoding: Spec = {name: {"field": name, "type": "quantitative", "scale": None, "axis": None} for name in ("x", "y")}
    encoding |= {end: {"field": end, "scale": None} for end in ends}
    known = {name for spot in values for name in spot}
    for channel in ("color", "shape", "opacity", "stroke"):
        if channel in known:
            encoding[channel] = {"field": channel, "type": "nominal", "scale": None, "legend": None}
    encoding |= {channel: {"field": channel, "type": "nominal"} for channel in ("text", "href") if channel in known}
    return {"data": {"values": values}, "mark": mark, "encoding": encoding}
