"""Where an export may go: a file of the right name that is new, or an earlier export of ours; never over anything else."""

from __future__ import annotations

from pathlib import Path

from weness.stores.exchange.project import CannotExchange, Losses
from weness.stores.exchange.qdpx import read_project
from weness.stores.exchange.tables import HEAD

SUFFIXES = {"qdpx": ".qdpx", "qdc": ".qdc", "csv": ".csv", "parquet": ".parquet"}
TABLES = ("csv", "parquet")


def check_out(out: Path, format: str) -> bool:
    """Whether an earlier export is replaced. Raises CannotExchange where something else is in the way, or the name misleads."""
    suffix = SUFFIXES[format]
    if out.suffix.lower() != suffix and (format not in TABLES or out.suffix.lower() in SUFFIXES.values()):
        known = f", or a folder without an ending for all tables: {out.stem}" if format in TABLES else ""
        raise CannotExchange(
            f"{out.name} does not end in {suffix}, as --format {format} does. Name it {out.stem}{suffix}{known}."
        )
    if out.suffix.lower() != suffix:
        return _check_folder(out, suffix)
    if out.is_dir():
        raise CannotExchange(f"{out} is a folder; name a file in it.")
    if not out.exists():
        return False
    if not _is_ours(out, format):
        raise CannotExchange(
            f"{out} is there already, and weness did not write it: it stays as it is. Name another with --out."
        )
    return True


def _check_folder(out: Path, suffix: str) -> bool:
    if out.exists() and not out.is_dir():
        raise CannotExchange(
            f"{out} is a file; the tables need a folder, or a file that ends in {suffix} for the codings alone."
        )
    there = [path for path in sorted(out.glob(f"*{suffix}"))] if out.is_dir() else []
    strange = [
        path for path in there if path.stem in ("codings", "measures", "documents") and not _is_ours(path, suffix[1:])
    ]
    if strange:
        raise CannotExchange(
            f"{strange[0]} is there already, and weness did not write it: it stays as it is. Name another folder."
        )
    return bool(there)


def _is_ours(path: Path, format: str) -> bool:
    if format == "parquet":
        with path.open("rb") as stream:
            return stream.read(4) == b"PAR1"
    if format == "csv":
        with path.open(encoding="utf-8", errors="replace") as stream:
            first = stream.readline(2000)
        return first.startswith(("wave,", ",".join(HEAD[:3])))
    try:
        return read_project(path, Losses())[0].origin.startswith("weness") or path.suffix.lower() == ".qdc"
    except (CannotExchange, OSError):
        return False
