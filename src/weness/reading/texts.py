"""Plain text and Markdown, kept letter by letter but for line ends; and rich text without its formatting."""

from __future__ import annotations

import re
from pathlib import Path

from weness.reading.encodings import decoded
from weness.reading.reader import CannotRead, Narrative


def read_txt(path: Path, encoding: str | None = None) -> tuple[Narrative, ...]:
    return (_as_it_is(path, encoding, "Plain text"),)


def read_md(path: Path, encoding: str | None = None) -> tuple[Narrative, ...]:
    """Marks stay in the text: turns are found by them later, and every letter can be traced to the file."""
    return (_as_it_is(path, encoding, "Markdown, kept as it was written"),)


def read_rtf(path: Path, encoding: str | None = None) -> tuple[Narrative, ...]:
    from striprtf.striprtf import rtf_to_text

    data = path.read_bytes()
    if not data.lstrip().startswith(b"{\\rtf"):
        raise CannotRead(path, "This is no RTF file: it does not begin with {\\rtf.")
    # RTF is ASCII with escapes; striprtf follows the code page that the file names.
    text = rtf_to_text(  # type: ignore[no-untyped-call]
        data.decode(encoding or "latin-1"), encoding=encoding or "cp1252", errors="strict"
    )
    told = re.sub(r"\r\n?", "\n", text)
    lines = [line.rstrip() for line in told.split("\n")]
    return (Narrative("", "\n".join(lines).strip("\n"), "RTF; pictures, headers and formatting left out."),)


def _as_it_is(path: Path, encoding: str | None, kind: str) -> Narrative:
    found = decoded(path, path.read_bytes(), encoding)
    return Narrative("", found.text, f"{kind}; {found.how}.", found.warnings)
