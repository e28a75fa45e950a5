"""Words looked for in the texts of a study: a question in, every place with its lines out."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from weness_web.models import Document, Study

ASKED = 200
"""Characters of a question at most."""
TERMS = 8
MOST = 10_000
"""Hits that are looked for; beyond these the page says "more than"."""
SIDE = 240
"""Characters of a long line that are shown before and after a hit."""
LINES = (0, 1, 2, 3)
LINE = re.compile(r"[^\n]*\S[^\n]*")
"""A line with anything in it: empty ones are no context."""
MARKS = "[\u0300-\u036f]*"
ALIKE: dict[int, str] = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "\u00a0": " "}
)


class _Folding(dict[int, int]):
    """One character for one character, so that every offset in the folded text is one in the text."""

    def __missing__(self, code: int) -> int:
        letter, *accents = list(unicodedata.normalize("NFD", ALIKE.get(code, chr(code))))
        bare = letter.casefold() if all(map(unicodedata.combining, accents)) else chr(code)
        self[code] = ord(bare) if len(bare) == 1 else code
        return self[code]


FOLDING = _Folding()


@dataclass(frozen=True, slots=True)
class Question:
    """``terms``: words, or phrases that stood in quotes. ``exact`` minds capitals and accents; ``whole`` wants whole words."""

    terms: tuple[str, ...]
    exact: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """Characters [start, end): one term, or a sentence's part in which all terms stand; ``marks`` are the words found."""

    start: int
    end: int
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Found:
    document: Document
    hits: list[Hit]


def asked(text: str, exact: bool = False, whole: bool = False) -> Question:
    """Words, and "phrases in quotes", of a line that somebody typed."""
    line = unicodedata.normalize("NFC", text[:ASKED]).translate({ord(mark): '"' for mark in "“”„«»"})
    terms = [" ".join((phrase or word).split()) for phrase, word in re.findall(r'"([^"]*)"?|([^\s"]+)', line)]
    return Question(tuple(dict.fromkeys(term for term in terms if term))[:TERMS], exact, whole)


def found(study: Study, question: Question, filters: Mapping[str, str]) -> Iterator[Found]:
    """Every text with hits, in the order of the study, up to MOST hits in all. ``filters``: partner, wave, language, genre."""
    if not question.terms:
        return
    patterns: dict[bool, list[re.Pattern[str]]] = {}
    texts = study.documents.filter(gone=False, **filters).defer("turns", "sentences", "mentions")
    left = MOST
    for document in texts.iterator(chunk_size=8):
        text = document.text if question.exact else document.text.translate(FOLDING)
        loose = bool(re.search("[\u0300-\u036f]", text))
        if loose not in patterns:
            patterns[loose] = [_pattern(term, question, loose) for term in question.terms]
        hits = _hits(text, patterns[loose], document, left)
        if hits:
            left -= len(hits)
            yield Found(document, hits)
        if left <= 0:
            return


def _pattern(term: str, question: Question, loose: bool) -> re.Pattern[str]:
    """``loose``: the text holds accents as characters of their own, which stand after their letter."""
    folded = term if question.exact else term.translate(FOLDING)
    between = MARKS if loose and not question.exact else ""
    words = [between.join(re.escape(letter) for letter in word) + between for word in folded.split()]
    before = r"(?<!\w)" if question.whole and re.match(r"\w", term) else ""
    after = r"(?!\w)" if question.whole and re.search(r"\w$", term) else ""
    return re.compile(before + r"\s+".join(words) + after)


def _hits(text: str, patterns: list[re.Pattern[str]], document: Document, most: int) -> list[Hit]:
    if len(patterns) == 1:
        return [Hit(*span, (span,)) for span in _spans(patterns[0], text, most)]
    each = [list(_spans(pattern, text, MOST)) for pattern in patterns]
    if not all(each):
        return []
    sentences = document.sentences
    starts = [row[0] for row in sentences]
    at: dict[int, dict[int, list[tuple[int, int]]]] = {}
    for number, spans in enumerate(each):
        for span in spans:
            where = bisect_right(starts, span[0]) - 1
            if where >= 0 and span[0] < sentences[where][1]:
                at.setdefault(where, {}).setdefault(number, []).append(span)
    together = (sorted(set().union(*terms.values())) for _, terms in sorted(at.items()) if len(terms) == len(patterns))
    return [Hit(marks[0][0], max(end for _, end in marks), _apart(marks)) for marks in together][:most]


def _spans(pattern: re.Pattern[str], text: str, most: int) -> Iterator[tuple[int, int]]:
    for number, one in enumerate(pattern.finditer(text)):
        if number >= most:
            return
        yield one.span()


def _apart(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Without those that begin within another: a mark is shown once."""
    kept: list[tuple[int, int]] = []
    for span in spans:
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return tuple(kept)


# ---- what is shown around a hit ----


def excerpts(text: str, hits: list[Hit], lines: int) -> list[dict[str, Any]]:
    """Hits with ``lines`` lines before and after, those that touch in one: {line, at, hits, pieces: [(words, start or None)]}."""
    rows = [one.span() for one in LINE.finditer(text)]
    shown: list[tuple[int, int, list[Hit]]] = []
    for hit in hits:
        start, end = _window(text, rows, hit, lines)
        if shown and start <= shown[-1][1]:
            shown[-1] = (shown[-1][0], max(end, shown[-1][1]), [*shown[-1][2], hit])
        else:
            shown.append((start, end, [hit]))
    return [
        {
            "line": text.count("\n", 0, inside[0].start) + 1,
            "at": inside[0].start,
            "hits": len(inside),
            "cut": (start > 0 and text[start - 1] != "\n", end < len(text) and text[end] != "\n"),
            "pieces": marked(text, start, end, [mark for hit in inside for mark in hit.marks]),
        }
        for start, end, inside in shown
    ]


def _window(text: str, rows: list[tuple[int, int]], hit: Hit, lines: int) -> tuple[int, int]:
    """The lines around a hit; of very long ones only what is near."""
    first = max(bisect_right(rows, (hit.start, len(text))) - 1, 0)
    last = max(bisect_right(rows, (max(hit.end - 1, hit.start), len(text))) - 1, first)
    above, below = rows[max(first - lines, 0)][0], rows[min(last + lines, len(rows) - 1)][1]
    room = SIDE * (lines + 1)
    start = _at_blank(text, max(min(above, hit.start), hit.start - room), hit.start)
    return start, _to_blank(text, hit.end, min(max(below, hit.end), hit.end + room))


def _at_blank(text: str, start: int, before: int) -> int:
    if start == 0 or text[start - 1] in " \n":
        return start
    blank = re.compile(r"\s").search(text, start, before)
    return blank.end() if blank else start


def _to_blank(text: str, after: int, end: int) -> int:
    if end >= len(text) or text[end] in " \n":
        return end
    cut = max(text.rfind(" ", after, end), text.rfind("\n", after, end))
    return cut if cut > 0 else end


def marked(text: str, start: int, end: int, marks: list[tuple[int, int]]) -> list[tuple[str, int | None]]:
    """A stretch of text cut into what is marked (with where it begins) and what is not."""
    pieces: list[tuple[str, int | None]] = []
    at = start
    for left, right in marks:
        left, right = max(left, at), min(right, end)
        if left >= right:
            continue
        pieces += [(text[at:left], None)] * (left > at) + [(text[left:right], left)]
        at = right
    return pieces + [(text[at:end], None)] * (at < end)


def sentences_around(document: Document, hits: list[Hit]) -> list[tuple[int, int]]:
    """The sentences in which hits begin, each once; a hit outside of any sentence (a speaker's label) has none."""
    sentences = document.sentences
    starts = [row[0] for row in sentences]
    around: dict[tuple[int, int], None] = {}
    for hit in hits:
        where = bisect_right(starts, hit.start) - 1
        if where >= 0 and hit.start < sentences[where][1]:
            around[(sentences[where][0], sentences[where][1])] = None
    return list(around)
