"""Every mention and sentence that a share or a rate is made of, as rows of numbers: what a check sample is drawn from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from weness.coding.checks import MENTION, SENTENCE, Unit
from weness.coding.codings import HUMAN, Codings
from weness.coding.reliability import ALL, reliability_of
from weness.measuring.design import Array, Ints
from weness.measuring.settings import Settings
from weness.measuring.voices import SELVES, WaveVoices, voices_in
from weness.reading.corpus import Corpus, Span

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Place:
    """One unit and where it counts. ``by_person``: a person coded it, so there is nothing to correct. ``words`` of a sentence."""

    unit: Unit
    speaker: str
    genre: str
    by_person: bool
    words: int = 0


@dataclass(frozen=True)
class Frame:
    """The units of a study, in a fixed order. ``texts`` maps each text they stand in to its checksum.

    Rows have the shape (n,), n units.
    """

    places: tuple[Place, ...]
    texts: Mapping[str, str]
    _said: dict[tuple[str, ...], Array] = field(default_factory=dict)

    @property
    def to_check(self) -> tuple[Unit, ...]:
        """What a check sample is drawn from: the units that a machine alone coded."""
        return tuple(place.unit for place in self.places if not place.by_person)

    @cached_property
    def drawable(self) -> dict[str, frozenset[tuple[str, int]]]:
        """Checksum of a text -> (kind, start) of its units that a machine alone coded."""
        found: dict[str, set[tuple[str, int]]] = {checksum: set() for checksum in self.texts.values()}
        for unit in self.to_check:
            found[self.texts[unit.span.document]].add((unit.kind, unit.span.start))
        return {checksum: frozenset(there) for checksum, there in found.items()}

    @cached_property
    def mention(self) -> Flags:
        return np.array([place.unit.kind == MENTION for place in self.places], dtype=bool)

    @cached_property
    def by_person(self) -> Flags:
        return np.array([place.by_person for place in self.places], dtype=bool)

    @cached_property
    def words(self) -> Array:
        return np.array([place.words for place in self.places], dtype=np.float64)

    @cached_property
    def numbers(self) -> dict[tuple[str, Span], int]:
        """(kind, span) -> place, of what a machine alone coded."""
        return {(one.unit.kind, one.unit.span): at for at, one in enumerate(self.places) if not one.by_person}

    def said(self, codes: tuple[str, ...]) -> Array:
        """What the codes on each unit are worth of ``codes``."""
        if codes not in self._said:
            self._said[codes] = np.array([worth(place.unit.predicted, codes) for place in self.places])
        return self._said[codes]

    def coded(self, codes: tuple[str, ...]) -> Array:
        """How many of ``codes`` stand on each unit, as they were said."""
        return np.array([float(sum(code in codes for code in place.unit.predicted)) for place in self.places])

    def among(self, wave: str, partners: Sequence[str], genres: frozenset[str] | None) -> Flags:
        """Which units these partners said in this wave, in texts of these genres."""
        found = (self._waves == wave) & np.isin(self._partners, list(partners))
        return np.asarray(found if genres is None else found & np.isin(self._genres, list(genres)))

    def of_speakers(self, here: Flags) -> Ints:
        """The speakers among ``here``, numbered from 0; -1 elsewhere. shape (n,)"""
        found = np.full(len(self.places), -1, dtype=np.int64)
        _, numbers = np.unique(self._speakers[here], return_inverse=True)
        found[here] = numbers
        return found

    def of_partners(self, here: Flags) -> Ints:
        found = np.full(len(self.places), -1, dtype=np.int64)
        _, numbers = np.unique(self._partners[here], return_inverse=True)
        found[here] = numbers
        return found

    def texts_of(self, here: Flags) -> frozenset[str]:
        return frozenset(map(str, self._documents[here]))

    @cached_property
    def _waves(self) -> NDArray[np.str_]:
        return np.array([place.unit.wave for place in self.places], dtype=str)

    @cached_property
    def _partners(self) -> NDArray[np.str_]:
        return np.array([place.unit.partner for place in self.places], dtype=str)

    @cached_property
    def _speakers(self) -> NDArray[np.str_]:
        return np.array([f"{place.unit.partner}\x1f{place.speaker}" for place in self.places], dtype=str)

    @cached_property
    def _genres(self) -> NDArray[np.str_]:
        return np.array([place.genre for place in self.places], dtype=str)

    @cached_property
    def _documents(self) -> NDArray[np.str_]:
        return np.array([place.unit.span.document for place in self.places], dtype=str)


def worth(said: Sequence[str], codes: tuple[str, ...]) -> float:
    """How many of ``codes`` a second careful reader would give where a person said this.

    Persons' codings go into every measure so (measures, section 11.5): corrected values are on the same scale as theirs.
    """
    return sum(_second_reader(one, code) for one in said for code in codes)


@cache
def _second_reader(said: str, code: str) -> float:
    human = reliability_of(HUMAN)
    if said in SELVES:
        row = human.confusion(ALL)[SELVES.index(said)] + 0.5 / len(SELVES)
        return float(row[SELVES.index(code)] / row.sum()) if code in SELVES else 0.0
    right, seen = human.precision(said, ALL)
    return (right + 1) / (seen + 2) if said == code else 0.0


def frame_of(corpus: Corpus, codings: Codings, settings: Settings) -> Frame:
    """Every self-mention and every sentence of a partner's own voice that counts, with the codes on it."""
    places = (*_mentions(voices_in(corpus, codings, settings)), *_sentences(corpus, codings, settings))
    heard = {place.unit.span.document for place in places}
    return Frame(places, {document.id: document.checksum for document in corpus.documents if document.id in heard})


def _mentions(waves: Sequence[WaveVoices]) -> list[Place]:
    return [
        Place(
            Unit(MENTION, said.coding.span, wave.wave, partner, said.sentence.language, (said.code,)),
            said.sentence.speaker or "",
            said.document.genre,
            said.coding.by_person,
        )
        for wave in waves
        for partner, voice in wave.voices.items()
        for said in voice.selves
    ]


def _sentences(corpus: Corpus, codings: Codings, settings: Settings) -> list[Place]:
    codes: dict[Span, Counter[str]] = {}
    for mark in codings.marks:
        sentence = corpus.sentence_for(mark.span)
        if sentence is not None and mark.code not in SELVES:
            codes.setdefault(sentence.span, Counter())[mark.code] += 1
    found = []
    for document in corpus.documents:
        if not settings.may_count_we(document.genre):
            continue
        for sentence in corpus.sentences_of(document.id):
            if sentence.partner is None or sentence.excluded:
                continue
            told = tuple(sorted(codes.get(sentence.span, Counter()).elements()))
            unit = Unit(SENTENCE, sentence.span, document.wave, sentence.partner, sentence.language, told)
            words = len(corpus.text(sentence.span).split())
            found.append(Place(unit, sentence.speaker or "", document.genre, (document.id, "B") in codings.read, words))
    return found
