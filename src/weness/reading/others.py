"""Who is spoken of as an other: fellow partners by name or as "they", and the partnership itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from weness import library
from weness.reading.corpus import Sentence
from weness.reading.named import PARTNERSHIP, Name

Found = tuple[int, int, str, str, str | None]
"""(start, end, form, of, target), as in a Mention."""

REACH = 2
"""A "they" looks for its partner in its own sentence and in so many before, of the same turn."""


GENITIVE = re.compile(r"['’](?!(?:ve|re|d|ll)\b)")
"""What belongs to a partner ("Fernlea's solicitor") is not the partner."""


@dataclass(frozen=True, slots=True)
class _Lexicon:
    openers: frozenset[str]
    listed: frozenset[str]
    acting: re.Pattern[str]
    collectives: re.Pattern[str]
    others: re.Pattern[str]
    plural_check: frozenset[str]
    groups: tuple[str, ...]
    rivals: re.Pattern[str]


class Others:
    """Goes through the sentences in their order and remembers which partner was spoken of last in the turn."""

    def __init__(self) -> None:
        self.turn = -1
        self.last: str | None = None
        self.age = 0

    def of_sentence(self, sentence: Sentence, low: str, names: list[Name]) -> list[Found]:
        """Only words of somebody who stands for a partner: to a journalist, all of them are others."""
        if sentence.turn != self.turn or self.age >= REACH:
            self.turn, self.last, self.age = sentence.turn, None, 0
        self.age += 1
        if sentence.partner is None:
            return []
        lexicon = _lexicon(sentence.language)
        found = _named_others(low, names, sentence.partner, lexicon)
        found += _as_a_body(low, names, lexicon)
        found += self._pronouns(low, names, sentence.partner, lexicon)
        return found

    def _pronouns(self, low: str, names: list[Name], own: str, lexicon: _Lexicon) -> list[Found]:
        """ "They" is the partner named last, unless several people or things were named in between."""
        found: list[Found] = []
        steps = [(name.start, name.end, name) for name in names if not name.person and name.who != PARTNERSHIP]
        rivals = [
            (match.start(), match.end(), None)
            for match in lexicon.rivals.finditer(low)
            if not any(
                name.start <= match.start() < name.end or match.start() <= name.start < match.end() for name in names
            )
        ]
        pronouns = [(match.start(), match.end(), match) for match in lexicon.others.finditer(low)]
        for start, end, what in sorted([*steps, *rivals, *pronouns], key=lambda step: step[:2]):
            if isinstance(what, Name):
                self.last, self.age = (what.who if what.who != own else None), 0
            elif what is None:
                self.last = None
            elif self.last and _is_plural(low, what, lexicon):
                found.append((start, end, "pronoun", "other", self.last))
                self.age = 0
        return found


def _named_others(low: str, names: list[Name], own: str, lexicon: _Lexicon) -> list[Found]:
    """A partner's name as subject, or set against another; a name in a list or behind "of" is no contrast."""
    found: list[Found] = []
    for name in names:
        if name.person or name.who in (own, PARTNERSHIP) or GENITIVE.match(low, name.end):
            continue
        group = _group_before(low, name, lexicon)
        if group is not None:
            found.append((group, name.end, "name", "other", name.who))
        elif name.plain and _stands_first(low, name.start, lexicon) and not _is_listed(low, name, names, lexicon):
            found.append((name.start, name.end, "name", "other", name.who))
    return found


def _as_a_body(low: str, names: list[Name], lexicon: _Lexicon) -> list[Found]:
    """The partnership as subject of what only a body does: a self, or an other where it does so to us."""
    places = [(name.start, name.end) for name in names if name.who == PARTNERSHIP]
    places += [
        match.span()
        for match in lexicon.collectives.finditer(low)
        if not any(name.start < match.end() and match.start() < name.end for name in names)
    ]
    found: list[Found] = []
    for start, end in places:
        acts = lexicon.acting.match(low, end)
        if acts and _stands_first(low, start, lexicon):
            target = PARTNERSHIP if acts["object"] or acts["objected"] else None
            found.append((start, end, "name", "other" if target else "self", target))
    return found


def _stands_first(low: str, start: int, lexicon: _Lexicon) -> bool:
    before = low[max(0, start - 24) : start].rstrip(" \"'“‘«¿¡*_\n")
    if not before or not before[-1].isalpha():
        return True
    word = re.search(r"[^\W\d_]+$", before)
    return word is not None and word.group() in lexicon.openers


def _is_listed(low: str, name: Name, names: list[Name], lexicon: _Lexicon) -> bool:
    """ "with the council, the trust and the college": no verb between the names."""
    after = re.match(r"\s*(?:,|(?P<word>[^\W\d_]+))\s*", low[name.end :])
    if after is None or (after["word"] and after["word"] not in lexicon.listed):
        return False
    follows = name.end + after.end()
    rest = low[follows : follows + 30]
    opens = any(name.end < other.start <= follows + 4 for other in names)
    return opens and re.search(r"[^\W\d_]+\s", rest) is not None and not _verb_follows(low, name, names)


def _verb_follows(low: str, name: Name, names: list[Name]) -> bool:
    """Two names as one subject ("the trust and Van Eerd think") stand first and are followed by something."""
    last = max(other.end for other in names)
    opens = not low[: name.start].strip(" \"'“‘«*_")
    return opens and bool(re.match(r"\s+[^\W\d_]+", low[last:]))


def _group_before(low: str, name: Name, lexicon: _Lexicon) -> int | None:
    """Where "those from", *los de*, *die van* begins before a name; None without it."""
    # The article of an alias may be melted with the word before it: "los del acueducto".
    text = low[: name.end]
    for group in lexicon.groups:
        for begin in (name.start - len(group) - 1, name.start - len(group) + 3):
            if begin >= 0 and text.startswith(group, begin) and (begin == 0 or not text[begin - 1].isalnum()):
                between = text[begin + len(group) :]
                if name.end - begin - len(group) >= len(between) and between[:1] == " ":
                    return begin
    return None


def _is_plural(low: str, match: re.Match[str], lexicon: _Lexicon) -> bool:
    """Dutch *ze* is "she" or "they": the verb beside it tells."""
    if match.group() not in lexicon.plural_check:
        return True
    before = re.search(r"([^\W\d_]+)\s+$", low[max(0, match.start() - 20) : match.start()])
    after = re.match(r"\s+([^\W\d_]+)", low[match.end() : match.end() + 20])
    words = [found[1] for found in (before, after) if found]
    return any(re.fullmatch(r"\w+[^e]en|zijn|gaan|doen|staan|zien|\w+eën|hadden|waren", word) for word in words)


@cache
def _lexicon(language: str) -> _Lexicon:
    page = library.page(f"lexicons/{language}", "mentions")
    acting = _any(page["acting"])
    objects = _any(page["objects"])
    rivals = _any(page["plural_rivals"])
    return _Lexicon(
        openers=frozenset(page["openers"]),
        listed=frozenset(page["listed"]),
        acting=re.compile(
            rf"\s+(?P<object>(?:{objects})\s+)?(?:{acting})\b(?P<objected>(?:\s+\w+)?\s+(?:{objects})\b)?"
        ),
        collectives=re.compile(rf"\b(?:{_any(page['collectives'])})\b"),
        others=re.compile(rf"\b(?:{_any(page['others'])})\b"),
        plural_check=frozenset(page["plural_check"]),
        groups=tuple(sorted(page["group_before"], key=lambda group: -len(group))),
        rivals=re.compile(rf"\b(?:(?:{rivals})\s+(?:\w+\s+)?\w+{page['rival_ending']}|{_any(page['rival_words'])})\b"),
    )


def _any(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))
