"""Partnerships that persons coded, as lessons for a model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from weness.coding.codebook import codebook_named
from weness.coding.codings import Codings
from weness.coding.human import HumanCoder
from weness.coding.learned import labels_in
from weness.coding.linear import Floats
from weness.coding.mention_features import Asked, Usual, mentions_asked
from weness.coding.reference_model import Lesson, surrounded
from weness.coding.reliability import LABELS
from weness.coding.segment_features import Told, sentences_told
from weness.coding.segment_model import CODES, SegmentLesson
from weness.coding.shared_words import usual_words
from weness.coding.snippets import corpus_of_rows
from weness.reading.corpus import Corpus
from weness.reading.gathering import read_study

MOSTLY = 0.5
"""A code holds of a sentence when its segment covers this share of the sentence, or has this share of itself in it."""

BEFORE, AFTER = 900, 450
"""Characters of a snippet round its mention."""
SeenBy = Callable[[Sequence[Any]], list[Any]]
"""Adds to the features of mentions or sentences, as an encoder does."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A partnership, its mentions and what persons said of it. ``usual``: words of all partnerships read with it."""

    name: str
    corpus: Corpus
    codings: Codings
    asked: tuple[Asked, ...]
    usual: Usual


def coded_in(folders: Iterable[Path], progress: Callable[[int, int, str], None] | None = None) -> Iterator[Coded]:
    """Raises ValueError, naming the row, where a coding does not fit: a corpus is to be clean."""
    folders = tuple(folders)
    names = [folder.resolve().name for folder in folders]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"Two folders are called {twice[0]!r}: partnerships are told apart by the folder's name.")
    corpora = []
    for number, folder in enumerate(folders, 1):
        corpora.append(read_study(folder))
        if progress:
            progress(number, len(folders), folder.name)
    usual = usual_words(corpora)
    for folder, corpus in zip(folders, corpora, strict=True):
        reader = HumanCoder(folder)
        codings = reader.code(corpus, codebook_named())
        if reader.notes:
            raise ValueError(f"{folder.name}: {reader.notes[0]}")
        asked = tuple(one for one in mentions_asked(corpus, usual) if isinstance(one, Asked))
        yield Coded(folder.name, corpus, codings, asked, usual)


def lesson_of(coded: Coded, seen_by: SeenBy = list) -> Lesson:
    asked = tuple(seen_by(coded.asked))
    return Lesson(coded.name, coded.name, asked, surrounded(asked, coded.corpus), labels_in(asked, coded.codings))


def snippet_lesson_of(coded: Coded, seen_by: SeenBy = list) -> Lesson:
    """The same mentions as they look torn out of their study: a stretch of text, no partner and no speaker known."""
    rows = snippet_rows(coded)
    corpus, spans = corpus_of_rows(rows)
    wanted = {(span.document, span.start): LABELS.index(row["label"]) for span, row in zip(spans, rows, strict=True)}
    asked = tuple(seen_by([one for one in mentions_asked(corpus, coded.usual) if isinstance(one, Asked)]))
    places = [(one.mention.span.document, one.mention.span.start) for one in asked]
    labels = np.array([wanted.get(place, -1) for place in places], dtype=np.int64)
    return Lesson(f"{coded.name} in snippets", coded.name, asked, surrounded(asked, corpus), labels)


def snippet_rows(coded: Coded) -> list[dict[str, Any]]:
    """Every labelled mention as a row of a GOLD file (snippets.py)."""
    rows = []
    for mark in coded.codings.marks:
        if mark.code in LABELS:
            document, span = coded.corpus.document(mark.span.document), mark.span
            before, after = (
                document.text[max(0, span.start - BEFORE) : span.start],
                document.text[span.end : span.end + AFTER],
            )
            rows.append({"id": f"{coded.name} {document.id} {span.start}", "lang": document.language, "about": document.genre,
                         "before": before, "mention": coded.corpus.text(span), "after": after, "label": mark.code})  # fmt: skip
    return rows


def segment_lesson_of(coded: Coded, said: Mapping[int, str], seen_by: SeenBy = list) -> SegmentLesson:
    """``said``: what "we" means in a sentence, as the coder itself would have said it."""
    seen = {document for document, family in coded.codings.seen if family in ("B", "C")}
    told = tuple(one for one in sentences_told(coded.corpus, said) if one.context.document.id in seen)
    return SegmentLesson(coded.name, tuple(seen_by(told)), truth_of(told, coded.codings))


def truth_of(told: Iterable[Told], codings: Codings) -> Floats:
    """1 where a person's segment with that code covers the sentence. shape (n, n_codes)"""
    told = tuple(told)
    truth = np.zeros((len(told), len(CODES)))
    by_document: dict[str, list[int]] = {}
    for number, one in enumerate(told):
        by_document.setdefault(one.context.document.id, []).append(number)
    for mark in codings.marks:
        if mark.code not in CODES:
            continue
        for number in by_document.get(mark.span.document, ()):
            span = told[number].context.sentence.span
            common = min(span.end, mark.span.end) - max(span.start, mark.span.start)
            if common > 0 and common >= MOSTLY * min(span.end - span.start, mark.span.end - mark.span.start):
                truth[number, CODES.index(mark.code)] = 1.0
    return truth
