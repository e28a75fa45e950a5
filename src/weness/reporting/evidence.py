"""Every number's quotes: one entry a number, to be opened from wherever the number stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from weness.findings import Findings
from weness.measuring.measures import Attribute, Measure
from weness.reading.corpus import Span
from weness.reporting.places import Place, Places, best
from weness.reporting.wording import Wording


@dataclass(frozen=True, slots=True)
class Entry:
    """``shown`` are the quotes that read best, ``places`` all of them, document by document."""

    id: str
    title: str
    about: str
    shown: tuple[Place, ...]
    places: tuple[tuple[str, tuple[Place, ...]], ...]
    size: int


class Evidence:
    """Looks up the entry of a measure or an attribute. Built once a page; an entry without a quote is not made."""

    def __init__(self, findings: Findings, places: Places, words: Wording, rules: Mapping[str, Any]) -> None:
        self.places, self._rules = places, rules
        self._waves = {wave.id: number for number, wave in enumerate(findings.corpus.waves, 1)}
        self._partners = {partner.id: number for number, partner in enumerate(findings.corpus.partners, 1)}
        self.names = {partner.id: partner.name for partner in findings.corpus.partners}
        self._found: dict[str, Entry] = {}
        for measure in findings.measures:
            about = " · ".join(filter(None, (measure.wave, self.names.get(measure.partner or ""))))
            self._add(self.id_of(measure), words.measure(measure.name), about, measure.evidence)
        for number, attribute in enumerate(findings.attributes, 1):
            spans = [span for own in attribute.voices.values() for span in own]
            title = words.say(attribute.title, attribute.item)
            self._add(f"a{number}", title, f"{attribute.wave} · {attribute.code}", spans)
        for number, dimension in enumerate(findings.process.dimensions, 1):
            for wave in findings.corpus.waves:
                title = words.say(dimension.get("title", {}), str(dimension.get("id", "")))
                voiced = self.voiced(dimension.get("codes", ()), wave.id)
                self._add(f"p{number}-{self._waves[wave.id]}", title, wave.id, [p.sentence.span for p in voiced])
        self._attributes = {_key(attribute): f"a{n}" for n, attribute in enumerate(findings.attributes, 1)}

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._found.values())

    def id_of(self, measure: Measure) -> str:
        """Stable over runs: the measure's name, the numbers of its wave and its partner in the study."""
        name = "".join(letter if letter.isalnum() or letter == "_" else "-" for letter in measure.name)
        partner = f"-{self._partners.get(measure.partner, 0)}" if measure.partner else ""
        return f"e-{name}-{self._waves.get(measure.wave, 0)}{partner}"

    def of(self, measure: Measure | None) -> Entry | None:
        return self._found.get(self.id_of(measure)) if measure else None

    def of_attribute(self, attribute: Attribute) -> Entry | None:
        return self._found.get(self._attributes[_key(attribute)])

    def of_dimension(self, number: int, wave: str) -> Entry | None:
        return self._found.get(f"p{number}-{self._waves[wave]}")

    def voiced(self, codes: Sequence[str], wave: str) -> tuple[Place, ...]:
        """The sentences of partners' own voice in one wave that carry one of these codes."""
        return tuple(
            place
            for places in self.places.by_document.values()
            for place in places
            if place.document.wave == wave
            and place.counts
            and place.partner is not None
            and any(mark.code in codes for mark in place.marks)
        )

    def _add(self, id: str, title: str, about: str, spans: Iterable[Span]) -> None:
        found = self.places.of(spans)
        if found:
            shown = best(found, self._rules["quotes_shown"], self._rules["quote_liked"])
            self._found[id] = Entry(id, title, about, shown, _by_document(found), len(found))


def _by_document(found: tuple[Place, ...]) -> tuple[tuple[str, tuple[Place, ...]], ...]:
    grouped: dict[str, list[Place]] = {}
    for place in found:
        grouped.setdefault(place.document.id, []).append(place)
    return tuple((document, tuple(own)) for document, own in grouped.items())


def _key(attribute: Attribute) -> tuple[str, str, str]:
    return (attribute.wave, attribute.code, attribute.item)
