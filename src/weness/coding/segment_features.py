"""What the built-in coder looks at when it asks what a sentence tells of relations and attributes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from weness.coding.segment_rules import Context, contexts_in
from weness.coding.words import stems_in
from weness.reading.corpus import Corpus
from weness.reading.named import PARTNERSHIP, Named, lowered


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence that may be coded, with its features."""

    number: int
    context: Context
    features: dict[str, float]


def sentences_told(corpus: Corpus, selves: Mapping[int, str]) -> Iterator[Told]:
    """Every sentence that may count, in text order. ``selves``: what "we" means in a sentence, by its number."""
    named = Named(corpus)
    before: dict[str, float] = {}
    last = (-2, -2)
    for number, context in contexts_in(corpus):
        own = _of_sentence(context, named, selves.get(number, ""))
        near = (number - 1, context.sentence.turn)
        # What was just said belongs to the same episode more often than not.
        around = {f"before {name}": 0.5 for name in before if name.startswith(("cue=", "has="))} if last == near else {}
        yield Told(number, context, {**own, **around})
        before, last = own, (number, context.sentence.turn)


def _of_sentence(context: Context, named: Named, self_label: str) -> dict[str, float]:
    text = context.written
    low = lowered(text)
    language = context.sentence.language
    stems = stems_in(text)
    found = {f"{language}:{stem}": 1.0 for stem in stems}
    found |= {f"{language}:{a} {b}": 1.0 for a, b in pairwise(stems)}
    found[f"language={language}"] = found[f"genre={context.document.genre}"] = 1.0
    found[f"we={self_label}"] = 1.0
    if context.other:
        found["an other"] = 1.0
    names = named.names_in(text, low)
    others = {name.who for name in names} - {PARTNERSHIP, context.sentence.partner}
    found[f"others named={min(3, len(others))}"] = 1.0
    if any(name.who == PARTNERSHIP for name in names):
        found["partnership named"] = 1.0
    found[f"words={min(4, len(stems) // 8)}"] = 1.0
    return found | context.cues()
