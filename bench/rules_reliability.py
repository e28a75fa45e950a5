"""How wrong are the rules? Against what persons coded in whole studies; writes library/reliability/rules.yaml.

    .venv/bin/python bench/rules_reliability.py STUDY... [--write] [--name "what they are"]

Each STUDY is a folder with narratives and a person's mentions.jsonl or codings.jsonl. Family A is compared mention by mention,
families B and C sentence by sentence, on documents that a person has looked at. Only --write changes the library.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from weness import library
from weness.coding.codebook import codebook_named
from weness.coding.codings import Coding, Codings
from weness.coding.human import HumanCoder
from weness.coding.reliability import LABELS
from weness.coding.rules import RuleCoder
from weness.engines import Inline
from weness.reading.corpus import Corpus
from weness.reading.gathering import read_study

Confusion = dict[str, Counter[tuple[str, str]]]
Counts = dict[str, dict[str, list[int]]]
TARGET = library.HERE / "reliability" / "rules.yaml"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("studies", nargs="+", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--name", default="")
    asked = parser.parse_args()
    confusion: Confusion = {}
    counts: Counts = {}
    for folder in asked.studies:
        compare(folder, confusion, counts)
    show(confusion, counts)
    name = asked.name or "the studies " + ", ".join(sorted(folder.resolve().name for folder in asked.studies))
    if asked.write:
        TARGET.write_text(page(confusion, counts, name), encoding="utf-8")
        print(f"written: {TARGET}")


def compare(folder: Path, confusion: Confusion, counts: Counts) -> None:
    """Adds what one study shows to the counts."""
    corpus, codebook = read_study(folder), codebook_named()
    human = HumanCoder(folder).code(corpus, codebook)
    rules = RuleCoder().code(corpus, codebook, Inline())
    _mentions(corpus, human, rules, confusion)
    languages = {document.id: document.language for document in corpus.documents}
    known = {code.id for code in codebook.codes if code.family in ("B", "C")}
    if {family for _, family in rules.seen} < {"A", "B", "C"}:
        known = set()
    looked = {document for document, family in human.seen if family in ("B", "C")}
    for document in sorted(looked):
        table = counts.setdefault(languages[document], {})
        for code in sorted(known | {"THEY_PARTNER"}):
            _add(table, code, _places(human, document, code, corpus), _places(rules, document, code, corpus))


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


def show(confusion: Confusion, counts: Counts) -> None:
    for language, table in sorted(confusion.items()):
        n = sum(table.values())
        hits = sum(count for (said, true), count in table.items() if said == true)
        most = Counter(true for said, true in table.elements()).most_common(1)[0]
        print(f"{language}: family A {hits / n:.3f} of {n} mentions; always {most[0]}: {most[1] / n:.3f}")
        for code, (hit, false, missed) in sorted(counts.get(language, {}).items()):
            precision, recall = hit / max(hit + false, 1), hit / max(hit + missed, 1)
            print(
                f"    {code:<14} precision {precision:.2f} recall {recall:.2f}   ({hit} hit, {false} false, {missed} missed)"
            )


def page(confusion: Confusion, counts: Counts, name: str) -> str:
    lines = [
        "# How wrong the rules are. Written by bench/rules_reliability.py; do not edit by hand.",
        "kind: rules",
        f"measured_on: >-\n  {name}",
        f"labels: [{', '.join(LABELS)}]",
        "confusion:                       # rows: what the rules said; columns: what a person said, in the order of labels",
    ]
    for language, table in sorted(confusion.items()):
        lines.append(f"  {language}:")
        lines += [f"    - [{', '.join(str(table[said, true]) for true in LABELS)}]" for said in LABELS]
    lines.append("codes:                           # true positives, false positives, false negatives")
    for language, codes in sorted(counts.items()):
        lines.append(f"  {language}:")
        lines += [f"    {code}: {entry}" for code, entry in sorted(codes.items())]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
