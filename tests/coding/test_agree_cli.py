"""weness agree: a table for people, a JSON for scripts, and a line or two where there is nothing to compare."""

import json
import shutil
from pathlib import Path

import pytest

from tests.shell import run
from weness import library

ROOT = Path(__file__).parents[2]
THIRD = ROOT / "examples" / "corpus" / "third"


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """The partnership 'maguey', read by a second and a third reader."""
    folder = tmp_path_factory.mktemp("twice") / "maguey"
    shutil.copytree(library.HERE / "corpus" / "maguey", folder)
    for name in ("mentions.jsonl", "codings.jsonl"):
        with (folder / name).open("a", encoding="utf-8") as rows:
            rows.write((THIRD / "maguey" / name).read_text("utf-8"))
    return folder


@pytest.fixture(scope="module")
def agreed(twice):
    out = twice.parent / "a.json"
    return run("agree", twice, "--json", out), json.loads(out.read_text("utf-8"))


def test_it_says_first_who_was_compared_and_on_how_much(agreed):
    told, _ = agreed
    assert told.splitlines()[0] == (
        "Compared: reader-2 (person), reader-3 (person). 12 texts that both looked at: 118 mentions that both labelled, "
        "425 sentences."
    )


def test_two_readers_of_maguey_agree_as_the_page_about_the_corpus_says(agreed):
    # docs/corpus.md, table "readers": maguey, 118 mentions, the same label .915, kappa .864.
    _, found = agreed
    row = next(row for row in found["rows"] if (row["family"], row["level"]) == ("A", "family"))
    assert (row["units"], round(row["percent"], 3)) == (118, 0.915)
    assert row["kappa"]["value"] == pytest.approx(0.864, abs=0.0006)
    assert row["alpha"]["low"] < row["alpha"]["value"] < row["alpha"]["high"]


def test_every_row_has_its_interval_or_a_reason_and_its_rule(agreed):
    _, found = agreed
    assert {"coders", "units", "level", "resampled_over", "rows", "disagreements", "notes"} <= found.keys()
    for row in found["rows"]:
        assert row["says"]
        for name in ("alpha", "unitizing"):
            figure = row[name]
            assert figure is None or figure["low"] is not None or figure["why"]


def test_disagreements_are_told_in_context_with_who_said_what(agreed):
    told, found = agreed
    assert "WE_OWN or WE_COMMUNITY: 5 times, costs alpha .068" in told
    assert "[nosotros] la contamos" in told
    assert "    reader-2: WE_COMMUNITY\n    reader-3: WE_OWN" in told
    for one in found["disagreements"]:
        text = (library.HERE / "corpus" / "maguey" / one["file"]).read_text("utf-8")
        assert text[one["start"] : one["end"]].split() == one["words"].split()


def test_thirty_places_are_printed_and_all_are_in_the_file(agreed):
    told, found = agreed
    assert f"To talk about: 30 of {len(found['disagreements'])} places" in told
    assert told.count("    reader-2: ") == 30


def test_the_same_study_gives_the_same_bytes(twice, agreed):
    again = twice.parent / "b.json"
    run("agree", twice, "--json", again)
    assert again.read_bytes() == (twice.parent / "a.json").read_bytes()
    assert "NaN" not in again.read_text("utf-8")


def test_a_machine_can_be_one_of_the_coders_and_is_called_one(twice):
    out = twice.parent / "machine.json"
    told = run("agree", twice, "--coders", "reader-2, rules", "--json", out)
    assert "reader-2 (person), rules (machine)" in told
    assert "no agreement between persons" in " ".join(told.split())
    found = json.loads(out.read_text("utf-8"))
    assert found["between"] == "persons and machines"
    assert not {row["use"] for row in found["rows"]} & {"numbers", "tentative"}


@pytest.mark.parametrize(
    ("coders", "told"),
    [("reader-2", "reader-2,builtin"), ("reader-2,nobody", "reader-2, reader-3"), ("reader-2,reader-2", "two coders")],
)
def test_who_cannot_be_compared_is_said_with_whom_there_is(twice, coders, told):
    assert told in run("agree", twice, "--coders", coders, code=2)


def test_one_reader_alone_is_told_how_to_bring_a_second_in(tmp_path):
    folder = tmp_path / "maguey"
    shutil.copytree(library.HERE / "corpus" / "maguey", folder)
    told = run("agree", folder, code=2)
    assert "reader-2 (12 texts: 118 mentions, 239 other codings)" in told
    assert f"weness import {folder} FILE --as NAME" in told


def test_a_study_that_nobody_coded_says_so(tmp_path):
    folder = tmp_path / "maguey"
    shutil.copytree(library.HERE / "corpus" / "maguey", folder, ignore=shutil.ignore_patterns("*.jsonl"))
    assert "nobody has coded" in run("agree", folder, code=2)
