"""Where in the texts each quote stands, who said it, and who coded it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from weness.coding.codings import Coding, Codings
from weness.reading.corpus import Corpus, Document, Partner, Sentence, Span, Speaker


@dataclass(frozen=True, slots=True)
class Place:
    """One sentence. ``id`` is its anchor on the page (document number and offset), ``line`` counts in its document."""

    id: str
    text: str
    sentence: Sentence
    document: Document
    line: int
    speaker: Speaker | None
    partner: Partner | None
    marks: tuple[Coding, ...]

    @property
    def counts(self) -> bool:
        return not self.sentence.excluded


class Places:
    """Finds the sentence of any span. Built once a page."""

    def __init__(self, corpus: Corpus, codings: Codings) -> None:
        self.corpus = corpus
        marks = _marks_by_sentence(corpus, codings)
        speakers = {speaker.id: speaker for speaker in corpus.speakers}
        partners = {partner.id: partner for partner in corpus.partners}
        self.by_document: dict[str, tuple[Place, ...]] = {}
        for number, document in enumerate(corpus.documents, 1):
            self.by_document[document.id] = tuple(
                Place(
                    id=f"q{number}-{sentence.span.start}",
                    text=corpus.text(sentence.span),
                    sentence=sentence,
                    document=document,
                    line=line,
                    speaker=speakers.get(sentence.speaker or ""),
                    partner=partners.get(sentence.partner or ""),
                    marks=marks.get(sentence.span, ()),
                )
                for line, sentence in enumerate(corpus.sentences_of(document.id), 1)
            )
        self._starts = {
            document: [place.sentence.span.start for place in places] for document, places in self.by_document.items()
        }

    def at(self, span: Span) -> Place | None:
        """The sentence in which a span begins, or the one after the label or white space in which it begins."""
        places = self.by_document.get(span.document, ())
        return places[_index(self._starts[span.document], places, span)] if places else None

    def of(self, spans: Iterable[Span]) -> tuple[Place, ...]:
        """The sentences of many spans, each once, in the order of the study and its texts."""
        found = {place.id: place for place in map(self.at, spans) if place is not None}
        order = {document.id: number for number, document in enumerate(self.corpus.documents)}
        return tuple(sorted(found.values(), key=lambda place: (order[place.document.id], place.line)))


def best(places: Iterable[Place], number: int, liked: int, avoid: Iterable[str] = ()) -> tuple[Place, ...]:
    """The quotes that read best aloud: one a partner first, of a length near ``liked``, none that was shown before."""
    left = [place for place in places if place.id not in set(avoid)]
    left.sort(key=lambda place: (not place.counts, place.sentence.prompted, abs(len(place.text) - liked), place.id))
    chosen: list[Place] = []
    while left and len(chosen) < number:
        heard = {place.sentence.partner for place in chosen}
        fresh = next((place for place in left if place.sentence.partner not in heard), left[0])
        chosen.append(fresh)
        left.remove(fresh)
    return tuple(chosen)


def shortened(text: str, length: int) -> str:
    """A text in one line, cut between words."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[:length].rsplit(' ', 1)[0]} …"


def _marks_by_sentence(corpus: Corpus, codings: Codings) -> Mapping[Span, tuple[Coding, ...]]:
    starts = {one.id: [s.span.start for s in corpus.sentences_of(one.id)] for one in corpus.documents}
    found: dict[Span, list[Coding]] = {}
    for mark in codings.marks:
        sentences = corpus.sentences_of(mark.span.document)
        if sentences:
            at = _index(starts[mark.span.document], sentences, mark.span)
            found.setdefault(sentences[at].span, []).append(mark)
    return {span: tuple(marks) for span, marks in found.items()}


def _index(starts: list[int], those: tuple[Sentence, ...] | tuple[Place, ...], span: Span) -> int:
    at = max(bisect_right(starts, span.start) - 1, 0)
    here = those[at]
    end = here.span.end if isinstance(here, Sentence) else here.sentence.span.end
    return at + 1 if end <= span.start and at + 1 < len(those) else at
