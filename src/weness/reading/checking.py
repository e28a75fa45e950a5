"""What is missing, unknown or contradictory in a study, by file and line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from weness.reading.corpus import SECTORS, Document
from weness.reading.languages import language_of
from weness.reading.reader import READERS, CannotRead, narratives_in
from weness.reading.study_file import Entry, Problem, StudyFile, study_file
from weness.reading.study_rows import instead
from weness.reading.transcripts import turns_in

CLOSE_WAVES = 3
"""Months that should lie between two waves, unless an event parts them (measures, section 1)."""

__all__ = ["Problem", "problems_in"]


def problems_in(folder: Path) -> tuple[Problem, ...]:
    """Everything worth a look, the grave things first. Raises StudyError where the study file cannot be used at all."""
    file = study_file(folder)
    found = [*file.problems, *_partners(file), *_waves(file), *_files(file), *_guesses(file)]
    texts: dict[str, str] = {}
    for entry in file.documents:
        found += _document(file, entry, texts)
    found += _rows(folder, texts)
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (not one.grave, one.file, one.line, one.what)))


def _partners(file: StudyFile) -> Iterator[Problem]:
    name = file.path.name
    if len(file.partners) == 1:
        yield Problem(
            name, file.line_of("partners", file.partners[0].id), "Only one partner: there is nobody to share with."
        )
    sectors = {partner.sector for partner in file.partners if partner.sector}
    if len(file.partners) > 1 and len(sectors) == 1:
        yield Problem(name, 0, f"All partners are of one sector ({sectors.pop()}). There is: {', '.join(SECTORS)}.")
    people = {speaker.id: speaker for speaker in file.speakers}
    heard = {(entry.wave, people[id].partner) for entry in file.documents for id in entry.speakers if id in people}
    heard |= {(entry.wave, entry.partner) for entry in file.documents}
    for wave in file.waves:
        for partner in file.partners:
            if (wave.id, partner.id) not in heard:
                line = file.line_of("partners", partner.id)
                yield Problem(
                    name, line, f"{partner.id} has no document in wave {wave.id}: nothing will be said of it there."
                )


def _waves(file: StudyFile) -> Iterator[Problem]:
    name = file.path.name
    for wave in file.waves:
        line = file.line_of("waves", wave.id)
        if wave.start and wave.end and wave.end < wave.start:
            yield Problem(name, line, f"Wave {wave.id} ends ({wave.end}) before it begins ({wave.start}).", grave=True)
        if not any(entry.wave == wave.id for entry in file.documents):
            yield Problem(name, line, f"Wave {wave.id} has no document.")
    for before, after in zip(file.waves, file.waves[1:], strict=False):
        line = file.line_of("waves", after.id)
        if not (before.end and after.start):
            continue
        if after.start < before.start:
            yield Problem(
                name, line, f"Wave {after.id} begins before {before.id}: put waves in the order of time.", grave=True
            )
        elif after.start <= before.end:
            yield Problem(
                name, line, f"Waves {before.id} and {after.id} overlap ({before.end}, {after.start}).", grave=True
            )
        elif _months(before.end, after.start) < CLOSE_WAVES and not after.event:
            yield Problem(
                name,
                line,
                f"Less than {CLOSE_WAVES} months between {before.id} and {after.id}, and no event parts them.",
            )


def _months(earlier: str, later: str) -> int:
    (y1, m1), (y2, m2) = ((int(part) for part in (date + "-01").split("-")[:2]) for date in (earlier, later))
    return (y2 - y1) * 12 + m2 - m1


def _files(file: StudyFile) -> Iterator[Problem]:
    """Narratives in the folder that the study file does not name."""
    named = {file.path_of(entry).resolve() for entry in file.documents}
    for path in sorted(file.folder.rglob("*")):
        inner = path.relative_to(file.folder)
        own = path.suffix.lower() in (".yaml", ".jsonl", ".json") or any(
            part.startswith((".", "_")) for part in inner.parts
        )
        made = any(part in ("report", "tables") for part in inner.parts[:-1])
        if path.is_file() and not own and not made and path.suffix.lower() in READERS and path.resolve() not in named:
            yield Problem(
                inner.as_posix(), 0, f"Lies in the folder, but {file.path.name} does not name it: it is not read."
            )


def _guesses(file: StudyFile) -> Iterator[Problem]:
    for number, line in enumerate(file.path.read_text("utf-8", errors="replace").splitlines(), 1):
        if "# guess" in line and not line.startswith("#"):
            what = line.split("# guess", 1)[1].lstrip(": ")
            yield Problem(file.path.name, number, f"Still a guess ({what}). Correct it if need be and remove the mark.")


def _document(file: StudyFile, entry: Entry, texts: dict[str, str]) -> Iterator[Problem]:
    name = file.path.name
    path = file.path_of(entry)
    if not path.is_file():
        there = [one.name for one in file.folder.iterdir() if one.suffix.lower() in READERS]
        yield Problem(
            name, entry.line, f"No file {entry.file!r} in the folder.{instead(entry.file, there)}", grave=True
        )
        return
    wave = next((wave for wave in file.waves if wave.id == entry.wave), None)
    if wave and entry.date and wave.start and not wave.start <= entry.date[:7] <= (wave.end or wave.start):
        yield Problem(
            name, entry.line, f"{entry.file}: {entry.date} lies outside wave {wave.id} ({wave.start} to {wave.end})."
        )
    people = {speaker.id: speaker for speaker in file.speakers}
    strange = [id for id in entry.speakers if people[id].partner not in (entry.partner, None)]
    if entry.partner and strange:
        yield Problem(
            name,
            entry.line,
            f"{entry.file} is of {entry.partner}, its speaker {strange[0]} of {people[strange[0]].partner}.",
        )
    try:
        narratives = narratives_in(path, entry.encoding)
    except CannotRead as error:
        yield Problem(entry.file, 0, error.why, grave=True)
        return
    for narrative in narratives:
        id = entry.file + narrative.name if len(narratives) > 1 else entry.file
        texts[id] = narrative.text
        yield from (Problem(id, 0, warning) for warning in narrative.warnings)
        yield from _text(file, entry, id, narrative.text)


def _text(file: StudyFile, entry: Entry, id: str, text: str) -> Iterator[Problem]:
    language = language_of(text)
    if language is None and len(text.split()) > 30:
        yield Problem(
            id, 0, "Not recognised as English, Spanish or Dutch: it will be kept, but not counted.", grave=True
        )
    elif language and language != entry.language:
        yield Problem(
            file.path.name, entry.line, f"{id}: language {entry.language} is stated, the text looks like {language}."
        )
    document = Document(id, text, entry.partner, entry.wave, entry.date, entry.genre, entry.language, entry.speakers)
    told: set[str] = set()
    for turn in turns_in(document, file.speakers, file.partners, entry.turns):
        if turn.label and not turn.speaker and not turn.interviewer and turn.label not in told:
            told.add(turn.label)
            line = text.count("\n", 0, turn.span.start) + 1
            people = (speaker.name for speaker in file.speakers)
            yield Problem(
                id,
                line,
                f"{turn.label!r} is no known speaker: these words count for nobody.{instead(turn.label, people, 6)}",
            )


def _rows(folder: Path, texts: dict[str, str]) -> Iterator[Problem]:
    """Rows of codings that name no document or lie outside its text."""
    for name in ("codings.jsonl", "mentions.jsonl"):
        path = folder / name
        if not path.is_file():
            continue
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
            what = _wrong_row(line, texts) if line.strip() else ""
            if what:
                yield Problem(name, number, what, grave=True)


def _wrong_row(line: str, texts: dict[str, str]) -> str:
    try:
        row = json.loads(line)
        file, start, end = row["file"], row.get("start", 0), row.get("end", 0)
    except (ValueError, KeyError, TypeError, AttributeError):
        return "Not a row {file, start, end, code, ...}."
    if file not in texts:
        return f"No document called {file!r} was read.{instead(str(file), texts, 6)}"
    if "seen" in row:
        return ""
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(texts[file])):
        return f"Characters {start} to {end} are not within {file}, which has {len(texts[file])}."
    words = row.get("text", row.get("mention"))
    if words is not None and texts[file][start:end] != words:
        return f"{file} has {texts[file][start:end][:40]!r} at {start}, the row says {str(words)[:40]!r}."
    return ""
