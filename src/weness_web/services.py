"""The one door to weness: whatever the app asks of it, it asks here, in plain values."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from yaml import YAMLError

from weness import __version__, library
from weness.coding.checks import FILE as CHECKS
from weness.coding.checks import written_draws
from weness.coding.codebook import Code, codebook_named
from weness.coding.human import CODINGS, MENTIONS
from weness.coding.kept import FILE as MACHINE
from weness.coding.narrowing import View
from weness.coding.own_codes import FILE as CODES
from weness.coding.own_codes import OwnCode, own_codes_in, written_codes
from weness.coding.sheets import safe_cell
from weness.json_lines import lines_in
from weness.reading import corpus, drafting
from weness.reading.reader import READERS, CannotRead, narratives_in
from weness.reading.study_file import CASE, NAME, StudyError, StudyFile, as_id, on_disk, study_file
from weness.reading.study_writing import study_page, written_study
from weness.safekeeping import whole_text
from weness.stores.exchange.memos import FILE as MEMOS
from weness.stores.store import row_of
from weness.study import Study

Row = dict[str, Any]
Progress = Callable[[int, int, str], None]
LISTS = ("partners", "speakers", "waves", "documents")
LANGUAGES = library.LANGUAGES
DERIVED = "from"
"""In a row of a folder that the app derived from another when it put the work down: never taken up as somebody's own."""
NARRATIVES = tuple(READERS)
"""Endings of the files that are read as narratives."""
GENRES, SECTORS, POWERS = corpus.GENRES, corpus.SECTORS, corpus.POWERS
NOT_LOOKED_INTO = drafting.MADE
"""Names of folders that weness writes, in which it looks for no narratives."""
PAGES = (NAME, CASE)
"""A study's page, as weness writes it and as an older form has it."""
WORK = (MENTIONS, CODINGS, MACHINE, MEMOS, CHECKS, CODES)
"""Files of a study's folder that hold what was done in it: taken up into the database."""
BESIDE = ("items.yaml", "exchange.json")
"""Files of a study's folder that weness reads where they lie."""
FOUND_BY_WENESS = (KeyError, ValueError, OSError, RecursionError, YAMLError)
"""What weness raises where a user can mend something; its message is meant for the user."""


def told(error: BaseException) -> str:
    """An error of weness in its own words. Paths of this machine's folders are left out."""
    words = error.args[0] if isinstance(error, KeyError) and error.args else error
    return told_text(f"{error.strerror}" if isinstance(error, OSError) and error.strerror else str(words))


def told_text(text: str) -> str:
    return re.sub(r"(?:/[^\s/:]+)+/(?=[^\s/:]+)", "", text)


# ---- what the library knows ----


def parsed(text: str) -> Any:
    """A page of YAML, as the library's are read."""
    return library.parsed(text)


@cache
def codes() -> dict[str, Row]:
    """Code id -> all that the codebook says of it: family, core, title, definition, when, when_not, examples, fields ..."""
    return {code.id: asdict(code) for code in codebook_named().codes}


@cache
def steps(language: str) -> dict[str, Row]:
    """Action id -> all that the library says of a step, in a language, with its labels as they are."""
    from weness.advising.actions import actions
    from weness.reporting.wording import wording

    w = wording(language)
    told = ("title", "run", "who_time", "sign", "risk")
    return {
        one.id: {
            **{name: w.say(getattr(one, name)) for name in told},
            "id": one.id,
            "avoid": w.say(one.avoid_text),
            "helps": list(one.helps),
            "indicators": list(one.indicators),
            "effort": one.effort,
            "effort_said": w(f"effort.{one.effort}"),
            "strength": list(one.strength),
            "strength_said": w("list.join").join(w(f"strength.{label}") for label in one.strength),
            "source": one.source,
        }
        for one in actions()
    }


@cache
def measures_said(language: str) -> dict[str, Row]:
    """Measure -> its title, what it counts (short), and the kind of number that it is: share, rate, balance ..."""
    from weness.reporting.figures import kind_of, layout
    from weness.reporting.wording import measure_words

    kinds = layout()["kinds"]
    return {
        name: {"title": words["title"], "short": words.get("short", ""), "kind": kind_of(name, kinds)}
        for name, words in measure_words(language).items()
    }


def stages_said(settings: Mapping[str, Any], language: str) -> dict[str, str]:
    """Stage id -> its title in the process that a study is looked at with."""
    from weness.staging.process import process_named

    stages = process_named(settings.get("process", "weness-default")).stages
    return {one.id: one.title.get(language) or one.title.get("en", one.id) for one in stages}


@cache
def report_style() -> str:
    """The style sheet of the report, as it stands in its page."""
    from weness.reporting.page import TEMPLATES

    return (TEMPLATES / "report.css").read_text("utf-8")


def fields_of(code: str) -> dict[str, Row]:
    """What may be said of a coding beside its code: field -> its kind, the words it allows, and what it means in each language."""
    book = codebook_named()
    return {
        name: {
            "kind": book.fields[name].kind,
            "values": list(book.values(code, name)),
            "means": dict(book.fields[name].means),
        }
        for name in codes().get(code, {}).get("fields", ())
    }


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


def bring_in(folder: Path, file: Path, coder: str | None) -> str:
    """A project of another program, a codebook or a filled sheet into a study's folder; what came of it, in words."""
    from weness.commands.exchanging import brought_in

    said = told_text(brought_in(folder, file, coder, None, None))
    # What to type next is for the command line.
    return "\n".join(
        line for line in said.splitlines() if not line.startswith(("The study is in", "No text came along"))
    )


def send_out(folder: Path, format: str, out: Path, language: str, progress: Progress | None = None) -> str:
    """A study as a project (qdpx), a codebook (qdc) or tables (csv, parquet); what went along and what could not, in words."""
    from weness.commands.exchanging import sent_out

    return told_text(sent_out(Study(folder), format, out, None, language, progress))


def report_files(
    folder: Path, into: Path, language: str, settings: Mapping[str, Any], progress: Progress | None
) -> None:
    """The report with its tables, as `weness report` writes them."""
    from weness.reporting import write_report

    study = Study(folder, process=settings.get("process", "weness-default"), seed=int(settings.get("seed", 0)))
    write_report(study.conclude(progress), into, language)


def codes_brought(file: Path, own: Sequence[Row]) -> tuple[list[Row], list[str]]:
    """The codes of a codebook or project that a study does not have yet, and what could not be taken over, in weness's words."""
    from weness.commands.exchanging import brought_in

    with TemporaryDirectory() as room:
        folder = Path(room) / "study"
        folder.mkdir()
        _put_codes(folder, [_own_code(row) for row in own])
        brought_in(folder, file, None, Path(room) / "report.json", None)
        known = {row["id"] for row in own}
        new = [asdict(code) for id, code in own_codes_in(folder).items() if id not in known]
        report = json.loads((Path(room) / "report.json").read_text("utf-8"))
    return new, [told_text(line) for line in (*report["losses"], *report["tolerances"])]


def codebook_out(folder: Path, out: Path, content: Row, language: str) -> None:
    """A .qdc of weness's codes as a study words them (``content`` of its codebook), and of its own."""
    from weness.stores.exchange.exporting import codes_in
    from weness.stores.exchange.ledger import ledger_in
    from weness.stores.exchange.names import codes_of
    from weness.stores.exchange.project import Losses
    from weness.stores.exchange.refi_writing import write_codebook

    book = codebook_named()
    worded = tuple(_worded(code, content["codes"].get(code.id, {})) for code in book.codes)
    said = {code.guid: code.description for code in codes_of(replace(book, codes=worded), language)}
    with TemporaryDirectory() as room:
        _put_codes(Path(room), [_own_code(row) for row in content["own"]])
        codes = codes_in(Path(room), language)
    codes = tuple(replace(code, description=said.get(code.guid, code.description)) for code in codes)
    write_codebook(codes, ledger_in(folder).project.sets, f"weness {__version__}", out, Losses())


def _put_codes(folder: Path, codes: Sequence[OwnCode]) -> None:
    """weness reads no codes.yaml that names no code: then there is none."""
    if codes:
        whole_text(folder / CODES, written_codes(codes))
    else:
        (folder / CODES).unlink(missing_ok=True)


def _worded(code: Code, texts: Mapping[str, Mapping[str, str]]) -> Code:
    return replace(code, **{part: {**getattr(code, part), **said} for part, said in texts.items()})


def _own_code(row: Row) -> OwnCode:
    return OwnCode(**{name: row[name] for name in OwnCode.__slots__ if name in row})


def csv_text(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as CSV; what a spreadsheet program would take for a formula stays a text."""
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow(head)
    sheet.writerows([safe_cell(cell) for cell in row] for row in rows)
    return out.getvalue()


def put_page(folder: Path, page: str) -> None:
    whole_text(folder / NAME, page)


def drafted(folder: Path, name: str) -> tuple[str, dict[str, str]]:
    """A first study page from the files of a folder, and what each guess in it rests on: {"partners/coop": "sector by its name"}.

    Raises StudyError where there is nothing to read.
    """
    text, guesses = opened(NAME, drafting.draft(folder, name).encode())
    page = page_of(text)
    page["study"]["name"] = name
    return text_of(page), guesses


def opened(name: str, raw: bytes) -> tuple[str, dict[str, str]]:
    """A study file that somebody wrote (study.yaml, case.json) as a page, and the guesses that are marked in it. Raises StudyError."""
    with TemporaryDirectory() as desk:
        path = Path(desk) / name
        path.write_bytes(raw)
        file = study_file(Path(desk))
        lines = path.read_text("utf-8", errors="replace").splitlines()
    guesses = {}
    for (kind, id), line in file.lines.items():
        _, mark, ground = lines[line - 1].partition("# guess: ") if line else ("", "", "")
        if mark:
            guesses[f"{kind}/{id}"] = ground.strip()
    page = page_of("\n".join(lines)) if name == NAME else _page_of(file)
    return text_of(page), guesses


def _page_of(file: StudyFile) -> Row:
    header = {"id": file.id, "name": file.name, "languages": list(file.languages), "aliases": list(file.aliases)}
    return study_page(header | {"invented": file.invented}, file.partners, file.speakers, file.waves, file.documents)


def page_of(text: str) -> Row:
    """A study page as lists that can be changed: study, partners, speakers, waves, documents, and further keys.

    Whoever wrote it, its rows are rows and the lists in them lists of words. Raises ValueError where it is no YAML.
    """
    import yaml

    try:
        page = yaml.load(text, Loader=_page_loader())
    except (yaml.YAMLError, TypeError, AttributeError) as error:
        raise ValueError(" ".join(str(error).split())) from None
    page = page if isinstance(page, dict) else {}
    lists = {kind: page[kind] if isinstance(page.get(kind), list) else [] for kind in LISTS}
    return {
        **page,
        "study": _row_of(page.get("study")),
        **{kind: [_row_of(row) for row in rows if isinstance(row, dict)] for kind, rows in lists.items()},
    }


def _row_of(row: Any) -> Row:
    """With a list where a list belongs, a mapping where one belongs, and a word in every other place."""
    told: Row = dict(row) if isinstance(row, dict) else {}
    for name, value in list(told.items()):
        if name in ("aliases", "speakers", "languages"):
            told[name] = [str(one) for one in (value if isinstance(value, list) else [value]) if one is not None]
        elif name == "turns":
            pairs = value.items() if isinstance(value, dict) else ()
            told[name] = {str(label): str(id) for label, id in pairs}
        elif isinstance(value, dict | list):
            told[name] = str(value)
    return told


@cache
def _page_loader() -> Any:
    """Days and months stay as they are written: "2024-02-30" is for weness to judge, not for YAML to stumble over."""
    from typing import ClassVar

    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        yaml_implicit_resolvers: ClassVar = {
            first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
            for first, resolvers in library._loader().yaml_implicit_resolvers.items()
        }

    return Loader


def text_of(page: Row) -> str:
    return written_study(page)


def problems(folder: Path) -> list[Row]:
    """What is missing, unknown or contradictory in a study; ``row`` says of which row of its page: "partners/coop"."""
    from weness.reading.checking import problems_in

    try:
        found, file = problems_in(folder), study_file(folder)
    except StudyError as error:
        return [{"file": error.file, "line": error.line, "what": error.what, "grave": True, "row": ""}]
    return [_problem(one, file) for one in found]


def page_problems(page: str) -> list[Row]:
    """What is wrong with a page by itself, whatever the texts say: unknown ids, slips, dates that are none."""
    with TemporaryDirectory() as desk:
        put_page(Path(desk), page)
        try:
            file = study_file(Path(desk))
        except StudyError as error:
            return [{"file": error.file, "line": error.line, "what": error.what, "grave": True, "row": ""}]
    return [_problem(one, file) for one in file.problems]


def _problem(problem: Any, file: StudyFile) -> Row:
    starts = {line: f"{kind}/{id}" for (kind, id), line in file.lines.items() if line <= problem.line}
    row = starts[max(starts)] if starts and problem.file == file.path.name else ""
    return {**asdict(problem), "row": row}


def path_in(folder: Path, file: str) -> Path:
    """Where a text of a study lies, however its accents are composed on this disk."""
    return on_disk(folder, file)


def short_name(name: str) -> str:
    """A name as an id: "Junta de Acción" -> "junta_de_accion"."""
    return as_id(name)


@cache
def projects() -> tuple[str, ...]:
    """Endings of other programs' projects and codebooks."""
    from weness.commands.exchanging import PROJECTS
    from weness.stores.exchange.taguette import SUFFIXES

    return (*PROJECTS, *SUFFIXES)


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


def read_alone(folder: Path, page: str, file: str) -> list[Row]:
    """One text (a mailbox: its messages) as it would be read with this page. Nothing in the folder is changed."""
    lists = page_of(page)
    lists["documents"] = [row for row in lists["documents"] if row.get("file") == file]
    with TemporaryDirectory() as desk:
        copy = Path(desk) / file
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path_in(folder, file), copy)
        put_page(Path(desk), text_of(lists))
        return read(Path(desk))[0]


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
        _put_codes(folder, list(wanted.values()))


def rows_in(folder: Path) -> Row:
    """The work that lies in a study's folder: codings (persons' rows), machine, memos, own codes, draws, and the page."""
    people = [_as_coding(row) for row in _rows(folder / MENTIONS)] + _rows(folder / CODINGS)
    people = [row for row in people if DERIVED not in row]
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
    return {
        "waves": [wave.id for wave in corpus.waves],
        "documents": [document.id for document in corpus.documents],
        "partners": {partner.id: partner.name for partner in corpus.partners},
        "posteriors": [
            {"wave": one.wave, "call": one.call, "shares": {id: _plain(n) for id, n in one.shares.items()}}
            for one in findings.posteriors
        ],
        "diagnosis": findings.diagnosis.wave if findings.diagnosis else "",
        "stage": findings.diagnosis.stage if findings.diagnosis else None,
        "next_stage": findings.diagnosis.next_stage if findings.diagnosis else None,
        "measures": places,
        "expected": _expected(findings),
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


def _expected(findings: Any) -> Row:
    """What the next stage would show: {measure: [from, to]}. Where there is no next stage, what this one goes on showing."""
    found = findings.diagnosis
    stage = (found.next_stage or found.stage) if found else None
    expects = findings.process.stage(stage).expects if stage else {}
    ranges = {name: list(map(_plain, ends[1:3])) for name, ends in expects.items()}
    # A gap may come from a gate, and ask for more than the stage's range does.
    return ranges | {gap.measure: list(map(_plain, gap.expected)) for gap in (found.gaps if found else ())}


def _plain(value: Any) -> float | None:
    return None if value is None or value != value else round(float(value), 4)


# ---- review ----


NOTHING_TO_CHECK = "There is nothing to check: no mention or sentence that counts was coded by a machine alone."
"""What weness says where a check sample has nothing to draw from; pages say it in their language."""


def mention_letters() -> dict[str, str]:
    """The codes for whom "we" means, with the letter that a check sheet has for each."""
    from weness.coding.sheets import SHORT

    return {code: letter for letter, code in SHORT.items()}


def core_titles(language: str) -> dict[str, str]:
    return {id: title[language] for id, title in codebook_named().core_titles.items()}


def review_limits() -> Row:
    """Numbers that pages of review name: from how many answers corrected values are used, and what agreement asks for."""
    agree, checks = library.page("thresholds", "agreement"), library.page("thresholds", "measures")["checks"]
    return {
        "sample": int(checks["sample"]),
        "domain": int(checks["domain"]),
        "positives": int(agree["positives"]),
        "enough": int(agree["enough_clusters"]),
        "uses": {rule["id"]: rule["from"] for rule in agree["uses"]},
    }


@cache
def reasons() -> dict[str, str]:
    """Why a coefficient or its interval cannot be said, in the core's words -> the name of a line."""
    from weness.coding import agreement as core
    from weness.coding.unitizing import FEW_TEXTS

    return {
        core.NO_PAIRS: "no_pairs",
        core.ONE_CATEGORY: "one_category",
        core.UNEVEN: "uneven",
        core.ONE_CLUSTER: "one_cluster",
        core.TOO_UNSTABLE: "unstable",
        FEW_TEXTS: "few_texts",
    }


def what_counts(rows: Iterable[Row], own_codes: Sequence[Row], first: Sequence[str]) -> list[Row]:
    """Of persons' rows of families B and C, those that count in the measures, as `weness report` counts them."""
    from weness.coding.codings import Coding, Codings
    from weness.coding.side_by_side import counting
    from weness.reading.corpus import Span

    families = {id: code["family"] for id, code in codes().items()}
    means = {row["id"]: row.get("means", "") for row in own_codes}
    marks: dict[str, list[Coding]] = {}
    read: dict[str, set[tuple[str, str]]] = {}
    behind: dict[tuple[str, Span, str, str], Row] = {}
    for row in rows:
        coder = row["coder"]
        if "seen" in row:
            read.setdefault(coder, set()).update((row["file"], family) for family in row["seen"])
            continue
        code = means.get(row["code"]) or row["code"]
        if families.get(code) not in ("B", "C") and code != "THEY_PARTNER":
            continue
        span = Span(row["file"], row["start"], row["end"])
        marks.setdefault(coder, []).append(Coding(span, code, coder, fields=row["fields"], why=row.get("why", "")))
        behind[coder, span, code, json.dumps(row["fields"], sort_keys=True)] = row
    each = [
        Codings(coder, "", frozenset(), tuple(marks.get(coder, ())), read=frozenset(read.get(coder, ())))
        for coder in sorted({*marks, *read})
    ]
    found = counting(each, families, "", first)
    return [
        behind[one.coder, one.span, one.code, json.dumps(dict(one.fields), sort_keys=True)] | {"code": one.code}
        for one in found.marks
    ]


def mostly_common(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two passages of a text are of one place, as agreement reckons."""
    from weness.coding.shared_units import mostly_common as common
    from weness.reading.corpus import Span

    return common(Span("", *one), Span("", *other))


def drawn(folder: Path, n: int, seed: int = 0, progress: Progress | None = None) -> tuple[Row, list[Row]]:
    """A new check sample: its head and its items, as rows of checks.jsonl. Raises ChecksError."""
    corpus, draws = Study(folder, seed=seed).draw(n, progress)
    head, *rows = (json.loads(line) for line in written_draws(draws[-1:], corpus).splitlines())
    return head, rows


def agreement(folder: Path, persons: Sequence[str] = (), seed: int = 0, progress: Progress | None = None) -> Row:
    """How far persons (all, where none is named) agree, code by code, with intervals and disagreements, as `weness agree --json` tells it."""
    from weness.coding.comparing import agreement_in
    from weness.commands.showing_agreement import as_json

    def machine(name: str) -> Any:
        return Study(folder, name).machine(progress)

    found: Row = json.loads(as_json(agreement_in(folder, Study(folder).read(progress), persons, machine, seed)))
    return found


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
