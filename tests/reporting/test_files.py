"""What the report leaves on disk: a page, JSON that keeps its contract, tables that a spreadsheet may open."""

import csv
import json
from dataclasses import replace

import pytest

from tests.fakes_findings import estimate, findings
from weness.measuring.measures import Measure
from weness.reporting import write_report
from weness.reporting.summary import summary, summary_text
from weness.reporting.tables import tables


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("out")
    write_report(findings(), folder, "en")
    return folder


def test_the_report_leaves_a_page_a_summary_and_its_tables(out):
    names = sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
    assert names == [
        "findings.json",
        "report.html",
        "tables/attributes.csv",
        "tables/measures.csv",
        "tables/quotes.csv",
        "tables/recommendations.csv",
        "tables/stages.csv",
    ]


def test_a_second_report_is_the_same_byte_for_byte(out, tmp_path):
    write_report(findings(), tmp_path, "en")
    for path in out.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / path.relative_to(out)).read_bytes()


def test_the_summary_keeps_its_contract(out):
    told = json.loads((out / "findings.json").read_text("utf-8"))
    assert {"weness", "study", "process", "waves", "attributes", "diagnosis", "recommendations"} <= told.keys()
    assert [wave["call"] for wave in told["waves"]] == ["cannot say", "between S2 and S3", "S4"]
    latest = told["waves"][-1]
    assert {"id", "tier", "stages", "call", "flags", "measures"} <= latest.keys()
    assert latest["stages"] == {"S1": 0.0, "S2": 0.0, "S3": 0.28, "S4": 0.72}
    share = latest["measures"]["we_partnership"]
    assert share["value"] == pytest.approx(0.55)
    assert share["low"] < share["value"] < share["high"]
    assert share["tier"] == "indicative"
    attribute = told["attributes"][-1]
    assert (attribute["code"], attribute["item"], attribute["word"]) == ("PROCEDURE", "who speaks", "contested")
    assert attribute["states"]["town"] == "contested"
    assert told["diagnosis"][0]["indicator"] == "decision_share"
    assert told["recommendations"][0]["action"] == "ACT-14"
    assert told["recommendations"][0]["why"] == "We shouted for an hour, and then we wrote the rule down."
    assert told["recommendations"][0]["sign"]


def test_where_there_is_too_little_the_summary_gives_no_number():
    told = summary(findings())["waves"][0]
    assert told["stages"] == {}
    assert {measure["value"] for measure in told["measures"].values()} == {None}


def test_a_value_that_is_no_number_is_null_in_json():
    found = findings()
    nan = Measure("odd", "w3", estimate(float("nan"), 0.0), "adequate", bounds=(float("nan"), 1.0))
    text = summary_text(replace(found, measures=(nan,), made_with={"x": float("inf"), "y": {"b", "a"}}))
    told = json.loads(text, parse_constant=pytest.fail)
    assert told["waves"][-1]["measures"]["odd"]["value"] is None
    assert told["made_with"] == {"x": None, "y": ["a", "b"]}


def test_a_cell_that_looks_like_a_formula_is_kept_a_text():
    found = findings()
    attributes = (replace(found.attributes[0], item='=HYPERLINK("x")'),)
    rows = list(csv.DictReader(tables(replace(found, attributes=attributes))["attributes"].splitlines()))
    assert rows[0]["item"] == '\'=HYPERLINK("x")'


def test_the_quotes_table_leads_back_to_the_words():
    found = findings()
    rows = list(csv.DictReader(tables(found)["quotes"].splitlines()))
    assert len(rows) == sum(len(measure.evidence) for measure in found.measures)
    for row in rows:
        text = found.corpus.document(row["file"]).text
        assert text[int(row["start"]) : int(row["end"])] == row["quote"]


def test_nothing_half_written_is_left_when_writing_fails(tmp_path, monkeypatch):
    write_report(findings(), tmp_path, "en")
    before = (tmp_path / "report.html").read_bytes()
    monkeypatch.setattr("weness.reporting.summary.summary_text", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_report(findings(kind="rules"), tmp_path, "en")
    assert (tmp_path / "report.html").read_bytes() == before
    assert not list(tmp_path.rglob("*.part"))
