"""From a reader's letters and quotes to codings with offsets.

    .venv/bin/python examples/corpus/resolve.py PARTNERSHIP [--reading reader.jsonl] [--coder reader-2] [--out FOLDER]

Reads PARTNERSHIP/READING (rows as READING.md tells) and writes mentions.jsonl and codings.jsonl into OUT (the partnership's own
folder unless given). Names every row that does not fit and every mention without a letter, and then writes nothing.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sheet import selves

from weness.coding.codebook import codebook_named
from weness.coding.quotes import inside_brackets, spans_of
from weness.coding.sheets import SHORT as LETTERS
from weness.reading.corpus import Corpus
from weness.reading.gathering import read_study

NUMBERS = re.compile(r"^([\d\s,–-]+?)\s*([POSTCGUX])\b\s*(.*)$")
CODEBOOK = codebook_named()
LISTS = ("who", "members")
Row = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("partnership", type=Path)
    parser.add_argument("--reading", default="reader.jsonl")
    parser.add_argument("--coder", default="reader-2")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    corpus = read_study(given.partnership)
    rows, wrong = _rows(given.partnership / given.reading)
    mentions, slips = mention_rows(corpus, [row for _, row in rows if "we" in row], given.coder)
    codings, misfits = coding_rows(corpus, [(where, row) for where, row in rows if "we" not in row], given.coder)
    wrong = [*wrong, *slips, *misfits]
    print(f"{given.partnership.name}: {len(mentions)} mentions, {len(codings)} codings; {len(wrong)} rows do not fit")
    if wrong:
        sys.exit("\n".join(wrong))
    out = given.out or given.partnership
    out.mkdir(parents=True, exist_ok=True)
    _write(out / "mentions.jsonl", mentions)
    _write(out / "codings.jsonl", codings)


def mention_rows(corpus: Corpus, rows: Iterable[Row], coder: str) -> tuple[list[Row], list[str]]:
    """A row a mention, and what is wrong: a number that is not on the sheet, one without a letter, one with two."""
    told: dict[tuple[str, int], tuple[str, str]] = {}
    wrong = []
    for row in rows:
        for numbers, letter, more in _letters(row["we"], f"{row['file']}", wrong):
            for number in numbers:
                if (row["file"], number) in told:
                    wrong.append(f"{row['file']}: number {number} has two letters")
                told[row["file"], number] = (letter, more)
    found = []
    for document in corpus.documents:
        sheet = selves(corpus, document.id)
        for number, mention in enumerate(sheet, 1):
            letter, more = told.pop((document.id, number), ("", ""))
            if not letter:
                wrong.append(f"{document.id}: number {number} ({corpus.text(mention.span)!r}) has no letter")
            if letter in LETTERS:
                found.append({"file": document.id, "start": mention.span.start, "end": mention.span.end,
                              "mention": corpus.text(mention.span), "label": LETTERS[letter], "coder": coder,
                              **({"fields": _fields(letter, more)} if more else {})})  # fmt: skip
    return found, wrong + [f"{file}: no number {number} on the sheet" for file, number in told]


def coding_rows(corpus: Corpus, rows: Iterable[tuple[str, Row]], coder: str) -> tuple[list[Row], list[str]]:
    """A row a coding of families B and C (and THEY_PARTNER), and the quotes and values that do not fit."""
    codes = {code.id for code in CODEBOOK.codes} - set(LETTERS.values())
    texts = {document.id: document.text for document in corpus.documents}
    known = {partner.id for partner in corpus.partners} | {"partnership", "beneficiaries", "unspecified"}
    found, wrong, seen = [], [], set()
    for where, row in rows:
        fields = {key: value for key, value in row.items() if key not in ("file", "quote", "code")}
        bad = _bad_values(row.get("code"), fields, codes, known) or (
            "" if row.get("file") in texts else f"no text {row.get('file')!r}"
        )
        quote, text = row.get("quote", ""), texts.get(row.get("file"), "")
        spans = inside_brackets(quote, text) if "[" in quote else spans_of(quote, text)
        if bad or not spans:
            wrong.append(f"{where}: {bad or 'not in ' + row['file'] + ': ' + row.get('quote', '')[:80]}")
            continue
        start, end = spans[0]
        seen.add(row["file"])
        found.append({"file": row["file"], "start": start, "end": end, "text": texts[row["file"]][start:end],
                      "code": row["code"], "coder": coder, "fields": fields})  # fmt: skip
    empty = [{"file": id, "seen": ["B", "C"], "coder": coder} for id in texts if id not in seen]
    return found + empty, wrong


def _bad_values(code: str | None, fields: Mapping[str, Any], codes: set[str], known: set[str]) -> str:
    if code not in codes:
        return f"no code {code!r}"
    own = CODEBOOK.code(code).fields
    for name, value in fields.items():
        if name not in own:
            return f"{code} has no field {name!r}; it has {', '.join(own)}"
        values = CODEBOOK.values(code, name)
        if values and value not in values:
            return f"{name} is {value!r}, not one of {', '.join(values)}"
    named = [one for name in LISTS if isinstance(fields.get(name), list) for one in fields[name]]
    named += [fields[key] for key in ("holder", "target") if key in fields]
    strange = [one for one in named if one not in known]
    return f"no partner {strange[0]!r}; there is {', '.join(sorted(known))}" if strange else ""


def _letters(told: str, where: str, wrong: list[str]) -> Iterator[tuple[list[int], str, str]]:
    for piece in told.split(";"):
        if not piece.strip():
            continue
        match = NUMBERS.match(piece.strip())
        if not match:
            wrong.append(f"{where}: cannot read {piece.strip()!r}; write '1-4 O' or '6 S junta+aguas'")
            continue
        numbers: list[int] = []
        for part in re.split(r"[,\s]+", match[1].strip()):
            low, _, high = part.replace("–", "-").partition("-")
            numbers += range(int(low), int(high or low) + 1)
        yield numbers, match[2], match[3].strip()


def _fields(letter: str, more: str) -> Row:
    if letter == "U":
        return {"candidates": [LETTERS[one] for one in re.findall(r"[POSTCG]", more)]}
    return {"members": re.split(r"[+,\s]+", more)} if letter == "S" else {}


def _rows(path: Path) -> tuple[list[tuple[str, Row]], list[str]]:
    rows, wrong = [], []
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            rows.append((f"{path.name}:{number}", json.loads(line)))
        except json.JSONDecodeError as error:
            wrong.append(f"{path.name}:{number}: not JSON ({error.msg})")
    return rows, wrong


def _write(path: Path, rows: list[Row]) -> None:
    key = lambda row: (row["file"], row.get("start", -1), row.get("end", 0), row.get("code", ""))  # noqa: E731
    told = [json.dumps(row, ensure_ascii=False) for row in sorted(rows, key=key)]
    path.write_text("\n".join(dict.fromkeys(told)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
