"""The claim: a project of 1.5 MB of text and 2,000 selections comes in within half a second, and out again.

    .venv/bin/python -m bench.exchange

The texts hold emoji and CRLF line ends, positions are UTF-16 units: the way that NVivo was seen to count, and the costly one. The yardstick in the same run is
what nobody can do without: unzipping, parsing the XML and decoding the texts.
"""

from __future__ import annotations

import tempfile
import time
import zipfile
from pathlib import Path

import numpy as np
from lxml import etree

from weness.coding.codings import Codings
from weness.reading.gathering import read_study
from weness.stores.exchange.counting import counting_of
from weness.stores.exchange.exporting import exported
from weness.stores.exchange.importing import import_project
from weness.stores.exchange.project import Applied, Losses, Project, ProjectCode, Selection, Source, User, guid_of
from weness.stores.exchange.qdpx import read_project
from weness.stores.exchange.refi_writing import write_project

TEXTS, WORDS, SELECTIONS = 10, 26_000, 2_000


def project(seed: int = 0) -> Project:
    chance = np.random.default_rng(seed)
    user = User(guid_of("bench", "user"), "Ana")
    codes = tuple(ProjectCode(guid_of("bench", "code", n), f"code {n % 90}") for n in range(100))
    sources = []
    for number in range(TEXTS):
        words = [chance.choice(["we", "agreed", "on", "the", "harvest", "🌱", "and", "price."]) for _ in range(WORDS)]
        text = "".join(f"{word}\r\n" if n % 15 == 14 else f"{word} " for n, word in enumerate(words))
        starts = np.cumsum([0, *(len(word) + 1 + (n % 15 == 14) for n, word in enumerate(words))])
        astral = np.cumsum([0, *(word == "🌱" for word in words)])
        own = []
        for mark in range(SELECTIONS // TEXTS):
            first = int(chance.integers(0, WORDS - 40))
            last = first + int(chance.integers(3, 30))
            start, end = int(starts[first] + astral[first]), int(starts[last] + len(words[last]) + astral[last + 1])
            guid = guid_of("bench", number, mark)
            own.append(
                Selection(guid, start, end, codings=(Applied(guid_of(guid), codes[mark % 100].guid, user.guid),))
            )
        sources.append(Source(guid_of("bench", "text", number), f"interview {number}", text, tuple(own)))
    return Project("bench", "NVivo for Windows", users=(user,), codes=codes, sources=tuple(sources))


def yardstick(path: Path) -> int:
    with zipfile.ZipFile(path) as package:
        size = len(list(etree.fromstring(package.read("project.qde")).iter()))
        return size + sum(len(package.read(name).decode()) for name in package.namelist() if name.endswith(".txt"))


def timed(name: str, work, base: float | None = None):  # type: ignore[no-untyped-def]
    start = time.perf_counter()
    found = work()
    took = time.perf_counter() - start
    print(f"{name:<52} {took:6.2f} s" + (f"   {took / base:5.1f} x the yardstick" if base else ""))
    return found, took


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "project.qdpx"
        write_project(project(), path, Losses())
        size = sum(len(one.text or "") for one in project().sources)
        print(f"{size / 1e6:.2f} M characters, {SELECTIONS} selections, {path.stat().st_size / 1e3:.0f} kB packed")
        _, base = timed("yardstick: unzip, parse, decode", lambda: yardstick(path))
        (read, held), _ = timed("read_project", lambda: read_project(path, Losses()), base)
        timed("counting_of (16 ways tried)", lambda: counting_of(read), base)
        study = Path(folder) / "study"
        brought, _ = timed(
            "import_project (counting, rows, study.yaml drafted)",
            lambda: import_project(read, held, study, Losses()),
            base,
        )
        print(f"   {brought.counting}; {brought.on_edges} of {held.selections} on word edges")
        corpus, _ = timed("read_study (turns, sentences, mentions)", lambda: read_study(study), base)
        empty = Codings("", "weness", frozenset(), ())
        out, _ = timed("exported", lambda: exported(study, corpus, empty.marks, {}, Losses()), base)
        timed(
            "write_project (checked against the standard)",
            lambda: write_project(out, Path(folder) / "b.qdpx", Losses()),
            base,
        )


if __name__ == "__main__":
    main()
