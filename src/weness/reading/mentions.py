"""Every mention of a collective: a "we", a Spanish verb ending, the partnership by name, a partner as an other."""

from __future__ import annotations

from collections.abc import Iterator

from weness import library
from weness.reading.corpus import Corpus, Mention, Sentence, Span
from weness.reading.named import Named, lowered
from weness.reading.others import Found, Others
from weness.reading.selves import selves_in

UNREAD = ("interviewer", "header", "language")
"""Sentences that are nobody's telling. Mentions in a quoted mail are kept and do not count."""
LONG = 2000
"""Characters. What a machine wrote down without full stops is read piece by piece."""


def mentions_in(corpus: Corpus) -> tuple[Mention, ...]:
    """All mentions of the sentences that may be somebody's voice, in text order."""
    named = Named(corpus)
    others = Others()
    found: list[Mention] = []
    for number, sentence in enumerate(corpus.sentences):
        if sentence.excluded in UNREAD or sentence.language not in library.LANGUAGES:
            continue
        text = corpus.text(sentence.span)
        for start, end in pieces(text):
            of_it = _found(text[start:end], sentence, named, others)
            found += _mentions(sentence, number, start, of_it)
    return tuple(found)


def pieces(text: str, size: int = LONG) -> Iterator[tuple[int, int]]:
    """A text as [start, end) pieces of about ``size``, cut between words. Nearly always it is one."""
    start = 0
    while len(text) - start > size:
        cut = text.rfind(" ", start + 1, start + size) + 1
        end = cut if cut > start else start + size
        yield start, end
        start = end
    yield start, len(text)


def _found(text: str, sentence: Sentence, named: Named, others: Others) -> list[Found]:
    names = named.names_in(text, low := lowered(text))
    of_it: list[Found] = [
        (start, end, form, "self", None)
        for start, end, form in selves_in(text, sentence.language)
        # A "we" within a name ("Our Land Trust") is part of the name.
        if not any(name.start <= start < name.end for name in names)
    ]
    return of_it + others.of_sentence(sentence, low, names)


def _mentions(sentence: Sentence, number: int, offset: int, of_it: list[Found]) -> Iterator[Mention]:
    begin = sentence.span.start + offset
    for start, end, form, of, target in sorted(of_it, key=lambda one: one[:2]):
        span = Span(sentence.span.document, begin + start, begin + end)
        yield Mention(span, sentence.language, number, form, of, target)
