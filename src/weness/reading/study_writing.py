"""A study file as text: what `study_file` reads back as the same study."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from weness.reading.corpus import Partner, Speaker, Wave
from weness.reading.drafting import written_value
from weness.reading.study_rows import Entry

Row = Mapping[str, object]


def written_study(
    header: Row,
    partners: Sequence[Partner],
    speakers: Sequence[Speaker],
    waves: Sequence[Wave],
    entries: Sequence[Entry],
    settings: Mapping[str, Any] | None = None,
    comment: str = "",
) -> str:
    """``header`` holds id, name, languages, aliases, invented; ``settings`` any further keys of the file."""
    lines = [f"# {line}" for line in comment.splitlines()]
    lines += [
        "study:",
        *(f"  {key}: {written_value(value)}" for key, value in header.items() if value not in (None, [], ())),
    ]
    lines += _rows("partners", (_partner(one) for one in partners))
    lines += _rows("speakers", (_speaker(one) for one in speakers))
    lines += _rows("waves", ({"id": one.id, "from": one.start, "to": one.end, "event": one.event} for one in waves))
    lines += _rows("documents", map(row_of_entry, entries))
    if settings:
        import yaml

        lines += ["", yaml.safe_dump(dict(settings), allow_unicode=True, sort_keys=False).rstrip()]
    return "\n".join(lines) + "\n"


def row_of_entry(entry: Entry) -> Row:
    return {
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


def written_row(row: Row) -> str:
    """One row in braces; keys without a value are left out."""
    cells = (f"{key}: {_value(value)}" for key, value in row.items() if value not in (None, "", [], {}))
    return f"  - {{{', '.join(cells)}}}"


def _partner(one: Partner) -> Row:
    return {"id": one.id, "name": one.name, "sector": one.sector, "power": one.power, "aliases": list(one.aliases)}


def _speaker(one: Speaker) -> Row:
    return {"id": one.id, "name": one.name, "partner": one.partner, "role": one.role, "aliases": list(one.aliases)}


def _rows(title: str, rows: Iterable[Row]) -> Iterator[str]:
    found = [written_row(row) for row in rows]
    yield ""
    yield f"{title}:" if found else f"{title}: []"
    yield from found


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{written_value(key)}: {written_value(one)}' for key, one in value.items())}}}"
    return written_value(value)
