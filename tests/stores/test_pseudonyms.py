"""Names are replaced everywhere and the same way, every letter comes back with the key, and nothing without it."""

import json
import os
import shutil
import stat
import unicodedata
import zipfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from weness import library
from weness.cli import app
from weness.coding.checks import Draw, written_draws
from weness.coding.codebook import codebook_named
from weness.coding.human import HumanCoder
from weness.coding.masks import folded, replaced
from weness.reading.corpus import Speaker
from weness.reading.gathering import read_study
from weness.reading.study_file import study_file
from weness.stores.pseudonyms.forms import forms_of
from weness.stores.pseudonyms.key import KeyRefused, key_in
from weness.stores.pseudonyms.people import Hidden, fitting_prefix, names_listed, people_in, seen
from weness.stores.pseudonyms.pseudonymised import CannotPseudonymise, pseudonymise, summary
from weness.stores.pseudonyms.restored import restore
from weness.study import Study

SPEAKERS = (
    Speaker("luz", "Luz Marina Rey Gómez", "mill", "gerente", ("doña Luz", "Lucha")),
    Speaker("jan", "Jan van der Berg", "zuid", "inkoper"),
    Speaker("joaquin", "Joaquín Bedoya", "mill"),
    Speaker("will", "Will Anne-Marie Stone", "zuid"),
    Speaker("eva", "Eva Smit", None, "interviewer"),
)
PEOPLE = people_in(SPEAKERS, (), (), "P")
FORMS = forms_of(PEOPLE)


def hidden(text, forms=FORMS):
    return replaced(text, forms.finds_in(text)).text


@pytest.mark.parametrize(
    ("text", "under"),
    [
        ("Luz Marina Rey Gómez said so.", "P01 said so."),
        ("Luz Rey and Rey Gómez and Luz M. Rey.", "P01 and P01 and P01."),
        ("Doña Luz, LUZ MARINA REY, Lucha.", "P01, P01, P01."),
        ("Joaquin y Joaquín y Joaqui\u0301n y BEDOYA", "P03 y P03 y P03 y P03"),
        ("J. Bedoya and J Bedoya", "P03 and P03"),
        ("Jan van der Berg, Van der Berg, de heer Berg", "P02, P02, de heer P02"),
        ("Eva's idea, Evas idee, Eva’s plan", "P05's idea, P05s idee, P05’s plan"),
        ("Anne-Marie, Marie, Stone-Bedoya, _Luz_ and **Luz**", "P04, P04, P04-P03, _P01_ and **P01**"),
        ("la luz, een berg, they will, stone", "la luz, een berg, they will, stone"),
        ("joaquín bedoya wrote in small letters", "P03 wrote in small letters"),
        ("Luzern, Bergen and Janet are others", "Luzern, Bergen and Janet are others"),
        ("Rey\nGómez", "P01\nP01"),
        ("Jan\u00a0van  der Berg", "P02"),
        ("Mar\u00adina, L\u200buz\u200c R\u200dey, Go\u0301\u00admez", "P01, P01, P01"),
        ("Joaqui\u00ad\u0301n and ma\u00adrina", "P03 and ma\u00adrina"),
        ("Luz\u200bRey, de\u200bLuz, Luz\u00adern", "P01, de\u200bP01, Luz\u00adern"),
        ("LuzMarina, ReyLuz, LUZMARINA, luzmarina, LuzdeRey", "P01, P01, P01, P01, P01"),
        ("JBedoya, AnneMarie, VanderBerg, LuzMarinas plan", "P03, P04, P02, P01s plan"),
        ("#luzmarinarey #Luz #luz @luzrey", "#P01 #P01 #P01 @P01"),
        ("LuzJan at 10:30Rey, Rey2 and A1Jan", "P01P02 at 10:30P01, P01 and A1P02"),
        ("jandarme, luzjan, stoneware, Willing", "jandarme, luzjan, stoneware, Willing"),
    ],
)
def test_every_form_of_one_person_is_one_pseudonym(text, under):
    assert hidden(text) == under


@pytest.mark.parametrize(
    ("text", "under"),
    [
        ("Joaquín Bedoya <joaquin.bedoya@mill.example>", "P03 <P03@mill.example>"),
        ("jbedoya@mill.example, j.vanderberg@zuid.nl", "P03@mill.example, P02@zuid.nl"),
        ("info@bedoya.example or www.bedoya.example/luz", "info@P03.example or www.P03.example/P01"),
        ("post@mill.example", "post@mill.example"),
        ("ask @evasmit", "ask @P05"),
        ("luzrey77@x.nl and https://reyluz.com/luzrey", "P01@x.nl and https://P01.com/P01"),
    ],
)
def test_addresses_do_not_give_a_name_away(text, under):
    assert hidden(text) == under


def test_file_names_are_hidden_however_they_are_written():
    assert FORMS.in_file_name("2024-01-02_luz_rey") == "2024-01-02_P01"
    assert FORMS.in_file_name("InterviewJoaquinBedoya2") == "InterviewP03_2"
    assert FORMS.in_file_name("round 2/w1_jan") == "round 2/w1_P02"
    assert FORMS.in_file_name("january") == "january"
    assert FORMS.in_file_name("LuzRey and Mar\u00adina 2") == "P01 and P01 2"


def test_ids_lose_whole_names_but_not_parts_of_words():
    told = ("luz_code", "code-rey2", "goodwill", "will_to_act", "Jan's way")
    assert [FORMS.in_id(one) for one in told] == ["P01_code", "code-P01_2", "goodwill", "P04_to_act", "P02's way"]


def test_a_name_that_two_bear_is_the_one_who_speaks_in_the_text_else_has_a_pseudonym_of_its_own():
    people = people_in((Speaker("a", "Ana Ruiz"), Speaker("b", "Ana Díaz")), (), (), "P")
    assert hidden("Ana Ruiz met Ana.", forms_of(people)) == "P01 met P03."
    assert hidden("Ana Ruiz met Ana.", forms_of(people, ["P02"])) == "P01 met P02."
    assert people[-1] == Hidden("P03", ("Ana",), "", ("P01", "P02"))


def test_numbers_go_on_where_a_key_is_continued():
    first = people_in(SPEAKERS[:2], (), (), "P")
    again = people_in((SPEAKERS[2], *SPEAKERS[:2]), (("Zoltan",),), first, "P")
    assert [(one.pseudonym, one.names[0]) for one in again] == [
        ("P01", "Luz Marina Rey Gómez"),
        ("P02", "Jan van der Berg"),
        ("P03", "Joaquín Bedoya"),
        ("P04", "Zoltan"),
    ]


def test_a_list_names_others_and_adds_forms_to_those_who_are_known():
    listed = names_listed("# who else\n\nZoltan Kis = Zoli, Zolika  # a guest\nEva Smit = Eef\nBanco del Sur\n")
    assert listed == (("Zoltan Kis", "Zoli", "Zolika"), ("Eva Smit", "Eef"), ("Banco del Sur",))
    forms = forms_of(people_in(SPEAKERS, listed, (), "P"))
    assert hidden("Zoli, Zoltan Kis, Eef, Banco del Sur, Banco, Zoltan", forms) == "P06, P06, P05, P07, Banco, Zoltan"


def test_people_without_a_name_keep_what_they_are_called():
    people = people_in((Speaker("r1", "Respondent 1"), Speaker("i", "Interviewer"), Speaker("x", "P. 3")), (), (), "P")
    assert people == ()


def test_a_pseudonym_is_never_what_the_text_says_already():
    assert fitting_prefix(["nothing"]) == "P"
    assert fitting_prefix(["see P01"]) == "N"
    assert fitting_prefix(["x\nP: how?\nR: so", "N12 is a road"]) == "X"


ODD = "\u00ad\u200b\u200c\u200d"
PIECES = [*"ab \n😀é'-._@:#", *ODD, "LuzRey", "e\u0301", "\u0301", "\r\n", "Luz", "Rey", "Gómez", "luz marina rey gómez", "van der Berg", "Jan",
          "JOAQUÍN", "Bedoya", "Joaqui\u0301n", "Anne-Marie", "s", "will@stone.nl", "P", "7"]  # fmt: skip


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.data())
def test_whatever_the_text_it_comes_back_letter_by_letter_and_every_passage_keeps_its_words(text, data):
    finds = FORMS.finds_in(text)
    assert all(0 <= start < end <= len(text) for start, end, _ in finds)
    assert all(one[1] <= two[0] for one, two in pairwise(finds))
    under = replaced(text, finds)
    places = [under.forth(start, end) for start, end, _ in finds]
    back = replaced(
        under.text, [(*place, text[start:end]) for place, (start, end, _) in zip(places, finds, strict=True)]
    )
    assert back.text == text
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    there = under.forth(start, end)
    whole_start = min([start, *(left for left, right, _ in finds if left <= start < right)])
    whole_end = max([end, *(right for left, right, _ in finds if left < end <= right)])
    assert under.back(*there) == (whole_start, whole_end) == back.forth(*there)
    within = [(s - whole_start, e - whole_start, p) for s, e, p in finds if whole_start <= s and e <= whole_end]
    assert under.text[slice(*there)] == replaced(text[whole_start:whole_end], within).text


TEXTS = {
    "interviews/luz rey.txt": "Luz Marina Rey Gómez\r\n\r\nEva Smit: How did Jan's plan 😀 come up?\r\n"
    "Luz: We met Jan and Joaquin at the mill. We agreed.\r\nEva Smit: And Will?\r\nLuz: He will come. Dirk Slot too.\r\n",
    "minutes.txt": "Minutes of 3 March 2024\n\nPresent: Joaquín Bedoya (JB), Jan van der Kuip, Dirk Slot\n\n"
    "JB: we agree with Jan.\nJan: we will see.\nAction: JB writes to jan.vanderkuip@zuid.nl.\n",
    "mail.txt": "From: Jan van der Kuip <jan@zuid.nl>\nTo: Luz Rey <luz@mill.example>\nSubject: the plan\n\n"
    "Dear Luz,\n\nWe like it.\n\nJan\n",
}
STUDY = """
study: {id: nevada, name: Alianza Nevada, languages: [en], aliases: [the Alliance]}
partners:
  - {id: mill, name: The Mill, sector: business, power: local, aliases: [the mill]}
  - {id: zuid, name: Branderij Zuid, sector: business, power: funder}
speakers:
  - {id: luz, name: Luz Marina Rey Gómez, partner: mill, role: gerente, aliases: [doña Luz]}
  - {id: jan, name: Jan van der Kuip, partner: zuid, role: inkoper}
  - {id: joaquin, name: Joaquín Bedoya, partner: mill}
  - {id: will, name: Will Stone, partner: zuid}
  - {id: eva, name: Eva Smit, role: interviewer}
waves: [{id: w1, from: 2024-01, to: 2024-06, event: Jan came back}]
documents:
  - {file: interviews/luz rey.txt, wave: w1, date: 2024-03-01, genre: interview, language: en, partner: mill, speakers: [eva, luz]}
  - {file: minutes.txt, wave: w1, date: 2024-03-03, genre: minutes, language: en, partner: null, speakers: [joaquin, jan]}
  - {file: mail.txt, wave: w1, date: 2024-03-04, genre: email, language: en, partner: zuid, speakers: [jan], turns: {J: jan}}
settings: {rho: 0.2}
"""


@pytest.fixture
def study(tmp_path):
    folder = tmp_path / "nevada"
    for name, text in TEXTS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    text = TEXTS["interviews/luz rey.txt"].replace("\r\n", "\n")
    rows = [
        row(
            text,
            "We met Jan and Joaquin at the mill.",
            code="TRUST",
            why="she names Jan",
            fields={"item": "Jan's plan"},
        ),
        row(text, "Marina Rey", code="TRUST"),
        row(text, "😀 come", code="TRUST", coder="ana"),
        {"file": "minutes.txt", "seen": ["B", "C"], "coder": "reader"},
    ]
    write(folder / "codings.jsonl", rows)
    write(
        folder / "codings.second.jsonl", [row(text, "We agreed.", code="CONFLICT", fields={"memo": "JOAQUIN, surely"})]
    )
    (folder / "items.yaml").write_text("rename: {Jan's plan: the plan of Jan van der Kuip}\n", encoding="utf-8")
    (folder / "notes.docx").write_bytes(b"not read")
    return folder


def row(text, words, file="interviews/luz rey.txt", **more):
    start = text.index(words)
    return {"file": file, "start": start, "end": start + len(words), "text": words, "coder": "reader", **more}


def write(path, rows):
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows), encoding="utf-8")


def rows_of(path):
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def everything_in(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join), st.data())
def test_a_study_of_any_text_and_any_codings_comes_back_as_it_was(tmp_path_factory, text, data):
    folder = tmp_path_factory.mktemp("any") / "study"
    folder.mkdir()
    (folder / "study.yaml").write_text(
        STUDY.split("documents:")[0] + "documents: [{file: a Luz.txt}]", encoding="utf-8"
    )
    (folder / "a Luz.txt").write_bytes(f"Luz: we {text}".encode())
    read = read_study(folder).documents[0].text
    rows = []
    for _ in range(3):
        start = data.draw(st.integers(0, len(read) - 1))
        words = read[start : data.draw(st.integers(start + 1, len(read)))]
        rows.append({"file": "a Luz.txt", "start": start, "end": start + len(words), "text": words, "why": text})
    write(folder / "codings.jsonl", rows)
    done = pseudonymise(folder)
    back = restore(done.folder, done.key).folder
    assert read_study(back).documents[0].text == read
    assert rows_of(back / "codings.jsonl") == rows
    assert len(rows_of(done.folder / "codings.jsonl")) == 3


def test_no_name_is_left_and_the_study_itself_is_as_it_was(study):
    before = everything_in(study)
    done = pseudonymise(study)
    assert everything_in(study) == before
    told = "\n".join(f"{name}\n{data.decode()}" for name, data in everything_in(done.folder).items())
    for name in (
        "Luz",
        "luz",
        "Rey",
        "Gómez",
        "Jan",
        "jan",
        "Kuip",
        "Joaq",
        "JOAQ",
        "Bedoya",
        "JB",
        "Will",
        "Stone",
        "Eva",
    ):
        assert name not in told
    assert "He will come" in told
    assert "Dirk Slot" in told
    assert done.silent == ()
    assert done.left == ("notes.docx",)
    assert ("Dirk Slot", 2) in done.looks
    assert "look at these" in summary(done)
    assert "not anonymity" in summary(done)


def test_the_new_study_is_read_as_the_old_one(study):
    done = pseudonymise(study)
    old, new = read_study(study), read_study(done.folder)
    ids = {"luz": "p01", "jan": "p02", "joaquin": "p03", "will": "p04", "eva": "p05", None: None}
    assert [(ids[one.speaker], one.interviewer) for one in old.turns] == [
        (one.speaker, one.interviewer) for one in new.turns
    ]
    assert [one.partner for one in old.sentences] == [one.partner for one in new.sentences]
    assert [one.form for one in old.mentions] == [one.form for one in new.mentions]
    assert done.notes == ()
    file = study_file(done.folder)
    assert file.settings["settings"] == {"rho": 0.2}
    assert (file.name, file.aliases, file.waves[0].event) == ("Alianza Nevada", ("the Alliance",), "P02 came back")


def test_codings_stand_at_the_same_words(study):
    done = pseudonymise(study)
    human = HumanCoder(done.folder)
    each = human.each(read_study(done.folder), codebook_named())
    assert human.notes == []
    rows = rows_of(done.folder / "codings.jsonl")
    assert [one.get("text") for one in rows] == ["We met P02 and P03 at the mill.", "P01", "😀 come", None]
    assert rows[0]["why"] == "she names P02"
    assert rows[0]["fields"] == {"item": "P02's plan"}
    assert sum(len(one.marks) for one in each) == 3
    assert rows_of(done.folder / "codings.second.jsonl")[0]["fields"] == {"memo": "P03, surely"}


def test_with_the_key_everything_comes_back(study):
    done = pseudonymise(study)
    back = restore(done.folder, done.key).folder
    old, new = read_study(study), read_study(back)
    assert [one.text for one in old.documents] == [one.text for one in new.documents]
    assert (old.turns, old.sentences, old.mentions) == (new.turns, new.sentences, new.mentions)
    assert (old.speakers, old.partners, old.waves, old.aliases) == (new.speakers, new.partners, new.waves, new.aliases)
    for name in ("codings.jsonl", "codings.second.jsonl"):
        assert rows_of(study / name) == rows_of(back / name)
    assert library.parsed((back / "items.yaml").read_text("utf-8")) == {
        "rename": {"Jan's plan": "the plan of Jan van der Kuip"}
    }
    assert study_file(back).settings == {"settings": {"rho": 0.2}}
    assert study_file(back).documents[2].turns == (("J", "jan"),)


def test_codings_made_since_come_back_too(study):
    done = pseudonymise(study)
    path, file = done.folder / "codings.jsonl", "interviews/P01.txt"
    text = (done.folder / file).read_text("utf-8")
    write(path, [*rows_of(path)[1:], row(text, "met P02 and P03", file, code="TRUST", why="P02 again")])
    page = (done.folder / "study.yaml").read_text("utf-8")
    (done.folder / "study.yaml").write_text(page.replace("P02 came back", "P02 fell ill"), encoding="utf-8")
    back = restore(done.folder, done.key).folder
    rows = rows_of(back / "codings.jsonl")
    assert [one.get("text") for one in rows] == ["Marina Rey", "😀 come", None, "met Jan and Joaquin"]
    assert rows[3]["why"] == "Jan van der Kuip again"
    file = study_file(back)
    assert file.waves[0].event == "Jan van der Kuip fell ill"
    assert file.speakers == study_file(study).speakers
    assert file.documents[0].speakers == ("eva", "luz")


def test_a_text_that_was_changed_is_refused_by_name_and_the_others_come_back(study):
    done = pseudonymise(study)
    (done.folder / "minutes.txt").write_text("Something else.", encoding="utf-8")
    found = restore(done.folder, done.key)
    assert len(found.refused) == 1
    assert "minutes.txt" in found.refused[0]
    assert found.texts == 2
    assert not (found.folder / "minutes.txt").exists()
    assert len(study_file(found.folder).documents) == 2


def test_without_its_key_nothing_comes_back(study, tmp_path):
    done = pseudonymise(study)
    other = tmp_path / "other.yaml"
    other.write_text("study: x\n", encoding="utf-8")
    for key, told in ((None, "--key"), (other, "no key"), (tmp_path / "none.yaml", "no key")):
        with pytest.raises(KeyRefused, match=told):
            restore(done.folder, key)
    second = tmp_path / "second"
    shutil.copytree(study, second)
    (second / "minutes.txt").write_text("Jan: we agree.\n", encoding="utf-8")
    strange = pseudonymise(second)
    with pytest.raises(KeyRefused, match="does not belong"):
        restore(done.folder, strange.key)
    with pytest.raises(KeyRefused, match="not pseudonymised"):
        restore(study, done.key)
    assert not (tmp_path / "nevada-restored").exists()


@pytest.mark.parametrize(("was", "now"), [("was: minutes.txt", "was: ../minutes.txt"), ("JB]", "XX]")])
def test_a_key_that_was_changed_by_hand_is_refused_where_it_was_changed(study, was, now):
    done = pseudonymise(study)
    key = done.key.read_text("utf-8")
    assert was in key
    done.key.write_text(key.replace(was, now), encoding="utf-8")
    found = restore(done.folder, done.key)
    assert [one.split(":")[0] for one in found.refused] == ["minutes.txt"]
    assert not (found.folder.parent / "minutes.txt").exists()


def test_the_key_is_the_users_alone_and_is_continued_not_overwritten(study, tmp_path):
    done = pseudonymise(study)
    assert "undo" in done.key.read_text("utf-8").splitlines()[0]
    if os.name == "posix":
        assert stat.S_IMODE(done.key.stat().st_mode) == 0o600
    names = tmp_path / "names.txt"
    names.write_text("Dirk Slot\nNobody Atall\nMinut\n", encoding="utf-8")
    again = pseudonymise(study, tmp_path / "again", listed=names)
    assert again.missing == ("Nobody Atall", "Minut")
    people = {one.names[0]: one.pseudonym for one in key_in(done.key).people}
    assert (people["Luz Marina Rey Gómez"], people["Dirk Slot"]) == ("P01", "P06")
    assert restore(done.folder, done.key, tmp_path / "one").texts == 3
    assert restore(again.folder, done.key, tmp_path / "two").texts == 3


def test_a_listed_partner_has_another_name_and_id_everywhere(study, tmp_path):
    names = tmp_path / "names.txt"
    names.write_text("Branderij Zuid = Zuid, zuid\n", encoding="utf-8")
    done = pseudonymise(study, listed=names)
    file = study_file(done.folder)
    assert (file.partners[1].id, file.partners[1].name, file.speakers[1].partner) == ("p06", "P06", "p06")
    assert "@P06.nl" in (done.folder / "mail.txt").read_text("utf-8")
    assert done.notes == ()
    assert study_file(restore(done.folder, done.key).folder).partners == study_file(study).partners


def test_nothing_is_overwritten_and_no_key_lies_in_a_study(study, tmp_path):
    done = pseudonymise(study)
    files = everything_in(tmp_path)
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere.yaml")
    (tmp_path / "other.yaml").write_text(done.key.read_text("utf-8").replace("study: nevada", "study: x", 1), "utf-8")
    for out, key, told in (
        (None, None, "there already"),
        (study / "new", None, "within each other"),
        (tmp_path, None, "there already"),
        (tmp_path / "no" / "new", None, "no folder"),
        (tmp_path / "new", study / "key.yaml", "within the study"),
        (tmp_path / "new", tmp_path / "new" / "key.yaml", "within the study"),
        (tmp_path / "new", tmp_path / "link", "no link"),
        (tmp_path / "new", tmp_path / "other.yaml", "key of the study 'x'"),
    ):
        with pytest.raises(CannotPseudonymise, match=told):
            pseudonymise(study, out, key)
    with pytest.raises(CannotPseudonymise, match="already"):
        pseudonymise(done.folder)
    (tmp_path / "link").unlink()
    (tmp_path / "other.yaml").unlink()
    assert everything_in(tmp_path) == files


def test_what_goes_wrong_half_way_leaves_nothing(study, tmp_path, monkeypatch):
    def breaks(*_):
        raise OSError("the disk is full")

    monkeypatch.setattr("weness.stores.pseudonyms.pseudonymised.write_key", breaks)
    with pytest.raises(OSError, match="full"):
        pseudonymise(study)
    assert [path.name for path in tmp_path.iterdir()] == ["nevada"]


def test_letters_before_a_colon_stay_whose_they_were(study):
    text = "E: How is it?\nL: We manage.\nE: And now?\nL: We agreed with Jan.\n"
    (study / "interviews" / "luz rey.txt").write_text(text, encoding="utf-8")
    write(study / "codings.jsonl", [])
    write(study / "codings.second.jsonl", [])
    done = pseudonymise(study)
    new = read_study(done.folder)
    assert [one.speaker for one in new.turns if one.span.document.startswith("inter")] == ["p05", "p01", "p05", "p01"]
    assert restore(done.folder, done.key).texts == 3


def test_a_listed_stranger_who_speaks_is_still_somebody_else(study, tmp_path):
    text = "Eva: How?\nLuz: We manage.\nDirk Slot: I do not.\nLuz: We do.\nDirk Slot: No.\n"
    (study / "interviews" / "luz rey.txt").write_text(text, encoding="utf-8")
    (study / "codings.jsonl").unlink()
    (study / "codings.second.jsonl").unlink()
    (tmp_path / "names.txt").write_text("Dirk Slot", encoding="utf-8")
    done = pseudonymise(study, listed=tmp_path / "names.txt")
    old, new = read_study(study), read_study(done.folder)
    assert [one.partner for one in old.sentences] == [one.partner for one in new.sentences]
    assert study_file(restore(done.folder, done.key).folder).speakers == study_file(study).speakers


def test_rows_that_do_not_fit_are_left_out_and_named(study):
    rows = rows_of(study / "codings.jsonl")
    write(study / "codings.jsonl", [{**rows[0], "start": 0}, {**rows[0], "file": "no.txt"}, rows[2]])
    with (study / "codings.jsonl").open("a") as more:
        more.write("{broken\n")
    done = pseudonymise(study)
    assert len(rows_of(done.folder / "codings.jsonl")) == 1
    assert [note.split(":")[0] for note in done.notes] == [f"codings.jsonl, line {line}" for line in (1, 2, 4)]


@pytest.mark.parametrize("case", ["demo", "corpus/bahia"])
def test_the_librarys_partnerships_come_back_letter_by_letter(tmp_path, case):
    folder = tmp_path / "study"
    shutil.copytree(library.HERE / case, folder)
    done = pseudonymise(folder)
    old, under, new = read_study(folder), read_study(done.folder), read_study(restore(done.folder, done.key).folder)
    assert [one.text for one in old.documents] == [one.text for one in new.documents]
    assert old.speakers == new.speakers
    assert done.notes == ()
    for one in (under, new):
        assert (len(one.turns), len(one.sentences)) == (len(old.turns), len(old.sentences))
    assert [one.speaker for one in old.turns] == [one.speaker for one in new.turns]
    parts = {word for one in old.speakers for word in one.name.split() if word[0].isupper()}
    assert not [word for word in parts for text in under.documents if f" {word} " in text.text]


def test_the_command_says_what_it_did_and_refuses_with_two(study, tmp_path):
    def run(*words):
        return CliRunner().invoke(app, ["pseudonymise", *map(str, words)])

    done = run(study)
    assert done.exit_code == 0
    assert "places of the texts replaced" in done.output
    new = tmp_path / "nevada-pseudonymised"
    refused = run(new, "--reverse")
    assert refused.exit_code == 2
    assert "--key" in refused.output
    assert run(new, "--reverse", "--key", tmp_path / "nevada.key.yaml").exit_code == 0
    (new / "minutes.txt").write_text("changed", encoding="utf-8")
    partly = run(new, "--reverse", "--key", tmp_path / "nevada.key.yaml", "--out", tmp_path / "partly")
    assert partly.exit_code == 1
    assert "minutes.txt" in partly.output
    assert Path(tmp_path / "partly" / "study.yaml").is_file()


def test_what_persons_wrote_beside_their_codings_has_no_names_either(study):
    (study / "codes.yaml").write_text(
        "codes: [{id: Jan's way, name: Jan's way}, {id: T, name: T, means: TRUST}]\n", "utf-8"
    )
    text = TEXTS["interviews/luz rey.txt"].replace("\r\n", "\n")
    write(study / "codings.jsonl", [row(text, "We agreed.", code="Jan's way"), row(text, "We met Jan", code="TRUST")])
    memo = {"guid": "1", "text": "ask Luz", "on": [{"document": "interviews/luz rey.txt"}, {"code": "Jan's way"}]}
    write(study / "memos.jsonl", [memo])
    done = pseudonymise(study)
    assert [one["code"] for one in rows_of(done.folder / "codings.jsonl")] == ["P02's way", "TRUST"]
    assert library.parsed((done.folder / "codes.yaml").read_text("utf-8"))["codes"][0]["id"] == "P02's way"
    (under,) = rows_of(done.folder / "memos.jsonl")
    assert (under["text"], under["on"]) == ("ask P01", [{"document": "interviews/P01.txt"}, {"code": "P02's way"}])
    assert rows_of(restore(done.folder, done.key).folder / "memos.jsonl") == [memo]


def test_somebody_called_like_a_code_does_not_change_the_codes(tmp_path, study):
    page = (study / "study.yaml").read_text("utf-8").replace("Will Stone", "Will Trust")
    (study / "study.yaml").write_text(page, encoding="utf-8")
    done = pseudonymise(study)
    assert {one.get("code") for one in rows_of(done.folder / "codings.jsonl")} == {"TRUST", None}


ONES = (("Luz", "Marina", "Rey", "Gómez", "GOMEZ"), ("Jan", "Kuip", "van der Kuip"), ("Joaquín", "Joaqui\u0301n", "Bedoya"),
        ("Will", "Stone"), ("EVA", "Smit"))  # fmt: skip
LONG_NAMES = ("marina", "gomez", "kuip", "joaquin", "bedoya", "will", "stone", "smit")


@st.composite
def odd_names(draw):
    """Names of one person, run together or not, as a tag, a handle or a word, with odd signs anywhere in them."""
    parts = draw(st.lists(st.sampled_from(draw(st.sampled_from(ONES))), min_size=1, max_size=3))
    before = draw(st.sampled_from(["", "#", "@"]))
    between = draw(st.sampled_from(["", "", "_", "-", " "])) if not before else ""
    name = between.join(parts)
    if before:
        name = draw(st.sampled_from([name, name.lower()]))
    if before or (not between and len(parts) > 1):
        name = name.replace(" ", "")
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(name)))
        name = name[:at] + draw(st.sampled_from(ODD)) + name[at:]
    return before + name + draw(st.sampled_from(["", "", "2", "s", "'s", "."]))


@settings(max_examples=40, deadline=None)
@given(st.lists(odd_names(), min_size=5, max_size=5))
def test_no_letters_of_a_name_are_left_in_any_file_and_all_of_it_comes_back(tmp_path_factory, told):
    folder = tmp_path_factory.mktemp("odd") / f"x {told[0]} y"
    folder.mkdir()
    page = STUDY.split("documents:")[0].replace("gerente", json.dumps(f"a {told[1]} b"))
    file = unicodedata.normalize("NFC", f"a {told[2]}.txt".replace("@", "").replace("#", ""))
    text = f"Eva: we met {told[3]} and {told[4]}.\n{told[1]} went.\n"
    (folder / file).write_text(text, encoding="utf-8")
    (folder / "study.yaml").write_text(f"{page}documents: [{{file: {json.dumps(file)}}}]", encoding="utf-8")
    words = [{"id": f"to {told[0]}", "name": f"to {told[1]}", "description": told[2]}]
    (folder / "codes.yaml").write_text(json.dumps({"codes": words}), encoding="utf-8")
    (folder / "items.yaml").write_text(json.dumps({"rename": {told[3]: told[4]}}), encoding="utf-8")
    coded = row(text, told[3], file, code=words[0]["id"], why=f"as {told[2]} said", fields={"item": told[1]})
    write(folder / f"more {told[0]}.jsonl".replace("@", ""), [coded])
    write(folder / "memos.jsonl", [{"guid": "1", "name": told[0], "text": told[1], "on": [{"code": words[0]["id"]}]}])
    done = pseudonymise(folder)
    for name, data in (everything_in(done.folder) | {done.folder.name: b""}).items():
        parsed = library.parsed(data.decode()) if name.endswith(".yaml") else ""
        left = folded(seen(f"{name} {data.decode()} {json.dumps(parsed, ensure_ascii=False)}"))
        letters = "".join(sign for sign in left if not unicodedata.combining(sign))
        assert not [one for one in LONG_NAMES if one in letters], name
    back = restore(done.folder, done.key).folder
    assert read_study(back).documents[0].text == text
    for path in folder.glob("*.jsonl"):
        assert rows_of(back / path.name) == rows_of(path)
    for name in ("codes.yaml", "items.yaml"):
        assert library.parsed((back / name).read_text("utf-8")) == library.parsed((folder / name).read_text("utf-8"))


def test_a_name_within_a_longer_word_is_said_wherever_it_stands(study):
    text = (study / "minutes.txt").read_text("utf-8")
    (study / "minutes.txt").write_text(f"{text}\nThe Stoneware and a mile\u00adstone.\n", encoding="utf-8")
    rows = rows_of(study / "codings.jsonl")
    write(study / "codings.jsonl", [{**rows[0], "why": "AntiMarina, surely"}])
    done = pseudonymise(study)
    assert done.within == (("AntiMarina", 1), ("Stoneware", 1), ("milestone", 1))
    assert "still stands within these words: AntiMarina (1), Stoneware (1)" in summary(done)


def test_the_new_folder_is_not_called_by_a_name(study):
    named = study.rename(study.with_name("rey_study"))
    done = pseudonymise(named)
    assert done.folder.name == "P01_study-pseudonymised"
    assert done.key.name == "rey_study.key.yaml"
    assert restore(done.folder, done.key).folder.name == "P01_study-restored"


def test_ids_of_the_studys_own_codes_and_of_partners_lose_their_names_and_get_them_back(study):
    page = (study / "study.yaml").read_text("utf-8").replace("{id: zuid,", "{id: kuip_bv,")
    (study / "study.yaml").write_text(page.replace("partner: zuid", "partner: kuip_bv"), encoding="utf-8")
    codes = {"codes": [{"id": "luz_code", "name": "luz_code"}, {"id": "rey_code", "name": "x", "parent": "luz_code"}]}
    (study / "codes.yaml").write_text(json.dumps(codes), encoding="utf-8")
    text = TEXTS["interviews/luz rey.txt"].replace("\r\n", "\n")
    rows = [row(text, "We agreed.", code=one) for one in ("luz_code", "rey_code", "TRUST")]
    write(study / "codings.jsonl", rows)
    write(study / "memos.jsonl", [{"guid": "1", "text": "so", "on": [{"code": "rey_code"}]}])
    done = pseudonymise(study)
    under = library.parsed((done.folder / "codes.yaml").read_text("utf-8"))["codes"]
    assert [one["id"] for one in under] == ["P01_code", "P01_code_2"]
    assert (under[0]["name"], under[1]["parent"]) == ("P01_code", "P01_code")
    assert [one["code"] for one in rows_of(done.folder / "codings.jsonl")] == ["P01_code", "P01_code_2", "TRUST"]
    assert rows_of(done.folder / "memos.jsonl")[0]["on"] == [{"code": "P01_code_2"}]
    assert study_file(done.folder).partners[1].id == "P02_bv"
    since = row((done.folder / "interviews/P01.txt").read_text("utf-8"), "He", "interviews/P01.txt", code="P01_code_2")
    write(done.folder / "codings.jsonl", [*rows_of(done.folder / "codings.jsonl"), since])
    back = restore(done.folder, done.key).folder
    assert [one["code"] for one in rows_of(back / "codings.jsonl")] == ["luz_code", "rey_code", "TRUST", "rey_code"]
    assert rows_of(back / "codings.jsonl")[:3] == rows
    assert library.parsed((back / "codes.yaml").read_text("utf-8")) == codes
    assert study_file(back).partners == study_file(study).partners


def test_files_of_rows_called_by_names_stay_apart_and_come_back(study):
    rows = rows_of(study / "codings.second.jsonl")
    for name in ("codings.luz.jsonl", "codings.rey.jsonl", "luz/codings.jsonl"):
        (study / name).parent.mkdir(exist_ok=True)
        write(study / name, [{**rows[0], "why": name[:3]}])
    done = pseudonymise(study)
    names = {name for name in everything_in(done.folder) if name.endswith(".jsonl")}
    assert {"codings.P01.jsonl", "codings.P01 (2).jsonl", "P01/codings.jsonl"} < names
    back = everything_in(restore(done.folder, done.key).folder)
    assert {name for name in back if name.endswith(".jsonl")} == {
        name for name in everything_in(study) if name.endswith(".jsonl")
    }


@pytest.fixture
def checked(study):
    """A study that a machine coded, with a check sample that was answered, and texts that were changed since a first one."""
    for name in ("codings.jsonl", "codings.second.jsonl", "items.yaml"):
        (study / name).unlink()
    corpus = read_study(study)
    marks = [
        row(corpus.text(one.span), corpus.text(one.span), one.span.document)
        | {
            "start": one.span.start,
            "end": one.span.end,
            "code": "WE_PARTNERSHIP",
            "coder": "machine",
            "kind": "builtin",
        }
        for one in corpus.mentions
        if one.of == "self"
    ]
    texts = {one.id: one.checksum for one in corpus.documents}
    write(study / "machine.jsonl", [*marks, row(corpus.documents[0].text, "met Jan and", code="TRUST", coder="machine", kind="builtin", why="as Jan says", made={"model": "x"})])  # fmt: skip
    _, draws = Study(study).draw(6)
    answered = [replace(one, codes=("WE_OWN",), coder="ana") for one in draws[0].checks]
    stale = Draw(2, 5, {**texts, "minutes.txt": "0" * 64}, (replace(answered[0], draw=2, item="c2-001"),))
    (study / "checks.jsonl").write_text(
        written_draws([replace(draws[0], checks=tuple(answered)), stale], corpus), encoding="utf-8"
    )
    rows = rows_of(study / "checks.jsonl")
    sentence = next(one for one in corpus.sentences if "Jan" in corpus.text(one.span))
    named = {"start": sentence.span.start, "end": sentence.span.end, "text": corpus.text(sentence.span)}
    others = {"bo": ["TRUST"], "Will Stone": []}
    rows[1] |= {"file": sentence.span.document, **named, "others": others, "remark": "Jan again"}
    write(study / "checks.jsonl", rows)
    return study


def _words_at(units, corpus):
    """The line from every place on where something could be drawn."""
    texts = {one.checksum: one.text for one in corpus.documents}
    order = [one.checksum for one in corpus.documents if one.checksum in units]
    assert sorted(order) == sorted(units)
    return [texts[sum][at:].split("\n")[0] for sum in order for places in units[sum].values() for at in places]


def test_the_check_sample_goes_along_and_comes_back(checked):
    done = pseudonymise(checked)
    under, rows, was = (
        read_study(done.folder),
        rows_of(done.folder / "checks.jsonl"),
        rows_of(checked / "checks.jsonl"),
    )
    sums = {one.id: one.checksum for one in under.documents}
    heads = [one for one in rows if "texts" in one]
    names = {"interviews/luz rey.txt": "interviews/P01.txt"}
    assert {**heads[0], "units": None} == {
        **was[0],
        "units": None,
        "texts": {(new := names.get(one, one)): sums[new] for one in was[0]["texts"]},
    }
    assert _words_at(heads[0]["units"], under) == [hidden(one, forms_of(key_in(done.key).people)) for one in _words_at(was[0]["units"], read_study(checked))]  # fmt: skip
    assert heads[1]["texts"] == {**sums, "minutes.txt": "0" * 64}
    for old, new in zip(was, rows, strict=True):
        if "item" in old:
            assert new["text"] == under.document(new["file"]).text[new["start"] : new["end"]]
            assert new["text"] == hidden(old["text"], forms_of(key_in(done.key).people))
            same = ("draw", "item", "kind", "stratum", "size", "drawn", "predicted", "codes", "coder")
            assert [old[name] for name in same] == [new[name] for name in same]
    assert rows[1]["others"] == {"bo": ["TRUST"], "P04": []}
    assert rows[1]["remark"] == "P02 again"
    assert "checks.jsonl" not in done.left
    assert done.notes == ()
    assert rows_of(restore(done.folder, done.key).folder / "checks.jsonl") == was


def test_what_was_checked_counts_under_pseudonyms_and_when_the_names_are_back(checked):
    done = pseudonymise(checked)
    back = restore(done.folder, done.key).folder
    stories = [Study(folder).conclude().checks for folder in (checked, done.folder, back)]
    assert stories[0] is not None
    counted = [(one.answered, one.mentions, one.sentences, one.stale) for one in stories]
    assert min(counted[0][:3]) > 0
    assert counted == [counted[0]] * 3


def test_what_a_machine_coded_goes_along_with_its_header(checked):
    corpus = read_study(checked)
    texts = {one.id: one.checksum for one in corpus.documents}
    rows = [{"texts": texts, "made": {"model": "x"}}, *rows_of(checked / "machine.jsonl")]
    write(checked / "machine.jsonl", rows)
    done = pseudonymise(checked)
    under = rows_of(done.folder / "machine.jsonl")
    assert under[0] == {
        "texts": {one.id: one.checksum for one in read_study(done.folder).documents},
        "made": {"model": "x"},
    }
    assert (under[-1]["text"], under[-1]["why"], under[-1]["coder"]) == ("met P02 and", "as P02 says", "machine")
    assert len(under) == len(rows)
    assert rows_of(restore(done.folder, done.key).folder / "machine.jsonl") == rows


def test_coders_keep_their_names_but_for_those_who_speak(study):
    rows = rows_of(study / "codings.jsonl")
    write(study / "codings.jsonl", [{**rows[0], "coder": one} for one in ("eva", "ana", "Eva Smit", "ABE")])
    page = (study / "study.yaml").read_text("utf-8")
    (study / "study.yaml").write_text(f"{page}counts_first: [eva, ana]\n", encoding="utf-8")
    memo = {"guid": "1ADA2A1B-0000-4000-8000-00000000ABE1", "text": "so", "by": "eva"}
    write(study / "memos.jsonl", [memo])
    done = pseudonymise(study)
    assert [one["coder"] for one in rows_of(done.folder / "codings.jsonl")] == ["p05", "ana", "P05", "ABE"]
    assert study_file(done.folder).settings["counts_first"] == ["p05", "ana"]
    assert rows_of(done.folder / "memos.jsonl") == [{**memo, "by": "p05"}]
    back = restore(done.folder, done.key).folder
    assert rows_of(back / "memos.jsonl") == [memo]
    assert study_file(back).settings["counts_first"] == ["eva", "ana"]


def test_a_project_that_came_in_goes_out_without_a_name(study, tmp_path):
    text = TEXTS["interviews/luz rey.txt"].replace("\r\n", "\n")
    (study / "codes.yaml").write_text(json.dumps({"codes": [{"id": "Bedoya", "name": "What Bedoya said"}]}), "utf-8")
    write(study / "codings.jsonl", [row(text, "We agreed.", code="Bedoya", coder="ana", why="Marina says")])
    memo = {"guid": "00000000-0000-4000-8000-00000000abe1", "name": "On Luz", "text": "ask Kuip", "by": "ana",
            "on": [{"document": "interviews/luz rey.txt"}]}  # fmt: skip
    write(study / "memos.jsonl", [memo])

    def run(*words):
        done = CliRunner().invoke(app, [str(word) for word in words])
        assert done.exit_code == 0, done.output

    run("export", study, "--format", "qdpx", "--out", tmp_path / "out.qdpx")
    run("import", tmp_path / "brought", tmp_path / "out.qdpx")
    brought = tmp_path / "brought"
    assert {"exchange.json", "memos.jsonl", "machine.jsonl"} <= {path.name for path in brought.iterdir()}
    done = pseudonymise(brought)
    assert "exchange.json" in done.left
    run("export", done.folder, "--format", "qdpx", "--out", tmp_path / "under.qdpx")
    with zipfile.ZipFile(tmp_path / "under.qdpx") as package:
        told = "\n".join(f"{name}\n{package.read(name).decode()}" for name in package.namelist())
    told += "".join(f"{name}{data.decode()}" for name, data in everything_in(done.folder).items())
    for name in ("Luz", "Marina", "Rey", "Gómez", "Jan ", "Kuip", "Joaq", "Bedoya", "Stone", "Eva ", "Smit"):
        assert name not in told
    (under,) = rows_of(done.folder / "memos.jsonl")
    assert (under["name"], under["text"], under["by"]) == ("On P01", "ask P02", "ana")
    back = restore(done.folder, done.key).folder
    for name in ("codings.jsonl", "machine.jsonl", "memos.jsonl"):
        assert rows_of(back / name) == rows_of(brought / name)


def test_names_that_may_be_everyday_words_are_said(study):
    assert ("will", 2) in pseudonymise(study).everyday


def test_a_link_out_of_the_study_is_not_followed(study, tmp_path):
    (tmp_path / "secret.txt").write_text("I: secret\nR: we\n", encoding="utf-8")
    (study / "mail.txt").unlink()
    (study / "mail.txt").symlink_to(tmp_path / "secret.txt")
    (study / "more.jsonl").symlink_to(study / "codings.jsonl")
    done = pseudonymise(study)
    assert "secret" not in "".join(data.decode() for data in everything_in(done.folder).values())
    assert not (done.folder / "more.jsonl").exists()


def test_texts_that_look_like_something_else_are_still_read_letter_by_letter(study):
    text = "RIFFs and riddles.\nLuz: We manage it all. We do.\n"
    (study / "interviews" / "luz rey.txt").write_bytes(b"\xef\xbb\xbf" + text.encode())
    write(study / "codings.jsonl", [])
    write(study / "codings.second.jsonl", [])
    done = pseudonymise(study)
    assert read_study(done.folder).documents[0].text == text.replace("Luz", "P01")
    assert read_study(restore(done.folder, done.key).folder).documents[0].text == text


def test_single_first_names_and_those_with_a_title_are_warned_of(study):
    path = study / "minutes.txt"
    path.write_text(
        path.read_text("utf-8") + "\nFue doña Ester, y luego llamó a Sjoerd on Monday. Nosotros esperamos.\n",
        encoding="utf-8",
    )
    looks = [word for word, _ in pseudonymise(study).looks]
    assert looks[0] == "Ester"
    assert "Sjoerd" in looks
    assert not {"Monday", "Nosotros", "Fue"} & set(looks)
