"""What an import did: the report that the standard asks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from weness.stores.exchange.counting import Tried, on_edges
from weness.stores.exchange.project import Losses, Project, Selection
from weness.stores.exchange.qdpx import Held


@dataclass
class Brought:
    """What an import did: the report that the standard asks for. ``held`` counts what the file has, ``rows`` what is new here.

    ``documents`` names each source and the document it is, ``coders`` maps each coder to how many codings came in, ``placed``
    selections stand in a text, and ``off_edges`` are the words of those of them that begin or end within a word.
    """

    origin: str
    counting: str
    held: Held
    on_edges: int
    told: Losses
    tried: tuple[Tried, ...] = ()
    documents: list[tuple[str, str]] = field(default_factory=list)
    coders: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    codes_used: int = 0
    placed: int = 0
    off_edges: list[str] = field(default_factory=list)

    def as_row(self) -> dict[str, Any]:
        """For ``--report``."""
        tried = [
            {"counting": str(one.counting), "inside": one.inside, "on_word_edges": one.on_edges, "quoted": one.quoted}
            for one in self.tried
        ]
        return {
            "origin": self.origin,
            "counting": self.counting,
            "sources": self.held.sources,
            "codes": self.held.codes,
            "selections": self.held.selections,
            "codings": self.held.codings,
            "selections_on_word_edges": self.on_edges,
            "losses": self.told.losses,
            "tolerances": self.told.tolerances,
            "coders": dict(sorted(self.coders.items())),
            "documents": [{"source": name, "document": file} for name, file in self.documents],
            "rows_new_in_the_study": self.rows,
            "codes_used": self.codes_used,
            "selections_placed": self.placed,
            "off_word_edges": self.off_edges,
            "countings_tried": tried,
        }


def look_at(project: Project, brought: Brought) -> None:
    """Counts what stands in the texts of a project, placed as weness keeps it."""
    on_texts = [
        (source.text, one) for source in project.sources if source.text is not None for one in source.selections
    ]
    off = [text[one.start : one.end] for text, one in on_texts if not on_edges(text, one.start, one.end)]
    brought.placed, brought.on_edges = len(on_texts), len(on_texts) - len(off)
    brought.off_edges = [words[:60] for words in off]
    brought.codes_used = len({coding.code for coding in project.codings})


def tell_unplaced(project: Project, outside: Mapping[str, Sequence[Selection]], told: Losses) -> None:
    empty = [
        one
        for source in project.sources
        if source.text is not None
        for one in source.selections
        if one.start == one.end and one.codings
    ]
    if empty:
        told.lost(
            f"{len(empty)} selections have no length (the first at {empty[0].start}): kept with their codes, not counted."
        )
    left = [one for selections in outside.values() for one in selections]
    if left:
        told.lost(
            f"{len(left)} selections lie outside their text (the first at {left[0].start}-{left[0].end}): kept with their codes, not counted."
        )
    whole = sum(len(source.whole) for source in project.sources)
    if whole:
        told.lost(f"{whole} codes are put on whole texts: kept, not counted, since weness codes passages.")
    codes = {code.guid for code in project.codes}
    nameless = sum(coding.code not in codes for coding in project.codings)
    if nameless:
        told.lost(f"{nameless} codings have a code that is not in the file: kept, not counted.")
