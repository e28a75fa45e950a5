"""A study and those who are hidden in it: every place where a text names them, and the names of files and ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from weness.coding.masks import PARTICLES, folded, replaced
from weness.coding.own_codes import own_codes_in
from weness.reading.corpus import Corpus, Document, Turn
from weness.reading.names import BRACKET, CLOSE, ROLE, forms, plain
from weness.reading.study_file import StudyFile
from weness.stores.pseudonyms.carrying import Carried, codes_of_weness
from weness.stores.pseudonyms.forms import Find, Forms, forms_of
from weness.stores.pseudonyms.key import Key, canonical
from weness.stores.pseudonyms.new_folder import CannotPseudonymise
from weness.stores.pseudonyms.people import Hidden, fitting_prefix, flat, people_in, pseudonym_in, seen
from weness.stores.pseudonyms.study_page import page_of

NEAR = 200
"""Characters before what somebody says in which the label stands."""
INITIALS = re.compile(r"(?<![^\W_])(?:[A-ZÁÉÍÓÚÑ]{2,4}|(?:[A-ZÁÉÍÓÚÑ]\. ?){2,4})(?![^\W_])")


@dataclass(frozen=True)
class Disguise:
    """A study and those who are hidden in it, while it is being written anew."""

    file: StudyFile
    corpus: Corpus
    people: tuple[Hidden, ...]
    forms: Forms
    ids: Mapping[str, str]
    houses: Mapping[str, str]
    codes: Mapping[str, str]
    turns: Mapping[str, list[Turn]]
    finds: dict[str, list[Find]] = field(default_factory=dict)
    texts: dict[str, Carried] = field(default_factory=dict)

    def told(self, words: str) -> str:
        """Words of the study file or of a coder, without names."""
        for ids in (self.houses, self.ids, self.codes):
            if words in ids:
                return ids[words]
        return self.unnamed(words)

    def unnamed(self, words: str) -> str:
        return replaced(words, self.forms.finds_in(words)).text

    def speaker(self, id: str | None) -> str | None:
        return self.ids.get(id, id) if id else id

    def house(self, id: str | None) -> str | None:
        return self.houses.get(id, id) if id else id

    def of(self, speaker: str | None) -> Hidden | None:
        return next((one for one in self.people if speaker and one.speaker == speaker), None)


def disguise_of(
    file: StudyFile, corpus: Corpus, before: Key, names: tuple[tuple[str, ...], ...]
) -> tuple[Disguise, str]:
    """Who is hidden, and every place where a text names them."""
    written = [canonical(page_of(file, corpus.documents, str)), *(one.text for one in corpus.documents)]
    prefix = before.prefix or fitting_prefix(written)
    for one in corpus.documents:
        if pseudonym_in(prefix).search(one.text):
            raise CannotPseudonymise(
                f"{one.id} holds a word like the pseudonyms of this key ({prefix}01). Use a new key."
            )
    people = people_in(corpus.speakers, names, before.people, prefix)
    ids = {one.speaker: one.pseudonym.lower() for one in people if one.speaker}
    forms = forms_of(people)
    houses = _houses(corpus, people)
    taken = {*ids.values(), *houses.values(), *(one.pseudonym.lower() for one in people)}
    houses |= _without_names([one.id for one in corpus.partners if one.id not in houses], forms, taken)
    codes = _without_names([id for id in _own_codes(file) if id not in ids and id not in houses], forms, taken)
    its = Disguise(file, corpus, people, forms, ids, houses, codes, turns_by_document(corpus))
    hide = file_names(corpus, its.forms.in_file_name)
    for document in corpus.documents:
        here = _forms_in(its, document)
        its.finds[document.id] = here.finds_in(document.text, _labels(its, document))
        after = replaced(document.text, its.finds[document.id])
        its.texts[document.id] = Carried(hide[document.id], document.text, after)
    return its, prefix


def _houses(corpus: Corpus, people: tuple[Hidden, ...]) -> dict[str, str]:
    """Partners whose whole name is on the list get another id."""
    called = {flat(folded(name)): one.pseudonym.lower() for one in people if not one.speaker for name in one.names}
    known = ((one.id, called.get(flat(folded(name)))) for one in corpus.partners for name in (*one.aliases, one.name))
    return {id: pseudonym for id, pseudonym in known if pseudonym}


def _own_codes(file: StudyFile) -> list[str]:
    try:
        return [id for id in own_codes_in(file.folder) if id not in codes_of_weness()]
    except ValueError:  # Then none of them is a code, and the page is carried as words.
        return []


def _without_names(ids: list[str], forms: Forms, taken: set[str]) -> dict[str, str]:
    """Ids that hold a name, with others that do not: none like another, or like a pseudonym. ``taken`` grows."""
    found: dict[str, str] = {}
    taken |= {id.lower() for id in ids}
    for id in ids:
        new = first = forms.in_id(id)
        number = 1
        while new != id and new.lower() in taken:
            number += 1
            new = f"{first}_{number}"
        if new != id:
            found[id] = new
            taken.add(new.lower())
    return found


def _forms_in(its: Disguise, document: Document) -> Forms:
    """The forms that count in one document: names that several bear, and initials, are those of who is there."""
    here = [one.pseudonym for id in document.speakers if (one := its.of(id))]
    known: dict[str, str] = {}
    for turn in its.turns[document.id]:
        one = its.of(turn.speaker)
        if one and INITIALS.fullmatch(turn.label) and _bare(turn.label) in forms(one.names[0]):
            known[turn.label] = one.pseudonym
    for one in its.people if document.speakers else ():
        if one.pseudonym in here:
            known |= {word: one.pseudonym for word in _explained(document.text, one)}
    return forms_of(its.people, here, known)


def _explained(text: str, one: Hidden) -> Iterator[str]:
    """Initials that stand on one line with the name: "Joaquín Bedoya (JB)", "JB: Joaquín Bedoya", "... | J. B."."""
    name, own = flat(folded(one.names[0])), {form for form in forms(one.names[0]) if " " not in form}
    for line in text.splitlines():
        if name in flat(folded(line)):
            yield from (found for match in INITIALS.findall(line) if _bare(found := match.strip()) in own)


def _bare(initials: str) -> str:
    return re.sub(r"[. ]", "", plain(initials))


def _labels(its: Disguise, document: Document) -> Iterator[Find]:
    """Labels which are a speaker's, however they are written: with a slip of the pen, in small letters, "Checho Stone"."""
    for turn in its.turns[document.id]:
        one = its.of(turn.speaker)
        name = name_in(turn.label)
        if one and name and is_name_of(name, one):
            whole = re.compile(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])")
            places = list(whole.finditer(document.text, max(0, turn.span.start - NEAR), turn.span.start))
            if places:
                yield places[-1].start(), places[-1].end(), one.pseudonym


def name_in(label: str) -> str:
    """The name in a label, without what stands in brackets or after a dash."""
    outside = BRACKET.sub("", label).strip()
    before = ROLE.match(outside)
    return (before["name"] if before else outside).strip()


def is_name_of(label: str, one: Hidden) -> bool:
    from rapidfuzz import fuzz

    bare, known = plain(seen(label)), {form for name in one.names for form in forms(name)}
    words = {word for form in known for word in form.split() if len(word) > 2} - PARTICLES
    return len(bare) > 1 and (
        bare in known or bool(words & set(bare.split())) or any(fuzz.ratio(bare, form) >= CLOSE for form in known)
    )


def turns_by_document(corpus: Corpus) -> dict[str, list[Turn]]:
    """By document, in text order."""
    found: dict[str, list[Turn]] = {document.id: [] for document in corpus.documents}
    for turn in corpus.turns:
        found[turn.span.document].append(turn)
    return found


def file_names(corpus: Corpus, hide: Callable[[str], str]) -> dict[str, str]:
    """Document -> a .txt of its own, in the same folder."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for document in corpus.documents:
        file, _, number = document.id.partition("#") if re.search(r"#\d+$", document.id) else (document.id, "", "")
        path = PurePosixPath(file)
        stem = hide(str(path.with_suffix(""))) + (f" {number}" if number else "")
        name, again = f"{stem}.txt", 1
        while name.lower() in taken:
            again += 1
            name = f"{stem} ({again}).txt"
        found[document.id] = name
        taken.add(name.lower())
    return found


def old_ids(its: Disguise) -> dict[str, str]:
    """New ids of speakers, partners and codes to old ones. They differ from each other."""
    return {new: old for ids in (its.ids, its.houses, its.codes) for old, new in ids.items()}


def finds_back(its: Disguise, document: str) -> list[Find]:
    """Where the pseudonyms stand in the new text, each with the letters that it hides."""
    text, found, moved = its.texts[document].before, [], 0
    for start, end, pseudonym in its.finds[document]:
        found.append((start + moved, start + moved + len(pseudonym), text[start:end]))
        moved += len(pseudonym) - (end - start)
    return found


def undone(its: Disguise, document: str, was: str) -> Carried:
    after = its.texts[document].after
    return Carried(was, after.text, replaced(after.text, finds_back(its, document)))


def backwards(people: tuple[Hidden, ...], ids: Mapping[str, str]) -> Callable[[str], str]:
    """Puts the full name for a pseudonym in words that were written under pseudonyms."""
    names = {one.pseudonym: one.names[0] for one in people}
    prefix = next(iter(names), "P01")[0]

    def told(words: str) -> str:
        if words in ids:
            return ids[words]
        return pseudonym_in(prefix).sub(lambda match: names.get(match.group(), match.group()), words)

    return told
