"""Writes docs/screens/PAGE.LANGUAGE.jpg: every page of the web app, with the invented study alone.

WENESS_CHROMIUM=/usr/bin/chromium python docs/screenshots.py
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.web.living import CHROMIUM, FLAGS, account, serving, settled  # noqa: E402
from tests.web.test_pages import PAGES  # noqa: E402

OUT = Path(__file__).parent / "screens"
LANGUAGES = ("en", "es", "nl")
SIZE = {"width": 1280, "height": 860}


def main() -> None:
    if not CHROMIUM:
        sys.exit("WENESS_CHROMIUM names no browser.")
    from playwright.sync_api import sync_playwright

    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as home, serving(Path(home)) as server, sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = chromium.new_context(locale="en-GB", viewport=SIZE).new_page()
        for language in LANGUAGES:
            other = chromium.new_context(locale=language, viewport=SIZE).new_page()
            other.goto(server.link)
            taken(other, f"first-start.{language}")
            other.close()
        account(page, server.link, "Ana")
        page.get_by_role("button", name="Open the invented study").click()
        settled(page)
        study = page.url.removesuffix("/overview").removeprefix(server.address)
        plans(page, f"{server.address}{study}")
        for language in LANGUAGES:
            page.goto(f"{server.address}/account")
            with page.expect_navigation():
                page.evaluate("l => document.querySelector(`button[name=language][value=${l}]`).click()", language)
            for name, path in PAGES.items():
                page.goto(server.address + path.format(study=study), wait_until="networkidle")
                taken(page, f"{name}.{language}")
        chromium.close()


def plans(page, study: str) -> None:
    """Two steps on the board, so that the page shows what it is for."""
    for owner, due in (("Rosalba", "2025-03-01"), ("Femke", "2025-04-15")):
        page.goto(f"{study}/actions")
        page.locator("main a[href*='/actions/']").nth(0 if owner == "Rosalba" else -1).click()
        page.locator("#owner").fill(owner)
        page.locator("#due").fill(due)
        page.locator("section.adopt button.main").click()
        page.wait_for_selector("#board li.card")


def taken(page, name: str) -> None:
    page.wait_for_timeout(400)
    page.screenshot(path=OUT / f"{name}.jpg", type="jpeg", quality=72)


if __name__ == "__main__":
    main()
