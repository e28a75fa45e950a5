"""Which mentions to show a person first, so that few answers teach much."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from weness.coding.linear import Floats
from weness.coding.mention_features import Asked
from weness.coding.reference_model import Ints

ORDERS = ("doubt", "spread", "chance")
"""doubt: the least sure first. spread: the least sure of each text in turn. chance: at random, the honest comparison."""


def asked_first(
    asked: Sequence[Asked], chances: Floats, labels: Ints, n: int, order: str = "spread", seed: int = 0
) -> list[int]:
    """Numbers of at most ``n`` mentions without a label, the most useful first.

    Raises KeyError, naming what there is, for an unknown order.
    """
    if order not in ORDERS:
        raise KeyError(f"No order called {order!r}. There is: {', '.join(ORDERS)}.")
    open_ = np.flatnonzero(labels < 0)
    if order == "chance":
        return [int(one) for one in np.random.default_rng(seed).permutation(open_)[:n]]
    ranked = np.sort(chances, axis=1)
    margin = ranked[:, -1] - ranked[:, -2]
    by_doubt = [int(one) for one in open_[np.argsort(margin[open_], kind="stable")]]
    return by_doubt[:n] if order == "doubt" else _in_turn(asked, by_doubt, n)


def _in_turn(asked: Sequence[Asked], by_doubt: Sequence[int], n: int) -> list[int]:
    """One of each text, then a second of each: neighbours would teach the same twice."""
    rounds: dict[str, int] = {}
    placed = []
    for rank, number in enumerate(by_doubt):
        document = asked[number].mention.span.document
        rounds[document] = rounds.get(document, 0) + 1
        placed.append((rounds[document], rank, number))
    return [number for _, _, number in sorted(placed)[:n]]
