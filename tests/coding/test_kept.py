"""A machine's codings that came with a project are the same codings again, without the machine; half of them are none."""

import json

import pytest

from tests.shell import run
from weness import library
from weness.coding.codebook import codebook_named
from weness.coding.codings import Codings
from weness.coding.kept import KeptCoder
from weness.engines import Inline
from weness.reading.corpus import Corpus, Document
from weness.study import Study

TEXT = "We agreed to walk first 🌱. They came late."
CORPUS = Corpus("c", "C", ("en",), (), (), (), (Document("a.txt", TEXT),), (), (), ())
GOOD = {"file": "a.txt", "start": 3, "end": 9, "text": "agreed", "code": "DECISION", "coder": "llm x", "kind": "llm",
        "probability": 0.71, "fields": {"mode": "joint"}, "why": "said so", "made": {"model": "x", "prompt": "abc"}}  # fmt: skip


class SaysNothing:
    """Codes what the kept codings do not cover, and finds nothing there."""

    name = "nothing"

    def code(self, corpus, codebook, engine):
        return Codings(
            self.name, codebook.id, frozenset((one.id, "A") for one in corpus.documents), (), {"model": "none"}
        )


def kept(folder, *rows):
    lines = (row if isinstance(row, str) else json.dumps(row) for row in rows)
    (folder / "machine.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return KeptCoder(folder, SaysNothing()).code(CORPUS, codebook_named(), Inline())


def test_a_machines_codings_come_back_with_how_sure_it_was_and_how_they_were_made(tmp_path):
    found = kept(tmp_path, GOOD, "", {**GOOD, "start": 0, "end": 2, "text": "We", "code": "WE_PARTNERSHIP"})
    assert [(mark.code, mark.kind, mark.probability) for mark in found.marks] == [
        ("WE_PARTNERSHIP", "llm", 0.71),
        ("DECISION", "llm", 0.71),
    ]
    assert found.marks[1].fields == {"mode": "joint"}
    assert found.marks[1].why == "said so"
    assert found.coder == "llm x"
    assert found.made == {"model": "x", "prompt": "abc", "kept from": "machine.jsonl"}


@pytest.mark.parametrize(
    "row",
    ["{", "[]", "5", "{}", {**GOOD, "text": "Agreed"}, {**GOOD, "code": "NO_SUCH"}, {**GOOD, "start": 900},
     {**GOOD, "start": "x"}, {**GOOD, "probability": "high"}, {**GOOD, "coder": 5}, {**GOOD, "fields": 5}],
)  # fmt: skip
def test_a_row_that_does_not_fit_stops_with_its_line_for_half_a_machines_work_is_none(tmp_path, row):
    with pytest.raises(ValueError, match=r"machine\.jsonl, line 2"):
        kept(tmp_path, GOOD, row)


def test_a_text_that_the_machine_had_not_read_or_that_changed_is_coded_by_the_studys_own(tmp_path):
    known = {"texts": {"a.txt": "as it was", "b.txt": "gone"}}
    found = kept(tmp_path, known, GOOD)
    assert not found.marks
    assert found.coder == "nothing"
    assert found.made["coded anew"] == "1 texts by nothing, which machine.jsonl does not cover"
    now = CORPUS.documents[0].checksum
    assert len(kept(tmp_path, {"texts": {"a.txt": now}}, GOOD).marks) == 1
    assert kept(tmp_path, "").coder == "nothing"


def test_codings_of_a_text_that_left_the_study_are_left_out(tmp_path):
    assert len(kept(tmp_path, GOOD, {**GOOD, "file": "b.txt"}).marks) == 1


def test_a_machines_codings_go_with_the_project_and_count_where_they_come_in(tmp_path):
    study = library.HERE / "corpus" / "millrace"
    folder = tmp_path / "s"
    folder.mkdir()
    for path in study.iterdir():
        if path.suffix != ".jsonl":
            (folder / path.name).write_bytes(path.read_bytes())
    run("export", folder, "--format", "qdpx", "--out", tmp_path / "p.qdpx")
    run("import", tmp_path / "again", tmp_path / "p.qdpx")
    old, _ = Study(folder).code(Study(folder).read())
    again = Study(tmp_path / "again")
    new, notes = again.code(again.read())
    assert [(mark.span, mark.code, mark.kind, round(mark.probability, 4)) for mark in old.marks] == [
        (mark.span, mark.code, mark.kind, mark.probability) for mark in new.marks
    ]
    assert {mark.kind for mark in new.marks} == {"builtin"}
    assert not notes
    assert new.made["kept from"] == "machine.jsonl"
    with (tmp_path / "again" / "machine.jsonl").open("a", encoding="utf-8") as file:
        file.write("{\n")
    assert "machine.jsonl, line" in run("report", tmp_path / "again", "--out", tmp_path / "r", code=2)
