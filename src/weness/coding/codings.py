"""What a coder said. A person and a machine leave the same record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from weness.reading.corpus import Span

HUMAN = "human"
"""``Coding.kind`` of a person's work; a machine's is "rules", "builtin", "encoder" or "llm"."""


@dataclass(frozen=True, slots=True)
class Coding:
    """One code on one span.

    ``probability`` is the coder's own (1.0 for a person); ``kind`` is HUMAN or the kind of machine; ``why`` is a
    sentence that a scholar can check. ``fields`` are those of the codebook, section 2: stance, item, holder,
    attach, compatible, valence, who, handled, mode, value, tone, target, time, members, candidates, agentive.
    """

    span: Span
    code: str
    coder: str
    probability: float = 1.0
    fields: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""
    kind: str = HUMAN

    @property
    def by_person(self) -> bool:
        return self.kind == HUMAN


@dataclass(frozen=True, slots=True)
class Codings:
    """The marks of one coder (or several, side by side), and what was looked at.

    ``seen`` holds (document, family) pairs, family being "A", "B" or "C": it tells "looked and found nothing" from
    "never looked". ``marks`` are in text order. ``read`` is the part of ``seen`` that persons looked at;
    in one person's own Codings, what that person said to have read in full.
    """

    coder: str
    codebook: str
    seen: frozenset[tuple[str, str]]
    marks: tuple[Coding, ...]
    made: Mapping[str, Any] = field(default_factory=dict)
    read: frozenset[tuple[str, str]] = frozenset()

    def of(self, document: str) -> tuple[Coding, ...]:
        return tuple(mark for mark in self.marks if mark.span.document == document)


def in_text_order(marks: Iterable[Coding]) -> tuple[Coding, ...]:
    return tuple(sorted(marks, key=lambda mark: (mark.span, mark.code, mark.coder)))
