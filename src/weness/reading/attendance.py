"""Who was there: the attendance list of minutes, and who is meant by a first name or initials in that room."""

from __future__ import annotations

import re
import sys
from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from weness import library
from weness.reading.labels import CAPITAL, PARTICLES
from weness.reading.names import BRACKET, Names, forms, plain

NAME = re.compile(rf"{CAPITAL}(?: (?:{CAPITAL}|‘\w+’|(?:{PARTICLES})(?=\s))){{0,5}}")
BULLET = re.compile(r"^[ \t]*(?:[-*•–|]|\d{1,2}[.)])[ \t]+")
INITIALS = re.compile(r"(?P<initials>[A-Z]{2,5}) ?[:=] ?(?P<name>\S.*)")
HANDLE = re.compile(r"\(?@[\w.-]+\)?|\(\s*\)")
AND = re.compile(r"\s+(?:and|y|e|en|&)\s+")
NEXT_LINE = re.compile(r"\n(?![ \t]*\n|[ \t]*(?:[-*•–#>]|\d{1,2}[.)])[ \t]|[^\n:]{1,40}:)[^\n]*")


@dataclass(frozen=True, slots=True)
class Attendee:
    """One person on the list. ``speaker`` and ``partner`` are ids of the study, None where they are not known there."""

    name: str
    called: frozenset[str]
    speaker: str | None = None
    partner: str | None = None


@dataclass(frozen=True)
class Attendance:
    """Everybody on the list, and the spans of text that the lists (of those present or absent) take up."""

    people: tuple[Attendee, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()

    def meant_by(self, label: str) -> tuple[Attendee, ...]:
        """Those on the list who may be called so."""
        return self._called.get(plain(BRACKET.sub("", label)), ()) if self.people else ()

    def holds(self, place: int) -> bool:
        """Whether a place in the text is within a list."""
        before = bisect(self.spans, (place, sys.maxsize))
        return before > 0 and place < self.spans[before - 1][1]

    @cached_property
    def _called(self) -> dict[str, tuple[Attendee, ...]]:
        found: dict[str, tuple[Attendee, ...]] = {}
        for one in self.people:
            for name in one.called:
                found[name] = (*found.get(name, ()), one)
        return found


def attendance_in(text: str, language: str, names: Names) -> Attendance:
    """The attendance lists of a text: "Present: A. Stone and B. Ruiz (The Mill), ...", or a heading with a list below."""
    people: list[Attendee] = []
    spans: list[tuple[int, int]] = []
    for match in _heading(language).finditer(text):
        if spans and match.start() < spans[-1][1]:
            continue
        rest, end = _inline(text, match)
        rows = [] if rest else list(_rows(text, match.end()))
        listed = list(_in_line(rest)) if rest else [one for start, stop in rows if (one := _in_row(text[start:stop]))]
        is_present = match["word"].lower() in _words(language, "present")
        if listed or (rest and not is_present):
            spans.append((match.start(), rows[-1][1] if rows else end))
            people += [_attendee(*one, names) for one in listed if is_present]
    return Attendance(tuple(dict.fromkeys(people)), tuple(spans))


def _inline(text: str, match: re.Match[str]) -> tuple[str, int]:
    """What stands after "Present:", with the lines over which it runs on."""
    end = match.end()
    if not (match["rest"] or "").strip():
        return "", end
    while more := NEXT_LINE.match(text, end):
        end = more.end()
    return text[match.start("rest") : end].replace("\n", " "), end


def _rows(text: str, at: int) -> Iterator[tuple[int, int]]:
    """The lines of a list, blank lines among them skipped, up to the first line that is not of it."""
    bulleted: bool | None = None
    blank = False
    for line in re.compile(r"\n([^\n]*)").finditer(text, at):
        row = line[1]
        if not row.strip() or row.strip() in "*-•":
            blank = True
            continue
        is_item = BULLET.match(row) is not None
        bulleted = is_item if bulleted is None else bulleted
        goes_on = (is_item == bulleted and not (blank and not bulleted)) or HANDLE.search(row)
        if row.startswith("#") or not goes_on or _in_row(row) is None:
            return
        yield line.start(1), line.end()


def _in_row(row: str) -> tuple[str, str, str] | None:
    """(name, initials, organisation) of "- MD: Maria Dorn (@md) - The Mill"; None where the line names nobody."""
    bare = HANDLE.sub("", BULLET.sub("", row)).strip(" \t|*_")
    found = INITIALS.fullmatch(bare)
    initials, bare = (found["initials"], found["name"]) if found else ("", bare)
    name = re.split(r"\s*[(,;|–—]|\s-\s|\s{2,}", bare)[0].strip()
    if not initials:
        found = NAME.match(name)
        name = found[0] if found else ""
    return (name, initials, bare[len(name) :]) if name else None


def _in_line(rest: str) -> Iterator[tuple[str, str, str]]:
    """The people of "A. Stone and B. Ruiz (The Mill), C. Dorn"; names joined by "and" share the bracket after them."""
    for piece in re.finditer(r"([^,;()]+)(\([^()]*\))?", rest):
        for one in AND.split(re.sub(r"^\s*(?:and|y|e|en|&)\s", "", piece[1])):
            bare = one.strip(" .*")
            found = INITIALS.fullmatch(bare)
            initials, name = (found["initials"], found["name"]) if found else ("", bare)
            if NAME.fullmatch(name):
                yield name, initials, piece[2] or ""


def _attendee(name: str, initials: str, about: str, names: Names) -> Attendee:
    speaker = names.speaker(name)
    called = forms(name, [initials] if initials else [])
    called |= {form for form, ids in names.people.items() if speaker in ids}
    house = names.of.get(speaker) if speaker else names.partner(f"{name} {about}" if about.strip() else name)
    return Attendee(name, frozenset(called), speaker, house)


@cache
def _heading(language: str) -> re.Pattern[str]:
    words = sorted(_words(language, "present") | _words(language, "absent"), key=lambda word: (-len(word), word))
    listed = "|".join(re.escape(word) for word in words)
    return re.compile(
        rf"^(?:#+[ \t]*|[-*•][ \t]+)?[*_]{{0,3}}(?P<word>{listed})[*_]{{0,3}}(?:[ \t]*\([^()\n]*\))?"
        r"(?:[ \t]*:[*_]{0,3}[ \t]*(?P<rest>[^\n]*)|[ \t]*$)",
        re.MULTILINE | re.IGNORECASE,
    )


@cache
def _words(language: str, kind: str) -> frozenset[str]:
    known: Iterable[str] = {language if language in library.LANGUAGES else "en", "en"}
    pages = [library.page(f"lexicons/{one}", "transcripts") for one in sorted(known)]
    return frozenset(word for page in pages for word in page[kind])
