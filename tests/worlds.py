"""Small worlds for the tests: say who says what in which wave, and get a corpus with its codings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from weness.coding.codings import Coding, Codings, in_text_order
from weness.reading.corpus import Corpus, Document, Partner, Sentence, Span, Speaker, Turn, Wave

LINE = "twelve words of somebody's own voice make up one line of talk\n"

PARTNERS = (
    Partner("mill", "The Mill", "business", "member"),
    Partner("town", "The Town", "government", "convener"),
    Partner("farm", "The Farmers", "civil_society", "local"),
)

Saying = tuple[str, Mapping[str, object]]


def says(code: str, times: int = 1, **fields: object) -> list[Saying]:
    return [(code, fields)] * times


def we(part: int = 0, own: int = 0, sub: int = 0, sector: int = 0, unclear: int = 0, generic: int = 0) -> list[Saying]:
    counts = {
        "WE_PARTNERSHIP": part,
        "WE_OWN": own,
        "WE_SUBGROUP": sub,
        "WE_SECTOR": sector,
        "WE_UNCLEAR": unclear,
        "WE_GENERIC": generic,
    }
    return [saying for code, times in counts.items() for saying in says(code, times)]


def world(
    talk: Mapping[str, Mapping[str, Sequence[Saying]]],
    partners: tuple[Partner, ...] = PARTNERS,
    genre: str = "interview",
    kind: str = "human",
    lines: int = 60,
    speakers: Mapping[tuple[str, str], Sequence[str]] | None = None,
) -> tuple[Corpus, Codings]:
    """``talk``: wave -> partner -> what it says, one saying a line, cut over its ``speakers`` in that wave.

    Every partner that is named gets ``lines`` lines of own voice (12 words each), coded or not.
    """
    documents, sentences, marks, people = [], [], [], {}
    for wave, voices in talk.items():
        for partner, sayings in voices.items():
            names = (speakers or {}).get((wave, partner), [partner])
            for number, name in enumerate(names):
                people[name] = Speaker(name, name.title(), partner)
                own = list(sayings)[number :: len(names)]
                document = f"{wave}_{partner}_{name}.txt"
                size = max(lines, len(own))
                documents.append(
                    Document(document, LINE * size, partner, wave, f"date of {document}", genre, "en", (name,))
                )
                for line in range(size):
                    span = Span(document, line * len(LINE), (line + 1) * len(LINE) - 1)
                    sentences.append(Sentence(span, "en", 0, name, partner))
                    if line < len(own):
                        code, fields = own[line]
                        marks.append(Coding(span, code, "anna" if kind == "human" else kind, 1.0, fields, kind=kind))
    waves = tuple(Wave(wave, f"202{i}-01", f"202{i}-03") for i, wave in enumerate(talk))
    corpus = Corpus(
        id="small",
        name="Small World",
        languages=("en",),
        partners=partners,
        speakers=tuple(people.values()),
        waves=waves,
        documents=tuple(documents),
        turns=(Turn(Span("none", 0, 1)),),
        sentences=tuple(sentences),
    )
    seen = frozenset((document.id, family) for document in documents for family in "ABC")
    return corpus, Codings("anna", "weness", seen, in_text_order(marks))
