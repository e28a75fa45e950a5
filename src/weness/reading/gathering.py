"""A study folder in, a Corpus out: every narrative read, cut into turns and sentences, and its mentions found."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from weness import library
from weness.engines import Engine, Inline
from weness.reading.corpus import Corpus, Document, Sentence, Span, Turn
from weness.reading.languages import language_found, spoken_in
from weness.reading.mentions import mentions_in
from weness.reading.reader import CannotRead, narratives_in
from weness.reading.rooms import Room, room_of
from weness.reading.sentences import sentences_in
from weness.reading.study_file import Entry, StudyFile, study_file
from weness.reading.transcripts import turns_of
from weness.reading.voices import parts_not_own, pieces_of, prompted_turns, without_copies

Progress = Callable[[int, int, str], None]
SWITCH = 36
"""A turn of at least so many words may be in another language than its document."""
FEW = 30
"""A text of no more words is taken to be in the language that the study file states."""


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
        if language is None and len(narrative.text.split()) > FEW:
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
    by_id = {document.id: document for document in documents}
    for document in documents:
        room = room_of(document, file.speakers, file.partners, corrections.get(document.id.split("#")[0], ()))
        own = turns_of(room)
        sentences += _sentences(room, own, len(turns))
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


def _sentences(room: Room, turns: tuple[Turn, ...], first: int) -> Iterator[Sentence]:
    document = room.document
    parts = parts_not_own(document, room.attendance)
    named = [part for part in parts if part[2] != "header"]
    foreign = _is_foreign(document)
    lone = _lone_teller(room, turns)
    for number, turn in enumerate(turns):
        partner = room.speakers[turn.speaker].partner if turn.speaker else _partner(room, turn, len(turns), lone)
        excluded = _excluded(document, turn, partner)
        language = _language(document, turn)
        # Titles are looked for only in words that no label gives to somebody.
        given = turn.label or (turn.speaker and document.genre != "interview")
        for left, right, part in pieces_of(turn.span.start, turn.span.end, named if given else parts):
            # An interviewer's words stay the interviewer's; what is nobody's voice may still say that it is a header.
            why = excluded if excluded == "interviewer" else part or excluded or ("language" if foreign else "")
            for start, end in sentences_in(document.text, left, right, language):
                yield Sentence(Span(document.id, start, end), language, first + number, turn.speaker, partner, why)


def _partner(room: Room, turn: Turn, turns: int, lone: str | None) -> str | None:
    """Whose words these are when the speaker is not known by name. ``lone`` is the label of the one who tells."""
    document = room.document
    if turn.interviewer:
        return None
    if turn.label:
        return room.house(turn.label) or (document.partner if turn.label == lone else None)
    # Without a label the words are the house's own where the whole text is its own: a report, a press release, a mail
    # without a name, a story that nobody else takes part in.
    if document.genre in ("report", "press"):
        return document.partner
    whole = document.genre == "email" and turn.span.end == len(document.text)
    alone = document.genre == "interview" and turns == 1
    return document.partner if (whole or alone) and not room.tellers else None


def _lone_teller(room: Room, turns: tuple[Turn, ...]) -> str | None:
    """The one label beside an interviewer's, where the study file names nobody who tells."""
    if room.document.genre != "interview" or room.tellers:
        return None
    answering = {turn.label for turn in turns if turn.label and not turn.interviewer}
    asked = any(turn.interviewer for turn in turns)
    return next((label for label in answering if asked or room.answers(label)), None) if len(answering) == 1 else None


def _excluded(document: Document, turn: Turn, partner: str | None) -> str:
    if turn.interviewer:
        return "interviewer"
    if partner is not None:
        return ""
    if document.genre == "minutes":
        return "minutes"
    return _nobodys(document, turn)


def _nobodys(document: Document, turn: Turn) -> str:
    """In transcripts and mails what stands before the first words of anybody is a header; else somebody unknown speaks."""
    labelled = turn.label or document.genre in ("report", "press")
    at_top = not document.text[: turn.span.start].strip() and turn.span.end < len(document.text.rstrip())
    return "header" if at_top and not labelled else "unknown speaker"


def _is_foreign(document: Document) -> bool:
    known = document.language in library.LANGUAGES and language_found(document.text, document.language) is not None
    return not known and len(document.text.split()) > FEW


def _language(document: Document, turn: Turn) -> str:
    """The document's language, unless a long turn is clearly in another of ours."""
    words = document.text[turn.span.start : turn.span.end]
    if not turn.speaker or document.language not in library.LANGUAGES or len(words.split()) < SWITCH:
        return document.language
    return spoken_in(words, document.language)
