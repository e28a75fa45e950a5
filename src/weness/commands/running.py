"""What every command stands on: the program, the options that several share, clear errors, and a bar for long work."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="weness",
    help='Reads what partners of a cross-sector partnership say, and tells how far a common "we" has formed.',
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Folder = Annotated[Path, typer.Argument(metavar="STUDY", help="The folder with the narratives and study.yaml.")]
Out = Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where the report, findings.json and tables go.")]
Lang = Annotated[str, typer.Option("--lang", help="Language of the report: en, es or nl.")]
Seed = Annotated[int, typer.Option("--seed", help="Chance: the same seed gives the same report, byte for byte.")]
Process = Annotated[str, typer.Option("--process", help="The process model: a name, or the path of a YAML file.")]
Coder = Annotated[
    str | None,
    typer.Option(
        "--coder",
        help="'human': persons alone; 'builtin', 'rules', 'encoder' or 'llm': that machine alone; 'human+llm': persons, then "
        "that machine. Default: persons, then builtin.",
    ),
]


@contextmanager
def clear_errors() -> Iterator[None]:
    """What a user can mend is told in one or two lines, without a stack trace."""
    try:
        yield
    except BrokenPipeError:
        # The reader of our output has seen enough, as `head` has: no error, and nothing more to write.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
    except Exception as error:
        from yaml import YAMLError

        if not isinstance(error, KeyError | ValueError | OSError | YAMLError | RecursionError):
            raise
        told = error.args[0] if isinstance(error, KeyError) and error.args else error
        if isinstance(error, FileNotFoundError) and error.filename:
            told = f"There is no file {error.filename}."
        if isinstance(error, YAMLError):
            told = f"Not valid YAML: {error}"
        if isinstance(error, RecursionError):
            told = "Something in these files is nested too deeply to be read: look for long runs of brackets."
        typer.echo(f"weness: {told}", err=True)
        raise typer.Exit(2) from None


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int, str], None] | None]:
    """A bar on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total, name: bar.update(task, completed=done, total=total, description=f"{what} {name}")
