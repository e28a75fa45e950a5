"""A study goes out and comes in again as it was, byte for byte the second time, and whatever cannot go along is told."""

import json
import shutil
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.shell import run
from tests.stores.projects import (
    NVIVO,
    SAMPLES,
    SHARED,
    SPACE,
    Coded,
    Text,
    everything_in,
    guid,
    needs_cases,
    needs_samples,
    packed,
)
from tests.stores.test_counting import texts_and_marks
from weness import library
from weness.coding.codebook import codebook_named
from weness.coding.human import HumanCoder
from weness.coding.items import overrides_in
from weness.coding.own_codes import own_codes_in
from weness.reading.study_file import study_file
from weness.stores.exchange.memos import memos_in
from weness.study import Study

DEMO = library.HERE / "demo"
CASES = [
    pytest.param(SHARED / "cases" / name, marks=needs_cases, id=name) for name in ("havenkade", "orchard", "quebrada")
]
STUDIES = [pytest.param(DEMO, id="demo"), pytest.param(library.HERE / "corpus" / "millrace", id="millrace"), *CASES]

TALK = "Ann: We agreed to walk first. They came late, and nobody minded at all.\nR1: We trust them now.\n"
STORY = "We write this as the Town. Nosotros decidimos juntos 🌱 and we say so.\n"
STUDY = """# A study with everything in it.
study: {id: all, name: "All, of \\"it\\"", languages: [en, es], aliases: [the Table, la Mesa], invented: true}
partners:
  - {id: mill, name: The Mill, sector: business, power: funder, aliases: [the millers, "No, 1"]}
  - {id: town, name: The Town, sector: government, power: convener}
  - {id: farm, name: The Farm}
speakers:
  - {id: ann, name: Ann Lee, partner: mill, role: manager, aliases: [doña Ann]}
  - {id: ben, name: Ben, partner: town}
  - {id: ivy, name: Ivy, partner: null, role: interviewer}
waves:
  - {id: w1, from: 2024-01, to: 2024-03, event: "The first harvest: a good one"}
  - {id: w2, from: 2024-06, to: 2024-07}
counts_first: [ben, ana]
settings: {rho: 0.2, draws: 50}
documents:
  - {file: talk.txt, wave: w1, date: 2024-02-01, genre: interview, language: en, partner: mill, speakers: [ann, ivy], turns: {R1: ben}}
  - {file: story.md, wave: w2, date: 2024-06, genre: report, language: es, partner: town}
  - {file: latin.txt, wave: w1, genre: minutes, language: es, partner: null, encoding: cp1252}
"""
MEMO, ON_CODE = guid("memo"), guid("memo on a code")


@pytest.fixture
def full(tmp_path):
    """A small study with everything that the standard can hold."""
    folder = tmp_path / "full"
    folder.mkdir()
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    (folder / "talk.txt").write_bytes(("\ufeff" + TALK.replace("\n", "\r\n")).encode("utf-8"))
    (folder / "story.md").write_text(STORY, encoding="utf-8")
    (folder / "latin.txt").write_bytes("Acta. Señor Muñoz: Nosotros acordamos caminar.\n".encode("cp1252"))
    write(
        folder / "codings.jsonl",
        row(
            "talk.txt", TALK, "We agreed to walk first.", "DECISION", "ana", fields={"mode": "joint", "who": ["a", "b"]}
        ),
        row("talk.txt", TALK, "We agreed to walk first.", "TRUST", "ana", why='It says "we": ja/nein?\nTwo lines.'),
        row("talk.txt", TALK, "We agreed to walk first.", "DECISION", "ben"),
        row("talk.txt", TALK, "agreed to walk", "luck", "ana"),
        row("story.md", STORY, "decidimos juntos 🌱", "DECISION", "ben"),
        {"file": "story.md", "seen": ["B"], "coder": "ana"},
        {"file": "story.md", "seen": ["C", "A"], "coder": "ana"},
        {"file": "latin.txt", "seen": ["own"], "coder": "zoë"},
    )
    write(
        folder / "mentions.jsonl",
        {"file": "talk.txt", "start": 5, "end": 7, "mention": "We", "label": "WE_PARTNERSHIP", "coder": "ana"},
        {"file": "talk.txt", "start": 5, "end": 7, "mention": "We", "label": "WE_OWN"},
    )
    write(
        folder / "memos.jsonl",
        {"guid": MEMO, "name": "Odd", "text": "Look again.\nSoon.", "by": "ana", "on": [{"document": "story.md"}, {"study": "x"}]},
        {"guid": ON_CODE, "text": "Luck?", "at": "2024-05-01T10:00:00Z", "on": [{"code": "luck"}]},
    )  # fmt: skip
    (folder / "codes.yaml").write_text(
        "codes:\n- {id: fate, name: Fate, description: Above us}\n- {id: luck, name: Luck, parent: fate, color: '#aabbcc', means: TRUST}\n"
        "- {id: luck_2, name: Luck, codable: false}\n",
        encoding="utf-8",
    )
    (folder / "items.yaml").write_text("rename: {walk first: walking}\n", encoding="utf-8")
    return folder


def row(file, text, words, code, coder, **more):
    start = text.index(words)
    return {
        "file": file,
        "start": start,
        "end": start + len(words),
        "text": words,
        "code": code,
        "coder": coder,
        **more,
    }


def write(path, *rows):
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows), encoding="utf-8")


def there_and_back(study, home):
    """Out, in, out: (the first file, the study that came of it, its source -> document, the second file)."""
    first, second, folder, page = home / "1.qdpx", home / "2.qdpx", home / "again", home / "r.json"
    run("export", study, "--format", "qdpx", "--out", first)
    run("import", folder, first, "--report", page)
    run("export", folder, "--format", "qdpx", "--out", second)
    named = {one["source"]: one["document"] for one in json.loads(page.read_text("utf-8"))["documents"]}
    return first, folder, named, second


def assert_same_study(study, again, named):
    old, new = Study(study).read(), Study(again).read()
    assert [named[one.id] for one in old.documents] == [one.id for one in new.documents]
    for one, other in zip(old.documents, new.documents, strict=True):
        assert (one.text, one.partner, one.wave, one.date, one.genre, one.language, one.speakers) == (
            (other.text, other.partner, other.wave, other.date, other.genre, other.language, other.speakers)
        )
    assert (old.id, old.name, old.languages, old.aliases) == (new.id, new.name, new.languages, new.aliases)
    assert (old.partners, old.speakers, old.waves) == (new.partners, new.speakers, new.waves)
    before, after = study_file(study), study_file(again)
    assert before.settings == after.settings
    assert before.invented == after.invented
    assert [dict(one.turns) for one in before.documents if one.turns] == [
        dict(one.turns) for one in after.documents if one.turns
    ]
    assert dict(overrides_in(study)) == dict(overrides_in(again))
    assert [(one.speaker, one.span.start, one.span.end) for one in old.turns] == [
        (one.speaker, one.span.start, one.span.end) for one in new.turns
    ]
    assert said(study, old, named) == said(again, new, {one.id: one.id for one in new.documents})


def said(study, corpus, named):
    each = HumanCoder(study).each(corpus, codebook_named())
    marks = [
        (one.coder, named[mark.span.document], mark.span.start, mark.span.end, mark.code, mark.kind, mark.probability,
         json.dumps(mark.fields, sort_keys=True), mark.why)
        for one in each
        for mark in one.marks
    ]  # fmt: skip
    return sorted(marks), {one.coder: {(named[document], family) for document, family in one.seen} for one in each}


def tree(path):
    with zipfile.ZipFile(path) as package:
        return etree.fromstring(package.read("project.qde"))


@pytest.fixture(scope="module")
def schema():
    return etree.XMLSchema(etree.parse(str(SAMPLES / "Project.xsd")))


@pytest.mark.parametrize("study", STUDIES)
def test_a_partnership_goes_out_in_and_out_again_byte_for_byte_and_nothing_is_lost(study, tmp_path):
    first, again, named, second = there_and_back(study, tmp_path)
    assert first.read_bytes() == second.read_bytes()
    assert_same_study(study, again, named)


def test_everything_a_study_may_hold_goes_out_in_and_out_again(full, tmp_path):
    first, again, named, second = there_and_back(full, tmp_path)
    assert_same_study(full, again, named)
    codes = [
        (one.id, one.name, one.parent, one.description, one.color, one.means, one.codable)
        for one in own_codes_in(full).values()
    ]
    assert sorted(name for _, name, *_ in codes) == sorted(one.name for one in own_codes_in(again).values())
    known = {"story.md": named["story.md"]}
    assert [
        (memo["guid"], memo.get("name"), memo.get("text"), memo.get("by"), memo.get("at"), len(memo["on"]))
        for memo in memos_in(full)
    ] == [
        (memo["guid"], memo.get("name"), memo.get("text"), memo.get("by"), memo.get("at"), len(memo["on"]))
        for memo in memos_in(again)
    ]
    assert {"document": known["story.md"]} in memos_in(again)[0]["on"]
    assert first.read_bytes() == second.read_bytes()


@needs_samples
def test_an_nvivo_project_goes_out_in_and_out_again_byte_for_byte(tmp_path, schema):
    run("import", tmp_path / "s", NVIVO)
    first, _, _, second = there_and_back(tmp_path / "s", tmp_path)
    assert first.read_bytes() == second.read_bytes()
    assert schema.validate(tree(first)), schema.error_log
    with zipfile.ZipFile(NVIVO) as package:
        before = etree.fromstring(package.read("project.qde"))
    for name in ("Code", "PlainTextSelection", "Coding", "User"):
        ours = {one.get("guid").lower() for one in tree(first).iter(f"{{{SPACE}}}{name}")}
        assert {one.get("guid").lower().strip("{}") for one in before.iter(f"{{{SPACE}}}{name}")} <= ours


@needs_samples
@pytest.mark.parametrize("study", [pytest.param(DEMO, id="demo"), *CASES[:1]])
def test_what_is_written_keeps_to_the_real_schema(study, tmp_path, schema):
    run("export", study, "--format", "qdpx", "--out", tmp_path / "p.qdpx")
    assert schema.validate(tree(tmp_path / "p.qdpx")), schema.error_log


@needs_samples
def test_a_full_study_and_its_codebook_keep_to_the_real_schemas(full, tmp_path, schema):
    run("export", full, "--format", "qdpx", "--out", tmp_path / "p.qdpx")
    assert schema.validate(tree(tmp_path / "p.qdpx")), schema.error_log
    told = run("export", full, "--format", "qdc", "--out", tmp_path / "c.qdc")
    codebook = etree.XMLSchema(etree.parse(str(SAMPLES / "Codebook.xsd")))
    assert codebook.validate(etree.parse(str(tmp_path / "c.qdc"))), codebook.error_log
    assert "36 codes" in told


def test_the_findings_of_a_study_are_the_same_when_it_came_back(tmp_path):
    study = library.HERE / "corpus" / "millrace"
    _, again, _, _ = there_and_back(study, tmp_path)
    old, new = Study(study).conclude(), Study(again).conclude()
    assert [measured(one) for one in old.measures] == [measured(one) for one in new.measures]
    assert [one.call for one in old.posteriors] == [one.call for one in new.posteriors]
    assert old.recommendations == new.recommendations


def measured(one):
    return one.name, one.wave, one.partner, one.tier, one.counts, repr(one.estimate and one.estimate.draws.tolist())


def test_a_file_for_others_counts_as_the_standard_says(full, tmp_path):
    run("export", full, "--format", "qdpx", "--out", tmp_path / "p.qdpx")
    with zipfile.ZipFile(tmp_path / "p.qdpx") as package:
        names = package.namelist()
        assert names[0] == "project.qde"
        assert all(name.startswith("sources/") for name in names[1:])
        root = etree.fromstring(package.read("project.qde"))
        texts = {name[8:-4]: package.read(name).decode("utf-8") for name in names[1:]}
    assert root.get("basePath") is None
    assert all("\r" not in text and not text.startswith("\ufeff") for text in texts.values())
    found = {
        texts[source.get("guid")][int(one.get("startPosition")) : int(one.get("endPosition"))]
        for source in root.iter(f"{{{SPACE}}}TextSource")
        for one in source.iter(f"{{{SPACE}}}PlainTextSelection")
        if one.find(f"{{{SPACE}}}Coding") is not None
    }
    assert {"We agreed to walk first.", "agreed to walk", "decidimos juntos 🌱", "We"} <= found


def test_a_file_says_nothing_of_the_machine_that_wrote_it_nor_when(full, tmp_path):
    for name in ("a", "b"):
        run("export", full, "--format", "qdpx", "--out", tmp_path / f"{name}.qdpx")
    assert (tmp_path / "a.qdpx").read_bytes() == (tmp_path / "b.qdpx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.qdpx") as package:
        assert str(tmp_path) not in package.read("project.qde").decode("utf-8")


def test_partners_and_speakers_are_cases_that_own_their_turns(full, tmp_path):
    run("export", full, "--format", "qdpx", "--out", tmp_path / "p.qdpx")
    root = tree(tmp_path / "p.qdpx")
    cases = {one.get("name"): len(one.findall(f"{{{SPACE}}}SelectionRef")) for one in root.iter(f"{{{SPACE}}}Case")}
    assert cases["The Mill"] == cases["Ann Lee"] == 1
    assert cases["Ben"] == 1
    assert {"The Town", "The Farm", "Ivy"} <= cases.keys()


@given(talks=st.lists(texts_and_marks(), min_size=1, max_size=3), salt=st.sampled_from("ab"), data=st.data())
@settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.generate])
def test_any_project_that_came_in_goes_out_in_and_out_byte_for_byte_with_every_coding(talks, salt, data):
    pick = st.tuples(st.sampled_from("tuv"), st.sampled_from("ab"))
    texts = [
        Text(data.draw(st.sampled_from(["t", "T", "a/b"])), raw, [(*mark, *data.draw(pick)) for mark in marks])
        for raw, marks in talks
    ]
    codes = {"t": ("Trust", ""), "u": ("Trust", "t"), "v": ("TRUST", "u")}
    with tempfile.TemporaryDirectory() as home:
        place = Path(home)
        file = Coded(texts, codes, {"a": "Ana", "b": "Ana"}, salt=salt).write(place / "p.qdpx")
        run("import", place / "s", file, "--counting", "code points")
        if not (place / "s" / "study.yaml").exists():
            return
        first, again, _, second = there_and_back(place / "s", place)
        assert first.read_bytes() == second.read_bytes()
        before, after = tree(file), tree(first)
        own = {one.get("guid") for one in before.iter(f"{{{SPACE}}}Coding")}
        assert own <= {one.get("guid") for one in after.iter(f"{{{SPACE}}}Coding")}
        whose = {one.get("guid"): one.get("creatingUser") for one in before.iter(f"{{{SPACE}}}Coding")}
        assert all(
            whose[one.get("guid")] == one.get("creatingUser")
            for one in after.iter(f"{{{SPACE}}}Coding")
            if one.get("guid") in own
        )
        run("import", again, first)
        assert first.read_bytes() == second.read_bytes()


def test_two_codes_of_one_name_and_two_users_of_one_name_go_out_with_their_own_guids(tmp_path):
    codes = {"us": ("Us", ""), "them": ("Them", ""), "a": ("Trust", "us"), "b": ("Trust", "them")}
    text = Text("t", TALK, [(5, 7, "a", "x"), (5, 14, "b", "y")])
    run("import", tmp_path / "s", Coded([text], codes, {"x": "Ana", "y": "Ana"}).write(tmp_path / "p.qdpx"))
    first, _, _, second = there_and_back(tmp_path / "s", tmp_path)
    root = tree(first)
    named = [(one.get("name"), one.get("guid")) for one in root.iter(f"{{{SPACE}}}User", f"{{{SPACE}}}Code")]
    assert {("Ana", guid("user", "x", "")), ("Ana", guid("user", "y", ""))} <= set(named)
    assert {("Trust", guid("code", "a")), ("Trust", guid("code", "b"))} <= set(named)
    users = {guid("user", "x", ""), guid("user", "y", "")}
    codings = [one for one in root.iter(f"{{{SPACE}}}Coding") if one.get("creatingUser") in users]
    by = {one.get("creatingUser"): one[0].get("targetGUID") for one in codings}
    assert by == {guid("user", "x", ""): guid("code", "a"), guid("user", "y", ""): guid("code", "b")}
    assert first.read_bytes() == second.read_bytes()


def test_what_a_person_changed_in_the_study_file_after_an_import_is_what_goes_out(full, tmp_path):
    _, again, named, _ = there_and_back(full, tmp_path)
    page = (again / "study.yaml").read_text("utf-8")
    (again / "study.yaml").write_text(
        page.replace("date: 2024-06, ", "").replace("partner: town}", "partner: null}"), "utf-8"
    )
    run("export", again, "--format", "qdpx", "--out", tmp_path / "3.qdpx")
    run("import", tmp_path / "third", tmp_path / "3.qdpx")
    assert_same_study(again, tmp_path / "third", {one: one for one in named.values()} | named)


@pytest.mark.parametrize("name", ["full", "millrace"])
def test_a_project_that_comes_back_to_the_study_it_left_adds_nothing_but_what_a_colleague_coded(full, tmp_path, name):
    study = full
    if name == "millrace":
        study = tmp_path / "s"
        shutil.copytree(library.HERE / "corpus" / "millrace", study)
    human = ("codings.jsonl", "mentions.jsonl", "study.yaml", "case.json", "codes.yaml", "memos.jsonl")
    first, second = tmp_path / "1.qdpx", tmp_path / "2.qdpx"
    run("export", study, "--format", "qdpx", "--out", first)
    before = everything_in(study)
    run("import", study, first)
    after = everything_in(study)
    assert all(after.get(one) == before.get(one) for one in human)
    run("export", study, "--format", "qdpx", "--out", second)
    assert first.read_bytes() == second.read_bytes()


def test_a_program_that_gives_new_guids_at_every_export_adds_nothing_twice(tmp_path):
    marks = [(5, 14, "trust", "ana"), (5, 14, "trust", "ana"), (30, 39, "fear", "ana")]
    for salt in ("a", "b", "c"):
        coded = Coded([Text("t", TALK, marks, guid(salt))], salt=salt).write(tmp_path / f"{salt}.qdpx")
        run("import", tmp_path / "s", coded, "--as", "ana")
    assert len((tmp_path / "s" / "codings.jsonl").read_text("utf-8").splitlines()) == 3
    assert len(study_file(tmp_path / "s").documents) == 1


def test_a_project_of_two_coders_and_a_machine_keeps_who_said_what(full, tmp_path):
    run("export", full, "--format", "qdpx", "--out", tmp_path / "p.qdpx")
    users = {one.get("name"): one.get("id") for one in tree(tmp_path / "p.qdpx").iter(f"{{{SPACE}}}User")}
    assert {"ana", "ben", "reader", "zoë"} <= users.keys()
    assert users.get("builtin", "machine: builtin") == "machine: builtin"


def test_a_row_that_does_not_fit_and_a_file_that_cannot_be_read_are_told(full, tmp_path):
    with (full / "codings.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"file": "talk.txt", "start": 0, "end": 2, "code": "NO_SUCH", "coder": "ana"}\n')
    (full / "latin.txt").write_bytes(b"")
    run("export", full, "--format", "qdpx", "--out", tmp_path / "p.qdpx", "--report", tmp_path / "r.json")
    told = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert any("NO_SUCH" in what for what in told["losses"])
    assert any("latin.txt" in what for what in told["losses"])
    assert {"format", "sources", "codes", "selections", "codings", "losses", "tolerances"} <= told.keys()


@pytest.mark.parametrize(
    ("name", "said"), [("creationDateTime", "yesterday"), ("direction", "Sideways"), ("color", "reddish")]
)
def test_an_attribute_that_another_program_got_wrong_does_not_keep_the_study_from_going_out(tmp_path, name, said):
    coded = Coded([Text("t", TALK, [(5, 7, "trust", "ana")])])
    xml = coded.xml().decode()
    xml = xml.replace("<Coding ", f'<Coding creationDateTime="{said}" ') if name == "creationDateTime" else xml
    xml = xml.replace("<Code ", f'<Code color="{said}" ') if name == "color" else xml
    link = (
        f'<Links><Link guid="{guid("l")}" direction="{said}" originGUID="{guid("code", "trust")}"/></Links></Project>'
    )
    xml = xml.replace("</Project>", link) if name == "direction" else xml
    file = packed(
        tmp_path / "p.qdpx",
        {"project.qde": xml.encode(), f"sources/{coded.guid_of(coded.texts[0], 0)}.txt": TALK.encode()},
    )
    run("import", tmp_path / "s", file)
    run("export", tmp_path / "s", "--format", "qdpx", "--out", tmp_path / "q.qdpx")


def test_a_check_sample_which_no_project_can_hold_is_told_to_stay_behind(tmp_path):
    study = tmp_path / "s"
    shutil.copytree(library.HERE / "corpus" / "millrace", study, ignore=shutil.ignore_patterns("*.jsonl"))
    assert run("export", study, "--format", "qdpx", "--out", tmp_path / "p.qdpx").strip().endswith("Nothing was lost.")
    run("sample", study, "-n", 5, "--out", tmp_path / "sheet.csv")
    told = run("export", study, "--format", "qdpx", "--out", tmp_path / "p.qdpx")
    assert "check sample (checks.jsonl) stays" in told
    assert "Nothing was lost" not in told


def test_an_unknown_format_or_language_is_refused_and_nothing_is_written(full, tmp_path):
    before = everything_in(full)
    assert "qdpx, qdc" in run("export", full, "--format", "docx", "--out", tmp_path / "x.docx", code=2)
    assert "en, es, nl" in run("export", full, "--format", "qdc", "--lang", "fr", "--out", tmp_path / "x.qdc", code=2)
    assert not list(tmp_path.glob("x.*"))
    assert everything_in(full) == before
