"""The appendix: every text with its sentences as anchors, or as much of it as the page can carry."""

from __future__ import annotations

from weness.coding.codings import HUMAN, Coding
from weness.reporting.desk import Desk, Row
from weness.reporting.places import Place

FULL, AROUND, QUOTES, SHOWN = "full", "around", "quotes", "shown"
"""All sentences; those behind a number with their neighbours; those behind a number; those quoted on the page."""


def texts(desk: Desk, amount: str, quoted: frozenset[str] = frozenset()) -> Row:
    """``quoted``: the anchors that the page itself leads to, asked for where the amount is SHOWN."""
    wanted = None if amount == FULL else quoted if amount == SHOWN else _wanted(desk, 1 if amount == AROUND else 0)
    with_codes = amount in (FULL, AROUND)
    return {
        "amount": amount,
        "documents": [
            {
                "anchor": f"d{number}",
                "file": document.id,
                "about": " · ".join(
                    filter(
                        None,
                        (
                            document.wave,
                            document.date,
                            desk.words.or_same("genre", document.genre),
                            desk.partner(document.partner),
                        ),
                    )
                ),
                "language": document.language,
                "lines": [
                    _line(desk, place, with_codes)
                    for place in desk.places.by_document[document.id]
                    if wanted is None or place.id in wanted
                ],
            }
            for number, document in enumerate(desk.findings.corpus.documents, 1)
        ],
        "codes": [
            {"id": code.id, "title": desk.words.say(code.title, code.id), "definition": desk.words.say(code.definition)}
            for code in desk.findings.codebook.codes
        ],
    }


def _wanted(desk: Desk, around: int) -> set[str]:
    """The sentences that an entry or a quote of the page leads to, and their neighbours."""
    found: set[str] = set()
    leading = [places for entry in desk.evidence for _, places in entry.places]
    leading.append(tuple(p for one in desk.findings.recommendations for p in desk.places.of(one.quotes)))
    leading += [
        desk.places.of(sign.evidence)
        for one in desk.findings.posteriors
        for sign in (*one.signs_for, *one.signs_against)
    ]
    for places in leading:
        for place in places:
            lines = desk.places.by_document[place.document.id]
            found.update(one.id for one in lines[max(place.line - 1 - around, 0) : place.line + around])
    return found


def _line(desk: Desk, place: Place, with_codes: bool) -> Row:
    return {
        "id": place.id,
        "n": place.line,
        "text": place.text,
        "language": place.sentence.language,
        "who": place.speaker.name if place.speaker else desk.partner(place.sentence.partner),
        "excluded": desk.words.or_same("excluded", place.sentence.excluded) if place.sentence.excluded else "",
        "prompted": place.sentence.prompted,
        "codes": [_code(desk, mark, place) for mark in place.marks] if with_codes else [],
    }


def _code(desk: Desk, mark: Coding, place: Place) -> Row:
    words = desk.findings.corpus.text(mark.span)
    fields = ", ".join(f"{name}: {_told(value)}" for name, value in mark.fields.items() if value not in (None, "", []))
    sure = "" if mark.kind == HUMAN else desk.words("texts.probability", n=round(mark.probability * 10))
    return {
        "code": mark.code,
        "on": words if len(words) <= 24 and words != place.text else "",
        "by": f"{desk.words.or_same('coder', mark.kind)} {mark.coder}" if mark.kind == HUMAN else mark.coder,
        "sure": sure,
        "fields": fields,
        "why": mark.why,
    }


def _told(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
