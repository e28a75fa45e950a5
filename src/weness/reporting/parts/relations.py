"""How the partners deal with one another, and whether the "we" belongs to the partnership as a body."""

from __future__ import annotations

from weness.reporting.desk import Desk, Row
from weness.reporting.plots import balance_plot


def relations(desk: Desk) -> Row:
    return {"plot": balance_plot(desk), "balances": _table(desk, "balances"), "signals": _table(desk, "signals")}


def emergence(desk: Desk) -> Row:
    return {"table": _table(desk, "emergence")}


def _table(desk: Desk, group: str) -> Row:
    """The measures of one group, wave by wave; one that was never measured is left out."""
    waves = [wave.id for wave in reversed(desk.findings.corpus.waves)]
    there = {measure.name for measure in desk.findings.measures if measure.partner is None}
    return {
        "waves": waves,
        "rows": [
            {
                "title": desk.words.measure(name),
                "short": desk.words.measure(name, "short"),
                "cells": [desk.cell(name, wave) for wave in waves],
            }
            for name in desk.rules[group]
            if name in there
        ],
    }
