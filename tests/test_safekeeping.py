"""Files are written whole or not at all, and nowhere but where they belong."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from weness.coding.answer_book import AnswerBook, Record
from weness.coding.sheets import add_to_study
from weness.safekeeping import whole_file, whole_text
from weness.stores.exchange.tidy import write_table
from weness.stores.store import write_rows

WRITERS = {
    "text": lambda path: whole_text(path, "mine\n"),
    "rows": lambda path: write_rows([{"a": 1}], path),
    "table": lambda path: write_table((["a"], [[1]]), path, "csv"),
    "parquet": lambda path: write_table((["a"], [[1]]), path, "parquet"),
    "answers": lambda path: book().write(path),
}
ROW = {"file": "a.txt", "start": 0, "end": 2, "mention": "We", "label": "WE_OWN"}


def book():
    found = AnswerBook()
    found.keep(Record("k", "m", "here", "now", "p", "{}"))
    return found


def test_a_file_holds_what_was_asked_letter_by_letter(tmp_path):
    whole_text(tmp_path / "new" / "a.txt", "één\r\nregel\n")
    assert (tmp_path / "new" / "a.txt").read_bytes() == "één\r\nregel\n".encode()


def test_a_failing_fill_leaves_the_old_file_and_nothing_beside_it(tmp_path):
    path = tmp_path / "a.txt"
    whole_text(path, "old")

    def fails(draft):
        draft.write_text("half", encoding="utf-8")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        whole_file(path, fails)
    with pytest.raises(UnicodeEncodeError):
        whole_text(path, "\ud800")
    assert [(one.name, one.read_text("utf-8")) for one in tmp_path.iterdir()] == [("a.txt", "old")]


def test_a_stopped_program_leaves_nothing_either(tmp_path):
    def stops(draft):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        whole_file(tmp_path / "a.txt", stops)
    assert not list(tmp_path.iterdir())


def test_a_folder_in_the_way_is_told_and_stays(tmp_path):
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(OSError, match=r"a\.txt"):
        whole_text(tmp_path / "a.txt", "mine")
    assert [one.name for one in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
@pytest.mark.parametrize("mask", [0o022, 0o002, 0o077])
@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_a_file_may_be_read_by_whom_any_new_file_may_be_read(tmp_path, mask, write):
    before = os.umask(mask)
    try:
        write(tmp_path / "a.txt")
        left = os.umask(mask)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == 0o666 & ~mask
    assert left == mask


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
@pytest.mark.parametrize("trap", [".{}.part", "{}.part", "{}"])
def test_a_link_in_a_received_study_overwrites_nothing_outside(tmp_path, write, trap):
    outside, study = tmp_path / "precious.txt", tmp_path / "study"
    outside.write_text("", encoding="utf-8")  # Empty, since the answers read what the link holds before they write.
    study.mkdir()
    (study / trap.format("a.jsonl")).symlink_to(outside)
    write(study / "a.jsonl")
    assert outside.read_bytes() == b""
    assert (study / "a.jsonl").is_file()
    assert not (study / "a.jsonl").is_symlink()


@pytest.mark.parametrize("trap", [".mentions.jsonl.part", "mentions.jsonl.part", "mentions.jsonl"])
def test_labels_do_not_follow_a_link_out_of_the_study(tmp_path, trap):
    outside, study = tmp_path / "precious.jsonl", tmp_path / "study"
    outside.write_text("{}\n", encoding="utf-8")
    study.mkdir()
    (study / trap).symlink_to(outside)
    add_to_study([ROW], study, "ana")
    assert outside.read_text("utf-8") == "{}\n"
    assert "WE_OWN" in (study / "mentions.jsonl").read_text("utf-8")


def test_a_link_that_leads_nowhere_yet_makes_no_file_there(tmp_path):
    (tmp_path / "a.csv").symlink_to(tmp_path / "elsewhere.csv")
    whole_text(tmp_path / "a.csv", "mine")
    assert not (tmp_path / "elsewhere.csv").exists()


def test_a_long_name_is_no_hindrance(tmp_path):
    whole_text(tmp_path / ("n" * 250), "mine")
    assert (tmp_path / ("n" * 250)).read_text("utf-8") == "mine"


def test_what_is_no_file_of_a_disk_is_written_to_and_stays_what_it_is(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        whole_text(pipe, "told")
        assert os.read(reader, 100) == b"told"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_standard_output_can_be_named_as_a_file_and_is_none_afterwards(tmp_path):
    program = (
        "from pathlib import Path; from weness.safekeeping import whole_text; whole_text(Path('/dev/stdout'), 'told')"
    )
    out = tmp_path / "out.txt"
    with out.open("wb") as file:
        subprocess.run([sys.executable, "-c", program], stdout=file, check=True)
    assert out.read_bytes() == b"told"
    assert not stat.S_ISREG(Path("/dev/stdout").lstat().st_mode)
