"""A study folder in, a Corpus out: every narrative read, cut into turns and sentences, and its mentions found."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from weness import library
from weness.engines import Engine, Inline
from weness.reading.corpus import Corpus, Document, Sentence, Span, Turn
from weness.reading.languages import language_found
from weness.reading.mentions import mentions_in
from weness.reading.names import Names
from weness.reading.reader import CannotRead, narratives_in
from weness.reading.sentences import sentences_in
from weness.reading.study_file import Entry, StudyFile, study_file
from weness.reading.transcripts import turns_in
from weness.reading.voices import excluded_at, prompted_turns, quoted_parts, without_copies

Progress = Callable[[int, int, str], None]
SWITCH = 36
"""A turn of at least so many words may be in another language than its document."""


@dataclass(frozen=True, slots=True)
class _Read:
    """One entry of the study file, read or not."""

    documents: tuple[Document, ...]
    notes: tuple[str, ...]


def read_study(folder: Path, engine: Engine | None = None, progress: Progress | None = None) -> Corpus:
    """Everything the study file names. What cannot be read becomes a note, and the rest goes on.

    Raises StudyError where the study file itself cannot be used.
    """
    file = study_file(folder)
    jobs = [(file.path_of(entry), entry) for entry in file.documents]
    found: list[_Read] = []
    for number, read in enumerate((engine or Inline()).map(_read, jobs), 1):
        found.append(read)
        if progress:
            progress(number, len(jobs), jobs[number - 1][1].file)
    documents = tuple(document for read in found for document in read.documents)
    notes = (*file.notes, *(note for read in found for note in read.notes))
    return _corpus(file, documents, notes)


def corpus_of(documents: tuple[Document, ...], file: StudyFile) -> Corpus:
    """The corpus of documents that are at hand already (an evaluation, a test)."""
    return _corpus(file, documents, ())


def _read(job: tuple[Path, Entry]) -> _Read:
    path, entry = job
    try:
        narratives = narratives_in(path, entry.encoding)
    except CannotRead as error:
        return _Read((), (str(error),))
    several = len(narratives) > 1
    documents, notes = [], []
    for narrative in narratives:
        id = entry.file + narrative.name if several else entry.file
        notes += [f"{id}: {warning}" for warning in narrative.warnings]
        language = language_found(narrative.text, entry.language)
        if language is None and len(narrative.text.split()) > 30:
            notes.append(f"{id}: not recognised as {', '.join(library.LANGUAGES)}; it is kept, but not counted.")
        elif language and language != entry.language:
            notes.append(f"{id}: the study file says {entry.language}, the text looks like {language}.")
        documents.append(
            Document(
                id=id,
                text=narrative.text,
                partner=entry.partner,
                wave=entry.wave,
                date=entry.date or narrative.date,
                genre=entry.genre,
                language=entry.language,
                speakers=entry.speakers,
                source=narrative.source,
                checksum=hashlib.sha256(narrative.text.encode("utf-8")).hexdigest(),
            )
        )
    return _Read(tuple(documents), tuple(notes))


def _corpus(file: StudyFile, documents: tuple[Document, ...], notes: tuple[str, ...]) -> Corpus:
    corrections = {entry.file: entry.turns for entry in file.documents}
    turns: list[Turn] = []
    sentences: list[Sentence] = []
    names = Names(file.speakers, file.partners)
    by_id = {document.id: document for document in documents}
    for document in documents:
        own = turns_in(document, file.speakers, file.partners, corrections.get(document.id.split("#")[0], ()))
        sentences += _sentences(document, own, len(turns), file, names)
        turns += own
    prompted = prompted_turns(turns, by_id)
    sentences = [replace(one, prompted=True) if one.turn in prompted else one for one in sentences]
    order = {id: rank for rank, id in enumerate(sorted(by_id, key=lambda id: (by_id[id].date or "9999", id)))}
    texts = [by_id[one.span.document].text[one.span.start : one.span.end] for one in sentences]
    corpus = Corpus(
        id=file.id,
        name=file.name,
        languages=file.languages,
        partners=file.partners,
        speakers=file.speakers,
        waves=file.waves,
        documents=documents,
        turns=tuple(turns),
        sentences=tuple(without_copies(sentences, texts, order)),
        aliases=file.aliases,
        notes=notes,
    )
    return replace(corpus, mentions=mentions_in(corpus))


def _sentences(
    document: Document, turns: tuple[Turn, ...], first: int, file: StudyFile, names: Names
) -> Iterator[Sentence]:
    people = {speaker.id: speaker for speaker in file.speakers}
    parts = quoted_parts(document)
    known = document.language in library.LANGUAGES and language_found(document.text, document.language) is not None
    for number, turn in enumerate(turns):
        partner = people[turn.speaker].partner if turn.speaker else _partner(document, turn, names)
        excluded = _excluded(document, turn, partner)
        language = _language(document, turn)
        for start, end in sentences_in(document.text, turn.span.start, turn.span.end, language):
            why = (
                excluded
                or excluded_at(start, parts)
                or ("" if known or len(document.text.split()) <= 30 else "language")
            )
            yield Sentence(
                span=Span(document.id, start, end),
                language=language,
                turn=first + number,
                speaker=turn.speaker,
                partner=partner,
                excluded=why,
            )


def _partner(document: Document, turn: Turn, names: Names) -> str | None:
    """Whose words these are when the speaker is not known by name."""
    if turn.label:
        return None if turn.interviewer else names.partner(turn.label)
    return document.partner if document.genre in ("report", "press") else None


def _excluded(document: Document, turn: Turn, partner: str | None) -> str:
    if turn.interviewer:
        return "interviewer"
    if partner is not None:
        return ""
    if document.genre == "minutes":
        return "minutes"
    if turn.label or document.genre in ("report", "press"):
        return "unknown speaker"
    return "header"


def _language(document: Document, turn: Turn) -> str:
    """The document's language, unless a long turn is clearly in another of ours."""
    words = document.text[turn.span.start : turn.span.end]
    if not turn.speaker or document.language not in library.LANGUAGES or len(words.split()) < SWITCH:
        return document.language
    return language_found(words, document.language) or document.language
