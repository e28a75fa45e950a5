"""Tables open in R, pandas and spreadsheets: the same rows in CSV and Parquet, every type kept, no cell ever a formula."""

import csv
import json
import math
import tempfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.shell import run
from tests.stores.projects import Coded, Text, everything_in
from weness import library
from weness.coding.codebook import codebook_named
from weness.stores.exchange.tidy import write_table
from weness.study import Study

STUDY = library.HERE / "corpus" / "millrace"
TEXTS = st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30))
ROWS = st.lists(
    st.tuples(
        TEXTS,
        st.one_of(st.none(), st.integers(-(2**62), 2**62)),
        st.one_of(st.none(), st.floats(allow_nan=False)),
        st.one_of(st.none(), st.booleans()),
    ),
    max_size=8,
)
NAMES = ("words", "n", "share", "counts")


def parquet(path):
    with duckdb.connect() as base:
        found = base.execute("SELECT * FROM read_parquet(?)", [str(path)])
        return (
            [column[0] for column in found.description],
            [str(column[1]) for column in found.description],
            found.fetchall(),
        )


def comma(path):
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    return head, rows


def in_csv(cell):
    from weness.coding.sheets import safe_cell

    return "" if cell is None else str(safe_cell(cell))


@given(ROWS)
@example([('say "we"', 1, 0.1, True), ("a\nb\r\nc\rd", None, None, None), (None, -1, 1e300, False), ("", 0, 0.0, True)])
@example(
    [
        ("\x1f", 1, 0.5, True),
        (None, 2, 0.5, False),
        ("NULL", 1, 1.0, True),
        ("🌱 👩‍🌾", 1, 1.0, True),
        ("\\", 1, 1.0, True),
    ]
)
@settings(max_examples=25, deadline=None)
def test_every_letter_type_and_gap_survives_in_parquet(rows):
    with tempfile.TemporaryDirectory() as home:
        write_table((NAMES, rows), Path(home) / "t.parquet", "parquet")
        head, types, found = parquet(Path(home) / "t.parquet")
    assert head == list(NAMES)
    assert found == rows
    for number, kind in enumerate(("VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN")):
        if any(row[number] is not None for row in rows):
            assert types[number] == kind


@pytest.mark.parametrize(
    "text", ["\0", "a\0b", "\ufeff", "\x1f", "x" * 300_000, '"', '""', ",", "\\N", "NA", " ", "\u2028"]
)
def test_odd_texts_survive_in_parquet_and_csv(tmp_path, text):
    write_table((("words", "n"), [(text, 1), (None, 2), ("", 3)]), tmp_path / "t.parquet", "parquet")
    assert parquet(tmp_path / "t.parquet")[2] == [(text, 1), (None, 2), ("", 3)]
    write_table((("words", "n"), [(text, 1), (None, 2), ("", 3)]), tmp_path / "t.csv", "csv")
    if "\0" not in text and len(text) < 100_000:
        assert comma(tmp_path / "t.csv")[1] == [[text, "1"], ["", "2"], ["", "3"]]


def test_numbers_that_are_none_or_endless_survive(tmp_path):
    write_table(
        (("x",), [(math.nan,), (math.inf,), (-math.inf,), (None,), (0.1 + 0.2,)]), tmp_path / "t.parquet", "parquet"
    )
    found = [row[0] for row in parquet(tmp_path / "t.parquet")[2]]
    assert math.isnan(found[0])
    assert found[1:] == [math.inf, -math.inf, None, 0.1 + 0.2]


def test_a_table_without_rows_keeps_its_columns(tmp_path):
    for kind in ("csv", "parquet"):
        write_table((NAMES, []), tmp_path / f"t.{kind}", kind)
    assert comma(tmp_path / "t.csv") == (list(NAMES), [])
    assert parquet(tmp_path / "t.parquet")[0] == list(NAMES)


def test_a_column_of_any_name_keeps_it(tmp_path):
    names = ("it's", 'a "b"', "a,b", "señal 🌱", "select", "")
    write_table((names[:5], [("1", "2", "3", "4", "5")]), tmp_path / "t.parquet", "parquet")
    assert parquet(tmp_path / "t.parquet")[0] == list(names[:5])


@pytest.mark.parametrize("cell", ["=1+1", "+31 6 12", "-we-", "@ann", "\t=1", "\r=1"])
def test_what_a_spreadsheet_takes_for_a_formula_is_disarmed_in_csv_alone(tmp_path, cell):
    for kind in ("csv", "parquet"):
        write_table((("words",), [(cell,)]), tmp_path / f"t.{kind}", kind)
    assert comma(tmp_path / "t.csv")[1] == [[f"'{cell}".replace("\r", "\n")]]
    assert parquet(tmp_path / "t.parquet")[2] == [(cell,)]


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    out = tmp_path_factory.mktemp("tables")
    for kind in ("csv", "parquet"):
        run("export", STUDY, "--format", kind, "--out", out / kind, "--report", out / f"{kind}.json")
    return out


def test_csv_and_parquet_hold_the_same_tables_columns_and_rows(tables):
    names = {path.stem for path in (tables / "csv").iterdir()}
    assert names == {"codings", "measures", "attributes", "stages", "documents", "seen"}
    assert names == {path.stem for path in (tables / "parquet").iterdir()}
    for name in names:
        head, rows = comma(tables / "csv" / f"{name}.csv")
        columns, _, found = parquet(tables / "parquet" / f"{name}.parquet")
        assert head == columns
        assert rows == [[in_csv(cell) for cell in row] for row in found], name


def test_numbers_and_truths_are_numbers_and_truths_in_parquet(tables):
    columns, types, _ = parquet(tables / "parquet" / "codings.parquet")
    told = dict(zip(columns, types, strict=True))
    assert (told["start"], told["probability"], told["counts"], told["text"]) == (
        "BIGINT",
        "DOUBLE",
        "BOOLEAN",
        "VARCHAR",
    )
    columns, types, _ = parquet(tables / "parquet" / "measures.parquet")
    assert dict(zip(columns, types, strict=True))["value"] == "DOUBLE"


def test_every_passage_stands_at_its_place_with_its_words(tables):
    texts = {document.id: document.text for document in Study(STUDY).read().documents}
    columns, _, rows = parquet(tables / "parquet" / "codings.parquet")
    for row in rows:
        told = dict(zip(columns, row, strict=True))
        assert texts[told["file"]][told["start"] : told["end"]] == told["text"]


def test_the_report_of_an_export_is_valid_and_tells_what_tables_cannot_hold(tables):
    told = json.loads((tables / "csv.json").read_text("utf-8"))
    assert told["format"] == "csv"
    assert any("qdpx" in what for what in told["losses"])
    assert told["tolerances"] == []


def test_the_same_study_gives_the_same_bytes(tables, tmp_path):
    for kind in ("csv", "parquet"):
        run("export", STUDY, "--format", kind, "--out", tmp_path / kind)
        assert everything_in(tmp_path / kind) == everything_in(tables / kind)


def test_a_file_instead_of_a_folder_gets_the_codings_alone(tables, tmp_path):
    for kind in ("csv", "parquet"):
        run("export", STUDY, "--format", kind, "--out", tmp_path / f"mine.{kind}")
        assert (tmp_path / f"mine.{kind}").read_bytes() == (tables / kind / f"codings.{kind}").read_bytes()


def test_everybodys_codings_are_there_and_a_column_says_which_count(tmp_path):
    """Ana coded more of the same text, so hers count; Ben's are there to be compared."""
    talk = "Ann: We agreed to walk first. We trust them now, and nobody minded at all.\n"
    codes = {"t": ("TRUST", ""), "c": ("CONFLICT", ""), "l": ("Luck", "")}
    marks = [(5, 29, "t", "ana"), (30, 47, "c", "ana"), (5, 29, "t", "ben"), (30, 47, "l", "ben")]
    file = Coded([Text("t", talk, marks)], codes, {"ana": "ana", "ben": "ben"}).write(tmp_path / "p.qdpx")
    run("import", tmp_path / "s", file)
    run("export", tmp_path / "s", "--format", "csv", "--out", tmp_path / "c.csv")
    head, rows = comma(tmp_path / "c.csv")
    told = [dict(zip(head, row, strict=True)) for row in rows]
    persons = {(one["coder"], one["code"]): one["counts"] for one in told if one["kind"] == "human"}
    assert persons == {
        ("ana", "TRUST"): "True",
        ("ana", "CONFLICT"): "True",
        ("ben", "TRUST"): "False",
        ("ben", "luck"): "False",
    }
    counting, _ = Study(tmp_path / "s").code(Study(tmp_path / "s").read())
    assert sum(one["counts"] == "True" for one in told) == len(counting.marks)
    families = {code.id: code.family for code in codebook_named().codes}
    assert all(one["family"] == families.get(one["code"], "own") for one in told)
