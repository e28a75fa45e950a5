"""The options of the command line about a model that is asked: the same for every command that codes."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

OPTIONS: dict[str, tuple[Any, Any]] = {
    "model": (
        Annotated[str | None, typer.Option("--model", help="llm: the model's name. encoder: a name or a local folder.")],
        None,
    ),
    "endpoint": (
        Annotated[str | None, typer.Option("--endpoint", metavar="URL", help="llm: an OpenAI-compatible address, for instance http://localhost:11434/v1.")],
        None,
    ),
    "allow_remote": (
        Annotated[bool, typer.Option("--allow-remote", help="llm: the address may be on another machine, so text may leave this one.")],
        False,
    ),
    "key_from": (
        Annotated[str | None, typer.Option("--key-from", metavar="NAME", help="llm: the environment variable that holds the key.")],
        None,
    ),
    "hide_names": (
        Annotated[bool | None, typer.Option("--hide-names/--show-names", help="llm: send 'Person 1' for the names of speakers.")],
        None,
    ),
    "hide": (
        Annotated[
            list[str] | None, typer.Option("--hide", metavar="NAME", help="llm: hide this name too (of somebody who is only talked about).")
        ],
        None,
    ),
    "ask_anew": (
        Annotated[bool, typer.Option("--ask-anew", help="llm: ask again what was answered already.")],
        False,
    ),
    "passes": (
        Annotated[str | None, typer.Option("--passes", help="llm: ABC asks for all families at once, A+BC in two questions (for small models).")],
        None,
    ),
    "passage": (
        Annotated[int | None, typer.Option("--passage", metavar="CHARACTERS", min=500, help="llm: longest passage shown at once (5000).")],
        None,
    ),
    "parallel": (
        Annotated[int, typer.Option("--parallel", min=1, max=64, help="llm: questions asked at the same time.")],
        4,
    ),
    "timeout": (Annotated[float, typer.Option("--timeout", min=1, help="llm: seconds to wait for an answer.")], 300.0),
    "price": (
        Annotated[str | None, typer.Option("--price", metavar="IN,OUT", help="llm: euros per million tokens read and written, to tell the cost.")],
        None,
    ),
    "record": (
        Annotated[Path | None, typer.Option("--record", metavar="FILE", help="llm: write the answers of this run to a file.")],
        None,
    ),
    "replay": (
        Annotated[Path | None, typer.Option("--replay", metavar="FILE", help="llm: take the answers from such a file; no model is asked.")],
        None,
    ),
}  # fmt: skip


def may_ask_a_model(command: Callable[..., None]) -> Callable[..., None]:
    """A command with the options above; it gets them in one parameter, ``asked``, by coder: {"llm": {...}}."""
    own = inspect.signature(command)
    hints = get_type_hints(command, include_extras=True)
    kept = [one.replace(annotation=hints[name]) for name, one in own.parameters.items() if name != "asked"]
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, (annotation, default) in OPTIONS.items()
    ]

    @wraps(command)
    def with_options(**given: Any) -> None:
        options = {name: given.pop(name) for name in OPTIONS}
        command(**given, asked=options)

    parameters = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in kept] + added
    with_options.__signature__ = own.replace(parameters=parameters)  # type: ignore[attr-defined]
    with_options.__annotations__ = {one.name: one.annotation for one in parameters}
    del with_options.__wrapped__
    return with_options


def as_asked(options: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What each coder understands of the options. Raises ValueError for a key or a price that is none."""
    given = {name: value for name, value in options.items() if value not in (None, False, [])}
    name, price, hidden = given.pop("key_from", None), given.pop("price", None), given.pop("hide", None)
    key = None
    if name is not None and not (key := os.environ.get(name)):
        raise ValueError(f"--key-from {name}: there is no environment variable of that name, or it is empty.")
    if options.get("hide_names") is False:
        given["hide_names"] = False
    model: dict[str, Any] = {one: given[one] for one in ("model", "allow_remote") if one in given}
    llm = {**given, "key": key, "prices": _prices(price), "hidden": tuple(hidden) if hidden else None}
    return {"llm": llm, "encoder": model, "builtin": model}


def _prices(price: str | None) -> tuple[float, float] | None:
    if price is None:
        return None
    try:
        low, high = (float(one) for one in price.split(","))
    except ValueError:
        raise ValueError(
            f"--price {price}: write two numbers, euros per million tokens read and written: 0.15,0.60"
        ) from None
    return low, high
