"""Synthetic partnerships drawn from a process model: codings without a text, for calibration only.

Nothing here imitates talk. For every stage the indicators are drawn from the model's own ranges, partners and speakers
scatter round them, and codings are laid down until the measures would find them; how much of each partner is heard is
drawn apart, so that evidence can be rich, thin or uneven.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from weness.coding.codings import Coding, Codings, in_text_order
from weness.reading.corpus import Corpus, Document, Partner, Sentence, Span, Speaker, Turn, Wave
from weness.staging.process import Process

SECTORS = ("business", "government", "civil_society", "knowledge")
WORDS = 12
LINE = "word " * (WORDS - 1) + "word\n"
BEFORE = {"S1": "S1", "S2": "S1", "S3": "S2", "S4": "S3", "S5": "S4", "R": "S4", "D": "S4"}
EVIDENCE = {"thin": (2, 13), "even": (14, 30), "rich": (30, 60)}


@dataclass(frozen=True)
class Synthetic:
    corpus: Corpus
    codings: Codings
    stages: tuple[str, str]


def partnership(process: Process, stage: str, evidence: str, seed: int) -> Synthetic:
    """Two waves, the second at ``stage``. ``evidence``: "thin", "even", "rich", or "uneven" (a mixture by partner)."""
    chance = np.random.default_rng([seed, 77])
    n = int(chance.integers(3, 7))
    partners = tuple(Partner(f"p{i}", f"P{i}", SECTORS[i % 4 if i < 3 else chance.integers(4)]) for i in range(n))
    speakers = tuple(Speaker(f"p{i}{wave}", "", f"p{i}") for i in range(n) for wave in "ab")
    mixed = ["thin", "thin", "even", "rich"]
    kinds = [str(chance.choice(mixed)) if evidence == "uneven" else evidence for _ in partners]
    documents: list[Document] = []
    sentences: list[Sentence] = []
    marks: list[Coding] = []
    stages = (BEFORE[stage], stage)
    items = [f"item {number}" for number in range(3)]
    for number, (wave, at) in enumerate(zip(("w1", "w2"), stages, strict=True)):
        aims = {name: _drawn(process.stage(at).expects.get(name), chance) for name in process.weights}
        if number:
            lasts = 1.0 if at in ("S5", "R") else aims["established"]
            items = [item if chance.random() < lasts else f"new {item}" for item in items]
        talk = _talk(at, aims, partners, items, kinds, chance)
        for partner, kind, own in zip(partners, kinds, talk, strict=True):
            speaker = partner.id + ("b" if number and chance.random() < (0.8 if at == "S5" else 0.3) else "a")
            _lay_down(own, partner.id, speaker, wave, kind, documents, sentences, marks, chance)
    corpus = Corpus(
        id=f"synthetic-{seed}",
        name="Synthetic",
        languages=("en",),
        partners=partners,
        speakers=speakers,
        waves=(Wave("w1", "2020-01", "2020-03"), Wave("w2", "2021-01", "2021-03")),
        documents=tuple(documents),
        turns=(Turn(Span("none", 0, 1)),),
        sentences=tuple(sentences),
    )
    return Synthetic(corpus, Codings("truth", "weness", frozenset(), in_text_order(marks)), stages)


def _drawn(trapezoid: tuple[float, float, float, float] | None, chance: np.random.Generator) -> float:
    """One value with the trapezoid as its density; anything between 0 and 1 where the stage expects nothing."""
    if trapezoid is None:
        return float(chance.random() * 0.5)
    low_zero, low, high, high_zero = trapezoid
    while True:
        # An estimated range may end beyond the scale; nothing can be drawn there.
        value = chance.uniform(max(low_zero, 0.0), high_zero if high > 1.5 else min(high_zero, 1.0))
        rising = 1.0 if value >= low else (value - low_zero) / max(low - low_zero, 1e-9)
        falling = 1.0 if value <= high else (high_zero - value) / max(high_zero - high, 1e-9)
        if chance.random() <= min(rising, falling):
            return float(value)


Own = list[tuple[str, dict[str, object]]]


def _talk(
    stage: str,
    aims: dict[str, float],
    partners: tuple[Partner, ...],
    items: list[str],
    kinds: list[str],
    chance: np.random.Generator,
) -> list[Own]:
    """What each partner says, as (code, fields)."""
    talk: list[Own] = []
    for _, kind in zip(partners, kinds, strict=True):
        own: Own = []
        share = chance.beta(8 * aims["we_partnership"] + 0.05, 8 * (1 - aims["we_partnership"]) + 0.05)
        rest = min(aims["we_own"] / max(1 - aims["we_partnership"], 0.05), 1.0)
        for _ in range(int(chance.integers(*EVIDENCE[kind]))):
            own.append((_label(share, rest, chance), {}))
        # The thinner the evidence, the fewer of the things that could be told are told.
        loud = {"thin": 0.4, "even": 0.9, "rich": 1.0}[kind]

        def told(aim: float, loud: float = loud) -> bool:
            return bool(chance.random() < aim * loud)

        disputes = stage in ("S3", "R") or (stage == "D" and aims["contested"] > 0.3)
        for number, item in enumerate(items):
            if disputes and (number == 0 or chance.random() < 0.6) and told(0.75):
                own.append(("PROCEDURE", {"item": item, "stance": "contested", "holder": "unspecified"}))
            elif told(min(aims["sharedness"] * 1.1, 1.0)):
                fields = {"item": item, "stance": "shared", "holder": "partnership", "attach": told(aims["attachment"])}
                own.append(("PROCEDURE", fields))
        for number in range(int(chance.integers(2, 6) * loud)):
            point = chance.random()
            stance = "contested" if point < aims["contested"] else "shared"
            if aims["contested"] <= point < aims["contested"] + aims["divergent"]:
                stance = "divergent"
            if stance == "shared" and stage in ("S1", "S2"):
                stance = "unspecified"
            own.append(("INTEREST", {"item": f"own {number}", "stance": stance, "holder": "unspecified"}))
        if told(aims["bargaining"]):
            own.append(("NEGOTIATION", {"value": "open", "valence": "0"}))
            own.append(("CONFLICT", {"handled": "handled" if chance.random() < aims["conflict_handled"] else "open"}))
        if told(aims["decision_share"]) and stage not in ("S1", "S2"):
            own.append(("DECISION", {"mode": "joint", "valence": "+"}))
        if told(aims["interdependence"]):
            own.append(("RECOGNITION", {"valence": "+"}))
        if told(aims["outside_view"]):
            own.append(("OUTSIDE_VIEW", {"holder": "partnership"}))
        if told(0.7):
            own.append(("ENTITY", {"mode": "assertion" if chance.random() < aims["entity"] else "description"}))
        if told(aims["exit_talk"]):
            own.append(("COMMITMENT", {"valence": "-"}))
        resolved = len([code for code, _ in own if code.startswith("WE_")])
        for _ in range(int(chance.poisson(resolved * aims["they_partner"] / max(100 - aims["they_partner"], 20)))):
            own.append(("THEY_PARTNER", {"tone": "blaming" if chance.random() < aims["blame"] else "descriptive"}))
        talk.append(own)
    return talk


def _label(share: float, rest: float, chance: np.random.Generator) -> str:
    if chance.random() < share:
        return "WE_PARTNERSHIP"
    if chance.random() < rest:
        return "WE_OWN"
    return str(chance.choice(["WE_SUBGROUP", "WE_SECTOR", "WE_COMMUNITY"]))


def _lay_down(
    own: Own,
    partner: str,
    speaker: str,
    wave: str,
    kind: str,
    documents: list[Document],
    sentences: list[Sentence],
    marks: list[Coding],
    chance: np.random.Generator,
) -> None:
    """One document a partner and wave, one line a coding, and as many empty lines as half of all talk is."""
    name = f"{wave}_{partner}.txt"
    lines = len(own) * 2
    documents.append(Document(name, LINE * lines, partner, wave, f"{wave}-{kind}", "interview", "en", (speaker,)))
    order = chance.permutation(lines)
    for line in range(lines):
        span = Span(name, line * len(LINE), (line + 1) * len(LINE) - 1)
        sentences.append(Sentence(span, "en", 0, speaker, partner))
    for line, (code, fields) in zip(order, own, strict=False):
        at = int(line) * len(LINE)
        marks.append(Coding(Span(name, at, at + len(LINE) - 1), code, "truth", 1.0, fields))
