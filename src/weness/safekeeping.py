"""Files written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock

DEVICES = Path("/dev")
_ASKING = Lock()


def whole_file(path: Path, fill: Callable[[Path], object]) -> None:
    """Whoever opens ``path`` sees the old or the new file, never half; where ``fill`` raises, the old one stays.

    ``fill`` gets another name in the same folder to write to: one that nobody can foresee, so that no link lies in wait
    there. Where ``path`` is a link, it becomes a file, and what it pointed at stays as it is. What is no file of a disk,
    such as ``/dev/stdout`` or a pipe, is written to and stays what it is.
    """
    if path.parent == DEVICES or (path.exists() and not path.is_file() and not path.is_dir()):
        fill(path)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".weness-", suffix=".part", dir=path.parent)
    os.close(handle)
    draft = Path(name)
    try:
        fill(draft)
        with suppress(OSError):  # Some network disks know no permissions.
            draft.chmod(0o666 & ~_umask())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def whole_text(path: Path, text: str) -> None:
    """UTF-8, line ends as they are in ``text``."""
    whole_file(path, lambda draft: draft.write_bytes(text.encode("utf-8")))


def _umask() -> int:
    """It can only be asked by setting it: to the strictest, for as long as that takes."""
    with _ASKING:
        mask = os.umask(0o077)
        os.umask(mask)
    return mask
