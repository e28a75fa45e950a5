"""Sentences: exact offsets, abbreviations, lists, and nothing lost."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weness.reading.sentences import sentences_in


def cut(text, language="en"):
    return [text[start:end] for start, end in sentences_in(text, 0, len(text), language)]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Dr. Stone came at 5 p.m. on Monday. We left.", ["Dr. Stone came at 5 p.m. on Monday.", "We left."]),
        ("en", "We pay 3.5 per cent. Why? Because!", ["We pay 3.5 per cent.", "Why?", "Because!"]),
        ("en", "J. P. Stone said no. We agreed.", ["J. P. Stone said no.", "We agreed."]),
        ("es", "¿Quién habla? La Sra. Nubia, a las 5 p. m. del lunes. ¡Vamos!",
         ["¿Quién habla?", "La Sra. Nubia, a las 5 p. m. del lunes.", "¡Vamos!"]),
        ("nl", "Dhr. Aerts zei z.n. niets. Wij wel, o.a. nu.", ["Dhr. Aerts zei z.n. niets.", "Wij wel, o.a. nu."]),
        ("en", 'He said: "We walk." Then we walked.', ['He said: "We walk."', "Then we walked."]),
        ("en", "A wrapped\nline goes on. A new one.", ["A wrapped\nline goes on.", "A new one."]),
        ("en", "A heading\n\nA text.", ["A heading", "A text."]),
        ("en", "- one thing\n- another\n", ["- one thing", "- another"]),
        ("en", "We waited… and waited. Yes.", ["We waited… and waited.", "Yes."]),
        ("en", "1. Dates. We go.\n2. Boxes.", ["1. Dates.", "We go.", "2. Boxes."]),
        ("en", "We met at 10 a.m. Then we left. So did I. We slept.",
         ["We met at 10 a.m.", "Then we left.", "So did I.", "We slept."]),
        ("en", "# A title\nA text.", ["# A title", "A text."]),
        ("es", "ACTA No. 9 de la mesa. Los EE. UU. pagan el art. 3. Ya.",
         ["ACTA No. 9 de la mesa.", "Los EE. UU. pagan el art. 3.", "Ya."]),
        ("es", "¿Y ahora? —preguntó ella. Nada.", ["¿Y ahora? —preguntó ella.", "Nada."]),
        ("es", "Llegó a las 5 p. m. La Sra. Ruiz no.", ["Llegó a las 5 p. m.", "La Sra. Ruiz no."]),
        ("nl", "Zie art. 3 en blz. 4. Het kost ca. 1,5 mln. euro, enz. Dan gaan we.",
         ["Zie art. 3 en blz. 4.", "Het kost ca. 1,5 mln. euro, enz.", "Dan gaan we."]),
    ],
)  # fmt: skip
def test_sentences_end_where_a_reader_would_end_them(language, text, expected):
    assert cut(text, language) == expected


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=200), st.sampled_from(["en", "es", "nl"]))
def test_every_letter_is_in_exactly_one_sentence(text, language):
    spans = sentences_in(text, 0, len(text), language)
    covered = "".join(text[start:end] for start, end in spans)
    assert "".join(covered.split()) == "".join(text.split())
    assert all(end <= later for (_, end), (later, _) in pairwise(spans))
    assert all(not text[start].isspace() and not text[end - 1].isspace() for start, end in spans)


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_part_of_a_text_is_cut_with_offsets_of_the_whole(before, text):
    whole = before + text
    for start, end in sentences_in(whole, len(before), len(whole), "en"):
        assert len(before) <= start < end <= len(whole)
