"""Edits of a study's page: who the partners and speakers are, when the waves were, which texts belong to it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from weness_web import services
from weness_web.access import codings_seen
from weness_web.changes import act, changed
from weness_web.drafts import free_id, free_wave, grown
from weness_web.faults import Fault
from weness_web.home import folder_of
from weness_web.jobs import open_jobs, wake
from weness_web.models import Adoption, Event, Study, User
from weness_web.uploads import page_set_aside, ready

Row = dict[str, Any]
Page = dict[str, Any]
KEY = {"partners": "id", "speakers": "id", "waves": "id", "documents": "file"}
"""The lists of a page, and by what a row of each is known."""
INTERVIEWER = "interviewer"
NEEDED = {"partners": ("sector",), "waves": ("from",), "documents": ("wave", "language")}
OF_PARTNER = ("say for which partner", "organisation by the mail address", "named for ", "speaks in its press release")
"""How weness begins to say what its guess at a speaker's partner rests on."""
LEFT_OUT = "left_out"
"""The setting that holds the files which a person took out of the study: a fresh draft does not bring them back."""
MAY_LACK = ("Unknown sector", "No sector", "No wave said")
"""How weness says that something is still to be told: no reason to refuse what else was changed."""
AN_ID = re.compile(r"[^\W_][\w.-]{0,39}")


class Desk:
    """A study's page while it is changed: the lists, the guesses, and what else changes with them."""

    def __init__(self, study: Study):
        self.study = study
        self.page: Page = services.page_of(study.page)
        self.guesses: dict[str, str] = dict(study.guesses)
        self.values: Row = {}
        self.beside: list[Any] = []

    def row(self, kind: str, key: str) -> Row:
        found = next((row for row in self.page[kind] if str(row.get(KEY[kind])) == key), None)
        if found is None:
            raise Fault("setup.row_gone", status=409)
        return found

    def ids(self, kind: str) -> set[str]:
        return {str(row.get(KEY[kind])) for row in self.page[kind]}


def edit(study: Study, user: User, change: Callable[[Desk], None], verb: str = "setup") -> Event | None:
    """Lets ``change`` work on the page as it is now, whoever changed it since; None where all stays as it was."""
    with transaction.atomic():
        desk = Desk(Study.objects.select_for_update().get(pk=study.pk))
        before, was = services.text_of(desk.page) if desk.study.page else "", desk.guesses.copy()
        change(desk)
        after = services.text_of(desk.page) if desk.page["documents"] or desk.page["partners"] else ""
        values = dict(desk.values)
        if after != before:
            _check(before, after)
            values["page"] = after
        there = {f"{kind}/{key}" for kind in KEY for key in desk.ids(kind)}
        desk.guesses = {row: ground for row, ground in desk.guesses.items() if row in there}
        if desk.guesses != was:
            values["guesses"] = desk.guesses
        if not values:
            return None
        return act(desk.study, user, verb, [changed(desk.study, **values), *desk.beside])


def settle(study: Study, user: User) -> list[str]:
    """After an upload: the study file that came along or a draft becomes the page, new texts get rows. Says which are new."""
    told: list[str] = []
    if not study.page and not ready(study) and open_jobs(study).filter(kind="import").exists():
        return told  # The project that waits brings its own page.

    def change(desk: Desk) -> None:
        came = None if desk.study.page else page_set_aside(desk.study)
        if came:
            desk.page, desk.guesses = services.page_of(came[0]), came[1]
            told.extend(str(row.get("file")) for row in desk.page["documents"])
            desk.values["title"] = str(desk.page["study"].get("name") or desk.study.title)[:200]
        try:
            draft, grounds = services.drafted(folder_of(study.pk), desk.study.title)
        except ValueError:
            if came or desk.study.page:
                return
            raise
        if came or desk.study.page:
            left_out = desk.study.settings.get(LEFT_OUT, ())
            told.extend(grown(desk.page, desk.guesses, services.page_of(draft), grounds, left_out))
        else:
            desk.page, desk.guesses = services.page_of(draft), grounds
            told.extend(row["file"] for row in desk.page["documents"])

    try:
        edit(study, user, change)
    except ValueError as error:
        # weness names the folder, which here is an id that nobody knows.
        raise Fault(text=services.told(error).replace(str(study.pk), study.title)) from error
    # Also where the page stays: codings may wait to be taken up.
    wake(study, "read", user, now=True)
    return told


def save_head(study: Study, user: User, name: str, id: str, languages: list[str], aliases: list[str]) -> None:
    if not name:
        raise Fault("studies.needs_title")
    if id and not AN_ID.fullmatch(id):
        raise Fault("setup.not_an_id", id=id)

    def change(desk: Desk) -> None:
        desk.values["title"] = name[:200]
        known = [one for one in services.LANGUAGES if one in languages]
        told = {"id": id or services.short_name(name), "name": name, "languages": known, "aliases": aliases}
        desk.page["study"] = {**desk.page["study"], **told}
        desk.page["study"] = {key: value for key, value in desk.page["study"].items() if value not in ("", [])}

    edit(study, user, change)


def save_row(study: Study, user: User, kind: str, key: str, told: Mapping[str, Any]) -> str:
    """A row as a form has it; ``key`` "" makes a new one. Whoever saves a row has looked at its guess. Gives its key."""
    kept: list[str] = []

    def change(desk: Desk) -> None:
        values = dict(told)
        if key:
            row = desk.row(kind, key)
        else:
            row = {}
            desk.page[kind].append(row)
        new = _named(desk, kind, key, values)
        _check_values(kind, values)
        # The id stands first in a row, as in every study file.
        row.update({KEY[kind]: new, **values})
        for name in [name for name, value in row.items() if value in ("", [], {})]:
            del row[name]
        if kind == "waves":
            desk.page["waves"].sort(key=lambda one: str(one.get("from") or "9999"))
            if key and new != key:
                _rename_wave(desk, key, new)
        desk.guesses.pop(f"{kind}/{key}", None)
        kept.append(new)

    edit(study, user, change)
    return kept[0]


def remove_row(study: Study, user: User, kind: str, key: str) -> None:
    """Takes a row out, and with it every mention of it in other rows. A text's file stays, and can be taken in again."""

    def change(desk: Desk) -> None:
        desk.page[kind].remove(desk.row(kind, key))
        if kind in ("partners", "documents") and not desk.page[kind]:
            raise Fault(f"setup.last_of_{kind}")
        for row in (*desk.page["speakers"], *desk.page["documents"]):
            _forget(row, kind, key)
        if kind == "documents":
            leave_out(desk, [key])

    edit(study, user, change)


def leave_out(desk: Desk, files: list[str]) -> None:
    out = [*desk.study.settings.get(LEFT_OUT, []), *files]
    desk.values["settings"] = {**desk.study.settings, LEFT_OUT: list(dict.fromkeys(out))}


def take_back(study: Study, user: User, file: str) -> None:
    """A text that was left out, with a fresh guess at its row."""

    def change(desk: Desk) -> None:
        out = [one for one in desk.study.settings.get(LEFT_OUT, []) if one != file]
        desk.values["settings"] = {**desk.study.settings, LEFT_OUT: out}
        draft, grounds = services.drafted(folder_of(study.pk), desk.study.title)
        if not grown(desk.page, desk.guesses, services.page_of(draft), grounds, out):
            raise Fault("setup.file_gone")

    edit(study, user, change)


def set_many(study: Study, user: User, kind: str, keys: list[str], values: Mapping[str, Any]) -> None:
    """The same wave, partner, genre or language for several rows; their guesses of other things stay guesses."""

    def change(desk: Desk) -> None:
        for key in keys:
            desk.row(kind, key).update(values)
            if kind == "speakers":
                _answer_partner(desk, f"{kind}/{key}")

    edit(study, user, change)


def remove_many(study: Study, user: User, files: list[str]) -> None:
    def change(desk: Desk) -> None:
        rows = [row for row in desk.page["documents"] if row.get("file") not in files]
        if not rows:
            raise Fault("setup.last_of_documents")
        desk.page["documents"] = rows
        leave_out(desk, files)

    edit(study, user, change)


def confirm(study: Study, user: User, rows: str) -> None:
    """Somebody looked at a guess ("partners/coop"), at those of a list ("partners") or at all ("") and found them right.

    Where something is still to be told, only a look at that very row settles it.
    """

    def change(desk: Desk) -> None:
        settled = {rows} if "/" in rows else {row for row in sure(desk) if not rows or row.startswith(f"{rows}/")}
        desk.guesses = {row: ground for row, ground in desk.guesses.items() if row not in settled}

    edit(study, user, change)


def sure(desk: Desk) -> list[str]:
    """The guesses that can be right as they stand: nothing that the findings need is missing in their rows."""
    lacking = {f"{kind}/{row.get(KEY[kind])}" for kind in KEY for row in desk.page[kind] if lacks(kind, row)}
    return [row for row in desk.guesses if row not in lacking]


def lacks(kind: str, row: Row) -> bool:
    """Whether a partner's sector, a speaker's partner, a wave's time, or a text's wave or language is still to be told."""
    if kind == "speakers":
        return not row.get("partner") and row.get("role") != INTERVIEWER
    return any(row.get(name) in (None, "", "unknown") for name in NEEDED[kind])


def depends(study: Study, user: User, page: Page, kind: str, key: str) -> dict[str, int]:
    """How many speakers, texts and codings name a row that is to be removed."""
    told = {"speakers": 0, "documents": 0, "codings": 0}
    if kind == "partners":
        told["speakers"] = sum(row.get("partner") == key for row in page["speakers"])
        told["documents"] = sum(row.get("partner") == key for row in page["documents"])
        fields = codings_seen(study, user).values_list("fields", flat=True)
        told["codings"] = sum(
            any(key == one or (isinstance(one, list) and key in one) for one in row.values()) for row in fields
        )
    elif kind == "waves":
        told["documents"] = sum(str(row.get("wave")) == key for row in page["documents"])
    elif kind == "speakers":
        told["documents"] = sum(
            key in (row.get("speakers") or ()) or key in (row.get("turns") or {}).values() for row in page["documents"]
        )
    else:
        told["codings"] = codings_seen(study, user).filter(document__file=key).count()
    return told


def as_list(text: str) -> list[str]:
    """Names with commas between; with semicolons where a name has a comma in it."""
    pieces = text.split(";") if ";" in text else text.split(",")
    return list(dict.fromkeys(" ".join(piece.split()) for piece in pieces if piece.strip()))


def as_line(names: list[str]) -> str:
    names = [str(name) for name in names]
    return "".join(f"{name}; " for name in names).rstrip() if any("," in name for name in names) else ", ".join(names)


def as_date(text: str) -> str:
    """YYYY, YYYY-MM or YYYY-MM-DD as weness reads it. Raises Fault."""
    parts = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", text)
    try:
        if not parts:
            raise ValueError
        datetime.date(int(parts[1]), int(parts[2] or 1), int(parts[3] or 1))
    except ValueError:
        raise Fault("setup.not_a_date", date=text) from None
    return "-".join([parts[1], *(f"{int(part):02d}" for part in parts.groups()[1:] if part)])


def _named(desk: Desk, kind: str, key: str, values: Row) -> str:
    """The key of a row that is saved: it keeps its own, but for a wave, which may be called otherwise."""
    if kind == "documents":
        return key
    asked = str(values.pop("id", "") or "").strip()
    if key and kind != "waves":
        return key
    others = desk.ids(kind) - {key, "None"}
    if not asked:
        rows = [row for row in desk.page[kind] if row.get("id")]
        name = services.short_name(str(values.get("name") or ""))
        asked = key or (free_wave(rows) if kind == "waves" else free_id(name, rows))
    if not AN_ID.fullmatch(asked):
        raise Fault("setup.not_an_id", id=asked)
    if asked in others:
        raise Fault("setup.id_taken", id=asked)
    return asked


def _check_values(kind: str, values: Row) -> None:
    if kind in ("partners", "speakers") and not values.get("name"):
        raise Fault("setup.needs_name")
    for name in ("from", "to", "date"):
        if values.get(name):
            values[name] = as_date(values[name])[: 10 if name == "date" else 7]
    if values.get("from") and values.get("to") and values["to"] < values["from"]:
        raise Fault("setup.ends_before", start=values["from"], end=values["to"])


def _rename_wave(desk: Desk, old: str, new: str) -> None:
    for row in desk.page["documents"]:
        if str(row.get("wave")) == old:
            row["wave"] = new
    desk.beside = [changed(one, wave=new) for one in Adoption.objects.filter(study=desk.study, wave=old)]


def _answer_partner(desk: Desk, row: str) -> None:
    """Whose a person is was told: of the guess stays what is about something else."""
    left = [one for one in desk.guesses.pop(row, "").split("; ") if one and not one.startswith(OF_PARTNER)]
    if left:
        desk.guesses[row] = "; ".join(left)


def _forget(row: Row, kind: str, key: str) -> None:
    one = {"partners": "partner", "waves": "wave"}.get(kind)
    if one and str(row.get(one)) == key:
        del row[one]
    if kind == "speakers":
        row["speakers"] = [id for id in row.get("speakers") or () if id != key]
        row["turns"] = {label: id for label, id in (row.get("turns") or {}).items() if id != key}
        for name in ("speakers", "turns"):
            if not row[name]:
                del row[name]


def _check(before: str, after: str) -> None:
    """Refuses what weness would not read as meant, in its own words; what was wrong before does not stand in the way."""
    if not before:
        return
    known = {one["what"] for one in services.page_problems(before)}
    wrong = [one["what"] for one in services.page_problems(after) if one["grave"] and one["what"] not in known]
    lasting = [what for what in wrong if not what.startswith(MAY_LACK)]
    if lasting:
        raise Fault(text=" ".join(lasting))
