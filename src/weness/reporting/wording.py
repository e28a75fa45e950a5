"""The report's own words in one language; a word that nobody wrote yet is shown as its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from weness import library
from weness.coding.codebook import Words


@dataclass(frozen=True)
class Wording:
    """``lines`` maps dotted names ("front.where") to texts, ``measures`` a measure's name to title, short, low, high."""

    language: str
    lines: Mapping[str, str]
    measures: Mapping[str, Mapping[str, str]]

    def __call__(self, name: str, **facts: object) -> str:
        """The line called ``name`` with the facts filled in. Raises KeyError, naming it."""
        if name not in self.lines:
            raise KeyError(f"No line called {name!r} in library/wording/{self.language}/report.yaml.")
        return self.lines[name].format(**facts)

    def has(self, name: str) -> bool:
        return name in self.lines

    def or_same(self, shelf: str, name: str) -> str:
        """The word for a name that others chose (a flag, a genre, a reason), or the name where there is none."""
        return self.lines.get(f"{shelf}.{name}", name.replace("_", " "))

    def count(self, name: str, number: int, **facts: object) -> str:
        """The line for one or for several: ``name.one`` or ``name.many``."""
        return self(f"{name}.{'one' if number == 1 else 'many'}", n=number, **facts)

    def measure(self, name: str, part: str = "title") -> str:
        """A measure's title, or another part of its wording; empty where it has no such part."""
        known = self.measures.get(name, {})
        return str(known.get(part, "")) or (name.replace("_", " ") if part == "title" else "")

    def say(self, words: Words, otherwise: str = "") -> str:
        """A text of the library in this language, in English where it was not translated."""
        return words.get(self.language) or words.get("en") or otherwise

    def decimal(self, value: float, places: int = 2) -> str:
        text = f"{value:.{places}f}".replace("-", "\N{MINUS SIGN}")
        return text if self.language == "en" else text.replace(".", ",")


@cache
def wording(language: str) -> Wording:
    """Reads ``library/wording/LANGUAGE``. Raises KeyError, naming what there is."""
    if language not in library.LANGUAGES:
        raise KeyError(f"No report language called {language!r}. There is: {', '.join(library.LANGUAGES)}.")
    return Wording(language, _flat(library.page(f"wording/{language}", "report")), measure_words(language))


def measure_words(language: str) -> Mapping[str, Mapping[str, str]]:
    """Each measure's title, short text, formula, low and high, from ``library/wording/LANGUAGE/measures.yaml``."""
    shelf = f"wording/{language}"
    page = library.page(shelf, "measures") if "measures" in library.names(shelf) else {}
    entries = page.get("measures", page)
    return {name: entry for name, entry in entries.items() if isinstance(entry, Mapping)}


def _flat(page: Mapping[str, Any], before: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, entry in page.items():
        own = f"{before}{name}"
        found |= _flat(entry, f"{own}.") if isinstance(entry, Mapping) else {own: str(entry)}
    return found
