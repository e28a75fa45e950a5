"""Work of other programs in and out: projects, codebooks, sheets, reports. Files wait outside the study's folder."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.db import transaction

from weness_web import services
from weness_web.drafts import grown
from weness_web.home import folder_of, home
from weness_web.jobs import wake
from weness_web.models import Job, Study
from weness_web.putting_down import put_down
from weness_web.taking_up import take_texts, take_up

Progress = Callable[[int, int, str], None]


def waiting_room(study: Study) -> Path:
    """Where an uploaded file lies until a job takes it in."""
    folder = home() / "uploads" / str(study.pk)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def outgoing(job: Job) -> Path:
    """The folder of what a job wrote for its user to save."""
    return home() / "exports" / str(job.pk)


def bring_in(job: Job, progress: Progress) -> dict[str, Any]:
    """``asked``: file (a name in the waiting room), coder (whose codings they are where the file does not say)."""
    study, folder = job.study, folder_of(job.study.pk)
    file = waiting_room(study) / Path(job.asked["file"]).name
    folder.mkdir(parents=True, exist_ok=True)
    if study.page:
        put_down(study)
    before = services.rows_in(folder) if study.page else None
    try:
        said = services.bring_in(folder, file, job.asked.get("coder") or None)
        written = services.rows_in(folder)["page"]
        if written and written != (before["page"] if before else study.page):
            page, guesses = services.opened("study.yaml", written.encode())
            _keep_page(study, page, guesses)
            # Texts first: what was coded in them is taken up at once, before anything is put down again.
            rows, _ = services.read(folder, progress)
            take_texts(study, rows)
        take_up(study, by=job.user.name if job.user else "", before=before)
    finally:
        # Only now: a job that was killed on its way is done again, with its file.
        file.unlink(missing_ok=True)
    wake(study, "read", job.user, now=True)
    return {"said": said}


def _keep_page(study: Study, page: str, guesses: dict[str, str]) -> None:
    """The page that a project brought; where somebody changed it meanwhile, that page with what the project adds to it."""
    with transaction.atomic():
        now = Study.objects.select_for_update().get(pk=study.pk)
        if now.page != study.page:
            lists, known = services.page_of(now.page), dict(now.guesses)
            grown(lists, known, services.page_of(page), guesses, ())
            page, guesses = services.text_of(lists), known
        Study.objects.filter(pk=study.pk).update(page=page, guesses=now.guesses | guesses)


def send_out(job: Job, progress: Progress) -> dict[str, Any]:
    """``asked``: format (qdpx, qdc, csv, parquet or report), language. What it wrote is one file in `outgoing`."""
    study, format, language = job.study, job.asked["format"], job.asked.get("language", "en")
    put_down(study)
    room = outgoing(job)
    room.mkdir(parents=True, exist_ok=True, mode=0o700)
    if format in ("qdpx", "qdc"):
        name, said = (
            f"study.{format}",
            services.send_out(folder_of(study.pk), format, room / f"study.{format}", language),
        )
        return {"file": name, "said": said}
    with tempfile.TemporaryDirectory(dir=room) as told:
        inside = Path(told) / "files"
        if format == "report":
            services.report_files(folder_of(study.pk), inside, language, study.settings, progress)
            said = ""
        else:
            said = services.send_out(folder_of(study.pk), format, inside, language, progress)
        name = f"{format}.zip"
        _zipped(inside, room / name)
    return {"file": name, "said": said}


def _zipped(folder: Path, out: Path) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                package.write(path, path.relative_to(folder))


def kept_files(study: Study) -> list[Path]:
    """The folders that hold a study's files."""
    exports = [outgoing(job) for job in study.jobs.filter(kind="export")]
    return [folder_of(study.pk), home() / "uploads" / str(study.pk), *exports]


def forget(folders: Iterable[Path]) -> None:
    """For good, once the study itself is gone."""
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
