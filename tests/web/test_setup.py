"""Set-up: from files to a study's page; every row can be looked at, changed, undone; turns can be corrected after a look."""

from __future__ import annotations

import shutil

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from weness_web import services, set_up, turning
from weness_web.changes import undo
from weness_web.faults import Fault
from weness_web.home import folder_of
from weness_web.labours import read
from weness_web.models import Adoption, Document, Job, Member, Study, User

pytestmark = pytest.mark.django_db
TALK = """Interview with Ruth Amsel, chair, Vale Growers' Association. 12 March 2024

Interviewer: How did it begin?
Ruth Amsel: We met at the mill, and we wanted apples in the schools of the whole valley.
Interviewer: And then?
Ruth Amsel: Then the council came, and we all sat down together.
Interviewer: Did they listen?
Ruth Amsel: They did. We were heard.
"""
SECOND = """Interview with Gareth Pike, area manager, Castell Kitchens. 20 March 2024

Interviewer: What is your part?
Speaker 1: We cook. Our kitchens feed thirty schools.
Interviewer: With whom?
Speaker 1: With the growers, mostly; we call each other.
Interviewer: Does it work?
Speaker 1: It does since the spring.
"""
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def study(bare_study):
    return bare_study


@pytest.fixture
def filled(study, ana):
    """A study of two interviews, read."""
    for name, text in (("ruth.txt", TALK), ("gareth.txt", SECOND)):
        (folder_of(study.pk) / name).write_text(text, "utf-8")
    set_up.settle(study, ana)
    return reread(study)


def reread(study):
    study.refresh_from_db()
    read(Job(study=study, kind="read"), lambda *told: None)
    study.refresh_from_db()
    return study


def rows(study, kind):
    study.refresh_from_db()
    return services.page_of(study.page)[kind]


def address(study, rest=""):
    return f"/s/{study.pk}/setup{rest}"


def seen(response):
    assert response.status_code == 200, response.content.decode()[:600]
    return response.content.decode()


def test_an_empty_study_shows_where_to_drop_files_and_no_tables(web, study):
    page = seen(web.get(address(study)))
    assert 'id="drop"' in page
    assert 'id="partners"' not in page


@pytest.mark.parametrize(
    ("language", "word"), [("en", "what was guessed"), ("es", "lo que se supuso"), ("nl", "wat geraden is")]
)
def test_the_page_speaks_three_languages(web, ana, filled, language, word):
    ana.language = language
    ana.save()
    assert word in seen(web.get(address(filled)))


def test_a_stranger_finds_nothing(filled, study):
    other = Client()
    other.force_login(User.objects.create_user("Eve", "another password"))
    for rest in ("", "/partners", "/partners/form", "/problems", "/strangers"):
        assert other.get(address(study, rest)).status_code == 404
    for rest in ("/partners/save", "/right", "/many", "/head", "/delete"):
        assert other.post(address(study, rest)).status_code == 404
    assert other.get(f"/s/{study.pk}/texts/1/turns").status_code == 404
    assert other.post(f"/s/{study.pk}/files").status_code == 404
    assert other.post(f"/s/{study.pk}/members").status_code == 404


def test_files_become_a_page_with_its_guesses_marked(web, filled):
    assert {row["file"] for row in rows(filled, "documents")} == {"ruth.txt", "gareth.txt"}
    assert any(row.startswith("partners/") for row in filled.guesses)
    page = seen(web.get(address(filled)))
    assert "guess-note" in page
    assert "the sector, by its name" in page
    assert "questions and answers" in page


def test_a_guess_is_confirmed_alone_or_with_all(web, filled):
    one = next(row for row in filled.guesses if row.startswith("partners/"))
    seen(web.post(address(filled, "/right"), {"rows": one}, **HTMX))
    filled.refresh_from_db()
    assert one not in filled.guesses
    assert filled.guesses
    assert web.post(address(filled, "/right"), {"rows": ""}, **HTMX).status_code == 204
    filled.refresh_from_db()
    assert list(filled.guesses) == ["speakers/speaker"], "what lacks its partner is not right with all the others"
    page = seen(web.get(address(filled)))
    assert "1 guess has something missing" in page
    assert 'name="rows" value=""' not in page
    house = rows(filled, "partners")[0]["id"]
    seen(web.post(address(filled, "/many"), {"kind": "speakers", "key": ["speaker"], "partner": house}, **HTMX))
    filled.refresh_from_db()
    assert filled.guesses == {}
    assert next(row for row in rows(filled, "speakers") if row["id"] == "speaker")["partner"] == house
    wrong = web.post(address(filled, "/many"), {"kind": "waves", "key": ["w1"]}, HTTP_ACCEPT="application/json")
    assert wrong.status_code == 400


def test_a_row_that_is_saved_is_no_guess_any_more_and_can_be_undone(web, ana, filled):
    key = rows(filled, "partners")[0]["id"]
    told = {
        "key": key,
        "name": "Vale Growers",
        "sector": "civil_society",
        "power": "local",
        "aliases": "the growers, VGA",
    }
    page = seen(web.post(address(filled, "/partners/save"), told, **HTMX))
    assert "Vale Growers" in page
    row = rows(filled, "partners")[0]
    assert row == {
        "id": key, "name": "Vale Growers", "sector": "civil_society", "power": "local", "aliases": ["the growers", "VGA"],
    }  # fmt: skip
    assert f"partners/{key}" not in filled.guesses
    assert Job.objects.filter(study=filled, kind="read", state="waiting").exists()
    undo(filled, ana)
    filled.refresh_from_db()
    assert f"partners/{key}" in filled.guesses
    assert rows(filled, "partners")[0]["name"] != "Vale Growers"


def test_a_name_with_a_comma_in_it_survives_the_form():
    names = ["Mill, Sons & Co.", "the mill"]
    assert set_up.as_list(set_up.as_line(names)) == names
    assert set_up.as_list(set_up.as_line(["Mill, Sons & Co."])) == ["Mill, Sons & Co."]
    assert set_up.as_list("the growers, VGA") == ["the growers", "VGA"]


def test_a_new_person_gets_a_short_name_that_is_free(web, filled):
    for _ in range(2):
        seen(web.post(address(filled, "/speakers/save"), {"name": "Denise Halloran", "partner": ""}, **HTMX))
    ids = [row["id"] for row in rows(filled, "speakers")]
    assert "denise_halloran" in ids
    assert "denise_halloran_2" in ids


@pytest.mark.parametrize(
    ("kind", "told", "word"),
    [
        ("waves", {"id": "x", "from": "2024-13"}, "no date"),
        ("waves", {"id": "x", "from": "2024-03", "to": "2024-01"}, "before it begins"),
        ("waves", {"id": "a b"}, "short name"),
        ("partners", {"name": ""}, "name is needed"),
        ("speakers", {"name": "Zed", "partner": "nobody"}, "Unknown partner"),
    ],
)
def test_what_cannot_be_is_refused_in_words(web, filled, kind, told, word):
    before = filled.page
    response = web.post(address(filled, f"/{kind}/save"), told, HTTP_ACCEPT="application/json")
    assert response.status_code == 400
    assert word in response.json()["fault"]
    filled.refresh_from_db()
    assert filled.page == before


def test_a_partner_that_is_removed_is_forgotten_by_people_and_texts(web, ana, filled):
    partner = next(row["partner"] for row in rows(filled, "speakers") if row.get("partner"))
    set_up.save_row(filled, ana, "partners", "", {"name": "The Town", "sector": "government"})
    filled.refresh_from_db()
    told = set_up.depends(filled, ana, services.page_of(filled.page), "partners", partner)
    assert told["speakers"] == 1
    assert "will speak for nobody" in seen(web.get(address(filled, f"/partners/form?key={partner}")))
    seen(web.post(address(filled, "/partners/remove"), {"key": partner}, **HTMX))
    assert all(row.get("partner") != partner for row in (*rows(filled, "speakers"), *rows(filled, "documents")))
    undo(filled, ana)
    assert any(row.get("partner") == partner for row in rows(filled, "speakers"))


def test_a_wave_can_be_called_otherwise_and_everything_goes_along(filled, ana):
    from django.utils import timezone

    step = Adoption.objects.create(study=filled, action="x", wave="w1", at=timezone.now())
    set_up.save_row(filled, ana, "waves", "w1", {"id": "spring", "from": "2024-03", "to": "2024-03"})
    assert {row["wave"] for row in rows(filled, "documents")} == {"spring"}
    step.refresh_from_db()
    assert step.wave == "spring"
    undo(filled, ana)
    step.refresh_from_db()
    assert step.wave == "w1"


def test_several_texts_get_the_same_wave_or_are_left_out_and_come_back(web, filled):
    files = ["ruth.txt", "gareth.txt"]
    seen(web.post(address(filled, "/many"), {"key": files, "do": "set", "genre": "minutes", "partner": "-"}, **HTMX))
    assert [row["genre"] for row in rows(filled, "documents")] == ["minutes", "minutes"]
    assert not any(row.get("partner") for row in rows(filled, "documents"))
    assert "left out" in seen(web.post(address(filled, "/many"), {"key": ["ruth.txt"], "do": "leave_out"}, **HTMX))
    assert [row["file"] for row in rows(filled, "documents")] == ["gareth.txt"]
    assert (folder_of(filled.pk) / "ruth.txt").is_file()
    refused = web.post(
        address(filled, "/many"), {"key": ["gareth.txt"], "do": "leave_out"}, HTTP_ACCEPT="application/json"
    )
    assert refused.status_code == 400
    assert web.post(address(filled, "/back"), {"file": "ruth.txt"}, **HTMX).status_code == 204
    assert len(rows(filled, "documents")) == 2


def test_files_that_come_later_get_rows_and_what_was_edited_stays(filled, ana):
    key = rows(filled, "partners")[0]["id"]
    set_up.save_row(
        filled,
        ana,
        "partners",
        key,
        {"name": rows(filled, "partners")[0]["name"], "sector": "business", "power": "funder"},
    )
    set_up.remove_row(filled, ana, "documents", "gareth.txt")
    late = TALK.replace("12 March 2024", "3 June 2025").replace("Ruth Amsel", "Tom Reed")
    (folder_of(filled.pk) / "tom.txt").write_text(late, "utf-8")
    filled.refresh_from_db()
    assert set_up.settle(filled, ana) == ["tom.txt"], "what was left out does not come back by itself"
    partners = rows(filled, "partners")
    assert partners[0]["power"] == "funder"
    documents = {row["file"]: row for row in rows(filled, "documents")}
    assert documents["ruth.txt"]["wave"] == "w1"
    assert documents["tom.txt"]["wave"] == "w2"
    assert any(row["name"] == "Tom Reed" for row in rows(filled, "speakers"))
    assert "documents/tom.txt" in filled.guesses


def test_whoever_edits_last_keeps_what_another_changed_before(filled, ana):
    stale = Study.objects.get(pk=filled.pk)
    set_up.save_row(filled, ana, "waves", "", {"id": "w9", "from": "2029-01"})
    set_up.save_row(stale, ana, "speakers", "", {"name": "Zed"})
    assert any(row["id"] == "w9" for row in rows(filled, "waves"))


def test_the_problems_are_those_of_weness_with_a_way_to_the_row(web, filled):
    Job.objects.all().delete()
    page = seen(web.get(address(filled, "/problems")))
    assert "w1" in page or "look" in page
    Job.objects.create(study=filled, kind="read", due_at=filled.made_at)
    assert "being read" in seen(web.get(address(filled, "/problems")))


def test_who_speaks_and_is_nobody_is_offered_as_a_new_person(web, ana, filled):
    speaker = next(row["speakers"][0] for row in rows(filled, "documents") if row["file"] == "gareth.txt")
    set_up.remove_row(filled, ana, "speakers", speaker)
    reread(filled)
    assert "Speaker 1" in seen(web.get(address(filled, "/strangers")))


# ---- turns ----


def turns_told(**said):
    told = {"label": ["Speaker 1", "Interviewer", ""], "who": ["", "", ""], "name": ["", "", ""], "house": ["", "", ""]}
    for number, (who, name, house) in said.items():
        n = int(number[1:])
        told["who"][n], told["name"][n], told["house"][n] = who, name, house
    return told | {"genre": "interview", "partner": "", "speakers": []}


def place_of(study, file="gareth.txt"):
    return Document.objects.get(study=study, file=file).place


def test_the_turns_of_a_text_are_shown_with_whose_voice_they_are(web, filled):
    page = seen(web.get(f"/s/{filled.pk}/texts/{place_of(filled)}/turns"))
    assert "Speaker 1" in page
    assert "asks the questions" in page
    assert "We cook. Our kitchens feed thirty schools." in page


def test_the_effect_is_shown_before_anything_is_saved(web, filled):
    before, folder = filled.page, sorted(folder_of(filled.pk).iterdir())
    told = turns_told(_0=("+new", "Gareth Pike II", rows(filled, "partners")[0]["id"]))
    page = seen(web.post(f"/s/{filled.pk}/texts/{place_of(filled)}/turns/preview", told, **HTMX))
    assert "Gareth Pike II" in page
    assert "3 turns are otherwise" in page
    filled.refresh_from_db()
    assert filled.page == before
    assert sorted(folder_of(filled.pk).iterdir()) == folder
    assert Document.objects.filter(study=filled).count() == 2


def test_a_corrected_label_is_read_anew_and_can_be_undone(web, ana, filled):
    partner = rows(filled, "partners")[0]["id"]
    place = place_of(filled)
    told = turns_told(_0=("+new", "Gareth Pike II", partner))
    assert web.post(f"/s/{filled.pk}/texts/{place}/turns/save", told).status_code == 302
    row = next(row for row in rows(filled, "documents") if row["file"] == "gareth.txt")
    assert row["turns"] == {"Speaker 1": "gareth_pike_ii"}
    assert row["speakers"] == ["gareth_pike_ii"]
    reread(filled)
    document = Document.objects.get(study=filled, file="gareth.txt")
    assert {turn[2] for turn in document.turns if turn[3] == "Speaker 1"} == {"gareth_pike_ii"}
    undo(filled, ana)
    assert "gareth_pike_ii" not in reread(filled).page


def test_a_label_may_be_who_asks_the_questions(ana, filled):
    document = Document.objects.get(study=filled, file="gareth.txt")
    said = turning.Said("Speaker 1", turning.ASKS)
    turning.save(filled, ana, document, turning.Told((said,), (), "interview", ""))
    reread(filled)
    document.refresh_from_db()
    assert all(turn[4] for turn in document.turns if turn[3] == "Speaker 1")


def test_a_label_that_was_not_seen_as_one_can_be_named(ana, filled):
    text = SECOND + "note taker: we will ask the town.\n"
    (folder_of(filled.pk) / "gareth.txt").write_text(text, "utf-8")
    reread(filled)
    document = Document.objects.get(study=filled, file="gareth.txt")
    assert not any(turn[3] == "note taker" for turn in document.turns)
    said = turning.Said("note taker", turning.NEW, "Nora Tack")
    found = turning.preview(filled, document, turning.Told((said,), (), "interview", ""))
    assert any(turn.label == "note taker" and turn.speaker == "nora_tack" for turn in found)


# ---- the study, its members, its end ----


def test_the_study_gets_a_name_languages_and_other_names(web, filled):
    told = {"name": "Valley Plates", "short": "valley", "languages": ["en", "nl"], "aliases": "the Plates"}
    assert web.post(address(filled, "/head"), told).status_code == 302
    filled.refresh_from_db()
    assert filled.title == "Valley Plates"
    header = services.page_of(filled.page)["study"]
    assert header == {"id": "valley", "name": "Valley Plates", "languages": ["en", "nl"], "aliases": ["the Plates"]}


def test_an_empty_study_can_be_called_otherwise(web, study):
    web.post(address(study, "/head"), {"name": "Other"})
    study.refresh_from_db()
    assert (study.title, study.page) == ("Other", "")


def test_the_owner_adds_and_removes_members_by_name(web, study):
    bram = User.objects.create_user("Bram", "another password")
    assert web.post(f"/s/{study.pk}/members", {"name": "bram"}).status_code == 302
    member = Member.objects.get(study=study, user=bram)
    theirs = Client()
    theirs.force_login(bram)
    assert 'id="members"' not in seen(theirs.get(address(study)))
    assert theirs.post(f"/s/{study.pk}/members", {"name": "Ana"}).status_code == 403
    assert theirs.post(address(study, "/delete"), {"name": study.title}).status_code == 403
    assert web.post(f"/s/{study.pk}/members/{member.pk}/remove").status_code == 302
    assert theirs.get(address(study)).status_code == 404
    unknown = web.post(f"/s/{study.pk}/members", {"name": "Nobody"}, HTTP_ACCEPT="application/json")
    assert "Nobody" in unknown.json()["fault"]
    owner = Member.objects.get(study=study, owner=True)
    assert web.post(f"/s/{study.pk}/members/{owner.pk}/remove").status_code == 400


def test_a_study_is_deleted_with_its_files_once_its_name_is_typed(web, filled):
    folder = folder_of(filled.pk)
    page = seen(web.post(address(filled, "/delete"), {"name": "wrong"}, follow=True))
    assert "Nothing was deleted" in page
    assert "notice error" in page
    assert folder.is_dir()
    assert web.post(address(filled, "/delete"), {"name": filled.title}).status_code == 302
    assert not Study.objects.filter(pk=filled.pk).exists()
    assert not folder.exists()


def test_what_a_text_says_is_escaped_wherever_it_is_shown(web, ana, study):
    nasty = SECOND.replace("Speaker 1", "Zed <b>X</b>").replace("We cook", "<script>alert(1)</script> We cook")
    (folder_of(study.pk) / "nasty.txt").write_text(nasty, "utf-8")
    set_up.settle(study, ana)
    reread(study)
    page = seen(web.get(f"/s/{study.pk}/texts/1/turns")) + seen(web.get(address(study)))
    assert "<script>alert" not in page
    assert "<b>X</b>" not in page


def test_a_row_that_is_gone_says_so(filled, ana):
    with pytest.raises(Fault, match="row_gone"):
        set_up.save_row(filled, ana, "partners", "nobody", {"name": "X"})


def test_uploading_without_a_script_shows_what_came_of_each_file(web, study):
    files = [SimpleUploadedFile("ruth.txt", TALK.encode()), SimpleUploadedFile("a.exe", b"MZ")]
    page = seen(web.post(f"/s/{study.pk}/files", {"files": files}))
    assert "taken in" in page
    assert "left out" in page
    assert 'id="partners"' in page
    shutil.rmtree(folder_of(study.pk))


def test_an_undone_set_up_leaves_the_files_to_be_taken_in_again(web, ana, filled):
    undo(filled, ana)
    reread(filled)
    assert filled.page == ""
    page = seen(web.get(address(filled)))
    assert "ruth.txt" in page
    assert "2 files lie here" in page
    assert web.post(f"/s/{filled.pk}/files/done").status_code == 302
    assert len(rows(filled, "documents")) == 2
