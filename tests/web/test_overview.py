"""The overview shows what the report shows, says how old it is, and leads from every number to its quotes and their texts."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from weness_web import overviews, services
from weness_web.changes import act, new
from weness_web.home import folder_of
from weness_web.labours import conclude
from weness_web.models import Document, Event, Job, Member, Overview, Study, User
from weness_web.taking_up import take_texts
from weness_web.words import words

pytestmark = pytest.mark.django_db
HOSTILE = '<script>alert("x")</script>'
PAGE = """study: {id: mill, name: Mill and town}
partners:
  - {id: mill, name: The Mill, sector: business}
  - {id: town, name: "Town <b>hall</b>", sector: government}
waves:
  - {id: w1, from: 2024-01}
documents:
  - {file: mill.txt, genre: interview, wave: w1, partner: mill, language: en}
  - {file: town.txt, genre: interview, wave: w1, partner: town, language: en}
"""
TEXTS = {
    "mill.txt": f"\N{SLICE OF PIZZA} We of the partnership meet every week {HOSTILE}. We trust the town. Our mill needs their road.\n",
    "town.txt": "We in the partnership decided together. We argued about the road, and we solved it together.\n",
}


@pytest.fixture
def ana():
    return User.objects.create_user("Ana", "a long password")


@pytest.fixture
def study(ana, tmp_path, monkeypatch):
    monkeypatch.setenv("WENESS_HOME", str(tmp_path))
    study = Study.objects.create(title="Mill and town", page=PAGE)
    Member.objects.create(study=study, user=ana, owner=True)
    folder = folder_of(study.pk)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in TEXTS.items():
        (folder / name).write_text(text, "utf-8")
    services.put_page(folder, PAGE)
    rows, _ = services.read(folder)
    take_texts(study, rows)
    for document in study.documents.all():
        for found in re.finditer(r"\bWe\b", document.text):
            study.codings.create(
                document=document,
                start=found.start(),
                end=found.end(),
                code="WE_PARTNERSHIP",
                coder="Ana",
                words="We",
            )
    return study


@pytest.fixture
def mine(client, ana):
    client.force_login(ana)
    return client


def worked_out(study, **filters):
    job = Job.objects.create(
        study=study, kind="conclude", asked={"filters": filters} if filters else {}, due_at=timezone.now()
    )
    conclude(job, lambda *_: None)
    Job.objects.filter(pk=job.pk).update(state=Job.DONE, ended_at=timezone.now())
    return Overview.objects.get(study=study, filters=filters)


def shown_with(study, body, **more):
    facts = {"documents": list(study.documents.values_list("file", flat=True)), **more}
    pages = dict.fromkeys(services.LANGUAGES, body)
    return Overview.objects.create(study=study, revision=study.revision, pages=pages, facts=facts)


def at(study, name="overview"):
    return reverse(name, args=[study.pk])


def test_the_findings_say_what_the_report_says_in_each_language(mine, study):
    overview = worked_out(study)
    for language in services.LANGUAGES:
        mine.post(reverse("language"), {"language": language})
        page = mine.get(at(study)).content.decode()
        told = re.findall(r"<h2[^>]*>(.*?)</h2>", overview.pages[language])
        assert told
        assert all(title in page for title in told)
        assert words(language)("overview.fresh") in page


def test_every_quote_leads_to_where_it_stands_in_its_text(mine, study):
    worked_out(study)
    page = unescape(mine.get(at(study)).content.decode())
    links = re.findall(rf"{at(study, 'texts')}/(\d+)\?at=(\d+)", page)
    assert links
    assert 'href="#q' not in page.replace('href="#quotes"', "")
    texts = {one.place: one for one in study.documents.all()}
    for place, start in links:
        document = texts[int(place)]
        assert int(start) in {row[0] for row in document.sentences}, "a sentence begins there, counted in code points"


def test_every_number_with_quotes_finds_its_quotes_on_the_page(mine, study):
    worked_out(study)
    page = mine.get(at(study)).content.decode()
    entries = set(re.findall(r'class="ev" href="#([^"]+)"', page))
    assert entries
    assert all(f'id="{entry}"' in page for entry in entries)


def test_what_a_narrative_says_stays_text_and_nothing_is_styled_in_the_page(mine, study):
    worked_out(study)
    page = mine.get(at(study)).content.decode()
    assert HOSTILE not in page
    assert "&lt;script&gt;alert" in page
    assert "Town <b>hall</b>" not in page
    assert not re.search(r"<[^>]+ style=", page)


def test_the_style_of_the_report_holds_only_below_the_findings(mine):
    sheet = mine.get(reverse("report_style", args=[overviews.stamp()]))
    text = sheet.content.decode()
    assert sheet["Content-Type"].startswith("text/css")
    assert text.startswith(".findings{")
    assert text.count("{") == text.count("}")
    assert not re.search(r"(^|[},{;\n])(html|body|:root)\{", text)
    assert "@page" not in text[: text.rindex("}\n@page")]


def test_a_recommended_step_is_one_click_from_where_it_can_be_planned(mine, study):
    step = '<article class="card"><h3>T <span class="soft">ACT-03</span></h3><p>x</p></article>'
    shown_with(study, f'<p class="caveat">No grade.</p>{step}<article class="card"><h3>Nothing</h3></article>')
    page = mine.get(at(study)).content.decode()
    assert page.count(reverse("action", args=[study.pk, "ACT-03"])) == 1
    assert f'class="button" href="{at(study, "actions")}"' in page
    assert mine.get(reverse("action", args=[study.pk, "ACT-03"])).status_code == 200


def test_the_report_still_marks_its_steps_as_the_overview_looks_for_them():
    from weness.reporting.page import TEMPLATES

    front = (TEMPLATES / "front.html").read_text("utf-8")
    assert '<span class="soft">{{ s.id }}</span></h3>' in front
    assert '<p class="caveat">' in front


def test_findings_from_before_a_change_are_shown_as_such_and_worked_out_anew(mine, study, ana):
    shown_with(study, "<h1>Old findings</h1>")
    document = study.documents.first()
    act(
        study,
        ana,
        "code",
        [new("coding", document_id=document.pk, start=0, end=2, code="TRUST", coder="Ana", words="x")],
    )
    page = mine.get(at(study)).content.decode()
    assert "Old findings" in page
    assert words("en").count("overview.older", 1) in page
    assert study.jobs.filter(kind="conclude", state=Job.WAITING).count() == 1


def test_a_part_of_the_study_is_worked_out_when_it_is_asked_for(mine, study):
    worked_out(study)
    page = mine.get(at(study), {"partner": "mill", "wave": "w1"}).content.decode()
    job = study.jobs.get(state=Job.WAITING)
    assert job.asked == {"filters": {"partner": "mill", "wave": "w1"}}
    assert words("en")("overview.first") in page
    mine.get(at(study), {"partner": "mill", "wave": "w1"})
    assert study.jobs.filter(state=Job.WAITING).count() == 1, "asked once"
    conclude(job, lambda *_: None)
    Job.objects.filter(pk=job.pk).update(state=Job.DONE, ended_at=timezone.now())
    page = mine.get(at(study), {"wave": "w1", "partner": "mill"}).content.decode()
    assert 'id="front-h"' in page
    assert words("en")("overview.part") in page


def test_a_part_that_the_study_has_not_is_refused_in_words(mine, study):
    answer = mine.get(at(study), {"partner": "nobody"})
    assert answer.status_code == 404
    assert "nobody" in answer.content.decode()


def test_a_part_may_be_one_coder_or_the_machine(study):
    document = study.documents.first()
    study.suggestions.create(
        document=document, start=0, end=2, code="TRUST", coder="builtin", words="x", kind="builtin", probability=0.5
    )
    assert [value for value, _ in overviews.choices(study)["coder"]] == ["Ana", "machine"]


def test_new_findings_take_the_place_of_old_ones_and_nothing_comes_where_there_are_none(mine, study):
    first = shown_with(study, "<h1>First</h1>")
    asks = {"headers": {"HX-Request": "true"}}
    assert mine.get(at(study), {"seen": f"{first.pk}-0"}, **asks).status_code == 204
    answer = mine.get(at(study), {"seen": "older"}, **asks)
    assert "First" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_work_that_stopped_says_why_and_is_tried_again_when_asked(mine, study):
    job = Job.objects.create(
        study=study, kind="conclude", due_at=timezone.now(), state=Job.FAILED, fault="Only <one> wave."
    )
    Job.objects.filter(pk=job.pk).update(ended_at=timezone.now())
    page = mine.get(at(study)).content.decode()
    assert "Only &lt;one&gt; wave." in page
    assert words("en")("overview.again") in page
    assert not study.jobs.filter(state=Job.WAITING).exists(), "what stopped is not tried again by itself"
    assert mine.post(reverse("overview_again", args=[study.pk])).status_code == 302
    assert study.jobs.filter(state=Job.WAITING).count() == 1


def test_how_far_the_work_is_can_be_seen_while_it_goes_on(mine, study):
    Job.objects.create(study=study, kind="conclude", due_at=timezone.now(), state=Job.RUNNING, done=3, total=9)
    page = mine.get(at(study, "overview_status")).content.decode()
    assert "3 of 9" in page
    assert "hx-trigger" in page


def test_an_empty_study_says_what_to_do_next(mine, ana):
    empty = Study.objects.create(title="Empty")
    Member.objects.create(study=empty, user=ana, owner=True)
    page = mine.get(at(empty)).content.decode()
    assert words("en")("overview.empty") in page
    assert reverse("setup", args=[empty.pk]) in page
    assert not empty.jobs.exists()


def test_while_the_first_texts_are_read_nobody_is_told_that_there_are_none(mine, ana):
    fresh = Study.objects.create(title="Fresh")
    Member.objects.create(study=fresh, user=ana, owner=True)
    Job.objects.create(study=fresh, kind="read", due_at=timezone.now(), state=Job.RUNNING)
    page = mine.get(at(fresh)).content.decode()
    assert words("en")("overview.reading") in page
    assert words("en")("overview.empty") not in page


def test_where_nobody_coded_the_findings_say_what_would_let_more_be_said(mine, study):
    worked_out(study)
    study.overviews.update(facts={"posteriors": [{"wave": "w1", "call": "S2", "shares": {}}]})
    assert 'class="lacking"' not in mine.get(at(study)).content.decode()
    study.codings.all().delete()
    document = study.documents.first()
    study.suggestions.create(
        document=document, start=0, end=1, code="WE_PARTNERSHIP", coder="machine", words="x", probability=0.9
    )
    page = mine.get(at(study)).content.decode()
    assert words("en").count("overview.uncoded", 2) in page
    assert words("en").count("overview.undecided", 1) in page
    assert reverse("review", args=[study.pk]) in page.split('class="lacking"')[1].split("</div>")[0]


def test_a_text_that_left_the_study_leaves_no_dead_link(mine, study):
    shown_with(study, '<a href="#q1-0">a</a><a href="#q2-7">b</a><a href="#d1">c</a>')
    Document.objects.filter(study=study, file="town.txt").update(gone=True)
    place = study.documents.get(file="mill.txt").place
    page = mine.get(at(study)).content.decode()
    assert f"{at(study, 'texts')}/{place}?at=0" in page
    assert f'href="{at(study, "texts")}/{place}">c' in page
    assert '<a href="#quotes">b</a>' in page


def test_the_findings_are_nobody_elses_and_wait_for_the_end_of_a_blind_round(client, mine, study, ana):
    shown_with(study, "<h1>Findings</h1>")
    Study.objects.filter(pk=study.pk).update(blind=True)
    for name in ("overview", "overview_status"):
        assert mine.get(at(study, name)).status_code == 403
    client.force_login(User.objects.create_user("Bram", "another password"))
    for name in ("overview", "overview_status"):
        assert client.get(at(study, name)).status_code == 404
    assert not Event.objects.exists()
