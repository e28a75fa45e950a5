"""Import and export as the command line offers them: which file is what, and what the user is told."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from weness import __version__, library
from weness.coding.check_answers import Answers, answered, is_check_sheet
from weness.coding.check_sheets import write_check_sheet
from weness.coding.checks import FILE as CHECKS
from weness.coding.checks import MENTION, SENTENCE, draws_in, written_draws
from weness.coding.codebook import codebook_named
from weness.coding.human import CODINGS, MENTIONS, UNNAMED
from weness.coding.sheets import add_to_study, labels_from
from weness.measuring.settings import settings_of
from weness.reading.study_file import CASE, NAME, study_file
from weness.safekeeping import whole_text
from weness.stores.exchange import taguette
from weness.stores.exchange.brought import Brought
from weness.stores.exchange.counting import STANDARD, counting_named
from weness.stores.exchange.importing import import_project
from weness.stores.exchange.methods import methods
from weness.stores.exchange.outgoing import check_out
from weness.stores.exchange.project import CannotExchange, Losses
from weness.stores.exchange.putting import rows_of
from weness.stores.exchange.qdpx import read_project
from weness.study import Study

FORMATS = ("qdpx", "qdc", "csv", "parquet")
PROJECTS = (".qdpx", ".qde", ".qdc")
SHEETS = (".csv", ".xlsx", ".tsv")
Progress = Callable[[int, int, str], None]


def brought_in(folder: Path, file: Path, coder: str | None, report: Path | None, counting: str | None) -> str:
    """Imports a file of any kind and says what came of it. Raises ValueError or OSError, with nothing changed."""
    if coder is not None and not coder.strip():
        raise CannotExchange("--as needs a name: whose codings are they?")
    if not file.is_file():
        raise CannotExchange(f"There is no file {file}.")
    _check_name(folder, coder)
    _check_report(report)
    told = Losses()
    suffix = file.suffix.lower()
    if suffix in PROJECTS:
        project, held = read_project(file, told)
        brought = import_project(project, held, folder, told, coder, counting_named(counting) if counting else None)
    elif suffix in taguette.SUFFIXES:
        project, held = taguette.read_taguette(file, told)
        brought = import_project(project, held, folder, told, coder, STANDARD, taguette.COUNTING)
    elif suffix in SHEETS:
        return _sheet_in(folder, file, coder, report)
    else:
        raise CannotExchange(
            f"{file.name}: weness imports projects ({', '.join(PROJECTS)}, a Taguette .sqlite3) and filled sheets (.csv, .xlsx). "
            "Narratives need no import: put them into the study's folder, then run weness new."
        )
    paragraph = methods(brought, file.name, __version__)
    _write(report, brought.as_row() | {"methods": paragraph})
    return _said(brought, paragraph, folder)


def _sheet_in(folder: Path, file: Path, coder: str | None, report: Path | None) -> str:
    """A filled check sheet, or a sheet of labels that `weness learn --ask` wrote."""
    corpus = Study(folder).read()
    name = coder.strip() if coder else UNNAMED
    if not is_check_sheet(file):
        new, replaced = add_to_study(labels_from(file, corpus), folder, name)
        _write(report, {"origin": "sheet of labels", "codings": new + replaced, "losses": [], "tolerances": []})
        return f"{new} labels by {name} put into the study, {replaced} replaced."
    draws = draws_in(folder)
    if not draws:
        raise CannotExchange(
            f"{folder} drew no check sample: this sheet is not its own. Draw one with: weness sample {folder} --out SHEET.xlsx"
        )
    limits = settings_of(study_file(folder).settings.get("settings")).checks
    filled, answers = answered(file, draws, name, codebook_named(), corpus)
    whole_text(folder / CHECKS, written_draws(filled, corpus))
    checks = [check for draw in filled for check in draw.checks]
    kinds = Counter(check.kind for check in checks if check.codes is not None)
    row = {"origin": "check sheet", "codings": answers.n, "beside": answers.beside, "same": answers.same}
    row |= {"replaced": answers.replaced, "asked": len(checks), "answered": kinds.total()}
    _write(report, row | {"losses": [], "tolerances": []})
    return (
        f"{_answers_said(answers, name)}\n{kinds.total()} of {len(checks)} are answered: {kinds[MENTION]} mentions and "
        f"{kinds[SENTENCE]} sentences. Corrected values are used from {limits['sample']} answers of a kind, {limits['domain']} "
        f"of them in the wave; with fewer, values as coded stay in use: weness report {folder}"
    )


def _answers_said(answers: Answers, name: str) -> str:
    told = []
    if answers.n > answers.beside:
        told.append(f"{answers.n - answers.beside} answers by {name} put into the study.")
    if answers.beside:
        told.append(
            f"{answers.beside} answers by {name} stand beside those of {' and '.join(answers.others)}, which count; "
            f"they say the same on {answers.same} of {answers.beside}."
        )
    if answers.replaced:
        told.append(
            f"{answers.replaced} replace {name}'s own earlier ones; {answers.changed} of these say something else now."
        )
    return " ".join(told)


def sampled(study: Study, n: int, out: Path, language: str, progress: Progress | None) -> str:
    """Draws a check sample, writes its sheet, and keeps in the study what was drawn and with which chance."""
    corpus, draws = study.draw(n, progress)
    checks = draws[-1].checks
    write_check_sheet(checks, corpus, codebook_named(), out, language)
    whole_text(study.folder / CHECKS, written_draws(draws, corpus))
    kinds = Counter(check.kind for check in checks)
    told = f"{kinds[MENTION]} mentions and {kinds[SENTENCE]} sentences to check in {out}."
    if len(checks) < n:
        told += f" There are no more: {n} were asked."
    if len(checks) > n:
        told += f" {len(checks)} drawn, {len(checks) - n} more than asked: every stratum needs two."
    return (
        f"{told}\nFill the column 'codes' (its second sheet, or docs/check_sample.md, has the codes), - where none applies. Then: "
        f"weness import {study.folder} {out} --as YOUR_NAME"
    )


def sent_out(
    study: Study, format: str, out: Path, report: Path | None, language: str, progress: Progress | None
) -> str:
    """Exports a study and says what went along and what could not."""
    if format not in FORMATS:
        raise CannotExchange(f"No format called {format!r}. There is: {', '.join(FORMATS)}.")
    if language not in library.LANGUAGES:
        raise CannotExchange(f"No language called {language!r}. There is: {', '.join(library.LANGUAGES)}.")
    _check_report(report)
    replaced = check_out(out, format)
    told = Losses()
    export = {"qdpx": _project, "qdc": _codebook}.get(format, _tables(format))
    counts = export(study, out, told, language, progress)
    _write(report, {"format": format, **counts, "losses": told.losses, "tolerances": told.tolerances})
    counted = ", ".join(f"{n} {name}" for name, n in counts.items())
    return "\n".join([f"Wrote {out}: {counted}." + " It replaced an earlier export." * replaced, *_losses(told)])


def _project(study: Study, out: Path, told: Losses, language: str, progress: Progress | None) -> dict[str, int]:
    from weness.stores.exchange.exporting import exported
    from weness.stores.exchange.refi_writing import write_project

    corpus = study.read(progress)
    machine = study.filled_in(corpus, progress)
    read = {document.id.split("#")[0] for document in corpus.documents}
    for entry in study_file(study.folder).documents:
        if entry.file not in read:
            told.lost(f"Not exported: {entry.file}, which could not be read.")
    if (study.folder / CHECKS).is_file():
        told.lost(
            f"The check sample ({CHECKS}) stays here: the standard has no place for it, and shares will be as coded."
        )
    project = exported(study.folder, corpus, machine.marks, machine.made, told, language, f"weness {__version__}")
    write_project(project, out, told)
    return {
        "sources": len(project.sources),
        "codes": len(project.codes),
        "selections": len(project.selections),
        "codings": len(project.codings),
        "notes": len(project.notes),
    }


def _tables(kind: str) -> Callable[[Study, Path, Losses, str, Progress | None], dict[str, int]]:
    """Codings, measures, texts and who read what: into a folder, or the codings alone into a file."""

    def export(study: Study, out: Path, told: Losses, language: str, progress: Progress | None) -> dict[str, int]:
        from weness.reporting.tables import table_of
        from weness.stores.exchange.tables import codings_table, documents_table, seen_table
        from weness.stores.exchange.tidy import write_table

        findings = study.conclude(progress)
        each = study.each(findings.corpus)
        tables = {"codings": codings_table(findings.corpus, findings.codebook, each, findings.codings)}
        if out.suffix.lower() != f".{kind}":
            tables |= {name: table_of(name, findings, language) for name in ("measures", "attributes", "stages")}
            tables |= {"documents": documents_table(findings.corpus), "seen": seen_table(each)}
        for name, table in tables.items():
            write_table(table, out / f"{name}.{kind}" if len(tables) > 1 else out, kind)
        told.lost("Memos, cases and links are in no table: export --format qdpx holds them.")
        return {f"rows of {name}": len(rows) for name, (_, rows) in tables.items()}

    return export


def _codebook(study: Study, out: Path, told: Losses, language: str, progress: Progress | None) -> dict[str, int]:
    from weness.stores.exchange.exporting import codes_in
    from weness.stores.exchange.ledger import ledger_in
    from weness.stores.exchange.refi_writing import write_codebook

    codes = codes_in(study.folder, language)
    write_codebook(codes, ledger_in(study.folder).project.sets, f"weness {__version__}", out, told)
    return {"codes": len(codes)}


def _said(brought: Brought, paragraph: str, folder: Path) -> str:
    lines = [paragraph]
    if brought.coders:
        lines.append(f"{brought.rows} rows are new in the study.")
    lines += [f"lost      {what}" for what in brought.told.losses]
    lines += [f"tolerated {what}" for what in brought.told.tolerances]
    if (folder / NAME).is_file() or (folder / CASE).is_file():
        study = Study(folder)
        remarks = study.code_of_persons(study.read())[1]
        lines += [f"note      {remark}" for remark in remarks if "counts_first" in remark]
    lines.append(_next(folder, brought))
    return "\n".join(lines)


def _losses(told: Losses) -> list[str]:
    lines = [f"lost      {what}" for what in told.losses] + [f"tolerated {what}" for what in told.tolerances]
    return lines or ["Nothing was lost."]


def _next(folder: Path, brought: Brought) -> str:
    if (folder / NAME).is_file():
        guesses = "# guess" in (folder / NAME).read_text("utf-8", errors="replace")
        return f"The study is in {folder}." + (
            f" Look at its guesses ({NAME}), then run: weness check {folder}" if guesses else ""
        )
    if (folder / CASE).is_file():
        return f"The study is in {folder}."
    return f"No text came along: the codes are in {folder}. Put narratives there and run: weness new {folder}"


def _check_name(folder: Path, coder: str | None) -> None:
    """One person under two spellings would count as two, and agree with himself or herself."""
    rows = [row for name in (CODINGS, MENTIONS) for row in rows_of(folder / name)]
    names = {row["coder"] for row in rows if isinstance(row.get("coder"), str)}
    names |= {check.coder for draw in draws_in(folder) for check in draw.checks if check.coder}
    alike = sorted(name for name in names if coder and name.casefold() == coder.strip().casefold())
    if coder and alike and coder.strip() not in alike:
        raise CannotExchange(
            f'The study has {alike[0]!r} already, not {coder.strip()!r}. If that is one person: --as "{alike[0]}"'
        )


def _check_report(report: Path | None) -> None:
    if report is not None and report.is_dir():
        raise CannotExchange(f"{report} is a folder; --report names a file.")


def _write(report: Path | None, row: dict[str, Any]) -> None:
    if report:
        whole_text(report, json.dumps(row, ensure_ascii=False, indent=1) + "\n")
