"""The check sample: mentions and sentences drawn with known chance, for a person to code without seeing what the machine said."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from weness.reading.corpus import Corpus, Span

FILE = "checks.jsonl"
MENTION, SENTENCE = "mention", "sentence"
FEWEST = 2
"""Units of a stratum, where it has as many: one alone tells nothing of how much they differ."""


class ChecksError(ValueError):
    """The check sample cannot be drawn or read; the message says why, in a line."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Something that may be drawn. ``predicted`` are the machine's codes on it, () for a sentence without one."""

    kind: str
    span: Span
    wave: str
    partner: str
    language: str
    predicted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One drawn unit. It was one of ``drawn`` taken at the same chance from the ``size`` of its ``stratum`` in ``draw``.

    ``codes`` is what the person said, None until then; ``predicted`` what the machine had said when it was drawn.
    """

    draw: int
    item: str
    kind: str
    span: Span
    stratum: str
    size: int
    drawn: int
    predicted: tuple[str, ...] = ()
    codes: tuple[str, ...] | None = None
    coder: str = ""


@dataclass(frozen=True, slots=True)
class Draw:
    """One drawing: the texts that it was drawn from (by checksum), and its checks."""

    number: int
    seed: int
    texts: Mapping[str, str]
    checks: tuple[Check, ...]


def drawn(units: Sequence[Unit], n: int, number: int = 1, seed: int = 0) -> tuple[Check, ...]:
    """A stratified sample of ``n`` units: half of them mentions, half sentences, as far as there are both.

    Strata are language and predicted code. Half of the sample goes by their size, half in equal parts, so that rare codes are
    checked too. Within a stratum the units, in the order of waves, partners and texts, are taken at equal steps from a random
    start, so that every wave and partner gets its part (systematic sampling; Cochran 1977, chapter 8).
    """
    if n < 1:
        raise ChecksError(f"A check sample of {n} is none: ask for at least 1.")
    if not units:
        raise ChecksError("There is nothing to check: no mention or sentence that counts was coded by a machine alone.")
    chance = np.random.default_rng([seed, number])
    kinds = {kind: [unit for unit in units if unit.kind == kind] for kind in (MENTION, SENTENCE)}
    shares = _shared({kind: len(own) for kind, own in kinds.items()}, n)
    checks: list[Check] = []
    for kind, own in kinds.items():
        strata: dict[str, list[Unit]] = {}
        for unit in sorted(own, key=lambda unit: (unit.wave, unit.partner, unit.span)):
            strata.setdefault(_stratum(unit), []).append(unit)
        sizes = allocated({name: len(there) for name, there in sorted(strata.items())}, shares[kind])
        for name, size in sizes.items():
            there = strata[name]
            for place in _steps(len(there), size, chance):
                unit = there[place]
                checks.append(Check(number, "", kind, unit.span, name, len(there), size, unit.predicted))
    # Items begin with a letter, since spreadsheets take 1-012 for a date. A sheet in the order of the strata would not be blind.
    order = chance.permutation(len(checks))
    return tuple(replace(checks[at], item=f"c{number}-{place:03d}") for place, at in enumerate(order, 1))


def allocated(sizes: Mapping[str, int], n: int) -> dict[str, int]:
    """How many of each stratum: half in proportion to its size, half in equal parts; at least FEWEST, never more than there are."""
    n = min(n, sum(sizes.values()))
    total = sum(sizes.values())
    wished = {name: n * (size / total + 1 / len(sizes)) / 2 for name, size in sizes.items()}
    found = {name: min(size, max(FEWEST, round(wished[name]))) for name, size in sizes.items()}
    # Rounding and the bounds may miss n; who is furthest from the wish gives or takes.
    while sum(found.values()) > n and any(found[name] > min(FEWEST, sizes[name]) for name in sizes):
        most = max(
            (name for name in sizes if found[name] > min(FEWEST, sizes[name])),
            key=lambda name: (found[name] - wished[name], name),
        )
        found[most] -= 1
    while sum(found.values()) < n:
        least = min(
            (name for name in sizes if found[name] < sizes[name]), key=lambda name: (found[name] - wished[name], name)
        )
        found[least] += 1
    return found


def draws_in(folder: Path) -> tuple[Draw, ...]:
    """The draws of a study, () where there is none. Raises ChecksError, naming the line, where the file was broken."""
    path = folder / FILE
    if not path.is_file():
        return ()
    heads: dict[int, dict[str, Any]] = {}
    checks: dict[int, list[Check]] = {}
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if "texts" in row:
                heads[row["draw"]] = row
            else:
                checks.setdefault(row["draw"], []).append(_check(row))
        except (ValueError, KeyError, TypeError) as error:
            raise ChecksError(f"{FILE}, line {number}: not as weness wrote it ({error}).") from None
    return tuple(
        Draw(number, head["seed"], head["texts"], tuple(checks.get(number, ())))
        for number, head in sorted(heads.items())
    )


def written_draws(draws: Iterable[Draw], corpus: Corpus) -> str:
    """The text of a checks.jsonl."""
    lines = []
    for draw in draws:
        lines.append({"draw": draw.number, "seed": draw.seed, "texts": dict(sorted(draw.texts.items()))})
        lines += [_row(check, corpus) for check in draw.checks]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _shared(there: Mapping[str, int], n: int) -> dict[str, int]:
    half = {kind: min(size, n // 2 + (n % 2 if kind == MENTION else 0)) for kind, size in there.items()}
    for kind, size in there.items():
        half[kind] = min(size, half[kind] + n - sum(half.values()))
    return half


def _stratum(unit: Unit) -> str:
    return f"{unit.kind} {unit.language} {unit.predicted[0] if unit.predicted else 'none'}"


def _steps(size: int, n: int, chance: np.random.Generator) -> list[int]:
    """n places of size, at equal steps from a random start: each place has the chance n / size."""
    start = chance.random()
    return [int((start + number) * size / n) for number in range(n)]


def _row(check: Check, corpus: Corpus) -> dict[str, Any]:
    return {
        "draw": check.draw,
        "item": check.item,
        "kind": check.kind,
        "file": check.span.document,
        "start": check.span.start,
        "end": check.span.end,
        "text": corpus.text(check.span),
        "stratum": check.stratum,
        "size": check.size,
        "drawn": check.drawn,
        "predicted": list(check.predicted),
        "codes": None if check.codes is None else list(check.codes),
        "coder": check.coder,
    }


def _check(row: Mapping[str, Any]) -> Check:
    codes = row["codes"]
    return Check(
        row["draw"],
        row["item"],
        row["kind"],
        Span(row["file"], row["start"], row["end"]),
        row["stratum"],
        row["size"],
        row["drawn"],
        tuple(row["predicted"]),
        None if codes is None else tuple(codes),
        row["coder"],
    )
