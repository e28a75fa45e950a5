"""The codes, as a scholar wrote them down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
class Field:
    """What may be said of a coding beside its code: one of ``values``, or what ``kind`` says (text, yesno, partners ...)."""

    id: str
    kind: str
    values: tuple[str, ...]
    means: Words


@dataclass(frozen=True, slots=True)
class Codebook:
    id: str
    version: str
    codes: tuple[Code, ...]
    core_titles: Mapping[str, Words]
    references: tuple[str, ...]
    fields: Mapping[str, Field] = field(default_factory=dict)
    entity_mode: tuple[str, ...] = ()
    resolution: tuple[str, ...] = ()
    boundaries: tuple[str, ...] = ()

    def code(self, id: str) -> Code:
        """Raises KeyError, naming what there is."""
        for code in self.codes:
            if code.id == id:
                return code
        raise KeyError(f"No code called {id!r}. The codebook has: {', '.join(code.id for code in self.codes)}.")

    def family(self, id: str) -> str:
        return self.code(id).family

    def values(self, code: str, field: str) -> tuple[str, ...]:
        """The words allowed in a field of a code; () where it is free, a yes or no, or names partners."""
        return self.entity_mode if (code, field) == ("ENTITY", "mode") else self.fields[field].values


@cache
def codebook_named(name: str = "weness") -> Codebook:
    """Reads ``library/codebooks/NAME.yaml``."""
    page: dict[str, Any] = library.page("codebooks", name)
    return Codebook(
        id=page["id"],
        version=str(page["version"]),
        codes=tuple(_code(entry) for entry in page["codes"]),
        fields={id: _field(id, entry) for id, entry in page["fields"].items()},
        entity_mode=tuple(page["entity_mode"]),
        resolution=tuple(page["resolution"]),
        boundaries=tuple(page["boundaries"]),
        core_titles=page["core"],
        references=tuple(page["references"]),
    )


def _field(id: str, entry: Mapping[str, Any]) -> Field:
    return Field(id, entry.get("kind", "choice"), tuple(entry.get("values", ())), entry["means"])


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
