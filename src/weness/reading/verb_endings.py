"""Which Spanish words carry a "we" in their ending: *trabajamos*, *vámonos*, *ponernos*; not *tramos* or *hermanos*."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from weness import library

INFINITIVE = ("ar", "er", "ir", "ír")
GLUED_TO_MOS = re.compile(r"(?P<verb>.{2,}[áéíaei]mos)(?:te|les?|l[aeo]s?)$")
"""*hagámoslo*, *pidámosle*."""
MOS_NOS = re.compile(r"(?P<verb>.{1,}[áéí]mo)nos(?:l[aeo]s?)?$")
"""*vámonos*, *sentémonos*: the s of the ending falls away."""
NOS = re.compile(r"(?P<verb>.{2,}?)nos(?:l[aeo]s?)?$")
REGULAR = re.compile(r"[a-zñü]{3,}[aei]mos")
ACCENTS = str.maketrans("áéíóú", "aeiou")


@cache
def form_of(word: str) -> str | None:
    """ "verb" for a finite verb of the first person plural, "pronoun" for a verb that carries *-nos*, else None.

    ``word`` in lower case. A verb is known by its dictionary form being an infinitive (simplemma), or by an ending that
    only verbs have where the dictionary does not know the word.
    """
    word = unicodedata.normalize("NFC", word)
    page = _page()
    if word in page["never"]:
        return None
    if word in page["always"]:
        return "verb"
    if word in page["with us"]:
        return "pronoun"
    if word.endswith("mos"):
        return "verb" if _is_verb_in_mos(word) else None
    for glued in (GLUED_TO_MOS, MOS_NOS):
        if found := glued.fullmatch(word):
            verb = found["verb"].translate(ACCENTS)
            return "verb" if _is_verb_in_mos(verb if verb.endswith("s") else verb + "s") else None
    found = NOS.fullmatch(word)
    return "pronoun" if found and _carries_us(found["verb"], word) else None


def _is_verb_in_mos(word: str) -> bool:
    page = _page()
    if word in page["never"]:
        return False
    if word in page["always"] or word.endswith(_endings()):
        return True
    lemma = _lemma(word)
    if lemma != word:
        return lemma.endswith(INFINITIVE)
    plain = word.translate(ACCENTS)
    if plain != word and word[-4] in "áéí":  # hablámos: the accent of some writers of Spain
        return _is_verb_in_mos(plain)
    # A verb that no dictionary holds yet ("cofundamos"): short nouns alike are known to it.
    return len(word) > 7 and word == plain and REGULAR.fullmatch(word) is not None and word[-4] == "a"


def _carries_us(stem: str, word: str) -> bool:
    """Infinitive, gerund or imperative before *-nos*."""
    if stem.endswith(("ándo", "iéndo", "yéndo")):
        return True
    plain = stem.translate(ACCENTS)
    if plain.endswith(("ar", "er", "ir")):
        return _lemma(plain[:-1] + "mos").translate(ACCENTS) == plain or _lemma(plain[:-2] + "imos") == plain
    if plain != stem:  # díganos, permítanos, déjennos: an accent three from the end, and a verb without it
        lemma = _lemma(plain)
        return lemma != plain and lemma.endswith(INFINITIVE)
    # The vos of half a continent: contanos, decinos. Nouns alike (hermanos, romanos) are known to the dictionary.
    verb = plain + "r"
    return plain[-1] in "aei" and len(plain) > 3 and _lemma(word) in (word, verb) and _lemma(plain + "mos") == verb


def _lemma(word: str) -> str:
    import simplemma

    return str(simplemma.lemmatize(word, lang="es")).lower()


@cache
def _page() -> dict[str, frozenset[str]]:
    page = library.page("lexicons/es", "mentions")
    return {
        "always": frozenset(page["verbs_always"]),
        "never": frozenset((*page["never_verbs"], *page["enclitic_never"])),
        "with us": frozenset(page["enclitic_always"]),
    }


@cache
def _endings() -> tuple[str, ...]:
    return tuple(library.page("lexicons/es", "mentions")["verb_endings"])
