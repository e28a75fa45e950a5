"""Broken, locked and hostile files end in a sentence, are left out, and harm nothing else."""

import zipfile

import pytest
from docx import Document
from fpdf import FPDF

from weness.cli import app
from weness.reading.guards import MAX_FILE
from weness.reading.reader import CannotRead, narratives_in

STUDY = (
    "study: {id: s, name: S, languages: [en]}\n"
    "partners: [{id: mill, name: The Mill, sector: business}, {id: town, name: The Town, sector: government}]\n"
    "speakers: [{id: ann, name: Ann, partner: mill}]\n"
    "waves: [{id: w1, from: 2024-01, to: 2024-03}]\n"
    "documents:\n"
)


def refused(path):
    with pytest.raises(CannotRead) as error:
        narratives_in(path)
    told = str(error.value)
    assert len(told.splitlines()) <= 2
    assert path.name in told
    return told


def a_document(path):
    document = Document()
    document.add_paragraph("Ann: We grind the grain of the whole valley.")
    document.save(str(path))
    return path


def repacked(path, target, part, content):
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, content if info.filename == part else old.read(info))
    return target


def test_a_truncated_docx_is_refused(tmp_path):
    path = a_document(tmp_path / "a.docx")
    path.write_bytes(path.read_bytes()[:-400])
    assert "cut short" in refused(path)


def test_a_docx_that_unpacks_to_far_more_than_it_weighs_is_refused(tmp_path):
    path = repacked(a_document(tmp_path / "a.docx"), tmp_path / "bomb.docx", "word/document.xml", b" " * 60_000_000)
    assert path.stat().st_size < 200_000
    refused(path)


def test_a_docx_with_xml_entities_is_refused_and_the_file_they_name_is_not_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the vault code is 4711", encoding="utf-8")
    entity = f'<!DOCTYPE x [<!ENTITY leak SYSTEM "file://{secret}">]>'
    body = (
        f'<?xml version="1.0"?>{entity}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:body><w:p><w:r><w:t>&leak;</w:t></w:r></w:p></w:body></w:document>"
    )
    path = repacked(a_document(tmp_path / "a.docx"), tmp_path / "xxe.docx", "word/document.xml", body)
    assert "4711" not in refused(path)


def test_a_pdf_with_a_password_says_so(tmp_path):
    page = FPDF()
    page.add_page()
    page.set_font("Helvetica")
    page.cell(text="We grind the grain.")
    page.set_encryption(owner_password="owner", user_password="user")
    page.output(str(tmp_path / "locked.pdf"))
    assert "password" in refused(tmp_path / "locked.pdf")


def test_a_scanned_pdf_says_that_it_has_no_text(tmp_path):
    page = FPDF()
    page.add_page()
    page.output(str(tmp_path / "scan.pdf"))
    assert "scan" in refused(tmp_path / "scan.pdf")


def test_a_huge_text_is_refused_by_its_size(tmp_path):
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(MAX_FILE + 1)
    assert "MB" in refused(path)


def test_an_empty_file_is_refused(tmp_path):
    (tmp_path / "empty.txt").write_text("")
    assert "empty" in refused(tmp_path / "empty.txt")


def test_latin_1_keeps_every_letter_and_says_what_it_was_taken_for(tmp_path):
    path = tmp_path / "acta.txt"
    path.write_bytes("El señor Muñoz pidió que la reunión fuera en otoño, según él.".encode("latin-1"))
    (narrative,) = narratives_in(path)
    assert "señor Muñoz pidió" in narrative.text
    assert "�" not in narrative.text


def test_one_broken_file_is_named_and_the_others_are_read(tmp_path):
    from typer.testing import CliRunner

    (tmp_path / "good.txt").write_text("Ann: We grind the grain of the whole valley.", encoding="utf-8")
    (tmp_path / "bad.docx").write_bytes(b"PK\x03\x04 not a document")
    rows = "".join(
        f"  - {{file: {name}, wave: w1, genre: interview, language: en, partner: mill}}\n"
        for name in ("good.txt", "bad.docx")
    )
    (tmp_path / "study.yaml").write_text(STUDY + rows, encoding="utf-8")
    said = CliRunner().invoke(app, ["read", str(tmp_path)])
    assert "bad.docx" in said.output
    assert "good.txt" in said.output
    assert "Traceback" not in said.output


def test_of_several_lists_in_a_json_file_the_one_with_speakers_is_the_talk(tmp_path):
    import json

    path = tmp_path / "hearing.json"
    talk = [{"speaker": "Ann", "content": "We grind the grain."}, {"speaker": "Bob", "content": "We pay for it."}]
    summary = [{"query": "Sum up", "answer": "They grind."}] * 5
    path.write_text(json.dumps({"summaries": summary, "meeting_transcripts": talk}), encoding="utf-8")
    (narrative,) = narratives_in(path)
    assert "We grind the grain." in narrative.text
    assert "They grind." not in narrative.text
