"""Broken, hostile and half-written projects end in a line or two, and nothing is ever half imported."""

import errno
import json
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.shell import run
from tests.stores.projects import NVIVO, SPACE, Coded, Text, everything_in, guid, needs_samples, packed
from weness.cli import app
from weness.reading.study_file import study_file

TALK = "Ann: We agreed to walk first. They came late, and nobody minded at all.\n"
TEXT = Text("interview ann", TALK, [(5, 14, "trust", "ana"), (30, 39, "fear", "ana")])
XML = Coded([TEXT]).xml().decode()
PLACE = f"sources/{guid('source', 'interview ann', 0)}.txt"


@pytest.fixture
def study(tmp_path):
    """A study that has a project already."""
    folder = tmp_path / "s"
    run("import", folder, Coded([TEXT]).write(tmp_path / "first.qdpx"))
    return folder


def refused(folder, file, *words):
    """An import with exit code 2, one or two lines, and every byte of the folder as before."""
    before, there = everything_in(folder), folder.exists()
    done = CliRunner().invoke(app, ["import", str(folder), str(file), *words])
    assert done.exit_code == 2, f"{done.output}\n{done.exception!r}"
    assert "Traceback" not in done.output
    assert len(done.output.strip().splitlines()) <= 2
    assert done.output.startswith("weness: ")
    assert everything_in(folder) == before
    assert folder.exists() == there
    assert not [path for path in folder.parent.iterdir() if path.name.startswith(".weness")]
    return done.output


def project(path, xml=XML, **more):
    parts = {"project.qde": xml.encode("utf-8") if isinstance(xml, str) else xml, PLACE: TALK.encode("utf-8")}
    return packed(path, {**parts, **more})


def whole(path):
    return Coded([TEXT]).write(path)


def test_a_project_that_is_cut_short_is_refused(tmp_path):
    path = whole(tmp_path / "p.qdpx")
    data = path.read_bytes()
    for size in (0, 1, 3, 40, len(data) // 2, len(data) - 10):
        path.write_bytes(data[:size])
        refused(tmp_path / "s", path)


def test_a_project_with_a_damaged_part_is_refused(tmp_path):
    path = whole(tmp_path / "p.qdpx")
    data = bytearray(path.read_bytes())
    for at in range(45, 75):
        data[at] ^= 0xFF
    path.write_bytes(bytes(data))
    refused(tmp_path / "s", path)


@pytest.mark.parametrize("data", [b"hello", b"%PDF-1.7", b"\xd0\xcf\x11\xe0" * 10, b"PK hello", b"SQLite format 3\0"])
@pytest.mark.parametrize("suffix", [".qdpx", ".qde", ".qdc", ".sqlite3"])
def test_a_file_that_is_something_else_is_refused(tmp_path, data, suffix):
    path = tmp_path / f"p{suffix}"
    path.write_bytes(data)
    refused(tmp_path / "s", path)


@pytest.mark.parametrize("name", ["no such file.qdpx", "p.docx", "p", "folder.qdpx"])
def test_a_file_that_is_not_there_or_of_no_known_kind_is_refused(tmp_path, name):
    if "such" not in name:
        (tmp_path / name).mkdir() if name.startswith("folder") else (tmp_path / name).write_text("x")
    refused(tmp_path / "s", tmp_path / name)


@pytest.mark.parametrize("names", [(), ("readme.txt",), ("a.qde", "b.qde"), ("inner/project.qde",), ("project.xml",)])
def test_a_project_without_one_qde_at_its_top_is_refused_and_what_it_holds_is_told(tmp_path, names):
    told = refused(tmp_path / "s", packed(tmp_path / "p.qdpx", {name: XML.encode() for name in names}))
    assert "one project.qde" in told
    assert (names[0] if names else "nothing") in told


@pytest.mark.parametrize(
    "name", ["../evil.txt", "/tmp/evil.txt", "..\\evil.txt", "sources/../../evil.txt", "\\evil.txt"]
)
def test_a_project_whose_parts_lead_out_of_it_is_refused(tmp_path, name):
    assert "points outside" in refused(tmp_path / "s", project(tmp_path / "p.qdpx", **{name: b"evil"}))


def test_a_part_named_like_a_drive_is_never_unpacked(tmp_path):
    home = tmp_path / "home"
    run("import", home / "s", project(tmp_path / "p.qdpx", **{"C:/evil.txt": b"evil"}))
    assert not list(home.rglob("*evil*"))


def test_a_project_that_unpacks_to_thousands_of_its_size_is_refused(tmp_path):
    text = b" " * 60_000_000
    path = project(tmp_path / "p.qdpx", **{PLACE: text})
    assert path.stat().st_size < 100_000
    assert "bomb" in refused(tmp_path / "s", path)


@pytest.mark.parametrize(
    "head",
    [
        "<!DOCTYPE Project>",
        '<!DOCTYPE Project [<!ENTITY a "b">]>',
        '<!DOCTYPE Project SYSTEM "http://example.org/x.dtd">',
        '<!DOCTYPE Project [<!ENTITY leak SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE Project [<!ENTITY a "aaaaaaaaaa">' + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)) + "]>",
    ],
)  # fmt: skip
def test_xml_that_declares_a_document_type_or_entities_is_refused(tmp_path, head):
    inner = XML.split("?>", 1)[1].replace('name="Huerta"', f'name="Huerta {"&i;" if "&h;" in head else ""}"')
    assert "root:" not in refused(tmp_path / "s", project(tmp_path / "p.qdpx", f"<?xml version='1.0'?>{head}{inner}"))
    bare = tmp_path / "p.qde"
    bare.write_text(f"{head}{inner}")
    refused(tmp_path / "s", bare)


@pytest.mark.parametrize(
    "xml",
    ["", "<", XML[:-20], "hello", "<html/>", f'<Codes xmlns="{SPACE}"/>', XML.replace("Huerta", "\x01"), b"\xff\xfe\x00<",
     XML.replace("<Sources>", "<Sources>" + "<TextSource>" * 500), XML.encode().replace(b"Huerta", b"Hu\xe9rta")],
)  # fmt: skip
def test_broken_xml_or_another_root_is_refused(tmp_path, xml):
    refused(tmp_path / "s", project(tmp_path / "p.qdpx", xml))


def test_a_huge_attribute_is_refused_or_kept_but_breaks_nothing(tmp_path):
    refused(tmp_path / "s", project(tmp_path / "p.qdpx", XML.replace("Huerta", "H" * 11_000_000)))
    run("import", tmp_path / "s", project(tmp_path / "p.qdpx", XML.replace("interview ann", "H" * 100_000)))


@pytest.mark.parametrize(
    "path",
    ["../../etc/passwd", "internal://../../../etc/passwd", "absolute:///etc/passwd", "relative:///../../etc/passwd",
     "file:///etc/passwd", "http://example.org/x.txt", "/etc/passwd", "C:\\Windows\\win.ini", "internal://", "relative:///", ""],
)  # fmt: skip
def test_a_text_is_looked_for_within_the_file_alone_wherever_its_path_leads(tmp_path, path):
    import re

    xml = re.sub('plainTextPath="[^"]*"', lambda _: f'plainTextPath="{path}"', XML)
    page = tmp_path / "r.json"
    for file in (project(tmp_path / "p.qdpx", xml), tmp_path / "bare" / "p.qde"):
        if file.suffix == ".qde":
            file.parent.mkdir()
            file.write_text(xml)
        run("import", tmp_path / file.stem / file.suffix, file, "--report", page)
        told = json.loads(page.read_text("utf-8"))
        assert any("interview ann" in what for what in told["losses"])
        assert not list((tmp_path / file.stem / file.suffix).glob("*.txt"))


def test_a_bare_project_reads_the_sources_beside_it_and_follows_no_link_out_of_its_folder(tmp_path):
    bare, secret = tmp_path / "unpacked" / "project.qde", tmp_path / "secret.txt"
    (bare.parent / "sources").mkdir(parents=True)
    bare.write_text(XML)
    secret.write_text("the vault code is 4711")
    (bare.parent / PLACE).symlink_to(secret)
    assert "4711" not in run("import", tmp_path / "s", bare)
    assert not any(b"4711" in data for data in everything_in(tmp_path / "s").values())
    (bare.parent / PLACE).unlink()
    (bare.parent / PLACE).write_text(TALK)
    run("import", tmp_path / "t", bare)
    assert [one.file for one in study_file(tmp_path / "t").documents] == ["interview ann.txt"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (guid("code", "fear"), guid("code", "trust")),
        (f'guid="{guid("user", "ana", "")}"', f'guid="{guid("code", "trust")}"'),
        (f'TextSource guid="{guid("source", "interview ann", 0)}"', f'TextSource guid="{guid("code", "trust")}"'),
    ],
)
def test_two_things_of_one_guid_that_others_point_to_are_refused(tmp_path, old, new):
    assert old in XML
    assert "Two things have the GUID" in refused(tmp_path / "s", project(tmp_path / "p.qdpx", XML.replace(old, new, 1)))


def test_two_selections_of_one_guid_both_come_in_and_that_is_told(tmp_path):
    own = guid("source", "interview ann", 0)
    first, second = (guid("selection", own, at, *mark[:2], "") for at, mark in enumerate(TEXT.marks))
    assert second in XML
    assert "it got a new one" in run("import", tmp_path / "s", project(tmp_path / "p.qdpx", XML.replace(second, first)))
    assert len((tmp_path / "s" / "codings.jsonl").read_text("utf-8").splitlines()) == 2


@pytest.mark.parametrize("deep", [101, 500])
def test_codes_nested_without_end_are_refused(tmp_path, deep):
    nest = (
        "".join(f'<Code guid="{guid("deep", n)}" name="{n}" isCodable="true">' for n in range(deep)) + "</Code>" * deep
    )
    refused(tmp_path / "s", project(tmp_path / "p.qdpx", XML.replace("<Codes>", f"<Codes>{nest}")))


def test_thousands_of_codes_side_by_side_come_in(tmp_path):
    many = "".join(f'<Code guid="{guid("many", n)}" name="same" isCodable="true"/>' for n in range(1_500))
    run("import", tmp_path / "s", project(tmp_path / "p.qdpx", XML.replace("<Codes>", f"<Codes>{many}")))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (f'CodeRef targetGUID="{guid("code", "trust")}"', f'CodeRef targetGUID="{guid("nobody")}"', "code that is not in the file"),
        (f'creatingUser="{guid("user", "ana", "")}"', f'creatingUser="{guid("nobody")}"', "nowhere in the file"),
        ('startPosition="5"', 'startPosition="five"', "is no number"),
        ('startPosition="5"', 'startPosition="-5"', "outside their text"),
        ('startPosition="5"', 'startPosition="5.0"', "is no number"),
        ('startPosition="5" ', "", "is no number"),
        ('endPosition="14"', f'endPosition="{10**40}"', "outside their text"),
        ('endPosition="14"', f'endPosition="{"9" * 6000}"', "is no number"),
        ('endPosition="14"', 'endPosition="4"', "outside their text"),
        ('endPosition="14"', 'endPosition="5"', "no length"),
        (f'<CodeRef targetGUID="{guid("code", "trust")}"/>', "", "names no code"),
        (f'<User guid="{guid("user", "ana", "")}"', '<User guid="me"', "no GUID that is one"),
        (f'<Code guid="{guid("code", "fear")}" name="Fear"', f'<Code guid="{guid("code", "fear")}" name=""', "has no name"),
        ('isCodable="true"', 'isCodable="perhaps"', "isCodable that is none"),
        ('name="Huerta"', 'name="Huerta" mood="good"', "attribute mood"),
        (SPACE, "urn:QDA-XML:project:0:10", "namespace"),
    ],
)  # fmt: skip
def test_what_can_be_borne_is_told_and_the_rest_comes_in(tmp_path, old, new, told):
    assert old in XML
    said = run(
        "import", tmp_path / "s", project(tmp_path / "p.qdpx", XML.replace(old, new)), "--counting", "code points"
    )
    assert told in said
    assert [one.file for one in study_file(tmp_path / "s").documents] == ["interview ann.txt"]
    run("export", tmp_path / "s", "--format", "qdpx", "--out", tmp_path / "out.qdpx")
    before = everything_in(tmp_path / "s")
    run("import", tmp_path / "s", tmp_path / "p.qdpx", "--counting", "code points")
    assert everything_in(tmp_path / "s") == before


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("él dijo: We agreed to walk first, and so on".encode("cp1252"), "read as cp1252"),
        (TALK.encode("utf-16"), "read as utf-16"),
    ],
)
def test_a_text_that_is_not_utf_8_is_read_and_told(tmp_path, data, told):
    assert told in run(
        "import", tmp_path / "s", project(tmp_path / "p.qdpx", **{PLACE: data}), "--counting", "code points"
    )


def test_a_text_that_is_in_no_encoding_is_refused_and_an_empty_one_told(tmp_path):
    assert "no text that can be read" in refused(
        tmp_path / "s", project(tmp_path / "p.qdpx", **{PLACE: b"ab\x81\x8d\xff" * 9})
    )
    assert "no words" in run("import", tmp_path / "s", project(tmp_path / "p.qdpx", **{PLACE: b""}))


def test_a_study_that_is_a_file_is_refused(tmp_path):
    place = tmp_path / "s"
    place.write_text("I am a file")
    told = CliRunner().invoke(app, ["import", str(place), str(whole(tmp_path / "p.qdpx"))])
    assert told.exit_code == 2
    assert "a study is a folder" in told.output
    assert place.read_text() == "I am a file"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("exchange.json", "{"),
        ("exchange.json", "[]"),
        ("exchange.json", "null"),
        ("exchange.json", "[" * 100_000),
        ("exchange.json", '{"project": {"name": "x", "mood": 1}, "files": {}, "unplaced": []}'),
        ("exchange.json", '{"project": {"name": "x", "users": 5}, "files": {}, "unplaced": []}'),
        ("exchange.json", '{"project": {"name": "x", "users": ["ana"]}, "files": {}, "unplaced": []}'),
        ("exchange.json", '{"project": {"name": "x"}, "files": {"a": "../../evil.txt"}, "unplaced": []}'),
        ("exchange.json", '{"project": {"name": "x"}, "files": {"a": 5}, "unplaced": []}'),
        ("codes.yaml", "codes: ["),
        ("codes.yaml", "- a\n- b\n"),
        ("codes.yaml", "codes: {trust: Trust}"),
        ("codes.yaml", "codes: [{name: Trust}]"),
        ("codes.yaml", "codes: [{id: a, name: A}, {id: a, name: B}]"),
        ("study.yaml", "documents: ["),
        ("study.yaml", ""),
    ],
)
def test_a_file_of_the_study_that_was_broken_by_hand_is_named_and_nothing_changes(tmp_path, study, name, text):
    (study / name).write_text(text, encoding="utf-8")
    more = Coded([Text("second", "Ben: The council was late again.\n", [(5, 8, "hope", "ben")])], {"hope": ("Hope", "")},
                 {"ben": "Ben"})  # fmt: skip
    assert name in refused(study, more.write(tmp_path / "q.qdpx"))


@pytest.mark.parametrize("name", ["exchange.json", "memos.jsonl", "codes.yaml"])
def test_an_export_of_a_study_that_was_broken_by_hand_names_the_file_and_writes_nothing(tmp_path, study, name):
    (study / name).write_text('{"guid": ', encoding="utf-8")
    told = CliRunner().invoke(app, ["export", str(study), "--format", "qdpx", "--out", str(tmp_path / "x.qdpx")])
    assert told.exit_code == 2, f"{told.output} {told.exception!r}"
    assert name in told.output
    assert not list(tmp_path.glob("*x.qdpx*"))


@pytest.mark.parametrize("fresh", [True, False])
@pytest.mark.parametrize("at", range(1, 6))
def test_a_disk_that_fails_midway_leaves_the_folder_as_it_was_and_the_next_import_works(
    tmp_path, study, monkeypatch, at, fresh
):
    folder = tmp_path / "new" if fresh else study
    more = Coded([TEXT, Text("second", "Ben: The council was late.\n", [(5, 8, "hope", "ben")])],
                 {"trust": ("Trust", ""), "fear": ("Fear", ""), "hope": ("Hope", "")}, {"ana": "Ana", "ben": "Ben"})  # fmt: skip
    file = more.write(tmp_path / "q.qdpx")
    calls, real = [], Path.replace

    def replace(self, target):
        calls.append(target)
        if len(calls) == at:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", replace)
        refused(folder, file)
    run("import", folder, file)
    assert len(study_file(folder).documents) == 2
    assert len((folder / "codings.jsonl").read_text("utf-8").splitlines()) == 3


def test_an_import_that_was_cut_off_before_its_study_file_goes_on_when_it_is_done_again(tmp_path):
    folder, file = tmp_path / "s", whole(tmp_path / "p.qdpx")
    run("import", folder, file)
    whole_study = everything_in(folder)
    (folder / "study.yaml").unlink()
    run("import", folder, file)
    assert everything_in(folder) == whole_study


def test_a_report_that_cannot_be_written_is_told_before_anything_is_imported(tmp_path):
    refused(tmp_path / "s", whole(tmp_path / "p.qdpx"), "--report", str(tmp_path))


@pytest.mark.parametrize("name", ["", " "])
def test_codings_of_a_nameless_person_are_refused(tmp_path, name):
    assert "whose" in refused(tmp_path / "s", whole(tmp_path / "p.qdpx"), "--as", name)


def test_a_project_of_ours_whose_notes_were_spoilt_elsewhere_is_refused_in_a_sentence(tmp_path, study):
    run("export", study, "--format", "qdpx", "--out", tmp_path / "p.qdpx")
    with zipfile.ZipFile(tmp_path / "p.qdpx") as package:
        parts = {name: package.read(name) for name in package.namelist()}
    xml = parts["project.qde"].decode("utf-8")
    start = xml.index("<PlainTextContent>study:") + len("<PlainTextContent>")
    for spoilt in (
        "study: [",
        "hello",
        "study: {id: x}",
        "study: {id: x}\nwaves: [1]",
        "waves: 5\nstudy: {}",
        "items: 5",
    ):
        page = xml[:start] + spoilt + xml[xml.index("</PlainTextContent>", start) :]
        told = refused(tmp_path / "fresh", packed(tmp_path / "q.qdpx", {**parts, "project.qde": page.encode("utf-8")}))
        assert "weness: the study" in told


@needs_samples
def test_every_byte_of_a_real_project_may_be_damaged_without_a_stack_trace(tmp_path):
    data = NVIVO.read_bytes()
    for at in range(0, len(data), len(data) // 8):
        file = tmp_path / "p.qdpx"
        file.write_bytes(data[:at] + b"\x00\xff\x13" + data[at + 3 :])
        folder = tmp_path / str(at)
        done = CliRunner().invoke(app, ["import", str(folder), str(file)])
        assert done.exit_code in (0, 2), done.exception
        assert done.exit_code == 0 or not folder.exists()
