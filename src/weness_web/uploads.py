"""Files that somebody uploads: looked at before they are put into the study's folder, each with a word on what came of it."""

from __future__ import annotations

import hashlib
import re
import shutil
import unicodedata
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from weness_web import services
from weness_web.bringing import waiting_room
from weness_web.faults import Fault
from weness_web.home import folder_of
from weness_web.jobs import wake
from weness_web.models import Study, User
from weness_web.words import Words

TAKEN, REFUSED, WAITING = "taken", "refused", "waiting"
LONGEST, LONGEST_PART = 300, 120
"""Characters of a path and of each name in it; a name of 120 fits every disk, however it is encoded."""
NOT_ON_EVERY_DISK = re.compile(r'[<>:"|?*#]')
"""Windows refuses these; a # would part a mailbox from its message."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one file, in words. ``state``: taken, refused, or waiting for the background to take it in."""

    file: str
    state: str
    why: str = ""

    def as_row(self) -> dict[str, Any]:
        return asdict(self)


def safe_name(told: str) -> str:
    """The name under which an uploaded file is kept, "/" between folders. Raises Fault where it could lead elsewhere."""
    name = unicodedata.normalize("NFC", told.replace("\\", "/")).strip()
    parts = PurePosixPath(name).parts
    if not parts or name.endswith("/"):
        raise Fault("setup.name_missing")
    if name.startswith("/") or ".." in parts or re.match(r"[A-Za-z]:", name):
        raise Fault("setup.name_outside")
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") for letter in name):
        raise Fault("setup.name_control")
    if any(part.startswith((".", "_", "~")) for part in parts):
        raise Fault("setup.name_hidden")
    if len(name) > LONGEST or any(len(part) > LONGEST_PART or len(part.encode()) > 240 for part in parts):
        raise Fault("setup.name_long", n=LONGEST_PART)
    *folders, last = (NOT_ON_EVERY_DISK.sub("-", part).rstrip(". ") or "-" for part in parts)
    folders = [f"{part} files" if part in services.NOT_LOOKED_INTO else part for part in folders]
    return "/".join((*folders, last))


def take_in(study: Study, user: User, file: UploadedFile, path: str, w: Words) -> list[Outcome]:
    """One uploaded file, or every file of an uploaded zip."""
    try:
        name = safe_name(path or file.name or "")
        if (file.size or 0) > settings.UPLOAD_LIMIT:
            raise Fault("setup.too_large", n=settings.UPLOAD_LIMIT // 1024**2)
    except Fault as fault:
        return [Outcome(_shown(path or file.name or "?"), REFUSED, fault.said(w))]
    with _desk(study) as desk:
        copy = desk / PurePosixPath(name).name
        with copy.open("wb") as out:
            for piece in file.chunks():
                out.write(piece)
        if copy.suffix.lower() == ".zip":
            return list(_unpacked(study, user, copy, desk / "unpacked", w))
        return [_taken(study, user, copy, name, w)]


def ready(study: Study) -> list[str]:
    """The study files and work that wait in the waiting room until they are taken up."""
    room = _set_aside(study)
    return sorted(path.name for path in room.iterdir()) if room.is_dir() else []


def unnamed(study: Study, named: Iterable[str]) -> list[str]:
    """Narratives in the study's folder that nothing names: an upload broke off, or the set-up was undone."""
    folder, known = folder_of(study.pk), set(named)
    found = (path for path in folder.rglob("*") if path.suffix.lower() in services.NARRATIVES and path.is_file())
    files = (unicodedata.normalize("NFC", path.relative_to(folder).as_posix()) for path in found)
    own = {*services.PAGES, *services.WORK, *services.BESIDE, "findings.json"}
    return sorted(file for file in files if file not in known and file not in own)


def page_set_aside(study: Study) -> tuple[str, dict[str, str]] | None:
    """The study file that was uploaded, as a page with the guesses marked in it; it waits no longer."""
    for name in services.PAGES:
        path = _set_aside(study) / name
        if path.is_file():
            raw = path.read_bytes()
            path.unlink()
            return services.opened(name, raw)
    return None


def put_work(study: Study) -> None:
    """Uploaded codings and memos into the folder, right before they are taken up: nothing overwrites them in between."""
    for name in services.WORK:
        path = _set_aside(study) / name
        if path.is_file():
            path.replace(folder_of(study.pk) / name)


def _taken(study: Study, user: User, copy: Path, name: str, w: Words) -> Outcome:
    """Decides by the name what a file is, and looks into it."""
    try:
        if PurePosixPath(name).name in (*services.PAGES, *services.WORK, *services.BESIDE):
            return _of_a_study(study, copy, name, w)
        if copy.suffix.lower() in services.projects():
            return _project(study, user, copy, name, w)
        why = services.cannot_read(copy)
        if why:
            return Outcome(name, REFUSED, why.removeprefix(f"{copy.name}: "))
        return _narrative(study, copy, name, w)
    except Fault as fault:
        return Outcome(name, REFUSED, fault.said(w))
    except services.FOUND_BY_WENESS as error:
        return Outcome(name, REFUSED, services.told(error))


def _narrative(study: Study, copy: Path, name: str, w: Words) -> Outcome:
    """A file of the same name stays as it is: what was coded in it stands on its words."""
    folder, print_ = folder_of(study.pk), _print(copy)
    for number in range(1, 1000):
        kept = _numbered(name, number)
        place = services.path_in(folder, kept)
        if not place.exists():
            break
        if place.is_file() and _print(place) == print_:
            return Outcome(kept, TAKEN, w("setup.there_already"))
    else:
        raise Fault("setup.too_many_alike")
    place.parent.mkdir(parents=True, exist_ok=True)
    copy.replace(place)
    return Outcome(kept, TAKEN, "" if number == 1 else w("setup.renamed", called=name))


def _of_a_study(study: Study, copy: Path, name: str, w: Words) -> Outcome:
    """A file of another weness study: its page where this one has none yet, and everybody's work."""
    if "/" in name:
        raise Fault("setup.not_on_top")
    if name in services.PAGES:
        if study.page:
            raise Fault("setup.has_page")
        services.opened(name, copy.read_bytes())
    if name in services.BESIDE:
        place = folder_of(study.pk) / name
        if place.exists() and _print(place) != _print(copy):
            raise Fault("setup.has_beside")
        copy.replace(place)
        return Outcome(name, TAKEN)
    if name in services.WORK:
        _check_may_bring(study)
    place = _set_aside(study) / name
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if place.exists() and _print(place) != _print(copy):
        raise Fault("setup.one_waits")
    copy.replace(place)
    return Outcome(name, WAITING, w("setup.page_waits" if name in services.PAGES else "setup.work_waits"))


def _project(study: Study, user: User, copy: Path, name: str, w: Words) -> Outcome:
    """A project of another program waits for the background. Several may wait, each under its own name."""
    if copy.suffix.lower() != ".qdc":
        _check_may_bring(study)
    room, last = waiting_room(study), PurePosixPath(name).name
    place = next(room / one for n in range(1, 1000) if not (room / (one := _numbered(last, n))).exists())
    copy.replace(place)
    wake(study, "import", user, now=True, file=place.name, coder=user.name)
    return Outcome(name, WAITING, w("setup.project_waits"))


def _check_may_bring(study: Study) -> None:
    """Codings of others, or of a round that is closed, do not come in by a file while a study is coded blind."""
    if study.blind:
        raise Fault("setup.not_while_blind", status=409)


def _unpacked(study: Study, user: User, copy: Path, into: Path, w: Words) -> Iterator[Outcome]:
    try:
        found = services.unpacked(copy, into)
    except services.FOUND_BY_WENESS as error:
        yield Outcome(copy.name, REFUSED, services.told(error).removeprefix(f"{copy.name}: "))
        return
    if not found:
        yield Outcome(copy.name, REFUSED, w("setup.zip_empty"))
    tops = {PurePosixPath(name).parts[0] for name, _ in found if "/" in name}
    alone = tops.pop() + "/" if len(tops) == 1 and all("/" in name for name, _ in found) else ""
    for inner, why in found:
        shown = inner.removeprefix(alone)
        try:
            yield (
                Outcome(_shown(shown), REFUSED, why) if why else _taken(study, user, into / inner, safe_name(shown), w)
            )
        except Fault as fault:
            yield Outcome(_shown(shown), REFUSED, fault.said(w))


@contextmanager
def _desk(study: Study) -> Iterator[Path]:
    """A folder of its own on the disk of the study, so that a file can be moved to its place in one step."""
    desk = waiting_room(study) / f"desk-{uuid.uuid4().hex}"
    desk.mkdir(mode=0o700)
    try:
        yield desk
    finally:
        shutil.rmtree(desk, ignore_errors=True)


def _set_aside(study: Study) -> Path:
    return waiting_room(study) / "work"


def _numbered(name: str, number: int) -> str:
    path = PurePosixPath(name)
    return name if number == 1 else path.with_name(f"{path.stem} ({number}){path.suffix}").as_posix()


def _print(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _shown(name: str) -> str:
    """A refused name as it can be shown: without what would turn or hide the text around it."""
    return "".join(letter if letter.isprintable() else "�" for letter in name)[:LONGEST]
