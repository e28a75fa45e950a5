"""Hands out the long work: one job at a time, each in a process of its own, so that no page waits for it."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading

from django.db import Error, close_old_connections, connection

from weness_web.jobs import Job, next_job, took_ill

PAUSE = 0.3
AFTER_A_FAULT = 5.0
LOG = logging.getLogger(__name__)

AFTER_THE_END = 1.0


class Dispatcher(threading.Thread):
    """Looks every PAUSE seconds for a job that is due."""

    def __init__(self) -> None:
        super().__init__(name="weness-jobs", daemon=True)
        self.halted = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        while not self.halted.wait(PAUSE):
            # A database that is busy or away for a moment must not end the thread: all work would wait for ever.
            try:
                close_old_connections()
                job = next_job()
                if job is not None:
                    self._work(job)
            except (Error, OSError):
                LOG.exception("The work in the background could not go on; it is tried again.")
                self.halted.wait(AFTER_A_FAULT)
        connection.close()

    def stop(self) -> None:
        """Ends the running job too: it is taken up again at the next start."""
        self.halted.set()
        if self.process is not None:
            self.process.terminate()
        self.join(timeout=5)

    def _work(self, job: Job) -> None:
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "weness_web.work", str(job.pk)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                # A terminal sends Ctrl+C to all of its group: the job is ended by `stop`, not beside it.
                start_new_session=True,
            )
        except OSError:
            took_ill(job.pk)
            raise
        if self.halted.is_set():
            self.process.terminate()
        code = self.process.wait()
        self.process = None
        # What ends the server may end the job a moment before: then it did not fail, and is taken up again.
        if code and not self.halted.wait(AFTER_THE_END):
            took_ill(job.pk)
