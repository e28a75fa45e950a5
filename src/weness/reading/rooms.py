"""What is known before a text is cut: who may speak in it, and which labels mean somebody."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from weness import library
from weness.reading.attendance import Attendance, attendance_in
from weness.reading.corpus import Document, Partner, Speaker
from weness.reading.labels import PARTICLES
from weness.reading.names import Names, names_of, plain

HEAD = 1500
"""Characters at the top of a text in which it may say "R = Lotte Brandsma"."""
KEY = re.compile(
    r"(?<![^\W\d_])(?P<label>[A-Z]\d{0,2}|[A-Z][a-zé]+ ?\d{1,2}) ?= ?(?P<name>[^\n·;,|=(]{2,60}?)(?= *[·;,|\n(]|$)"
)
OFFICE = re.compile(
    r"^[ \t]*\**(?P<label>[^\W\d_][^\n:()*]{1,40}?) \((?P<name>[^()\n,]{3,60}?)(?:[,(][^\n:]{0,80})?\)\**:",
    re.MULTILINE,
)
"""The first "The Chair (Hon. Ana Stone):" says who "The Chair:" is from then on."""
SINGLE = re.compile(r"^[ \t]*(?:[\[(]?\d[\d:.,]*[\])]?[ \t]*)?\**([A-ZÁÉÍÓÚÑ])\**[ \t]*:", re.MULTILINE)
CAPITALS = "A-ZÁÉÍÓÚÑÜ"
TIME = r"(?:[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?[\])]?)"
IN_BRACKETS = r"\[(?P<label>[^\W\d_][^\[\]\n]{0,30})\]"
BRACKETED = re.compile(rf"{IN_BRACKETS}(?=[ \t:*_]|$)", re.MULTILINE)
BRACKET_LINE = re.compile(
    rf"^[ \t]*(?:{TIME}[ \t]*)?(?:\*\*|__)?{IN_BRACKETS}:?(?:\*\*|__)?:?(?=[ \t]|$)", re.MULTILINE
)
""" "[I] How is it?" at the start of a line."""
INITIAL_LINE = re.compile(rf"^[ \t]*(?:{TIME}[ \t]*)?(?P<label>[{CAPITALS}]{{1,2}})\.[ \t]+(?=\S)", re.MULTILINE)
""" "C. How is it?" at the start of a line."""
PERSON = rf"(?P<name>[{CAPITALS}][\w.'’-]*(?: (?:[{CAPITALS}][\w.'’-]*|(?:{PARTICLES})(?= ))){{0,6}})"
GIVEN = (
    re.compile(
        rf"(?<![^\W_])(?P<label>[{CAPITALS}]{{1,2}}) ?[:=] ?{PERSON}(?=(?P<more>(?:(?![{CAPITALS}]{{1,2}} ?[:=])[^\n.;])*))"
    ),
    re.compile(rf"(?P<before>[^\n.;(]*?){PERSON} \((?P<label>[{CAPITALS}]{{1,2}})\)"),
)
""" "Y: Yolanda Stone, coordinator", "Interviewer: Camilo Ruiz (C)"."""
SENTENCE_END = re.compile(r"\.(?=\s|$)")
SPOKEN = ("interview",)
"""Genres in which a lone "Q:" or "Pregunta:" is an interviewer; in minutes it is a point of the agenda."""

NOBODY = Attendance()


@dataclass(frozen=True, slots=True)
class Given:
    """What the head of a transcript says of a label: whose it is, by name and by id where the study knows the name."""

    label: str
    name: str
    speaker: str | None = None
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """The labels that are explained at the top of a transcript with "[R] ..." or "C. ...", and where its turns begin."""

    brackets: tuple[Given, ...] = ()
    initials: tuple[Given, ...] = ()
    start: int = 0

    @property
    def given(self) -> tuple[Given, ...]:
        return (*self.brackets, *self.initials)


@dataclass(frozen=True)
class Room:
    """The document, the people and organisations of the study, and a key from plain labels to speaker ids."""

    names: Names
    document: Document
    speakers: Mapping[str, Speaker]
    key: Mapping[str, str]
    attendance: Attendance = NOBODY
    head: Head = Head()
    known: dict[str, str | None] = field(default_factory=dict)

    @property
    def tellers(self) -> list[str]:
        """Who tells in this document by the study file, interviewers left out."""
        return [id for id in self.document.speakers if not self.speakers[id].is_interviewer]

    def resolved(self, label: str) -> str | None:
        """The speaker id of a label, or None where it is nobody's or could be several people's."""
        if label not in self.known:
            self.known[label] = self._resolved(label)
        return self.known[label]

    def _resolved(self, label: str) -> str | None:
        bare = plain(label)
        if bare in self.key:
            return self.key[bare]
        here = self.attendance.meant_by(label)
        if here:
            # Somebody in the room is called so: an absent namesake is not meant.
            ids = {one.speaker for one in here}
            ids = ids & set(self.document.speakers) if len(ids) > 1 and ids & set(self.document.speakers) else ids
            return ids.pop() if len(ids) == 1 else None
        if bare in words(self.document.language, "interviewer") and self.document.genre in SPOKEN:
            return None
        found = self.names.speaker(label, self.document.speakers)
        if found is None and self.answers(label):
            return self.tellers[0] if len(self.tellers) == 1 else None
        return found

    def asks(self, label: str, speaker: str | None) -> bool:
        if speaker is not None:
            return self.speakers[speaker].is_interviewer
        if any(one.asks and one.label == plain(label) for one in self.head.given):
            return True
        return self.document.genre in SPOKEN and plain(label) in words(self.document.language, "interviewer")

    def answers(self, label: str) -> bool:
        """Whether a label is only a respondent's: "R", "Respondent", "Antwoord"."""
        return plain(label) in words(self.document.language, "respondent")

    def house(self, label: str) -> str | None:
        """The partner of somebody who is not a speaker of the study: by attendance list, bracket or own name."""
        here = {one.partner for one in self.attendance.meant_by(label)}
        if len(here) == 1:
            return here.pop() or self.names.partner(label)
        return self.names.partner(label)


def room_of(
    document: Document,
    speakers: Iterable[Speaker],
    partners: Iterable[Partner],
    corrections: Iterable[tuple[str, str]] = (),
) -> Room:
    """``corrections`` are (label, speaker id) pairs of the study file; they win over every guess."""
    people = tuple(speakers)
    names = names_of(people, tuple(partners))
    spoken = document.genre in SPOKEN
    listed = attendance_in(document.text[:HEAD] if spoken else document.text, document.language, names)
    room = Room(names, document, {speaker.id: speaker for speaker in people}, {}, listed)
    key = dict(_key_of_initials(room)) if spoken else {}
    for match in (*KEY.finditer(document.text[:HEAD]), *OFFICE.finditer(document.text)):
        label = plain(match["label"])
        id = names.speaker(match["name"], document.speakers)
        if id and (match.re is KEY or (label not in key and names.speaker(label) is None)):
            key[label] = id
    head = head_of(room)
    key |= {one.label: one.speaker for one in head.given if one.speaker}
    key |= {plain(label): id for label, id in corrections}
    return Room(names, document, room.speakers, key, listed, head)


def head_of(room: Room) -> Head:
    """What the head of an interview says of "[I]" and "[R]", or of initials with a full stop."""
    if room.document.genre not in SPOKEN:
        return Head()
    brackets, start = _brackets_given(room)
    return Head(brackets, _initials_given(room), start)


def _brackets_given(room: Room) -> tuple[tuple[Given, ...], int]:
    """ "[I] interviewer, [R] Ana Stone, chair", within a line or as one, before the first turn."""
    text = room.document.text
    lines = list(BRACKET_LINE.finditer(text))
    first = next((at for at, line in enumerate(lines) if not _explains(room, line)), len(lines))
    back = {plain(line["label"]) for line in lines[first:]}
    if not back:
        return (), 0
    start = lines[first].start()
    given = (_given(room, label, piece) for label, piece in _pieces(text[:start]) if label in back)
    return _first_of_each(given), start if first else 0


def _explains(room: Room, line: re.Match[str]) -> bool:
    """Whether a line that begins with "[I]" is no turn, but says who I is."""
    text = room.document.text
    end = text.find("\n", line.end())
    whole = text[line.start() : end if end >= 0 else len(text)]
    pieces = list(_pieces(whole))
    labels = {label for label, _ in pieces}
    if "?" in whole or "¿" in whole or len(labels) < len(pieces):
        return False
    given = [_given(room, *piece) for piece in pieces]
    if len(pieces) > 1:
        return any(one.speaker or one.asks or _role(room, piece) for one, (_, piece) in zip(given, pieces, strict=True))
    # "[R] Ana Stone, chair" on a line of its own; "[I] Ana Stone, tell me" is a turn.
    who = given[0].speaker
    agrees = who is not None and room.speakers[who].is_interviewer == (
        labels <= words(room.document.language, "interviewer")
    )
    return agrees and " " in plain(re.split(r"[,;·|(]", pieces[0][1])[0])


def _pieces(text: str) -> Iterable[tuple[str, str]]:
    """Each "[R]" of a text as a plain label, with what follows up to the next, or to the end of the line."""
    found = list(BRACKETED.finditer(text))
    for number, match in enumerate(found):
        end = found[number + 1].start() if number + 1 < len(found) else len(text)
        yield plain(match["label"]), text[match.end() : end].split("\n", 1)[0].strip(" \t:*_·|,;")


def _role(room: Room, piece: str) -> str:
    """ "interviewer" or "respondent", where a piece of the head is no more than that."""
    bare = plain(piece)
    kinds = (kind for kind in ("interviewer", "respondent") if bare in words(room.document.language, kind))
    return next(kinds, "")


def _given(room: Room, label: str, piece: str) -> Given:
    """A label with whom the piece of the head after it names; "Ana Stone. By video" is Ana Stone."""
    name = re.split(r"[,;·|(\n]", piece)[0].strip()
    ends = [len(name), *(end.start() for end in reversed(list(SENTENCE_END.finditer(name))))]
    called = [name[:end].strip() for end in ends if name[:end].strip()]
    speaker = next(filter(None, (room.names.speaker(one, room.document.speakers) for one in called)), None)
    role = _role(room, called[-1]) if called else ""
    if speaker is None and role == "respondent" and len(room.tellers) == 1:
        speaker = room.tellers[0]
    shortest = next((one for one in reversed(called) if " " in one), name) if not role else ""
    return Given(label, shortest, speaker, speaker is None and (role == "interviewer" or _asks(room, piece)))


def _asks(room: Room, about: str) -> bool:
    """Whether it is said of somebody that he or she asks: "que pregunta", "Interviewer: ...", "Entrevista de ..."."""
    bare = f" {plain(about.replace(':', ' door '))} "
    asking = {word for word in words(room.document.language, "interviewer") if len(word) > 3} - {
        "interview",
        "entrevista",
    }
    by = re.search(r" (?:interview|entrevista) (?:door|by|de|por) ", bare)
    return by is not None or any(f" {word} " in bare for word in asking)


def _initials_given(room: Room) -> tuple[Given, ...]:
    """The initials that the head explains, where at least two of them begin lines: "C. And then?", "Y. We waited."."""
    text = room.document.text
    lines = [(plain(line["label"]), line.start()) for line in INITIAL_LINE.finditer(text)]
    if not lines:
        return ()
    found = sorted(
        (match for given in GIVEN for match in given.finditer(text[:HEAD])), key=lambda match: match.start("name")
    )
    explained = [(_initial(room, match), match.end()) for match in found]
    start = next((at for label, at in lines if any(one.label == label and end <= at for one, end in explained)), 0)
    given = _first_of_each(one for one, end in explained if end <= start and _may_be_called(room, one))
    often = [sum(label == one.label and at >= start for label, at in lines) for one in given]
    back = tuple(one for one, times in zip(given, often, strict=True) if times)
    asked = any(room.speakers[one.speaker].is_interviewer if one.speaker else one.asks for one in back)
    # A list of points "A.", "B." has each letter once.
    return back if len(back) > 1 and (asked or max(often) > 1) else ()


def _initial(room: Room, match: re.Match[str]) -> Given:
    """Whom an explained initial means. In "Pregunta Camilo Ruiz (C)" the first word is not of the name."""
    pieces = [piece.rstrip(".") if len(piece) > 3 else piece for piece in match["name"].split()]
    shorter = [" ".join(pieces[first:last]) for first in range(len(pieces)) for last in range(len(pieces), first, -1)]
    long = sorted(
        (one for one in shorter if " " in one or one == " ".join(pieces) or any(map(str.isdigit, one))),
        key=lambda one: -len(one),
    )
    ids = (room.names.speaker(one, room.document.speakers) for one in long)
    speaker = next(filter(None, ids), None)
    groups = match.groupdict()
    about = f"{groups.get('before') or ''} {match['name']} {groups.get('more') or ''}"
    told = words(room.document.language, "interviewer") | words(room.document.language, "respondent")
    while len(pieces) > 1 and (plain(pieces[0]) in told or pieces[0].islower()):
        pieces = pieces[1:]
    return Given(plain(match["label"]), " ".join(pieces), speaker, speaker is None and _asks(room, about))


def _may_be_called(room: Room, given: Given) -> bool:
    """Whether a letter fits a name: it is an initial of it, a known person's, or the usual one for who asks or answers."""
    usual = words(room.document.language, "interviewer") | words(room.document.language, "respondent")
    initials = [word[0] for word in plain(given.name).split()]
    return bool(given.speaker or given.label in usual or all(letter in initials for letter in given.label))


def _first_of_each(given: Iterable[Given]) -> tuple[Given, ...]:
    found: dict[str, Given] = {}
    for one in given:
        found.setdefault(one.label, one)
    return tuple(found.values())


def _key_of_initials(room: Room) -> Iterable[tuple[str, str]]:
    """ "N:" is Nubia where one letter is all the label there is, and nobody else of the document begins with it."""
    language = room.document.language
    used = {plain(label) for label in SINGLE.findall(room.document.text)}
    asking, answering = (used & words(language, kind) for kind in ("interviewer", "respondent"))
    people = [room.speakers[id] for id in room.document.speakers]
    for letter in sorted(used - answering):
        called = [one for one in people if plain(one.name).startswith(letter)]
        if len(called) != 1 or (letter in asking and not answering and not asking - {letter}):
            continue
        # "P" is a question in Spanish; it is Pilar only where another letter does the asking and none the answering.
        if letter not in asking or (not answering and asking - {letter}):
            yield letter, called[0].id


@cache
def words(language: str, kind: str) -> frozenset[str]:
    """The words of one kind in a language. English ones are understood everywhere, unless they mean the opposite there."""
    own = _of(language if language in library.LANGUAGES else "en", kind)
    other = {"interviewer": "respondent", "respondent": "interviewer"}.get(kind)
    return own | (_of("en", kind) - (_of(language, other) if other and language in library.LANGUAGES else frozenset()))


def _of(language: str, kind: str) -> frozenset[str]:
    return frozenset(
        word.lower() if kind in ("said", "according", "pronouns", "too") else plain(word)
        for word in library.page(f"lexicons/{language}", "transcripts")[kind]
    )
