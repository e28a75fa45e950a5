"""Uploads: hostile files are refused in words, nothing is overwritten, and a study of another weness is taken over whole."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from weness_web import services, set_up, uploads
from weness_web.bringing import bring_in, send_out, waiting_room
from weness_web.faults import Fault
from weness_web.home import folder_of
from weness_web.labours import read
from weness_web.models import Coding, Document, Job, Memo, Study
from weness_web.words import words

pytestmark = pytest.mark.django_db
TEXT = b"Ruth Amsel: We met at the mill and we stayed.\n"
W = words("en")
CASES = Path(__file__).parents[3] / "shared" / "data" / "cases"


@pytest.fixture
def study(bare_study):
    return bare_study


def up(study, user, path, data=TEXT):
    return uploads.take_in(study, user, SimpleUploadedFile(Path(path).name or "x", data), path, W)


def sent(web, study, path, data=TEXT):
    told = {"files": SimpleUploadedFile(Path(path).name, data), "path": path}
    return web.post(f"/s/{study.pk}/files", told, HTTP_ACCEPT="application/json")


def zipped(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in files.items():
            package.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def inside(study):
    folder = folder_of(study.pk)
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    "name",
    [
        "../a.txt", "/etc/a.txt", "in/../../a.txt", "C:\\a.txt", "c:a.txt", "..\\a.txt", ".hidden.txt", "in/.git/a.txt",
        "~$a.docx", "_a.txt", "a\0.txt", "a\n.txt", "a\u202etxt.exe", "x" * 300 + ".txt", "", "in/", "é" * 121 + ".txt",
    ],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_or_hides_is_refused(name):
    with pytest.raises(Fault):
        uploads.safe_name(name)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("a.txt", "a.txt"),
        ("round 2\\jan.vtt", "round 2/jan.vtt"),
        ("acta nº 3 (final).pdf", "acta nº 3 (final).pdf"),
        ("a#1.txt", "a-1.txt"),
        ("what?.txt", "what-.txt"),
        ("reports/a.txt", "reports files/a.txt"),
        ("cafe\u0301.txt", "café.txt"),
    ],
)
def test_a_name_that_is_safe_is_kept_or_made_to_fit_every_disk(told, kept):
    assert uploads.safe_name(told) == kept


def test_a_file_is_taken_into_its_folder(web, study):
    assert sent(web, study, "round 2/jan.txt").json() == {"file": "round 2/jan.txt", "state": "taken", "why": ""}
    assert inside(study) == ["round 2/jan.txt"]


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("a.exe", b"MZ", "not read"),
        ("a.docx", b"PK\x03\x04 not a document", "not a whole"),
        ("a.docx", b"\xd0\xcf\x11\xe0 locked", "password"),
        ("a.doc", b"old", "docx"),
        ("a.txt", b"", "empty"),
        ("a.json", b"[" * 100_000, "broken"),
        ("../a.txt", TEXT, "out of the study"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason_and_leaves_nothing(web, study, name, data, word):
    told = sent(web, study, name, data).json()
    assert told["state"] == "refused"
    assert word in told["why"] or name == "a.json"
    assert told["why"]
    assert inside(study) == []
    assert not [path for path in waiting_room(study).rglob("*") if path.is_file()]


def test_a_file_that_is_too_large_is_refused(study, ana, settings):
    settings.UPLOAD_LIMIT = 10
    (outcome,) = up(study, ana, "a.txt", b"x" * 11)
    assert outcome.state == "refused"


def test_a_name_with_a_path_in_the_upload_itself_goes_nowhere_else(web, study):
    told = {"files": SimpleUploadedFile("../../outside.txt", TEXT)}
    web.post(f"/s/{study.pk}/files", told, HTTP_ACCEPT="application/json")
    assert inside(study) == ["outside.txt"]


def test_the_same_file_twice_is_there_once_and_another_of_its_name_gets_a_number(study, ana):
    up(study, ana, "a.txt")
    (again,) = up(study, ana, "a.txt")
    assert "already" in again.why
    (other,) = up(study, ana, "a.txt", b"Ruth: Other words here.")
    assert other.file == "a (2).txt"
    assert other.state == "taken"
    assert (folder_of(study.pk) / "a.txt").read_bytes() == TEXT
    (third,) = up(study, ana, "a.txt", b"Ruth: Other words here.")
    assert third.file == "a (2).txt"
    assert inside(study) == ["a (2).txt", "a.txt"]


def test_every_file_of_a_zip_has_its_own_answer(web, study):
    data = zipped(
        **{"study__a.txt": TEXT, "study__in__b.txt": TEXT + b"x", "study__c.exe": b"MZ", "study___d.txt": TEXT}
    )
    told = sent(web, study, "all.zip", data).json()
    assert {one["file"]: one["state"] for one in told["files"]} == {
        "a.txt": "taken", "in/b.txt": "taken", "c.exe": "refused", "_d.txt": "refused",
    }  # fmt: skip
    assert inside(study) == ["a.txt", "in/b.txt"]


@pytest.mark.parametrize(
    "data", [zipped(**{"a.txt": b"\0" * 30_000_000}), zipped(**{"..__a.txt": TEXT}), b"PK no zip", zipped()]
)
def test_a_hostile_or_empty_zip_is_refused_whole(web, study, data):
    told = sent(web, study, "bad.zip", data).json()
    assert told["state"] == "refused"
    assert told["why"]
    assert inside(study) == []


def test_an_uploaded_file_is_never_served(web, study):
    sent(web, study, "page.html", b"<p>Ruth: We met at the mill and stayed.</p><script>alert(1)</script>")
    assert inside(study) == ["page.html"]
    for path in (
        "page.html",
        f"s/{study.pk}/page.html",
        f"s/{study.pk}/files/page.html",
        f"static/{study.pk}/page.html",
    ):
        assert web.get(f"/{path}").status_code == 404


def test_a_study_of_weness_is_taken_over_with_everybodys_work(web, ana, study, tmp_path):
    demo = tmp_path / "demo"
    services.copy_demo(demo)
    for path in sorted(demo.rglob("*")):
        if path.is_file():
            told = sent(web, study, path.relative_to(demo).as_posix(), path.read_bytes()).json()
            assert told["state"] != "refused", told
    assert web.post(f"/s/{study.pk}/files/done", HTTP_ACCEPT="application/json").json()["new"] == 31
    study.refresh_from_db()
    assert study.title == "Alianza Ladera Viva"
    assert services.page_of(study.page)["partners"][0]["id"] == "coop"
    read(Job(study=study, kind="read"), lambda *told: None)
    assert Document.objects.filter(study=study).count() == 32
    assert Coding.objects.filter(study=study).count() > 500


@pytest.mark.skipif(not CASES.is_dir(), reason="the shared test data is not here")
def test_an_older_study_with_a_case_json_is_taken_over(web, ana, study):
    for path in (CASES / "orchard").iterdir():
        sent(web, study, path.name, path.read_bytes())
    web.post(f"/s/{study.pk}/files/done", HTTP_ACCEPT="application/json")
    study.refresh_from_db()
    assert study.title == "Wenbrook Plates"
    read(Job(study=study, kind="read"), lambda *told: None)
    assert Coding.objects.filter(study=study).count() > 100


def test_a_second_study_page_does_not_replace_the_first(study, ana):
    page = "partners: [{id: mill, name: The Mill, sector: business}]\ndocuments: [{file: a.txt, genre: interview}]\n"
    up(study, ana, "a.txt")
    up(study, ana, "study.yaml", page.encode())
    set_up.settle(study, ana)
    study.refresh_from_db()
    assert services.page_of(study.page)["partners"][0]["id"] == "mill"
    (other,) = up(study, ana, "study.yaml", page.replace("mill", "town").encode())
    assert other.state == "refused"
    assert "already" in other.why


def test_a_study_page_that_is_no_page_says_so(study, ana):
    (outcome,) = up(study, ana, "study.yaml", b"partners: {")
    assert outcome.state == "refused"
    assert outcome.why


def test_codings_that_come_later_are_taken_up_and_not_overwritten_before(study, ana):
    up(study, ana, "a.txt")
    set_up.settle(study, ana)
    study.refresh_from_db()
    job = Job(study=study, kind="read")
    read(job, lambda *told: None)
    text = Document.objects.get(study=study).text
    row = {"file": "a.txt", "start": 0, "end": 5, "text": text[:5], "code": "TRUST", "coder": "Bram", "fields": {}}
    (outcome,) = up(study, ana, "codings.jsonl", json.dumps(row).encode())
    assert outcome.state == "waiting"
    from weness_web.putting_down import put_down

    put_down(study)
    read(job, lambda *told: None)
    assert Coding.objects.get(study=study).coder == "Bram"


def test_a_project_of_another_program_waits_for_the_background_and_brings_its_texts(study, ana, tmp_path):
    up(study, ana, "a.txt")
    set_up.settle(study, ana)
    study.refresh_from_db()
    read(Job(study=study, kind="read"), lambda *told: None)
    document = Document.objects.get(study=study)
    Coding.objects.create(
        study=study, document=document, start=0, end=4, code="TRUST", coder="Ana", words=document.text[:4]
    )
    Memo.objects.create(study=study, kind="document", thing="a.txt", by="Ana", text="Look")
    export = Job.objects.create(study=study, kind="export", asked={"format": "qdpx"}, due_at=study.made_at)
    told = send_out(export, lambda *told: None)
    from weness_web.bringing import outgoing

    data = (outgoing(export) / told["file"]).read_bytes()
    other = Study.objects.create(title="Other")
    (outcome,) = up(other, ana, "mine.qdpx", data)
    assert outcome.state == "waiting"
    job = Job.objects.get(study=other, kind="import")
    assert set_up.settle(other, ana) == [], "the project brings the page"
    assert bring_in(job, lambda *told: None)["said"]
    other.refresh_from_db()
    assert Document.objects.filter(study=other).count() == 1
    assert Coding.objects.filter(study=other).count() == 1
    assert not [path for path in waiting_room(other).iterdir() if path.is_file()]


def test_no_file_at_all_is_said(web, study):
    assert web.post(f"/s/{study.pk}/files", HTTP_ACCEPT="application/json").status_code == 400
    nothing = web.post(f"/s/{study.pk}/files/done", HTTP_ACCEPT="application/json")
    assert nothing.status_code == 400
    assert "Nothing to read" in nothing.json()["fault"]


@pytest.mark.parametrize("name", ["codings.jsonl", "mentions.jsonl", "project.qdpx"])
def test_no_coding_comes_in_by_a_file_while_a_study_is_coded_blind(study, ana, name):
    study.blind = True
    study.save()
    (outcome,) = up(study, ana, name, b"{}")
    assert outcome.state == "refused"
    assert "blind" in outcome.why
    assert not study.jobs.exists()
