"""Whom "we" means, by rule: invented sentences, one cue each."""

import re
from dataclasses import replace

import pytest

from weness.coding.codebook import codebook_named
from weness.coding.coder import coder_named
from weness.coding.codings import Coding
from weness.coding.reference_rules import reference_codings
from weness.coding.reliability import LABELS
from weness.engines import Inline
from weness.reading.corpus import Corpus, Document, Partner, Sentence, Span, Speaker, Turn
from weness.reading.mentions import mentions_in

PARTNERS = (
    Partner("mill", "Molino SA", "business", aliases=("the mill", "el molino", "de molen")),
    Partner("town", "Town of Ede", "government", aliases=("the town hall", "la alcaldía", "de gemeente")),
    Partner("farm", "Farmers' Union", "civil_society", "local", aliases=("the union", "el sindicato", "de bond")),
)
SPEAKERS = (Speaker("ana", "Ana Prins", "mill"), Speaker("ruth", "Ruth Vos", "town"))


def told(text: str, language: str = "en", question: str = "", genre: str = "interview") -> Corpus:
    """A question, and Ana's answer."""
    whole = f"{question}\n{text}"
    start = len(question) + 1
    document = Document("a.txt", whole, "mill", genre=genre, language=language)
    turns = (Turn(Span("a.txt", 0, start - 1), None, "I", True), Turn(Span("a.txt", start, len(whole)), "ana"))
    sentences = tuple(
        Sentence(Span("a.txt", start + match.start(), start + match.end()), language, 1, "ana", "mill")
        for match in re.finditer(r"[^\s.?][^.?]*[.?]?", text)
    )
    empty = Corpus("c", "Green River", (language,), PARTNERS, SPEAKERS, (), (document,), turns, sentences)
    return replace(empty, mentions=mentions_in(empty))


def coded(text: str, language: str = "en", **around: str) -> list[Coding]:
    return reference_codings(told(text, language, **around))


@pytest.mark.parametrize(
    ("language", "text", "code"),
    [
        ("en", "We as a ministry cannot advance money.", "WE_OWN"),
        ("es", "Nosotros como ministerio no podemos anticipar recursos.", "WE_OWN"),
        ("nl", "Wij als ministerie kunnen geen geld voorschieten.", "WE_OWN"),
        ("en", "All of us decided it together at the table.", "WE_PARTNERSHIP"),
        ("es", "Entre todos resolvimos abrir la fórmula.", "WE_PARTNERSHIP"),
        ("nl", "Met z'n allen hebben we besloten de formule open te leggen.", "WE_PARTNERSHIP"),
        ("en", "Ruth and I prepared it, we did.", "WE_SUBGROUP"),
        ("es", "Ruth y yo lo preparamos antes.", "WE_SUBGROUP"),
        ("nl", "Ruth en ik hebben dat samen gedaan, wij tweeën.", "WE_SUBGROUP"),
        ("en", "We companies think in quarters.", "WE_SECTOR"),
        ("es", "Nosotros los empresarios pensamos en trimestres.", "WE_SECTOR"),
        ("nl", "Wij Nederlanders zijn daar nogal direct in, wij ambtenaren ook.", "WE_SECTOR"),
        ("en", "We growers had never seen the score.", "WE_COMMUNITY"),
        ("es", "Los caficultores nunca habíamos visto el puntaje.", "WE_COMMUNITY"),
        ("nl", "Wij boeren hadden die score nooit gezien.", "WE_COMMUNITY"),
        ("en", "As we all know, prices go up and down.", "WE_GENERIC"),
        ("es", "Como sabemos, los precios suben y bajan.", "WE_GENERIC"),
        ("nl", "Zoals we weten schommelen de prijzen.", "WE_GENERIC"),
    ],
)
def test_the_codebook_s_own_examples(language: str, text: str, code: str) -> None:
    assert {mark.code for mark in coded(text, language)} == {code}


def test_a_scholar_can_read_why() -> None:
    (mark,) = coded("We as a ministry cannot advance money.")
    assert "apposition" in mark.why
    assert "'we as a ministry'" in mark.why


def test_every_mention_gets_one_code_with_a_probability() -> None:
    corpus = told("We met. The town hall told us that they want our keys. Green River decided to stay.")
    marks = reference_codings(corpus)
    assert [mark.span for mark in marks] == [mention.span for mention in corpus.mentions]
    assert all(0 < mark.probability < 1 and mark.kind == mark.coder == "rules" for mark in marks)


def test_a_fellow_partner_is_an_other_with_a_tone() -> None:
    (mark,) = coded("The town hall never asked anybody.")
    assert (mark.code, mark.fields["target"], mark.fields["tone"]) == ("THEY_PARTNER", "town", "blaming")


def test_the_partnership_by_name_is_a_partnership_self() -> None:
    (mark,) = coded("Green River decided to stay.")
    assert mark.code == "WE_PARTNERSHIP"


def test_no_cue_is_said_to_be_none_and_leaves_a_low_probability() -> None:
    (mark,) = coded("Yesterday we laughed.")
    assert "no cue" in mark.why
    assert mark.probability < 0.6


def test_the_question_tells_who_is_spoken_of() -> None:
    own = coded("Busy, we hardly sleep.", question="And how are things at your company?")[0]
    all_ = coded("Busy, we hardly sleep.", question="And what do you do together, the four of you?")[0]
    assert (own.code, all_.code) == ("WE_OWN", "WE_PARTNERSHIP")


def test_two_possible_readings_are_unclear_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from weness.coding import reference_rules

    page = {**reference_rules._page(), "call_from": 0.99}
    monkeypatch.setattr(reference_rules, "_page", lambda: page)
    (mark,) = coded("Yesterday we laughed.")
    assert mark.code == "WE_UNCLEAR"
    assert mark.fields["candidates"] == ["WE_OWN", "WE_PARTNERSHIP"]


def test_nothing_defaults_to_the_partnership_in_an_interview() -> None:
    assert coded("Yesterday we laughed.")[0].code != "WE_PARTNERSHIP"


def test_the_same_text_gives_the_same_codings() -> None:
    text = "We told the town hall that our board agreed. Ruth and I met; we all want it."
    assert coded(text) == coded(text)


def test_the_coder_says_what_it_looked_at() -> None:
    corpus = told("We met at the table.")
    codings = coder_named("rules").code(corpus, codebook_named(), Inline())
    assert ("a.txt", "A") in codings.seen
    assert [mark.code for mark in codings.marks if mark.code in LABELS] == ["WE_PARTNERSHIP"]
