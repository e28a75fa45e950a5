"""A filled check sheet in, answers in the draws out: from whatever an office program or a hand made of it, or not at all."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from weness.coding.check_sheets import COLUMNS, NEEDED, NONE
from weness.coding.checks import MENTION, SENTENCE, Check, Draw
from weness.coding.codebook import Codebook
from weness.coding.reliability import LABELS
from weness.coding.sheets import AS_WRITTEN, LETTERS, SheetError, check_columns, plain, same_words, sheet_in
from weness.reading.corpus import Corpus

SHOWN = 10
"""Rows that cannot be used are told one by one up to here."""
BETWEEN = re.compile(r"[\s,;/]+")
NONES = frozenset({"none", "geen", "ninguno", "ninguna"})
EMPTY = frozenset({"", "nan", "na", "<na>", "nat", "null", "#n/a", "#n/b"})
"""What programs write for a cell that is empty."""

Said = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """What a sheet of one person brought: ``n`` answers. Of these ``beside`` stand beside those of ``others``, which count, and
    are the ``same`` on so many; ``replaced`` are in the place of the person's own, and ``changed`` of them say something else."""

    n: int
    beside: int
    same: int
    others: tuple[str, ...]
    replaced: int
    changed: int


class _Unusable(ValueError):
    """Why a cell is no answer."""


def is_check_sheet(path: Path) -> bool:
    """Whether a sheet is one of a check sample, be it that a column was deleted; a sheet of labels asks for others."""
    head, _ = sheet_in(path)
    return any(name in head for name in NEEDED) and not {"label", "mention"} <= set(head)


def answered(
    path: Path, draws: Sequence[Draw], coder: str, codebook: Codebook, corpus: Corpus
) -> tuple[tuple[Draw, ...], Answers]:
    """The draws with the sheet's answers in them. An empty cell changes nothing; whoever answered an item first counts.

    Raises SheetError, naming every row that cannot be used: where a code is none, an item was never drawn or stands there
    twice, or the passage is another one.
    """
    checks = {check.item: check for draw in draws for check in draw.checks}
    found = _found(path, checks, codebook, corpus)
    after = tuple(
        replace(
            draw,
            checks=tuple(
                _with(check, coder, found[check.item]) if check.item in found else check for check in draw.checks
            ),
        )
        for draw in draws
    )
    return after, _counted({checks[item]: codes for item, codes in found.items()}, coder)


def _with(check: Check, coder: str, codes: Said) -> Check:
    if check.codes is None or check.coder == coder:
        return replace(check, codes=codes, coder=coder)
    return replace(check, others={**check.others, coder: codes})


def _counted(said: Mapping[Check, Said], coder: str) -> Answers:
    beside = {check: codes for check, codes in said.items() if check.codes is not None and check.coder != coder}
    before = {check: check.others.get(coder) if check in beside else check.codes for check in said}
    own = [(before[check], codes) for check, codes in said.items() if before[check] is not None]
    return Answers(
        n=len(said),
        beside=len(beside),
        same=sum(check.codes == codes for check, codes in beside.items()),
        others=tuple(sorted({check.coder for check in beside})),
        replaced=len(own),
        changed=sum(earlier != now for earlier, now in own),
    )


def _found(path: Path, checks: Mapping[str, Check], codebook: Codebook, corpus: Corpus) -> dict[str, Said]:
    head, rows = sheet_in(path)
    check_columns(path, head, NEEDED, COLUMNS)
    known = {MENTION: AS_WRITTEN, SENTENCE: {code.id: code.id for code in codebook.codes if code.id not in LABELS}}
    found: dict[str, Said] = {}
    at: dict[str, int] = {}
    unusable: list[str] = []
    for number, row in enumerate(rows, 2):
        item, said = re.sub(r"\s", "", plain(row["item"])).lower(), row["codes"]
        try:
            if item and at.setdefault(item, number) != number:
                raise _Unusable(f"the same item stands in row {at[item]}")
            if plain(said).lower() in EMPTY:
                continue
            _check_place(item, row["passage"], checks, corpus)
            found[item] = _codes(said, checks[item].kind, known[checks[item].kind])
        except _Unusable as error:
            unusable.append(f"row {number}{f' ({item})' if item else ''}: {error}.")
    if unusable:
        raise SheetError(_told(path, unusable, known[SENTENCE]))
    if not found:
        raise SheetError(
            f"{path.name}: no row is filled in. Write codes into the column 'codes', or {NONE} where none applies."
        )
    return found


def _check_place(item: str, passage: str, checks: Mapping[str, Check], corpus: Corpus) -> None:
    if not item:
        raise _Unusable("codes stand there, and no item")
    if item not in checks:
        raise _Unusable(f"the study drew no item {item!r}; is it the sheet of this study?")
    try:
        words = " ".join(corpus.text(checks[item].span).split())
    except KeyError:
        raise _Unusable(f"its text {checks[item].span.document} is no longer in the study") from None
    if not same_words(words, passage):
        raise _Unusable(f"the item is {_short(words)!r} in the study, the row says {_short(passage)!r}")


def _codes(said: str, kind: str, known: Mapping[str, str]) -> Said:
    """() where a person says that none applies."""
    told = plain(said).upper()
    if kind == MENTION:
        told = re.sub(r"\bWE[ _-]+", "", told)
    words = [word.rstrip(".") for word in BETWEEN.split(told)]
    words = [word for word in words if word]
    if not words:
        raise _Unusable(f"{said.strip()!r} is no code; write {NONE} where none applies")
    none = [word for word in words if not word.strip("-") or word.lower() in NONES]
    if len(none) == len(words):
        return ()
    if none:
        raise _Unusable(f"{_short(said)!r} says that none applies, and a code")
    strange = [word for word in words if word not in known]
    if strange:
        raise _Unusable(f"no code {', '.join(map(repr, strange))} for a {kind}")
    codes = tuple(sorted({known[word] for word in words}))
    if kind == MENTION and len(codes) > 1:
        raise _Unusable(f"a mention has one code, this has {', '.join(codes)}")
    return codes


def _told(path: Path, unusable: Sequence[str], codes: Mapping[str, str]) -> str:
    rows = "1 row" if len(unusable) == 1 else f"{len(unusable)} rows"
    lines = [f"{path.name}: {rows} cannot be used, and nothing was imported.", *unusable[:SHOWN]]
    if len(unusable) > SHOWN:
        lines.append(f"... and {len(unusable) - SHOWN} more.")
    if any(" code" in line for line in unusable):
        lines.append(f"A mention has one of {LETTERS}; a sentence any of {', '.join(sorted(codes))}; {NONE} for none.")
    return "\n".join(lines)


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= 40 else f"{words[:40]}..."
