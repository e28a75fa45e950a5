"""The picture of what is shared and lasts: each attribute in its cell, with a name that covers no other."""

from __future__ import annotations

from textwrap import wrap

from weness.measuring.measures import Attribute
from weness.reporting.desk import Desk
from weness.reporting.drawing import Drawing, drawn
from weness.reporting.marks import BLUE, GREEN, GREY, ORANGE, VERMILLION, WIDTH, Spot, canvas, dots, lines, texts

WORD_MARKS = {
    "consensual": ("circle", GREEN),
    "coherent": ("square", BLUE),
    "contested": ("cross", VERMILLION),
    "fragmented": ("triangle-up", ORANGE),
    "unvoiced": ("diamond", GREY),
}


def sharing_plot(desk: Desk, attributes: tuple[tuple[Attribute, str], ...], heard: int) -> Drawing | None:
    """Each attribute where it stands: how many partners share it (across), how many waves in a row (up).

    ``attributes`` come with their anchors. Names are stacked within their cell, so that none covers another.
    """
    if not attributes:
        return None
    columns, top = max(heard, 1) + 1, max(one.streak for one, _ in attributes)
    left, width = 96.0, (WIDTH - 96.0) / columns
    cells: dict[tuple[int, int], list[tuple[Attribute, str]]] = {}
    for one, anchor in attributes:
        cells.setdefault((_sharing(one), one.streak), []).append((one, anchor))
    points: list[Spot] = []
    labels: list[Spot] = []
    sides: list[Spot] = []
    grid: list[Spot] = []
    y = 10.0
    for streak in range(top, -1, -1):
        deepest = y + 19
        sides.append({"x": 0, "y": y + 8, "text": desk.words.count("plots.sharing.waves", streak)})
        for column in range(columns):
            at = y + 8
            for one, anchor in cells.get((column, streak), ()):
                x = left + column * width + 6
                shape, colour = WORD_MARKS.get(one.word, WORD_MARKS["unvoiced"])
                points.append({"x": x, "y": at, "shape": shape, "color": colour, "href": anchor})
                for line in _in_lines(desk.words.say(one.title, one.item), int((width - 22) / 5.4)):
                    labels.append({"x": x + 10, "y": at, "text": line, "href": anchor})
                    at += 13
                at += 7
            deepest = max(deepest, at)
        y = deepest + 12
        grid.append({"x": 0, "x2": WIDTH, "y": y - 12, "y2": y - 12})
    ends = [
        {"x": left + column * width + 2, "y": y + 4, "text": desk.words("plots.sharing.partners", n=column, of=heard)}
        for column in range(columns)
    ]
    upright = [
        {"x": left + column * width - 4, "x2": left + column * width - 4, "y": 0, "y2": y - 12}
        for column in range(columns)
    ]
    spec = canvas(
        WIDTH,
        y + 10,
        lines([*grid, *upright], opacity=0.16),
        dots(points, size=70),
        texts(labels, align="left", fontSize=11),
        texts(sides, align="left", fontSize=11.5),
        texts(ends, align="left", fontSize=11.5),
    )
    common = sum(_sharing(one) >= 2 for one, _ in attributes)
    lasting = sum(one.streak >= 2 for one, _ in attributes)
    summary = desk.words("plots.sharing.summary", n=len(attributes), shared=common, lasting=lasting)
    head = ("attribute", "shared_by", "lasted", "word")
    rows = tuple(
        (
            (desk.words.say(one.title, one.item), anchor),
            desk.words("figure.of_partners", n=_sharing(one), of=heard),
            desk.words.count("plots.sharing.waves", one.streak),
            desk.words(f"word.{one.word}"),
        )
        for one, anchor in attributes
    )
    return Drawing(
        "p-sharing", drawn("p-sharing", spec), summary, tuple(desk.words(f"table.{name}") for name in head), rows
    )


def _in_lines(text: str, width: int, most: int = 3) -> list[str]:
    """A name cut into a few lines that fit a cell."""
    lines = wrap(text, max(width, 8))
    return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1][: max(width, 8) - 2]} …"]


def _sharing(attribute: Attribute) -> int:
    return sum(state == "shared" for state in attribute.states.values())
