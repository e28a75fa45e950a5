"""weness as it is used: `weness serve` in a process of its own, and a browser that forgives nothing."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

CHROMIUM = os.environ.get("WENESS_CHROMIUM", "")
NEEDED = os.environ.get("WENESS_NEEDS_BROWSER") == "1"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


class Served:
    """A running `weness serve`: its address, and the link that it wrote."""

    def __init__(self, home: Path, **environment: str):
        self.home, self.environment = home, environment
        self.port = free_port()
        self.start()

    def start(self) -> None:
        self.said = self.home.with_suffix(".log")
        with self.said.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", "from weness_web.command import main; main()", "serve", "--no-browser"]
                + ["--home", str(self.home), "--port", str(self.port)],
                stdout=log,
                stderr=log,
                env={**os.environ, **self.environment},
            )
        until = time.monotonic() + 60
        while "weness is at" not in self.told() and time.monotonic() < until:
            assert self.process.poll() is None, self.told()
            time.sleep(0.05)
        self.link = re.search(r"http\S+", self.told()).group()
        self.address = f"http://127.0.0.1:{self.port}"

    def told(self) -> str:
        return self.said.read_text("utf-8", errors="replace")

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=20)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


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
