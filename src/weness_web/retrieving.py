"""Coded passages picked by code, voice, wave, language, coder and text: a choice in, segments and counts out."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from weness_web.access import codings_seen
from weness_web.listing import names_in, open_suggestions
from weness_web.models import Coding, Document, Study, Suggestion, User

Row = dict[str, Any]
COLUMNS = ("partner", "wave", "language", "coder")
"""What the table can count by."""
FILTERS = (*COLUMNS, "text")
AROUND = 400
"""Characters of a sentence that are shown at most."""


@dataclass(frozen=True, slots=True)
class Choice:
    """``together``: passages with all of the codes, overlapping; else with any. ``machine``: open suggestions too."""

    codes: tuple[str, ...] = ()
    together: bool = False
    machine: bool = False
    partner: str = ""
    wave: str = ""
    language: str = ""
    coder: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """A coded passage with the voice that speaks there. ``probability`` is a machine's, None of a person's coding."""

    document: Document
    start: int
    end: int
    code: str
    coder: str
    fields: Mapping[str, Any]
    partner: str
    speaker: str
    language: str
    probability: float | None = None

    @property
    def wave(self) -> str:
        return str(self.document.wave)

    @property
    def by_machine(self) -> bool:
        return self.probability is not None


def coders_of(study: Study, user: User) -> list[str]:
    return sorted(set(codings_seen(study, user).order_by().values_list("coder", flat=True)))


def segments(study: Study, user: User, choice: Choice) -> list[Segment]:
    """In the order of the texts, and of their passages."""
    rows: list[Coding | Suggestion] = list(_asked(codings_seen(study, user).defer("words", "suggested", "why"), choice))
    if choice.machine:
        rows += [one for one in open_suggestions(study, user) if _wanted(one, choice)]
    if choice.together and len(choice.codes) > 1:
        rows = _overlapping(rows, set(choice.codes))
    documents = _documents(study, choice, {row.document_id for row in rows})
    voices = {pk: _Voices(one) for pk, one in documents.items()}
    found = [
        _segment(row, documents[row.document_id], voices[row.document_id])
        for row in rows
        if row.document_id in documents
    ]
    kept = [one for one in found if _fits(one, choice)]
    return sorted(kept, key=lambda one: (one.document.place, one.start, one.end, one.code, one.by_machine, one.coder))


def counts(found: Iterable[Segment], by: str, known: Sequence[str]) -> tuple[list[str], dict[str, Counter[str]]]:
    """How many segments each code has by partner, wave, language or coder: the columns, and code -> Counter of them."""
    table: dict[str, Counter[str]] = {}
    for one in found:
        table.setdefault(one.code, Counter())[getattr(one, by)] += 1
    there = {name for row in table.values() for name in row}
    rank = {name: n for n, name in enumerate(known)}
    return sorted(there, key=lambda name: (not name, rank.get(name, len(rank)), name)), table


def shown(found: Sequence[Segment]) -> list[Row]:
    """Segments with their words, and the sentence around: [{segment, words, before, after}]."""
    texts = dict(Document.objects.filter(pk__in={one.document.pk for one in found}).values_list("pk", "text"))
    rows = []
    for one in found:
        text = texts[one.document.pk]
        left, right = _around(one)
        before, after = text[max(left, one.start - AROUND) : one.start], text[one.end : min(right, one.end + AROUND)]
        if left < one.start - AROUND:
            before = "… " + before
        if right > one.end + AROUND:
            after += " …"
        rows.append({"segment": one, "words": text[one.start : one.end], "before": before, "after": after})
    return rows


def _around(one: Segment) -> tuple[int, int]:
    """From the beginning of the sentence in which it begins to the end of the one in which it ends."""
    sentences = one.document.sentences
    starts = [row[0] for row in sentences]
    first, last = bisect_right(starts, one.start) - 1, bisect_right(starts, one.end - 1) - 1
    left = sentences[first][0] if first >= 0 and one.start < sentences[first][1] else one.start
    return left, max(one.end, sentences[last][1] if last >= 0 else one.end)


class _Voices:
    """Who speaks where in a text."""

    def __init__(self, document: Document):
        self.document = document
        self.starts = [row[0] for row in document.sentences]

    def at(self, start: int) -> tuple[str, str, str]:
        """Partner, speaker and language of the sentence at a character; the text's own where it lies in none."""
        where = bisect_right(self.starts, start) - 1
        if where < 0 or start >= self.document.sentences[where][1]:
            return self.document.partner or "", "", self.document.language
        _, _, language, _, speaker, partner, *_ = self.document.sentences[where]
        return partner or "", speaker or "", language


def _asked(rows: Any, choice: Choice) -> Any:
    if choice.codes:
        rows = rows.filter(code__in=choice.codes)
    return rows.filter(coder=choice.coder) if choice.coder else rows


def _wanted(one: Suggestion, choice: Choice) -> bool:
    return (not choice.codes or one.code in choice.codes) and choice.coder in ("", one.coder)


def _fits(one: Segment, choice: Choice) -> bool:
    asked = ((getattr(one, name), getattr(choice, name)) for name in COLUMNS)
    return all(not wanted or value == wanted for value, wanted in asked)


def _overlapping(rows: list[Coding | Suggestion], codes: set[str]) -> list[Coding | Suggestion]:
    """Those that share characters with a passage of each other code."""
    here: dict[int, list[Coding | Suggestion]] = {}
    for row in rows:
        here.setdefault(row.document_id, []).append(row)
    kept: list[Coding | Suggestion] = []
    for own in here.values():
        own.sort(key=lambda row: row.start)
        beside: dict[int, set[str]] = {}
        for n, row in enumerate(own):
            for m in range(n + 1, len(own)):
                if own[m].start >= row.end:
                    break
                beside.setdefault(n, set()).add(own[m].code)
                beside.setdefault(m, set()).add(row.code)
        kept += [row for n, row in enumerate(own) if codes <= {row.code, *beside.get(n, ())}]
    return kept


def _documents(study: Study, choice: Choice, there: set[int]) -> dict[int, Document]:
    own = study.documents.filter(gone=False).defer("text", "turns", "mentions")
    if choice.wave:
        own = own.filter(wave=choice.wave)
    if choice.text.isdecimal():
        own = own.filter(place=int(choice.text[:9]))
    return {one.pk: one for one in own.iterator(chunk_size=50) if one.pk in there}


def _segment(row: Coding | Suggestion, document: Document, voices: _Voices) -> Segment:
    partner, speaker, language = voices.at(row.start)
    sure = row.probability if isinstance(row, Suggestion) else None
    return Segment(
        document, row.start, row.end, row.code, row.coder, row.fields, partner, speaker, language, probability=sure
    )


SHEET = (
    *("code", "title", "words", "before", "after", "file", "start", "end", "partner", "speaker", "wave", "date"),
    *("language", "coder", "by", "probability", "details"),
)


def sheet(study: Study, found: Sequence[Segment], titles: Mapping[str, str]) -> list[list[object]]:
    """A row of SHEET's columns for each segment."""
    names = names_in(study.page)
    return [
        [
            one.code,
            titles.get(one.code, one.code),
            row["words"],
            row["before"],
            row["after"],
            one.document.file,
            one.start,
            one.end,
            names["partner"].get(one.partner, one.partner),
            names["speaker"].get(one.speaker, one.speaker),
            one.wave,
            one.document.date,
            one.language,
            one.coder,
            "machine" if one.by_machine else "person",
            "" if one.probability is None else round(one.probability, 3),
            "; ".join(f"{name}={value}" for name, value in one.fields.items()),
        ]
        for row in shown(found)
        for one in (row["segment"],)
    ]
