"""Numbers in words: a level, tenths, fractions of partners; and a reason where there is none."""

import pytest

from tests.fakes_findings import estimate
from weness.measuring.measures import Measure
from weness.reporting.figures import figure, layout
from weness.reporting.wording import wording


def said(name, mean, width=0.05, language="en", tier="indicative", note="", **counts):
    number = None if mean is None else estimate(mean, width)
    shown = figure(Measure(name, "w1", number, tier, counts=counts, note=note), wording(language), layout())
    return f"{shown.words} {shown.range}".strip()


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        ("low; about 1 in 10 (0 to 2 in 10)", ("contested", 0.1, 0.1)),
        ("low to high; about 5 in 10 (1 to 9 in 10)", ("contested", 0.5, 0.42)),
        ("low; hardly any", ("contested", 0.0, 0.0)),
        ("high; nearly all", ("contested", 1.0, 0.0)),
        ("about 12 per 100", ("they_partner", 12.0, 4.0)),
    ],
)
def test_a_share_is_a_level_and_so_many_in_ten(words, arguments):
    assert said(*arguments).removeprefix("about ").startswith(words.removeprefix("about "))


def test_what_partners_tell_is_a_fraction_of_the_partners():
    assert said("bargaining", 0.5, 0.25, partners=2, of=4) == "2 of 4 partners (1 to 3)"
    assert said("breadth", 0.5, 0.0, partners=4) == "about 2 of 4 partners (2 to 2)"


def test_a_balance_leans_only_where_its_interval_does():
    assert said("trust_balance", 0.5, 0.2, positive=3).startswith("in favour (3 in favour")
    assert said("trust_balance", -0.5, 0.2, negative=2).startswith("against")
    assert said("trust_balance", 0.1, 0.4).startswith("mixed")


def test_a_change_is_one_only_beyond_chance():
    assert said("we_partnership_change", 0.2, 0.1).startswith("up")
    assert said("we_partnership_change", 0.05, 0.2).startswith("no clear change")


def test_without_a_number_it_says_why():
    assert said("contested", None, tier="insufficient") == "too little heard"
    assert said("contested", None, tier="none", language="nl") == "niets gehoord"
    note = "the machine is not reliable enough on these codes: quotes only"
    assert said("contested", None, note=note, language="es") == "aquí la máquina no es bastante fiable: solo citas"
    assert said("contested", None) == "nothing to measure it by"
