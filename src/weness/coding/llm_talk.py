"""The talk with a model: what is remembered is not asked again, and what happened is counted."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from weness.coding.answer_book import MEMORY, AnswerBook, Record, key_of
from weness.coding.endpoint import Endpoint, EndpointError
from weness.coding.llm_asked import NEEDS, Asked
from weness.coding.prompts import Message, told

CHARACTERS_A_TOKEN = 3.4
CUT = (
    "The server counted far fewer words than were sent: it may have cut the codebook off. Give the model a longer context "
    "(with Ollama: OLLAMA_CONTEXT_LENGTH=16384) and code again with --ask-anew."
)


@dataclass
class Tally:
    """What happened on the way, counted from several threads."""

    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    asked_again: int = 0
    quotes_lost: int = 0
    unanswered: int = 0
    unread: int = 0
    refused: int = 0
    not_grouped: int = 0
    prompt_tokens: int = 0
    answer_tokens: int = 0
    cut: bool = False
    twice_same: int = 0
    twice: int = 0

    def add(self, **counts: int) -> None:
        with self.lock:
            for name, n in counts.items():
                setattr(self, name, getattr(self, name) + n)


class Talk:
    """Answers to questions, from memory, from a recorded run, or from the endpoint. Usable from several threads."""

    def __init__(self, asked: Asked, folder: Path | None) -> None:
        self.asked = asked
        self.book = AnswerBook(folder / MEMORY if folder else None, asked.replay)
        self.tally = Tally()
        self._door: Endpoint | None = None
        self._opening = threading.Lock()
        self._stop = threading.Event()
        self._began = now()

    def answer(
        self, talk: Sequence[Message], schema: Mapping[str, Any], prompt: str, about: str, run: int = 1
    ) -> Record:
        """The answer to a talk: remembered, or asked for and remembered."""
        key = key_of(self.asked.model, talk, run)
        record = self.book.recall(key, about)
        anew = self.asked.ask_anew and record is not None and record.time < self._began
        if record is None or (self.asked.replay is None and (anew or not record.answer.strip())):
            door = self.door()
            reply = door.ask(with_schema(talk, schema), schema)
            record = Record(key, reply.model, door.address, now(), prompt, reply.raw, reply.tokens, reply.whole, about)
            self.book.keep(record)
        if record.tokens:
            self.tally.add(prompt_tokens=record.tokens[0], answer_tokens=record.tokens[1])
            expected = sum(len(part["content"]) for part in talk) / CHARACTERS_A_TOKEN
            # Some servers cut what is too long for them and say nothing: the codebook goes first.
            self.tally.cut |= record.tokens[0] < expected / 2.2
        return record

    def door(self) -> Endpoint:
        """The door to the model, opened only when something has to be asked that nobody remembers."""
        if self.asked.replay is not None or not self.asked.endpoint:
            raise EndpointError(NEEDS)
        with self._opening:
            if self._door is None:
                self._door = Endpoint(
                    self.asked.endpoint,
                    self.asked.model,
                    allow_remote=self.asked.allow_remote,
                    key=self.asked.key,
                    timeout=self.asked.timeout,
                    wait=self.pause,
                )
            return self._door

    def pause(self, seconds: float) -> None:
        """Between two tries; a stop ends it at once."""
        self._stop.wait(seconds)

    def stop(self) -> None:
        """Lets running questions end: no further one is asked or paid for."""
        self._stop.set()
        if self._door:
            self._door.close()

    def close(self) -> None:
        """Shuts the door and writes the answers of this run where the user asked for a record."""
        if self._door:
            self._door.close()
        if self.asked.record:
            self.book.write(self.asked.record)

    def euros(self, prompt: int, answer: int) -> float | None:
        return (prompt * self.asked.prices[0] + answer * self.asked.prices[1]) / 1e6 if self.asked.prices else None


def with_schema(talk: Sequence[Message], schema: Mapping[str, Any]) -> list[Message]:
    """The schema in words too: a server that takes no schema as a setting still shows it to the model."""
    first, *rest = talk
    return [{**first, "content": f"{first['content']}\n\nThe JSON schema of the answer: {told(schema)}"}, *rest]


def now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
