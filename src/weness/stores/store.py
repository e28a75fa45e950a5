"""Codings kept as JSON lines; coding/human.py reads them back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from weness.coding.codings import Coding
from weness.reading.corpus import Corpus
from weness.safekeeping import whole_text


def row_of(mark: Coding, corpus: Corpus) -> dict[str, Any]:
    """One coding as one row of the format that people and scripts read."""
    return {
        "file": mark.span.document,
        "start": mark.span.start,
        "end": mark.span.end,
        "text": corpus.text(mark.span),
        "code": mark.code,
        "coder": mark.coder,
        "kind": mark.kind,
        "probability": round(mark.probability, 4),
        "fields": dict(mark.fields),
        "why": mark.why,
    }


def write_rows(rows: list[Mapping[str, Any]], path: Path) -> None:
    """Writes JSON lines whole or not at all."""
    whole_text(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
