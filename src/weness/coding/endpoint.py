"""The one door through which text can leave: an OpenAI-compatible address that the user named."""

from __future__ import annotations

import ipaddress
import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

RETRIED = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
TRIES = 5
LONGEST_WAIT = 30.0
"""Seconds between two tries, unless the server asks for more patience (then at most LONGEST_PATIENCE)."""
LONGEST_PATIENCE = 120.0
LARGEST_ANSWER = 4_000_000
"""Bytes: what a server sends beyond is no answer."""


class EndpointError(ValueError):
    """The endpoint cannot be used; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer as it came. ``tokens`` are (prompt, answer) as the server counted, or None where it does not."""

    raw: str
    model: str
    tokens: tuple[int, int] | None
    whole: bool


def is_here(address: str) -> bool:
    """Whether an address is on this machine: localhost by name, or a loopback number."""
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def checked_address(address: str, allow_remote: bool) -> str:
    """The address without a trailing slash. Raises EndpointError for one that is none, or that is not on this machine
    and was not allowed."""
    parts = urlsplit(address)
    try:
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        known = False
    if not known or parts.username or parts.query or parts.fragment:
        raise EndpointError(
            f"{address!r} is no address. Write http://HOST:PORT/v1, for instance http://localhost:11434/v1."
        )
    if not is_here(address) and not allow_remote:
        raise EndpointError(
            f"{parts.hostname} is not on this machine, so the narratives would leave it. If that is allowed, say --allow-remote."
        )
    if not is_here(address) and parts.scheme == "http":
        raise EndpointError(f"{parts.hostname} is not on this machine and the address is not encrypted. Use https://.")
    return address.rstrip("/")


class Endpoint:
    """Asks one model. Usable from several threads. ``wait`` is time.sleep, or a test's."""

    def __init__(
        self,
        address: str,
        model: str,
        *,
        allow_remote: bool = False,
        key: str | None = None,
        timeout: float = 300.0,
        wait: Callable[[float], None] | None = None,
    ) -> None:
        import httpx

        self.address = checked_address(address, allow_remote)
        self.model, self.timeout, self._wait = model, timeout, wait or time.sleep
        self._formats = ["json_schema", "json_object", ""]
        self._lock = threading.Lock()
        self.closed = False
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        # No proxy from the environment and no redirect: text goes to the address that was named and nowhere else.
        self._client = httpx.Client(headers=headers, timeout=timeout, trust_env=False, follow_redirects=False)

    def close(self) -> None:
        """No further question is asked; reads that are open break off."""
        self.closed = True
        self._client.close()

    def ask(self, messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any]) -> Reply:
        """Raises EndpointError when the server cannot be reached or will not answer after TRIES tries."""
        said = ""
        for attempt in range(TRIES):
            if self.closed:
                raise EndpointError("Stopped.")
            if attempt:
                self._wait(said_wait if (said_wait := _asked_wait(said)) else min(LONGEST_WAIT, 0.5 * 2**attempt))
            reply, said = self._once(messages, schema)
            if reply:
                return reply
        raise EndpointError(f"{self.address} did not answer after {TRIES} tries: {said.partition(WAIT)[0]}.")

    def _once(self, messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any]) -> tuple[Reply | None, str]:
        """A reply, or what went wrong and may be tried again."""
        import httpx

        format = self._formats[0]
        body = {
            "model": self.model,
            "temperature": 0,
            "messages": list(messages),
            "stream": False,
            **_format(format, schema),
        }
        try:
            status, headers, text = self._post(body)
        except httpx.TimeoutException:
            return None, f"no answer within {self.timeout:g} seconds"
        except httpx.ConnectError as error:
            return None, f"no server there ({error or 'connection refused'})"
        except (
            httpx.RequestError,
            RuntimeError,
        ) as error:  # RuntimeError: the client was closed under a running question
            return None, f"the connection broke ({type(error).__name__})"
        if status in RETRIED:
            return None, f"it said {status} {_reason(text)}{WAIT}{headers.get('retry-after', '')}"
        if status in (400, 404, 415, 422) and format and _is_about_format(_reason(text)):
            # Many servers know no JSON schema; the same question is asked again with less.
            with self._lock:
                if self._formats[0] == format:
                    self._formats.pop(0)
            return self._once(messages, schema)
        if status != 200:
            raise EndpointError(
                f"{self.address} answered {status}: {_reason(text) or 'no reason given'}.{_hint(status)}"
            )
        return _reply(text, self.model)

    def _post(self, body: Mapping[str, Any]) -> tuple[int, Mapping[str, str], str]:
        import httpx

        with self._client.stream("POST", f"{self.address}/chat/completions", json=body) as response:
            pieces, size, until = [], 0, time.monotonic() + self.timeout
            for piece in response.iter_bytes():
                size += len(piece)
                # A server that drips a byte a minute never times out by itself.
                if size > LARGEST_ANSWER or time.monotonic() > until:
                    raise httpx.ReadTimeout("too much or too slow")
                pieces.append(piece)
            return response.status_code, response.headers, b"".join(pieces).decode("utf-8", "replace")


WAIT = "\x1f"
"""Between what a server said and how long it asked to wait."""


def _is_about_format(reason: str) -> bool:
    """Whether a refusal may be about response_format; one that only names the model is not."""
    low = reason.lower()
    return "response_format" in low or "schema" in low or "model" not in low


def _asked_wait(said: str) -> float:
    try:
        return min(LONGEST_PATIENCE, max(0.0, float(said.partition(WAIT)[2])))
    except ValueError:
        return 0.0


def _format(format: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    if format == "json_schema":
        return {"response_format": {"type": format, "json_schema": {"name": "codings", "schema": dict(schema)}}}
    return {"response_format": {"type": format}} if format else {}


def _reply(text: str, asked: str) -> tuple[Reply | None, str]:
    try:
        told = json.loads(text)
        choice = told["choices"][0]
        raw = choice["message"]["content"] or ""
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return None, "what it sent is no chat completion"
    if not isinstance(raw, str):
        return None, "what it sent is no text"
    usage = told.get("usage") if isinstance(told.get("usage"), dict) else {}
    asked_for, answered = usage.get("prompt_tokens"), usage.get("completion_tokens")
    tokens = (asked_for, answered) if isinstance(asked_for, int) and isinstance(answered, int) else None
    name = told.get("model") if isinstance(told.get("model"), str) else asked
    version = f" {told['system_fingerprint']}" if isinstance(told.get("system_fingerprint"), str) else ""
    raw = raw.encode("utf-8", "replace").decode()  # half a surrogate cannot be kept in a file
    return Reply(raw, f"{name}{version}", tokens, choice.get("finish_reason") != "length"), ""


def _reason(text: str) -> str:
    try:
        told = json.loads(text)
        error = told.get("error", told)
        reason = error.get("message", "") if isinstance(error, dict) else error
    except (ValueError, AttributeError, RecursionError):
        reason = text
    return " ".join(str(reason).split())[:160]


def _hint(status: int) -> str:
    if status in (401, 403):
        return " Name the environment variable that holds the key with --key-from."
    return " Does the address end in /v1, and is the model's name right?" if status == 404 else ""
