"""A first study file: good guesses, each marked as one, and nobody's file overwritten."""

import shutil
from pathlib import Path

import pytest
from fpdf import FPDF

import weness
from weness.reading.checking import problems_in
from weness.reading.drafting import draft, write_draft
from weness.reading.names import plain
from weness.reading.study_file import StudyError, study_file

CASES = Path(__file__).parents[2].parent / "shared" / "data" / "cases"
DEMO = Path(weness.__file__).parent / "library" / "demo"

INTERVIEWS = {
    "2024-01-10 ana.txt": "Interview 1. Ana Pérez, manager, The Mill Ltd. 10 January 2024.\n\nInterviewer: How is it?\n\n"
    "Ana: We grind the grain of the valley.\n\nInterviewer: And then?\n\nAna: We sell it.\n\nInterviewer: To whom?\n\nAna: To the town.",
    "entrevista bruno.md": "# Entrevista 2. Bruno Díaz, secretario, Alcaldía de San Bruno. 18 de febrero de 2024\n\n"
    "**Entrevistadora:** ¿Cómo va?\n\n**Bruno Díaz:** Nosotros tenemos la vía.\n\n**Entrevistadora:** ¿Y qué más?\n\n"
    "**Bruno Díaz:** El agua, que es de todos.\n\n**Entrevistadora:** ¿Y después?\n\n**Bruno Díaz:** Ya veremos.",
    "verslag.txt": "Verslag overleg, 3 oktober 2024\nAanwezig: Ana Pérez (The Mill Ltd), Lotte de Vries (Stichting Oever)\n\n"
    "1. Prijs. Geen besluit.\n2. Water. We komen erop terug en dan zien we het wel weer.\n",
    "mail.eml": "From: Lotte de Vries <l@oever.example>\nTo: Ana\nDate: Thu, 3 Oct 2024 10:00:00 +0200\nSubject: water\n\nDag Ana, we komen morgen met z'n allen naar de molen en dan praten we over het water van de beek.\n",
}


@pytest.fixture
def folder(tmp_path):
    for name, text in INTERVIEWS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_partners_speakers_dates_genres_languages_and_waves_are_read_off_the_texts(folder):
    write_draft(folder)
    file = study_file(folder)
    by_name = {entry.file: entry for entry in file.documents}
    assert {speaker.name for speaker in file.speakers if not speaker.is_interviewer} == {
        "Ana Pérez",
        "Bruno Díaz",
        "Lotte de Vries",
    }
    assert {partner.sector for partner in file.partners} == {"business", "government", "civil_society"}
    assert [by_name[name].genre for name in INTERVIEWS] == ["interview", "interview", "minutes", "email"]
    assert [by_name[name].language for name in INTERVIEWS] == ["en", "es", "nl", "nl"]
    assert [by_name[name].date for name in INTERVIEWS] == ["2024-01-10", "2024-02-18", "2024-10-03", "2024-10-03"]
    assert [by_name[name].wave for name in INTERVIEWS] == ["w1", "w1", "w2", "w2"]
    # "Interviewer:" is known without a row of its own.
    assert "Interviewer" not in {speaker.name for speaker in file.speakers}


def test_every_guess_is_marked_and_check_counts_the_marks(folder):
    path = write_draft(folder)
    rows = [line for line in path.read_text("utf-8").splitlines() if line.startswith("  ")]
    assert len(rows) == 13
    assert all("# guess: " in row for row in rows)
    left = [one.what for one in problems_in(folder) if "left in" in one.what]
    assert [what.split(":")[0] for what in left] == [
        "A guess is left in study",
        "3 guesses are left in partners (lines 9 to 11)",
        "3 guesses are left in speakers (lines 15 to 17)",
        "2 guesses are left in waves (lines 21 to 22)",
        "4 guesses are left in documents (lines 26 to 29)",
    ]


def test_what_is_left_to_correct_in_a_draft_is_nothing_grave(folder):
    write_draft(folder)
    assert not [str(one) for one in problems_in(folder) if one.grave]


def test_a_persons_study_file_is_never_overwritten(folder):
    (folder / "study.yaml").write_text("mine", encoding="utf-8")
    assert write_draft(folder).name == "study.draft.yaml"
    assert (folder / "study.yaml").read_text("utf-8") == "mine"
    (folder / "study.draft.yaml").write_text("edited", encoding="utf-8")
    with pytest.raises(StudyError, match="stay as they are"):
        write_draft(folder)
    assert (folder / "study.draft.yaml").read_text("utf-8") == "edited"


def test_a_file_that_cannot_be_read_is_listed_with_its_reason(folder):
    page = FPDF()
    page.add_page()
    page.output(str(folder / "scan.pdf"))
    text = draft(folder)
    assert "# not read: scan.pdf" in text
    assert "scan" in text.split("# not read: scan.pdf", 1)[1]


def test_an_empty_folder_and_no_folder_are_said_in_a_line(tmp_path):
    with pytest.raises(StudyError, match="Nothing to read"):
        draft(tmp_path)
    with pytest.raises(StudyError, match="no such folder"):
        draft(tmp_path / "nowhere")


def test_the_draft_is_the_same_every_time(folder):
    assert draft(folder) == draft(folder)


def test_folders_within_are_walked_and_what_weness_wrote_is_left_alone(folder):
    for name in ("round 2/b.txt", "report/report.html", ".hidden/c.txt", "_old/d.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("We met at the mill and talked of the water.", encoding="utf-8")
    (folder / "mine.jsonl").write_text('{"file": "a.txt", "start": 0, "end": 4, "code": "TRUST"}', encoding="utf-8")
    write_draft(folder)
    assert {entry.file for entry in study_file(folder).documents} == {*INTERVIEWS, "round 2/b.txt"}


def test_one_who_asks_in_most_interviews_is_an_interviewer(tmp_path):
    for number, name in enumerate(("Ana Pérez", "Bob Stone"), 1):
        talk = "".join(f"Eva Smit: And what did they do then?\n{name}: We went on with it.\n" for _ in range(4))
        (tmp_path / f"talk {number}.txt").write_text(f"3 May 2024\n\n{talk}", encoding="utf-8")
    write_draft(tmp_path)
    file = study_file(tmp_path)
    assert {speaker.name: speaker.role for speaker in file.speakers} == {
        "Ana Pérez": "",
        "Bob Stone": "",
        "Eva Smit": "interviewer",
    }


def test_names_that_are_alike_are_left_apart_and_pointed_out(tmp_path):
    lists = ("Andrew Updegrove, Sam Ruby", "Andy Updegrove, Sam Ruby")
    for number, names in enumerate(lists, 1):
        (tmp_path / f"minutes {number}.txt").write_text(f"Present: {names}\n\nWe met.\n", encoding="utf-8")
    assert "; the same person as andrew?" in draft(tmp_path)


SOURCES = [
    pytest.param(CASES / name, marks=pytest.mark.skipif(not CASES.is_dir(), reason="../shared/data is not here"))
    for name in ("havenkade", "orchard", "quebrada")
]


@pytest.mark.parametrize("source", [*SOURCES, DEMO], ids=lambda path: path.name)
def test_the_draft_of_a_whole_partnership_is_nearly_what_a_person_wrote(source, tmp_path):
    for path in source.iterdir():
        if path.suffix not in (".yaml", ".json", ".jsonl"):
            shutil.copy(path, tmp_path)
    write_draft(tmp_path)
    ours, theirs = study_file(tmp_path), study_file(source)
    drafted = {entry.file: entry for entry in ours.documents}
    files = len(theirs.documents)
    for key, missed in {"genre": 0, "language": 0, "wave": 0, "date": 1}.items():
        right = sum(getattr(entry, key) == getattr(drafted[entry.file], key) for entry in theirs.documents)
        assert right >= files - missed, key
    names = {plain(one.name): one for one in ours.speakers}
    assert {plain(one.name) for one in theirs.speakers} <= set(names)
    assert len(ours.partners) == len(theirs.partners)
    assert sorted(one.sector for one in ours.partners) == sorted(one.sector for one in theirs.partners)
    pairs = {(one.partner, names[plain(one.name)].partner) for one in theirs.speakers if one.partner}
    assert len(pairs) == len({one.partner for one in theirs.speakers if one.partner})
