"""Which single key gives which code. Digits give the codes used last, in the browser."""

from __future__ import annotations

from weness_web.codebooks import content_of
from weness_web.models import Study

KEYS = {
    "WE_PARTNERSHIP": "p",
    "WE_OWN": "o",
    "WE_SUBGROUP": "s",
    "WE_SECTOR": "e",
    "WE_COMMUNITY": "m",
    "WE_GENERIC": "g",
    "WE_UNCLEAR": "u",
    "THEY_PARTNER": "t",
}
TAKEN = frozenset("jknaxcrwf?/0123456789")
"""What the reader itself uses."""


def keys_of(study: Study) -> dict[str, str]:
    """Code id -> its key: the usual ones, and those that the study's codebook gives."""
    own = content_of(study).get("keys") or {}
    given = {code: str(key) for code, key in own.items() if len(str(key)) == 1 and str(key) not in TAKEN}
    usual = {code: key for code, key in KEYS.items() if key not in given.values()}
    return usual | given
