"""The command line: what it promises to scripts, and what it says when something is wrong."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from tests.shell import run
from weness import library

DEMO = library.HERE / "demo"


@pytest.fixture(scope="module")
def reported(tmp_path_factory):
    out = tmp_path_factory.mktemp("report")
    told = run("demo", "--out", out)
    return out, told


@pytest.fixture
def small(tmp_path):
    """A study of one partner short enough to break in every way."""
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "a.txt").write_text("I: How?\nR: We decide together. We learned it.\n", encoding="utf-8")
    (folder / "study.yaml").write_text(
        "study: {id: small, name: Small, languages: [en]}\n"
        "partners: [{id: mill, name: The Mill, sector: business, power: member}]\n"
        "speakers: [{id: ann, name: Ann Lee, partner: mill, role: manager}]\n"
        "waves: [{id: w1, from: 2024-01, to: 2024-03}]\n"
        "documents:\n"
        "  - {file: a.txt, wave: w1, date: 2024-02-01, genre: interview, language: en, partner: mill, speakers: [ann]}\n",
        encoding="utf-8",
    )
    return folder


def test_the_demo_moves_from_encounter_over_negotiation_to_integration(reported):
    _, told = reported
    assert "w1: S2" in told
    assert "w2: S3" in told
    assert "w3: S4" in told
    assert "report.html" in told


def test_the_tutorial_shows_what_the_demo_prints(reported):
    _, told = reported
    page = (Path(__file__).parents[1] / "docs" / "tutorial.md").read_text("utf-8")
    waves = [line for line in told.splitlines() if line.startswith("w")]
    assert len(waves) == 3
    assert all(line in page for line in waves)


def test_findings_json_has_the_keys_that_scripts_rely_on(reported):
    out, _ = reported
    found = json.loads((out / "findings.json").read_text("utf-8"))
    assert {"weness", "study", "process", "waves", "attributes", "diagnosis", "recommendations"} <= found.keys()
    assert [wave["id"] for wave in found["waves"]] == ["w1", "w2", "w3"]
    last = found["waves"][-1]
    assert {"id", "tier", "stages", "call", "flags", "measures"} <= last.keys()
    assert last["call"] == "S4"
    assert {"value", "low", "high", "tier"} <= last["measures"]["we_partnership"].keys()
    assert last["measures"]["we_partnership"]["low"] <= last["measures"]["we_partnership"]["value"]
    assert {"code", "item", "word", "states"} <= found["attributes"][0].keys()
    assert {"indicator", "why"} <= found["diagnosis"][0].keys()
    assert all({"action", "why", "sign"} <= one.keys() for one in found["recommendations"])
    assert len(found["recommendations"]) <= 3


def test_tables_are_tidy_and_open_in_any_spreadsheet(reported):
    out, _ = reported
    for path in sorted((out / "tables").glob("*.csv")):
        rows = list(csv.reader(path.read_text("utf-8").splitlines()))
        assert len(rows) > 1, path.name
        assert {len(row) for row in rows} == {len(rows[0])}, path.name


def test_the_same_input_and_seed_give_the_same_bytes(reported, tmp_path):
    out, _ = reported
    run("demo", "--out", tmp_path)
    for name in ("report.html", "findings.json", "tables/measures.csv"):
        assert (tmp_path / name).read_bytes() == (out / name).read_bytes(), name


def test_the_machine_alone_says_that_it_is_the_machine_and_cannot_say(tmp_path):
    told = run("demo", "--coder", "rules", "--out", tmp_path)
    found = json.loads((tmp_path / "findings.json").read_text("utf-8"))
    assert all(max(wave["stages"].values(), default=0) <= 0.8 for wave in found["waves"])
    assert "cannot say" in told


def test_codings_are_written_one_a_line_with_words_probability_and_reason(tmp_path):
    out = tmp_path / "codings.jsonl"
    run("code", DEMO, "--coder", "rules", "--out", out)
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert len(rows) > 500
    keys = {"file", "start", "end", "text", "code", "coder", "probability", "fields", "why"}
    assert all(keys <= row.keys() for row in rows)
    assert all(0 <= row["probability"] <= 1 and row["why"] and row["end"] > row["start"] for row in rows)


def test_every_self_mention_gets_exactly_one_code_of_family_a(tmp_path):
    out = tmp_path / "codings.jsonl"
    run("code", DEMO, "--coder", "rules", "--out", out)
    spans = [
        (row["file"], row["start"])
        for row in map(json.loads, out.read_text("utf-8").splitlines())
        if row["code"].startswith("WE_")
    ]
    assert len(spans) == len(set(spans))


def test_another_process_can_be_asked_for_and_one_without_stages_gives_a_profile(tmp_path):
    run("demo", "--process", "monkkonen-puusa2015", "--out", tmp_path / "a")
    found = json.loads((tmp_path / "a" / "findings.json").read_text("utf-8"))
    assert [wave["call"] for wave in found["waves"]][-1] == "M4"
    told = run("demo", "--process", "vandermeer2014", "--out", tmp_path / "b")
    assert "no stages" in told


@pytest.mark.parametrize("lang", ["es", "nl"])
def test_the_report_speaks_the_language_that_is_asked_for(lang, tmp_path):
    run("demo", "--lang", lang, "--out", tmp_path)
    assert f'<html lang="{lang}"' in (tmp_path / "report.html").read_text("utf-8")


def test_what_if_moves_the_distribution_and_says_that_it_is_a_thought():
    told = run("whatif", DEMO, "contested=0.9", "sharedness=0.0", "--wave", "w3")
    assert "S4" in told
    assert "thought experiment" in told


def test_reading_shows_turns_with_speaker_partner_and_language():
    told = run("read", DEMO, "--show", "2024-10-25 interview Joaquin Bedoya.md")
    assert "== joaquin (tresfilos)" in told
    assert "[en, interviewer]" in told
    assert "We signed it in September" in told


def test_evaluate_answers_every_row_once_and_prints_what_it_measured(tmp_path):
    gold = tmp_path / "gold.jsonl"
    rows = [
        {"id": "1", "lang": "en", "about": "a mill", "before": "[Ann] As a mill ", "mention": "we", "after": " grind.",
         "label": "WE_OWN"},
        {"id": "2", "lang": "es", "about": "una mesa", "before": "Entre todos los socios ", "mention": "decidimos",
         "after": " la fórmula.", "label": "WE_PARTNERSHIP"},
        {"id": "3", "lang": "nl", "about": "een tafel", "before": "Dat moeten ", "mention": "we", "after": " doen."},
    ]  # fmt: skip
    gold.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    told = run("evaluate", gold, "--coder", "rules", "--predictions", tmp_path / "out.jsonl")
    answers = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert [answer["id"] for answer in answers] == ["1", "2", "3"]
    assert all({"id", "label", "probability"} <= answer.keys() for answer in answers)
    assert "accuracy" in told.lower()
    assert "macro" in told.lower()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["report", "nowhere"], "nowhere"),
        (["demo", "--lang", "fr"], "en, es, nl"),
        (["demo", "--process", "mine"], "weness-default"),
        (["demo", "--coder", "gpt"], "rules"),
        (["whatif", str(DEMO), "joy=1"], "we_partnership"),
        (["whatif", str(DEMO), "contested=much"], "NUMBER"),
        (["whatif", str(DEMO), "contested=1", "--wave", "w9"], "w1, w2, w3"),
        (["read", str(DEMO), "--show", "zzz.txt"], "zzz.txt"),
        (["evaluate", "nothing.jsonl"], "nothing.jsonl"),
    ],
)
def test_a_wrong_call_gets_a_line_that_names_what_there_is_and_exit_code_2(words, told, tmp_path):
    out = ["--out", str(tmp_path)] if words[0] in ("report", "demo") else []
    output = run(*words, *out, code=2)
    assert told in output
    assert len(output.strip().splitlines()) <= 2


def test_one_partner_and_little_text_is_read_to_the_end_and_cannot_say(small, tmp_path):
    told = run("report", small, "--out", tmp_path / "out")
    assert "cannot say" in told
    assert (tmp_path / "out" / "report.html").is_file()


def test_a_broken_file_is_named_and_the_rest_goes_on(small, tmp_path):
    (small / "b.docx").write_bytes(b"PK\x03\x04 broken")
    study = (small / "study.yaml").read_text("utf-8")
    row = "  - {file: b.docx, wave: w1, date: 2024-02-02, genre: interview, language: en, partner: mill, speakers: [ann]}\n"
    (small / "study.yaml").write_text(study + row, encoding="utf-8")
    told = run("report", small, "--out", tmp_path / "out")
    assert "b.docx" in told
    assert "b.docx" in (tmp_path / "out" / "report.html").read_text("utf-8")


def test_a_typo_in_a_partners_id_is_pointed_out_and_the_rest_goes_on(small, tmp_path):
    study = (small / "study.yaml").read_text("utf-8").replace("partner: mill, speakers", "partner: mlil, speakers")
    (small / "study.yaml").write_text(study, encoding="utf-8")
    told = run("report", small, "--out", tmp_path / "out")
    assert "mlil" in told
    assert "mill" in told


def test_nothing_readable_at_all_is_an_error_that_says_why(small, tmp_path):
    (small / "a.txt").write_text("", encoding="utf-8")
    told = run("report", small, "--out", tmp_path / "out", code=2)
    assert "empty" in told
    assert not (tmp_path / "out" / "report.html").exists()


def test_a_persons_codings_in_the_folder_count_before_the_machines(small, tmp_path):
    row = {"file": "a.txt", "start": 11, "end": 13, "mention": "We", "label": "WE_PARTNERSHIP", "coder": "eva"}
    (small / "mentions.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    run("report", small, "--out", tmp_path / "out")
    assert "eva" in (tmp_path / "out" / "report.html").read_text("utf-8")


def test_a_file_of_an_unknown_language_is_kept_and_not_counted(small, tmp_path):
    words = "Wir haben das gemeinsam beschlossen und werden es auch so machen, weil alle damit leben. " * 4
    (small / "a.txt").write_text(f"I: Und?\nR: {words}", encoding="utf-8")
    told = run("report", small, "--out", tmp_path / "out")
    assert "not recognised" in told


def test_the_study_folder_is_never_written_to(tmp_path):
    copy = Path(shutil.copytree(DEMO, tmp_path / "demo"))
    before = {path.name: path.read_bytes() for path in copy.iterdir()}
    run("report", copy, "--out", tmp_path / "out")
    assert {path.name: path.read_bytes() for path in copy.iterdir()} == before
