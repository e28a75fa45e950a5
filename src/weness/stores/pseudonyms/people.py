"""Who is hidden behind which pseudonym, and by what names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from weness import library
from weness.coding.masks import PARTICLES, folded
from weness.reading.corpus import Speaker
from weness.reading.rooms import words

PREFIXES = "PNXQZ"
"""Letters before the number of a pseudonym: the first that nothing in the study is called by."""
MARKS = "\u0300-\u036f"
"""Accents that stand behind their letter, as some programs write them."""
BREAK = "\u200b"
"""Where a line may break: the one invisible sign that may part two words."""
INVISIBLE = f"\u00ad{BREAK}\u200c-\u200f\u2060\ufeff"
"""Signs without width that PDFs and web pages leave in words, the soft hyphen first."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """One pseudonym and the names behind it, the full one first.

    ``speaker`` is the id of a speaker, "" for somebody from the list. A name that several bear hides behind a pseudonym
    of its own; ``shared`` are theirs.
    """

    pseudonym: str
    names: tuple[str, ...]
    speaker: str = ""
    shared: tuple[str, ...] = ()


def people_in(
    speakers: Iterable[Speaker], listed: Iterable[tuple[str, ...]], before: Iterable[Hidden], prefix: str
) -> tuple[Hidden, ...]:
    """Everybody who is hidden: those of a key from ``before``, the speakers, those whom the user lists. Numbers go on."""
    found = {one.pseudonym: one for one in before}
    for speaker in speakers:
        if _parts(seen(speaker.name)):
            _meet(found, tuple(map(seen, (_proper(speaker), *speaker.aliases))), speaker.id, prefix)
    for names in listed:
        _meet(found, tuple(map(seen, names)), "", prefix)
    people = tuple(found.values())
    for name, whose in sorted(owners(people).items()):
        if len(whose) > 1:
            pseudonym = next((one.pseudonym for one in people if one.shared and folded(one.names[0]) == name), "")
            pseudonym = pseudonym or _next(found, prefix)
            found[pseudonym] = Hidden(pseudonym, (name.title(),), shared=tuple(sorted(whose)))
    return tuple(found.values())


def fitting_prefix(texts: Iterable[str]) -> str:
    """A letter that neither a label "P:" nor a name "P01" of the study uses yet."""
    told = list(texts)
    for letter in PREFIXES:
        taken = re.compile(rf"(?<![^\W_]){letter}\d{{2,}}(?![^\W_])|^\W*(?:\d[\d:.,]*\W*)?{letter}\W*:", re.M | re.I)
        if not any(taken.search(text) for text in told):
            return letter
    raise ValueError(f"No letter is left for pseudonyms: the texts use {', '.join(PREFIXES)} before numbers or colons.")


def pseudonym_in(prefix: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_]){prefix}\d{{2,}}(?=s?(?![^\W_]))")


def names_listed(text: str) -> tuple[tuple[str, ...], ...]:
    """The lines of a list of names: "Name", or "Name = another form, another"; "#" begins a remark."""
    found = []
    for line in text.lstrip("\ufeff").splitlines():
        name, _, more = line.split("#")[0].partition("=")
        names = [one.strip() for one in (name, *more.split(","))]
        if any(any(letter.isalnum() for letter in one) for one in names):
            found.append(tuple(dict.fromkeys(one for one in names if one)))
    return tuple(found)


def _meet(found: dict[str, Hidden], names: tuple[str, ...], speaker: str, prefix: str) -> None:
    """Puts names to the one who bears them already, else to a new pseudonym."""
    known = _bearer(found.values(), names, speaker)
    if known is None:
        pseudonym = _next(found, prefix)
        found[pseudonym] = Hidden(pseudonym, tuple(dict.fromkeys(names)), speaker)
        return
    both = (*names, *known.names) if speaker else (*known.names, *names)
    found[known.pseudonym] = replace(known, names=tuple(dict.fromkeys(both)), speaker=known.speaker or speaker)


def _bearer(people: Iterable[Hidden], names: Iterable[str], speaker: str) -> Hidden | None:
    """A speaker is who has the id; somebody from the list who alone is called so."""
    asked = {flat(folded(name)) for name in names}
    own = [one for one in people if speaker and one.speaker == speaker]
    alike = [one for one in people if not one.shared and asked & _called(one) and not (speaker and one.speaker)]
    same = own or alike
    return same[0] if len(same) == 1 else None


def _called(one: Hidden) -> set[str]:
    parts = [part for name in one.names for part in _parts(name)] if one.speaker else []
    return {flat(folded(name)) for name in (*one.names, *parts)}


def _next(found: Mapping[str, Hidden], prefix: str) -> str:
    return f"{prefix}{max((int(one[1:]) for one in found), default=0) + 1:02d}"


def owners(people: Iterable[Hidden]) -> dict[str, set[str]]:
    """Name -> the pseudonyms of all who bear it. A name that is somebody's whole one is not another's part."""
    people = [one for one in people if not one.shared]
    whole: dict[str, set[str]] = {}
    parts: dict[str, set[str]] = {}
    for one in people:
        for name in one.names:
            whole.setdefault(flat(folded(name)), set()).add(one.pseudonym)
            for part in _short_forms(name) if one.speaker else ():
                parts.setdefault(flat(folded(part)), set()).add(one.pseudonym)
    return parts | whole


def _short_forms(name: str) -> list[str]:
    """ "Femke", "Ruijs", "F. Ruijs", "F Ruijs"."""
    parts = _parts(name)
    return parts + [f"{name.split()[0][0]}{dot} {part}" for part in parts if part != parts[0] for dot in (".", "")]


def proper_ones(people: Iterable[Hidden]) -> Iterator[str]:
    """Names that may be everyday words in small letters: all with a capital that are one word, particles aside."""
    for one in people:
        for name in (*one.names, *(part for known in one.names if one.speaker for part in _parts(known))):
            real = [word for word in re.split(r"[\s-]+", name) if word.lower() not in PARTICLES]
            if len(real) < 2 and any(map(str.isupper, name)):
                yield flat(folded(name))


def _parts(name: str) -> list[str]:
    """First names and surnames; a surname with its particles too. No titles, initials, numbers, or "Respondent"."""
    pieces = [piece.strip(".,;'’\"“”()[]") for piece in name.split()]
    found = []
    for at, piece in enumerate(pieces):
        for part in dict.fromkeys((piece, *re.split(r"[-‐‑]", piece))):
            if len(part) > 1 and part[0].isalpha() and not part[0].islower() and part.lower() not in no_names():
                found.append(part)
                before = at
                while before and pieces[before - 1].lower() in PARTICLES:
                    before -= 1
                if before < at and part == piece:
                    found.append(" ".join(pieces[before : at + 1]))
    return found or ([name.title()] if name.isalpha() and len(name) > 2 and name.lower() not in no_names() else [])


@cache
def no_names() -> frozenset[str]:
    kinds = ("titles", "interviewer", "respondent")
    return PARTICLES.union(*(words(language, kind) for language in library.LANGUAGES for kind in kinds), {"speaker"})


def _proper(speaker: Speaker) -> str:
    """A study without names calls people by their ids, in small letters; in its texts they are written with a capital."""
    return speaker.name.title() if speaker.name.islower() else speaker.name


def seen(text: str) -> str:
    """A text as it looks: without the signs that have no width."""
    return re.sub(f"[{INVISIBLE}]", "", text)


def flat(low: str) -> str:
    """A name as it is looked up: spaces single, apostrophes straight, no accents behind letters, nothing invisible."""
    bare = re.sub(f"[{MARKS}{INVISIBLE}]", "", low).replace("’", "'")
    return " ".join(re.sub("[‐‑]", "-", bare).split())
