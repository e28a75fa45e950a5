"""How an agreement is shown: a table for people, one JSON object for scripts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from weness.coding.agreement import Coefficient
from weness.coding.agreement_rows import Row
from weness.coding.comparing import Agreement
from weness.coding.disagreements import Disagreement
from weness.coding.shared_units import THEY
from weness.draws import LEVEL

SHOWN = 30
"""Disagreements printed; half of them about mentions where there are as many of either kind."""
OF_EACH = 3
"""Places printed of the same confusion."""
FAMILIES = {
    "A": 'Whom "we" means (units: mentions)',
    THEY: "Fellow partners (units: sentences)",
    "B": "Relational interaction (units: sentences)",
    "C": "Identity attributes (units: sentences)",
    "own": "The study's own codes (units: sentences)",
}
HEAD = (
    "",
    "lang",
    "units",
    "yes",
    "same",
    "on yes",
    f"alpha [{LEVEL:.0%}]",
    "kappa",
    "AC1",
    "where it begins and ends",
)
LEGEND = """yes: units where at least one said the code; same: how often two coders say the same; on yes: where one says yes, how
often another does; alpha: Krippendorff's, its lower end decides the use; kappa: {kappa};
where it begins and ends: Krippendorff's alpha for unitizing, on the passages themselves. More: docs/agreement.md"""
KAPPAS = {"Cohen": "Cohen's", "Fleiss": "Fleiss', '-' where not every unit has as many codes"}


def show_agreement(found: Agreement) -> None:
    who = ", ".join(f"{one.name} ({'person' if one.person else 'machine'})" for one in found.coders)
    both = "both" if len(found.coders) == 2 else "at least two"
    print(
        f"Compared: {who}. {found.texts} texts that {both} looked at: {found.mentions} mentions that {both} labelled, {found.sentences} sentences."
    )
    for note in found.notes:
        print(f"note: {note}")
    for family, title in FAMILIES.items():
        rows = [row for row in found.rows if row.family == family]
        if rows:
            print(f"\n{title}, resampled over {' and '.join(dict.fromkeys(row.resampled_over for row in rows))}")
            print("\n".join(_table(rows)))
    if found.rows:
        kappa = " or ".join(KAPPAS[by] for by in dict.fromkeys(row.kappa_by for row in found.rows))
        print(f"\n{LEGEND.format(kappa=kappa)}")
    else:
        print("\nNo code was given to anything that two of them coded: there is nothing to tell agreement by.")
    told = _chosen(found.disagreements)
    if told:
        print(f"\nTo talk about: {len(told)} of {len(found.disagreements)} places")
    last: tuple[str, ...] = ()
    for one in told:
        if one.codes != last:
            print(f"\n{_confusion(one)}")
        last = one.codes
        print("\n".join(_place(one)))


def _table(rows: Sequence[Row]) -> Iterator[str]:
    cells = [HEAD, *(_cells(row) for row in rows)]
    cells = cells if any(row.unitizing for row in rows) else [one[:-1] for one in cells]
    widths = [max(len(one[column]) for one in cells) for column in range(len(cells[0]))]
    for number, one in enumerate(cells):
        line = [cell.ljust(width) if at < 2 else cell.rjust(width) for at, (cell, width) in enumerate(zip(one, widths, strict=True))]  # fmt: skip
        yield "  ".join([*line, rows[number - 1].says if number else "use"]).rstrip()


def _cells(row: Row) -> tuple[str, ...]:
    names = {"family": "all codes" if row.family == "A" else "any code", "core": f"core {row.code}"}
    return (
        names.get(row.level, row.code),
        row.language,
        str(row.units),
        str(row.positives),
        _number(row.percent, 3),
        _number(row.positive_agreement, 2),
        _with_interval(row.alpha),
        _number(row.kappa.value, 3),
        _number(row.ac1.value, 3),
        _with_interval(row.unitizing) if row.unitizing else "",
    )


def _with_interval(one: Coefficient) -> str:
    if one.value is None:
        return "cannot say"
    ends = "[no interval]" if one.low is None else f"[{_number(one.low, 3)}, {_number(one.high, 3)}]"
    return f"{_number(one.value, 3)} {ends}"


def _number(value: float | None, digits: int) -> str:
    if value is None:
        return "-"
    return f"{value:.{digits}f}".replace("0.", ".", 1) if abs(value) < 0.9995 else f"{value:.{digits}f}"


def _chosen(found: Sequence[Disagreement]) -> list[Disagreement]:
    """A few places of each confusion, the worst confusions first; mentions and passages in equal parts where both abound."""
    seen: dict[tuple[str, ...], int] = {}
    few = []
    for one in found:
        seen[one.codes] = seen.get(one.codes, 0) + 1
        if seen[one.codes] <= OF_EACH:
            few.append(one)
    mentions, passages = [one for one in few if one.cost is not None], [one for one in few if one.cost is None]
    half = SHOWN // 2
    kept = mentions[: max(half, SHOWN - len(passages))]
    return [*kept, *passages[: SHOWN - len(kept)]]


def _confusion(one: Disagreement) -> str:
    against = " or ".join(one.codes) if len(one.codes) > 1 else f"{one.codes[0]} or nothing"
    times = "once" if one.times == 1 else f"{one.times} times"
    return f"{against}: {times}" + (f", costs alpha {_number(one.cost, 3)}" if one.cost is not None else "")


def _place(one: Disagreement) -> Iterator[str]:
    yield f"  {one.span.document}" + (f", {one.speaker}" if one.speaker else "")
    yield f"    ...{one.before}[{one.words}]{one.after}..."
    for name, codes in one.said.items():
        reason = f"  ({one.why[name]})" if name in one.why else ""
        yield f"    {name}: {', '.join(codes) or 'nothing'}{reason}"


def as_json(found: Agreement) -> str:
    """Numbers of four digits; null for what cannot be said, with a "why" beside it. The same input gives the same bytes."""
    over = list(dict.fromkeys(row.resampled_over for row in found.rows))
    page = {
        "coders": [asdict(one) for one in found.coders],
        "between": "persons and machines" if found.with_machine else "persons",
        "units": {"texts": found.texts, "mentions": found.mentions, "sentences": found.sentences},
        "level": LEVEL,
        "resampled_over": over[0] if len(over) == 1 else over,
        "rows": [_rounded(asdict(row)) for row in found.rows],
        "disagreements": [_rounded(_disagreement(one)) for one in found.disagreements],
        "notes": list(found.notes),
    }
    return json.dumps(page, ensure_ascii=False, indent=1) + "\n"


def _disagreement(one: Disagreement) -> dict[str, Any]:
    told = asdict(one)
    span = told.pop("span")
    return {"file": span["document"], "start": span["start"], "end": span["end"], **told}


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    return round(value, 4) + 0.0 if isinstance(value, float) else value
