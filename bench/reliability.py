"""How wrong a coder is, against what persons coded: the counts behind library/reliability (bench/coders.py writes them).

Family A is compared mention by mention, families B and C sentence by sentence, on documents that a person has looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from bench.held_out import Said
from weness import library
from weness.coding.codebook import codebook_named
from weness.coding.codings import Coding, Codings
from weness.coding.reliability import LABELS
from weness.reading.corpus import Corpus

Confusion = dict[str, Counter[tuple[str, str]]]
Counts = dict[str, dict[str, list[int]]]
MEASURED = {
    "rules": "the coded partnerships that come with weness (invented, three languages); the rules were written before them",
    "builtin": "the coded partnerships that come with weness (invented, three languages), each left out of the fit that judged it",
}


def confusion_of(said: Iterable[Said]) -> Confusion:
    """By language, how often (machine's label, person's label)."""
    confusion: Confusion = {}
    for one in said:
        _mentions(one.corpus, one.human, one.machine, confusion)
    return confusion


def counts_of(said: Iterable[Said]) -> Counts:
    """By language and code: [hit, false, missed]."""
    counts: Counts = {}
    codes = sorted(code.id for code in codebook_named().codes if code.family in ("B", "C") or code.id == "THEY_PARTNER")
    for one in said:
        for document in sorted({document for document, family in one.human.seen if family in ("B", "C")}):
            table = counts.setdefault(one.corpus.document(document).language, {})
            for code in codes:
                places = (_places(codings, document, code, one.corpus) for codings in (one.human, one.machine))
                _add(table, code, *places)
    return counts


def write(said: Iterable[Said], kind: str) -> None:
    said = list(said)
    target = library.HERE / "reliability" / f"{kind}.yaml"
    target.write_text(page(confusion_of(said), counts_of(said), kind), encoding="utf-8")


def _mentions(corpus: Corpus, human: Codings, rules: Codings, confusion: Confusion) -> None:
    said = {(mark.span.document, mark.span.start): mark for mark in rules.marks if mark.code in LABELS}
    for mark in human.marks:
        own = said.get((mark.span.document, mark.span.start))
        if mark.code in LABELS and own is not None:
            table = confusion.setdefault(corpus.document(mark.span.document).language, Counter())
            table[own.code, mark.code] += 1


def _places(codings: Codings, document: str, code: str, corpus: Corpus) -> list[set[int]]:
    """The sentences that each coding of one code touches."""
    sentences = corpus.sentences_of(document)
    return [
        {number for number, sentence in enumerate(sentences) if sentence.span.overlaps(mark.span)}
        for mark in codings.of(document)
        if mark.code == code and not _is_excluded(mark, corpus)
    ]


def _is_excluded(mark: Coding, corpus: Corpus) -> bool:
    sentence = corpus.sentence_at(mark.span)
    return sentence is None or bool(sentence.excluded)


def _add(table: dict[str, list[int]], code: str, human: list[set[int]], rules: list[set[int]]) -> None:
    """A person's coding is found when a rule's meets one of its sentences; a rule's is right the other way round."""
    found = sum(any(one & other for other in rules) for one in human)
    right = sum(any(one & other for other in human) for one in rules)
    entry = table.setdefault(code, [0, 0, 0])
    # One figure for both: what is found, beside what is false and what is missed.
    entry[0] += min(found, right) if right else 0
    entry[1] += len(rules) - right
    entry[2] += len(human) - found


def page(confusion: Confusion, counts: Counts, kind: str) -> str:
    lines = [
        f"# How wrong the coder {kind!r} is. Written by bench/coders.py; do not edit by hand.",
        f"kind: {kind}",
        f"measured_on: >-\n  {MEASURED[kind]} [S]",
        f"labels: [{', '.join(LABELS)}]",
        "confusion:                       # rows: what the coder said; columns: what a person said, in the order of labels",
    ]
    for language, table in sorted(confusion.items()):
        lines.append(f"  {language}:")
        lines += [f"    - [{', '.join(str(table[said, true]) for true in LABELS)}]" for said in LABELS]
    lines.append("codes:                           # true positives, false positives, false negatives")
    for language, codes in sorted(counts.items()):
        lines.append(f"  {language}:")
        lines += [f"    {code}: {entry}" for code, entry in sorted(codes.items())]
    return "\n".join(lines) + "\n"
