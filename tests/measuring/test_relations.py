"""How partners deal with one another, as numbers that follow what was told."""

import pytest

from tests.worlds import says, we, world
from weness.measuring.measuring import measured
from weness.measuring.relations import RELATIONS
from weness.measuring.settings import settings_of

SETTINGS = settings_of({"draws": 400})
ENOUGH = we(own=12)
BOTH = ("mill", "town")


def wave(*sayings, genre="interview"):
    talk = {"w1": {one: [*ENOUGH, *(saying for group in sayings for saying in group)] for one in BOTH}}
    return measured(*world(talk, genre=genre), SETTINGS).of("w1")


def test_handled_conflict_raises_the_share_that_is_handled():
    open_, handled = says("CONFLICT", 3, handled="open"), says("CONFLICT", 3, handled="handled")
    share = [wave(group)["conflict_handled"].estimate.mean for group in (open_, [*open_, *handled], handled)]
    assert share[0] < 0.3 < share[1] < 0.7 < share[2]


def test_nothing_told_is_no_value_rather_than_zero():
    assert wave()["conflict_handled"].estimate is None
    assert wave()["trust_balance"].estimate is None


def test_a_partner_who_is_silent_may_still_hold_it():
    talk = {"w1": {"mill": [*ENOUGH, *says("NEGOTIATION", 1)], "town": ENOUGH, "farm": ENOUGH}}
    found = measured(*world(talk), SETTINGS).of("w1")["bargaining"].estimate
    assert found.mean == pytest.approx(1 / 3, abs=0.12)
    assert found.interval()[1] > 1 / 3


def test_trust_runs_from_minus_one_to_one():
    good, bad = (wave(says("TRUST", 6, valence=sign))["trust_balance"].estimate.mean for sign in "+-")
    assert good > 0.4
    assert bad < -0.4


def test_symbols_without_practice_make_the_gap_and_practice_closes_it():
    symbols = says("SYMBOL", 4, stance="unspecified")
    practice = [*says("DECISION", 4, mode="joint"), *says("LEARNING", 4, valence="+")]
    assert wave(symbols)["symbol_gap"].estimate.mean > 0.8
    assert wave(symbols, practice)["symbol_gap"].estimate.mean < 0.6


def test_divergence_is_not_dispute():
    found = wave(says("INTEREST", 4, item="volume", stance="divergent", holder="mill"))
    assert found["divergent"].estimate.mean > 0.7
    assert found["contested"].estimate.mean < 0.3


def test_conflict_in_minutes_does_not_count():
    """Measures, section 13: no conflict and trust from minutes."""
    found = wave(says("CONFLICT", 5, handled="open"), genre="minutes")
    assert found["conflict"].counts.get("segments", 0) == 0


def test_differences_with_no_word_of_conflict_are_called_avoided():
    differ = says("INTEREST", 3, item="volume", stance="divergent", holder="mill")
    assert wave(differ)["avoidance"].estimate.mean > 0.9
    assert wave(differ, says("CONFLICT", 2, handled="handled"))["avoidance"].estimate.mean < 0.2


@pytest.mark.parametrize("name", RELATIONS)
def test_every_relation_opens_the_segments_it_was_counted_from(name):
    everything = [
        *says("NEGOTIATION", 2, value="open", valence="0"), *says("DECISION", 2, mode="joint", valence="+"),
        *says("DECISION", 1, mode="one-sided", valence="-"),
        *says("CONFLICT", 2, handled="handled", valence="-"), *says("LEARNING", 2, valence="+"),
        *says("TRUST", 2, valence="+"), *says("POWER", 2, valence="-"), *says("RECOGNITION", 2, valence="+"),
        *says("COMMITMENT", 2, valence="-"), *says("COMMUNICATION", 2, valence="0"),
        *says("COORDINATION", 2, valence="-"), *says("THEY_PARTNER", 2, tone="blaming"),
        *says("PROCEDURE", 2, item="r", stance="contested", holder="partnership", attach=True),
        *says("INTEREST", 2, item="i", stance="divergent", holder="town"),
        *says("ENTITY", 2, item="e", mode="assertion", agentive=True, holder="partnership"),
        *says("OUTSIDE_VIEW", 2, item="o", holder="partnership"), *says("SYMBOL", 2, item="s"),
    ]  # fmt: skip
    found = wave(everything)[name]
    assert found.estimate is not None
    assert found.evidence
    assert found.coded_by == {"human": found.coded_by["human"]}
