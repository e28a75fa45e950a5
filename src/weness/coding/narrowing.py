"""A part of a study instead of the whole: up to one wave, in one language, one partner's own words."""

from __future__ import annotations

from dataclasses import dataclass, replace

from weness.coding.codings import Codings
from weness.reading.corpus import Corpus

BY_MACHINE = "machine"
OTHERS = "other partner"
"""Why a sentence of another partner does not count in a view on one."""


@dataclass(frozen=True, slots=True)
class View:
    """What to look at; "" is everything. ``wave``: the study as it stood then, with the waves before, since what is established
    shows over time. ``coder``: a person's name, or BY_MACHINE for what machines coded alone."""

    partner: str = ""
    wave: str = ""
    language: str = ""
    coder: str = ""

    def __bool__(self) -> bool:
        return any((self.partner, self.wave, self.language, self.coder))

    def __str__(self) -> str:
        told = {"partner": self.partner, "wave": self.wave, "language": self.language, "coder": self.coder}
        return ", ".join(f"{name} {value}" for name, value in told.items() if value)


WHOLE = View()


def narrowed(corpus: Corpus, view: View) -> Corpus:
    """The corpus with only the texts up to the view's wave and in its language, and only its partner's sentences counting.

    Raises KeyError, naming what there is, where the study has no such wave, language or partner.
    """
    for asked, there, what in (
        (view.partner, [one.id for one in corpus.partners], "partner"),
        (view.wave, [one.id for one in corpus.waves], "wave"),
        (view.language, list(corpus.languages), "language"),
    ):
        if asked and asked not in there:
            raise KeyError(f"No {what} called {asked!r}. The study has: {', '.join(there)}.")
    last = next((number for number, one in enumerate(corpus.waves) if one.id == view.wave), len(corpus.waves))
    waves = corpus.waves[: last + 1]
    then = {one.id for one in waves}
    documents = tuple(
        one for one in corpus.documents if (not view.wave or one.wave in then) and view.language in ("", one.language)
    )
    kept = {one.id for one in documents}
    here = [number for number, one in enumerate(corpus.sentences) if one.span.document in kept]
    places = {number: place for place, number in enumerate(here)}
    sentences = tuple(corpus.sentences[number] for number in here)
    if view.partner:
        sentences = tuple(
            one if one.partner == view.partner or one.excluded else replace(one, excluded=OTHERS) for one in sentences
        )
    mentions = tuple(replace(one, sentence=places[one.sentence]) for one in corpus.mentions if one.sentence in places)
    return replace(corpus, documents=documents, waves=waves, sentences=sentences, mentions=mentions)


def within(codings: Codings, corpus: Corpus) -> Codings:
    """The codings of the texts that are in ``corpus``."""
    kept = {one.id for one in corpus.documents}
    return replace(
        codings,
        marks=tuple(mark for mark in codings.marks if mark.span.document in kept),
        seen=frozenset(place for place in codings.seen if place[0] in kept),
        read=frozenset(place for place in codings.read if place[0] in kept),
    )
