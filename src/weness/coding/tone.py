"""In which tone a fellow partner is spoken of: appreciative, blaming or merely descriptive."""

from __future__ import annotations

import re
from functools import cache

from weness import library


def tone_of(low: str, language: str) -> str:
    """The tone of a sentence (in lower case) about an other. Where both are heard, or neither: descriptive."""
    heard = [tone for tone, words in _words(language).items() if words.search(low)]
    return heard[0] if len(heard) == 1 else "descriptive"


@cache
def _words(language: str) -> dict[str, re.Pattern[str]]:
    tones = library.page(f"lexicons/{language}", "reference")["tones"]
    return {tone: re.compile(rf"\b(?:{'|'.join(words)})") for tone, words in sorted(tones.items())}
