"""A study's codebook: every save is a version, nothing typed is lost, and codes come and go with what is coded with them."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.html import escape

from weness_web import codebooks, services, versions
from weness_web.changes import undo
from weness_web.home import folder_of
from weness_web.models import CodebookVersion, Coding, Member, Memo, Study, User
from weness_web.putting_down import put_down
from weness_web.words import words

pytestmark = pytest.mark.django_db
TEXT = "We met at the mill. They came late. 🙂 Then we ate."


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("WENESS_HOME", str(tmp_path))


@pytest.fixture
def ana():
    return User.objects.create_user("Ana", "a long password", language="en")


@pytest.fixture
def bram():
    return User.objects.create_user("Bram", "another password", language="nl")


@pytest.fixture
def page(client, ana, study):
    """Ana's browser, in this study."""
    client.force_login(ana)
    return Page(client, study)


class Page:
    def __init__(self, client, study):
        self.client, self.study = client, study

    def get(self, name="codebook", **asked):
        return self.client.get(reverse(name, args=[self.study.pk]), asked)

    def post(self, name="codebook_code", **sent):
        return self.client.post(reverse(name, args=[self.study.pk]), sent)

    def latest(self):
        last = self.study.codebooks.first()
        return str(last.pk) if last else ""


def said(study, code, part="definition", language="en"):
    return codebooks.said_in(codebooks.content_of(study), code, part, language)


def own(study, user, name="Mill talk", **more):
    return versions.add(study, user, "en", {"title": name, **more})


def coded(study, document, coder, code, start=0, end=6):
    return Coding.objects.create(
        study=study, document=document, start=start, end=end, code=code, coder=coder, words=TEXT[start:end]
    )


def text_of(answer):
    return answer.content.decode()


# ---- reading ----


def test_every_code_is_told_with_its_source_and_how_often_it_is_used(page, study, document):
    coded(study, document, "Ana", "TRUST")
    shown = text_of(page.get())
    for id, code in services.codes().items():
        assert f'id="code-{id.lower()}"' in shown
        assert escape(code["source"]) in shown
    assert f'{reverse("retrieve", args=[study.pk])}?code=TRUST">used 1 time' in shown


def test_a_search_finds_words_whatever_the_case_and_the_accents(page):
    page.client.cookies["weness_language"] = "es"
    User.objects.update(language="es")
    shown = text_of(page.get(q="NEGOCIACION"))
    assert 'id="code-negotiation"' in shown
    assert 'id="code-trust"' not in shown


@pytest.mark.parametrize("language", ["en", "es", "nl"])
def test_all_pages_speak_the_readers_language(page, study, ana, language):
    User.objects.update(language=language)
    id = own(study, ana)
    for answer in (page.get(), page.get("codebook_code", code="TRUST"), page.get("codebook_code", code=id)):
        assert answer.status_code == 200
        assert words(language)("codebook.part.when_not") in text_of(answer)
    assert page.get("codebook_code").status_code == page.get("codebook_versions").status_code == 200
    assert services.codes()["TRUST"]["definition"][language][:20] in text_of(page.get())


def test_a_study_of_others_is_not_there(page, bram):
    other = Study.objects.create(title="Theirs")
    Member.objects.create(study=other, user=bram)
    page.study = other
    for name in ("codebook", "codebook_code", "codebook_versions", "codebook_export"):
        assert page.get(name).status_code == 404, name
    for name in ("code", "take_back", "remove", "memo", "restore", "import"):
        assert page.post(f"codebook_{name}", code="TRUST", title="x").status_code == 404, name
    assert not CodebookVersion.objects.exists()


def test_who_codes_blind_sees_only_the_own_use_of_a_code(page, study, document):
    coded(study, document, "Bram", "TRUST")
    Study.objects.update(blind=True)
    assert "used 1 time" not in text_of(page.get())


# ---- editing ----


def test_a_definition_is_reworded_in_one_language_and_weness_words_stay_beside_it(page, study):
    page.post(code="TRUST", **{"in": "en"}, definition="Trust as we see it", began="", note="after the pilot")
    version = study.codebooks.get()
    assert (version.number, version.by, version.note) == (1, "Ana", "after the pilot")
    assert version.content["codes"] == {"TRUST": {"definition": {"en": "Trust as we see it"}}}
    form = text_of(page.get("codebook_code", code="TRUST"))
    assert "Trust as we see it" in form
    assert escape(services.codes()["TRUST"]["definition"]["en"]) in form
    assert said(study, "TRUST", language="nl") == services.codes()["TRUST"]["definition"]["nl"]


def test_saving_a_form_as_it_came_makes_no_version(page, study):
    told = {part: services.codes()["TRUST"][part]["en"] for part in codebooks.PARTS}
    page.post(code="TRUST", **{"in": "en"}, began="", **told)
    assert not study.codebooks.exists()


def test_weness_words_are_taken_back_part_by_part(page, study):
    page.post(code="TRUST", **{"in": "en"}, began="", definition="Ours", when="Also ours")
    page.post("codebook_take_back", code="TRUST", **{"in": "en"}, part="when", began=page.latest())
    assert said(study, "TRUST") == "Ours"
    assert said(study, "TRUST", "when") == services.codes()["TRUST"]["when"]["en"]


def test_an_edit_is_undone(page, study, ana):
    page.post(code="TRUST", **{"in": "en"}, began="", definition="Ours")
    undo(study, ana)
    assert said(study, "TRUST") == services.codes()["TRUST"]["definition"]["en"]


def test_two_people_at_different_parts_of_a_code_both_keep_theirs(page, study, bram):
    began = page.latest()
    versions.save(study, bram, "TRUST", "en", began, {"when": "Bram's when"})
    when = services.codes()["TRUST"]["when"]["en"]
    answer = page.post(code="TRUST", **{"in": "en"}, began=began, definition="Ana's definition", when=when)
    assert answer.status_code == 302
    assert (said(study, "TRUST"), said(study, "TRUST", "when")) == ("Ana's definition", "Bram's when")


def test_two_people_at_the_same_part_are_told_and_nothing_typed_is_lost(page, study, bram):
    began = page.latest()
    versions.save(study, bram, "TRUST", "en", began, {"definition": "Bram's words"})
    answer = page.post(code="TRUST", **{"in": "en"}, began=began, definition="Ana's words")
    shown = text_of(answer)
    assert answer.status_code == 409
    assert "Ana&#x27;s words</textarea>" in shown
    assert "Bram&#x27;s words" in shown
    assert said(study, "TRUST") == "Bram's words"
    assert page.post(code="TRUST", **{"in": "en"}, began=page.latest(), definition="Ana's words").status_code == 302
    assert said(study, "TRUST") == "Ana's words"


def test_a_form_whose_version_was_undone_overwrites_nothing(page, study, ana, bram):
    versions.save(study, ana, "TRUST", "en", "", {"definition": "First"})
    began = page.latest()
    undo(study, ana)
    versions.save(study, bram, "TRUST", "en", "", {"definition": "Bram's"})
    assert page.post(code="TRUST", **{"in": "en"}, began=began, definition="Ana's").status_code == 409
    assert said(study, "TRUST") == "Bram's"


def test_what_is_written_is_never_markup(page):
    page.post(code="TRUST", **{"in": "en"}, began="", definition="<script>alert(1)</script>", note="<b>bold</b>")
    for answer in (page.get(), page.get("codebook_code", code="TRUST"), page.get("codebook_versions")):
        assert "<script>alert" not in text_of(answer)
        assert "<b>bold" not in text_of(answer)


def test_a_text_that_is_too_long_is_told_and_stays_in_the_form(page, study):
    answer = page.post(code="TRUST", **{"in": "en"}, began="", definition="x" * 5000)
    assert answer.status_code == 400
    assert "x" * 5000 in text_of(answer)
    assert not study.codebooks.exists()


# ---- codes of the study's own ----


def test_an_own_code_gets_its_id_from_its_name_and_none_twice(page, study):
    answer = page.post(
        title="Molino y río", color="#aa0000", means="TRUST", definition="About the mill", when="Mill", **{"in": "es"}
    )
    assert answer.status_code == 302
    row = codebooks.content_of(study)["own"][0]
    assert (row["id"], row["name"], row["means"], row["color"]) == ("molino_y_rio", "Molino y río", "TRUST", "#aa0000")
    assert said(study, row["id"], "when", "es") == "Mill"
    assert page.post(title="molino Y RÍO").status_code == 400, "a name is there once"
    page.post(title="Molino, y río!")
    page.post(title="Trust")
    assert [one["id"] for one in codebooks.content_of(study)["own"]] == ["molino_y_rio", "molino_y_rio_2", "trust_2"]


@pytest.mark.parametrize("wrong", [{"title": " "}, {"color": "red"}, {"means": "NOTHING"}, {"parent": "nothing"}])
def test_an_own_code_that_cannot_be_is_told_in_words(page, study, wrong):
    answer = page.post(**({"title": "Mill"} | wrong))
    assert answer.status_code == 400
    assert 'role="alert"' in text_of(answer)
    assert not study.codebooks.exists()


def test_a_code_cannot_stand_below_itself(page, study, ana):
    above = own(study, ana, "Above")
    below = own(study, ana, "Below", parent=above)
    assert page.post(code=above, began=page.latest(), parent=below).status_code == 400


def test_a_renamed_code_keeps_its_id_and_its_codings(page, study, ana, document):
    id = own(study, ana)
    coded(study, document, "Ana", id)
    page.post(code=id, began=page.latest(), title="River talk")
    assert codebooks.own_row(codebooks.content_of(study), id)["name"] == "River talk"
    assert Coding.objects.get().code == id


def test_a_used_code_is_removed_only_with_another_in_its_place_and_all_of_it_is_undone(page, study, ana, document):
    id = own(study, ana)
    coded(study, document, "Ana", id)
    coded(study, document, "Bram", id, 20, 24)
    coded(study, document, "Bram", "TRUST", 20, 24)
    Memo.objects.create(study=study, kind="code", thing=id, by="Bram", text="odd")
    answer = page.post("codebook_remove", code=id)
    assert answer.status_code == 409
    assert "2 passages" in text_of(answer)
    assert page.post("codebook_remove", code=id, to="WE_OWN").status_code == 400, "a passage need not be a mention"
    page.post("codebook_remove", code=id, to="TRUST")
    assert sorted(Coding.objects.values_list("coder", "code")) == [("Ana", "TRUST"), ("Bram", "TRUST")]
    assert not Memo.objects.exists()
    assert codebooks.content_of(study)["own"] == []
    undo(study, ana)
    assert sorted(Coding.objects.values_list("coder", "code")) == [("Ana", id), ("Bram", "TRUST"), ("Bram", id)]
    assert Memo.objects.get().text == "odd"
    assert [row["id"] for row in codebooks.content_of(study)["own"]] == [id]


def test_what_stood_below_a_removed_code_comes_below_what_it_was_below(study, ana):
    top = own(study, ana, "Top")
    middle = own(study, ana, "Middle", parent=top)
    low = own(study, ana, "Low", parent=middle)
    versions.remove(study, ana, middle, "")
    assert codebooks.own_row(codebooks.content_of(study), low)["parent"] == top


def test_in_a_blind_round_others_codings_are_not_recoded(page, study, ana, document):
    id = own(study, ana)
    coded(study, document, "Bram", id)
    Study.objects.update(blind=True)
    assert page.post("codebook_remove", code=id, to="TRUST").status_code == 409
    assert Coding.objects.get().code == id


def test_weness_own_codes_are_not_removed(page):
    assert page.post("codebook_remove", code="TRUST").status_code == 409


# ---- versions ----


def test_differences_are_told_word_by_word(page, study, ana):
    before = services.codes()["TRUST"]["definition"]["en"]
    first, _, rest = before.partition(" ")
    versions.save(study, ana, "TRUST", "en", "", {"definition": f"{first} surely {rest}"})
    (one,) = versions.differences(versions.EMPTY, codebooks.content_of(study))
    assert (one["code"], one["part"], one["language"]) == ("TRUST", "definition", "en")
    assert [piece for piece in one["pieces"] if piece[0] != "same"] == [("ins", " surely")]
    assert "".join(text for how, text in one["pieces"] if how != "ins") == before
    assert " surely</ins>" in text_of(page.get("codebook_versions", **{"from": 0, "to": 1}))


def test_differences_tell_of_own_codes_that_came_and_went(study, ana):
    before = codebooks.content_of(study)
    id = own(study, ana, "Mill talk", definition="About the mill")
    told = versions.differences(before, codebooks.content_of(study))
    assert {(one["code"], one["part"]) for one in told} == {(id, "title"), (id, "definition")}
    assert {one["pieces"][0][0] for one in told} == {"ins"}


def test_a_version_is_restored_as_a_new_one_and_codes_in_use_stay(page, study, ana, document):
    versions.save(study, ana, "TRUST", "en", "", {"definition": "First"})
    used, _unused = own(study, ana, "Used"), own(study, ana, "Unused")
    coded(study, document, "Ana", used)
    versions.save(study, ana, "TRUST", "en", page.latest(), {"definition": "Second"})
    page.post("codebook_restore", number=1)
    assert said(study, "TRUST") == "First"
    assert [row["id"] for row in codebooks.content_of(study)["own"]] == [used]
    assert study.codebooks.first().number == 5
    undo(study, ana)
    assert said(study, "TRUST") == "Second"


def test_a_version_that_is_not_there_is_told(page):
    assert page.get("codebook_versions", **{"from": 7, "to": 9}).status_code == 404
    assert page.post("codebook_restore", number=7).status_code == 404


# ---- files ----


def upload(page, name, body):
    return page.post("codebook_import", file=SimpleUploadedFile(name, body))


def test_a_codebook_goes_out_with_the_studys_words_and_comes_in_elsewhere_once(page, study, ana):
    above = own(study, ana, "Mill", definition="All of the mill", color="#aa0000")
    own(study, ana, "Wheel", parent=above, when="The wheel turns", means="TRUST")
    versions.save(study, ana, "TRUST", "en", page.latest(), {"definition": "Trust as we see it"})
    sent = page.get("codebook_export")
    assert sent["Content-Type"] == "application/octet-stream"
    assert sent["Content-Disposition"].startswith("attachment;")
    assert b"Trust as we see it" in sent.content
    assert b"+ The wheel turns" in sent.content

    n = study.codebooks.count()
    assert "already" in text_of(upload(page, "again.qdc", sent.content))
    assert study.codebooks.count() == n, "what is there is not doubled"

    other = Study.objects.create(title="Other")
    Member.objects.create(study=other, user=ana, owner=True)
    page.study = other
    assert "2 codes of theirs.qdc are new here" in text_of(upload(page, "theirs.qdc", sent.content))
    rows = {row["name"]: row for row in codebooks.content_of(other)["own"]}
    assert rows["Wheel"]["parent"] == rows["Mill"]["id"]
    assert rows["Mill"]["color"].lower() == "#aa0000"
    undo(other, ana)
    assert codebooks.content_of(other)["own"] == []


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("codes.exe", b"MZ"),
        ("codes.qdc", b""),
        ("codes.qdc", b"not xml"),
        ("codes.qdpx", b"not a zip"),
        (
            "codes.qdc",
            b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><CodeBook>&x;</CodeBook>',
        ),
        ("codes.qdc", b"<html><body/></html>"),
    ],
)
def test_a_hostile_or_foreign_file_is_refused_in_words(page, study, tmp_path, name, body):
    answer = upload(page, name, body)
    assert answer.status_code == 400
    assert 'role="alert"' in text_of(answer) or "main" in text_of(answer)
    assert "root:" not in text_of(answer)
    assert str(tmp_path) not in text_of(answer)
    assert not study.codebooks.exists()
    assert not [path for path in (tmp_path / "uploads").rglob("*") if path.is_file()]


def test_a_file_that_is_too_large_is_refused(page, study, settings):
    settings.UPLOAD_LIMIT = 10
    assert upload(page, "codes.qdc", b"x" * 11).status_code == 413


def test_an_import_without_a_file_is_told(page):
    assert page.post("codebook_import").status_code == 400


# ---- memos ----


def test_one_writes_and_changes_own_memos_on_a_code_and_reads_the_others(page, study, ana):
    theirs = Memo.objects.create(study=study, kind="code", thing="TRUST", by="Bram", text="Bram's thought")
    page.post("codebook_memo", code="TRUST", text="My thought")
    mine = Memo.objects.get(by="Ana")
    shown = text_of(page.get("codebook_code", code="TRUST"))
    assert "My thought</textarea>" in shown
    assert "Bram&#x27;s thought" in shown
    assert page.post("codebook_memo", code="TRUST", memo=theirs.pk, text="no").status_code == 403
    page.post("codebook_memo", code="TRUST", memo=mine.pk, text="")
    assert not Memo.objects.filter(by="Ana").exists()
    undo(study, ana)
    assert Memo.objects.get(by="Ana").text == "My thought"


def test_in_a_blind_round_others_memos_are_hidden(page, study):
    Memo.objects.create(study=study, kind="code", thing="TRUST", by="Bram", text="hidden thought")
    Study.objects.update(blind=True)
    assert "hidden thought" not in text_of(page.get("codebook_code", code="TRUST"))


def test_two_saves_have_two_numbers(study, ana, bram):
    versions.save(study, ana, "TRUST", "en", "", {"definition": "One"})
    versions.save(study, bram, "POWER", "en", "", {"definition": "Two"})
    assert sorted(study.codebooks.values_list("number", flat=True)) == [1, 2]
    assert (said(study, "TRUST"), said(study, "POWER")) == ("One", "Two")


def test_a_study_whose_last_own_code_is_gone_is_still_read_by_the_command_line(study, ana):
    id = own(study, ana)
    put_down(study)
    assert [row["id"] for row in services.rows_in(folder_of(study.pk))["own"]] == [id]
    versions.remove(study, ana, id, "")
    put_down(study)
    assert services.rows_in(folder_of(study.pk))["own"] == []
