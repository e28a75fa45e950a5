"""Unitizing alpha gives the printed digits of its source, and what its definition says piece by piece."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weness.coding.unitizing import Continuum, disagreement, merged, unitizing_alpha


def laid(length, *coders, begin=0, stretch=1):
    """Passages as (offset, length), as the sources print them."""
    return Continuum(
        length * stretch,
        tuple(tuple(((at - begin) * stretch, (at - begin + size) * stretch) for at, size in one) for one in coders),
    )


def parts(continuum):
    observed, expected = disagreement(continuum)
    return observed / continuum.length**2, expected / continuum.length**2


# Krippendorff (2004), Content analysis, 2nd edition, page 254 (as in DKPro Statistics' Krippendorff2004Test): a continuum of
# 300 from 150 on, two observers, categories c and k. Printed: c D_o .0144, D_e .0532, alpha .7286; k D_o .0000, D_e .0490,
# alpha 1.0000; over both .8591 (worked there from the rounded D's: 1 - .0144 / (.0532 + .0490); unrounded .8587).
C = laid(300, [(225, 70), (370, 30)], [(220, 80), (355, 20), (400, 20)], begin=150)
K = laid(300, [(180, 60), (300, 50)], [(180, 60), (300, 50)], begin=150)


def test_the_example_of_the_book_comes_out_as_printed():
    assert parts(C) == (pytest.approx(0.0144, abs=0.00005), pytest.approx(0.0532, abs=0.00005))
    assert parts(K) == (0, pytest.approx(0.0490, abs=0.00005))
    assert unitizing_alpha([disagreement(C)]).value == pytest.approx(0.7286, abs=0.00005)
    assert unitizing_alpha([disagreement(K)]).value == 1
    both = tuple(map(sum, zip(disagreement(C), disagreement(K), strict=True)))
    assert unitizing_alpha([both]).value == pytest.approx(0.8591, abs=0.0005)


# Krippendorff (1995), On the reliability of unitizing contiguous data, page 57 (as in DKPro Statistics' Krippendorff1995Test):
# four pairs of observers, a continuum of 24. Printed: D_o .03125, 2.26736, .02777, .38715; with the units very fine D_e of
# A .06990 and of D .41445, alpha of A .553 and of D .066. (For B and C our D_e, as DKPro's, differs from the printed one by
# up to .005: DKPro suspects a sign in the paper, corrected in the book of 2004.)
PAIRS = {
    "A": ([(2, 8), (14, 6)], [(4, 4), (15, 2)]),
    "B": ([(0, 18)], [(0, 2), (2, 1), (3, 1), (4, 1), (5, 1), (6, 3), (9, 1)]),
    "C": ([(2, 6), (10, 2), (14, 4), (20, 2)], [(0, 2), (4, 4), (10, 4), (16, 2), (20, 2)]),
    "D": ([(0, 2), (2, 8), (10, 4), (14, 6), (20, 4)], [(0, 4), (4, 4), (8, 7), (15, 2), (17, 7)]),
}


@pytest.mark.parametrize(("pair", "printed"), [("A", 0.03125), ("B", 2.26736), ("C", 0.02777), ("D", 0.38715)])
def test_the_observed_disagreement_of_the_paper_comes_out_as_printed(pair, printed):
    assert parts(laid(24, *PAIRS[pair]))[0] == pytest.approx(printed, abs=0.00001)


@pytest.mark.parametrize(("pair", "expected", "alpha"), [("A", 0.06990, 0.553), ("D", 0.41445, 0.066)])
def test_the_alpha_of_the_paper_comes_out_as_printed(pair, expected, alpha):
    fine = laid(24, *PAIRS[pair], stretch=50_000)
    assert parts(fine)[1] == pytest.approx(expected, abs=0.00001)
    assert unitizing_alpha([disagreement(fine)]).value == pytest.approx(alpha, abs=0.0005)


LENGTH = 40
passages = st.lists(st.tuples(st.integers(0, 34), st.integers(1, 6)), max_size=4).map(
    lambda some: merged((at, at + size) for at, size in some)
)
coders = st.lists(passages, min_size=2, max_size=4).map(tuple)


def sections(one):
    """A coder's passages and the gaps between them: (begins, ends, is a passage)."""
    edges = sorted({0, LENGTH, *(edge for passage in one for edge in passage)})
    return [(start, end, any(a <= start and end <= b for a, b in one)) for start, end in pairwise(edges)]


def delta2(g, h):
    """The definition, over sections: Krippendorff (2004), page 252."""
    if g[2] and h[2] and g[0] < h[1] and h[0] < g[1]:
        return (g[0] - h[0]) ** 2 + (g[1] - h[1]) ** 2
    if g[2] and not h[2] and h[0] <= g[0] and g[1] <= h[1]:
        return (g[1] - g[0]) ** 2
    if h[2] and not g[2] and g[0] <= h[0] and h[1] <= g[1]:
        return (h[1] - h[0]) ** 2
    return 0


@given(coders)
def test_the_observed_disagreement_is_the_definition_section_by_section(some):
    total = sum(
        delta2(g, h)
        for number, one in enumerate(some)
        for place, other in enumerate(some)
        if number != place
        for g in sections(one)
        for h in sections(other)
    )
    # A section is one passage: edges lie at the ends of passages, and passages of one coder do not overlap.
    assert disagreement(Continuum(LENGTH, some))[0] == pytest.approx(total / (len(some) * (len(some) - 1)))


@given(coders, st.randoms(use_true_random=False))
def test_the_order_of_coders_and_the_direction_of_reading_change_nothing(some, random):
    mixed = list(some)
    random.shuffle(mixed)
    turned = tuple(tuple(sorted((LENGTH - end, LENGTH - start) for start, end in one)) for one in mixed)
    assert disagreement(Continuum(LENGTH, some)) == pytest.approx(disagreement(Continuum(LENGTH, turned)))


@given(passages)
def test_coders_who_mark_the_same_agree_wholly_where_anything_is_marked(one):
    found = unitizing_alpha([disagreement(Continuum(LENGTH, (one, one, one)))])
    assert found.value == (1 if one else None)
    assert found.why


def test_overlapping_passages_are_one_and_touching_ones_stay_two():
    assert merged([(5, 9), (0, 3), (2, 4), (4, 5)]) == ((0, 4), (4, 5), (5, 9))


def test_a_passage_weighs_the_same_in_a_short_text_and_in_a_long_one():
    short, long = (disagreement(laid(length, [(10, 20)], [])) for length in (200, 20_000))
    assert short[0] == long[0]
    assert short[1] == pytest.approx(long[1], rel=0.2)


def test_an_interval_needs_five_texts():
    four, five = (unitizing_alpha([disagreement(C)] * n) for n in (4, 5))
    assert (four.low, four.value) == (None, pytest.approx(five.value))
    assert "texts" in four.why
    assert (five.low, five.high) == (pytest.approx(five.value), pytest.approx(five.value))


def test_texts_that_differ_make_an_interval_around_the_value():
    found = unitizing_alpha([disagreement(C)] * 4 + [disagreement(K)] * 4)
    assert found.low < found.value < found.high <= 1
