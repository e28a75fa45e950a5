"""What a fresh look at the files adds to a study's page: rows for new texts, and for people, partners and waves met only there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Row = dict[str, Any]
Page = dict[str, Any]
Guesses = dict[str, str]


def grown(page: Page, guesses: Guesses, fresh: Page, grounds: Mapping[str, str], left_out: Iterable[str]) -> list[str]:
    """Adds to ``page`` and ``guesses`` what ``fresh``, a draft of all files, knows of files that the page does not name.

    Rows that are there stay untouched. Says which files are new.
    """
    named = {row.get("file") for row in page["documents"]} | set(left_out)
    new = [row for row in fresh["documents"] if row["file"] not in named]
    if not new:
        return []
    needed_people = {id for row in new for id in row.get("speakers") or ()}
    people = [row for row in fresh["speakers"] if row["id"] in needed_people]
    needed = {row.get("partner") for row in (*new, *people)} - {None, ""}
    told = _Growth(page, guesses, grounds)
    partners = told.joined("partners", [row for row in fresh["partners"] if row["id"] in needed], _same_name)
    for row in people:
        row["partner"] = partners.get(row.get("partner") or "") or None
    speakers = told.joined("speakers", people, _same_name)
    waves = _waves(page, fresh, new, told)
    for row in new:
        row["partner"] = partners.get(row.get("partner") or "") or None
        row["speakers"] = list(dict.fromkeys(speakers[id] for id in row.get("speakers") or () if id in speakers))
        row["wave"] = waves.get(row.get("wave") or "", "")
        page["documents"].append(row)
        told.guess("documents", row["file"], row["file"])
    return [row["file"] for row in new]


class _Growth:
    """The page as it grows; ids that are taken get a number."""

    def __init__(self, page: Page, guesses: Guesses, grounds: Mapping[str, str]):
        self.page, self.guesses, self.grounds = page, guesses, grounds

    def joined(self, kind: str, rows: Iterable[Row], same: Callable[[Row, Row], bool]) -> dict[str, str]:
        """Id in the draft -> id in the page: of the row that means the same, else of a new one."""
        ids: dict[str, str] = {}
        for row in rows:
            known = next((one for one in self.page[kind] if same(one, row)), None)
            ids[row["id"]] = str(known["id"]) if known else self.added(kind, row)
        return ids

    def added(self, kind: str, row: Row) -> str:
        id = free_id(row["id"], self.page[kind])
        self.page[kind].append({**row, "id": id})
        self.guess(kind, row["id"], id)
        return id

    def guess(self, kind: str, drafted: str, id: str) -> None:
        ground = self.grounds.get(f"{kind}/{drafted}")
        if ground:
            self.guesses[f"{kind}/{id}"] = ground


def free_id(wanted: str, rows: Iterable[Row]) -> str:
    taken = {str(row.get("id")) for row in rows}
    number, id = 1, wanted
    while id in taken:
        number += 1
        id = f"{wanted}_{number}"
    return id


def _same_name(one: Row, other: Row) -> bool:
    return bool(_names(one) & _names(other))


def _names(row: Row) -> set[str]:
    return {str(name).casefold() for name in (row.get("name") or row.get("id"), *(row.get("aliases") or ()))}


def _waves(page: Page, fresh: Page, new: list[Row], told: _Growth) -> dict[str, str]:
    """Wave in the draft -> wave in the page: where its other texts are, else the one of its time, else a new one."""
    where = {row.get("file"): str(row.get("wave") or "") for row in page["documents"]}
    ids = {}
    for id in dict.fromkeys(row.get("wave") or "" for row in new):
        texts = [row for row in fresh["documents"] if (row.get("wave") or "") == id]
        often = Counter(where[row["file"]] for row in texts if where.get(row["file"]))
        dates = [str(row["date"])[:7] for row in texts if row in new and row.get("date")]
        in_time = [str(one.get("id")) for one in page["waves"] if any(_within(date, one) for date in dates)]
        drafted = next((row for row in fresh["waves"] if row["id"] == id), None)
        if in_time or often:
            ids[id] = in_time[0] if in_time else often.most_common(1)[0][0]
        elif drafted:
            ids[id] = told.added("waves", {**drafted, "id": free_wave(page["waves"])})
            told.guess("waves", id, ids[id])
    page["waves"].sort(key=lambda one: str(one.get("from") or "9999"))
    return ids


def free_wave(waves: list[Row]) -> str:
    return next(
        f"w{n}"
        for n in range(len(waves) + 1, 2 * len(waves) + 3)
        if f"w{n}" not in {str(one.get("id")) for one in waves}
    )


def _within(month: str, wave: Row) -> bool:
    start, end = str(wave.get("from") or ""), str(wave.get("to") or wave.get("from") or "")
    return bool(start) and start <= month <= end
