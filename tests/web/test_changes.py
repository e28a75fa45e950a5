"""Every action can be undone by who did it, and is done once however often it is sent."""

from __future__ import annotations

import pytest
from django.utils import timezone

from weness_web.access import codings_seen, is_blind, may_code, suggestions_seen
from weness_web.changes import act, can, changed, gone, new, redo, undo
from weness_web.faults import Fault
from weness_web.models import Coding, Event, Job, Member, Study, Suggestion

pytestmark = pytest.mark.django_db
TEXT = "We met at the mill. They came late."


def coding(document, user, code="TRUST", start=0, end=6):
    return new(
        "coding", document_id=document.pk, start=start, end=end, code=code, coder=user.name, words=TEXT[start:end]
    )


def test_a_coding_is_undone_and_done_again(study, ana, document):
    act(study, ana, "code", [coding(document, ana)])
    assert can(study, ana) == {"undo": "code", "redo": ""}
    undo(study, ana)
    assert not Coding.objects.exists()
    assert can(study, ana) == {"undo": "", "redo": "code"}
    redo(study, ana)
    assert Coding.objects.get().words == "We met"


def test_a_row_comes_back_as_the_same_row_with_all_that_was_in_it(study, ana, document):
    act(study, ana, "code", [coding(document, ana)])
    row = Coding.objects.get()
    act(study, ana, "recode", [changed(row, code="POWER", fields={"valence": "-"})])
    act(study, ana, "uncode", [gone(Coding.objects.get())])
    undo(study, ana)
    back = Coding.objects.get()
    assert (back.pk, back.code, back.fields) == (row.pk, "POWER", {"valence": "-"})
    undo(study, ana)
    assert (Coding.objects.get().code, Coding.objects.get().fields) == ("TRUST", {})


def test_one_undoes_ones_own_actions_never_anothers(study, ana, bram, document):
    act(study, ana, "code", [coding(document, ana)])
    act(study, bram, "code", [coding(document, bram, "POWER")])
    undo(study, ana)
    assert [one.coder for one in Coding.objects.all()] == ["Bram"]
    with pytest.raises(Fault):
        undo(study, ana)


def test_what_somebody_else_changed_since_is_not_undone(study, ana, bram, document):
    act(study, ana, "code", [coding(document, ana)])
    act(study, bram, "recode", [changed(Coding.objects.get(), code="POWER")])
    with pytest.raises(Fault, match="changed_since"):
        undo(study, ana)
    assert Coding.objects.get().code == "POWER"


def test_a_new_action_ends_what_could_be_done_again(study, ana, document):
    act(study, ana, "code", [coding(document, ana)])
    undo(study, ana)
    act(study, ana, "code", [coding(document, ana, "POWER")])
    with pytest.raises(Fault, match="nothing_to_redo"):
        redo(study, ana)


def test_an_action_sent_twice_is_done_once(study, ana, document):
    first = act(study, ana, "code", [coding(document, ana)], op="from-the-queue-1")
    again = act(study, ana, "code", [coding(document, ana)], op="from-the-queue-1")
    assert first.pk == again.pk
    assert Coding.objects.count() == 1


def test_all_changes_of_an_action_are_done_or_none(study, ana, document):
    broken = new("coding", document_id=None, start=0, end=1, code="TRUST", coder="Ana", words="W")
    with pytest.raises(Exception, match=r"(?i)null"):
        act(study, ana, "code", [coding(document, ana), broken])
    assert not Coding.objects.exists()
    assert not Event.objects.exists()


def test_a_change_of_another_study_is_out_of_reach(study, ana, document):
    other = Study.objects.create(title="Other")
    act(study, ana, "code", [coding(document, ana)])
    with pytest.raises(Exception, match=r"(?i)null|unique"):
        act(other, ana, "recode", [changed(Coding.objects.get(), code="POWER")])
    assert Coding.objects.get().code == "TRUST"


def test_after_some_changes_the_findings_are_worked_out_once(study, ana, document):
    act(study, ana, "code", [coding(document, ana)])
    act(study, ana, "code", [coding(document, ana, "POWER")])
    act(study, ana, "memo", [new("memo", kind="study", by="Ana", text="Think again.")])
    assert [job.kind for job in Job.objects.all()] == ["conclude"]
    study.refresh_from_db()
    assert study.revision == 2


def test_who_codes_blind_sees_nobody_elses_codes_until_the_round_is_closed(study, ana, bram, document):
    act(study, bram, "code", [coding(document, bram)])
    Suggestion.objects.create(
        study=study, document=document, start=0, end=2, code="WE_OWN", coder="builtin", words="We", kind="builtin", probability=0.7
    )  # fmt: skip
    study.blind = True
    study.save()
    assert is_blind(study, ana)
    assert not codings_seen(study, ana).exists()
    assert not suggestions_seen(study, ana).exists()
    Member.objects.filter(user=ana).update(closed_at="2026-11-29T00:00Z")
    assert codings_seen(study, ana).count() == 1
    assert suggestions_seen(study, ana).count() == 1
    assert not may_code(study, ana)
    assert may_code(study, bram)


def test_a_codebook_that_somebody_built_on_is_not_undone_from_under_them(study, ana, bram):
    def version(number, by):
        row = {"number": number, "content": {"codes": {}, "own": []}, "by": by.name, "at": timezone.now()}
        act(study, by, "codebook", [new("codebook", **row)])

    version(1, ana)
    version(2, bram)
    with pytest.raises(Fault, match="changed_since"):
        undo(study, ana)
    undo(study, bram)
    undo(study, ana)
    version(1, bram)
    with pytest.raises(Fault, match="changed_since"):
        redo(study, ana)
