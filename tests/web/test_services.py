"""What the app asks of weness comes in plain values; what is hostile or broken is refused in words."""

from __future__ import annotations

import json
import zipfile

import pytest

from weness.reading.reader import CannotRead
from weness_web import services


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    services.copy_demo(folder)
    return folder


def packed(path, **files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in files.items():
            package.writestr(name.replace("__", "/"), data)
    return path


def test_every_file_of_a_zip_comes_out_but_for_what_programs_hide_there(tmp_path):
    zipped = packed(tmp_path / "all.zip", **{"a.txt": "We met.", "round__b.txt": "They left."})
    with zipfile.ZipFile(zipped, "a") as package:
        package.writestr("__MACOSX/._a.txt", "x")
        package.writestr(".hidden", "x")
    found = services.unpacked(zipped, tmp_path / "out")
    assert ("a.txt", "") in found
    assert (tmp_path / "out" / "round" / "b.txt").read_text() == "They left."
    assert not (tmp_path / "out" / ".hidden").exists()
    assert not (tmp_path / "out" / "__MACOSX" / "._a.txt").exists()


@pytest.mark.parametrize("name", ["../outside.txt", "/etc/outside.txt", "in/../../outside.txt"])
def test_a_zip_that_points_outside_is_refused_whole(tmp_path, name):
    zipped = tmp_path / "bad.zip"
    with zipfile.ZipFile(zipped, "w") as package:
        package.writestr("a.txt", "We met.")
        package.writestr(name, "x")
    with pytest.raises(CannotRead, match="outside the file"):
        services.unpacked(zipped, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "outside.txt").exists()


def test_a_zip_bomb_is_refused(tmp_path):
    with pytest.raises(CannotRead, match="zip bomb"):
        services.unpacked(packed(tmp_path / "bomb.zip", **{"a.txt": b"\0" * 30_000_000}), tmp_path / "out")


def test_a_file_that_is_no_narrative_says_why(tmp_path):
    (tmp_path / "a.txt").write_text("We met at the mill.", "utf-8")
    (tmp_path / "a.docx").write_bytes(b"no document")
    (tmp_path / "a.exe").write_bytes(b"MZ")
    assert services.cannot_read(tmp_path / "a.txt") == ""
    assert "a.docx" in services.cannot_read(tmp_path / "a.docx")
    assert services.cannot_read(tmp_path / "a.exe")


def test_an_error_does_not_tell_where_the_app_keeps_its_things():
    assert services.told(ValueError("/home/ana/.local/share/weness/a.docx: not whole")) == "a.docx: not whole"
    assert services.told(KeyError("No code called 'X'.")) == "No code called 'X'."


def test_the_findings_come_in_three_languages_with_the_facts_that_other_pages_need(demo):
    pages, facts = services.conclude(demo, {"wave": "w2"}, {})
    assert set(pages) == {"en", "es", "nl"}
    assert len(set(pages.values())) == 3
    assert facts["waves"] == ["w1", "w2"]
    assert [one["wave"] for one in facts["posteriors"]] == ["w1", "w2"]
    assert facts["recommended"]
    for step in facts["recommended"]:
        for quote in step["quotes"]:
            assert quote["file"] in facts["documents"]
            assert quote["words"]
    assert json.loads(json.dumps(facts)) == facts


def test_a_machine_codes_every_text_and_says_how_sure_it_is(demo):
    rows = services.suggestions(demo)
    assert len({row["file"] for row in rows}) > 20
    assert all(0 <= row["probability"] <= 1 and row["kind"] == "builtin" for row in rows)


def test_a_study_page_survives_being_taken_apart(demo):
    page = services.rows_in(demo)["page"]
    told = services.page_of(page)
    assert services.page_of(services.text_of(told)) == told
    assert [row["id"] for row in told["partners"]][:2] == ["coop", "tresfilos"]


def test_a_study_without_partners_is_told_as_a_problem(tmp_path):
    (tmp_path / "study.yaml").write_text("documents:\n  - {file: a.txt}\n", "utf-8")
    (problem,) = services.problems(tmp_path)
    assert problem["grave"]
    assert "partners" in problem["what"]
