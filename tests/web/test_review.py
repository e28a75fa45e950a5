"""The check sample is judged blind, one item at a time; blind rounds hide and freeze; agreement says what weness says."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.utils import timezone

from weness_web import agreeing, blind_rounds, checking, labours, services
from weness_web.access import codings_seen, may_code, suggestions_seen
from weness_web.changes import act, can, new, undo
from weness_web.faults import Fault
from weness_web.home import folder_of
from weness_web.keys import KEYS
from weness_web.models import (
    Check,
    CheckAnswer,
    CodebookVersion,
    Coding,
    Document,
    Draw,
    Job,
    Member,
    Study,
    Suggestion,
    User,
)
from weness_web.taking_up import take_texts, take_up
from weness_web.words import words

pytestmark = pytest.mark.django_db
TEXT = "They came late. We met at the mill 🌾. We quarrelled and made peace. Then it rained."


def silent(done: int, total: int, doing: str) -> None:
    pass


@pytest.fixture
def ana():
    return User.objects.create_user("Ana", "a long password", language="en")


@pytest.fixture
def bram():
    return User.objects.create_user("Bram", "another password", language="en")


@pytest.fixture
def study(ana, bram, tmp_path, monkeypatch):
    monkeypatch.setenv("WENESS_HOME", str(tmp_path))
    study = Study.objects.create(title="Mill and town")
    Member.objects.create(study=study, user=ana, owner=True)
    Member.objects.create(study=study, user=bram)
    return study


@pytest.fixture
def sampled(study):
    ends = [m.end() for m in re.finditer(r"\.", TEXT)]
    starts = [0, *(end + 1 for end in ends[:-1])]
    sentences = [[start, end, "en", 0, "rosa", "mill", "", False] for start, end in zip(starts, ends, strict=True)]
    Document.objects.create(
        study=study,
        file="a.txt",
        place=1,
        text=TEXT,
        length=len(TEXT),
        checksum="x",
        language="en",
        genre="interview",
        sentences=sentences,
    )
    draw = Draw.objects.create(study=study, number=1, head={"draw": 1, "seed": 0, "texts": {}})
    at = TEXT.index("We met")
    rows = [("c1-001", "mention", at, at + 2), ("c1-002", "sentence", *sentences[2][:2])]
    for place, (item, kind, start, end) in enumerate(rows, 1):
        row = {"item": item, "kind": kind, "file": "a.txt", "start": start, "end": end, "text": TEXT[start:end]}
        row |= {"stratum": f"{kind} en WE_SUBGROUP", "predicted": ["WE_SUBGROUP"], "codes": None, "coder": ""}
        Check.objects.create(study=study, draw=draw, item=item, place=place, row=row)
    return study


def url(study, path=""):
    return f"/s/{study.pk}/review{path}"


def test_the_page_says_how_far_each_part_is_in_three_languages(client, ana, sampled):
    for language in ("en", "es", "nl"):
        ana.language = language
        ana.save()
        client.force_login(ana)
        html = unescape(client.get(url(sampled)).content.decode())
        for line in ("checks", "blind", "agreement", "needs_two"):
            assert words(language)(f"review.{line}") in html
        assert words(language)("review.answered_of", answered=0, n=2) in html
        for path in ("/checks", "/agreement", "/disagreements"):
            assert client.get(url(sampled, path)).status_code == 200


def test_nobody_else_can_open_it(client, sampled):
    client.force_login(User.objects.create_user("Cor", "a third password"))
    for path in ("", "/checks", "/agreement", "/disagreements", "/disagreements/abc"):
        assert client.get(url(sampled, path)).status_code == 404
    for path in (
        "/draw",
        "/checks/c1-001/answer",
        "/blind/begin",
        "/blind/close",
        "/agreement/compare",
        "/disagreements/abc/decide",
    ):
        assert client.post(url(sampled, path), {"codes": "WE_OWN"}).status_code == 404
    assert not CheckAnswer.objects.exists()
    assert not Job.objects.exists()


def test_an_item_shows_its_surroundings_and_nothing_that_anybody_said(client, ana, bram, sampled):
    checking.answer(sampled, bram, "c1-001", ["WE_COMMUNITY"])
    document = Document.objects.get()
    Suggestion.objects.create(
        study=sampled, document=document, start=16, end=18, code="WE_SUBGROUP", coder="builtin", words="We", kind="builtin", probability=0.5
    )  # fmt: skip
    client.force_login(ana)
    html = client.get(url(sampled, "/checks?item=c1-001")).content.decode()
    assert "They came late. <mark>We</mark> met at the mill 🌾. We quarrelled" in html
    assert "Bram" not in html
    assert "builtin" not in html
    assert "stratum" not in html
    assert "checked" not in html
    assert html.count('name="codes"') == 8, "seven meanings, and none"


def test_a_sentence_may_have_several_codes_and_a_mention_has_one(client, ana, sampled):
    client.force_login(ana)
    html = client.get(url(sampled, "/checks?item=c1-002")).content.decode()
    assert 'type="checkbox" name="codes" value="CONFLICT"' in html
    assert 'value="WE_OWN"' not in html
    checking.answer(sampled, ana, "c1-002", ["TRUST", "CONFLICT"])
    assert CheckAnswer.objects.get().codes == ["CONFLICT", "TRUST"], "in the order of a filled sheet"
    for wrong in (["WE_OWN", "WE_SECTOR"], ["CONFLICT"], ["NO_CODE"]):
        with pytest.raises(Fault):
            checking.answer(sampled, ana, "c1-001", wrong)
    with pytest.raises(Fault):
        checking.answer(sampled, ana, "c1-009", [])


def test_an_answer_is_saved_at_once_changed_and_undone_and_one_goes_on_where_one_was(client, ana, sampled):
    client.force_login(ana)
    answer = client.post(
        url(sampled, "/checks/c1-001/answer"), {"codes": "WE_OWN", "op": "one"}, headers={"HX-Request": "true"}
    )
    assert 'id="item"' in answer.content.decode()
    assert "c1-002" in answer.headers["HX-Push-Url"]
    client.post(url(sampled, "/checks/c1-001/answer"), {"codes": "WE_OWN", "op": "one"})
    assert CheckAnswer.objects.count() == 1
    assert "c1-002/answer" in client.get(url(sampled, "/checks")).content.decode()
    back = client.get(url(sampled, "/checks?item=c1-001")).content.decode()
    assert re.search(r'value="WE_OWN" checked', back)
    at = CheckAnswer.objects.get().at
    client.post(url(sampled, "/checks/c1-001/answer"), {"codes": "-"})
    assert (CheckAnswer.objects.get().codes, CheckAnswer.objects.get().at) == ([], at), "who was first stays first"
    undo(sampled, ana)
    assert CheckAnswer.objects.get().codes == ["WE_OWN"]
    undo(sampled, ana)
    assert not CheckAnswer.objects.exists()


def test_an_empty_answer_is_told_in_words(client, ana, sampled):
    client.force_login(ana)
    html = client.post(url(sampled, "/checks/c1-001/answer"), {}, headers={"Accept": "application/json"})
    assert html.status_code == 400
    assert html.json()["fault"] == words("en")("review.choose")


def test_who_answered_first_counts_and_the_second_stands_beside(client, ana, bram, sampled):
    assert checking.answer(sampled, bram, "c1-001", ["WE_OWN"])
    assert not checking.answer(sampled, ana, "c1-001", ["WE_SECTOR"])
    mine = checking.sample_of(sampled, ana)
    assert mine.next() == "c1-002"
    checking.answer(sampled, bram, "c1-002", [])
    assert checking.sample_of(sampled, ana).next() == "", "what another answered is not asked again"
    assert checking.sample_of(sampled, ana).next(second=True) == "c1-002", "unless one wants to"
    standing = checking.standing(sampled, ana, checking.sample_of(sampled, ana))
    assert (standing["answered"], standing["own"], standing["twice"], standing["same"]) == (2, 1, 1, 0)
    client.force_login(ana)
    html = unescape(client.get(url(sampled, "/checks")).content.decode())
    limits = services.review_limits()
    assert words("en")("review.meaning", sample=limits["sample"], domain=limits["domain"]) in html


def test_an_item_whose_text_has_changed_is_skipped_and_says_why(client, ana, sampled):
    Document.objects.update(text="X" + TEXT)
    client.force_login(ana)
    html = client.get(url(sampled, "/checks?item=c1-001")).content.decode()
    assert words("en")("review.text_left") in html
    assert 'name="codes"' not in html


def test_a_draw_is_asked_for_once_and_with_numbers_that_can_be(client, ana, study):
    client.force_login(ana)
    for wrong in ({"n": "0"}, {"n": "many"}, {"n": "10", "seed": "-1"}, {"n": "999999"}):
        assert client.post(url(study, "/draw"), wrong).status_code == 400
    client.post(url(study, "/draw"), {"n": "40", "seed": "7"})
    assert client.post(url(study, "/draw"), {"n": "40"}).status_code == 409
    job = Job.objects.get()
    assert (job.kind, job.asked) == ("draw", {"n": 40, "seed": 7})
    assert words("en")("common.job.draw") in client.get(url(study)).content.decode()


# ---- blind rounds ----


def coding(document, coder, code, start=16, end=18):
    return Coding.objects.create(
        study=document.study,
        document=document,
        start=start,
        end=end,
        code=code,
        coder=coder,
        words=document.text[start:end],
    )


def test_only_the_owner_begins_and_ends_and_it_can_be_undone(client, ana, bram, study):
    client.force_login(bram)
    assert client.post(url(study, "/blind/begin")).status_code == 403
    client.force_login(ana)
    client.post(url(study, "/blind/begin"))
    assert Study.objects.get().blind
    assert can(study, ana)["undo"] == "blind"
    undo(study, ana)
    assert not Study.objects.get().blind


def test_while_a_round_is_open_others_work_is_hidden_and_closing_freezes_ones_own(client, ana, bram, sampled):
    document = Document.objects.get()
    coding(document, "Ana", "WE_OWN")
    act(
        sampled,
        bram,
        "code",
        [new("coding", document_id=document.pk, start=16, end=18, code="WE_SECTOR", coder="Bram", words="We")],
    )
    blind_rounds.begin(sampled, ana)
    sampled.refresh_from_db()
    assert [one.coder for one in codings_seen(sampled, bram)] == ["Bram"]
    assert not suggestions_seen(sampled, bram)
    client.force_login(bram)
    for path in ("/agreement", "/disagreements", "/agreement/state", "/disagreements/abc"):
        assert client.get(url(sampled, path)).status_code == 403
    html = client.get(url(sampled)).content.decode()
    assert words("en")("review.after_closing") in html
    assert words("en")("review.who_coded") not in html
    assert words("en")("review.own_texts.one", n=1, codings=1) in html
    client.post(url(sampled, "/blind/close"))
    assert not may_code(sampled, bram)
    assert codings_seen(sampled, bram).count() == 2
    with pytest.raises(Fault):
        undo(sampled, bram)
    assert client.post(url(sampled, "/blind/close")).status_code == 409
    assert client.get(url(sampled, "/agreement")).status_code == 200
    assert may_code(sampled, ana), "the other's round goes on"
    assert codings_seen(sampled, ana).count() == 1


def test_a_new_round_opens_everybodys_and_the_end_opens_all(client, ana, bram, study):
    blind_rounds.begin(study, ana)
    study.refresh_from_db()
    blind_rounds.close(study, bram)
    client.force_login(ana)
    client.post(url(study, "/blind/begin"))
    assert not Member.objects.filter(closed_at__isnull=False).exists()
    assert Study.objects.get().blind
    client.post(url(study, "/blind/end"))
    study.refresh_from_db()
    assert not study.blind
    assert may_code(study, bram)


# ---- agreement ----


@pytest.fixture
def demo(study):
    """Bram coded six texts of the demo otherwise here and there."""
    folder = folder_of(study.pk)
    services.copy_demo(folder)
    study.page = services.rows_in(folder)["page"]
    study.save()
    rows, _ = services.read(folder)
    take_texts(study, rows)
    take_up(study)
    for document in study.documents.all()[:6]:
        for n, one in enumerate(document.codings.filter(coder="reader-1")):
            if n % 7:
                code = one.code if n % 5 else {"WE_OWN": "WE_PARTNERSHIP", "TRUST": "CONFLICT"}.get(one.code, one.code)
                Coding.objects.create(
                    study=study, document=document, start=one.start, end=one.end, code=code, coder="Bram", words=one.words, fields=one.fields
                )  # fmt: skip
    return study


def worked_out(study):
    job = Job.objects.create(study=study, kind="agree", due_at=timezone.now())
    job.told, job.state = labours.agree(job, silent), Job.DONE
    job.save()
    return job


def test_the_figures_are_those_of_weness_and_stay_until_codes_change(client, ana, demo):
    client.force_login(ana)
    assert client.get(url(demo, "/agreement")).status_code == 200
    assert Job.objects.filter(kind="agree").count() == 1, "asked for by looking"
    Job.objects.all().delete()
    worked_out(demo)
    from weness.coding.comparing import agreement_in
    from weness.study import Study as OnDisk

    disk = OnDisk(folder_of(demo.pk))
    core = agreement_in(disk.folder, disk.read(), [], lambda name: None)
    few = client.get(url(demo, "/agreement")).content.decode()
    html = client.get(url(demo, "/agreement?each=1")).content.decode()
    assert 0 < few.count("<tr") < html.count("<tr"), "languages together first"
    assert words("en")("review.current") in html
    assert not Job.objects.filter(state=Job.WAITING, kind="agree").exists()
    w = words("en")
    for row in core.rows:
        if row.alpha.low is not None:
            ends = w("review.interval", low=agreeing.number(row.alpha.low, w), high=agreeing.number(row.alpha.high, w))
            assert f'<strong>{agreeing.number(row.alpha.value, w)}</strong> <span class="interval">{ends}' in html
    assert w.count("review.talk_about", len(core.disagreements)) in html
    tables = agreeing.tables(demo, Job.objects.get(kind="agree").told["agreement"], w)
    assert sum(len(table["rows"]) for table in tables) == len(core.rows)
    assert not re.search(r"numbers allowed|retrain or drop|too few: at least", html), "in our words"
    act(
        demo,
        ana,
        "code",
        [new("coding", document_id=demo.documents.first().pk, start=0, end=4, code="TRUST", coder="Ana", words="x")],
    )
    demo.refresh_from_db()
    assert not agreeing.standing(demo)["current"]
    for language in ("es", "nl"):
        ana.language = language
        ana.save()
        client.force_login(ana)
        html = client.get(url(demo, "/agreement")).content.decode()
        assert words(language)("review.stale") not in html, "it is on its way"
        assert words(language)("common.job.agree") in html


def test_without_a_text_in_common_it_says_so(client, ana, sampled):
    one = Document.objects.get()
    other = Document.objects.create(
        study=sampled,
        file="b.txt",
        place=2,
        text=TEXT,
        length=len(TEXT),
        checksum="y",
        language="en",
        genre="interview",
    )
    coding(one, "Ana", "WE_OWN")
    coding(other, "Bram", "WE_OWN")
    client.force_login(ana)
    assert words("en")("review.no_shared") in client.get(url(sampled, "/agreement")).content.decode()
    assert client.post(url(sampled, "/agreement/compare")).status_code == 400
    assert not Job.objects.exists()


# ---- what a stranger stumbled over ----


def test_a_code_has_the_key_that_it_has_where_a_text_is_read(study):
    for kind in ("mention", "sentence"):
        given = {code["id"]: code["key"] for code in checking.choices(study, kind, "en")}
        assert given.items() >= {id: key for id, key in KEYS.items() if id in given}.items()
        assert len(set(given.values())) == len(given)
        assert all(given.values())
    mentions = {code["id"]: code["key"] for code in checking.choices(study, "mention", "en")}
    assert (mentions["WE_SECTOR"], mentions["WE_COMMUNITY"]) == ("e", "m")
    sentences = {code["id"]: code["key"] for code in checking.choices(study, "sentence", "en")}
    assert sentences["THEY_PARTNER"] == "t"
    assert not set(sentences.values()) & set(mentions.values())


def test_a_key_that_the_study_gives_holds_in_the_check_sample_too(study):
    content = {"codes": {}, "own": [], "keys": {"WE_SECTOR": "v", "TRUST": "p"}}
    CodebookVersion.objects.create(study=study, number=1, content=content, by="Ana", at=timezone.now())
    mentions = {code["id"]: code["key"] for code in checking.choices(study, "mention", "en")}
    assert mentions["WE_SECTOR"] == "v"
    assert len({*mentions.values()}) == 7
    assert next(code["key"] for code in checking.choices(study, "sentence", "en") if code["id"] == "TRUST") == "p"


@pytest.mark.parametrize(("asked", "drawn", "line"), [(10, 23, "drew_more"), (150, 40, "drew_fewer"), (40, 40, "")])
def test_a_draw_of_another_size_than_asked_for_says_why(client, ana, sampled, asked, drawn, line):
    Job.objects.create(
        study=sampled, kind="draw", state=Job.DONE, due_at=timezone.now(), asked={"n": asked, "seed": 0}, told={"items": drawn}
    )  # fmt: skip
    client.force_login(ana)
    html = unescape(client.get(url(sampled)).content.decode())
    for one in ("drew_more", "drew_fewer"):
        assert (words("en")(f"review.{one}", asked=asked, drawn=drawn) in html) == (one == line)


def test_what_was_coded_before_a_round_is_counted_and_warned_of(client, ana, bram, sampled):
    w, document = words("en"), Document.objects.get()
    client.force_login(ana)
    assert "before-warning" not in client.get(url(sampled)).content.decode()
    coding(document, "Ana", "WE_OWN")
    coding(document, "Bram", "WE_SECTOR")
    coding(document, "an imported coder", "WE_SECTOR")
    html = unescape(client.get(url(sampled)).content.decode())
    assert html.count(w.count("review.before_start", 2)) == 2, "on the page and in the question"
    blind_rounds.begin(sampled, ana)
    coding(document, "Bram", "WE_OWN", 0, 4)
    client.force_login(bram)
    assert w.count("review.coded_before", 2) in unescape(client.get(url(sampled)).content.decode())


def test_an_interval_below_nothing_is_drawn_where_it_is():
    one = agreeing._coefficient({"value": -0.2, "low": -0.5, "high": 0.1}, words("en"))
    assert one["bar"] == {"low": "25.0", "width": "30.0", "value": "40.0", "marks": ["50.0", "83.3", "90.0"]}


def test_where_no_sentence_is_compared_it_says_why(client, ana, sampled):
    document = Document.objects.get()
    coding(document, "Ana", "WE_OWN")
    coding(document, "Bram", "WE_SECTOR")
    found = {"rows": [], "notes": [], "disagreements": [], "coders": [], "units": {"texts": 1, "mentions": 1}}
    client.force_login(ana)
    for sentences in (0, 5):
        found["units"]["sentences"] = sentences
        Job.objects.create(
            study=sampled, kind="agree", state=Job.DONE, due_at=timezone.now(), told={"revision": sampled.revision, "of": "", "agreement": found}
        )  # fmt: skip
        html = unescape(client.get(url(sampled, "/agreement")).content.decode())
        assert (words("en")("review.no_sentences") in html) == (not sentences)
