"""A text as a stranger may see it: names replaced by pseudonyms, mentions numbered, and the way back to every character."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from weness.reading.corpus import Corpus

OPEN, CLOSE = "⟦", "⟧"
"""Around a numbered mention: ⟦12:nosotros⟧."""
MARK = re.compile(rf"{OPEN}\d+:([^{OPEN}{CLOSE}]*){CLOSE}")
SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True)
class Masked:
    """``text`` with some pieces replaced. ``pieces`` are (start here, start there, length there or -1 where unchanged)."""

    text: str
    pieces: tuple[tuple[int, int, int], ...]

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Half-open offsets of the original for those of the masked text; a replaced name counts whole."""
        return self._place(start, 0), self._place(end - 1, 1)

    def _place(self, at: int, whole: int) -> int:
        here, there, length = self.pieces[bisect_right(self.pieces, at, key=lambda piece: piece[0]) - 1]
        return there + at - here + whole if length < 0 else there + length * whole


def masked(text: str, names: Mapping[str, str]) -> Masked:
    """``text`` with every whole-word name replaced, longest names first."""
    found: Iterable[re.Match[str]] = ()
    if names:
        ordered = sorted(names, key=lambda name: (-len(name), name))
        found = re.finditer(rf"(?<!\w)(?:{'|'.join(map(re.escape, ordered))})(?!\w)", text)
    told: list[str] = []
    pieces = [(0, 0, -1)]
    here = done = 0
    for match in found:
        told += [text[done : match.start()], names[match.group()]]
        here += match.start() - done
        pieces.append((here, match.start(), match.end() - match.start()))
        here += len(names[match.group()])
        done = match.end()
        pieces.append((here, done, -1))
    return Masked("".join(told) + text[done:], tuple(pieces))


def pseudonyms(corpus: Corpus, more: Iterable[str] = ()) -> dict[str, str]:
    """For every speaker's name, each part of it and every alias: "Person 1", "Person 2" ... in the order of the study.

    ``more`` are further names that the user lists.
    """
    found: dict[str, str] = {}
    for number, names in enumerate(
        [*((speaker.name, *speaker.aliases) for speaker in corpus.speakers), *((name,) for name in more)], 1
    ):
        for name in names:
            for part in (name, *name.split()):
                if len(part) >= SHORTEST_NAME and part[:1].isupper():
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
        told.append(f"{_plain(text[done:start])}{OPEN}{number}:{_plain(text[start:end])}{CLOSE}")
        done = end
    return "".join(told) + _plain(text[done:])


def without_marks(quote: str) -> str:
    return MARK.sub(r"\1", quote)


def _plain(text: str) -> str:
    return text.replace(OPEN, "[").replace(CLOSE, "]")
