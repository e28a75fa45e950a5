"""How work is run: one item after another, or over a few processes. The answer is the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Engine(Protocol):
    """Runs one function over many items and gives the answers in the order of the items."""

    def map(self, work: Callable[[Item], Answer], items: Iterable[Item]) -> Iterator[Answer]: ...


class Inline:
    """One after another, in this process."""

    def map(self, work: Callable[[Item], Answer], items: Iterable[Item]) -> Iterator[Answer]:
        return map(work, items)


class Pool:
    """Over ``workers`` processes. ``work`` must be a function of a module (it is sent to another process)."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def map(self, work: Callable[[Item], Answer], items: Iterable[Item]) -> Iterator[Answer]:
        from concurrent.futures import ProcessPoolExecutor

        with ProcessPoolExecutor(self.workers) as pool:
            yield from pool.map(work, items)
