"""A code on every sentence in which words were found, as one action that can be undone."""

from __future__ import annotations

from collections.abc import Mapping

from weness_web.access import may_code
from weness_web.changes import Change, act, new
from weness_web.codebooks import code_ids, family_of
from weness_web.faults import Fault
from weness_web.models import Coding, Study, User
from weness_web.searches import Question, found, sentences_around

MOST = 2000
"""Sentences coded at once: more is a mistake rather than a reading."""


def code_sentences(study: Study, user: User, question: Question, filters: Mapping[str, str], code: str) -> int:
    """How many sentences got the code; one that has it from the same person already is left as it is."""
    if code not in code_ids(study) or family_of(study, code) == "A":
        raise Fault("texts.no_code")
    if not may_code(study, user):
        raise Fault("common.closed", status=409)
    own = Coding.objects.filter(study=study, coder=user.name, code=code)
    there = set(own.values_list("document_id", "start", "end"))
    changes: list[Change] = []
    for one in found(study, question, filters):
        for start, end in sentences_around(one.document, one.hits):
            if (one.document.pk, start, end) not in there:
                place = {"document_id": one.document.pk, "start": start, "end": end}
                changes.append(new("coding", **place, code=code, coder=user.name, words=one.document.text[start:end]))
        if len(changes) > MOST:
            raise Fault("texts.too_many", most=MOST)
    if changes:
        act(study, user, "code", changes)
    return len(changes)
