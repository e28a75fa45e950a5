"""How a file counts positions: found by trying what programs do, and told from the others by the words it hits."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import exp, log

from weness.stores.exchange.project import CannotExchange, Project, Selection, Source

BOM = "\ufeff"
SURE = 0.95
"""Posterior share from which a counting is taken without asking. [S]"""
HITS, CHANCE = 0.97, 0.15
"""Share of selections on word edges when the counting is right, and when it is not (a quarter to a seventh of all pairs of
positions are). [S]; a real NVivo project has .98 and .09."""
QUOTED, MISQUOTED = 0.9, 0.001
"""The same for a selection whose name or description holds its quote. [S]"""


@dataclass(frozen=True, slots=True)
class Counting:
    """What one position stands for. The standard counts code points from 0; nothing in it speaks of CRLF, BOM or the end."""

    utf16: bool = False
    crlf: int = 2
    bom: bool = False
    inclusive: bool = False

    def __str__(self) -> str:
        unit = "utf-16 units" if self.utf16 else "code points"
        return (
            f"{unit}, CRLF counts {self.crlf}, BOM {'counted' if self.bom else 'not counted'}, "
            f"end {'inclusive' if self.inclusive else 'exclusive'}"
        )

    @property
    def asked(self) -> str:
        """The same in the words of --counting, which leave out what is usual."""
        unusual = {", crlf 1": self.crlf == 1, ", bom": self.bom, ", inclusive": self.inclusive}
        return ("utf-16" if self.utf16 else "code points") + "".join(words for words, is_so in unusual.items() if is_so)


STANDARD = Counting()
CERTAIN = 1 - 1e-12
"""Prior from which nothing that the selections say is asked any more."""
Place = tuple[int, int] | None
ALL = tuple(Counting(*values) for values in product((False, True), (2, 1), (False, True), (False, True)))
HABITS = (
    (r"^weness", STANDARD, CERTAIN),
    (r"nvivo", Counting(utf16=True), 0.8),
    (r"atlas\.ti", Counting(crlf=1), 0.8),
    (r"", STANDARD, 0.8),
)
"""Origin, what that program is known or said to do, and its prior [S]: only of our own files do we know for certain."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One way of counting: how many selections it puts within the text, on word edges, and on the words they quote."""

    counting: Counting
    inside: int
    on_edges: int
    quoted: int
    share: float = 0.0


class Unclear(CannotExchange):
    """Two ways of counting fit equally well; the message shows both."""


class Lettering:
    """What positions in one text may count differently: its BOM, its CRLF line ends, its letters beyond the first plane.

    ``line_ends`` and ``astral`` : where they stand in the text that we keep, in order.
    """

    def __init__(self, raw: str) -> None:
        bare = raw.removeprefix(BOM)
        self.bom = raw.startswith(BOM)
        self.text = our_text(raw)
        self.line_ends = [match.start() - number for number, match in enumerate(re.finditer("\r\n", bare))]
        self.astral = [match.start() for match in re.finditer("[\U00010000-\U0010ffff]", self.text)]


class Ruler:
    """One text measured by one way of counting: position there -> position in the text that we keep."""

    def __init__(self, raw: str | Lettering, counting: Counting) -> None:
        letters = raw if isinstance(raw, Lettering) else Lettering(raw)
        wide = [*(letters.line_ends if counting.crlf == 2 else ()), *(letters.astral if counting.utf16 else ())]
        self.inclusive = counting.inclusive
        self._before = int(counting.bom and letters.bom)
        self._wide = [at + number + self._before for number, at in enumerate(sorted(wide))]
        self._end = len(letters.text) + len(wide) + self._before

    def placed(self, start: int, end: int) -> tuple[int, int] | None:
        """Half-open code points of our text, or None where the positions are not within the text."""
        end += self.inclusive and end >= start
        if not 0 <= start <= end <= self._end:
            return None
        # The last letter of an inclusive end may take two units, of which only the first was counted.
        return self._ours(start, 0), self._ours(end, 1 if self.inclusive else 0)

    def _ours(self, at: int, up: int) -> int:
        """What takes two units counts once; a position between the two falls on its beginning, or its end (``up``)."""
        return max(at - self._before - bisect_left(self._wide, at - up), 0)


def our_text(raw: str) -> str:
    """A file's text as weness keeps it: without one BOM, with LF line ends, otherwise letter by letter."""
    return raw.removeprefix(BOM).replace("\r\n", "\n").replace("\r", "\n")


def on_edges(text: str, start: int, end: int) -> bool:
    """Whether a span begins and ends where a word or a mark does: no white space within its ends, no word cut in two."""
    if not 0 <= start < end <= len(text) or text[start].isspace() or text[end - 1].isspace():
        return False
    return not (_cuts(text, start) or _cuts(text, end))


def counting_of(project: Project, asked: Counting | None = None) -> tuple[Counting, tuple[Tried, ...]]:
    """The way this project counts, and every way that was tried, the likeliest first.

    Raises Unclear where no way wins: then a person has to say which (``asked``).
    """
    sources = [source for source in project.sources if source.text is not None and source.selections]
    texts = [our_text(source.text or "") for source in sources]
    places = _places(sources)
    tried = _weighed([_tried(sources, texts, counting, places[counting]) for counting in ALL], project.origin)
    habit, known = _habit(project.origin)
    if asked is not None or known >= CERTAIN:
        return asked or habit, tried
    # Ways that put every selection at the same place are one way.
    best = places[tried[0].counting]
    if sum(one.share for one in tried if places[one.counting] == best) < SURE:
        other = next(one for one in tried if places[one.counting] != best)
        raise Unclear(_question(texts, places, tried[0], other))
    return (habit if places[habit] == best else tried[0].counting), tried


def placed(project: Project, counting: Counting) -> tuple[Project, dict[str, tuple[Selection, ...]]]:
    """The project with texts and positions as weness keeps them, and, by source, the selections outside their text."""
    sources, outside = [], {}
    for source in project.sources:
        if source.text is None:
            sources.append(source)
            continue
        ruler = Ruler(source.text, counting)
        places = [(one, ruler.placed(one.start, one.end)) for one in source.selections]
        inside = tuple(replace(one, start=place[0], end=place[1]) for one, place in places if place is not None)
        sources.append(replace(source, text=our_text(source.text), selections=inside))
        outside[source.guid] = tuple(one for one, place in places if place is None)
    return replace(project, sources=tuple(sources)), {guid: left for guid, left in outside.items() if left}


def counting_named(words: str) -> Counting:
    """What a user asked for: "code points", "utf-16", with ", crlf 1", ", bom" or ", inclusive" behind it, or as a report says it."""
    asked = words.lower()
    for one in ALL:
        if asked.strip() == str(one).lower():
            return one
    known = re.fullmatch(r"\s*(code points|codepoints|utf-?16)(\s*,\s*(crlf [12]|bom|inclusive))*\s*", asked)
    if not known:
        raise CannotExchange(
            f"No counting called {words!r}. Write 'code points' or 'utf-16', and behind it, where it is so: ', crlf 1', ', bom', ', inclusive'."
        )
    return Counting("16" in known[1], 1 if "crlf 1" in asked else 2, "bom" in asked, "inclusive" in asked)


def _tried(
    sources: Sequence[Source], texts: Sequence[str], counting: Counting, places: Sequence[Sequence[Place]]
) -> Tried:
    inside = edges = quoted = 0
    for source, text, own in zip(sources, texts, places, strict=True):
        for selection, place in zip(source.selections, own, strict=True):
            if place is not None:
                inside += 1
                # What has no length would have one if ends were inclusive: it tells neither.
                edges += selection.start != selection.end and on_edges(text, *place)
                quoted += _quotes(selection, text[slice(*place)])
    return Tried(counting, inside, edges, quoted)


def _weighed(tried: Iterable[Tried], origin: str) -> tuple[Tried, ...]:
    """Posterior shares: a selection hits a word's edges, or its own quote, far oftener when the counting is right."""
    tried = tuple(tried)
    most = max((one.inside for one in tried), default=0)
    can_quote = max((one.quoted for one in tried), default=0)
    habit, known = _habit(origin)
    told = []
    for one in tried:
        prior = known if one.counting == habit else (1 - known) / (len(tried) - 1)
        score = log(prior) + one.on_edges * log(HITS / CHANCE) + (most - one.on_edges) * log((1 - HITS) / (1 - CHANCE))
        score += one.quoted * log(QUOTED / MISQUOTED) + (can_quote - one.quoted) * log((1 - QUOTED) / (1 - MISQUOTED))
        # A position that is not in the text at all speaks against a counting as loudly as a wrong quote.
        score += (most - one.inside) * log(MISQUOTED)
        told.append(score)
    highest = max(told, default=0.0)
    weights = [exp(score - highest) for score in told]
    shares = [replace(one, share=weight / sum(weights)) for one, weight in zip(tried, weights, strict=True)]
    return tuple(sorted(shares, key=lambda one: -one.share))


def _habit(origin: str) -> tuple[Counting, float]:
    return next((counting, prior) for words, counting, prior in HABITS if re.search(words, origin, re.IGNORECASE))


def _places(sources: Sequence[Source]) -> dict[Counting, list[list[Place]]]:
    """By each way of counting, source by source, where the selections are."""
    found: dict[Counting, list[list[Place]]] = {counting: [] for counting in ALL}
    for source in sources:
        letters = Lettering(source.text or "")
        for counting, places in found.items():
            ruler = Ruler(letters, counting)
            places.append([ruler.placed(selection.start, selection.end) for selection in source.selections])
    return found


def _quotes(selection: Selection, words: str) -> bool:
    """Whether the selection's name (ATLAS.ti, MAXQDA) or description is the beginning of its own words."""
    said = " ".join(words.split())
    for quote in (selection.name, selection.description):
        told = " ".join(quote.split()).removesuffix("…").removesuffix("...").rstrip()
        if len(told) >= 4 and (said == told or (len(told) >= 20 and said.startswith(told))):
            return True
    return False


def _cuts(text: str, at: int) -> bool:
    return 0 < at < len(text) and _in_word(text[at - 1]) and _in_word(text[at])


def _in_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


def _question(
    texts: Sequence[str], places: Mapping[Counting, Sequence[Sequence[Place]]], first: Tried, second: Tried
) -> str:
    """Both ways, each with its count and the first words that the two read differently."""
    told = []
    for one, other in ((first, second), (second, first)):
        words = next(
            (
                text[slice(*here)]
                for text, own, theirs in zip(texts, places[one.counting], places[other.counting], strict=True)
                for here, there in zip(own, theirs, strict=True)
                if here is not None and here != there
            ),
            "",
        )
        told.append(
            f"as '{one.counting.asked}' {one.on_edges} selections lie on word edges, for instance {words[:30]!r}"
        )
    return f"The file's positions can be counted in two ways: {'; '.join(told)}. Say which with --counting."
