"""Writes the demo's narratives in the formats of office programs, byte for byte the same each time.

Run from a checkout with the development tools: ``python examples/ladera/make_files.py [FOLDER]``. A source
``NAME.docx.txt`` becomes ``NAME.docx``. In a source, ``#`` begins a heading, ``|`` a table row, ``^`` a page header.
"""

from __future__ import annotations

import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SOURCES = HERE / "sources"
STUDY = HERE.parents[1] / "src" / "weness" / "library" / "demo"
AUTHOR = "Ladera Viva (invented)"
STILL = (1980, 1, 1, 0, 0, 0)
"""The time that every member of an archive bears: a clock would make each run another file."""
WORDS_PER_SECOND = 2.4
LONGEST_CUE = 26
"""Words; a longer sentence is cut at a comma, as meeting recorders do."""


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of a source: ``kind`` is "heading", "row", "header" or "text"; a row has its cells."""

    kind: str
    text: str
    cells: tuple[str, ...] = ()


MARKS = {"^": "header", "#": "heading", "|": "row"}


def blocks_of(source: str) -> Iterator[Block]:
    for line in filter(None, (line.strip() for line in source.split("\n"))):
        kind = MARKS.get(line[0], "text")
        cells = tuple(cell.strip() for cell in line.strip("|").split("|")) if kind == "row" else ()
        yield Block(kind, line if kind == "text" else line.lstrip("^# ").strip(), cells)


def turns_of(source: str) -> Iterator[tuple[str, str]]:
    for block in blocks_of(source):
        speaker, _, words = block.text.partition(": ")
        yield speaker, words


def docx(source: str, day: datetime) -> bytes:
    from docx import Document

    paper: Any = Document()
    properties = paper.core_properties
    properties.author = properties.last_modified_by = AUTHOR
    properties.created = properties.modified = day
    for kind, group in groupby(blocks_of(source), key=lambda block: block.kind):
        blocks = list(group)
        if kind == "row":
            _docx_table(paper, blocks)
        for block in blocks:
            if kind == "header":
                paper.sections[0].header.paragraphs[0].text = block.text
            elif kind == "heading":
                paper.add_heading(block.text, level=1)
            elif kind == "text":
                _docx_paragraph(paper, block.text)
    out = BytesIO()
    paper.save(out)
    return stilled(out.getvalue())


def _docx_table(paper: Any, rows: list[Block]) -> None:
    table = paper.add_table(rows=len(rows), cols=max(len(row.cells) for row in rows), style="Table Grid")
    for row, block in zip(table.rows, rows, strict=True):
        for cell, words in zip(row.cells, block.cells, strict=False):
            cell.text = words


def _docx_paragraph(paper: Any, text: str) -> None:
    """A speaker's name in bold, as people type it."""
    paragraph = paper.add_paragraph()
    label = re.match(r"[^\W\d][\w .]{2,30}: ", text)
    if label:
        paragraph.add_run(label[0]).bold = True
    paragraph.add_run(text[label.end() if label else 0 :])


def odt(source: str, day: datetime) -> bytes:
    from odfdo import Document, Header, Paragraph

    paper: Any = Document("text")
    paper.body.clear()
    for block in blocks_of(source):
        paper.body.append(Header(1, block.text) if block.kind == "heading" else Paragraph(block.text))
    meta = paper.meta
    meta.creator = meta.initial_creator = AUTHOR
    meta.date = meta.creation_date = day.replace(tzinfo=None)
    out = BytesIO()
    paper.save(out)
    return stilled(out.getvalue())


def xlsx(source: str, day: datetime) -> bytes:
    from importlib import import_module  # openpyxl brings no types

    book: Any = import_module("openpyxl").Workbook()
    book.active.title = "notes"
    for line in filter(None, source.split("\n")):
        book.active.append(line.split("\t"))
    book.properties.creator = AUTHOR
    book.properties.created = day.replace(tzinfo=None)
    out = BytesIO()
    book.save(out)
    return stilled(out.getvalue(), day)


def pdf(source: str, day: datetime) -> bytes:
    from fpdf import FPDF

    paper = FPDF(format="A4")
    paper.set_creation_date(day)
    paper.set_author(AUTHOR)
    paper.set_margins(25, 25, 25)
    paper.add_page()
    for block in blocks_of(source):
        heading = block.kind == "heading"
        paper.set_font("Helvetica", style="B" if heading else "", size=13 if heading else 11)
        paper.multi_cell(0, 7 if heading else 6, block.text, align="L", new_x="LMARGIN", new_y="NEXT")
        paper.ln(3)
    return bytes(paper.output())


def rtf(source: str, day: datetime) -> bytes:
    lines = [r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\froman Georgia;}}", rf"{{\info{{\author {AUTHOR}}}}}\f0\fs24"]
    for block in blocks_of(source):
        words = "".join(_rtf_letter(letter) for letter in block.text)
        lines.append((rf"\pard\b {words}\b0\par" if block.kind == "heading" else rf"\pard {words}\par") + r"\par")
    return "\n".join([*lines, "}"]).encode("ascii")


def _rtf_letter(letter: str) -> str:
    if letter in "\\{}":
        return "\\" + letter
    if ord(letter) < 128:
        return letter
    try:
        return "".join(rf"\'{byte:02x}" for byte in letter.encode("cp1252"))
    except UnicodeEncodeError:
        return rf"\u{ord(letter)}?"


def vtt(source: str, day: datetime) -> bytes:
    cues = [
        f"{_clock(start)}.000 --> {_clock(end)}.000\n<v {speaker}>{words}</v>\n"
        for start, end, speaker, words in cues_of(source)
    ]
    return "\n".join(["WEBVTT\n", f"NOTE Invented case, {day:%Y-%m-%d}\n", *cues]).encode()


def zoom(source: str, day: datetime) -> bytes:
    """WebVTT as Zoom writes it: numbered cues, the name before the words."""
    cues = [
        f"{number}\n{_clock(start)}.000 --> {_clock(end)}.000\n{speaker}: {words}\n"
        for number, (start, end, speaker, words) in enumerate(cues_of(source), 1)
    ]
    return "\n".join(["WEBVTT\n", *cues]).encode()


def srt(source: str, day: datetime) -> bytes:
    cues = [
        f"{number}\n{_clock(start)},000 --> {_clock(end)},000\n{speaker}: {words}\n"
        for number, (start, end, speaker, words) in enumerate(cues_of(source), 1)
    ]
    return "\n".join(cues).encode()


def cues_of(source: str) -> Iterator[tuple[int, int, str, str]]:
    """(from, to, who, words) in whole seconds, with a breath between two speakers."""
    now = 2
    for speaker, said in turns_of(source):
        for words in _breaths(said):
            end = now + max(1, round(len(words.split()) / WORDS_PER_SECOND))
            yield now, end, speaker, words
            now = end
        now += 2


def _breaths(said: str) -> Iterator[str]:
    for sentence in re.split(r"(?<=[.?!])\s+", said):
        long = len(sentence.split()) > LONGEST_CUE
        yield from re.split(r"(?<=,)\s+", sentence) if long else [sentence]


def _clock(second: int) -> str:
    return f"{second // 3600:02}:{second % 3600 // 60:02}:{second % 60:02}"


def stilled(archive: bytes, day: datetime | None = None) -> bytes:
    """The same zip archive without the hour at which it was made; ``day`` replaces a workbook's last change."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(archive)) as old, zipfile.ZipFile(out, "w") as new:
        for member in old.infolist():
            content = old.read(member)
            if day and member.filename == "docProps/core.xml":
                content = re.sub(
                    rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + f"{day:%Y-%m-%dT%H:%M:%SZ}".encode(), content
                )
            kept = zipfile.ZipInfo(member.filename, STILL)
            kept.compress_type = zipfile.ZIP_STORED if member.filename == "mimetype" else zipfile.ZIP_DEFLATED
            new.writestr(kept, content)
    return out.getvalue()


MAKERS: dict[str, Callable[[str, datetime], bytes]] = {
    ".docx": docx, ".odt": odt, ".xlsx": xlsx, ".pdf": pdf, ".rtf": rtf, ".vtt": vtt, ".srt": srt,
}  # fmt: skip


def made(source: Path) -> tuple[str, bytes]:
    """The name of the narrative and its bytes."""
    name = source.name.removesuffix(".txt")
    day = datetime.fromisoformat(name[:10]).replace(tzinfo=UTC) + timedelta(hours=9)
    maker = zoom if " zoom " in name else MAKERS[Path(name).suffix]
    return name, maker(source.read_text(encoding="utf-8"), day)


def main(folder: Path = STUDY) -> None:
    for source in sorted(SOURCES.glob("*.txt")):
        name, content = made(source)
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
