"""The check sample, one item at a time: what is drawn, what is answered, what to ask next, and what may be answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from weness_web import services
from weness_web.access import is_blind
from weness_web.changes import act, changed, new
from weness_web.codebooks import codes_of
from weness_web.faults import Fault
from weness_web.keys import keys_of
from weness_web.models import Check, CheckAnswer, Document, Job, Study, User
from weness_web.reading_page import speaker_names

N = 150
"""How many `weness sample` draws where nobody says."""
MOST = 5000
SEEDS = 2**31
MENTION = "mention"
NONE = "-"
"""What is sent, and stands in a sheet, where no code applies."""
AROUND = 2
"""Sentences shown on either side."""
FARTHEST = 700
"""Characters shown on either side: a machine's transcript may never end a sentence."""
KEYS = "123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Sample:
    """``items`` in their order; ``own`` is what one person said, ``taken`` what another said first or also."""

    items: tuple[str, ...]
    kinds: Mapping[str, str]
    own: Mapping[str, Sequence[str]]
    taken: frozenset[str]

    @property
    def answered(self) -> int:
        return len(self.taken | set(self.own))

    def place(self, item: str) -> int:
        return self.items.index(item) + 1

    def beside(self, item: str, step: int) -> str:
        """The item before or behind, "" at the ends."""
        at = self.items.index(item) + step
        return self.items[at] if 0 <= at < len(self.items) else ""

    def next(self, after: str = "", second: bool = False) -> str:
        """The next one to answer, from the top again behind the last; "" where nothing is left. ``second``: those too that
        somebody else answered."""
        at = self.items.index(after) + 1 if after in self.kinds else 0
        for item in (*self.items[at:], *self.items[:at]):
            if item != after and item not in self.own and (second or item not in self.taken):
                return item
        return ""


def sample_of(study: Study, user: User) -> Sample:
    kinds = dict(study.checks.order_by("draw__number", "place").values_list("item", "row__kind"))
    said = list(study.answers.values_list("item", "coder", "codes"))
    return Sample(
        tuple(kinds),
        kinds,
        {item: codes for item, coder, codes in said if coder == user.name and item in kinds},
        frozenset(item for item, coder, _ in said if coder != user.name and item in kinds),
    )


def drawing(asked: Mapping[str, str]) -> dict[str, int]:
    """How many to draw, and from which seed. Raises Fault where that cannot be."""
    try:
        n, seed = int(asked.get("n") or N), int(asked.get("seed") or 0)
    except ValueError:
        raise Fault("review.draw_numbers", most=MOST) from None
    if not (1 <= n <= MOST and 0 <= seed < SEEDS):
        raise Fault("review.draw_numbers", most=MOST)
    return {"n": n, "seed": seed}


def last_drawing(study: Study) -> dict[str, int]:
    """How many the newest draw was asked for, and how many it gave; {} where nobody here drew, or it gave just as many."""
    job = study.jobs.filter(kind="draw", state=Job.DONE).last()
    if job is None or job.told["items"] == job.asked["n"]:
        return {}
    return {"asked": job.asked["n"], "drawn": job.told["items"]}


def check_of(study: Study, item: str) -> Check:
    check = study.checks.filter(item=item).first()
    if check is None:
        raise Fault("review.no_item", status=404)
    return check


def shown(check: Check, language: str) -> dict[str, Any]:
    """An item as its judge sees it: the words in their surroundings, who speaks. Nothing of what a machine or anybody said."""
    row, study = check.row, check.study
    told = {
        "item": check.item,
        "kind": row["kind"],
        "passage": row["text"],
        "choices": choices(study, row["kind"], language),
    }
    document = Document.objects.filter(study=study, file=row["file"], gone=False).first()
    if document is None or document.text[row["start"] : row["end"]] != row["text"]:
        return told | {"left": True}
    return told | {"document": document.file} | surroundings(study, document, row["start"], row["end"])


def surroundings(study: Study, document: Document, start: int, end: int) -> dict[str, Any]:
    """The sentences before and behind a passage, and who speaks there."""
    sentences = document.sentences
    at = next((n for n, one in enumerate(sentences) if one[1] > start), len(sentences) - 1)
    last = next((n for n in range(max(at, 0), len(sentences)) if sentences[n][1] >= end), len(sentences) - 1)
    begin = sentences[max(0, at - AROUND)][0] if sentences else 0
    until = sentences[min(len(sentences) - 1, last + AROUND)][1] if sentences else len(document.text)
    here = sentences[at] if sentences else [0, 0, document.language, 0, None, None, "", False]
    return {
        "before": document.text[max(min(begin, start), start - FARTHEST) : start],
        "after": document.text[end : min(max(until, end), end + FARTHEST)],
        "spoken": here[2],
        "speaker": speaker_names(study).get(here[4] or "", here[4]) or here[5] or "",
    }


def choices(study: Study, kind: str, language: str) -> list[dict[str, Any]]:
    """The codes that an item of this kind may have, as the study words them, each with its key: where a text is read, the same."""
    letters = services.mention_letters()
    codes = {code["id"]: code for code in codes_of(study, language) if not code["own"]}
    if kind == MENTION:
        there = [codes[id] for id in letters]
    else:
        rest = (code for code in codes.values() if code["id"] not in letters)
        there = sorted(rest, key=lambda code: code["family"] == "A")
    usual = keys_of(study)
    free = iter([key for key in KEYS if key not in usual.values()])
    return [code | {"key": usual.get(code["id"]) or next(free, "")} for code in there]


def answer(study: Study, user: User, item: str, codes: Sequence[str], op: str = "") -> bool:
    """Keeps what a person says of an item, [] where no code applies. Says whether it is the first, which counts."""
    check = check_of(study, item)
    known = {code["id"] for code in choices(study, check.row["kind"], "en")}
    said = sorted(set(codes))
    if not set(said) <= known:
        raise Fault("review.not_for_this")
    if check.row["kind"] == MENTION and len(said) > 1:
        raise Fault("review.one_code")
    before = CheckAnswer.objects.filter(study=study, item=item, coder=user.name).first()
    if before is None:
        now = timezone.now()
        act(study, user, "answer", [new("answer", item=item, coder=user.name, codes=said, at=now)], op)
    elif before.codes != said:
        act(study, user, "answer", [changed(before, codes=said)], op)
    first = CheckAnswer.objects.filter(study=study, item=item).order_by("at", "id").first()
    return first is not None and first.coder == user.name


def standing(study: Study, user: User, sample: Sample) -> dict[str, Any]:
    """How far the sample is: answers by kind, how many more until corrected values are used, and what two persons both said."""
    limits = services.review_limits()
    answered = sample.taken | set(sample.own)
    kinds = []
    for kind in (MENTION, "sentence"):
        n = sum(sample.kinds[item] == kind for item in answered)
        drawn = sum(one == kind for one in sample.kinds.values())
        kinds.append({"kind": kind, "n": n, "drawn": drawn, "more": max(0, limits["sample"] - n)})
    return {
        "n": len(sample.items),
        "answered": sample.answered,
        "own": len(sample.own),
        "second": len(sample.taken - set(sample.own)),
        "kinds": kinds,
        "sample": limits["sample"],
        "domain": limits["domain"],
        **({} if is_blind(study, user) else _twice(study)),
    }


def _twice(study: Study) -> dict[str, int]:
    said: dict[str, list[list[str]]] = {}
    for item, codes in study.answers.order_by("at", "id").values_list("item", "codes"):
        said.setdefault(item, []).append(sorted(codes))
    twice = [each for each in said.values() if len(each) > 1]
    return {"twice": len(twice), "same": sum(all(one == each[0] for one in each) for each in twice)}
