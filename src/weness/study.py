"""The conductor: reads a study, has it coded, and concludes. The one file that knows the order of the steps."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import weness
from weness.advising.advice import diagnosis, recommendations
from weness.coding.checks import Draw, drawn, draws_in
from weness.coding.codebook import codebook_named
from weness.coding.coder import Coder, Workplace, coder_named
from weness.coding.codings import HUMAN, Codings
from weness.coding.few_shot import examples_from, remember_examples
from weness.coding.human import HumanCoder, human_first
from weness.coding.items import overrides_in, with_items
from weness.coding.kept import FILE as KEPT
from weness.coding.learned import FEWEST, labels_in, learned_from, learned_in, remember
from weness.coding.linear import Floats
from weness.coding.mention_features import Asked, mentions_asked
from weness.coding.narrowing import BY_MACHINE, WHOLE, View, narrowed, within
from weness.coding.reference_model import Ints, ReferenceModel
from weness.engines import Engine, Inline
from weness.findings import Findings
from weness.measuring.corrected import Beside, beside, story_of
from weness.measuring.frame import frame_of
from weness.measuring.measuring import SPEAKING, Measured, measured
from weness.measuring.settings import Settings, settings_of
from weness.measuring.worlds import Worlds
from weness.reading.corpus import SPOKEN, Corpus
from weness.reading.gathering import read_study
from weness.reading.study_file import StudyFile, study_file
from weness.staging.process import Process, process_named
from weness.staging.snapshot import StagePosterior
from weness.staging.trajectory import posteriors
from weness.staging.what_if import moved

MACHINE = "builtin"
"""The coder that fills in what no person coded."""

Progress = Callable[[int, int, str], None]
GENRES_APART = {"spoken": SPOKEN, "documents": frozenset({"minutes", "report", "email", "press"})}


@dataclass(frozen=True)
class Study:
    """A folder of narratives and how to look at it.

    ``coder``: None takes what persons coded and lets MACHINE fill in the rest, "human+NAME" lets that machine; "human"
    takes persons alone, a name of CODERS that machine alone. ``asked`` is what the user asked of it: {"llm": {...}}.
    ``remembers``: another folder than the study's for what a coder keeps.
    """

    folder: Path
    coder: str | None = None
    process: str = "weness-default"
    seed: int = 0
    engine: Engine = field(default_factory=Inline)
    asked: Mapping[str, Any] = field(default_factory=dict)
    say: Callable[[str], None] | None = None
    remembers: Path | None = None

    def read(self, progress: Progress | None = None) -> Corpus:
        """Narratives in, corpus out. Files that cannot be read are named in ``corpus.notes``."""
        return read_study(self.folder, self.engine, progress)

    def machine(self, progress: Progress | None = None) -> Coder | None:
        """The machine that codes, or None where only persons do. Raises KeyError, naming what there is."""
        name = (self.coder or f"{HUMAN}+{self._fills_in()}").removeprefix(f"{HUMAN}+")
        # What a project brought along lies in the study itself, wherever else a coder keeps what it learns.
        home = self.folder if name == "kept" else self.remembers or self.folder
        place = Workplace(home, self.asked, progress, self.say)
        return None if name == HUMAN else coder_named(name, place)

    def code(self, corpus: Corpus, progress: Progress | None = None) -> tuple[Codings, tuple[str, ...]]:
        """The codings that count, and notes on rows that could not be used."""
        found, notes = self._coded(corpus, progress)
        return with_items(corpus, found, overrides_in(self.folder)), notes

    def each(self, corpus: Corpus) -> tuple[Codings, ...]:
        """Every person's work by itself."""
        return self._persons().each(corpus, codebook_named())

    def code_of_persons(self, corpus: Corpus) -> tuple[Codings, tuple[str, ...]]:
        """What counts of the persons' work, and remarks on what does not."""
        human = self._persons()
        found = human.code(corpus, codebook_named())
        return found, tuple(human.remarks)

    def filled_in(self, corpus: Corpus, progress: Progress | None = None) -> Codings:
        """What a machine says where no person looked: its part of the codings that count, as it said it."""
        found, _ = self._coded(corpus, progress)
        made = {name: value for name, value in found.made.items() if name != "persons"}
        return replace(found, marks=tuple(mark for mark in found.marks if not mark.by_person), made=made)

    def _as_told_by(self, coder: str, corpus: Corpus, progress: Progress | None) -> tuple[Codings, tuple[str, ...]]:
        """What counts; or one person's work alone; or what machines say without any person."""
        if not coder:
            return self.code(corpus, progress)
        if coder == BY_MACHINE:
            return replace(self, coder=self._fills_in()).code(corpus, progress)
        each = {one.coder: one for one in self.each(corpus)}
        if coder not in each:
            raise KeyError(
                f"Nobody called {coder!r} coded here. There is: {', '.join(each) or 'nobody'}, {BY_MACHINE}."
            )
        families = {code.id for code in codebook_named().codes}
        own = replace(each[coder], marks=tuple(mark for mark in each[coder].marks if mark.code in families))
        return with_items(corpus, own, overrides_in(self.folder)), ()

    def _coded(self, corpus: Corpus, progress: Progress | None) -> tuple[Codings, tuple[str, ...]]:
        codebook = codebook_named()
        human = self._persons()
        told = human.code(corpus, codebook)
        families = {code.id: code.family for code in codebook.codes}
        coder = self.machine(progress)
        found = told
        if coder is not None:
            machine = coder.code(corpus, codebook, self.engine)
            alone = self.coder is not None and not self.coder.startswith(HUMAN)
            found = machine if alone else human_first(told, machine, corpus, families)
        return found, (*human.notes, *human.remarks)

    def conclude(self, progress: Progress | None = None, view: View = WHOLE) -> Findings:
        """The whole way: read, code, measure, place, advise; of a part of the study where a ``view`` is given."""
        file = study_file(self.folder)
        corpus = self._read_something(progress)
        codings, notes = self._as_told_by(view.coder, corpus, progress)
        corpus = replace(corpus, notes=(*corpus.notes, *notes))
        if view:
            corpus = narrowed(corpus, view)
            codings = within(codings, corpus)
            if not corpus.documents:
                raise NothingToRead(self.folder, ("No text is of this wave and in this language.",))
        settings, draws = self._settings(file), draws_in(self.folder)
        made = self._made(file) | ({"only": str(view)} if view else {}) | ({"coder": view.coder} if view.coder else {})
        return concluded(corpus, codings, settings, process_named(self.process), self.seed, made, draws)

    def draw(self, n: int, progress: Progress | None = None) -> tuple[Corpus, tuple[Draw, ...]]:
        """A new check sample of ``n`` units, behind those drawn before. Nothing is written. Raises ChecksError."""
        corpus = self._read_something(progress)
        codings, _ = self.code(corpus, progress)
        frame = frame_of(corpus, codings, self._settings(study_file(self.folder)))
        before = draws_in(self.folder)
        number = len(before) + 1
        checks = drawn(frame.to_check, n, number, self.seed)
        return corpus, (*before, Draw(number, self.seed, frame.texts, checks, frame.drawable))

    def learn(self, progress: Progress | None = None) -> Lesson:
        """Lets the built-in coder learn whom "we" means from what persons coded in this study, and picks examples for a
        language model; for this study only."""
        from weness.coding.builtin_model import builtin_model

        corpus = self.read(progress)
        human = self._persons()
        usual = builtin_model().usual
        asked = [one for one in mentions_asked(corpus, usual) if isinstance(one, Asked)]
        labels = labels_in(asked, human.code(corpus, codebook_named()))
        model = builtin_model().reference
        assert isinstance(model, ReferenceModel)
        n = int((labels >= 0).sum())
        if n >= FEWEST:
            remember_examples(examples_from(corpus, asked, labels, model.chances(asked, corpus)), self.folder)
            remember(learned_from(model, asked, labels), self.folder)
        learned = learned_in(self.folder)
        chances = learned.chances(model, asked, corpus) if learned else model.chances(asked, corpus)
        return Lesson(corpus, tuple(asked), labels, chances, n if n >= FEWEST else 0, tuple(human.notes))

    def what_if(
        self, changes: Mapping[str, float], wave: str | None = None, progress: Progress | None = None
    ) -> tuple[StagePosterior, StagePosterior]:
        """The posterior of a wave as it is, and as it would be with some measures at other values."""
        file = study_file(self.folder)
        corpus = self._read_something(progress)
        codings, _ = self.code(corpus, progress)
        process = process_named(self.process)
        return moved(corpus, codings, self._settings(file), process, changes, wave, self.seed, draws_in(self.folder))

    def _read_something(self, progress: Progress | None) -> Corpus:
        corpus = self.read(progress)
        if not corpus.documents:
            raise NothingToRead(self.folder, corpus.notes)
        return corpus

    def _settings(self, file: StudyFile) -> Settings:
        """The library's thresholds, with those under ``settings:`` of the study file on top."""
        return settings_of(file.settings.get("settings"))

    def _fills_in(self) -> str:
        """The machine that codes what no person did: what a project brought along, else MACHINE."""
        return "kept" if (self.folder / KEPT).is_file() else MACHINE

    def _persons(self) -> HumanCoder:
        """``counts_first:`` of the study file says whose work counts where several persons coded the same text."""
        told = study_file(self.folder).settings.get("counts_first") or []
        if isinstance(told, str):
            told = [told]
        if not isinstance(told, list):
            raise ValueError(
                "counts_first: must be a name or a list of names, the first of whom counts where several coded the same text."
            )
        return HumanCoder(self.folder, tuple(map(str, told)))

    def _who_codes(self) -> str:
        first, _, fills = (self.coder or f"{HUMAN}+{self._fills_in()}").partition("+")
        return f"{first}, {fills} where no person coded" if fills else first

    def _made(self, file: StudyFile) -> dict[str, Any]:
        return {
            "coder": self._who_codes(),
            "folder": self.folder.name,
            "invented": file.invented,
        }


@dataclass(frozen=True)
class Lesson:
    """What ``Study.learn`` did. labels : shape (n,), -1 where no person labelled; chances : shape (n, 7), after learning; ``learned``
    from how many codings, 0 where they were too few."""

    corpus: Corpus
    asked: tuple[Asked, ...]
    labels: Ints
    chances: Floats
    learned: int
    notes: tuple[str, ...]


class NothingToRead(ValueError):
    """No document of the study could be read."""

    def __init__(self, folder: Path, notes: tuple[str, ...]) -> None:
        super().__init__(f"Nothing in {folder.name} could be read. " + " ".join(notes[:3]))


def concluded(
    corpus: Corpus,
    codings: Codings,
    settings: Settings,
    process: Process,
    seed: int,
    made: Mapping[str, Any],
    draws: tuple[Draw, ...] = (),
) -> Findings:
    """Findings from a corpus, its codings and its check samples: everything that needs no file."""
    checks = beside(corpus, codings, draws, settings)
    whole = measured(corpus, codings, settings, seed, checks=checks)
    placed = _placed(process, whole, corpus, codings, settings, seed, checks)
    found = diagnosis(process, whole, placed)
    codebook = codebook_named()
    return Findings(
        corpus=corpus,
        codebook=codebook,
        codings=codings,
        measures=whole.measures,
        attributes=whole.attributes,
        process=process,
        posteriors=placed,
        diagnosis=found,
        recommendations=recommendations(found, whole, corpus),
        made_with={
            "weness": weness.__version__,
            "codebook": f"{codebook.id} {codebook.version}",
            "process": f"{process.id} {process.version} ({process.status})",
            "coders": sorted({f"{mark.coder} ({mark.kind})" for mark in codings.marks}),
            **codings.made,
            "seed": seed,
            "draws": settings.draws,
            "rho": settings.rho,
            "interval": settings.level,
            "input": _hash(corpus),
            "codings": _hash_of_codings(codings),
            **{name: value for name, value in made.items() if name not in ("invented",)},
        },
        invented=bool(made.get("invented")),
        checks=story_of(checks, whole.measures, Worlds(settings, seed)) if checks else None,
    )


def _placed(
    process: Process,
    whole: Measured,
    corpus: Corpus,
    codings: Codings,
    settings: Settings,
    seed: int,
    checks: Beside | None,
) -> tuple[StagePosterior, ...]:
    """The stages, with every speaking partner left out once, and spoken narratives and documents apart."""
    speaking = [
        partner.id
        for partner in corpus.partners
        if any(tiers[partner.id] in SPEAKING for tiers in whole.tiers.values())
    ]
    without = {id: measured(corpus, codings, settings, seed, without=id, checks=checks) for id in speaking}
    by_genre = {
        name: measured(corpus, codings, settings, seed, genres=genres, checks=checks)
        for name, genres in GENRES_APART.items()
    }
    return posteriors(process, whole, without, by_genre, seed)


def _hash(corpus: Corpus) -> str:
    told = [[document.id, document.checksum, document.wave, document.partner] for document in corpus.documents]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def _hash_of_codings(codings: Codings) -> str:
    told = [
        [
            mark.span.document,
            mark.span.start,
            mark.span.end,
            mark.code,
            mark.coder,
            sorted(map(str, mark.fields.items())),
        ]
        for mark in codings.marks
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]
