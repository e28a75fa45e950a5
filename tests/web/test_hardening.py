"""What nobody should be able to do, and what must not get lost when things go wrong."""

from __future__ import annotations

import json
import subprocess
from types import SimpleNamespace

import pytest
from django.db import OperationalError
from django.utils import timezone

from weness_web import adjudication, dispatching, labours, services
from weness_web.access import changes_seen
from weness_web.bringing import _keep_page, bring_in, waiting_room
from weness_web.changes import act, changed, gone, new, undo
from weness_web.home import folder_of
from weness_web.jobs import next_job, wake
from weness_web.models import Coding, Job, Member, Memo, Study, User
from weness_web.taking_up import take_texts, take_up
from weness_web.work import work

pytestmark = pytest.mark.django_db
PAGE = """study: {id: s, name: Sierra}
partners: [{id: coop, name: The Coop, sector: business}]
documents: [{file: a.txt, partner: coop}]
"""
TEXT = "We plant trees together. They sold the land. We trust them."


@pytest.fixture
def ana(tmp_path, monkeypatch):
    monkeypatch.setenv("WENESS_HOME", str(tmp_path))
    return User.objects.create_user("Ana", "a long password", language="en")


@pytest.fixture
def study(ana):
    study = Study.objects.create(title="Sierra", page=PAGE)
    Member.objects.create(study=study, user=ana, owner=True)
    folder = folder_of(study.pk)
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text(TEXT, "utf-8")
    services.put_page(folder, PAGE)
    take_texts(study, services.read(folder)[0])
    return study


@pytest.fixture
def text(study):
    return study.documents.get()


def code(study, text, user, coder="", **more):
    place = {"document_id": text.pk, "start": 0, "end": 23, "words": TEXT[:23], "code": "WE_PARTNERSHIP"}
    event = act(study, user, "code", [new("coding", **place, coder=coder or user.name, **more)])
    return Coding.objects.get(pk=event.changes[0]["id"])


def run(study, kind, user=None, **asked):
    return labours.LABOURS[kind](wake(study, kind, user, now=True, **asked), lambda *_: None)


def row(text, **more):
    told = {"file": text.file, "start": 0, "end": 2, "text": TEXT[:2], "code": "WE_PARTNERSHIP", "coder": "Ana"}
    return json.dumps(told | more)


# ---- what was taken back stays taken back ----


def test_a_coding_that_was_removed_does_not_come_back_when_the_texts_are_read_anew(study, text, ana):
    one = code(study, text, ana)
    labours.put_down(study)
    act(study, ana, "uncode", [gone(one)])
    run(study, "read", ana)
    assert not Coding.objects.exists()


def test_what_is_taken_back_while_a_project_is_brought_in_stays_taken_back(study, text, ana, monkeypatch):
    one = code(study, text, ana)
    memo = act(study, ana, "memo", [new("memo", kind="document", thing=text.file, by="Ana", text="why?")])

    def brings(folder, file, coder):
        act(study, ana, "uncode", [gone(one)])
        act(study, ana, "memo", [gone(Memo.objects.get(pk=memo.changes[0]["id"]))])
        with (folder / "codings.jsonl").open("a") as out:
            out.write(row(text, coder="Ben", guid="g-1") + "\n")
        return "1 coding"

    monkeypatch.setattr(services, "bring_in", brings)
    (waiting_room(study) / "p.qdpx").write_bytes(b"x")
    bring_in(wake(study, "import", ana, now=True, file="p.qdpx"), lambda *_: None)
    assert [one.coder for one in Coding.objects.all()] == ["Ben"]
    assert not Memo.objects.exists()


def test_a_project_does_not_undo_what_somebody_changed_in_the_set_up_meanwhile(study):
    before = Study.objects.get(pk=study.pk)
    Study.objects.filter(pk=study.pk).update(page=PAGE.replace("The Coop", "The New Coop"))
    brought = PAGE.replace("documents: [", "documents: [{file: b.txt, partner: coop}, ")
    _keep_page(before, brought, {"documents/b.txt": "genre by its name"})
    kept = Study.objects.get(pk=study.pk)
    page = services.page_of(kept.page)
    assert page["partners"][0]["name"] == "The New Coop"
    assert {one["file"] for one in page["documents"]} == {"a.txt", "b.txt"}


def test_a_decision_counts_first_although_an_earlier_one_was_undone(study, text, ana):
    ben = User.objects.create_user("Ben", "a long password")
    codes = [id for id, one in services.codes().items() if one["family"] == "B"][:2]
    for user, start in ((ana, 0), (ben, 30)):
        row = {"file": text.file, "start": start, "end": start + 10, "codes": codes}
        adjudication.decide(study, user, row, codes[0], "", "because")
        study.refresh_from_db()
    undo(study, ana)
    study.refresh_from_db()
    labours.put_down(study)
    put = services.page_of(services.rows_in(folder_of(study.pk))["page"])
    assert put["counts_first"] == ["consensus"]


# ---- blind rounds ----


@pytest.mark.parametrize(("closed", "n"), [(True, 0), (False, 1)])
def test_nobody_brings_codes_into_a_closed_round_by_a_file(study, text, closed, n):
    Study.objects.filter(pk=study.pk).update(blind=True)
    study.memberships.update(closed_at=timezone.now() if closed else None)
    seen = json.dumps({"file": text.file, "seen": ["B"], "coder": "Ana"})
    (folder_of(study.pk) / "codings.jsonl").write_text(f"{row(text, guid='g-1')}\n{seen}\n")
    take_up(study)
    assert Coding.objects.count() == study.readings.count() == n


def test_an_answer_tells_nothing_of_others_while_a_round_is_open(client, study, text, ana):
    one = code(study, text, ana)
    Memo.objects.create(study=study, kind="coding", thing=str(one.pk), by="Ben", text="I see it otherwise")
    act(study, ana, "blind", [changed(study, blind=True)])
    client.force_login(ana)
    sent = {"do": "uncode", "id": str(one.pk), "op": "1"}
    told = client.post(f"/s/{study.pk}/texts/{text.place}/do", json.dumps(sent), content_type="application/json")
    assert [change["table"] for change in told.json()["changes"]] == ["coding"]
    told = client.post(f"/s/{study.pk}/undo", HTTP_ACCEPT="application/json")
    assert "otherwise" not in told.content.decode()
    assert Memo.objects.get().thing == str(one.pk), "it is back where it was all the same"


def test_all_changes_are_told_where_nobody_is_blind(study, ana):
    changes = [{"table": "memo", "id": "1", "before": {"by": "Ben"}, "after": None}]
    assert changes_seen(study, ana, changes) == changes


# ---- hostile and broken files ----


@pytest.mark.parametrize(
    "bad",
    [{"fields": 5}, {"code": 7}, {"coder": ["x"]}, {"guid": "x" * 900}, {"coder": "x" * 900}, {"seen": 5}, {"why": {}}],
)
def test_a_row_that_is_none_takes_no_others_along(study, text, bad):
    lines = [row(text, **{"guid": "1", **bad}), row(text, guid="2", start=3, end=8)]
    (folder_of(study.pk) / "codings.jsonl").write_text("\n".join(lines))
    assert take_up(study)["codings"] == 1


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        (
            "memos.jsonl",
            '{"guid": ["x"]}\n{"on": [{"coding": ["a"]}]}\n{"on": 5}\n{"text": 5}\n{"guid": "m", "text": null}',
        ),
        ("checks.jsonl", '{"texts": {}, "draw": "x"}\n{"item": 1}\n{"texts": {}, "draw": 1}\n{"item": "a"}'),
        (
            "codings.jsonl",
            '5\n[1]\n{bad\n{"file": ["a"]}\n{"file": "a.txt", "start": 0, "end": 2, "code": "WE_PARTNERSHIP", "why": null}',
        ),
    ],
)
def test_a_broken_file_of_work_does_not_stop_a_study_for_good(study, name, lines):
    (folder_of(study.pk) / name).write_text(lines)
    taken = take_up(study)
    assert taken == {
        "codings": int(name.startswith("cod")),
        "suggestions": 0,
        "memos": int(name[0] == "m"),
        "codes": 0,
        "draws": 0,
    }


@pytest.mark.parametrize("name", ["2024-13-45", "2024-02-30", "2024-05-01"])
def test_a_name_that_looks_like_a_day_stays_a_name(client, study, text, ana, name):
    client.force_login(ana)
    client.post(f"/s/{study.pk}/setup/partners/save", {"key": "coop", "name": name, "sector": "business"})
    study.refresh_from_db()
    assert services.page_of(study.page)["partners"][0]["name"] == name
    assert client.get(f"/s/{study.pk}/texts").status_code == 200


@pytest.mark.parametrize(
    "page",
    ["partners: 5", "partners: [abc]", "documents: {a: b}", "study: [1]", "speakers: [{id: {a: b}, aliases: 5}]"],
)
def test_a_page_of_whatever_kind_has_rows_and_lists(page):
    told = services.page_of(page)
    assert isinstance(told["study"], dict)
    assert all(isinstance(row, dict) for kind in services.LISTS for row in told[kind])
    assert services.page_of(services.text_of(told)) == told


@pytest.mark.parametrize("page", ["a: [", "a: !!int x", "a: !foo x", "{[a]: b}", "a: !!timestamp x", "a: \x07"])
def test_a_page_that_is_no_yaml_is_refused_in_words(page):
    with pytest.raises(ValueError, match=r"\w"):
        services.page_of(page)


# ---- requests that make no sense ----


def test_an_address_to_go_back_to_is_never_taken_for_the_name_of_a_page(client, study, text, ana):
    client.force_login(ana)
    assert client.get("/login?next=documents").status_code == 302
    assert client.post("/language", {"language": "en", "back": "documents"}).status_code == 302
    code(study, text, ana)
    assert client.post(f"/s/{study.pk}/undo", {"back": "documents"}).status_code == 302


@pytest.mark.parametrize("body", ["[" * 100_000, '{"do": "merge", "ids": [["a"], {"b": 1}]}'])
def test_the_reader_answers_nonsense_in_words(client, study, text, ana, body):
    client.force_login(ana)
    told = client.post(f"/s/{study.pk}/texts/{text.place}/do", body, content_type="application/json")
    assert told.status_code == 400


def test_a_code_without_a_name_is_asked_for_one(client, study, ana):
    client.force_login(ana)
    assert client.post(f"/s/{study.pk}/codebook/code", {}).status_code == 400


# ---- work in the background ----


def test_the_background_goes_on_after_the_database_was_away(monkeypatch):
    dispatcher, met = dispatching.Dispatcher(), []

    def next_one():
        met.append(1)
        if len(met) == 1:
            raise OperationalError("database is locked")
        dispatcher.halted.set()

    monkeypatch.setattr(dispatching, "next_job", next_one)
    monkeypatch.setattr(dispatching, "PAUSE", 0)
    monkeypatch.setattr(dispatching, "AFTER_A_FAULT", 0)
    monkeypatch.setattr(dispatching, "close_old_connections", lambda: None)
    monkeypatch.setattr(dispatching, "connection", SimpleNamespace(close=lambda: None))
    dispatcher.run()
    assert len(met) == 2


def test_a_job_whose_process_cannot_begin_has_failed(study, monkeypatch):
    wake(study, "read", now=True)
    job = next_job()
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: (_ for _ in ()).throw(OSError("no memory")))
    with pytest.raises(OSError, match="memory"):
        dispatching.Dispatcher()._work(job)
    assert Job.objects.get(pk=job.pk).state == Job.FAILED


def test_nothing_stays_of_a_study_that_is_deleted_while_work_goes_on(study, monkeypatch):
    job, folder = wake(study, "read", now=True), folder_of(study.pk)

    def reads(job, progress):
        Study.objects.get(pk=job.study_id).delete()
        (folder / "codings.jsonl").write_text("{}")
        return {}

    monkeypatch.setattr(labours, "LABOURS", {"read": reads})
    work(job.pk)
    assert not folder.exists()


def test_a_file_waits_until_what_is_in_it_is_taken_up(study, ana, monkeypatch):
    file = waiting_room(study) / "p.qdpx"
    file.write_bytes(b"x")
    monkeypatch.setattr(services, "bring_in", lambda *_: "")
    there = []
    monkeypatch.setattr("weness_web.bringing.take_up", lambda *_, **__: there.append(file.exists()))
    bring_in(wake(study, "import", ana, now=True, file="p.qdpx"), lambda *_: None)
    assert there == [True]
    assert not file.exists()
