"""A file in, narratives out: plain text, whatever the format, and a sentence that says how it was read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Narrative:
    """What was read from a file, or from one message of a mailbox.

    ``name`` is "" where a file holds one narrative, else its place in the file ("#1"). ``text`` has LF line ends and
    is never changed again. ``source`` says in words how it was read: format, encoding and what was left out.
    ``date`` (ISO) and ``title`` are given where the file itself says them.
    """

    name: str
    text: str
    source: str
    warnings: tuple[str, ...] = ()
    date: str = ""
    title: str = ""


class CannotRead(ValueError):
    """Says which file could not be read, and why, in a line or two."""

    def __init__(self, file: Path | str, why: str) -> None:
        super().__init__(file, why)
        self.file = Path(file).name
        self.why = why

    def __str__(self) -> str:
        return f"{self.file}: {self.why}"


class Reader(Protocol):
    """Reads files of some suffixes. To add a format, write a function that does ``read`` and add its line to BUILT_IN."""

    @property
    def suffixes(self) -> tuple[str, ...]: ...

    def read(self, path: Path, encoding: str | None = None) -> tuple[Narrative, ...]:
        """Raises CannotRead, and nothing else, where a file is broken."""
        ...


@dataclass(frozen=True, slots=True)
class LazyReader:
    """A reading function that is imported when its first file comes along."""

    suffixes: tuple[str, ...]
    module: str
    function: str

    def read(self, path: Path, encoding: str | None = None) -> tuple[Narrative, ...]:
        function = getattr(import_module(f"weness.reading.{self.module}"), self.function)
        narratives: tuple[Narrative, ...] = function(path, encoding)
        return narratives


BUILT_IN: tuple[Reader, ...] = (
    LazyReader((".txt", ".text"), "texts", "read_txt"),
    LazyReader((".md", ".markdown"), "texts", "read_md"),
    LazyReader((".html", ".htm", ".xhtml"), "webpages", "read_html"),
    LazyReader((".rtf",), "texts", "read_rtf"),
    LazyReader((".docx",), "office", "read_docx"),
    LazyReader((".odt",), "office", "read_odt"),
    LazyReader((".pdf",), "pdf", "read_pdf"),
    LazyReader((".csv", ".tsv"), "tables", "read_csv"),
    LazyReader((".xlsx",), "tables", "read_xlsx"),
    LazyReader((".jsonl", ".ndjson"), "records", "read_jsonl"),
    LazyReader((".json",), "records", "read_json"),
    LazyReader((".vtt",), "subtitles", "read_vtt"),
    LazyReader((".srt",), "subtitles", "read_srt"),
    LazyReader((".eml",), "mail", "read_eml"),
    LazyReader((".mbox",), "mail", "read_mbox"),
)

Reading = Callable[[Path, str | None], tuple[Narrative, ...]]

READERS: dict[str, Reading] = {suffix: reader.read for reader in BUILT_IN for suffix in reader.suffixes}
"""Suffix (lower case, with its dot) to the function that reads such a file."""

INSTEAD = {
    ".doc": "Old Word files are not read: open it and save it as .docx.",
    ".xls": "Old Excel files are not read: open it and save it as .xlsx.",
    ".ods": "Save the table as .xlsx or .csv.",
    ".msg": "Outlook's own format is not read: save the message as .eml or .txt.",
    ".pages": "Export it as .docx or .pdf.",
    ".pptx": "Export it as .pdf.",
}


def narratives_in(path: Path, encoding: str | None = None) -> tuple[Narrative, ...]:
    """Everything that a file tells. ``encoding`` overrules what the file seems to be written in.

    Raises CannotRead, saying which file and why: never an empty text, never a stack trace from a parser.
    """
    from weness.reading.guards import check_size

    reading = _reading_for(path)
    check_size(path)
    try:
        narratives = reading(path, encoding)
    except CannotRead:
        raise
    except (OSError, MemoryError, RecursionError) as error:
        raise CannotRead(path, _reason(error)) from error
    except Exception as error:  # a parser met something that it was not written for: said, not thrown
        raise CannotRead(path, f"The file seems broken ({_reason(error)}).") from error
    _check_texts(path, narratives)
    return narratives


def _reading_for(path: Path) -> Reading:
    if not path.exists():
        raise CannotRead(path, "There is no such file in the folder.")
    if not path.is_file():
        raise CannotRead(path, "This is not a file.")
    suffix = path.suffix.lower()
    if suffix not in READERS:
        kind = f"Files ending in {suffix!r} are not read." if suffix else "The file name has no ending."
        raise CannotRead(path, INSTEAD.get(suffix) or f"{kind} There are readers for: {' '.join(READERS)}.")
    return READERS[suffix]


def _reason(error: BaseException) -> str:
    if isinstance(error, RecursionError):
        return "It is nested too deeply."
    if isinstance(error, MemoryError):
        return "It needs more memory than there is."
    words = " ".join(str(error).split())[:200]
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def _check_texts(path: Path, narratives: tuple[Narrative, ...]) -> None:
    if not any(narrative.text.strip() for narrative in narratives):
        raise CannotRead(path, "No text was found in it, although the file is not empty.")
    for narrative in narratives:
        try:
            narrative.text.encode("utf-8")
        except UnicodeEncodeError as error:
            line = narrative.text.count("\n", 0, error.start) + 1
            raise CannotRead(path, f"Line {line} of its text holds half a character (a lone surrogate).") from error
