"""The page in a real browser: offline, nothing refused by its own policy, one A4 for the first page, no sideways scroll."""

import os

import pytest

from tests.fakes_findings import findings
from weness.reporting import write_report

CHROMIUM = os.environ.get("WENESS_CHROMIUM", "")
NEEDED = os.environ.get("WENESS_NEEDS_BROWSER") == "1"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM and not NEEDED, reason="no browser: WENESS_CHROMIUM names one"),
]


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    return write_report(findings(), tmp_path_factory.mktemp("report"), "nl")


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        chromium = play.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
        )
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser, report):
    opened = []

    def opener(width=1280, **settings):
        page = browser.new_page(viewport={"width": width, "height": 900}, **settings)
        page.said, page.asked = [], []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(report.as_uri())
        opened.append(page)
        return page

    yield opener
    for page in opened:
        page.close()


def test_the_page_opens_without_a_word_of_complaint_and_asks_for_nothing_else(open_page):
    page = open_page()
    assert page.said == []
    assert [url for url in page.asked if not url.startswith("file:")] == []
    assert len(page.asked) == 1


def test_a_number_opens_its_quotes_and_a_quote_its_place_in_the_text(open_page):
    page = open_page()
    page.click(".card a.ev >> nth=0")
    assert page.is_visible("dialog[open] blockquote")
    page.click("dialog[open] blockquote + figcaption a >> nth=0")
    assert not page.is_visible("dialog[open]")
    assert page.evaluate("document.querySelector('.doc p:target') !== null")
    assert page.said == []


def test_without_a_script_a_number_still_leads_to_its_quotes(open_page):
    page = open_page(java_script_enabled=False)
    page.click(".card a.ev >> nth=0")
    assert page.is_visible(".entry:target blockquote >> nth=0")


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_the_page_never_scrolls_sideways(open_page, width):
    page = open_page(width)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_first_page_fits_one_sheet_and_stands_on_its_own(open_page, tmp_path):
    import pypdfium2

    path = tmp_path / "report.pdf"
    open_page().pdf(path=path, prefer_css_page_size=True)
    sheets = pypdfium2.PdfDocument(path)
    first, second = (" ".join(sheets[n].get_textpage().get_text_range().split()) for n in (0, 1))
    assert "Voor de analist" in first
    assert "Nu niets doen" in first
    assert "De fase door de rondes heen" not in first
    assert second.startswith("De fase door de rondes heen")
