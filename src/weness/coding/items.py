"""Items: concrete attributes that several partners voice, in whatever language and words."""

from __future__ import annotations

from pathlib import Path

from weness.coding.codings import Codings
from weness.reading.corpus import Corpus


def overrides_in(folder: Path) -> dict[str, object]:
    return {}


def with_items(corpus: Corpus, codings: Codings, overrides: dict[str, object]) -> Codings:
    return codings
