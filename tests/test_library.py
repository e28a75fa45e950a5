"""The library as a scholar edits it: three languages, tags, known names, sound numbers."""

import re
from itertools import pairwise

import pytest

from weness import library
from weness.advising.actions import actions
from weness.coding.codebook import codebook_named
from weness.reporting.wording import measure_words
from weness.staging.process import process_named

PROCESSES = library.names("processes")


def words_of(value):
    """Every {en, es, nl} mapping in a page."""
    if isinstance(value, dict):
        if "en" in value and isinstance(value["en"], str):
            yield value
        for inner in value.values():
            yield from words_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from words_of(inner)


@pytest.mark.parametrize(
    ("shelf", "name"),
    [(shelf, name) for shelf in ("codebooks", "processes", "actions") for name in library.names(shelf)],
)
def test_what_users_read_is_there_in_three_languages(shelf, name):
    found = list(words_of(library.page(shelf, name)))
    assert found or (shelf, name) == ("processes", "vandermeer2014")
    for words in found:
        assert set(library.LANGUAGES) <= set(words), words
        assert all(str(words[language]).strip() for language in library.LANGUAGES), words


def keys_of(value, path=()):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from keys_of(inner, (*path, key))
    else:
        yield path


@pytest.mark.parametrize("name", library.names("wording/en"))
def test_each_page_of_wording_has_the_same_keys_in_three_languages(name):
    english = set(keys_of(library.page("wording/en", name)))
    for language in ("es", "nl"):
        other = set(keys_of(library.page(f"wording/{language}", name)))
        assert english == other, english ^ other


def test_the_codebook_has_thirty_codes_that_roll_up_to_nineteen():
    codes = codebook_named().codes
    assert len(codes) == 30
    assert len({code.core for code in codes}) == 19


@pytest.mark.parametrize("name", PROCESSES)
def test_ranges_rise_and_every_indicator_is_a_measure_with_words(name):
    process = process_named(name)
    known = set(measure_words("en"))
    assert set(process.weights) <= known
    for stage in process.stages:
        assert stage.expects, stage.id
        for indicator, trapezoid in stage.expects.items():
            assert indicator in process.weights, (stage.id, indicator)
            assert all(one <= other for one, other in pairwise(trapezoid)), (stage.id, indicator)
    stages = {stage.id for stage in process.stages}
    assert {end for origin, goal, _ in process.moves for end in (origin, goal)} <= stages


@pytest.mark.parametrize("name", PROCESSES)
def test_stages_say_whether_they_are_published_or_our_own(name):
    for stage in process_named(name).stages:
        assert re.search(r"\[[A-Z]/?[A-Z]?\]|\d{4}", stage.source), stage.id


def test_there_are_forty_steps_and_each_names_its_sign_and_its_source():
    steps = actions()
    assert len(steps) == 40
    assert len({step.id for step in steps}) == 40
