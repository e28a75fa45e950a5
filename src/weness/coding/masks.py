"""A text as a stranger may see it: names replaced by pseudonyms, mentions numbered, and the way back to every character."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from weness.reading.corpus import Corpus

OPEN, CLOSE = "⟦", "⟧"
"""Around a numbered mention: ⟦12:nosotros⟧."""
MARK = re.compile(rf"{OPEN}\d+:([^{OPEN}{CLOSE}]*){CLOSE}")
PARTICLES = frozenset(
    [
        "de",
        "del",
        "la",
        "las",
        "los",
        "el",
        "van",
        "von",
        "der",
        "den",
        "ten",
        "ter",
        "het",
        "da",
        "do",
        "dos",
        "di",
        "du",
        "le",
        "y",
        "e",
        "i",
        "en",
        "of",
        "and",
    ]
)
"""Words within names that are no names."""


@dataclass(frozen=True, slots=True)
class Masked:
    """``text`` with some pieces replaced. ``pieces`` are (start here, start there, length there or -1 where unchanged)."""

    text: str
    pieces: tuple[tuple[int, int, int], ...]

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Half-open offsets of the original for those of the masked text; a replaced name counts whole."""
        return self._place(start, 0), self._place(end - 1, 1)

    def forth(self, start: int, end: int) -> tuple[int, int]:
        """Half-open offsets of the masked text for those of the original; a replaced name counts whole."""
        return self._here(start, 0), self._here(end - 1, 1)

    def _place(self, at: int, whole: int) -> int:
        here, there, length = self.pieces[bisect_right(self.pieces, at, key=lambda piece: piece[0]) - 1]
        return there + at - here + whole if length < 0 else there + length * whole

    def _here(self, at: int, whole: int) -> int:
        number = bisect_right(self.pieces, at, key=lambda piece: piece[1]) - 1
        here, there, length = self.pieces[number]
        return here + at - there + whole if length < 0 else self.pieces[number + 1][0] if whole else here


def masked(text: str, names: Mapping[str, str]) -> Masked:
    """``text`` with every whole-word name replaced, longest names first; capitals and accents do not count.

    A name in small letters is replaced where it cannot be an everyday word: before an "@", or where the list has it so.
    """
    return replaced(text, _found(text, names))


def replaced(text: str, finds: Iterable[tuple[int, int, str]]) -> Masked:
    """``text`` with each (start, end, what stands there instead) put in; the finds come in order and do not overlap."""
    told: list[str] = []
    pieces = [(0, 0, -1)]
    here = done = 0
    for start, end, instead in finds:
        told += [text[done:start], instead]
        here += start - done
        pieces.append((here, start, end - start))
        here += len(instead)
        done = end
        pieces.append((here, done, -1))
    return Masked("".join(told) + text[done:], tuple(pieces))


def _found(text: str, names: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    if not names:
        return
    plain = {folded(name): (name, pseudonym) for name, pseudonym in sorted(names.items(), reverse=True)}
    ordered = sorted(plain, key=lambda name: (-len(name), name))
    for match in re.finditer(rf"(?<!\w)(?:{'|'.join(map(re.escape, ordered))})(?!\w)", folded(text)):
        name, pseudonym = plain[match.group()]
        written, after = text[match.start() : match.end()], text[match.end() : match.end() + 1]
        if written[0].isupper() or not name[0].isupper() or after == "@":
            yield match.start(), match.end(), pseudonym


def folded(text: str) -> str:
    """Small letters without accents, letter for letter, so that offsets stay."""
    if text.isascii():
        return text.lower()
    return "".join(_bare(letter) for letter in text)


def _bare(letter: str) -> str:
    low = unicodedata.normalize("NFD", letter)[0].lower()
    return low if len(low) == 1 else letter


def pseudonyms(corpus: Corpus, more: Iterable[str] = ()) -> dict[str, str]:
    """For every speaker's name, each part of it and every alias: "Person 1", "Person 2" ... in the order of the study.

    ``more`` are further names that the user lists.
    """
    found: dict[str, str] = {}
    people = [(speaker.name, *speaker.aliases) for speaker in corpus.speakers] + [(name,) for name in more]
    for number, names in enumerate(people, 1):
        for name in names:
            if name.strip():
                found.setdefault(name.strip(), f"Person {number}")
            for part in re.split(r"[\s-]+", name):
                if len(part) > 1 and part.lower() not in PARTICLES and any(letter.isalpha() for letter in part):
                    found.setdefault(part, f"Person {number}")
    return found


def unmasked(text: str, names: Mapping[str, str]) -> str:
    """``text`` with pseudonyms replaced by the first name each stands for."""
    back: dict[str, str] = {}
    for name, pseudonym in names.items():
        back.setdefault(pseudonym, name)
    return re.sub(r"Person \d+", lambda match: back.get(match.group(), match.group()), text)


def numbered(text: str, places: Iterable[tuple[int, int, int]]) -> str:
    """``text`` with marks around (number, start, end), in order and apart. Marks that stand in the text are disarmed."""
    told, done = [], 0
    for number, start, end in places:
        if start < done:
            continue
        told.append(f"{_plain(text[done:start])}{OPEN}{number}:{_plain(text[start:end])}{CLOSE}")
        done = end
    return "".join(told) + _plain(text[done:])


def without_marks(quote: str) -> str:
    return MARK.sub(r"\1", quote)


def _plain(text: str) -> str:
    return text.replace(OPEN, "[").replace(CLOSE, "]")
