"""What the user asked of a language model: which one, where, and how. Remembered in the study, but for the key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from weness.coding.answer_book import records_in
from weness.coding.endpoint import EndpointError
from weness.coding.prompts import PASSES
from weness.safekeeping import whole_text


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user asked for. ``prices`` are euros per million tokens, (prompt, answer); ``key`` goes into no record."""

    model: str
    endpoint: str = ""
    allow_remote: bool = False
    key: str | None = field(default=None, repr=False)
    parallel: int = 4
    timeout: float = 300.0
    passes: str = "ABC"
    passage: int = 5000
    hide_names: bool = False
    hidden: tuple[str, ...] = ()
    prices: tuple[float, float] | None = None
    twice: float = 0.1
    record: Path | None = None
    replay: Path | None = None
    ask_anew: bool = False


SETTINGS = Path(".weness") / "llm.json"
"""How the study was last coded by a model, so that a report finds the same answers."""


REMEMBERED = ("model", "endpoint", "passes", "passage", "hide_names", "hidden", "prices")
NEEDS = (
    "The coder 'llm' needs --endpoint and --model: an OpenAI-compatible address that you name, for instance "
    "--endpoint http://localhost:11434/v1 --model qwen3:14b. Nothing was sent."
)


def _kept_settings(folder: Path | None) -> dict[str, Any]:
    path = (folder or Path()) / SETTINGS
    if folder is None or not path.is_file():
        return {}
    try:
        told = json.loads(path.read_text("utf-8"))
    except ValueError:
        return {}
    kinds = {"passage": int, "hide_names": bool, "prices": list, "hidden": list}
    kept = {name: told[name] for name in REMEMBERED if name in told} if isinstance(told, dict) else {}
    # A setting that somebody broke by hand is as if it had never been said.
    return {name: value for name, value in kept.items() if isinstance(value, kinds.get(name, str))}


def asked_of(folder: Path | None, asked: Mapping[str, Any]) -> Asked:
    """As asked; what is not said is as it was the last time in this study. The key is never kept.

    Raises EndpointError where no model was ever named, ValueError for what does not fit.
    """
    given = {**_kept_settings(folder), **{name: value for name, value in asked.items() if value is not None}}
    if given.get("passes", "ABC") not in PASSES:
        raise ValueError(f"No passes called {given['passes']!r}. There is: {', '.join(PASSES)}.")
    if not given.get("model") and given.get("replay") is not None:
        # Who answered is known to the recording.
        given["model"] = next((record.model for record in records_in(given["replay"]).values()), "")
    if not given.get("model"):
        raise EndpointError(NEEDS)
    if given.get("record") is not None and given.get("record") == given.get("replay"):
        raise ValueError("--record and --replay name the same file: a replay would overwrite what it reads.")
    if given.get("prices"):
        given["prices"] = tuple(given["prices"])
    return Asked(**given)


def remember_asked(asked: Asked, folder: Path | None) -> None:
    """Keeps how a study was coded. Called when the address has passed, never for a dry run or a replay."""
    if folder is None or asked.replay is not None:
        return
    path = folder / SETTINGS
    whole_text(path, json.dumps({name: getattr(asked, name) for name in REMEMBERED}, indent=1) + "\n")
