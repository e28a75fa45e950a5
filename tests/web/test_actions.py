"""Steps are adopted with their reason and their sign, moved over a board, taken into a calendar, and looked at again later."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.urls import reverse
from icalendar import Calendar

from weness_web import adopting, services
from weness_web.changes import redo, undo
from weness_web.models import Adoption, Document, Member, Study, User
from weness_web.words import words

pytestmark = pytest.mark.django_db
QUOTE = {"file": "mill.txt", "start": 7, "end": 20, "words": "<i>we</i> pay alone"}
FACTS = {
    "documents": ["mill.txt"],
    "waves": ["w1", "w2", "w3"],
    "diagnosis": "w1",
    "expected": {"interdependence": [0.5, 1.0], "they_partner": [5.0, 20.0]},
    "measures": {
        "w1": {"interdependence": [0.2, 0.1, 0.3], "they_partner": [30.0, 25.0, 35.0]},
        "w2": {"interdependence": [0.55, 0.4, 0.7], "they_partner": [22.0, 18.0, 26.0]},
        "w3": {"interdependence": [0.8, 0.7, 0.9], "trust_balance": [None, None, None]},
    },
    "recommended": [
        {"action": "ACT-01", "indicators": ["interdependence"], "transition": "S1>S2", "quotes": [QUOTE]},
    ],
}


@pytest.fixture
def ana():
    return User.objects.create_user("Ana", "a long password")


@pytest.fixture
def study(ana):
    study = Study.objects.create(title="Mill, town & road")
    Member.objects.create(study=study, user=ana, owner=True)
    text = "In May <i>we</i> pay alone."
    Document.objects.create(
        study=study,
        file="mill.txt",
        place=1,
        text=text,
        length=len(text),
        checksum="x",
        language="nl",
        genre="interview",
    )
    study.overviews.create(revision=0, pages={"en": "<p>x</p>"}, facts=FACTS)
    return study


@pytest.fixture
def mine(client, ana):
    client.force_login(ana)
    return client


@pytest.fixture
def adopted(mine, study):
    mine.post(reverse("adopt", args=[study.pk, "ACT-01"]), {"owner": "Bram", "due": "2027-03-31", "note": "Cups"})
    return study.adoptions.get()


def board(study):
    return reverse("actions", args=[study.pk])


def test_a_step_is_adopted_with_one_click_and_keeps_its_reason_and_its_sign(mine, study):
    answer = mine.post(reverse("adopt", args=[study.pk, "ACT-01"]))
    assert answer.status_code == 302
    one = study.adoptions.get()
    assert (one.action, one.wave, one.state, one.by) == ("ACT-01", "w1", "planned", "Ana")
    assert one.reason == [QUOTE]
    assert one.expected == FACTS["expected"], "of the measures that the step is hoped to move, those with a range"


def test_a_step_on_the_board_is_planned_once_more_only_where_that_is_meant(mine, study, adopted):
    page = mine.get(board(study)).content.decode()
    assert f"{board(study)}#step-{adopted.pk}" in page
    assert words("en")("actions.adopt_again") in page
    opened = mine.get(reverse("action", args=[study.pk, "ACT-01"])).content.decode()
    assert f"#step-{adopted.pk}" in opened
    assert 'class="main"' not in opened.split('id="adopt-h"')[1]
    answer = mine.post(reverse("adopt", args=[study.pk, "ACT-01"]))
    assert answer["Location"].endswith(f"#step-{adopted.pk}")
    assert study.adoptions.count() == 1
    assert words("en")("actions.there_already") in mine.get(board(study)).content.decode()
    mine.post(reverse("adopt", args=[study.pk, "ACT-01"]), {"again": "1"})
    assert study.adoptions.count() == 2


def test_where_no_stage_could_be_told_no_step_leads_from_one_to_another(mine, study):
    stages = services.stages_said({}, "en")
    way = words("en")("actions.from_to", low=stages["S1"], high=stages["S2"])

    def recommended():
        return mine.get(board(study)).content.decode().split('id="board"')[0]

    assert way in recommended()
    study.overviews.update(facts=FACTS | {"posteriors": [{"wave": "w1", "call": "cannot say", "shares": {}}]})
    assert way not in recommended()
    assert words("en")("actions.no_stage") in recommended()


def test_a_recommended_step_tells_why_here_and_its_quotes_lead_to_the_text(mine, study):
    for address in (board(study), reverse("action", args=[study.pk, "ACT-01"])):
        page = mine.get(address).content.decode()
        assert "&lt;i&gt;we&lt;/i&gt; pay alone" in page
        assert "<i>we</i>" not in page
        assert reverse("text", args=[study.pk, 1]) + "?at=7" in page
        assert 'lang="nl"' in page
        assert "between 5 and 10 in 10" in page


def test_every_step_of_the_library_can_be_opened_and_adopted_in_each_language(mine, study):
    for language in services.LANGUAGES:
        mine.post(reverse("language"), {"language": language})
        page = mine.get(board(study)).content.decode()
        assert words(language)("actions.title") in page
        for id in services.steps(language):
            assert reverse("adopt", args=[study.pk, id]) in page
        opened = mine.get(reverse("action", args=[study.pk, "ACT-40"])).content.decode()
        assert services.steps(language)["ACT-40"]["source"].split("[")[0][:12] in opened
        assert "[S]" in opened
    mine.post(reverse("adopt", args=[study.pk, "ACT-40"]))
    assert study.adoptions.get().reason == []


def test_what_a_step_helps_with_is_said_in_words(study):
    from weness_web.views.actions import help_said

    for language in services.LANGUAGES:
        for name in adopting.helps_of(language):
            said = help_said(name, study, words(language))
            assert said
            assert said != name
            assert ">" not in said


def test_the_library_is_searched_by_words_and_by_what_a_step_helps_with(mine, study):
    asks = {"HX-Request": "true", "HX-Target": "library-list"}
    page = mine.get(board(study), {"q": "swap day"}, headers=asks).content.decode()
    assert "ACT-01" in page
    assert "ACT-02" not in page
    assert "<html" not in page
    page = mine.get(board(study), {"help": "S1>S2", "effort": "low"}, headers=asks).content.decode()
    assert "ACT-02" in page
    assert "ACT-01" not in page
    assert "ACT-20" not in page


def test_a_step_moves_over_the_board_and_back_by_undo(mine, study, ana, adopted):
    address = reverse("adoption", args=[study.pk, adopted.pk])
    part = mine.post(address, {"state": "doing"}, headers={"HX-Request": "true"})
    assert part["HX-Trigger"] == "weness-changed"
    assert 'id="board"' in part.content.decode()
    adopted.refresh_from_db()
    assert (adopted.state, adopted.owner, adopted.note) == ("doing", "Bram", "Cups"), "only what was sent is changed"
    undo(study, ana)
    adopted.refresh_from_db()
    assert adopted.state == "planned"
    undo(study, ana)
    assert not study.adoptions.exists()
    redo(study, ana)
    assert study.adoptions.get().due == "2027-03-31"


def test_what_is_saved_unchanged_is_no_action_to_undo(mine, study, adopted):
    n = study.events.count()
    mine.post(reverse("adoption", args=[study.pk, adopted.pk]), {"owner": " Bram ", "note": "Cups\r\n"})
    assert study.events.count() == n


def test_a_step_is_taken_off_the_board_and_comes_back_by_undo(mine, study, ana, adopted):
    mine.post(reverse("adoption_remove", args=[study.pk, adopted.pk]))
    assert not study.adoptions.exists()
    undo(study, ana)
    assert study.adoptions.get().note == "Cups"


@pytest.mark.parametrize(("sent", "line"), [({"due": "31 maart"}, "no_day"), ({"state": "flying"}, "no_column")])
def test_what_is_no_date_or_no_column_is_refused_in_words(mine, study, adopted, sent, line):
    answer = mine.post(reverse("adoption", args=[study.pk, adopted.pk]), sent, headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert json.loads(answer.content)["fault"] == words("en")(f"actions.{line}")


def test_there_is_no_step_but_those_of_the_library(mine, study):
    assert mine.get(reverse("action", args=[study.pk, "ACT-99"])).status_code == 404
    assert mine.post(reverse("adopt", args=[study.pk, "ACT-99"])).status_code == 404
    assert not study.adoptions.exists()


def test_a_calendar_takes_the_steps_in_as_whole_days_and_knows_them_again(mine, study, adopted):
    hostile = "Cups; ask\nBEGIN:VEVENT\nFemke, too"
    mine.post(reverse("adoption", args=[study.pk, adopted.pk]), {"note": hostile, "owner": "Bram\r\nATTENDEE:x"})
    mine.post(reverse("adopt", args=[study.pk, "ACT-02"]))
    answer = mine.get(reverse("calendar", args=[study.pk]))
    assert answer["Content-Type"].startswith("text/calendar")
    assert answer["Content-Disposition"] == 'attachment; filename="mill-town-road.ics"'
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert len(events) == 1, "only steps with a date"
    (event,) = events
    assert event["uid"] == f"{adopted.pk}@weness"
    assert "attendee" not in event
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2027, 3, 31), date(2027, 4, 1))
    assert hostile in event["description"]
    assert "Bram ATTENDEE:x" in event["description"]
    assert event["summary"] == "Swap a day (Mill, town & road)"
    mine.post(reverse("adoption", args=[study.pk, adopted.pk]), {"state": "dropped"})
    (event,) = Calendar.from_ical(mine.get(reverse("calendar", args=[study.pk])).content).walk("VEVENT")
    assert (event["uid"], event["status"]) == (f"{adopted.pk}@weness", "CANCELLED")


def test_each_later_wave_says_whether_the_sign_was_found_and_no_more_than_its_interval_lets_it(adopted):
    w = words("en")
    told = {sign.title: sign for sign in adopting.signs(adopted, FACTS, w)}
    needs = told[adopting.title("interdependence", w)]
    assert needs.expected == "between 5 and 10 in 10"
    assert needs.before == "2 in 10 (between 1 and 3)"
    assert [(wave, verdict, number) for wave, verdict, number, _ in needs.found] == [
        ("w2", "leans", "5.5 in 10 (between 4 and 7)"),
        ("w3", "within", "8 in 10 (between 7 and 9)"),
    ]
    assert needs.found[1][3] == f"{w('actions.found.within')} {w('actions.moved.up')}"
    they = told[adopting.title("they_partner", w)]
    assert [(wave, verdict) for wave, verdict, _, _ in they.found] == [("w2", "unclear"), ("w3", "missing")]
    assert they.found[1][3] == w("actions.found.missing")


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(0.5, 1.0, "within"), (0.1, 0.49, "below"), (1.01, 1.2, "above"), (0.1, 0.7, "unclear"), (0.45, 0.9, "leans")],
)
def test_a_number_is_judged_by_its_whole_interval(adopted, low, high, verdict):
    facts = FACTS | {"waves": ["w1", "w2"]}
    facts["measures"] = {"w1": FACTS["measures"]["w1"], "w2": {"interdependence": [(low + high) / 2, low, high]}}
    (found,) = next(
        s for s in adopting.signs(adopted, facts, words("en")) if s.found and "need" in s.title.lower()
    ).found
    assert found[1] == verdict


def test_the_board_says_expected_and_found_and_names_no_cause(mine, study, adopted):
    page = mine.get(board(study)).content.decode()
    w = words("en")
    assert w("actions.found.within") in page
    assert w("actions.no_cause") in page
    assert "Then, in w1" in page


def test_before_a_later_wave_the_sign_is_still_to_come(mine, study, adopted):
    Adoption.objects.update(wave="w3")
    assert words("en")("actions.no_wave_yet") in mine.get(board(study)).content.decode()
    Adoption.objects.update(wave="w9")
    assert words("en")("actions.wave_gone", wave="w9") in mine.get(board(study)).content.decode()


def test_numbers_are_written_as_each_language_writes_them():
    assert adopting.between("they_partner", 9.9, 28.3, words("es")).startswith("entre 9,9 y 28,3")
    assert "\N{MINUS SIGN}0.25" in adopting.between("trust_balance", -0.25, 0.5, words("en"))


def test_without_findings_the_library_can_be_used_all_the_same(mine, study):
    study.overviews.all().delete()
    assert words("en")("actions.no_findings") in mine.get(board(study)).content.decode()
    mine.post(reverse("adopt", args=[study.pk, "ACT-01"]))
    assert (study.adoptions.get().wave, study.adoptions.get().expected) == ("", {})
    assert mine.get(board(study)).status_code == 200


def test_the_actions_are_nobody_elses_and_wait_for_the_end_of_a_blind_round(client, mine, study, adopted):
    pages = [board(study), reverse("action", args=[study.pk, "ACT-01"]), reverse("calendar", args=[study.pk])]
    posts = [
        reverse("adopt", args=[study.pk, "ACT-01"]),
        reverse("adoption", args=[study.pk, adopted.pk]),
        reverse("adoption_remove", args=[study.pk, adopted.pk]),
    ]
    Study.objects.filter(pk=study.pk).update(blind=True)
    assert {mine.get(page).status_code for page in pages} == {403}
    assert {mine.post(post).status_code for post in posts} == {403}
    client.force_login(User.objects.create_user("Bram", "another password"))
    assert {client.get(page).status_code for page in pages} == {404}
    assert {client.post(post).status_code for post in posts} == {404}
    assert study.adoptions.count() == 1


def test_a_step_of_another_study_cannot_be_changed_through_ones_own(mine, study, ana, adopted):
    other = Study.objects.create(title="Other")
    Member.objects.create(study=other, user=ana, owner=True)
    assert mine.post(reverse("adoption", args=[other.pk, adopted.pk]), {"state": "done"}).status_code == 404
