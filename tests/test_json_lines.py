"""A line that is no row is told with its number, whatever is wrong with it, and the rows beside it are read."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weness.json_lines import line_of, lines_in
from weness.reading.checking import problems_in
from weness.study import Study


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "not JSON"),
        ("[1]", "a row must be an object, this is list"),
        ("null", "a row must be an object, this is NoneType"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a": ' + "9" * 5_000 + "}", "not JSON"),
    ],
)
def test_what_is_wrong_with_a_line_is_told_and_the_next_one_is_read(line, told):
    first, second = lines_in(f"{line}\n\n" + '{"a": 1}\n')
    assert (first.number, first.row) == (1, None)
    assert told in first.wrong
    assert (second.number, second.row) == (3, {"a": 1})


@given(st.lists(st.dictionaries(st.text(), st.text() | st.integers()), max_size=5))
def test_rows_come_back_whatever_line_ends_they_quote(rows):
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    assert [line.row for line in lines_in(text)] == rows
    assert all(line_of(json.dumps(row)).wrong == "" for row in rows)


def test_a_coding_nested_too_deeply_is_told_and_the_study_is_read_all_the_same(tmp_path):
    (tmp_path / "a.txt").write_text("We trust them.", encoding="utf-8")
    (tmp_path / "study.yaml").write_text(
        "partners:\n  - {id: mill, sector: business}\ndocuments:\n  - {file: a.txt, partner: mill}\n", encoding="utf-8"
    )
    (tmp_path / "codings.jsonl").write_text("[" * 100_000, encoding="utf-8")
    study = Study(tmp_path)
    _, notes = study.code(study.read())
    assert "codings.jsonl, line 1: not JSON (nested too deeply)." in notes
    problem = next(one for one in problems_in(tmp_path) if one.file == "codings.jsonl")
    assert (problem.line, problem.grave) == (1, True)
