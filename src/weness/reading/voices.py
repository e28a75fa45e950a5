"""Which words are a partner's own voice, and why the others are kept but do not count."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

from weness import library
from weness.reading.corpus import Document, Sentence, Span, Turn

COPIED_WORDS = 8
"""So many words in a row that stand in an earlier document are copied text (codebook, rule 9)."""

WORD = re.compile(r"[^\W_]+")


def quoted_parts(document: Document) -> list[tuple[int, int, str]]:
    """(start, end, why) of quoted mail and signatures."""
    text = document.text
    found = [(match.start(), match.end(), "quoted") for match in re.finditer(r"^>.*$", text, re.MULTILINE)]
    if document.genre != "email":
        return found
    openers = "|".join(_openers())
    for match in re.finditer(rf"^(?:{openers}).*$", text, re.MULTILINE):
        found.append((match.start(), match.end(), "quoted"))
        follows = text[match.end() :].lstrip("\n")
        if not follows.startswith(">"):
            found.append((match.end(), len(text), "quoted"))
    for match in re.finditer(r"^-- ?$", text, re.MULTILINE):
        stop = min([start for start, _, _ in found if start > match.start()], default=len(text))
        found.append((match.start(), stop, "signature"))
    return found


def excluded_at(start: int, parts: Iterable[tuple[int, int, str]]) -> str:
    for begin, end, why in parts:
        if begin <= start < end:
            return why
    return ""


def without_copies(sentences: Sequence[Sentence], texts: Sequence[str], order: dict[str, int]) -> list[Sentence]:
    """Marks as "copied" every sentence with COPIED_WORDS words in a row from an earlier document.

    ``order`` gives the rank of each document in time; within one document nothing is copied. Only a partner's own
    voice is compared, so that a question asked twice makes no copy.
    """
    seen: dict[int, int] = {}
    marked = list(sentences)
    for number in sorted(range(len(marked)), key=lambda one: (order[marked[one].span.document], one)):
        sentence = marked[number]
        if sentence.excluded not in ("", "quoted"):
            continue
        rank = order[sentence.span.document]
        words = [word.lower() for word in WORD.findall(texts[number])]
        shingles = [hash(tuple(words[at : at + COPIED_WORDS])) for at in range(len(words) - COPIED_WORDS + 1)]
        if not sentence.excluded and any(seen.get(one, rank) < rank for one in shingles):
            marked[number] = replace(sentence, excluded="copied")
        for one in shingles:
            seen.setdefault(one, rank)
    return marked


def prompted_turns(turns: Sequence[Turn], documents: dict[str, Document]) -> set[int]:
    """The turns right after an interviewer who used a phrase such as "as a partnership" first."""
    found = set()
    for number in range(1, len(turns)):
        asked, answered = turns[number - 1], turns[number]
        same = asked.span.document == answered.span.document
        if (
            same
            and asked.interviewer
            and not answered.interviewer
            and _prompts(documents[asked.span.document], asked.span)
        ):
            found.add(number)
    return found


def _prompts(document: Document, span: Span) -> bool:
    asked = document.text[span.start : span.end].lower()
    return any(phrase in asked for phrase in _phrases())


@cache
def _phrases() -> tuple[str, ...]:
    return tuple(
        word for one in library.LANGUAGES for word in library.page(f"lexicons/{one}", "transcripts")["prompts"]
    )


@cache
def _openers() -> tuple[str, ...]:
    return tuple(
        opener
        for one in library.LANGUAGES
        for opener in library.page(f"lexicons/{one}", "transcripts")["quote_openers"]
    )
