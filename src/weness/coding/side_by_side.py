"""Several persons side by side: whose work counts where more than one of them looked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from weness.coding.codings import HUMAN, Coding, Codings, in_text_order
from weness.reading.corpus import Span


def in_order(each: Sequence[Codings], first: Sequence[str] = ()) -> tuple[Codings, ...]:
    """Whose work counts before whose: those named ``first`` (an adjudicator), then who coded most, then by name."""
    rank = {name: number for number, name in enumerate(first)}
    return tuple(sorted(each, key=lambda one: (rank.get(one.coder, len(rank)), -len(one.marks), one.coder)))


def counting(each: Sequence[Codings], families: Mapping[str, str], codebook: str, first: Sequence[str] = ()) -> Codings:
    """One Codings out of several persons', in which no passage counts twice.

    Whom "we" means goes by mention, the other codes by document: there the first who looked counts, the others' work is for
    agreement alone.
    """
    ordered = in_order(each, first)
    kept: list[Coding] = []
    taken: dict[str, list[Span]] = {}
    whose: dict[tuple[str, str], str] = {}
    for one in ordered:
        for place in one.seen:
            whose.setdefault(place, one.coder)
        mine = [mark for mark in one.marks if _counts(mark, one.coder, families, taken, whose)]
        for mark in mine:
            if _is_self(mark, families):
                taken.setdefault(mark.span.document, []).append(mark.span)
        kept += mine
    names = [one.coder for one in ordered if one.marks]
    made = {"persons": names} if len(names) > 1 else {}
    seen = frozenset(place for one in each for place in one.seen)
    return Codings(", ".join(sorted(names)) or HUMAN, codebook, seen, in_text_order(kept), made, seen)


def _counts(
    mark: Coding,
    coder: str,
    families: Mapping[str, str],
    taken: Mapping[str, Sequence[Span]],
    whose: Mapping[tuple[str, str], str],
) -> bool:
    if _is_self(mark, families):
        return not any(mark.span.overlaps(span) for span in taken.get(mark.span.document, ()))
    # Fellow partners ("they") are coded with the relational talk around them.
    family = "B" if families[mark.code] == "A" else families[mark.code]
    return whose.get((mark.span.document, family), coder) == coder


def _is_self(mark: Coding, families: Mapping[str, str]) -> bool:
    return families[mark.code] == "A" and mark.code != "THEY_PARTNER"
