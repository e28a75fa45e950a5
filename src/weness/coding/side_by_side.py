"""Several persons side by side: whose work counts where more than one of them looked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from weness.coding.codings import HUMAN, Coding, Codings, in_text_order

SAME_TEXT = 0.2
"""Where this share of the passages that the more coding of two persons has in a text overlap passages of the same code of the other,
the two coded the same text, and did not divide it. [S]"""
Place = tuple[str, str]
"""(document, family)"""


def in_order(each: Sequence[Codings], first: Sequence[str] = ()) -> tuple[Codings, ...]:
    """Whose work counts before whose: those named ``first`` (an adjudicator), then who coded most, then by name."""
    rank = {name: number for number, name in enumerate(first)}
    return tuple(sorted(each, key=lambda one: (rank.get(one.coder, len(rank)), -len(one.marks), one.coder)))


def counting(each: Sequence[Codings], families: Mapping[str, str], codebook: str, first: Sequence[str] = ()) -> Codings:
    """One Codings out of several persons', in which no passage counts twice; ``made`` says how many of whom are set aside.

    Whom "we" means goes by mention: the first who coded it counts. The other codes go by text and family: who said to have read it
    in full (``read`` of that person's Codings) counts alone; else the work of persons who divided a text counts together, and
    of persons who coded the same text that of the first. What is set aside is for agreement.
    """
    ordered = in_order(each, first)
    readers: dict[Place, str] = {}
    for one in ordered:
        for place in one.read:
            readers.setdefault(place, one.coder)
    shelf = _Shelf(readers)
    kept: list[Coding] = []
    aside: Counter[str] = Counter()
    for one in ordered:
        whole = _once(one.marks)
        mine = shelf.counted(one.coder, whole, families)
        kept += mine
        aside[one.coder] += len(whole) - len(mine)
    names = [one.coder for one in ordered if one.marks]
    made = {"persons": names} if len(names) > 1 else {}
    if +aside:
        made["set aside"] = [f"{n} codings by {name}" for name, n in sorted((+aside).items())]
    seen = frozenset(place for one in each for place in one.seen)
    return Codings(", ".join(sorted(names)) or HUMAN, codebook, seen, in_text_order(kept), made, seen)


@dataclass
class _Shelf:
    """What counts so far, by place and code; ``readers`` says who read which place in full."""

    readers: Mapping[Place, str]
    taken: dict[Place, list[Coding]] = field(default_factory=dict)

    def counted(self, coder: str, marks: Sequence[Coding], families: Mapping[str, str]) -> list[Coding]:
        by_place: dict[Place, list[Coding]] = {}
        for mark in marks:
            by_place.setdefault(_place(mark, families), []).append(mark)
        found: list[Coding] = []
        for place, own in by_place.items():
            taken = self.taken.setdefault(place, [])
            if place[1] == "A":
                found += [mark for mark in own if not any(mark.span.overlaps(other.span) for other in taken)]
            elif self.readers.get(place, coder) == coder and not _coded_twice(own, taken):
                found += [mark for mark in own if not any(_same(mark, other) for other in taken)]
        for mark in found:
            self.taken[_place(mark, families)].append(mark)
        return found


def _coded_twice(own: Sequence[Coding], taken: Sequence[Coding]) -> bool:
    common = sum(any(_same(mark, other) for other in taken) for mark in own)
    return common > 0 and common >= SAME_TEXT * max(len(own), len(taken))


def _same(one: Coding, other: Coding) -> bool:
    """Two passages of one code that overlap are one passage; of two codes they are two."""
    return one.code == other.code and one.span.overlaps(other.span)


def _once(marks: Sequence[Coding]) -> list[Coding]:
    """Without rows that are there twice; one passage may well hold two items of one code."""
    return list({(mark.span, mark.code, str(sorted(mark.fields.items(), key=str))): mark for mark in marks}.values())


def _place(mark: Coding, families: Mapping[str, str]) -> Place:
    """Fellow partners ("they") are coded with the relational talk around them."""
    return mark.span.document, "B" if mark.code == "THEY_PARTNER" else families[mark.code]
