"""Docs are a promise: what the program has, has a page, and the page says what is true today."""

import importlib.util
import re
from pathlib import Path

import pytest

from weness import library
from weness.advising.actions import actions
from weness.coding.codebook import codebook_named
from weness.coding.coder import CODERS
from weness.measuring.relations import RELATIONS
from weness.staging.process import process_named
from weness_web.command import app

DOCS = Path(__file__).parents[1] / "docs"
ROOT = DOCS.parent


def reference():
    spec = importlib.util.spec_from_file_location("reference", DOCS / "reference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["reference/codes.md", "reference/actions.md", "reference/stages.md",
                                  "reference/measures.md", "cli.md"])  # fmt: skip
def test_the_reference_pages_say_what_the_library_says_today(name):
    assert (DOCS / name).read_text("utf-8") == reference().page(name), "run: python docs/reference.py"


def test_every_code_action_stage_and_measure_has_its_heading():
    pages = {
        name: (DOCS / "reference" / f"{name}.md").read_text("utf-8")
        for name in ("codes", "actions", "stages", "measures")
    }
    for code in codebook_named().codes:
        assert f"## {code.id}\n" in pages["codes"]
    for action in actions():
        assert f"## {action.id} " in pages["actions"]
    for name in library.names("processes"):
        for stage in process_named(name).stages:
            assert f"### {name} {stage.id} " in pages["stages"]
        for measure in process_named(name).weights:
            assert f"## {measure}\n" in pages["measures"]
    for measure in RELATIONS:
        assert f"## {measure}\n" in pages["measures"]


def test_every_command_is_in_the_command_line_page():
    page = (DOCS / "cli.md").read_text("utf-8")
    for command in app.registered_commands:
        assert f"## weness {command.name or command.callback.__name__}\n" in page


def test_every_coder_is_told_of_in_the_page_about_coders():
    page = (DOCS / "coders.md").read_text("utf-8")
    for name in [*CODERS, "human"]:
        assert f"| `{name}` |" in page
    assert "<!-- end -->" in page
    for table in re.findall(r"<!-- table: \w+ -->\n(.*?)<!-- end -->", page, re.DOTALL):
        assert table.count("|") > 10, "run: python -m bench.coders --write, python -m bench.learning --write"


def test_every_link_between_pages_leads_somewhere():
    for page in [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "bench").glob("*.md")]:
        for link in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text("utf-8")):
            if "://" not in link:
                assert (page.parent / link).exists(), f"{page.name} links to {link}"


def test_every_decision_says_what_was_chosen():
    for page in (DOCS / "decisions").glob("*.md"):
        assert "**Chosen.**" in page.read_text("utf-8") or "Chosen" in page.read_text("utf-8"), page.name


def test_the_web_app_page_names_every_page_and_every_variable():
    from weness_web.pages import TABS
    from weness_web.words import words

    page = (DOCS / "web.md").read_text("utf-8")
    assert not [tab for tab in TABS if f"| {words('en')(f'common.tab.{tab}')} |" not in page]
    app_files = (ROOT / "src" / "weness_web").glob("*.py")
    variables = {name for path in app_files for name in re.findall(r'"(WENESS_[A-Z_]+)"', path.read_text("utf-8"))}
    assert not [name for name in sorted(variables) if f"`{name}`" not in page]


def test_every_page_has_its_screenshot_in_every_language():
    from tests.web.test_pages import PAGES

    missing = [
        f"{name}.{language}.jpg"
        for name in PAGES
        for language in library.LANGUAGES
        if not (DOCS / "screens" / f"{name}.{language}.jpg").is_file()
    ]
    assert not missing, "run: python docs/screenshots.py"
