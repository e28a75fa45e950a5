"""The coder whose every code can be read back to a word in a lexicon: no training, no model."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from weness.coding.codebook import Codebook
from weness.coding.codings import Coding, Codings, in_text_order
from weness.engines import Engine
from weness.reading.corpus import Corpus

FAMILIES = {
    "A": ("weness.coding.reference_rules", "reference_codings"),
    "BC": ("weness.coding.segment_rules", "segment_codings"),
}
"""Which function codes which families."""


class RuleCoder:
    """Cues with weights for whom "we" means (family A), cues in sentences for families B and C."""

    name = "rules"

    def code(self, corpus: Corpus, codebook: Codebook, engine: Engine) -> Codings:
        marks: list[Coding] = []
        seen: set[tuple[str, str]] = set()
        for families, (module, function) in FAMILIES.items():
            if find_spec(module) is None:
                continue
            rule: Callable[[Corpus], list[Coding]] = getattr(import_module(module), function)
            marks += rule(corpus)
            seen.update((document.id, family) for document in corpus.documents for family in families)
        return Codings(self.name, codebook.id, frozenset(seen), in_text_order(marks))
