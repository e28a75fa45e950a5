"""Turns: who says what, in transcripts, minutes, mails and articles. A clock time is no speaker."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from weness.reading.corpus import Document, Partner, Span, Speaker, Turn
from weness.reading.labels import PARTICLES
from weness.reading.names import BRACKET, Names, plain
from weness.reading.quotations import quotations_in
from weness.reading.rooms import BRACKET_LINE, HEAD, INITIAL_LINE, KEY, TIME, Room, head_of, room_of, words

ABOUT = r"[ \t]*\((?!\d{1,2}:\d\d)[^()\n]{1,120}(?:\([^()\n]{0,80}\)[^()\n]{0,40})?\)"
LABEL = re.compile(
    rf"^[ \t]*(?:[-*•–][ \t]+)*(?:{TIME}[ \t]*[-–]?[ \t]*)?"
    rf"(?P<bold>\*\*|__)?(?P<label>[^\W\d_](?:[^\n\t:*_\"“”?!|]|(?<=\w)_(?=\w)){{0,70}}?)(?P<about>{ABOUT})?[ \t]*(?:{TIME})?"
    rf"(?P=bold)?(?P<after>{ABOUT})?[ \t]*(?P<colon>:)(?(bold)(?:\*\*|__)?)(?=[ \t]|$)",
    re.MULTILINE,
)
BOLD_LABEL = re.compile(rf"^[ \t]*(?:{TIME}[ \t]*)?(?:\*\*|__)(?P<label>[^*_\n:]{{1,70}}):(?:\*\*|__)", re.MULTILINE)
OWN_LINE = re.compile(
    rf"^[ \t]*(?:{TIME}[ \t]+(?P<late>[^\W\d_][^\n:.?!|]{{1,50}})|(?P<early>[^\W\d_][^\n:.?!|]{{1,50}}?)[ \t]+{TIME})[ \t]*$",
    re.MULTILINE,
)
NAMED = r"(?P<label>[A-ZÁÉÍÓÚÑ][\w’'.]+(?: [A-ZÁÉÍÓÚÑ][\w’'.]*)?)"
ITEM = re.compile(
    rf"^[ \t]*(?P<bullet>[-*•–][ \t]+)?{NAMED}(?P<sign>,|[ \t]+[-–—]|;)[ \t]+(?=(?P<next>\S+)(?:[ \t]+(?P<then>\S+))?)",
    re.MULTILINE,
)
"""Minutes with "* James, no ..." or "- Tobie - we run ..."."""
BARE = re.compile(
    r"^[ \t]*(?:\*\*|__|#{1,6}[ \t]+)?(?P<label>[^\W\d_][\w .’'-]{0,40}?)(?:\*\*|__)?[ \t]*(?:\n|\t+(?=\S))",
    re.MULTILINE,
)
"""A name alone on its line, or before a tab: looked for only where no label has a colon."""
ENDS_ITEM = re.compile(r"\n(?=[ \t]*(?:[-*•–]|\d{1,2}[.)]|#)[ \t]|[ \t]*\n|[A-Z][\w ]{0,30}:)")
ANSWER = re.compile(r"(?<=[.?!\"”])\s+(?P<label>[A-ZÁÉÍÓÚÑ][\w’']*(?: [A-ZÁÉÍÓÚÑ][\w’']*)?):[ \t]+")
REPORTED = re.compile(rf"(?:(?:{PARTICLES}) )*(?P<surname>[A-ZÁÉÍÓÚÑ][\w’'-]+)(?:[ \t]+(?P<verb>\w+))?")
"""What makes "A. Smith said" somebody who is talked about."""
NUMBERED = re.compile(r"[^\W\d_]+[ _]\d{1,2}")
"""What a machine calls people: "Speaker 1", "SPEAKER_00", "Deelnemer 2"."""
MAIL_HEADER = re.compile(
    r"^(?:From|To|Cc|Bcc|Date|Sent|Subject|Reply-To|De|Para|Fecha|Enviado|Asunto|Van|Aan|Datum|Verzonden|Onderwerp)[ \t]*:",
    re.IGNORECASE,
)
FROM = re.compile(r"(?:From|De|Van)[ \t]*:(?P<who>.*)", re.IGNORECASE)


@dataclass
class _Mark:
    """A label in the text: it begins at ``start``, the words after it at ``words`` (and end at ``until``, if known)."""

    start: int
    words: int
    label: str
    speaker: str | None
    until: int | None = None


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
    return turns_of(room_of(document, speakers, partners, corrections))


def turns_of(room: Room) -> tuple[Turn, ...]:
    return tuple(_turns(room, _marks(room)))


def _marks(room: Room) -> list[_Mark]:
    genre = room.document.genre
    if genre == "email":
        return [_mail_mark(room)]
    found = _label_marks(room)
    if genre in ("minutes", "press", "report"):
        spoken = [mark for mark in found if mark.speaker or genre == "minutes"]
        return _with_quotations(room, _answered(room, _within_their_item(room, spoken)))
    if not found and len(room.tellers) == 1:
        return [_Mark(0, 0, "", room.tellers[0])]
    return found


def _label_marks(room: Room) -> list[_Mark]:
    """Every line that begins with a label which is somebody's: known, an interviewer's, or a name that comes back."""
    document = room.document
    found: dict[int, _Mark] = {}
    patterns = (BOLD_LABEL, LABEL, OWN_LINE, ITEM) if document.genre == "minutes" else (BOLD_LABEL, LABEL, OWN_LINE)
    for pattern in patterns:
        for match in pattern.finditer(document.text):
            mark = _mark(room, match)
            if mark.label and mark.start not in found and _may_be(room, pattern, match, mark):
                found[mark.start] = mark
    marks = _accepted(room, sorted(found.values(), key=lambda mark: mark.start))
    if document.genre != "interview":
        return marks
    # A transcript marks its turns in one way: the one in which most lines begin.
    marks = max(marks, _bracket_marks(room), _initial_marks(room), key=len)
    return _with_other_name(room, marks or _bare_marks(room))


def _mark(room: Room, match: re.Match[str]) -> _Mark:
    groups = match.groupdict()
    label = (groups.get("label") or groups.get("late") or groups.get("early") or "").strip(" *_-–")
    about = (groups.get("about") or groups.get("after") or "").strip()
    text, at = room.document.text, match.end()
    while at < len(text) and text[at] in " \t":
        at += 1
    whole = f"{label} {about}".strip()
    return _Mark(match.start(), at, whole, room.resolved(whole) if label else None)


def _may_be(room: Room, pattern: re.Pattern[str], match: re.Match[str], mark: _Mark) -> bool:
    if room.attendance.holds(mark.start):
        return False
    if pattern is OWN_LINE:
        return mark.speaker is not None or _looks_like_name(mark.label)
    if pattern is not ITEM:
        return True
    # "Sara, Robin and Paula will ..." lists people; "Sara, we will ..." is Sara. Without a bullet only a small letter,
    # or a "we" or an "I", goes on with what somebody said.
    following = match["next"].strip(",;:.")
    joined = match["next"].endswith(",") or (match["then"] or "") in ("and", "y", "e", "en", "&")
    listed = match["sign"] == "," and (
        following.lower() in ("and", "y", "en", "&") or (joined and plain(following) in room.names.people)
    )
    said = match["bullet"] or following[:1].islower() or following in ("I", "We", "Wij", "Ik", "Yo")
    return (mark.speaker is not None or bool(room.attendance.meant_by(mark.label))) and bool(said) and not listed


def _accepted(room: Room, marks: list[_Mark]) -> list[_Mark]:
    often = Counter(plain(mark.label) for mark in marks)
    nobody = words(room.document.language, "not_a_speaker")
    kept = []
    for mark in marks:
        bare = plain(mark.label)
        if mark.speaker or bare in room.key or room.asks(mark.label, None) or room.attendance.meant_by(mark.label):
            kept.append(mark)
        elif room.document.genre == "minutes" and room.attendance.people:
            # Where it says who was there, a stranger's "name" is a topic ("Refresher:"), but for an organisation's.
            if room.names.house(mark.label):
                kept.append(mark)
        elif plain(BRACKET.sub("", mark.label)) not in nobody and _may_be_stranger(room, mark.label, often[bare]):
            kept.append(mark)
    return kept


def _may_be_stranger(room: Room, label: str, times: int) -> bool:
    if room.document.genre == "interview" and (NUMBERED.fullmatch(label) or room.answers(label)):
        return times >= 2 or room.answers(label)
    if any(word.isdigit() for word in plain(label).split()) or not _looks_like_name(label):
        return False
    introduced = room.document.genre == "interview" and label.endswith(")") and " " in BRACKET.sub("", label).strip()
    return times >= 2 or introduced or room.names.partner(label) is not None


def _looks_like_name(label: str) -> bool:
    pieces = BRACKET.sub("", label).split()
    return 1 <= len(pieces) <= 5 and all(one[0].isupper() or len(one) <= 3 for one in pieces) and pieces[0][0].isupper()


def _bare_marks(room: Room) -> list[_Mark]:
    """Known names on lines of their own, where at least two people take at least three turns in that way."""
    found = []
    for match in BARE.finditer(room.document.text):
        mark = _mark(room, match)
        tabbed = match.group().endswith("\t")
        if (mark.speaker or room.asks(mark.label, None)) and (tabbed or len(mark.label) > 2):
            found.append(mark)
    return found if len(found) > 2 and len({plain(mark.label) for mark in found}) > 1 else []


def _bracket_marks(room: Room) -> list[_Mark]:
    """ "[I] How is it?" and "[R] We manage." at the start of lines, where somebody asks and somebody else answers."""
    marks = [
        _mark(room, match) for match in BRACKET_LINE.finditer(room.document.text) if match.start() >= room.head.start
    ]
    often = Counter(plain(mark.label) for mark in marks)
    found = [mark for mark in marks if _may_be_bracketed(room, mark, often[plain(mark.label)])]
    kinds = {room.asks(mark.label, mark.speaker) for mark in found}
    return found if len(kinds) == 2 else []


def _may_be_bracketed(room: Room, mark: _Mark, times: int) -> bool:
    """No "[inaudible]": a letter or a word for who asks or answers, or somebody's name."""
    given = mark.speaker or plain(mark.label) in room.key or room.asks(mark.label, None) or room.answers(mark.label)
    return bool(given) or (times >= 2 and re.fullmatch(r"[A-Z]\d{0,2}", mark.label) is not None)


def _initial_marks(room: Room) -> list[_Mark]:
    """ "C. How is it?" at the start of lines, for the initials that the head explains."""
    given = {one.label: plain(one.name).split()[1:] for one in room.head.initials}
    found = []
    for match in INITIAL_LINE.finditer(room.document.text):
        mark = _mark(room, match)
        if plain(mark.label) in given and not _talked_about(room, mark, given[plain(mark.label)]):
            found.append(mark)
    return found


def _talked_about(room: Room, mark: _Mark, surnames: list[str]) -> bool:
    """ "A. Smith said so" is not said by A."""
    following = REPORTED.match(room.document.text, mark.words)
    if following is None:
        return False
    verb = (following["verb"] or "").lower()
    return plain(following["surname"]) in surnames or verb in words(room.document.language, "said")


def _with_other_name(room: Room, marks: list[_Mark]) -> list[_Mark]:
    """ "Checho Mardones" is Sergio Mardones where he alone tells and nobody else answers."""
    answering = [mark for mark in marks if not room.asks(mark.label, mark.speaker)]
    labels = {plain(mark.label) for mark in answering}
    if len(room.tellers) != 1 or len(labels) != 1 or any(mark.speaker for mark in answering):
        return marks
    if room.names.ends_in(answering[0].label, room.tellers[0]) and labels.isdisjoint(room.key):
        for mark in answering:
            mark.speaker = room.tellers[0]
    return marks


def _within_their_item(room: Room, marks: list[_Mark]) -> list[_Mark]:
    """In minutes a label rules its own line or item, not all that follows."""
    text = room.document.text
    for number, mark in enumerate(marks):
        stop = ENDS_ITEM.search(text, mark.words)
        after = marks[number + 1].start if number + 1 < len(marks) else len(text)
        mark.until = min(stop.start() if stop else len(text), after)
    return marks


def _answered(room: Room, marks: list[_Mark]) -> list[_Mark]:
    """The items cut where somebody else answers within them: "JS: When is that? BW: In August."."""
    found = []
    for mark in marks:
        end = mark.until
        found.append(mark)
        for match in ANSWER.finditer(room.document.text, mark.words, end or len(room.document.text)):
            speaker = room.resolved(match["label"])
            if speaker or room.attendance.meant_by(match["label"]):
                found[-1].until = match.start("label")
                found.append(_Mark(match.start("label"), match.end(), match["label"], speaker, end))
    return found


def _with_quotations(room: Room, marks: list[_Mark]) -> list[_Mark]:
    """The labelled items and, between or within them, the quotations that are somebody else's."""
    found: list[_Mark] = []
    at = 0
    for quoted in quotations_in(room):
        while at < len(marks) and (marks[at].until or 0) <= quoted.start:
            at += 1
        within = marks[at] if at < len(marks) and marks[at].words <= quoted.start else None
        if within is None:
            found.append(_Mark(quoted.start, quoted.start, quoted.label, quoted.speaker, quoted.end))
        elif quoted.labelled_at is not None and quoted.labelled_at > within.words:
            # 'GP: "We can." RA: "We cannot."' on one line: the first item ends where the second label begins.
            within.until = min(within.until or quoted.labelled_at, quoted.labelled_at)
            found.append(_Mark(quoted.start, quoted.start, quoted.label, quoted.speaker, quoted.end))
    return sorted([*marks, *found], key=lambda mark: mark.start)


def _mail_mark(room: Room) -> _Mark:
    """One turn by the sender, from the end of the header lines."""
    text = room.document.text
    end = 0
    sender: str | None = None
    label = ""
    for match in re.compile(r"[^\n]*\n?").finditer(text):
        line = match.group()
        if not line or not (MAIL_HEADER.match(line) or (end and line[:1] in " \t") or (not end and not line.strip())):
            break
        who = FROM.match(line)
        if who and not label:
            label = re.sub(r"<[^>]*>|\"|\[[^\]]*\]|\S+@\S+", "", who["who"]).strip()
            sender = room.resolved(label) if label else None
        end = match.end()
    if not label and len(room.tellers) == 1:
        sender = room.tellers[0]
    return _Mark(0, end, label if sender is None else "", sender)


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


def labels_in(document: Document) -> list[tuple[str, bool, str, int, int]]:
    """Who seems to speak in a text of which nothing is known: (label, asks, organisation, questions, turns) a label."""
    room = Room(Names((), ()), document, {}, {})
    room = replace(room, head=head_of(room))
    given = {one.label: one.name for one in room.head.given if one.name}
    found: dict[str, list[int]] = {}
    shown: dict[str, tuple[str, bool, str]] = {}
    marks = _label_marks(room)
    for number, mark in enumerate(marks):
        bracket = re.search(r"\(([^)]+)\)", mark.label)
        label = re.sub(r"\s*\(.*?\)", "", mark.label).strip()
        label = given.get(plain(label), label)
        bare = plain(label)
        if room.answers(label) and not KEY.search(document.text[:HEAD]):
            continue
        end = marks[number + 1].start if number + 1 < len(marks) else len(document.text)
        said = document.text[mark.words : end].strip()
        counts = found.setdefault(bare, [0, 0])
        counts[0] += said.endswith("?")
        counts[1] += 1
        shown.setdefault(bare, (label, room.asks(mark.label, None), bracket[1] if bracket else ""))
    return [(*shown[bare], questions, turns) for bare, (questions, turns) in found.items()]
