"""Commands that bring work in from elsewhere and send it out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from weness.commands.asking import as_asked, may_ask_a_model
from weness.commands.running import Coder, Folder, Lang, Seed, app, clear_errors, progress_bar
from weness.commands.showing import say


@app.command("import")
def import_(
    folder: Annotated[Path, typer.Argument(metavar="STUDY", help="The study's folder; made where it is not there.")],
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="A .qdpx, .qde, .qdc, Taguette .sqlite3 or filled sheet (.csv, .xlsx)."),
    ],
    coder: Annotated[
        str | None,
        typer.Option("--as", metavar="CODER", help="Whose the persons' codings are; as the file says unless given."),
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="R.json", help="Write counts, losses and tolerances there.")
    ] = None,
    counting: Annotated[
        str | None,
        typer.Option(
            "--counting",
            help="How the file counts positions, where it cannot be told: 'code points' or 'utf-16', ', crlf 1', ', bom', ', inclusive'.",
        ),
    ] = None,
) -> None:
    """Bring a project of another program, a person's codings or a filled check sheet into a study; say what was lost."""
    from weness.commands.exchanging import brought_in

    with clear_errors():
        print(brought_in(folder, file, coder, report, counting))


@app.command("export")
@may_ask_a_model
def export(
    folder: Folder,
    format: Annotated[
        str, typer.Option("--format", help="qdpx (a project), qdc (the codebook), csv or parquet (tidy tables).")
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="PATH", help="The file; for csv and parquet a folder, or a file for the codings alone."
        ),
    ],
    report: Annotated[
        Path | None, typer.Option("--report", metavar="R.json", help="Write what could not go along there.")
    ] = None,
    lang: Lang = "en",
    coder: Coder = None,
    *,
    asked: dict[str, Any],
) -> None:
    """Write a study for NVivo, ATLAS.ti, MAXQDA and others, or as tables for R and pandas; say what was lost."""
    from weness.commands.exchanging import sent_out
    from weness.study import Study

    with clear_errors(), progress_bar("Coding") as progress:
        study = Study(folder, coder, asked=as_asked(asked), say=say)
        print(sent_out(study, format, out, report, lang, progress))


@app.command()
@may_ask_a_model
def sample(
    folder: Folder,
    out: Annotated[
        Path, typer.Option("--out", metavar="SHEET.xlsx", help="The sheet that a person fills in: .xlsx or .csv.")
    ],
    n: Annotated[int, typer.Option("-n", min=1, help="How many mentions and sentences to check.")] = 150,
    seed: Seed = 0,
    lang: Annotated[str, typer.Option("--lang", help="Language of the codes' definitions: en, es or nl.")] = "en",
    coder: Coder = None,
    *,
    asked: dict[str, Any],
) -> None:
    """Draw mentions and sentences for a person to check, blind; then shares hold whatever the machine's errors are."""
    from weness import library
    from weness.commands.exchanging import sampled
    from weness.study import Study

    with clear_errors(), progress_bar("Coding") as progress:
        if lang not in library.LANGUAGES:
            raise KeyError(f"No language called {lang!r}. There is: {', '.join(library.LANGUAGES)}.")
        study = Study(folder, coder, seed=seed, asked=as_asked(asked), say=say)
        print(sampled(study, n, out, lang, progress))
