"""What a machine coded elsewhere or earlier, kept in the study: the same codings again, without the machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from weness.coding.codebook import Codebook
from weness.coding.codings import Coding, Codings, in_text_order
from weness.engines import Engine
from weness.reading.corpus import Corpus, Span

FILE = "machine.jsonl"


class KeptCoder:
    """Reads ``machine.jsonl`` of a study folder: rows as `weness code` writes them, with ``made``, how they were made.

    Raises ValueError, naming the line, where a row does not fit the text or the codebook: half a machine's work is none.
    """

    name = "kept"

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE

    def code(self, corpus: Corpus, codebook: Codebook, engine: Engine | None = None) -> Codings:
        texts = {document.id: document.text for document in corpus.documents}
        codes = {code.id for code in codebook.codes}
        marks: list[Coding] = []
        made: dict[str, Any] = {}
        for number, line in enumerate(self.path.read_text("utf-8").split("\n"), 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                mark = _mark(row)
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(f"{FILE}, line {number}: no coding of a machine ({error}).") from None
            span = mark.span
            if mark.code not in codes or texts.get(span.document, "")[span.start : span.end] != row.get("text"):
                raise ValueError(
                    f"{FILE}, line {number}: does not fit the text of {span.document} or the codebook. Take the file away to let the machine code anew."
                )
            marks.append(mark)
            made |= row.get("made") or {}
        names = ", ".join(sorted({mark.coder for mark in marks}))
        families = {code.family for code in codebook.codes}
        seen = frozenset((document, family) for document in texts for family in families)
        return Codings(names or self.name, codebook.id, seen, in_text_order(marks), {**made, "kept from": FILE})


def _mark(row: dict[str, Any]) -> Coding:
    return Coding(
        Span(row["file"], row["start"], row["end"]),
        row["code"],
        row["coder"],
        float(row.get("probability", 1.0)),
        row.get("fields") or {},
        row.get("why", ""),
        row["kind"],
    )
