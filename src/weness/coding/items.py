"""Items: the concrete attributes that several partners voice, in whatever language and words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from weness import library
from weness.coding.codings import Coding, Codings
from weness.reading.corpus import Corpus, Span

FILE = "items.yaml"
ITEMED = frozenset(
    {
        "PURPOSE",
        "PROCEDURE",
        "ROLE",
        "VALUE",
        "INTEREST",
        "BENEFICIARY",
        "STORY",
        "SYMBOL",
        "BOUNDARY",
        "ENTITY",
        "OUTSIDE_VIEW",
    }
)
SAME = 94
"""rapidfuzz ratio from which two names of an item are taken for slips of one."""


@dataclass(frozen=True, slots=True)
class Item:
    """One attribute as it goes through the study: its code, its name, the wordings it was joined from, and its places."""

    code: str
    title: str
    members: tuple[str, ...]
    spans: tuple[Span, ...]


class ItemsError(ValueError):
    """The study's items.yaml says something that cannot be done; the message says what, and what there is."""


def overrides_in(folder: Path) -> Mapping[str, Any]:
    """The study's items.yaml: {rename: {old: new}, merge: {new: [a, b]}, split: {item: [{holds: words, to: new}]}}.

    Raises ItemsError where it has another form.
    """
    path = folder / FILE
    if not path.is_file():
        return {}
    page = library.parsed(path.read_text("utf-8")) or {}
    known = {"rename", "merge", "split"}
    if not isinstance(page, Mapping) or not set(page) <= known:
        raise ItemsError(f"{FILE}: it has the keys rename, merge and split, each with a mapping below it.")
    for kind, entries in page.items():
        if entries is not None and not isinstance(entries, Mapping):
            raise ItemsError(f"{FILE}: {kind} must be a mapping, written 'old name: new name'.")
    for name, rules in (page.get("split") or {}).items():
        if not all(isinstance(rule, Mapping) and {"holds", "to"} <= rule.keys() for rule in rules or [None]):
            raise ItemsError(f"{FILE}: split {name!r} needs rows {{holds: words in the passage, to: new name}}.")
    return page


def with_items(corpus: Corpus, codings: Codings, overrides: Mapping[str, Any]) -> Codings:
    """Every coding of family C with an item where one can be found, under its final name.

    A person's item stays as the person called it, but for slips of the pen. Where there is none, the glossary proposes the
    concept whose words stand in the passage, by its English title, so that languages meet. ``wording`` keeps what it was
    called before. Raises ItemsError for an override that names an item nobody voiced.
    """
    marks = [_proposed(mark, corpus) if mark.code in ITEMED else mark for mark in codings.marks]
    marks = _joined(marks)
    return replace(codings, marks=tuple(_overridden(marks, overrides, corpus)))


def item_book(codings: Codings) -> tuple[Item, ...]:
    """All items of a study, by code and name, each with its members."""
    found: dict[tuple[str, str], list[Coding]] = {}
    for mark in codings.marks:
        if mark.fields.get("item"):
            found.setdefault((mark.code, str(mark.fields["item"])), []).append(mark)
    return tuple(
        Item(
            code,
            title,
            tuple(sorted({str(mark.fields.get("wording", title)) for mark in marks})),
            tuple(mark.span for mark in marks),
        )
        for (code, title), marks in sorted(found.items())
    )


def written_book(items: tuple[Item, ...]) -> str:
    """An items.yaml to start from: the items as they are, as comments, and the three things one can do."""
    lines = [
        "# How items are joined in this study. Write under rename, merge or split; what is commented is only shown."
    ]
    lines += ["rename: {}", "merge: {}", "split: {}"]
    for item in items:
        wordings = "" if item.members == (item.title,) else f"   (also: {'; '.join(item.members)})"
        lines.append(f"# {item.code}: {item.title}   {len(item.spans)} passages{wordings}")
    return "\n".join(lines) + "\n"


def concept_in(text: str, language: str, code: str) -> str | None:
    """The English title of the glossary's concept for a passage, or None. More words that fit win; then the code's own."""
    bare = _bare(text)
    best: tuple[int, int, str] | None = None
    for title, concept_code, patterns in _concepts(language):
        fit = max((len(pattern) for pattern in patterns if all(word.search(bare) for word in pattern)), default=0)
        rank = (fit, int(concept_code == code), title)
        if fit and concept_code == code and (best is None or rank[:2] > best[:2]):
            best = rank
    return best[2] if best else None


def _proposed(mark: Coding, corpus: Corpus) -> Coding:
    if mark.fields.get("item"):
        return mark
    sentence = corpus.sentence_at(mark.span)
    title = concept_in(corpus.text(mark.span), sentence.language if sentence else "en", mark.code)
    return replace(mark, fields={**mark.fields, "item": title, "proposed": True}) if title else mark


def _joined(marks: list[Coding]) -> list[Coding]:
    """Names of one code that differ in case, accents or a letter are one: the first that was used stays."""
    from rapidfuzz import fuzz

    known: dict[str, dict[str, str]] = {}
    found = []
    for mark in marks:
        item = mark.fields.get("item")
        if not item:
            found.append(mark)
            continue
        names = known.setdefault(mark.code, {})
        bare = _bare(str(item))
        same = bare if bare in names else next((one for one in names if fuzz.ratio(one, bare) >= SAME), None)
        title = names.setdefault(same or bare, str(item))
        found.append(
            mark if title == item else replace(mark, fields={**mark.fields, "item": title, "wording": str(item)})
        )
    return found


def _overridden(marks: list[Coding], overrides: Mapping[str, Any], corpus: Corpus) -> list[Coding]:
    rename = {str(old): str(new) for old, new in (overrides.get("rename") or {}).items()}
    for new, olds in (overrides.get("merge") or {}).items():
        rename.update({str(old): str(new) for old in olds})
    split = {str(name): rules for name, rules in (overrides.get("split") or {}).items()}
    there = {str(mark.fields["item"]) for mark in marks if mark.fields.get("item")}
    for name in (*rename, *split):
        if name not in there:
            close = ", ".join(sorted(there)[:8])
            raise ItemsError(f"{FILE}: no item called {name!r}. There is: {close}{' ...' if len(there) > 8 else ''}.")
    return [_renamed(mark, rename, split, corpus) for mark in marks]


def _renamed(mark: Coding, rename: Mapping[str, str], split: Mapping[str, Any], corpus: Corpus) -> Coding:
    item = str(mark.fields.get("item") or "")
    new = item
    for rule in split.get(item, ()):
        if str(rule["holds"]).lower() in corpus.text(mark.span).lower():
            new = str(rule["to"])
            break
    new = rename.get(new, new)
    return mark if new == item else replace(mark, fields={**mark.fields, "item": new, "wording": item})


def _bare(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.lower())
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


@cache
def _concepts(language: str) -> tuple[tuple[str, str, tuple[tuple[re.Pattern[str], ...], ...]], ...]:
    page = library.page("glossary", "glossary")
    known = language if language in library.LANGUAGES else "en"
    return tuple(
        (concept["title"]["en"], concept["code"], tuple(_phrase(phrase) for phrase in concept["words"][known]))
        for concept in page["concepts"]
    )


def _phrase(phrase: str) -> tuple[re.Pattern[str], ...]:
    """Every word of a phrase must stand in the passage, in any order."""
    words = _bare(phrase).split()
    return tuple(
        re.compile(rf"\b{re.escape(word.rstrip('*'))}" + ("" if word.endswith("*") else r"\b")) for word in words
    )
