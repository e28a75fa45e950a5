"""Stages: a pattern over partners, with doubt, gates, flags and a legal "cannot say"."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds import PARTNERS, says, we, world
from weness.measuring.measuring import measured
from weness.measuring.settings import settings_of
from weness.reading.corpus import Partner
from weness.staging.inference import membership
from weness.staging.process import process_named
from weness.staging.snapshot import CANNOT_SAY
from weness.staging.trajectory import posteriors

SETTINGS = settings_of({"draws": 300})
MODEL = process_named("weness-default")
EVERYONE = ("mill", "town", "farm")

ALONE = [*we(own=16), *says("INTEREST", 2, item="volume", stance="unspecified", holder="unspecified")]
CURIOUS = [
    *we(part=3, own=14),
    *says("INTEREST", 2, item="their need", stance="divergent", holder="other", compatible=True),
    *says("RECOGNITION", 2, valence="+"),
    *says("LEARNING", 1, valence="+"),
]
ARGUING = [
    *we(part=6, own=9, sub=3),
    *says("NEGOTIATION", 2, value="open", valence="0"),
    *says("CONFLICT", 2, handled="open"),
    *says("PROCEDURE", 2, item="who decides", stance="contested", holder="unspecified"),
    *says("PURPOSE", 1, item="what for", stance="contested", holder="unspecified"),
]
TOGETHER = [
    *we(part=11, own=7),
    *says("DECISION", 2, mode="joint", valence="+"),
    *says("CONFLICT", 1, handled="handled"),
    *says("PROCEDURE", 2, item="walk first", stance="shared", holder="partnership", attach=True),
    *says("PURPOSE", 1, item="the stream", stance="shared", holder="partnership"),
    *says("LEARNING", 1, valence="+"),
]
LASTING = [
    *TOGETHER,
    *says("OUTSIDE_VIEW", 2, item="others copy us", holder="partnership"),
    *says("ENTITY", 2, item="it goes on", mode="assertion", agentive=True, holder="partnership", stance="unspecified"),
]


def places(*waves, partners=PARTNERS, model=MODEL, speakers=None, **more):
    talk = {f"w{number}": dict(voices) for number, voices in enumerate(waves, 1)}
    corpus, codings = world(talk, partners=partners, speakers=speakers, **more)
    return posteriors(model, measured(corpus, codings, SETTINGS))


def all_say(talk):
    return {partner: talk for partner in EVERYONE}


@pytest.mark.parametrize(
    ("talk", "stage"), [(ALONE, "S1"), (CURIOUS, "S2"), (ARGUING, "S3"), (TOGETHER, "S4")], ids=["S1", "S2", "S3", "S4"]
)
def test_each_pattern_of_talk_is_read_as_its_stage(talk, stage):
    assert places(all_say(talk))[0].top == stage


def test_what_lasts_is_retold_by_newcomers_and_seen_from_outside_is_consolidation():
    speakers = {("w2", "farm"): ["newcomer"], ("w2", "mill"): ["successor"]}
    assert places(all_say(TOGETHER), all_say(LASTING), speakers=speakers)[1].top == "S5"


def test_one_wave_is_never_called_consolidation():
    found = places(all_say(LASTING))[0]
    assert found.shares["S5"] == 0
    assert any(gate.stage == "S5" and gate.rule == "waves" and not gate.passed for gate in found.gates)


def test_thin_evidence_gives_no_stage_and_says_why():
    found = places({partner: we(part=2, own=1) for partner in EVERYONE})[0]
    assert (found.call, found.shares, found.certainty) == (CANNOT_SAY, {}, "none")
    assert found.tier == "insufficient"
    assert "thin" in found.flags
    assert not found.draws.any()


def test_an_empty_wave_between_two_full_ones_says_nothing_and_harms_neither():
    corpus, codings = world({"w1": all_say(ALONE), "w2": {}, "w3": all_say(TOGETHER)})
    first, gap, last = posteriors(MODEL, measured(corpus, codings, SETTINGS))
    assert (first.top, gap.top, last.top) == ("S1", None, "S4")


def test_two_of_five_partners_cannot_make_an_integration():
    more = (*PARTNERS, Partner("school", "The School", "knowledge"))
    found = places({"mill": TOGETHER, "town": TOGETHER}, partners=more)[0]
    assert found.shares.get("S4", 0) == 0
    assert found.call == CANNOT_SAY


def test_a_sector_without_the_we_speaks_against_integration_but_does_not_forbid_it():
    """Docs/decisions/0005: one page of one speaker is too little for a veto."""
    whole = places({partner: TOGETHER for partner in EVERYONE})[0]
    found = places({"mill": TOGETHER, "town": TOGETHER, "farm": ALONE})[0]
    assert 0 < found.shares["S4"] < whole.shares["S4"]


def test_a_name_without_practice_raises_the_flag_and_keeps_the_late_stages_away():
    symbols = [*we(part=12, own=4), *says("SYMBOL", 4, item="the logo", stance="shared", holder="partnership")]
    found = places(all_say(symbols))[0]
    assert "swift_identity" in found.flags
    assert found.shares["S4"] == found.shares["S5"] == 0
    assert "swift_identity" not in places(all_say([*symbols, *TOGETHER]))[0].flags


def test_what_was_shared_and_is_disputed_again_is_a_reformation():
    reopened = [
        *we(part=7, own=8, sub=3),
        *says("NEGOTIATION", 2, value="open", valence="0"),
        *says("PROCEDURE", 2, item="walk first", stance="contested", holder="unspecified"),
        *says("CONFLICT", 1, handled="open"),
    ]
    assert places(all_say(TOGETHER), all_say(reopened))[1].shares["R"] > 0.3
    assert places(all_say(reopened))[0].shares["R"] == 0


def test_leaving_now_needs_a_past_we_that_is_lost():
    leaving = [*we(part=2, own=16), *says("COMMITMENT", 3, valence="-"), *says("THEY_PARTNER", 4, tone="blaming")]
    assert places(all_say(TOGETHER), all_say(leaving))[1].shares["D"] > 0.3
    assert places(all_say(leaving))[0].shares["D"] == 0


def test_evidence_for_names_measures_that_fit_and_against_those_that_do_not():
    found = places(all_say([*TOGETHER, *says("THEY_PARTNER", 30, tone="blaming")]))[0]
    assert {sign.measure for sign in found.signs_for} & {"we_partnership", "sharedness", "decision_share"}
    assert "they_partner" in {sign.measure for sign in found.signs_against}
    assert all(sign.fit >= 0.6 for sign in found.signs_for)
    assert "established" in found.missing


def test_shares_are_those_of_the_draws_and_never_exceed_one():
    found = places(all_say(ARGUING))[0]
    assert np.allclose(found.draws.mean(axis=0), [found.shares[stage] for stage in found.stages])
    assert sum(found.shares.values()) <= 1 + 1e-9


def test_one_partner_that_supplies_most_of_the_we_is_named_as_one_voice():
    found = places({"mill": we(part=40), "town": we(part=2, own=12), "farm": we(own=12)})[0]
    assert "one_voice" in found.flags


def test_leaving_each_partner_out_is_shown_by_name():
    corpus, codings = world({"w1": all_say(ARGUING)})
    without = {partner: measured(corpus, codings, SETTINGS, without=partner) for partner in EVERYONE}
    found = posteriors(MODEL, measured(corpus, codings, SETTINGS), without)[0]
    assert set(found.without) == set(EVERYONE)


def test_front_stage_and_back_stage_are_reported_when_they_differ_by_two_stages():
    corpus, codings = world({"w1": all_say(TOGETHER)})
    other, others = world({"w1": all_say(ALONE)})
    by_genre = {"spoken": measured(other, others, SETTINGS), "documents": measured(corpus, codings, SETTINGS)}
    assert "front_stage" in posteriors(MODEL, measured(corpus, codings, SETTINGS), by_genre=by_genre)[0].flags


def test_a_model_without_stages_is_legal_and_calls_nothing():
    found = places(all_say(TOGETHER), model=process_named("vandermeer2014"))[0]
    assert (found.call, found.top, found.stages) == (CANNOT_SAY, None, ())


@pytest.mark.parametrize("name", ["hardy2005", "monkkonen-puusa2015", "leber-branzei2011"])
def test_published_alternatives_place_early_and_late_talk_apart(name):
    model = process_named(name)
    early, late = (places(all_say(talk), model=model)[0].top for talk in (ALONE, TOGETHER))
    order = [stage.id for stage in model.stages]
    assert early is None or late is None or order.index(early) < order.index(late)


@given(st.floats(-1, 2), st.lists(st.floats(0, 1), min_size=4, max_size=4).map(sorted))
def test_membership_is_one_in_the_middle_and_zero_outside(value, trapezoid):
    found = float(membership(np.array([value]), tuple(trapezoid))[0])
    assert 0 <= found <= 1
    low_zero, low, high, high_zero = trapezoid
    if low <= value <= high:
        assert found == 1
    if value < low_zero or value > high_zero:
        assert found == 0


def test_a_wave_of_minutes_alone_says_that_records_tell_no_stage():
    corpus, codings = world({"w1": all_say(TOGETHER)}, genre="minutes")
    (found,) = posteriors(MODEL, measured(corpus, codings, SETTINGS))
    assert (found.call, found.shares, found.why_not) == (CANNOT_SAY, {}, "only records")
