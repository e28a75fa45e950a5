"""A study written anew with pseudonyms for names, before anything else is done with it; its key lies elsewhere."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from weness import library
from weness.coding.human import CODINGS, MENTIONS
from weness.coding.masks import PARTICLES, folded, replaced
from weness.reading.corpus import Corpus, Document, Span, Turn
from weness.reading.encodings import decoded
from weness.reading.gathering import read_study
from weness.reading.names import BRACKET, CLOSE, ROLE, forms, plain
from weness.reading.reader import CannotRead
from weness.reading.study_file import NAME, StudyFile, study_file
from weness.stores.carrying import PAGES, Carried, carried_page, carried_row, carry_rows, coded_files, written_page
from weness.stores.key import Key, Replaced, Run, canonical, checksum, key_in, write_key
from weness.stores.pseudonyms import (
    Find,
    Forms,
    Hidden,
    fitting_prefix,
    forms_of,
    names_listed,
    people_in,
    pseudonym_in,
)
from weness.stores.study_page import MARK, renamed, study_page

MOST = 20
"""Words shown that may be further names."""
INITIALS = re.compile(r"(?<![^\W_])[A-ZÁÉÍÓÚÑ]{2,4}(?![^\W_])")


class CannotPseudonymise(ValueError):
    """Says what is in the way."""


@dataclass(frozen=True, slots=True)
class Pseudonymised:
    """What was written where, and what to look at.

    ``names`` were replaced in ``places``. ``silent`` are speakers whom no text names, ``missing`` listed names that no
    text holds, ``left`` files that were not carried over, ``looks`` words that may be further names, with their counts.
    """

    folder: Path
    key: Path
    names: int
    places: int
    silent: tuple[str, ...]
    missing: tuple[str, ...]
    left: tuple[str, ...]
    looks: tuple[tuple[str, int], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Study:
    """A study and those who are hidden in it, while it is being written anew."""

    file: StudyFile
    corpus: Corpus
    people: tuple[Hidden, ...]
    forms: Forms
    ids: Mapping[str, str]
    houses: Mapping[str, str]
    turns: Mapping[str, list[Turn]]
    finds: dict[str, list[Find]] = field(default_factory=dict)
    texts: dict[str, Carried] = field(default_factory=dict)

    def told(self, words: str) -> str:
        """Words of the study file or of a coder, without names."""
        if words in self.houses or words in self.ids:
            return self.houses.get(words) or self.ids[words]
        return self.unnamed(words)

    def unnamed(self, words: str) -> str:
        return replaced(words, self.forms.finds_in(words)).text

    def speaker(self, id: str | None) -> str | None:
        return self.ids.get(id, id) if id else id

    def house(self, id: str | None) -> str | None:
        return self.houses.get(id, id) if id else id

    def of(self, speaker: str | None) -> Hidden | None:
        return next((one for one in self.people if speaker and one.speaker == speaker), None)


def pseudonymise(
    study: Path, out: Path | None = None, key: Path | None = None, listed: Path | None = None
) -> Pseudonymised:
    """Writes the study under pseudonyms to ``out`` and its key to ``key``, both beside the study unless named.

    ``listed`` is a file with further names. Raises CannotPseudonymise, KeyRefused, or what reading the study raises;
    then nothing was written.
    """
    study = Path(study).resolve()
    out = Path(out or study.with_name(f"{study.name}-pseudonymised")).absolute()
    key = Path(key or study.with_name(f"{study.name}.key.yaml")).absolute()
    check_places(study, out, key)
    file = study_file(study)
    if MARK in file.settings:
        raise CannotPseudonymise(
            f"{study.name} is pseudonymised already. Pseudonymise the study that it was made from."
        )
    corpus = read_study(study)
    if not corpus.documents:
        raise CannotPseudonymise(f"{study.name} has no narrative that can be read. `weness check` says why.")
    before = _key_for(file, key)
    names = names_listed(listed.read_text("utf-8-sig")) if listed else ()
    its, prefix = _hidden(file, corpus, before, names)
    notes: list[str] = [*corpus.notes]
    with written_whole(out) as draft:
        page, moved = _write_study(its, draft, notes)
        pages: dict[str, list[str]] = {}
        _write_codings(its, draft, pages, notes)
        back = study_page(file, corpus.documents, _file_names(corpus, lambda name: name).__getitem__)
        id = checksum(canonical([page, [one.before for one in its.texts.values()], sorted(pages.items())]))[:16]
        pages.setdefault(checksum(canonical(page)), []).append(canonical(back))
        run = Run(_replaced(its), _old_ids(its), back, {name: tuple(rows) for name, rows in pages.items()})
        _write_page({MARK: id, **page}, draft / NAME)
        # First the key: a key without a study does no harm, a study without its key cannot be undone.
        write_key(Key(file.id, prefix, its.people, {**before.runs, id: run}), key)
    return replace(_found(its, names, out, key), notes=tuple(dict.fromkeys([*notes, *moved])))


def summary(done: Pseudonymised) -> str:
    """What was done and what to look at, for a person."""
    told = [f"{done.names} names in {done.places} places of the texts replaced. The study is in {done.folder}"]
    told.append(f"The key is in {done.key}: it undoes everything. Keep it apart from the study.")
    if done.silent:
        told.append(f"Speakers whom no text names: {', '.join(done.silent)}.")
    if done.missing:
        told.append(f"Listed, but not found in any text: {', '.join(done.missing)}.")
    if done.left:
        told.append(f"Not carried over: {', '.join(done.left)}.")
    if done.looks:
        shown = ", ".join(f"{word} ({times})" for word, times in done.looks)
        told.append(f"WARNING: look at these, they may be names: {shown}. If so, put them on a list: --list NAMES.txt")
    told.append(
        "Listed names were replaced; that is not anonymity. Who knows the partnership may still recognise people."
    )
    return "\n".join(told)


def check_places(study: Path, out: Path, key: Path) -> None:
    """Raises CannotPseudonymise where something would be overwritten, or the key would lie beside what it opens."""
    if out.is_symlink() or (out.exists() and (not out.is_dir() or any(out.iterdir()))):
        raise CannotPseudonymise(f"{out} is there already and stays as it is. Name another folder with --out.")
    if not out.parent.is_dir():
        raise CannotPseudonymise(f"There is no folder {out.parent} in which {out.name} could be made.")
    inner, home = out.resolve(), study.resolve()
    if inner.is_relative_to(home) or home.is_relative_to(inner):
        raise CannotPseudonymise(f"{out} and {study} lie within each other. Name another folder with --out.")
    place = key.resolve()
    if place.is_relative_to(home) or place.is_relative_to(inner):
        raise CannotPseudonymise(f"The key {key} would lie within the study. Name a place of your own with --key.")
    if key.is_symlink() or not key.parent.is_dir():
        raise CannotPseudonymise(f"The key {key} must be a file in a folder that is there, and no link.")


@contextmanager
def written_whole(out: Path) -> Iterator[Path]:
    """A folder to write into, which becomes ``out`` when all went well, else nothing."""
    there = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        draft = there / "study"
        draft.mkdir()
        yield draft
        if out.is_dir():
            out.rmdir()
        draft.rename(out)
    finally:
        shutil.rmtree(there)


def _key_for(file: StudyFile, path: Path) -> Key:
    if not path.exists():
        return Key(file.id)
    key = key_in(path)
    if key.study != file.id:
        raise CannotPseudonymise(
            f"{path} is the key of the study {key.study!r}, not of {file.id!r}. Name another with --key."
        )
    return key


def _hidden(file: StudyFile, corpus: Corpus, before: Key, names: tuple[tuple[str, ...], ...]) -> tuple[_Study, str]:
    """Who is hidden, and every place where a text names them."""
    written = [canonical(study_page(file, corpus.documents, str)), *(one.text for one in corpus.documents)]
    prefix = before.prefix or fitting_prefix(written)
    for one in corpus.documents:
        if pseudonym_in(prefix).search(one.text):
            raise CannotPseudonymise(
                f"{one.id} holds a word like the pseudonyms of this key ({prefix}01). Use a new key."
            )
    people = people_in(corpus.speakers, names, before.people, prefix)
    ids = {one.speaker: one.pseudonym.lower() for one in people if one.speaker}
    its = _Study(file, corpus, people, forms_of(people), ids, _houses(corpus, people), _turns(corpus))
    hide = _file_names(corpus, its.forms.in_file_name)
    for document in corpus.documents:
        forms = _forms_in(its, document)
        its.finds[document.id] = forms.finds_in(document.text, _labels(its, document))
        after = replaced(document.text, its.finds[document.id])
        its.texts[document.id] = Carried(hide[document.id], document.text, after)
    return its, prefix


def _houses(corpus: Corpus, people: tuple[Hidden, ...]) -> dict[str, str]:
    """Partners whose whole name is on the list get another id; the others keep theirs."""
    called = {folded(name): one.pseudonym.lower() for one in people if not one.speaker for name in one.names}
    known = ((one.id, called.get(folded(name))) for one in corpus.partners for name in (*one.aliases, one.name))
    return {id: pseudonym for id, pseudonym in known if pseudonym}


def _forms_in(its: _Study, document: Document) -> Forms:
    """The forms that count in one document: names that several bear, and initials, are those of who is there."""
    here = [one.pseudonym for id in document.speakers if (one := its.of(id))]
    known: dict[str, str] = {}
    for turn in its.turns[document.id]:
        one = its.of(turn.speaker)
        if one and INITIALS.fullmatch(turn.label) and plain(turn.label) in forms(one.names[0]):
            known[turn.label] = one.pseudonym
    for one in its.people if document.speakers else ():
        if one.pseudonym in here:
            known |= {word: one.pseudonym for word in _explained(document.text, one)}
    return forms_of(its.people, here, known)


def _explained(text: str, one: Hidden) -> Iterator[str]:
    """Initials that a text gives to somebody: "Joaquín Bedoya (JB)", "JB: Joaquín Bedoya"."""
    name = re.escape(folded(one.names[0]))
    for match in INITIALS.finditer(text):
        if plain(match.group()) in forms(one.names[0]):
            around = folded(text[max(0, match.start() - 90) : match.end() + 90])
            initials = re.escape(folded(match.group()))
            if re.search(rf"{name}[^\n]{{0,12}}[(\[]{initials}[)\]]|{initials} ?[:=] ?{name}", around):
                yield match.group()


def _turns(corpus: Corpus) -> dict[str, list[Turn]]:
    """By document, in text order."""
    found: dict[str, list[Turn]] = {document.id: [] for document in corpus.documents}
    for turn in corpus.turns:
        found[turn.span.document].append(turn)
    return found


def _labels(its: _Study, document: Document) -> Iterator[Find]:
    """Labels which are a speaker's, however they are written: with a slip of the pen, in small letters, "Checho Stone"."""
    for turn in its.turns[document.id]:
        one = its.of(turn.speaker)
        name = _called(turn.label)
        if one and name and _is_name_of(name, one):
            at = document.text.rfind(name, max(0, turn.span.start - 200), turn.span.start)
            if at >= 0:
                yield at, at + len(name), one.pseudonym


def _called(label: str) -> str:
    """The name in a label, without what stands in brackets or after a dash."""
    outside = BRACKET.sub("", label).strip()
    before = ROLE.match(outside)
    return (before["name"] if before else outside).strip()


def _is_name_of(label: str, one: Hidden) -> bool:
    from rapidfuzz import fuzz

    bare, known = plain(label), {form for name in one.names for form in forms(name)}
    words = {word for form in known for word in form.split() if len(word) > 2} - PARTICLES
    return len(bare) > 1 and (
        bare in known or bool(words & set(bare.split())) or any(fuzz.ratio(bare, form) >= CLOSE for form in known)
    )


def _file_names(corpus: Corpus, hide: Callable[[str], str]) -> dict[str, str]:
    """Document -> a .txt of its own, in the same folder."""
    found: dict[str, str] = {}
    for document in corpus.documents:
        file, _, number = document.id.partition("#") if re.search(r"#\d+$", document.id) else (document.id, "", "")
        path = PurePosixPath(file)
        stem = hide(str(path.with_suffix(""))) + (f" {number}" if number else "")
        name, again = f"{stem}.txt", 1
        while name.lower() in {other.lower() for other in found.values()}:
            again += 1
            name = f"{stem} ({again}).txt"
        found[document.id] = name
    return found


def _write_study(its: _Study, draft: Path, notes: list[str]) -> tuple[dict[str, Any], list[str]]:
    """Texts and study.yaml, read again to see that everybody still says the same. The page, and what is read otherwise."""
    for text in its.texts.values():
        write_text(text.after.text, draft / text.file)
    page = _page(its)
    for attempt in (1, 2):
        _write_page(page, draft / NAME)
        again = read_study(draft)
        turns = _turns(again)
        rows = {row["file"]: row for row in page["documents"]}
        mended = False
        for document in its.corpus.documents:
            wrong = _misread(its, document, turns) if attempt == 1 else {}
            if wrong:
                row = rows[its.texts[document.id].file]
                row["turns"] = {**row.get("turns", {}), **wrong}
                mended = True
        if not mended:
            break
    return page, list(_differences(its, again))


def _page(its: _Study) -> dict[str, Any]:
    """study.yaml under pseudonyms."""
    files = {document: text.file for document, text in its.texts.items()}
    page = renamed(study_page(its.file, its.corpus.documents, str), its.ids, its.houses, files)
    hidden = {one.pseudonym.lower(): one.pseudonym for one in its.people}
    speakers = []
    for row in page["speakers"]:
        told = {name: its.unnamed(value) for name, value in row.items() if name in ("name", "role")}
        name = {"name": hidden[row["id"]]} if row["id"] in hidden else {}
        speakers.append({**row, **told, **name, "aliases": []})
    documents = []
    for row in page["documents"]:
        turns = {its.unnamed(label): id for label, id in row.get("turns", {}).items()}
        documents.append({**row, "turns": turns} if turns else row)
    told = {name: _but_ids(its, value) for name, value in page.items() if name not in ("speakers", "documents")}
    return {**page, **told, "speakers": [*speakers, *_strangers(its)], "documents": documents}


def _but_ids(its: _Study, page: Any) -> Any:
    """Without names; partners and waves keep the ids by which they are called elsewhere."""
    if isinstance(page, list):
        return [_but_ids(its, row) for row in page]
    if isinstance(page, Mapping):
        return {**carried_page(page, its.unnamed), **({"id": page["id"]} if "id" in page else {})}
    return carried_page(page, its.unnamed)


def _strangers(its: _Study) -> list[dict[str, Any]]:
    """Listed people whose label begins turns: with a row of their own the label is still known for one."""
    houses: dict[str, set[str | None]] = {}
    spoken = {sentence.turn: sentence.partner for sentence in its.corpus.sentences}
    for number, turn in enumerate(its.corpus.turns):
        label = its.told(_called(turn.label)) if turn.label and not turn.speaker and not turn.interviewer else ""
        if any(one.pseudonym == label and not one.speaker for one in its.people):
            houses.setdefault(label, set()).add(spoken.get(number))
    return [
        {"id": name.lower(), "name": name, "partner": its.house(next(iter(of))) if len(of) == 1 else None}
        for name, of in sorted(houses.items())
    ]


def _misread(its: _Study, document: Document, again: Mapping[str, list[Turn]]) -> dict[str, str]:
    """Labels whose words are another's now, "N:" for Nubia for instance, with whose they are."""
    text = its.texts[document.id]
    now = {turn.span.start: turn.speaker for turn in again.get(text.file, ())}
    found = {}
    for turn in its.turns[document.id]:
        start, _ = text.after.forth(turn.span.start, turn.span.end)
        meant = its.speaker(turn.speaker)
        if turn.label and meant and now.get(start) != meant:
            one = its.of(turn.speaker)
            name = _called(turn.label)
            hidden = one.pseudonym if one and _is_name_of(name, one) else its.told(name)
            found[turn.label.replace(name, hidden, 1) if name else turn.label] = meant
    return found


def _differences(its: _Study, again: Corpus) -> Iterator[str]:
    """What is read otherwise under pseudonyms, a line a document."""
    turns = _turns(again)
    for document, text in its.texts.items():
        before = _reading(its.corpus, its.turns, document, text.after.forth, its.speaker, its.house)
        after = _reading(again, turns, text.file, lambda start, end: (start, end), _known(its), lambda house: house)
        changed = ((kind, (before[kind] - after[kind], after[kind] - before[kind])) for kind in before)
        told = [f"{kind}: {len(gone)} less, {len(new)} more" for kind, (gone, new) in changed if gone or new]
        if told:
            yield f"{text.file} is read otherwise under pseudonyms: {'; '.join(told)}."


def _known(its: _Study) -> Callable[[str | None], str | None]:
    """A listed stranger, who has a row of his own under pseudonyms, is nobody known as before."""
    strangers = {one.pseudonym.lower() for one in its.people if not one.speaker}
    return lambda id: None if id in strangers else id


Called = Callable[[str | None], str | None]


def _reading(
    corpus: Corpus,
    turns: Mapping[str, list[Turn]],
    document: str,
    place: Callable[[int, int], tuple[int, int]],
    speaker: Called,
    house: Called,
) -> dict[str, Counter[tuple[Any, ...]]]:
    """How a text is read, with places and ids as they are under pseudonyms."""

    def at(span: Span) -> tuple[int, int]:
        return place(span.start, span.end)

    told = ((at(one.span), speaker(one.speaker), one.interviewer) for one in turns[document])
    sentences = (
        (at(one.span), speaker(one.speaker), house(one.partner), one.excluded, one.language, one.prompted)
        for one in corpus.sentences_of(document)
    )
    mentions = ((at(one.span), one.of, house(one.target)) for one in corpus.mentions_of(document))
    return {"turns": Counter(told), "sentences": Counter(sentences), "mentions": Counter(mentions)}


def write_text(text: str, path: Path) -> None:
    """A narrative that is read again letter by letter; marked as UTF-8 where it would be taken for something else."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for data in (text.encode("utf-8"), text.encode("utf-8-sig")):
        try:
            if decoded(path, data).text == text:
                path.write_bytes(data)
                return
        except CannotRead:
            continue
    raise CannotPseudonymise(f"{path.name}: its text holds characters that no plain text can hold.")


def _write_page(page: Any, path: Path) -> None:
    head = "# Written by `weness pseudonymise`. The names are in a key that only its owner holds.\n"
    path.write_text(head + written_page(page), encoding="utf-8", newline="\n")


def _write_codings(its: _Study, draft: Path, pages: dict[str, list[str]], notes: list[str]) -> None:
    """Rows and pages under pseudonyms. What could not be had back from them alone goes into ``pages``."""
    files = _file_names(its.corpus, lambda name: name)
    back = backwards(its.people, _old_ids(its))
    undo = {text.file: _undone(its, document, files[document]) for document, text in its.texts.items()}

    def carry(row: dict[str, Any]) -> dict[str, Any]:
        found = carried_row(row, its.texts, its.told)
        as_was = {**row, "file": files[row["file"]]}
        if canonical(carried_row(found, undo, back)) != canonical(as_was):
            pages.setdefault(checksum(canonical(found)), []).append(canonical(as_was))
        return found

    for path in coded_files(its.file.folder):
        inner = path.relative_to(its.file.folder)
        if path.resolve() not in {its.file.path_of(entry).resolve() for entry in its.file.documents}:
            name = inner.name if inner.name in (CODINGS, MENTIONS) else its.forms.in_file_name(inner.name)
            carry_rows(path, draft / inner.with_name(name), carry, notes)
    for name in PAGES:
        path = its.file.folder / name
        if path.is_file() and not path.is_symlink():
            page = library.parsed(path.read_text("utf-8"))
            found = carried_page(page, its.told)
            pages.setdefault(checksum(canonical(found)), []).append(canonical(page))
            (draft / name).write_text(written_page(found), encoding="utf-8", newline="\n")


def _old_ids(its: _Study) -> dict[str, str]:
    """New ids to old ones. They differ from each other: each is of one pseudonym."""
    return {new: old for ids in (its.ids, its.houses) for old, new in ids.items()}


def _undone(its: _Study, document: str, was: str) -> Carried:
    after = its.texts[document].after
    return Carried(was, after.text, replaced(after.text, _finds_back(its, document)))


def _finds_back(its: _Study, document: str) -> list[Find]:
    """Where the pseudonyms stand in the new text, each with the letters that it hides."""
    text, found, moved = its.texts[document].before, [], 0
    for start, end, pseudonym in its.finds[document]:
        found.append((start + moved, start + moved + len(pseudonym), text[start:end]))
        moved += len(pseudonym) - (end - start)
    return found


def _replaced(its: _Study) -> tuple[Replaced, ...]:
    files = _file_names(its.corpus, lambda name: name)
    return tuple(
        Replaced(text.file, files[id], checksum(text.after.text), tuple(_finds_back(its, id)))
        for id, text in its.texts.items()
    )


def backwards(people: tuple[Hidden, ...], ids: Mapping[str, str]) -> Callable[[str], str]:
    """Puts the full name for a pseudonym in words that were written under pseudonyms."""
    names = {one.pseudonym: one.names[0] for one in people}
    prefix = next(iter(names), "P01")[0]

    def told(words: str) -> str:
        if words in ids:
            return ids[words]
        return pseudonym_in(prefix).sub(lambda match: names.get(match.group(), match.group()), words)

    return told


def _found(its: _Study, names: tuple[tuple[str, ...], ...], out: Path, key: Path) -> Pseudonymised:
    hit = Counter(whose for finds in its.finds.values() for _, _, whose in finds)
    flat = {
        folded(name) for finds in its.finds for name in (its.texts[finds].before[s:e] for s, e, _ in its.finds[finds])
    }
    joined = " ".join(folded(text.before) for text in its.texts.values())
    missing = [name for line in names for name in line if folded(name) not in flat and folded(name) not in joined]
    speakers = {one.id for one in its.corpus.speakers}
    silent = tuple(one.names[0] for one in its.people if one.speaker in speakers and not hit[one.pseudonym])
    return Pseudonymised(
        out, key, len(hit), sum(hit.values()), silent, tuple(missing), _left(its), _looks(its, names), ()
    )


def _left(its: _Study) -> tuple[str, ...]:
    """Files of the study that were not carried over, folders as one."""
    folder = its.file.folder
    taken = {its.file.path_of(entry).resolve() for entry in its.file.documents} | {its.file.path.resolve()}
    taken |= {path.resolve() for path in coded_files(folder)} | {(folder / name).resolve() for name in PAGES}
    left = (path for path in folder.rglob("*") if path.is_file() and path.resolve() not in taken)
    inner = (path.relative_to(folder).parts for path in left)
    return tuple(sorted({parts[0] + ("/" if len(parts) > 1 else "") for parts in inner}))


def _looks(its: _Study, names: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, int], ...]:
    """Labels of strangers, parts of listed names, and capitals in a row whose words are never written small."""
    texts = [text.after.text for text in its.texts.values()]
    small = {word for text in texts for word in re.findall(r"[^\W\d_]+", text) if word[0].islower()}
    ours = [
        its.corpus.name,
        *its.corpus.aliases,
        *(n for one in its.corpus.partners for n in (one.name, one.id, *one.aliases)),
    ]
    known = {word for name in ours for word in folded(its.told(name)).split()}
    counts: Counter[str] = Counter()
    capital = r"[^\W\d_a-zß-öø-ÿ][^\W\d_]+(?:['’-][^\W\d_]+)*"
    between = "|".join(sorted(PARTICLES))
    for text in texts:
        for match in re.finditer(rf"(?<!\w){capital}(?: (?:(?:{between}) )*{capital})+", text):
            words = match.group().split()
            while words and (words[0].lower() in small or words[0].lower() in PARTICLES):
                words = words[1:]
            real = [word for word in words if word.lower() not in PARTICLES]
            if len(real) > 1 and not any(folded(word) in known or word.lower() in small for word in real):
                counts[" ".join(words)] += 1
    for turn in its.corpus.turns:
        label = its.told(_called(turn.label)) if turn.label and not turn.speaker and not turn.interviewer else ""
        if label and not set(folded(label).split()) <= known and not re.search(r"\d", label) and label[0].isupper():
            counts[label] += 1
    for part in {part for line in names for name in line for part in name.split() if len(name.split()) > 1}:
        if part[0].isupper() and folded(part) not in known:
            counts[part] += sum(len(re.findall(rf"(?<!\w){re.escape(part)}(?!\w)", text)) for text in texts)
    return tuple((word, times) for word, times in counts.most_common(MOST) if times)
