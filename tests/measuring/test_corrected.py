"""A study whose machine codes were checked: corrected values stand beside those as coded, and the page says which is in use."""

import csv
import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from weness import library
from weness.coding.checks import MENTION, SENTENCE, draws_in, written_draws
from weness.coding.reliability import LABELS
from weness.measuring.corrected import RATES
from weness.measuring.frame import frame_of
from weness.reporting import report_page
from weness.reporting.summary import summary
from weness.reporting.tables import tables
from weness.study import Study

CODER = "human+rules"
"""The built-in coder learned from this partnership: as an honest stranger to it, the rules code."""
CASE = library.HERE / "corpus" / "tideway"


def truth_of(codings):
    """What the reader of the partnership would write into the sheet."""
    mentions = {(mark.span.document, mark.span.start): mark.code for mark in codings.marks if mark.code in LABELS}

    def codes(kind, span):
        if kind == MENTION:
            return (mentions[span.document, span.start],) if (span.document, span.start) in mentions else ()
        begins = {
            mark.code
            for mark in codings.of(span.document)
            if mark.code not in LABELS and span.start <= mark.span.start < span.end
        }
        return tuple(sorted(begins))

    return codes


@pytest.fixture(scope="module")
def person():
    return Study(CASE, "human").conclude()


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """The same narratives, coded by nobody."""
    folder = tmp_path_factory.mktemp("bare") / "tideway"
    shutil.copytree(CASE, folder, ignore=shutil.ignore_patterns("*.jsonl"))
    return folder


def checked(bare, person, n, answer=lambda number: True):
    """The study's folder with a check sample of n, answered from the person's codings where ``answer`` says so."""
    corpus, draws = Study(bare, CODER).draw(n)
    codes = truth_of(person.codings)
    checks = tuple(
        replace(check, codes=codes(check.kind, check.span), coder="ana") if answer(number) else check
        for number, check in enumerate(draws[-1].checks)
    )
    (bare / "checks.jsonl").write_text(written_draws((replace(draws[-1], checks=checks),), corpus), encoding="utf-8")
    return bare


@pytest.fixture
def clean(bare):
    yield bare
    (bare / "checks.jsonl").unlink(missing_ok=True)


@pytest.fixture(scope="module")
def corrected(bare, person):
    found = Study(checked(bare, person, 200), CODER).conclude()
    (bare / "checks.jsonl").unlink()
    return found


@pytest.fixture(scope="module")
def as_coded(bare):
    return Study(bare, CODER).conclude()


def test_where_everything_was_checked_a_corrected_share_is_the_persons_own(clean, person):
    found = Study(checked(clean, person, 2000), CODER).conclude()
    compared = 0
    for one in found.measures:
        there = person.measure(one.name, one.wave, one.partner)
        if one.name == "we_partnership" and one.partner and one.corrected and there.estimate:
            raw = there.counts["mentions"] / there.counts["resolved"]
            assert one.corrected.mean == pytest.approx(raw, abs=0.05)
            compared += 1
    assert compared >= 6


def test_both_are_told_and_one_is_in_use(corrected, as_coded):
    one = corrected.measure("we_partnership", "w1")
    assert one.in_use == "corrected"
    assert one.estimate is one.corrected
    assert one.as_coded.mean == as_coded.measure("we_partnership", "w1").estimate.mean
    assert one.checks >= 15
    assert as_coded.measure("we_partnership", "w1").in_use == ""


def test_a_rate_that_the_machine_alone_could_not_give_has_a_number(corrected, as_coded):
    numbers = [one for one in corrected.measures if one.name in RATES and one.in_use == "corrected"]
    assert numbers
    assert all(as_coded.measure(one.name, one.wave).estimate is None for one in numbers)
    assert all(one.estimate.mean >= 0 and one.estimate.interval()[0] >= 0 for one in numbers)


def test_a_corrected_value_is_compared_with_a_corrected_one(corrected):
    now, before = corrected.measure("we_partnership", "w2"), corrected.measure("we_partnership", "w1")
    change = corrected.measure("we_partnership_change", "w2")
    assert np.allclose(change.corrected.draws, now.corrected.draws - before.corrected.draws)
    assert np.allclose(change.as_coded.draws, now.as_coded.draws - before.as_coded.draws)


def test_what_asks_for_more_than_a_code_stays_as_coded(corrected, as_coded):
    for name in ("sharedness", "trust_balance", "bargaining", "breadth"):
        one, before = corrected.measure(name, "w1"), as_coded.measure(name, "w1")
        assert one.corrected is None
        assert (one.estimate is None) == (before.estimate is None)


def test_below_a_sensible_sample_the_value_as_coded_stays_in_use(clean, person):
    found = Study(checked(clean, person, 60), CODER).conclude()
    one = found.measure("we_partnership", "w1")
    assert not found.checks.in_use
    assert one.in_use in ("", "as coded")
    assert "too few bear on any value" in report_page(found)


def test_units_that_a_draw_could_not_have_drawn_are_not_corrected_by_it(clean, person):
    """A machine that codes more than was there to be drawn: persons' codings were taken out after the draw."""
    names = ("codings.jsonl", "mentions.jsonl")
    for name in names:
        lines = (CASE / name).read_text("utf-8").splitlines()
        kept = "".join(f"{line}\n" for line in lines if '"file": "t2' in line)
        (clean / name).write_text(kept, encoding="utf-8")
    try:
        checked(clean, person, 200)
    finally:
        for name in names:
            (clean / name).unlink()
    found = Study(clean, CODER).conclude()
    assert found.measure("we_partnership", "w1").corrected
    assert found.measure("we_partnership", "w2").corrected is None
    assert found.checks.stale == ("w2",)
    assert "Of w2 texts came in" in report_page(found)


def test_a_few_answers_take_no_number_away(clean, person):
    folder = checked(clean, person, 200, lambda number: number < 24)
    rows = [json.loads(line) for line in (folder / "checks.jsonl").read_text("utf-8").splitlines()]
    for row in rows:
        if row.get("codes"):
            row["codes"] = ["WE_UNCLEAR"] if row["kind"] == MENTION else row["codes"]
    (folder / "checks.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    found = Study(folder, CODER).conclude()
    assert all(found.measure("we_partnership", wave).estimate for wave in ("w1", "w2", "w3"))


def test_a_half_filled_sheet_counts_as_far_as_it_goes(clean, person):
    found = Study(checked(clean, person, 240, lambda number: number % 2 == 0), CODER).conclude()
    assert (found.checks.asked, found.checks.answered) == (240, 120)
    assert found.measure("we_partnership", "w1").corrected is not None


def test_an_empty_sheet_changes_nothing(clean, person, as_coded):
    found = Study(checked(clean, person, 100, lambda number: False), CODER).conclude()
    assert found.checks is None
    assert summary(found)["waves"] == summary(as_coded)["waves"]


def test_a_text_that_came_in_after_the_draw_is_not_corrected_by_it(clean, person):
    folder = checked(clean, person, 200)
    path = next(path for path in sorted(folder.glob("t1_*.txt")) if "minutes" not in path.name)
    before = path.read_text("utf-8")
    try:
        path.write_text(before + "\nWe said so again.\n", encoding="utf-8")
        found = Study(folder, CODER).conclude()
    finally:
        path.write_text(before, encoding="utf-8")
    assert found.measure("we_partnership", "w1").corrected is None
    assert "was drawn before" in found.measure("we_partnership", "w1").note
    assert found.measure("we_partnership", "w2").corrected is not None


def test_what_persons_code_after_the_draw_does_not_spoil_what_the_checks_say_of_the_rest(clean, person):
    folder = checked(clean, person, 200)
    before = Study(folder, CODER).conclude().measure("we_partnership", "w3").corrected
    names = ("codings.jsonl", "mentions.jsonl")
    try:
        for name in names:
            lines = (CASE / name).read_text("utf-8").splitlines()
            kept = "".join(f"{line}\n" for line in lines if '"file": "t3' not in line)
            (folder / name).write_text(kept, encoding="utf-8")
        found = Study(folder, CODER).conclude()
    finally:
        for name in names:
            (folder / name).unlink(missing_ok=True)
    after = found.measure("we_partnership", "w3").corrected
    assert after.mean == pytest.approx(before.mean, abs=0.06)
    # Nothing of the machine's is left in the second wave: it stays as persons coded it, and the change is from that.
    assert found.measure("we_partnership", "w2").in_use == ""
    assert found.measure("we_partnership_change", "w3").corrected is not None


def test_a_wave_that_came_in_later_is_corrected_by_a_draw_of_its_own(clean, person):
    """The usual course of a study: the first wave is checked, the second comes in and is checked too."""
    later = {path: path.read_text("utf-8") for path in clean.glob("t[23]_*.txt")}
    for path in later:
        path.write_text("Interview.\n\nNot yet transcribed.\n", encoding="utf-8")
    try:
        checked(clean, person, 80)
    finally:
        for path, text in later.items():
            path.write_text(text, encoding="utf-8")
    found = Study(clean, CODER).conclude()
    assert found.measure("we_partnership", "w1").corrected
    assert found.measure("we_partnership", "w2").corrected is None
    first = draws_in(clean)
    corpus, both = Study(clean, CODER).draw(150)
    codes = truth_of(person.codings)
    answered = tuple(replace(check, codes=codes(check.kind, check.span), coder="ana") for check in both[1].checks)
    rows = written_draws((*first, replace(both[1], checks=answered)), corpus)
    (clean / "checks.jsonl").write_text(rows, encoding="utf-8")
    found = Study(clean, CODER).conclude()
    assert found.measure("we_partnership", "w1").checks > 15
    for wave in ("w2", "w3"):
        one, there = found.measure("we_partnership", wave), person.measure("we_partnership", wave)
        low, high = one.corrected.interval(0.99)
        assert low <= there.estimate.mean <= high


def test_with_too_much_unclear_there_is_no_number(clean, person):
    folder = checked(clean, person, 200)
    rows = [json.loads(line) for line in (folder / "checks.jsonl").read_text("utf-8").splitlines()]
    for number, row in enumerate(rows):
        if row.get("kind") == MENTION and number % 3:
            row["codes"] = ["WE_UNCLEAR"]
    (folder / "checks.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    one = Study(folder, CODER).conclude().measure("we_partnership", "w1")
    assert one.estimate is None
    assert "unclear" in one.note


def test_what_a_person_coded_is_never_drawn():
    study = Study(CASE)
    corpus = study.read()
    frame = frame_of(
        corpus, study.code(corpus)[0], study._settings(__import__("weness").reading.study_file.study_file(CASE))
    )
    assert frame.to_check == ()
    assert {place.unit.kind for place in frame.places} == {MENTION, SENTENCE}


def test_a_second_draw_is_pooled_with_the_first(clean, person):
    corpus, first = Study(clean, CODER).draw(100)
    (clean / "checks.jsonl").write_text(written_draws(first, corpus), encoding="utf-8")
    corpus, both = Study(clean, CODER).draw(100)
    assert [draw.number for draw in both] == [1, 2]
    assert {check.item for check in both[0].checks}.isdisjoint(check.item for check in both[1].checks)
    codes = truth_of(person.codings)
    filled = tuple(
        replace(
            draw,
            checks=tuple(replace(check, codes=codes(check.kind, check.span), coder="ana") for check in draw.checks),
        )
        for draw in both
    )
    (clean / "checks.jsonl").write_text(written_draws(filled, corpus), encoding="utf-8")
    assert draws_in(clean) == filled
    found = Study(clean, CODER).conclude()
    shares = [
        one for one in found.measures if one.name == "we_partnership" and one.in_use == "corrected" and not one.partner
    ]
    assert shares
    for one in shares:
        there = person.measure(one.name, one.wave)
        low, high = one.corrected.interval(0.99)
        assert there.estimate is None or low <= there.estimate.mean <= high


@pytest.mark.parametrize("language", library.LANGUAGES)
def test_the_page_shows_both_in_every_language(corrected, language):
    page = report_page(corrected, language)
    assert 'id="checks"' in page
    assert page.count('href="#checks"') > 4
    assert "ana" in page


def test_the_page_of_a_study_without_checks_says_how_to_get_them(as_coded, person):
    assert "weness sample" in report_page(as_coded)
    assert 'id="checks"' not in report_page(person)


def test_tables_and_json_hold_both(corrected):
    told = summary(corrected)
    one = next(wave for wave in told["waves"] if wave["id"] == "w1")["measures"]["we_partnership"]
    assert one["in_use"] == "corrected"
    assert one["corrected"][0] == one["value"]
    assert told["checks"]["answered"] == 200
    rows = list(csv.DictReader(tables(corrected)["measures"].splitlines()))
    row = next(row for row in rows if (row["wave"], row["measure"], row["partner"]) == ("w1", "we_partnership", ""))
    assert row["in_use"] == "corrected"
    assert float(row["as_coded_value"]) == one["as_coded"][0]


def test_the_same_checks_give_the_same_findings(clean, person):
    folder = checked(clean, person, 200)
    assert summary(Study(folder, CODER).conclude()) == summary(Study(folder, CODER).conclude())
