"""Commands that code, learn, and say how good a coder is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from weness.commands.asking import as_asked, may_ask_a_model
from weness.commands.running import Folder, Seed, app, clear_errors, progress_bar
from weness.commands.showing import say, say_notes, show_prompts
from weness.safekeeping import whole_text


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

    with clear_errors(), progress_bar("Coding") as progress:
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

    with clear_errors():
        study = Study(folder)
        if not coder.strip():
            raise ValueError("--as needs a name: whose labels are they?")
        if labels:
            new_, replaced = add_to_study(labels_from(labels, study.read()), folder, coder)
            print(f"{new_} labels by {coder} put into {folder / 'mentions.jsonl'}, {replaced} replaced.")
        with progress_bar("Reading") as progress:
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
    with clear_errors(), progress_bar("Training on") as progress:
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

    with clear_errors(), progress_bar("Evaluating") as progress:
        place = Workplace(None, as_asked(asked), progress, say)
        found = evaluated(gold_rows(gold), coder_named(coder, place))
        if predictions:
            write_rows(list(found.predictions), predictions)
    print(printed(found))


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
    from weness.commands.showing_agreement import as_json, show_agreement
    from weness.study import Study

    names = [name.strip() for name in (coders or "").split(",") if name.strip()]
    with clear_errors(), progress_bar("Comparing") as progress:
        corpus = Study(folder).read(progress)

        def machine(name: str) -> Any:
            return Study(folder, name, asked=as_asked(asked), say=say).machine(progress)

        found = agreement_in(folder, corpus, names, machine, seed)
        if json:
            whole_text(json, as_json(found))
    say_notes(corpus.notes)
    show_agreement(found)
    if json:
        print(f"\nAll figures and all {len(found.disagreements)} disagreements are in {json}.")
