"""How wrong are the rules? Their codes against a person's, on studies that were not used to write the cues.

    .venv/bin/python bench/rules_reliability.py [STUDY ...] [--write]

Without a folder: the bundled demo. ``--write`` puts the figures into library/reliability/rules.yaml, from where every
interval of a report takes the coder's error.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import numpy as np

from weness import library
from weness.coding.codebook import codebook_named
from weness.coding.human import HumanCoder
from weness.coding.reliability import LABELS
from weness.coding.rules import RuleCoder
from weness.engines import Inline
from weness.reading.gathering import read_study


def main() -> None:
    folders = [Path(name) for name in sys.argv[1:] if not name.startswith("--")] or [library.HERE / "demo"]
    book = codebook_named()
    confusion: dict[str, np.ndarray] = {}
    counts: dict[str, dict[str, list[int]]] = {}
    for folder in folders:
        corpus = read_study(folder)
        told = HumanCoder(folder).code(corpus, book)
        guessed = RuleCoder().code(corpus, book, Inline())
        labels = {mark.span: mark.code for mark in guessed.marks if mark.code in LABELS}
        where = {}
        for number, sentence in enumerate(corpus.sentences):
            where.setdefault(sentence.span.document, []).append((sentence.span.start, number))

        def sentence_of(span, where=where):
            return max((start, number) for start, number in where[span.document] if start <= max(span.start, start))[1] if False else max(
                [number for start, number in where[span.document] if start <= span.start] or [where[span.document][0][1]]
            )

        for mark in told.marks:
            if mark.code in LABELS and mark.span in labels:
                language = corpus.sentences[sentence_of(mark.span)].language
                table = confusion.setdefault(language, np.zeros((len(LABELS), len(LABELS)), dtype=int))
                table[LABELS.index(labels[mark.span]), LABELS.index(mark.code)] += 1
        seen = {document for document, family in told.seen if family == "B"}
        for code in book.codes:
            if code.id in LABELS:
                continue
            truth = {sentence_of(mark.span) for mark in told.marks if mark.code == code.id}
            claim = {sentence_of(mark.span) for mark in guessed.marks if mark.code == code.id and mark.span.document in seen}
            for language in sorted({corpus.sentences[number].language for number in truth | claim}):
                own = {number for number in truth | claim if corpus.sentences[number].language == language}
                row = counts.setdefault(language, {}).setdefault(code.id, [0, 0, 0])
                row[0] += len(own & truth & claim)
                row[1] += len((own & claim) - truth)
                row[2] += len((own & truth) - claim)
    _print(confusion, counts)
    if "--write" in sys.argv:
        path = library.HERE / "reliability" / "rules.yaml"
        path.write_text(_yaml(confusion, counts, folders), encoding="utf-8")
        print(f"wrote {path}")


def _print(confusion: dict[str, np.ndarray], counts: dict[str, dict[str, list[int]]]) -> None:
    for language, table in sorted(confusion.items()):
        majority = table.sum(axis=0).max() / table.sum()
        print(f"{language}: family A right {np.trace(table) / table.sum():.3f} of {table.sum()}, majority class {majority:.3f}")
    total = Counter()
    for table in counts.values():
        for code, row in table.items():
            total.update({(code, at): value for at, value in enumerate(row)})
    for code in sorted({code for code, _ in total}):
        hits, false, missed = (total[code, at] for at in range(3))
        print(f"  {code:<14} precision {hits}/{hits + false}  recall {hits}/{hits + missed}")


def _yaml(confusion: dict[str, np.ndarray], counts: dict[str, dict[str, list[int]]], folders: list[Path]) -> str:
    names = ", ".join(sorted(folder.name for folder in folders))
    lines = [
        "# Written by bench/rules_reliability.py: do not edit by hand.",
        'references: ["Measured by the script named above [SIM: no]; a person\'s codes are the reference."]',
        "kind: rules",
        f'measured_on: "the hand codings of: {names} (invented partnerships)"',
        f"labels: [{', '.join(LABELS)}]",
        "confusion:   # rows: what the rules said; columns: what a person said",
    ]
    for language, table in sorted(confusion.items()):
        lines.append(f"  {language}:")
        lines += [f"    - [{', '.join(map(str, row))}]" for row in table.tolist()]
    lines.append("codes:       # true positives, false positives, false negatives, in sentences")
    for language, rows in sorted(counts.items()):
        lines.append(f"  {language}:")
        lines += [f"    {code}: [{', '.join(map(str, row))}]" for code, row in sorted(rows.items())]
    lines.append("usual: [0, 1, 1]")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
