"""A part of a study is looked at as the whole is, and says less."""

from __future__ import annotations

import pytest

from tests.worlds import we, world
from weness.coding.narrowing import View, narrowed, within
from weness.library import HERE
from weness.reading.gathering import read_study
from weness.study import Study


@pytest.fixture(scope="module")
def demo():
    return read_study(HERE / "demo")


def test_a_wave_is_seen_as_it_stood_then_and_mentions_still_stand_in_their_sentences(demo):
    part = narrowed(demo, View(wave="w2"))
    assert [wave.id for wave in part.waves] == ["w1", "w2"]
    assert {one.wave for one in part.documents} == {"w1", "w2"}
    assert part.mentions
    for mention in part.mentions:
        assert part.sentences[mention.sentence].span.holds(mention.span)
    whole = [one for one in demo.mentions if demo.document(one.span.document).wave != "w3"]
    assert [one.span for one in part.mentions] == [one.span for one in whole]


def test_one_language_leaves_the_other_texts_out(demo):
    assert {one.language for one in narrowed(demo, View(language="nl")).documents} == {"nl"}


def test_one_partners_words_alone_count(demo):
    part = narrowed(demo, View(partner="coop"))
    assert len(part.documents) == len(demo.documents)
    assert {one.partner for one in part.sentences if not one.excluded} == {"coop"}


def test_codings_of_texts_that_are_left_out_go_with_them():
    corpus, codings = world({"w1": {"mill": we(part=3)}, "w2": {"mill": we(own=2)}})
    part = within(codings, narrowed(corpus, View(wave="w1")))
    assert [mark.code for mark in part.marks] == ["WE_PARTNERSHIP"] * 3
    assert {document for document, _ in part.seen} == {"w1_mill_mill.txt"}


@pytest.mark.parametrize(
    ("view", "said"),
    [
        (View(wave="w9"), "No wave called 'w9'. The study has: w1, w2, w3."),
        (View(partner="bank"), "No partner called 'bank'"),
        (View(language="fr"), "No language called 'fr'. The study has: en, es, nl."),
    ],
)
def test_a_view_on_what_is_not_there_names_what_is(demo, view, said):
    with pytest.raises(KeyError, match=said):
        narrowed(demo, view)


def test_a_study_seen_through_one_person_counts_that_persons_codings_alone():
    findings = Study(HERE / "demo").conclude(view=View(wave="w2", coder="reader-1"))
    assert {mark.coder for mark in findings.codings.marks} == {"reader-1"}
    assert [one.wave for one in findings.posteriors] == ["w1", "w2"]
    assert findings.made_with["only"] == "wave w2, coder reader-1"
    assert findings.made_with["coder"] == "reader-1"


def test_a_study_seen_through_the_machine_counts_no_person():
    findings = Study(HERE / "demo").conclude(view=View(language="en", coder="machine"))
    assert findings.codings.marks
    assert not any(mark.by_person for mark in findings.codings.marks)


def test_the_last_wave_as_it_stood_then_is_the_whole_study():
    """Seen without the waves before it, nothing could be established yet, and the stage would be another."""
    study = Study(HERE / "demo")
    whole, then = study.conclude(), study.conclude(view=View(wave="w3"))
    assert [one.shares for one in then.posteriors] == [one.shares for one in whole.posteriors]


def test_a_whole_study_says_nothing_of_a_part():
    assert "only" not in Study(HERE / "demo").conclude().made_with


def test_who_coded_nothing_is_told_who_did():
    with pytest.raises(KeyError, match=r"Nobody called 'Ana' coded here. There is: reader-1, machine."):
        Study(HERE / "demo").conclude(view=View(coder="Ana"))
