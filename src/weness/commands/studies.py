"""Commands that look at a study and keep it in order."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from weness.commands.running import Folder, app, clear_errors, progress_bar
from weness.commands.showing import say_notes, show_corpus, show_document
from weness.safekeeping import whole_text


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder with narratives.")],
) -> None:
    """Look at the files of a folder and write a first study.yaml, each guess marked as a guess."""
    from weness.reading.drafting import write_draft

    with clear_errors():
        path = write_draft(folder)
    print(f"Wrote {path}. Every guess is marked '# guess': correct what is wrong, then run: weness check {folder}")


@app.command()
def check(folder: Folder) -> None:
    """List what is missing, unknown or contradictory in a study, by file and line."""
    from weness.reading.checking import problems_in

    with clear_errors():
        problems = problems_in(folder)
    for problem in problems:
        where = f"{problem.file}:{problem.line}" if problem.line else problem.file
        print(f"{'wrong' if problem.grave else 'note '}  {where}  {problem.what}")
    grave = sum(problem.grave for problem in problems)
    print(f"{grave} wrong, {len(problems) - grave} to look at." if problems else "Nothing is missing or contradictory.")
    if grave:
        raise typer.Exit(1)


@app.command()
def read(
    folder: Folder,
    show: Annotated[
        str | None, typer.Option("--show", metavar="FILE", help="Show this file's turns and sentences.")
    ] = None,
) -> None:
    """Read a study and show what was found: turns, sentences, speakers, partners, languages."""
    from weness.reading.gathering import read_study

    with clear_errors(), progress_bar("Reading") as progress:
        corpus = read_study(folder, progress=progress)
    with clear_errors():
        show_document(corpus, show) if show else show_corpus(corpus)


@app.command()
def pseudonymise(
    folder: Folder,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FOLDER", help="The new study; STUDY-pseudonymised beside STUDY unless given."),
    ] = None,
    key: Annotated[
        Path | None, typer.Option("--key", metavar="KEY", help="The key; STUDY.key.yaml beside STUDY unless given.")
    ] = None,
    listed: Annotated[
        Path | None, typer.Option("--list", metavar="NAMES.txt", help="Further names to replace, one a line.")
    ] = None,
    reverse: Annotated[
        bool, typer.Option("--reverse", help="Give a pseudonymised study its names back; needs --key.")
    ] = False,
) -> None:
    """Write a study anew with pseudonyms for names, the key apart from it; or undo that with the key."""
    from weness.stores.pseudonyms.pseudonymised import pseudonymise as pseudonymised
    from weness.stores.pseudonyms.pseudonymised import summary
    from weness.stores.pseudonyms.restored import restore
    from weness.stores.pseudonyms.restored import summary as summary_of_restored

    with clear_errors():
        if not reverse:
            done = pseudonymised(folder, out, key, listed)
            print(summary(done))
            say_notes(done.notes)
            return
        if listed:
            raise ValueError("--list adds names when a study is pseudonymised; with --reverse the key has them all.")
        back = restore(folder, key, out)
    print(summary_of_restored(back))
    say_notes((*back.refused, *back.notes))
    if back.refused:
        raise typer.Exit(1)


@app.command()
def items(
    folder: Folder,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="items.yaml in the study unless given.")
    ] = None,
) -> None:
    """Show the attributes that were found, and write an items.yaml in which to rename, merge or split them."""
    from weness.coding.items import FILE, item_book, written_book
    from weness.study import Study

    path = out or folder / FILE
    with clear_errors():
        study = Study(folder)
        book = item_book(study.code(study.read())[0])
        if path.exists():
            raise ValueError(f"{path} is there already and stays as it is. Name another file with --out.")
        whole_text(path, written_book(book))
    for item in book:
        print(f"{item.code:<12} {item.title}  ({len(item.spans)})")
    print(f"Wrote {path}.")
