"""By which names a browser may call the app: others are refused, so that no page elsewhere can speak in its name."""

from __future__ import annotations

import os

VARIABLE = "WENESS_HOSTS"
OWN = ("127.0.0.1", "localhost", "[::1]")


def hosts() -> list[str]:
    """This computer's own names, and those that the variable adds, with commas between."""
    told = os.environ.get(VARIABLE, "").split(",")
    return list(dict.fromkeys([*OWN, *(name.strip() for name in told if name.strip())]))


def add_host(address: str) -> None:
    """The address that the app listens on; every address of the computer (0.0.0.0) is no name."""
    if address not in ("0.0.0.0", "::"):
        os.environ[VARIABLE] = ",".join([*hosts(), f"[{address}]" if ":" in address else address])
