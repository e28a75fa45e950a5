"""Whom "we" means: shares of collective self-mentions, speaker by speaker, partner by partner (I01 to I05)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from weness.draws import Estimate
from weness.measuring.measures import Measure
from weness.measuring.voices import SELVES, Said, Voice, WaveVoices
from weness.measuring.worlds import Counts, Worlds

SHARES = {
    "we_partnership": ("WE_PARTNERSHIP",),
    "we_own": ("WE_OWN",),
    "we_subgroup": ("WE_SUBGROUP",),
    "we_other": ("WE_SECTOR", "WE_COMMUNITY"),
}
"""Measure -> the codes that count for it. They sum to one over the resolved mentions."""


def shares_of(voice: Voice, worlds: Worlds) -> Counts:
    """Share of each of SHARES in a partner's resolved mentions. shape (n_draws, 4)

    Every speaker weighs the same, so that one long interview does not decide; each is a Dirichlet-multinomial whose
    count is reduced by the design effect n / (1 + (n - 1) rho) (measures, section 2 and 11).
    """
    speakers = sorted({said.sentence.speaker or "" for said in voice.selves})
    total = np.zeros((worlds.n, len(SHARES)))
    for speaker in speakers:
        own = tuple(said for said in voice.selves if (said.sentence.speaker or "") == speaker)
        about = (own[0].document.wave, voice.partner, speaker)
        labels = worlds.labels(own, *about)
        counts = np.stack([_of(labels, codes) for codes in SHARES.values()], axis=1)
        size = counts.sum(axis=1, keepdims=True)
        ease = 1 / (1 + np.maximum(size - 1, 0) * worlds.settings.rho)
        gammas = worlds.chance("shares", *about).gamma(counts * ease + worlds.settings.prior)
        total += gammas / gammas.sum(axis=1, keepdims=True)
    return total / max(len(speakers), 1)


def partner_shares(voice: Voice, tier: str, wave: str, worlds: Worlds) -> list[Measure]:
    """The four shares of one partner, each with its bounds; no number below the tier or with too much unclear."""
    if not voice.selves:
        return [_silent(name, wave, voice.partner, tier) for name in SHARES]
    enough = tier in ("indicative", "adequate")
    drawn = shares_of(voice, worlds) if enough else None
    unclear = _coded(voice, ("WE_UNCLEAR",))
    whole = len(voice.resolved) + len(unclear)
    too_unclear = whole > 0 and len(unclear) / whole > worlds.settings.unclear_limit
    found = []
    for column, (name, codes) in enumerate(SHARES.items()):
        own = _coded(voice, codes)
        found.append(
            Measure(
                name=name,
                wave=wave,
                partner=voice.partner,
                estimate=None if drawn is None or too_unclear else Estimate(drawn[:, column]),
                tier=tier,
                bounds=(len(own) / whole, (len(own) + len(unclear)) / whole) if whole else None,
                evidence=tuple(said.coding.span for said in own),
                coded_by=coded_by(voice.selves),
                counts={"mentions": len(own), "resolved": len(voice.resolved), "unclear": len(unclear)},
                note="too many unclear mentions: bounds only" if too_unclear else "",
            )
        )
    return found


def wave_shares(partners: list[Measure], wave: str, tier: str, worlds: Worlds) -> list[Measure]:
    """Means over the partners (each weighs the same), the breadth and the minimum."""
    found = []
    for name in SHARES:
        own = [one for one in partners if one.name == name and one.estimate is not None]
        found.append(_joined(name, wave, tier, own, lambda drawn: drawn.mean(axis=0)))
    own = [one for one in partners if one.name == "we_partnership" and one.estimate is not None]
    from_here = worlds.settings.breadth_from
    found.append(_joined("breadth", wave, tier, own, lambda drawn: (drawn >= from_here).mean(axis=0)))
    found.append(_joined("minimum", wave, tier, own, lambda drawn: drawn.min(axis=0)))
    return found


def others_per_hundred(wave: WaveVoices, speaking: tuple[str, ...], tier: str, worlds: Worlds) -> Measure:
    """Mentions of fellow partners as others, per 100 collective mentions, mean over partners (I05)."""
    rates = []
    said: list[Said] = []
    for partner in speaking:
        voice = wave.voices[partner]
        theirs = voice.of("THEY_PARTNER")
        said += theirs
        n = worlds.count(theirs)
        # A Gamma-Poisson rate: the count itself would have been another one in another interview.
        drawn = worlds.chance("they", wave.wave, partner).gamma(n + 0.5)
        rates.append(100 * drawn / (drawn + max(len(voice.resolved), 1)))
    return Measure(
        "they_partner",
        wave.wave,
        Estimate(np.mean(rates, axis=0)) if rates else None,
        tier,
        evidence=tuple(one.coding.span for one in said),
        coded_by=coded_by(said),
        counts={"mentions": len(said)},
    )


def coded_by(said: Iterable[Said]) -> dict[str, int]:
    """How many codings each kind of coder gave."""
    found: dict[str, int] = {}
    for one in said:
        found[one.coding.kind] = found.get(one.coding.kind, 0) + 1
    return dict(sorted(found.items()))


def _joined(name: str, wave: str, tier: str, own: list[Measure], join: Callable[[Counts], Counts]) -> Measure:
    enough = bool(own) and tier in ("indicative", "adequate")
    counts: dict[str, float] = {"partners": len(own)}
    for one in own:
        counts["mentions"] = counts.get("mentions", 0) + one.counts["mentions"]
    by: dict[str, int] = {}
    for one in own:
        for kind, size in one.coded_by.items():
            by[kind] = by.get(kind, 0) + size
    return Measure(
        name,
        wave,
        Estimate(join(np.stack([one.estimate.draws for one in own if one.estimate]))) if enough else None,
        tier,
        bounds=_mean_bounds(own) if name in SHARES else None,
        evidence=tuple(span for one in own for span in one.evidence),
        coded_by=dict(sorted(by.items())),
        counts=counts,
    )


def _mean_bounds(own: list[Measure]) -> tuple[float, float] | None:
    bounds = [one.bounds for one in own if one.bounds]
    if not bounds:
        return None
    return (float(np.mean([low for low, _ in bounds])), float(np.mean([high for _, high in bounds])))


def _silent(name: str, wave: str, partner: str, tier: str) -> Measure:
    return Measure(name, wave, None, tier, partner=partner, counts={"mentions": 0, "resolved": 0, "unclear": 0})


def _coded(voice: Voice, codes: tuple[str, ...]) -> tuple[Said, ...]:
    return tuple(said for said in voice.selves if said.code in codes)


def _of(labels: Counts, codes: tuple[str, ...]) -> Counts:
    columns = [SELVES.index(code) for code in codes]
    return np.asarray(labels[:, columns].sum(axis=1))
