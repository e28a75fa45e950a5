"""The app's own words in one language: pages and errors say what stands in wording/LANGUAGE/*.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from weness_web import services

HERE = Path(__file__).parent / "wording"
COOKIE = "weness_language"
NAMES = {"en": "English", "es": "Español", "nl": "Nederlands"}


@dataclass(frozen=True)
class Words:
    """``lines`` maps "file.name" to a text with facts in braces."""

    language: str
    lines: Mapping[str, str]
    do_not_call_in_templates: ClassVar[bool] = True

    def __call__(self, name: str, /, **facts: object) -> str:
        """The line called ``name``, filled. Raises KeyError, naming it."""
        if name not in self.lines:
            raise KeyError(f"No line called {name!r} in wording/{self.language}.")
        return self.lines[name].format(**facts)

    def count(self, name: str, n: int, /, **facts: object) -> str:
        """``name.one`` or ``name.many``."""
        return self(f"{name}.{'one' if n == 1 else 'many'}", n=n, **facts)

    def or_same(self, shelf: str, name: str) -> str:
        """The word for a name that others chose, or the name itself where there is none."""
        return self.lines.get(f"{shelf}.{name}", str(name).replace("_", " "))

    def under(self, shelf: str) -> dict[str, str]:
        """All lines below a name, for a script of a page: {"saved": "Saved"}."""
        return {name[len(shelf) + 1 :]: text for name, text in self.lines.items() if name.startswith(f"{shelf}.")}


@cache
def words(language: str) -> Words:
    lines: dict[str, str] = {}
    for path in sorted((HERE / language).glob("*.yaml")):
        for name, text in _flat(services.parsed(path.read_text("utf-8"))).items():
            lines[f"{path.stem}.{name}"] = text
    return Words(language, lines)


def language_of(request: HttpRequest) -> str:
    """The user's choice, else the browser's cookie, else what the browser asks for, else English."""
    user = getattr(request, "user", None)
    chosen = getattr(user, "language", "") or request.COOKIES.get(COOKIE, "")
    if chosen in services.LANGUAGES:
        return str(chosen)
    for name, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if name.split("-")[0] in services.LANGUAGES:
            return name.split("-")[0]
    return "en"


def words_for(request: HttpRequest) -> Words:
    return words(language_of(request))


def spoken(request: HttpRequest) -> dict[str, Any]:
    """For every template: ``w``, the words that the tag {% say %} takes its lines from."""
    return {"w": words_for(request), "languages": NAMES.items(), "user": getattr(request, "user", None)}


def _flat(tree: Mapping[str, Any], above: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in tree.items():
        path = f"{above}.{name}" if above else str(name)
        found |= _flat(value, path) if isinstance(value, Mapping) else {path: str(value)}
    return found
