"""Own voice: what is kept but does not count, and why."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weness.reading.corpus import Document, Sentence, Span, Turn
from weness.reading.voices import parts_not_own, pieces_of, prompted_turns, without_copies


def whys(text, genre="email"):
    """The text in pieces, each with why it does not count."""
    parts = parts_not_own(Document("a", text, genre=genre))
    return [
        (text[start:end].strip(), why) for start, end, why in pieces_of(0, len(text), parts) if text[start:end].strip()
    ]


@pytest.mark.parametrize(
    "opener",
    [
        "On Thu, 28 Apr 2022, Bob Stone wrote:",
        "On Thu, 28 Apr 2022 at 10:02, Bob Stone\n<bob@town.example> wrote:",
        "El 3 de mayo de 2022, Bob Stone escribió:",
        "Op 3 mei 2022 om 10:02 schreef Bob Stone <bob@town.example>:",
        "-----Original Message-----",
        "---------- Forwarded message ---------",
        "From: Bob Stone\nSent: Monday\nTo: Ana",
        "De: Bob Stone\nEnviado: lunes\nPara: Ana",
        "Van: Bob Stone\nVerzonden: maandag\nAan: Ana",
    ],
)
def test_what_another_wrote_before_is_quoted_to_the_end(opener):
    found = whys(f"Dear Bob,\n\nWe agree.\n\n{opener}\n\nWe never agreed.\n\nBob")
    assert found[0] == ("Dear Bob,\n\nWe agree.", "")
    assert [why for _, why in found[1:]] == ["quoted"]


def test_own_words_below_marked_quotations_count():
    found = whys("On 3 May 2024, Bob wrote:\n> We never agreed.\n> Never.\nWe did agree.\n> When?\nIn May.")
    assert [(words, why) for words, why in found if not why] == [("We did agree.", ""), ("In May.", "")]


@pytest.mark.parametrize("greeting", ["Best wishes,", "Un saludo,", "Met vriendelijke groet,", "--", "-- "])
def test_a_signature_begins_with_a_greeting_or_two_dashes(greeting):
    found = whys(f"We agree.\n\n{greeting}\nAna Pérez\nThe Mill, we grind on Mondays.\n\nP.S. We also pay.")
    assert [why for _, why in found] == ["", "signature", ""]


def test_thanks_at_the_top_of_a_mail_are_no_signature():
    found = whys("Thanks!\n\nWe agree with the rule.\n\nRegards,\nAna")
    assert found == [("Thanks!\n\nWe agree with the rule.", ""), ("Regards,\nAna", "signature")]


def test_a_long_text_after_a_greeting_is_no_signature():
    assert {why for _, why in whys("Thanks,\n" + "we go on with it " * 20)} == {""}


def test_titles_and_notes_to_editors_of_an_article_are_headers():
    text = (
        "THE COUNCIL\nPRESS RELEASE\n28 April 2022\n\nOne valley, one table\n\nA new partnership was launched.\n\n"
        "What comes next\n\nWe will see.\n\nNotes to editors\n1. The name is ours.\n"
    )
    kept = [words for words, why in whys(text, "press") if not why]
    assert kept == ["A new partnership was launched.", "We will see."]


def test_a_short_line_further_down_is_a_title_only_in_print():
    text = "Interview 3\nDate: 3 May\n\nWe met there. It was good.\n\nand then we left\n\nWe came back."
    assert [words for words, why in whys(text, "interview") if why] == ["Interview 3\nDate: 3 May"]


@given(
    st.text(alphabet="ab >\n-:.Best wishes,", max_size=120), st.sampled_from(["email", "press", "interview", "minutes"])
)
def test_the_pieces_of_a_text_are_the_text(text, genre):
    parts = parts_not_own(Document("a", text, genre=genre))
    pieces = list(pieces_of(0, len(text), parts))
    assert "".join(text[start:end] for start, end, _ in pieces) == text


def sentence(document, words, excluded=""):
    return Sentence(Span(document, 0, len(words)), "en", 0, excluded=excluded), words


def copied(*rows, order):
    found = without_copies([row[0] for row in rows], [row[1] for row in rows], order)
    return [one.excluded for one in found]


LINE = "We want that young people stay on the hillside."


def test_eight_words_in_a_row_count_once_for_the_earliest():
    later, first = sentence("b", LINE.upper()), sentence("a", f"Well, {LINE}")
    assert copied(later, first, order={"a": 0, "b": 1}) == ["copied", ""]


def test_what_minutes_and_mails_quote_is_a_source_too():
    assert copied(sentence("a", LINE, "minutes"), sentence("b", LINE), order={"a": 0, "b": 1}) == ["minutes", "copied"]


def test_an_interviewers_words_are_no_source_and_nobody_copies_within_a_document():
    assert copied(sentence("a", LINE, "interviewer"), sentence("b", LINE), order={"a": 0, "b": 1})[1] == ""
    assert copied(sentence("a", LINE), sentence("a", LINE), sentence("b", "Hm."), order={"a": 0, "b": 1})[1] == ""


@pytest.mark.parametrize(
    ("question", "prompts"),
    [
        ("What do you do as a partnership?", True),
        ("¿Qué hacen COMO ALIANZA?", True),
        ("Wat doen jullie als partnerschap?", True),
        ("What do you do?", False),
        ("¿Se ven como redes de apoyo?", False),
    ],
)
def test_only_the_answer_right_after_a_leading_question_is_prompted(question, prompts):
    text = f"{question} We walk. Hm? We talk."
    cuts = [0, len(question), len(question) + 9, len(question) + 13, len(text)]
    turns = [
        Turn(Span("a", start, end), interviewer=number % 2 == 0) for number, (start, end) in enumerate(pairwise(cuts))
    ]
    documents = {"a": Document("a", text)}
    assert prompted_turns(turns, documents) == ({1} if prompts else set())
    elsewhere = replace(turns[1], span=replace(turns[1].span, document="b"))
    assert prompted_turns([turns[0], elsewhere], documents | {"b": Document("b", text)}) == set()
