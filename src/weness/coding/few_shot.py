"""A study's own codings as examples for a language model: the most instructive, a few a label, in context."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from weness.coding.linear import Floats
from weness.coding.mention_features import Asked
from weness.coding.reference_model import Ints
from weness.coding.reliability import LABELS
from weness.reading.corpus import Corpus
from weness.safekeeping import whole_text

FILE = Path(".weness") / "examples.json"
A_LABEL, AROUND = 3, 160
"""Examples of each label and language, and characters on either side of the mention."""


def examples_from(corpus: Corpus, asked: Sequence[Asked], labels: Ints, chances: Floats) -> dict[str, list[str]]:
    """By language, lines that show a mention and its code: those first that the built-in coder would have got wrong.

    chances : shape (n, 7), what the built-in coder says of each mention. One text gives at most one example of a label.
    """
    found: dict[str, list[str]] = {}
    order = sorted((float(chances[at, labels[at]]), at) for at in range(len(asked)) if labels[at] >= 0)
    for code, label in enumerate(LABELS):
        taken: set[tuple[str, str]] = set()
        counts: dict[str, int] = {}
        for _, at in order:
            document = corpus.document(asked[at].mention.span.document)
            place = (document.language, document.id)
            if labels[at] != code or place in taken or counts.get(document.language, 0) >= A_LABEL:
                continue
            taken.add(place)
            counts[document.language] = counts.get(document.language, 0) + 1
            found.setdefault(document.language, []).append(f"{_shown(document.text, asked[at])} -> {label}")
    return found


def remember_examples(examples: Mapping[str, Sequence[str]], folder: Path) -> None:
    path = folder / FILE
    whole_text(path, json.dumps(examples, ensure_ascii=False, indent=1) + "\n")


def examples_in(folder: Path | None) -> dict[str, list[str]]:
    """What ``weness learn`` picked in this study; {} where it has not run. Raises ValueError where the file is none of ours."""
    path = (folder or Path()) / FILE
    if folder is None or not path.is_file():
        return {}
    try:
        told = json.loads(path.read_text("utf-8"))
        return {str(language): [str(line) for line in lines] for language, lines in told.items()}
    except (json.JSONDecodeError, AttributeError, TypeError) as error:
        raise ValueError(f"{path} cannot be read ({error}). Run weness learn again, or delete it.") from None


def _shown(text: str, one: Asked) -> str:
    """With whole words at both ends: half a name could not be hidden."""
    span = one.mention.span
    before = text[max(0, span.start - AROUND) : span.start].split()
    after = text[span.end : span.end + AROUND].split()
    return f'"... {" ".join(before[1:])} ⟦{text[span.start : span.end]}⟧ {" ".join(after[:-1])} ..."'
