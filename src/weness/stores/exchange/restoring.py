"""A study file out of a project: from weness's own variables and cases where it has them, else a draft with guesses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from weness import library
from weness.reading.corpus import Partner, Speaker, Wave
from weness.reading.study_rows import Entry
from weness.reading.study_writing import study_page, written_study
from weness.stores.exchange.names import OF_CASES, OF_SOURCES, STUDY, variable
from weness.stores.exchange.project import CannotExchange, Case, Project, Selection, Source, guid_of


def is_turn(source: Source, one: Selection) -> bool:
    """Whether a selection is one of the turns that our cases own: worked out anew at every export."""
    return one.guid == turn_guid(source.guid, one.start, one.end) and not one.codings


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A turn without the white space at its ends."""
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())


def turn_guid(source: str, start: int, end: int) -> str:
    return guid_of("turn", source, start, end)


def study_of(project: Project, files: Mapping[str, str]) -> str | None:
    """The text of a study.yaml, or None where the project does not come from weness. ``files``: source -> document."""
    page = _head(project)
    if page is None:
        return None
    try:
        return _study_of(project, files, page)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _spoilt(error) from None


def _study_of(project: Project, files: Mapping[str, str], page: Mapping[str, Any]) -> str:
    cases = [(one, _values(one.values, OF_CASES)) for one in project.cases]
    whole = study_page(
        page["study"],
        [_partner(one, told) for one, told in cases if told.get("kind") == "partner"],
        [_speaker(one, told) for one, told in cases if told.get("kind") == "speaker"],
        [Wave(str(row["id"]), str(row["from"]), str(row["to"]), str(row["event"])) for row in page["waves"]],
        [_entry(one, files[one.guid]) for one in project.sources if one.guid in files],
        page.get("settings"),
    )
    return written_study(whole, "Written by `weness import` from a project that weness had exported.")


def entry_of(source: Source, file: str) -> Entry:
    """A row of the study file for a text that joins a study: what our variables say of it, else nothing."""
    return _entry(source, file)


def items_in(project: Project) -> Mapping[str, Any]:
    """The items.yaml that went with the study, {} where there was none."""
    return _of_head(project, "items")


def means_in(project: Project) -> Mapping[str, Any]:
    """GUID of a code of the study's own -> the code of weness that it stands for."""
    return _of_head(project, "means")


def _of_head(project: Project, key: str) -> Mapping[str, Any]:
    told = (_head(project) or {}).get(key)
    return told if isinstance(told, dict) else {}


def _head(project: Project) -> dict[str, Any] | None:
    """What our own note says of the study, or None where there is none. Raises CannotExchange where it was spoilt."""
    from yaml import YAMLError

    note = next((note for note in project.notes if note.name == STUDY), None)
    if note is None:
        return None
    try:
        return dict(library.parsed(note.text))
    except (YAMLError, ValueError, TypeError) as error:
        raise _spoilt(error) from None


def _spoilt(error: Exception) -> CannotExchange:
    why = " ".join(str(error).split())[:100]
    return CannotExchange(
        f"What the file's note {STUDY!r} and its cases say can no longer be read ({why}): another program changed them. "
        "Nothing was imported. Without that note the file comes in as any other project."
    )


def _values(values: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    return {name: values[variable(name)] for name in names if variable(name) in values}


def _partner(case: Case, told: Mapping[str, str]) -> Partner:
    return Partner(
        told["id"], case.name, told.get("sector", ""), told.get("power", "member"), _list(told.get("aliases", ""))
    )


def _speaker(case: Case, told: Mapping[str, str]) -> Speaker:
    return Speaker(told["id"], case.name, told.get("of partner"), told.get("role", ""), _list(told.get("aliases", "")))


def _entry(source: Source, file: str) -> Entry:
    told = _values(source.values, OF_SOURCES)
    return Entry(
        file=file,
        wave=told.get("wave", ""),
        date=told.get("date") or told.get("when", ""),
        genre=told.get("genre", "interview"),
        language=told.get("language", "en"),
        partner=told.get("partner"),
        speakers=_list(told.get("speakers", "")),
        turns=tuple(json.loads(told["turns"]).items()) if "turns" in told else (),
    )


def _list(words: str) -> tuple[str, ...]:
    return tuple(json.loads(words)) if words else ()
