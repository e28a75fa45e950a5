"""The cues by which a reader knows whom "we" means: read from the lexicons, found in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from weness import library

Gives = Mapping[str, float]
REACH = 60
"""Characters beside a mention that a cue may look at."""
WORDS = 6
"""A verb is looked for in so many words behind its subject."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One entry of a lexicon: ``gives`` weights to codes, ``why`` says why in a scholar's words."""

    place: str
    gives: Gives
    why: str
    pattern: re.Pattern[str] | None = None
    then: re.Pattern[str] | None = None
    words: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()
    form: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue that was found, and the words it was found in."""

    gives: Gives
    why: str
    words: str = ""

    def said(self) -> str:
        return f"{self.why}: '{self.words}'" if self.words else self.why


class Cues:
    """All cues of one language."""

    def __init__(self, language: str) -> None:
        page = library.page(f"lexicons/{language}", "reference")
        lists = {name: "|".join(words) for name, words in page["lists"].items()}
        entries = [_cue(entry, lists) for entry in page["cues"] if entry["place"] not in ("sentence", "question")]
        self.language = language
        self.beside = tuple(cue for cue in entries if cue.place in ("before", "after"))
        self.verbs = {word: cue for cue in entries if cue.place == "verb" for word in sorted(cue.words)}
        self.selves = {word: cue for cue in entries if cue.place == "self" for word in sorted(cue.words)}
        self.phrases = {
            place: _automaton([entry for entry in page["cues"] if entry["place"] == place])
            for place in ("sentence", "question")
        }
        self._phrase_verbs = tuple(word for word in self.verbs if " " in word)

    def by_mention(self, low: str, start: int, end: int, form: str) -> list[Hit]:
        """Cues tied to one mention: what stands right beside it, its verb, its own form."""
        word = low[start:end]
        before, after = low[max(0, start - REACH) : start], low[end : end + REACH]
        hits = []
        for cue in self.beside:
            if (cue.only and word not in cue.only) or (cue.form and form != cue.form):
                continue
            found = _beside(cue, before, after)
            if found is not None:
                words = f"{found} {word}" if cue.place == "before" else f"{word} {found}"
                hits.append(Hit(cue.gives, cue.why, " ".join(words.split())))
        if word in self.selves:
            hits.append(Hit(self.selves[word].gives, self.selves[word].why, word))
        return hits + self._by_verb(word, after, form)

    def _by_verb(self, word: str, after: str, form: str) -> list[Hit]:
        if self.language == "es":
            following = [word] if form == "verb" else _words(after)[:2]
            looked_up = [(_lemma(one), one) for one in following if one.endswith(("mos", "nos"))]
        else:
            if form == "possessive":
                return []
            clause = re.split(r"[.;:!?]|, (?:and|but|so|en|maar|dus) ", after, maxsplit=1)[0]
            looked_up = [(one, one) for one in _words(clause)[:WORDS]]
            looked_up += [(phrase, phrase) for phrase in self._phrase_verbs if phrase in clause]
        for key, shown in looked_up:
            if key in self.verbs:
                cue = self.verbs[key]
                return [Hit(cue.gives, cue.why, shown)]
        return []

    def by_phrase(self, low: str, place: str = "sentence") -> list[Hit]:
        """Phrases anywhere in a text, each cue once."""
        automaton = self.phrases[place]
        found: dict[int, Hit] = {}
        if automaton is None:
            return []
        for last, (phrase, open_ended, number, gives, why) in automaton.iter(low):
            start, end = last - len(phrase) + 1, last + 1
            if (start and low[start - 1].isalnum()) or (not open_ended and end < len(low) and low[end].isalnum()):
                continue
            found.setdefault(number, Hit(gives, why, phrase.strip()))
        return [found[number] for number in sorted(found)]


@cache
def cues_of(language: str) -> Cues:
    return Cues(language)


def _beside(cue: Cue, before: str, after: str) -> str | None:
    if cue.pattern is None:
        return None
    if cue.place == "after":
        found = cue.pattern.match(after)
        return found.group().strip(" ,") if found else None
    found = cue.pattern.search(before)
    if not found:
        return None
    if cue.then is None:
        return found.group().strip(" ,")
    then = cue.then.match(after)
    return f"{found.group().strip()} … {then.group().strip()}" if then else None


def _cue(entry: Mapping[str, Any], lists: Mapping[str, str]) -> Cue:
    place, words = entry["place"], [_filled(str(word), lists) for word in entry["words"]]
    plain = place in ("verb", "self")
    any_word = "|".join(words)
    pattern = {
        "after": rf"(?:(?:['’]\w+)?,?\s+|(?=['’]))(?:{any_word})",
        "before": rf"(?<!\w)(?:{any_word})\s+$",
    }.get(place)
    then = "|".join(_filled(str(word), lists) for word in entry.get("after", ()))
    return Cue(
        place,
        entry["gives"],
        entry["why"],
        re.compile(pattern) if pattern else None,
        re.compile(rf"\s+(?:{then})") if then else None,
        frozenset(words) if plain else frozenset(),
        frozenset(entry.get("only", ())),
        entry.get("form", ""),
    )


def _filled(word: str, lists: Mapping[str, str]) -> str:
    for name in sorted(lists, key=len, reverse=True):
        word = word.replace(f"${name}", lists[name])
    return word


def _automaton(entries: Iterable[Mapping[str, Any]]) -> Any:
    import ahocorasick

    automaton = ahocorasick.Automaton()
    for number, entry in enumerate(entries):
        for phrase in entry["words"]:
            bare = phrase.rstrip("*")
            automaton.add_word(bare, (bare, phrase.endswith("*"), number, entry["gives"], entry["why"]))
    if not len(automaton):
        return None
    automaton.make_automaton()
    return automaton


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", text)


@cache
def _lemma(word: str) -> str:
    import simplemma

    return str(simplemma.lemmatize(word, lang="es")).lower()
