"""What persons coded is read as theirs, checked against the text, and counts before any machine."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weness.coding.codebook import codebook_named
from weness.coding.codings import Coding, Codings
from weness.coding.human import HumanCoder, human_first
from weness.reading.corpus import Corpus, Document, Mention, Sentence, Span

TEXT = "We agreed to walk first. They came late."
FAMILIES = {code.id: code.family for code in codebook_named().codes}


@pytest.fixture
def corpus():
    documents = (Document("a.txt", TEXT), Document("b.txt", TEXT))
    sentences = tuple(Sentence(Span(name, 0, 24), "en", 0) for name in ("a.txt", "b.txt"))
    mentions = tuple(
        Mention(Span(name, at, at + 2), "en", 0, "pronoun") for name in ("a.txt", "b.txt") for at in (0, 3, 6, 9)
    )
    return Corpus("c", "C", ("en",), (), (), (), documents, (), sentences, mentions)


def read(folder, corpus, codings=(), mentions=()):
    for name, rows in (("codings.jsonl", codings), ("mentions.jsonl", mentions)):
        lines = (row if isinstance(row, str) else json.dumps(row) for row in rows)
        (folder / name).write_text("\n".join(lines), encoding="utf-8")
    human = HumanCoder(folder)
    return human.code(corpus, codebook_named()), human.notes


def test_a_row_is_read_as_that_persons_work(tmp_path, corpus):
    row = {"file": "a.txt", "start": 0, "end": 24, "text": TEXT[:24], "code": "DECISION", "coder": "ana",
           "fields": {"mode": "joint"}}  # fmt: skip
    found, notes = read(tmp_path, corpus, [row])
    (mark,) = found.marks
    assert (mark.code, mark.coder, mark.by_person, mark.fields["mode"]) == ("DECISION", "ana", True, "joint")
    assert not notes


def test_who_coded_one_segment_of_a_document_has_seen_it_for_both_families(tmp_path, corpus):
    row = {"file": "a.txt", "start": 0, "end": 24, "code": "TRUST", "coder": "ana"}
    found, _ = read(tmp_path, corpus, [row])
    assert found.seen == {("a.txt", "B"), ("a.txt", "C")}


def test_looked_and_found_nothing_can_be_said(tmp_path, corpus):
    found, _ = read(tmp_path, corpus, [{"file": "b.txt", "seen": ["B", "C"], "coder": "ana"}])
    assert ("b.txt", "B") in found.seen
    assert not found.marks


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"file": "z.txt", "start": 0, "end": 2, "code": "TRUST"}, "z.txt"),
        ({"file": "a.txt", "start": 0, "end": 2, "code": "TRUSTY"}, "TRUSTY"),
        ({"file": "a.txt", "start": 0, "end": 999, "code": "TRUST"}, "999"),
        ({"file": "a.txt", "start": 5, "end": 5, "code": "TRUST"}, "5"),
        ({"file": "a.txt", "start": 0, "end": 2, "text": "Us", "code": "TRUST"}, "'We'"),
        ("{not json", "not JSON"),
        ("[1, 2]", "object"),
    ],
)
def test_a_row_that_does_not_fit_is_left_out_and_named_with_its_line(tmp_path, corpus, row, told):
    good = {"file": "a.txt", "start": 0, "end": 24, "code": "TRUST", "coder": "ana"}
    found, notes = read(tmp_path, corpus, [good, row])
    assert len(found.marks) == 1
    assert "line 2" in notes[0]
    assert told in notes[0]


def test_machine_rows_in_the_folder_are_not_taken_for_a_persons(tmp_path, corpus):
    row = {"file": "a.txt", "start": 0, "end": 2, "code": "WE_OWN", "coder": "rules", "kind": "rules"}
    found, notes = read(tmp_path, corpus, [row])
    assert not found.marks
    assert "machine" in notes[0]


def machine(corpus):
    marks = [Coding(mention.span, "WE_OWN", "rules", 0.6, kind="rules") for mention in corpus.mentions]
    marks += [Coding(Span(name, 0, 24), "TRUST", "rules", 0.6, kind="rules") for name in ("a.txt", "b.txt")]
    return Codings("rules", "weness", frozenset(), tuple(marks))


def test_the_machine_fills_in_only_where_no_person_looked(tmp_path, corpus):
    row = {"file": "a.txt", "start": 0, "end": 24, "code": "CONFLICT", "coder": "ana", "fields": {"handled": "open"}}
    label = {"file": "a.txt", "start": 0, "end": 2, "mention": "We", "label": "WE_PARTNERSHIP"}
    human, _ = read(tmp_path, corpus, [row], [label])
    both = human_first(human, machine(corpus), corpus, FAMILIES)
    told = {(mark.span.document, mark.span.start, mark.code, mark.kind) for mark in both.marks}
    assert ("a.txt", 0, "WE_PARTNERSHIP", "human") in told
    assert ("a.txt", 0, "WE_OWN", "rules") not in told
    assert ("a.txt", 3, "WE_OWN", "rules") in told
    assert ("a.txt", 0, "TRUST", "rules") not in told
    assert ("b.txt", 0, "TRUST", "rules") in told


def test_what_a_person_left_uncoded_in_a_text_read_whole_is_no_mention(tmp_path, corpus):
    labels = [{"file": "a.txt", "start": at, "end": at + 2, "label": "WE_OWN"} for at in (0, 3, 6, 9)]
    human, _ = read(tmp_path, corpus, (), labels)
    extra = Codings("rules", "weness", frozenset(), (Coding(Span("a.txt", 20, 22), "WE_OWN", "rules", kind="rules"),))
    assert all(mark.by_person for mark in human_first(human, extra, corpus, FAMILIES).marks)


@given(st.sets(st.integers(0, 3)))
def test_no_mention_is_ever_coded_twice(coded):
    documents = (Document("a.txt", TEXT),)
    mentions = tuple(Mention(Span("a.txt", at, at + 2), "en", 0, "pronoun") for at in (0, 3, 6, 9))
    corpus = Corpus("c", "C", ("en",), (), (), (), documents, (), (), mentions)
    spans = [mentions[number].span for number in sorted(coded)]
    human = Codings("ana", "weness", frozenset(), tuple(Coding(span, "WE_OWN", "ana") for span in spans))
    both = human_first(human, machine_of(mentions), corpus, FAMILIES)
    starts = [mark.span.start for mark in both.marks]
    assert len(starts) == len(set(starts))
    assert set(starts) == {0, 3, 6, 9}


def machine_of(mentions):
    marks = tuple(Coding(mention.span, "WE_OWN", "rules", 0.6, kind="rules") for mention in mentions)
    return Codings("rules", "weness", frozenset(), marks)
