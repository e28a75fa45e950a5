"""The app speaks three languages: every line is there in each, takes the same facts, and every line that a page asks for exists."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from weness_web import services
from weness_web.jobs import ORDER
from weness_web.words import HERE, words

APP = HERE.parent
ENGLISH = words("en")
SAYS = re.compile(r"{%-?\s*(say|say_n|say_or)\s+[\"']([\w.]+)[\"']")
ASKS = re.compile(r"""(?:Fault\(|\bw\(|words_for\(request\)\()\s*f?["']([a-z_]+\.[\w.]+)["']""")


def facts(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", ["es", "nl"])
def test_every_line_is_there_in_every_language_with_the_same_facts(language):
    other = words(language)
    assert set(other.lines) == set(ENGLISH.lines)
    for name, text in ENGLISH.lines.items():
        assert facts(other.lines[name]) == facts(text), name


@pytest.mark.parametrize("language", ["es", "nl"])
def test_a_line_of_several_words_is_not_left_in_english(language):
    same = [
        name
        for name, text in ENGLISH.lines.items()
        if len(text.split()) > 4 and words(language).lines[name] == text and facts(text) == set()
    ]
    assert not same


def test_every_line_that_a_template_says_is_there():
    missing = []
    for path in (APP / "templates").rglob("*.html"):
        for tag, name in SAYS.findall(path.read_text("utf-8")):
            if tag == "say":
                found = name in ENGLISH.lines
            elif tag == "say_n":
                found = f"{name}.one" in ENGLISH.lines and f"{name}.many" in ENGLISH.lines
            else:
                found = any(line.startswith(f"{name}.") for line in ENGLISH.lines)
            if not found:
                missing.append(f"{path.name}: {name}")
    assert not missing


def test_every_line_that_the_code_says_is_there():
    missing = []
    for path in set(APP.rglob("*.py")) - {APP / "services.py"}:  # which speaks with weness's own words
        for name in ASKS.findall(path.read_text("utf-8")):
            if name not in ENGLISH.lines:
                missing.append(f"{path.name}: {name}")
    assert not missing


def test_every_verb_and_every_job_has_a_word():
    verbs = set()
    for path in APP.rglob("*.py"):
        verbs |= set(re.findall(r"""\bact\(\s*[\w.]+,\s*[\w.]+,\s*["'](\w+)["']""", path.read_text("utf-8")))
    assert verbs
    assert not [verb for verb in verbs if f"common.verb.{verb}" not in ENGLISH.lines]
    assert all(f"common.job.{kind}" in ENGLISH.lines for kind in ORDER)


def test_what_is_not_written_is_an_error_that_names_it():
    with pytest.raises(KeyError, match=r"common\.no_such_line"):
        words("en")("common.no_such_line")


def test_no_template_lets_a_narrative_through_unescaped():
    """`|safe` stands in one place: the findings, which weness.reporting has escaped itself."""
    using = [path.name for path in (APP / "templates").rglob("*.html") if "|safe" in path.read_text("utf-8")]
    assert len(using) <= 1, using
    assert not [path for path in APP.rglob("*.html") if "autoescape off" in path.read_text("utf-8")]
    # text_lines.py escapes, and then names the line ends that a browser would change.
    assert [path.name for path in APP.rglob("*.py") if "mark_safe" in path.read_text("utf-8")] == ["text_lines.py"]


def test_no_page_names_an_address_outside_or_writes_script_or_style_into_itself():
    for path in (APP / "templates").rglob("*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"""(?:src|href|action)=["']?(?:https?:)?//""", text), path.name
        assert not re.search(r"<script(?![^>]*(?:src=|application/json))", text), path.name
        assert not re.search(r"""<style|<[^>{]*\s(?:style|on[a-z]+)=|hx-on""", text), path.name
    for path in [*(APP / "static").rglob("*.js"), *(APP / "static").rglob("*.css")]:
        told = re.findall(r"https?://[^\s\"')]+", path.read_text("utf-8"))
        assert not [one for one in told if "www.w3.org" not in one], path.name


def test_the_apps_languages_are_those_of_weness():
    assert {path.name for path in Path(HERE).iterdir()} == set(services.LANGUAGES)
