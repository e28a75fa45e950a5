"""What is shared, item by item and partner by partner, and what has lasted (I09, I11; measures, sections 3, 4, 7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from weness.draws import Estimate
from weness.measuring.measures import Attribute
from weness.measuring.settings import Settings
from weness.measuring.voices import Said, WaveVoices
from weness.measuring.worlds import Counts, Kept, Worlds

ATTRIBUTES = (
    "PURPOSE", "PROCEDURE", "ROLE", "VALUE", "INTEREST", "BENEFICIARY", "STORY", "SYMBOL", "BOUNDARY", "ENTITY",
    "OUTSIDE_VIEW",
)  # fmt: skip
SPEAKING = ("indicative", "adequate")


@dataclass(frozen=True)
class Standing:
    """One item in one wave, world by world. ``shared`` and ``contested``: partner -> shape (n_draws,)."""

    attribute: Attribute
    shared: Mapping[str, Kept]
    contested: Mapping[str, Kept]

    def sharing(self, worlds: Worlds) -> Counts:
        """How many partners hold it as shared. shape (n_draws,)"""
        return _sum(self.shared.values(), worlds)

    def disputing(self, worlds: Worlds) -> Counts:
        return _sum(self.contested.values(), worlds)


def standings(waves: tuple[WaveVoices, ...], tiers: Mapping[str, Mapping[str, str]], worlds: Worlds) -> list[Standing]:
    """Every item of every wave. ``tiers``: wave -> partner -> tier."""
    found: list[Standing] = []
    history: dict[tuple[str, str], list[Standing]] = {}
    for number, wave in enumerate(waves):
        here = [_standing(key, said, wave, tiers[wave.wave], worlds) for key, said in _items(wave).items()]
        core = _core(here, worlds.settings)
        for one in here:
            key = (one.attribute.code, one.attribute.item)
            earlier = history.setdefault(key, [])
            told = _with_history(one, earlier, number, key in core, waves, worlds)
            earlier.append(told)
            found.append(told)
    return found


def sharedness(here: list[Standing], worlds: Worlds) -> Counts:
    """Median over the core attributes of the share of partners that hold them. 0 where nothing is common. (n_draws,)"""
    core = [one.attribute.sharedness.draws for one in here if one.attribute.core]
    return np.median(np.stack(core), axis=0) if core else np.zeros(worlds.n)


def established(here: list[Standing], before: list[Standing], worlds: Worlds) -> Counts:
    """Of the items shared in an earlier wave and voiced again in this one, the share that is still shared.

    Silence is not disagreement: an item that nobody takes up again is not counted as lost, and one first shared in this
    wave is new, not unestablished. shape (n_draws,), NaN where nothing can be compared.
    """
    now = {(one.attribute.code, one.attribute.item): one for one in here}
    once: dict[tuple[str, str], Kept] = {}
    for one in before:
        key = (one.attribute.code, one.attribute.item)
        common = one.sharing(worlds) >= 2
        once[key] = once[key] | common if key in once else common
    both = [(common, now[key].sharing(worlds) >= 2) for key, common in once.items() if key in now]
    if not both:
        return np.full(worlds.n, np.nan)
    was = np.sum([common for common, _ in both], axis=0).astype(float)
    is_still = np.sum([common & still for common, still in both], axis=0).astype(float)
    drawn = worlds.chance("established", here[0].attribute.wave).beta(is_still + 0.5, was - is_still + 0.5)
    return np.where(was > 0, drawn, np.nan)


def lost(here: list[Standing], before: list[Standing], worlds: Worlds) -> Counts:
    """How many items that two partners once shared are now disputed. shape (n_draws,)"""
    now = {(one.attribute.code, one.attribute.item): one for one in here}
    total = np.zeros(worlds.n)
    seen = set()
    for one in before:
        key = (one.attribute.code, one.attribute.item)
        if key in now and key not in seen:
            seen.add(key)
            total += (one.sharing(worlds) >= 2) & (now[key].disputing(worlds) >= 1)
    return total


def word_for(states: Mapping[str, str], reach: float, compatible: bool, settings: Settings) -> str:
    """One of the five words (measures, section 7).

    Shares are taken over the partners who voice the attribute: silence is not disagreement, and ``reach`` has already
    decided whether the attribute is voiced at all. docs/decisions/ tells how this reads the published rule.
    """
    heard = [state for state in states.values() if state != "no evidence"]
    voiced = [state for state in heard if state in ("shared", "divergent", "contested")]
    shared, disputed = voiced.count("shared"), voiced.count("contested")
    if disputed >= 2 or (disputed and disputed >= len(heard) / 3):
        return "contested"
    if not voiced or reach < settings.reach_from:
        return "unvoiced"
    several = len(voiced) >= min(2, len(heard))
    if several and not disputed and shared >= settings.consensual_from * len(voiced):
        return "consensual"
    if several and not disputed and compatible:
        return "coherent"
    return "fragmented"


def _items(wave: WaveVoices) -> dict[tuple[str, str], tuple[Said, ...]]:
    found: dict[tuple[str, str], list[Said]] = {}
    for said in (*wave.talk, *wave.unowned):
        item = said.field("item")
        if said.code in ATTRIBUTES and item:
            found.setdefault((said.code, str(item)), []).append(said)
    return {key: tuple(said) for key, said in sorted(found.items())}


def _standing(
    key: tuple[str, str], said: tuple[Said, ...], wave: WaveVoices, tiers: Mapping[str, str], worlds: Worlds
) -> Standing:
    states, voices, shared, contested = {}, {}, {}, {}
    for partner in wave.voices:
        own = tuple(one for one in said if one.sentence.partner == partner)
        # A voice is evidence of itself; only silence needs a tier to mean something.
        states[partner] = _state(own) if own else "silent" if tiers[partner] in SPEAKING else "no evidence"
        if not own:
            continue
        voices[partner] = tuple(one.coding.span for one in own)
        disputed = worlds.any(one for one in own if one.field("stance") == "contested")
        contested[partner] = disputed
        shared[partner] = worlds.any(filter(_is_shared, own)) & ~disputed
    heard = sum(state != "no evidence" for state in states.values())
    # A position that one partner reports of another is known of, whatever the other would say about it.
    told_of = {str(one.field("holder")) for one in said if one.sentence.partner} & states.keys()
    voiced = {partner for partner, state in states.items() if state in ("shared", "divergent", "contested")}
    known = {partner for partner in voiced | told_of if states[partner] != "no evidence"} if voiced else set()
    reach = len(known) / max(heard, 1)
    others = [one for one in said if one.field("stance") == "divergent" and one.sentence.partner]
    compatible = bool(others) and all(one.field("compatible") is True for one in others)
    sharing = _sum(shared.values(), worlds)
    if len(voices) >= 2:
        silent = np.maximum(sum(state == "silent" for state in states.values()) + np.zeros(worlds.n), 0)
        sharing = np.where(sharing > 0, worlds.with_silent(sharing, silent, "/".join((wave.wave, *key))), sharing)
    share = sharing / max(heard, 1)
    attribute = Attribute(
        wave=wave.wave,
        code=key[0],
        item=key[1],
        title={},
        word=word_for(states, reach, compatible, worlds.settings),
        states=states,
        voices=voices,
        core=False,
        sharedness=Estimate(share),
        reach=reach,
        members=tuple(sorted({str(one.coding.fields.get("wording") or key[1]) for one in said})),
        genres=tuple(sorted({one.document.genre for one in said})),
    )
    return Standing(attribute, shared, contested)


def _state(own: tuple[Said, ...]) -> str:
    stances = {one.field("stance") for one in own}
    if "contested" in stances:
        return "contested"
    if any(map(_is_shared, own)):
        return "shared"
    return "divergent" if "divergent" in stances else "mentioned"


def _is_shared(said: Said) -> bool:
    """Voiced as shared, or as the partnership's own without another stance (measures, section 3)."""
    if said.field("mode") in ("question", "wish", "past"):
        return False
    stance = said.field("stance")
    return stance == "shared" or (said.field("holder") == "partnership" and stance in ("unspecified", None))


def _core(here: list[Standing], settings: Settings) -> set[tuple[str, str]]:
    """The best known attributes of each code, whatever the stance; one that a single partner knows is not common."""
    chosen: set[tuple[str, str]] = set()
    for code in settings.core_codes:
        known = [one for one in here if one.attribute.code == code and len(one.attribute.voices) >= 2]
        known.sort(key=lambda one: (-one.attribute.reach, -len(one.attribute.voices), one.attribute.item))
        chosen.update((code, one.attribute.item) for one in known[: settings.core_per_code])
    return chosen


def _with_history(
    one: Standing, earlier: list[Standing], number: int, core: bool, waves: tuple[WaveVoices, ...], worlds: Worlds
) -> Standing:
    def is_present(standing: Standing) -> bool:
        return sum(state == "shared" for state in standing.attribute.states.values()) >= 2

    order = [wave.wave for wave in waves]
    present = {standing.attribute.wave for standing in (*earlier, one) if is_present(standing)}
    first = min((order.index(wave) for wave in present), default=number)
    streak = 0
    while number - streak >= 0 and order[number - streak] in present:
        streak += 1
    founders = {speaker for voice in waves[first].voices.values() for speaker in voice.speakers}
    tellers = _speakers(waves[number], one)
    attribute = one.attribute
    told = replace(
        attribute,
        core=core,
        streak=streak,
        age=len(present) / (number - first + 1) if present else 0.0,
        renewed=number > first and bool(tellers - founders) and attribute.wave in present,
        new=attribute.wave in present and first == number,
    )
    return Standing(told, one.shared, one.contested)


def _speakers(wave: WaveVoices, one: Standing) -> set[str]:
    key = (one.attribute.code, one.attribute.item)
    return {
        said.sentence.speaker
        for said in wave.talk
        if said.sentence.speaker and (said.code, str(said.field("item"))) == key
    }


def _sum(rows: Iterable[Kept], worlds: Worlds) -> Counts:
    total = np.zeros(worlds.n)
    for row in rows:
        total += row
    return total
