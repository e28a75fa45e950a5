"""Who is meant by a name in a text: full names, first names, surnames, initials, titles and slips of the pen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from weness import library
from weness.reading.corpus import Partner, Speaker

CLOSE = 88
"""rapidfuzz ratio from which a longer label is taken for a slip of a known name."""


def plain(name: str) -> str:
    """Lower case, without accents, titles, marks of emphasis and spare white space."""
    bare = _bare(name)
    words = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", bare)
    while len(words) > 1 and words[0] in _titles():
        words = words[1:]
    return " ".join(words)


class Names:
    """The names by which the people and organisations of a study are called."""

    def __init__(self, speakers: Iterable[Speaker], partners: Iterable[Partner]) -> None:
        self.people: dict[str, set[str]] = {}
        self.full: dict[str, str] = {}
        for speaker in speakers:
            for form in self._forms(speaker):
                self.people.setdefault(form, set()).add(speaker.id)
            self.full[plain(speaker.name)] = speaker.id
        self.houses: dict[str, str] = {}
        for partner in partners:
            for name in (partner.name, partner.id, *partner.aliases):
                self.houses.setdefault(plain(name), partner.id)

    def speaker(self, label: str, among: Iterable[str] = ()) -> str | None:
        """The speaker that a label names. ``among`` decides where several could be meant; None where nobody or many."""
        asked = plain(re.sub(r"\(.*?\)", "", label))
        if not asked:
            return None
        found = self.people.get(asked) or self._slip(asked)
        if len(found) > 1:
            found = found & set(among)
        return next(iter(found)) if len(found) == 1 else None

    def partner(self, label: str) -> str | None:
        """The partner named in brackets or after a dash: "Jan (The Mill)"."""
        for name in re.findall(r"\(([^)]+)\)|[-–,]\s*([^-–,()]+)$", label):
            for part in re.split(r"[,;]", name[0] or name[1]):
                if plain(part) in self.houses:
                    return self.houses[plain(part)]
        return self.houses.get(plain(re.sub(r"\(.*?\)", "", label)))

    def _forms(self, speaker: Speaker) -> set[str]:
        forms = {plain(name) for name in (speaker.name, *speaker.aliases)}
        words = plain(speaker.name).split()
        if len(words) > 1:
            surname = " ".join(words[1:])
            forms |= {words[0], words[-1], surname, f"{words[0][0]} {surname}", f"{words[0][0]} {words[-1]}"}
            forms |= {f"{words[0]} {words[1]}", f"{words[0]} {words[-1]}"}
            forms |= {"".join(word[0] for word in words), words[0][0] + words[-1][0]}
        return {form for form in forms if form}

    def _slip(self, asked: str) -> set[str]:
        if len(asked) < 6:
            return set()
        from rapidfuzz import fuzz, process

        found = process.extract(asked, sorted(self.full), scorer=fuzz.ratio, score_cutoff=CLOSE, limit=2)
        return {self.full[found[0][0]]} if len(found) == 1 else set()


@cache
def _titles() -> frozenset[str]:
    pages = (library.page(f"lexicons/{language}", "transcripts") for language in library.LANGUAGES)
    return frozenset(_bare(title) for page in pages for title in page["titles"])


def _bare(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).lower()
