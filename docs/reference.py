"""Writes the reference pages from the library and the command line, so that no page can say what is no longer true.

python docs/reference.py            writes them
python docs/reference.py --check    says which are out of date, and fails if one is
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import typer

from weness import library
from weness.advising.actions import actions
from weness.coding.codebook import codebook_named
from weness.reporting.wording import measure_words
from weness.staging.process import process_named
from weness_web.command import app

HERE = Path(__file__).parent
NOTE = "<!-- Written by docs/reference.py from the library: edit the YAML, not this page. -->\n\n"


def codes() -> str:
    book = codebook_named()
    lines = [f"# The codes ({book.id} {book.version})\n", "All definitions are ours [S]; examples are invented.\n"]
    for code in book.codes:
        lines.append(f"## {code.id}\n")
        lines.append(
            f"*{code.title['en']} · {code.title['es']} · {code.title['nl']}*. Family {code.family}, core {code.core}.\n"
        )
        lines.append(f"{code.definition['en']}\n")
        lines.append(f"*Use when*: {code.when['en']}\n")
        lines.append(f"*Not when*: {code.when_not['en']}\n")
        lines += [f"* {language}: {code.examples[language]}" for language in library.LANGUAGES]
        lines.append("\n*Looks alike, but is not*:\n")
        lines += [f"* {language}: {code.counter_examples[language]}" for language in library.LANGUAGES]
        lines.append(f"\nFields: {', '.join(code.fields) or 'none'}. Source: {code.source}\n")
    return "\n".join(lines)


def steps() -> str:
    lines = [
        "# The forty steps\n",
        "None of them is proven. Strength: E1 tested inside organisations, E2 from process or",
    ]
    lines.append("case research, E3 from a practitioner guide, E4 our inference.\n")
    for action in actions():
        lines.append(f"## {action.id} {action.title['en']}\n")
        lines.append(
            f"*{action.title['es']} · {action.title['nl']}*. Helps: {', '.join(action.helps)}. Effort: {action.effort}."
        )
        lines.append(f"Strength: {'/'.join(action.strength)}.\n")
        lines.append(f"{action.run['en']} {action.who_time['en']}\n")
        lines.append(f"*Sign that it worked*: {action.sign['en']}\n")
        lines.append(f"*Risk*: {action.risk['en']}")
        if action.avoid_text:
            lines.append(f"*Do not use* {action.avoid_text['en']}.")
        lines.append(f"\nSource: {action.source}\n")
    return "\n".join(lines)


def stages() -> str:
    lines = ["# The process models\n"]
    for name in library.names("processes"):
        process = process_named(name)
        lines.append(f"## {process.id} {process.version}: {process.title['en']}\n")
        lines.append(f"{process.status}\n")
        for stage in process.stages:
            lines.append(f"### {process.id} {stage.id} {stage.title['en']}\n")
            lines.append(f"*{stage.title['es']} · {stage.title['nl']}*. {stage.definition['en']} {stage.source}\n")
            if stage.expects:
                lines.append(
                    "| measure | none below | full from | full to | none above |\n| --- | --- | --- | --- | --- |"
                )
                lines += [
                    f"| {one} | {' | '.join(f'{value:g}' for value in four)} |" for one, four in stage.expects.items()
                ]
                lines.append("")
            for rule in stage.gates:
                lines.append(f"* gate: {', '.join(f'{key} {value}' for key, value in rule.items())}")
            lines.append("")
        for dimension in process.dimensions:
            lines.append(f"* {dimension['title']['en']}: {', '.join(dimension['codes'])}")
        for flag, entry in process.flags.items():
            lines.append(f"* flag `{flag}`: {entry.get('message', {}).get('en', '')}")
        lines.append("\nReferences: " + "; ".join(process.references) + "\n")
    return "\n".join(lines)


def measures() -> str:
    lines = ["# The measures\n", "Formulas and reasons: the theory's page on measures; thresholds:"]
    lines.append("`library/thresholds/measures.yaml`. Intervals hold 90 % of the possible worlds.\n")
    for name, words in measure_words("en").items():
        lines.append(f"## {name}\n")
        lines.append(f"{words.get('id') or ''} **{words['title']}**. {words['short']}\n".lstrip())
        lines.append(f"*How*: {words.get('formula', '')}\n")
    return "\n".join(lines)


def command_line() -> str:
    group = typer.main.get_command(app)
    context = typer.Context(group, info_name="weness")
    lines = ["# The command line\n", f"{app.info.help}\n"]
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        inner = typer.Context(command, info_name=name, parent=context)
        lines.append(f"## weness {name}\n")
        lines.append(f"```\n{command.get_help(inner)}\n```\n")
    lines.append(
        "Exit codes: 0 done; 1 `check` found something wrong; 2 the input or the call cannot be used, said in a line.\n"
    )
    return "\n".join(lines)


PAGES: dict[str, Callable[[], str]] = {
    "reference/codes.md": codes,
    "reference/actions.md": steps,
    "reference/stages.md": stages,
    "reference/measures.md": measures,
    "cli.md": command_line,
}


def page(name: str) -> str:
    title, _, rest = PAGES[name]().partition("\n")
    return f"{title}\n\n{NOTE}{rest.lstrip()}".rstrip() + "\n"


def main() -> None:
    stale = [name for name in PAGES if not (HERE / name).is_file() or (HERE / name).read_text("utf-8") != page(name)]
    if "--check" in sys.argv:
        sys.exit(f"Out of date: {', '.join(stale)}. Run: python docs/reference.py" if stale else 0)
    for name in PAGES:
        (HERE / name).parent.mkdir(exist_ok=True)
        (HERE / name).write_text(page(name), encoding="utf-8")


if __name__ == "__main__":
    main()
