"""Turns: who says what, however the transcript is laid out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weness.reading.corpus import Document, Partner, Speaker
from weness.reading.transcripts import turns_in

PARTNERS = (
    Partner("mill", "The Mill", "business", aliases=("Mill Ltd",)),
    Partner("town", "Alcaldía de San Bruno", "government", aliases=("la alcaldía",)),
)
SPEAKERS = (
    Speaker("ana", "Ana María Pérez", "mill", "manager"),
    Speaker("bob", "Bob Stone", "town", "clerk"),
    Speaker("lotte", "Lotte Brandsma", "mill", "chair"),
    Speaker("eve", "Eve Q. Asker", None, "interviewer"),
)


def turns(text, genre="interview", speakers=("ana", "eve"), language="en", corrections=()):
    document = Document("a.txt", text, "mill", "w1", "2024-01-01", genre, language, speakers)
    found = turns_in(document, SPEAKERS, PARTNERS, corrections)
    return [(turn.speaker, turn.interviewer, text[turn.span.start : turn.span.end].strip()) for turn in found]


@pytest.mark.parametrize(
    "text",
    [
        "I: How is it?\nR: We manage.",
        "Interviewer: How is it?\n\nAna María: We manage.",
        "Eve Q. Asker: How is it?\nAna Perez: We manage.",
        "**Eve:** How is it?\n\n**Ana María Pérez:** We manage.",
        "Eve Asker: How is it?\nAna María Pérez (The Mill): We manage.",
        "[00:00:04] I: How is it?\n[00:00:09] R: We manage.",
        "00:04 Eve: How is it?\n00:09 doña Ana María: We manage.",
        "(00:04) Interviewer: How is it?\n(00:09) Perez: We manage.",
        "Q: How is it?\nA: We manage.",
    ],
)
def test_question_and_answer_are_told_apart_in_every_common_layout(text):
    found = [turn for turn in turns(text) if turn[2]]
    assert [(asks, words) for _, asks, words in found] == [(True, "How is it?"), (False, "We manage.")]
    assert found[1][0] == "ana"


def test_name_and_time_on_a_line_of_their_own_begin_a_turn():
    found = turns("Eve Asker 00:04\nHow is it?\n\nAna Pérez 00:09\nWe manage.\nReally.")
    assert found == [("eve", True, "How is it?"), ("ana", False, "We manage.\nReally.")]


def test_a_key_in_the_heading_says_who_r_is():
    text = "Interview 05\nR = Lotte Brandsma, The Mill\n\nI: Tell me.\nR: We built."
    found = turns(text, speakers=("lotte", "ana", "eve"))
    assert found[-1] == ("lotte", False, "We built.")


def test_a_correction_of_the_study_file_wins_over_every_guess():
    found = turns("X1: How is it?\nX2: We manage.", corrections=(("X1", "eve"), ("X2", "ana")))
    assert found == [("eve", True, "How is it?"), ("ana", False, "We manage.")]


@pytest.mark.parametrize("line", ["17:30 we left.", "Note: nothing.", "At 9:15 we met.", "See http://x.org: good."])
def test_a_clock_time_a_note_and_an_address_are_no_speakers(line):
    text = f"Interviewer: And then?\nAna: We walked.\n{line}\nInterviewer: So?\nAna: Yes."
    assert {speaker for speaker, _, _ in turns(text)} == {None, "ana"}
    assert all(asks for speaker, asks, _ in turns(text) if speaker is None)
    assert line in turns(text)[1][2]


def test_a_stranger_keeps_the_label_and_is_nobody():
    document = Document("a.txt", "Zed: Hello.\nAna: We.\nZed: Bye.", "mill", genre="interview", speakers=("ana",))
    found = turns_in(document, SPEAKERS, PARTNERS)
    assert [(turn.speaker, turn.label) for turn in found] == [(None, "Zed"), ("ana", "Ana"), (None, "Zed")]


def test_in_minutes_a_label_rules_its_item_and_the_rest_is_nobodys():
    text = (
        "Present: A. Pérez (The Mill), B. Stone (Alcaldía)\n\n1. Budget. No decision.\n\n"
        '2. Wording. AP: "We can\'t sign." BS: "Then we wait." No agreement.\n'
    )
    found = turns(text, "minutes", ("ana", "bob"))
    assert ("ana", False, "We can't sign.") in found
    assert ("bob", False, "Then we wait.") in found
    assert all(speaker is None for speaker, _, words in found if "No decision" in words or "No agreement" in words)


def test_bulleted_minutes_give_each_bullet_to_its_speaker():
    text = "# Meeting\n\n* Budget\n  * Ana, we need more time\n  * Bob: we have none\n* Next\n"
    found = turns(text, "minutes", ("ana", "bob"))
    assert ("ana", "we need more time") in [(speaker, words) for speaker, _, words in found]
    assert ("bob", "we have none") in [(speaker, words) for speaker, _, words in found]


def test_an_article_gives_quoted_words_to_who_is_said_to_say_them():
    text = '"We walk first", said Ana Pérez of the mill. Bob Stone said: "We pay for it."\n\n"Nice," said a visitor.'
    found = turns(text, "press", ("ana", "bob"))
    assert ("ana", False, "We walk first") in found
    assert ("bob", False, "We pay for it.") in found
    assert not any("Nice" in words for speaker, _, words in found if speaker)


def test_a_mail_is_one_turn_of_its_sender_without_the_header():
    text = "From: Ana Pérez <ana@mill.example>\nTo: Bob\nSubject: rule\n\nDear Bob,\nwe agree.\nAna"
    found = turns(text, "email", ("ana",))
    assert found[-1] == ("ana", False, "Dear Bob,\nwe agree.\nAna")
    assert found[0][0] is None


def test_a_lone_known_speaker_says_all_of_a_text_without_labels():
    assert turns("We built it. We kept it.", speakers=("ana",)) == [("ana", False, "We built it. We kept it.")]


def test_ambiguous_first_names_are_decided_by_who_is_in_the_document():
    people = (*SPEAKERS, Speaker("ana2", "Ana Gómez", "town"))
    document = Document("a.txt", "Interviewer: Hi\nAna: We.", "town", genre="interview", speakers=("ana2", "eve"))
    assert turns_in(document, people, PARTNERS)[-1].speaker == "ana2"


labels = st.sampled_from(["I", "R", "Ana", "Bob Stone", "**Ana**", "[00:01] R", "17:30", "Note", "Zed"])
words = st.text(st.characters(codec="utf-8", exclude_characters="\r", exclude_categories=("Cs",)), max_size=40)


@given(st.lists(st.tuples(labels, words), max_size=8), st.sampled_from(["interview", "minutes", "press", "email"]))
def test_turns_never_overlap_never_leave_the_text_and_lose_no_words(lines, genre):
    text = "\n".join(f"{label}: {said}" for label, said in lines)
    document = Document("a.txt", text, "mill", "w1", "", genre, "en", ("ana", "bob", "eve"))
    found = turns_in(document, SPEAKERS, PARTNERS)
    end = 0
    for turn in found:
        assert end <= turn.span.start < turn.span.end <= len(text)
        end = turn.span.end
