"""Relational talk and identity work by cues: zero or more codes of families B and C a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from weness import library
from weness.coding.codebook import codebook_named
from weness.coding.codings import Coding
from weness.reading.corpus import Corpus, Document, Sentence

PROBABILITY = 0.45
"""Of one cue being right; measured figures per code are in library/reliability/rules.yaml and count in every draw."""

DOCUMENT_CODES = frozenset({"SYMBOL", "ENTITY", "OUTSIDE_VIEW", "STORY"})
NOT_FROM_MINUTES = frozenset({"CONFLICT", "TRUST", "COMMITMENT", "RECOGNITION"})


def segment_codings(corpus: Corpus) -> list[Coding]:
    """Codings of every sentence that may count, in text order. A scholar can read the cue in ``why``."""
    found: list[Coding] = []
    said_of = {mention.sentence: mention.target for mention in corpus.mentions if mention.of == "other"}
    we = {mention.sentence for mention in corpus.mentions if mention.of == "self"}
    for number, sentence in enumerate(corpus.sentences):
        if sentence.excluded not in ("", "minutes") or sentence.language not in library.LANGUAGES:
            continue
        document = corpus.document(sentence.span.document)
        text = corpus.text(sentence.span)
        context = _Context(document, sentence, text.lower(), said_of.get(number), number in we)
        found += _codings(context)
    return found


@dataclass(frozen=True, slots=True)
class _Context:
    document: Document
    sentence: Sentence
    text: str
    other: str | None
    we: bool

    @property
    def words(self) -> _Cues:
        return _cues(self.sentence.language)

    def has(self, kind: str) -> str:
        """The first cue of a kind that stands in the sentence, or ""."""
        match = self.words.patterns[kind].search(self.text)
        return match.group() if match else ""


@dataclass(frozen=True)
class _Cues:
    codes: Mapping[str, tuple[re.Pattern[str], bool]]
    patterns: Mapping[str, re.Pattern[str]]
    any_code: re.Pattern[str]


def _codings(context: _Context) -> Iterator[Coding]:
    if not context.words.any_code.search(context.text):
        return
    for code, (pattern, needs_partner) in context.words.codes.items():
        match = pattern.search(context.text)
        if not match or not _may(code, context.document.genre):
            continue
        if needs_partner and not (context.other or context.we or context.has("partner_words")):
            continue
        yield Coding(
            span=context.sentence.span,
            code=code,
            coder="rules",
            probability=PROBABILITY,
            fields=_fields(code, context),
            why=f"'{match.group()}' is a cue for {code}",
            kind="rules",
        )


def _may(code: str, genre: str) -> bool:
    """What a genre may speak about (measures, section 13)."""
    if genre in ("report", "press"):
        return code in DOCUMENT_CODES
    return genre != "minutes" or code not in NOT_FROM_MINUTES


def _fields(code: str, context: _Context) -> dict[str, Any]:
    family = codebook_named().code(code).family
    fields = _relational(code, context) if family == "B" else _identity(code, context)
    fields["time"] = "unspecified"
    return fields


def _relational(code: str, context: _Context) -> dict[str, Any]:
    handled, avoided = context.has("handled"), context.has("avoided")
    negative = bool(context.has("negative")) and not handled
    good = code in ("LEARNING", "CONTRIBUTION", "RECOGNITION", "TRUST", "COMMITMENT", "COMMUNICATION")
    bad = code in ("COORDINATION", "POWER")
    fields: dict[str, Any] = {"valence": "-" if negative or bad else "+" if good else "0"}
    fields["who"] = [context.other] if context.other and context.other != "partnership" else "all"
    if code == "CONFLICT":
        fields["handled"] = "handled" if handled else "avoided" if avoided else "open"
    if code == "DECISION":
        fields["mode"] = (
            "one-sided"
            if context.has("one_sided")
            else "joint"
            if context.has("joint") or context.we
            else "unspecified"
        )
    if code == "NEGOTIATION":
        fields["value"] = "open"
    if code == "TRUST":
        fields["ground"] = "none"
    return fields


def _identity(code: str, context: _Context) -> dict[str, Any]:
    stance = "unspecified"
    for kind in ("contested", "divergent", "shared"):
        if context.has(kind):
            stance = kind
            break
    fields: dict[str, Any] = {"stance": stance}
    fields["holder"] = "partnership" if stance == "shared" else context.other or "unspecified"
    if code == "INTEREST":
        fields["holder"] = context.other if context.other not in (None, "partnership") else context.sentence.partner
    if stance == "divergent" and context.has("compatible"):
        fields["compatible"] = True
    if code in ("PURPOSE", "PROCEDURE"):
        fields["attach"] = bool(context.has("attach"))
    if code == "ENTITY":
        fields["mode"] = "question" if context.has("question") else "wish" if context.has("wish") else "description"
        fields["agentive"] = False
    return fields


@cache
def _cues(language: str) -> _Cues:
    page = library.page(f"lexicons/{language}", "segments")
    codes = {
        code: (_pattern([cue for cues in entry["cues"].values() for cue in cues]), entry.get("needs") == "partner")
        for code, entry in page["codes"].items()
    }
    kinds = [kind for kind in page if kind not in ("codes", "references")]
    everything = [cue for entry in page["codes"].values() for cues in entry["cues"].values() for cue in cues]
    return _Cues(codes, {kind: _pattern(page[kind]) for kind in kinds}, _pattern(everything))


def _pattern(cues: list[str]) -> re.Pattern[str]:
    """Whole words; "*" ends a stem; a lone punctuation mark is itself."""
    parts = []
    for cue in cues:
        if not any(letter.isalnum() for letter in cue):
            parts.append(re.escape(cue))
        elif cue.endswith("*"):
            parts.append(rf"\b{re.escape(cue[:-1])}\w*")
        else:
            parts.append(rf"\b{re.escape(cue)}(?!\w)")
    return re.compile("|".join(parts))
