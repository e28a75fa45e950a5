"""Sheets for a second reader: the texts with every mention numbered, without the writer's plan.

    .venv/bin/python examples/corpus/sheet.py PARTNERSHIP [...]

Writes PARTNERSHIP/sheets/: INFO.txt and one numbered text a document.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from weness.reading.corpus import Corpus, Mention
from weness.reading.gathering import read_study


def main(folders: list[str]) -> None:
    for folder in map(Path, folders):
        corpus = read_study(folder)
        out = folder / "sheets"
        out.mkdir(exist_ok=True)
        (out / "INFO.txt").write_text("\n".join(_info(corpus)) + "\n", encoding="utf-8")
        for document in corpus.documents:
            (out / document.id).write_text(numbered(corpus, document.id), encoding="utf-8")
        print(
            f"{folder.name}: {len(corpus.documents)} texts, {sum(map(bool, selves(corpus)))} mentions. {' '.join(corpus.notes)}"
        )


def selves(corpus: Corpus, document: str | None = None) -> list[Mention]:
    """The first-person-plural mentions in text order: the numbers of the sheet count them from 1, text by text."""
    found = [one for one in corpus.mentions if one.of == "self" and one.form != "name"]
    return sorted((one for one in found if document in (None, one.span.document)), key=lambda one: one.span)


def numbered(corpus: Corpus, document: str) -> str:
    text = corpus.document(document).text
    pieces, done = [], 0
    for number, mention in enumerate(selves(corpus, document), 1):
        pieces.append(f"{text[done : mention.span.start]}⟦{number}:{corpus.text(mention.span)}⟧")
        done = mention.span.end
    return "".join(pieces) + text[done:]


def _info(corpus: Corpus) -> Iterator[str]:
    yield f"{corpus.name} ({', '.join(corpus.languages)})"
    yield "\nPartners"
    for partner in corpus.partners:
        yield f"  {partner.id}: {partner.name}; {partner.sector}; {partner.power}; also called {', '.join(partner.aliases)}"
    yield "\nSpeakers"
    for speaker in corpus.speakers:
        yield f"  {speaker.id}: {speaker.name}; {speaker.partner or '-'}; {speaker.role}"
    yield "\nDocuments"
    for document in corpus.documents:
        yield f"  {document.id}: {document.date}; {document.genre}; {document.language}; {document.partner or 'several'}; {', '.join(document.speakers)}"


if __name__ == "__main__":
    main(sys.argv[1:])
