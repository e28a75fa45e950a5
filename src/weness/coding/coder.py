"""The Coder plug: reads a corpus, codebook in hand. To add one, write it and add it to CODERS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from weness.coding.codebook import Codebook
from weness.coding.codings import Codings
from weness.engines import Engine
from weness.reading.corpus import Corpus


class Coder(Protocol):
    """Anything with a name that turns a corpus into codings. It never changes the corpus, and asks the network only where
    the user named an address."""

    name: str

    def code(self, corpus: Corpus, codebook: Codebook, engine: Engine) -> Codings:
        """Every self-mention gets exactly one family A code; sentences get zero or more of families B and C."""
        ...


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where a coder works.

    ``folder`` is the study's, for what a coder learned or remembers there; ``asked`` what the user asked of it (a model, an
    address ...); ``progress`` shows long work, ``say`` tells the user a sentence.
    """

    folder: Path | None = None
    asked: Mapping[str, Any] = field(default_factory=dict)
    progress: Callable[[int, int, str], None] | None = None
    say: Callable[[str], None] | None = None


def _rules(place: Workplace) -> Coder:
    from weness.coding.rules import RuleCoder

    return RuleCoder()


def _builtin(place: Workplace) -> Coder:
    from weness.coding.builtin import BuiltinCoder
    from weness.coding.builtin_model import builtin_model

    own = (place.asked.get("builtin") or {}).get("model")
    return BuiltinCoder(place.folder, builtin_model(Path(own)) if own else None)


def _encoder(place: Workplace) -> Coder:
    from weness.coding.encoder import EncoderCoder

    asked = place.asked.get("encoder") or {}
    if not asked.get("model"):
        raise ValueError("The coder 'encoder' needs --model: a local folder of a multilingual encoder, or its name.")
    return EncoderCoder(str(asked["model"]), bool(asked.get("allow_remote")), place.progress)


def _llm(place: Workplace) -> Coder:
    from weness.coding.llm import llm_coder

    return llm_coder(place.folder, place.asked.get("llm") or {}, place.progress, place.say)


def _kept(place: Workplace) -> Coder:
    from weness.coding.kept import FILE, KeptCoder

    if place.folder is None or not (place.folder / FILE).is_file():
        raise ValueError(f"The coder 'kept' reads {FILE} of a study, which `weness import` writes. There is none here.")
    return KeptCoder(place.folder, _builtin(place))


CODERS: dict[str, Callable[[Workplace], Coder]] = {
    "builtin": _builtin,
    "rules": _rules,
    "encoder": _encoder,
    "llm": _llm,
    "kept": _kept,
}
"""The machines that can code. A person's work is read by coding/human.py and counts before any of them."""


def coder_named(name: str, place: Workplace | None = None) -> Coder:
    """Raises KeyError, naming what there is."""
    if name not in CODERS:
        raise KeyError(f"No coder called {name!r}. There is: {', '.join(CODERS)}.")
    return CODERS[name](place or Workplace())
