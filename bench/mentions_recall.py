"""Are all collective selves found, and only these?

    .venv/bin/python bench/mentions_recall.py [--misses]

Compares what reading/mentions.py finds with every first-person-plural mention that the writers of the three invented cases
labelled. Needs ../shared/data/cases beside the checkout.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from weness.reading.gathering import read_study

CASES = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "cases"


def compared(folder: Path) -> tuple[set[tuple[str, int, int]], set[tuple[str, int, int]], dict[str, str]]:
    """(labelled, found) as (file, start, end), and the texts."""
    corpus = read_study(folder)
    rows = (json.loads(line) for line in (folder / "mentions.jsonl").read_text("utf-8").splitlines())
    labelled = {(row["file"], row["start"], row["end"]) for row in rows}
    found = {
        (mention.span.document, mention.span.start, mention.span.end)
        for mention in corpus.mentions
        if mention.of == "self" and mention.form != "name"
    }
    return labelled, found, {document.id: document.text for document in corpus.documents}


def main() -> None:
    if not CASES.is_dir():
        sys.exit(f"The cases are not beside this checkout ({CASES}).")
    for folder in sorted(path for path in CASES.iterdir() if path.is_dir()):
        labelled, found, texts = compared(folder)
        hits = len(labelled & found)
        language = json.loads((folder / "case.json").read_text("utf-8"))["languages"][0]
        print(
            f"{language}: {len(labelled)} labelled, {len(found)} found; recall {hits / len(labelled):.3f}, "
            f"precision {hits / max(len(found), 1):.3f}"
        )
        if "--misses" in sys.argv:
            for kind, spans in (("missed", labelled - found), ("extra", found - labelled)):
                for file, start, end in sorted(spans):
                    print(f"   {kind}: {file} {start} …{texts[file][max(0, start - 30) : end + 20]!r}")


if __name__ == "__main__":
    main()
