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
    return [coding for _, context in contexts_in(corpus) for coding in _codings(context)]


def contexts_in(corpus: Corpus) -> Iterator[tuple[int, Context]]:
    """(number, context) of every sentence that may count."""
    said_of = {mention.sentence: mention.target for mention in corpus.mentions if mention.of == "other"}
    we = {mention.sentence for mention in corpus.mentions if mention.of == "self"}
    for number, sentence in enumerate(corpus.sentences):
        if sentence.excluded not in ("", "minutes") or sentence.language not in library.LANGUAGES:
            continue
        document = corpus.document(sentence.span.document)
        text = corpus.text(sentence.span)
        yield number, Context(document, sentence, text, text.lower(), said_of.get(number), number in we)


@dataclass(frozen=True, slots=True)
class Context:
    """A sentence as the cues see it. ``written`` as it stands, ``text`` in lower case, ``other`` a partner spoken of as an other."""

    document: Document
    sentence: Sentence
    written: str
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

    def cues(self) -> dict[str, float]:
        """Every cue that fires, as a feature: cue=CODE, has=KIND."""
        text, found = self.text, {}
        for last, (bare, open_ended, names) in self.words.automaton.iter(text):
            start, end = last - len(bare) + 1, last + 1
            if bare[0].isalnum() and start and text[start - 1].isalnum():
                continue
            if bare[-1].isalnum() and not open_ended and end < len(text) and text[end].isalnum():
                continue
            for name in names:
                found[name] = 1.0
        return found


@dataclass(frozen=True)
class _Cues:
    codes: Mapping[str, tuple[re.Pattern[str], bool]]
    patterns: Mapping[str, re.Pattern[str]]
    any_code: re.Pattern[str]
    automaton: Any


def _codings(context: Context) -> Iterator[Coding]:
    if not context.words.any_code.search(context.text):
        return
    for code, (pattern, needs_partner) in context.words.codes.items():
        match = pattern.search(context.text)
        if not match or not may(code, context.document.genre):
            continue
        if needs_partner and not (context.other or context.we or context.has("partner_words")):
            continue
        yield Coding(
            span=context.sentence.span,
            code=code,
            coder="rules",
            probability=PROBABILITY,
            fields=fields_of(code, context),
            why=f"'{match.group()}' is a cue for {code}",
            kind="rules",
        )


def may(code: str, genre: str) -> bool:
    """What a genre may speak about (measures, section 13)."""
    if genre in ("report", "press"):
        return code in DOCUMENT_CODES
    return genre != "minutes" or code not in NOT_FROM_MINUTES


def fields_of(code: str, context: Context) -> dict[str, Any]:
    family = codebook_named().code(code).family
    fields = _relational(code, context) if family == "B" else _identity(code, context)
    fields["time"] = "unspecified"
    return fields


def _relational(code: str, context: Context) -> dict[str, Any]:
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


def _identity(code: str, context: Context) -> dict[str, Any]:
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
    by_code = {
        f"cue={code}": [cue for cues in entry["cues"].values() for cue in cues] for code, entry in page["codes"].items()
    }
    by_kind = {f"has={kind}": page[kind] for kind in kinds}
    everything = [cue for cues in by_code.values() for cue in cues]
    return _Cues(
        codes, {kind: _pattern(page[kind]) for kind in kinds}, _pattern(everything), _automaton({**by_code, **by_kind})
    )


def _automaton(cues: Mapping[str, list[str]]) -> Any:
    """All cues at once: a text is read once, however many there are."""
    import ahocorasick

    names: dict[str, list[str]] = {}
    for name, written in cues.items():
        for cue in written:
            names.setdefault(cue, []).append(name)
    found: dict[str, list[tuple[bool, list[str]]]] = {}
    for cue, of_it in names.items():
        found.setdefault(cue.rstrip("*"), []).append((cue.endswith("*"), of_it))
    automaton = ahocorasick.Automaton()
    for bare, ways in found.items():
        # The same words with and without an open end: the open one holds for both.
        open_ended = any(way for way, _ in ways)
        automaton.add_word(bare, (bare, open_ended, [name for _, of_it in ways for name in of_it]))
    automaton.make_automaton()
    return automaton


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
