"""What is shared and what has lasted: silence is not disagreement, and a claim of one partner is not sharing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds import says, we, world
from weness.measuring.attributes import word_for
from weness.measuring.measures import STATES, WORDS
from weness.measuring.measuring import measured
from weness.measuring.settings import settings_of

SETTINGS = settings_of({"draws": 300})
ENOUGH = we(own=12)


def rule(stance="shared", item="open books", **more):
    return says("PROCEDURE", 1, item=item, stance=stance, holder=more.pop("holder", "partnership"), **more)


def attribute(talk, item="open books", wave="w1", **more):
    found = measured(*world(talk, **more), SETTINGS)
    return next(one for one in found.attributes if (one.item, one.wave) == (item, wave))


def test_silence_with_enough_evidence_differs_from_no_evidence():
    found = attribute({"w1": {"mill": [*ENOUGH, *rule()], "town": [*ENOUGH, *rule()], "farm": we(own=2)}})
    assert found.states == {"mill": "shared", "town": "shared", "farm": "no evidence"}
    assert found.word == "consensual"


def test_the_partnerships_own_way_counts_as_shared_unless_somebody_there_disputes_it():
    owned = rule("unspecified")
    found = attribute({"w1": {"mill": [*ENOUGH, *owned], "town": [*ENOUGH, *owned, *rule("contested")]}})
    assert found.states["mill"] == "shared"
    assert found.states["town"] == "contested"


def test_a_mention_without_a_stance_is_neither_agreement_nor_difference():
    found = attribute({"w1": {one: [*ENOUGH, *rule("unspecified", holder="unspecified")] for one in ("mill", "town")}})
    assert set(found.states.values()) == {"mentioned", "no evidence"}
    assert found.word == "unvoiced"


def test_different_versions_that_fit_are_coherent_and_that_do_not_are_fragmented():
    fit = rule("divergent", compatible=True)
    assert attribute({"w1": {one: [*ENOUGH, *fit] for one in ("mill", "town")}}).word == "coherent"
    apart = rule("divergent", compatible=False)
    assert attribute({"w1": {one: [*ENOUGH, *apart] for one in ("mill", "town")}}).word == "fragmented"


def test_two_partners_in_dispute_make_an_attribute_contested():
    talk = {"w1": {"mill": [*ENOUGH, *rule("contested")], "town": [*ENOUGH, *rule("contested")], "farm": ENOUGH}}
    assert attribute(talk).word == "contested"


def test_a_question_about_what_we_are_is_not_an_answer_that_is_shared():
    asked = says("ENTITY", 1, item="what we are", stance="unspecified", holder="partnership", mode="question")
    found = attribute({"w1": {one: [*ENOUGH, *asked] for one in ("mill", "town")}}, "what we are")
    assert found.states["mill"] == "mentioned"


def test_sharedness_is_zero_where_nothing_is_common():
    found = measured(*world({"w1": {"mill": [*ENOUGH, *rule()], "town": ENOUGH, "farm": ENOUGH}}), SETTINGS)
    assert found.of("w1")["sharedness"].estimate.mean == 0


def test_what_was_shared_before_and_is_shared_now_is_established_and_newcomers_renew_it():
    both = {one: [*ENOUGH, *rule()] for one in ("mill", "town", "farm")}
    speakers = {("w2", "farm"): ["newcomer"]}
    talk = {"w1": both, "w2": both}
    found = measured(*world(talk, speakers=speakers), SETTINGS)
    assert found.of("w2")["established"].estimate.mean > 0.6
    last = next(one for one in found.attributes if one.wave == "w2")
    assert (last.streak, last.age, last.renewed, last.new) == (2, 1.0, True, False)


def test_an_item_first_seen_in_the_last_wave_is_new_and_not_unestablished():
    talk = {
        "w1": {one: ENOUGH for one in ("mill", "town")},
        "w2": {one: [*ENOUGH, *rule()] for one in ("mill", "town")},
    }
    found = measured(*world(talk), SETTINGS)
    assert next(one for one in found.attributes if one.wave == "w2").new
    assert found.of("w2")["established"].estimate is None


def test_one_wave_cannot_show_establishedness():
    found = measured(*world({"w1": {one: [*ENOUGH, *rule()] for one in ("mill", "town")}}), SETTINGS)
    assert found.of("w1")["established"].estimate is None


def test_what_the_machine_is_bad_at_gives_quotes_and_no_number():
    talk = {"w1": {one: [*ENOUGH, *rule("contested")] for one in ("mill", "town")}}
    found = measured(*world(talk, kind="rules"), settings_of({"draws": 100, "usable": {"seen": 10_000}}))
    assert found.of("w1")["contested"].estimate is None
    assert found.of("w1")["contested"].evidence
    assert "quotes only" in found.of("w1")["contested"].note


states = st.dictionaries(st.sampled_from(["a", "b", "c", "d", "e"]), st.sampled_from(STATES), min_size=1)


@given(states, st.floats(0, 1), st.booleans())
def test_every_pattern_of_states_has_exactly_one_of_the_five_words(pattern, reach, compatible):
    assert word_for(pattern, reach, compatible, SETTINGS) in WORDS


@pytest.mark.parametrize("dispute", [2, 3])
def test_a_silent_partner_never_turns_a_dispute_into_agreement(dispute):
    pattern = {str(number): "contested" for number in range(dispute)}
    for silent in range(6):
        more = pattern | {f"s{number}": "silent" for number in range(silent)}
        assert word_for(more, 1.0, True, SETTINGS) == "contested"
