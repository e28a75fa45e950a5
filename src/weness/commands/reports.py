"""Commands that conclude."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from weness.commands.asking import as_asked, may_ask_a_model
from weness.commands.running import Coder, Folder, Lang, Out, Process, Seed, app, clear_errors, progress_bar
from weness.commands.showing import say, say_notes, show_moves


@app.command()
@may_ask_a_model
def report(
    folder: Folder,
    out: Out = Path("report"),
    lang: Lang = "en",
    seed: Seed = 0,
    process: Process = "weness-default",
    coder: Coder = None,
    *,
    asked: dict[str, Any],
) -> None:
    """Run the whole study and write its report."""
    from weness.study import Study

    with clear_errors():
        study = Study(folder, coder, process, seed, asked=as_asked(asked), say=say)
    _report(study, out, lang)


@app.command()
@may_ask_a_model
def demo(
    out: Out = Path("demo-report"),
    lang: Lang = "en",
    seed: Seed = 0,
    process: Process = "weness-default",
    coder: Coder = None,
    *,
    asked: dict[str, Any],
) -> None:
    """Run the invented coffee partnership that comes with weness, and say where its report is."""
    from weness import library
    from weness.study import Study

    with clear_errors():
        # What a model answers is remembered beside the report: the demo lies within the program.
        study = Study(library.HERE / "demo", coder, process, seed, asked=as_asked(asked), say=say, remembers=out)
    _report(study, out, lang)


@app.command()
def whatif(
    folder: Folder,
    changes: Annotated[list[str], typer.Argument(metavar="MEASURE=VALUE...", help="For instance decision_share=0.6")],
    wave: Annotated[str | None, typer.Option("--wave", help="The wave to look at; the last one unless given.")] = None,
    seed: Seed = 0,
    process: Process = "weness-default",
    coder: Coder = None,
) -> None:
    """Show how the stage distribution would move if a measure moved. A thought experiment, never a forecast."""
    from weness.study import Study

    with clear_errors():
        wanted = {name: _number(name, value) for name, _, value in (change.partition("=") for change in changes)}
        with progress_bar("Reading") as progress:
            before, after = Study(folder, coder, process, seed, say=say).what_if(wanted, wave, progress)
        show_moves(before, after, wanted)


def _report(study: Any, out: Path, lang: str) -> None:
    from weness import library
    from weness.reporting import write_report

    with clear_errors():
        if lang not in library.LANGUAGES:
            raise KeyError(f"No language called {lang!r}. The report is written in: {', '.join(library.LANGUAGES)}.")
        with progress_bar("Reading") as progress:
            findings = study.conclude(progress)
        page = write_report(findings, out, lang)
    say_notes(findings.corpus.notes)
    for posterior in findings.posteriors:
        likely = ", ".join(f"{id} {share:.2f}" for id, share in posterior.shares.items() if share >= 0.05)
        print(f"{posterior.wave}: {posterior.call}" + (f" ({likely})" if likely else f" ({posterior.why_not})"))
    print(f"The report is in {page.resolve()}")


def _number(name: str, value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise ValueError(f"{name}={value or '?'}: write MEASURE=NUMBER, for instance decision_share=0.6") from None
