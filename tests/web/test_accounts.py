"""Accounts: made by a one-time link, guarded against guessing, and what belongs to nobody else is not even told to exist."""

from __future__ import annotations

import pytest
from django.test import Client

from weness_web.attempts import FREE
from weness_web.invitations import first_invitation, invited
from weness_web.models import Document, Member, Study, User

pytestmark = pytest.mark.django_db
GOOD = {"name": "Ana", "password": "koffie-en-brug", "again": "koffie-en-brug"}


@pytest.fixture
def ana():
    return User.objects.create_user("Ana", "koffie-en-brug", keeps_house=True)


def page(response):
    return response.content.decode()


def test_the_first_link_makes_the_first_account_once(client):
    link = f"/welcome/{first_invitation()}"
    assert "first start" in page(client.get(link))
    assert client.post(link, GOOD).headers["Location"] == "/"
    assert User.objects.get().keeps_house
    assert first_invitation() == ""
    again = Client().post(link, GOOD | {"name": "Eve"})
    assert again.status_code == 410
    assert User.objects.count() == 1


def test_a_restart_before_the_first_account_makes_the_older_link_useless(client):
    old, new = first_invitation(), first_invitation()
    assert client.get(f"/welcome/{old}").status_code == 410
    assert client.get(f"/welcome/{new}").status_code == 200


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"again": "something else"}, "not the same"),
        ({"password": "short", "again": "short"}, "eight characters"),
        ({"password": "password123", "again": "password123"}, "Too many people"),
        ({"name": ""}, "needed"),
    ],
)
def test_a_form_that_cannot_be_used_says_why_and_keeps_the_link(client, told, says):
    link = f"/welcome/{first_invitation()}"
    assert says in page(client.post(link, GOOD | told))
    assert not User.objects.exists()
    assert client.post(link, GOOD).status_code == 302


def test_a_name_is_taken_whatever_its_capitals(client, ana):
    assert "called ana already" in page(client.post(f"/welcome/{invited()}", GOOD | {"name": "ana"}))


def test_no_person_is_called_consensus(client):
    answer = client.post(f"/welcome/{first_invitation()}", GOOD | {"name": "Consensus"})
    assert "called Consensus already" in page(answer)


def test_a_part_of_a_page_that_cannot_be_had_is_told_as_a_notice(client, ana):
    client.force_login(ana)
    answer = client.post("/new", {"title": " "}, headers={"hx-request": "true"})
    assert answer.headers["HX-Retarget"] == "#notices"
    assert "needs a name" in page(answer)


def test_who_is_not_logged_in_sees_nothing_but_the_log_in_page(client, ana):
    study = Study.objects.create(title="Secret")
    for address in ("/", f"/s/{study.pk}/", f"/s/{study.pk}/overview", "/account"):
        assert client.get(address).headers["Location"].startswith("/login?next=")


def test_logging_in_leads_to_where_one_wanted_to_go_but_never_away(client, ana):
    told = {"name": "Ana", "password": "koffie-en-brug"}
    assert client.post("/login", told | {"next": "/account"}).headers["Location"] == "/account"
    assert Client().post("/login", told | {"next": "https://evil.example/"}).headers["Location"] == "/"


def test_who_guesses_passwords_has_to_wait_and_so_has_the_right_one(client, ana):
    for _ in range(FREE):
        assert client.post("/login", {"name": "ana", "password": "no"}).status_code == 400
    answer = client.post("/login", {"name": "Ana", "password": "koffie-en-brug"})
    assert answer.status_code == 429
    assert "Wait 10 minutes" in page(answer)


def test_a_foreign_study_cannot_be_told_from_one_that_is_not(client, ana):
    study = Study.objects.create(title="Another's")
    Member.objects.create(study=study, user=User.objects.create_user("Ben", "koffie-en-brug"), owner=True)
    client.force_login(ana)
    foreign = client.get(f"/s/{study.pk}/overview")
    absent = client.get("/s/00000000-0000-0000-0000-000000000000/overview")
    assert foreign.status_code == absent.status_code == 404
    assert "Another" not in page(foreign)
    for address in ("undo", "redo"):
        assert client.post(f"/s/{study.pk}/{address}").status_code == 404


def test_only_who_keeps_the_house_makes_links_for_others(client, ana):
    client.force_login(ana)
    assert "/welcome/" in page(client.post("/account/invite"))
    ben = User.objects.create_user("Ben", "koffie-en-brug")
    client.force_login(ben)
    assert client.post("/account/invite").status_code == 403


def test_a_password_is_changed_by_who_knows_the_old_one(client, ana):
    client.force_login(ana)
    new = {"password": "bruggenbouwer", "again": "bruggenbouwer"}
    assert client.post("/account/password", {"old": "wrong", **new}).status_code == 400
    assert client.post("/account/password", {"old": "koffie-en-brug", **new}).status_code == 302
    assert client.get("/").status_code == 200, "still logged in"
    assert Client().login(username="Ana", password="bruggenbouwer")


def test_a_form_without_its_token_changes_nothing_and_says_so_in_words(ana):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ana)
    answer = strict.post("/new", {"title": "Sent from elsewhere"})
    assert answer.status_code == 403
    assert "came from elsewhere" in page(answer)
    assert not Study.objects.exists()


@pytest.mark.parametrize(("asked", "title"), [("es-CO", "Sus estudios"), ("nl", "Uw studies"), ("fr", "Your studies")])
def test_the_browser_s_language_is_spoken_where_weness_has_it(client, ana, asked, title):
    client.force_login(ana)
    assert title in page(client.get("/", headers={"accept-language": asked}))


def test_a_chosen_language_stays(client, ana):
    client.force_login(ana)
    client.post("/language", {"language": "nl", "back": "/"})
    assert "Uw studies" in page(Client(headers={"accept-language": "es"}).get("/login") and client.get("/"))
    assert client.post("/language", {"language": "xx"}).status_code == 400


def test_every_answer_carries_the_strict_policy(client, ana):
    for address in ("/login", "/nowhere"):
        policy = client.get(address).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_a_foreign_host_name_is_refused(client, settings):
    settings.ALLOWED_HOSTS = ["localhost"]
    assert client.get("/login", headers={"host": "evil.example"}).status_code == 400


def test_who_codes_blind_lands_on_the_texts_and_finds_the_way_from_a_page_that_is_closed(client, ana):
    study = Study.objects.create(title="Mill and town", blind=True)
    Member.objects.create(study=study, user=ana, owner=True)
    Document.objects.create(
        study=study, file="a.txt", place=1, text="We", length=2, checksum="x", language="en", genre="interview"
    )
    client.force_login(ana)
    assert client.get(f"/s/{study.pk}/").headers["Location"].endswith("/texts")
    closed = client.get(f"/s/{study.pk}/overview")
    assert closed.status_code == 403
    assert f"/s/{study.pk}/texts" in page(closed)
