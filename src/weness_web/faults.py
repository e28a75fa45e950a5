"""What went wrong, in words for the person who asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Fault(Exception):
    """``name`` is a line of the wording, filled with ``facts``; ``text`` stands as it is, where weness itself said it."""

    def __init__(
        self, name: str = "", /, text: str = "", status: int = 400, more: dict[str, Any] | None = None, **facts: Any
    ):
        super().__init__(text or name)
        self.name, self.text, self.status, self.facts = name, text, status, facts
        self.more = more or {}

    def said(self, words: Callable[..., str]) -> str:
        return self.text or words(self.name, **self.facts)
