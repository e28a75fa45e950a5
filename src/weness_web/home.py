"""The folder that holds all that the app keeps: database, studies, and the key that signs its cookies."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

VARIABLE = "WENESS_HOME"


def home() -> Path:
    """Where the app keeps its things: ``WENESS_HOME``, else a folder of the user's own, made where it is not there."""
    told = os.environ.get(VARIABLE)
    folder = Path(told).expanduser() if told else _usual()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder.resolve()


def secret_key() -> str:
    """What signs the cookies: made once, readable for the owner alone."""
    path = home() / "secret.key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text("ascii").strip()


def folder_of(study: object) -> Path:
    """The study's own folder: an ordinary weness study, which the command line reads too."""
    return home() / "studies" / str(study)


def _usual() -> Path:
    if os.name == "nt":
        return Path(os.environ.get("APPDATA", Path.home())) / "weness"
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share")) / "weness"
