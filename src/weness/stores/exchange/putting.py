"""Puts what an import brings into a study's folder: worked out beside it first, so that nothing is ever half imported."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from weness.coding.human import CODINGS, MENTIONS, UNNAMED
from weness.coding.items import FILE as ITEMS
from weness.coding.kept import FILE as MACHINE
from weness.coding.reliability import LABELS
from weness.json_lines import lines_in
from weness.reading.drafting import draft
from weness.reading.study_file import CASE, NAME, study_file
from weness.reading.study_writing import row_of_entry, written_row
from weness.safekeeping import whole_file
from weness.stores.exchange.ledger import FILE as LEDGER
from weness.stores.exchange.memos import FILE as MEMOS
from weness.stores.exchange.project import CannotExchange, Project
from weness.stores.exchange.restoring import entry_of, items_in, study_of
from weness.stores.exchange.texts import in_file

Rows = dict[str, list[dict[str, Any]]]
"""What came in, by kind: "human", "machine", "seen", and memos.jsonl by its name."""
SAID = ("file", "start", "end", "code", "label", "name", "text")
"""What makes a coding or a memo another one."""


def put(
    folder: Path,
    project: Project,
    files: Mapping[str, str],
    known: Collection[str],
    pages: Mapping[str, str],
    rows: Rows,
) -> tuple[int, Counter[str]]:
    """Writes everything; how many rows are new, and how many of whom the study has otherwise, which stay as they are there.

    ``known`` are the documents that the study has, also those that share a file with others ("mails.mbox#2").

    Raises CannotExchange where the study cannot take it in, and changes nothing.
    """
    texts = {
        files[one.guid]: in_file(one.text or "")
        for one in project.sources
        if one.guid in files
        and files[one.guid] not in known
        and _is_new(folder, files[one.guid], in_file(one.text or ""))
    }
    written = {**pages, **texts}
    new, changed = 0, Counter[str]()
    for name, added in _by_file(rows).items():
        lines, n = _appended(folder / name, added, changed)
        new += n
        if lines != _lines(folder / name):
            written[name] = lines
    with tempfile.TemporaryDirectory(prefix=".weness-import-", dir=_ground(folder)) as beside:
        place = Path(beside)
        for name, text in written.items():
            (place / name).write_text(text, encoding="utf-8", newline="\n")
        study = _study(folder, place, project, files, texts)
        if study:
            (place / NAME).write_text(study, encoding="utf-8", newline="\n")
        items = items_in(project)
        if items and not (folder / ITEMS).exists():
            import yaml

            (place / ITEMS).write_text(yaml.safe_dump(items, allow_unicode=True, sort_keys=False), encoding="utf-8")
        _move(place, folder)
    return new, changed


def _is_new(folder: Path, file: str, text: str) -> bool:
    """Whether a text has still to be written, or to be named: where a study file is missing, an earlier import was cut off."""
    path = folder / file
    cut_off = not ((folder / NAME).is_file() or (folder / CASE).is_file())
    return not path.exists() or (cut_off and path.read_bytes() == text.encode("utf-8"))


def _move(place: Path, folder: Path) -> None:
    """All files of ``place`` into the folder, or none: where the disk refuses one, those before it are taken back."""
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    # The study file last: until it is there, nothing of this counts. What was brought first: with it an import can go on.
    order = sorted(place.iterdir(), key=lambda path: (path.name == NAME, path.name != LEDGER, path.name))
    before = {path.name: (folder / path.name).read_bytes() for path in order if (folder / path.name).is_file()}
    moved = []
    try:
        for path in order:
            path.replace(folder / path.name)
            moved.append(folder / path.name)
    except OSError:
        for path in moved:
            if path.name in before:
                _put_back(path, before[path.name])
            else:
                path.unlink(missing_ok=True)
        if made:
            folder.rmdir()
        raise


def _put_back(path: Path, data: bytes) -> None:
    whole_file(path, lambda draft: draft.write_bytes(data))


def _ground(folder: Path) -> Path:
    """The nearest folder that is there: renaming within one disk is what makes a write whole."""
    ground = folder if folder.is_dir() else folder.parent
    while not ground.is_dir():
        ground = ground.parent
    return ground


def _by_file(rows: Rows) -> dict[str, list[dict[str, Any]]]:
    """Whom "we" means goes to mentions.jsonl, in the words of that file; the rest to codings.jsonl."""
    found: dict[str, list[dict[str, Any]]] = {MENTIONS: [], CODINGS: list(rows.get("seen", ()))}
    for row in rows.get("human", ()):
        if row["code"] in LABELS:
            told = {
                "file": row["file"],
                "start": row["start"],
                "end": row["end"],
                "mention": row["text"],
                "label": row["code"],
            }
            found[MENTIONS].append(
                told | {name: value for name, value in row.items() if name not in ("text", "code", *told)}
            )
        else:
            found[CODINGS].append(row)
    return found | {MACHINE: rows.get("machine", []), MEMOS: rows.get(MEMOS, [])}


def _lines(path: Path) -> str:
    return path.read_bytes().decode("utf-8") if path.is_file() else ""


def _appended(path: Path, rows: Sequence[dict[str, Any]], changed: Counter[str]) -> tuple[str, int]:
    """The text of a file with those rows behind that it does not have yet; ``changed`` counts those it has otherwise."""
    text = _lines(path)
    known = [line.row for line in lines_in(text) if line.row]
    there = {_identity(row): row for row in known if row.get("guid")}
    read = {(_told(row, "file"), _told(row, "coder"), one) for row in known for one in _list(row, "seen")}
    alike = Counter(map(_said, known))
    left = []
    for row in rows:
        same = there.get(_identity(row))
        if same is None:
            left.append(row)
            continue
        alike[_said(same)] -= 1
        if any(same.get(name) != row.get(name) for name in SAID):
            changed[f"codings of {row['coder']}" if "coder" in row else "memos"] += 1
    new = []
    for row in left:
        # The same said of the same words by the same person is one coding, though it went out without a GUID, or came in with another.
        alike[_said(row)] -= 1
        if "seen" in row and {(_told(row, "file"), _told(row, "coder"), one) for one in row["seen"]} <= read:
            continue
        if alike[_said(row)] < 0:
            new.append(row)
    gap = "" if not text or text.endswith("\n") else "\n"
    return text + gap + "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in new), sum(
        "texts" not in row for row in new
    )


def _identity(row: Mapping[str, Any]) -> str:
    """A GUID and whose it is: one coding that two persons are said to have made is two."""
    return f"{row.get('guid', '')} {_told(row, 'coder')}"


def _said(row: Mapping[str, Any]) -> str:
    """Who said what of which words, however the row is written; of a memo all of it."""
    if "file" not in row:
        return json.dumps(row, sort_keys=True)
    code = row.get("code", row.get("label"))
    return json.dumps([row["file"], row.get("start"), row.get("end"), code, row.get("seen"), _told(row, "coder")])


def _list(row: Mapping[str, Any], name: str) -> list[str]:
    told = row.get(name)
    return [str(one) for one in told] if isinstance(told, list) else []


def _told(row: Mapping[str, Any], name: str) -> str:
    return str(row.get(name) or (UNNAMED if name == "coder" else ""))


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The rows of a file of JSON lines that are any; none where there is no file."""
    text = path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""
    return [line.row for line in lines_in(text) if line.row]


def _study(folder: Path, place: Path, project: Project, files: Mapping[str, str], new: Mapping[str, str]) -> str | None:
    """The text of the study file, or None where it stays as it is."""
    if (folder / NAME).is_file() or (folder / CASE).is_file():
        return _longer(folder, project, files, new) if new else None
    if not new:
        return None
    return study_of(project, files) or draft(place, folder.resolve().name)


def _longer(folder: Path, project: Project, files: Mapping[str, str], new: Mapping[str, str]) -> str:
    """The study file with rows for the new documents behind those that are there; a person's own lines stay as they are."""
    file = study_file(folder)
    try:
        lines = file.path.read_bytes().decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raise CannotExchange(
            f"{file.path.name} is not UTF-8: save it as UTF-8, then {len(new)} texts can be put into it."
        ) from None
    begin = next((number for number, line in enumerate(lines) if line.startswith("documents:")), -1)
    if file.path.name != NAME or begin < 0 or lines[begin].split("#")[0].strip() != "documents:":
        raise CannotExchange(
            f"{len(new)} texts are not in the study, and {file.path.name} has no list 'documents:' to put them in "
            f"({', '.join(list(new)[:3])}). Import into a new study, or write the list with one row a line."
        )
    after = next((n for n in range(begin + 1, len(lines)) if lines[n].strip() and lines[n][0] not in " -#"), len(lines))
    while not lines[after - 1].strip():
        after -= 1
    indent = next(
        (line[: len(line) - len(line.lstrip())] for line in lines[begin + 1 : after] if line.lstrip().startswith("- ")),
        "  ",
    )
    last = file.waves[-1].id if file.waves else ""
    added = []
    for source in project.sources:
        if files.get(source.guid) in new:
            row = dict(row_of_entry(entry_of(source, files[source.guid])))
            row["wave"] = row.get("wave") or last
            added.append(
                f"{indent}{written_row(row).lstrip()}  # guess: brought by weness import; say wave, date, genre, partner and speakers"
                + "\r" * lines[begin].endswith("\r")
            )
    return "\n".join([*lines[:after], *added, *lines[after:]])
