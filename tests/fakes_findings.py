"""A small study, concluded by hand: four partners, three languages of talk, three waves of which the first cannot say."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from weness.advising.actions import Action
from weness.advising.diagnosis import Diagnosis, Gap, Recommendation
from weness.coding.codebook import Code, Codebook
from weness.coding.codings import Coding, Codings, in_text_order
from weness.draws import Estimate
from weness.findings import Findings
from weness.measuring.measures import Attribute, Measure
from weness.reading.corpus import Corpus, Document, Partner, Sentence, Span, Speaker, Turn, Wave
from weness.staging.process import Process, Stage
from weness.staging.snapshot import Gate, Sign, StagePosterior

PARTNERS = (
    Partner("mill", "Molino del Río", "business", "member"),
    Partner("town", "Gemeente Waterland", "government", "convener"),
    Partner("farm", "Hillside Growers", "civil_society", "local"),
    Partner("fund", "Lantern Fund", "civil_society", "funder"),
)
SPEAKERS = (
    Speaker("ines", "Inés Cano", "mill", "gerente de compras"),
    Speaker("joost", "Joost Vink", "town", "projectleider"),
    Speaker("amy", "Amy Birch", "farm", "chair"),
    Speaker("noor", "Noor Haddad", "fund", "programme officer"),
    Speaker("ask", "Interviewer", None, "interviewer"),
)
WAVES = (
    Wave("w1", "2023-03", "2023-04", "A launch with a name and a logo"),
    Wave("w2", "2024-03", "2024-05", "The price is bargained over"),
    Wave("w3", "2025-02", "2025-04", "The flood, and a plan changed in one afternoon"),
)
LANGUAGE = {"mill": "es", "town": "nl", "farm": "en", "fund": "en"}

# wave, partner -> (code, fields, sentence): one line one sentence; a code of "" is a sentence without one.
TALK: dict[tuple[str, str], list[tuple[str, dict[str, object], str]]] = {
    ("w1", "farm"): [
        ("WE_OWN", {}, "We grow apples, and we were told that there would be a programme."),
        ("SYMBOL", {"item": "the name", "stance": "unspecified"}, "There is a logo with a bridge on it, very pretty."),
        ("THEY_PARTNER", {"tone": "describing"}, "They came up once with a photographer and left before lunch."),
    ],
    ("w2", "mill"): [
        ("WE_OWN", {}, "Nosotros compramos fruta, y la compramos todo el año."),
        ("PROCEDURE", {"item": "open price sheet", "stance": "contested"}, "La hoja de precios abierta no la firmamos así."),
        ("TRUST", {"valence": "-"}, "Confianza, lo que se dice confianza, todavía no hay."),
        ("WE_PARTNERSHIP", {}, "Entre todos hemos logrado sentarnos tres veces, que ya es algo."),
    ],
    ("w2", "town"): [
        ("WE_OWN", {}, "Wij als gemeente kunnen geen geld voorschieten."),
        ("NEGOTIATION", {}, "Over de prijs praten we nu al vier vergaderingen."),
        ("PURPOSE", {"item": "young people stay", "stance": "divergent"}, "Voor ons gaat het om het water, niet om de jeugd."),
    ],
    ("w2", "farm"): [
        ("WE_PARTNERSHIP", {}, "We sat there, all four of us, and nobody would say the number first."),
        ("PROCEDURE", {"item": "open price sheet", "stance": "contested"}, "Without an open sheet we might as well stay at home."),
        ("PURPOSE", {"item": "young people stay", "stance": "shared"}, "We all want the young ones to stay on the hillside."),
        ("CONFLICT", {"handled": "open"}, "The row about the photographer was never cleared up."),
        ("TRUST", {"valence": "-"}, "I would not leave my keys with them."),
    ],
    ("w3", "mill"): [
        ("WE_PARTNERSHIP", {}, "Aquel martes cambiamos el plan entre los cuatro en una tarde."),
        ("PROCEDURE", {"item": "open price sheet", "stance": "shared"}, "La hoja abierta ya es de todos; yo la leo por teléfono."),
        ("TRUST", {"valence": "+"}, "Si Amy dice que llega, llega; eso antes no lo decía yo."),
        ("WE_OWN", {}, "Nosotros, la empresa, perdimos medio punto y no pasó nada."),
    ],
    ("w3", "town"): [
        ("WE_PARTNERSHIP", {}, "Toen de beek overliep hebben we met z'n vieren het plan omgegooid."),
        ("WE_OWN", {}, "Wij blijven natuurlijk wel een gemeente."),
        ("PURPOSE", {"item": "young people stay", "stance": "shared"}, "Dat de jeugd blijft, dat is nu van ons allemaal."),
        ("PROCEDURE", {"item": "who speaks", "stance": "contested"}, "Wie het woord voert, daar zijn we niet uit."),
    ],
    ("w3", "farm"): [
        ("WE_PARTNERSHIP", {}, "We took the sheet out in the middle of the harvest and read it again."),
        ("PROCEDURE", {"item": "open price sheet", "stance": "shared"}, "The open sheet is how we do it here."),
        ("PURPOSE", {"item": "young people stay", "stance": "shared"}, "My nephew came back, and that is what it is all for."),
        ("CONFLICT", {"handled": "handled"}, "We shouted for an hour, and then we wrote the rule down."),
        ("PROCEDURE", {"item": "who speaks", "stance": "contested"}, "The mayor spoke for us again; we have told him."),
        ("TRUST", {"valence": "+"}, "They paid on the Monday, as they had said."),
    ],
    ("w3", "fund"): [
        ("WE_PARTNERSHIP", {}, "We gave up a line of our own budget for it, and I would do it again."),
        ("PROCEDURE", {"item": "open price sheet", "stance": "shared"}, "I have seen that sheet; it is theirs and ours."),
        ("WE_UNCLEAR", {}, "We should do better on that."),
    ],
}  # fmt: skip
ASKED = "So how do you work together, as a partnership?"
N = 200


@dataclass
class _Texts:
    documents: list[Document]
    sentences: list[Sentence]
    turns: list[Turn]
    marks: list[Coding]


def findings(kind: str = "human", invented: bool = True) -> Findings:
    """The whole of it. ``kind``: who coded, "human" or "rules"."""
    texts = _texts(kind)
    corpus = Corpus(
        "waterland", "Waterland Apples", ("en", "es", "nl"), PARTNERS, SPEAKERS, WAVES, tuple(texts.documents),
        tuple(texts.turns), tuple(texts.sentences), notes=("w1_old_fax.pdf: no text in it, only pictures.",),
    )  # fmt: skip
    seen = frozenset((document.id, family) for document in texts.documents for family in "ABC")
    codings = Codings("anna", "weness 0.1", seen, in_text_order(texts.marks))
    attributes = _attributes(texts.marks)
    gap = Gap(
        "decision_share", "S5", 0.4, (0.5, 1.0), estimate(0.1, 0.05), spans(texts.marks, "w3", "CONFLICT"),
    )  # fmt: skip
    return Findings(
        corpus=corpus,
        codebook=CODEBOOK,
        codings=codings,
        measures=tuple(_measures(texts.marks)),
        attributes=attributes,
        process=PROCESS,
        posteriors=_posteriors(texts.marks),
        diagnosis=Diagnosis("w3", "S4", "S5", (gap,), ("voice_imbalance",)),
        recommendations=(
            Recommendation(ACTION, ("decision_share",), "S4>S5", spans(texts.marks, "w3", "CONFLICT")),
            Recommendation(OTHER_ACTION, ("established",), "S4>S5", spans(texts.marks, "w3", "PURPOSE")[:2]),
        ),
        made_with={"weness": "0.1.0", "seed": 0, "input": "ab12", "rho": 0.25, "coders": ["anna (human)"]},
        invented=invented,
    )


def estimate(mean: float, width: float) -> Estimate:
    return Estimate(np.clip(np.linspace(mean - width, mean + width, N), -1.0, None))


def spans(marks: list[Coding], wave: str, *codes: str, partner: str | None = None) -> tuple[Span, ...]:
    start = f"{wave}_{partner}" if partner else wave
    return tuple(mark.span for mark in marks if mark.code in codes and mark.span.document.startswith(start))


def _texts(kind: str) -> _Texts:
    texts = _Texts([], [], [], [])
    people = {speaker.partner: speaker.id for speaker in SPEAKERS if speaker.partner}
    for (wave, partner), talk in TALK.items():
        id = f"{wave}_{partner}.txt"
        text = f"I: {ASKED}\nR: " + " ".join(sentence for _, _, sentence in talk) + "\n"
        language = LANGUAGE[partner]
        texts.turns += [Turn(Span(id, 3, 3 + len(ASKED)), "ask", "I", True)]
        texts.sentences.append(Sentence(Span(id, 3, 3 + len(ASKED)), language, 0, "ask", None, "interviewer"))
        at = len(f"I: {ASKED}\nR: ")
        for number, (code, fields, sentence) in enumerate(talk):
            span = Span(id, at, at + len(sentence))
            assert text[at : at + len(sentence)] == sentence
            texts.sentences.append(Sentence(span, language, 1, people[partner], partner, prompted=number == 0))
            sure = 1.0 if kind == "human" else 0.72
            why = "" if kind == "human" else f"cue of {code}"
            texts.marks.append(Coding(span, code, "anna" if kind == "human" else kind, sure, fields, why, kind))
            at += len(sentence) + 1
        texts.documents.append(
            Document(id, text, partner, wave, f"202{2 + int(wave[1])}-03-0{len(talk)}", "interview", language,
                     (people[partner],), "plain text, UTF-8", f"{len(text):064x}")
        )  # fmt: skip
    return texts


def _measures(marks: list[Coding]) -> list[Measure]:
    found: list[Measure] = []
    coded = {marks[0].kind: 12}
    codes = {
        "we_partnership": "WE_PARTNERSHIP",
        "we_own": "WE_OWN",
        "we_subgroup": "WE_SUBGROUP",
        "we_other": "WE_SECTOR",
    }
    means = {"w2": (0.25, 0.6, 0.1, 0.05), "w3": (0.55, 0.3, 0.1, 0.05)}
    for wave in ("w1", "w2", "w3"):
        tier = "insufficient" if wave == "w1" else "indicative"
        for partner in PARTNERS:
            said = len(TALK.get((wave, partner.id), ()))
            own = "none" if not said else "insufficient" if wave == "w1" else "adequate" if said > 4 else "indicative"
            counts = {"words": said * 300.0, "mentions": said * 9.0, "speakers": float(said > 0), "documents": 1.0}
            found.append(Measure("words", wave, None, own, partner.id, counts=counts if said else {}))
            for (name, code), mean in zip(codes.items(), means.get(wave, (0, 0, 0, 0)), strict=True):
                enough = own in ("indicative", "adequate")
                found.append(
                    Measure(name, wave, estimate(mean, 0.05) if enough else None, own, partner.id,
                            (mean * 0.9, mean * 0.9 + 0.1) if said else None,
                            spans(marks, wave, code, partner=partner.id), coded,
                            {"mentions": said * 3.0, "resolved": said * 9.0, "unclear": 1.0} if said else {})
                )  # fmt: skip
        for (name, code), mean in zip(codes.items(), means.get(wave, (0, 0, 0, 0)), strict=True):
            number = estimate(mean, 0.08) if wave in means else None
            found.append(
                Measure(name, wave, number, tier, None, None, spans(marks, wave, code), coded, {"partners": 3.0})
            )
        found += _relations(marks, wave, tier, coded)
    found.append(
        Measure("we_partnership_change", "w3", estimate(0.3, 0.1), "indicative",
                evidence=spans(marks, "w3", "WE_PARTNERSHIP"), coded_by=coded)
    )  # fmt: skip
    return found


def _relations(marks: list[Coding], wave: str, tier: str, coded: dict[str, int]) -> list[Measure]:
    late = wave == "w3"

    def one(name: str, mean: float, width: float, *codes: str, note: str = "", **counts: float) -> Measure:
        number = None if tier == "insufficient" or note else estimate(mean, width)
        return Measure(name, wave, number, tier, None, None, spans(marks, wave, *codes), coded, counts, note)

    return [
        one("breadth", 0.75 if late else 0.5, 0.1, "WE_PARTNERSHIP", partners=4.0),
        one("sharedness", 0.7 if late else 0.2, 0.15, "PURPOSE", "PROCEDURE", items=2.0),
        one("established", float("nan") if not late else 0.5, 0.2, "PURPOSE", items=1.0),
        one("contested", 0.2 if late else 0.55, 0.1, "PROCEDURE", parts=2.0, wholes=4.0),
        one("trust_balance", 0.5 if late else -0.6, 0.2, "TRUST",
            positive=2.0 if late else 0.0, neutral=1.0, negative=0.0 if late else 2.0),
        one("conflict", 1.4, 0.6, "CONFLICT", segments=1.0),
        one("conflict_handled", 0.8 if late else 0.2, 0.15, "CONFLICT", parts=1.0, wholes=1.0),
        one("bargaining", 0.5, 0.25, "NEGOTIATION", partners=2.0, of=4.0, segments=3.0),
        one("symbol_gap", 0.4, 0.2, "SYMBOL", note="the machine is not reliable enough on these codes: quotes only"),
        one("decision_share", 0.4, 0.1, "NEGOTIATION", "CONFLICT"),
        one("voice_imbalance", 0.4, 0.0, words=5000.0, absent_sectors=0.0),
        one("they_partner", 12.0, 4.0, "THEY_PARTNER", mentions=1.0),
        one("avoidance", 0.0, 0.0, "CONFLICT"),
    ]  # fmt: skip


def _attributes(marks: list[Coding]) -> tuple[Attribute, ...]:
    lines = [
        ("w2", "PURPOSE", "young people stay", "fragmented", ("no", "divergent", "shared", "no"), 0),
        ("w2", "PROCEDURE", "open price sheet", "contested", ("contested", "silent", "contested", "no"), 0),
        ("w3", "PURPOSE", "young people stay", "consensual", ("silent", "shared", "shared", "silent"), 1),
        ("w3", "PROCEDURE", "open price sheet", "consensual", ("shared", "silent", "shared", "shared"), 2),
        ("w3", "PROCEDURE", "who speaks", "contested", ("silent", "contested", "contested", "mentioned"), 0),
    ]
    found = []
    for wave, code, item, word, given, streak in lines:
        states = {partner.id: state.replace("no", "no evidence") if state == "no" else state
                  for partner, state in zip(PARTNERS, given, strict=True)}  # fmt: skip
        voices = {
            partner.id: tuple(
                mark.span
                for mark in marks
                if mark.fields.get("item") == item and mark.span.document.startswith(f"{wave}_{partner.id}")
            )
            for partner in PARTNERS
        }
        voices = {partner: own for partner, own in voices.items() if own}
        share = sum(state == "shared" for state in states.values()) / 4
        found.append(
            Attribute(wave, code, item, {}, word, states, voices, True, estimate(share, 0.1), len(voices) / 4,
                      (item, f"{item}, in other words"), streak, 0.5 * streak, streak > 1, streak == 1, ("interview",))
        )  # fmt: skip
    return tuple(found)


def _posteriors(marks: list[Coding]) -> tuple[StagePosterior, ...]:
    ids = tuple(stage.id for stage in PROCESS.stages)
    nothing = StagePosterior(
        "w1", "insufficient", ids, np.zeros((N, len(ids))), {}, "cannot say", "none", "evidence insufficient", ("thin",),
        missing=("we_partnership", "sharedness"), gates=(Gate("S4", "partners", False, "0.00"),),
    )  # fmt: skip
    return (
        nothing,
        _posterior("w2", "between S2 and S3", "between", (0.06, 0.44, 0.46, 0.04), marks, ("avoided_conflict",)),
        _posterior("w3", "S4", "probably", (0.0, 0.0, 0.28, 0.72), marks, ("voice_imbalance",)),
    )


def _posterior(
    wave: str, call: str, certainty: str, shares: tuple[float, ...], marks: list[Coding], flags: tuple[str, ...]
) -> StagePosterior:
    ids = tuple(stage.id for stage in PROCESS.stages)
    draws = np.zeros((N, len(ids)))
    edges = np.cumsum([round(share * N) for share in shares])
    for column, end in enumerate(edges):
        draws[(0 if not column else edges[column - 1]) : end, column] = 1.0
    top = ids[int(np.argmax(shares))]
    return StagePosterior(
        wave, "indicative", ids, draws, dict(zip(ids, shares, strict=True)), call, certainty, "", flags,
        (Sign(top, "we_partnership", 0.5, (0.4, 0.7), 1.0, spans(marks, wave, "WE_PARTNERSHIP")),
         Sign(top, "sharedness", 0.6, (0.5, 0.8), 0.9, spans(marks, wave, "PURPOSE", "PROCEDURE"))),
        (Sign(top, "decision_share", 0.3, (0.5, 1.0), 0.2, spans(marks, wave, "NEGOTIATION", "CONFLICT")),),
        ("outside_view",),
        (Gate("S4", "partners", True, "1.00"), Gate("S4", "sectors_without_we", True, "0.80"),
         Gate("S4", "attachment", False, "not tested")),
        {"mill": top, "town": top, "farm": "S3", "fund": top},
        {"spoken": top, "documents": "S2"},
    )  # fmt: skip


def _words(text: str) -> dict[str, str]:
    return {language: f"{text} ({language})" for language in ("en", "es", "nl")}


def _stage(number: int, en: str, es: str, nl: str) -> Stage:
    rules = (
        {"ask": "partners", "at_least": 3, "or": "all_partners_heard", "evidence": True},
        {"ask": "sectors_without_we", "at_most": 0},
        {"ask": "attachment", "at_least": 0.2},
    )
    titles = {"en": en, "es": es, "nl": nl}
    return Stage(f"S{number}", en.lower(), titles, {key: f"{text}: …" for key, text in titles.items()}, titles, number,
                 False, (), {"we_partnership": (0.1, 0.2, 0.5, 0.6)}, rules if number == 4 else (), "[A] [S]")  # fmt: skip


PROCESS = Process(
    "small-process", "0.1", _words("A small process"), "uncalibrated",
    (_stage(1, "Parallel", "En paralelo", "Naast elkaar"), _stage(2, "Encounter", "Encuentro", "Ontmoeting"),
     _stage(3, "Negotiation", "Negociación", "Onderhandeling"), _stage(4, "Integration", "Integración", "Integratie")),
    {"we_partnership": 2.0, "sharedness": 2.0, "outside_view": 1.0}, {}, (("S3", "S4", "integration"),), (), {},
    ("Zhang & Huxham 2020 [A]",),
)  # fmt: skip

ACTION = Action(
    "ACT-14", {"en": "Who decides what", "es": "Quién decide qué", "nl": "Wie beslist wat"},
    _words("List ten decisions and say who takes each."), _words("Two hours."), _words("Decisions are told as joint."),
    _words("It becomes a law book."), ("S3>S4",), ("decision_share",), "medium", ("E2", "E3"), (), {}, "MSP Guide [A]",
)  # fmt: skip
OTHER_ACTION = replace(
    ACTION, id="ACT-22", title={"en": "A mixed pair for newcomers", "es": "Pareja mixta", "nl": "Gemengd duo"},
    effort="low", strength=("E4",), avoid_text=_words("in a crisis"),
)  # fmt: skip


def _code(id: str, family: str) -> Code:
    text = _words(id.lower())
    return Code(id, family, f"{family}-X", text, text, text, text, text, text, (), "[S]")


CODEBOOK = Codebook(
    "small-book", "1",
    tuple(_code(id, family) for family, ids in {
        "A": ("WE_PARTNERSHIP", "WE_OWN", "WE_UNCLEAR", "THEY_PARTNER"),
        "B": ("TRUST", "CONFLICT", "NEGOTIATION"),
        "C": ("PURPOSE", "PROCEDURE", "SYMBOL"),
    }.items() for id in ids),
    {}, ("Koschmann 2013 [A]",),
)  # fmt: skip
