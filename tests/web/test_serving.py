"""`weness serve` as a program: one command to the first account, and nothing of the house to be had from outside."""

from __future__ import annotations

import http.client
import re
import signal
import socket
import subprocess
from contextlib import closing

import httpx
import pytest

from tests.web.living import WENESS, free_port, serving, surroundings, wait_for

PASSWORD = "koffie-en-brug"


def browser() -> httpx.Client:
    return httpx.Client(follow_redirects=True, timeout=20, trust_env=False)


def sent(client: httpx.Client, page: str, url: str = "", follow: bool = True, **fields: str) -> httpx.Response:
    """A form of a page, filled in and sent, with the secret that the page gave it."""
    secret = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get(page).text)[1]
    return client.post(url or page, data={"csrfmiddlewaretoken": secret, **fields}, follow_redirects=follow)


def made_account(client: httpx.Client, link: str, name: str = "Ana") -> httpx.Response:
    return sent(client, link, name=name, password=PASSWORD, again=PASSWORD)


def refused(*options: str, database: str = "") -> list[str]:
    """What it says, line by line, as it gives up."""
    done = subprocess.run(
        [WENESS, "serve", "--no-browser", *options], env=surroundings(database), capture_output=True, text=True, timeout=20
    )  # fmt: skip
    assert done.returncode == 2, done
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.stderr.strip().splitlines()


@pytest.fixture(scope="module")
def server(tmp_path_factory, new_database):
    """One for all tests that leave it as it is. Ana has the first account."""
    with serving(tmp_path_factory.mktemp("home"), new_database()) as one:
        with browser() as client:
            made_account(client, one.link)
        yield one


@pytest.fixture
def ana(server):
    with browser() as client:
        sent(client, f"{server.address}/login", name="Ana", password=PASSWORD)
        yield client


def test_the_first_start_offers_one_account_by_a_link_that_works_once(tmp_path, new_database):
    home, database = tmp_path / "made" / "home", new_database()
    with serving(home, database) as server, browser() as first, browser() as second:
        assert str(home) in server.said
        assert f"{server.address}/welcome/" in server.link
        if not database:
            assert server.rows("PRAGMA journal_mode") == [("wal",)]
        answer = made_account(first, server.link)
        assert answer.status_code == 200
        assert answer.url == f"{server.address}/"
        assert "Ana" in answer.text
        again = second.get(server.link)
        assert again.status_code == 410
        assert "<form" not in again.text.split("<main", 1)[1]
        assert server.rows("SELECT name FROM weness_web_user") == [("Ana",)]
        code, said = server.ctrl_c()
        assert "Traceback" not in said
        assert code in (0, 130, -signal.SIGINT)
    with serving(home, database) as server, browser() as client:
        assert "/welcome/" not in server.said
        answer = sent(client, f"{server.address}/login", name="Ana", password=PASSWORD)
        assert answer.url == f"{server.address}/"


def test_an_unused_link_of_an_earlier_start_no_longer_holds(tmp_path, new_database):
    database = new_database()
    with serving(tmp_path, database) as server:
        old = server.link.rsplit("/", 1)[1]
    with serving(tmp_path, database) as server, browser() as client:
        assert client.get(f"{server.address}/welcome/{old}").status_code == 410
        assert client.get(server.link).status_code == 200


def test_what_was_half_done_at_ctrl_c_is_done_after_the_next_start(tmp_path, new_database):
    database = new_database()
    with serving(tmp_path, database) as server, browser() as client:
        made_account(client, server.link)
        sent(client, f"{server.address}/", f"{server.address}/demo", follow=False)
        wait_for(lambda: server.rows("SELECT state FROM weness_web_job WHERE kind = 'read'") == [("running",)])
        _, said = server.ctrl_c()
        assert "Traceback" not in said
        assert server.rows("SELECT state FROM weness_web_job WHERE kind = 'read'") == [("running",)]
    with serving(tmp_path, database) as server:
        wait_for(lambda: server.rows("SELECT state FROM weness_web_job WHERE kind = 'read'") == [("done",)])
        assert server.rows("SELECT count(*) FROM weness_web_document")[0][0] > 20


def test_a_port_in_use_is_told_in_a_line(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        (line,) = refused("--home", str(tmp_path / "home"), "--port", port)
    assert port in line
    assert "--port" in line
    assert not (tmp_path / "home" / "weness.sqlite3").exists(), "nothing was begun"


def test_a_home_that_is_a_file_is_told_in_a_line(tmp_path):
    (tmp_path / "file").write_text("x")
    (line,) = refused("--home", str(tmp_path / "file"))
    assert "folder" in line


@pytest.mark.parametrize(
    "database",
    [
        "postgres://nobody@127.0.0.1:1/x",
        "nonsense",
        "postgres://a@127.0.0.1:port/x",
        "sqlite:////nowhere/at/all.sqlite3",
    ],
)
def test_a_database_that_cannot_be_reached_is_told_in_a_line_or_two(tmp_path, database):
    lines = refused("--home", str(tmp_path), "--port", str(free_port()), database=database)
    assert 1 <= len(lines) <= 2


def test_a_password_of_the_database_is_never_said(tmp_path):
    said = refused("--home", str(tmp_path), "--port", str(free_port()), database="postgres://a:s3same@127.0.0.1:1/x")
    assert "s3same" not in " ".join(said)


def test_who_calls_it_by_another_name_is_refused(server):
    with browser() as client:
        for host in ("evil.example", f"evil.example:{server.port}", "127.0.0.1.evil.example"):
            answer = client.get(f"{server.address}/login", headers={"Host": host})
            assert answer.status_code == 400
            assert "evil" not in answer.text
            assert_guarded(answer)


def assert_guarded(answer: httpx.Response) -> None:
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 200), ("/login", 200), ("/account", 200), ("/static/weness/app.css", 200), ("/static/none.css", 404), ("/nowhere", 404), ("/demo", 405)],
)  # fmt: skip
def test_every_answer_carries_the_strict_policy(ana, server, path, status):
    answer = ana.get(server.address + path)
    assert answer.status_code == status
    assert_guarded(answer)


def test_a_stranger_sees_nothing_but_the_login(server):
    with browser() as client:
        for path in ("/", "/account", "/s/00000000-0000-0000-0000-000000000000/texts"):
            assert client.get(server.address + path).url.path == "/login"


def test_a_form_without_its_secret_is_refused_in_words(ana, server):
    answer = ana.post(f"{server.address}/new", data={"title": "Stolen"})
    assert answer.status_code == 403
    assert "Load the page again" in answer.text
    assert_guarded(answer)
    assert server.rows("SELECT title FROM weness_web_study") == []


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(server):
    with browser() as client:
        client.get(f"{server.address}/login")
        told = client.post(f"{server.address}/login", data={"name": "Ana", "password": PASSWORD, "csrfmiddlewaretoken": client.cookies["csrftoken"]}, follow_redirects=False)  # fmt: skip
    cookies = told.headers.get_list("set-cookie")
    assert any(one.startswith("sessionid") for one in cookies)
    assert all("HttpOnly" in one and "SameSite=Lax" in one for one in cookies)


@pytest.mark.parametrize(
    "path",
    [
        "/uploads/one/plan.txt",
        "/static/uploads/one/plan.txt",
        "/static/../uploads/one/plan.txt",
        "/static/%2e%2e/uploads/one/plan.txt",
        "/static/weness/..%2f..%2f..%2f..%2fuploads/one/plan.txt",
        "/{home}/uploads/one/plan.txt",
        "/static/{home}/uploads/one/plan.txt",
        "/static//{home}/secret.key",
        "/secret.key",
        "/weness.sqlite3",
    ],
)
def test_no_file_of_the_house_is_reached_by_an_address(ana, server, path):
    file = server.home / "uploads" / "one" / "plan.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("sesame")
    cookies = "; ".join(f"{name}={value}" for name, value in ana.cookies.items())
    # As it is written here: a browser or httpx would tidy the address first.
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)) as line:
        line.request("GET", path.format(home=str(server.home).strip("/")), headers={"Cookie": cookies})
        answer = line.getresponse()
        body = answer.read()
    assert answer.status == 404
    assert b"sesame" not in body
    assert b"SQLite format" not in body


def test_the_key_of_the_cookies_is_for_the_owner_alone(server):
    assert (server.home / "secret.key").stat().st_mode & 0o077 == 0


def test_who_guesses_passwords_is_made_to_wait_and_others_are_not(server):
    with browser() as client:
        page = f"{server.address}/login"
        statuses = [sent(client, page, name="Eve", password=f"guess {n}").status_code for n in range(9)]
        assert statuses[:8] == [400] * 8
        assert statuses[8] == 429
        assert sent(client, page, name="eve", password="another").status_code == 429
        assert sent(client, page, name="Ana", password=PASSWORD).url == f"{server.address}/"
