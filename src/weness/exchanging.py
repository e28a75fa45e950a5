"""Import and export as the command line offers them: which file is what, and what the user is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from weness import library
from weness.reading.study_file import CASE, NAME
from weness.stores.counting import counting_named
from weness.stores.importing import Brought, import_project
from weness.stores.project import CannotExchange, Losses
from weness.stores.qdpx import read_project, write_text
from weness.study import Study

FORMATS = ("qdpx", "qdc", "csv", "parquet")
PROJECTS = (".qdpx", ".qde", ".qdc")
Progress = Callable[[int, int, str], None]


def brought_in(folder: Path, file: Path, coder: str | None, report: Path | None, counting: str | None) -> str:
    """Imports a file of any kind and says what came of it. Raises ValueError or OSError, with nothing changed."""
    if coder is not None and not coder.strip():
        raise CannotExchange("--as needs a name: whose codings are they?")
    if not file.is_file():
        raise CannotExchange(f"There is no file {file}.")
    told = Losses()
    suffix = file.suffix.lower()
    if suffix not in PROJECTS:
        raise CannotExchange(
            f"{file.name}: weness imports {', '.join(PROJECTS)}, a Taguette .sqlite3, and filled sheets (.csv, .xlsx)."
        )
    project, held = read_project(file, told)
    brought = import_project(project, held, folder, told, coder, counting_named(counting) if counting else None)
    _write(report, brought.as_row())
    return _said(brought, folder)


def sent_out(
    study: Study, format: str, out: Path, report: Path | None, language: str, progress: Progress | None
) -> str:
    """Exports a study and says what went along and what could not."""
    if format not in FORMATS:
        raise CannotExchange(f"No format called {format!r}. There is: {', '.join(FORMATS)}.")
    if language not in library.LANGUAGES:
        raise CannotExchange(f"No language called {language!r}. There is: {', '.join(library.LANGUAGES)}.")
    told = Losses()
    counts = (_codebook if format == "qdc" else _project)(study, out, told, language, progress)
    _write(report, {"format": format, **counts, "losses": told.losses, "tolerances": told.tolerances})
    counted = ", ".join(f"{n} {name}" for name, n in counts.items())
    return "\n".join([f"Wrote {out}: {counted}.", *_losses(told)])


def _project(study: Study, out: Path, told: Losses, language: str, progress: Progress | None) -> dict[str, int]:
    from weness.stores.exporting import exported
    from weness.stores.refi_writing import write_project

    corpus = study.read(progress)
    machine = study.filled_in(corpus, progress)
    for note in corpus.notes:
        told.lost(f"Not exported: {note}")
    project = exported(study.folder, corpus, machine.marks, machine.made, told, language)
    write_project(project, out, told)
    return {
        "sources": len(project.sources),
        "codes": len(project.codes),
        "selections": len(project.selections),
        "codings": len(project.codings),
        "notes": len(project.notes),
    }


def _codebook(study: Study, out: Path, told: Losses, language: str, progress: Progress | None) -> dict[str, int]:
    from weness import __version__
    from weness.stores.exporting import codes_in
    from weness.stores.ledger import ledger_in
    from weness.stores.refi_writing import write_codebook

    codes = codes_in(study.folder, language)
    write_codebook(codes, ledger_in(study.folder).project.sets, f"weness {__version__}", out, told)
    return {"codes": len(codes)}


def _said(brought: Brought, folder: Path) -> str:
    held = brought.held
    lines = [
        f"From {brought.origin}: {held.sources} sources, {held.codes} codes, {held.selections} selections, {held.codings} codings.",
    ]
    if brought.tried:
        lines.append(
            f"Positions: {brought.counting}; {brought.on_edges} of {held.selections} selections lie on word edges."
        )
    if brought.coders:
        lines.append(
            "Codings of "
            + ", ".join(f"{name} ({n})" for name, n in sorted(brought.coders.items()))
            + f"; {brought.rows} rows are new."
        )
    lines += _losses(brought.told)
    lines.append(_next(folder, brought))
    return "\n".join(lines)


def _losses(told: Losses) -> list[str]:
    lines = [f"lost      {what}" for what in told.losses] + [f"tolerated {what}" for what in told.tolerances]
    return lines or ["Nothing was lost."]


def _next(folder: Path, brought: Brought) -> str:
    if (folder / NAME).is_file():
        return f"The study is in {folder}. Look at its guesses ({NAME}), then run: weness check {folder}"
    if (folder / CASE).is_file():
        return f"The study is in {folder}."
    return f"No text came along: the codes are in {folder}. Put narratives there and run: weness new {folder}"


def _write(report: Path | None, row: dict[str, Any]) -> None:
    if report:
        write_text(report, json.dumps(row, ensure_ascii=False, indent=1) + "\n")
