"""A study's codings, texts and who read what, as tables: one row a coding, everybody's, whether it counts or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from weness.coding.codebook import Codebook
from weness.coding.codings import Coding, Codings
from weness.coding.own_codes import OWN
from weness.reading.corpus import Corpus
from weness.stores.exchange.tidy import Cell, Table

HEAD = ("file", "wave", "date", "genre", "language", "partner", "speaker", "excluded", "start", "end", "text", "family", "code", "core",
        "coder", "kind", "probability", "counts", "why")  # fmt: skip


def codings_table(corpus: Corpus, codebook: Codebook, each: Sequence[Codings], counting: Codings) -> Table:
    """``each`` is every coder's work, ``counting`` what the findings rest on; the fields of a coding are columns of their own."""
    counts = {_key(mark) for mark in counting.marks}
    fields = sorted({name for one in (*each, counting) for mark in one.marks for name in mark.fields})
    marks = {_key(mark): mark for one in each for mark in one.marks} | {_key(mark): mark for mark in counting.marks}
    codes = {code.id: code for code in codebook.codes}
    rows: list[Sequence[Cell]] = []
    for key, mark in sorted(marks.items(), key=lambda pair: (pair[1].span, pair[1].code, pair[1].coder)):
        document = corpus.document(mark.span.document)
        sentence = corpus.sentence_at(mark.span)
        code = codes.get(mark.code)
        rows.append(
            (
                document.id,
                document.wave,
                document.date,
                document.genre,
                sentence.language if sentence else document.language,
                sentence.partner if sentence else document.partner,
                sentence.speaker if sentence else None,
                sentence.excluded if sentence else "",
                mark.span.start,
                mark.span.end,
                corpus.text(mark.span),
                code.family if code else OWN,
                mark.code,
                code.core if code else "",
                mark.coder,
                mark.kind,
                round(mark.probability, 4),
                key in counts,
                mark.why,
                *(_told(mark.fields.get(name)) for name in fields),
            )
        )
    return (*HEAD, *(f"field_{name}" for name in fields)), rows


def documents_table(corpus: Corpus) -> Table:
    head = ("file", "wave", "date", "genre", "language", "partner", "words", "checksum", "source")
    return head, [
        (
            one.id,
            one.wave,
            one.date,
            one.genre,
            one.language,
            one.partner,
            len(one.text.split()),
            one.checksum,
            one.source,
        )
        for one in corpus.documents
    ]


def seen_table(each: Sequence[Codings]) -> Table:
    """Who looked at what: "looked and found nothing" differs from "never looked"."""
    return ("coder", "file", "family"), [
        (one.coder, document, family) for one in each for document, family in sorted(one.seen)
    ]


def _key(mark: Coding) -> tuple[Any, ...]:
    return (mark.span, mark.code, mark.coder, mark.kind)


def _told(value: Any) -> Cell:
    if value is None or isinstance(value, str | bool | int | float):
        return value if not isinstance(value, bool) else str(value).lower()
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_told(one)}" for name, one in value.items())
    return "; ".join(str(_told(one)) for one in value)
