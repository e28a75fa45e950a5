"""The web app's tests run on the database that WENESS_DATABASE_URL names, else on SQLite: `.ci/run` does both."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client

from weness_web.home import folder_of
from weness_web.models import Document, Member, Study, User

NEEDED = os.environ.get("WENESS_NEEDS_POSTGRES") == "1"


def on_postgres() -> bool:
    return bool(settings.DATABASES["default"]["ENGINE"].endswith("postgresql"))


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("postgres") and not on_postgres():
        told = "no PostgreSQL: WENESS_DATABASE_URL names one"
        pytest.fail(told) if NEEDED else pytest.skip(told)


@pytest.fixture(scope="session")
def new_database() -> Iterator[Callable[[], str]]:
    """Makes an empty database beside that of the tests, for a server of its own, and gives its address; "" for the app's own SQLite file."""
    if not on_postgres():
        yield lambda: ""
        return
    import psycopg

    named, made = os.environ["WENESS_DATABASE_URL"], []
    with psycopg.connect(named, autocommit=True) as house:

        def make() -> str:
            made.append(f"weness_{uuid.uuid4().hex[:12]}")
            house.execute(f'CREATE DATABASE "{made[-1]}"')
            return f"{named.rsplit('/', 1)[0]}/{made[-1]}"

        yield make
        for name in made:
            house.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def ana():
    return User.objects.create_user("Ana", "a long password")


@pytest.fixture
def bram():
    return User.objects.create_user("Bram", "another password")


@pytest.fixture
def study(ana, bram):
    """Ana's, and Bram is a member."""
    study = Study.objects.create(title="Mill and town")
    Member.objects.create(study=study, user=ana, owner=True)
    Member.objects.create(study=study, user=bram)
    return study


@pytest.fixture
def document(study, request):
    """The test file's TEXT, as a text of the study."""
    text = request.module.TEXT
    return Document.objects.create(
        study=study, file="a.txt", place=1, text=text, length=len(text), checksum="x", language="en", genre="interview"
    )


@pytest.fixture
def web(ana):
    """Ana's browser, without one."""
    client = Client()
    client.force_login(ana)
    return client


@pytest.fixture
def bare_study(ana, tmp_path, monkeypatch):
    """A study of Ana's with an empty folder and no page yet."""
    monkeypatch.setenv("WENESS_HOME", str(tmp_path))
    study = Study.objects.create(title="Wenbrook Plates")
    Member.objects.create(study=study, user=ana, owner=True)
    folder_of(study.pk).mkdir(parents=True)
    return study
