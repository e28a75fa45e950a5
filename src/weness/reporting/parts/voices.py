"""Whose voice was heard, how much of it, what was left out, and what could not be read."""

from __future__ import annotations

from collections import Counter

from weness.reporting.desk import Desk, Row
from weness.reporting.parts.stages import thin_partners
from weness.reporting.plots import tier_plot


def voices(desk: Desk) -> Row:
    corpus = desk.findings.corpus
    return {
        "plot": tier_plot(desk),
        "rows": [
            {
                "partner": partner.name,
                "sector": desk.words.or_same("sector", partner.sector),
                "power": desk.words.or_same("power", partner.power),
                "cells": [_heard(desk, wave.id, partner.id) for wave in corpus.waves],
            }
            for partner in corpus.partners
        ],
        "waves": [wave.id for wave in corpus.waves],
        "thin": [
            {"wave": wave.id, "partners": ", ".join(thin)}
            for wave in corpus.waves
            if (thin := thin_partners(desk, wave.id))
        ],
        "excluded": _excluded(desk),
        "context": [
            {
                "title": desk.words.measure(name),
                "short": desk.words.measure(name, "short"),
                "cells": [desk.cell(name, wave.id) for wave in corpus.waves],
            }
            for name in ("voice_imbalance", "diversity")
        ],
        "documents": [_document(desk, number) for number in range(1, len(corpus.documents) + 1)],
        "notes": corpus.notes,
    }


def _heard(desk: Desk, wave: str, partner: str) -> Row:
    measure = desk.findings.measure("words", wave, partner)
    counts = measure.counts if measure else {}
    names = ("words", "mentions", "speakers", "documents")
    return {
        "tier": desk.words(f"tier.{measure.tier if measure else 'none'}"),
        "counts": desk.words("voices.counts", **{name: int(counts.get(name, 0)) for name in names}),
        "heard": bool(counts.get("words")),
    }


def _excluded(desk: Desk) -> list[Row]:
    """How many sentences of each wave are kept but do not count, and why."""
    corpus = desk.findings.corpus
    wave_of = {document.id: document.wave for document in corpus.documents}
    found = Counter(
        (sentence.excluded, wave_of.get(sentence.span.document, ""))
        for sentence in corpus.sentences
        if sentence.excluded
    )
    prompted = Counter(wave_of.get(sentence.span.document, "") for sentence in corpus.sentences if sentence.prompted)
    reasons = sorted({reason for reason, _ in found})
    rows = [
        {
            "reason": desk.words.or_same("excluded", reason),
            "cells": [found.get((reason, wave.id), 0) for wave in corpus.waves],
        }
        for reason in reasons
    ]
    if prompted:
        rows.append(
            {"reason": desk.words("excluded.prompted"), "cells": [prompted.get(wave.id, 0) for wave in corpus.waves]}
        )
    return rows


def _document(desk: Desk, number: int) -> Row:
    document = desk.findings.corpus.documents[number - 1]
    return {
        "anchor": f"d{number}",
        "file": document.id,
        "wave": document.wave,
        "date": document.date,
        "genre": desk.words.or_same("genre", document.genre),
        "language": desk.words.or_same("language", document.language),
        "partner": desk.partner(document.partner),
        "source": document.source,
        "checksum": document.checksum[:12],
    }
