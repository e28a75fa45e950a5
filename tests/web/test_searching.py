"""Texts are listed with what was done on them, their words are found where they stand, and coded passages are picked out."""

from __future__ import annotations

import csv
import io

import pytest
from django.urls import reverse

from weness_web import listing, retrieving, searches
from weness_web.changes import act, new, undo
from weness_web.models import Coding, Document, Event, Job, Member, Reading, Rejection, Study, Suggestion, User

pytestmark = pytest.mark.django_db
PAGE = """
study: {name: Mill}
partners: [{id: mill, name: The Mill}, {id: town, name: Town Hall}]
speakers: [{id: ana, name: Ana Stone, partner: mill}, {id: bo, name: Bo, partner: town}]
waves: [{id: w1, from: 2020-01, to: 2020-03}, {id: w2, from: 2022-01, event: The flood}]
"""
FIRST = "Ana: ¡Qué café 😀! Mañana confiamos.\n\nBo: =SUM(1) is not a café's price.\nAna: They came late."
SECOND = "Bo: The <b>Café</b> closed. We had no trust\nin it, and no café."


def text(study, place, words, **more):
    sentences, start = [], 0
    for line in words.split("\n"):
        if line:
            head = line.index(": ") + 2 if ": " in line else 0
            who = ("ana", "mill") if line.startswith("Ana") else ("bo", "town")
            sentences.append([start + head, start + len(line), "en", len(sentences), *who, "", False])
        start += len(line) + 1
    values = {"file": f"{place}.txt", "language": "en", "genre": "interview", "checksum": f"{study.pk}{place}"} | more
    return Document.objects.create(
        study=study, place=place, text=words, length=len(words), sentences=sentences, **values
    )


@pytest.fixture
def ana():
    return User.objects.create_user("Ana", "a long password", language="en")


@pytest.fixture
def study(ana):
    study = Study.objects.create(title="Mill and town", page=PAGE)
    Member.objects.create(study=study, user=ana, owner=True)
    text(study, 1, FIRST, wave="w1", partner="mill", date="2020-02-01")
    text(study, 2, SECOND, wave="w2", genre="minutes", language="es")
    return study


@pytest.fixture
def here(client, ana):
    client.force_login(ana)
    return client


def coded(study, place, words, code="TRUST", coder="Ana"):
    document = study.documents.get(place=place)
    start = document.text.index(words)
    return Coding.objects.create(
        study=study, document=document, start=start, end=start + len(words), code=code, coder=coder, words=words
    )


def said(study, place, words, code="TRUST", probability=0.61):
    document = study.documents.get(place=place)
    start = document.text.index(words)
    return Suggestion.objects.create(
        study=study, document=document, start=start, end=start + len(words), code=code, coder="builtin", words=words,
        kind="builtin", probability=probability,
    )  # fmt: skip


def body(response):
    assert response.status_code == 200, response.content
    return response.content.decode()


# ---- the list ----


def test_texts_are_listed_by_wave_with_what_was_done_on_them(here, ana, study):
    coded(study, 1, "They came late.")
    coded(study, 1, "confiamos", "WE_OWN", "Bram")
    said(study, 1, "They came late.", "TRUST")
    said(study, 1, "Mañana", "CONFLICT")
    said(study, 2, "no trust", "TRUST")
    document = study.documents.get(place=1)
    Reading.objects.create(study=study, document=document, coder="Ana", families=["A", "B"])
    first, second = listing.by_wave(study, ana, {}, "place")
    assert (first["wave"], first["when"], second["event"]) == ("w1", "2020-01 – 2020-03", "The flood")
    (row,) = first["rows"]
    assert (row["own"], row["others"], row["open"], row["read"]) == (1, 1, 1, ["A", "B"])
    assert row["words"] == len(FIRST.split())
    page = body(here.get(reverse("texts", args=[study.pk])))
    assert "The Mill" in page
    assert reverse("text", args=[study.pk, 1]) in page


def test_a_suggestion_that_somebody_rejected_is_open_no_longer(ana, study):
    one = said(study, 1, "Mañana", "CONFLICT")
    assert [row.pk for row in listing.open_suggestions(study, ana)] == [one.pk]
    Rejection.objects.create(
        study=study, document=one.document, start=one.start, end=one.end, code="CONFLICT", coder="Bo"
    )
    assert not list(listing.open_suggestions(study, ana))


def test_the_list_can_be_filtered_and_sorted(here, ana, study):
    assert [wave["wave"] for wave in listing.by_wave(study, ana, {"genre": "minutes"}, "words")] == ["w2"]
    page = body(here.get(reverse("texts", args=[study.pk]), {"partner": "town"}))
    assert "No text fits this choice" in page
    body(here.get(reverse("texts", args=[study.pk]), {"order": "nonsense"}))


def test_a_text_that_left_the_study_is_not_listed(here, study):
    study.documents.filter(place=2).update(gone=True)
    assert "2.txt" not in body(here.get(reverse("texts", args=[study.pk])))


def test_an_empty_study_leads_to_its_set_up_and_says_when_texts_are_being_read(here, ana):
    empty = Study.objects.create(title="New")
    Member.objects.create(study=empty, user=ana)
    address = reverse("texts", args=[empty.pk])
    assert reverse("setup", args=[empty.pk]) in body(here.get(address)).split("<main")[1]
    Job.objects.create(study=empty, kind="read", due_at="2026-01-01T00:00Z")
    assert "being read" in body(here.get(address))


def test_what_could_not_be_read_is_told(here, study):
    Study.objects.filter(pk=study.pk).update(notes=["b.doc: <an old format>"])
    assert "b.doc: &lt;an old format&gt;" in body(here.get(reverse("texts", args=[study.pk])))


# ---- words ----


def hits(study, line, **how):
    return [
        (one.document.place, [one.document.text[a:b] for hit in one.hits for a, b in hit.marks])
        for one in searches.found(study, searches.asked(line, **how), {})
    ]


def test_words_are_found_whatever_their_capitals_and_accents(study):
    assert hits(study, "CAFE") == [(1, ["café", "café"]), (2, ["Café", "café"])]
    assert hits(study, "manana") == [(1, ["Mañana"])]
    assert hits(study, "Café", exact=True) == [(2, ["Café"])]
    assert hits(study, "cafe", exact=True) == []


def test_places_stay_true_after_characters_beyond_the_usual(study):
    (found,) = searches.found(study, searches.asked("confiamos"), {})
    assert found.hits[0].start == FIRST.index("confiamos")
    assert hits(study, "😀") == [(1, ["😀"])]
    tricky = "İstanbul ﬁne straße 한국 x\u0301 " * 3 + "here"
    assert len(tricky.translate(searches.FOLDING)) == len(tricky)


def test_an_accent_that_is_a_character_of_its_own_is_no_hindrance(study):
    text(study, 3, "Un cafe\u0301 negro")
    assert hits(study, "café negro")[-1] == (3, ["cafe\u0301", "negro"])
    assert hits(study, '"café negro"') == [(3, ["cafe\u0301 negro"])]


def test_whole_words_are_not_found_within_others(study):
    assert hits(study, "he")
    assert hits(study, "he", whole=True) == []
    assert hits(study, "café's", whole=True) == [(1, ["café's"])]


def test_a_phrase_in_quotes_is_found_across_a_line_break(study):
    assert hits(study, '"no trust in"') == [(2, ["no trust\nin"])]
    assert hits(study, "“no trust in”") == [(2, ["no trust\nin"])]


def test_several_words_are_found_where_all_stand_in_one_sentence(study):
    assert hits(study, "café price") == [(1, ["café", "price"])]
    assert hits(study, "café late") == []


@pytest.mark.parametrize("line", ["", "   ", '""', '"', "(((", "[a-", ".*", "\\", "a" * 5000, "\x00"])
def test_no_question_is_too_odd(here, study, line):
    body(here.get(reverse("search", args=[study.pk]), {"q": line, "lines": "99", "from": "-3"}))


def test_hits_are_shown_with_their_lines_and_ways_into_the_reader(here, study):
    address = reverse("search", args=[study.pk])
    page = body(here.get(address, {"q": "price", "lines": "0"}))
    assert f"{reverse('text', args=[study.pk, 1])}?at={FIRST.index('price')}" in page
    assert "<mark>price</mark>" in page
    assert "They came late" not in page
    assert "They came late" in body(here.get(address, {"q": "price", "lines": "1"}))
    page = body(here.get(address, {"q": "closed"}))
    assert "&lt;b&gt;Café&lt;/b&gt;" in page
    assert "<b>Café" not in page


def test_a_very_long_line_is_shown_in_part():
    words = "before " * 500 + "needle" + " after" * 500
    at = words.index("needle")
    (shown,) = searches.excerpts(words, [searches.Hit(at, at + 6, ((at, at + 6),))], 0)
    assert shown["cut"] == (True, True)
    assert sum(len(piece) for piece, _ in shown["pieces"]) < 600
    assert ("needle", at) in shown["pieces"]


def test_many_hits_are_told_in_parts(here, study):
    text(study, 3, "\n".join(f"{n} needles here" for n in range(250)))
    address = reverse("search", args=[study.pk])
    first = body(here.get(address, {"q": "needles", "lines": "0"}))
    assert "250 hits" in first
    assert first.count("<mark>") == 100
    assert "1 to 100 of 250" in first
    assert body(here.get(address, {"q": "needles", "lines": "0", "from": "200"})).count("<mark>") == 50


def test_all_sentences_with_a_hit_are_coded_in_one_action(here, ana, study):
    address = reverse("code_hits", args=[study.pk])
    here.post(address, {"q": "café", "code": "TRUST"})
    n = Coding.objects.count()
    assert n == 4
    for one in Coding.objects.select_related("document"):
        assert one.words == one.document.text[one.start : one.end]
        assert "caf" in one.words.casefold()
    here.post(address, {"q": "café", "code": "TRUST"})
    assert (Coding.objects.count(), Event.objects.count()) == (n, 1), "what is coded already is left as it is"
    undo(study, ana)
    assert not Coding.objects.exists()


@pytest.mark.parametrize("code", ["", "NONSENSE", "WE_OWN"])
def test_a_code_that_no_sentence_can_have_is_refused_in_words(here, study, code):
    answer = here.post(reverse("code_hits", args=[study.pk]), {"q": "café", "code": code})
    assert answer.status_code == 400
    assert "whole sentence" in answer.content.decode()


def test_a_closed_round_is_not_coded_into_by_a_search(here, ana, study):
    Study.objects.filter(pk=study.pk).update(blind=True)
    Member.objects.update(closed_at="2026-01-01T00:00Z")
    assert here.post(reverse("code_hits", args=[study.pk]), {"q": "café", "code": "TRUST"}).status_code == 409
    assert not Coding.objects.exists()


# ---- segments ----


@pytest.fixture
def work(study):
    coded(study, 1, "They came late.", "CONFLICT")
    coded(study, 1, "came late", "TRUST", "Bram")
    coded(study, 1, "=SUM(1) is not a café's price.", "TRUST", "Bram")
    coded(study, 2, "no trust", "TRUST")
    said(study, 2, "closed", "CONFLICT", 0.61)


def picked(study, user, **choice):
    rows = retrieving.segments(study, user, retrieving.Choice(**choice))
    return [(one.code, one.document.text[one.start : one.end]) for one in rows]


def test_segments_are_picked_by_code_voice_wave_language_coder_and_text(ana, study, work):
    assert len(picked(study, ana)) == 4
    assert picked(study, ana, codes=("CONFLICT",)) == [("CONFLICT", "They came late.")]
    assert picked(study, ana, partner="town", wave="w1") == [("TRUST", "=SUM(1) is not a café's price.")]
    assert len(picked(study, ana, coder="Bram")) == 2
    assert picked(study, ana, text="2") == [("TRUST", "no trust")]
    assert picked(study, ana, language="nl") == []


def test_codes_asked_for_together_are_found_where_they_overlap(ana, study, work):
    both = picked(study, ana, codes=("TRUST", "CONFLICT"), together=True)
    assert both == [("CONFLICT", "They came late."), ("TRUST", "came late")]


def test_a_machines_suggestions_come_only_when_asked_for_and_are_marked(here, ana, study, work):
    address = reverse("retrieve", args=[study.pk])
    assert "machine’s suggestion" not in body(here.get(address))
    page = body(here.get(address, {"machine": "1"}))
    assert "machine’s suggestion, 0.61" in page
    assert picked(study, ana, machine=True)[-1] != picked(study, ana)[-1] or len(picked(study, ana, machine=True)) == 5


def test_the_counts_are_those_of_the_segments_shown(ana, study, work):
    rows = retrieving.segments(study, ana, retrieving.Choice(codes=("TRUST",)))
    columns, table = retrieving.counts(rows, "partner", ["mill", "town"])
    assert columns == ["mill", "town"]
    assert table == {"TRUST": {"mill": 1, "town": 2}}


def test_each_segment_leads_to_its_place(here, study, work):
    page = body(here.get(reverse("retrieve", args=[study.pk]), {"code": ["TRUST"], "by": "wave"}))
    assert f"?at={SECOND.index('no trust')}" in page
    assert "Bo, Town Hall" in page


def test_who_codes_blind_sees_own_segments_alone(here, ana, study, work):
    Study.objects.filter(pk=study.pk).update(blind=True)
    study.refresh_from_db()
    assert [code for code, _ in picked(study, ana, machine=True)] == ["CONFLICT", "TRUST"]
    page = body(here.get(reverse("retrieve", args=[study.pk]), {"machine": "1"}))
    assert "Bram" not in page
    assert "<mark>closed" not in page
    first, _ = listing.by_wave(study, ana, {}, "place")
    assert (first["rows"][0]["others"], first["rows"][0]["open"]) == (0, 0)


def test_segments_are_saved_as_a_sheet_without_formulas(here, study, work):
    answer = here.get(reverse("retrieve", args=[study.pk]), {"csv": "1", "code": "TRUST"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="mill-and-town-segments.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["words"] for row in rows] == ["'=SUM(1) is not a café's price.", "came late", "no trust"]
    assert rows[1]["before"] == "They "
    assert rows[0]["speaker"] == "Bo"


def test_odd_choices_are_taken_as_none(here, study, work):
    odd = {"code": "NONSENSE", "by": "nonsense", "text": "x", "from": "99999999999", "partner": "nobody"}
    assert "No passage fits" in body(here.get(reverse("retrieve", args=[study.pk]), odd))


@pytest.mark.parametrize("name", ["texts", "search", "retrieve"])
@pytest.mark.parametrize("language", ["en", "es", "nl"])
def test_the_pages_speak_three_languages(here, ana, study, work, name, language):
    User.objects.update(language=language)
    page = body(here.get(reverse(name, args=[study.pk]), {"q": "café"} if name == "search" else {}))
    assert {"en": "Texts", "es": "Textos", "nl": "Teksten"}[language] in page


@pytest.mark.parametrize("name", ["texts", "search", "retrieve"])
def test_another_persons_study_is_not_even_told_to_exist(client, study, name):
    client.force_login(User.objects.create_user("Eve", "a long password"))
    assert client.get(reverse(name, args=[study.pk]), {"q": "café", "csv": "1"}).status_code == 404
    assert client.post(reverse("code_hits", args=[study.pk]), {"q": "a", "code": "TRUST"}).status_code == 404


def test_what_the_search_coded_is_one_line_of_the_history(here, ana, study):
    act(study, ana, "memo", [new("memo", kind="study", by="Ana", text="Before.")])
    here.post(reverse("code_hits", args=[study.pk]), {"q": "café", "code": "TRUST"})
    assert [event.verb for event in Event.objects.all()] == ["memo", "code"]


def test_what_the_reader_shows_as_answered_is_open_no_longer(ana, study):
    for words, code in (("Mañana", "CONFLICT"), ("confiamos", "WE_OWN"), ("late", "TRUST"), ("price", "POWER")):
        said(study, 1, words, code)
    coded(study, 1, "confiamos", "WE_PARTNERSHIP", "Bram")
    coded(study, 1, "late", "POWER")
    Coding.objects.filter(words="late").update(suggested={"code": "TRUST"})
    coded(study, 1, "price", "TRUST")
    assert [one.code for one in listing.open_suggestions(study, ana)] == ["CONFLICT", "POWER"]
