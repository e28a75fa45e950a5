"""The coder that comes with weness answers every mention once, says when it does not know, and learns from a user's own codings."""

import csv
import json
import shutil
from dataclasses import replace

import numpy as np
import openpyxl
import pytest
from typer.testing import CliRunner

from weness import library
from weness.cli import app
from weness.coding.asking_first import asked_first
from weness.coding.building import built
from weness.coding.builtin import SAID_FROM, BuiltinCoder
from weness.coding.builtin_model import MODEL, builtin_model, write
from weness.coding.codebook import codebook_named
from weness.coding.few_shot import examples_from
from weness.coding.human import HumanCoder
from weness.coding.learned import FEWEST, labels_in, learned_from, learned_in, remember
from weness.coding.mention_features import Asked, mentions_asked
from weness.coding.reliability import LABELS, reliability_of
from weness.coding.sheets import SheetError, labels_from
from weness.engines import Inline
from weness.reading.gathering import read_study

DEMO = library.HERE / "demo"
SMALL = [library.HERE / "corpus" / name for name in ("kanteling", "warmtenet")]


@pytest.fixture(scope="module")
def corpus():
    return read_study(SMALL[0])


@pytest.fixture(scope="module")
def found(corpus):
    return BuiltinCoder().code(corpus, codebook_named(), Inline())


def test_every_we_gets_exactly_one_code_with_a_chance_and_a_reason(corpus, found):
    selves = [one.span for one in corpus.mentions if one.of == "self" and one.form != "name"]
    coded = [mark for mark in found.marks if mark.code in LABELS and mark.span in set(selves)]
    assert sorted(mark.span for mark in coded) == sorted(selves)
    assert all(0 <= mark.probability <= 1 and mark.why for mark in coded)


def test_below_its_limit_the_coder_abstains_and_names_two_readings(found):
    unsure = [mark for mark in found.marks if mark.code == "WE_UNCLEAR"]
    sure = [mark for mark in found.marks if mark.code in LABELS and mark.code != "WE_UNCLEAR" and "next" in mark.fields]
    assert all(len(mark.fields["candidates"]) == 2 for mark in unsure)
    assert all(mark.probability >= SAID_FROM for mark in sure)


def test_the_same_text_is_coded_the_same_way_twice(corpus, found):
    assert BuiltinCoder().code(corpus, codebook_named(), Inline()).marks == found.marks


def test_segments_stand_on_whole_sentences_of_one_turn(corpus, found):
    families = {code.id: code.family for code in codebook_named().codes}
    starts = {sentence.span.start for sentence in corpus.sentences}
    for mark in found.marks:
        if families[mark.code] in ("B", "C"):
            assert mark.span.start in starts
            assert set(mark.fields) <= set(codebook_named().code(mark.code).fields)


def test_a_study_in_which_nobody_says_we_is_no_error(corpus):
    silent = replace(corpus, mentions=(), sentences=(), turns=())
    assert BuiltinCoder().code(silent, codebook_named(), Inline()).marks == ()


def test_the_model_is_small_plain_arrays_and_stays_the_same_when_written_again(tmp_path):
    assert MODEL.stat().st_size <= 10_000_000
    with np.load(MODEL, allow_pickle=False) as arrays:
        assert all(arrays[name].dtype.kind in "fu" for name in arrays.files)
    write(builtin_model(), tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == MODEL.read_bytes()


def test_building_twice_gives_the_same_bytes(tmp_path):
    for name in ("a.npz", "b.npz"):
        write(built(SMALL), tmp_path / name)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_one_partnership_is_too_few_to_build_from():
    with pytest.raises(ValueError, match="at least two coded partnerships"):
        built(SMALL[:1])


def test_a_file_that_is_no_model_is_told_in_a_sentence(tmp_path):
    (tmp_path / "x.npz").write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(ValueError, match=r"x\.npz is no model of the built-in coder"):
        builtin_model(tmp_path / "x.npz")


def test_the_errors_that_the_measures_use_were_measured_on_partnerships_left_out():
    told = reliability_of("builtin")
    assert "left out" in told.measured_on
    for language in ("en", "es", "nl"):
        hits, said = told.precision("WE_OWN", language)
        assert 0.5 * said < hits < said


# --- learning ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lesson(corpus):
    asked = [one for one in mentions_asked(corpus, builtin_model().usual) if isinstance(one, Asked)]
    truth = labels_in(asked, HumanCoder(SMALL[0]).code(corpus, codebook_named()))
    return asked, truth


def test_learning_moves_the_chances_toward_what_the_person_said(corpus, lesson):
    asked, truth = lesson
    model = builtin_model().reference
    wrong = np.where(truth == 1, 3, truth)  # a person who calls every own house a sector
    before = model.chances(asked, corpus)
    after = learned_from(model, asked, wrong).chances(model, asked, corpus)
    own = truth == 1
    assert after[own, 3].mean() > before[own, 3].mean() + 0.1


def test_what_was_learned_is_kept_in_the_study_and_used_there_only(corpus, lesson, tmp_path):
    asked, truth = lesson
    learned = learned_from(builtin_model().reference, asked, np.where(truth == 1, 3, truth))
    remember(learned, tmp_path)
    here = BuiltinCoder(tmp_path).code(corpus, codebook_named(), Inline())
    elsewhere = BuiltinCoder(tmp_path / "other").code(corpus, codebook_named(), Inline())
    assert here.made["builtin learned from"] == f"{int((truth >= 0).sum())} codings of this study, for this study only"
    assert set(elsewhere.made) == {"builtin model"}
    assert here.marks != elsewhere.marks
    (tmp_path / ".weness/learned.npz").write_bytes(b"broken")
    with pytest.raises(ValueError, match="Run weness learn again, or delete it"):
        learned_in(tmp_path)


def test_examples_for_a_model_are_those_that_the_coder_would_have_got_wrong(corpus, lesson):
    asked, truth = lesson
    chances = builtin_model().reference.chances(asked, corpus)
    picked = examples_from(corpus, asked, truth, chances)["nl"]
    own = [line for line in picked if line.endswith("-> WE_OWN")]
    assert len(own) == 3
    hardest = asked[int(np.where(truth == 1, chances[:, 1], 2).argmin())].mention
    assert f"⟦{corpus.text(hardest.span)}⟧" in own[0]


def test_the_least_sure_are_asked_first_and_texts_take_turns(lesson, corpus):
    asked, _ = lesson
    chances = builtin_model().reference.chances(asked, corpus)
    open_ = np.full(len(asked), -1)
    margin = np.sort(chances, axis=1)[:, -1] - np.sort(chances, axis=1)[:, -2]
    assert asked_first(asked, chances, open_, 3, "doubt") == [int(one) for one in np.argsort(margin, kind="stable")[:3]]
    texts = [asked[number].mention.span.document for number in asked_first(asked, chances, open_, 8, "spread")]
    assert len(set(texts)) == 8
    known = open_.copy()
    known[:-2] = 0
    assert sorted(asked_first(asked, chances, known, 10, "chance")) == [len(asked) - 2, len(asked) - 1]
    with pytest.raises(KeyError, match="No order called 'size'"):
        asked_first(asked, chances, open_, 3, "size")


# --- the sheet --------------------------------------------------------------------------------------------------------


@pytest.fixture
def study(tmp_path):
    folder = tmp_path / "study"
    shutil.copytree(SMALL[0], folder)
    for name in ("mentions.jsonl", "codings.jsonl"):
        (folder / name).unlink()
    return folder


def run(*told):
    return CliRunner().invoke(app, list(map(str, told)))


def filled(path, letters, delimiter=","):
    """The sheet as a person gives it back, from a program that likes another delimiter."""
    rows = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    for row, letter in zip(rows[1:], letters, strict=False):
        row[0] = letter
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)


def test_a_sheet_is_written_filled_and_learned_from(study):
    first = run("learn", study, "--ask", 12)
    assert first.exit_code == 0, first.output
    assert "0 mentions are labelled" in first.output
    sheet = study / "to_label.csv"
    filled(sheet, "OOPOOSOOGOOO", ";")
    second = run("learn", study, "--from", sheet, "--as", "ana")
    assert second.exit_code == 0, second.output
    assert "12 labels by ana" in second.output
    assert "Learned from 12 of" in second.output
    rows = [json.loads(line) for line in (study / "mentions.jsonl").read_text("utf-8").splitlines()]
    assert {row["coder"] for row in rows} == {"ana"}
    assert sorted(row["label"] for row in rows).count("WE_OWN") == 9
    again = run("learn", study, "--from", sheet, "--as", "ana")
    assert "0 labels by ana put into" in again.output
    assert "12 replaced" in again.output


def test_other_rows_of_the_study_stay_as_they_are(study):
    kept = [
        '{"file": "x.txt", "seen": ["A"], "coder": "bo"}',
        '{"file": "t1", "start": 3, "mention": "we\u2028", "label": "WE_OWN"}',
        "[1]",
    ]
    (study / "mentions.jsonl").write_text("\n".join(kept) + "\n", encoding="utf-8")
    run("learn", study, "--ask", 3)
    filled(study / "to_label.csv", "OOO")
    assert run("learn", study, "--from", study / "to_label.csv", "--as", "ana").exit_code == 0
    assert (study / "mentions.jsonl").read_text("utf-8").split("\n")[:3] == kept


def test_a_workbook_comes_back_as_well(study):
    run("learn", study, "--ask", FEWEST)
    rows = list(csv.reader((study / "to_label.csv").read_text("utf-8-sig").splitlines()))
    book = openpyxl.Workbook()
    for number, row in enumerate(rows):
        book.active.append(row if number == 0 else ["we_own", *row[1:6], int(row[6]), int(row[7])])
    book.save(study / "back.xlsx")
    assert len(labels_from(study / "back.xlsx", read_study(study))) == FEWEST


def test_a_sheet_that_is_there_already_is_not_overwritten(study):
    run("learn", study, "--ask", 3)
    again = run("learn", study, "--ask", 3)
    assert again.exit_code == 2
    assert "is there already and stays as it is" in again.output


@pytest.mark.parametrize(("spoil", "told"), [
    (lambda rows: rows[1].__setitem__(0, "both"), "no label 'both'. There is: P (partnership), O (own)"),
    (lambda rows: rows[1].__setitem__(6, "1"), "row 2: "),
    (lambda rows: rows[1].__setitem__(5, "elsewhere.txt"), "must stay as they were written"),
    (lambda rows: rows[0].__setitem__(0, "code"), "has no column 'label'"),
])  # fmt: skip
def test_a_sheet_that_does_not_fit_is_refused_whole_and_told_by_row(study, spoil, told):
    run("learn", study, "--ask", 3)
    sheet = study / "to_label.csv"
    rows = list(csv.reader(sheet.read_text("utf-8-sig").splitlines()))
    for row in rows[1:]:
        row[0] = "O"
    spoil(rows)
    with sheet.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    with pytest.raises(SheetError) as error:
        labels_from(sheet, read_study(study))
    assert told in str(error.value)
    result = run("learn", study, "--from", sheet)
    assert result.exit_code == 2
    assert not (study / "mentions.jsonl").exists()


def test_words_that_look_like_a_formula_stay_words(study):
    document = next(study.glob("t2_mail*.txt"))
    document.write_text("=SUM(wij) " + document.read_text("utf-8"), encoding="utf-8")
    run("learn", study, "--ask", 100)
    cells = [cell for row in csv.reader((study / "to_label.csv").read_text("utf-8-sig").splitlines()) for cell in row]
    assert not any(cell.startswith(("=", "+", "@")) for cell in cells)
