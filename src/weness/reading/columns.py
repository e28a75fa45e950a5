"""Which columns of a table are who and what was said, by their names in English, Spanish and Dutch."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

SPEAKER = (
    "speaker", "speaker name", "name", "participant", "respondent", "interviewee", "who", "author", "from", "user", "role",
    "hablante", "orador", "oradora", "nombre", "participante", "entrevistado", "entrevistada", "quién", "quien", "autor",
    "autora", "persona", "interviniente",
    "spreker", "naam", "deelnemer", "deelneemster", "respondent", "geïnterviewde", "geinterviewde", "wie", "auteur", "persoon",
)  # fmt: skip
TEXT = (
    "text", "content", "utterance", "words", "transcript", "transcription", "speech", "answer", "response", "quote", "quotation",
    "statement", "message", "body", "comment", "said", "segment", "narrative",
    "texto", "contenido", "palabras", "transcripción", "transcripcion", "respuesta", "cita", "intervención", "intervencion",
    "mensaje", "comentario", "relato", "narrativa",
    "tekst", "inhoud", "uiting", "woorden", "transcriptie", "antwoord", "citaat", "uitspraak", "bericht", "opmerking", "reactie",
    "verhaal",
)  # fmt: skip
ORGANISATION = (
    "organisation", "organization", "partner", "affiliation", "company", "institution",
    "organización", "organizacion", "socio", "entidad", "empresa", "institución", "institucion",
    "organisatie", "bedrijf", "instelling", "partij",
)  # fmt: skip

LAST = ("role", "from", "comment", "comentario", "opmerking", "segment", "body", "said")
"""Names taken only where no better one is there."""


@dataclass(frozen=True, slots=True)
class Turns:
    """A table read as turns: its lines, the columns used and those left out, and how many rows named no speaker."""

    lines: list[str]
    used: tuple[str, ...]
    left_out: tuple[str, ...]
    unnamed: int = 0

    @property
    def text(self) -> str:
        return "\n\n".join(self.lines)

    @property
    def said(self) -> str:
        left = f"; left out: {', '.join(self.left_out)}" if self.left_out else ""
        return f"columns read: {', '.join(self.used)}{left}"

    @property
    def warnings(self) -> tuple[str, ...]:
        named = len(self.used) > 1
        return (f"{self.unnamed} of {len(self.lines)} rows name no speaker.",) if named and self.unnamed else ()


def turns_in(rows: Sequence[Sequence[str]]) -> Turns | None:
    """The rows below a header that names a column of words, as ``Speaker: words``; None where no column is called so."""
    if len(rows) < 2:
        return None
    header = [" ".join(cell.split()) for cell in rows[0]]
    text = column(header, TEXT)
    speaker = column(header, SPEAKER, text)
    if text is None or (speaker is None and len(rows[0]) < 2):
        return None
    house = column(header, ORGANISATION, text, speaker) if speaker is not None else None
    lines = []
    unnamed = 0
    for row in rows[1:]:
        words = _cell(row, text)
        if words:
            label = label_of(_cell(row, speaker), _cell(row, house))
            unnamed += not label
            lines.append(f"{label}: {words}" if label else words)
    used = [index for index in (speaker, house, text) if index is not None]
    others = tuple(name or f"column {index + 1}" for index, name in enumerate(header) if index not in used)
    return Turns(lines, tuple(header[index] for index in used), others, unnamed)


def column(header: Sequence[str], names: Sequence[str], *taken: int | None) -> int | None:
    """The first column that bears one of the names, the better names first; None where there is none."""
    plain = [_plain(cell) for cell in header]
    for wanted in ([name for name in names if name not in LAST], [name for name in names if name in LAST]):
        for index, name in enumerate(plain):
            if name in wanted and index not in taken:
                return index
    return None


def label_of(speaker: str, organisation: str = "") -> str:
    """``Name`` or ``Name (Organisation)``, on one line and without a colon at its end."""
    name = " ".join(speaker.split()).rstrip(" :")
    house = " ".join(organisation.split())
    return f"{name} ({house})" if name and house and house.casefold() not in name.casefold() else name


def _plain(name: str) -> str:
    return re.sub(r"[\s_\-]+", " ", name).strip(" :*").casefold()


def _cell(row: Sequence[str], index: int | None) -> str:
    return row[index].strip() if index is not None and index < len(row) else ""
