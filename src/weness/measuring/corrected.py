"""Shares, rates and differences from machine and checked codes together: the values that hold whatever the machine's errors are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from weness.coding.checks import MENTION, SENTENCE, Draw
from weness.coding.codings import Codings
from weness.draws import Estimate
from weness.measuring.design import Array, Corrected, deviations, ratio, total
from weness.measuring.frame import Flags, Frame, frame_of
from weness.measuring.measures import Measure
from weness.measuring.relations import RELATIONS, Rate
from weness.measuring.sampled import Sampled, sampled
from weness.measuring.settings import Settings
from weness.measuring.voices import SELVES, WaveVoices
from weness.measuring.we_talk import SHARES
from weness.measuring.worlds import Worlds
from weness.reading.corpus import SPOKEN, Corpus

RESOLVED = tuple(code for code in SELVES if code not in ("WE_GENERIC", "WE_UNCLEAR"))
RATES = tuple(name for name, line in RELATIONS.items() if isinstance(line, Rate))
"""Rates of the whole partnership, which the codes of checked sentences can correct. The other relations ask for fields (valence,
handled ...), for shares of few passages, or for who among the partners tells something: they stay as coded."""


@dataclass(frozen=True)
class Beside:
    """A study's check samples laid beside all its units, once for all its variants."""

    frame: Frame
    draws: tuple[Draw, ...]
    _samples: dict[tuple[str, frozenset[str]], Sampled | None] = field(default_factory=dict)

    def sample(self, kind: str, texts: frozenset[str]) -> Sampled | None:
        """The answers that speak of these texts: of every draw that was made from all of them as they are now."""
        key = (kind, texts)
        if key not in self._samples:
            fresh = [draw for draw in self.draws if all(self.covers(draw, text, kind) for text in texts)]
            self._samples[key] = sampled(kind, fresh, self.frame.numbers)
        return self._samples[key]

    def covers(self, draw: Draw, text: str, kind: str) -> bool:
        """Whether a draw was made from this text as it is, and could have drawn all that a machine alone codes in it now."""
        checksum = self.frame.texts[text]
        if draw.texts.get(text) != checksum:
            return False
        now = {(one, at) for one, at in self.frame.drawable.get(checksum, frozenset()) if one == kind}
        return checksum not in draw.units or now <= draw.units[checksum]


def beside(corpus: Corpus, codings: Codings, draws: tuple[Draw, ...], settings: Settings) -> Beside | None:
    """None where nothing was drawn, or nothing of it answered yet."""
    if not any(check.codes is not None for draw in draws for check in draw.checks):
        return None
    return Beside(frame_of(corpus, codings, settings), draws)


@dataclass(frozen=True)
class Checked:
    """The check samples in one variant of the study: its worlds, and the genres that it looks at."""

    beside: Beside
    worlds: Worlds
    genres: frozenset[str] | None = None

    @property
    def frame(self) -> Frame:
        return self.beside.frame

    @cached_property
    def _noise(self) -> dict[str, Array]:
        """Normal, a row for every check of every draw: the same for every value of the study, so that differences are paired."""
        items = [check.item for draw in self.beside.draws for check in draw.checks]
        drawn = self.worlds.chance("checks").standard_normal((len(items), self.worlds.n))
        return dict(zip(items, drawn, strict=True))

    def worlds_of(self, found: Corrected, items: Sequence[str], about: str) -> Array:
        """Possible worlds of a corrected value, around it. shape (n_draws,)"""
        noise = np.stack([self._noise[item] for item in items])
        extra = self.worlds.chance("checks", "floor", about).standard_normal(self.worlds.n)
        return found.value + deviations(found, noise, extra, self.worlds.chance("checks", "t"))

    def share(self, codes: tuple[str, ...], wave: str, partners: Sequence[str]) -> tuple[Corrected, Sampled] | None:
        """Every partner weighs the same, and every speaker within a partner (measures, section 2).

        The mean of ratios is taken as one ratio whose weights undo the size of each speaker's resolved mentions, as the machine
        (or a person) resolved them: the two are one where it tells resolved from unresolved.
        """
        here = self.frame.mention & self.frame.among(wave, partners, self.genres)
        weights = self._of_speakers(here)
        return self._ratio(MENTION, here, weights, codes, RESOLVED)

    def unclear(self, wave: str, partners: Sequence[str]) -> float:
        """Share of unclear mentions among those that mean somebody or are unclear."""
        here = self.frame.mention & self.frame.among(wave, partners, self.genres)
        sample = self._sample(MENTION, here)
        if sample is None:
            return 0.0
        part, whole = ("WE_UNCLEAR",), (*RESOLVED, "WE_UNCLEAR")
        said, true = ((one.coded(part), one.coded(whole)) for one in (self.frame, sample))
        found = ratio(sample.design, here.astype(np.float64), said, true)
        return found.value if found else 0.0

    def rate(self, codes: tuple[str, ...], wave: str, partners: Sequence[str]) -> tuple[Corrected, Sampled] | None:
        """Passages per 1,000 own words, told in spoken texts, mean over the partners. A person says of a sentence which passages
        begin in it, so that the unit is that of a person's codings."""
        heard = ~self.frame.mention & self.frame.among(wave, partners, self.genres)
        spoken = heard & self.frame.among(wave, partners, SPOKEN)
        number = self.frame.of_partners(heard)
        words = np.bincount(number[heard], self.frame.words[heard], len(partners)) if heard.any() else np.ones(1)
        weights = np.zeros(len(heard))
        weights[spoken] = 1000 / (len(partners) * np.maximum(words[number[spoken]], 1))
        sample = self._sample(SENTENCE, spoken)
        if sample is None or not spoken.any():
            return None
        return total(sample.design, weights, self.frame.said(codes), sample.true(codes)), sample

    def machines_part(self, kind: str, wave: str, partners: Sequence[str]) -> float:
        """Which share of the units in question a machine alone coded."""
        here = (self.frame.mention == (kind == MENTION)) & self.frame.among(wave, partners, self.genres)
        if kind == SENTENCE:
            here &= self.frame.among(wave, partners, SPOKEN)
        return float((~self.frame.by_person[here]).mean()) if here.any() else 0.0

    def is_stale(self, kind: str, wave: str, partners: Sequence[str]) -> bool:
        """Whether answers of this kind are there, and none of their draws covers all of these texts."""
        here = (self.frame.mention == (kind == MENTION)) & self.frame.among(wave, partners, self.genres)
        texts = self.frame.texts_of(here & ~self.frame.by_person)
        answered = [
            draw for draw in self.beside.draws if any(one.codes is not None and one.kind == kind for one in draw.checks)
        ]
        return bool(answered) and not any(
            all(self.beside.covers(draw, text, kind) for text in texts) for draw in answered
        )

    def _ratio(
        self, kind: str, here: Flags, weights: Array, part: tuple[str, ...], whole: tuple[str, ...]
    ) -> tuple[Corrected, Sampled] | None:
        sample = self._sample(kind, here)
        if sample is None or not weights.any():
            return None
        said = (self.frame.said(part), self.frame.said(whole))
        found = ratio(sample.design, weights, said, (sample.true(part), sample.true(whole)))
        return (found, sample) if found else None

    def _sample(self, kind: str, here: Flags) -> Sampled | None:
        return self.beside.sample(kind, self.frame.texts_of(here & ~self.frame.by_person))

    def _of_speakers(self, here: Flags) -> Array:
        weights = np.zeros(len(here))
        if not here.any():
            return weights
        speaker, partner = self.frame.of_speakers(here)[here], self.frame.of_partners(here)[here]
        resolved = np.bincount(speaker, self.frame.said(RESOLVED)[here])
        size = np.where(resolved > 0, resolved, np.bincount(speaker))
        tellers = np.array([len(set(speaker[partner == one])) for one in range(partner.max() + 1)])
        weights[here] = 1 / (len(tellers) * tellers[partner] * size[speaker])
        return weights


def with_corrections(
    own: list[Measure],
    plain: Mapping[tuple[str, str | None], Measure],
    wave: WaveVoices,
    speaking: tuple[str, ...],
    checked: Checked,
) -> list[Measure]:
    """The measures of one wave, with what the check samples say beside them, in use where it rests on enough checks.

    ``plain`` are the same measures, by name and partner, were the coder never wrong: their spread is how much other
    interviews would have moved the value, which no check can tell.
    """
    return [
        _corrected(one, plain[one.name, one.partner], wave.wave, (one.partner,) if one.partner else speaking, checked)
        if one.name in SHARES or (one.partner is None and one.name in RATES)
        else one
        for one in own
    ]


def _corrected(one: Measure, plain: Measure, wave: str, partners: Sequence[str], checked: Checked) -> Measure:
    kind, settings = (MENTION if one.name in SHARES else SENTENCE), checked.worlds.settings
    if one.tier not in ("indicative", "adequate") or not checked.machines_part(kind, wave, partners):
        return one  # too little was heard, or persons coded all of it: there is nothing to correct
    codes = SHARES[one.name] if kind == MENTION else RELATIONS[one.name].codes
    found = (checked.share if kind == MENTION else checked.rate)(codes, wave, partners)
    if found is None:
        return replace(one, note=one.note or STALE) if checked.is_stale(kind, wave, partners) else one
    value, sample = found
    drawn = checked.worlds_of(value, sample.items, f"{one.name}/{wave}/{one.partner}") + _talk(value, plain, kind)
    corrected = Estimate(drawn, (0.0, 1.0 if kind == MENTION else np.inf))
    in_use = value.checks >= settings.checks["domain"] and len(sample.items) >= settings.checks["sample"]
    if in_use and kind == MENTION and checked.unclear(wave, partners) > settings.unclear_limit:
        return replace(one, estimate=None, note="too many unclear mentions: bounds only")
    return replace(
        one,
        estimate=corrected if in_use else one.estimate,
        as_coded=one.estimate,
        corrected=corrected,
        checks=value.checks,
        note="" if in_use else one.note,
    )


STALE = "the check sample was drawn before these texts came in, changed, or were coded otherwise: nothing is corrected"


def _talk(value: Corrected, plain: Measure, kind: str) -> Array:
    """How much other interviews would have moved the value: the spread of the measure without any coder's error, around 0.

    It is taken for the corrected value: a share's spread goes with sqrt(p (1 - p)), a rate's with sqrt(p).
    """
    if plain.estimate is None:
        return np.zeros(1)
    spread = np.nan_to_num(plain.estimate.draws - plain.estimate.mean)
    here, there = np.clip(value.value, 0.0, None), max(plain.estimate.mean, 1e-3)
    if kind == MENTION:
        here, there = (np.clip(p, 0.02, 0.98) * (1 - np.clip(p, 0.02, 0.98)) for p in (here, there))
    return np.asarray(spread * np.sqrt(np.clip(here / there, 0.25, 9.0)))


@dataclass(frozen=True, slots=True)
class CheckStory:
    """What became of the check samples, for the report. ``mentions`` and ``sentences`` count the answers that still stand for a
    machine's code; ``right`` is the share of counted mentions on which the machine says what the persons say; ``in_use``: whether
    any corrected value is in use; ``stale`` are the waves whose texts came in, changed or were coded otherwise after the draw."""

    asked: int
    answered: int
    coders: tuple[str, ...]
    mentions: int
    sentences: int
    right: Estimate | None
    in_use: bool
    stale: tuple[str, ...] = ()


def story_of(found: Beside, measures: Sequence[Measure], worlds: Worlds) -> CheckStory:
    checks = [check for draw in found.draws for check in draw.checks]
    answered = [check for check in checks if check.codes is not None]
    standing = [
        check.kind
        for draw in found.draws
        for check in draw.checks
        if check.codes is not None
        and (check.kind, check.span) in found.frame.numbers
        and found.covers(draw, check.span.document, check.kind)
    ]
    return CheckStory(
        asked=len(checks),
        answered=len(answered),
        coders=tuple(sorted({check.coder for check in answered})),
        mentions=standing.count(MENTION),
        sentences=standing.count(SENTENCE),
        right=_right(Checked(found, worlds)) if MENTION in standing else None,
        in_use=any(one.in_use == "corrected" for one in measures),
        stale=tuple(dict.fromkeys(one.wave for one in measures if one.note == STALE and one.partner is None)),
    )


def _right(checked: Checked) -> Estimate | None:
    """On the texts of the latest draw that was answered and did not change since."""
    frame = checked.frame
    answered = [draw for draw in checked.beside.draws if any(check.codes is not None for check in draw.checks)]
    fresh = {text for text in frame.texts if checked.beside.covers(answered[-1], text, MENTION)}
    here = frame.mention & ~frame.by_person & np.array([place.unit.span.document in fresh for place in frame.places])
    sample = checked.beside.sample(MENTION, frame.texts_of(here))
    if sample is None or not here.any():
        return None
    ones = np.ones(len(frame.places))
    agreed = sample.agreed(lambda at: frame.places[at].unit.predicted)
    found = ratio(sample.design, here * 1.0, (ones, ones), (agreed, np.ones(len(agreed))))
    return Estimate(checked.worlds_of(found, sample.items, "right"), (0.0, 1.0)) if found else None
