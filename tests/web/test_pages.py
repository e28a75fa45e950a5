"""Every page of the invented study in a real browser: no complaint, nothing from outside, nothing that axe objects to, in three languages."""

from __future__ import annotations

import pytest

from tests.web.living import CHROMIUM, FLAGS, NEEDED, account, barriers, serving, settled, watched

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM and not NEEDED, reason="no browser: WENESS_CHROMIUM names one"),
]
PAGES = {
    "studies": "/",
    "account": "/account",
    "overview": "{study}/overview",
    "texts": "{study}/texts",
    "reader": "{study}/texts/1",
    "turns": "{study}/texts/1/turns",
    "search": "{study}/search?q=cooperativa",
    "passages": "{study}/retrieve?code=TRUST",
    "export": "{study}/exports",
    "codebook": "{study}/codebook",
    "code": "{study}/codebook/code?code=TRUST",
    "versions": "{study}/codebook/versions",
    "review": "{study}/review",
    "actions": "{study}/actions",
    "step": "{study}/actions/ACT-26",
    "set-up": "{study}/setup",
}
"""Every page but those that need a second coder or a text that nobody coded (the demo is coded in full): these are in test_story.py.
A new page gets a line here."""


@pytest.fixture(scope="module")
def rooms(tmp_path_factory, new_database):
    """A browser, logged in, and the demo worked out: (context, address of the app, path of the study)."""
    from playwright.sync_api import sync_playwright

    with serving(tmp_path_factory.mktemp("pages"), new_database()) as server, sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = chromium.new_context(locale="en-GB", viewport={"width": 1400, "height": 900})
        page = context.new_page()
        account(page, server.link, "Ana")
        page.get_by_role("button", name="Open the invented study").click()
        settled(page)
        study = page.url.removesuffix("/overview").removeprefix(server.address)
        page.close()
        yield context, server.address, study
        chromium.close()


def shown(rooms, name: str, language: str):
    context, address, study = rooms
    page = watched(context.new_page(), address)
    if not [one for one in context.cookies() if one["name"] == "weness_language" and one["value"] == language]:
        page.goto(f"{address}/account")
        with page.expect_navigation():
            page.evaluate("l => document.querySelector(`button[name=language][value=${l}]`).click()", language)
    answer = page.goto(address + PAGES[name].format(study=study), wait_until="networkidle")
    assert answer.status == 200, name
    assert page.locator("html").get_attribute("lang") == language
    return page


@pytest.mark.parametrize("language", ["en", "es", "nl"])
def test_every_page_opens_without_a_complaint_and_axe_finds_nothing(rooms, language):
    told = []
    for name in PAGES:
        page = shown(rooms, name, language)
        told += [f"{name}: {one}" for one in page.complaints]
        # What axe looks at is the same in every language, and it takes seconds a page.
        told += [f"{name}: {one}" for one in barriers(page)] if language == "en" else []
        page.close()
    assert told == []


def test_every_page_fits_a_tablet(rooms):
    told = []
    for name in PAGES:
        page = shown(rooms, name, "nl")
        page.set_viewport_size({"width": 820, "height": 1180})
        if page.evaluate("() => document.documentElement.scrollWidth") > 820:
            told.append(name)
        page.close()
    assert told == []


def test_an_address_that_is_not_there_is_a_page_in_words(rooms):
    context, address, study = rooms
    page = context.new_page()
    assert page.goto(f"{address}{study}/texts/999").status == 404
    assert page.locator("main [role=alert]").inner_text()
    assert "Traceback" not in page.content()
    page.close()


def test_who_is_not_known_yet_finds_no_barrier_either(rooms):
    context, address, _ = rooms
    stranger = context.browser.new_context(locale="es-CO")
    page = watched(stranger.new_page(), address)
    page.goto(f"{address}/")
    assert page.url.startswith(f"{address}/login")
    assert page.locator("html").get_attribute("lang") == "es"
    assert barriers(page) == []
    assert page.complaints == []
    stranger.close()
