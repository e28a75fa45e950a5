"""The names by which weness's own things go in other programs: variables, notes and codes, and their GUIDs."""

from __future__ import annotations

from weness.coding.codebook import Code, Codebook
from weness.stores.exchange.project import ProjectCode, Variable, guid_of

FAMILIES = {
    "A": ('A. Whom "we" means', "#1F6F8B"),
    "B": ("B. Relational interaction", "#B4552D"),
    "C": ("C. Identity attributes", "#5B7F3A"),
}
OF_SOURCES = {
    "wave": "Text",
    "date": "Date",
    "when": "Text",
    "genre": "Text",
    "language": "Text",
    "partner": "Text",
    "speakers": "Text",
    "turns": "Text",
}
"""Variables of a text. ``when`` holds a date that is no whole day."""
OF_CASES = {
    "kind": "Text",
    "id": "Text",
    "sector": "Text",
    "power": "Text",
    "role": "Text",
    "of partner": "Text",
    "aliases": "Text",
}
"""Variables of a case; ``kind`` is partner or speaker."""
HOW = "weness: how it was coded"
SEEN = "weness: read in full"
STUDY = "weness: the study"
OWN_NOTES = (HOW, SEEN, STUDY)


def variables() -> tuple[Variable, ...]:
    return tuple(Variable(variable(name), f"weness {name}", kind) for name, kind in {**OF_SOURCES, **OF_CASES}.items())


def variable(name: str) -> str:
    return guid_of("variable", name)


def code_guid(id: str) -> str:
    return guid_of("code", id)


def family_guid(family: str) -> str:
    return guid_of("family", family)


def codes_of(codebook: Codebook, language: str = "en") -> tuple[ProjectCode, ...]:
    """The codebook's codes below a code a family that nothing is coded with."""
    found = []
    for family, (title, color) in FAMILIES.items():
        found.append(ProjectCode(family_guid(family), title, "", "", color, codable=False))
        found += [
            ProjectCode(code_guid(code.id), code.id, family_guid(family), _described(code, language), color)
            for code in codebook.codes
            if code.family == family
        ]
    return tuple(found)


def _described(code: Code, language: str) -> str:
    lines = (
        code.title[language],
        code.definition[language],
        f"+ {code.when[language]}",
        f"- {code.when_not[language]}",
        code.source,
    )
    return "\n".join(line for line in lines if line.strip("+- "))
