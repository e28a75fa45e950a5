"""The claim: 3,000 highlights on a text of 1 MB are painted in under 50 ms, and the text is there and can be worked with in under a second.

    .venv/bin/python -m bench.web_painting [--chromium PATH] [--times 9]

The reader as it is, in real Chromium (WENESS_CHROMIUM or /usr/bin/chromium), served by a real `weness serve` on this machine: 3,000 codings of a person and
no suggestions, so that just the 3,000 are painted. Measured inside the page:

* one script and frame: from the call of the reader's own paint() to the first task after the frame that shows it (a message posted in that frame's
  requestAnimationFrame is handled once style, layout and paint of the frame are done). `in view` is what the reader does at every action and scroll: only
  what is near the screen. `all 3,000` is the same for the whole text, which it does not need to do. The frame is waited for before the clock starts, so that no time is spent
  on waiting for the screen's next beat;
* opening: from the start of the navigation, with an empty cache, to the end of the answer, to the first paint of a paragraph of the text
  (Chromium's first largest-contentful-paint), and to the moment at which the reader's scripts are done, the
  highlights are set, and a frame is shown: from then on a key is answered.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page, sync_playwright

from bench.web_coding import log_in, narrative, served, study_in

HIGHLIGHTS = 3_000
CLOCK = """() => {
  window.painted = work => new Promise(done => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      const began = performance.now();
      work();
      const scripted = performance.now();
      requestAnimationFrame(() => {
        const after = new MessageChannel();
        after.port1.onmessage = () => done([scripted - began, performance.now() - began]);
        after.port2.postMessage(0);
      });
    };
    channel.port2.postMessage(0);
  }));
}"""
COUNT = "() => Array.from(CSS.highlights.values()).reduce((sum, one) => sum + one.size, 0)"
READY = """() => new Promise(done => {
  const look = () => window.reader && CSS.highlights.size
    ? requestAnimationFrame(() => { const c = new MessageChannel(); c.port1.onmessage = () => done(performance.now()); c.port2.postMessage(0); })
    : setTimeout(look, 5);
  look();
})"""
SHOWN = """() => new Promise(done => new PerformanceObserver(list => done([
  performance.getEntriesByType("navigation")[0].responseEnd, list.getEntries()[0].startTime,
])).observe({ type: "largest-contentful-paint", buffered: true }))"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--chromium", default=os.environ.get("WENESS_CHROMIUM") or "/usr/bin/chromium")
    parser.add_argument("--times", type=int, default=9)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="weness-bench-") as folder:
        home = Path(folder) / "weness"
        place = study_in(home, narrative(), HIGHLIGHTS, suggest=False)
        with served(home) as (address, _), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=asked.chromium, args=["--no-sandbox"])
            print(f"Chromium {browser.version}, {HIGHLIGHTS:,} codings, 1 MB")
            measure(browser, address, place, asked.times)
            browser.close()


def measure(browser: Any, address: str, place: str, times: int) -> None:
    rows: dict[str, list[float]] = {}
    for _ in range(times):
        # A window of its own each time: nothing is kept from the time before but that one is logged in.
        with browser.new_context(viewport={"width": 1400, "height": 900}) as window:
            window.add_cookies(logged_in(address))
            page = window.new_page()
            page.goto(address + place, wait_until="commit")
            ready = page.evaluate(READY)
            received, shown = page.evaluate(SHOWN)
            _keep(rows, {"page received": received, "text shown (limit 1000)": shown})
            _keep(rows, {"text and codes ready (limit 1000)": ready})
            _keep(rows, painted(page))
    print(f"{'':<44}{'median':>12}{'worst':>12}")
    for name, each in rows.items():
        print(f"{name:<44}{statistics.median(each):>9.1f} ms{max(each):>9.1f} ms")


def painted(page: Page) -> dict[str, float]:
    """From the call to the frame, in the middle of the text: first what is in view, then everything."""
    page.evaluate("() => reader.blocks[Math.floor(reader.blocks.length / 2)].scrollIntoView()")
    page.wait_for_timeout(400)
    page.evaluate(CLOCK)
    view = page.evaluate("() => painted(() => reader.paint())")
    seen = page.evaluate(COUNT)
    # A "we" that nobody answered has a line of its own beneath it: without them, just the 3,000.
    page.evaluate("() => { reader.mentions.length = 0; CSS.highlights.clear(); }")
    page.wait_for_timeout(100)
    everything = page.evaluate("() => painted(() => reader.paint(true))")
    n = page.evaluate(COUNT)
    assert n == HIGHLIGHTS > seen > 0, f"{n} highlights, {seen} of them in view"
    return {
        "in view, script": view[0],
        "in view, script and frame (limit 50)": view[1],
        "all 3,000, script": everything[0],
        "all 3,000, script and frame (limit 50)": everything[1],
    }


def logged_in(address: str) -> list[Any]:
    with httpx.Client(base_url=address, timeout=30, trust_env=False) as client:
        log_in(client)
        return [{"name": name, "value": value, "url": address} for name, value in client.cookies.items()]


def _keep(rows: dict[str, list[float]], told: dict[str, float]) -> None:
    for name, value in told.items():
        rows.setdefault(name, []).append(value)


if __name__ == "__main__":
    main()
