"""The coder whose every code can be read back to a word in a lexicon: no training, no model."""

from __future__ import annotations

from importlib import import_module

from weness.coding.codebook import Codebook
from weness.coding.codings import Coding, Codings, in_text_order
from weness.coding.reference_rules import CODER, reference_codings
from weness.engines import Engine
from weness.reading.corpus import Corpus

FAMILIES = {"A": ("reference_rules", "reference_codings"), "BC": ("segment_rules", "segment_codings")}


class RuleCoder:
    """Cues with weights for whom "we" means (family A), cues in sentences for families B and C."""

    name = CODER

    def code(self, corpus: Corpus, codebook: Codebook, engine: Engine) -> Codings:
        marks: list[Coding] = reference_codings(corpus)
        families = "A"
        segments = _segment_codings()
        if segments is not None:
            marks += segments(corpus)
            families = "ABC"
        seen = frozenset((document.id, family) for document in corpus.documents for family in families)
        return Codings(self.name, codebook.id, seen, in_text_order(marks))
