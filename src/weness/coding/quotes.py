"""Where a quote stands in a text, white space, case and the kind of quotation marks not counting."""

from __future__ import annotations

import re

GAP = re.compile(r"\s*(?:\.\.\.|…|\[\.\.\.\]|\[…\])\s*")
LONGEST = 900
"""Characters that the dots of a quote may stand for."""


def spans_of(quote: str, text: str) -> list[tuple[int, int]]:
    """Every place of a quote, half-open; of one with dots inside, from its first to its last words. [] where there is none."""
    if not quote.strip():
        return []
    if whole := [match.span() for match in re.finditer(_loose(quote), text, re.IGNORECASE)]:
        return whole
    ends = [piece for piece in GAP.split(quote.strip()) if piece]
    if len(ends) < 2:
        return [match.span() for match in re.finditer(_loose(ends[0]), text, re.IGNORECASE)] if ends else []
    pattern = rf"{_loose(ends[0])}.{{1,{LONGEST}}}?{_loose(ends[-1])}"
    return [match.span() for match in re.finditer(pattern, text, re.IGNORECASE | re.DOTALL)]


def inside_brackets(quote: str, text: str) -> list[tuple[int, int]]:
    """Every place of the [bracketed] words of a quote, in the surroundings that the quote gives."""
    before, inside, after = re.split(r"[\[\]]", quote, maxsplit=2)
    pattern = rf"{_loose(before)}{_space(before, -1)}({_loose(inside)}){_space(after, 0)}{_loose(after)}"
    return [match.span(1) for match in re.finditer(pattern, text)]


def _space(words: str, at: int) -> str:
    return r"\s+" if words and words[at].isspace() else ""


def _loose(words: str) -> str:
    pieces = re.split(r"(\s+)", words.strip())
    return "".join(r"\s+" if piece.isspace() else _marks(re.escape(piece)) for piece in pieces if piece)


def _marks(escaped: str) -> str:
    return re.sub(r"[\"“”„«»]", '["“”„«»]', re.sub(r"['‘’]", "['‘’]", escaped))
