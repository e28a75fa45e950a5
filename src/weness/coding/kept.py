"""What a machine coded elsewhere or earlier, kept in the study: the same codings again, without the machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weness.coding.codebook import Codebook
from weness.coding.codings import Coding, Codings, in_text_order
from weness.engines import Engine
from weness.json_lines import lines_in
from weness.reading.corpus import Corpus, Span

if TYPE_CHECKING:
    from weness.coding.coder import Coder

FILE = "machine.jsonl"


class KeptCoder:
    """Reads ``machine.jsonl`` of a study folder: rows as `weness code` writes them, with ``made``, how they were made.

    Rows {"texts": {file: checksum}} say what the machine had read. Texts that it had not, or that changed since, are coded by
    ``otherwise``. Raises ValueError, naming the line, where a row does not fit the text or the codebook.
    """

    name = "kept"

    def __init__(self, folder: Path, otherwise: Coder) -> None:
        self.path = folder / FILE
        self.otherwise = otherwise

    def code(self, corpus: Corpus, codebook: Codebook, engine: Engine) -> Codings:
        rows = list(self._rows())
        covered = self._covered(rows, corpus)
        marks = [self._mark(number, row, corpus, codebook) for number, row in rows if _is_coding(row, covered)]
        made: dict[str, Any] = {}
        for _, row in rows:
            made |= row.get("made") or {}
        left = [document.id for document in corpus.documents if document.id not in covered]
        families = {code.family for code in codebook.codes}
        seen = {(document, family) for document in covered for family in families}
        names = sorted({mark.coder for mark in marks})
        made["kept from"] = FILE
        if left:
            rest = self.otherwise.code(corpus, codebook, engine)
            marks += [mark for mark in rest.marks if mark.span.document not in covered]
            seen |= {place for place in rest.seen if place[0] not in covered}
            made = {
                **rest.made,
                **made,
                "coded anew": f"{len(left)} texts by {rest.coder}, which {FILE} does not cover",
            }
            names = sorted({*names, rest.coder})
        return Codings(", ".join(names) or self.name, codebook.id, frozenset(seen), in_text_order(marks), made)

    def _rows(self) -> Iterator[tuple[int, dict[str, Any]]]:
        for line in lines_in(self.path.read_text("utf-8")):
            if line.row is None:
                raise ValueError(f"{FILE}, line {line.number}: no coding of a machine ({line.wrong}).")
            yield line.number, line.row

    def _covered(self, rows: Iterable[tuple[int, dict[str, Any]]], corpus: Corpus) -> frozenset[str]:
        """The texts as the machine had read them; without a word on that, the texts that it coded something in."""
        told = [row["texts"] for _, row in rows if isinstance(row.get("texts"), dict)]
        now = {document.id: document.checksum for document in corpus.documents}
        if told:
            return frozenset(text for texts in told for text, checksum in texts.items() if now.get(text) == checksum)
        return frozenset(str(row.get("file")) for _, row in rows) & now.keys()

    def _mark(self, number: int, row: dict[str, Any], corpus: Corpus, codebook: Codebook) -> Coding:
        try:
            mark = _mark(row)
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{FILE}, line {number}: no coding of a machine ({error}).") from None
        known = any(code.id == mark.code for code in codebook.codes)
        if not known or corpus.text(mark.span) != row.get("text"):
            raise ValueError(
                f"{FILE}, line {number}: does not fit the text of {mark.span.document} or the codebook. Take the file away to let the machine code anew."
            )
        return mark


def _is_coding(row: Mapping[str, Any], covered: frozenset[str]) -> bool:
    return "texts" not in row and (row.get("file") in covered or not isinstance(row.get("file"), str))


def _mark(row: Mapping[str, Any]) -> Coding:
    kinds = {
        "file": str,
        "start": int,
        "end": int,
        "code": str,
        "coder": str,
        "kind": str,
        "fields": dict,
        "made": dict,
    }
    for name, kind in kinds.items():
        if not isinstance(row.get(name) or kind(), kind):
            raise TypeError(f"{name} is {row[name]!r}")
    return Coding(
        Span(row["file"], row["start"], row["end"]),
        row["code"],
        row["coder"],
        float(row.get("probability", 1.0)),
        row.get("fields") or {},
        row.get("why", ""),
        row["kind"],
    )
