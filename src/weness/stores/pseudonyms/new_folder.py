"""A folder written whole or not at all, never over another, with its key outside."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from weness.reading.encodings import decoded
from weness.reading.reader import CannotRead


class CannotPseudonymise(ValueError):
    """Says what is in the way."""


def check_places(study: Path, out: Path, key: Path) -> None:
    """Raises CannotPseudonymise where something would be overwritten, or the key would lie beside what it opens."""
    if out.is_symlink() or (out.exists() and (not out.is_dir() or any(out.iterdir()))):
        raise CannotPseudonymise(f"{out} is there already and stays as it is. Name another folder with --out.")
    if not out.parent.is_dir():
        raise CannotPseudonymise(f"There is no folder {out.parent} in which {out.name} could be made.")
    inner, home = out.resolve(), study.resolve()
    if inner.is_relative_to(home) or home.is_relative_to(inner):
        raise CannotPseudonymise(f"{out} and {study} lie within each other. Name another folder with --out.")
    place = key.resolve()
    if place.is_relative_to(home) or place.is_relative_to(inner):
        raise CannotPseudonymise(f"The key {key} would lie within the study. Name a place of your own with --key.")
    if key.is_symlink() or not key.parent.is_dir():
        raise CannotPseudonymise(f"The key {key} must be a file in a folder that is there, and no link.")


@contextmanager
def written_whole(out: Path) -> Iterator[Path]:
    """A folder to write into, which becomes ``out`` when all went well, else nothing."""
    there = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        draft = there / "study"
        draft.mkdir()
        yield draft
        if out.is_dir():
            out.rmdir()
        draft.rename(out)
    finally:
        shutil.rmtree(there)


def write_text(text: str, path: Path) -> None:
    """A narrative that is read again letter by letter; marked as UTF-8 where it would be taken for something else."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for data in (text.encode("utf-8"), text.encode("utf-8-sig")):
        try:
            if decoded(path, data).text == text:
                path.write_bytes(data)
                return
        except CannotRead:
            continue
    raise CannotPseudonymise(f"{path.name}: its text holds characters that no plain text can hold.")
