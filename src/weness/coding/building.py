"""How the built-in coder is made from partnerships that persons coded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from weness.coding.builtin_model import BuiltinModel, Reference
from weness.coding.lessons import Coded, SeenBy, coded_in, lesson_of, segment_lesson_of, snippet_lesson_of
from weness.coding.mention_features import Asked
from weness.coding.reference_model import taught
from weness.coding.reliability import LABELS
from weness.coding.segment_model import taught_segments
from weness.reading.corpus import Corpus


def built(folders: Iterable[Path], progress: Callable[[int, int, str], None] | None = None) -> BuiltinModel:
    """The model that these coded partnerships teach."""
    coded = sorted(coded_in(folders, progress), key=lambda one: one.name)
    return built_from(coded)


def built_from(coded: Sequence[Coded], seen_by: SeenBy = list) -> BuiltinModel:
    """``seen_by`` adds to the features of mentions and sentences, as an encoder does.

    Raises ValueError for fewer than two partnerships.
    """
    if len(coded) < 2:
        raise ValueError(
            "A model needs at least two coded partnerships: what it says is checked on those it has not seen."
        )
    whole = [lesson_of(one, seen_by) for one in coded]
    if bare := [one.name for one in whole if not (one.labels >= 0).any()]:
        raise ValueError(
            f"In {bare[0]} no mention is labelled by a person (mentions.jsonl): there is nothing to learn from."
        )
    reference = taught([*whole, *(snippet_lesson_of(one, seen_by) for one in coded)])
    lessons = []
    for one, lesson in zip(coded, whole, strict=True):
        lessons.append(segment_lesson_of(one, said_in(reference, lesson.asked, one.corpus), seen_by))
    made = {
        "partnerships": [one.name for one in coded],
        "mentions": sum(int((one.labels >= 0).sum()) for one in whole),
        "sentences": sum(len(one.told) for one in lessons),
    }
    return BuiltinModel(reference, taught_segments(lessons), coded[0].usual, made)


def said_in(reference: Reference, asked: Sequence[Asked], corpus: Corpus) -> dict[int, str]:
    """What "we" means in each sentence that has one, by the sentence's number: the likeliest reading of its first mention."""
    chances = reference.chances(asked, corpus)
    said: dict[int, str] = {}
    for one, best in zip(asked, chances.argmax(axis=1), strict=True):
        said.setdefault(one.one.number, LABELS[best])
    return said
