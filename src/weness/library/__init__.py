"""Everything a scholar may edit without code, and the functions that find it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, ClassVar

HERE = Path(__file__).parent
LANGUAGES = ("en", "es", "nl")


def page(shelf: str, name: str) -> Any:
    """One YAML page of a shelf ("codebooks", "processes", "actions", "lexicons/en" ...).

    Raises KeyError, naming what there is.
    """
    path = HERE / shelf / f"{name}.yaml"
    if not path.is_file():
        raise KeyError(f"No page called {name!r} on the shelf {shelf!r}. The library has: {', '.join(names(shelf))}.")
    return parsed(path.read_text(encoding="utf-8"))


def names(shelf: str) -> list[str]:
    return sorted(path.stem for path in (HERE / shelf).glob("*.yaml"))


def coded_partnerships() -> list[Path]:
    """The invented partnerships that persons coded in full, the demo among them: what the built-in coder learned from."""
    return [*sorted(path.parent for path in (HERE / "corpus").glob("*/case.json")), HERE / "demo"]


def parsed(text: str) -> Any:
    """YAML read safely, by the C parser where there is one. Only ``true`` and ``false`` are truths: "no" is a word."""
    import yaml

    return yaml.load(text, Loader=_loader())


@cache
def _loader() -> Any:
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        yaml_implicit_resolvers: ClassVar = {
            first: [(tag, pattern) for tag, pattern in resolvers if first in "tTfF" or not tag.endswith(":bool")]
            for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }

    return Loader
