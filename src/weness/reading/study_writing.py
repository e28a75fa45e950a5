"""A study file as a page that can be changed, and as text: what `study_file` reads back as the same study."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from weness.reading.corpus import Partner, Speaker, Wave
from weness.reading.drafting import written_value
from weness.reading.study_rows import Entry

Page = dict[str, Any]
LISTS = ("partners", "speakers", "waves", "documents")


def study_page(
    header: Mapping[str, Any],
    partners: Iterable[Partner],
    speakers: Iterable[Speaker],
    waves: Iterable[Wave],
    entries: Iterable[Entry],
    settings: Mapping[str, Any] | None = None,
) -> Page:
    """``header`` holds id, name, languages, aliases, invented; ``settings`` any further keys. Empty values are left out."""
    return {
        "study": _told(header),
        "partners": [
            _told(
                {"id": one.id, "name": one.name, "sector": one.sector, "power": one.power, "aliases": list(one.aliases)}
            )
            for one in partners
        ],
        "speakers": [
            _told(
                {"id": one.id, "name": one.name, "partner": one.partner, "role": one.role, "aliases": list(one.aliases)}
            )
            for one in speakers
        ],
        "waves": [_told({"id": one.id, "from": one.start, "to": one.end, "event": one.event}) for one in waves],
        "documents": [row_of_entry(entry) for entry in entries],
        **(settings or {}),
    }


def row_of_entry(entry: Entry) -> dict[str, Any]:
    told = {
        "file": entry.file,
        "wave": entry.wave,
        "date": entry.date,
        "genre": entry.genre,
        "language": entry.language,
        "partner": entry.partner,
        "speakers": list(entry.speakers),
        "turns": dict(entry.turns),
        "encoding": entry.encoding,
    }
    return _told(told)


def written_study(page: Mapping[str, Any], comment: str = "") -> str:
    """The text: one row a line, with ``comment`` on top."""
    lines = [f"# {line}" for line in comment.splitlines()]
    lines += ["study:", *(f"  {key}: {_value(value)}" for key, value in page["study"].items())]
    for title in LISTS:
        lines += _rows(title, page.get(title) or ())
    rest = {key: value for key, value in page.items() if key not in ("study", *LISTS)}
    if rest:
        import yaml

        lines += ["", yaml.safe_dump(rest, allow_unicode=True, sort_keys=False).rstrip()]
    return "\n".join(lines) + "\n"


def written_row(row: Mapping[str, Any]) -> str:
    """One row in braces."""
    return f"  - {_value(row)}"


def _rows(title: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    found = [written_row(row) for row in rows]
    yield ""
    yield f"{title}:" if found else f"{title}: []"
    yield from found


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{written_value(key)}: {_value(one)}' for key, one in value.items())}}}"
    return written_value(value)


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value not in (None, "", [], (), {}, False)}
