"""The database and the study's folder hold the same work: the command line reads what the app keeps."""

from __future__ import annotations

import shutil

import pytest
from django.utils import timezone

from weness.study import Study as OnDisk
from weness_web import services
from weness_web.home import folder_of
from weness_web.labours import LABOURS
from weness_web.models import CheckAnswer, Coding, Document, Job, Memo, Reading, Rejection, Study, Suggestion
from weness_web.putting_down import put_down
from weness_web.taking_up import keep_draw, put_suggestions, take_texts, take_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(tmp_path, monkeypatch):
    monkeypatch.setenv("WENESS_HOME", str(tmp_path))
    study = Study.objects.create(title="Demo")
    folder = folder_of(study.pk)
    services.copy_demo(folder)
    study.page = services.rows_in(folder)["page"]
    study.save()
    rows, notes = services.read(folder)
    assert not notes
    take_texts(study, rows)
    take_up(study)
    return study


def counted(study):
    disk = OnDisk(folder_of(study.pk))
    found, notes = disk.code_of_persons(disk.read())
    return (
        sorted((m.span, m.code, m.coder, str(sorted(m.fields.items(), key=str))) for m in found.marks),
        found.read,
        notes,
    )


def test_what_persons_coded_counts_the_same_after_a_trip_through_the_database(demo):
    before = counted(demo)
    put_down(demo)
    assert counted(demo) == before
    assert len(before[0]) > 500


def test_taking_up_twice_brings_nothing_twice(demo):
    n = Coding.objects.count(), Reading.objects.count()
    assert take_up(demo)["codings"] == 0, "as it came, without guids"
    put_down(demo)
    assert take_up(demo)["codings"] == 0, "as the app put it down"
    assert (Coding.objects.count(), Reading.objects.count()) == n


def test_one_folder_may_be_taken_up_into_two_studies(demo):
    put_down(demo)
    twin = Study.objects.create(title="Twin", page=demo.page)
    shutil.copytree(folder_of(demo.pk), folder_of(twin.pk))
    rows, _ = services.read(folder_of(twin.pk))
    take_texts(twin, rows)
    assert take_up(twin)["codings"] == demo.codings.count()


def test_a_memo_that_hangs_on_two_things_stays_one_memo(demo):
    file = demo.documents.get(place=1).file
    for kind, thing in (("code", "TRUST"), ("document", file)):
        Memo.objects.create(study=demo, kind=kind, thing=thing, by="Ana", text="Look here.", guid="g-1")
    put_down(demo)
    (row,) = services.rows_in(folder_of(demo.pk))["memos"]
    assert row["on"] == [{"code": "TRUST"}, {"document": file}] or row["on"] == [{"document": file}, {"code": "TRUST"}]
    assert take_up(demo)["memos"] == 0


def test_every_passage_keeps_its_words(demo):
    for one in Coding.objects.select_related("document"):
        assert one.document.text[one.start : one.end] == one.words


def test_a_suggestion_that_a_person_rejected_no_longer_counts(demo):
    document = demo.documents.get(place=2)
    Coding.objects.filter(document=document).delete()
    Reading.objects.filter(document=document).delete()
    start = document.mentions[0][0]
    words = document.text[start : start + 2]
    row = {"file": document.file, "start": start, "end": start + 2, "text": words, "code": "WE_OWN", "coder": "builtin"}
    row |= {"kind": "builtin", "probability": 0.8, "why": "because"}
    put_suggestions(demo, [row], {document.file: document})
    put_down(demo)
    disk = OnDisk(folder_of(demo.pk))
    assert [mark.why for mark in disk.filled_in(disk.read()).of(document.file)] == ["because"]
    Rejection.objects.create(study=demo, document=document, start=start, end=start + 2, code="WE_OWN", coder="Ana")
    put_down(demo)
    assert disk.filled_in(disk.read()).of(document.file) == ()
    assert Suggestion.objects.count() == 1, "it is kept, should the person undo the no"


def test_a_file_that_leaves_the_study_keeps_what_was_coded_in_it(demo):
    rows, _ = services.read(folder_of(demo.pk))
    n = Coding.objects.count()
    assert take_texts(demo, rows[1:])
    assert demo.documents.filter(gone=True).count() == 1
    assert Coding.objects.count() == n
    take_texts(demo, rows)
    assert not demo.documents.filter(gone=True).exists()


def test_a_text_that_is_read_otherwise_takes_its_codings_along(demo):
    rows, _ = services.read(folder_of(demo.pk))
    words = {one.pk: one.words for one in Coding.objects.filter(document__file=rows[0]["file"])}
    rows[0] = rows[0] | {"text": "New head\n" + rows[0]["text"], "checksum": "other", "length": rows[0]["length"] + 9}
    assert take_texts(demo, rows)
    for one in Coding.objects.filter(pk__in=words).select_related("document"):
        assert one.document.text[one.start : one.end] == words[one.pk]


def test_who_answered_an_item_first_counts_and_the_others_stand_beside(demo):
    Coding.objects.filter(document__place__lte=6).delete()
    Reading.objects.filter(document__place__lte=6).delete()
    put_down(demo)
    head, rows = services.drawn(folder_of(demo.pk), 4)
    keep_draw(demo, head, rows)
    item = rows[0]["item"]
    CheckAnswer.objects.create(study=demo, item=item, coder="Ana", codes=[], at="2026-01-01T10:00Z")
    CheckAnswer.objects.create(study=demo, item=item, coder="Bram", codes=["WE_OWN"], at="2026-01-01T11:00Z")
    put_down(demo)
    from weness.coding.checks import draws_in

    check = draws_in(folder_of(demo.pk))[0].checks[0]
    assert (check.item, check.codes, check.coder, check.others) == (item, (), "Ana", {"Bram": ("WE_OWN",)})
    assert take_up(demo)["draws"] == 0


def test_a_first_study_page_says_which_of_its_rows_are_guesses(tmp_path):
    (tmp_path / "interview ana.txt").write_text("Interviewer: How is it?\nAna Stone: We milled the flour.\n", "utf-8")
    page, guesses = services.drafted(tmp_path, "Mill")
    told = services.page_of(page)
    assert told["study"]["name"] == "Mill"
    assert [row["file"] for row in told["documents"]] == ["interview ana.txt"]
    assert any(name.startswith("documents/") for name in guesses)
    assert "# guess" not in page


def test_what_was_removed_here_does_not_come_back_when_the_texts_are_read_again(demo):
    put_down(demo)
    n = Coding.objects.count()
    Coding.objects.filter(pk=Coding.objects.first().pk).delete()
    LABOURS["read"](Job.objects.create(study=demo, kind="read", due_at=timezone.now()), lambda *told: None)
    assert Coding.objects.count() == n - 1


def test_a_nul_in_a_text_becomes_a_sign_that_every_database_keeps_and_offsets_stay(demo):
    one = services.read(folder_of(demo.pk))[0][0]
    take_texts(demo, [one | {"text": "We\0met", "length": 6}])
    assert Document.objects.get(file=one["file"]).text == "We\ufffdmet"
