"""Partners and speakers as cases, each owning its turns and the texts it tells alone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from weness.reading.corpus import Corpus, Partner, Speaker
from weness.stores.exchange.names import variable
from weness.stores.exchange.project import Case, guid_of
from weness.stores.exchange.restoring import trimmed, turn_guid

Turns = Mapping[str, tuple[str, ...]]
"""Id of a partner or speaker -> the GUIDs of its turns."""


def cases_of(corpus: Corpus, sources: Mapping[str, str]) -> tuple[Case, ...]:
    """``sources``: document -> GUID of its source."""
    of_partner, of_speaker = _turns(corpus, sources)
    partners = (_partner(one, corpus, sources, of_partner) for one in corpus.partners)
    return (*partners, *(_speaker(one, corpus, of_speaker) for one in corpus.speakers))


def is_ours(case: Case) -> bool:
    """Whether a case is a partner or speaker of ours: worked out anew at every export."""
    return variable("kind") in case.values


def _turns(corpus: Corpus, sources: Mapping[str, str]) -> tuple[Turns, Turns]:
    partners: dict[int, set[str]] = {}
    for sentence in corpus.sentences:
        if sentence.partner:
            partners.setdefault(sentence.turn, set()).add(sentence.partner)
    texts = {document.id: document.text for document in corpus.documents}
    of_partner: dict[str, dict[str, None]] = {}
    of_speaker: dict[str, dict[str, None]] = {}
    for number, turn in enumerate(corpus.turns):
        start, end = trimmed(texts[turn.span.document], turn.span.start, turn.span.end)
        if start >= end:
            continue
        guid = turn_guid(sources[turn.span.document], start, end)
        if turn.speaker:
            of_speaker.setdefault(turn.speaker, {})[guid] = None
        for partner in sorted(partners.get(number, ())):
            of_partner.setdefault(partner, {})[guid] = None
    return {id: tuple(own) for id, own in of_partner.items()}, {id: tuple(own) for id, own in of_speaker.items()}


def _partner(one: Partner, corpus: Corpus, sources: Mapping[str, str], turns: Turns) -> Case:
    told = {"kind": "partner", "id": one.id, "sector": one.sector, "power": one.power, "aliases": _list(one.aliases)}
    alone = tuple(sources[document.id] for document in corpus.documents if document.partner == one.id)
    guid = guid_of("partner", corpus.id, one.id)
    return Case(guid, one.name, values=_values(told), sources=alone, selections=turns.get(one.id, ()))


def _speaker(one: Speaker, corpus: Corpus, turns: Turns) -> Case:
    told = {
        "kind": "speaker",
        "id": one.id,
        "role": one.role,
        "of partner": one.partner or "",
        "aliases": _list(one.aliases),
    }
    return Case(guid_of("speaker", corpus.id, one.id), one.name, values=_values(told), selections=turns.get(one.id, ()))


def _list(words: Sequence[str]) -> str:
    return json.dumps(words, ensure_ascii=False) if words else ""


def _values(told: Mapping[str, str]) -> dict[str, str]:
    return {variable(name): value for name, value in told.items() if value}
