"""What the command line prints: a corpus, a document, prompts, moves of stages, notes."""

from __future__ import annotations

from typing import Any

import typer


def show_corpus(corpus: Any) -> None:
    for document in corpus.documents:
        sentences = corpus.sentences_of(document.id)
        own = [sentence for sentence in sentences if not sentence.excluded]
        partners = sorted({sentence.partner for sentence in own if sentence.partner})
        words = sum(len(corpus.text(sentence.span).split()) for sentence in own)
        kind = f"[{document.language}] {document.genre}, wave {document.wave or '-'}"
        voice = f"{words} words of own voice ({', '.join(partners) or 'nobody known'})"
        print(f"{document.id}  {kind}: {len(sentences)} sentences, {voice}\n    {document.source}")
    unknown = (turn for turn in corpus.turns if turn.label and not turn.speaker and not turn.interviewer)
    strangers = sorted({(turn.span.document, turn.label) for turn in unknown})
    for document, label in strangers:
        print(f"unresolved  {document}: {label!r} is no known speaker")
    say_notes(corpus.notes)


def show_document(corpus: Any, file: str) -> None:
    corpus.document(file)
    turns = corpus.turns
    last = None
    for sentence in corpus.sentences_of(file):
        turn = turns[sentence.turn] if 0 <= sentence.turn < len(turns) else None
        if sentence.turn != last:
            last = sentence.turn
            who = sentence.speaker or (f"unresolved {turn.label!r}" if turn and turn.label else "nobody")
            print(f"\n== {who}" + (f" ({sentence.partner})" if sentence.partner else ""))
        marks = [sentence.language, *([sentence.excluded] if sentence.excluded else [])]
        if sentence.prompted:
            marks.append("prompted")
        words = " ".join(corpus.text(sentence.span).split())
        print(f"  {sentence.span.start:>6}-{sentence.span.end:<6} [{', '.join(marks)}] {words}")


def show_moves(before: Any, after: Any, wanted: dict[str, float]) -> None:
    print(f"Wave {before.wave}, if {', '.join(f'{name} were {value:g}' for name, value in wanted.items())}:")
    for stage in before.stages:
        was, is_ = before.shares.get(stage, 0.0), after.shares.get(stage, 0.0)
        if was >= 0.005 or is_ >= 0.005:
            print(f"  {stage:>3}  {was:.2f} -> {is_:.2f}")
    print(f"Now: {before.call}. Then: {after.call}. A thought experiment: the other measures stay as they are.")


def show_prompts(coder: Any, corpus: Any) -> None:
    """Every question as it would be sent, and what all of them would cost."""
    from weness.coding.codebook import codebook_named

    if not hasattr(coder, "prompts"):
        raise ValueError("--dry-run shows the prompts of the coder 'llm': add --coder llm --model NAME.")
    codebook, shown = codebook_named(), set()
    for about, key, talk in coder.prompts(corpus, codebook):
        for part in talk:
            if part["content"] not in shown:
                print(f"----- {part['role']}" + (f" · {about} · {key}" if part["role"] == "user" else ""))
                print(part["content"])
            shown.add(part["content"])
    guess = coder.estimate(corpus, codebook)
    cost = "" if guess.euros is None else f", about {guess.euros:.2f} euros"
    say(
        f"{guess.passages} questions, {guess.remembered} of them answered already; the rest about {guess.tokens[0]:,} tokens to "
        f"read and {guess.tokens[1]:,} to write{cost}. Nothing was sent."
    )


def say_notes(notes: tuple[str, ...]) -> None:
    for note in notes:
        typer.echo(f"note: {note}", err=True)


def say(sentence: str) -> None:
    typer.echo(sentence, err=True)
