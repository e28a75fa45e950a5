"""Which of our languages a text is in, or that it is none of them."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from weness import library

WORD = re.compile(r"[^\W\d_]+")
ADDRESS = re.compile(r"://|@|www\.|#\d")
"""Addresses and links say nothing of the language of a text, and minutes are full of them."""

SHARE = 0.12
"""At least this share of the words must be the small words of a language, or it is none of ours. Ordinary text has .3-.5."""
PLAINLY = 0.18
"""With this share a text reads plainly as a language, if the others of ours have less than half of it and the small
words of its next of kin are as good as absent."""
KIN = 0.02
"""With this share of words such as Portuguese "uma" or Afrikaans "nie" the machine is asked, however Spanish the rest."""
LONG = 25
"""Words from which on py3langid may choose among all its languages; of shorter texts it knows too little."""
DIALECTS = {"ext": "es", "an": "es", "pcm": "en", "sco": "en", "li": "nl"}
"""Neighbours that py3langid takes for a language of their own where somebody writes ours a little differently."""


def language_of(text: str) -> str | None:
    """ "en", "es" or "nl"; None where the text is too short or in another language.

    py3langid chooses among all its languages (among ours, where the text is short); the share of the commonest words
    must bear it out.
    """
    prose = _prose(text)
    words = [word.lower() for word in WORD.findall(prose)]
    if len(words) < 4:
        return None
    ranked = [str(code) for code, _ in _identifier().rank(prose[:5_000])]
    ours = next(code for code in ranked if code in library.LANGUAGES)
    if len(words) >= LONG and DIALECTS.get(ranked[0], ranked[0]) != ours:
        return None
    return ours if _share(words, ours, "common_words") >= SHARE else None


def language_found(text: str, stated: str) -> str | None:
    """The stated language where the text plainly reads as it, else what language_of says."""
    return stated if stated in library.LANGUAGES and reads_as(text, stated) else language_of(text)


def reads_as(text: str, language: str) -> bool:
    """Whether a text plainly has the small words of a language and not of its kin: a quick look before a longer one."""
    words = [word.lower() for word in WORD.findall(_prose(text))]
    own, *others = (
        _share(words, one, "common_words") for one in sorted(library.LANGUAGES, key=lambda one: one != language)
    )
    return own >= PLAINLY and own > 2 * max(others) and _share(words, language, "kin_words") < KIN


def spoken_in(words: str, usual: str) -> str:
    """The language of a turn: the usual one, unless the small words of another of ours are there far more often."""
    said = [word.lower() for word in WORD.findall(words)]
    shares = {language: _share(said, language, "common_words") for language in library.LANGUAGES}
    other = max(library.LANGUAGES, key=lambda language: shares[language])
    return other if shares[other] >= PLAINLY and shares[other] > 2 * shares.get(usual, 0.0) else usual


def _prose(text: str) -> str:
    return " ".join(piece for piece in text[:20_000].split() if not ADDRESS.search(piece))


def _share(words: list[str], language: str, kind: str) -> float:
    listed = _listed(language, kind)
    return sum(word in listed for word in words) / max(len(words), 1)


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE)


@cache
def _listed(language: str, kind: str) -> frozenset[str]:
    return frozenset(library.page(f"lexicons/{language}", "transcripts")[kind])
