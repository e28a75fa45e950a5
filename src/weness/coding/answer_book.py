"""What a model answered, remembered by what it was asked: nothing is paid twice, and a run can be repeated without a model."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from weness.json_lines import lines_in
from weness.safekeeping import whole_text

MEMORY = Path(".weness") / "answers.jsonl"
"""Where a study keeps its answers, within its folder."""


@dataclass(frozen=True, slots=True)
class Record:
    """One question and its answer. ``asked`` names the prompt, ``time`` is UTC, ``tokens`` what the server counted."""

    key: str
    model: str
    address: str
    time: str
    prompt: str
    answer: str
    tokens: tuple[int, int] | None = None
    whole: bool = True
    about: str = ""


class NotRecorded(KeyError):
    """A replayed run asks something that the file does not hold."""


def key_of(model: str, messages: Sequence[Mapping[str, str]], run: int = 1) -> str:
    """The same model, the same words: the same key. A second asking of the same (``run`` 2) has one of its own."""
    told = json.dumps([model, [[one["role"], one["content"]] for one in messages], run], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:24]


class AnswerBook:
    """Answers kept in a file of JSON lines, each written as it comes. ``replay`` answers from a file alone."""

    def __init__(self, memory: Path | None = None, replay: Path | None = None) -> None:
        self.memory, self.replay = memory, replay
        self.used: dict[str, Record] = {}
        self._lock = threading.Lock()
        self._known: dict[str, Record] = {}
        if replay is not None:
            self._known = records_in(replay)
        elif memory is not None and memory.is_file():
            self._known = records_in(memory, strict=False)

    def recall(self, key: str, about: str = "") -> Record | None:
        """Raises NotRecorded when a replay does not hold the answer."""
        with self._lock:
            found = self._known.get(key)
            if found:
                self.used[key] = found
        if found is None and self.replay is not None:
            raise NotRecorded(
                f"{self.replay.name} holds no answer to the question about {about or 'this passage'} ({key}). "
                "The texts, the codebook, the model's name or the settings differ from the recorded run."
            )
        return found

    def keep(self, record: Record) -> None:
        with self._lock:
            self._known[record.key] = self.used[record.key] = record
            if self.memory is not None:
                self.memory.parent.mkdir(parents=True, exist_ok=True)
                with self.memory.open("ab+") as file:
                    # A line that was cut off in the writing must not swallow the next.
                    torn = file.tell() > 0 and (file.seek(-1, 2), file.read(1))[1] != b"\n"
                    file.write((("\n" if torn else "") + _line(record)).encode())

    def write(self, path: Path) -> None:
        """The answers that this run used, for a replay, beside those the file already holds. Written whole or not at all."""
        if not self.used:
            return
        kept = records_in(path, strict=False) if path.is_file() else {}
        lines = (_line(record) for _, record in sorted({**kept, **self.used}.items()))
        whole_text(path, "".join(lines))


def records_in(path: Path, strict: bool = True) -> dict[str, Record]:
    """The records of a file by key. Raises ValueError, naming the line; where not ``strict`` (a memory), what cannot be
    read, as a line cut off in the writing, is passed over and will be asked again."""
    found = {}
    for line in lines_in(path.read_text("utf-8", errors="replace")):
        try:
            if line.row is None:
                raise ValueError(line.wrong)
            record = _record(line.row)
        except (TypeError, KeyError, ValueError, AttributeError) as error:
            if strict:
                raise ValueError(f"{path.name}, line {line.number}: not a recorded answer ({error}).") from None
            continue
        found[record.key] = record
    return found


def _record(row: Mapping[str, Any]) -> Record:
    answer = row["answer"]
    return Record(
        key=str(row["key"]),
        model=str(row.get("model", "")),
        address=str(row.get("address", "")),
        time=str(row.get("time", "")),
        prompt=str(row.get("prompt", "")),
        # Written by hand, an answer may stand as an object.
        answer=answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False),
        tokens=tuple(row["tokens"]) if row.get("tokens") else None,
        whole=bool(row.get("whole", True)),
        about=str(row.get("about", "")),
    )


def _line(record: Record) -> str:
    return json.dumps(asdict(record), ensure_ascii=False) + "\n"
