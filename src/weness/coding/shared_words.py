"""Whose words are used around a mention: what only one party talks of is its own; what others tell too may be common."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from weness.coding.words import stems_in
from weness.reading.corpus import Corpus

RARE = 0.7
"""A word counts when it is absent from this share of usual texts."""
LONG = 4
"""Letters from which a stem can carry a topic."""
REACH = 2
"""Sentences on either side that are looked at, within the turn."""


class SharedWords:
    """Who uses which rare words in a study. ``usual``: by language, in what share of usual texts a stem stands."""

    def __init__(self, corpus: Corpus, usual: Mapping[str, Mapping[str, float]]) -> None:
        self.corpus, self.usual = corpus, usual
        self._stems: list[set[str]] = []
        self._users: dict[str, set[str]] = {}
        self._sums: dict[int, tuple[float, float]] = {}
        tellers = {document.id: document.partner or document.id for document in corpus.documents}
        texts = {document.id: document.text for document in corpus.documents}
        for sentence in corpus.sentences:
            span = sentence.span
            common = usual.get(sentence.language, {})
            # Words that stand in most texts tell nothing of a topic.
            stems = {
                stem
                for stem in stems_in(texts[span.document][span.start : span.end])
                if len(stem) >= LONG and common.get(stem, 0.0) <= 1 - RARE
            }
            self._stems.append(stems)
            if sentence.excluded != "interviewer":
                teller = tellers[span.document]
                for stem in stems:
                    self._users.setdefault(stem, set()).add(teller)

    def features(self, number: int) -> dict[str, float]:
        """For the sentence with this number, and for it with its neighbours."""
        turn = self.corpus.sentences[number].turn
        near = range(max(0, number - REACH), min(len(self._stems), number + REACH + 1))
        sums = [self._sum(at) for at in near if self.corpus.sentences[at].turn == turn]
        return {
            **_told("here", *self._sum(number)),
            **_told("near", sum(common for common, _ in sums), sum(lone for _, lone in sums)),
        }

    def _sum(self, number: int) -> tuple[float, float]:
        """How much of a sentence's rare words others use too, and how much only its own party."""
        if number not in self._sums:
            sentence = self.corpus.sentences[number]
            own, usual = sentence.partner or "", self.usual.get(sentence.language, {})
            common = lone = 0.0
            for stem in sorted(self._stems[number]):  # a fixed order, so that sums are the same to the last digit
                users = self._users.get(stem, ())
                weight = (1 - usual.get(stem, 0.0)) ** 3
                if len(users) > 1 or (users and own not in users):
                    common += weight
                else:
                    lone += weight
            self._sums[number] = common, lone
        return self._sums[number]


def _told(name: str, common: float, lone: float) -> dict[str, float]:
    if not common + lone:
        return {}
    return {
        f"{name} others use": 2 * math.tanh(common / 3),
        f"{name} only own": 2 * math.tanh(lone / 3),
        f"{name} share of others": 2 * common / (common + lone),
    }


def usual_words(corpora: Iterable[Corpus], at_least: float = 1 - RARE) -> dict[str, dict[str, float]]:
    """By language, the stems that stand in more than ``at_least`` of the texts of these corpora, and in what share."""
    texts: dict[str, int] = {}
    counts: dict[str, dict[str, int]] = {}
    for corpus in corpora:
        for document in corpus.documents:
            texts[document.language] = texts.get(document.language, 0) + 1
            table = counts.setdefault(document.language, {})
            for stem in set(stems_in(document.text)):
                table[stem] = table.get(stem, 0) + 1
    return {
        language: {
            stem: round(n / texts[language], 3)
            for stem, n in sorted(table.items())
            if n > at_least * texts[language] / 3
        }
        for language, table in sorted(counts.items())
    }
