"""The Coder plug: reads a corpus, codebook in hand. To add one, write it and add it to CODERS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from weness.coding.codebook import Codebook
from weness.coding.codings import Codings
from weness.engines import Engine
from weness.reading.corpus import Corpus


class Coder(Protocol):
    """Anything with a name that turns a corpus into codings. It never changes the corpus and never asks the network."""

    name: str

    def code(self, corpus: Corpus, codebook: Codebook, engine: Engine) -> Codings:
        """Every self-mention gets exactly one family A code; sentences get zero or more of families B and C."""
        ...


def _rules() -> Coder:
    from weness.coding.rules import RuleCoder

    return RuleCoder()


CODERS: dict[str, Callable[[], Coder]] = {"rules": _rules}
"""The machines that can code. A person's work is read by coding/human.py and counts before any of them."""


def coder_named(name: str) -> Coder:
    """Raises KeyError, naming what there is."""
    if name not in CODERS:
        raise KeyError(f"No coder called {name!r}. There is: {', '.join(CODERS)}.")
    return CODERS[name]()
