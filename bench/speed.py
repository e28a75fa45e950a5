"""How fast, how heavy: each claim of the README with the command that shows it.

    .venv/bin/python bench/speed.py

Runs every command as a process of its own, five times (three for the long ones), and prints the median wall time, the
peak memory and the limit that we hold ourselves to. Numbers depend on the machine; the limits are for two cores.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[1] / "shared" / "data"
PYTHON = sys.executable
WENESS = str(Path(PYTHON).with_name("weness"))


WE = {"en": "We", "es": "Nosotros"}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        _measure("import weness", [PYTHON, "-c", "import weness"], 0.2, 5)
        _measure("weness --help", [WENESS, "--help"], 0.4, 5)
        for language, files in (("en", "*.md"), ("es", "*Rosalba*.txt")):
            study = _one_megabyte(work / language, language, files)
            command = [WENESS, "code", str(study), "--out", str(work / "codings.jsonl")]
            _measure(f"1 MB ({language}) read, cut, coded", command, 2.0, 3)
        out = work / "demo"
        _measure("demo study to its report", [WENESS, "demo", "--out", str(out)], 5.0, 3)
        print(f"{'size of the demo report':<28} {(out / 'report.html').stat().st_size / 1e6:6.2f} MB   (limit 2 MB)")
        if (SHARED / "openjs_cpc").is_dir():
            study = openjs_study(work / "openjs")
            _measure("57 real minutes to a report", [WENESS, "report", str(study), "--out", str(work / "o")], 5.0, 3)
        else:
            print("57 real minutes: skipped, ../shared/data is not beside this checkout")


def openjs_study(folder: Path) -> Path:
    """The 57 minutes of openjs_cpc with the parties of bench/openjs.yaml, linked and not copied."""
    folder.mkdir(parents=True)
    for source in sorted((SHARED / "openjs_cpc").glob("20*.md")):
        (folder / source.name).write_bytes(source.read_bytes())
    (folder / "study.yaml").write_text((HERE / "openjs.yaml").read_text("utf-8"), encoding="utf-8")
    return folder


def hearing_study(folder: Path) -> Path:
    """One hearing of qmsum_committee with the parties of bench/hearing.yaml."""
    folder.mkdir(parents=True)
    (folder / "education_2.json").write_bytes((SHARED / "qmsum_committee" / "education_2.json").read_bytes())
    (folder / "study.yaml").write_text((HERE / "hearing.yaml").read_text("utf-8"), encoding="utf-8")
    return folder


def _one_megabyte(folder: Path, language: str, files: str) -> Path:
    """A megabyte of interview made of words of the demo, shuffled so that nothing repeats within eight words."""
    import random

    from weness import library

    folder.mkdir(parents=True)
    demo = library.HERE / "demo"
    words = " ".join(path.read_text("utf-8") for path in sorted(demo.glob(files))).split()
    chance = random.Random(0)
    lines = []
    size = 0
    while size < 1_000_000:
        who = "I" if len(lines) % 2 == 0 else "R"
        line = f"{who}: " + " ".join(
            f"{WE[language]} {' '.join(chance.choices(words, k=chance.randint(6, 18))).rstrip('.')}." for _ in range(6)
        )
        lines.append(line)
        size += len(line)
    (folder / "long.txt").write_text("\n\n".join(lines), encoding="utf-8")
    (folder / "study.yaml").write_text(
        f"study: {{id: long, name: Long, languages: [{language}]}}\n"
        "partners: [{id: mill, name: The Mill, sector: business, power: member},"
        " {id: town, name: The Town, sector: government, power: member}]\n"
        "speakers: [{id: ann, name: Ann, partner: mill, role: manager, aliases: [R]},"
        " {id: int, name: Interviewer, partner: null, role: interviewer, aliases: [I]}]\n"
        "waves: [{id: w1, from: 2024-01, to: 2024-03}]\n"
        f"documents: [{{file: long.txt, wave: w1, date: 2024-02-01, genre: interview, language: {language}, partner: mill,"
        " speakers: [ann, int]}]\n",
        encoding="utf-8",
    )
    return folder


def _measure(what: str, command: list[str], limit: float, times: int) -> None:
    walls, peaks = [], []
    for _ in range(times):
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        error = process.stderr.read() if process.stderr else b""
        _, status, usage = os.wait4(process.pid, 0)
        walls.append(time.perf_counter() - start)
        peaks.append(usage.ru_maxrss / 1024)
        if status:
            sys.exit(f"{what}: {' '.join(command)} failed: {error.decode()[-300:]}")
    wall, peak = statistics.median(walls), max(peaks)
    verdict = "ok" if wall <= limit and peak <= 400 else "OVER"
    print(f"{what:<28} {wall:6.2f} s (limit {limit:.1f})   peak {peak:4.0f} MB (limit 400)   {verdict}")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
