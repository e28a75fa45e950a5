"""The words of the report: complete in three languages, and the same facts in each."""

import re
from string import Formatter

import pytest

from tests.fakes_findings import findings
from weness import library
from weness.measuring.measures import STATES, TIERS, WORDS
from weness.reporting.figures import layout
from weness.reporting.wording import measure_words, wording


@pytest.mark.parametrize("language", ["es", "nl"])
def test_every_line_is_there_in_every_language_with_the_same_facts(language):
    english, other = wording("en").lines, wording(language).lines
    assert english.keys() == other.keys()
    for name, line in english.items():
        assert _facts(line) == _facts(other[name]), name


@pytest.mark.parametrize("language", ["es", "nl"])
def test_no_line_was_left_in_english(language):
    english, other = wording("en").lines, wording(language).lines
    same = {name for name, line in english.items() if line == other[name] and len(line) > 14}
    assert same == set()


def test_every_state_word_and_tier_of_the_measures_has_its_word():
    words = wording("en")
    for name in (*(f"word.{one}" for one in WORDS), *(f"tier.{one}" for one in TIERS)):
        assert words.has(name)
    assert all(words.has(f"state.{one.replace(' ', '_')}") for one in STATES)


def test_the_measures_have_the_same_titles_to_fill_in_every_language():
    titled = {language: set(measure_words(language)) for language in library.LANGUAGES}
    assert titled["en"] == titled["es"] == titled["nl"]


def test_every_measure_that_the_layout_names_has_a_title():
    rules = layout()
    named = {name for group in ("we", "balances", "signals", "emergence") for name in rules[group]}
    assert named <= set(measure_words("en"))


def test_a_name_that_nobody_worded_is_shown_as_it_is():
    words = wording("en")
    assert words.measure("no_such_measure") == "no such measure"
    assert words.or_same("flag", "new_flag") == "new flag"


def test_a_line_that_is_asked_for_and_not_there_is_named():
    with pytest.raises(KeyError, match=r"front\.nowhere"):
        wording("nl")("front.nowhere")


def test_no_line_of_the_library_is_without_use():
    """Every shelf is either named in code or template, or keyed by what findings hold."""
    from pathlib import Path

    import weness.reporting

    root = Path(weness.reporting.__file__).parent
    told = "".join(path.read_text("utf-8") for path in root.rglob("*") if path.suffix in (".py", ".html"))
    shelves = {name.split(".")[0] for name in wording("en").lines}
    assert {shelf for shelf in shelves if not re.search(rf"['\"(]{shelf}\b", told)} == set()


def test_the_decimals_are_those_of_the_language():
    assert wording("en").decimal(-0.5) == "−0.50"
    assert wording("es").decimal(0.5) == "0,50"
    assert findings().corpus.languages == ("en", "es", "nl")


def _facts(line):
    return sorted(name for _, name, _, _ in Formatter().parse(line) if name)
