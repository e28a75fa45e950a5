"""Several people at once: each action is done whole and once, and nobody waits for ever. SQLite has one writer; PostgreSQL must show it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import DataError, connection, transaction
from django.utils import timezone

from weness_web.changes import act, can, changed, new, redo, undo
from weness_web.faults import Fault
from weness_web.jobs import next_job, open_jobs, wake
from weness_web.models import Coding, Event, Job, Memo

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
TEXT = "We 🌾 met at the mill. They came late, and we said so."


def at_once(*works: Callable[[], object]) -> list[object]:
    """What each gave or raised, all begun at the same moment, each on a connection of its own."""
    gate = threading.Barrier(len(works))
    found: list[object] = [None] * len(works)

    def run(place: int) -> None:
        try:
            connection.ensure_connection()
            gate.wait(timeout=10)
            found[place] = works[place]()
        except Exception as error:
            found[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
    return found


def coding(document, user, code="TRUST", start=0, end=4):
    return new(
        "coding", document_id=document.pk, start=start, end=end, code=code, coder=user.name, words=TEXT[start:end]
    )


def test_these_tests_run_on_postgresql():
    assert connection.vendor == "postgresql"


def test_two_persons_who_code_at_once_lose_nothing(study, ana, bram, document):
    people = [ana, bram] * 4
    works = [
        lambda user=user, n=n: act(study, user, "code", [coding(document, user, start=n, end=n + 4)])
        for n, user in enumerate(people)
    ]
    found = at_once(*works)
    assert all(isinstance(one, Event) for one in found), found
    assert Coding.objects.count() == 8
    study.refresh_from_db()
    assert study.revision == 8
    assert [job.kind for job in open_jobs(study)] == ["conclude"], "worked out once, not eight times"


def test_what_two_tabs_send_at_once_under_one_name_is_done_once(study, ana, document):
    found = at_once(*[lambda: act(study, ana, "code", [coding(document, ana)], op="queued-1")] * 4)
    assert all(isinstance(one, Event) for one in found), found
    assert len({one.pk for one in found}) == 1
    assert Coding.objects.count() == 1


def test_undo_pressed_in_two_tabs_takes_back_two_actions(study, ana, document):
    for n in range(3):
        act(study, ana, "code", [coding(document, ana, start=n, end=n + 4)])
    found = at_once(lambda: undo(study, ana), lambda: undo(study, ana))
    assert all(isinstance(one, Event) for one in found), found
    assert Coding.objects.get().start == 0
    redo(study, ana)
    assert can(study, ana) == {"undo": "code", "redo": "code"}


def test_one_codes_while_the_other_undoes(study, ana, bram, document):
    act(study, ana, "code", [coding(document, ana)])
    found = at_once(lambda: undo(study, ana), lambda: act(study, bram, "code", [coding(document, bram)]))
    assert all(isinstance(one, Event) for one in found), found
    assert [one.coder for one in Coding.objects.all()] == ["Bram"]


def test_two_persons_who_change_the_same_rows_in_another_order_both_get_through(study, ana, bram, document):
    rows = [act(study, ana, "code", [coding(document, ana, start=n, end=n + 4)]) and None for n in range(12)]
    rows = list(Coding.objects.order_by("start"))
    found = at_once(
        lambda: act(study, ana, "recode", [changed(row, code="POWER") for row in rows]),
        lambda: act(study, bram, "recode", [changed(row, code="VALUES") for row in reversed(rows)]),
    )
    assert all(isinstance(one, Event) for one in found), found
    assert len(set(Coding.objects.values_list("code", flat=True))) == 1, "one after the other, never half of each"


def test_two_persons_may_change_the_study_itself_at_once(study, ana, bram):
    for _ in range(5):
        found = at_once(
            lambda: act(study, ana, "setup", [changed(study, title="Mill")]),
            lambda: act(study, bram, "setup", [changed(study, page="study: {}\n")]),
        )
        assert all(isinstance(one, Event) for one in found), found
    study.refresh_from_db()
    assert (study.title, study.page) == ("Mill", "study: {}\n")


def test_two_dispatchers_never_take_the_same_job_nor_wait_for_each_other(study, ana):
    for n in range(6):
        wake(study, "export", ana, now=True, format="csv", n=n)
    taken = at_once(*[next_job] * 6)
    assert len({job.pk for job in taken if job}) == 6, taken
    assert not Job.objects.filter(state=Job.WAITING).exists()
    assert next_job() is None


def test_a_job_that_another_dispatcher_is_taking_is_passed_over(study, ana):
    wake(study, "read", ana, now=True)
    second = wake(study, "export", ana, now=True)
    with transaction.atomic():
        Job.objects.select_for_update().filter(kind="read").first()
        (found,) = at_once(next_job)
    assert found == second


def test_words_with_emoji_come_back_as_they_were_and_undo_knows_them(study, ana, document):
    act(study, ana, "code", [coding(document, ana, start=0, end=8)])
    act(study, ana, "memo", [new("memo", kind="study", by="Ana", text="🌾 «ñ» … ﷽ 👩‍🌾")])
    assert Coding.objects.get().words == "We 🌾 met"
    assert Memo.objects.get().text == "🌾 «ñ» … ﷽ 👩‍🌾"
    undo(study, ana)
    undo(study, ana)
    assert not Coding.objects.exists()


@pytest.mark.parametrize(
    "values", [{"text": "a\0b"}, {"text": "ok", "thing": "x" * 500}], ids=["a NUL character", "too long"]
)
def test_what_the_database_cannot_keep_leaves_nothing_half_done(study, ana, values):
    with pytest.raises(DataError):
        act(study, ana, "memo", [new("memo", kind="document", by="Ana", **values)])
    assert not Memo.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize("name", ["a\0b", "Ana\0"])
def test_a_form_with_a_nul_character_is_refused_in_words(client, name):
    answer = client.post("/login", {"name": name, "password": "x"})
    assert answer.status_code == 400
    assert b"</html>" in answer.content


def test_a_change_of_findings_is_due_once_all_are_calm(study, ana, document):
    act(study, ana, "code", [coding(document, ana)])
    assert next_job() is None, "they may go on coding"
    Job.objects.update(due_at=timezone.now())
    assert next_job().kind == "conclude"


def test_an_undo_of_what_the_other_is_changing_waits_and_is_refused(study, ana, bram, document):
    act(study, ana, "code", [coding(document, ana)])
    row = Coding.objects.get()
    found = at_once(lambda: act(study, bram, "recode", [changed(row, code="POWER")]), lambda: undo(study, ana))
    # Whoever came first was served; the other one was told, and nothing was lost unseen.
    if isinstance(found[1], Fault):
        assert Coding.objects.get().code == "POWER"
    else:
        assert isinstance(found[1], Event), found
