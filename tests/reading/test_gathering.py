"""A folder in, a corpus out: own voice told apart, nothing lost, and what cannot be read is said."""

import pytest

from weness.reading.gathering import read_study

STUDY = """
study: {id: small, name: Small Alliance, languages: [en]}
partners:
  - {id: mill, name: The Mill, sector: business, power: member}
  - {id: town, name: The Town, sector: government, power: convener}
speakers:
  - {id: ana, name: Ana Pérez, partner: mill, role: manager}
  - {id: bob, name: Bob Stone, partner: town, role: clerk}
  - {id: eve, name: Eve Asker, role: interviewer}
waves: [{id: w1, from: 2024-01, to: 2024-03}]
documents:
"""


@pytest.fixture
def study(tmp_path):
    rows = []

    def add(name, text, genre="interview", partner="mill", speakers="[ana, eve]", date="2024-01-10"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        about = f"wave: w1, date: {date}, genre: {genre}, language: en, partner: {partner}, speakers: {speakers}"
        rows.append(f"  - {{file: {name}, {about}}}")
        (tmp_path / "study.yaml").write_text(STUDY + "\n".join(rows) + "\n", encoding="utf-8")
        return tmp_path

    return add


def voices(corpus):
    return [(corpus.text(one.span), one.partner, one.excluded) for one in corpus.sentences]


def test_the_interviewers_words_are_kept_but_do_not_count(study):
    corpus = read_study(study("a.txt", "I: How do we decide?\nR: We vote. It works well for the people here."))
    assert ("How do we decide?", None, "interviewer") in voices(corpus)
    assert ("We vote.", "mill", "") in voices(corpus)
    assert [corpus.text(mention.span) for mention in corpus.mentions] == ["We"]


def test_an_answer_to_a_leading_question_is_marked_as_prompted(study):
    text = "I: What do you do as a partnership?\nR: We walk the line.\nI: And else?\nR: We talk about it."
    corpus = read_study(study("a.txt", text))
    assert [one.prompted for one in corpus.sentences if one.partner] == [True, False]


def test_quoted_mail_and_signatures_do_not_count(study):
    text = (
        "From: Ana Pérez <a@mill.example>\nTo: Bob\nSubject: rule\n\nWe agree with the rule.\n\n-- \nAna Pérez\n"
        "We mill on Mondays.\n\nOn 3 May 2024, Bob Stone wrote:\n> We never agreed.\n"
    )
    corpus = read_study(study("a.txt", text, "email", speakers="[ana]"))
    found = {words: why for words, _, why in voices(corpus)}
    assert found["We agree with the rule."] == ""
    assert next(why for words, why in found.items() if "Mondays" in words) == "signature"
    assert next(why for words, why in found.items() if "never" in words) == "quoted"


def test_text_copied_from_an_earlier_document_counts_once(study):
    line = "We want that young people stay on the hillside because they want to."
    study("b.txt", f"I: Why?\nR: {line}", partner="town", speakers="[bob, eve]", date="2024-02-01")
    corpus = read_study(study("a.txt", f"I: Why?\nR: {line}", date="2024-01-01"))
    found = {one.span.document: one.excluded for one in corpus.sentences if one.partner}
    assert found == {"a.txt": "", "b.txt": "copied"}


def test_seven_words_in_common_are_no_copy(study):
    study("b.txt", "I: Why?\nR: We want that young people stay here.", partner="town", speakers="[bob, eve]")
    corpus = read_study(study("a.txt", "I: Why?\nR: We want that young people stay there."))
    assert {one.excluded for one in corpus.sentences if one.partner} == {""}


def test_a_file_that_cannot_be_read_is_named_and_the_rest_goes_on(study):
    study("good.txt", "I: Hm?\nR: We go on with the work.")
    folder = study("empty.txt", "")
    corpus = read_study(folder)
    assert [document.id for document in corpus.documents] == ["good.txt"]
    assert any("empty.txt" in note and "empty" in note for note in corpus.notes)


def test_a_text_in_another_language_is_kept_but_not_counted(study):
    german = "Wir haben das gemeinsam beschlossen und werden es auch so machen, weil alle damit leben können. " * 3
    corpus = read_study(study("a.txt", f"I: Und?\nR: {german}"))
    assert any("not recognised" in note for note in corpus.notes)
    assert all(one.excluded for one in corpus.sentences)
    assert not corpus.mentions


def test_every_span_can_be_traced_to_its_words_and_texts_have_a_checksum(study):
    corpus = read_study(study("a.txt", "I: Hm?\r\nR: We 😀 go é on.\r\nWe stay.\r\n"))
    (document,) = corpus.documents
    assert "\r" not in document.text
    assert len(document.checksum) == 64
    assert [corpus.text(mention.span) for mention in corpus.mentions] == ["We", "We"]


def test_reading_twice_gives_the_same(study):
    folder = study("a.txt", "I: Hm?\nR: We go on. The Town asks us.")
    assert read_study(folder) == read_study(folder)


def test_progress_is_told_file_by_file(study):
    study("a.txt", "I: Hm?\nR: We go on.")
    told = []
    read_study(
        study("b.txt", "I: Hm?\nR: We too."), progress=lambda done, total, name: told.append((done, total, name))
    )
    assert told == [(1, 2, "a.txt"), (2, 2, "b.txt")]
