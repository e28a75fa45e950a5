"""The check sample is drawn with known chance, is blind, and comes back from any spreadsheet."""

import csv
import json
import re
import shutil
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from weness import library
from weness.cli import app
from weness.coding.check_answers import answered, is_check_sheet
from weness.coding.check_sheets import COLUMNS, write_check_sheet
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


def test_what_others_said_is_kept_beside_what_counts(tmp_path, corpus, draw):
    one = replace(draw.checks[0], codes=("TRUST",), coder="ana", others={"ben": (), "cas": ("CONFLICT", "TRUST")})
    both = replace(draw, checks=(one, *draw.checks[1:]))
    (tmp_path / "checks.jsonl").write_text(written_draws((both,), corpus), encoding="utf-8")
    assert draws_in(tmp_path) == (both,)
    assert (tmp_path / "checks.jsonl").read_text("utf-8").count('"others"') == 1


KEYS = ("draw", "item", "kind", "file", "start", "end", "stratum", "size", "drawn", "predicted", "codes", "coder")


@pytest.mark.parametrize(("line", "key"), [(1, "draw"), (1, "seed"), (1, "texts"), *((3, key) for key in KEYS)])
def test_a_row_without_one_of_its_keys_is_named_by_its_line(tmp_path, corpus, draw, line, key):
    rows = [json.loads(row) for row in written_draws((draw,), corpus).splitlines()]
    del rows[line - 1][key]
    (tmp_path / "checks.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    with pytest.raises(ChecksError, match=rf"checks\.jsonl, line {line}: not as weness wrote it \(no '{key}'\)"):
        draws_in(tmp_path)


@pytest.mark.parametrize(
    ("line", "change", "told"),
    [
        (1, {"texts": ["a.txt"]}, "texts is"),
        (1, {"texts": {"a.txt": 1}}, "a.txt is 1"),
        (1, {"seed": "0"}, "seed is '0'"),
        (2, {"draw": 2}, "no line above begins draw 2"),
        (2, {"draw": [1]}, "draw is"),
        (3, {"item": "c1-001"}, "c1-001 stands there twice"),
        (2, {"codes": "TRUST"}, "codes is 'TRUST'"),
        (2, {"codes": [1]}, "codes is"),
        (2, {"others": {"ben": "P"}}, "ben is 'P'"),
        (2, {"kind": "word"}, "kind is 'word'"),
        (2, {"drawn": 0}, "0 drawn of"),
        (2, {"start": 1.5}, "start is 1.5"),
    ],
)
def test_a_row_that_holds_what_it_should_not_is_named_by_its_line(tmp_path, corpus, draw, line, change, told):
    rows = [json.loads(row) for row in written_draws((draw,), corpus).splitlines()]
    rows[line - 1] |= change
    (tmp_path / "checks.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    with pytest.raises(ChecksError, match=f"line {line}: .*{told}"):
        draws_in(tmp_path)


@pytest.mark.parametrize("line", [b"[]", b"1", b'"texts"', b"null", b"\xff", b'{"draw": 1, "seed": 0, "texts": {}}'])
def test_a_line_of_something_else_is_named(tmp_path, corpus, draw, line):
    (tmp_path / "checks.jsonl").write_bytes(written_draws((draw,), corpus).encode() + line)
    with pytest.raises(ChecksError, match="line 6: "):
        draws_in(tmp_path)


def test_what_was_drawn_from_a_text_that_left_the_study_stays_drawn(tmp_path, corpus, draw):
    bare = replace(corpus, documents=(), sentences=())
    (tmp_path / "checks.jsonl").write_text(written_draws((draw,), bare), encoding="utf-8")
    assert draws_in(tmp_path) == (draw,)


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
    (after,), answers = answered(path, (draw,), "ana", BOOK, corpus)
    got = {(check.kind, check.span.start): (check.codes, check.coder) for check in after.checks}
    assert answers.n == 3
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
        ({"codes": ","}, "',' is no code; write - where none applies"),
        ({"codes": ";"}, "';' is no code"),
        ({"codes": "."}, "is no code"),
        ({"codes": "P -"}, "says that none applies, and a code"),
        ({"codes": "CONFLICT"}, "no code 'CONFLICT' for a mention"),
        ({"codes": "0"}, "no code '0' for a mention"),
        ({"codes": "P", "passage": ""}, "the row says ''"),
        ({"codes": "P", "item": ""}, "codes stand there, and no item"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_row(tmp_path, corpus, draw, change, told):
    rows = sheet_rows(tmp_path, corpus, draw)
    next(row for row in rows if row["kind"] == MENTION).update(change)
    with pytest.raises(SheetError, match=re.escape(told)):
        answered(saved(tmp_path / "s.csv", rows), (draw,), "ana", BOOK, corpus)


def sheet_rows(tmp_path, corpus, draw):
    write_check_sheet(draw.checks, corpus, BOOK, tmp_path / "drawn.csv")
    return rows_of(tmp_path / "drawn.csv")


def saved(path, rows, delimiter=",", encoding="utf-8", columns=COLUMNS):
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, columns, delimiter=delimiter, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def said_in(tmp_path, corpus, draw, kind, codes, **change):
    """What one row of this kind comes to."""
    rows = sheet_rows(tmp_path, corpus, draw)
    row = next(row for row in rows if row["kind"] == kind)
    item = row["item"]
    row.update(change, codes=codes)
    (after,), _ = answered(saved(tmp_path / "s.csv", rows), (draw,), "ana", BOOK, corpus)
    return next(check.codes for check in after.checks if check.item == item)


@pytest.mark.parametrize(
    "none", ["-", "–", "—", "−", "‐", "--", "'-", "‘-", " -\u00a0", "-.", "None", "geen", "ninguno", "\u200b-"]
)
@pytest.mark.parametrize("kind", [MENTION, SENTENCE])
def test_none_applies_however_a_program_writes_the_dash(tmp_path, corpus, draw, kind, none):
    assert said_in(tmp_path, corpus, draw, kind, none) == ()


@pytest.mark.parametrize(
    "own",
    [
        "O",
        "o",
        "O.",
        " o. ",
        "own",
        "Own.",
        "we_own",
        "WE_OWN",
        "We own",
        "we-own",
        "“O”",
        "'O",
        "O, o",
        "O\u00a0",
        "Ｏ",
    ],
)
def test_a_letter_a_code_or_its_end_are_one_answer(tmp_path, corpus, draw, own):
    assert said_in(tmp_path, corpus, draw, MENTION, own) == ("WE_OWN",)


@pytest.mark.parametrize(
    "two",
    ["CONFLICT, DECISION", "CONFLICT DECISION", "decision/conflict", "Conflict; Decision.", "CONFLICT\nDECISION",
     "CONFLICT,\r\nDECISION", "conflict,decision,", "“Conflict”, “Decision”", "CONFLICT\u00a0DECISION", "CONFLICT，DECISION"],
)  # fmt: skip
def test_codes_are_parted_by_whatever_parts_them(tmp_path, corpus, draw, two):
    assert said_in(tmp_path, corpus, draw, SENTENCE, two) == ("CONFLICT", "DECISION")


@pytest.mark.parametrize(
    "item", [str.upper, lambda item: f" {item}\u00a0", lambda item: item.replace("-", "–"), "'{}".format]
)
def test_an_item_is_found_however_a_program_wrote_it(tmp_path, corpus, draw, item):
    rows = sheet_rows(tmp_path, corpus, draw)
    rows[0] |= {"item": item(rows[0]["item"]), "codes": "-"}
    (after,), _ = answered(saved(tmp_path / "s.csv", rows), (draw,), "ana", BOOK, corpus)
    assert after.checks[0].codes == ()


@pytest.mark.parametrize(
    "passage",
    [
        "We agreed to walk first. ",
        "We\u00a0agreed to walk first.",
        "“We agreed to walk first”",
        "'We agreed  to\nwalk first.",
    ],
)
def test_a_passage_is_known_by_its_letters(tmp_path, corpus, draw, passage):
    rows = sheet_rows(tmp_path, corpus, draw)
    row = next(row for row in rows if row["passage"] == "We agreed to walk first.")
    row |= {"passage": passage, "codes": "DECISION"}
    assert answered(saved(tmp_path / "s.csv", rows), (draw,), "ana", BOOK, corpus)[1].n == 1


@pytest.mark.parametrize("empty", ["", " ", "\u00a0", "'", "NaN", "nan", "<NA>", "NA", "#N/A", "NULL"])
def test_a_cell_that_a_program_calls_empty_is_not_answered(tmp_path, corpus, draw, empty):
    rows = sheet_rows(tmp_path, corpus, draw)
    rows[0]["codes"], rows[1]["codes"] = "-", empty
    (after,), answers = answered(saved(tmp_path / "s.csv", rows), (draw,), "ana", BOOK, corpus)
    assert answers.n == 1
    assert after.checks[1].codes is None


def test_excel_in_the_netherlands_writes_another_alphabet_and_semicolons(tmp_path, corpus, draw):
    text = TEXT.replace("We agreed to walk", "Wé ‘agréëd’ – tö wâlk")
    told = replace(corpus, documents=(Document("a.txt", text, checksum="abc"),))
    rows = [row | {"codes": "–"} for row in sheet_rows(tmp_path, told, draw)]
    path = saved(tmp_path / "s.csv", rows, ";", "cp1252")
    assert answered(path, (draw,), "ana", BOOK, told)[1].n == 4


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_delimiter_and_unicode_will_do(tmp_path, corpus, draw, delimiter, encoding):
    rows = [row | {"codes": "-"} for row in sheet_rows(tmp_path, corpus, draw)]
    assert answered(saved(tmp_path / "s.csv", rows, delimiter, encoding), (draw,), "ana", BOOK, corpus)[1].n == 4


def test_a_workbook_with_floats_blank_rows_and_broken_formulas_comes_back(tmp_path, corpus, draw):
    path = tmp_path / "s.xlsx"
    write_check_sheet(draw.checks, corpus, BOOK, path)
    book = openpyxl.load_workbook(path)
    sheet = book["checks"]
    sheet["B2"], sheet["B3"], sheet["B4"] = "—", "'-", "#N/A"
    sheet["B4"].data_type = "e"
    sheet["I2"] = 41.0
    sheet["B9"] = " "
    book.save(path)
    (after,), answers = answered(path, (draw,), "ana", BOOK, corpus)
    assert answers.n == 2
    assert [check.codes for check in after.checks] == [(), (), None, None]


def test_a_passage_that_is_a_number_comes_back_from_a_workbook(tmp_path, corpus, draw):
    told = replace(corpus, documents=(Document("a.txt", "2019. " * 20, checksum="abc"),))
    unit = replace(draw.checks[0], span=Span("a.txt", 0, 5), kind=SENTENCE)
    book = openpyxl.Workbook()
    book.active.append(["item", "codes", "passage"])
    book.active.append([unit.item, "-", 2019.0])
    book.save(tmp_path / "s.xlsx")
    assert answered(tmp_path / "s.xlsx", (replace(draw, checks=(unit,)),), "ana", BOOK, told)[1].n == 1


def test_all_bad_rows_are_told_at_once_and_nothing_is_taken(tmp_path, corpus):
    there = [Unit(SENTENCE, Span("a.txt", 0, 24 + at), "w1", "coop", "en") for at in range(15)]
    draw = Draw(1, 0, {"a.txt": "abc"}, drawn(there, 15))
    rows = [row | {"codes": f"X{number}"} for number, row in enumerate(sheet_rows(tmp_path, corpus, draw))]
    rows[0]["codes"] = "TRUST"
    with pytest.raises(SheetError) as error:
        answered(saved(tmp_path / "s.csv", rows), (draw,), "ana", BOOK, corpus)
    told = str(error.value).splitlines()
    assert told[0] == "s.csv: 14 rows cannot be used, and nothing was imported."
    assert told[1] == "row 3 (c1-002): no code 'X1' for a sentence."
    assert told[10].startswith("row 12 ")
    assert told[11] == "... and 4 more."
    assert told[12].startswith("A mention has one of P (partnership), O (own)")
    assert len(told) == 13


def test_the_same_item_twice_names_both_rows(tmp_path, corpus, draw):
    rows = sheet_rows(tmp_path, corpus, draw)
    rows.append(rows[1] | {"codes": "-"})
    with pytest.raises(SheetError, match=r"row 6 \(c1-002\): the same item stands in row 3\."):
        answered(saved(tmp_path / "s.csv", rows), (draw,), "ana", BOOK, corpus)


@pytest.mark.parametrize("name", ["item", "codes", "passage"])
def test_a_column_that_was_deleted_is_named_with_what_there_is(tmp_path, corpus, draw, name):
    rows = [row | {"codes": "-"} for row in sheet_rows(tmp_path, corpus, draw)]
    path = saved(tmp_path / "s.csv", rows, columns=[column for column in COLUMNS if column != name])
    assert is_check_sheet(path)
    with pytest.raises(SheetError, match=f"no column '{name}'.*This has: .*before") as error:
        answered(path, (draw,), "ana", BOOK, corpus)
    assert name not in str(error.value).split("This has: ")[1].replace(".", "").split(", ")


def test_a_column_that_is_there_twice_is_named(tmp_path, corpus, draw):
    path = saved(tmp_path / "s.csv", sheet_rows(tmp_path, corpus, draw))
    path.write_text(path.read_text("utf-8").replace("speaker", "Codes", 1), encoding="utf-8")
    with pytest.raises(SheetError, match="2 columns 'codes'"):
        answered(path, (draw,), "ana", BOOK, corpus)


def test_a_text_that_left_the_study_is_told_by_row(tmp_path, corpus, draw):
    path = saved(tmp_path / "s.csv", [row | {"codes": "-"} for row in sheet_rows(tmp_path, corpus, draw)])
    with pytest.raises(SheetError, match=r"row 2 \(c1-001\): its text a\.txt is no longer in the study"):
        answered(path, (draw,), "ana", BOOK, replace(corpus, documents=(), sentences=()))


def test_the_first_persons_answers_count_and_anothers_stand_beside(tmp_path, corpus, draw):
    rows = sheet_rows(tmp_path, corpus, draw)
    ana = saved(tmp_path / "ana.csv", [row | {"codes": "-"} for row in rows[:3]])
    ben = saved(tmp_path / "ben.csv", [row | {"codes": "O" if row["kind"] == MENTION else "-"} for row in rows])
    draws, first = answered(ana, (draw,), "ana", BOOK, corpus)
    (after,), second = answered(ben, draws, "ben", BOOK, corpus)
    mentions = sum(row["kind"] == MENTION for row in rows[:3])
    assert (first.n, first.beside, first.replaced) == (3, 0, 0)
    assert (second.n, second.beside, second.same, second.others) == (4, 3, 3 - mentions, ("ana",))
    assert [check.coder for check in after.checks] == ["ana", "ana", "ana", "ben"]
    assert [check.codes for check in after.checks[:3]] == [()] * 3
    assert [check.others["ben"] for check in after.checks[:3]] == [
        ("WE_OWN",) if check.kind == MENTION else () for check in after.checks[:3]
    ]
    assert after.checks[3].others == {}


def test_the_same_person_replaces_what_he_or_she_said_and_is_told_how_much(tmp_path, corpus, draw):
    rows = sheet_rows(tmp_path, corpus, draw)
    all_none = saved(tmp_path / "a.csv", [row | {"codes": "-"} for row in rows])
    some = saved(tmp_path / "b.csv", [row | {"codes": "O" if row["kind"] == MENTION else "-"} for row in rows])
    for coder in ("ana", "ben"):  # The second the other way round: beside ana's.
        draws, _ = answered(all_none, (draw,), "ana", BOOK, corpus)
        draws, _ = answered(all_none, draws, coder, BOOK, corpus)
        (after,), again = answered(some, draws, coder, BOOK, corpus)
        assert (again.n, again.replaced, again.changed) == (4, 4, 2)
        told = [check.codes if coder == "ana" else check.others["ben"] for check in after.checks]
        assert told.count(("WE_OWN",)) == 2


# --- what the user is told ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checks") / "study"
    shutil.copytree(
        library.HERE / "corpus" / "kanteling", folder, ignore=shutil.ignore_patterns("*.jsonl", "codes.yaml")
    )
    told = run("sample", folder, "-n", 30, "--out", folder.parent / "sheet.csv")
    assert told.exit_code == 0, told.output
    return folder


def run(*words):
    return CliRunner().invoke(app, list(map(str, words)))


def test_more_than_asked_is_told_with_why(study):
    told = run("sample", study, "-n", 2, "--out", study.parent / "few.csv")
    n = len(rows_of(study.parent / "few.csv"))
    assert n > 2
    assert f"{n} drawn, {n - 2} more than asked: every stratum needs two." in told.output


def test_what_came_of_an_import_is_told_truly(study):
    rows = rows_of(study.parent / "sheet.csv")
    n = len(rows)
    ana = saved(study.parent / "ana.csv", [row | {"codes": "-"} for row in rows])
    ben = saved(study.parent / "ben.csv", [rows[0] | {"codes": "O" if rows[0]["kind"] == MENTION else "TRUST"}, *(row | {"codes": "–"} for row in rows[1:20])])  # fmt: skip
    first = run("import", study, ana, "--as", "Ana")
    assert f"{n} answers by Ana put into the study." in first.output
    assert "Corrected values are used from 50 answers of a kind, 15 of them in the wave" in first.output
    assert "now tells" not in first.output
    report = study.parent / "report.json"
    second = run("import", study, ben, "--as", " Ben ", "--report", report)
    assert "20 answers by Ben stand beside those of Ana, which count; they say the same on 19 of 20." in second.output
    assert f"{n} of " in second.output
    assert json.loads(report.read_text("utf-8"))["same"] == 19
    other = run("import", study, ana, "--as", "ana")
    assert other.exit_code == 2
    assert "The study has 'Ana' already, not 'ana'." in other.output
    again = run("import", study, ana, "--as", "Ana")
    assert f"{n} replace Ana's own earlier ones; 0 of these say something else now." in again.output
    draws = draws_in(study)
    assert {check.coder for check in draws[0].checks} == {"Ana"}
    assert sum("Ben" in check.others for check in draws[0].checks) == 20


def test_a_sheet_that_cannot_be_used_changes_nothing(study):
    before = (study / "checks.jsonl").read_bytes()
    rows = [row | {"codes": "-"} for row in rows_of(study.parent / "sheet.csv")]
    rows[3]["codes"] = "X"
    told = run("import", study, saved(study.parent / "bad.csv", rows), "--as", "Cas")
    assert told.exit_code == 2
    assert "1 row cannot be used, and nothing was imported." in told.output
    assert (study / "checks.jsonl").read_bytes() == before


def test_a_sheet_is_never_written_over(tmp_path, corpus, draw):
    (tmp_path / "s.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(SheetError, match="stays as it is"):
        write_check_sheet(draw.checks, corpus, BOOK, tmp_path / "s.csv")
    with pytest.raises(SheetError, match=r"\.csv or \.xlsx"):
        write_check_sheet(draw.checks, corpus, BOOK, tmp_path / "s.pdf")
