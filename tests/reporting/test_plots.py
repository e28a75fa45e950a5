"""The pictures: places worked out so that nothing overlaps, links that stay on the page, ids that do not clash."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest

from tests.fakes_findings import findings
from weness.reporting.desk import laid_out
from weness.reporting.marks import BLACK, WHITE, on
from weness.reporting.parts.shared import shared
from weness.reporting.plots import STAGE_COLOURS, balance_plot, stage_plot, tier_plot, we_plot


@pytest.fixture(scope="module")
def desk():
    return laid_out(findings(), "en")


def test_a_wave_that_cannot_say_has_no_bar(desk):
    plot = stage_plot(desk)
    assert plot.rows[0] == (("w1", "#stage-1"), "cannot say")
    assert plot.svg.count('<a href="#stage-1" tabindex="-1">') == 2  # the empty frame and the words in it
    assert plot.rows[2][1] == "Integration in about 7 of 10, Negotiation in about 3 of 10"


def test_a_drawing_keeps_its_ids_to_itself_and_takes_the_ink_of_the_page(desk):
    for plot in (stage_plot(desk), we_plot(desk), balance_plot(desk), tier_plot(desk)):
        assert all(id.startswith(plot.id) for id in re.findall(r'id="([^"]+)"', plot.svg))
        assert "currentColor" in plot.svg
        assert "#010203" not in plot.svg
        assert "http" not in plot.svg
        assert "style=" not in plot.svg


def test_a_partner_of_whom_too_little_was_heard_has_no_point(desk):
    plot = we_plot(desk)
    rows = {row[:2]: row[2:] for row in plot.rows}
    assert rows[("Lantern Fund", "w2")] == ("nothing heard", "nothing heard")
    assert rows[("Hillside Growers", "w1")] == ("too little heard", ("too little heard", "#e-we_own-1-3"))
    assert rows[("Hillside Growers", "w3")][0] == ("medium; about 6 in 10 (5 to 6 in 10)", "#e-we_partnership-3-3")


def test_names_of_attributes_never_cover_one_another():
    found = findings()
    one = found.attributes[-1]
    name = "a name that goes on for rather a while, as names do"
    many = tuple(replace(one, item=f"{name} {number}") for number in range(12))
    plot = shared(laid_out(replace(found, attributes=many), "en"))["plot"]
    spots = [
        (float(x), float(y))
        for x, y in re.findall(r'<text[^>]*translate\(([\d.]+),([\d.]+)\)"[^>]*font-size="11px"', plot.svg)
    ]
    assert len(spots) >= 24
    assert len(set(spots)) == len(spots)
    heights = sorted(y for _, y in spots)
    assert min(after - before for before, after in pairwise(heights)) >= 12


def test_no_balance_is_drawn_where_there_is_no_number(desk):
    rows = balance_plot(desk).rows
    assert [row[1][0] for row in rows] == ["w2", "w3"]
    assert rows[1][2:] == ("0", "1", "2")


def test_words_on_a_colour_can_be_read():
    for colour in STAGE_COLOURS:
        assert _contrast(colour, on(colour)) >= 4.5, colour
    assert {on(colour) for colour in STAGE_COLOURS} == {WHITE, BLACK}


def _contrast(one, other):
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour):
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
