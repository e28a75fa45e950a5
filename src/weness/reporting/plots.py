"""Pictures of a study, each with its sentence and its table: stages, whom "we" means, balance, evidence."""

from __future__ import annotations

from typing import Any

from weness.measuring.measures import Measure
from weness.reporting.desk import Desk
from weness.reporting.drawing import INK, Drawing, drawn
from weness.reporting.figures import numbers
from weness.reporting.marks import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    VERMILLION,
    WIDTH,
    Spot,
    bars,
    canvas,
    dots,
    lines,
    on,
    texts,
)  # fmt: skip
from weness.reporting.places import shortened
from weness.staging.snapshot import CANNOT_SAY

STAGE_COLOURS = (SKY, BLUE, ORANGE, GREEN, PURPLE, VERMILLION, GREY)


def stage_plot(desk: Desk) -> Drawing | None:
    """Shares of the stages, one bar a wave; a wave that cannot say is left empty on purpose."""
    stages = desk.findings.process.stages
    if not stages:
        return None
    colours = {stage.id: STAGE_COLOURS[n % len(STAGE_COLOURS)] for n, stage in enumerate(stages)}
    left, full = 90.0, WIDTH - 90.0
    shown: list[Spot] = []
    labels: list[Spot] = []
    names: list[Spot] = []
    empty: list[Spot] = []
    rows: list[tuple[Any, ...]] = []
    for number, one in enumerate(desk.findings.posteriors):
        top, anchor = number * 50.0, f"#stage-{number + 1}"
        names.append({"x": 0, "y": top + 18, "text": shortened(one.wave, 14)})
        if one.call == CANNOT_SAY or not one.shares:
            empty.append({"x": left, "x2": WIDTH, "y": top, "y2": top + 36, "href": anchor})
            labels.append(
                {
                    "x": left + full / 2,
                    "y": top + 18,
                    "text": desk.words("call.cannot_say"),
                    "color": INK,
                    "href": anchor,
                }
            )
            rows.append(((one.wave, anchor), desk.words("call.cannot_say")))
            continue
        at = left
        for stage in one.stages:
            width = one.shares.get(stage, 0.0) * full
            spot = {"x": at, "x2": at + width, "y": top, "y2": top + 36, "color": colours[stage], "href": anchor}
            if width > 0.5:
                shown.append(spot)
            if width > 24:
                text = desk.stage(stage) if width > 9 * len(desk.stage(stage)) else stage
                ink = on(colours[stage])
                labels.append({"x": at + width / 2, "y": top + 18, "text": text, "color": ink, "href": anchor})
            at += width
        told = desk.words("list.join").join(
            desk.words("stages.share", stage=desk.stage(id), n=round(share * 10))
            for id, share in sorted(one.shares.items(), key=lambda pair: -pair[1])
            if round(share * 10)
        )
        rows.append(((one.wave, anchor), told))
    spec = canvas(
        WIDTH,
        len(names) * 50.0 - 14,
        bars(empty, fillOpacity=0.06, fill=INK, stroke=INK, strokeDash=[4, 4], strokeOpacity=0.5),
        bars(shown, stroke="#FFFFFF", strokeWidth=1.5),
        texts(labels, align="center"),
        texts(names, align="left", fontWeight="bold"),
    )
    calls = desk.words("list.join").join(f"{one.wave}: {desk.called(one)}" for one in desk.findings.posteriors)
    summary = desk.words("plots.stages.summary", calls=calls)
    head = (desk.words("table.wave"), desk.words("plots.stages.column"))
    return Drawing("p-stages", drawn("p-stages", spec), summary, head, tuple(rows))


def we_plot(desk: Desk) -> Drawing | None:
    """Whom "we" means: for each partner and wave the share that means the partnership, and the own organisation."""
    left, full = 250.0, WIDTH - 270.0
    waves = desk.findings.corpus.waves
    spans: list[Spot] = []
    points: list[Spot] = []
    names: list[Spot] = []
    small: list[Spot] = []
    grid: list[Spot] = []
    rows: list[tuple[Any, ...]] = []
    y = 34.0
    for partner in desk.findings.corpus.partners:
        names.append({"x": 0, "y": y, "text": shortened(partner.name, 26)})
        for wave in waves:
            small.append({"x": left - 22, "y": y, "text": shortened(wave.id, 8), "opacity": 0.9})
            told = []
            for name, colour, shape, shift in (("we_partnership", BLUE, "circle", -5), ("we_own", ORANGE, "square", 5)):
                measure = desk.findings.measure(name, wave.id, partner.id)
                told.append(_told(desk, measure))
                value, low, high = numbers(measure) if measure else (None, None, None)
                if value is None or low is None or high is None:
                    continue
                href = _href(desk, measure)
                spans.append(
                    {"x": left + low * full, "x2": left + high * full, "y": y + shift, "y2": y + shift, "color": colour}
                )
                points.append({"x": left + value * full, "y": y + shift, "color": colour, "shape": shape, "href": href})
            if not any(spot["y"] in (y - 5, y + 5) for spot in points):
                small.append({"x": left + 150, "y": y, "text": desk.words("figure.insufficient"), "opacity": 0.75})
            rows.append((partner.name, wave.id, *told))
            y += 30
        grid.append({"x": 0, "x2": WIDTH, "y": y - 9, "y2": y - 9})
        y += 12
    if not points:
        return None
    bottom = y - 20
    ticks = [(0.0, "none"), (0.5, "half"), (1.0, "all")]
    upright = [{"x": left + at * full, "x2": left + at * full, "y": 14, "y2": bottom} for at, _ in ticks]
    words = [{"x": left + at * full, "y": 4, "text": desk.words(f"plots.we.{name}")} for at, name in ticks]
    spec = canvas(
        WIDTH,
        bottom,
        lines(grid[:-1], opacity=0.18),
        lines(upright, opacity=0.18),
        lines(spans, strokeWidth=3, opacity=0.55),
        dots(points),
        texts(names, align="left", fontWeight="bold"),
        texts([{**spot, "text": spot["text"]} for spot in small], align="center", fontSize=11.5),
        texts(words, align="center", fontSize=11.5),
    )
    summary = desk.words("plots.we.summary", n=len(desk.findings.corpus.partners), waves=len(waves))
    head = ("partner", "wave", "part", "own")
    titles = (
        *(desk.words(f"table.{name}") for name in head[:2]),
        *map(desk.words.measure, ("we_partnership", "we_own")),
    )
    return Drawing("p-we", drawn("p-we", spec), summary, titles, tuple(rows))


def balance_plot(desk: Desk) -> Drawing | None:
    """How partners speak of their dealings: segments against (left), neutral (in the middle), in favour (right)."""
    found = [
        (name, own)
        for name in desk.rules["balances"]
        if (own := [one for one in desk.findings.measures if one.name == name and one.partner is None and one.estimate])
    ]
    most = max([_reach(measure) for _, own in found for measure in own], default=0.0)
    if not most:
        return None
    left, centre = 190.0, 190.0 + (WIDTH - 230.0) / 2
    unit = (WIDTH - 230.0) / 2 / most
    shown: list[Spot] = []
    labels: list[Spot] = []
    names: list[Spot] = []
    rows: list[tuple[Any, ...]] = []
    y = 26.0
    for name, own in found:
        names.append({"x": 0, "y": y + 9, "text": shortened(desk.words.measure(name), 24)})
        for measure in own:
            minus, middle, plus = (measure.counts.get(side, 0) for side in ("negative", "neutral", "positive"))
            href = _href(desk, measure)
            half = middle / 2 * unit
            for x, x2, colour, count in (
                (centre - half - minus * unit, centre - half, VERMILLION, minus),
                (centre - half, centre + half, "#B9B9B9", middle),
                (centre + half, centre + half + plus * unit, BLUE, plus),
            ):
                if count:
                    shown.append({"x": x, "x2": x2, "y": y, "y2": y + 18, "color": colour, "href": href})
                if count and x2 - x > 12:
                    labels.append({"x": (x + x2) / 2, "y": y + 9.5, "text": f"{count:.0f}", "color": on(colour)})
            names.append({"x": left - 30, "y": y + 9, "text": shortened(measure.wave, 8)})
            rows.append((desk.words.measure(name), (measure.wave, href), *(f"{n:.0f}" for n in (minus, middle, plus))))
            y += 23
        y += 10
    heads = [
        {"x": centre - 60, "y": 6, "text": f"\N{LEFTWARDS ARROW} {desk.words('figure.negative')}"},
        {"x": centre + 60, "y": 6, "text": f"{desk.words('figure.positive')} \N{RIGHTWARDS ARROW}"},
    ]
    spec = canvas(
        WIDTH,
        y - 10,
        lines([{"x": centre, "x2": centre, "y": 18, "y2": y - 12}], opacity=0.3),
        bars(shown, stroke="#FFFFFF", strokeWidth=1),
        texts(labels, align="center", fontSize=11),
        texts(names, align="left"),
        texts(heads, align="center", fontSize=11.5),
    )
    head = ("measure", "wave", "negative", "neutral", "positive")
    return Drawing(
        "p-balance",
        drawn("p-balance", spec),
        desk.words("plots.balance.summary"),
        tuple(desk.words(f"table.{one}") for one in head),
        tuple(rows),
    )


def tier_plot(desk: Desk) -> Drawing:
    """How much was heard of each partner in each wave: one tile each, its word written on it."""
    waves, left = desk.findings.corpus.waves, 250.0
    width = (WIDTH - left) / max(len(waves), 1)
    fills = {"none": 0.0, "insufficient": 0.08, "indicative": 0.3, "adequate": 0.75}
    tiles: list[Spot] = []
    labels: list[Spot] = []
    names: list[Spot] = []
    rows: list[tuple[Any, ...]] = []
    for column, wave in enumerate(waves):
        labels.append({"x": left + (column + 0.5) * width, "y": 8, "text": shortened(wave.id, 16), "color": INK})
    for row, partner in enumerate(desk.findings.corpus.partners):
        y = 24.0 + row * 36
        names.append({"x": 0, "y": y + 15, "text": shortened(partner.name, 32)})
        told: list[Any] = [partner.name]
        for column, wave in enumerate(waves):
            measure = desk.findings.measure("words", wave.id, partner.id)
            tier = measure.tier if measure else "none"
            x = left + column * width
            tiles.append({"x": x + 2, "x2": x + width - 2, "y": y, "y2": y + 31, "opacity": fills[tier]})
            word = desk.words(f"tier.{tier}")
            ink = "#FFFFFF" if tier == "adequate" else INK
            labels.append({"x": x + width / 2, "y": y + 16, "text": word, "color": ink})
            told.append(word)
        rows.append(tuple(told))
    spec = canvas(
        WIDTH,
        24.0 + len(rows) * 36,
        bars(tiles, fill="#00527F", stroke=INK, strokeOpacity=0.4),
        texts(labels, align="center", fontSize=11.5),
        texts(names, align="left"),
    )
    summary = desk.words("plots.tiers.summary", n=len(rows), waves=len(waves))
    head = (desk.words("table.partner"), *(wave.id for wave in waves))
    return Drawing("p-tiers", drawn("p-tiers", spec), summary, head, tuple(rows))


def _reach(measure: Measure) -> float:
    middle = measure.counts.get("neutral", 0) / 2
    return middle + max(measure.counts.get("negative", 0), measure.counts.get("positive", 0))


def _href(desk: Desk, measure: Measure | None) -> str:
    entry = desk.entry(measure)
    return f"#{entry.id}" if entry else "#all-measures"


def _told(desk: Desk, measure: Measure | None) -> Any:
    figure = desk.figure(measure)
    text = f"{figure.words} {figure.range}".strip()
    entry = desk.entry(measure)
    return (text, f"#{entry.id}") if entry else text
