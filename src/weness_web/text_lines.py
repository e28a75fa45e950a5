"""A text as lines of HTML, in blocks that a browser lays out only when they come into view; all of it escaped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe

from weness_web.models import Document

LONGEST = 4_000
"""Characters of one paragraph: a text without line breaks is cut at a space, so that no paragraph is slow to lay out."""
BLOCK = 8_000
"""Characters of one block, about."""


@dataclass(frozen=True, slots=True)
class Line:
    """``gap``: an empty line stands before it. ``goes_on``: it is cut from the one before. ``who`` begins to speak here."""

    start: int
    text: str
    gap: bool
    goes_on: bool
    who: str = ""
    asks: bool = False
    language: str = ""


def lines_in(document: Document, names: Mapping[str, str]) -> Iterator[Line]:
    """Every line that is not empty, with who begins to speak there: a turn begins after its label, inside a line."""
    turns, sentences = document.turns, document.sentences
    turn, sentence = -1, 0
    for start, text, gap, goes_on in _pieces(document.text):
        last, who = start + len(text) - 1, ""
        while turn + 1 < len(turns) and turns[turn + 1][0] <= last:
            turn += 1
            _, _, speaker, label, _ = turns[turn]
            who = names.get(speaker or "", speaker or label or "")
        while sentence + 1 < len(sentences) and sentences[sentence + 1][0] <= last - len(text) // 2:
            sentence += 1
        asks = turn >= 0 and bool(turns[turn][4]) and start < turns[turn][1]
        language = sentences[sentence][2] if sentences and sentences[sentence][2] != document.language else ""
        yield Line(start, text, gap, goes_on, who, asks, language or "")


def text_html(document: Document, names: Mapping[str, str]) -> SafeString:
    """Put together by hand, since a long text has thousands of lines; nothing goes in but escaped."""
    blocks: list[list[str]] = []
    size = BLOCK + 1
    for line in lines_in(document, names):
        if size > BLOCK and not line.goes_on:
            blocks.append([f'<div class="block" data-start="{line.start}">'])
            size = 0
        blocks[-1].append(f'<p data-start="{line.start}"{_told(line)}>{_shown(line.text)}</p>')
        size += len(line.text)
    return mark_safe("\n".join("".join((*block, "</div>")) for block in blocks))


def _told(line: Line) -> str:
    kinds = " ".join(name for name, holds in (("gap", line.gap), ("on", line.goes_on), ("asks", line.asks)) if holds)
    told = (("class", kinds), ("data-who", line.who), ("lang", line.language))
    return "".join(f' {name}="{escape(value)}"' for name, value in told if value)


def _shown(text: str) -> str:
    # A browser would make a line end of a bare \r.
    return escape(text).replace("\r", "&#13;")


def _pieces(text: str) -> Iterator[tuple[int, str, bool, bool]]:
    at, gap = 0, False
    for line in text.split("\n"):
        if not line.strip():
            gap = True
        else:
            cut = 0
            while cut < len(line):
                end = _cut(line, cut)
                yield at + cut, line[cut:end], gap and not cut, cut > 0
                cut = end
            gap = False
        at += len(line) + 1


def _cut(line: str, begin: int) -> int:
    if len(line) - begin <= LONGEST:
        return len(line)
    space = line.rfind(" ", begin, begin + LONGEST)
    return space + 1 if space > begin else begin + LONGEST
