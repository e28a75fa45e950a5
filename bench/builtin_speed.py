"""How fast is the built-in coder? Sentences a second on one core, beside spaCy's blank tokenizer with its sentencizer.

    python -m bench.builtin_speed [--repeat 5]

Reads the coded partnerships once (not counted), then codes them all (families A, B and C), each language apart. The rival (pip install spacy; not a
dependency of weness) cuts the same texts into sentences and tokens and does nothing else: the ratio says how much a whole coding costs beside that.
"""

from __future__ import annotations

import argparse
import os
import time

os.environ.update({name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")})

from weness import library
from weness.coding.builtin import BuiltinCoder
from weness.coding.codebook import codebook_named
from weness.coding.words import stems_in
from weness.engines import Inline
from weness.reading.corpus import Corpus
from weness.reading.gathering import read_study


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeat", type=int, default=5)
    asked = parser.parse_args()
    corpora = [read_study(folder) for folder in library.coded_partnerships()]
    coder = BuiltinCoder()
    print(f"{'language':<10}{'sentences':>10}{'mentions':>10}{'builtin s/s':>14}{'spaCy s/s':>12}{'ratio':>8}")
    for language in library.LANGUAGES:
        own = [corpus for corpus in corpora if corpus.languages == (language,)]
        sentences, mentions = sum(len(one.sentences) for one in own), sum(len(one.mentions) for one in own)
        ours = sentences / min(_coded(coder, own) for _ in range(asked.repeat))
        rival = _rival(language, own, asked.repeat)
        told = f"{rival:>12,.0f}{ours / rival:>8.2f}" if rival else "   not installed"
        print(f"{language:<10}{sentences:>10}{mentions:>10}{ours:>14,.0f}{told}")


def _coded(coder: BuiltinCoder, corpora: list[Corpus]) -> float:
    stems_in.cache_clear()  # every text is new to the coder
    start = time.process_time()
    for corpus in corpora:
        coder.code(corpus, codebook_named(), Inline())
    return time.process_time() - start


def _rival(language: str, corpora: list[Corpus], repeat: int) -> float | None:
    try:
        import spacy
    except ImportError:
        return None
    pipe = spacy.blank(language)
    pipe.add_pipe("sentencizer")
    texts = [document.text for corpus in corpora for document in corpus.documents]
    best, n = float("inf"), 0
    for _ in range(repeat):
        start = time.process_time()
        n = sum(sum(1 for _ in document.sents) for document in pipe.pipe(texts))
        best = min(best, time.process_time() - start)
    return n / best


if __name__ == "__main__":
    main()
