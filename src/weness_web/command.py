"""`weness serve`, beside the commands of the core: makes what is missing, opens the browser, and serves the app."""

from __future__ import annotations

import os
import sys
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from weness.cli import main as core
from weness.commands.running import app, clear_errors
from weness_web.home import VARIABLE
from weness_web.hosts import add_host


def main() -> None:
    core()


@app.command()
def serve(
    host: Annotated[str, typer.Option("--host", help="The address to listen on: 127.0.0.1 is this computer alone.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The port to listen on.")] = 8000,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")] = True,
    home: Annotated[
        Path | None,
        typer.Option("--home", metavar="DIR", help="The folder for all that the app keeps. Default: one of your own."),
    ] = None,
) -> None:
    """Serve weness as web pages: read, code, see and decide in a browser. The variable WENESS_DATABASE_URL names a
    PostgreSQL database, where another than the app's own file is wanted; WENESS_HOSTS the names by which it is called."""
    with clear_errors():
        _named_home(home)
        from weness_web import serving

        add_host(host)
        socket = serving.listening(host, port)
        link = serving.made_ready(f"http://{_spoken(host)}:{port}")
        typer.echo(f"weness is at {link}\nAll that it keeps is in {serving.kept_in()}. Stop it with Ctrl+C.")
        sys.stdout.flush()
        if browser:
            webbrowser.open(link)
        serving.serve(socket)


def _named_home(folder: Path | None) -> None:
    if folder is not None:
        if folder.is_file():
            raise ValueError(f"--home names a folder, and {folder} is a file.")
        os.environ[VARIABLE] = str(folder.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "weness_web.settings"


def _spoken(host: str) -> str:
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    return f"[{shown}]" if ":" in shown else shown
