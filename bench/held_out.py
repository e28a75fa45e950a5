"""What each coder says of partnerships that it has not seen: the codings that every table about coders is made from.

The built-in coder is fitted anew for each of six parts of the corpus, leaving whole partnerships out; of the three cases
(../shared/data/cases, never trained on) it speaks as it ships.
"""

from __future__ import annotations

import hashlib
import pickle
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from weness import library
from weness.coding.building import built_from
from weness.coding.builtin import BuiltinCoder
from weness.coding.codebook import codebook_named
from weness.coding.codings import Codings
from weness.coding.human import HumanCoder
from weness.coding.lessons import coded_in
from weness.coding.rules import RuleCoder
from weness.engines import Inline, Pool
from weness.reading.corpus import Corpus
from weness.reading.gathering import read_study

FOLDS = 6
CASES = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "cases"
CASE_NAMES = ("orchard", "quebrada", "havenkade")
SEEDS = Path(__file__).resolve().parents[1] / "examples" / "corpus" / "third"
"""A third reader's work on some partnerships."""


@dataclass(frozen=True)
class Said:
    """One coder on one partnership, beside the person who counts. ``seconds`` for coding alone."""

    coder: str
    name: str
    corpus: Corpus
    human: Codings
    machine: Codings
    seconds: float


def everything(partnerships: tuple[Path, ...] | None = None, workers: int = 2) -> list[Said]:
    """Rules and builtin on every coded partnership; remembered by what they were made from."""
    folders = partnerships or tuple(library.coded_partnerships())
    memory = Path(tempfile.gettempdir()) / f"weness-held-out-{_fingerprint(folders)}.pkl"
    if memory.is_file():
        return pickle.loads(memory.read_bytes())  # our own file, of this machine and this code
    folds = [(folders, fold) for fold in range(min(FOLDS, len(folders)))]
    found = [one for part in Pool(workers).map(_fold, folds) for one in part]
    found += [_said("rules", RuleCoder(), folder) for folder in folders]
    memory.write_bytes(pickle.dumps(found))
    return found


def of_cases() -> list[Said]:
    """Rules and the shipped builtin on the three cases; [] where they are not at hand."""
    if not CASES.is_dir():
        return []
    coders = {"rules": RuleCoder(), "builtin": BuiltinCoder()}
    return [_said(name, coder, CASES / case) for name, coder in coders.items() for case in CASE_NAMES]


def third_readers() -> Iterator[Said]:
    """The third reader beside the second, where there is one."""
    for folder in sorted(SEEDS.glob("*/mentions.jsonl")):
        study = library.HERE / "corpus" / folder.parent.name
        corpus = read_study(study)
        second = HumanCoder(study).code(corpus, codebook_named())
        third = HumanCoder(folder.parent).code(corpus, codebook_named())
        yield Said("third reader", folder.parent.name, corpus, second, third, 0.0)


def _fold(asked: tuple[tuple[Path, ...], int]) -> list[Said]:
    folders, fold = asked
    coded = sorted(coded_in(folders), key=lambda one: one.name)
    out = coded[fold::FOLDS]
    coder = BuiltinCoder(None, built_from([one for one in coded if one not in out]))
    return [_timed("builtin", coder, one.name, one.corpus, one.codings) for one in out]


def _said(name: str, coder: RuleCoder | BuiltinCoder, folder: Path) -> Said:
    corpus = read_study(folder)
    return _timed(name, coder, folder.name, corpus, HumanCoder(folder).code(corpus, codebook_named()))


def _timed(name: str, coder: RuleCoder | BuiltinCoder, study: str, corpus: Corpus, human: Codings) -> Said:
    start = time.perf_counter()
    machine = coder.code(corpus, codebook_named(), Inline())
    return Said(name, study, corpus, human, machine, time.perf_counter() - start)


def _fingerprint(folders: tuple[Path, ...]) -> str:
    """The code of reading and coding, the lexicons and the codings: where one changes, all is worked out anew."""
    told = hashlib.sha256()
    apart = (
        "llm",
        "prompts",
        "answer",
        "endpoint",
        "passages",
        "masks",
        "reconciling",
        "few_shot",
        "encoder",
        "tuning",
        "sheets",
        "asking",
    )
    ours = [path for path in (library.HERE.parent / "coding").glob("*.py") if not path.name.startswith(apart)]
    ours += (library.HERE.parent / "reading").glob("*.py")
    ours += [*(library.HERE / "lexicons").rglob("*.yaml"), library.HERE / "thresholds" / "reference.yaml"]
    ours += [path for folder in folders for path in (*folder.glob("*.jsonl"), *folder.glob("*.txt"))]
    for path in sorted(ours):
        told.update(path.name.encode() + path.read_bytes())
    return told.hexdigest()[:16]
