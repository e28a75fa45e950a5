"""The codes, as a scholar wrote them down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from weness import library

Words = Mapping[str, str]
"""The same text in each language: {"en": ..., "es": ..., "nl": ...}."""


@dataclass(frozen=True, slots=True)
class Code:
    """One code. ``family`` is A (whom "we" means), B (relational interaction) or C (identity attribute).

    ``core`` names the code of the core set that it rolls up to. ``examples`` and ``counter_examples`` are invented
    utterances, one a language.
    """

    id: str
    family: str
    core: str
    title: Words
    definition: Words
    when: Words
    when_not: Words
    examples: Words
    counter_examples: Words
    fields: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Codebook:
    id: str
    version: str
    codes: tuple[Code, ...]
    core_titles: Mapping[str, Words]
    references: tuple[str, ...]

    def code(self, id: str) -> Code:
        """Raises KeyError, naming what there is."""
        for code in self.codes:
            if code.id == id:
                return code
        raise KeyError(f"No code called {id!r}. The codebook has: {', '.join(code.id for code in self.codes)}.")

    def family(self, id: str) -> str:
        return self.code(id).family


@cache
def codebook_named(name: str = "weness") -> Codebook:
    """Reads ``library/codebooks/NAME.yaml``."""
    page: dict[str, Any] = library.page("codebooks", name)
    return Codebook(
        id=page["id"],
        version=str(page["version"]),
        codes=tuple(_code(entry) for entry in page["codes"]),
        core_titles=page["core"],
        references=tuple(page["references"]),
    )


def _code(entry: Mapping[str, Any]) -> Code:
    return Code(
        id=entry["id"],
        family=entry["family"],
        core=entry["core"],
        title=entry["title"],
        definition=entry["definition"],
        when=entry["when"],
        when_not=entry["when_not"],
        examples=entry["examples"],
        counter_examples=entry["counter_examples"],
        fields=tuple(entry.get("fields", ())),
        source=entry.get("source", "[S]"),
    )
