"""Every way in which those who are hidden may be written, and where in a text they stand."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from weness.coding.masks import PARTICLES, folded
from weness.stores.pseudonyms import MARKS, Hidden, flat, no_names, owners, proper_ones

GAP = r"[^\S\n]+"
JOINING = PARTICLES - {"y", "e", "i", "en", "of", "and"}
BETWEEN = re.compile(rf"{GAP}(?:(?:{'|'.join(sorted(JOINING, key=lambda one: (-len(one), one)))}|\w\.){GAP})*|[-‐‑]")
"""What may stand between two names of one person that are hidden as one: "Luz M. Rey", "van der", a hyphen."""
ADDRESS = re.compile(r"(?P<local>[\w.+-]+)@(?P<domain>[\w-]+(?:\.[\w-]+)+)|(?<!\w)@(?P<handle>[\w.]+)")
LINK = re.compile(r"(?:https?://|www\.)[^\s<>]+", re.IGNORECASE)

Find = tuple[int, int, str]
"""Characters [start, end) of a text, and the pseudonym that hides them."""


@dataclass(frozen=True)
class Forms:
    """Every way in which those who are hidden may be written, ready to be looked for.

    ``known`` leads from a name without accents and capitals to its pseudonym. ``proper`` are those that may be everyday
    words, and count only with a capital.
    """

    known: Mapping[str, str] = field(default_factory=dict)
    proper: frozenset[str] = frozenset()
    exact: Mapping[str, str] = field(default_factory=dict)
    """Initials, which count only as they are written."""
    shared: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)
    """Ids of speakers, by which files are often called."""

    def finds_in(self, text: str, first: Iterable[Find] = ()) -> list[Find]:
        """Every name in ``text``, in order and apart. Where ``first`` overlaps with what is found, it wins."""
        found = _apart([], sorted(first))
        for finds in (self._in_addresses(text), self._in_words(text)):
            found = _apart(found, finds)
        return self._joined(text, found)

    def in_file_name(self, name: str) -> str:
        """A file name with every name hidden, in small letters and within words too: "femke_ruijs", "InterviewFemke"."""
        low, told, done = folded(name), "", 0
        for start, end, pseudonym in _apart([], self._within(low)):
            told, done = told + name[done:start] + pseudonym, end
            told += "_" if name[end : end + 1].isdigit() else ""
        told += name[done:]
        return re.sub(r"(?<![^\W_])(\w\d{2,})(?:[ _.-]+\1(?!\d))+", r"\1", told)

    def _in_words(self, text: str) -> Iterator[Find]:
        low = folded(text)
        for match in self._pattern(re.search(f"[{MARKS}]", low) is not None).finditer(low):
            written = text[match.start() : match.end()]
            name = flat(match.group())
            if written in self.exact:
                yield match.start(), match.end(), self.exact[written]
            elif name in self.known and (name not in self.proper or any(map(str.isupper, written))):
                yield match.start(), match.end(), self.known[name]

    def _in_addresses(self, text: str) -> Iterator[Find]:
        """Within addresses names are written small and run together: "fruijs@zoutkade.nl"."""
        for match in ADDRESS.finditer(text):
            part = "local" if match["local"] else "handle"
            whose = self._run_together(match[part])
            if whose:
                yield match.start(part), match.end(part), whose
            if match["domain"]:
                yield from self._pieces(match["domain"], match.start("domain"))
        for match in LINK.finditer(text):
            yield from self._pieces(match.group(), match.start())

    def _run_together(self, word: str) -> str:
        pieces = [folded(piece) for piece in re.split(r"[._+-]", word)]
        whole = "".join(pieces)
        fitting = [
            name for name in self.known if name in pieces or (len(name) > 3 and _at_an_end(_closed(name), whole))
        ]
        return self.known[max(fitting, key=lambda name: (len(name), name))] if fitting else ""

    def _pieces(self, address: str, at: int) -> Iterator[Find]:
        for piece in re.finditer(r"[^\W_]+", address):
            whose = self.known.get(folded(piece.group()))
            if whose and len(piece.group()) > 2:
                yield at + piece.start(), at + piece.end(), whose

    def _within(self, low: str) -> Iterator[Find]:
        """Long names anywhere in a file name, short ones between other signs than letters."""
        for name in sorted(self.known, key=lambda name: (-len(name), name)):
            spaced = re.escape(name).replace(r"\ ", r"[\s_.-]*").replace(r"\-", r"[\s_.-]*")
            pattern = spaced if len(name) > 3 else rf"(?<![^\W\d_]){spaced}(?![^\W\d_])"
            yield from ((match.start(), match.end(), self.known[name]) for match in re.finditer(pattern, low))
        for id, pseudonym in self.ids.items():
            pattern = rf"(?<![^\W\d_]){re.escape(folded(id))}(?![^\W\d_])"
            yield from ((match.start(), match.end(), pseudonym) for match in re.finditer(pattern, low))

    def _joined(self, text: str, finds: list[Find]) -> list[Find]:
        """Names of one person that follow each other become one; a name that several bear is whose it stands beside."""
        found: list[Find] = []
        for start, end, whose in finds:
            if found and BETWEEN.fullmatch(text, found[-1][1], start):
                before = found[-1][2]
                if before == whose or before in self.shared.get(whose, ()):
                    found[-1] = (found[-1][0], end, before)
                    continue
                if whose in self.shared.get(before, ()):
                    found[-1] = (found[-1][0], end, whose)
                    continue
            found.append((start, end, whose))
        return found

    def _pattern(self, marked: bool) -> re.Pattern[str]:
        return self._with_marks if marked else self._without

    @cached_property
    def _with_marks(self) -> re.Pattern[str]:
        return self._compiled(f"[{MARKS}]*")

    @cached_property
    def _without(self) -> re.Pattern[str]:
        return self._compiled("")

    def _compiled(self, marks: str) -> re.Pattern[str]:
        listed = sorted({*self.known, *map(folded, self.exact)}, key=lambda name: (-len(name), name))
        if not listed:
            return re.compile(r"(?!)")
        names = "|".join("".join(_sign(sign, marks) for sign in name) for name in listed)
        # The "s" of "Femkes gedachte" stays outside.
        return re.compile(rf"(?<![^\W_])(?<![{MARKS}])(?:{names})(?=s?(?![^\W_]))")


def forms_of(people: Iterable[Hidden], present: Iterable[str] = (), exact: Mapping[str, str] | None = None) -> Forms:
    """``present``: whose a name is that several bear, in a document in which only one of them speaks (by pseudonym)."""
    people, here = tuple(people), set(present)
    joint = {folded(one.names[0]): one for one in people if one.shared}
    known: dict[str, str] = {}
    for name, whose in owners(people).items():
        among = whose & here
        if len(whose) == 1 or len(among) == 1:
            known[name] = min(among or whose)
        elif name in joint:
            known[name] = joint[name].pseudonym
    ids = {one.speaker: one.pseudonym for one in people if len(one.speaker) > 1 and one.speaker not in no_names()}
    shared = {one.pseudonym: one.shared for one in people}
    return Forms(known, frozenset(proper_ones(people)), exact or {}, shared, ids)


def _apart(first: list[Find], more: Iterable[Find]) -> list[Find]:
    """``first``, and of ``more`` what overlaps with nothing that is there; in order."""
    found = sorted(first)
    for start, end, whose in more:
        at = bisect_left(found, (start,))
        free = (at == 0 or found[at - 1][1] <= start) and (at == len(found) or found[at][0] >= end)
        if free:
            found.insert(at, (start, end, whose))
    return found


def _sign(sign: str, marks: str) -> str:
    if sign.isspace():
        return GAP
    return "['’]" if sign in "'’" else "[-‐‑]" if sign == "-" else re.escape(sign) + marks


def _at_an_end(name: str, word: str) -> bool:
    return word.startswith(name) or word.endswith(name)


def _closed(name: str) -> str:
    return re.sub(r"[^\w]|_", "", name)
