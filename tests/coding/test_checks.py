"""The check sample is drawn with known chance, is blind, and comes back from any spreadsheet."""

import csv
import json
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from weness.coding.check_sheets import COLUMNS, answered, is_check_sheet, write_check_sheet
from weness.coding.checks import MENTION, SENTENCE, ChecksError, Draw, Unit, allocated, drawn, draws_in, written_draws
from weness.coding.codebook import codebook_named
from weness.coding.sheets import SheetError
from weness.reading.corpus import Corpus, Document, Sentence, Span

TEXT = "We agreed to walk first. They came late. =We said so. We went home."
BOOK = codebook_named()


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def units(n, kind=MENTION, codes=("WE_OWN",), wave="w1"):
    return [Unit(kind, Span("a.txt", at, at + 1), wave, "coop", "en", codes) for at in range(n)]


@pytest.fixture
def corpus():
    document = Document("a.txt", TEXT, checksum="abc")
    sentences = tuple(
        Sentence(Span("a.txt", *ends), "en", 0, "ana", "coop") for ends in ((0, 24), (25, 40), (41, 53), (54, 67))
    )
    return Corpus("c", "C", ("en",), (), (), (), (document,), (), sentences, ())


@pytest.fixture
def draw(corpus):
    there = [
        Unit(MENTION, Span("a.txt", 0, 2), "w1", "coop", "en", ("WE_OWN",)),
        Unit(MENTION, Span("a.txt", 42, 44), "w1", "coop", "en", ("WE_PARTNERSHIP",)),
        Unit(SENTENCE, Span("a.txt", 0, 24), "w1", "coop", "en", ("DECISION",)),
        Unit(SENTENCE, Span("a.txt", 41, 53), "w1", "coop", "en"),
    ]
    return Draw(1, 0, {"a.txt": "abc"}, drawn(there, 4))


@given(st.dictionaries(st.text("abcdef", min_size=1), st.integers(1, 60), min_size=1, max_size=6), st.integers(1, 200))
def test_every_stratum_gets_its_part_and_no_more_than_it_has(sizes, n):
    found = allocated(sizes, n)
    assert all(0 <= found[name] <= size for name, size in sizes.items())
    least = sum(min(2, size) for size in sizes.values())
    assert sum(found.values()) == max(min(n, sum(sizes.values())), min(least, sum(sizes.values())))


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 5))
def test_the_chance_of_a_unit_is_what_its_check_says(size, n, seed):
    checks = drawn(units(size), n, seed=seed)
    assert all((check.size, check.drawn) == (size, len(checks)) for check in checks)
    assert len({check.span for check in checks}) == len(checks)


def test_each_unit_is_drawn_as_often_as_its_chance_says():
    hits = Counter(check.span.start for seed in range(3000) for check in drawn(units(7), 3, seed=seed))
    assert all(abs(hits[at] / 3000 - 3 / 7) < 0.03 for at in range(7))


def test_rare_codes_are_checked_too():
    there = units(300) + [
        Unit(MENTION, Span("b.txt", at, at + 1), "w1", "coop", "en", ("WE_SECTOR",)) for at in range(6)
    ]
    counts = Counter(check.predicted for check in drawn(there, 40))
    assert counts[("WE_SECTOR",)] == 6
    assert counts[("WE_OWN",)] == 34


def test_waves_are_checked_in_proportion():
    there = units(60, wave="w1") + [
        Unit(MENTION, Span("b.txt", at, at + 1), "w2", "coop", "en", ("WE_OWN",)) for at in range(30)
    ]
    counts = Counter(check.span.document for check in drawn(there, 30))
    assert counts["a.txt"] == pytest.approx(20, abs=1)


def test_half_are_mentions_and_half_sentences_as_far_as_there_are():
    kinds = Counter(check.kind for check in drawn([*units(100), *units(100, SENTENCE, ())], 51))
    assert kinds == {MENTION: 26, SENTENCE: 25}
    kinds = Counter(check.kind for check in drawn([*units(5), *units(100, SENTENCE, ())], 50))
    assert kinds == {MENTION: 5, SENTENCE: 45}


def test_the_same_seed_draws_the_same_and_another_draws_others():
    assert drawn(units(100), 20, seed=1) == drawn(units(100), 20, seed=1)
    assert drawn(units(100), 20, seed=1) != drawn(units(100), 20, seed=2)


@pytest.mark.parametrize(("there", "n", "told"), [([], 10, "nothing to check"), (units(5), 0, "at least 1")])
def test_an_impossible_sample_is_refused_in_a_sentence(there, n, told):
    with pytest.raises(ChecksError, match=told):
        drawn(there, n)


def test_what_was_drawn_is_kept_in_the_study(tmp_path, corpus, draw):
    (tmp_path / "checks.jsonl").write_text(written_draws((draw,), corpus), encoding="utf-8")
    assert draws_in(tmp_path) == (draw,)
    (tmp_path / "checks.jsonl").write_text("{broken", encoding="utf-8")
    with pytest.raises(ChecksError, match="line 1"):
        draws_in(tmp_path)


@pytest.mark.parametrize("name", ["sheet.csv", "sheet.xlsx"])
def test_a_sheet_is_blind(tmp_path, corpus, draw, name):
    write_check_sheet(draw.checks, corpus, BOOK, tmp_path / name)
    if name.endswith("csv"):
        rows = rows_of(tmp_path / name)
    else:
        table = CalamineWorkbook.from_path(tmp_path / name).get_sheet_by_index(0).to_python()
        rows = [dict(zip(table[0], row, strict=True)) for row in table[1:]]
    assert {row["codes"] for row in rows} == {""}
    told = json.dumps(rows)
    assert not any(code.id in told for code in BOOK.codes)
    assert [row["item"] for row in rows] == ["c1-001", "c1-002", "c1-003", "c1-004"]
    assert is_check_sheet(tmp_path / name)


def test_the_order_of_a_sheet_tells_nothing_of_the_machine():
    checks = drawn([*units(200), *units(200, MENTION, ("WE_PARTNERSHIP",))], 60)
    codes = [check.predicted[0] for check in checks]
    assert codes != sorted(codes)
    assert sum(a != b for a, b in pairwise(codes)) > 15


def test_a_cell_that_looks_like_a_formula_stays_words(tmp_path, corpus, draw):
    write_check_sheet(draw.checks, corpus, BOOK, tmp_path / "s.csv")
    assert ",'=We said so." in (tmp_path / "s.csv").read_text("utf-8-sig")


def test_the_same_sample_gives_the_same_bytes(tmp_path, corpus, draw):
    for name in ("a.xlsx", "b.xlsx", "a.csv", "b.csv"):
        write_check_sheet(draw.checks, corpus, BOOK, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def filled(path, corpus, draw, codes):
    """The sheet as a spreadsheet program in Europe writes it back: semicolons, and the rows in another order."""
    write_check_sheet(draw.checks, corpus, BOOK, path)
    rows = rows_of(path)
    for row in rows:
        row["codes"] = codes(row)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, delimiter=";")
        writer.writeheader()
        writer.writerows(reversed(rows))


def test_answers_come_back_as_that_persons(tmp_path, corpus, draw):
    path = tmp_path / "s.csv"
    said = {(MENTION, "0"): "p", (MENTION, "42"): "", (SENTENCE, "0"): "decision; TRUST", (SENTENCE, "41"): "-"}
    filled(path, corpus, draw, lambda row: said[row["kind"], row["start"]])
    (after,), n = answered(path, (draw,), "ana", BOOK, corpus)
    got = {(check.kind, check.span.start): (check.codes, check.coder) for check in after.checks}
    assert n == 3
    assert got[MENTION, 0] == (("WE_PARTNERSHIP",), "ana")
    assert got[MENTION, 42] == (None, "")
    assert got[SENTENCE, 0] == (("DECISION", "TRUST"), "ana")
    assert got[SENTENCE, 41] == ((), "ana")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"codes": "X"}, "no code 'X'"),
        ({"codes": "P, O"}, "one code"),
        ({"codes": "P", "item": "c9-001"}, "c9-001"),
        ({"codes": "P", "passage": "Us"}, "the row says 'Us'"),
        ({"codes": ""}, "no row is filled in"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_row(tmp_path, corpus, draw, change, told):
    path = tmp_path / "s.csv"
    write_check_sheet(draw.checks, corpus, BOOK, path)
    rows = rows_of(path)
    next(row for row in rows if row["kind"] == MENTION).update(change)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(SheetError, match=told):
        answered(path, (draw,), "ana", BOOK, corpus)


def test_a_sheet_is_never_written_over(tmp_path, corpus, draw):
    (tmp_path / "s.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(SheetError, match="stays as it is"):
        write_check_sheet(draw.checks, corpus, BOOK, tmp_path / "s.csv")
    with pytest.raises(SheetError, match=r"\.csv or \.xlsx"):
        write_check_sheet(draw.checks, corpus, BOOK, tmp_path / "s.pdf")
