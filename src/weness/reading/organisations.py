"""What the name of an organisation gives away: its sector, a short name, and which of several spellings are one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from weness import library
from weness.reading.names import plain

SAME = 92
"""rapidfuzz ratio from which two spellings are one organisation."""
COMPOUND = 6
"""Letters from which a word is also found at the end of a longer one: "Koffiebranderij"."""
SHORT = 6
"""Letters up to which a word alone would make a poor id: "Exportadora Tres Filos" -> "tres_filos"."""
GLUE = frozenset(
    {"van", "von", "san", "santa", "santo", "st", "la", "las", "los", "el", "de", "del", "den", "der", "the"}
)
ARTICLE = re.compile(r"^(?:the|de|het|la|el|los|las)\s+(?=[A-ZÁÉÍÓÚÑ])")
OF = re.compile(
    r"^(?P<role>[^\WA-ZÁÉÍÓÚÑ][^A-ZÁÉÍÓÚÑ]*?) (?:de las?|de los|del|de|of the|of|at|van de|van het|van|bij) (?P<house>(?:the )?[A-ZÁÉÍÓÚÑ].*)$"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """For whom somebody speaks, and as what."""

    house: str = ""
    role: str = ""


def standing(about: str, bracketed: bool = False) -> Standing:
    """ "vice-chair, Vale Growers' Association" -> the association, vice-chair.

    In brackets and lists ("(gemeente)", "- Samsung") a lone word is an organisation, elsewhere only one with a capital.
    """
    # A date may follow in the same line: "..., Alcaldía de San Bruno. 18 de febrero de 2024".
    parts = [part.strip(" ()*_") for part in re.sub(r"\.\s+\d.*$", "", about).split(",")]
    parts = [ARTICLE.sub("", part) for part in parts if part.strip(".") and not re.search(r"\d", part)]
    houses: list[tuple[int, str, str]] = []
    for number, part in enumerate(parts):
        of = OF.match(part)
        lead = re.match(r"^([^A-ZÁÉÍÓÚÑ]+?) (?=[A-ZÁÉÍÓÚÑ])", part)
        if of and (sector_of(of["house"]) or (number == len(parts) - 1 and not sector_of(part))):
            houses.append((2 if sector_of(of["house"]) else 0, of["house"], of["role"]))
        elif lead and not sector_of(lead[1]) and sector_of(part[lead.end() :]):
            houses.append((2, part[lead.end() :], lead[1]))
        elif re.search(r"[A-ZÁÉÍÓÚÑ]", part) and not of:
            houses.append((2 if sector_of(part) else 1, part, ""))
        elif bracketed and number == 0 and sector_of(part):
            houses.append((1, part, ""))
    best = max(houses, key=lambda one: one[0], default=(0, "", ""))
    # What a list adds in brackets ("chair", "by video") holds for that meeting only.
    roles = [] if bracketed else [part for part in parts if part[:1].islower() and not (best[1] and best[1] in part)]
    return Standing(_tidy(best[1]), (roles[:1] or [best[2]])[0])


def _tidy(house: str) -> str:
    bare = ARTICLE.sub("", house.strip(" ,;*_"))
    # The last dot of "E.S.P." belongs to it, that of a sentence does not.
    bare = bare if re.search(r"\.\w+\.$", bare) else bare.rstrip(".")
    return bare[:1].upper() + bare[1:]


def sector_of(name: str) -> str:
    """The sector that the longest telling word of a name stands for, or nothing."""
    low = name.lower()
    found = [(len(word), sector) for sector, word in _sector_words() if word in low and _tells(word).search(low)]
    return max(found)[1] if found else ""


@cache
def _tells(word: str) -> re.Pattern[str]:
    """A long word also at the end of a compound and with an ending ("Koffiebranderij", "associations"), a short one whole."""
    bare = re.escape(word)
    return re.compile(rf"{bare}(?!\w{{4}})" if len(word) >= COMPOUND else rf"(?<!\w){bare}(?!\w)")


@cache
def _sector_words() -> tuple[tuple[str, str], ...]:
    pages = [_page(language)["sectors"] for language in library.LANGUAGES]
    return tuple(sorted({(sector, word) for page in pages for sector, listed in page.items() for word in listed}))


def genre_words(where: str) -> dict[str, list[str]]:
    """Genre -> the words that give it away, in file ``names`` or at the ``head`` of a text; of all our languages."""
    found: dict[str, list[str]] = {}
    for language in library.LANGUAGES:
        for genre, listed in _page(language)["genres"][where].items():
            found.setdefault(genre, []).extend(listed)
    return found


def _page(language: str) -> Any:
    return library.page(f"lexicons/{language}", "organisations")


def joined(names: Iterable[str]) -> dict[str, str]:
    """Each name as written -> the fullest name of the same organisation.

    Equal but for accents and capitals; one the beginning or the distinctive part of another ("De Steiger",
    "the Council"); initials; slips. A short name that fits several organisations stays for itself.
    """
    ranked = sorted(set(names), key=lambda name: (-len(plain(name)), name))
    full: dict[str, str] = {}
    for name in ranked:
        fitting = [other for other in dict.fromkeys(full.values()) if _is_same(plain(name), plain(other))]
        full[name] = fitting[0] if len(fitting) == 1 else name
    return full


def _is_same(short: str, long: str) -> bool:
    from rapidfuzz import fuzz

    words, others = short.split(), long.split()
    if set(words) <= set(others) or (len(words) == 1 and short == "".join(word[0] for word in others)):
        return True
    return len(short) > 5 and fuzz.ratio(short, long) >= SAME


def short_id(name: str, taken: Iterable[str]) -> str:
    """The word by which one would call an organisation: "Stichting Kraanloods" -> "kraanloods"."""
    pieces = re.sub(r"['’]", "", plain(name)).replace("-", " ").split() or ["partner"]
    words = [re.sub(r"\W", "", word) for word in pieces]
    telling = [at for at, word in enumerate(words) if word not in GLUE and not sector_of(word) and len(word) > 1]
    at = next(iter(telling), next((n for n, word in enumerate(words) if word not in GLUE), 0))
    first = at - 1 if at and words[at - 1] in {"van", "von", "san", "santa", "santo", "st"} else at
    used = set(taken)
    more = len(words[at]) <= SHORT and at + 1 in telling
    for end in (*range(at + 1 + more, len(words) + 1), len(words)):
        id = "_".join(words[first:end])
        if id not in used:
            return id
    return next(f"{id}_{number}" for number in range(2, 1000) if f"{id}_{number}" not in used)
