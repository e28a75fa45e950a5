"""A project of another program comes in whole: its texts, its codes, each person's codings as that person's, and a report of losses."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.shell import run
from tests.stores.projects import (
    ATLAS,
    CODEBOOK,
    NVIVO,
    Coded,
    Text,
    everything_in,
    guid,
    needs_samples,
    packed,
)
from tests.stores.test_counting import texts_and_marks
from weness.coding.codebook import codebook_named
from weness.coding.human import HumanCoder
from weness.coding.own_codes import own_codes_in
from weness.reading.gathering import read_study
from weness.reading.study_file import study_file
from weness.stores.exchange.counting import ALL, BOM, Counting, our_text

TALK = "Ann: We agreed to walk first. They came late, and nobody minded at all.\nBen: We trust them now.\n"
OTHER = "Ben: The council was late again, and we waited in the rain for an hour.\n"


def at(words, text=TALK):
    start = text.index(words)
    return start, start + len(words)


def coded(text=TALK, words="We agreed", code="trust", user="ana", name="interview ann"):
    return Text(name, text, [(*at(words, our_text(text)), code, user)])


def each_in(folder):
    corpus = read_study(folder)
    human = HumanCoder(folder)
    found = human.each(corpus, codebook_named())
    assert not human.notes
    return {one.coder: [(mark.span.document, mark.code, corpus.text(mark.span)) for mark in one.marks] for one in found}


def reported(folder, file, *words):
    page = folder.with_name("r.json")
    run("import", folder, file, "--report", page, *words)
    return json.loads(page.read_text("utf-8"))


@pytest.fixture
def project(tmp_path):
    return Coded([coded()]).write(tmp_path / "p.qdpx")


@needs_samples
def test_an_nvivo_project_comes_in_with_every_selection_and_says_how_it_counts(tmp_path):
    told = reported(tmp_path / "s", NVIVO)
    assert told["origin"] == "NVivo for Windows 12.6"
    assert (told["sources"], told["codes"], told["selections"], told["codings"]) == (1, 152, 303, 303)
    assert told["selections_on_word_edges"] == 296
    assert "utf-16" in told["counting"]
    assert told["losses"] == []
    assert any("Sources" in what for what in told["tolerances"])
    assert sum(len(marks) for marks in each_in(tmp_path / "s").values()) == 303


@needs_samples
def test_an_atlas_ti_project_without_its_texts_brings_its_codes_and_says_in_sentences_what_is_missing(tmp_path):
    told = reported(tmp_path / "s", ATLAS)
    assert (told["sources"], told["codes"], told["selections"], told["codings"]) == (12, 14, 15, 16)
    assert len(own_codes_in(tmp_path / "s")) == 14
    assert not (tmp_path / "s" / "study.yaml").exists()
    assert any("is not in the file" in what for what in told["losses"])
    assert all(what[0].isupper() or what[0].isdigit() for what in told["losses"])
    assert all(what.endswith(".") for what in told["losses"])


@needs_samples
def test_a_taguette_codebook_comes_in_though_it_breaks_the_standard_and_that_is_told(tmp_path):
    told = reported(tmp_path / "s", CODEBOOK)
    assert told["codes"] == len(own_codes_in(tmp_path / "s")) == 51
    assert told["tolerances"] == [
        "Against the standard: Sets holds nothing, where the standard asks for Set (one or more)."
    ]


def test_the_report_holds_what_the_standard_asks_to_tell(tmp_path, project):
    told = reported(tmp_path / "s", project)
    asked = {"origin", "counting", "sources", "codes", "selections", "codings", "selections_on_word_edges", "losses"}
    assert asked | {"tolerances"} <= told.keys()
    assert told["origin"] == "Some Program 1.0"


@pytest.mark.parametrize("utf16", [False, True])
@given(texts=st.lists(texts_and_marks(), min_size=1, max_size=3), number=st.integers(0, 7))
@settings(max_examples=15, deadline=None)
def test_the_words_of_every_selection_are_in_the_study_however_the_file_counts(utf16, texts, number):
    counting = [one for one in ALL if one.utf16 == utf16][number]
    sources, meant = [], []
    for at_, (raw, marks) in enumerate(texts):
        text = our_text(raw)
        marks = [(start, end) for start, end in marks if start < end]
        sources.append(Text(f"text {at_}", raw, [(*mark, "trust", "ana") for mark in marks]))
        if text.strip():
            meant += [text[start:end] for start, end in marks]
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "s"
        file = Coded(sources, counting=counting).write(Path(home) / "p.qdpx")
        run("import", folder, file, "--counting", counting.asked)
        found = each_in(folder)["Ana"] if meant else []
        assert sorted(words for _, _, words in found) == sorted(meant)


def test_the_same_file_twice_adds_nothing(tmp_path, project):
    folder = tmp_path / "s"
    run("import", folder, project)
    before = everything_in(folder)
    assert reported(folder, project)["rows_new_in_the_study"] == 0
    assert everything_in(folder) == before


def test_two_codes_of_one_name_under_two_parents_stay_two(tmp_path):
    codes = {"us": ("Us", ""), "them": ("Them", ""), "a": ("Trust", "us"), "b": ("Trust", "them")}
    text = Text("t", TALK, [(*at("We agreed"), "a", "ana"), (*at("We trust"), "b", "ana")])
    told = reported(tmp_path / "s", Coded([text], codes).write(tmp_path / "p.qdpx"))
    own = own_codes_in(tmp_path / "s")
    assert [code.name for code in own.values()] == ["Us", "Trust", "Them", "Trust"]
    assert [code.parent for code in own.values() if code.name == "Trust"] == ["us", "them"]
    assert len({code for _, code, _ in each_in(tmp_path / "s")["Ana"]}) == 2
    assert any("'Trust'" in what for what in told["tolerances"])


def test_two_sources_of_one_name_or_of_names_that_differ_in_case_stay_two_documents(tmp_path):
    texts = [coded(name="Ann"), coded(OTHER, "The council", name="Ann"), Text("ANN", "Ann: I came by bus.\n")]
    run("import", tmp_path / "s", Coded(texts).write(tmp_path / "p.qdpx"))
    found = read_study(tmp_path / "s").documents
    assert sorted(one.text for one in found) == sorted([TALK, OTHER, "Ann: I came by bus.\n"])
    assert len({one.id.casefold() for one in found}) == 3


def test_two_users_of_one_name_stay_two_persons(tmp_path):
    text = Text("t", TALK, [(*at("We agreed"), "trust", "a"), (*at("We trust"), "trust", "b")])
    told = reported(tmp_path / "s", Coded([text], users={"a": "Ana", "b": "Ana"}).write(tmp_path / "p.qdpx"))
    found = each_in(tmp_path / "s")
    assert sorted(words for marks in found.values() for _, _, words in marks) == ["We agreed", "We trust"]
    assert len(found) == 2
    assert any("2 users are called 'Ana'" in what for what in told["tolerances"])


@pytest.mark.parametrize("salt", ["", "another machine"])
def test_a_second_coders_project_lands_beside_the_first_on_the_same_documents(tmp_path, project, salt):
    folder = tmp_path / "s"
    run("import", folder, project)
    source = guid("another source") if salt else ""
    second = Coded(
        [Text("renamed by ben" if salt else "interview ann", TALK, [(*at("We trust"), "fear", "ben")], source)],
        users={"ben": "Ben"},
        salt=salt,
    )
    run("import", folder, second.write(tmp_path / "q.qdpx"))
    assert each_in(folder) == {
        "Ana": [("interview ann.txt", "trust", "We agreed")],
        "Ben": [("interview ann.txt", "fear", "We trust")],
    }
    assert len(study_file(folder).documents) == 1


def test_the_codings_of_another_user_of_the_same_name_are_told_apart(tmp_path, project):
    """Many programs call every user "default"; two students with one such project each are two coders."""
    folder = tmp_path / "s"
    run("import", folder, project)
    told = reported(folder, Coded([coded(words="We trust")], salt="another machine").write(tmp_path / "q.qdpx"))
    found = each_in(folder)
    assert len(found) == 2
    assert found["Ana"] == [("interview ann.txt", "trust", "We agreed")]
    assert any("--as" in what for what in told["tolerances"])


def test_whose_the_codings_are_can_be_said(tmp_path, project):
    folder = tmp_path / "s"
    run("import", folder, project, "--as", "carla")
    assert list(each_in(folder)) == ["carla"]
    run("import", folder, project, "--as", "dana")
    assert list(each_in(folder)) == ["carla", "dana"]
    assert each_in(folder)["carla"] == each_in(folder)["dana"]


def test_a_coding_that_was_changed_since_it_came_in_is_told_and_the_study_keeps_its_own(tmp_path, project):
    folder = tmp_path / "s"
    run("import", folder, project)
    before = (folder / "codings.jsonl").read_bytes()
    again = Coded([coded()]).xml().replace(f'CodeRef targetGUID="{guid("code", "trust")}"'.encode(),
                                           f'CodeRef targetGUID="{guid("code", "fear")}"'.encode())  # fmt: skip
    source = Coded([coded()]).guid_of(coded(), 0)
    file = packed(tmp_path / "q.qdpx", {"project.qde": again, f"sources/{source}.txt": TALK.encode()})
    told = reported(folder, file)
    assert (folder / "codings.jsonl").read_bytes() == before
    assert any("1 codings" in what and "Ana" in what for what in told["losses"])


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_texts_that_the_study_lacks_become_rows_of_it_and_a_persons_own_lines_stay(tmp_path, project, end):
    folder = tmp_path / "s"
    folder.mkdir()
    own = (
        "# My study.\nstudy: {id: s, name: S, languages: [en]}  # ours\n\npartners:\n- {id: mill, name: The Mill, sector: business}\n"
        "documents:  # the list\n- {file: a.txt, wave: w1, genre: interview, language: en, partner: mill}   # first\n"
        "\n# the end\nsettings: {rho: 0.2}\n"
    ).replace("\n", end)
    (folder / "study.yaml").write_bytes(own.encode())
    (folder / "a.txt").write_text(OTHER)
    run("import", folder, project)
    after = (folder / "study.yaml").read_bytes().decode()
    new = [line for line in after.split(end) if line not in own.split(end)]
    assert len(new) == 1
    assert "interview ann.txt" in new[0]
    assert after.replace(new[0] + end, "", 1) == own
    assert [one.file for one in study_file(folder).documents] == ["a.txt", "interview ann.txt"]
    assert each_in(folder) == {"Ana": [("interview ann.txt", "trust", "We agreed")]}


def test_a_study_file_that_cannot_be_made_longer_is_left_alone_and_the_reason_told(tmp_path, project):
    folder = tmp_path / "s"
    folder.mkdir()
    (folder / "study.yaml").write_text("partners: [{id: mill, name: M}]\ndocuments: [{file: a.txt}]\n")
    (folder / "a.txt").write_text(OTHER)
    before = everything_in(folder)
    assert "documents:" in run("import", folder, project, code=2)
    assert everything_in(folder) == before


def test_a_source_that_the_study_knows_with_other_words_is_refused_and_nothing_changes(tmp_path, project):
    folder = tmp_path / "s"
    run("import", folder, project)
    before = everything_in(folder)
    changed = Coded([coded(TALK.replace("We agreed", "So we all agreed"), "all agreed")])
    assert "different words" in run("import", folder, changed.write(tmp_path / "q.qdpx"), code=2)
    assert everything_in(folder) == before


def test_what_a_person_wrote_into_the_studys_files_stays_as_it_was_written(tmp_path, project):
    folder = tmp_path / "s"
    run("import", folder, project)
    codes, rows = folder / "codes.yaml", folder / "codings.jsonl"
    own_codes = codes.read_text("utf-8") + "# Ben and I are not sure of this one.\n"
    codes.write_text(own_codes, "utf-8")
    own_rows = '\n{"file":"interview ann.txt","start":0,"end":3,"code":"TRUST","coder":"me"}\n\n' + rows.read_text(
        "utf-8"
    )
    rows.write_text(own_rows, "utf-8")
    more = Coded([coded(words="We trust", code="hope")], {"hope": ("Hope", "")}, salt="b")
    run("import", folder, more.write(tmp_path / "q.qdpx"), "--as", "ben")
    assert codes.read_text("utf-8").startswith(own_codes)
    assert rows.read_text("utf-8").startswith(own_rows)
    assert list(own_codes_in(folder)) == ["trust", "fear", "hope"]
    assert each_in(folder)["ben"] == [("interview ann.txt", "hope", "We trust")]


@pytest.mark.parametrize(
    "name",
    [
        "", " ", ".", "..", "../../etc/passwd", "/etc/passwd", "C:\\Windows\\win.ini", "CON", "con.x", "LPT1", "a\nb", "x" * 300,
        "访谈" * 100, "🌱" * 120, "study.yaml", "codings.jsonl", ".hidden", "~$lock", "null", "2024-03-01", 'say "we": {a, b} # c', "e\u0301",
    ],
)  # fmt: skip
def test_any_name_of_a_source_becomes_a_file_within_the_folder_that_can_be_read(tmp_path, name):
    folder = tmp_path / "home" / "s"
    run("import", folder, Coded([coded(name=name)]).write(tmp_path / "p.qdpx"))
    assert {path.name for path in (tmp_path / "home").iterdir()} == {"s"}
    (document,) = read_study(folder).documents
    assert document.text == TALK
    assert len(document.id.encode()) < 250
    assert (
        document.id.split(".")[0].upper() not in ("", "CON", "LPT1", "STUDY", "CODINGS") or document.id.count(".") > 1
    )
    assert len(each_in(folder)["Ana"]) == 1
    before = everything_in(folder)
    run("import", folder, tmp_path / "p.qdpx")
    assert everything_in(folder) == before


@pytest.mark.parametrize(
    "name", ["信任", "Доверие", "🌱", "Trust", "no", "null", "1", "a: b # c", "x" * 400, "new\nline"]
)
def test_a_code_of_any_name_keeps_it_and_gets_an_id(tmp_path, name):
    folder = tmp_path / "s"
    run("import", folder, Coded([coded()], {"trust": (name, "")}).write(tmp_path / "p.qdpx"))
    ((id, code),) = own_codes_in(folder).items()
    assert code.name == name
    assert not id.startswith("study")
    assert each_in(folder)["Ana"][0][1] == id


def test_a_code_that_is_called_as_one_of_ours_counts_as_it_and_that_is_told(tmp_path):
    folder = tmp_path / "s"
    told = reported(folder, Coded([coded()], {"trust": ("TRUST", "")}).write(tmp_path / "p.qdpx"))
    assert any("TRUST" in what for what in told["tolerances"])
    assert each_in(folder)["Ana"] == [("interview ann.txt", "TRUST", "We agreed")]


def test_a_counting_that_cannot_be_told_is_asked_for_and_nothing_changes(tmp_path):
    text = Text("t", "🌱🌱 a b c d e f g", [(5, 6, "trust", "ana")])
    file = Coded([text], counting=Counting(utf16=True)).write(tmp_path / "p.qdpx")
    told = run("import", tmp_path / "s", file, code=2)
    assert "--counting" in told
    assert not (tmp_path / "s").exists()
    run("import", tmp_path / "s", file, "--counting", "utf-16")
    assert each_in(tmp_path / "s")["Ana"][0][2] == "b"


@pytest.mark.parametrize(
    "raw", [BOM + BOM + TALK, BOM + TALK.replace("\n", "\r\n"), TALK + "\x0c\x85\u2028\u2029", TALK * 20 + "\x1a"]
)
def test_a_text_with_strange_letters_is_read_from_the_folder_as_it_was_counted(tmp_path, raw):
    run("import", tmp_path / "s", Coded([coded(raw, "We trust")]).write(tmp_path / "p.qdpx"))
    assert each_in(tmp_path / "s")["Ana"][0][2] == "We trust"


@pytest.mark.parametrize("raw", ["\0" + TALK, TALK + "\0", "%PDF-1.4 " + TALK, "\x01" * 20 + TALK])
def test_a_text_that_no_study_can_hold_is_told_as_lost_and_the_rest_comes_in(tmp_path, raw):
    texts = [coded(raw, "We trust", name="odd"), coded(OTHER, "The council", name="good")]
    told = reported(tmp_path / "s", Coded(texts).write(tmp_path / "p.qdpx"))
    assert any("'odd'" in what for what in told["losses"])
    assert each_in(tmp_path / "s") == {"Ana": [("good.txt", "trust", "The council")]}
    assert [one.file for one in study_file(tmp_path / "s").documents] == ["good.txt"]


def test_codings_by_nobody_or_by_somebody_who_is_not_there_are_a_readers_and_told(tmp_path):
    told = reported(tmp_path / "s", Coded([coded(user="zoe")], users={}).write(tmp_path / "p.qdpx"))
    assert list(each_in(tmp_path / "s")) == ["reader"]
    assert any("nowhere in the file" in what for what in told["tolerances"])


def test_selections_that_cannot_be_placed_are_kept_and_told_and_the_others_come_in(tmp_path):
    end = len(TALK)
    text = Text("t", TALK, [(*at("We agreed"), "trust", "ana"), (4, 4, "trust", "ana"), (end, end, "fear", "ana")])
    xml = (
        Coded([text])
        .xml()
        .replace(f'startPosition="{end}" endPosition="{end}"'.encode(), b'startPosition="-5" endPosition="99999"')
    )
    source = Coded([text]).guid_of(text, 0)
    file = packed(tmp_path / "p.qdpx", {"project.qde": xml, f"sources/{source}.txt": TALK.encode()})
    told = reported(tmp_path / "s", file)
    assert any("no length" in what for what in told["losses"])
    assert any("outside their text" in what for what in told["losses"])
    assert [words for _, _, words in each_in(tmp_path / "s")["Ana"]] == ["We agreed"]
    kept = json.loads((tmp_path / "s" / "exchange.json").read_text("utf-8"))["project"]["sources"][0]["selections"]
    assert sum("codings" in one for one in kept) == 2


def test_check_knows_the_codes_that_came_along_and_takes_no_quoted_line_end_for_a_new_row(tmp_path):
    text = "Ann: We agreed\u2028to walk first, and they came late. Nobody minded at all, I think, and so it went.\n"
    mark = (text.index("We"), text.index(" walk"), "trust", "ana")
    run("import", tmp_path / "s", Coded([Text("t", text, [mark])]).write(tmp_path / "p.qdpx"))
    assert "codings.jsonl" not in run("check", tmp_path / "s", code=1)
    (tmp_path / "s" / "codes.yaml").write_text("codes: [", encoding="utf-8")
    assert "wrong  codes.yaml" in run("check", tmp_path / "s", code=1)


@needs_samples
def test_the_drafted_study_of_a_real_project_can_be_checked_read_and_reported(tmp_path):
    run("import", tmp_path / "s", NVIVO)
    assert "codings.jsonl" not in run("check", tmp_path / "s", code=1)
    run("read", tmp_path / "s")
    told = run("report", tmp_path / "s", "--out", tmp_path / "r")
    assert "303 codings use codes of the study's own" in told
    assert "cannot say" in told
