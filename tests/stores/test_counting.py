"""Sixteen ways to count: the words of a selection come out exactly, or the file is refused as unclear."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.stores.projects import NVIVO, guid, needs_samples, positions
from weness.stores.exchange.counting import (
    ALL,
    BOM,
    STANDARD,
    Counting,
    Ruler,
    Unclear,
    counting_named,
    counting_of,
    on_edges,
    our_text,
    placed,
)
from weness.stores.exchange.project import CannotExchange, Losses, Project, Selection, Source
from weness.stores.exchange.qdpx import read_project

PIECES = st.sampled_from(
    [
        *(
            "a",
            "B",
            "z",
            "é",
            "e\u0301",
            "ñ",
            " ",
            "  ",
            "\n",
            "\r",
            "\r\n",
            "\t",
            "\u2028",
            "\x85",
            "_",
            "-",
            "…",
            "“",
        ),
        *("🌱", "👩‍🌾", "👨‍👩‍👧‍👦", "🇳🇱", "👍🏽", "𝔘", "字", "नि", "\u200d", "\ufe0f", "\u00a0", BOM),
    ]
)
WORDS = ["we", "nosotros", "wij", "decidimos", "samen", "🌱 garden", "water", "él", "the", "council"]
BETWEEN = [" ", " 🌱 ", "\r\n", ", ", " 👩‍🌾 ", " 𝔘 ", ".\r\n"]


@st.composite
def texts_and_marks(draw):
    raw = (BOM if draw(st.booleans()) else "") + "".join(draw(st.lists(PIECES, min_size=1, max_size=40)))
    size = len(our_text(raw))
    marks = draw(st.lists(st.tuples(st.integers(0, size), st.integers(0, size)), max_size=12))
    return raw, sorted((min(mark), max(mark)) for mark in marks)


@st.composite
def coded_talk(draw, of=WORDS):
    """A text with line ends and letters beyond the first plane before its words, and at least a dozen of its words selected."""
    words = draw(st.lists(st.sampled_from(of), min_size=25, max_size=60))
    gaps = draw(st.lists(st.sampled_from(BETWEEN), min_size=len(words), max_size=len(words)))
    raw, spans = BOM if draw(st.booleans()) else "", []
    for word, gap in zip(words, gaps, strict=True):
        start = len(our_text(raw))
        raw += word
        spans.append((start, len(our_text(raw))))
        raw += gap
    chosen = draw(st.lists(st.sampled_from(spans), min_size=12, max_size=25, unique=True))
    return raw, chosen


def project(raw, marks, counting, origin="", named=False):
    there, text = positions(raw, counting), our_text(raw)
    selections = tuple(
        Selection(
            guid(number), there[start], there[end] - counting.inclusive, name=text[start:end][:30] if named else ""
        )
        for number, (start, end) in enumerate(marks)
    )
    return Project("p", origin, sources=(Source(guid("s"), "s", raw, selections),))


def words_of(whole):
    return [
        (one.start, one.end, source.text[one.start : one.end]) for source in whole.sources for one in source.selections
    ]


@pytest.mark.parametrize("counting", ALL, ids=str)
@given(given_text=texts_and_marks())
@settings(max_examples=30)
def test_the_words_of_every_selection_come_out_exactly_when_the_counting_is_told(counting, given_text):
    raw, marks = given_text
    # Where the end is inclusive, nothing without length can be written down.
    marks = [(start, end) for start, end in marks if start < end or not counting.inclusive]
    whole, outside = placed(project(raw, marks, counting), counting)
    text = our_text(raw)
    assert not outside
    assert words_of(whole) == [(start, end, text[start:end]) for start, end in marks]


@given(texts_and_marks())
def test_a_text_is_kept_letter_by_letter_but_for_one_bom_and_its_line_ends(given_text):
    raw, _ = given_text
    assert "\r" not in our_text(raw)
    assert our_text(raw).replace("\n", "") == raw.removeprefix(BOM).replace("\r", "").replace("\n", "")


@given(coded_talk(), st.sampled_from(ALL), st.sampled_from(["", "NVivo 14", "ATLAS.ti 23", "MAXQDA", "weness 0.1.0"]))
@settings(max_examples=100)
def test_a_counting_that_is_not_told_is_found_or_refused_but_never_silently_another(talk, counting, origin):
    raw, marks = talk
    # Only weness writes itself as origin, and weness counts as the standard says.
    assume(not origin.startswith("weness") or counting == STANDARD)
    told = project(raw, marks, counting, origin)
    try:
        found, _ = counting_of(told)
    except Unclear:
        return
    assert placed(told, found)[0] == placed(told, counting)[0]


@given(coded_talk(of=[word for word in WORDS if len(word) > 4]), st.sampled_from(ALL))
@settings(max_examples=40)
def test_selections_that_quote_their_words_settle_the_counting(talk, counting):
    raw, marks = talk
    told = project(raw, marks, counting, "ATLAS.ti 8.4", named=True)
    found, tried = counting_of(told)
    assert placed(told, found)[0] == placed(told, counting)[0]
    assert next(one for one in tried if one.counting == found).quoted == len(marks)


def test_the_other_ways_of_counting_give_the_same_places_in_a_plain_text():
    told = project("We agreed to walk first.", [(0, 2), (3, 9)], STANDARD)
    assert counting_of(told)[0] == STANDARD


def test_a_project_without_selections_or_texts_counts_as_its_program_is_known_to():
    assert counting_of(Project("p"))[0] == STANDARD
    assert counting_of(Project("p", "NVivo 14", sources=(Source(guid("s"), "s", None),)))[0].utf16


@pytest.mark.parametrize("origin", ["", "ATLAS.ti 26", "weness 0.1.0"])
def test_selections_without_length_do_not_make_an_end_inclusive(origin):
    told = project(
        "We 🌱 agreed to walk first.", [(0, 0)] * 9 + [(3, 3)] * 9 + [(0, 2), (5, 11), (15, 19)], STANDARD, origin
    )
    assert placed(told, counting_of(told)[0])[0] == placed(told, STANDARD)[0]


def test_of_our_own_files_the_counting_is_known_whatever_their_selections_look_like():
    told = project("🌱🌱 a b c d e f g", [(4, 5)] * 40, STANDARD, "weness 0.1.0")
    assert counting_of(told)[0] == STANDARD


def test_one_selection_that_two_ways_put_on_words_is_refused_and_both_are_shown():
    raw = "🌱🌱 a b c d e f g"
    with pytest.raises(Unclear) as error:
        counting_of(project(raw, [(5, 6)], STANDARD))
    told = str(error.value)
    assert "as 'code points' 1 selections lie on word edges, for instance 'b'" in told
    assert "--counting" in told
    assert "as 'utf-16' 1 selections lie on word edges, for instance 'a'" in told


@pytest.mark.parametrize("counting", ALL, ids=str)
def test_a_counting_can_be_asked_for_in_the_very_words_in_which_it_was_shown(counting):
    assert counting_named(str(counting)) == counting
    assert counting_named(counting.asked) == counting


@pytest.mark.parametrize("words", ["", "utf-8", "code points, crlf 3", "lines", "utf-16 bom", "🌱"])
def test_an_unknown_counting_is_refused_and_told_how_to_write_it(words):
    with pytest.raises(CannotExchange, match="utf-16"):
        counting_named(words)


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 1), (0, 99), (99, 100), (10**30, 10**30 + 1), (-(10**30), 3)])
def test_positions_outside_the_text_are_set_aside_and_not_bent(start, end):
    source = Source(guid("s"), "s", "We agreed.", (Selection(guid(1), start, end), Selection(guid(2), 0, 2)))
    whole, outside = placed(Project("p", sources=(source,)), STANDARD)
    assert words_of(whole) == [(0, 2, "We")]
    assert [one.start for one in outside[guid("s")]] == [start]


def test_a_position_within_a_letter_or_a_line_end_falls_on_its_beginning():
    ruler = Ruler("a🌱\r\nb", Counting(utf16=True))
    assert ruler.placed(2, 4) == (1, 2)
    assert ruler.placed(0, 6) == (0, 4)


@pytest.mark.parametrize(
    ("words", "whole"),
    [("We", True), ("agreed", True), ("first.", True), ("gree", False), (" to", False), ("to ", False)],
)
def test_word_edges_are_where_a_word_or_a_mark_begins_and_ends(words, whole):
    text = "We agreed to walk first."
    assert on_edges(text, text.index(words), text.index(words) + len(words)) is whole


@needs_samples
def test_an_nvivo_project_counts_in_utf_16_and_no_other_way_comes_near():
    found, tried = counting_of(read_project(NVIVO, Losses())[0])
    assert found == Counting(utf16=True)
    assert tried[0].on_edges == 296
    assert max(one.on_edges for one in tried if not one.counting.utf16) < 60
