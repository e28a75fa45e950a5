"""Attendance lists: who was there, for which house, and how they may be called."""

import pytest

from weness.reading.attendance import attendance_in
from weness.reading.corpus import Partner, Speaker
from weness.reading.names import Names

PARTNERS = (
    Partner("mill", "The Mill E.S.P.", "business", aliases=("the mill",)),
    Partner("town", "Gemeente Oudersluis", "government", aliases=("de gemeente",)),
)
SPEAKERS = (Speaker("ana", "Ana Pérez", "mill"), Speaker("bob", "Bob Stone", "town"))
NAMES = Names(SPEAKERS, PARTNERS)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Present: A. Pérez and C. Dorn (The Mill, chair), Bob Stone (Gemeente Oudersluis)\n\nWe met."),
        ("en", "Present: A. Pérez and C. Dorn (The Mill),\nBob Stone (Gemeente Oudersluis)\nApologies: D. Ek\n"),
        ("es", "Asistentes: Ana Pérez y C. Dorn (The Mill); Bob Stone (gemeente). Invitado: párroco.\n\nSe abre."),
        ("nl", "**Aanwezig:** Ana Pérez en C. Dorn (The Mill), Bob Stone (gemeente)\nMet briefje: D. Ek (The Mill)\n"),
        (
            "en",
            "## Present\n\n- Ana Pérez (@ana) - The Mill\n\n- C. Dorn (@cd) - The Mill\n- Bob Stone\n\n## Agenda\n- Zoe Bly, we go",
        ),
        ("en", "Attendees\nAna Pérez\nC. Dorn, The Mill\nBob Stone\n\nZoe Bly opened."),
    ],
)
def test_who_was_there_is_read_from_lines_and_lists(language, text):
    found = attendance_in(text, language, NAMES)
    assert [one.name.replace("A.", "Ana") for one in found.people] == ["Ana Pérez", "C. Dorn", "Bob Stone"]
    assert [(one.speaker, one.partner) for one in found.people] == [("ana", "mill"), (None, "mill"), ("bob", "town")]


def test_initials_of_the_list_and_those_of_the_name_both_count():
    found = attendance_in("## Present\n* AMP: Ana Pérez\n* CD: Clara van Dorn (@cd)\n", "en", NAMES)
    assert [one.name for one in found.meant_by("AMP")] == ["Ana Pérez"]
    assert (
        [one.name for one in found.meant_by("CvD")]
        == [one.name for one in found.meant_by("Clara")]
        == ["Clara van Dorn"]
    )
    assert not found.meant_by("Zoe")


def test_the_list_of_those_absent_is_known_but_they_were_not_there():
    text = "Present: Ana Pérez\nApologies: Bob Stone\n"
    found = attendance_in(text, "en", NAMES)
    assert [one.speaker for one in found.people] == ["ana"]
    assert found.holds(text.index("Bob"))


@pytest.mark.parametrize(
    "text", ["Present tense is used here.", "Present: we had ten people", "Participants\nwe all went home."]
)
def test_a_sentence_about_presence_is_no_list(text):
    assert attendance_in(text, "en", NAMES).people == ()
