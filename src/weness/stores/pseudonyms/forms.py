"""Every way in which those who are hidden may be written, and where in a text they stand."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from weness.coding.masks import PARTICLES, folded
from weness.stores.pseudonyms.people import BREAK, INVISIBLE, MARKS, Hidden, flat, no_names, owners, proper_ones, seen

GAP = r"[^\S\n]+"
JOINING = PARTICLES - {"y", "e", "i", "en", "of", "and"}
BETWEEN = re.compile(rf"{GAP}(?:(?:{'|'.join(sorted(JOINING, key=lambda one: (-len(one), one)))}|\w\.){GAP})*|[-‐‑]")
"""What may stand between two names of one person that are hidden as one: "Luz M. Rey", "van der", a hyphen."""
ADDRESS = re.compile(
    rf"(?P<local>[\w.+{MARKS}-]+)@(?P<domain>[\w{MARKS}-]+(?:\.[\w{MARKS}-]+)+)|(?<!\w)@(?P<handle>[\w.{MARKS}]+)"
)
LINK = re.compile(r"(?:https?://|www\.)[^\s<>]+", re.IGNORECASE)
TAG = re.compile(rf"#[\w{MARKS}]+")
LETTERS = re.compile(rf"(?P<word>[^\W\d_](?:[^\W\d_]|[{MARKS}])*)(?P<number>\d*)")
SHORTEST = 6
"""Letters of a word in small letters that is taken for names run together: fewer may be an everyday word."""

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
        """Every name in ``text``, in order and apart. Where ``first`` overlaps with what is found, it wins.

        Invisible signs are looked through; one that may part words is then taken to do so.
        """
        found = self._looking_through(text, f"[{INVISIBLE}]", _apart([], sorted(first)))
        if BREAK in text:
            found = self._looking_through(text, f"(?!{BREAK})[{INVISIBLE}]", found)
        return found

    def in_file_name(self, name: str) -> str:
        """A file name with every name hidden, in small letters and within words too: "femke_ruijs", "InterviewFemke"."""
        return self._named(seen(name), within=True)

    def in_id(self, id: str) -> str:
        """An id with every name hidden, in small letters too, but not within words: "ruijs_plan", not "ruijsenburg"."""
        return self._named(seen(id), within=False)

    def _named(self, name: str, within: bool) -> str:
        told, done = "", 0
        glued = list(self._in_glued(name, tagged=True))
        for start, end, pseudonym in self._joined(name, _apart(glued, self._within(folded(name), within))):
            told, done = told + name[done:start] + pseudonym, end
            told += "_" if name[end : end + 1].isdigit() else ""
        told += name[done:]
        return re.sub(r"(?<![^\W_])(\w\d{2,})(?:[ _.-]+\1(?!\d))+", r"\1", told)

    def _looking_through(self, text: str, signs: str, found: list[Find]) -> list[Find]:
        """``found`` and more, in the text without ``signs``; places are those of the whole text."""
        hidden = [match.start() for match in re.finditer(signs, text)]
        if not hidden:
            return self._finds(text, found)
        gone = set(hidden)
        places = [at for at in range(len(text)) if at not in gone]
        bare = "".join(text[at] for at in places)
        before = [(bisect_left(places, start), bisect_left(places, end), whose) for start, end, whose in found]
        inner = self._finds(bare, [one for one in before if one[0] < one[1]])
        return [(places[start], places[end - 1] + 1, whose) for start, end, whose in inner]

    def _finds(self, text: str, found: list[Find]) -> list[Find]:
        for finds in (self._in_addresses(text), self._in_words(text), self._in_glued(text)):
            found = _apart(found, finds)
        return self._joined(text, found)

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
        pieces = [flat(folded(piece)) for piece in re.split(r"[._+-]", word)]
        whole = "".join(pieces)
        fitting = [
            name for name in self.known if name in pieces or (len(name) > 3 and _at_an_end(_closed(name), whole))
        ]
        return self.known[max(fitting, key=lambda name: (len(name), name))] if fitting else ""

    def _pieces(self, address: str, at: int) -> Iterator[Find]:
        for piece in re.finditer(rf"[^\W_](?:[^\W_]|[{MARKS}])*", address):
            whose = self.known.get(flat(folded(piece.group())))
            if whose and len(piece.group()) > 2:
                yield at + piece.start(), at + piece.end(), whose

    def _in_glued(self, text: str, tagged: bool = False) -> Iterator[Find]:
        """Words that are names and nothing else, run together or with a number: "LuzRey", "#luzreygomez", "Rey2".

        ``tagged``: all of the text is like a handle or a hash tag, where small letters are no everyday word.
        """
        tags = [match.span() for kind in (TAG, ADDRESS, LINK) for match in kind.finditer(text)]
        for match in LETTERS.finditer(text):
            word, (start, end) = match["word"], match.span("word")
            places = [at for at, sign in enumerate(word) if not re.match(f"[{MARKS}]", sign)]
            bare = "".join(word[at] for at in places)
            if folded(bare[:2]) not in self._beginnings:
                continue
            tag = tagged or any(left <= start and end <= right for left, right in tags)
            number = match["number"] != "" or text[start - 1 : start].isdigit()
            pieces = self._pieces_of(folded(bare))
            if pieces and self._are_names(bare, pieces, tag, number):
                # A number right behind goes with the name: "P012" would be somebody else.
                places.append(len(word) if tagged else match.end() - start)
                yield from (
                    (start + places[left], start + places[right], self._atoms[atom][0]) for left, right, atom in pieces
                )

    def _pieces_of(self, low: str) -> list[tuple[int, int, str]]:
        """The fewest names that make up a word, with particles between them: (start, end, name); [] where it is none."""
        size = len(low)
        best: dict[int, list[tuple[int, int, str]]] = {size: []}
        if low.endswith("s"):
            best[size - 1] = []
        for at in reversed(range(size)):
            for atom in self._beginnings.get(low[at : at + 2], ()):
                after = at + len(atom)
                if after in best and low.startswith(atom, at):
                    self._keep(best, at, [(at, after, atom), *best[after]])
            for particle in JOINING if at else ():
                after = at + len(particle)
                if len(particle) > 1 and best.get(after) and low.startswith(particle, at):
                    (_, end, atom), *others = best[after]
                    self._keep(best, at, [(at, end, atom), *others])
        return best.get(0, [])

    @staticmethod
    def _keep(best: dict[int, list[tuple[int, int, str]]], at: int, pieces: list[tuple[int, int, str]]) -> None:
        if at not in best or not best[at] or len(pieces) < len(best[at]):
            best[at] = pieces

    def _are_names(self, word: str, pieces: list[tuple[int, int, str]], tag: bool, number: bool) -> bool:
        """Whether a word that could be names is meant so: by its capitals, its length, or the number beside it."""
        atoms = [atom for _, _, atom in pieces]
        begins = [end - len(atom) for _, end, atom in pieces]
        initials = any(self._atoms[atom][1] for atom in atoms)
        camel = not word.isupper() and all(word[at].isupper() for at in begins)
        if tag:
            return len(atoms) > 1 or len(atoms[0]) > 2
        if initials:
            return camel and all(
                word[at + 1].isupper() for at, atom in zip(begins, atoms, strict=True) if self._atoms[atom][1]
            )
        if len(atoms) == 1 and atoms[0] in self.known:
            capital = atoms[0] not in self.proper or any(map(str.isupper, word))
            return number and len(atoms[0]) > 2 and capital
        long = len(word) >= SHORTEST and min(map(len, atoms)) > 2
        return (camel and len(atoms) > 1) or (long and self._are_one({self._atoms[atom][0] for atom in atoms}))

    def _are_one(self, whose: set[str]) -> bool:
        own = {one for one in whose if not self.shared.get(one)}
        return len(own or whose) == 1 and all(own <= set(self.shared[one]) for one in whose - own)

    @cached_property
    def _atoms(self) -> dict[str, tuple[str, bool]]:
        """Every name as it is run together, whose it is, and whether it begins with an initial."""
        found: dict[str, tuple[str, bool]] = {}
        for name, whose in sorted(self.known.items(), key=lambda one: len(one[0])):
            atom = _closed(name)
            if len(atom) > 1 and atom.isalpha():
                found.setdefault(atom, (whose, re.match(r"\w\b\W", name) is not None))
        return found

    @cached_property
    def _beginnings(self) -> dict[str, list[str]]:
        """Those names by their first two letters, the longest first."""
        found: dict[str, list[str]] = {}
        for atom in sorted(self._atoms, key=lambda atom: (-len(atom), atom)):
            found.setdefault(atom[:2], []).append(atom)
        return found

    def _within(self, low: str, anywhere: bool = True) -> Iterator[Find]:
        """Long names ``anywhere`` in a file name, short ones between other signs than letters."""
        for name in sorted(self.known, key=lambda name: (-len(name), name)):
            spaced = re.escape(name).replace(r"\ ", r"[\s_.-]*").replace(r"\-", r"[\s_.-]*")
            pattern = spaced if anywhere and len(name) > 3 else rf"(?<![^\W\d_]){spaced}(?![^\W\d_])"
            yield from ((match.start(), match.end(), self.known[name]) for match in re.finditer(pattern, low))
        for id, pseudonym in self.ids.items():
            pattern = rf"(?<![^\W\d_]){re.escape(folded(id))}(?![^\W\d_])"
            yield from ((match.start(), match.end(), pseudonym) for match in re.finditer(pattern, low))

    def _joined(self, text: str, finds: list[Find]) -> list[Find]:
        """Names of one person that follow each other become one; a name that several bear is whose it stands beside."""
        found: list[Find] = []
        for start, end, whose in finds:
            if found and (found[-1][1] == start or BETWEEN.fullmatch(text, found[-1][1], start)):
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
