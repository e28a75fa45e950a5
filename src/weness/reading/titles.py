"""What the partnership is probably called: a name of several words that comes back from file to file."""

from __future__ import annotations

import re
from collections import Counter

from weness.reading.acquaintances import Circle
from weness.reading.clues import Clues
from weness.reading.names import plain

CAP = r"[A-ZÁÉÍÓÚÑ][^\W\d_]+"
PHRASE = re.compile(rf"{CAP}(?: (?:(?:de|del|la|las|los|van|der|of|the) ){{0,2}}{CAP}){{1,4}}\b(?![*_]*:)")
FEWEST = 3
SHARE = 0.25
"""In so many of the files it must stand."""


def title_in(read: list[Clues], circle: Circle) -> tuple[str, str] | None:
    """(name, ground), or None where no name stands out that is neither a person's nor an organisation's."""
    known = {plain(name) for house in circle.houses for name in (house.name, *house.aliases)}
    known |= {plain(one.name) for one in circle.people}
    files: Counter[str] = Counter()
    for clues in read:
        files.update(set(PHRASE.findall(clues.text[:20_000])))
    fitting = [
        (times, len(phrase), phrase)
        for phrase, times in files.items()
        if times >= max(FEWEST, SHARE * len(read))
        and not any(plain(phrase) in name or name in plain(phrase) for name in known)
    ]
    if not fitting:
        return None
    times, _, phrase = max(fitting)
    return phrase, f"it stands in {times} of {len(read)} files"
