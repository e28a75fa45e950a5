"""Who is hidden behind which pseudonym, and where in a text they are named."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property

from weness import library
from weness.coding.masks import PARTICLES, folded
from weness.reading.corpus import Speaker
from weness.reading.rooms import words

PREFIXES = "PNXQZ"
"""Letters before the number of a pseudonym: the first that nothing in the study is called by."""
MARKS = "\u0300-\u036f"
"""Accents that stand behind their letter, as some programs write them."""
GAP = r"[^\S\n]+"
BETWEEN = re.compile(rf"{GAP}(?:(?:{'|'.join(sorted(PARTICLES, key=lambda one: (-len(one), one)))}|\w\.){GAP})*|[-‐‑]")
"""What may stand between two names of one person that are hidden as one: "Luz M. Rey", "van der", a hyphen."""
ADDRESS = re.compile(r"(?P<local>[\w.+-]+)@(?P<domain>[\w-]+(?:\.[\w-]+)+)|(?<!\w)@(?P<handle>[\w.]+)")
LINK = re.compile(r"(?:https?://|www\.)[^\s<>]+", re.IGNORECASE)

Find = tuple[int, int, str]
"""Characters [start, end) of a text, and the pseudonym that hides them."""


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

    def finds_in(self, text: str, first: Iterable[Find] = ()) -> list[Find]:
        """Every name in ``text``, in order and apart. Where ``first`` overlaps with what is found, it wins."""
        found = sorted(first)
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
            name = _flat(match.group())
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
        fitting = [name for name in self.known if name in pieces or (len(name) > 3 and _closed(name) in whole)]
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


def people_in(
    speakers: Iterable[Speaker], listed: Iterable[tuple[str, ...]], before: Iterable[Hidden], prefix: str
) -> tuple[Hidden, ...]:
    """Everybody who is hidden: those of a key from ``before``, the speakers, those whom the user lists. Numbers go on."""
    found = {one.pseudonym: one for one in before}
    for speaker in speakers:
        if _parts(speaker.name):
            _meet(found, (_proper(speaker), *speaker.aliases), speaker.id, prefix)
    for names in listed:
        _meet(found, names, "", prefix)
    people = tuple(found.values())
    for name, whose in sorted(_owners(people).items()):
        if len(whose) > 1:
            pseudonym = next((one.pseudonym for one in people if one.shared and folded(one.names[0]) == name), "")
            pseudonym = pseudonym or _next(found, prefix)
            found[pseudonym] = Hidden(pseudonym, (name.title(),), shared=tuple(sorted(whose)))
    return tuple(found.values())


def forms_of(people: Iterable[Hidden], present: Iterable[str] = (), exact: Mapping[str, str] | None = None) -> Forms:
    """``present``: whose a name is that several bear, in a document in which only one of them speaks (by pseudonym)."""
    people, here = tuple(people), set(present)
    joint = {folded(one.names[0]): one for one in people if one.shared}
    known: dict[str, str] = {}
    for name, whose in _owners(people).items():
        among = whose & here
        if len(whose) == 1 or len(among) == 1:
            known[name] = min(among or whose)
        elif name in joint:
            known[name] = joint[name].pseudonym
    return Forms(known, frozenset(_proper_ones(people)), exact or {}, {one.pseudonym: one.shared for one in people})


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
    asked = {_flat(folded(name)) for name in names}
    own = [one for one in people if speaker and one.speaker == speaker]
    alike = [one for one in people if not one.shared and asked & _called(one) and not (speaker and one.speaker)]
    same = own or alike
    return same[0] if len(same) == 1 else None


def _called(one: Hidden) -> set[str]:
    parts = [part for name in one.names for part in _parts(name)] if one.speaker else []
    return {_flat(folded(name)) for name in (*one.names, *parts)}


def _next(found: Mapping[str, Hidden], prefix: str) -> str:
    return f"{prefix}{max((int(one[1:]) for one in found), default=0) + 1:02d}"


def _owners(people: Iterable[Hidden]) -> dict[str, set[str]]:
    """Name -> the pseudonyms of all who bear it. A name that is somebody's whole one is not another's part."""
    people = [one for one in people if not one.shared]
    whole: dict[str, set[str]] = {}
    parts: dict[str, set[str]] = {}
    for one in people:
        for name in one.names:
            whole.setdefault(_flat(folded(name)), set()).add(one.pseudonym)
            for part in _parts(name) if one.speaker else ():
                parts.setdefault(_flat(folded(part)), set()).add(one.pseudonym)
    return parts | whole


def _proper_ones(people: Iterable[Hidden]) -> Iterator[str]:
    """Names that may be everyday words in small letters: all with a capital that are one word, particles aside."""
    for one in people:
        for name in (*one.names, *(part for known in one.names if one.speaker for part in _parts(known))):
            real = [word for word in re.split(r"[\s-]+", name) if word.lower() not in PARTICLES]
            if len(real) < 2 and any(map(str.isupper, name)):
                yield _flat(folded(name))


def _parts(name: str) -> list[str]:
    """First names and surnames; a surname with its particles too. No titles, initials, numbers, or "Respondent"."""
    pieces = [piece.strip(".,;'’\"“”()[]") for piece in name.split()]
    found = []
    for at, piece in enumerate(pieces):
        for part in dict.fromkeys((piece, *re.split(r"[-‐‑]", piece))):
            if len(part) > 1 and part[0].isalpha() and not part[0].islower() and part.lower() not in _no_names():
                found.append(part)
                before = at
                while before and pieces[before - 1].lower() in PARTICLES:
                    before -= 1
                if before < at and part == piece:
                    found.append(" ".join(pieces[before : at + 1]))
    return found or ([name.title()] if name.isalpha() and len(name) > 2 and name.lower() not in _no_names() else [])


@cache
def _no_names() -> frozenset[str]:
    kinds = ("titles", "interviewer", "respondent")
    return PARTICLES.union(*(words(language, kind) for language in library.LANGUAGES for kind in kinds), {"speaker"})


def _proper(speaker: Speaker) -> str:
    """A study without names calls people by their ids, in small letters; in its texts they are written with a capital."""
    return speaker.name.title() if speaker.name.islower() else speaker.name


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


def _flat(low: str) -> str:
    """A name as it is looked up: spaces single, apostrophes straight, no accents behind letters."""
    bare = re.sub(f"[{MARKS}]", "", low).replace("’", "'")
    return " ".join(re.sub("[‐‑]", "-", bare).split())


def _closed(name: str) -> str:
    return re.sub(r"[^\w]|_", "", name)
