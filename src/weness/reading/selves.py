"""Where a text says "we": pronouns, possessives and, in Spanish, verbs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from weness import library
from weness.reading.verb_endings import form_of

Self = tuple[int, int, str]
"""(start, end, form)"""


@dataclass(frozen=True, slots=True)
class _Lexicon:
    words: re.Pattern[str]
    forms: dict[str, str]
    undecided: frozenset[str]
    object_after: frozenset[str]
    capitals: frozenset[str]
    quantities: frozenset[str]
    phrases: re.Pattern[str] | None
    fixed: frozenset[str]
    unless: tuple[str, ...]
    fillers: frozenset[str]


def selves_in(text: str, language: str) -> list[Self]:
    """(start, end, form) of the collective selves of a text, form being pronoun, possessive or verb.

    "we're" gives "we". What only looks alike (the US, an *ons* of ham, Nuestra Señora, *digamos*) is left out.
    """
    lexicon = _lexicon(language)
    barred = [match.span() for match in lexicon.phrases.finditer(text)] if lexicon.phrases else []
    found = []
    for match in lexicon.words.finditer(text):
        word = match.group()
        low = word.lower()
        form = lexicon.forms.get(low) or (form_of(low) if language == "es" else None)
        if low in lexicon.undecided:
            form = _object_or_possessive(text, *match.span(), lexicon)
        if form is None or _looks_alike(text, match, low, lexicon):
            continue
        if any(begin <= match.start() < end for begin, end in barred):
            continue
        found.append((match.start(), match.end(), form))
    return found


def _looks_alike(text: str, match: re.Match[str], low: str, lexicon: _Lexicon) -> bool:
    start, end = match.span()
    if low in lexicon.capitals and match.group().isupper():
        return not _shouts(text, start, end)
    if low in lexicon.fixed:
        before = text[max(0, start - 20) : start].lower().rstrip()
        return not before.endswith(lexicon.unless)
    if low in lexicon.fillers:
        before, after = text[max(0, start - 9) : start].rstrip()[-1:], text[end : end + 1]
        return before in (",", "…", ";") and after in (",", "…", ";")
    if low in lexicon.undecided and lexicon.quantities:
        return (
            _word_before(text, start) in lexicon.quantities or text[max(0, start - 9) : start].rstrip()[-1:].isdigit()
        )
    return False


def _shouts(text: str, start: int, end: int) -> bool:
    around = text[max(0, start - 30) : start] + text[end : end + 30]
    return around.isupper() and len(around.split()) > 1


def _object_or_possessive(text: str, start: int, end: int, lexicon: _Lexicon) -> str:
    followed = re.match(r"\s+[^\W\d_]", text[end : end + 8])
    return "pronoun" if not followed or _word_before(text, start) in lexicon.object_after else "possessive"


def _word_before(text: str, start: int) -> str:
    found = re.search(r"([^\W\d_]+)\s*$", text[max(0, start - 20) : start])
    return found[1].lower() if found else ""


@cache
def _lexicon(language: str) -> _Lexicon:
    page = library.page(f"lexicons/{language}", "mentions")
    undecided = page.get("object_or_possessive", ())
    words = [*page["pronouns"], *page["possessives"], *undecided]
    # A word in -mos, or with -nos or -lo behind it, is looked at; the rest of the Spanish verbs carry no "we".
    endings = [r"[^\W\d_]+?(?:mos|nos)(?:te|l[aeo]s?|les?)?"] if "verb_endings" in page else []
    any_word = "|".join([*sorted(words, key=len, reverse=True), *endings])
    phrases = "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in page["not_mentions"])
    forms = dict.fromkeys(page["pronouns"], "pronoun") | dict.fromkeys(page["possessives"], "possessive")
    return _Lexicon(
        # Not within an address (at.us), and no compound behind (wij-gevoel).
        re.compile(rf"(?<![\w@/])(?<!\w\.)(?:{any_word})(?![\w@]|-\w)", re.IGNORECASE),
        forms,
        frozenset(undecided),
        frozenset(page.get("object_after", ())),
        frozenset(page["capitals_only_as_word"]),
        frozenset(page["quantities"]),
        re.compile(rf"\b(?:{phrases})\b", re.IGNORECASE) if phrases else None,
        frozenset(page.get("fixed_verbs", ())),
        tuple(page.get("fixed_unless_after", ())),
        frozenset(page.get("filler_verbs", ())),
    )
