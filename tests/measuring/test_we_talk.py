"""Whom "we" means, as numbers: every partner weighs the same, unclear stays visible, thin evidence gives no number."""

import numpy as np
import pytest

from tests.worlds import says, we, world
from weness.measuring.measuring import measured
from weness.measuring.settings import settings_of

SETTINGS = settings_of({"draws": 400})


def share(found, name, wave="w1", partner=None):
    return next(one for one in found.measures if (one.name, one.wave, one.partner) == (name, wave, partner))


def test_the_talkative_partner_weighs_no_more_than_the_quiet_ones():
    corpus, codings = world({"w1": {"mill": we(part=90, own=10), "town": we(own=12), "farm": we(own=12)}})
    found = share(measured(corpus, codings, SETTINGS), "we_partnership")
    # Pooled it would be 90 of 124, .73; balanced it is a third of .9.
    assert found.estimate.mean == pytest.approx(0.30, abs=0.06)


def test_one_long_interview_does_not_decide_for_its_partner():
    speakers = {("w1", "mill"): ["ana", "bo"]}
    sayings = [saying for pair in zip(we(part=40), we(own=40), strict=True) for saying in pair]
    corpus, codings = world({"w1": {"mill": sayings, "town": we(own=12)}}, speakers=speakers)
    found = share(measured(corpus, codings, SETTINGS), "we_partnership", partner="mill")
    assert found.estimate.mean == pytest.approx(0.5, abs=0.06)


def test_unclear_mentions_are_bounds_and_too_many_of_them_forbid_the_number():
    corpus, codings = world({"w1": {"mill": we(part=6, own=6, unclear=3), "town": we(part=6, own=6, unclear=8)}})
    found = measured(corpus, codings, SETTINGS)
    mill, town = (share(found, "we_partnership", partner=one) for one in ("mill", "town"))
    assert mill.bounds == (6 / 15, 9 / 15)
    assert mill.estimate is not None
    assert town.bounds == (6 / 20, 14 / 20)
    assert town.estimate is None
    assert "bounds only" in town.note


def test_generic_we_is_left_out_of_every_share():
    corpus, codings = world({"w1": {"mill": we(part=6, own=6, generic=20), "town": we(own=12)}})
    found = share(measured(corpus, codings, SETTINGS), "we_partnership", partner="mill")
    assert found.counts["resolved"] == 12
    assert found.bounds == (0.5, 0.5)


def test_below_the_tier_there_is_no_number_only_counts():
    corpus, codings = world({"w1": {"mill": we(part=3, own=1), "town": we(own=12), "farm": we(own=12)}})
    found = share(measured(corpus, codings, SETTINGS), "we_partnership", partner="mill")
    assert (found.tier, found.estimate) == ("insufficient", None)
    assert found.counts["mentions"] == 3


def test_two_speakers_narrow_the_interval_more_than_four_times_the_mentions():
    """Measures, section 11.3 [SIM]: more speakers beat more mentions."""
    few, _ = width({("w1", "mill"): ["ana"]}, 20), None
    many = width({("w1", "mill"): ["ana"]}, 80)
    two = width({("w1", "mill"): ["ana", "bo"]}, 20)
    assert few - many < few - two


def width(speakers, mentions):
    corpus, codings = world(
        {"w1": {"mill": [s for _ in range(mentions // 2) for s in we(part=1, own=1)], "town": we(own=12)}},
        speakers=speakers,
    )
    low, high = share(measured(corpus, codings, SETTINGS), "we_partnership", partner="mill").estimate.interval()
    return high - low


def test_minutes_and_press_say_nothing_about_pronouns():
    corpus, codings = world({"w1": {"mill": we(part=20), "town": we(part=20)}}, genre="minutes")
    found = measured(corpus, codings, SETTINGS)
    assert share(found, "we_partnership").estimate is None


def test_breadth_counts_partners_and_the_minimum_is_the_least_of_them():
    corpus, codings = world({"w1": {"mill": we(part=40), "town": we(part=40), "farm": we(own=40)}})
    found = measured(corpus, codings, SETTINGS)
    assert share(found, "breadth").estimate.mean == pytest.approx(2 / 3, abs=0.05)
    assert share(found, "minimum").estimate.mean < 0.15


def test_the_same_seed_gives_the_same_draws_and_another_seed_others():
    corpus, codings = world({"w1": {"mill": we(part=6, own=6), "town": we(own=12)}})
    first, again, other = (
        share(measured(corpus, codings, SETTINGS, seed=seed), "we_partnership").estimate.draws for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_leaving_a_partner_out_does_not_change_the_draws_of_the_others():
    corpus, codings = world({"w1": {"mill": we(part=6, own=6), "town": we(own=12), "farm": we(part=9, own=9)}})
    whole = share(measured(corpus, codings, SETTINGS), "we_partnership", partner="mill")
    without = share(measured(corpus, codings, SETTINGS, without="farm"), "we_partnership", partner="mill")
    assert np.array_equal(whole.estimate.draws, without.estimate.draws)


def test_a_machine_that_errs_widens_the_interval_and_pulls_its_claim_back():
    talk = {"w1": {"mill": we(part=24), "town": we(part=24)}}
    human, machine = (
        share(measured(*world(talk, kind=kind), SETTINGS), "we_partnership") for kind in ("human", "rules")
    )
    assert machine.coded_by == {"rules": 48}
    low, high = machine.estimate.interval()
    assert high - low > human.estimate.interval()[1] - human.estimate.interval()[0]
    assert machine.estimate.mean < human.estimate.mean


def test_others_are_counted_per_hundred_collective_mentions():
    talk = {"w1": {one: [*we(own=30), *says("THEY_PARTNER", 10, tone="descriptive")] for one in ("mill", "town")}}
    found = share(measured(*world(talk), SETTINGS), "they_partner")
    assert found.estimate.mean == pytest.approx(25, abs=5)
