"""The one door to weness: whatever the app asks of it, it asks here, in plain values."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from weness import library
from weness.coding.checks import FILE as CHECKS
from weness.coding.checks import written_draws
from weness.coding.codebook import codebook_named
from weness.coding.human import CODINGS, MENTIONS
from weness.coding.kept import FILE as MACHINE
from weness.coding.narrowing import View
from weness.coding.own_codes import FILE as CODES
from weness.coding.own_codes import OwnCode, own_codes_in, written_codes
from weness.json_lines import lines_in
from weness.reading.drafting import draft
from weness.reading.reader import CannotRead, narratives_in
from weness.reading.study_file import NAME, StudyError, study_file
from weness.reading.study_writing import written_study
from weness.safekeeping import whole_text
from weness.stores.exchange.memos import FILE as MEMOS
from weness.stores.store import row_of
from weness.study import Study

Row = dict[str, Any]
Progress = Callable[[int, int, str], None]
LISTS = ("partners", "speakers", "waves", "documents")
LANGUAGES = library.LANGUAGES
FOUND_BY_WENESS = (KeyError, ValueError, OSError, RecursionError)
"""What weness raises where a user can mend something; its message is meant for the user."""


def told(error: BaseException) -> str:
    """An error of weness in its own words. Paths of this machine's folders are left out."""
    words = error.args[0] if isinstance(error, KeyError) and error.args else error
    text = f"{error.strerror}" if isinstance(error, OSError) and error.strerror else str(words)
    return re.sub(r"(?:/[^\s/:]+)+/(?=[^\s/:]+)", "", text)


# ---- what the library knows ----


@cache
def codes() -> dict[str, Row]:
    """Code id -> all that the codebook says of it: family, core, title, definition, when, when_not, examples, fields ..."""
    return {code.id: asdict(code) for code in codebook_named().codes}


# ---- files in, a study page out ----


def cannot_read(path: Path) -> str:
    """Why a file is no narrative that weness reads, "" where it is one."""
    try:
        narratives_in(path)
    except CannotRead as error:
        return told(error)
    except (*FOUND_BY_WENESS, MemoryError) as error:
        return told(error)
    return ""


def unpacked(path: Path, into: Path) -> list[tuple[str, str]]:
    """Every file of a zip into a folder: (name, why not). Hostile ones are refused whole: raises CannotRead."""
    from weness.reading.guards import Package

    found = []
    with Package(path, "zip") as package:
        for name in package.names:
            inner = Path(name.replace("\\", "/"))
            if name.endswith("/") or any(part.startswith((".", "__MACOSX")) for part in inner.parts):
                continue
            try:
                place = into / inner
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(package.part(name))
                found.append((inner.as_posix(), ""))
            except (CannotRead, OSError) as error:
                found.append((inner.as_posix(), told(error)))
    return found


def drafted(folder: Path, name: str) -> tuple[str, dict[str, str]]:
    """A first study page from the files of a folder, and what each guess in it rests on: {"partners/coop": "sector by its name"}.

    Raises StudyError where there is nothing to read.
    """
    text = draft(folder, name)
    whole_text(folder / NAME, text)
    file = study_file(folder)
    lines = text.splitlines()
    guesses = {}
    for (kind, id), line in file.lines.items():
        _, mark, ground = lines[line - 1].partition("# guess: ") if line else ("", "", "")
        if mark:
            guesses[f"{kind}/{id}"] = ground.strip()
    page = page_of(text)
    page["study"]["name"] = name
    return text_of(page), guesses


def page_of(text: str) -> Row:
    """A study page as lists that can be changed: study, partners, speakers, waves, documents, and further keys."""
    page = library.parsed(text) if text.strip() else {}
    if not isinstance(page, dict):
        return {"study": {}, **{kind: [] for kind in LISTS}}
    header = page.get("study") if isinstance(page.get("study"), dict) else {}
    return {**page, "study": dict(header or {}), **{kind: list(page.get(kind) or []) for kind in LISTS}}


def text_of(page: Row) -> str:
    return written_study(page)


def problems(folder: Path) -> list[Row]:
    """What is missing, unknown or contradictory in a study."""
    from weness.reading.checking import problems_in

    try:
        return [asdict(one) for one in problems_in(folder)]
    except StudyError as error:
        return [{"file": error.file, "line": error.line, "what": error.what, "grave": True}]


# ---- a study page in, texts out ----


def read(folder: Path, progress: Progress | None = None) -> tuple[list[Row], list[str]]:
    """Every text as it was read: file, text, length, checksum, language ..., turns, sentences, mentions; and notes on the others."""
    corpus = Study(folder).read(progress)
    first: dict[str, int] = {}
    turns: dict[str, list[Any]] = {}
    for number, turn in enumerate(corpus.turns):
        first.setdefault(turn.span.document, number)
        own = turns.setdefault(turn.span.document, [])
        own.append([turn.span.start, turn.span.end, turn.speaker, turn.label, turn.interviewer])
    rows = []
    for one in corpus.documents:
        base = first.get(one.id, 0)
        rows.append(
            {
                "file": one.id,
                "text": one.text,
                "length": len(one.text),
                "checksum": one.checksum,
                "language": one.language,
                "genre": one.genre,
                "wave": one.wave,
                "date": one.date,
                "partner": one.partner,
                "source": one.source,
                "turns": turns.get(one.id, []),
                "sentences": [
                    [s.span.start, s.span.end, s.language, s.turn - base, s.speaker, s.partner, s.excluded, s.prompted]
                    for s in corpus.sentences_of(one.id)
                ],
                "mentions": [[m.span.start, m.span.end, m.form, m.of, m.target] for m in corpus.mentions_of(one.id)],
            }
        )
    return rows, list(corpus.notes)


def suggestions(folder: Path, learn: bool = False, progress: Progress | None = None) -> list[Row]:
    """What a machine says of every text: rows as `weness code` writes them. ``learn``: first from what persons coded here."""
    (folder / MACHINE).unlink(missing_ok=True)
    study = Study(folder)
    if learn:
        study.learn(progress)
    corpus = study.read(progress)
    coder = study.machine(progress)
    if coder is None:
        return []
    codings = coder.code(corpus, codebook_named(), study.engine)
    return [row_of(mark, corpus) for mark in codings.marks]


# ---- everybody's work into the folder, and out of it ----


def put_down(
    folder: Path,
    page: str,
    codings: Iterable[Row],
    machine: Sequence[Row] | None,
    texts: Mapping[str, str],
    memos: Iterable[Row],
    draws: Iterable[tuple[Row, Sequence[Row]]],
    own_codes: Sequence[Row],
) -> None:
    """Writes the work into the study's folder, as the command line keeps it. ``machine``: None where no machine coded yet;
    ``texts`` says by checksum what it read; ``draws``: (head, rows) as `drawn` gave them, with answers in the rows."""
    whole_text(folder / NAME, page)
    by_file: dict[str, list[Row]] = {MENTIONS: [], CODINGS: []}
    for row in codings:
        is_mention = "seen" not in row and codes().get(row["code"], {}).get("family") == "A"
        by_file[MENTIONS if is_mention else CODINGS].append(_as_mention(row) if is_mention else row)
    for name, rows in by_file.items():
        _write(folder / name, rows)
    if machine is not None:
        _write(folder / MACHINE, [{"texts": dict(texts)}, *machine])
    _write(folder / MEMOS, memos)
    _write(folder / CHECKS, [line for head, rows in draws for line in (head, *rows)])
    known = own_codes_in(folder) if (folder / CODES).is_file() else {}
    wanted = {row["id"]: OwnCode(**{name: row[name] for name in OwnCode.__slots__ if name in row}) for row in own_codes}
    if wanted != known:
        whole_text(folder / CODES, written_codes(wanted.values()))


def rows_in(folder: Path) -> Row:
    """The work that lies in a study's folder: codings (persons' rows), machine, memos, own codes, draws, and the page."""
    people = [_as_coding(row) for row in _rows(folder / MENTIONS)] + _rows(folder / CODINGS)
    machine = [row for row in _rows(folder / MACHINE) if "start" in row]
    draws: list[tuple[Row, list[Row]]] = []
    for row in _rows(folder / CHECKS):
        if "texts" in row:
            draws.append((row, []))
        elif draws:
            draws[-1][1].append(row)
    return {
        "codings": people,
        "machine": machine,
        "has_machine": (folder / MACHINE).is_file(),
        "memos": _rows(folder / MEMOS),
        "own": [asdict(code) for code in own_codes_in(folder).values()],
        "draws": draws,
        "page": (folder / NAME).read_text("utf-8") if (folder / NAME).is_file() else "",
    }


def copy_demo(folder: Path) -> None:
    """The invented partnership that comes with weness, as a study of one's own to explore."""
    shutil.copytree(library.HERE / "demo", folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))


# ---- conclusions ----


def conclude(
    folder: Path, filters: Mapping[str, str], settings: Mapping[str, Any], progress: Progress | None = None
) -> tuple[dict[str, str], Row]:
    """The findings as the report shows them, in every language, and the facts that other pages need.

    ``filters``: partner, wave, language, coder. Links to a quote's place read ``#qN-START``.
    """
    from weness.reporting.page import report_body

    study = Study(folder, process=settings.get("process", "weness-default"), seed=int(settings.get("seed", 0)))
    findings = study.conclude(progress, View(**filters))
    pages = {language: report_body(findings, language) for language in LANGUAGES}
    return pages, _facts(findings)


def _facts(findings: Any) -> Row:
    corpus = findings.corpus
    places: dict[str, Row] = {}
    for one in findings.measures:
        if one.partner is None:
            low, high = one.estimate.interval() if one.estimate is not None else (None, None)
            value = one.estimate.mean if one.estimate is not None else None
            places.setdefault(one.wave, {})[one.name] = [_plain(value), _plain(low), _plain(high)]
    gaps = findings.diagnosis.gaps if findings.diagnosis else ()
    return {
        "waves": [wave.id for wave in corpus.waves],
        "documents": [document.id for document in corpus.documents],
        "partners": {partner.id: partner.name for partner in corpus.partners},
        "posteriors": [
            {"wave": one.wave, "call": one.call, "shares": {id: _plain(n) for id, n in one.shares.items()}}
            for one in findings.posteriors
        ],
        "diagnosis": findings.diagnosis.wave if findings.diagnosis else "",
        "measures": places,
        "expected": {gap.measure: list(map(_plain, gap.expected)) for gap in gaps},
        "recommended": [
            {
                "action": one.action.id,
                "indicators": list(one.indicators),
                "transition": one.transition,
                "quotes": [
                    {"file": span.document, "start": span.start, "end": span.end, "words": corpus.text(span)}
                    for span in one.quotes[:3]
                ],
            }
            for one in findings.recommendations
        ],
        "notes": list(corpus.notes),
        "made_with": json.loads(json.dumps(dict(findings.made_with), default=str)),
    }


def _plain(value: Any) -> float | None:
    return None if value is None or value != value else round(float(value), 4)


# ---- review ----


def drawn(folder: Path, n: int, seed: int = 0, progress: Progress | None = None) -> tuple[Row, list[Row]]:
    """A new check sample: its head and its items, as rows of checks.jsonl. Raises ChecksError."""
    corpus, draws = Study(folder, seed=seed).draw(n, progress)
    head, *rows = (json.loads(line) for line in written_draws(draws[-1:], corpus).splitlines())
    return head, rows


def _as_mention(row: Row) -> Row:
    return {
        **{name: value for name, value in row.items() if name not in ("text", "code")},
        "mention": row["text"],
        "label": row["code"],
    }


def _as_coding(row: Row) -> Row:
    told = {name: value for name, value in row.items() if name not in ("mention", "label")}
    return {**told, "text": row.get("mention", row.get("text", "")), "code": row.get("label", row.get("code"))}


def _write(path: Path, rows: Iterable[Row]) -> None:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    if text or path.exists():
        whole_text(path, text)


def _rows(path: Path) -> list[Row]:
    if not path.is_file():
        return []
    return [line.row for line in lines_in(path.read_text("utf-8")) if line.row is not None]
