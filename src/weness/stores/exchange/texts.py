"""Which document a source of a project is: one that the study has, or a new text file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from weness.reading.encodings import decoded
from weness.reading.guards import MAX_FILE, MEGABYTE
from weness.reading.reader import CannotRead
from weness.stores.exchange.counting import BOM

LONGEST, BYTES = 120, 180
"""Characters, and bytes, of a file name that is made from a source's name; disks take 255 bytes."""
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def in_file(text: str) -> str:
    """A text as its file holds it: one that begins with a BOM of its own gets another, since readers strip one."""
    return BOM + text if text.startswith(BOM) else text


def why_no_document(text: str) -> str:
    """Why a study cannot hold this text, "" where it can: it must be read from its file as it was written there."""
    if not text.strip():
        return "it has no words."
    data = in_file(text).encode("utf-8")
    if len(data) > MAX_FILE:
        return f"it has more than {MAX_FILE // MEGABYTE} MB."
    try:
        same = decoded(Path("text"), data).text == text
    except CannotRead as error:
        return error.why
    return "" if same else "it cannot be kept letter by letter."


def same_text(text: str, there: Mapping[str, str], taken: Collection[str]) -> str | None:
    """The study's document with exactly these words, if it has one that no other source is."""
    return next((file for file, words in there.items() if words == text and file not in taken), None)


def file_names(sources: Iterable[tuple[str, str]], folder: Path) -> dict[str, str]:
    """(GUID, name) of each source in; a .txt file name for each out: safe on any disk, no two alike, none taken."""
    taken = {_folded(path.name) for path in folder.iterdir()} if folder.is_dir() else set()
    found = {}
    for guid, name in sources:
        stem = _safe(name)
        tries = [f"{stem}.txt", f"{stem} {guid[:8]}.txt", f"{guid}.txt"]
        file = next(one for one in tries if _folded(one) not in taken)
        taken.add(_folded(file))
        found[guid] = file
    return found


def _safe(name: str) -> str:
    """A name without path, control characters and what some disks refuse; ".txt" is put behind it again."""
    bare = unicodedata.normalize("NFC", name)
    bare = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*#\u2028\u2029]+', " ", bare)
    bare = re.sub(r"\.txt$", "", " ".join(bare.split()), flags=re.IGNORECASE)[:LONGEST].strip(" .~_")
    short = bare.encode("utf-8")[:BYTES].decode("utf-8", "ignore").rstrip()
    return f"text {short}".rstrip() if not short or RESERVED.fullmatch(short) else short


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
