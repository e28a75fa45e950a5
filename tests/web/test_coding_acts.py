"""In the reader a person codes, answers the machine, and mends what is one's own, never another's."""

from __future__ import annotations

import json
import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from weness_web.changes import undo
from weness_web.models import (
    CodebookVersion,
    Coding,
    Document,
    Event,
    Member,
    Memo,
    Reading,
    Rejection,
    Study,
    Suggestion,
    User,
)

pytestmark = pytest.mark.django_db
TEXT = "We met 🤝🏽 at the mill. They came late.\nWe pay them all the same."
MEET = (0, TEXT.index(" They"))
LATE = (TEXT.index("They"), TEXT.index("\n"))


@pytest.fixture
def study(ana, bram):
    study = Study.objects.create(title="Mill", page="partners:\n  - {id: coop, name: The Cooperative}\n")
    Member.objects.create(study=study, user=ana, owner=True)
    Member.objects.create(study=study, user=bram)
    return study


@pytest.fixture
def says(study, document):
    """What the machine says of the first "We" and of the first sentence."""
    common = {"study": study, "document": document, "coder": "builtin", "kind": "builtin"}
    fields = {"stance": "shared", "next": "WE_OWN"}
    Suggestion.objects.create(
        **common, start=0, end=2, code="WE_OWN", words="We", probability=0.7, fields={"next": "WE_PARTNERSHIP"}
    )
    return Suggestion.objects.create(
        **common, start=0, end=MEET[1], code="PURPOSE", words=TEXT[: MEET[1]], probability=0.4, fields=fields
    )


@pytest.fixture
def do(client, study, document, ana):
    """Sends an action as Ana, or as somebody else."""

    def send(verb, user=ana, status=200, **asked):
        client.force_login(user)
        body = {"op": uuid.uuid4().hex, "do": verb, **asked}
        answer = client.post(
            f"/s/{study.pk}/texts/1/do",
            json.dumps(body),
            content_type="application/json",
            HTTP_ACCEPT="application/json",
        )
        assert answer.status_code == status, answer.content
        return answer.json()

    return send


def span(place):
    return {"start": place[0], "end": place[1]}


def test_a_coding_keeps_its_words_in_code_points(do):
    told = do("code", **span(MEET), code="TRUST")
    one = Coding.objects.get()
    assert (one.words, one.coder, one.code) == ("We met 🤝🏽 at the mill.", "Ana", "TRUST")
    assert told["changes"][0]["row"]["words"] == one.words
    assert told["can"] == {"undo": "code", "redo": ""}


def test_the_same_code_on_the_same_passage_is_not_doubled_and_another_is_laid_over_it(do, bram):
    for _ in range(2):
        do("code", **span(MEET), code="TRUST")
    do("code", **span(MEET), code="POWER")
    do("code", user=bram, **span(MEET), code="TRUST")
    assert sorted(Coding.objects.values_list("code", "coder")) == [
        ("POWER", "Ana"),
        ("TRUST", "Ana"),
        ("TRUST", "Bram"),
    ]


def test_what_is_sent_twice_is_done_once(do):
    first = do("code", op="one", **span(MEET), code="TRUST")
    again = do("code", op="one", **span(MEET), code="TRUST")
    assert first["changes"] == again["changes"]
    do("uncode", op="two", id=first["changes"][0]["id"])
    assert do("uncode", op="two", id=first["changes"][0]["id"])["changes"][0]["row"] is None
    assert Event.objects.count() == 2


def test_the_browser_may_name_the_new_row_but_never_one_that_there_is(do):
    id = str(uuid.uuid4())
    do("code", new=id, **span(MEET), code="TRUST")
    assert str(Coding.objects.get().pk) == id
    do("code", new=id, **span(LATE), code="TRUST", status=409)
    do("code", new="../x", **span(LATE), code="TRUST", status=400)


@pytest.mark.parametrize(
    ("start", "end"), [(-1, 2), (2, 2), (5, 3), (0, len(TEXT) + 1), ("0", 2), (None, 2), (True, 2), (0.0, 2)]
)
def test_a_passage_outside_the_text_is_refused_in_words(do, start, end):
    assert "passage" in do("code", start=start, end=end, code="TRUST", status=400)["fault"]
    assert not Coding.objects.exists()


def test_a_code_that_the_study_lacks_is_refused_and_its_own_is_taken(do, study, ana):
    assert "NO_SUCH" in do("code", **span(MEET), code="NO_SUCH", status=400)["fault"]
    do("code", **span(MEET), code=["TRUST"], status=400)
    own = {"codes": {}, "own": [{"id": "own-1", "name": "Rain"}]}
    CodebookVersion.objects.create(study=study, number=1, content=own, by="Ana", at="2024-01-01T00:00Z")
    do("code", **span(MEET), code="own-1")
    assert Coding.objects.get().code == "own-1"


def test_what_is_no_action_is_refused(do, client, study):
    do("burn", status=400)
    for body in ("", "[]", "{", "7"):
        answer = client.post(f"/s/{study.pk}/texts/1/do", body, content_type="application/json")
        assert answer.status_code == 400


def test_accepting_tells_what_was_suggested_and_takes_its_fields(do, says):
    do("accept", **span(MEET), code="PURPOSE")
    one = Coding.objects.get()
    assert one.suggested == {"code": "PURPOSE", "probability": 0.4, "coder": "builtin", "kind": "builtin"}
    assert one.fields == {"stance": "shared"}, "only what the code knows"


def test_changing_a_suggestion_keeps_what_it_was(do, says):
    do("change", **span(MEET), code="PURPOSE", to="TRUST")
    one = Coding.objects.get()
    assert (one.code, one.suggested["code"], one.fields) == ("TRUST", "PURPOSE", {})


def test_a_no_is_kept_and_can_be_taken_back(do, says, ana, study):
    no = do("reject", **span(MEET), code="PURPOSE")["changes"][0]["id"]
    assert do("reject", **span(MEET), code="PURPOSE")["changes"] == []
    assert Rejection.objects.get().coder == "Ana"
    do("reopen", id=no)
    assert not Rejection.objects.exists()
    undo(study, ana)
    assert Rejection.objects.exists()


def test_nobody_takes_back_anothers_no(do, says, bram):
    no = do("reject", **span(MEET), code="PURPOSE")["changes"][0]["id"]
    do("reopen", user=bram, id=no, status=409)


def test_a_suggestion_that_the_machine_no_longer_makes_is_told(do):
    assert "machine" in do("accept", **span(MEET), code="PURPOSE", status=409)["fault"]


def test_a_we_has_one_answer_of_each_person(do, says, bram, study, ana):
    do("referent", start=0, end=2, code="WE_OWN")
    assert Coding.objects.get().suggested["code"] == "WE_OWN"
    do("referent", user=bram, start=0, end=2, code="WE_SUBGROUP")
    do("referent", start=0, end=2, code="WE_PARTNERSHIP")
    assert sorted(Coding.objects.values_list("code", "coder")) == [
        ("WE_PARTNERSHIP", "Ana"),
        ("WE_SUBGROUP", "Bram"),
    ]
    undo(study, ana)
    assert Coding.objects.filter(coder="Ana").get().code == "WE_OWN"
    do("referent", start=0, end=2, code="")
    assert not Coding.objects.filter(coder="Ana").exists()
    do("referent", start=0, end=2, code="TRUST", status=400)


def test_other_codes_on_a_we_stay_when_its_answer_changes(do):
    do("code", start=0, end=2, code="TRUST")
    do("referent", start=0, end=2, code="WE_OWN")
    do("referent", start=0, end=2, code="WE_GENERIC")
    assert sorted(Coding.objects.values_list("code", flat=True)) == ["TRUST", "WE_GENERIC"]


def made(do, place=MEET, code="TRUST", **more):
    return do("code", **span(place), code=code, **more)["changes"][0]["id"]


def test_a_code_is_changed_with_what_the_other_code_has_too(do):
    id = made(do, code="PURPOSE")
    do("fields", id=id, fields={"stance": "shared", "level": "goal", "holder": "coop", "attach": True})
    do("recode", id=id, code="VALUE")
    assert (Coding.objects.get().code, Coding.objects.get().fields) == ("VALUE", {"stance": "shared", "holder": "coop"})


def test_a_code_is_not_changed_into_one_that_is_there_already(do):
    id = made(do)
    made(do, code="POWER")
    do("recode", id=id, code="POWER", status=409)


@pytest.mark.parametrize(
    "fields",
    [
        {"stance": "loud"},
        {"nonsense": "x"},
        {"holder": "nobody"},
        {"attach": "yes"},
        {"item": "x" * 300},
        {"item": 7},
        {"stance": ["shared"]},
        {"stance": {}},
        "stance",
    ],
)
def test_a_field_takes_only_what_the_codebook_allows(do, fields):
    do("fields", id=made(do, code="PURPOSE"), fields=fields, status=400)


@pytest.mark.parametrize("fields", [{"who": "all"}, {"who": ["coop"]}, {"valence": "+"}, {"valence": ""}])
def test_partners_and_values_are_set(do, fields):
    do("fields", id=made(do), fields=fields)
    assert Coding.objects.get().fields == {name: value for name, value in fields.items() if value}


@pytest.mark.parametrize("fields", [{"who": "coop"}, {"who": ["stranger"]}, {"who": [["coop"]]}, {"who": [{}]}])
def test_a_partner_that_the_study_lacks_is_refused(do, fields):
    do("fields", id=made(do), fields=fields, status=400)


def test_split_leaves_white_space_to_neither(do, document):
    id = made(do)
    do("split", id=id, at=TEXT.index("at"))
    assert list(Coding.objects.values_list("start", "end", "words")) == [
        (0, 9, "We met 🤝🏽"),
        (10, MEET[1], "at the mill."),
    ]
    for one in Coding.objects.all():
        assert TEXT[one.start : one.end] == one.words


@pytest.mark.parametrize("at", [0, MEET[1], 99, -1, None, "7", MEET[1] + 3])
def test_split_only_inside(do, at):
    do("split", id=made(do), at=at, status=400)


def test_merge_makes_one_of_what_touches(do, study, ana):
    ids = [made(do), made(do, LATE)]
    memo = do("memo", kind="coding", thing=ids[1], text="Both.")["changes"][0]["id"]
    do("merge", ids=ids[::-1])
    one = Coding.objects.get()
    assert (str(one.pk), one.start, one.end, one.words) == (ids[0], 0, LATE[1], TEXT[: LATE[1]])
    assert Memo.objects.get(pk=memo).thing == ids[0]
    undo(study, ana)
    assert Coding.objects.count() == 2
    assert Memo.objects.get(pk=memo).thing == ids[1]


def test_what_does_not_belong_together_is_not_merged(do, bram):
    first, far = made(do), made(do, (LATE[1] + 1, len(TEXT)))
    do("merge", ids=[first, far], status=409)
    do("merge", ids=[first, made(do, LATE, "POWER")], status=400)
    do("merge", ids=[first, made(do, LATE, user=bram)], status=409)
    for ids in ([first], [first, first], "all", None):
        do("merge", ids=ids, status=400)


@pytest.mark.parametrize("verb", ["uncode", "recode", "split", "fields"])
def test_anothers_code_stays_as_it_is(do, bram, verb):
    id = made(do, user=bram)
    told = do(verb, id=id, code="POWER", at=7, fields={}, status=409)
    assert "Bram" in told["fault"]
    assert Coding.objects.get().code == "TRUST"


def test_what_is_gone_is_told(do):
    do("uncode", id=str(uuid.uuid4()), status=409)
    do("uncode", id="nonsense", status=400)


def test_ones_memos_go_with_a_coding_and_anothers_stay_with_the_text(do, bram, study, ana):
    id = made(do)
    do("memo", kind="coding", thing=id, text="Mine.")
    do("memo", user=bram, kind="coding", thing=id, text="Bram's.")
    do("uncode", id=id)
    assert list(Memo.objects.values_list("kind", "thing", "text")) == [("document", "a.txt", "Bram's.")]
    undo(study, ana)
    assert set(Memo.objects.values_list("kind", flat=True)) == {"coding"}


def test_memos_are_written_changed_and_deleted_by_their_writer(do, bram):
    for kind, thing in (("document", ""), ("code", "TRUST")):
        do("memo", kind=kind, thing=thing, text="  Look here.  ")
    one = Memo.objects.get(kind="document")
    assert (one.thing, one.text, one.by) == ("a.txt", "Look here.", "Ana")
    do("memo", user=bram, id=str(one.pk), text="Mine now.", status=409)
    do("memo", id=str(one.pk), text="Look there.")
    assert Memo.objects.get(kind="document").text == "Look there."
    do("memo", id=str(one.pk), text="")
    assert not Memo.objects.filter(kind="document").exists()


def test_a_memo_needs_words_and_a_thing(do):
    do("memo", kind="document", text=" ", status=400)
    do("memo", kind="document", text="x" * 20_001, status=400)
    do("memo", kind="code", thing="NONE", text="x", status=409)
    do("memo", kind="coding", thing=str(uuid.uuid4()), text="x", status=409)
    do("memo", kind="study", thing="", text="x", status=409)


def test_reading_in_full_is_told_for_each_family(do):
    do("read", families=["C", "A"])
    assert Reading.objects.get().families == ["A", "C"]
    do("read", families=["A"])
    assert do("read", families=["A"])["changes"] == []
    do("read", families=[])
    assert not Reading.objects.exists()
    for families in (["D"], "A", None, [["A"]]):
        do("read", families=families, status=400)


def test_a_closed_round_stands_but_memos_may_be_written(do, study, ana):
    study.blind = True
    study.save()
    Member.objects.filter(user=ana).update(closed_at="2024-01-01T00:00Z")
    assert "closed" in do("code", **span(MEET), code="TRUST", status=409)["fault"]
    do("memo", kind="document", text="Still thinking.")


def test_who_codes_blind_cannot_answer_the_machine_or_touch_anothers(do, says, study, bram):
    id = made(do, user=bram)
    Study.objects.update(blind=True)
    do("accept", **span(MEET), code="PURPOSE", status=409)
    assert "Bram" not in do("uncode", id=id, status=409)["fault"]
    do("memo", kind="coding", thing=id, text="x", status=409)
    do("referent", start=0, end=2, code="WE_OWN")
    assert Coding.objects.get(coder="Ana").suggested is None


def test_a_stranger_finds_nothing(do, study):
    eve = User.objects.create_user("Eve", "a third password")
    do("code", user=eve, **span(MEET), code="TRUST", status=404)


def test_a_coding_reads_no_heavy_field(do):
    with CaptureQueriesContext(connection) as seen:
        made(do)
    asked = [re.sub(r'SUBSTR(ING)?\("weness_web_document"."text"', "", one["sql"]) for one in seen]
    assert not [sql for sql in asked if any(f'_document"."{name}"' in sql for name in Document.HEAVY)]
    assert len(seen) < 45
