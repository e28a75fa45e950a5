"""What was said, by whom, when: the frozen nouns that every later step looks at."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

SECTORS = ("business", "government", "civil_society", "knowledge")
POWERS = ("funder", "convener", "local", "member")
GENRES = ("interview", "minutes", "report", "email", "press")
SPOKEN = frozenset({"interview"})
"""Genres in which people tell their story freely. Minutes, reports and press are documents (measures, section 13)."""


@dataclass(frozen=True, slots=True)
class Partner:
    """One member organisation of the partnership."""

    id: str
    name: str
    sector: str
    power: str = "member"
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Speaker:
    """One person. An interviewer's own words never count."""

    id: str
    name: str
    partner: str | None = None
    role: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def is_interviewer(self) -> bool:
        return self.role == "interviewer"


@dataclass(frozen=True, slots=True)
class Wave:
    """One period of data collection, months as YYYY-MM, both included."""

    id: str
    start: str = ""
    end: str = ""
    event: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One narrative. ``id`` is its file name within the study; ``text`` has LF line ends and never changes.

    ``source`` tells in words how the text was read (format, encoding, what was left out); ``checksum`` is the
    SHA-256 of the text in UTF-8.
    """

    id: str
    text: str
    partner: str | None = None
    wave: str = ""
    date: str = ""
    genre: str = "interview"
    language: str = "en"
    speakers: tuple[str, ...] = ()
    source: str = ""
    checksum: str = ""

    @property
    def is_spoken(self) -> bool:
        return self.genre in SPOKEN


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters [start, end) of a document, counted in Unicode code points."""

    document: str
    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        return self.document == other.document and self.start < other.end and other.start < self.end

    def holds(self, other: Span) -> bool:
        return self.document == other.document and self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Turn:
    """What one person says in one go. ``span`` covers the words, not the label in front of them.

    ``speaker`` is the id of a known speaker, or None where the ``label`` in the text could not be resolved.
    """

    span: Span
    speaker: str | None = None
    label: str = ""
    interviewer: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, trimmed of white space.

    ``turn`` counts into Corpus.turns. ``excluded`` is empty for a partner's own voice; else it says why the words are
    kept but do not count: "interviewer", "quoted", "signature", "header", "copied", "unknown speaker".
    ``prompted`` marks an answer right after an interviewer who said "as a partnership" first.
    """

    span: Span
    language: str
    turn: int
    speaker: str | None = None
    partner: str | None = None
    excluded: str = ""
    prompted: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """One mention of a collective: a "we", a verb ending, the partnership's name as a self, or a fellow partner.

    ``form`` is pronoun, possessive, verb or name. ``of`` is "self" (family A, whom "we" means) or "other" (a fellow
    partner, or the partnership spoken of as an other); ``target`` then names the partner, or "partnership".
    """

    span: Span
    language: str
    sentence: int
    form: str
    of: str = "self"
    target: str | None = None


@dataclass(frozen=True)
class Corpus:
    """Everything that was read, in the order of the study file. ``notes`` says what could not be read, and why."""

    id: str
    name: str
    languages: tuple[str, ...]
    partners: tuple[Partner, ...]
    speakers: tuple[Speaker, ...]
    waves: tuple[Wave, ...]
    documents: tuple[Document, ...]
    turns: tuple[Turn, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    mentions: tuple[Mention, ...] = ()
    aliases: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def text(self, span: Span) -> str:
        """The words of a span."""
        return self.document(span.document).text[span.start : span.end]

    def document(self, id: str) -> Document:
        """Raises KeyError, naming what there is, when no document is called ``id``."""
        try:
            return self._documents[id]
        except KeyError:
            raise KeyError(f"No document called {id!r}. The study has: {', '.join(self._documents)}.") from None

    def partner(self, id: str) -> Partner:
        return next(partner for partner in self.partners if partner.id == id)

    def speaker(self, id: str) -> Speaker:
        return next(speaker for speaker in self.speakers if speaker.id == id)

    def sentence_at(self, span: Span) -> Sentence | None:
        """The sentence in which a span begins, or None between sentences (in a label, say)."""
        sentences = self.sentences_of(span.document)
        at = bisect_right(self._starts.get(span.document, ()), span.start) - 1
        if at >= 0 and span.start < sentences[at].span.end:
            return sentences[at]
        return None

    def sentence_for(self, span: Span) -> Sentence | None:
        """The sentence that a coding belongs to: a person may begin it in the white space or the label before a sentence."""
        sentences = self.sentences_of(span.document)
        if not sentences:
            return None
        at = bisect_right(self._starts[span.document], span.start) - 1
        sentence = sentences[max(at, 0)]
        return sentences[at + 1] if sentence.span.end <= span.start and at + 1 < len(sentences) else sentence

    def sentences_of(self, document: str) -> tuple[Sentence, ...]:
        return self._sentences.get(document, ())

    def mentions_of(self, document: str) -> tuple[Mention, ...]:
        """In text order."""
        return self._mentions.get(document, ())

    def documents_in(self, wave: str) -> tuple[Document, ...]:
        return tuple(document for document in self.documents if document.wave == wave)

    @property
    def sectors(self) -> tuple[str, ...]:
        """The sectors that sit at the table, in the order of SECTORS."""
        there = {partner.sector for partner in self.partners}
        return tuple(sector for sector in SECTORS if sector in there)

    @cached_property
    def _documents(self) -> dict[str, Document]:
        return {document.id: document for document in self.documents}

    @cached_property
    def _starts(self) -> dict[str, list[int]]:
        return {document: [one.span.start for one in of_it] for document, of_it in self._sentences.items()}

    @cached_property
    def _mentions(self) -> dict[str, tuple[Mention, ...]]:
        found: dict[str, list[Mention]] = {}
        for mention in self.mentions:
            found.setdefault(mention.span.document, []).append(mention)
        return {document: tuple(sorted(of_it, key=lambda one: one.span)) for document, of_it in found.items()}

    @cached_property
    def _sentences(self) -> dict[str, tuple[Sentence, ...]]:
        found: dict[str, list[Sentence]] = {}
        for sentence in self.sentences:
            found.setdefault(sentence.span.document, []).append(sentence)
        return {document: tuple(of_it) for document, of_it in found.items()}


def words_in(texts: Iterable[str]) -> int:
    """How many words, by white space: the measure of "own voice" in the evidence tiers."""
    return sum(len(text.split()) for text in texts)
