"""Phrases as a scholar writes them in a lexicon, found in a sentence cut into words.

``a/b`` is either word, ``word*`` a stem, ``$other`` a list of the lexicon, ``..`` up to five words in between. Accents and
capitals do not count. Small words (the lexicon's fillers) may stand between two words of a phrase.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

GAP, FILLED = 5, 3
STOPS = frozenset(".;:!?")
WORD = re.compile(r"[^\W_]+(?=n't\b)|n't\b|'[^\W_]+|[^\W_]+(?:-[^\W_]+)*|[.;:!?]")

Words = Sequence[str]
Found = tuple[int, int]
"""[first word, last word) of a phrase in a sentence."""


@dataclass(frozen=True, slots=True)
class Element:
    """One place in a phrase: any of ``exact``, or a word that begins with one of ``stems``. ``gap``: words may precede."""

    exact: frozenset[str]
    stems: tuple[str, ...]
    gap: bool = False

    def fits(self, word: str) -> bool:
        return word in self.exact or (bool(self.stems) and word.startswith(self.stems))


@dataclass(frozen=True, slots=True)
class Phrase:
    """``anchor`` is the element that is looked up first: the longest word."""

    written: str
    elements: tuple[Element, ...]
    anchor: int


def bare(text: str) -> str:
    """Without capitals and accents, apostrophes straight."""
    if text.isascii():
        return text.lower()
    letters = unicodedata.normalize("NFKD", text.lower().replace("’", "'"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def words_of(text: str) -> list[str]:
    """Words and the punctuation that ends a clause, bare. ``don't`` is two words: do, n't."""
    return WORD.findall(bare(text))


class Phrases:
    """Many phrases at once; ``matches`` gives each found one with the number under which it was put in."""

    def __init__(self, lists: Mapping[str, Iterable[object]], fillers: Iterable[str]) -> None:
        self.lists = {name: [str(word) for word in words] for name, words in lists.items()}
        self.fillers = frozenset(bare(word) for word in fillers)
        self._exact: dict[str, list[tuple[Phrase, int]]] = {}
        self._stems: dict[str, list[tuple[Phrase, int]]] = {}
        self._known: dict[str, tuple[tuple[Phrase, int], ...]] = {}

    def add(self, written: str, number: int) -> None:
        phrase = self._phrase(written)
        anchor = phrase.elements[phrase.anchor]
        for word in sorted(anchor.exact):
            self._exact.setdefault(word, []).append((phrase, number))
        for stem in anchor.stems:
            self._stems.setdefault(stem, []).append((phrase, number))

    def matches(self, words: Words) -> Iterator[tuple[int, Phrase, Found]]:
        for place, word in enumerate(words):
            for phrase, number in self._beginning(word):
                found = self._match(phrase, words, place)
                if found is not None:
                    yield number, phrase, found

    def _beginning(self, word: str) -> tuple[tuple[Phrase, int], ...]:
        known = self._known.get(word)
        if known is None:
            found = list(self._exact.get(word, ()))
            for length in range(1, len(word) + 1):
                found += self._stems.get(word[:length], ())
            known = self._known[word] = tuple(found)
        return known

    def _match(self, phrase: Phrase, words: Words, place: int) -> Found | None:
        elements, anchor = phrase.elements, phrase.anchor
        end = place
        for number in range(anchor + 1, len(elements)):
            step = self._step(elements[number], elements[number].gap, words, end, 1)
            if step is None:
                return None
            end = step
        begin = place
        for number in range(anchor - 1, -1, -1):
            step = self._step(elements[number], elements[number + 1].gap, words, begin, -1)
            if step is None:
                return None
            begin = step
        return begin, end + 1

    def _step(self, element: Element, gap: bool, words: Words, place: int, way: int) -> int | None:
        """Where the next element stands, within reach of ``place``, or None."""
        for distance in range(1, (GAP if gap else FILLED) + 2):
            at = place + way * distance
            if not 0 <= at < len(words):
                return None
            if element.fits(words[at]):
                return at
            if words[at] in STOPS or not (gap or words[at] in self.fillers):
                return None
        return None

    def _phrase(self, written: str) -> Phrase:
        elements: list[Element] = []
        gap = False
        for part in written.split():
            if part == "..":
                gap = True
                continue
            elements.append(self._element(part, gap))
            gap = False
        if not elements:
            raise ValueError(f"A phrase without words: {written!r}.")
        return Phrase(written, tuple(elements), max(range(len(elements)), key=lambda at: self._weight(elements[at])))

    def _weight(self, element: Element) -> tuple[bool, int, int]:
        """A rare word makes a good anchor: no filler, no list, long."""
        shortest = min(len(word) for word in (*element.exact, *element.stems))
        return not element.exact & self.fillers, -len(element.exact), shortest

    def _element(self, part: str, gap: bool) -> Element:
        exact, stems = set(), []
        for written in part.split("/"):
            for word in self._listed(written):
                if word.endswith("*"):
                    stems.append(bare(word[:-1]))
                else:
                    exact.add(bare(word))
        return Element(frozenset(exact), tuple(sorted(stems)), gap)

    def _listed(self, written: str) -> list[str]:
        if not written.startswith("$"):
            return [written]
        if written[1:] not in self.lists:
            raise ValueError(f"No list called {written!r}. There is: {', '.join('$' + name for name in self.lists)}.")
        return self.lists[written[1:]]


@cache
def apart(written: str) -> str:
    """A phrase as it is met in a text: ``can't`` as two words, as ``words_of`` cuts it."""
    return re.sub(r"(?<=\w)n't\b", " n't", re.sub(r"(?<=[a-z])'(?=(?:s|ve|re|d|ll|m)\b)", " '", written)).replace(
        "  ", " "
    )
