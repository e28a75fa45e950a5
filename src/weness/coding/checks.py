"""The check sample: mentions and sentences drawn with known chance, for a person to code without seeing what the machine said."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
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

    ``codes`` is what the person said who answered first, None until then: it counts. ``others`` is what anybody else said, by
    name, which stands beside it; ``predicted`` what the machine had said when it was drawn.
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
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Draw:
    """One drawing: the texts that it was drawn from (by checksum), its checks, and which units could have been drawn.

    ``units``: checksum of a text -> (kind, start) of each; a text that is not there drew from all it had.
    """

    number: int
    seed: int
    texts: Mapping[str, str]
    checks: tuple[Check, ...]
    units: Mapping[str, frozenset[tuple[str, int]]] = field(default_factory=dict)


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
    heads: dict[int, Draw] = {}
    checks: dict[str, Check] = {}
    for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line.decode("utf-8"))
            if not isinstance(row, dict):
                raise ValueError("a row is written {name: value, ...}")
            if "texts" in row or "seed" in row:
                head = _head(row)
                if heads.setdefault(head.number, head) is not head:
                    raise ValueError(f"draw {head.number} begins twice")
            else:
                check = _check(row)
                if check.draw not in heads:
                    raise ValueError(f"no line above begins draw {check.draw}")
                if checks.setdefault(check.item, check) is not check:
                    raise ValueError(f"item {check.item} stands there twice")
        except KeyError as error:
            raise ChecksError(f"{FILE}, line {number}: not as weness wrote it (no {error}).") from None
        except (ValueError, RecursionError) as error:
            raise ChecksError(f"{FILE}, line {number}: not as weness wrote it ({error}).") from None
    return tuple(
        replace(head, checks=tuple(check for check in checks.values() if check.draw == number))
        for number, head in sorted(heads.items())
    )


def written_draws(draws: Iterable[Draw], corpus: Corpus) -> str:
    """The text of a checks.jsonl."""
    lines = []
    for draw in draws:
        units = {
            text: {kind: sorted(at for one, at in there if one == kind) for kind in (MENTION, SENTENCE)}
            for text, there in sorted(draw.units.items())
        }
        head = {"draw": draw.number, "seed": draw.seed, "texts": dict(sorted(draw.texts.items()))}
        lines.append(head | ({"units": units} if units else {}))
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
    return [min(int((start + number) * size / n), size - 1) for number in range(n)]


def _row(check: Check, corpus: Corpus) -> dict[str, Any]:
    return {
        "draw": check.draw,
        "item": check.item,
        "kind": check.kind,
        "file": check.span.document,
        "start": check.span.start,
        "end": check.span.end,
        "text": _words(check.span, corpus),
        "stratum": check.stratum,
        "size": check.size,
        "drawn": check.drawn,
        "predicted": list(check.predicted),
        "codes": None if check.codes is None else list(check.codes),
        "coder": check.coder,
        **({"others": {coder: list(codes) for coder, codes in sorted(check.others.items())}} if check.others else {}),
    }


def _words(span: Span, corpus: Corpus) -> str:
    """ "" where the text has left the study since: what was drawn from it stays drawn."""
    try:
        return corpus.text(span)
    except KeyError:
        return ""


def _head(row: Mapping[str, Any]) -> Draw:
    texts = _told(row, "texts", dict)
    told = _told(row, "units", dict) if "units" in row else {}
    units = {
        text: frozenset((kind, int(at)) for kind in (MENTION, SENTENCE) for at in _told(there, kind, list))
        for text, there in told.items()
    }
    number, seed = _told(row, "draw", int), _told(row, "seed", int)
    return Draw(number, seed, {text: _told(texts, text, str) for text in texts}, (), units)


def _check(row: Mapping[str, Any]) -> Check:
    others = _told(row, "others", dict) if "others" in row else {}
    check = Check(
        _told(row, "draw", int),
        _told(row, "item", str),
        _told(row, "kind", str),
        Span(_told(row, "file", str), _told(row, "start", int), _told(row, "end", int)),
        _told(row, "stratum", str),
        _told(row, "size", int),
        _told(row, "drawn", int),
        _listed(row, "predicted"),
        None if row["codes"] is None else _listed(row, "codes"),
        _told(row, "coder", str),
        {coder: _listed(others, coder) for coder in others},
    )
    if check.kind not in (MENTION, SENTENCE):
        raise ValueError(f"kind is {check.kind!r}")
    if not 0 < check.drawn <= check.size:
        raise ValueError(f"{check.drawn} drawn of {check.size}")
    return check


def _listed(row: Mapping[str, Any], name: str) -> tuple[str, ...]:
    listed = _told(row, name, list)
    if not all(isinstance(one, str) for one in listed):
        raise ValueError(f"{name} is {listed!r}")
    return tuple(listed)


def _told(row: Mapping[str, Any], name: str, kind: type) -> Any:
    value = row[name]
    if not isinstance(value, kind) or isinstance(value, bool):
        raise ValueError(f"{name} is {value!r}")
    return value
