"""What a study file says, and how it says what it cannot be read as."""

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weness.reading.lined import Lined, Unreadable, lined
from weness.reading.study_file import KEYS, StudyError, as_id, study_file

CASES = Path(__file__).parents[2].parent / "shared" / "data" / "cases"
PAGE = Path(__file__).parents[2] / "docs" / "study.md"
SMALL = """study: {id: small, name: "Small, but ours", languages: [en, nl], aliases: [the Table], invented: true}
partners:
  - {id: mill, name: The Mill, sector: business, power: funder, aliases: [the millers]}
  - {id: town, name: The Town, sector: government}
speakers:
  - {id: ana, name: Ana Pérez, partner: mill, role: manager}
  - {id: eva, name: Eva Smit, role: interviewer}
waves:
  - {id: w1, from: 2024-01, to: 2024-03, event: no}
documents:
  - {file: a.txt, wave: w1, date: 2024-01-10, genre: interview, language: en, partner: mill, speakers: [ana, eva], turns: {R1: ana}}
  - {file: "sub\\\\b.txt", date: 2024-2, genre: minutes, language: NL, partner: null, speakers: ana, encoding: cp1252}
process: monkkonen-puusa2015
rho: 0.2
seed: 7
"""


@pytest.fixture
def study(tmp_path):
    def written(text, name="study.yaml"):
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return study_file(tmp_path)

    return written


def test_every_key_is_read_as_it_was_written(study):
    file = study(SMALL)
    assert (file.id, file.name, file.languages, file.aliases) == (
        "small",
        "Small, but ours",
        ("en", "nl"),
        ("the Table",),
    )
    assert file.invented
    assert (file.partners[0].power, file.partners[0].aliases, file.partners[1].power) == (
        "funder",
        ("the millers",),
        "member",
    )
    assert file.speakers[1].is_interviewer
    assert (file.waves[0].start, file.waves[0].end, file.waves[0].event) == ("2024-01", "2024-03", "no")
    first, second = file.documents
    assert (first.turns, first.encoding, first.line) == ((("R1", "ana"),), None, 11)
    assert (second.file, second.date, second.language, second.speakers) == ("sub/b.txt", "2024-02", "nl", ("ana",))
    assert (second.partner, second.encoding) == (None, "cp1252")
    assert file.settings == {"process": "monkkonen-puusa2015", "rho": 0.2, "seed": 7}
    assert file.line_of("partners", "town") == 4


def test_a_document_without_a_wave_goes_where_its_date_lies_and_says_so(study):
    file = study(SMALL)
    assert file.documents[1].wave == "w1"
    assert file.notes == ("study.yaml:12: No wave said: its date puts it in w1.",)


def test_a_study_without_waves_is_one_wave(study):
    head, rest = SMALL.split("waves:\n")
    file = study(head + rest.split("\n", 1)[1].replace("wave: w1, ", ""))
    assert [(wave.id, wave.start, wave.end) for wave in file.waves] == [("w1", "2024-01", "2024-02")]
    assert {entry.wave for entry in file.documents} == {"w1"}


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("partner: mill, speakers", "partner: mil, speakers", 11, "Did you mean 'mill'?"),
        ("speakers: [ana, eva]", "speakers: [ana, ewa]", 11, "Did you mean 'eva'?"),
        ("{R1: ana}", "{R1: anna}", 11, "Did you mean 'ana'?"),
        ("genre: minutes", "genre: minuts", 12, "Did you mean 'minutes'?"),
        ("sector: business", "sektor: business", 3, "Did you mean 'sector'?"),
        ("name: The Mill", "name: Mill, Sons", 3, "needs quotes"),
        ("power: funder", "power: king", 3, "funder, convener, local, member"),
        ("from: 2024-01", "from: 2024-13", 9, "no date"),
        ("language: en", "language: Engels", 11, "two letters"),
        ("{id: town", "{id: mill", 4, "twice"),
        ("- {id: town, name: The Town, sector: government}", "- The Town", 4, "written"),
        ("speakers:\n", "speekers:\n", 5, "Did you mean 'speakers'?"),
    ],
)
def test_a_slip_is_noted_with_its_line_and_the_rest_goes_on(study, old, new, line, told):
    file = study(SMALL.replace(old, new, 1))
    assert len(file.documents) == 2
    assert any(one.line == line and told in one.what for one in file.problems), file.notes


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("partners: [{id: a}]\n", 0, "No documents"),
        (SMALL.replace("documents:", "documnets:"), 0, "Line 10 says 'documnets'"),
        (SMALL.replace("  - {id: town", "\t- {id: town"), 4, "tab"),
        (SMALL.replace("languages: [en, nl]", "languages: [en, nl"), 1, "bracket"),
        (SMALL.replace("event: no", "event: a: b"), 9, "Not valid YAML|colon"),
        ("a: &a [x]\nb: &b [*a, *a]\n", 1, "anchors"),
        ("partners: []\npartners: []\n", 2, "twice"),
        ("id: x\nname: \x07\n", 2, "U\\+0007"),
        ("[" * 100_000, 1, "deep|nesting"),
        ("- a\n- b\n", 1, "keys"),
        ("partners:\n  - {name: X}\ndocuments:\n  - {file: a.txt}\n", 2, "without an id"),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_why(study, text, line, told):
    with pytest.raises(StudyError, match=rf"(?i){told}") as error:
        study(text)
    assert error.value.line == line
    assert len(str(error.value).splitlines()) == 1


def test_no_folder_no_file_and_a_file_for_a_folder_are_said(tmp_path):
    with pytest.raises(StudyError, match="no such folder"):
        study_file(tmp_path / "nowhere")
    with pytest.raises(StudyError, match="weness new"):
        study_file(tmp_path)
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    with pytest.raises(StudyError, match="is a file"):
        study_file(tmp_path / "a.txt")


def test_a_file_that_is_no_utf8_is_read_and_said(study):
    file = study(SMALL.encode("cp1252"))
    assert file.speakers[0].name == "Ana Pérez"
    assert "Not UTF-8" in file.notes[0]
    assert study(b"\xef\xbb\xbf" + SMALL.encode()).speakers[0].name == "Ana Pérez"


def test_a_case_json_is_read_where_there_is_no_study_yaml(study, tmp_path):
    case = {
        "id": "c",
        "title": "A case 🌱",
        "languages": ["es"],
        "setting": "left alone",
        "partners": [{"id": "a", "name": "A", "sector": "business"}],
        "waves": [{"id": "w1", "from": "2020-01", "to": "2020-02", "stage": "S1"}],
        "documents": [{"file": "x.txt", "wave": "w1", "genre": "interview", "language": "es", "partner": None}],
    }
    file = study(json.dumps(case, indent="\t"), "case.json")
    assert (file.name, file.documents[0].partner, file.notes) == ("A case 🌱", None, ())
    (tmp_path / "study.yaml").write_text(SMALL, encoding="utf-8")
    assert study_file(tmp_path).id == "small"


@pytest.mark.skipif(not CASES.is_dir(), reason="the cases of ../shared/data are not here")
@pytest.mark.parametrize("case", ["havenkade", "orchard", "quebrada"])
def test_the_three_cases_are_read_without_a_note(case):
    file = study_file(CASES / case)
    assert (len(file.documents), len(file.waves), file.notes) == (13, 3, ())
    assert all(file.path_of(entry).is_file() for entry in file.documents)


def test_the_page_of_the_format_names_every_key_and_its_example_is_read_without_a_note(study):
    page = PAGE.read_text("utf-8")
    keys = {key for kind, keys in KEYS.items() for key in (kind, *keys)}
    assert not [key for key in sorted(keys) if f"`{key}`" not in page]
    file = study(page.split("```yaml\n")[1].split("```")[0])
    assert (len(file.documents), file.notes) == (3, ())


def test_a_name_is_found_however_its_accents_are_composed(study, tmp_path):
    (tmp_path / "acta reunio\u0301n.txt").write_text("x", encoding="utf-8")
    file = study(SMALL.replace("a.txt", "acta reunión.txt"))
    assert file.path_of(file.documents[0]).is_file()


def test_plain_values_are_texts_until_asked_for():
    page = lined("a: no\nb: 2021-03\nc: 'null'\nd: ~\ne: [1, 2.5, yes]")
    assert [page.at(key).text for key in "abcd"] == ["no", "2021-03", "null", ""]
    assert page.at("e").plain() == [1, 2.5, True]
    assert page.at("zzz").value is None


@given(st.text(max_size=200))
def test_whatever_is_written_a_page_is_read_or_refused(text):
    with contextlib.suppress(Unreadable):
        assert isinstance(lined(text), Lined)


@given(st.text(max_size=60))
def test_an_id_is_made_of_plain_letters(name):
    assert set(as_id(name)) <= set("abcdefghijklmnopqrstuvwxyz0123456789_")
    assert as_id(name)
