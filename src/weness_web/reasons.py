"""Why a machine says what it says, in the reader's language, as far as weness gives its reasons in set words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from weness_web.words import Words

SHAPES = (
    (re.compile(r"^like passages that readers coded so$"), "like_readers"),
    (re.compile(r"^the words around it and the mentions near by$"), "around"),
    (re.compile(r"^(?P<who>.+) is spoken of by name, as an other$"), "by_name"),
    (re.compile(r"^they: (?P<who>.+) was spoken of last$"), "they"),
    (re.compile(r"^'(?P<cue>.+)' has a cue here$"), "has_cue"),
    (re.compile(r"^'(?P<cue>.+)' is a cue for (?P<code>.+)$"), "is_cue"),
    (re.compile(r"^no reading is clear$"), "unclear"),
    (re.compile(r"^people of other partners are named$"), "people_named"),
    (re.compile(r"^the partnership acts, called by name$"), "partnership_acts"),
    (re.compile(r"^the model gave no usable answer$"), "no_answer"),
    (re.compile(r"^apposition: the partners together: '(?P<cue>.+)'$"), "apposed"),
    (re.compile(r"^all together: '(?P<cue>.+)'$"), "together"),
    (re.compile(r"^what partners do with one another: '(?P<cue>.+)'$"), "with_one_another"),
    (re.compile(r"^what one house does: '(?P<cue>.+)'$"), "house_does"),
    (re.compile(r"^words of one house: '(?P<cue>.+)'$"), "house_words"),
    (re.compile(r"^the own house: '(?P<cue>.+)'$"), "own_house"),
    (re.compile(r"^asked about the own house: '(?P<cue>.+)'$"), "asked_house"),
    (re.compile(r"^set against an other: '(?P<cue>.+)'$"), "against_other"),
    (re.compile(r"^set against others: '(?P<cue>.+)'$"), "against_others"),
    (re.compile(r"^stressed, often set against others: '(?P<cue>.+)'$"), "stressed"),
    (re.compile(r"^unstressed: '(?P<cue>.+)'$"), "unstressed"),
)
"""What weness says, and the line of the wording that says it; what is not here, a scholar's own cue say, stays as it is."""


def reason(why: str, w: Words, names: Mapping[str, str] | None = None) -> str:
    """``names``: what partners and codes are called, by id."""
    return "; ".join(_said(part, w, names or {}) for part in why.split("; ")) if why else ""


def _said(part: str, w: Words, names: Mapping[str, str]) -> str:
    line, facts = _known(part)
    return w(f"reader.reason.{line}", **{name: names.get(fact, fact) for name, fact in facts.items()}) if line else part


@lru_cache(maxsize=4096)
def _known(part: str) -> tuple[str, dict[str, str]]:
    for shape, line in SHAPES:
        found = shape.match(part)
        if found:
            return line, found.groupdict()
    return "", {}
