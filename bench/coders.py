"""How well does each coder do, on partnerships it has not seen? One command, all the tables of docs/coders.md.

    .venv/bin/python -m bench.coders [--write] [--encoder FOLDER]

Prints the tables; --write puts them into docs/coders.md and the errors of rules and builtin into library/reliability.
Takes about ten minutes the first time (six fits of the built-in coder), seconds after it.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench import held_out, reliability
from bench.held_out import Said
from weness import library
from weness.coding.codebook import codebook_named
from weness.coding.reliability import LABELS

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGES = {"readers": "corpus.md"}
"""Where a table stands; in coders.md unless it is here."""
DRAWS = 400
RIGHT = 0.85
FAMILY = {code.id: code.family for code in codebook_named().codes}


@dataclass(frozen=True)
class Answer:
    """One mention: what a person said, what the coder would say if it had to, and how sure it was."""

    study: str
    language: str
    genre: str
    true: str
    said: str
    chance: float


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--encoder", type=Path)
    asked = parser.parse_args()
    corpus, cases, third = held_out.everything(), held_out.of_cases(), list(held_out.third_readers())
    by_name: dict[str, list[Said]] = {}
    for one in [*corpus, *third]:
        by_name.setdefault(one.coder, []).append(one)
    tables = {
        "whom": whom_table(by_name),
        "cases": whom_table(_grouped(cases)) if cases else "The three cases are not at hand.",
        "coverage": coverage_table(by_name),
        "genres": genre_table(by_name["builtin"]),
        "segments": segment_table({**by_name, **{f"{name}, cases": rows for name, rows in _grouped(cases).items()}}),
        "codes": code_table(by_name["builtin"]),
        "confusion": confusion_table(by_name["builtin"]),
        "readers": readers_table(third),
    }
    for name, table in tables.items():
        print(f"\n{name}\n{table}")
    if asked.write:
        write(tables)
        for coder in ("rules", "builtin"):
            reliability.write(by_name[coder], coder)


def _grouped(said: Iterable[Said]) -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = {}
    for one in said:
        found.setdefault(one.coder, []).append(one)
    return found


def answers_of(said: Iterable[Said]) -> list[Answer]:
    found = []
    for one in said:
        told = {(mark.span.document, mark.span.start): mark for mark in one.machine.marks if mark.code in LABELS}
        for mark in one.human.marks:
            own = told.get((mark.span.document, mark.span.start))
            if mark.code not in LABELS or own is None:
                continue
            document = one.corpus.document(mark.span.document)
            label, chance = own.code, own.probability
            if label == "WE_UNCLEAR" and own.fields.get("candidates") and not own.by_person:
                # An abstaining coder is asked for its best guess, so that accuracy and coverage can be told apart.
                label, chance = own.fields["candidates"][0], float(own.fields.get("chance", chance))
            found.append(Answer(one.name, document.language, document.genre, mark.code, label, chance))
    return found


def whom_table(by_name: dict[str, list[Said]]) -> str:
    rows = ["| coder | language | mentions | accuracy | macro-F1 | F1 partnership | calibration error | right in the surest half | coverage at 85 % | s per 1,000 sentences |",
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"]  # fmt: skip
    first = next(iter(by_name.values()))
    for language in ("en", "es", "nl", "all"):
        base = [one for one in answers_of(first) if language in (one.language, "all")]
        most = Counter(one.true for one in base).most_common(1)[0][0]
        always = [Answer(one.study, one.language, one.genre, one.true, most, 1.0) for one in base]
        rows.append(_row(f"always {most}", language, always, None))
        for name, said in by_name.items():
            answers = [one for one in answers_of(said) if language in (one.language, "all")]
            if answers:
                sentences = sum(len(one.corpus.sentences) for one in said)
                rows.append(_row(name, language, answers, 1000 * sum(one.seconds for one in said) / sentences))
    return "\n".join(rows)


def _row(name: str, language: str, answers: Sequence[Answer], seconds: float | None) -> str:
    machine = not name.startswith(("always", "third"))
    surest = sorted(answers, key=lambda one: -one.chance)[: len(answers) // 2]
    told = [
        name,
        language,
        str(len(answers)),
        _with_interval(answers, accuracy),
        f"{macro_f1(answers):.3f}",
        _with_interval(answers, f1_partnership),
        f"{calibration_error(answers):.3f}" if machine else "",
        f"{accuracy(surest):.3f}" if machine else "",
        f"{coverage(answers, RIGHT):.2f}" if machine else "",
        f"{seconds:.3f}" if machine and seconds else "",
    ]
    return f"| {' | '.join(told)} |"


def accuracy(answers: Sequence[Answer]) -> float:
    return sum(one.true == one.said for one in answers) / max(len(answers), 1)


def f1_of(answers: Sequence[Answer], label: str) -> float:
    hits = sum(one.true == one.said == label for one in answers)
    both = sum(one.true == label for one in answers) + sum(one.said == label for one in answers)
    return 2 * hits / both if both else 0.0


def f1_partnership(answers: Sequence[Answer]) -> float:
    return f1_of(answers, "WE_PARTNERSHIP")


def macro_f1(answers: Sequence[Answer]) -> float:
    labels = sorted({one.true for one in answers})
    return sum(f1_of(answers, label) for label in labels) / max(len(labels), 1)


def calibration_error(answers: Sequence[Answer], bins: int = 10) -> float:
    """References / Naeini, Cooper, Hauskrecht (2015). Expected calibration error."""
    gaps: dict[int, float] = {}
    for one in answers:
        at = min(int(one.chance * bins), bins - 1)
        gaps[at] = gaps.get(at, 0.0) + one.chance - (one.true == one.said)
    return sum(map(abs, gaps.values())) / max(len(answers), 1)


def coverage(answers: Sequence[Answer], right: float) -> float:
    """The largest share of mentions, the surest first, of which ``right`` are right."""
    ranked = sorted(answers, key=lambda one: -one.chance)
    hits = np.cumsum([one.true == one.said for one in ranked])
    enough = np.flatnonzero(hits >= right * np.arange(1, len(ranked) + 1))
    return (int(enough[-1]) + 1) / len(ranked) if len(enough) else 0.0


def _with_interval(answers: Sequence[Answer], figure: Callable[[Sequence[Answer]], float]) -> str:
    """90 % interval from resampled partnerships: mentions of one partnership are not independent."""
    studies = sorted({one.study for one in answers})
    by_study = {study: [one for one in answers if one.study == study] for study in studies}
    if len(studies) < 3:
        return f"{figure(answers):.3f}"
    chance = np.random.default_rng(0)
    drawn = [
        figure([one for at in chance.integers(len(studies), size=len(studies)) for one in by_study[studies[at]]])
        for _ in range(DRAWS)
    ]
    low, high = np.quantile(drawn, [0.05, 0.95])
    return f"{figure(answers):.3f} [{low:.2f}, {high:.2f}]"


def coverage_table(by_name: dict[str, list[Said]]) -> str:
    shares = (0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
    rows = [f"| coder | {' | '.join(f'surest {share:.0%}' for share in shares)} |", f"| --- |{' --- |' * len(shares)}"]
    for name in ("rules", "builtin"):
        ranked = sorted(answers_of(by_name[name]), key=lambda one: -one.chance)
        told = [f"{accuracy(ranked[: max(1, round(share * len(ranked)))]):.3f}" for share in shares]
        rows.append(f"| {name} | {' | '.join(told)} |")
    return "\n".join(rows)


def readers_table(third: list[Said]) -> str:
    """Second and third reader: kappa of whom "we" means, its 90 % interval from resampled texts; F1 of segments by sentence."""
    rows = [
        "| partnership | mentions | same label | kappa | B: F1 | C: F1 | THEY_PARTNER: F1 |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, said in [*((one.name, [one]) for one in third), ("all four", third)]:
        answers = answers_of(said)
        segments = [f"{_f1_of_family(said, family):.2f}" for family in ("B", "C", "A")]
        rows.append(
            f"| {name} | {len(answers)} | {accuracy(answers):.3f} | {_kappa_told(said)} | {' | '.join(segments)} |"
        )
    return "\n".join(rows)


def _kappa_told(said: Sequence[Said]) -> str:
    by_text: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for one in said:
        told = {mark.span: mark.code for mark in one.machine.marks}
        for mark in one.human.marks:
            if mark.code in LABELS and mark.span in told:
                by_text.setdefault((one.name, mark.span.document), []).append((mark.code, told[mark.span]))
    texts = sorted(by_text)
    chance = np.random.default_rng(0)
    drawn = [
        kappa([pair for at in chance.integers(len(texts), size=len(texts)) for pair in by_text[texts[at]]])
        for _ in range(DRAWS)
    ]
    low, high = np.nanquantile(drawn, [0.05, 0.95])
    return f"{kappa([pair for text in texts for pair in by_text[text]]):.3f} [{low:.2f}, {high:.2f}]"


def kappa(pairs: Sequence[tuple[str, str]]) -> float:
    """References / Cohen (1960). A coefficient of agreement for nominal scales."""
    same = sum(a == b for a, b in pairs) / len(pairs)
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    by_chance = sum(first[label] * second[label] for label in first) / len(pairs) ** 2
    return (same - by_chance) / (1 - by_chance) if by_chance < 1 else float("nan")


def _f1_of_family(said: Sequence[Said], family: str) -> float:
    hit = false = missed = 0
    for table in reliability.counts_of(said).values():
        for code, entry in table.items():
            if FAMILY[code] == family:
                hit, false, missed = hit + entry[0], false + entry[1], missed + entry[2]
    return 2 * hit / max(2 * hit + false + missed, 1)


def genre_table(said: list[Said]) -> str:
    answers = answers_of(said)
    rows = ["| genre | mentions | accuracy | F1 partnership |", "| --- | --- | --- | --- |"]
    for genre in sorted({one.genre for one in answers}):
        of_it = [one for one in answers if one.genre == genre]
        rows.append(f"| {genre} | {len(of_it)} | {_with_interval(of_it, accuracy)} | {f1_partnership(of_it):.3f} |")
    return "\n".join(rows)


def segment_table(by_name: dict[str, list[Said]]) -> str:
    rows = [
        "| coder | family | language | readers' codings | precision | recall | F1 | codes it uses |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, said in by_name.items():
        counts = reliability.counts_of(said)
        for family in ("B", "C"):
            for language in ("en", "es", "nl"):
                table = {code: entry for code, entry in counts.get(language, {}).items() if FAMILY[code] == family}
                hit, false, missed = (sum(entry[k] for entry in table.values()) for k in range(3))
                if hit + missed == 0:
                    continue
                used = sum(entry[0] + entry[1] > 0 for entry in table.values())
                precision, recall = hit / max(hit + false, 1), hit / (hit + missed)
                f1 = 2 * precision * recall / max(precision + recall, 1e-9)
                rows.append(
                    f"| {name} | {family} | {language} | {hit + missed} | {precision:.2f} | {recall:.2f} | {f1:.2f} | {used} |"
                )
    return "\n".join(rows)


def code_table(said: list[Said]) -> str:
    rows = ["| code | readers' codings | precision | recall |", "| --- | --- | --- | --- |"]
    total: dict[str, list[int]] = {}
    for table in reliability.counts_of(said).values():
        for code, entry in table.items():
            total[code] = [a + b for a, b in zip(total.get(code, [0, 0, 0]), entry, strict=True)]
    for code, (hit, false, missed) in sorted(total.items()):
        precision = f"{hit / (hit + false):.2f} of {hit + false}" if hit + false else "never given"
        rows.append(f"| {code} | {hit + missed} | {precision} | {hit / max(hit + missed, 1):.2f} |")
    return "\n".join(rows)


def confusion_table(said: list[Said]) -> str:
    answers = answers_of(said)
    table = Counter((one.true, one.said) for one in answers)
    short = [label.removeprefix("WE_").lower() for label in LABELS]
    rows = [f"| a person said \\ builtin said | {' | '.join(short)} |", f"| --- |{' --- |' * len(LABELS)}"]
    rows += [
        f"| {name} | {' | '.join(str(table[true, one]) for one in LABELS)} |"
        for true, name in zip(LABELS, short, strict=True)
    ]
    return "\n".join(rows)


def write(tables: dict[str, str]) -> None:
    """Puts each table between its marks in its page."""
    for name, table in tables.items():
        path = DOCS / PAGES.get(name, "coders.md")
        pattern = rf"(<!-- table: {name} -->\n).*?(<!-- end -->)"
        page, n = re.subn(
            pattern,
            lambda found, table=table: f"{found[1]}{table}\n{found[2]}",
            path.read_text("utf-8"),
            flags=re.DOTALL,
        )
        if n != 1:
            raise SystemExit(f"{path} has no place for the table {name!r}")
        path.write_text(page, encoding="utf-8")
    print(f"written: {DOCS}, {library.HERE / 'reliability'}")


if __name__ == "__main__":
    main()
