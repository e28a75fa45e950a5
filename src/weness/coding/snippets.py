"""A mention with the text around it, as labelled for an evaluation, made into a tiny corpus."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from weness import library
from weness.json_lines import lines_in
from weness.reading.corpus import Corpus, Document, Mention, Sentence, Span, Turn
from weness.reading.labels import LABEL
from weness.reading.mentions import mentions_in
from weness.reading.sentences import sentences_in

Row = Mapping[str, Any]
TAG = re.compile(r"[*_-]{0,3}\s?\[(?P<name>[^\[\]\n\d][^\[\]\n]{1,60})\]:?(?:\s+|$)")
"""``[Kirsty Williams AM] Yes.``"""
TEXTS = ("before", "mention", "after")


def gold_rows(path: Path) -> tuple[Row, ...]:
    """The rows of a GOLD file. Raises ValueError, naming the line, where one cannot be answered."""
    rows = []
    for line in lines_in(path.read_text("utf-8")):
        if line.row is None:
            raise ValueError(f"{path.name}, line {line.number}: {line.wrong}.")
        if wrong := _wrong(line.row):
            raise ValueError(f"{path.name}, line {line.number}: {wrong}")
        rows.append(line.row)
    return tuple(rows)


def corpus_of_rows(rows: Iterable[Row]) -> tuple[Corpus, tuple[Span, ...]]:
    """One document a row, and where the mention of each row stands."""
    documents: list[Document] = []
    turns: list[Turn] = []
    sentences: list[Sentence] = []
    spans = []
    for number, row in enumerate(rows):
        document = _document(number, row)
        start = len(row.get("before") or "")
        span = Span(document.id, start, start + len(row["mention"]))
        own = list(_turns(document))
        sentences += _sentences(document, own, len(turns), span)
        turns += own
        documents.append(document)
        spans.append(span)
    corpus = Corpus("gold", "", library.LANGUAGES, (), (), (), tuple(documents), tuple(turns), tuple(sentences))
    return replace(corpus, mentions=_with_asked(corpus, mentions_in(corpus), spans)), tuple(spans)


def _wrong(row: object) -> str:
    if not isinstance(row, dict):
        return f"a row must be an object, this is {type(row).__name__}."
    missing = [key for key in ("id", "lang", "mention") if not row.get(key)]
    if missing:
        return f"without {' and '.join(missing)}. A row has: id, lang, about, before, mention, after, label (optional)."
    if row["lang"] not in library.LANGUAGES:
        return f"no language called {row['lang']!r}. There is: {', '.join(library.LANGUAGES)}."
    return ""


def _document(number: int, row: Row) -> Document:
    text = "".join(row.get(key) or "" for key in TEXTS)
    genre = _genre(row.get("about") or "", row["lang"])
    return Document(f"{number}", text, language=row["lang"], genre=genre)


def _genre(about: str, language: str) -> str:
    """What the row says of its text; an interview where it says nothing."""
    low = about.lower()
    return next((genre for genre, words in _genres().items() if any(word in low for word in words)), "interview")


@cache
def _genres() -> dict[str, list[str]]:
    found: dict[str, list[str]] = library.page("thresholds", "reference")["about"]
    return found


def _turns(document: Document) -> Iterator[Turn]:
    """Cut at lines that begin with a speaker's tag. What stands before the first has no speaker."""
    begin, label = 0, ""
    for match in re.finditer(r"^.*$", document.text, re.MULTILINE):
        tag = TAG.match(match.group()) or LABEL.match(match.group())
        if tag is None:
            continue
        if document.text[begin : match.start()].strip():
            yield _turn(document, begin, match.start(), label)
        begin, label = match.start() + tag.end(), tag["name"]
    yield _turn(document, begin, len(document.text), label)


def _turn(document: Document, start: int, end: int, label: str) -> Turn:
    asks = label.lower().strip(" *_:") in _interviewers()
    return Turn(Span(document.id, start, end), None, label, asks)


@cache
def _interviewers() -> frozenset[str]:
    pages = (library.page(f"lexicons/{language}", "transcripts") for language in library.LANGUAGES)
    return frozenset(word for page in pages for word in page["interviewer"])


def _sentences(document: Document, turns: list[Turn], first: int, span: Span) -> Iterator[Sentence]:
    found = [
        Sentence(Span(document.id, start, end), document.language, first + number)
        for number, turn in enumerate(turns)
        for start, end in sentences_in(document.text, turn.span.start, turn.span.end, document.language)
    ]
    if not any(sentence.span.start <= span.start < sentence.span.end for sentence in found):
        # The mention stands in a label: it is asked for, so it is a sentence of its own.
        found.append(Sentence(span, document.language, first + len(turns) - 1))
    return iter(sorted(found, key=lambda sentence: sentence.span))


def _with_asked(corpus: Corpus, found: tuple[Mention, ...], spans: list[Span]) -> tuple[Mention, ...]:
    """The mentions found, and those asked for that were not."""
    by_document: dict[str, list[Mention]] = {}
    for mention in found:
        by_document.setdefault(mention.span.document, []).append(mention)
    number = {sentence.span: place for place, sentence in enumerate(corpus.sentences)}
    mentions = []
    for span in spans:
        # Whatever the finder took it for: the row says that it is a self.
        here = [one for one in by_document.get(span.document, []) if not one.span.overlaps(span) or _is_self(one, span)]
        if not any(one.span.overlaps(span) for one in here):
            sentence = corpus.sentence_at(span)
            assert sentence is not None
            form = "verb" if corpus.text(span).lower().endswith("mos") else "pronoun"
            here.append(Mention(span, sentence.language, number[sentence.span], form))
        mentions += sorted(here, key=lambda one: one.span)
    return tuple(mentions)


def _is_self(mention: Mention, span: Span) -> bool:
    return mention.of == "self" and mention.span.start == span.start
