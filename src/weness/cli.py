"""The command line: the library's twin, a sentence a command."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any

import typer

from weness.asking import as_asked, may_ask_a_model
from weness.showing import say, say_notes, show_corpus, show_document, show_moves, show_prompts

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


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder with narratives.")],
) -> None:
    """Look at the files of a folder and write a first study.yaml, each guess marked as a guess."""
    from weness.reading.drafting import write_draft

    with _clear_errors():
        path = write_draft(folder)
    print(f"Wrote {path}. Every guess is marked '# guess': correct what is wrong, then run: weness check {folder}")


@app.command()
def check(folder: Folder) -> None:
    """List what is missing, unknown or contradictory in a study, by file and line."""
    from weness.reading.checking import problems_in

    with _clear_errors():
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

    with _clear_errors(), _progress("Reading") as progress:
        corpus = read_study(folder, progress=progress)
    with _clear_errors():
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

    with _clear_errors():
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
@may_ask_a_model
def code(
    folder: Folder,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="A .jsonl file for the codings; codings.NAME.jsonl unless given."),
    ] = None,
    coder: Annotated[
        str, typer.Option("--coder", help="The machine that codes: builtin, rules, encoder or llm.")
    ] = "builtin",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="llm: print every prompt and the estimate; ask nothing.")
    ] = False,
    *,
    asked: dict[str, Any],
) -> None:
    """Code a study and write one JSON line a coding."""
    from weness.stores.store import row_of, write_rows
    from weness.study import Study

    with _clear_errors(), _progress("Coding") as progress:
        study = Study(folder, coder, asked=as_asked(asked), say=say)
        corpus = study.read(progress)
        if dry_run:
            show_prompts(study.machine(), corpus)
            return
        codings, notes = study.code(corpus, progress)
        path = out or Path(f"codings.{coder}.jsonl")
        write_rows([row_of(mark, corpus) for mark in codings.marks], path)
    say_notes((*corpus.notes, *notes))
    for name, value in codings.made.items():
        print(f"{name:<38} {', '.join(map(str, value)) if isinstance(value, list | tuple) else value}")
    print(f"Wrote {len(codings.marks)} codings by {codings.coder} to {path}.")


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

    with _clear_errors():
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

    with _clear_errors():
        # What a model answers is remembered beside the report: the demo lies within the program.
        study = Study(library.HERE / "demo", coder, process, seed, asked=as_asked(asked), say=say, remembers=out)
    _report(study, out, lang)


@app.command()
def learn(
    folder: Folder,
    ask: Annotated[
        int,
        typer.Option("--ask", metavar="N", min=0, help="Write a sheet with the N mentions worth asking about first."),
    ] = 0,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="SHEET.csv", help="The sheet; to_label.csv in the study unless given."),
    ] = None,
    order: Annotated[
        str, typer.Option("--order", help="spread: the least sure of each text in turn; doubt: the least sure; chance.")
    ] = "spread",
    labels: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="SHEET", help="A filled sheet (.csv or .xlsx): its labels go into the study first."
        ),
    ] = None,
    coder: Annotated[
        str, typer.Option("--as", metavar="NAME", help="Whose work the labels of the sheet are.")
    ] = "reader",
) -> None:
    """Let the built-in coder learn from the codings of this study, for this study only; say which mentions to label next."""
    from weness.coding.asking_first import asked_first
    from weness.coding.learned import FEWEST
    from weness.coding.sheets import add_to_study, labels_from, write_sheet
    from weness.study import Study

    with _clear_errors():
        study = Study(folder)
        if not coder.strip():
            raise ValueError("--as needs a name: whose labels are they?")
        if labels:
            new_, replaced = add_to_study(labels_from(labels, study.read()), folder, coder)
            print(f"{new_} labels by {coder} put into {folder / 'mentions.jsonl'}, {replaced} replaced.")
        with _progress("Reading") as progress:
            lesson = study.learn(progress)
        coded = int((lesson.labels >= 0).sum())
        if lesson.learned:
            print(
                f"Learned from {lesson.learned} of {len(lesson.asked)} mentions. The coder 'builtin' uses it in this study only."
            )
        else:
            print(f"{coded} mentions are labelled; from {FEWEST} on the built-in coder learns from them.")
        if ask:
            path = out or folder / "to_label.csv"
            chosen = asked_first(lesson.asked, lesson.chances, lesson.labels, ask, order)
            if path.exists():
                raise ValueError(f"{path} is there already and stays as it is. Name another file with --out.")
            write_sheet(lesson.corpus, [lesson.asked[number] for number in chosen], path)
            print(
                f"{len(chosen)} mentions to label in {path}. Fill the first column, then: weness learn {folder} --from {path} --as YOUR_NAME"
            )
    say_notes((*lesson.corpus.notes, *lesson.notes))


@app.command()
@may_ask_a_model
def agree(
    folder: Folder,
    coders: Annotated[
        str | None,
        typer.Option(
            "--coders",
            metavar="A,B",
            help="Whom to compare: persons, and machines by their name. Every person unless given.",
        ),
    ] = None,
    json: Annotated[
        Path | None, typer.Option("--json", metavar="A.json", help="Write all figures and all disagreements here.")
    ] = None,
    seed: Seed = 0,
    *,
    asked: dict[str, Any],
) -> None:
    """Say how far coders agree, code by code, what the numbers may be used for, and what to talk about."""
    from weness.coding.comparing import agreement_in
    from weness.showing_agreement import as_json, show_agreement
    from weness.study import Study

    names = [name.strip() for name in (coders or "").split(",") if name.strip()]
    with _clear_errors(), _progress("Comparing") as progress:
        corpus = Study(folder).read(progress)

        def machine(name: str) -> Any:
            return Study(folder, name, asked=as_asked(asked), say=say).machine(progress)

        found = agreement_in(folder, corpus, names, machine, seed)
        if json:
            json.write_text(as_json(found), encoding="utf-8")
    say_notes(corpus.notes)
    show_agreement(found)
    if json:
        print(f"\nAll figures and all {len(found.disagreements)} disagreements are in {json}.")


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
    from weness.exchanging import brought_in

    with _clear_errors():
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
    from weness.exchanging import sent_out
    from weness.study import Study

    with _clear_errors(), _progress("Coding") as progress:
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
    from weness.exchanging import sampled
    from weness.study import Study

    with _clear_errors(), _progress("Coding") as progress:
        if lang not in library.LANGUAGES:
            raise KeyError(f"No language called {lang!r}. There is: {', '.join(library.LANGUAGES)}.")
        study = Study(folder, coder, seed=seed, asked=as_asked(asked), say=say)
        print(sampled(study, n, out, lang, progress))


@app.command()
def train(
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="PATH", help="Where the model goes: builtin.npz, or the folder we-encoder."),
    ] = None,
    corpus: Annotated[
        list[Path] | None,
        typer.Option("--corpus", metavar="FOLDER", help="Coded partnerships; those of weness unless given."),
    ] = None,
    base: Annotated[
        str | None,
        typer.Option("--base", metavar="MODEL", help="Fine-tune this encoder (a name or a local folder) instead."),
    ] = None,
    epochs: Annotated[int, typer.Option("--epochs", min=1, help="With --base: how often it sees the corpus.")] = 4,
    allow_remote: Annotated[
        bool, typer.Option("--allow-remote", help="With --base: a model's name may be fetched; no narrative is sent.")
    ] = False,
    seed: Seed = 0,
) -> None:
    """Build the built-in coder from coded partnerships, or fine-tune an encoder on them."""
    from weness import library

    folders = corpus or library.coded_partnerships()
    with _clear_errors(), _progress("Training on") as progress:
        if base:
            from weness.coding.tuning import tune

            out = out or Path("we-encoder")
            told = tune(base, folders, out, epochs=epochs, seed=seed, allow_remote=allow_remote, progress=progress)
        else:
            from weness.coding.building import built
            from weness.coding.builtin_model import write

            out = out or Path("builtin.npz")
            model = built(folders, progress)
            write(model, out)
            told = f"{model.made['mentions']} mentions and {model.made['sentences']} sentences of {len(model.made['partnerships'])} partnerships"
    print(f"Wrote {out}: {told}.")


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
    with _clear_errors():
        study = Study(folder)
        book = item_book(study.code(study.read())[0])
        if path.exists():
            raise ValueError(f"{path} is there already and stays as it is. Name another file with --out.")
        path.write_text(written_book(book), encoding="utf-8")
    for item in book:
        print(f"{item.code:<12} {item.title}  ({len(item.spans)})")
    print(f"Wrote {path}.")


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

    with _clear_errors():
        wanted = {name: _number(name, value) for name, _, value in (change.partition("=") for change in changes)}
        with _progress("Reading") as progress:
            before, after = Study(folder, coder, process, seed, say=say).what_if(wanted, wave, progress)
        show_moves(before, after, wanted)


@app.command()
@may_ask_a_model
def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="GOLD.jsonl", help="Mentions with their context and, maybe, labels.")],
    coder: Annotated[str, typer.Option("--coder", help="The machine to evaluate.")] = "builtin",
    predictions: Annotated[
        Path | None, typer.Option("--predictions", metavar="OUT.jsonl", help="Write what the machine said of each row.")
    ] = None,
    *,
    asked: dict[str, Any],
) -> None:
    """Say how well a machine tells whom "we" means, on mentions that somebody labelled."""
    from weness.coding.coder import Workplace, coder_named
    from weness.coding.evaluating import evaluate as evaluated
    from weness.coding.evaluating import gold_rows, printed
    from weness.stores.store import write_rows

    with _clear_errors(), _progress("Evaluating") as progress:
        place = Workplace(None, as_asked(asked), progress, say)
        found = evaluated(gold_rows(gold), coder_named(coder, place))
        if predictions:
            write_rows(list(found.predictions), predictions)
    print(printed(found))


def main() -> None:
    """The entry point: every foreseeable error becomes one or two lines and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        # Narratives hold letters that the code page of some consoles lacks.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    app()


def _report(study: Any, out: Path, lang: str) -> None:
    from weness import library
    from weness.reporting import write_report

    with _clear_errors():
        if lang not in library.LANGUAGES:
            raise KeyError(f"No language called {lang!r}. The report is written in: {', '.join(library.LANGUAGES)}.")
        with _progress("Reading") as progress:
            findings = study.conclude(progress)
        page = write_report(findings, out, lang)
    say_notes(findings.corpus.notes)
    for posterior in findings.posteriors:
        likely = ", ".join(f"{id} {share:.2f}" for id, share in posterior.shares.items() if share >= 0.05)
        print(f"{posterior.wave}: {posterior.call}" + (f" ({likely})" if likely else f" ({posterior.why_not})"))
    print(f"The report is in {page.resolve()}")


@contextmanager
def _clear_errors() -> Iterator[None]:
    """What a user can mend is told in one or two lines, without a stack trace."""
    try:
        yield
    except BrokenPipeError:
        # The reader of our output has seen enough, as `head` has: no error, and nothing more to write.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
    except Exception as error:
        from yaml import YAMLError

        if not isinstance(error, KeyError | ValueError | OSError | YAMLError):
            raise
        told = error.args[0] if isinstance(error, KeyError) and error.args else error
        if isinstance(error, FileNotFoundError) and error.filename:
            told = f"There is no file {error.filename}."
        if isinstance(error, YAMLError):
            told = f"Not valid YAML: {error}"
        typer.echo(f"weness: {told}", err=True)
        raise typer.Exit(2) from None


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int, str], None] | None]:
    """A bar on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total, name: bar.update(task, completed=done, total=total, description=f"{what} {name}")


def _number(name: str, value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise ValueError(f"{name}={value or '?'}: write MEASURE=NUMBER, for instance decision_share=0.6") from None
