"""Direct speech in minutes and articles: quoted words are given to a speaker where it is plain whose they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from weness.reading.names import plain
from weness.reading.rooms import Room, words

QUOTE = re.compile(
    r"\"(?P<straight>[^\"“”\n]{3,1500})\"|[“„](?P<curly>[^“”„\n]{3,1500})[”“]|«(?P<angled>[^«»\n]{3,1500})»"
    r"|(?<!\w)‘(?P<single>(?:[^‘’\n]|’(?=\w)){3,1500})’(?!\w)"
)
INLINE = re.compile(r"(?P<label>[^\W\d_][\w.’'-]*(?:[ ][^\W_][\w.’'-]*){0,4})(?:[ ]?\([^()]{1,50}\))?:[ ]*$")
NEAR = 500
"""Characters before and after a quotation, on its line, in which its speaker is looked for."""
FEWEST = 3
"""Quoted words fewer than these are a wording or a nickname, unless it is plainly said that somebody says them."""
WORD = re.compile(r"[^\W_][\w'’-]*")


@dataclass(frozen=True, slots=True)
class Quotation:
    """Quoted words [start, end), whose they are, and from where on the text leads up to them."""

    start: int
    end: int
    speaker: str | None
    label: str = ""
    labelled_at: int | None = None


def quotations_in(room: Room) -> Iterator[Quotation]:
    """The quotations of a text that are somebody's: a known speaker's, or of somebody whose organisation is known."""
    text = room.document.text
    last: str | None = None
    for match in QUOTE.finditer(text):
        start, end = match.span(str(match.lastgroup))
        line = text.rfind("\n", max(0, match.start() - NEAR), match.start()) + 1 or max(0, match.start() - NEAR)
        before = text[line : match.start()]
        after = text[match.end() : match.end() + NEAR].split("\n", 1)[0]
        label = _label_before(room, before)
        if label:
            speaker = room.resolved(label)
            yield Quotation(start, end, speaker, label, match.start() - len(before) + before.rindex(label))
        elif room.document.genre == "minutes" and _inline(before):
            speaker = None
        else:
            plainly = before.rstrip().endswith(":") or _following(room.document.language).match(after)
            enough = plainly or len(WORD.findall(text[start:end])) >= FEWEST
            speaker = _said_by(room, before, after, last) if enough else None
            if speaker:
                yield Quotation(start, end, speaker)
        last = speaker


def _label_before(room: Room, before: str) -> str | None:
    """The label right before a quotation; how much of what stands before the colon it is, the names tell."""
    inline = _inline(before)
    pieces = inline["label"].split() if inline else []
    for first in range(len(pieces)):
        label = " ".join(pieces[first:])
        # A name is written with a capital; what an organisation is called ("la universidad") need not be.
        if room.names.house(label) or (label[0].isupper() and (room.resolved(label) or room.house(label))):
            return label
    return None


def _inline(before: str) -> re.Match[str] | None:
    return INLINE.search(before[-150:]) if before.rstrip(" ").endswith(":") else None


def _said_by(room: Room, before: str, after: str, last: str | None) -> str | None:
    language = room.document.language
    following = _following(language).match(after)
    if following:
        who = following["who"] or following["name"] or ""
        if not _pronoun(language).match(who):
            return _first_named(room, who)
    sentences = re.split(r"(?<=[.!?…])[\"”»’]*\s", before)
    own, previous = sentences[-1], sentences[-2] if len(sentences) > 1 else ""
    if _pronoun_says(language).match(own):
        return last
    if own.strip(" —–-("):
        return _named(room, own) if following or _leads_up(language, own) else None
    # Nothing but the quotation: the sentence before it says who ("Ruiz warned of that. “We ...”").
    return _named(room, previous) if following or _leads_up(language, previous) else None


def _leads_up(language: str, sentence: str) -> bool:
    """Whether a sentence reports what somebody said."""
    return bool(_saying(language).search(sentence)) or sentence.rstrip().endswith(":")


def _first_named(room: Room, who: str) -> str | None:
    """Of "the director, Ana Pérez, who knows Bob" the first that is a name, if that is a known one."""
    for piece in who.split(","):
        if any(word[0].isupper() for word in WORD.findall(piece)):
            return _named(room, piece)
    return None


def _named(room: Room, piece: str) -> str | None:
    """The one known speaker whose name stands in a piece of text; None where there is none, or more than one."""
    capitals = f" {' '.join(plain(word) for word in WORD.findall(piece) if word[0].isupper())} "
    whole: set[str] = set()
    partly: set[str] = set()
    for id in room.document.speakers or room.speakers:
        name = [plain(word) for word in room.speakers[id].name.split() if word[0].isupper()]
        # "Van Eerd" is the firm as well as Rob van Eerd: such a surname alone names nobody.
        alone = [word for word in name[:1] + name[-1:] if word not in room.names.house_words]
        if f" {' '.join(name)} " in capitals:
            whole.add(id)
        elif any(f" {word} " in capitals for word in alone):
            partly.add(id)
    found = whole or partly
    return found.pop() if len(found) == 1 else None


@cache
def _saying(language: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_listed(language, 'said')}|{_listed(language, 'according')})\b", re.IGNORECASE)


@cache
def _following(language: str) -> re.Pattern[str]:
    """ ", said X of Y" or ", X said" after a quotation."""
    said = f"(?:{_listed(language, 'said')}|{_listed(language, 'according')})"
    lead = r"[,.;]?\s*[—–-]?\s*"
    return re.compile(
        rf"{lead}{said}\b(?P<who>[^.\n\"“«]{{0,80}})|{lead}(?P<name>[^.,\n\"“«]{{1,60}}?)\s+{said}\b", re.IGNORECASE
    )


@cache
def _pronoun(language: str) -> re.Pattern[str]:
    """Nothing at all, or no more than "he also"."""
    return re.compile(
        rf"\W*(?:(?:{_listed(language, 'pronouns')})\b)?\W*(?:(?:{_listed(language, 'too')})\b)?\W*$", re.IGNORECASE
    )


@cache
def _pronoun_says(language: str) -> re.Pattern[str]:
    """ "She added:", "También dijo:"; a sentence that says who only by a pronoun or a verb."""
    too = f"(?:(?:{_listed(language, 'too')})\\s+)?"
    pronoun = f"(?:(?:{_listed(language, 'pronouns')})\\s+)?"
    return re.compile(rf"\W*{too}{pronoun}{too}(?:{_listed(language, 'said')})\b[^\"“«]{{0,30}}$", re.IGNORECASE)


def _listed(language: str, kind: str) -> str:
    return "|".join(re.escape(word) for word in sorted(words(language, kind), key=lambda one: (-len(one), one)))
