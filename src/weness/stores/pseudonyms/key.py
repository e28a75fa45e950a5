"""The key of a pseudonymised study: who is behind which pseudonym, and every letter that was replaced."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from weness import library
from weness.stores.pseudonyms.forms import Find
from weness.stores.pseudonyms.people import Hidden

HEAD = """# This is the key of a pseudonymised study: it says who is behind each pseudonym. Who holds it can undo them all.
# Keep it apart from the study, give it to nobody, and do not change it. Without it nothing can be undone.
"""


class KeyRefused(ValueError):
    """The key cannot be used here; the message says why."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """One text of a run: its ``file`` under pseudonyms, the name it ``was`` read under, and what was replaced.

    ``checksum`` is that of the text under pseudonyms, ``before`` that of the text with its names; ``finds`` are (start,
    end, letters as they were) in the text under pseudonyms.
    """

    file: str
    was: str
    checksum: str
    before: str
    finds: tuple[Find, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """One time that the study was pseudonymised.

    ``ids`` leads from new ids to old ones. ``pages`` leads from the checksum of a row or page under pseudonyms to
    those that became it, as JSON, in order: only those which cannot be had back by putting names for pseudonyms.
    """

    texts: tuple[Replaced, ...]
    ids: Mapping[str, str]
    study: Any
    pages: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Key:
    """``study`` is the id of the study it belongs to."""

    study: str
    prefix: str = ""
    people: tuple[Hidden, ...] = ()
    runs: Mapping[str, Run] = field(default_factory=dict)


def checksum(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def canonical(page: Any) -> str:
    """A row or page as JSON, the same whatever the order of its keys. ASCII, so that half characters survive."""
    return json.dumps(_plain(page), sort_keys=True)


def _plain(page: Any) -> Any:
    if isinstance(page, Mapping):
        return {str(key): _plain(value) for key, value in page.items()}
    if isinstance(page, list | tuple):
        return [_plain(value) for value in page]
    return page if isinstance(page, str | int | float | None) else str(page)


def key_in(path: Path) -> Key:
    """Raises KeyRefused where the file is no key."""
    if not path.is_file():
        raise KeyRefused(f"There is no key {path}.")
    try:
        page = library.parsed(path.read_text("utf-8"))
        people = (
            Hidden(name, tuple(one["names"]), one.get("speaker", ""), tuple(one.get("shared", ())))
            for name, one in page["people"].items()
        )
        runs = {str(id): _run(told) for id, told in page["runs"].items()}
        return Key(str(page["study"]), page["prefix"], tuple(people), runs)
    except Exception as error:  # whatever it is, it is not what write_key writes
        raise KeyRefused(f"{path} is no key of a pseudonymised study ({type(error).__name__}).") from None


def write_key(key: Key, path: Path) -> None:
    """Whole or not at all, for the user's eyes alone."""
    import yaml

    people = {one.pseudonym: {name: _listed(v) for name, v in asdict(one).items() if v} for one in key.people}
    for one in people.values():
        del one["pseudonym"]
    runs = {id: {name: _listed(value) for name, value in asdict(run).items()} for id, run in key.runs.items()}
    page = {"study": key.study, "prefix": key.prefix, "people": people, "runs": runs}
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    body = yaml.dump(page, Dumper=dumper, allow_unicode=True, sort_keys=False, width=120, default_flow_style=None)
    draft = path.with_name(f".{path.name}.part")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(HEAD + body)
    draft.replace(path)


def _listed(value: Any) -> Any:
    """Tuples as lists, which YAML knows."""
    if isinstance(value, list | tuple):
        return [_listed(one) for one in value]
    return {key: _listed(one) for key, one in value.items()} if isinstance(value, Mapping) else value


def _run(told: Mapping[str, Any]) -> Run:
    texts = (
        Replaced(**{**one, "finds": tuple((at, end, name) for at, end, name in one["finds"])}) for one in told["texts"]
    )
    pages = {id: tuple(rows) for id, rows in told["pages"].items()}
    return Run(tuple(texts), told["ids"], told["study"], pages)
