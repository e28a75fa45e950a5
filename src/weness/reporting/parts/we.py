"""Whom "we" means, partner by partner and wave by wave."""

from __future__ import annotations

from weness.measuring.measures import Measure
from weness.reporting.desk import Desk, Row
from weness.reporting.figures import in_ten, tenths
from weness.reporting.plots import we_plot


def we(desk: Desk) -> Row:
    corpus = desk.findings.corpus
    names = desk.rules["we"]
    return {
        "plot": we_plot(desk),
        "names": [desk.words.measure(name) for name in names],
        "waves": [
            {"wave": wave.id, "cells": [desk.cell(name, wave.id) for name in names]} for wave in reversed(corpus.waves)
        ],
        "partners": [
            {"name": partner.name, "waves": [_wave(desk, wave.id, partner.id) for wave in reversed(corpus.waves)]}
            for partner in corpus.partners
        ],
    }


def _wave(desk: Desk, wave: str, partner: str) -> Row:
    measure = desk.findings.measure("we_partnership", wave, partner)
    cells = [desk.cell(name, wave, partner) for name in desk.rules["we"]]
    return {
        "wave": wave,
        "silent": measure is None or measure.tier == "none",
        "mentions": _mentions(desk, measure),
        "cells": cells,
        "bounds": _bounds(desk, measure),
    }


def _mentions(desk: Desk, measure: Measure | None) -> str:
    if measure is None or (not measure.counts.get("mentions") and not measure.counts.get("resolved")):
        return "0"
    return desk.words(
        "we.mentions", n=int(measure.counts.get("resolved", 0)), unclear=int(measure.counts.get("unclear", 0))
    )


def _bounds(desk: Desk, measure: Measure | None) -> str:
    """From "no unclear mention meant the partnership" to "every one did", where a number may be given at all."""
    if measure is None or measure.bounds is None or measure.tier in ("none", "insufficient"):
        return ""
    return tenths(*measure.bounds, desk.words) or in_ten(measure.bounds[0], desk.words)
