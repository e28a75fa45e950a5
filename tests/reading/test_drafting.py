"""A first study file: good guesses, each marked as one, and nobody's file overwritten."""

import pytest
from fpdf import FPDF

from weness.reading.checking import problems_in
from weness.reading.drafting import draft, write_draft
from weness.reading.study_file import StudyError, study_file

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
    rows = [line for line in path.read_text("utf-8").splitlines() if line.startswith("  - ")]
    assert all("# guess" in row for row in rows)
    assert sum("Still a guess" in problem.what for problem in problems_in(folder)) == len(rows) + 1


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
