"""Do measures, gates and stages work? Three invented partnerships with known stages, from codings by a reader and by
the machine alone.

    .venv/bin/python bench/cases.py [--seed 0]

Needs ../shared/data/cases beside the checkout. The ranges of the process were looked at on these cases (see
docs/decisions/0001): they check, they do not prove.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from weness.findings import Findings
from weness.study import Study

CASES = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "cases"
NAMES = ("orchard", "quebrada", "havenkade")

# Which item of the reader is meant by each attribute of case.json (attributes_last_wave), in its order; None where the
# reader coded no such item. Matched by hand, from the two descriptions.
ITEMS: dict[str, list[tuple[str, str] | None]] = {
    "orchard": [
        ("PURPOSE", "children's health and diet"),
        ("PROCEDURE", "three-day rule"),
        ("PROCEDURE", "sharing of short-crop losses"),
        ("PROCEDURE", "one vote each"),
        ("BENEFICIARY", "which children it is for"),
        None,
    ],
    "quebrada": [
        ("PROCEDURE", "joint walk before deciding"),
        ("PROCEDURE", "review of own mistakes"),
        ("PURPOSE", "stream restored with the bank people inside"),
        ("PROCEDURE", "the four decide together"),
        ("PROCEDURE", "review of own mistakes"),
        None,
    ],
    "havenkade": [
        ("PROCEDURE", "decide only with all four or by note"),
        ("PURPOSE", "a third of the floor space below cost price"),
        ("PURPOSE", "mixed area of work and living"),
        ("INTEREST", "rent index"),
        ("VALUE", "partners may differ"),
        ("BENEFICIARY", "young people are missing"),
    ],
}


def concluded(name: str, coder: str | None, seed: int) -> tuple[dict[str, Any], Findings]:
    case = json.loads((CASES / name / "case.json").read_text("utf-8"))
    return case, Study(CASES / name, coder, seed=seed).conclude()


def stages(case: dict[str, Any], findings: Findings) -> list[dict[str, Any]]:
    """One row a wave: what was meant, what was found."""
    order = [stage.id for stage in findings.process.stages]
    rows = []
    for wave, posterior in zip(case["waves"], findings.posteriors, strict=True):
        top = posterior.top
        rows.append(
            {
                "wave": wave["id"],
                "meant": wave["stage"],
                "top": top,
                "share": max(posterior.shares.values(), default=0.0),
                "call": posterior.call,
                "right": top == wave["stage"],
                "off": abs(order.index(top) - order.index(wave["stage"])) if top else None,
                "flags_meant": wave["flags"],
                "swift": "swift_identity" in posterior.flags,
            }
        )
    return rows


def words(case: dict[str, Any], findings: Findings) -> list[tuple[str, str, str]]:
    """(attribute, word meant, word found) of the last wave."""
    last = case["waves"][-1]["id"]
    found = {(one.code, one.item): one.word for one in findings.attributes if one.wave == last}
    rows = []
    for attribute, item in zip(case["attributes_last_wave"], ITEMS[case["id"]], strict=True):
        rows.append((attribute["item"], attribute["state"], found.get(item, "unvoiced") if item else "unvoiced"))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=0)
    seed = parser.parse_args().seed
    if not CASES.is_dir():
        sys.exit(f"The cases are not beside this checkout ({CASES}).")
    for coder, label in (("human", "from the readers' codings"), ("builtin", "from the machine alone")):
        right, waves, met, of = 0, 0, 0, 0
        print(f"\n{label}")
        for name in NAMES:
            case, findings = concluded(name, coder, seed)
            for row in stages(case, findings):
                right, waves = right + row["right"], waves + 1
                flag = " swift" if row["swift"] else ""
                found = f"{row['top']} {row['share']:.2f}  [{row['call']}]{flag}"
                print(f"  {name:>9} {row['wave']}: {row['meant']} -> {found}")
            if coder == "human":
                for attribute, meant, found in words(case, findings):
                    met, of = met + (meant == found), of + 1
                    print(f"            {'=' if meant == found else ' '} {meant:>10} / {found:<10} {attribute}")
        print(f"  top stage right in {right} of {waves} waves" + (f"; {met} of {of} words" if of else ""))


if __name__ == "__main__":
    main()
