"""The claim: a text of 1 MB with 2,000 codings opens in under a second, and one more coding takes the server under 50 ms.

    python3 -m venv /tmp/taguette && /tmp/taguette/bin/pip install taguette==1.5.2        once, outside .venv: it is no dependency of weness
    .venv/bin/python -m bench.web_coding --taguette /tmp/taguette/bin/taguette [--opens 15] [--codings 100]
    .venv/bin/python -m bench.web_coding --alone                                         without the rival

A real `weness serve` and a real Taguette in its single-user mode, each with a home of its own, both on this machine, asked in turn over HTTP by one
client that keeps its connection open. Both hold the same text with 2,000 codings (Taguette: highlights with one tag) that were put straight into
their databases, and both are asked for one more, a passage of 20 to 400 characters, again and again. Times are what the client waits. "Opening" is every answer that the page needs before the text is there
with its codes: one for weness; for Taguette its page, the document's highlights and its contents. weness alone also holds what its machine suggests for this text.
Nothing is worked out in the background meanwhile; how long a coding takes while the findings are, is measured last. CPU is what the server's process computed for one of them, which other
work on the machine disturbs less (Linux).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx

WENESS = str(Path(sys.executable).with_name("weness"))
SIZE, CODINGS = 1_000_000, 2_000
NAME, PASSWORD = "Ana", "koffie-en-brug"
RIVAL = "taguette version 1.5.2"
Measured = tuple[list[float], float]
"""Seconds that the client waited, each time; seconds that the server computed for one."""
PLACE = re.compile(r'<script id="reader-facts" type="application/json">(.*?)</script>', re.S)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--taguette", metavar="PATH", help="the executable of Taguette 1.5.2")
    parser.add_argument("--alone", action="store_true", help="weness without its rival")
    parser.add_argument("--opens", type=int, default=15)
    parser.add_argument("--codings", type=int, default=100)
    asked = parser.parse_args()
    if not asked.alone:
        check_rival(asked.taguette)
    with tempfile.TemporaryDirectory(prefix="weness-bench-") as folder, rivals(asked, Path(folder)) as sides:
        for side in sides:
            print(f"{side.name:<16} {side.told}")
        rows = {
            "opening the text": taken_in_turn(sides, "open", asked.opens),
            "one coding": taken_in_turn(sides, "code", asked.codings),
        }
        sides[0].wait_for("running")
        rows["one coding while findings are worked out"] = taken_in_turn(sides[:1], "code", asked.codings // 2)
        print(f"\n{'':<42}{'':<16}{'median':>10}{'p95':>10}{'worst':>10}{'CPU':>10}{'ratio':>8}")
        for name, found in rows.items():
            for side, (times, cpu) in zip(sides, found, strict=False):
                ratio = statistics.median(times) / statistics.median(found[0][0])
                figures = (statistics.median(times), _p95(times), max(times), cpu)
                print(f"{name:<42}{side.name:<16}{''.join(map(_ms, figures))}{ratio:>8.1f}")
        verdicts(rows)


def verdicts(rows: dict[str, list[Measured]]) -> None:
    for name, limit in (("opening the text", 1.0), ("one coding", 0.05)):
        median = statistics.median(rows[name][0][0])
        print(f"{name}: {_ms(median).strip()}, limit {limit * 1000:.0f} ms: {'ok' if median < limit else 'OVER'}")


def check_rival(path: str | None) -> None:
    told = f"Install it beside weness:\n  python3 -m venv /tmp/taguette && /tmp/taguette/bin/pip install {RIVAL.replace(' version ', '==')}\n"
    told += "and name it with --taguette /tmp/taguette/bin/taguette (or measure weness alone with --alone)."
    try:
        said = subprocess.run(
            [path or "taguette", "--version"], capture_output=True, text=True, env=plain_home("/tmp")
        ).stdout
    except OSError:
        said = ""
    if RIVAL not in said:
        print(f"There is no {RIVAL.replace(' version', '')} at {path or 'the PATH'}. {told}", file=sys.stderr)
        sys.exit(2)


def taken_in_turn(sides: Sequence[Any], what: str, times: int) -> list[Measured]:
    """Each side asked ``times`` times, in turn, so that what else the machine does hits all alike. The first round is not counted."""
    found: list[list[float]] = [[] for _ in sides]
    for side in sides:
        getattr(side, what)()
    before = [cpu_of(side.pid) for side in sides]
    for _ in range(times):
        for side, each in zip(sides, found, strict=True):
            start = time.perf_counter()
            getattr(side, what)()
            each.append(time.perf_counter() - start)
    return [(each, (cpu_of(side.pid) - was) / times) for side, each, was in zip(sides, found, before, strict=True)]


def cpu_of(pid: int) -> float:
    """Seconds that the server's process has computed so far, as Linux counts them."""
    told = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def rivals(asked: argparse.Namespace, folder: Path) -> Iterator[list[Any]]:
    lines = narrative()
    home = folder / "weness"
    place = study_in(home, lines, CODINGS)
    with served(home) as (address, pid), httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
        weness = Weness(client, place, home, pid)
        if asked.alone:
            yield [weness]
            return
        with (
            taguette(asked.taguette, folder / "taguette") as (link, pid),
            httpx.Client(timeout=60, trust_env=False) as other,
        ):
            yield [weness, Taguette(other, link, folder / "taguette" / "db.sqlite3", lines, pid)]


class Weness:
    name = "weness"

    def __init__(self, client: httpx.Client, place: str, home: Path, pid: int):
        self.client, self.place, self.home, self.pid, self.chance = client, place, home, pid, random.Random(2)
        log_in(client)
        page = client.get(place)
        page.raise_for_status()
        self.facts = json.loads(PLACE.search(page.text)[1])  # type: ignore[index]
        self.codes = [one["id"] for one in self.facts["codes"] if one["family"] in ("B", "C")]
        rows = self.facts["rows"]
        self.told = f"page of {len(page.content) / 1e6:.1f} MB ({int(page.headers.get('content-length', 0)) / 1e6:.2f} MB sent), "
        self.told += f"{len(rows['coding'])} codings, {len(rows['suggestion'])} suggestions"

    def open(self) -> None:
        assert self.client.get(self.place).status_code == 200

    def code(self) -> None:
        start, end = a_passage(self.chance, self.facts["length"])
        said = {
            "op": f"{self.chance.random()}",
            "do": "code",
            "start": start,
            "end": end,
            "code": self.chance.choice(self.codes),
        }
        head = {"X-CSRFToken": self.client.cookies["csrftoken"], "Accept": "application/json"}
        answer = self.client.post(self.facts["do"], json=said, headers=head)
        assert answer.status_code == 200, answer.text
        assert answer.json()["changes"], answer.text

    def wait_for(self, state: str) -> None:
        with closing(sqlite3.connect(self.home / "weness.sqlite3")) as kept:
            while kept.execute("SELECT count(*) FROM weness_web_job WHERE state = ?", (state,)).fetchone() == (0,):
                time.sleep(0.1)


class Taguette:
    name = "Taguette 1.5.2"

    def __init__(self, client: httpx.Client, link: str, database: Path, lines: list[str], pid: int):
        self.client, self.pid, self.chance, self.length = client, pid, random.Random(2), sum(map(len, lines))
        self.root = link.split("/?")[0]
        client.get(link, follow_redirects=True).raise_for_status()
        made = client.post(
            f"{self.root}/project/new", data={"name": "Mill", "description": "", "_xsrf": self._secret("/project/new")}
        )
        self.project = made.headers["location"].rstrip("/").rsplit("/", 1)[1]
        self.api = f"{self.root}/api/project/{self.project}"
        self.head = {"X-XSRFToken": self._secret(f"/project/{self.project}")}
        page = "<html><body>" + "".join(f"<p>{line}</p>" for line in lines) + "</body></html>"
        sent = client.post(
            f"{self.api}/document/new", data={"name": "long", "description": ""},
            files={"file": ("long.html", page, "text/html")}, headers=self.head,
        )  # fmt: skip
        self.document = f"{self.api}/document/{sent.json()['created']}"
        tag = client.post(f"{self.api}/tag/new", json={"path": "trust", "description": ""}, headers=self.head)
        self.tag = tag.json()["id"]
        self._highlights(database, sent.json()["created"])
        size = sum(len(self.client.get(url).content) for url in self._addresses())
        self.told = (
            f"answers of {size / 1e6:.1f} MB, {len(self.client.get(self.document).json()['highlights'])} highlights"
        )

    def _secret(self, page: str) -> str:
        self.client.get(self.root + page).raise_for_status()
        return str(self.client.cookies["_xsrf"])

    def _highlights(self, database: Path, document: int) -> None:
        """As its own form would keep them: asking for 2,000 would take minutes."""
        chance = random.Random(1)
        with closing(sqlite3.connect(database)) as kept, kept:
            for _ in range(CODINGS):
                start, end = a_passage(chance, self.length)
                row = kept.execute(
                    "INSERT INTO highlights (document_id, start_offset, end_offset, snippet) VALUES (?, ?, ?, ?)",
                    (document, start, end, "x" * (end - start)),
                )
                kept.execute(
                    "INSERT INTO highlight_tags (highlight_id, tag_id) VALUES (?, ?)", (row.lastrowid, self.tag)
                )

    def _addresses(self) -> tuple[str, ...]:
        page = f"{self.root}/project/{self.project}/document/{self.document.rsplit('/', 1)[1]}"
        return page, self.document, f"{self.document}/contents"

    def open(self) -> None:
        for url in self._addresses():
            assert self.client.get(url).status_code == 200

    def code(self) -> None:
        start, end = a_passage(self.chance, self.length)
        said = {"start_offset": start, "end_offset": end, "tags": [self.tag]}
        answer = self.client.post(f"{self.document}/highlight/new", json=said, headers=self.head)
        assert answer.status_code == 200, answer.text


def narrative(size: int = SIZE) -> list[str]:
    """Turns of an interview made of words of the demo; as there, every third sentence has its "we"."""
    from weness import library

    told = " ".join(path.read_text("utf-8") for path in sorted((library.HERE / "demo").glob("*.md")))
    words = [word for word in told.encode("ascii", "ignore").decode().split() if word.isalpha()]
    chance, lines, length = random.Random(0), [], 0
    while length < size:
        sentences = [chance.choices(words, k=chance.randint(6, 20)) for _ in range(chance.randint(2, 9))]
        said = " ".join(f"{chance.choice(('We', 'They', 'She'))} {' '.join(one)}." for one in sentences)
        lines.append(f"{'IR'[len(lines) % 2]}: {said}")
        length += len(lines[-1]) + 2
    return lines


def a_passage(chance: random.Random, length: int) -> tuple[int, int]:
    start = chance.randrange(length - 500)
    return start, start + chance.randint(20, 400)


STUDY = """study: {id: long, name: Long, languages: [en]}
partners: [{id: mill, name: The Mill, sector: business, power: member}, {id: town, name: The Town, sector: government, power: member}]
speakers: [{id: ann, name: Ann, partner: mill, role: manager, aliases: [R]}, {id: int, name: Interviewer, partner: null, role: interviewer, aliases: [I]}]
waves: [{id: w1, from: 2024-01, to: 2024-03}]
documents: [{file: long.txt, wave: w1, date: 2024-02-01, genre: interview, language: en, partner: mill, speakers: [ann, int]}]
"""


def study_in(home: Path, lines: list[str], n_codings: int, suggest: bool = True) -> str:
    """A home with one account and one study that was read and coded, and has its suggestions; the address of its text."""
    os.environ |= {"WENESS_HOME": str(home), "DJANGO_SETTINGS_MODULE": "weness_web.settings"}
    os.environ.pop("WENESS_DATABASE_URL", None)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from django.db import connection
    from django.urls import reverse

    from weness_web import services
    from weness_web.home import folder_of
    from weness_web.models import Coding, Member, Study, User
    from weness_web.taking_up import put_suggestions, take_texts

    study = Study.objects.create(title="Long", page=STUDY)
    ana = User.objects.create_user(NAME, PASSWORD, language="en")
    Member.objects.create(study=study, user=ana, owner=True)
    folder = folder_of(study.pk)
    folder.mkdir(parents=True)
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    (folder / "long.txt").write_text("\n\n".join(lines), encoding="utf-8")
    take_texts(study, services.read(folder)[0])
    document = study.documents.get()
    if suggest:
        put_suggestions(study, services.suggestions(folder), {document.file: document})
    Coding.objects.bulk_create(_codings(study, document, n_codings))
    connection.close()
    return reverse("text", args=[study.pk, document.place])


def _codings(study: Any, document: Any, n: int) -> Iterator[Any]:
    """Half of them say whom a "we" means, half are codes on passages."""
    from weness_web import services
    from weness_web.models import Coding

    chance, families = random.Random(1), {id: code["family"] for id, code in services.codes().items()}
    whom, codes = ([id for id, family in families.items() if family in kinds] for kinds in ("A", "BC"))
    mentions = chance.sample(document.mentions, min(n // 2, len(document.mentions)))
    places = [(chance.choice(whom), one[0], one[1]) for one in mentions]
    places += [(chance.choice(codes), *a_passage(chance, document.length)) for _ in range(n - len(places))]
    for code, start, end in places:
        words = document.text[start:end]
        yield Coding(study=study, document=document, start=start, end=end, code=code, coder=NAME, words=words)


def log_in(client: httpx.Client) -> None:
    client.get("/login")
    said = {"name": NAME, "password": PASSWORD, "csrfmiddlewaretoken": client.cookies["csrftoken"]}
    assert client.post("/login", data=said).status_code == 302


@contextmanager
def served(home: Path) -> Iterator[tuple[str, int]]:
    """A `weness serve` of its own; its address and the id of its process."""
    port = free_port()
    command = [WENESS, "serve", "--home", str(home), "--port", str(port), "--no-browser"]
    with _running(command, dict(os.environ), r"weness is at (\S+)") as (_, pid):
        _until_it_answers(port)
        yield f"http://127.0.0.1:{port}", pid


@contextmanager
def taguette(path: str | None, folder: Path) -> Iterator[tuple[str, int]]:
    """The link that logs in to it, and the id of its process."""
    folder.mkdir()
    port = free_port()
    command = [path or "taguette", "--no-browser", "--port", str(port), "--database", str(folder / "db.sqlite3")]
    with _running(command, plain_home(folder), r"(http://localhost\S+token=\S+)") as (link, pid):
        yield link.replace("localhost", "127.0.0.1"), pid


def plain_home(folder: Path | str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8"}


@contextmanager
def _running(command: list[str], surroundings: dict[str, str], says: str) -> Iterator[tuple[str, int]]:
    """A server, once it has said where it is; it ends with the block."""
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(command, env=surroundings, stdout=log, stderr=subprocess.STDOUT)
        try:
            yield _said(process, log, says), process.pid
        finally:
            _ended(process)


def _ended(process: subprocess.Popen[bytes]) -> None:
    """As Ctrl+C does it: the server ends what it began itself."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _said(process: subprocess.Popen[bytes], log: Any, says: str) -> str:
    for _ in range(300):
        time.sleep(0.1)
        log.seek(0)
        told = log.read()
        if found := re.search(says, told):
            return found[1]
        if process.poll() is not None:
            break
    sys.exit(f"{process.args[0]} did not start: {told[-500:]}")  # type: ignore[index]


def _until_it_answers(port: int) -> None:
    for _ in range(100):
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _p95(times: list[float]) -> float:
    return sorted(times)[min(len(times) - 1, int(0.95 * len(times)))]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:>7.1f} ms"


if __name__ == "__main__":
    main()
