"""Where sentences begin and end, by punctuation and a list of abbreviations; offsets are exact by construction."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from weness import library

END = re.compile(
    r"[.!?…]+[\"'”’»)\]*_]*(?=\s|$)"
    r"|\n[ \t]*\n"
    r"|\n(?=[ \t]*(?:[-*•–+|]|\#{1,6}|\d{1,2}[.)]|[a-z]\))\s)"
    r"|^\#{1,6}[ \t][^\n]*",
    re.MULTILINE,
)
INITIAL = re.compile(r"(?:^|[\s(])(?:[A-HJ-ZÁÉÍÓÚÑ]|([A-Z])\1)$")
"""Before a full stop: the J of "J. Stone", the EE of "EE. UU."; not the I of "so did I"."""
NUMBER = re.compile(r"(?:^|\n)[ \t]*(?:\d{1,2}|[a-z])$")
"""Before a full stop: the number of a list item."""
LONGEST = 20
"""Characters before a full stop in which an abbreviation is looked for."""


def sentences_in(text: str, start: int, end: int, language: str) -> list[tuple[int, int]]:
    """Half-open [start, end) pairs of the sentences in text[start:end], without white space at their edges.

    A blank line, a heading and a list item end a sentence, a wrapped line does not. Every character that is not white
    space is in exactly one sentence.
    """
    found: list[tuple[int, int]] = []
    begin = start
    for match in END.finditer(text, start, end):
        if match.start() < begin or not _ends_here(text, begin, match, end, language):
            continue
        found += _trimmed(text, begin, match.end())
        begin = match.end()
    found += _trimmed(text, begin, end)
    return found


def _ends_here(text: str, begin: int, match: re.Match[str], end: int, language: str) -> bool:
    mark = text[match.start()]
    if mark in "\n#":
        return True
    after = match.end()
    while after < end and text[after] in " \t\n—–":
        after += 1
    if after >= end:
        return True
    if mark == "." and _is_short(text, begin, match.start(), text[after], language):
        return False
    # A small letter goes on with the sentence ("... and", "p. m. of Monday", "—preguntó ella").
    return not text[after].islower()


def _is_short(text: str, begin: int, at: int, following: str, language: str) -> bool:
    """Whether the full stop at ``at`` belongs to an abbreviation, an initial or the number of an item."""
    tail = text[max(begin, at - LONGEST) : at]
    word = (tail.rsplit(None, 1)[-1:] or [""])[0].lstrip("(\"'“‘«¿¡").lower()
    if word in _listed(language, "abbreviations"):
        return not (word in _listed(language, "may_end") and following.isupper())
    if following.isdigit() and word in _listed(language, "before_numbers"):
        return True
    return bool(INITIAL.search(tail)) or (NUMBER.search(tail) is not None and at - begin < LONGEST)


def _trimmed(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    if begin < end:
        yield begin, end


@cache
def _listed(language: str, kind: str) -> frozenset[str]:
    known = language if language in library.LANGUAGES else "en"
    return frozenset(word.rstrip(".").lower() for word in library.page(f"lexicons/{known}", "transcripts")[kind])
