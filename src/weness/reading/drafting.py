"""A first study file from the narratives alone, every guess marked as one, so that a person only has to correct."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from weness.reading.acquaintances import Acquaintance, Circle, circle_of, own_house
from weness.reading.clues import Clues, clues_in
from weness.reading.corpus import GENRES, POWERS, SECTORS
from weness.reading.reader import READERS
from weness.reading.study_file import NAME, StudyError, as_id
from weness.reading.titles import title_in

DRAFT = "study.draft.yaml"
OWN_FILES = frozenset({"case.json", "findings.json", "exchange.json", "memos.jsonl", "checks.jsonl", "machine.jsonl"})
"""What weness keeps in a study's folder in a form that narratives may have too."""
MADE = frozenset({"report", "reports", "tables", "out", "demo-report"})
"""Folders that weness writes."""
GAP = 3
"""Months without a document that part two waves (measures, section 1)."""
WAVES = 6
"""A partnership is seldom visited more often; where there would be more waves, longer gaps part them."""
TOLD_BY_ONE = ("interview", "email", "press", "report")


def write_draft(folder: Path) -> Path:
    """Writes FOLDER/study.yaml, or study.draft.yaml beside one that is there already: a person's file is never touched.

    Raises StudyError when there is nothing to read, or a draft that may have been edited is in the way.
    """
    folder = Path(folder)
    text = draft(folder)
    path = folder / NAME
    if path.exists() or path.is_symlink():
        path = folder / DRAFT
        if path.exists() and path.read_bytes() != text.encode("utf-8"):
            what = f"{NAME} and {DRAFT} are both there and stay as they are. Rename or remove {DRAFT} for a new one."
            raise StudyError(str(folder), 0, what)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def draft(folder: Path, name: str = "") -> str:
    """The text of a first study file. ``name`` stands for the folder's where that is a passing one."""
    folder = Path(folder)
    if not folder.is_dir():
        raise StudyError(str(folder), 0, "There is no such folder.")
    found = [clues_in(folder, path) for path in narratives_of(folder)]
    read = [clues for clues in found if not clues.error]
    if not read:
        why = "; ".join(f"{clues.file}: {clues.error}" for clues in found[:3])
        raise StudyError(
            str(folder), 0, f"Nothing to read: {why or f'no file ending in {chr(32).join(sorted(READERS))}'}"
        )
    circle = circle_of(read)
    waves = _waves(read)
    parts = (
        _head(name or folder.resolve().name, read, circle),
        _partners(circle),
        _speakers(circle),
        _wave_rows(waves),
        _documents(waves, circle),
    )
    broken = [f"  # not read: {clues.file}: {clues.error}" for clues in found if clues.error]
    return "\n".join([line for part in parts for line in (*part, "")][:-1] + broken) + "\n"


def narratives_of(folder: Path) -> list[Path]:
    """The files of a folder that can be narratives: no hidden ones, no codings, nothing that weness wrote."""

    def is_one(path: Path) -> bool:
        inner = path.relative_to(folder)
        hidden = any(part.startswith((".", "_", "~")) for part in inner.parts)
        made = path.name in OWN_FILES or any(part in MADE for part in inner.parts[:-1])
        return path.is_file() and not hidden and not made and path.suffix.lower() in READERS and not _codings(path)

    return sorted(path for path in folder.rglob("*") if is_one(path))


def _codings(path: Path) -> bool:
    """Whether a .jsonl file holds codings, not talk."""
    if path.suffix.lower() != ".jsonl":
        return False
    with path.open("rb") as rows:
        first = rows.readline(20_000)
    return b'"file"' in first and (b'"start"' in first or b'"seen"' in first)


Dated = list[tuple[str, list[Clues]]]


def _waves(read: list[Clues]) -> Dated:
    """(wave, its documents by date): documents less than GAP months apart are of one wave."""
    dated = sorted((one for one in read if len(one.date.value) > 4), key=lambda one: (one.date.value, one.file))
    undated = sorted((one for one in read if len(one.date.value) <= 4), key=lambda one: one.file)
    gap, waves = GAP, _parted(dated, GAP)
    while len(waves) > WAVES and gap < 12:
        gap += 1
        waves = _parted(dated, gap)
    numbered = [(f"w{number}", wave) for number, wave in enumerate(waves, 1)]
    return numbered + ([("", undated)] if undated else [])


def _parted(dated: list[Clues], gap: int) -> list[list[Clues]]:
    waves: list[list[Clues]] = []
    for one in dated:
        if waves and _months(one.date.value) - _months(waves[-1][-1].date.value) < gap:
            waves[-1].append(one)
        else:
            waves.append([one])
    return waves


def _months(date: str) -> int:
    return int(date[:4]) * 12 + int(date[5:7])


def _head(home: str, read: list[Clues], circle: Circle) -> Iterator[str]:
    languages = sorted({clues.language.value for clues in read})
    title = title_in(read, circle)
    name, ground = title or (home, "the folder's name")
    yield "# A first draft by `weness new`, from the files alone. Where a row ends in '# guess', read it, correct it, and take"
    yield f"# the mark away. Then run `weness check {home}`. Every key is explained in docs/study.md."
    yield ""
    yield from _table(
        "study:",
        [({"id": as_id(home), "name": name, "languages": languages}, f"name: {ground}")],
        "  ",
    )


def _partners(circle: Circle) -> Iterator[str]:
    yield f"# sector: {', '.join(SECTORS)}.  power: {', '.join(POWERS)}.  aliases: other names people use for it."
    rows: list[Row] = []
    for house in circle.houses:
        told: dict[str, object] = {
            "id": house.id,
            "name": house.name,
            "sector": house.sector or "unknown",
            "power": "member",
        }
        ground = "sector by its name" if house.sector else "say which sector"
        rows.append((told | ({"aliases": house.aliases} if house.aliases else {}), f"{ground}; say which power"))
    if not rows:
        unknown: dict[str, object] = {"id": "partner", "name": "Unknown", "sector": "unknown", "power": "member"}
        rows = [(unknown, "no organisation was found in the texts: put yours here")]
    yield from _table("partners:", rows)
    if circle.passing:
        yield f"  # also named, for one person in one file each: {'; '.join(circle.passing)}"


def _speakers(circle: Circle) -> Iterator[str]:
    yield "# partner: an id from above.  role: interviewer means that this person's own words never count."
    rows = []
    for one in circle.people:
        told: dict[str, object] = {"id": one.id, "name": one.name, "partner": one.house or None, "role": one.role}
        rows.append((told, one.ground))
    yield from _table("speakers:", rows) if rows else ["speakers: []  # guess: nobody's name was found in the texts"]


def _wave_rows(waves: Dated) -> Iterator[str]:
    yield "# Periods of data collection, months as YYYY-MM.  event: what happened before or between them."
    rows: list[Row] = []
    for id, documents in waves:
        dates = [clues.date.value for clues in documents if clues.date.value]
        if id:
            told: dict[str, object] = {"id": id, "from": dates[0][:7], "to": dates[-1][:7], "event": ""}
            rows.append((told, f"{_counted(len(documents), 'document')}, {dates[0]} to {dates[-1]}; add the event"))
    if not rows:
        yield "# No dates were found: all documents are put into one wave."
        rows = [({"id": "w1", "from": "", "to": "", "event": ""}, "say from when to when")]
    yield from _table("waves:", rows)


def _documents(waves: Dated, circle: Circle) -> Iterator[str]:
    yield f"# genre: {', '.join(GENRES)}.  partner: whose story it is; null where several tell (minutes)."
    undated = next((id for id, _ in reversed(waves) if id), "w1")
    rows = []
    for id, documents in waves:
        for clues in documents:
            people = [
                one for one in circle.in_file(clues.file) if not (one.interviews and clues.genre.value != "interview")
            ]
            told: dict[str, object] = {
                "file": clues.file,
                "wave": id or undated,
                "date": clues.date.value or None,
                "genre": clues.genre.value,
                "language": clues.language.value,
                "partner": _told_by(clues, people, circle),
                "speakers": [one.id for one in people],
            }
            grounds = [clues.date.ground, f"{clues.genre.value} by {clues.genre.ground}", clues.language.ground]
            rows.append(
                (told, "; ".join(filter(None, [*grounds, "" if id else "wave unknown", _missing(clues, people)])))
            )
    yield from _table("documents:", rows)


def _told_by(clues: Clues, people: list[Acquaintance], circle: Circle) -> str | None:
    if clues.genre.value not in TOLD_BY_ONE:
        return None
    if clues.genre.value in ("press", "report"):
        names = {name: house.id for house in circle.houses for name in (house.name, *house.aliases)}
        return own_house(clues.text, names)
    houses = {one.house for one in people if not one.interviews}
    return (houses.pop() or None) if len(houses) == 1 else None


def _missing(clues: Clues, people: list[Acquaintance]) -> str:
    telling = [one for one in people if not one.interviews]
    return "" if telling or clues.genre.value in ("press", "report") else "nobody's name found"


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'s' * (number != 1)}"


Row = tuple[dict[str, object], str]


def _table(title: str, rows: Iterable[Row], begin: str = "  - ") -> Iterator[str]:
    """Rows in braces whose columns stand below each other, each with the ground of its guesses."""
    yield title
    written = [[f"{key}: {written_value(value)}" for key, value in told.items()] for told, _ in rows]
    columns = max((len(cells) for cells in written), default=0)
    wide = [max((len(cells[at]) for cells in written if len(cells) > at + 1), default=0) for at in range(columns)]
    lines = []
    for cells in written:
        padded = [f"{cell},".ljust(wide[at] + 1) for at, cell in enumerate(cells[:-1])]
        lines.append(f"{begin}{{{' '.join([*padded, cells[-1]])}}}")
    longest = max(map(len, lines), default=0)
    for line, (_, ground) in zip(lines, rows, strict=True):
        yield f"{line.ljust(min(longest, 150))}  # guess: {ground}"


def written_value(value: object) -> str:
    """A value as YAML takes it anywhere."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(written_value, value))}]"
    text = str(value)
    safe = re.fullmatch(r"[^\W\d_](?:[\w .'’/()-]*[\w.)])?|\d{4}(-\d\d){1,2}", text)
    reserved = text.lower() in ("null", "true", "false", "no", "yes", "on", "off", "y", "n")
    return text if safe and not reserved else json.dumps(text, ensure_ascii=False)
