"""Where the partnership and its partners are named: names, aliases and the people who speak for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from weness.reading.corpus import Corpus

PARTNERSHIP = "partnership"
CONTRACTED = {"el ": ("al ", "del ")}
"""Spanish melts *a el*, *de el* into one word; the alias stays the same."""


@dataclass(frozen=True, slots=True)
class Name:
    """One name in a text. ``who`` is a partner's id or "partnership"; ``person`` means a speaker."""

    start: int
    end: int
    who: str
    person: bool = False
    plain: bool = True


class Named:
    """All names of a study in one automaton, so that a text is read once however many there are."""

    def __init__(self, corpus: Corpus) -> None:
        import ahocorasick

        self.automaton: Any = ahocorasick.Automaton()
        self.known: dict[str, list[tuple[str, str, bool, bool]]] = {}
        for partner in corpus.partners:
            for name in (partner.name, *partner.aliases):
                self._add(name, partner.id, person=False)
        for name in (corpus.name, *corpus.aliases):
            self._add(name, PARTNERSHIP, person=False)
        for speaker in corpus.speakers:
            if speaker.partner and not speaker.is_interviewer:
                for name in (speaker.name, speaker.name.split()[0] if speaker.name else "", *speaker.aliases):
                    self._add(name, speaker.partner, person=True)
        for name in sorted(self.known):
            self.automaton.add_word(name, name)
        self.automaton.make_automaton()

    def _add(self, name: str, who: str, person: bool) -> None:
        name = " ".join(name.split())
        if len(name) < 3:
            return
        forms = [(name, True)]
        for article, melted in CONTRACTED.items():
            if name.lower().startswith(article):
                forms += [(other + name[len(article) :], False) for other in melted]
        for form, plain in forms:
            self.known.setdefault(lowered(form), []).append((form, who, person, plain))

    def names_in(self, text: str, low: str) -> list[Name]:
        """Names in ``text`` (``low`` is its lower case, letter by letter), the longest where several begin alike.

        A capital in a name must be a capital in the text: *Aguas* is a company, *aguas* are waters.
        """
        if not self.known:
            return []
        found = []
        for last, key in self.automaton.iter(low):
            start, end = last - len(key) + 1, last + 1
            if (start and low[start - 1].isalnum()) or (end < len(low) and low[end].isalnum()):
                continue
            written = text[start:end]
            owners = {
                (who, person, plain) for form, who, person, plain in self.known[key] if _written_as(written, form)
            }
            if len({who for who, _, _ in owners}) == 1:
                who, person, plain = sorted(owners)[0]
                found.append(Name(start, end, who, person, plain))
        return list(_longest(found))


def lowered(text: str) -> str:
    """Lower case of the same length, so that offsets stay."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _written_as(written: str, form: str) -> bool:
    if written[0] != form[0] and written[0] != form[0].upper():
        return False
    return written[1:] == form[1:] or (written.isupper() and len(written) > 3)


def _longest(names: list[Name]) -> Iterator[Name]:
    end = -1
    for name in sorted(names, key=lambda one: (one.start, -one.end)):
        if name.start >= end:
            yield name
            end = name.end
