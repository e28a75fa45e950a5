"""Records: .jsonl and .json, with the words in a field that is called like a column of words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from weness.reading.columns import SPEAKER, TEXT, column
from weness.reading.encodings import decoded
from weness.reading.reader import CannotRead, Narrative
from weness.reading.tables import rendered

MAX_DEPTH = 6
"""How deep in a .json file a list of records is looked for."""


def read_jsonl(path: Path, encoding: str | None = None) -> tuple[Narrative, ...]:
    found = decoded(path, path.read_bytes(), encoding)
    records = []
    for number, line in enumerate(found.text.split("\n"), 1):
        if line.strip():
            records.append(_parsed(path, line, f"Line {number}"))
    text, how, warnings = _records_text(path, records)
    return (Narrative("", text, f"JSON lines; {found.how}; {how}.", found.warnings + warnings),)


def read_json(path: Path, encoding: str | None = None) -> tuple[Narrative, ...]:
    found = decoded(path, path.read_bytes(), encoding)
    data = _parsed(path, found.text, "The file")
    place, records = _records_in(data)
    if records is None:
        raise CannotRead(path, f"No list of turns in it. {_what_there_is(data)} Wanted: records with a field 'text'.")
    text, how, warnings = _records_text(path, records)
    where = f"the list {place!r}, " if place else ""
    return (Narrative("", text, f"JSON; {found.how}; {where}{how}.", found.warnings + warnings, title=_title(data)),)


def _parsed(path: Path, text: str, what: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        where = "" if what.startswith("Line") else f", line {error.lineno}"
        raise CannotRead(path, f"{what} is broken JSON ({error.msg}{where}, column {error.colno}).") from error


def _records_in(data: Any) -> tuple[str, list[Any] | None]:
    """The list of records with words, and what it is called: the shallowest; of several, one with speakers, then the longest."""
    level: list[tuple[str, Any]] = [("", data)]
    for _ in range(MAX_DEPTH):
        lists = [(name, value) for name, value in level if isinstance(value, list) and _tells(value)]
        if lists:
            return max(lists, key=lambda one: (_names_speakers(one[1]), len(one[1])))
        level = [(str(key), inner) for _, value in level if isinstance(value, dict) for key, inner in value.items()]
    if isinstance(data, dict) and column(list(data), TEXT) is not None:
        return "", [data]
    return "", None


def _tells(records: list[Any]) -> bool:
    if records and all(isinstance(record, str) for record in records):
        return True
    with_words = [record for record in records if isinstance(record, dict) and _words_of(record)]
    return bool(with_words) and len(with_words) * 2 >= len(records)


def _names_speakers(records: list[Any]) -> bool:
    return any(isinstance(record, dict) and column(list(record), SPEAKER) is not None for record in records)


def _words_of(record: dict[str, Any]) -> str:
    names = list(record)
    index = column(names, TEXT)
    value = record[names[index]] if index is not None else ""
    return value if isinstance(value, str) else ""


def _records_text(path: Path, records: Sequence[Any]) -> tuple[str, str, tuple[str, ...]]:
    if records and all(isinstance(record, str) for record in records):
        return "\n\n".join(records), "a list of texts", ()
    odd = sum(not isinstance(record, dict) for record in records)
    if odd:
        raise CannotRead(path, f"{odd} of its {len(records)} entries are not records with named fields.")
    names = list(dict.fromkeys(str(name) for record in records for name in record))
    rows = [names] + [[_shown(record.get(name)) for name in names] for record in records]
    return rendered(rows)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")
    return json.dumps(value, ensure_ascii=False)


def _what_there_is(data: Any) -> str:
    if isinstance(data, dict):
        return f"It has the fields: {', '.join(map(str, list(data)[:12]))}."
    if isinstance(data, list) and data and isinstance(data[0], dict):
        return f"It lists records with: {', '.join(map(str, list(data[0])[:12]))}."
    return f"It holds a {type(data).__name__}."


def _title(data: Any) -> str:
    title = data.get("title") if isinstance(data, dict) else None
    return title if isinstance(title, str) else ""
