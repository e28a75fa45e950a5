"""Where sentences begin and end, by punctuation and a list of abbreviations; offsets are exact by construction."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from weness import library

END = re.compile(r"[.!?…]+[\"'”’»)\]*_]*(?=\s|$)|\n[ \t]*\n|\n(?=[ \t]*(?:[-*•–]|\d{1,2}[.)])\s)")
INITIAL = re.compile(r"(?:^|[\s(])[A-ZÁÉÍÓÚÑ]$")


def sentences_in(text: str, start: int, end: int, language: str) -> list[tuple[int, int]]:
    """Half-open [start, end) pairs of the sentences in text[start:end], without white space at their edges.

    A blank line and a list item end a sentence, a wrapped line does not. Every character that is not white space is in
    exactly one sentence.
    """
    short = _abbreviations(language)
    found: list[tuple[int, int]] = []
    begin = start
    for match in END.finditer(text, start, end):
        if match.start() < begin or not _ends_here(text, begin, match, end, short):
            continue
        found += _trimmed(text, begin, match.end())
        begin = match.end()
    found += _trimmed(text, begin, end)
    return found


def _ends_here(text: str, begin: int, match: re.Match[str], end: int, short: frozenset[str]) -> bool:
    if match.group()[0] == "\n":
        return True
    after = match.end()
    while after < end and text[after] in " \t\n":
        after += 1
    if after >= end:
        return True
    following = text[after]
    if match.group()[0] == ".":
        word = text[max(begin, match.start() - 20) : match.start()].rsplit(None, 1)[-1:] or [""]
        bare = word[0].lstrip("(\"'“‘«¿¡").lower()
        if bare in short and not (bare in ("etc", "p. m", "m") and following.isupper()):
            return False
        if INITIAL.search(text[max(begin, match.start() - 3) : match.start()]):
            return False
    # A small letter goes on with the sentence ("... and", "p. m. of Monday").
    return not following.islower()


def _trimmed(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    if begin < end:
        yield begin, end


@cache
def _abbreviations(language: str) -> frozenset[str]:
    known = language if language in library.LANGUAGES else "en"
    return frozenset(
        word.rstrip(".").lower() for word in library.page(f"lexicons/{known}", "transcripts")["abbreviations"]
    )
