"""A folder in, a corpus out: own voice told apart, nothing lost, and what cannot be read is said."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from weness.reading.corpus import Document, Span
from weness.reading.gathering import read_study
from weness.reading.transcripts import turns_in

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


def test_a_mail_from_nobody_known_is_kept_as_an_unknown_speakers(study):
    text = "From: Zed Zorn (Nowhere)\nTo: Ana\n\nWe go on with it."
    found = {words: why for words, _, why in voices(read_study(study("a.txt", text, "email", speakers="[ana]")))}
    assert found["We go on with it."] == "unknown speaker"


def test_where_nobody_is_listed_the_one_who_answers_tells_for_the_house(study):
    corpus = read_study(
        study("a.txt", "Interviewer: How?\nMiller: We grind.\nInterviewer: So?\nMiller: Daily.", speakers="[]")
    )
    assert ("We grind.", "mill", "") in voices(corpus)
    corpus = read_study(study("a.txt", "Joan: How?\nMiller: We grind.\nJoan: So?\nMiller: Daily.", speakers="[]"))
    assert not any(partner for _, partner, _ in voices(corpus))


def test_somebody_of_a_known_house_counts_for_it_by_bracket_and_by_attendance_list(study):
    minutes = (
        'Present: Ana Pérez and Zoe Bly (The Mill), Bob Stone (The Town)\n\n1. Price. Zoe: "We pay more." No decision.'
    )
    folder = study("m.txt", minutes, "minutes", partner="null", speakers="[ana, bob]")
    study("a.txt", "I: How?\nMax Doe (The Town): We clean up.\nAna: We grind.\nI: So?")
    found = {words: (partner, why) for words, partner, why in voices(read_study(folder))}
    assert found["We pay more."] == ("mill", "")
    assert found["We clean up."] == ("town", "")
    assert found["1. Price."] == (None, "minutes")
    assert next(why for words, (_, why) in found.items() if words.startswith("Present")) == "header"


def test_own_words_between_quoted_lines_of_a_mail_are_sentences_of_their_own(study):
    text = "From: Ana Pérez\n\nOn 3 May 2024, Bob wrote:\n> we never\n> agreed to it\nand we did agree\n> when\nWe say in May."
    found = voices(read_study(study("a.txt", text, "email", speakers="[ana]")))
    assert [(words, why) for words, _, why in found if not why] == [("and we did agree", ""), ("We say in May.", "")]


def test_an_answer_in_another_of_our_languages_is_read_in_it(study):
    spanish = (
        "Nosotros decidimos juntos que el precio del café sería abierto para todos los que lo venden en la mesa, " * 2
    )
    english = "We said that it was the price for all of us and that we would have it on the table with the others. " * 2
    corpus = read_study(study("a.txt", f"I: So?\nR: {english}\nI: And?\nR: {spanish}"))
    assert {one.language for one in corpus.sentences if one.partner} == {"en", "es"}


def test_labels_that_the_study_file_explains_are_taken_at_its_word(study):
    folder = study("a.txt", "Speaker 1: How?\nSpeaker 2: We grind.\nSpeaker 1: So?\nSpeaker 2: Daily.")
    file = folder / "study.yaml"
    rows = "turns: {Speaker 1: eve, Speaker 2: ana}"
    file.write_text(
        file.read_text("utf-8").replace("speakers: [ana, eve]}", f"speakers: [ana, eve], {rows}}}"), "utf-8"
    )
    assert ("We grind.", "mill", "") in voices(read_study(folder))


SHARED = Path(__file__).parents[2].parent / "shared" / "data"
beside = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is not beside this checkout")

NOBODYS = {
    # The minute-taker's own heading, and what a university, no single person of it, is quoted as saying.
    ("havenkade", "k2_verslag_nazit.txt", 557),
    ("quebrada", "t2_acta_mesa.txt", 673),
    ("quebrada", "t2_acta_mesa.txt", 716),
}


@beside
@pytest.mark.parametrize("case", ["orchard", "quebrada", "havenkade"])
def test_every_mention_that_a_reader_labelled_is_said_by_a_known_person_of_the_right_house(case):
    corpus = read_study(SHARED / "cases" / case)
    exceptions = set()
    for line in (SHARED / "cases" / case / "mentions.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        document = corpus.document(row["file"])
        sentence = corpus.sentence_at(Span(row["file"], row["start"], row["end"]))
        if sentence is None or sentence.excluded or sentence.speaker is None:
            exceptions.add((case, row["file"], row["start"]))
            continue
        assert sentence.speaker in document.speakers
        assert document.partner in (None, sentence.partner)
    assert exceptions == {one for one in NOBODYS if one[0] == case}
    assert not any(one.excluded == "copied" for one in corpus.sentences)


@beside
def test_real_minutes_give_their_speakers_and_no_list_of_names_a_voice(tmp_path):
    for source in (SHARED / "openjs_cpc").glob("20*.md"):
        (tmp_path / source.name).write_bytes(source.read_bytes())
    study = Path(__file__).parents[2] / "bench" / "openjs.yaml"
    (tmp_path / "study.yaml").write_text(study.read_text("utf-8"), encoding="utf-8")
    corpus = read_study(tmp_path)
    told = [turn for turn in corpus.turns if turn.speaker]
    assert len(corpus.documents) == 57
    assert len(told) >= 270
    assert len([turn for turn in corpus.turns if turn.label and not turn.speaker]) <= 5
    assert not any(re.fullmatch(r"[\w .’]+\(@[\w-]+\)\s*", corpus.text(turn.span)) for turn in told)
    assert not any(turn.interviewer for turn in corpus.turns)
    assert {one.excluded for one in corpus.sentences} <= {"", "minutes", "header", "copied", "unknown speaker"}


@beside
@pytest.mark.parametrize("name", ["covid_3", "education_2", "education_13"])
def test_every_turn_of_a_hearing_is_one_turn_under_its_label(name):
    whole = json.loads((SHARED / "qmsum_committee" / f"{name}.json").read_text("utf-8"))
    rows = [row for row in whole["meeting_transcripts"] if row["content"].strip()]
    text = "\n\n".join(f"{row['speaker']}: {' '.join(row['content'].split())}" for row in rows)
    found = turns_in(Document("a", text, genre="interview"), (), ())
    once = [row for row in rows if sum(other["speaker"] == row["speaker"] for other in rows) == 1]
    said = Counter(text[turn.span.start : turn.span.end].strip() for turn in found)
    missed = [row for row in rows if " ".join(row["content"].split()) not in said and row not in once]
    # Who speaks once, without an office or house, is not told from a heading: the turn before runs on.
    assert len(missed) <= 0.02 * len(rows)
