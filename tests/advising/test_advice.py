"""Advice: what blocks the next stage, at most three steps, none against its contra-indications, each with a reason."""

import pytest

from tests.staging.test_stages import ALONE, ARGUING, CURIOUS, EVERYONE, MODEL, SETTINGS, TOGETHER, all_say
from tests.worlds import says, we, world
from weness.advising.actions import EFFORTS, action_named, actions
from weness.advising.advice import diagnosis, recommendations
from weness.measuring.measuring import measured
from weness.staging.trajectory import posteriors


def advised(*waves):
    corpus, codings = world({f"w{number}": dict(voices) for number, voices in enumerate(waves, 1)})
    whole = measured(corpus, codings, SETTINGS)
    found = diagnosis(MODEL, whole, posteriors(MODEL, whole))
    return corpus, found, recommendations(found, whole, corpus)


@pytest.mark.parametrize(
    ("talk", "transition"), [(ALONE, "S1>S2"), (CURIOUS, "S2>S3"), (ARGUING, "S3>S4"), (TOGETHER, "S4>S5")]
)
def test_the_steps_are_meant_for_the_next_transition(talk, transition):
    _, found, steps = advised(all_say(talk))
    assert f"{found.stage}>{found.next_stage}" == transition
    assert 1 <= len(steps) <= 3
    assert any(transition in step.action.helps for step in steps)


def test_every_gap_has_a_size_and_the_range_that_the_next_stage_expects():
    _, found, _ = advised(all_say(ALONE))
    assert found.gaps
    for gap in found.gaps:
        assert gap.toward == "S2"
        assert gap.size.mean >= 0


def test_every_step_has_its_reason_in_somebodys_words():
    corpus, _, steps = advised(all_say(ARGUING))
    assert all(step.quotes for step in steps)
    assert all(corpus.text(quote).strip() for step in steps for quote in step.quotes)


def test_no_quote_gives_the_reason_twice():
    _, _, steps = advised(all_say(ARGUING))
    quotes = [quote for step in steps for quote in step.quotes]
    assert len(quotes) == len(set(quotes))


def test_thin_evidence_asks_for_a_second_voice_first():
    _, _, steps = advised({partner: we(part=2, own=1) for partner in EVERYONE})
    assert steps[0].action.id == "ACT-34"


def test_a_name_without_practice_asks_for_practice_first():
    symbols = [*we(part=8, own=8), *says("SYMBOL", 5, item="the logo", stance="shared", holder="partnership")]
    _, _, steps = advised(all_say(symbols))
    assert "ACT-33" in [step.action.id for step in steps]
    assert "ACT-26" not in [step.action.id for step in steps]


def test_fairness_of_languages_is_not_advised_where_all_speak_one():
    for talk in (CURIOUS, we(part=8, own=8)):
        _, _, steps = advised(all_say(talk))
        assert "ACT-37" not in [step.action.id for step in steps]


def test_a_step_is_left_out_when_its_contra_indication_holds():
    open_conflict = [*CURIOUS, *says("CONFLICT", 3, handled="open")]
    _, _, steps = advised(all_say(open_conflict))
    assert not any("open_conflict" in step.action.avoid_when for step in steps)


def test_nothing_at_all_to_read_gives_no_advice():
    corpus, codings = world({"w1": {}})
    whole = measured(corpus, codings, SETTINGS)
    assert diagnosis(MODEL, whole, posteriors(MODEL, whole)) is None
    assert recommendations(None, whole, corpus) == ()


def test_there_are_forty_actions_each_whole_in_three_languages():
    assert [action.id for action in actions()] == [f"ACT-{number:02d}" for number in range(1, 41)]
    for action in actions():
        for words in (action.title, action.run, action.who_time, action.sign, action.risk):
            assert set(words) == {"en", "es", "nl"}
            assert all(text.strip() for text in words.values())
            assert len({words["en"], words["es"], words["nl"]}) > 1 or action.id == "ACT-09"
        assert action.effort in EFFORTS
        assert set(action.strength) <= {"E1", "E2", "E3", "E4"}
        assert "[" in action.source
        assert bool(action.avoid_when) == bool(action.avoid_text)


def test_an_unknown_action_is_named_with_those_that_there_are():
    with pytest.raises(KeyError, match=r"ACT-99.*ACT-01"):
        action_named("ACT-99")
