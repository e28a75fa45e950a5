"""The thresholds of the measures: the library's page, with what one study sets for itself on top."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from weness import library


@dataclass(frozen=True, slots=True)
class Settings:
    """See ``library/thresholds/measures.yaml`` for what each value means and where it comes from."""

    draws: int
    level: float
    rho: float
    detection: float
    prior: float
    tiers: Mapping[str, Mapping[str, float]]
    unclear_limit: float
    breadth_from: float
    core_per_code: int
    core_codes: tuple[str, ...]
    consensual_from: float
    reach_from: float
    voice_imbalance_from: float
    usable: Mapping[str, float]
    checks: Mapping[str, float]
    rights: Mapping[str, Mapping[str, Any]]

    def may_count_we(self, genre: str) -> bool:
        return bool(self.rights.get(genre, {}).get("we", False))

    def may_count(self, code: str, genre: str) -> bool:
        codes = self.rights.get(genre, {}).get("codes", ())
        return codes == "all" or code in codes


def settings_of(own: Mapping[str, Any] | None = None) -> Settings:
    """The library's settings, with the study's ``own`` on top. Raises KeyError for a name that is none."""
    page = {name: value for name, value in library.page("thresholds", "measures").items() if name != "references"}
    for name, value in (own or {}).items():
        if name not in page:
            raise KeyError(f"No setting called {name!r}. There is: {', '.join(page)}.")
        page[name] = {**page[name], **value} if isinstance(value, Mapping) else value
    return Settings(**{**page, "core_codes": tuple(page["core_codes"])})
