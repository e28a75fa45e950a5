"""Who said what in one wave: the codings that count, sorted by partner."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from weness.coding.codings import Coding, Codings
from weness.measuring.settings import Settings
from weness.reading.corpus import Corpus, Document, Sentence, words_in

SELVES = ("WE_PARTNERSHIP", "WE_OWN", "WE_SUBGROUP", "WE_SECTOR", "WE_COMMUNITY", "WE_UNCLEAR", "WE_GENERIC")


@dataclass(frozen=True, slots=True)
class Said:
    """One coding with the sentence and the document that it stands in."""

    coding: Coding
    sentence: Sentence
    document: Document

    @property
    def code(self) -> str:
        return self.coding.code

    def field(self, name: str) -> object:
        return self.coding.fields.get(name)


@dataclass(frozen=True)
class Voice:
    """One partner's own voice in one wave. ``talk`` is what may be counted; ``words`` its own words in all genres."""

    partner: str
    selves: tuple[Said, ...]
    prompted: tuple[Said, ...]
    talk: tuple[Said, ...]
    words: int
    documents: tuple[Document, ...]
    speakers: tuple[str, ...]

    def of(self, *codes: str) -> tuple[Said, ...]:
        return tuple(said for said in self.talk if said.code in codes)

    @cached_property
    def resolved(self) -> tuple[Said, ...]:
        """Collective self-mentions that mean somebody: neither generic nor unclear."""
        return tuple(said for said in self.selves if said.code not in ("WE_GENERIC", "WE_UNCLEAR"))


@dataclass(frozen=True)
class WaveVoices:
    """All voices of one wave, and ``unowned``: what documents say in nobody's voice (minutes, above all).

    ``only_records``: there are documents, and all are of genres that give no rates of "we" (measures, section 13).
    """

    wave: str
    voices: Mapping[str, Voice]
    unowned: tuple[Said, ...]
    only_records: bool = False

    def of(self, *codes: str) -> tuple[Said, ...]:
        return tuple(said for voice in self.voices.values() for said in voice.of(*codes))

    @property
    def talk(self) -> tuple[Said, ...]:
        return tuple(said for voice in self.voices.values() for said in voice.talk)

    def telling(self, holds: Callable[[Said], bool]) -> dict[str, tuple[Said, ...]]:
        """The partners in whose voice ``holds`` is true of something said, with what that is."""
        found = {partner: tuple(filter(holds, voice.talk)) for partner, voice in self.voices.items()}
        return {partner: said for partner, said in found.items() if said}


def voices_in(
    corpus: Corpus,
    codings: Codings,
    settings: Settings,
    genres: frozenset[str] | None = None,
    without: str | None = None,
) -> tuple[WaveVoices, ...]:
    """One WaveVoices a wave. ``genres`` restricts the documents, ``without`` leaves one partner out."""
    everything = list(_said(corpus, codings))
    waves = []
    for wave in corpus.waves:
        documents = [
            document
            for document in corpus.documents
            if document.wave == wave.id and (genres is None or document.genre in genres)
        ]
        here = {document.id for document in documents}
        said = [one for one in everything if one.document.id in here]
        voices = {
            partner.id: _voice(partner.id, said, documents, corpus, settings)
            for partner in corpus.partners
            if partner.id != without
        }
        records = bool(documents) and not any(settings.may_count_we(document.genre) for document in documents)
        waves.append(WaveVoices(wave.id, voices, _unowned(said, settings), records))
    return tuple(waves)


def _said(corpus: Corpus, codings: Codings) -> Iterable[Said]:
    for mark in codings.marks:
        sentence = corpus.sentence_for(mark.span)
        if sentence is not None:
            yield Said(mark, sentence, corpus.document(mark.span.document))


def _voice(partner: str, said: list[Said], documents: list[Document], corpus: Corpus, settings: Settings) -> Voice:
    own = [one for one in said if one.sentence.partner == partner and not one.sentence.excluded]
    selves = [one for one in own if one.code in SELVES and settings.may_count_we(one.document.genre)]
    sentences = [
        sentence
        for document in documents
        if settings.may_count_we(document.genre)
        for sentence in corpus.sentences_of(document.id)
        if sentence.partner == partner and not sentence.excluded
    ]
    heard = {sentence.span.document for sentence in sentences}
    return Voice(
        partner=partner,
        selves=tuple(one for one in selves if not one.sentence.prompted),
        prompted=tuple(one for one in selves if one.sentence.prompted),
        talk=tuple(one for one in own if one.code not in SELVES and settings.may_count(one.code, one.document.genre)),
        words=words_in(corpus.text(sentence.span) for sentence in sentences),
        documents=tuple(document for document in documents if document.id in heard),
        speakers=tuple(sorted({sentence.speaker for sentence in sentences if sentence.speaker})),
    )


def _unowned(said: list[Said], settings: Settings) -> tuple[Said, ...]:
    """What a document says that nobody in particular voices: minutes count as the partnership's record."""
    return tuple(
        one
        for one in said
        if one.sentence.partner is None
        and one.sentence.excluded in ("", "minutes", "unknown speaker")
        and one.code not in SELVES
        and settings.may_count(one.code, one.document.genre)
    )
