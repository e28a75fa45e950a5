"""Whether the "we" belongs to the partnership as a body, and whose voice is heard (measures, sections 6, 8 and 9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from weness.draws import Estimate
from weness.measuring.attributes import Standing
from weness.measuring.measures import Measure
from weness.measuring.voices import Said, WaveVoices
from weness.measuring.we_talk import coded_by
from weness.measuring.worlds import Counts, Worlds
from weness.reading.corpus import Corpus, Span


def partner_words(wave: WaveVoices, tiers: Mapping[str, str]) -> list[Measure]:
    """How much of its own voice each partner gave: the ground of its evidence tier."""
    return [
        Measure(
            "words",
            wave.wave,
            None,
            tiers[partner],
            partner=partner,
            coded_by=coded_by(voice.selves),
            counts={
                "words": float(voice.words),
                "mentions": float(len(voice.resolved)),
                "prompted": float(len(voice.prompted)),
                "speakers": float(len(voice.speakers)),
                "documents": float(len(voice.documents)),
            },
        )
        for partner, voice in wave.voices.items()
    ]


def emergence(corpus: Corpus, wave: WaveVoices, here: list[Standing], tier: str, worlds: Worlds) -> list[Measure]:
    """Cited text, cross-genre items, survival; diversity of the table, imbalance of voices, avoided differences."""
    return [
        _cited_text(wave, tier, worlds),
        _of_items("cross_genre", wave, here, tier, worlds, _in_talk_and_documents),
        _of_items("survival", wave, here, tier, worlds, lambda one: one.attribute.renewed),
        _diversity(corpus, wave, tier, worlds),
        _voice_imbalance(corpus, wave, tier, worlds),
        _avoidance(wave, tier, worlds),
    ]


def _cited_text(wave: WaveVoices, tier: str, worlds: Worlds) -> Measure:
    """Most partners that invoke one and the same rule, name or document (authoritative text, Koschmann 2013 [A])."""
    by_item: dict[str, list[Said]] = {}
    for said in wave.of("SYMBOL", "PROCEDURE"):
        if said.field("item") and said.field("holder") == "partnership":
            by_item.setdefault(str(said.field("item")), []).append(said)
    best: list[Said] = []
    for _, own in sorted(by_item.items()):
        if len({one.sentence.partner for one in own}) > len({one.sentence.partner for one in best}):
            best = own
    partners = {
        str(one.sentence.partner): tuple(o for o in best if o.sentence.partner == one.sentence.partner) for one in best
    }
    drawn = worlds.partners(partners)
    return _measure(
        "cited_text", wave, tier, drawn, worlds, best, ("SYMBOL", "PROCEDURE"), {"partners": float(len(partners))}
    )


def _of_items(
    name: str, wave: WaveVoices, here: list[Standing], tier: str, worlds: Worlds, holds: Callable[[Standing], bool]
) -> Measure:
    """Share of the items that two partners share of which something holds."""
    common = [one for one in here if sum(state == "shared" for state in one.attribute.states.values()) >= 2]
    those = [one for one in common if holds(one)]
    drawn = None
    if common:
        whole = np.sum([one.sharing(worlds) >= 2 for one in common], axis=0) * 1.0
        part = np.sum([one.sharing(worlds) >= 2 for one in those], axis=0) * 1.0 if those else np.zeros(worlds.n)
        drawn = np.where(whole > 0, part / np.maximum(whole, 1), np.nan)
    spans = [span for one in those for own in one.attribute.voices.values() for span in own]
    counts = {"items": float(len(those)), "of": float(len(common))}
    return _measure(name, wave, tier, drawn, worlds, spans, worlds.settings.core_codes, counts)


def _in_talk_and_documents(one: Standing) -> bool:
    genres = set(one.attribute.genres)
    return bool(genres & {"interview", "email"}) and bool(genres & {"minutes", "report", "press"})


def _diversity(corpus: Corpus, wave: WaveVoices, tier: str, worlds: Worlds) -> Measure:
    """Blau index of the sectors at the table: context, never a score to be maximised (measures, section 6)."""
    there = [partner.sector for partner in corpus.partners if partner.id in wave.voices]
    shares = [there.count(sector) / len(there) for sector in sorted(set(there))] if there else [1.0]
    blau = 1 - sum(share**2 for share in shares)
    return Measure("diversity", wave.wave, Estimate(np.full(worlds.n, blau)), tier, counts={"sectors": len(shares)})


def _voice_imbalance(corpus: Corpus, wave: WaveVoices, tier: str, worlds: Worlds) -> Measure:
    """Share of all own-voice words that the largest partner has; a sector without a word counts as full imbalance."""
    words = {partner: voice.words for partner, voice in wave.voices.items()}
    total = sum(words.values())
    largest = max(words.values(), default=0) / total if total else np.nan
    heard = {partner.sector for partner in corpus.partners if words.get(partner.id)}
    absent = {partner.sector for partner in corpus.partners if partner.id in words} - heard
    return Measure(
        "voice_imbalance",
        wave.wave,
        Estimate(np.full(worlds.n, largest)) if total else None,
        tier,
        counts={"absent_sectors": float(len(absent)), "words": float(total)},
        note=f"no word from: {', '.join(sorted(absent))}" if absent else "",
    )


def _avoidance(wave: WaveVoices, tier: str, worlds: Worlds) -> Measure:
    """Differences voiced while nobody tells of conflict or bargaining: 1 where that is so (measures, section 9)."""
    differ = [said for said in wave.talk if said.field("stance") in ("divergent", "contested")]
    open_talk = wave.of("CONFLICT", "NEGOTIATION")
    avoided = [said for said in wave.of("CONFLICT") if said.field("handled") == "avoided"]
    drawn = ((worlds.count(differ) >= 2) & (worlds.count(open_talk) == worlds.count(avoided))) * 1.0
    return _measure("avoidance", wave, tier, drawn, worlds, [*differ, *avoided], ("CONFLICT", "NEGOTIATION"), {})


def _measure(
    name: str,
    wave: WaveVoices,
    tier: str,
    drawn: Counts | None,
    worlds: Worlds,
    evidence: Sequence[Said | Span],
    codes: tuple[str, ...],
    counts: Mapping[str, float],
) -> Measure:
    usable = bool(wave.talk) and worlds.usable(codes, wave.talk)
    enough = tier in ("indicative", "adequate") and usable and drawn is not None and np.isfinite(drawn).any()
    spans = tuple(one if isinstance(one, Span) else one.coding.span for one in evidence)
    return Measure(
        name,
        wave.wave,
        Estimate(drawn) if enough and drawn is not None else None,
        tier,
        evidence=spans,
        counts=counts,
        note="" if usable or not wave.talk else "the machine is not reliable enough on these codes: quotes only",
    )
