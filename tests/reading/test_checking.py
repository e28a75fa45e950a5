"""What is missing, unknown or contradictory, by file and line, with what there is instead."""

import json
from hashlib import sha256

import pytest

from weness.reading.checking import problems_in
from weness.reading.study_file import StudyError, study_file

GOOD = """study: {id: small, name: Small, languages: [en]}
partners:
  - {id: mill, name: The Mill, sector: business, power: member}
  - {id: town, name: The Town, sector: government, power: convener}
speakers:
  - {id: ana, name: Ana Pérez, partner: mill, role: manager}
  - {id: bob, name: Bob Stone, partner: town, role: clerk}
waves:
  - {id: w1, from: 2024-01, to: 2024-03}
documents:
  - {file: a.txt, wave: w1, date: 2024-01-10, genre: interview, language: en, partner: mill, speakers: [ana]}
  - {file: b.txt, wave: w1, date: 2024-02-10, genre: interview, language: en, partner: town, speakers: [bob]}
"""


@pytest.fixture
def study(tmp_path):
    (tmp_path / "a.txt").write_text("Interviewer: How?\nAna: We grind it and we sell it to the town.", encoding="utf-8")
    (tmp_path / "b.txt").write_text("Interviewer: How?\nBob: We pay for the road and the bridge.", encoding="utf-8")
    (tmp_path / "study.yaml").write_text(GOOD, encoding="utf-8")

    def changed(old, new):
        (tmp_path / "study.yaml").write_text(GOOD.replace(old, new), encoding="utf-8")
        return tmp_path

    changed.folder = tmp_path
    return changed


def test_a_sound_study_has_nothing_to_say(study):
    assert problems_in(study.folder) == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("partner: mill, speakers: [ana]", "partner: mlil, speakers: [ana]", 11, "'mill'"),
        ("speakers: [bob]", "speakers: [bop]", 12, "'bob'"),
        ("wave: w1, date: 2024-02-10", "wave: w2, date: 2024-02-10", 12, "w1"),
        ("genre: interview, language: en, partner: town", "genre: chat, language: en, partner: town", 12, "minutes"),
        ("sector: business", "sector: buisness", 3, "business"),
        ("date: 2024-01-10", "date: 2025-01-10", 11, "outside"),
        ("date: 2024-01-10", "date: soon", 11, "no date"),
        ("file: b.txt", "file: c.txt", 12, "b.txt"),
        ("from: 2024-01, to: 2024-03", "from: 2024-03, to: 2024-01", 9, "before it begins"),
        ("speakers: [bob]}", "speakers: [ana]}", 12, "of mill"),
        ("partner: town, speakers: [bob]}", "partner: null, speakers: []}", 12, "neither"),
        ("{id: bob, name", "{id: ana, name", 7, "twice"),
    ],
)
def test_each_slip_is_found_in_its_line_with_what_there_is_instead(study, old, new, line, told):
    found = problems_in(study(old, new))
    assert any(one.line == line and told in one.what for one in found), [str(one) for one in found]


def test_waves_that_overlap_or_follow_too_closely_are_pointed_out(study):
    row = "  - {id: w1, from: 2024-01, to: 2024-03}\n"
    overlapping = study(row, row + "  - {id: w2, from: 2024-02, to: 2024-05}\n")
    assert any("overlap" in one.what and one.grave for one in problems_in(overlapping))
    close = study(row, row + "  - {id: w2, from: 2024-04, to: 2024-05}\n")
    assert any("Less than 3 months" in one.what for one in problems_in(close))
    assert any("w2 has no document" in one.what for one in problems_in(close))


def test_a_narrative_that_nobody_names_is_pointed_out(study):
    (study.folder / "forgotten.txt").write_text("We forgot.", encoding="utf-8")
    assert any(one.file == "forgotten.txt" for one in problems_in(study.folder))


def test_a_stranger_in_the_text_is_named_with_the_line(study):
    (study.folder / "a.txt").write_text("Ana: We go.\nZoltan: We too.\nAna: Yes.\nZoltan: Good.", encoding="utf-8")
    (problem,) = [one for one in problems_in(study.folder) if "Zoltan" in one.what]
    assert (problem.file, problem.line) == ("a.txt", 2)


def test_a_text_in_another_language_than_stated_is_pointed_out(study):
    words = "Nosotros tenemos la vía y ellos tienen el agua, y de eso no se habla en la mesa porque nadie quiere. " * 3
    (study.folder / "a.txt").write_text(f"Interviewer: How?\nAna: {words}", encoding="utf-8")
    assert any("looks like es" in one.what for one in problems_in(study.folder))


def test_rows_of_codings_that_do_not_fit_are_named_by_line(study):
    rows = [
        {"file": "a.txt", "start": 0, "end": 5, "code": "TRUST"},
        {"file": "z.txt", "start": 0, "end": 5, "code": "TRUST"},
        {"file": "a.txt", "start": 0, "end": 9999, "code": "TRUST"},
        {"file": "a.txt", "start": 0, "end": 3, "text": "Bob", "code": "TRUST"},
    ]
    (study.folder / "codings.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\nnot json\n", encoding="utf-8")
    found = [one.line for one in problems_in(study.folder) if one.file == "codings.jsonl"]
    assert found == [2, 3, 4, 5]


def test_a_text_that_changed_since_its_check_sample_was_drawn_is_named(study):
    text = (study.folder / "a.txt").read_text("utf-8")
    head = {"draw": 1, "seed": 0, "texts": {"a.txt": sha256(text.encode("utf-8")).hexdigest()}}
    (study.folder / "checks.jsonl").write_text(f"{json.dumps(head)}\nno row\n[]\n", encoding="utf-8")
    assert not [one for one in problems_in(study.folder) if one.file == "checks.jsonl"]
    (study.folder / "a.txt").write_text(f"{text} More.", encoding="utf-8")
    assert [(one.line, one.grave) for one in problems_in(study.folder) if "sample was drawn: a.txt." in one.what] == [
        (1, False)
    ]


def test_a_code_that_no_codebook_has_is_named(study):
    row = {"file": "a.txt", "start": 0, "end": 5, "code": "TRUSTS"}
    (study.folder / "codings.jsonl").write_text(json.dumps(row), encoding="utf-8")
    assert any("Did you mean 'TRUST'?" in one.what and one.line == 1 for one in problems_in(study.folder))


def test_marks_of_guesses_are_counted_by_section(study):
    first, second = GOOD.splitlines()[-2:]
    folder = study(f"{first}\n{second}", f"{first}  # guess: x\n{second}  # guess: y")
    (problem,) = problems_in(folder)
    assert (problem.line, problem.grave) == (11, False)
    assert "2 guesses are left in documents (lines 11 to 12)" in problem.what


def test_people_who_count_for_nobody_are_named(study):
    row = "  - {id: bob, name: Bob Stone, partner: town, role: clerk}\n"
    folder = study(row, row + "  - {id: zoe, name: Zoe Lane, role: guest}\n")
    told = {one.what for one in problems_in(folder) if one.line == 8}
    assert told == {
        "zoe has no partner, so these words count for nobody.",
        "zoe has no document that names them.",
    }


def test_a_correction_for_a_label_that_is_not_there_is_named(study):
    folder = study("speakers: [ana]}", "speakers: [ana], turns: {Zelda: ana}}")
    assert any("no such label" in one.what and one.line == 11 for one in problems_in(folder))


def test_two_files_with_the_same_words_are_named(study):
    (study.folder / "b.txt").write_bytes((study.folder / "a.txt").read_bytes())
    assert any("same words as a.txt" in one.what for one in problems_in(study.folder))


def test_a_file_that_cannot_be_read_is_one_problem_among_others(study):
    (study.folder / "a.txt").write_bytes(b"")
    (problem,) = [one for one in problems_in(study.folder) if one.grave]
    assert (problem.file, problem.what) == ("a.txt", "The file is empty.")


@pytest.mark.parametrize(("date", "fits"), [("2024", True), ("2024-03", True), ("2024-03-31", True), ("2023", False)])
def test_a_date_may_be_no_more_than_a_month_or_a_year(study, date, fits):
    found = problems_in(study("date: 2024-01-10", f"date: {date}"))
    assert any("outside" in one.what for one in found) is not fits


def test_one_partner_alone_is_said(study):
    one = study("  - {id: town, name: The Town, sector: government, power: convener}\n", "")
    assert any("Only one partner" in problem.what for problem in problems_in(one))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "partners"),
        ("just words", "keys"),
        ("partners: [{id: a, name: A}]\n", "documents"),
        ("study: &x {id: a}\npartners: *x\n", "anchors"),
        ("partners: [\n", "YAML"),
        ("partners:\n\t- {id: a}\n", "tab"),
        ("partners: [{id: a}]\npartners: [{id: b}]\ndocuments: []\n", "twice"),
        ("a: " + "[" * 40 + "]" * 40, "deep"),
    ],
)
def test_a_study_file_that_cannot_be_used_says_why_in_two_lines(study, text, told):
    (study.folder / "study.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match=rf"(?i){told}") as error:
        study_file(study.folder)
    assert len(str(error.value).splitlines()) <= 2


def test_a_path_that_leads_out_of_the_folder_is_refused(study, tmp_path_factory):
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    for path in ("../secret.txt", str(secret), "C:/secret.txt"):
        file = study_file(study("file: b.txt", f'file: "{path}"'))
        assert [entry.file for entry in file.documents] == ["a.txt"]
    (study.folder / "link.txt").symlink_to(secret)
    file = study_file(study("file: b.txt", "file: link.txt"))
    assert [entry.file for entry in file.documents] == ["a.txt"]
    assert any("refused" in note for note in file.notes)


def test_minutes_that_list_nobody_may_hold_anybodys_words(tmp_path):
    (tmp_path / "minutes.txt").write_text("Ann: We grind the grain.\n\nBob: We pay for it.\n", encoding="utf-8")
    (tmp_path / "study.yaml").write_text(
        "study: {id: s, name: S, languages: [en]}\n"
        "partners: [{id: mill, name: Mill, sector: business, power: member},"
        " {id: town, name: Town, sector: government, power: member}]\n"
        "speakers: [{id: ann, name: Ann, partner: mill, role: chair}, {id: bob, name: Bob, partner: town, role: clerk}]\n"
        "waves: [{id: w1, from: 2024-01, to: 2024-03}]\n"
        "documents: [{file: minutes.txt, wave: w1, date: 2024-02-01, genre: minutes, language: en, partner: null, speakers: []}]\n",
        encoding="utf-8",
    )
    told = " ".join(problem.what for problem in problems_in(tmp_path))
    assert "no document" not in told
