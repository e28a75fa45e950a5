"""What an evaluation says of a coder, on rows that were counted by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from weness.coding.codebook import Codebook
from weness.coding.codings import Coding, Codings
from weness.coding.evaluating import evaluate, gold_rows, printed
from weness.coding.reliability import LABELS, reliability_of
from weness.coding.rules import RuleCoder
from weness.coding.snippets import corpus_of_rows
from weness.engines import Engine
from weness.reading.corpus import Corpus

DEV = Path(__file__).parents[2].parent / "shared" / "data" / "gold_dev" / "we_en_dev.jsonl"


class SaysAlways:
    """A coder of one word."""

    name = "says always"

    def __init__(self, code: str, probability: float = 0.5) -> None:
        self.said, self.probability = code, probability

    def code(self, corpus: Corpus, codebook: Codebook, engine: Engine) -> Codings:
        marks = tuple(Coding(one.span, self.said, self.name, self.probability) for one in corpus.mentions)
        return Codings(self.name, codebook.id, frozenset(), marks)


class SaysNothing:
    name = "says nothing"

    def code(self, corpus: Corpus, codebook: Codebook, engine: Engine) -> Codings:
        return Codings(self.name, codebook.id, frozenset(), ())


def row(
    id: str, label: str | None = None, before: str = "Then ", mention: str = "we", lang: str = "en"
) -> dict[str, Any]:
    return {
        "id": id,
        "lang": lang,
        "about": "",
        "before": before,
        "mention": mention,
        "after": " left.",
        "label": label,
    }


def test_accuracy_is_counted_over_labelled_rows_only() -> None:
    rows = [row("1", "WE_OWN"), row("2", "WE_OWN"), row("3", "WE_OWN"), row("4", "WE_SECTOR"), row("5", None)]
    found = evaluate(rows, SaysAlways("WE_OWN"))
    assert (found.labelled, len(found.predictions)) == (4, 5)
    assert found.accuracy is not None
    assert found.accuracy.value == 0.75
    assert found.majority == ("WE_OWN", 0.75)
    assert found.confusion == {("WE_OWN", "WE_OWN"): 3, ("WE_SECTOR", "WE_OWN"): 1}
    assert found.calibration_error == pytest.approx(0.25)
    assert found.macro_f1 is not None
    assert found.macro_f1.value == pytest.approx((2 * 3 / (3 + 4) + 0) / 2)


def test_a_wilson_interval_of_three_in_four() -> None:
    """By hand, z = 1.6449: centre 0.6491, half width 0.2930."""
    rows = [row("1", "WE_OWN"), row("2", "WE_OWN"), row("3", "WE_OWN"), row("4", "WE_SECTOR")]
    accuracy = evaluate(rows, SaysAlways("WE_OWN")).accuracy
    assert accuracy is not None
    assert (round(accuracy.low, 3), round(accuracy.high, 3)) == (0.356, 0.942)


def test_every_row_is_answered_once_whatever_the_mention() -> None:
    rows = [
        row("twice", mention="the two organisations"),
        row("twice", mention="US"),
        row("label", before="[", mention="We"),
        row("es", lang="es", mention="socializábamos"),
        row("none", before=None) | {"after": None},  # type: ignore[operator]
    ]
    said = evaluate(rows, RuleCoder()).predictions
    assert [one["id"] for one in said] == ["twice", "twice", "label", "es", "none"]
    assert all(one["label"] in LABELS and 0 < one["probability"] < 1 for one in said)


def test_a_coder_that_says_nothing_is_unclear() -> None:
    assert evaluate([row("1")], SaysNothing()).predictions[0]["label"] == "WE_UNCLEAR"


def test_speakers_are_told_apart_by_their_tags() -> None:
    before = "[Kirsty Williams AM] Yes.\n[Chair] No.\nInterviewer: And?\nAna Prins: Well, "
    corpus, spans = corpus_of_rows([row("1", before=before)])
    assert [(turn.label, turn.interviewer) for turn in corpus.turns] == [
        ("Kirsty Williams AM", False),
        ("Chair", False),
        ("Interviewer", True),
        ("Ana Prins", False),
    ]
    assert corpus.text(spans[0]) == "we"


def test_what_a_row_says_of_its_text_is_its_genre() -> None:
    corpus, _ = corpus_of_rows([row("1") | {"about": "A council. Minutes."}, row("2")])
    assert [document.genre for document in corpus.documents] == ["minutes", "interview"]


def test_without_labels_nothing_is_measured() -> None:
    assert "nothing can be measured" in printed(evaluate([row("1")], SaysAlways("WE_OWN")))


def test_the_print_names_the_baseline_and_the_table() -> None:
    text = printed(evaluate([row("1", "WE_OWN"), row("2", "WE_SECTOR")], SaysAlways("WE_OWN")))
    assert "always saying WE_OWN: 0.500" in text
    assert "accuracy in en" in text


def test_the_same_seed_gives_the_same_interval() -> None:
    rows = [row(str(n), LABELS[n % 3]) for n in range(12)]
    assert evaluate(rows, SaysAlways("WE_OWN")) == evaluate(rows, SaysAlways("WE_OWN"))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 2: not JSON"),
        ("[]", "line 2: a row must be an object"),
        ('{"id": "a", "lang": "en"}', "line 2: without mention"),
        ('{"id": "a", "lang": "fr", "mention": "nous"}', "no language called 'fr'"),
    ],
)
def test_a_row_that_cannot_be_answered_is_named(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(row("1")) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=says.replace("[", r"\[")):
        gold_rows(path)


def test_a_line_separator_within_a_row_ends_no_row(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(row("1", before="One.\u2028Two, "), ensure_ascii=False) + "\n", encoding="utf-8")
    assert gold_rows(path)[0]["before"] == "One.\u2028Two, "


def test_rules_beat_the_majority_on_real_mentions() -> None:
    if not DEV.is_file():
        pytest.skip("../shared/data/gold_dev is not beside this checkout")
    found = evaluate(gold_rows(DEV), RuleCoder())
    assert len(found.predictions) == 110
    assert found.accuracy is not None
    assert found.majority is not None
    assert found.accuracy.value > found.majority[1]


def test_people_agree_nearly_always_and_seldom_on_unclear() -> None:
    human = reliability_of("human")
    table = human.confusion("es")
    assert table.shape == (7, 7)
    clear = [at for at, label in enumerate(LABELS) if label != "WE_UNCLEAR"]
    assert table[clear, clear].sum() / table[clear].sum() == pytest.approx(0.958, abs=0.005)
    assert human.precision("TRUST", "nl") == (45, 50)


def test_rules_tell_where_they_were_measured() -> None:
    rules = reliability_of("rules")
    assert rules.measured_on
    right, said = rules.precision("WE_PARTNERSHIP", "es")
    found, there = rules.recall("WE_PARTNERSHIP", "es")
    assert 0 < right == found <= min(said, there)


def test_a_language_never_measured_gets_the_sum_of_the_others() -> None:
    rules = reliability_of("rules")
    total = sum((table for _, table in sorted(rules.confusions.items())), np.zeros((7, 7), dtype=np.int64))
    assert (rules.confusion("fr") == total).all()


def test_an_unknown_kind_of_coder_is_named() -> None:
    with pytest.raises(KeyError, match="builtin, human, llm, rules"):
        reliability_of("oracle")
