"""From hand codings written as quotes to codings with offsets in the texts as weness reads them.

    .venv/bin/python examples/ladera/resolve.py

Reads coding/w1.jsonl ... w3.jsonl (a quote a row, a mention in [brackets]), and writes codings.jsonl and mentions.jsonl
into the demo's study folder. Fails, naming the row, when a quote is not found or a mention is found twice.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from weness import library
from weness.coding.quotes import inside_brackets, spans_of
from weness.reading.gathering import read_study

HERE = Path(__file__).parent
STUDY = library.HERE / "demo"
SELVES = {"WE_PARTNERSHIP", "WE_OWN", "WE_SUBGROUP", "WE_SECTOR", "WE_COMMUNITY", "WE_GENERIC", "WE_UNCLEAR"}


def main() -> None:
    corpus = read_study(STUDY)
    texts = {document.id: document.text for document in corpus.documents}
    codings: list[dict[str, Any]] = []
    mentions: list[dict[str, Any]] = []
    wrong: list[str] = []
    for where, row in _rows():
        parts = {id: text for id, text in texts.items() if id == row["file"] or id.startswith(row["file"] + "#")}
        if not parts:
            wrong.append(f"{where}: no document called {row['file']!r}")
            continue
        if "seen" in row:
            codings += [{"file": id, "seen": row["seen"], "coder": "reader-1"} for id in parts]
            continue
        found = [(id, *span) for id, text in parts.items() for span in _places(row["quote"], text)]
        if not found:
            wrong.append(f"{where}: not in {row['file']}: {row['quote'][:90]!r}")
            continue
        if len(found) > 1 and "[" in row["quote"]:
            wrong.append(f"{where}: {len(found)} places in {row['file']} for {row['quote'][:90]!r}")
        id, start, end = found[0]
        text = texts[id][start:end]
        if row["code"] in SELVES:
            mentions.append({"file": id, "start": start, "end": end, "mention": text, "label": row["code"],
                             "coder": "reader-1", "fields": row.get("fields", {})})  # fmt: skip
        else:
            codings.append({"file": id, "start": start, "end": end, "text": text, "code": row["code"],
                            "coder": "reader-1", "fields": row.get("fields", {})})  # fmt: skip
    _write(STUDY / "codings.jsonl", codings)
    _write(STUDY / "mentions.jsonl", mentions)
    print(f"{len(mentions)} mentions and {len(codings)} other rows; {len(wrong)} rows do not fit")
    if wrong:
        sys.exit("\n".join(wrong))


def _rows() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted((HERE / "coding").glob("w*.jsonl")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if line.strip():
                yield f"{path.name}:{number}", json.loads(line)


def _places(quote: str, text: str) -> list[tuple[int, int]]:
    return inside_brackets(quote, text) if "[" in quote else spans_of(quote, text)


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    key = lambda row: (row["file"], row.get("start", -1), row.get("end", 0), row.get("code", row.get("label", "")))  # noqa: E731
    told = [json.dumps(row, ensure_ascii=False) for row in sorted(rows, key=key)]
    path.write_text("\n".join(dict.fromkeys(told)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
