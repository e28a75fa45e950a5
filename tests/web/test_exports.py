"""Files to take along: written in the background, saved by members alone, never shown by the browser, gone after a week."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone

from weness_web import services
from weness_web.bringing import outgoing, send_out
from weness_web.exports import file_of
from weness_web.home import folder_of
from weness_web.models import Job, Member, Study, User
from weness_web.taking_up import take_texts, take_up

pytestmark = pytest.mark.django_db


def no_progress(done, total, doing):
    """Nobody looks."""


@pytest.fixture
def ana():
    return User.objects.create_user("Ana", "a long password", language="en")


@pytest.fixture
def study(tmp_path, monkeypatch, ana):
    monkeypatch.setenv("WENESS_HOME", str(tmp_path))
    study = Study.objects.create(title="Sierra Alta")
    Member.objects.create(study=study, user=ana, owner=True)
    services.copy_demo(folder_of(study.pk))
    study.page = services.rows_in(folder_of(study.pk))["page"]
    study.save()
    rows, _ = services.read(folder_of(study.pk))
    take_texts(study, rows)
    take_up(study)
    return study


@pytest.fixture
def here(client, ana):
    client.force_login(ana)
    return client


def asked(client, study, format="qdc", language="es"):
    answer = client.post(reverse("export", args=[study.pk]), {"format": format, "language": language})
    assert answer.status_code == 302, answer.content
    return Job.objects.latest("id")


def worked(job):
    job.told = send_out(job, no_progress)
    job.state, job.ended_at = Job.DONE, timezone.now()
    job.save()
    return job


def saved(client, job):
    return client.get(reverse("download", args=[job.study_id, job.pk]))


def test_a_file_is_asked_for_written_and_saved(here, study):
    job = asked(here, study, "qdpx")
    page = here.get(reverse("exports", args=[study.pk]), {"part": "1"}).content.decode()
    assert "Waits for its turn" in page
    assert "load delay" in page
    assert saved(here, job).status_code == 404, "it is not there yet"
    worked(job)
    page = here.get(reverse("exports", args=[study.pk]), {"part": "1"}).content.decode()
    assert "load delay" not in page
    assert "What went along" in page
    assert str(outgoing(job).parent) not in page, "no paths of the machine"
    answer = saved(here, job)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="sierra-alta.qdpx"'
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "project.qde" in zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content))).namelist()


@pytest.mark.parametrize("format", ["report", "csv"])
def test_several_files_come_as_one_zip(here, study, format):
    job = worked(asked(here, study, format, "nl"))
    names = zipfile.ZipFile(file_of(job)).namelist()
    assert names
    if format == "report":
        assert {"report.html", "findings.json"} <= set(names)


def test_the_same_is_not_begun_twice(here, study):
    assert asked(here, study).pk == asked(here, study).pk
    assert asked(here, study, language="nl").pk != Job.objects.earliest("id").pk


@pytest.mark.parametrize("odd", [{"format": "exe", "language": "en"}, {"format": "qdc", "language": "../.."}, {}])
def test_what_cannot_be_written_is_refused(here, study, odd):
    assert here.post(reverse("export", args=[study.pk]), odd).status_code == 400
    assert not Job.objects.exists()


def test_a_study_without_texts_has_nothing_to_export(here, ana):
    empty = Study.objects.create(title="New")
    Member.objects.create(study=empty, user=ana)
    answer = here.post(reverse("export", args=[empty.pk]), {"format": "qdc", "language": "en"})
    assert answer.status_code == 409
    assert "no texts" in answer.content.decode()


def test_files_are_deleted_after_a_week(here, study):
    old, new = worked(asked(here, study)), worked(asked(here, study, language="nl"))
    Job.objects.filter(pk=old.pk).update(ended_at=timezone.now() - timedelta(days=8))
    here.get(reverse("exports", args=[study.pk]))
    assert not outgoing(old).exists()
    assert file_of(new)
    assert list(Job.objects.all()) == [new]


def test_a_file_that_went_away_is_told_and_not_found(here, study):
    job = worked(asked(here, study))
    file_of(job).unlink()
    assert "there no more" in here.get(reverse("exports", args=[study.pk])).content.decode()
    assert saved(here, job).status_code == 404


def test_only_members_may_save_and_only_files_of_their_study(here, client, ana, study):
    job = worked(asked(here, study))
    other = Study.objects.create(title="Other")
    Member.objects.create(study=other, user=ana)
    assert here.get(reverse("download", args=[other.pk, job.pk])).status_code == 404
    client.force_login(User.objects.create_user("Eve", "a long password"))
    assert saved(client, job).status_code == 404
    assert client.get(reverse("exports", args=[study.pk])).status_code == 404
    assert client.post(reverse("export", args=[study.pk]), {"format": "qdc", "language": "en"}).status_code == 404


def test_an_open_blind_round_keeps_everybodys_work_closed(here, study):
    job = worked(asked(here, study))
    Study.objects.filter(pk=study.pk).update(blind=True)
    assert saved(here, job).status_code == 403
    assert here.get(reverse("exports", args=[study.pk])).status_code == 403
    Member.objects.update(closed_at=timezone.now())
    answer = saved(here, job)
    assert answer.status_code == 200
    answer.close()


def test_a_name_that_leads_elsewhere_leads_nowhere(here, study):
    job = worked(asked(here, study))
    Job.objects.filter(pk=job.pk).update(told={"file": "../../secret.key"})
    assert saved(here, job).status_code == 404


@pytest.mark.parametrize("language", ["en", "es", "nl"])
def test_the_page_speaks_three_languages(here, study, language):
    worked(asked(here, study))
    User.objects.update(language=language)
    page = here.get(reverse("exports", args=[study.pk])).content.decode()
    assert {"en": "Written files", "es": "Archivos escritos", "nl": "Geschreven bestanden"}[language] in page
