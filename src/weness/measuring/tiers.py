"""How much evidence there is. Below "indicative" there is no number (measures, section 1 [S])."""

from __future__ import annotations

from collections.abc import Mapping

from weness.measuring.settings import Settings
from weness.measuring.voices import Voice
from weness.reading.corpus import Partner


def tier_of(voice: Voice, settings: Settings) -> str:
    """One partner in one wave: "none", "insufficient", "indicative" or "adequate"."""
    if not voice.words:
        return "none"
    mentions = len(voice.resolved)
    low, high = settings.tiers["indicative"], settings.tiers["adequate"]
    if mentions < low["mentions"] or voice.words < low["words"]:
        return "insufficient"
    dates = {document.date or document.id for document in voice.documents}
    several = max(len(voice.speakers), len(dates)) >= high["speakers_or_dates"]
    spoken = sum(document.is_spoken for document in voice.documents) >= high["spoken"]
    enough = mentions >= high["mentions"] and voice.words >= high["words"]
    return "adequate" if enough and several and spoken else "indicative"


def tier_of_wave(tiers: Mapping[str, str], partners: tuple[Partner, ...], settings: Settings) -> str:
    """The partnership in one wave, from the tiers of its partners."""
    if all(tier == "none" for tier in tiers.values()):
        return "none"
    speaking = [partner for partner in partners if tiers.get(partner.id) in ("indicative", "adequate")]
    rule = settings.tiers["partnership_indicative"]
    sectors = {partner.sector for partner in partners}
    heard = {partner.sector for partner in speaking}
    if len(speaking) < rule["partners"] * len(partners) or len(heard) < min(rule["sectors"], len(partners)):
        return "insufficient"
    full = [partner for partner in partners if tiers.get(partner.id) == "adequate"]
    enough = len(full) >= settings.tiers["partnership_adequate"]["partners"] * len(partners)
    all_heard = {partner.sector for partner in full} == sectors
    return "adequate" if enough and all_heard and len(full) >= min(3, len(partners)) else "indicative"
