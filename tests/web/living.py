"""weness as it is used: `weness serve` in a process of its own, and a browser that forgives nothing."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

CHROMIUM = os.environ.get("WENESS_CHROMIUM", "")
NEEDED = os.environ.get("WENESS_NEEDS_BROWSER") == "1"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
WENESS = str(Path(sys.executable).with_name("weness"))
LINK = re.compile(r"weness is at (http\S+)")


class Server:
    """A running `weness serve`: what it said, and an address."""

    def __init__(self, home: Path, database: str, *options: str):
        self.home, self.database, self.port = home, database, free_port()
        command = [WENESS, "serve", "--home", str(home), "--port", str(self.port), "--no-browser", *options]
        self.process = subprocess.Popen(
            command, env=surroundings(database), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True, preexec_fn=_hears_ctrl_c,
        )  # fmt: skip
        self.said = self.process.stdout.readline() + self.process.stdout.readline()
        self.link = LINK.search(self.said)[1]
        self.address = f"http://127.0.0.1:{self.port}"
        wait_for(self._answers)

    def _answers(self) -> bool:
        with socket.socket() as line:
            return line.connect_ex(("127.0.0.1", self.port)) == 0

    def ctrl_c(self) -> tuple[int, str]:
        """As a terminal does it: to the program and to all that it started. The exit code and all that was said since."""
        os.killpg(self.process.pid, signal.SIGINT)
        out, error = self.process.communicate(timeout=15)
        return self.process.returncode, out + error

    def rows(self, query: str) -> list[tuple]:
        if not self.database:
            with closing(sqlite3.connect(self.home / "weness.sqlite3", timeout=10)) as kept:
                return kept.execute(query).fetchall()
        import psycopg

        with psycopg.connect(self.database) as kept:
            return kept.execute(query).fetchall()


def _hears_ctrl_c() -> None:
    # A test run in the background of a shell has been told to ignore it, and its children inherit that.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def surroundings(database: str) -> dict[str, str]:
    told = {name: value for name, value in os.environ.items() if not name.startswith(("WENESS_", "DJANGO_"))}
    return told | ({"WENESS_DATABASE_URL": database} if database else {})


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextmanager
def serving(home: Path, database: str = ""):
    server = Server(home, database)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.ctrl_c()


def wait_for(is_so, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def watched(page, address: str):
    """A page that keeps every complaint of its console and every request to elsewhere."""
    page.complaints = []
    page.on("console", lambda one: one.type in ("error", "warning") and page.complaints.append(one.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on(
        "request",
        lambda one: one.url.startswith((address, "data:", "blob:")) or page.complaints.append(f"asked {one.url}"),
    )
    return page


def account(page, link: str, name: str) -> None:
    """Makes an account by a one-time link, in whatever language the browser asks for."""
    page.goto(link)
    page.locator("#id_name").fill(name)
    page.locator("#id_password").fill("water-en-brug")
    page.locator("#id_again").fill("water-en-brug")
    page.locator("main button.main").click()
    page.wait_for_url(re.compile(r"/$"))


def settled(page) -> None:
    """Waits until the top of the page says that nothing is left to work out."""
    page.wait_for_function(
        "() => document.querySelector('#state .fresh, #state .failed') && !document.querySelector('#state .working')",
        timeout=120_000,
    )
    assert page.locator("#state .failed").count() == 0, page.locator("#state").inner_text()


def barriers(page) -> list[str]:
    """What axe-core objects to on a page."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{one['id']} {one['nodes'][0]['html'][:150]}" for one in found]
