"""A study read again under pseudonyms: does everybody still say the same?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from weness.reading.corpus import Corpus, Document, Span, Turn
from weness.stores.pseudonyms.disguise import Disguise, is_name_of, name_in, turns_by_document

Called = Callable[[str | None], str | None]


def strangers(its: Disguise) -> list[dict[str, Any]]:
    """Listed people whose label begins turns: with a row of their own the label is still known for one."""
    houses: dict[str, set[str | None]] = {}
    spoken = {sentence.turn: sentence.partner for sentence in its.corpus.sentences}
    for number, turn in enumerate(its.corpus.turns):
        label = its.told(name_in(turn.label)) if turn.label and not turn.speaker and not turn.interviewer else ""
        if any(one.pseudonym == label and not one.speaker for one in its.people):
            houses.setdefault(label, set()).add(spoken.get(number))
    return [
        {"id": name.lower(), "name": name, "partner": its.house(next(iter(of))) if len(of) == 1 else None}
        for name, of in sorted(houses.items())
    ]


def misread(its: Disguise, document: Document, again: Mapping[str, list[Turn]]) -> dict[str, str]:
    """Labels whose words are another's now, "N:" for Nubia for instance, with whose they are."""
    text = its.texts[document.id]
    now = {turn.span.start: turn.speaker for turn in again.get(text.file, ())}
    found = {}
    for turn in its.turns[document.id]:
        start, _ = text.after.forth(turn.span.start, turn.span.end)
        meant = its.speaker(turn.speaker)
        if turn.label and meant and now.get(start) != meant:
            one = its.of(turn.speaker)
            name = name_in(turn.label)
            hidden = one.pseudonym if one and is_name_of(name, one) else its.told(name)
            found[turn.label.replace(name, hidden, 1) if name else turn.label] = meant
    return found


def differences(its: Disguise, again: Corpus) -> Iterator[str]:
    """What is read otherwise under pseudonyms, a line a document."""
    turns = turns_by_document(again)
    for document, text in its.texts.items():
        before = _reading(its.corpus, its.turns, document, text.after.forth, its.speaker, its.house)
        after = _reading(again, turns, text.file, lambda start, end: (start, end), _known(its), lambda house: house)
        changed = ((kind, (before[kind] - after[kind], after[kind] - before[kind])) for kind in before)
        told = [f"{kind}: {len(gone)} less, {len(new)} more" for kind, (gone, new) in changed if gone or new]
        if told:
            yield f"{text.file} is read otherwise under pseudonyms: {'; '.join(told)}."


def _known(its: Disguise) -> Callable[[str | None], str | None]:
    """A listed stranger, who has a row of his own under pseudonyms, is nobody known as before."""
    strangers = {one.pseudonym.lower() for one in its.people if not one.speaker}
    return lambda id: None if id in strangers else id


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
