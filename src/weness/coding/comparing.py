"""Several coders' work on one corpus, compared: a Corpus and their Codings in, an Agreement out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from weness.coding.agreement import counts_of
from weness.coding.agreement_rows import ALL, Row, Table, Text, enough_clusters, rows_of
from weness.coding.codebook import Codebook, codebook_named
from weness.coding.coder import CODERS, Coder
from weness.coding.codings import Codings
from weness.coding.disagreements import Disagreement, over_mentions, over_passages
from weness.coding.human import HumanCoder
from weness.coding.learned import learned_in
from weness.coding.own_codes import OWN
from weness.coding.shared_units import THEY, Work, looked, mention_units, sentence_units
from weness.coding.unitizing import Passage
from weness.engines import Inline
from weness.reading.corpus import Corpus

FAMILIES = ("A", THEY, "B", "C", OWN)
"""As in ``Codings.seen``, and fellow partners ("they") by themselves."""
NAMED = 3
"""Texts named in an error."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One coder, and how much there is of it."""

    name: str
    person: bool
    texts: int
    labels: int
    passages: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """``texts`` and ``sentences`` are those that at least two coders looked at, ``mentions`` those that two labelled."""

    coders: tuple[Compared, ...]
    texts: int
    mentions: int
    sentences: int
    rows: tuple[Row, ...]
    disagreements: tuple[Disagreement, ...]
    notes: tuple[str, ...] = ()

    @property
    def with_machine(self) -> bool:
        return not all(one.person for one in self.coders)


def agreement_in(
    folder: Path, corpus: Corpus, asked: Sequence[str], machine: Callable[[str], Coder], seed: int = 0
) -> Agreement:
    """How far the coders ``asked`` for agree in a study: persons, and machines, which ``machine`` finds by name; every
    person where none is asked for. Raises ValueError or KeyError, saying who coded what and how to bring another one in."""
    codebook, human = codebook_named(), HumanCoder(folder)
    persons = human.each(corpus, codebook)
    names = whom(persons, asked, folder)
    there = {one.coder: one for one in persons}
    everywhere = frozenset((document.id, family) for document in corpus.documents for family in "ABC")
    each = [
        there.get(name) or replace(machine(name).code(corpus, codebook, Inline()), coder=name, seen=everywhere)
        for name in names
    ]
    machines = [name for name in names if name not in there]
    found = compare(each, corpus, codebook, machines, seed)
    notes = [*human.notes]
    if "builtin" in machines and learned_in(folder):
        notes.append("The coder 'builtin' has learned from codings of this study: what is said of it here flatters it.")
    return replace(found, notes=(*found.notes, *notes))


def whom(persons: Sequence[Codings], asked: Sequence[str], study: Path) -> tuple[str, ...]:
    """The names of two coders or more."""
    there = {one.coder: one for one in persons}
    names = tuple(dict.fromkeys(asked)) or tuple(there)
    for name in names:
        if name not in there and name not in CODERS:
            raise KeyError(
                f"Nobody called {name!r} coded in {study}. Persons: {', '.join(there) or 'none'}. Machines: {', '.join(CODERS)}."
            )
    if len(names) < 2:
        bring = (
            f"Name two of them, or one and a machine: --coders {names[0]},builtin"
            if len(there) > 1
            else f"Bring a second one in with: weness import {study} FILE --as NAME"
        )
        raise ValueError(
            f"Agreement needs two coders. In {study}: {'; '.join(map(_work_of, persons)) or 'nobody has coded'}.\n{bring}"
        )
    return names


def _work_of(one: Codings) -> str:
    about = compared(one, True)
    return f"{one.coder} ({about.texts} texts: {about.labels} mentions, {about.passages} other codings)"


def compare(
    each: Sequence[Codings], corpus: Corpus, codebook: Codebook, machines: Collection[str] = (), seed: int = 0
) -> Agreement:
    """Raises ValueError where no text was looked at by two of them, saying who coded what."""
    works = [Work.of_coder(_with_they(one)) for one in each]
    shared = {name for family in FAMILIES for name in looked(works, family, corpus)}
    if not shared:
        who = "; ".join(f"{one.coder}: {_named(one)}" for one in works)
        raise ValueError(
            f"No text was coded by two of them, so there is nothing to compare. {who}.\n"
            "Give one text to both, and bring the second's work in with: weness import STUDY FILE --as NAME"
        )
    tables = [table for table in _tables(works, corpus, codebook) if table.units.spans]
    rows = [row for table in tables for row in rows_of(table, bool(machines), seed)]
    labelled = sum(len(table.units.spans) for table in tables if table.family == "A")
    mentions = sum(_pairable(table) for table in tables if table.family == "A")
    return Agreement(
        tuple(compared(one, one.coder not in machines) for one in each),
        len(shared),
        mentions,
        len({span for table in tables if table.family != "A" for span in table.units.spans}),
        tuple(rows),
        tuple(_disagreements(tables, works, corpus)),
        tuple(_notes(labelled - mentions, rows, bool(machines))),
    )


def _with_they(one: Codings) -> Codings:
    # Fellow partners are coded with the relational talk around them (side_by_side.py), or by somebody who looked for them alone.
    texts = {name for name, family in one.seen if family == "B"}
    texts |= {mark.span.document for mark in one.marks if mark.code == THEY}
    return replace(one, seen=one.seen | {(name, THEY) for name in texts})


def _named(one: Work) -> str:
    texts = sorted({name for name, _ in one.seen})
    more = f" and {len(texts) - NAMED} more" if len(texts) > NAMED else ""
    return ", ".join(texts[:NAMED]) + more


def compared(one: Codings, person: bool) -> Compared:
    labels = sum(mark.code.startswith("WE_") for mark in one.marks)
    return Compared(one.coder, person, len({name for name, _ in one.seen}), labels, len(one.marks) - labels)


def _tables(each: Sequence[Work], corpus: Corpus, codebook: Codebook) -> Iterator[Table]:
    used = {mark.code for one in each for mark in one.marks}
    book = [code for code in codebook.codes if code.id in used]
    cores = {code.id: code.core for code in book}
    codes: dict[str, list[str]] = {family: [] for family in FAMILIES}
    for code in book:
        codes[THEY if code.id == THEY else code.family].append(code.id)
    codes[OWN] = sorted(used - set(cores))
    for family, some in codes.items():
        if some and family == "A":
            yield Table(family, mention_units(each, some, corpus), _groups(some, cores))
        elif some:
            units = sentence_units(each, some, family, corpus)
            yield Table(family, units, _groups(some, cores), _texts(each, some, family, corpus))


def _groups(codes: Sequence[str], cores: Mapping[str, str]) -> dict[tuple[str, str], tuple[str, ...]]:
    """What gets a row: all together, every code, every core code that more than one of them rolls up to."""
    groups: dict[tuple[str, str], tuple[str, ...]] = {("family", ALL): tuple(codes)} if len(codes) > 1 else {}
    groups |= {("code", code): (code,) for code in codes}
    for core in dict.fromkeys(cores[code] for code in codes if code in cores):
        members = tuple(code for code in codes if cores.get(code) == core)
        if len(members) > 1:
            groups["core", core] = members
    return groups


def _texts(each: Sequence[Work], codes: Sequence[str], family: str, corpus: Corpus) -> tuple[Text, ...]:
    found = []
    for name, who in looked(each, family, corpus).items():
        coders: list[dict[str, list[Passage]]] = []
        for number in who:
            own: dict[str, list[Passage]] = {}
            for mark in each[number].of(name):
                if mark.code in codes:
                    own.setdefault(mark.code, []).append((mark.span.start, mark.span.end))
            coders.append(own)
        document = corpus.document(name)
        found.append(Text(len(document.text), document.language, tuple(coders)))
    return tuple(found)


def _pairable(table: Table) -> int:
    counts = counts_of(table.units.labels(), len(table.units.values))
    return int((counts.sum(axis=1) >= 2).sum())


def _disagreements(tables: Sequence[Table], each: Sequence[Work], corpus: Corpus) -> Iterator[Disagreement]:
    for table in tables:
        if table.family == "A":
            yield from over_mentions(table.units, each, corpus)
    codes = {table.family: tuple(table.units.values) for table in tables}
    relational: dict[str, Sequence[str]] = {family: codes[family] for family in ("B", "C") if family in codes}
    found = over_passages(each, relational, corpus)
    for family in (THEY, OWN):
        if family in codes:
            found += over_passages(each, {family: codes[family]}, corpus)
    yield from sorted(found, key=lambda one: (-one.times, one.codes))  # stable: within a confusion the order stays


def _notes(alone: int, rows: Sequence[Row], machine: bool) -> Iterator[str]:
    if alone:
        yield f"{alone} {'mention was' if alone == 1 else 'mentions were'} labelled by one coder only: in no figure."
    if machine:
        yield (
            "One of the coders is a machine: this tells how well it repeats a person's coding. It is no agreement between "
            "persons, and no claim may rest on it beyond theirs."
        )
    over = {row.resampled_over for row in rows}
    if "speakers" in over:
        yield "Where there are too few texts, speakers are resampled instead."
    if "units" in over:
        yield (
            "Where there are too few texts and speakers, single mentions and sentences are resampled: such an interval is "
            "too narrow, for what one person says is alike. Such a row is at most tentative."
        )
    few = {row.clusters for row in rows if row.resampled_over != "units"}
    if few and min(few) < (enough := enough_clusters()):
        yield (
            f"An interval that rests on fewer than {enough} texts or speakers (here as few as {min(few)}) is widened, but not to "
            "be relied on: such a row is at most tentative. More texts coded by two are the remedy, not more codes in one."
        )
