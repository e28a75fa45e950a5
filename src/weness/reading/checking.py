"""What is missing, unknown or contradictory in a study, by file and line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from weness import library
from weness.json_lines import lines_in
from weness.reading.corpus import SECTORS, Document
from weness.reading.drafting import narratives_of
from weness.reading.languages import language_of
from weness.reading.names import names_of, plain
from weness.reading.reader import CannotRead, narratives_in
from weness.reading.study_file import KEYS, Entry, Problem, StudyFile, study_file
from weness.reading.study_rows import closest, instead
from weness.reading.transcripts import turns_in

CLOSE_WAVES = 3
"""Months that should lie between two waves, unless an event parts them (measures, section 1)."""
FEW = 30
"""Words below which the language of a text is not asked for."""
FEW_PEOPLE = 5
"""Up to so many people each have a line of their own where the same is wrong with all of them."""
GUESS = "# guess"
OWN_CODES = "codes.yaml"
"""Where a study keeps codes that it brought along (coding/own_codes.py)."""
CHECK_SAMPLE = "checks.jsonl"
"""Where a study keeps what was drawn to be checked (coding/checks.py)."""

__all__ = ["Problem", "problems_in"]


def problems_in(folder: Path) -> tuple[Problem, ...]:
    """Everything worth a look, the grave things first. Raises StudyError where the study file cannot be used at all."""
    file = study_file(folder)
    found = [*file.problems, *_partners(file), *_speakers(file), *_waves(file), *_files(file), *_guesses(file)]
    texts: dict[str, str] = {}
    for entry in file.documents:
        found += _document(file, entry, texts)
    found += [*_twins(file, texts), *_rows(file.folder, texts), *_drawn(file.folder, texts)]
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (not one.grave, one.file, one.line, one.what)))


def _partners(file: StudyFile) -> Iterator[Problem]:
    name = file.path.name
    if len(file.partners) == 1:
        line = file.line_of("partners", file.partners[0].id)
        yield Problem(name, line, "Only one partner: there is nobody to share with.")
    sectors = {partner.sector for partner in file.partners if partner.sector}
    if len(file.partners) > 1 and len(sectors) == 1:
        yield Problem(name, 0, f"All partners are of one sector ({sectors.pop()}). There is: {', '.join(SECTORS)}.")
    people = {speaker.id: speaker for speaker in file.speakers}
    heard = {(entry.wave, people[id].partner) for entry in file.documents for id in entry.speakers}
    heard |= {(entry.wave, entry.partner) for entry in file.documents}
    # A document of no partner that lists nobody, as minutes do, may hold anybody's words.
    anybody = {entry.wave for entry in file.documents if not entry.partner and not entry.speakers}
    for partner in file.partners:
        silent = [wave.id for wave in file.waves if (wave.id, partner.id) not in heard and wave.id not in anybody]
        if silent:
            what = f"{partner.id} has no document in {', '.join(silent)}: nothing will be said of it there."
            yield Problem(name, file.line_of("partners", partner.id), what)


def _speakers(file: StudyFile) -> Iterator[Problem]:
    named = {id for entry in file.documents for id in (*entry.speakers, *(id for _, id in entry.turns))}
    telling = [speaker for speaker in file.speakers if not speaker.is_interviewer]
    alone = [speaker.id for speaker in telling if speaker.partner is None]
    listed = all(entry.partner or entry.speakers for entry in file.documents)
    absent = [speaker.id for speaker in telling if speaker.id not in named and listed]
    for found, what in (
        (alone, "no partner, so these words count for nobody"),
        (absent, "no document that names them"),
    ):
        for ids in [found] if len(found) > FEW_PEOPLE else [[id] for id in found]:
            have = "has" if len(ids) == 1 else "have"
            yield Problem(file.path.name, file.line_of("speakers", ids[0]), f"{', '.join(ids)} {have} {what}.")


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
        close = f"Less than {CLOSE_WAVES} months between {before.id} and {after.id}, and no event parts them."
        if not (before.end and after.start):
            continue
        if after.start < before.start:
            what = f"Wave {after.id} begins before {before.id}: put waves in the order of time."
            yield Problem(name, line, what, grave=True)
        elif after.start <= before.end:
            what = f"Waves {before.id} and {after.id} overlap ({before.end}, {after.start})."
            yield Problem(name, line, what, grave=True)
        elif _months(after.start) - _months(before.end) < CLOSE_WAVES and not after.event:
            yield Problem(name, line, close)


def _months(date: str) -> int:
    year, month = (date + "-01").split("-")[:2]
    return int(year) * 12 + int(month)


def _files(file: StudyFile) -> Iterator[Problem]:
    """Narratives in the folder that the study file does not name."""
    for path in _unnamed(file):
        what = f"Lies in the folder, but {file.path.name} does not name it: it is not read."
        yield Problem(path.relative_to(file.folder).as_posix(), 0, what)


def _unnamed(file: StudyFile) -> list[Path]:
    named = {file.path_of(entry).resolve() for entry in file.documents}
    return [path for path in narratives_of(file.folder) if path.resolve() not in named]


def _guesses(file: StudyFile) -> Iterator[Problem]:
    """The marks that `weness new` left, counted by section so that they do not bury what else is wrong."""
    lines = file.path.read_text("utf-8", errors="replace").splitlines()
    section, marked = "", dict[str, list[int]]()
    for number, line in enumerate(lines, 1):
        section = next((key for key in KEYS if line.startswith(f"{key}:")), section)
        if GUESS in line and not line.startswith("#"):
            marked.setdefault(section, []).append(number)
    for section, numbers in marked.items():
        guesses = f"{len(numbers)} guesses are" if len(numbers) > 1 else "A guess is"
        until = f" (lines {numbers[0]} to {numbers[-1]})" if len(numbers) > 1 else ""
        what = f"{guesses} left in {section}{until}: correct what is wrong and take the marks '{GUESS}' away."
        yield Problem(file.path.name, numbers[0], what)


def _document(file: StudyFile, entry: Entry, texts: dict[str, str]) -> Iterator[Problem]:
    path = file.path_of(entry)
    if not path.is_file():
        there = [one.relative_to(file.folder).as_posix() for one in _unnamed(file)]
        others = instead(entry.file, there) if there else " Every file in the folder is named already."
        yield Problem(file.path.name, entry.line, f"No file {entry.file!r} in the folder.{others}", grave=True)
        return
    yield from _entry(file, entry)
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


def _entry(file: StudyFile, entry: Entry) -> Iterator[Problem]:
    """What contradicts itself in the row of one document."""
    name = file.path.name
    wave = next((wave for wave in file.waves if wave.id == entry.wave), None)
    if wave and entry.date and wave.start and not _within(entry.date, wave.start, wave.end or wave.start):
        what = f"{entry.file}: {entry.date} lies outside wave {wave.id} ({wave.start} to {wave.end})."
        yield Problem(name, entry.line, what)
    people = {speaker.id: speaker for speaker in file.speakers}
    telling = [people[id] for id in entry.speakers if not people[id].is_interviewer]
    strange = [one for one in telling if one.partner not in (entry.partner, None)]
    if entry.partner and strange:
        what = f"{entry.file} is of {entry.partner}, its speaker {strange[0].id} of {strange[0].partner}."
        yield Problem(name, entry.line, what)
    if not telling and entry.partner is None and entry.genre in ("interview", "email"):
        what = f"{entry.file} names neither a partner nor a speaker: its words count for nobody."
        yield Problem(name, entry.line, what)


def _within(date: str, start: str, end: str) -> bool:
    """Whether a date (a year, month or day) can lie in the months from start to end."""
    size = min(len(date), 7)
    return start[:size] <= date[:7] <= end[:size]


def _text(file: StudyFile, entry: Entry, id: str, text: str) -> Iterator[Problem]:
    language = language_of(text)
    if language is None and len(text.split()) > FEW:
        known = ", ".join(library.LANGUAGES)
        yield Problem(id, 0, f"Not recognised as one of {known}: it will be kept, but not counted.", grave=True)
    elif language and language != entry.language:
        what = f"{id}: language {entry.language} is stated, the text looks like {language}."
        yield Problem(file.path.name, entry.line, what)
    yield from _labels(file, entry, id, text)


def _labels(file: StudyFile, entry: Entry, id: str, text: str) -> Iterator[Problem]:
    """Labels in the text that are nobody's, and corrections for labels that are not there."""
    document = Document(id, text, entry.partner, entry.wave, entry.date, entry.genre, entry.language, entry.speakers)
    names = names_of(file.speakers, file.partners)
    people = [speaker.name for speaker in file.speakers]
    told: set[str] = set()
    for turn in turns_in(document, file.speakers, file.partners, entry.turns):
        nobodys = turn.label and not turn.speaker and not turn.interviewer and not names.partner(turn.label)
        if nobodys and turn.label not in told:
            told.add(turn.label)
            line = text.count("\n", 0, turn.span.start) + 1
            meant = closest(turn.label, people)
            hint = f"Did you mean {meant!r}? " if meant else ""
            cure = f"Add a speaker, an alias, or to the document: turns: {{{turn.label}: ID}}."
            what = f"{turn.label!r} is no known speaker: these words count for nobody. {hint}{cure}"
            yield Problem(id, line, what)
    for label, speaker in entry.turns:
        if plain(label) not in plain(text):
            what = f"{id}: turns gives {label!r} to {speaker}, but there is no such label in the text."
            yield Problem(file.path.name, entry.line, what)


def _twins(file: StudyFile, texts: dict[str, str]) -> Iterator[Problem]:
    """Two files with the same words: the second would count as copied."""
    seen: dict[str, str] = {}
    for id, text in texts.items():
        first = seen.setdefault(hashlib.sha256(" ".join(text.split()).encode()).hexdigest(), id)
        if first != id:
            yield Problem(id, 0, f"Has the same words as {first}: they count once.")


def _rows(folder: Path, texts: dict[str, str]) -> Iterator[Problem]:
    """Rows of codings that name no document or code, or do not fit its text."""
    from yaml import YAMLError

    try:
        codes = _codes() | _own_codes(folder / OWN_CODES)
    except (YAMLError, ValueError, KeyError, TypeError) as error:
        codes = _codes()
        yield Problem(OWN_CODES, 0, f"No list of codes {{id, name, ...}} ({' '.join(str(error).split())}).", grave=True)
    for name in ("codings.jsonl", "mentions.jsonl"):
        path = folder / name
        if not path.is_file():
            continue
        for line in lines_in(path.read_text("utf-8", errors="replace")):
            what = _wrong_row(line.row or {}, texts, codes)
            if what:
                yield Problem(name, line.number, what, grave=True)


def _drawn(folder: Path, texts: dict[str, str]) -> Iterator[Problem]:
    """Texts that are not as they were when the latest check sample was drawn from them (coding/checks.py)."""
    path = folder / CHECK_SAMPLE
    if not path.is_file():
        return
    heads = {}
    for line in lines_in(path.read_text("utf-8", errors="replace")):
        told = (line.row or {}).get("texts")
        if isinstance(told, dict):
            heads[line.number] = told
    if heads:
        number, was = max(heads.items())
        now = {id: hashlib.sha256(text.encode("utf-8")).hexdigest() for id, text in texts.items()}
        changed = [str(id) for id, sum in was.items() if now.get(id) != sum]
        if changed:
            names = ", ".join(changed[:FEW_PEOPLE]) + ", ..." * (len(changed) > FEW_PEOPLE)
            what = f"Changed or left since the check sample was drawn: {names}. Their wave is not corrected by it: draw anew with weness sample."
            yield Problem(CHECK_SAMPLE, number, what)


def _wrong_row(row: Mapping[str, Any], texts: dict[str, str], codes: frozenset[str]) -> str:
    if "file" not in row:
        return "Not a row {file, start, end, code, ...}."
    file, start, end = row["file"], row.get("start", 0), row.get("end", 0)
    if not isinstance(file, str) or file not in texts:
        return f"No document called {file!r} was read.{instead(str(file), texts, 6)}"
    if "seen" in row:
        return ""
    code = row.get("code", row.get("label"))
    if code not in codes:
        return f"No code called {code!r}.{instead(str(code), codes, 6)}"
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(texts[file])):
        return f"Characters {start} to {end} are not within {file}, which has {len(texts[file])}."
    words = row.get("text", row.get("mention"))
    if words is not None and texts[file][start:end] != words:
        return f"{file} has {texts[file][start:end][:40]!r} at {start}, the row says {str(words)[:40]!r}."
    return ""


def _own_codes(path: Path) -> frozenset[str]:
    """Codes that the study brought along."""
    if not path.is_file():
        return frozenset()
    return frozenset(str(row["id"]) for row in library.parsed(path.read_text("utf-8"))["codes"])


@cache
def _codes() -> frozenset[str]:
    """Every code of every codebook on the shelf."""
    books = (library.page("codebooks", name) for name in library.names("codebooks"))
    return frozenset(code["id"] for book in books for code in book["codes"])
