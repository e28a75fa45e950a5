"""Fine-tunes a token-level encoder for whom "we" means, on partnerships that persons coded. For those who have a GPU; works without."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from weness.coding.encoder import INSTALL, NoEncoder
from weness.coding.learned import labels_in
from weness.coding.lessons import coded_in
from weness.coding.linear import Floats
from weness.coding.mention_features import Asked
from weness.coding.reliability import LABELS
from weness.reading.corpus import Corpus

BEFORE, AFTER = 500, 300
"""Characters of context round a mention."""
BATCH, RATE = 16, 3e-5
MADE = "weness.json"
"""Beside the model: what it was tuned on, and that it is ours."""
Example = tuple[str, int, int, int]
"""(text, start, end, label) of one mention in its window."""


def tune(
    base: str,
    folders: Iterable[Path],
    out: Path,
    *,
    epochs: int = 4,
    seed: int = 0,
    allow_remote: bool = False,
    progress: Callable[[int, int, str], None] | None = None,
) -> str:
    """Writes a tuned model into ``out`` (safetensors, no pickle) and tells what it learned from.

    Raises NoEncoder where packages or the base model are missing.
    """
    # Before the hours of work: a place that cannot be written to, and chance, on which the new head depends.
    out.mkdir(parents=True, exist_ok=True)
    torch, tokenizer, model = _loaded(base, allow_remote, seed)
    examples, names = _examples(folders)
    order = np.random.default_rng(seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model.to(device).train()
    steps = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.01)
    total = epochs * -(-len(examples) // BATCH)
    done = 0
    for epoch in range(epochs):
        shuffled = order.permutation(len(examples))
        for start in range(0, len(examples), BATCH):
            batch = [examples[at] for at in shuffled[start : start + BATCH]]
            inputs, labels = _inputs(torch, tokenizer, batch, device)
            loss = model(**inputs, labels=labels).loss
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            steps.step()
            steps.zero_grad()
            done += 1
            if progress:
                progress(done, total, f"epoch {epoch + 1}, loss {loss.item():.3f}")
    model.save_pretrained(out, safe_serialization=True)
    tokenizer.save_pretrained(out)
    made = {
        "labels": LABELS,
        "base": Path(base).name,
        "partnerships": names,
        "mentions": len(examples),
        "seed": seed,
        "epochs": epochs,
    }
    (out / MADE).write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    return (
        f"{Path(base).name} tuned on {len(examples)} mentions of {len(names)} partnerships, {epochs} epochs on {device}"
    )


def is_tuned(folder: Path) -> bool:
    return (folder / MADE).is_file()


class Tuned:
    """A tuned model in the place of the built-in's for whom "we" means."""

    def __init__(self, folder: Path) -> None:
        self.loaded = _loaded(str(folder))

    def chances(self, asked: Sequence[Asked], corpus: Corpus) -> Floats:
        """shape (n, 7)"""
        return _chances(self.loaded, asked, corpus)


def _chances(loaded: tuple[Any, Any, Any], asked: Sequence[Asked], corpus: Corpus) -> Floats:
    torch, tokenizer, model = loaded
    model.eval()
    found = []
    for start in range(0, len(asked), BATCH):
        batch = [(*_window(one, corpus), 0) for one in asked[start : start + BATCH]]
        inputs, labels = _inputs(torch, tokenizer, batch, "cpu")
        with torch.no_grad():
            logits = model(**inputs).logits
        for row, marked in zip(logits, labels != -100, strict=True):
            # Where the window was cut before the mention there is no token of it: the whole text speaks.
            tokens = row[marked] if bool(marked.any()) else row
            found.append(torch.softmax(tokens.mean(dim=0), dim=-1).numpy())
    return np.array(found, dtype=np.float64).reshape(-1, len(LABELS))


def _loaded(base: str, allow_remote: bool = False, seed: int = 0) -> tuple[Any, Any, Any]:
    try:
        import torch
        from transformers import AutoModelForTokenClassification, AutoTokenizer
    except ImportError:
        raise NoEncoder(INSTALL) from None
    torch.manual_seed(seed)
    here = not allow_remote
    try:
        tokenizer = AutoTokenizer.from_pretrained(base, local_files_only=here)
        names = dict(enumerate(LABELS))
        model = AutoModelForTokenClassification.from_pretrained(
            base,
            local_files_only=here,
            num_labels=len(LABELS),
            id2label=names,
            label2id={name: k for k, name in names.items()},
        )
    except (OSError, ValueError, KeyError) as error:
        raise NoEncoder(
            f"{base!r} is no encoder that transformers can load: {str(error).splitlines()[0][:160]}"
        ) from None
    if not tokenizer.is_fast:
        raise NoEncoder(f"{base!r} has no fast tokenizer, so its tokens cannot be laid on the text.")
    return torch, tokenizer, model


def _examples(folders: Iterable[Path]) -> tuple[list[Example], list[str]]:
    found: list[Example] = []
    names = []
    for coded in coded_in(folders):
        names.append(coded.name)
        for one, label in zip(coded.asked, labels_in(coded.asked, coded.codings), strict=True):
            if label >= 0:
                found.append((*_window(one, coded.corpus), int(label)))
    return found, names


def _window(one: Asked, corpus: Corpus) -> tuple[str, int, int]:
    """The text round a mention, with who speaks in front of it, and where the mention stands in it."""
    span = one.mention.span
    text = corpus.document(span.document).text
    start = max(0, span.start - BEFORE)
    head = f"{one.partner or '-'} | "
    window = head + text[start : span.end + AFTER]
    at = len(head) + span.start - start
    return window, at, at + span.end - span.start


def _inputs(torch: Any, tokenizer: Any, batch: Sequence[Example], device: str) -> tuple[Any, Any]:
    """Tokens of the windows, and labels on the mention's tokens alone (-100 elsewhere)."""
    inputs = tokenizer(
        [text for text, _, _, _ in batch],
        return_offsets_mapping=True,
        padding=True,
        truncation=True,
        max_length=256,
        return_tensors="pt",
    )
    offsets = inputs.pop("offset_mapping")
    starts, ends = offsets[..., 0], offsets[..., 1]
    low = torch.tensor([[start] for _, start, _, _ in batch])
    high = torch.tensor([[end] for _, _, end, _ in batch])
    inside = (starts < high) & (ends > low) & (ends > starts)
    labels = torch.tensor([[label] for _, _, _, label in batch])
    told = torch.where(inside, labels, torch.tensor(-100))
    return {name: value.to(device) for name, value in inputs.items()}, told.to(device)
