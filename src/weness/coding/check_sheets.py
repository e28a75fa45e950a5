"""The sheet of a check sample: what a person codes without seeing what the machine said. check_answers.py is the way back."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from weness.coding.checks import Check
from weness.coding.codebook import Code, Codebook
from weness.coding.reliability import LABELS
from weness.coding.sheets import AROUND, SHORT, SheetError, safe_cell, write_csv
from weness.reading.corpus import Corpus
from weness.safekeeping import whole_file

COLUMNS = ("item", "codes", "before", "passage", "after", "speaker", "kind", "file", "start", "end")
NEEDED = ("item", "codes", "passage")
NONE = "-"
"""What a person writes where no code applies; an empty cell is not answered yet."""
HOW = {
    "en": "A mention: whom does it mean? One letter or code. A sentence: the codes of all passages that begin in it; a passage that began before it counts there. "
    "- where none applies. Empty: not done yet.",
    "es": "Una mención: ¿a quién se refiere? Una letra o un código. Una frase: los códigos de todos los pasajes que empiezan en ella; un pasaje que empezó antes cuenta allí. "
    "- si no hay ninguno. Vacío: aún sin hacer.",
    "nl": "Een vermelding: wie is bedoeld? Eén letter of code. Een zin: de codes van alle passages die erin beginnen; een passage die eerder begon telt daar. "
    "- als er geen past. Leeg: nog niet gedaan.",
}
WIDTHS = (8, 22, 50, 50, 50, 16, 10, 24, 8, 8)
EPOCH = (1980, 1, 1, 0, 0, 0)


def write_check_sheet(
    checks: Sequence[Check], corpus: Corpus, codebook: Codebook, path: Path, language: str = "en"
) -> None:
    """Columns as COLUMNS, ``codes`` empty; a workbook has the codes with their definitions on a second sheet.

    Raises SheetError for a name that ends neither in .csv nor in .xlsx, and for a file that is there already.
    """
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise SheetError(f"{path.name}: a sheet ends in .csv or .xlsx.")
    if path.exists():
        raise SheetError(f"{path} is there already and stays as it is. Name another file with --out.")
    rows = [[safe_cell(cell) for cell in _row(check, corpus)] for check in checks]
    if path.suffix.lower() == ".csv":
        write_csv([COLUMNS, *rows], path)
    else:
        whole_file(path, lambda draft: draft.write_bytes(_workbook(rows, _legend(codebook, language))))


def _row(check: Check, corpus: Corpus) -> list[object]:
    span = check.span
    text = corpus.document(span.document).text
    sentence = corpus.sentence_at(span)
    before, after = text[max(0, span.start - AROUND) : span.start], text[span.end : span.end + AROUND]
    pieces = [" ".join(piece.split()) for piece in (before, corpus.text(span), after)]
    who = (sentence.speaker or sentence.partner or "") if sentence else ""
    return [check.item, "", *pieces, who, check.kind, span.document, span.start, span.end]


def _legend(codebook: Codebook, language: str) -> list[list[object]]:
    letters = {code: letter for letter, code in SHORT.items()}

    def row(code: Code) -> list[object]:
        what = "mention" if code.id in LABELS else "sentence"
        return [
            letters.get(code.id, code.id),
            code.id,
            what,
            code.title[language],
            code.definition[language],
            code.when[language],
            code.when_not[language],
        ]

    return [
        ["write", "code", "for a", "title", "definition", "+", "-"],
        *map(row, codebook.codes),
        [NONE, "", "either", "", "no code applies", "", ""],
    ]


def _workbook(rows: Iterable[Sequence[object]], legend: Iterable[Sequence[object]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    sheet, codes = book.active, book.create_sheet("codes")
    sheet.title = "checks"
    for place, table, widths in ((sheet, [COLUMNS, *rows], WIDTHS), (codes, legend, (10, 18, 10, 22, 60, 50, 50))):
        for line in table:
            place.append([_plain(cell) for cell in line])
        for letter, width in zip("ABCDEFGHIJ", widths, strict=False):
            place.column_dimensions[letter].width = width
        for line in place.iter_rows():
            for cell in line:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                cell.number_format = "@"
        for cell in place[1]:
            cell.font = Font(bold=True)
        place.freeze_panes = "C2" if place is sheet else "A2"
    raw = io.BytesIO()
    book.save(raw)
    return _undated(raw.getvalue())


def _plain(cell: object) -> object:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return ILLEGAL_CHARACTERS_RE.sub(" ", cell) if isinstance(cell, str) else cell


def _undated(raw: bytes) -> bytes:
    """The same workbook without the time of writing: the same sample gives the same bytes."""
    told = io.BytesIO()
    with ZipFile(io.BytesIO(raw)) as package, ZipFile(told, "w", ZIP_DEFLATED) as clean:
        for name in package.namelist():
            data = package.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"1980-01-01T00:00:00Z", data)
            info = ZipInfo(name, EPOCH)
            info.compress_type = ZIP_DEFLATED
            clean.writestr(info, data)
    return told.getvalue()
