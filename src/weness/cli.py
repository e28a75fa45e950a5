"""The command line: the library's twin, a sentence a command."""

from __future__ import annotations

import sys
from importlib import import_module
from io import TextIOWrapper

from weness.commands.running import app

__all__ = ["app", "main"]

for name in ("studies", "coding", "reports", "exchange"):
    # Each puts its commands into the program: the help lists them in this order, in which a study is made and told.
    import_module(f"weness.commands.{name}")


def main() -> None:
    """The entry point: every foreseeable error becomes one or two lines and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        # Narratives hold letters that the code page of some consoles lacks.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    app()
