"""What counts as a mention of a collective, and what only looks like one."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weness.reading.corpus import Corpus, Document, Partner, Sentence, Span, Speaker, Turn
from weness.reading.mentions import mentions_in
from weness.reading.selves import selves_in

PARTNERS = (
    Partner("mill", "Molen BV", "business", aliases=("the mill", "el molino", "de molen")),
    Partner("town", "Town of Ede", "government", aliases=("the town hall", "la alcaldía", "de gemeente")),
    Partner("farm", "Our Land Trust", "civil_society", aliases=("Aguas",)),
)
SPEAKERS = (Speaker("ana", "Ana Prins", "mill"), Speaker("guy", "Guy Ross", None, "interviewer"))


def world(text: str, language: str = "en", excluded: str = "", partner: str | None = "mill") -> Corpus:
    """One turn of Ana, cut at full stops."""
    document = Document("a.txt", text, partner, language=language)
    sentences = tuple(
        Sentence(Span("a.txt", match.start(), match.end()), language, 0, "ana", partner, excluded)
        for match in re.finditer(r"[^\s.][^.]*\.?", text)
    )
    turns = (Turn(Span("a.txt", 0, len(text)), "ana"),)
    empty = Corpus("c", "Green River", (language,), PARTNERS, SPEAKERS, (), (document,), turns, sentences)
    return replace(empty, mentions=mentions_in(empty))


def selves(text: str, language: str) -> list[str]:
    return [text[start:end] for start, end, _ in selves_in(text, language)]


def others(text: str, language: str = "en", partner: str | None = "mill") -> list[tuple[str, str | None]]:
    corpus = world(text, language, partner=partner)
    return [(corpus.text(one.span), one.target) for one in corpus.mentions if one.of == "other"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We're late and we’ve lost our keys.", ["We", "we", "our"]),
        ("It is ours; they told us to help ourselves.", ["ours", "us", "ourselves"]),
        ("The US and the U.S. Army left us.", ["us"]),
        ("THEY ASKED US TO STAY AND WE DID.", ["US", "WE"]),
        ("She went to Our Lady of Sorrows.", []),
        ("It is a we-feeling, at www.us.gov and sales@us.example.", []),
        ("Focus, bus, west and power.", []),
        ("We—all of us—agreed; our-own work.", ["We", "us"]),
    ],
)
def test_english_selves(text: str, found: list[str]) -> None:
    assert selves(text, "en") == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Trabajamos en los tramos, con ramos y mínimos; los últimos son los mismos.", ["Trabajamos"]),
        ("Nosotras tenemos nuestras cuentas.", ["Nosotras", "tenemos", "nuestras"]),
        ("Digamos que fue difícil, pero quieren que digamos... no: para que digamos la verdad.", ["digamos"]),
        ("Vámonos, hablemos, sentémonos y hagámoslo.", ["Vámonos", "hablemos", "sentémonos", "hagámoslo"]),
        ("Nos reunimos y vamos a ver.", ["Nos", "reunimos", "vamos"]),
        (
            "Quieren ayudarnos, explicándonoslo; díganos, permítanos, déjennos.",
            ["ayudarnos", "explicándonoslo", "díganos", "permítanos", "déjennos"],
        ),
        ("Vos contanos y decinos qué hacemos.", ["contanos", "decinos", "hacemos"]),
        ("Los hermanos romanos, cercanos vecinos, menos unos gobiernos externos y paganos.", []),
        ("Los páramos, préstamos, extremos, organismos, máximos, enfermos y reclamos.", []),
        ("Ibamos y teniamos que ver si podriamos, dijimos.", ["Ibamos", "teniamos", "podriamos", "dijimos"]),
        ("Hablámos ayer, oímos y reímos.", ["Hablámos", "oímos", "reímos"]),
        ("O sea que tenemos, en Nuestra Señora del Rosario.", []),
        ("Fue, vamos, un desastre.", []),
        ("Cofinanciamos, socializamos y nos empoderamos.", ["Cofinanciamos", "socializamos", "nos", "empoderamos"]),
    ],
)
def test_spanish_selves(text: str, found: list[str]) -> None:
    assert selves(text, "es") == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Wij vinden dat ons bestuur het met ons eens is.",
            [("Wij", "pronoun"), ("ons", "possessive"), ("ons", "pronoun")],
        ),
        (
            "We schamen ons voor onszelf en onze mensen.",
            [("We", "pronoun"), ("ons", "possessive"), ("onszelf", "pronoun"), ("onze", "possessive")],
        ),
        ("Ik kocht twee ons ham en een ons kaas.", []),
        ("Een wij-gevoel, dat is ons kent ons.", []),
        ("De wet, de wens en de wijk.", []),
    ],
)
def test_dutch_selves(text: str, found: list[tuple[str, str]]) -> None:
    assert [(text[start:end], form) for start, end, form in selves_in(text, "nl")] == found


def test_a_we_within_a_name_is_part_of_the_name() -> None:
    corpus = world("Yesterday Our Land Trust said we were late.")
    assert [corpus.text(one.span) for one in corpus.mentions if one.of == "self"] == ["we"]


def test_headers_and_interviewers_mention_nothing_and_quoted_mail_does() -> None:
    assert world("We met.", excluded="header").mentions == ()
    assert world("We met.", excluded="interviewer").mentions == ()
    assert len(world("We met.", excluded="quoted").mentions) == 1


def test_the_partnership_that_decides_is_a_self() -> None:
    corpus = world("Green River decided to stay. The alliance has agreed.")
    assert [(corpus.text(one.span), one.form, one.of) for one in corpus.mentions] == [
        ("Green River", "name", "self"),
        ("The alliance", "name", "self"),
    ]


def test_the_partnership_that_asks_us_is_an_other() -> None:
    assert others("The project sends us a format.") == [("The project", "partnership")]
    assert others("El proyecto nos pide un formato.", "es") == [("El proyecto", "partnership")]


def test_a_budget_is_no_body() -> None:
    assert world("The project ends in June.").mentions == ()


def test_a_fellow_partner_as_subject_is_an_other() -> None:
    assert others("I think so. But the town hall wants a stamp.") == [("the town hall", "town")]
    assert others("Los de la alcaldía llegan tarde.", "es") == [("Los de la alcaldía", "town")]
    assert others("Die van de gemeente komen laat.", "nl") == [("Die van de gemeente", "town")]


def test_the_own_house_is_no_other() -> None:
    assert others("The mill wants wheat.") == []


def test_what_belongs_to_a_partner_is_not_the_partner() -> None:
    assert others("The town hall's roof leaks.") == []


def test_they_are_the_partner_named_last() -> None:
    assert others("The town hall wants a stamp. They always do.") == [("The town hall", "town"), ("They", "town")]


def test_they_are_nobody_when_others_came_between() -> None:
    assert others("The town hall wants a stamp. The children laugh. They always do.") == [("The town hall", "town")]


def test_a_dutch_ze_needs_a_plural_verb() -> None:
    assert others("De gemeente wil een stempel. Dat zegt ze.", "nl")[1:] == []
    assert others("De gemeente wil een stempel. Dat zeggen ze.", "nl")[1:] == [("ze", "town")]


def test_nobody_is_an_other_to_a_journalist() -> None:
    assert others("The town hall wants a stamp.", partner=None) == []


def test_waters_are_no_company() -> None:
    assert others("The aguas rose.") == []
    assert others("Aguas rose.") == [("Aguas", "farm")]


@given(st.text(alphabet="weousrn '’.\nİß-áS", max_size=60), st.sampled_from(["en", "es", "nl"]))
def test_spans_lie_within_their_sentence_and_hold_a_word(text: str, language: str) -> None:
    corpus = world(text, language)
    for mention in corpus.mentions:
        assert corpus.sentences[mention.sentence].span.holds(mention.span)
        assert corpus.text(mention.span).strip() == corpus.text(mention.span) != ""
    assert list(corpus.mentions) == sorted(corpus.mentions, key=lambda one: one.span)
