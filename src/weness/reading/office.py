"""Word and OpenDocument files: paragraphs, tables, headers and notes, in the order of the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from weness.reading.blocks import Page, table_lines
from weness.reading.guards import MAX_REPEATS, Package
from weness.reading.reader import CannotRead, Narrative

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def read_docx(path: Path, encoding: str | None = None) -> tuple[Narrative, ...]:
    """Tracked insertions, text boxes and content controls are kept; deletions and comments are left out."""
    with Package(path, ".docx") as package:
        body = package.xml("word/document.xml").find(f"{W}body")
        if body is None:
            raise CannotRead(path, "It has no body of text.")
        page = Page()
        heads = _parts(package, "word/header")
        for line in _once(line for root in heads for line in _block_lines(root)):
            page.add(line)
        page.gap = True
        for line in _block_lines(body):
            page.add(line, apart=False)
        page.gap = True
        for name in ("word/footnotes.xml", "word/endnotes.xml"):
            if name in package.names:
                for line in _block_lines(package.xml(name)):
                    page.add(line)
        deleted = sum(1 for _ in body.iter(f"{W}del"))
        comments = 0
        if "word/comments.xml" in package.names:
            comments = sum(1 for _ in package.xml("word/comments.xml").iter(f"{W}comment"))
    left = [f"{deleted} tracked deletions"] * bool(deleted) + [f"{comments} comments"] * bool(comments)
    source = f"Word file; headers and notes kept; left out: {', '.join([*left, 'footers, pictures'])}."
    return (Narrative("", page.text, source),)


def read_odt(path: Path, encoding: str | None = None) -> tuple[Narrative, ...]:
    with Package(path, ".odt") as package:
        root = package.xml("content.xml")
        body = root.find(f"{OFFICE}body/{OFFICE}text")
        if body is None:
            raise CannotRead(path, "It has no body of text.")
        page = Page()
        for line in _odt_lines(body):
            page.add(line, apart=False)
    source = "OpenDocument text; left out: tracked deletions, comments, headers and footers, pictures."
    return (Narrative("", page.text, source),)


def _parts(package: Package, start: str) -> list[Any]:
    return [package.xml(name) for name in sorted(package.names) if name.startswith(start) and name.endswith(".xml")]


def _once(lines: Iterator[str]) -> Iterator[str]:
    """A header stands in several parts of a file; it is said once."""
    seen = set()
    for line in lines:
        if line.strip() and line not in seen:
            seen.add(line)
            yield line


def _block_lines(block: Any) -> Iterator[str]:
    """Paragraphs and tables below ``block``, as lines. Content controls and the like are looked through."""
    for child in block:
        if child.tag == f"{W}p":
            yield _paragraph(child)
        elif child.tag == f"{W}tbl":
            yield ""
            yield from table_lines(_rows(child))
            yield ""
        elif child.tag not in (f"{W}sectPr", f"{W}del", FALLBACK) and isinstance(child.tag, str):
            yield from _block_lines(child)


def _rows(table: Any) -> Iterator[list[str]]:
    for row in table.iter(f"{W}tr"):
        cells = (cell for cell in row.iter(f"{W}tc"))
        yield ["\n".join(line for line in _block_lines(cell) if line.strip()) for cell in cells]


def _paragraph(paragraph: Any) -> str:
    words: list[str] = []
    boxes: list[str] = []
    _runs(paragraph, words, boxes)
    return "\n".join(filter(str.strip, ["".join(words), *boxes])) if boxes else "".join(words)


def _runs(element: Any, words: list[str], boxes: list[str]) -> None:
    for child in element:
        tag = child.tag
        if tag == f"{W}t":
            words.append(child.text or "")
        elif tag == f"{W}tab":
            words.append("\t")
        elif tag in (f"{W}br", f"{W}cr"):
            words.append("\n")
        elif tag == f"{W}noBreakHyphen":
            words.append("-")
        elif tag == f"{W}txbxContent":
            boxes.extend(line for line in _block_lines(child) if line.strip())
        elif tag not in (f"{W}del", f"{W}delText", f"{W}instrText", FALLBACK, f"{W}pPr", f"{W}rPr"):
            _runs(child, words, boxes)


def _odt_lines(block: Any) -> Iterator[str]:
    for child in block:
        if child.tag in (f"{TEXT}p", f"{TEXT}h"):
            yield _odt_paragraph(child)
        elif child.tag == f"{TABLE}table":
            yield ""
            yield from table_lines(_odt_rows(child))
            yield ""
        elif child.tag not in (f"{TEXT}tracked-changes", f"{OFFICE}annotation") and isinstance(child.tag, str):
            yield from _odt_lines(child)


def _odt_rows(table: Any) -> Iterator[list[str]]:
    for row in table.iter(f"{TABLE}table-row"):
        cells = [cell for cell in row if cell.tag == f"{TABLE}table-cell"]
        yield ["\n".join(line for line in _odt_lines(cell) if line.strip()) for cell in cells]


def _odt_paragraph(element: Any) -> str:
    words = [element.text or ""]
    for child in element:
        if child.tag == f"{TEXT}s":
            words.append(" " * min(int(child.get(f"{TEXT}c", "1")), MAX_REPEATS))
        elif child.tag == f"{TEXT}tab":
            words.append("\t")
        elif child.tag == f"{TEXT}line-break":
            words.append("\n")
        elif child.tag == f"{TEXT}note":
            note = child.find(f"{TEXT}note-body")
            words.append(f" ({' '.join(_odt_lines(note)).strip()})" if note is not None else "")
        elif child.tag != f"{OFFICE}annotation" and isinstance(child.tag, str):
            words.append(_odt_paragraph(child))
        words.append(child.tail or "")
    return "".join(words)
