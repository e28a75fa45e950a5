"""What the study file says: who the partners and speakers are, when the waves were, which files to read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from weness.reading.corpus import Partner, Speaker, Wave
from weness.reading.lined import Lined, Unreadable, lined
from weness.reading.study_rows import (
    KEYS,
    Entry,
    Known,
    Pen,
    Problem,
    closest,
    entries_in,
    look_for_typos,
    partners_in,
    speakers_in,
    waves_in,
)

__all__ = ["CASE", "KEYS", "NAME", "Entry", "Problem", "StudyError", "StudyFile", "as_id", "on_disk", "study_file"]

NAME = "study.yaml"
CASE = "case.json"
LARGEST = 5_000_000
"""Bytes; a study file beyond it is not a study file."""
OWN_KEYS = frozenset({*KEYS, *KEYS["study"], "title"})


class StudyError(ValueError):
    """The study cannot be used at all; ``file``, ``line`` (0: nowhere in particular) and ``what`` say why."""

    def __init__(self, file: str, line: int, what: str) -> None:
        super().__init__(f"{file}:{line}: {what}" if line else f"{file}: {what}")
        self.file = file
        self.line = line
        self.what = what


@dataclass(frozen=True, slots=True)
class StudyFile:
    """A study as its file tells it. Whatever could not be taken as written is in ``problems``.

    ``lines`` says where each row stands: ("partners", "growers") -> 7. ``settings`` holds further keys of the file.
    """

    folder: Path
    path: Path
    id: str
    name: str
    languages: tuple[str, ...]
    partners: tuple[Partner, ...]
    speakers: tuple[Speaker, ...]
    waves: tuple[Wave, ...]
    documents: tuple[Entry, ...]
    aliases: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    invented: bool = False
    problems: tuple[Problem, ...] = ()
    lines: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def notes(self) -> tuple[str, ...]:
        """What could not be taken as written, in words."""
        return tuple(str(problem) for problem in self.problems)

    def path_of(self, entry: Entry) -> Path:
        """Where the narrative lies on disk."""
        return on_disk(self.folder, entry.file)

    def line_of(self, kind: str, id: str) -> int:
        return self.lines.get((kind, id), 0)


def study_file(folder: Path) -> StudyFile:
    """FOLDER/study.yaml, or FOLDER/case.json where that is absent. Raises StudyError when neither can be used."""
    path = _found(Path(folder))
    pen = Pen(path.name)
    root = _root(path, pen)
    header = root.at("study") if root.at("study").keys else root
    languages = tuple(dict.fromkeys(row.text.lower() for row in header.at("languages").texts()))
    known = _known(root, languages, pen)
    documents = _within(path.parent, entries_in(root, pen, known), pen)
    if not known.waves:
        pen.says(0, "No waves: all documents are read as one wave, w1.")
        documents = tuple(replace(entry, wave="w1") for entry in documents)
    name = header.at("name").text or header.at("title").text or path.parent.resolve().name
    return StudyFile(
        folder=path.parent,
        path=path,
        id=header.at("id").text or as_id(name),
        name=name,
        languages=languages or tuple(dict.fromkeys(entry.language for entry in documents)),
        partners=known.partners,
        speakers=known.speakers,
        waves=known.waves or _one_wave(documents),
        documents=documents,
        aliases=tuple(row.text for row in header.at("aliases").texts()),
        settings={key: row.plain() for key, row in root.keys.items() if key not in OWN_KEYS},
        invented=header.at("invented").text.lower() in ("true", "yes"),
        problems=tuple(pen.problems),
        lines=dict(pen.lines),
    )


def as_id(name: str) -> str:
    """A short name for files and keys: "Junta de Acción" -> "junta_de_accion"."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", bare).strip("_") or "study"


def on_disk(folder: Path, file: str) -> Path:
    """The path of a file, however its accents are composed on this disk."""
    forms = [folder / file, *(folder / unicodedata.normalize(form, file) for form in ("NFC", "NFD"))]
    return next((path for path in forms if path.exists()), forms[0])


def _found(folder: Path) -> Path:
    if not folder.is_dir():
        what = "is a file; name the folder it is in" if folder.exists() else "There is no such folder"
        raise StudyError(str(folder), 0, f"{what}.")
    for name in (NAME, CASE):
        if (folder / name).is_file():
            return folder / name
    raise StudyError(
        str(folder), 0, f"No {NAME} in this folder. `weness new {folder}` looks at the files and makes one."
    )


def _root(path: Path, pen: Pen) -> Lined:
    """The tree of the file, with the lists that no study can do without."""
    try:
        root = lined(_text(path, pen))
    except Unreadable as error:
        raise StudyError(path.name, error.line, error.what) from None
    if not root.keys:
        raise StudyError(path.name, root.line, f"A study file has the keys {', '.join(KEYS)}. See docs/study.md.")
    for key in ("partners", "documents"):
        if not root.at(key).rows:
            raise StudyError(path.name, root.at(key).line if key in root.keys else 0, _missing(key, root))
    for key in ("speakers", "waves"):
        if root.at(key).value is not None and not isinstance(root.at(key).value, list):
            pen.says(root.at(key).line, f"{key} must be a list of rows, each beginning with '- '. None is read.")
        elif key not in root.keys and (slip := closest(key, set(root.keys) - OWN_KEYS)):
            pen.says(root.at(slip).line, f"The key {slip!r} is not known. Did you mean {key!r}?")
    if root.at("study").keys:
        look_for_typos("study", root.at("study"), pen)
    return root


def _missing(key: str, root: Lined) -> str:
    slip = closest(key, set(root.keys) - OWN_KEYS)
    if slip:
        return f"No {key}. Line {root.at(slip).line} says {slip!r}: did you mean {key!r}?"
    return f"No {key}. They are a list of rows, each beginning with '- {{{KEYS[key][0]}: ..., ...}}'."


def _text(path: Path, pen: Pen) -> str:
    if path.stat().st_size > LARGEST:
        raise StudyError(path.name, 0, f"{path.stat().st_size} bytes are too many for a study file.")
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except OSError as error:
        raise StudyError(path.name, 0, f"Cannot be opened: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        pen.says(line, "Not UTF-8: read as Windows-1252 (Western European). Save the file as UTF-8.", grave=False)
        text = raw.decode("cp1252", "backslashreplace")
    return _as_yaml(text) if path.suffix == ".json" else text


def _as_yaml(json: str) -> str:
    """JSON as the YAML parser, which knows the lines, will have it: no tabs, and no characters in two halves."""
    halves = re.compile(r"(?<!\\)\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)
    return halves.sub(lambda pair: bytes.fromhex(pair[1] + pair[2]).decode("utf-16-be"), json.replace("\t", " "))


def _known(root: Lined, languages: tuple[str, ...], pen: Pen) -> Known:
    partners = partners_in(root, pen)
    if not partners:
        last = pen.problems[-1]
        raise StudyError(pen.file, last.line, f"No partner can be read. {last.what}")
    speakers = speakers_in(root, pen, [partner.id for partner in partners])
    return Known(partners, speakers, waves_in(root, pen), languages)


def _within(folder: Path, entries: Iterable[Entry], pen: Pen) -> tuple[Entry, ...]:
    """The entries without those whose links lead out of the folder."""
    home, inside = folder.resolve(), []
    for entry in entries:
        if on_disk(folder, entry.file).resolve().is_relative_to(home):
            inside.append(entry)
        else:
            pen.says(entry.line, f"{entry.file!r} is a link out of the study's folder: refused. Put a copy there.")
    return tuple(inside)


def _one_wave(entries: Iterable[Entry]) -> tuple[Wave, ...]:
    months = sorted(entry.date[:7] for entry in entries if len(entry.date) >= 7)
    return (Wave("w1", months[0], months[-1]) if months else Wave("w1"),)
