"""PDF files, read by PDFium in a process of its own: a hostile file may end that process, not this one."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

from weness.reading.guards import MAX_PDF_PAGES, PDF_MEMORY, PDF_SECONDS
from weness.reading.reader import CannotRead, Narrative

NUMBER = re.compile(
    r"^\W*(?:(?:p(?:age|ágina|agina)?\.?|pag\.?|blz\.?)\s*)?\d{1,4}(?:\s*(?:/|of|de|van)\s*\d{1,4})?\W*$", re.I
)
STARTS = re.compile(r"^(?:#|[-*•–]\s|\d{1,2}[.)]\s|\[?\d{1,2}:\d{2}|\*{0,2}[\w .’'()-]{1,40}:\s)")


def read_pdf(path: Path, encoding: str | None = None) -> tuple[Narrative, ...]:
    pages = _pages(path)
    if not any(page.strip() for page in pages):
        raise CannotRead(path, "Its pages are pictures without text (a scan): run a text recognition first.")
    lines, dropped = _without_running_heads([page.split("\n") for page in pages])
    source = f"PDF, {len(pages)} pages; lines joined to paragraphs, hyphens at line ends undone"
    source += f"; {dropped} running heads and page numbers left out." if dropped else "."
    return (Narrative("", _joined(lines), source),)


def _pages(path: Path) -> list[str]:
    """The text of each page, read by ``python -m weness.reading.pdf``."""
    command = [sys.executable, "-m", "weness.reading.pdf", str(path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=PDF_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise CannotRead(path, f"It took longer than {PDF_SECONDS} seconds: refused.") from None
    try:
        told = json.loads(done.stdout)
    except ValueError:
        raise CannotRead(path, "It broke the reader, as a damaged or hostile PDF does: refused.") from None
    if "error" in told:
        raise CannotRead(path, told["error"])
    pages: list[str] = told["pages"]
    return pages


def _read_pages(path: str) -> dict[str, object]:
    """Runs in the other process: the pages, or an error in words for the user."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (PDF_MEMORY, PDF_MEMORY))
    except ImportError:  # Windows has no such limit; the time limit stays.
        pass
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            return {"error": "It is locked with a password: save it without one."}
        return {"error": f"This is no whole PDF ({error})."}
    if len(document) > MAX_PDF_PAGES:
        return {"error": f"It has {len(document):,} pages; {MAX_PDF_PAGES:,} are read at most."}
    pages = []
    for page in document:
        text = page.get_textpage().get_text_bounded()
        # PDFium writes CRLF, and U+FFFE or U+0002 for a hyphen at the end of a line.
        pages.append(re.sub("[\ufffe\x02]", "\u2010", text.replace("\r\n", "\n").replace("\r", "\n")))
    document.close()
    return {"pages": pages}


def _without_running_heads(pages: list[list[str]]) -> tuple[list[str], int]:
    """Lines that stand first or last on most pages, and lone page numbers, are no part of the text."""
    edges = Counter(line.strip() for page in pages for line in {*page[:2], *page[-2:]} if line.strip())
    often = {line for line, times in edges.items() if times >= 3 and times > len(pages) / 2}
    kept: list[str] = []
    dropped = 0
    for page in pages:
        last = len(page) - 1
        for number, line in enumerate(page):
            edge = number <= 1 or number >= last - 1
            if edge and (line.strip() in often or (len(pages) > 1 and NUMBER.match(line) and line.strip())):
                dropped += 1
            else:
                kept.append(line.rstrip())
    return kept, dropped


def _joined(lines: list[str]) -> str:
    """Paragraphs from wrapped lines: a line goes on while the one before is long and does not end a sentence."""
    width = max((len(line) for line in lines), default=0)
    told: list[str] = []
    before = ""
    for line in lines:
        if told and before and line.strip() and _goes_on(before, line, width):
            told[-1] = _glued(told[-1], line.strip())
        else:
            told.append(line.strip())
        before = line
    return re.sub(r"\n{3,}", "\n\n", "\n".join(told)).strip()


def _goes_on(before: str, line: str, width: int) -> bool:
    if STARTS.match(line):
        return False
    return before.rstrip().endswith(("\u2010", "-")) or len(before) > 0.7 * width


def _glued(before: str, line: str) -> str:
    if before.endswith("\u2010"):
        return before[:-1] + line
    if re.search(r"[a-záéíóúñ]-$", before) and line[:1].islower():
        return before[:-1] + line
    return f"{before} {line}"


if __name__ == "__main__":
    print(json.dumps(_read_pages(sys.argv[1])))
