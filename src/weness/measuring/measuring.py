"""All measures of a study: tiers, whom "we" means, what is shared and lasts, how partners deal with each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from weness.coding.codings import HUMAN, Codings
from weness.draws import Estimate
from weness.measuring.attributes import Standing, established, lost, sharedness, standings
from weness.measuring.corrected import Beside, Checked, with_corrections
from weness.measuring.emergence import emergence, partner_words
from weness.measuring.measures import Attribute, Measure
from weness.measuring.relations import RELATIONS, relation
from weness.measuring.settings import Settings
from weness.measuring.tiers import tier_of, tier_of_wave
from weness.measuring.voices import WaveVoices, voices_in
from weness.measuring.we_talk import coded_by, others_per_hundred, partner_shares, wave_shares
from weness.measuring.worlds import Counts, Worlds
from weness.reading.corpus import Corpus, Partner

SPEAKING = ("indicative", "adequate")


@dataclass(frozen=True)
class Measured:
    """What was measured. ``tiers``: wave -> partner -> tier; ``wave_tiers``: wave -> tier.

    ``gates`` holds what the gates of a process ask for, world by world: wave -> name -> shape (n_draws,); a name that
    is missing there could not be tested.
    """

    voices: tuple[WaveVoices, ...]
    measures: tuple[Measure, ...]
    attributes: tuple[Attribute, ...]
    tiers: Mapping[str, Mapping[str, str]]
    wave_tiers: Mapping[str, str]
    gates: Mapping[str, Mapping[str, Counts]]

    def of(self, wave: str) -> dict[str, Measure]:
        """The measures of the whole partnership in one wave."""
        return {one.name: one for one in self.measures if one.wave == wave and one.partner is None}


def measured(
    corpus: Corpus,
    codings: Codings,
    settings: Settings,
    seed: int = 0,
    genres: frozenset[str] | None = None,
    without: str | None = None,
    checks: Beside | None = None,
) -> Measured:
    """Works out everything. ``genres`` looks at these documents only, ``without`` leaves one partner out; ``checks`` are the
    check samples, which correct what they can."""
    worlds = Worlds(settings, seed)
    checked = Checked(checks, worlds, genres) if checks else None
    waves = voices_in(corpus, codings, settings, genres, without)
    partners = tuple(partner for partner in corpus.partners if partner.id != without)
    tiers = {wave.wave: {id: tier_of(voice, settings) for id, voice in wave.voices.items()} for wave in waves}
    wave_tiers = {wave.wave: tier_of_wave(tiers[wave.wave], partners, settings) for wave in waves}
    items = standings(waves, tiers, worlds)
    measures: list[Measure] = []
    gates: dict[str, dict[str, Counts]] = {}
    before: list[Standing] = []
    for number, wave in enumerate(waves):
        here = [one for one in items if one.attribute.wave == wave.wave]
        own = _of_wave(wave, tiers[wave.wave], wave_tiers[wave.wave], here, before, worlds, checked)
        own += _changes(own, measures, wave.wave)
        own += emergence(corpus, wave, here, wave_tiers[wave.wave], worlds)
        measures += own
        gates[wave.wave] = _gates(number, wave, tiers[wave.wave], partners, own, here, before, worlds)
        if without is not None:
            # The partner who is left out was heard all the same: a gate must not close for that reason.
            gates[wave.wave]["partners"] += 1
        before += here
    return Measured(waves, tuple(measures), tuple(one.attribute for one in items), tiers, wave_tiers, gates)


def _of_wave(
    wave: WaveVoices,
    tiers: Mapping[str, str],
    tier: str,
    here: list[Standing],
    before: list[Standing],
    worlds: Worlds,
    checked: Checked | None,
) -> list[Measure]:
    speaking = tuple(partner for partner, own in tiers.items() if own in SPEAKING)
    found = _countable(wave, tiers, tier, speaking, worlds)
    if checked is not None:
        plain = _countable(wave, tiers, tier, speaking, Worlds(worlds.settings, worlds.seed, flawless=True))
        found = with_corrections(found, {(one.name, one.partner): one for one in plain}, wave, speaking, checked)
    found += partner_words(wave, tiers)
    found.append(others_per_hundred(wave, speaking, tier, worlds))
    found += _of_items(wave, tier, here, before, worlds)
    return found


def _countable(
    wave: WaveVoices, tiers: Mapping[str, str], tier: str, speaking: tuple[str, ...], worlds: Worlds
) -> list[Measure]:
    """Shares and relations: what is made of counts of codes."""
    shares = [one for id, voice in wave.voices.items() for one in partner_shares(voice, tiers[id], wave.wave, worlds)]
    return [
        *shares,
        *wave_shares(shares, wave.wave, tier, worlds),
        *(relation(name, wave, speaking, tier, worlds) for name in RELATIONS),
    ]


def _of_items(
    wave: WaveVoices, tier: str, here: list[Standing], before: list[Standing], worlds: Worlds
) -> list[Measure]:
    codes = worlds.settings.core_codes
    usable = bool(wave.talk) and worlds.usable(codes, wave.talk)
    enough = tier in SPEAKING and usable
    note = "" if usable or not wave.talk else "the machine is not reliable enough on these codes: quotes only"
    found = []
    # One wave shows nothing that lasts, and neither does an empty one: no value, rather than zero.
    lasts = established(here, before, worlds) if here and before else np.full(worlds.n, np.nan)
    drawn: dict[str, Counts] = {"sharedness": sharedness(here, worlds), "established": lasts}
    core = [one.attribute for one in here if one.attribute.core]
    lasting = [one.attribute for one in here if one.attribute.streak >= 2]
    evidence = {"sharedness": core, "established": lasting}
    for name, row in drawn.items():
        spans = [span for one in evidence[name] for own in one.voices.values() for span in own]
        found.append(
            Measure(
                name,
                wave.wave,
                Estimate(row) if enough and np.isfinite(row).any() else None,
                tier,
                evidence=tuple(spans),
                coded_by=coded_by(one for one in (*wave.talk, *wave.unowned) if one.field("item")),
                counts={"items": float(len(evidence[name]))},
                note=note,
            )
        )
    return found


def _changes(own: list[Measure], earlier: list[Measure], wave: str) -> list[Measure]:
    """The paired difference to the last wave in which enough was heard, world by world (measures, section 11.7)."""
    found = []
    for name in ("we_partnership", "we_own", "breadth"):
        now = next(one for one in own if one.name == name and one.partner is None)
        before = [one for one in earlier if one.name == name and one.partner is None and one.estimate is not None]
        if before and now.estimate is not None:
            found.append(_change(f"{name}_change", now, before[-1]))
    return found


def _change(name: str, now: Measure, before: Measure) -> Measure:
    """A corrected value is compared with a corrected one, or with one that persons coded; never with a machine's as coded."""

    def difference(later: Estimate | None, earlier: Estimate | None) -> Estimate | None:
        return Estimate(later.draws - earlier.draws, (-1.0, 1.0)) if later and earlier else None

    def right(one: Measure) -> Estimate | None:
        return one.corrected or (one.estimate if set(one.coded_by) == {HUMAN} else None)

    as_coded = difference(*(one.as_coded if one.corrected else one.estimate for one in (now, before)))
    corrected = difference(right(now), right(before)) if now.corrected or before.corrected else None
    settled = all(one.in_use == "corrected" or set(one.coded_by) == {HUMAN} for one in (now, before))
    in_use = corrected if corrected and settled else as_coded
    return Measure(
        name,
        now.wave,
        in_use,
        now.tier,
        evidence=now.evidence,
        coded_by=now.coded_by,
        as_coded=as_coded if corrected else None,
        corrected=corrected,
        checks=min(one.checks for one in (now, before) if one.corrected) if corrected else 0,
    )


def _gates(
    number: int,
    wave: WaveVoices,
    tiers: Mapping[str, str],
    partners: tuple[Partner, ...],
    own: list[Measure],
    here: list[Standing],
    before: list[Standing],
    worlds: Worlds,
) -> dict[str, Counts]:
    """What gates ask for, in numbers that a process file can name. Only what could be measured is there."""
    speaking = [partner for partner in partners if tiers[partner.id] in SPEAKING]
    n = worlds.n
    found: dict[str, Counts] = {
        "waves": np.full(n, float(number + 1)),
        "partners": np.full(n, float(len(speaking))),
        "all_partners_heard": np.full(n, float(len(speaking) == len(partners))),
    }
    shares = {one.partner: one for one in own if one.name == "we_partnership" and one.partner and one.estimate}
    by_sector: dict[str, list[Counts]] = {}
    for partner in speaking:
        if partner.id in shares:
            said = wave.voices[partner.id]
            labels = worlds.labels(said.selves, wave.wave, partner.id, "sector")
            said_it = np.where(labels[:, 0] >= 1, 1.0, 0.0)
            by_sector.setdefault(partner.sector, []).append(said_it)
    if by_sector:
        found["sectors_without_we"] = np.sum([1 - np.max(rows, axis=0) for rows in by_sector.values()], axis=0)
    measures = {one.name: one for one in own if one.partner is None}
    for name in ("bargaining", "interdependence", "joint_decision", "outside_view", "exit_talk"):
        if measures[name].estimate is not None:
            found[f"partners_{name}"] = np.round(measures[name].estimate.draws * len(speaking))  # type: ignore[union-attr]
    if measures["sharedness"].estimate is not None:
        core = [one for one in here if one.attribute.code in worlds.settings.core_codes]
        sharing = [one.sharing(worlds) >= 2 for one in core]
        found["shared_items"] = np.sum(sharing, axis=0) * 1.0 if sharing else np.zeros(n)
        disputing = [one.disputing(worlds) for one in core]
        found["disputed_items"] = np.sum(np.stack(disputing) >= 1, axis=0) * 1.0 if disputing else np.zeros(n)
        lasting = [(one.sharing(worlds) >= 2) & (one.attribute.streak >= 2) for one in here]
        found["lasting_items"] = np.sum(lasting, axis=0) * 1.0 if lasting else np.zeros(n)
        renewed = [(one.sharing(worlds) >= 1) & one.attribute.renewed for one in here]
        found["renewed_items"] = np.sum(renewed, axis=0) * 1.0 if renewed else np.zeros(n)
        found["lost_items"] = lost(here, before, worlds) if before and here else np.zeros(n)
    return found
