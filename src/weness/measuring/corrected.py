"""Shares, rates and differences from machine and checked codes together: the values that hold whatever the machine's errors are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from weness.coding.checks import MENTION, SENTENCE, Check, Draw, Unit
from weness.coding.codings import Codings
from weness.draws import Estimate
from weness.measuring.design import Array, Corrected, Sample, draws, of_units, ratio, t_scale, total
from weness.measuring.measures import Measure
from weness.measuring.relations import RELATIONS, Rate
from weness.measuring.settings import Settings
from weness.measuring.voices import SELVES, WaveVoices, voices_in
from weness.measuring.we_talk import SHARES
from weness.measuring.worlds import Worlds
from weness.reading.corpus import SPOKEN, Corpus, Span

UNRESOLVED = ("WE_GENERIC", "WE_UNCLEAR")
RATES = tuple(name for name, line in RELATIONS.items() if isinstance(line, Rate))
DECISIONS = "decision_share"
CORRECTED = (*RATES, DECISIONS)
"""Measures of the whole partnership that the codes of a checked sentence can correct. The others ask for fields (stance, valence
...) or for who among the partners tells something, which single sentences do not show: they stay as coded."""


@dataclass(frozen=True, slots=True)
class Place:
    """One unit and where it counts. ``by_person``: a person coded it anyway, so there is nothing to correct."""

    unit: Unit
    speaker: str
    genre: str
    by_person: bool


@dataclass(frozen=True)
class Frame:
    """All units that a share or a rate is made of. ``texts`` maps each text they stand in to its checksum."""

    places: tuple[Place, ...]
    texts: Mapping[str, str]
    words: Mapping[tuple[str, str], int]
    """Own words of (wave, partner)."""

    @property
    def to_check(self) -> tuple[Unit, ...]:
        """What a check sample is drawn from: the units that a machine alone coded."""
        return tuple(place.unit for place in self.places if not place.by_person)


def frame_of(corpus: Corpus, codings: Codings, settings: Settings) -> Frame:
    """Every self-mention and every sentence of a partner's own voice that counts, with the codes on it."""
    waves = voices_in(corpus, codings, settings)
    places = [*_mentions(waves), *_sentences(corpus, codings, settings)]
    texts = {document.id: document.checksum for document in corpus.documents}
    words = {(wave.wave, partner): voice.words for wave in waves for partner, voice in wave.voices.items()}
    return Frame(tuple(places), {place.unit.span.document: texts[place.unit.span.document] for place in places}, words)


def _mentions(waves: Sequence[WaveVoices]) -> list[Place]:
    return [
        Place(
            Unit(MENTION, said.coding.span, wave.wave, partner, said.sentence.language, (said.code,)),
            said.sentence.speaker or "",
            said.document.genre,
            said.coding.by_person,
        )
        for wave in waves
        for partner, voice in wave.voices.items()
        for said in voice.selves
    ]


def _sentences(corpus: Corpus, codings: Codings, settings: Settings) -> list[Place]:
    codes: dict[Span, list[str]] = {}
    for mark in codings.marks:
        sentence = corpus.sentence_at(mark.span)
        if sentence is not None and mark.code not in SELVES:
            codes.setdefault(sentence.span, []).append(mark.code)
    found = []
    for document in corpus.documents:
        if not settings.may_count_we(document.genre):
            continue
        for sentence in corpus.sentences_of(document.id):
            if sentence.partner is None or sentence.excluded:
                continue
            told = tuple(sorted(set(codes.get(sentence.span, ()))))
            unit = Unit(SENTENCE, sentence.span, document.wave, sentence.partner, sentence.language, told)
            found.append(Place(unit, sentence.speaker or "", document.genre, (document.id, "B") in codings.read))
    return found


@dataclass(frozen=True)
class Checked:
    """A study's check sample, laid beside its frame. ``asked`` and ``answered`` count units; ``genres`` looks at these texts only."""

    frame: Frame
    draws: tuple[Draw, ...]
    worlds: Worlds
    genres: frozenset[str] | None = None
    _noise: dict[str, Array] = field(default_factory=dict)

    @cached_property
    def fresh(self) -> frozenset[str]:
        """The texts as they were when every draw was made."""
        return frozenset(
            text
            for text, checksum in self.frame.texts.items()
            if all(draw.texts.get(text) == checksum for draw in self.draws)
        )

    @cached_property
    def answers(self) -> dict[str, list[tuple[int, Check]]]:
        """Kind -> (place in the frame, check), for the answered ones that a machine alone coded."""
        at = {
            (place.unit.kind, place.unit.span): number
            for number, place in enumerate(self.frame.places)
            if not place.by_person
        }
        found: dict[str, list[tuple[int, Check]]] = {MENTION: [], SENTENCE: []}
        for draw in self.draws:
            for check in draw.checks:
                if check.codes is not None and (check.kind, check.span) in at:
                    found[check.kind].append((at[check.kind, check.span], check))
        return found

    @property
    def asked(self) -> int:
        return sum(len(draw.checks) for draw in self.draws)

    @property
    def answered(self) -> int:
        return sum(check.codes is not None for draw in self.draws for check in draw.checks)

    def sample(self, kind: str) -> Sample | None:
        """The answered units of one kind; None where there are too few for anything."""
        answers = self.answers[kind]
        if len(answers) < self.worlds.settings.checks["domain"]:
            return None
        by_draw = {draw.number: sum(check.draw == draw.number for _, check in answers) for draw in self.draws}
        return Sample(
            np.array([at for at, _ in answers], dtype=np.int64),
            of_units([f"{check.draw} {check.stratum}" for _, check in answers]),
            np.array([check.size for _, check in answers], dtype=np.float64),
            np.array([by_draw[check.draw] / len(answers) for _, check in answers], dtype=np.float64),
        )

    def world(self, found: Corrected, kind: str, about: str) -> Array:
        """Possible worlds of a corrected value; the same normal noise for every value, so that differences are paired."""
        chance = self.worlds.chance("checks", kind)
        if kind not in self._noise:
            self._noise[kind] = chance.standard_normal((len(self.answers[kind]), self.worlds.n))
        scale = t_scale(found.freedom, self.worlds.chance("checks", kind, "t"), self.worlds.n)
        extra = self.worlds.chance("checks", kind, "floor", about).standard_normal(self.worlds.n)
        return draws(found, self._noise[kind], scale, extra)


def checked_of(
    corpus: Corpus, codings: Codings, draws: tuple[Draw, ...], worlds: Worlds, genres: frozenset[str] | None = None
) -> Checked | None:
    """None where nothing was drawn, or nothing of it answered yet."""
    if not any(check.codes is not None for draw in draws for check in draw.checks):
        return None
    return Checked(frame_of(corpus, codings, worlds.settings), draws, worlds, genres)


def with_corrections(
    own: list[Measure],
    plain: Mapping[tuple[str, str | None], Measure],
    wave: WaveVoices,
    speaking: tuple[str, ...],
    checked: Checked,
) -> list[Measure]:
    """The measures of one wave, with what the check sample says beside them, in use where it rests on enough checks.

    ``plain`` are the same measures, by name and partner, were the coder never wrong: their spread is how much other
    interviews would have moved the value, which no check can tell.
    """
    stale = [
        document.id
        for voice in wave.voices.values()
        for document in voice.documents
        if document.id not in checked.fresh
    ]
    if stale:
        note = f"{stale[0]} came in or changed after the check sample was drawn: nothing of this wave is corrected"
        return [replace(one, note=one.note or note) if _can_be_corrected(one) else one for one in own]
    return [
        _corrected(one, plain[one.name, one.partner], wave, speaking, checked) if _can_be_corrected(one) else one
        for one in own
    ]


def _can_be_corrected(one: Measure) -> bool:
    return one.name in SHARES or (one.partner is None and one.name in CORRECTED)


def _corrected(one: Measure, plain: Measure, wave: WaveVoices, speaking: tuple[str, ...], checked: Checked) -> Measure:
    partners = (one.partner,) if one.partner else speaking
    kind = MENTION if one.name in SHARES else SENTENCE
    found = _found(one.name, wave.wave, partners, checked)
    if found is None or one.tier not in ("indicative", "adequate"):
        return one
    talk = plain.estimate.draws - plain.estimate.mean if plain.estimate else np.zeros(checked.worlds.n)
    drawn = checked.world(found, kind, f"{one.name}/{wave.wave}/{one.partner}") + np.nan_to_num(talk)
    value = Estimate(np.clip(drawn, 0.0, None if one.name in RATES else 1.0))
    limits = checked.worlds.settings.checks
    in_use = found.checks >= limits["domain"] and len(checked.answers[kind]) >= limits["sample"]
    return replace(
        one,
        estimate=value if in_use else one.estimate,
        as_coded=one.estimate,
        corrected=value,
        checks=found.checks,
        note="" if in_use else one.note,
    )


def _found(name: str, wave: str, partners: Sequence[str], checked: Checked) -> Corrected | None:
    if name in SHARES:
        return _share(SHARES[name], wave, partners, checked)
    if name == DECISIONS:
        return _part_of(("DECISION",), ("DECISION", "NEGOTIATION"), wave, partners, checked)
    return _rate(RELATIONS[name].codes, wave, partners, checked)


def _share(codes: tuple[str, ...], wave: str, partners: Sequence[str], checked: Checked) -> Corrected | None:
    """Every partner weighs the same, and every speaker within a partner (measures, section 2)."""
    sample = checked.sample(MENTION)
    weights = _speaker_weights(checked, wave, partners)
    if sample is None or not weights.any():
        return None
    return ratio(
        sample,
        weights,
        (_said(checked.frame, codes), _said(checked.frame, tuple(code for code in SELVES if code not in UNRESOLVED))),
        (
            _true(checked, MENTION, codes),
            _true(checked, MENTION, tuple(code for code in SELVES if code not in UNRESOLVED)),
        ),
    )


def _rate(codes: tuple[str, ...], wave: str, partners: Sequence[str], checked: Checked) -> Corrected | None:
    """Passages per 1,000 own words in spoken texts, mean over the partners. A person says of a sentence which passages begin in
    it, so that the unit is that of a person's codings."""
    sample = checked.sample(SENTENCE)
    if sample is None:
        return None
    weights = 1000 * _word_weights(checked, wave, partners, SPOKEN)
    return (
        total(sample, weights, _said(checked.frame, codes), _true(checked, SENTENCE, codes)) if weights.any() else None
    )


def _part_of(
    part: tuple[str, ...], whole: tuple[str, ...], wave: str, partners: Sequence[str], checked: Checked
) -> Corrected | None:
    sample = checked.sample(SENTENCE)
    if sample is None:
        return None
    weights = _word_weights(checked, wave, partners, None)
    said = (_said(checked.frame, part), _said(checked.frame, whole))
    return ratio(sample, weights, said, (_true(checked, SENTENCE, part), _true(checked, SENTENCE, whole)))


def _speaker_weights(checked: Checked, wave: str, partners: Sequence[str]) -> Array:
    counted = [
        place.unit.kind == MENTION
        and place.unit.wave == wave
        and place.unit.partner in partners
        and (checked.genres is None or place.genre in checked.genres)
        for place in checked.frame.places
    ]
    tellers = Counter(
        (place.unit.partner, place.speaker)
        for place, counts in zip(checked.frame.places, counted, strict=True)
        if counts
    )
    speakers = Counter(partner for partner, _ in tellers)
    return np.array(
        [
            1 / (len(speakers) * speakers[place.unit.partner] * tellers[place.unit.partner, place.speaker])
            if counts
            else 0.0
            for place, counts in zip(checked.frame.places, counted, strict=True)
        ]
    )


def _word_weights(checked: Checked, wave: str, partners: Sequence[str], genres: frozenset[str] | None) -> Array:
    def weight(place: Place) -> float:
        unit = place.unit
        heard = all(among is None or place.genre in among for among in (genres, checked.genres))
        if unit.kind != SENTENCE or unit.wave != wave or unit.partner not in partners or not heard:
            return 0.0
        return 1 / (len(partners) * max(checked.frame.words.get((wave, unit.partner), 0), 1))

    return np.array([weight(place) for place in checked.frame.places])


def _said(frame: Frame, codes: tuple[str, ...]) -> Array:
    return np.array([any(code in codes for code in place.unit.predicted) for place in frame.places], dtype=np.float64)


def _true(checked: Checked, kind: str, codes: tuple[str, ...]) -> Array:
    return np.array(
        [any(code in codes for code in check.codes or ()) for _, check in checked.answers[kind]], dtype=np.float64
    )


@dataclass(frozen=True, slots=True)
class CheckStory:
    """What became of the check sample, for the report. ``right``: share of the counted mentions on which the machine says what
    the persons say, None where too few were checked."""

    asked: int
    answered: int
    coders: tuple[str, ...]
    mentions: int
    sentences: int
    right: Estimate | None
    enough: bool


def story_of(checked: Checked) -> CheckStory:
    sample = checked.sample(MENTION)
    right = None
    places = checked.frame.places
    if sample is not None:
        mine = np.array([float(place.unit.kind == MENTION and not place.by_person) for place in places])
        agreed = [float(check.codes == places[at].unit.predicted) for at, check in checked.answers[MENTION]]
        found = ratio(
            sample, mine, (np.ones(len(places)), np.ones(len(places))), (np.array(agreed), np.ones(len(agreed)))
        )
        right = Estimate(np.clip(checked.world(found, MENTION, "right"), 0.0, 1.0)) if found else None
    sizes = {kind: len(answers) for kind, answers in checked.answers.items()}
    least = checked.worlds.settings.checks["sample"]
    coders = tuple(sorted({check.coder for draw in checked.draws for check in draw.checks if check.codes is not None}))
    return CheckStory(
        checked.asked, checked.answered, coders, sizes[MENTION], sizes[SENTENCE], right, max(sizes.values()) >= least
    )
