"""The corpus keeps what its datasheet promises: whole texts, known stages, every mention coded, every quote in its place."""

import json
from pathlib import Path

import pytest

from weness import library
from weness.coding.codebook import codebook_named
from weness.coding.human import HumanCoder
from weness.coding.reliability import LABELS
from weness.reading.gathering import read_study
from weness.staging.process import process_named

FOLDERS = sorted(path.parent for path in (library.HERE / "corpus").glob("*/case.json"))
SHEET = (Path(__file__).parents[1] / "docs" / "corpus.md").read_text("utf-8")


def test_there_are_eighteen_partnerships_six_at_home_in_each_language():
    first = [json.loads((folder / "case.json").read_text("utf-8"))["languages"][0] for folder in FOLDERS]
    assert len(FOLDERS) == 18
    assert {language: first.count(language) for language in library.LANGUAGES} == {"en": 6, "es": 6, "nl": 6}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_partnership_is_whole_and_coded_in_full(folder):
    case = json.loads((folder / "case.json").read_text("utf-8"))
    corpus = read_study(folder)
    human = HumanCoder(folder)
    found = human.code(corpus, codebook_named())
    assert human.notes == []
    assert 8 <= len(corpus.documents) <= 14
    assert 2 <= len(case["waves"]) <= 4
    assert {wave["stage"] for wave in case["waves"]} <= {stage.id for stage in process_named().stages}
    assert all(150 <= len(document.text.split()) <= 530 for document in corpus.documents)
    assert {(document.id, family) for document in corpus.documents for family in "BC"} <= found.seen
    coded = {mark.span for mark in found.marks if mark.code in LABELS}
    selves = [one.span for one in corpus.mentions if one.of == "self" and one.form != "name"]
    assert len([span for span in selves if span not in coded]) <= 1
    assert f"| `{folder.name}` |" in SHEET


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_interview_has_somebody_who_asks_and_somebody_who_answers(folder):
    corpus = read_study(folder)
    for document in corpus.documents:
        if document.genre == "interview":
            turns = [turn for turn in corpus.turns if turn.span.document == document.id]
            assert any(turn.interviewer for turn in turns), document.id
            assert any(turn.speaker and not turn.interviewer for turn in turns), document.id
