"""A model server on loopback that behaves, or misbehaves on purpose, and remembers every byte that reached it."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Manner = Callable[["ModelServer", dict[str, Any]], Any]


class ModelServer:
    """``manner(server, request)`` gives what to send: a dict or text (a good answer), (status, headers, bytes), or None (hang up)."""

    def __init__(self, manner: Manner | None = None) -> None:
        self.manner = manner or careful
        self.requests: list[dict[str, Any]] = []
        self.raw = b""
        self.let_go = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                request = json.loads(body)
                outer.raw += body + json.dumps(dict(self.headers)).encode()
                outer.requests.append(request)
                said = outer.manner(outer, request)
                if said is None:
                    self.close_connection = True
                    return
                status, headers, sent = said if isinstance(said, tuple) else (200, {}, completion(said))
                try:
                    self.send_response(status)
                    for name, value in headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(sent)))
                    self.end_headers()
                    self.wfile.write(sent)
                except (BrokenPipeError, ConnectionResetError):
                    pass

            def log_message(self, *told: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._http.block_on_close = False
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def __enter__(self) -> ModelServer:
        return self

    def __exit__(self, *told: object) -> None:
        self.let_go.set()
        self._http.shutdown()
        self._http.server_close()


def completion(said: Any, finish: str = "stop", model: str = "tiny-test-1") -> bytes:
    content = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
    return json.dumps(
        {
            "model": model,
            "choices": [{"message": {"role": "assistant", "content": content}, "finish_reason": finish}],
            "usage": {"prompt_tokens": 9000, "completion_tokens": 40},
        },
        ensure_ascii=False,
    ).encode()


def careful(server: ModelServer, request: dict[str, Any]) -> Any:
    """Says WE_OWN of every self, THEY_PARTNER of names, and codes the passage's first sentence as a PROCEDURE."""
    if "groups" in request["messages"][0]["content"]:
        return {"groups": []}
    return answer_to(passage_in(request))


def passage_in(request: dict[str, Any]) -> str:
    asked = [message["content"] for message in request["messages"] if "<passage>" in message["content"]]
    return asked[0].split("<passage>\n")[1].split("\n</passage>")[0]


def answer_to(passage: str, code: str = "WE_OWN") -> dict[str, Any]:
    numbers = [int(one) for one in re.findall(r"⟦(\d+):", passage)]
    first = re.sub(r"⟦\d+:([^⟧]*)⟧", r"\1", passage).split(". ")[0]
    return {
        "mentions": [{"n": number, "code": code, "sure": 0.9} for number in numbers],
        "segments": [
            {
                "quote": first,
                "code": "PROCEDURE",
                "sure": 0.7,
                "stance": "shared",
                "item": "walk first",
                "holder": "partnership",
            }
        ],
    }
