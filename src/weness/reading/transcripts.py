"""Turns: who says what, in transcripts, minutes, mails and articles. A clock time is no speaker."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from weness import library
from weness.reading.corpus import Document, Partner, Span, Speaker, Turn
from weness.reading.names import Names, plain

TIME = r"(?:[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?[\])]?)"
LABEL = re.compile(
    rf"^[ \t]*(?:[-*•–][ \t]+)*(?:{TIME}[ \t]*[-–]?[ \t]*)?"
    r"(?P<bold>\*\*|__)?(?P<label>[^\W\d_](?:[^\n:*_\"“”?!|]|(?<=\b[^\W\d_])\.){0,70}?)(?P<bracket>[ \t]*\([^()\n]{1,60}\))?"
    rf"[ \t]*(?:{TIME})?(?P=bold)?[ \t]*(?P<colon>:)(?(bold)(?:\*\*|__)?)(?=[ \t]|$)",
    re.MULTILINE,
)
BOLD_LABEL = re.compile(rf"^[ \t]*(?:{TIME}[ \t]*)?(?:\*\*|__)(?P<label>[^*_\n:]{{1,70}}):(?:\*\*|__)", re.MULTILINE)
OWN_LINE = re.compile(
    rf"^[ \t]*(?:{TIME}[ \t]+(?P<after>[^\W\d_][^\n:.?!|]{{1,50}})|(?P<before>[^\W\d_][^\n:.?!|]{{1,50}}?)[ \t]+{TIME})[ \t]*$",
    re.MULTILINE,
)
COMMA = re.compile(r"^[ \t]*[-*•–][ \t]+(?P<label>[A-ZÁÉÍÓÚÑ][^\W\d_]+(?: [A-ZÁÉÍÓÚÑ][^\W\d_]+)?),[ \t]", re.MULTILINE)
KEY = re.compile(r"(?<![^\W\d_])(?P<label>[A-Z]\d?) ?= ?(?P<name>[^\n·;,|=]{2,60}?)(?= *[·;,|\n]|$)")
QUOTE = re.compile(r"[\"“«](?P<words>[^\"“”«»\n]{8,1500})[\"”»]")
NEAR = 200
"""Characters before a quotation in which its speaker is looked for."""
INLINE = re.compile(
    r"(?P<label>[A-ZÁÉÍÓÚÑ][\w.’'áéíóúñ-]*(?:[ ][A-ZÁÉÍÓÚÑ][\w.’'áéíóúñ-]*){0,3})(?:[ ]?\([^()]{1,50}\))?:[ ]*$"
)
MAIL_HEADER = re.compile(
    r"^(?:From|To|Cc|Date|Sent|Subject|De|Para|Fecha|Asunto|Van|Aan|Datum|Onderwerp|Verzonden|CC)[ \t]*:", re.M
)


@dataclass(frozen=True)
class Room:
    """What is known before a text is cut: names, labels that mean somebody, labels that mean nobody."""

    names: Names
    document: Document
    speakers: Mapping[str, Speaker]
    key: Mapping[str, str]

    def resolved(self, label: str) -> str | None:
        """The speaker id of a label, or None."""
        bare = plain(label)
        if bare in self.key:
            return self.key[bare]
        found = self.names.speaker(label, self.document.speakers)
        if found is None and bare in _words(self.document.language, "respondent"):
            told = [id for id in self.document.speakers if not self.speakers[id].is_interviewer]
            return told[0] if len(told) == 1 else None
        return found

    def asks(self, label: str, speaker: str | None) -> bool:
        if speaker is not None:
            return self.speakers[speaker].is_interviewer
        return plain(label) in _words(self.document.language, "interviewer")


@dataclass
class _Mark:
    """A label in the text: the words after it begin at ``words``, the mark itself at ``start``."""

    start: int
    words: int
    label: str
    speaker: str | None
    until: int | None = None
    strong: bool = field(default=True)


def turns_in(
    document: Document,
    speakers: Iterable[Speaker],
    partners: Iterable[Partner],
    corrections: Iterable[tuple[str, str]] = (),
) -> tuple[Turn, ...]:
    """The turns of a document in text order, covering all of it but the labels.

    Words that nobody in particular says (headings, the minute-taker's text) are turns without speaker and label.
    ``corrections`` are (label, speaker id) pairs of the study file.
    """
    people = {speaker.id: speaker for speaker in speakers}
    key = {plain(label): id for label, id in corrections}
    names = Names(people.values(), partners)
    for match in KEY.finditer(document.text[:1500]):
        id = names.speaker(match["name"], document.speakers)
        if id:
            key.setdefault(plain(match["label"]), id)
    room = Room(names, document, people, key)
    marks = _marks(room)
    return tuple(_turns(room, marks))


def _marks(room: Room) -> list[_Mark]:
    document = room.document
    if document.genre == "email":
        return _mail_marks(room)
    found = _label_marks(room)
    if document.genre in ("minutes", "press", "report"):
        spoken = [mark for mark in found if mark.speaker or document.genre == "minutes"]
        quoted = _quote_marks(room, spoken)
        return sorted([*_within_their_item(room, spoken), *quoted], key=lambda mark: mark.start)
    if not found:
        told = [id for id in document.speakers if not room.speakers[id].is_interviewer]
        if len(told) == 1:
            return [_Mark(0, 0, "", told[0])]
    return found


def _label_marks(room: Room) -> list[_Mark]:
    """Every line that begins with a label which is somebody's: known, an interviewer's, or a name that comes back."""
    document = room.document
    found: dict[int, _Mark] = {}
    for pattern in (BOLD_LABEL, LABEL, COMMA, OWN_LINE):
        for match in pattern.finditer(document.text):
            groups = match.groupdict()
            label = (groups.get("label") or groups.get("after") or groups.get("before") or "").strip(" *_-–")
            if not label or match.start() in found:
                continue
            whole = label + (groups.get("bracket") or "")
            speaker = room.resolved(label)
            if pattern is COMMA and (speaker is None or document.genre != "minutes"):
                continue
            if pattern is OWN_LINE and speaker is None and not _looks_like_name(label):
                continue
            words = match.end()
            while words < len(document.text) and document.text[words] in " \t":
                words += 1
            found[match.start()] = _Mark(match.start(), words, whole.strip(), speaker)
    return _accepted(room, sorted(found.values(), key=lambda mark: mark.start))


def _accepted(room: Room, marks: list[_Mark]) -> list[_Mark]:
    often = Counter(plain(mark.label) for mark in marks)
    language = room.document.language
    kept = []
    for mark in marks:
        bare = plain(mark.label)
        if mark.speaker or room.asks(mark.label, None) or bare in room.key:
            kept.append(mark)
            continue
        nobody = bare in _words(language, "not_a_speaker") or any(word.isdigit() for word in bare.split())
        if not nobody and _looks_like_name(mark.label) and (often[bare] >= 2 or room.names.partner(mark.label)):
            kept.append(mark)
    return kept


def _looks_like_name(label: str) -> bool:
    words = re.sub(r"\(.*?\)", "", label).split()
    return 1 <= len(words) <= 5 and all(word[0].isupper() or len(word) <= 3 for word in words) and words[0][0].isupper()


def _within_their_item(room: Room, marks: list[_Mark]) -> list[_Mark]:
    """In minutes a label rules its own line or item, not all that follows."""
    text = room.document.text
    for number, mark in enumerate(marks):
        stop = re.compile(r"\n(?=[ \t]*(?:[-*•–]|\d{1,2}[.)]|#)[ \t]|[ \t]*\n|[A-Z][\w ]{0,30}:)").search(
            text, mark.words
        )
        end = stop.start() if stop else len(text)
        after = marks[number + 1].start if number + 1 < len(marks) else len(text)
        mark.until = min(end, after)
    return marks


def _quote_marks(room: Room, taken: list[_Mark]) -> list[_Mark]:
    """Direct speech in minutes and articles, where it is plain who says it."""
    document = room.document
    found: list[_Mark] = []
    last: str | None = None
    for match in QUOTE.finditer(document.text):
        if any(mark.words <= match.start() < (mark.until or len(document.text)) for mark in taken if mark.speaker):
            continue
        line_start = document.text.rfind("\n", 0, match.start()) + 1
        line_end = document.text.find("\n", match.end())
        before = document.text[line_start : match.start()]
        after = document.text[match.end() : line_end if line_end >= 0 else len(document.text)]
        speaker = _said_by(room, before, after, last)
        if speaker:
            last = speaker
            found.append(_Mark(match.start("words"), match.start("words"), "", speaker, match.end("words")))
    return found


def _said_by(room: Room, before: str, after: str, last: str | None) -> str | None:
    inline = INLINE.search(before)
    # "Wording. AP:" ends in a label; how much of what stands before the colon it is, the names tell.
    words = inline["label"].split() if inline else []
    for first in range(len(words)):
        named = room.names.speaker(" ".join(words[first:]), room.document.speakers)
        if named:
            return named
    said = "|".join(sorted(_words(room.document.language, "said")))
    following = re.match(
        rf"[,.]?\s*(?:{said})\b(?P<who>[^.\n\"“]{{1,60}})|[,.]\s*(?P<name>[^.\n\"“]{{1,60}}?)\s+(?:{said})\b", after
    )
    for piece in ((following["who"] or following["name"]) if following else None, *_sentence_tail(before, said)):
        named = _named_in(room, piece)
        if named:
            return named
    if following and re.search(r"[A-ZÁÉÍÓÚÑ]|\b(?:uno|una|one|een)\b", following["who"] or following["name"] or ""):
        return None
    # "He added:" goes on with whoever spoke before.
    if re.search(rf"\b(?:he|she|ella|él|hij|zij|ze)\s+(?:{said})\b[^\"“]{{0,20}}$", before, re.IGNORECASE):
        return last
    return _named_last(room, before[-NEAR:]) if room.document.genre == "press" else None


def _named_last(room: Room, before: str) -> str | None:
    """Whoever is named last, shortly before a quotation of an article."""
    found = [
        (before.rfind(word), id)
        for id in room.document.speakers
        for word in room.speakers[id].name.split()[-1:]
        if word in before
    ]
    return max(found)[1] if found else None


def _sentence_tail(before: str, said: str) -> Iterator[str]:
    tail = re.split(r"(?<=[.!?])\s", before)[-1]
    if re.search(rf"\b(?:{said})\b", tail) or tail.rstrip().endswith(":"):
        yield tail


def _named_in(room: Room, piece: str | None) -> str | None:
    """The one known speaker whose name stands in a piece of text."""
    if not piece:
        return None
    found = set()
    bare = f" {plain(piece)} "
    for id in room.document.speakers or room.speakers:
        words = plain(room.speakers[id].name).split()
        if f" {' '.join(words)} " in bare or any(f" {word} " in bare for word in words if len(word) > 2):
            found.add(id)
    return found.pop() if len(found) == 1 else None


def _mail_marks(room: Room) -> list[_Mark]:
    """One turn by the sender, from the end of the header lines."""
    text = room.document.text
    end = 0
    lines = re.compile(r"[^\n]*\n?").finditer(text)
    sender = None
    for match in lines:
        line = match.group()
        if not line or not (MAIL_HEADER.match(line) or (end and line[:1] in " \t") or (not end and not line.strip())):
            break
        if re.match(r"(?:From|De|Van)[ \t]*:", line):
            named = re.sub(r"<[^>]*>", "", line.split(":", 1)[1])
            sender = room.names.speaker(named, room.document.speakers) or room.names.speaker(named.split("(")[0])
        end = match.end()
    if sender is None:
        told = [id for id in room.document.speakers if not room.speakers[id].is_interviewer]
        sender = told[0] if len(told) == 1 else None
    return [_Mark(0, end, "", sender)]


def _turns(room: Room, marks: list[_Mark]) -> Iterator[Turn]:
    text, id = room.document.text, room.document.id
    at = 0
    for number, mark in enumerate(marks):
        if mark.start > at and text[at : mark.start].strip():
            yield Turn(Span(id, at, mark.start))
        if room.document.genre == "email" and mark.words > mark.start:
            yield Turn(Span(id, mark.start, mark.words))
        after = marks[number + 1].start if number + 1 < len(marks) else len(text)
        end = min(mark.until if mark.until is not None else after, after)
        if text[mark.words : end].strip():
            yield Turn(Span(id, mark.words, end), mark.speaker, mark.label, room.asks(mark.label, mark.speaker))
        at = max(at, end)
    if text[at:].strip():
        yield Turn(Span(id, at, len(text)))


@cache
def _words(language: str, kind: str) -> frozenset[str]:
    """The words of one kind in a language; English ones are understood everywhere."""
    languages = {language if language in library.LANGUAGES else "en", "en"}
    pages = [library.page(f"lexicons/{one}", "transcripts") for one in sorted(languages)]
    return frozenset(word if kind == "said" else plain(word) for page in pages for word in page[kind])


def labels_in(document: Document) -> list[tuple[str, bool, str, int, int]]:
    """Who seems to speak in a text of which nothing is known: (label, asks, organisation, questions, turns) a label."""
    room = Room(Names((), ()), document, {}, {})
    found: dict[str, list[int]] = {}
    shown: dict[str, tuple[str, bool, str]] = {}
    marks = _label_marks(room)
    for number, mark in enumerate(marks):
        bracket = re.search(r"\(([^)]+)\)", mark.label)
        label = re.sub(r"\s*\(.*?\)", "", mark.label).strip()
        bare = plain(label)
        if bare in _words(document.language, "respondent") and not KEY.search(document.text[:1500]):
            continue
        end = marks[number + 1].start if number + 1 < len(marks) else len(document.text)
        words = document.text[mark.words : end].strip()
        counts = found.setdefault(bare, [0, 0])
        counts[0] += words.endswith("?")
        counts[1] += 1
        shown.setdefault(bare, (label, room.asks(label, None), bracket[1] if bracket else ""))
    return [(*shown[bare], questions, turns) for bare, (questions, turns) in found.items()]
