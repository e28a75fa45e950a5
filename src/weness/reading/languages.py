"""Which of our languages a text is in, or that it is none of them."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from weness import library

WORD = re.compile(r"[^\W\d_]+")
SHARE = 0.12
"""At least this share of the words must be the small words of a language, or it is none of ours. Ordinary text has .3-.5."""


def language_of(text: str) -> str | None:
    """ "en", "es" or "nl"; None where the text is too short or in another language.

    py3langid ranks our languages; the share of their commonest words decides whether it is any of them.
    """
    words = [word.lower() for word in WORD.findall(text[:20_000])]
    if len(words) < 4:
        return None
    found = str(_identifier().classify(text[:5_000])[0])
    common = _common(found)
    return found if sum(word in common for word in words) >= SHARE * len(words) else None


def language_found(text: str, stated: str) -> str | None:
    """The stated language where the text plainly reads as it, else what language_of says."""
    return stated if stated in library.LANGUAGES and reads_as(text[:20_000], stated) else language_of(text)


def reads_as(text: str, language: str) -> bool:
    """Whether a text has the small words of a language as often as ordinary text does: a quick look before a longer one."""
    words = [word.lower() for word in WORD.findall(text)]
    common = _common(language)
    return sum(word in common for word in words) >= 2 * SHARE * len(words)


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(library.LANGUAGES))
    return identifier


@cache
def _common(language: str) -> frozenset[str]:
    return frozenset(library.page(f"lexicons/{language}", "transcripts")["common_words"])
