"""Codes of a study's own are kept and compared, count where they say what they mean, and stay as a person wrote them."""

import json

import pytest

from weness.coding.codebook import codebook_named
from weness.coding.human import HumanCoder
from weness.coding.own_codes import OWN, OwnCode, longer_codes, own_codes_in, written_codes
from weness.reading.corpus import Corpus, Document, Sentence, Span

TEXT = "We agreed to walk first. They came late."
CORPUS = Corpus(
    "c", "C", ("en",), (), (), (), (Document("a.txt", TEXT),), (), (Sentence(Span("a.txt", 0, 24), "en", 0),), ()
)
HOPE, LUCK = (
    OwnCode("hope", "Hope"),
    OwnCode("luck", "Luck: good, or #bad", parent="hope", color="#aabbcc", codable=False),
)


def coder(folder, codes, *rows):
    (folder / "codes.yaml").write_text(codes, encoding="utf-8")
    (folder / "codings.jsonl").write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return HumanCoder(folder)


def row(code, by="ana", start=0, end=24):
    return {"file": "a.txt", "start": start, "end": end, "code": code, "coder": by}


def test_a_study_without_codes_of_its_own_has_none(tmp_path):
    assert own_codes_in(tmp_path) == {}


@pytest.mark.parametrize(
    "name",
    [
        "no",
        "null",
        "1",
        "1.5",
        "2024-03-01",
        "true",
        "~",
        "a: b",
        "# c",
        "信任",
        "🌱",
        "two\nlines",
        " x ",
        "'",
        '"',
        "- a",
    ],
)
def test_what_is_written_is_read_back_whatever_a_code_is_called(tmp_path, name):
    codes = [
        HOPE,
        LUCK,
        OwnCode("x", name, "7f1d2c1e-0000-4000-8000-000000000001", "luck", f"about {name}", "", "TRUST"),
    ]
    (tmp_path / "codes.yaml").write_text(written_codes(codes), encoding="utf-8")
    assert list(own_codes_in(tmp_path).values()) == codes


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("codes: [", "not valid YAML"),
        ("[]", "one key, 'codes'"),
        ("codes: {a: b}", "one key, 'codes'"),
        ("codes: [5]", "code 1"),
        ("codes: [{id: a, name: A}, {id: b}]", "code 2"),
        ("codes: [{id: a, name: A}, {id: a, name: B}]", "'a'"),
    ],
)
def test_a_broken_file_is_named_in_a_line_that_says_what_is_wrong(tmp_path, page, told):
    (tmp_path / "codes.yaml").write_text(page, encoding="utf-8")
    with pytest.raises(ValueError, match=r"codes\.yaml") as error:
        own_codes_in(tmp_path)
    assert told in str(error.value)
    assert "\n" not in str(error.value)


def test_a_code_of_the_studys_own_is_compared_but_not_measured(tmp_path):
    human = coder(tmp_path, "codes: [{id: hope, name: Hope}]", row("hope"))
    assert human.code(CORPUS, codebook_named()).marks == ()
    assert any("codes.yaml" in note for note in human.remarks)
    (each,) = HumanCoder(tmp_path).each(CORPUS, codebook_named())
    assert [mark.code for mark in each.marks] == ["hope"]
    assert each.seen == {("a.txt", OWN)}


def test_a_code_that_says_what_it_means_counts_as_that(tmp_path):
    human = coder(tmp_path, "codes: [{id: hope, name: Hope, means: TRUST}]", row("hope"))
    found = human.code(CORPUS, codebook_named())
    assert [mark.code for mark in found.marks] == ["TRUST"]
    assert ("a.txt", "B") in found.seen
    assert not human.notes


@pytest.mark.parametrize("means", ["TRSUT", "trust", "hope", "5"])
def test_a_meaning_that_the_codebook_does_not_know_is_told_and_the_code_stays_the_studys_own(tmp_path, means):
    human = coder(tmp_path, f"codes: [{{id: hope, name: Hope, means: {means}}}]", row("hope"))
    assert human.code(CORPUS, codebook_named()).marks == ()
    assert any(means in note and "hope" in note for note in human.notes)
    (each,) = HumanCoder(tmp_path).each(CORPUS, codebook_named())
    assert [mark.code for mark in each.marks] == ["hope"]


def test_a_key_that_was_left_empty_says_nothing(tmp_path):
    human = coder(tmp_path, "codes:\n- id: hope\n  name: Hope\n  means:\n  description:\n", row("hope"))
    (each,) = human.each(CORPUS, codebook_named())
    assert [mark.code for mark in each.marks] == ["hope"]
    assert own_codes_in(tmp_path)["hope"] == HOPE


@pytest.mark.parametrize(
    "page",
    [
        "# ours\ncodes:\n- {id: hope, name: Hope}  # not sure\n",
        "codes:\n  - id: hope\n    name: Hope  # not sure",
        "codes: [{id: hope, name: Hope}]\n",
        "codes:\n- id: hope\n  name: Hope\nweight: 5\n",
        "codes: []\n",
        "",
    ],
)
def test_a_code_more_goes_behind_what_a_person_wrote(tmp_path, page):
    before = [HOPE] if "hope" in page else []
    if page:
        (tmp_path / "codes.yaml").write_text(page, encoding="utf-8")
    text = longer_codes(tmp_path, {code.id: code for code in (*before, LUCK)}, [LUCK])
    assert text.startswith(page) or "[" in page or "weight" in page
    (tmp_path / "codes.yaml").write_text(text, encoding="utf-8")
    assert list(own_codes_in(tmp_path).values()) == [*before, LUCK]
