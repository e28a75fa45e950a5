"""Words as the learned coders see them: lower case, their first letters."""

from __future__ import annotations

import re
from functools import lru_cache

from weness.reading.named import lowered

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
STEM = 6
"""Letters of a word that count: enough to tell words apart, few enough to join their endings."""


@lru_cache(maxsize=1 << 16)
def stems_in(text: str) -> tuple[str, ...]:
    """Remembered: mentions and segments ask of the same sentences."""
    return tuple(token[:STEM] for token in WORD.findall(lowered(text)))
