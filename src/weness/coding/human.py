"""What persons coded, read from the study's folder: their work counts before any machine's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from weness.coding.codebook import Codebook
from weness.coding.codings import HUMAN, Coding, Codings, in_text_order
from weness.coding.own_codes import FILE as OWN_CODES
from weness.coding.own_codes import OWN, OwnCode, own_codes_in
from weness.coding.side_by_side import counting
from weness.json_lines import lines_in
from weness.reading.corpus import Corpus, Span

CODINGS, MENTIONS = "codings.jsonl", "mentions.jsonl"

UNNAMED = "reader"
"""Whose work a row is that names nobody."""
COMPLETE_FROM = 0.9
"""A person who coded this share of the mentions of a document has read it whole: what is left is no mention to them."""


class HumanCoder:
    """Reads ``codings.jsonl`` and ``mentions.jsonl`` of a study folder as the work of the persons named in them.

    A row is one JSON object: {"file", "start", "end", "text", "code", "coder", "fields", "why"}, or for mentions
    {"file", "start", "end", "mention", "label"}. {"file", "seen": ["B", "C"], "coder"} says that a person looked and
    found nothing. Rows that do not fit the text or the codebook are left out, and ``notes`` says which; ``remarks`` tells what was
    read and does not count.
    """

    name = HUMAN

    def __init__(self, folder: Path, first: Sequence[str] = ()) -> None:
        """``first``: whose work counts before the others', where several coded the same text."""
        self.folder = folder
        self.first = tuple(first)
        self.notes: list[str] = []
        self.remarks: list[str] = []

    def code(self, corpus: Corpus, codebook: Codebook, engine: object = None) -> Codings:
        """What counts: no passage twice, only codes of the codebook (or what stands for one of them)."""
        families = {code.id: code.family for code in codebook.codes}
        each = self._each(corpus, codebook, own=False)
        found = counting(each, families, codebook.id, self.first)
        names = [one.coder for one in each]
        if nobody := [name for name in self.first if name not in names]:
            self.remarks.append(
                f"counts_first in the study file names {', '.join(nobody)}, who coded nothing here. There is: {', '.join(names) or 'nobody'}."
            )
        if aside := found.made.get("set aside"):
            persons = found.made["persons"]
            self.remarks.append(
                f"Where several persons coded the same text, the first of these counts: {', '.join(persons)}. Set aside, for agreement: "
                f"{', '.join(aside)}. To choose otherwise, write into study.yaml: counts_first: [{persons[-1]}]"
            )
        return found

    def each(self, corpus: Corpus, codebook: Codebook) -> tuple[Codings, ...]:
        """Every person's work by itself, by name, the study's own codes (own_codes.py) among it, as family OWN."""
        return self._each(corpus, codebook, own=True)

    def rows(self, corpus: Corpus, codebook: Codebook) -> Iterator[dict[str, Any]]:
        """The rows that can be used, as they are written; what is wrong with the others goes into ``notes``."""
        families, _ = self._families(codebook)
        for name in (MENTIONS, CODINGS):
            for line, row in _rows(self.folder / name, self.notes):
                wrong = _wrong(row, corpus, families)
                if wrong:
                    self.notes.append(f"{name}, line {line}: {wrong}")
                else:
                    yield row

    def _families(self, codebook: Codebook) -> tuple[dict[str, str], dict[str, OwnCode]]:
        families = {code.id: code.family for code in codebook.codes}
        theirs = own_codes_in(self.folder)
        for id, code in theirs.items():
            if code.means and code.means not in families:
                theirs[id] = replace(code, means="")
                note = f"{OWN_CODES}: {id!r} means {code.means!r}, which is no code of weness: it is taken for one of the study's own."
                self.notes += [note] if note not in self.notes else []
        return families | {id: families.get(code.means, OWN) for id, code in theirs.items()}, theirs

    def _each(self, corpus: Corpus, codebook: Codebook, own: bool) -> tuple[Codings, ...]:
        families, theirs = self._families(codebook)
        marks: dict[str, list[Coding]] = {}
        seen: dict[str, set[tuple[str, str]]] = {}
        read: dict[str, set[tuple[str, str]]] = {}
        aside = 0
        for row in self.rows(corpus, codebook):
            coder = row.get("coder", UNNAMED)
            if "seen" in row:
                for places in (seen, read):
                    places.setdefault(coder, set()).update((row["file"], family) for family in row["seen"])
                continue
            mark = _coding(row, theirs)
            if families[mark.code] == OWN and not own:
                aside += 1
                continue
            marks.setdefault(coder, []).append(mark)
            seen.setdefault(coder, set()).update(_looked_at(mark, families))
        if aside:
            self.remarks.append(
                f"{aside} codings use codes of the study's own that stand for none of weness's: kept and compared, not measured. {OWN_CODES} can say what they mean."
            )
        return tuple(
            Codings(
                coder,
                codebook.id,
                frozenset(seen[coder]),
                in_text_order(marks.get(coder, ())),
                read=frozenset(read.get(coder, ())),
            )
            for coder in sorted(seen)
        )


def human_first(human: Codings, machine: Codings, corpus: Corpus, families: Mapping[str, str]) -> Codings:
    """A person's codings where a person looked, the machine's elsewhere.

    Families B and C go by document. Family A goes by mention, until a person has coded COMPLETE_FROM of a document's
    mentions: then what that person left uncoded is no mention.
    """
    complete = _read_whole(human, corpus, families)
    coded: dict[str, list[Span]] = {}
    for mark in human.marks:
        if families[mark.code] == "A":
            coded.setdefault(mark.span.document, []).append(mark.span)
    kept = []
    for mark in machine.marks:
        document, family = mark.span.document, families[mark.code]
        if family in ("B", "C") and (document, family) in human.seen:
            continue
        if mark.code == "THEY_PARTNER" and (document, "B") in human.seen:
            continue
        if family == "A" and (
            document in complete or any(mark.span.overlaps(span) for span in coded.get(document, []))
        ):
            continue
        kept.append(mark)
    name = human.coder if not kept else f"{human.coder}; {machine.coder}" if human.marks else machine.coder
    return Codings(
        name,
        human.codebook,
        human.seen | machine.seen,
        in_text_order([*human.marks, *kept]),
        {**human.made, **machine.made},
        human.seen,
    )


def _read_whole(human: Codings, corpus: Corpus, families: Mapping[str, str]) -> set[str]:
    coded: dict[str, list[Span]] = {}
    for mark in human.marks:
        if families[mark.code] == "A" and mark.code != "THEY_PARTNER":
            coded.setdefault(mark.span.document, []).append(mark.span)
    whole = set()
    for document, spans in coded.items():
        found = [mention for mention in corpus.mentions if mention.span.document == document and mention.of == "self"]
        found = [mention for mention in found if mention.form != "name"]
        hit = sum(any(mention.span.overlaps(span) for span in spans) for mention in found)
        if hit >= COMPLETE_FROM * len(found):
            whole.add(document)
    return whole


def _rows(path: Path, notes: list[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    if not path.is_file():
        return
    for line in lines_in(path.read_text("utf-8")):
        if line.row is None:
            notes.append(f"{path.name}, line {line.number}: {line.wrong}.")
        else:
            yield line.number, line.row


def _wrong(row: Mapping[str, Any], corpus: Corpus, families: Mapping[str, str]) -> str:
    """Why a row cannot be used, or "" where it can."""
    documents = [document.id for document in corpus.documents]
    if row.get("file") not in documents:
        return f"no document called {row.get('file')!r} was read."
    if odd := _odd(row):
        return odd
    if row.get("kind", HUMAN) != HUMAN:
        return f"coded by a machine ({row['kind']}), not by a person."
    if "seen" in row:
        return "" if set(row["seen"]) <= {"A", "B", "C", OWN} else f"'seen' holds A, B, C or own, not {row['seen']!r}."
    code = row.get("code", row.get("label"))
    if code not in families:
        return f"no code called {code!r}."
    start, end = row.get("start"), row.get("end")
    text = corpus.document(row["file"]).text
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(text)):
        return f"characters {start} to {end} are not within the text of {row['file']} (0 to {len(text)})."
    words = row.get("text", row.get("mention"))
    if words is not None and text[start:end] != words:
        return f"{row['file']} has {text[start:end][:40]!r} at {start}, the row says {words[:40]!r}."
    return ""


KINDS: dict[str, type | tuple[type, ...]] = {
    "coder": str, "code": str, "label": str, "text": str, "mention": str, "fields": dict, "why": str, "seen": list, "kind": str,
    "probability": (int, float), "start": int, "end": int,
}  # fmt: skip


def _odd(row: Mapping[str, Any]) -> str:
    """What of a row is of a wrong kind, or "" where nothing is."""
    for name, kind in KINDS.items():
        if name in row and not isinstance(row[name], kind):
            return f"{name} is {row[name]!r}, which it cannot be."
    if any(not isinstance(family, str) for family in row.get("seen", ())):
        return f"'seen' holds A, B, C or own, not {row['seen']!r}."
    return ""


def _coding(row: Mapping[str, Any], theirs: Mapping[str, OwnCode]) -> Coding:
    code = row.get("code", row.get("label"))
    return Coding(
        span=Span(row["file"], row["start"], row["end"]),
        code=(theirs[code].means or code) if code in theirs else code,
        coder=row.get("coder", UNNAMED),
        probability=float(row.get("probability", 1.0)),
        fields=row.get("fields", {}),
        why=row.get("why", ""),
        kind=row.get("kind", HUMAN),
    )


def _looked_at(mark: Coding, families: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Who coded one relational or identity segment of a document has looked at it for both families."""
    family = families[mark.code]
    if family in ("A", OWN):
        return [(mark.span.document, family)]
    return [(mark.span.document, "B"), (mark.span.document, "C")]
