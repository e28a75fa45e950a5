"""What a speaker's label looks like at the start of a line, for formats in which lines must be told apart."""

from __future__ import annotations

import re

PARTICLES = "van|von|de|den|der|het|del|la|las|los|el|y|e|i|da|do|di|du|le|ten|ter|te|of|en|and|op|in|'t"
WORD = r"(?:[^\W\d_][\w.'’\-]*|\d{1,3})"
CAPITAL = rf"(?:(?=[^\Wa-zß-öø-ÿ\d_]){WORD})"
LABEL = re.compile(
    rf"[*_]{{0,3}}(?P<name>{CAPITAL}(?:[ ,]{{1,2}}(?:{CAPITAL}|\d{{1,3}}|(?:{PARTICLES})(?=\s))){{0,6}}"
    rf"(?:\s?\([^()\n]{{1,80}}(?:\([^()\n]{{1,60}}\)[^()\n]{{0,20}})?\))?)\s?:[*_]{{0,3}}(?:\s+|$)"
)
"""``Name:``, ``María de la Cruz:``, ``Ms. Kwan (Vancouver East, NDP):``, ``I:``, ``Speaker 1:``; no clock time."""


def label_in(line: str) -> tuple[str, str] | None:
    """The name and the words after it, or None where the line begins with no label."""
    found = LABEL.match(line)
    return (found["name"], line[found.end() :]) if found else None
