"""Turns: who says what, however the transcript is laid out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weness.reading.corpus import Document, Partner, Speaker
from weness.reading.transcripts import turns_in

PARTNERS = (
    Partner("mill", "The Mill", "business", aliases=("Mill Ltd",)),
    Partner("town", "Alcaldía de San Bruno", "government", aliases=("la alcaldía",)),
)
SPEAKERS = (
    Speaker("ana", "Ana María Pérez", "mill", "manager"),
    Speaker("bob", "Bob Stone", "town", "clerk"),
    Speaker("lotte", "Lotte Brandsma", "mill", "chair"),
    Speaker("eve", "Eve Q. Asker", None, "interviewer"),
)


def turns(text, genre="interview", speakers=("ana", "eve"), language="en", corrections=()):
    document = Document("a.txt", text, "mill", "w1", "2024-01-01", genre, language, speakers)
    found = turns_in(document, SPEAKERS, PARTNERS, corrections)
    return [(turn.speaker, turn.interviewer, text[turn.span.start : turn.span.end].strip()) for turn in found]


@pytest.mark.parametrize(
    "text",
    [
        "I: How is it?\nR: We manage.",
        "Interviewer: How is it?\n\nAna María: We manage.",
        "Eve Q. Asker: How is it?\nAna Perez: We manage.",
        "**Eve:** How is it?\n\n**Ana María Pérez:** We manage.",
        "Eve Asker: How is it?\nAna María Pérez (The Mill): We manage.",
        "[00:00:04] I: How is it?\n[00:00:09] R: We manage.",
        "00:04 Eve: How is it?\n00:09 doña Ana María: We manage.",
        "(00:04) Interviewer: How is it?\n(00:09) Perez: We manage.",
        "Q: How is it?\nA: We manage.",
        "E: How is it?\nA: We manage.",
        "**Eve**: How is it?\n\n**Ana Pérez** (The Mill): We manage.",
        "Eve Asker: How is it?\nAna Pérez - The Mill: We manage.",
        "Eve Asker (00:04):\nHow is it?\n\nAna Pérez (00:09):\nWe manage.",
        "EVE ASKER: How is it?\nANA MARÍA: We manage.",
        "Eve Askr: How is it?\nAna Peres: We manage.",
    ],
)
def test_question_and_answer_are_told_apart_in_every_common_layout(text):
    found = [turn for turn in turns(text) if turn[2]]
    assert [(asks, words) for _, asks, words in found] == [(True, "How is it?"), (False, "We manage.")]
    assert found[1][0] == "ana"


def test_name_and_time_on_a_line_of_their_own_begin_a_turn():
    found = turns("Eve Asker 00:04\nHow is it?\n\nAna Pérez 00:09\nWe manage.\nReally.")
    assert found == [("eve", True, "How is it?"), ("ana", False, "We manage.\nReally.")]


def test_a_key_in_the_heading_says_who_r_is():
    text = "Interview 05\nR = Lotte Brandsma, The Mill\n\nI: Tell me.\nR: We built."
    found = turns(text, speakers=("lotte", "ana", "eve"))
    assert found[-1] == ("lotte", False, "We built.")


def test_a_correction_of_the_study_file_wins_over_every_guess():
    found = turns("X1: How is it?\nX2: We manage.", corrections=(("X1", "eve"), ("X2", "ana")))
    assert found == [("eve", True, "How is it?"), ("ana", False, "We manage.")]


@pytest.mark.parametrize("line", ["17:30 we left.", "Note: nothing.", "At 9:15 we met.", "See http://x.org: good."])
def test_a_clock_time_a_note_and_an_address_are_no_speakers(line):
    text = f"Interviewer: And then?\nAna: We walked.\n{line}\nInterviewer: So?\nAna: Yes."
    assert {speaker for speaker, _, _ in turns(text)} == {None, "ana"}
    assert all(asks for speaker, asks, _ in turns(text) if speaker is None)
    assert line in turns(text)[1][2]


def test_a_stranger_keeps_the_label_and_is_nobody():
    document = Document("a.txt", "Zed: Hello.\nAna: We.\nZed: Bye.", "mill", genre="interview", speakers=("ana",))
    found = turns_in(document, SPEAKERS, PARTNERS)
    assert [(turn.speaker, turn.label) for turn in found] == [(None, "Zed"), ("ana", "Ana"), (None, "Zed")]


def test_in_minutes_a_label_rules_its_item_and_the_rest_is_nobodys():
    text = (
        "Present: A. Pérez (The Mill), B. Stone (Alcaldía)\n\n1. Budget. No decision.\n\n"
        '2. Wording. AP: "We can\'t sign." BS: "Then we wait." No agreement.\n'
    )
    found = turns(text, "minutes", ("ana", "bob"))
    assert ("ana", False, "We can't sign.") in found
    assert ("bob", False, "Then we wait.") in found
    assert all(speaker is None for speaker, _, words in found if "No decision" in words or "No agreement" in words)


def test_bulleted_minutes_give_each_bullet_to_its_speaker():
    text = "# Meeting\n\n* Budget\n  * Ana, we need more time\n  * Bob: we have none\n* Next\n"
    found = turns(text, "minutes", ("ana", "bob"))
    assert ("ana", "we need more time") in [(speaker, words) for speaker, _, words in found]
    assert ("bob", "we have none") in [(speaker, words) for speaker, _, words in found]


def test_an_article_gives_quoted_words_to_who_is_said_to_say_them():
    text = '"We walk first", said Ana Pérez of the mill. Bob Stone said: "We pay for it."\n\n"Nice," said a visitor.'
    found = turns(text, "press", ("ana", "bob"))
    assert ("ana", False, "We walk first") in found
    assert ("bob", False, "We pay for it.") in found
    assert not any("Nice" in words for speaker, _, words in found if speaker)


def test_a_mail_is_one_turn_of_its_sender_without_the_header():
    text = "From: Ana Pérez <ana@mill.example>\nTo: Bob\nSubject: rule\n\nDear Bob,\nwe agree.\nAna"
    found = turns(text, "email", ("ana",))
    assert found[-1] == ("ana", False, "Dear Bob,\nwe agree.\nAna")
    assert found[0][0] is None


def test_a_lone_known_speaker_says_all_of_a_text_without_labels():
    assert turns("We built it. We kept it.", speakers=("ana",)) == [("ana", False, "We built it. We kept it.")]


def test_ambiguous_first_names_are_decided_by_who_is_in_the_document():
    people = (*SPEAKERS, Speaker("ana2", "Ana Gómez", "town"))
    document = Document("a.txt", "Interviewer: Hi\nAna: We.", "town", genre="interview", speakers=("ana2", "eve"))
    assert turns_in(document, people, PARTNERS)[-1].speaker == "ana2"


labels = st.sampled_from(["I", "R", "Ana", "Bob Stone", "**Ana**", "[00:01] R", "17:30", "Note", "Zed"])
words = st.text(st.characters(codec="utf-8", exclude_characters="\r", exclude_categories=("Cs",)), max_size=40)


@given(st.lists(st.tuples(labels, words), max_size=8), st.sampled_from(["interview", "minutes", "press", "email"]))
def test_turns_never_overlap_never_leave_the_text_and_lose_no_words(lines, genre):
    text = "\n".join(f"{label}: {said}" for label, said in lines)
    document = Document("a.txt", text, "mill", "w1", "", genre, "en", ("ana", "bob", "eve"))
    found = turns_in(document, SPEAKERS, PARTNERS)
    end = 0
    for turn in found:
        assert end <= turn.span.start < turn.span.end <= len(text)
        end = turn.span.end


@pytest.mark.parametrize(
    ("language", "asks", "answers"),
    [("es", "P", "R"), ("nl", "V", "A"), ("en", "Q", "A"), ("es", "Entrevistadora", "R")],
)
def test_a_question_in_spanish_is_no_participant_in_english(language, asks, answers):
    text = f"{asks}: ¿Sí?\n{answers}: No.\n{asks}: ¿Y?\n{answers}: Ya."
    found = turns(text, speakers=("ana",), language=language)
    assert [(speaker, asking) for speaker, asking, _ in found] == [(None, True), ("ana", False)] * 2


def test_one_letter_is_a_name_where_nobody_else_begins_with_it():
    found = turns("E: ¿Cómo va?\nL: Bien.\nE: ¿Y?\nL: Nada.", speakers=("lotte",), language="es")
    assert [speaker for speaker, _, _ in found] == [None, "lotte", None, "lotte"]


@pytest.mark.parametrize("label", ["Speaker {}", "SPEAKER_0{}", "Deelnemer {}", "P{}"])
def test_what_a_machine_calls_people_is_a_label_and_nobody_until_the_study_says_who(label):
    one, two = label.format(1), label.format(2)
    text = f"{one}: How?\n{two}: We manage.\n{one}: And?\n{two}: We do."
    assert [speaker for speaker, _, _ in turns(text, speakers=("ana",))] == [None] * 4
    named = turns(text, speakers=("ana",), corrections=((one, "eve"), (two, "ana")))
    assert [speaker for speaker, _, _ in named] == ["eve", "ana", "eve", "ana"]


@pytest.mark.parametrize("gap", ["\t", "\n"])
def test_names_without_a_colon_part_turns_where_several_do(gap):
    text = "\n\n".join(
        f"{who}{gap}{what}" for who, what in (("Eve", "How?"), ("Ana", "We."), ("Eve", "So?"), ("Ana", "No."))
    )
    assert [speaker for speaker, _, _ in turns(text)] == ["eve", "ana", "eve", "ana"]


def test_an_address_within_an_answer_is_no_new_speaker():
    text = "Eve: And then?\nAna: I told him.\nBob, as I said before: we pay.\nEve: So?\nAna: Yes."
    assert [speaker for speaker, _, _ in turns(text, speakers=("ana", "bob", "eve"))] == ["eve", "ana", "eve", "ana"]


def test_a_chair_who_is_named_once_is_known_by_the_office_from_then_on():
    text = "The Chair (Mr. Bob Stone (North, Ind.)): Welcome.\nAna: We.\nThe Chair: Thanks."
    assert [speaker for speaker, _, _ in turns(text, speakers=("ana", "bob"))] == ["bob", "ana", "bob"]


def test_an_organisation_that_speaks_keeps_its_label():
    text = 'Asistentes: Ana Pérez (The Mill)\n\n1. Obra. La alcaldía: "No podemos firmar hoy". Sin acuerdo.'
    document = Document("a.txt", text, None, genre="minutes", language="es", speakers=("ana",))
    said = [turn for turn in turns_in(document, SPEAKERS, PARTNERS) if turn.label]
    assert [(turn.label, turn.speaker, text[turn.span.start : turn.span.end]) for turn in said] == [
        ("La alcaldía", None, "No podemos firmar hoy")
    ]


def test_who_was_there_decides_whom_initials_and_first_names_mean():
    people = (*SPEAKERS, Speaker("bas", "Bas Smit", "town"), Speaker("bob2", "Bob Green", "mill"))
    text = "## Present\n* BS: Bas Smit (@bas)\n* Bob Green - The Mill\n\n## Agenda\n* BS: we go\n* Bob, we stay\n"
    found = turns_in(Document("a.md", text, None, genre="minutes"), people, PARTNERS)
    assert [(turn.speaker, turn.label) for turn in found if turn.label] == [("bas", "BS"), ("bob2", "Bob")]


def test_a_topic_with_a_colon_is_nobody_where_it_says_who_was_there():
    text = "Present: Ana Pérez, Bob Stone\n\nRefresher: we had it.\n\nRefresher: again.\n\nQuestion: who pays?\n"
    assert {speaker for speaker, _, _ in turns(text, "minutes")} == {None}
    assert not any(asks for _, asks, _ in turns(text, "minutes"))


def test_a_list_of_people_is_not_said_by_the_first_of_them():
    text = "* Ana, Bob and Lotte will go\n* Ana, Bob did well\n* Bob – none of that\n"
    found = turns(text, "minutes", ("ana", "bob", "lotte"))
    assert [(speaker, words) for speaker, _, words in found if speaker] == [
        ("ana", "Bob did well"),
        ("bob", "none of that"),
    ]


def test_two_who_speak_on_one_line_of_the_minutes_are_told_apart():
    text = 'AP: "We can\'t." BS: "Then we wait."\n\nAP: When is that? BS: In August.\n'
    found = [(speaker, words.strip('"')) for speaker, _, words in turns(text, "minutes", ("ana", "bob")) if speaker]
    assert found == [("ana", "We can't."), ("bob", "Then we wait."), ("ana", "When is that?"), ("bob", "In August.")]


@pytest.mark.parametrize(
    ("language", "text", "who"),
    [
        ("en", '"We walk first", said Ana Pérez of the mill, next to Bob Stone.', "ana"),
        ("en", 'Bob Stone opened the meeting. "We cannot pay for this," he said.', "bob"),
        ("en", "Ana Pérez disagreed: “We can.”", "ana"),
        ("en", 'Ana Pérez warned of that. "We cannot pay for this."', "ana"),
        ("en", 'Ana Pérez warned of that. "We cannot pay for this," said the mayor.', None),
        ("en", 'Ana Pérez warned of that. "We cannot pay for this," said John Doe, a friend of Bob Stone.', None),
        ("en", 'The mill closed. Ana Pérez had lunch. "We cannot pay for this."', None),
        ("en", 'Ana Pérez said that "all of" it was hers.', None),
        ("es", "«No podemos», dijo doña Ana Pérez.", "ana"),
        ("es", 'Según la señora Pérez falta plata. "En la empresa nos pidieron esperar", dijo.', "ana"),
        ("nl", "‘Dat kunnen wij niet’, zei Lotte Brandsma.", "lotte"),
        ("nl", '"Dat kunnen wij niet", aldus de wethouder.', None),
    ],
)
def test_quoted_words_are_a_speakers_only_where_that_is_plain(language, text, who):
    found = turns(text, "press", ("ana", "bob", "lotte"), language)
    assert [speaker for speaker, _, _ in found if speaker] == ([who] if who else [])


def test_he_added_goes_on_with_the_speaker_before_and_not_with_a_stranger():
    text = 'Bob Stone said: "We pay for it."\n\nHe added: "We always did."\n\n"We never did," said a man. He added: "Not once."'
    found = [words for speaker, _, words in turns(text, "press", ("ana", "bob")) if speaker == "bob"]
    assert found == ["We pay for it.", "We always did."]


def test_a_firm_with_a_surname_in_its_name_is_not_the_person():
    house = (Partner("eerd", "Van Eerd Ontwikkeling", "business", aliases=("Van Eerd",)),)
    people = (Speaker("rob", "Rob van Eerd", "eerd"),)
    document = Document(
        "a", '"Wij bouwen door", zegt een woordvoerder van Van Eerd.', None, genre="press", language="nl"
    )
    assert all(turn.speaker is None for turn in turns_in(document, people, house))


def test_the_sender_named_in_a_mail_is_not_replaced_by_who_was_expected():
    found = turns("From: Zed Zorn (Nowhere)\nTo: Ana\n\nWe go.", "email", ("ana",))
    assert [speaker for speaker, _, _ in found] == [None, None]
    assert turns("From: a@mill.example\n\nWe go.", "email", ("ana",))[-1][0] == "ana"


@given(st.lists(st.tuples(labels, words), max_size=8))
def test_what_no_turn_covers_is_a_label_or_white_space(lines):
    text = "\n".join(f"{label}: {said}" for label, said in lines)
    document = Document("a.txt", text, "mill", "w1", "", "interview", "en", ("ana", "bob", "eve"))
    at = 0
    for turn in (*turns_in(document, SPEAKERS, PARTNERS), None):
        left = text[at : turn.span.start if turn else len(text)].strip()
        assert len(left) < 80
        assert not left or ":" in left
        at = turn.span.end if turn else at


def told(text, speakers=("ana",), language="en", genre="interview"):
    return turns(text, genre, speakers, language)


ASKED = [(None, False), ("eve", True), ("ana", False), ("eve", True), ("ana", False)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "First visit.\n[I] Eve Q. Asker, [R] Ana Pérez\n\n[I] How is it?\n[R] We manage.\n[I] And?\n[R] We do."),
        (
            "en",
            "Round one. [R] Ana Pérez, chair, The Mill. [I] Eve Asker. By video.\n\n[I] How?\n\n[R] We.\n\n[I] So?\n\n[R] No.",
        ),
        (
            "es",
            "En la oficina. [I] Eve Asker · [R] Ana Pérez, gerente · 19 de octubre\n\n[I] ¿Y?\n\n[R] Ya.\n\n[I] ¿Más?\n\n[R] No.",
        ),
        (
            "nl",
            "[V] Eve Asker\n[A] Ana Pérez, voorzitter\n\n[V] Hoe gaat het?\n[A] Wij redden ons.\n[V] En nu?\n[A] Goed.",
        ),
        ("en", "Call.\n[E] Eve Asker, [A] Ana Pérez\n\n[E] How is it?\n[A] We manage.\n[E] And?\n[A] We do."),
    ],
)
def test_letters_in_brackets_that_the_head_explains_part_turns(language, text):
    assert [turn[:2] for turn in told(text, ("ana", "lotte"), language)] == ASKED


@pytest.mark.parametrize(
    ("language", "head", "ask", "answer"),
    [
        ("en", "Ana Pérez, 3 March 2021. [I] interviewer, [R] respondent.\n\n", "I", "R"),
        ("en", "", "I", "R"),
        ("es", "[P] entrevistadora, [R] entrevistada\n\n", "P", "R"),
        ("nl", "Gesprek met Ana. [V] interviewer, [A] geïnterviewde\n\n", "V", "A"),
        ("en", "", "Interviewer", "Ana Pérez"),
    ],
)
def test_an_unnamed_respondent_in_brackets_is_the_only_teller(language, head, ask, answer):
    text = f"{head}[{ask}] Ana, how is it?\n\n[{answer}] We manage.\nWe do.\n\n[{ask}] So?\n\n[{answer}] Yes."
    found = [turn for turn in told(text, language=language) if turn[1] or turn[0]]
    assert found == [
        (None, True, "Ana, how is it?"),
        ("ana", False, "We manage.\nWe do."),
        (None, True, "So?"),
        ("ana", False, "Yes."),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "We put an [R] on the sheet and an [I] on the door.",
        "[inaudible] and then we left.",
        "[Laughs] we did.",
        "[1] See the annex.",
        "[I]t was ours.",
        "[the mill] paid.",
    ],
)
def test_brackets_that_are_no_label_stay_within_the_answer(line):
    text = f"[I] interviewer, [R] respondent\n\n[I] And then?\n[R] We walked.\n{line}\n{line}\n[I] So?\n[R] Yes."
    found = told(text)
    assert [turn[:2] for turn in found] == [(None, False), (None, True), ("ana", False), (None, True), ("ana", False)]
    assert found[2][2] == f"We walked.\n{line}\n{line}"


def test_an_editors_brackets_at_the_start_of_lines_do_not_undo_turns_with_a_colon():
    text = "Eve: And then?\nAna: We walked.\n[I] think so.\n[R] is for rain.\nEve: So?\nAna: Yes.\nEve: Well?\nAna: No."
    assert [turn[0] for turn in told(text, ("ana", "eve"))] == ["eve", "ana"] * 3


@pytest.mark.parametrize(
    "text", ["We came.\n[I] think we won.\n[I] know it.", "We came.\n[R] 1\n[R] 2", "[A] one\n[B] two"]
)
def test_brackets_with_nobody_who_asks_and_answers_are_no_turns(text):
    assert told(text) == [("ana", False, text)]


def test_brackets_in_minutes_are_no_labels():
    text = "Present: Ana Pérez\n\n[I] How is it?\n[R] We manage.\n"
    assert not any(speaker or asks for speaker, asks, _ in told(text, genre="minutes"))


@pytest.mark.parametrize(
    ("language", "head"),
    [
        (
            "es",
            "Entrevista conjunta.\nL: Lotte Brandsma, coordinadora. A: Ana Pérez, gerente. E: Eve Asker, que pregunta",
        ),
        (
            "es",
            "Ana Pérez (A), gerente, The Mill\nSan Bruno, 23 de marzo. Entrevista: Eve Asker (E). Con Lotte Brandsma (L)",
        ),
        ("es", "Ana Pérez (A) y Lotte Brandsma (L), The Mill. Pregunta Eve Asker (E)."),
        ("en", "Ana Pérez (A) and Lotte Brandsma (L), The Mill\nE: Eve Asker"),
        ("nl", "A = Ana Pérez, L = Lotte Brandsma, E = Eve Asker"),
    ],
)
def test_initials_with_a_full_stop_part_turns_where_the_head_explains_them(language, head):
    text = f"{head}\n\nE. ¿Cómo va?\n\nL. Bien.\n\nA. Porque sí. B. fue ayer.\n\nE. ¿Y?\n\nL. Nada."
    found = told(text, ("ana", "lotte"), language)
    assert found[0][:2] == (None, False)
    assert found[1:] == [
        ("eve", True, "¿Cómo va?"),
        ("lotte", False, "Bien."),
        ("ana", False, "Porque sí. B. fue ayer."),
        ("eve", True, "¿Y?"),
        ("lotte", False, "Nada."),
    ]


@pytest.mark.parametrize(
    "asker", ["C: Camilo Duarte, que pregunta", "Entrevista: Camilo Duarte (C)", "Entrevista de Camilo Duarte (C)"]
)
def test_who_asks_by_an_initial_need_not_be_known_to_the_study(asker):
    text = f"Ana Pérez (A), The Mill\n{asker}\n\nC. ¿Cómo va?\n\nA. Bien.\n"
    assert told(text, language="es")[1:] == [(None, True, "¿Cómo va?"), ("ana", False, "Bien.")]


@pytest.mark.parametrize(
    "text",
    [
        "We waited.\nA. Smith said no.\nB. Stone said yes.\nA. Smith left.",
        "We want:\na. a rule\nb. a room\na. a rule again",
        "We want:\nA. a rule\nB. a room\nC. a key",
        "A: Ana Pérez. B: Bob Stone. On points:\n\nA. a rule\nB. a room\nC. a key",
        "Ana Pérez (A), The Mill.\n\nA. We waited.\nA. We left.",
        "Asisten Ana Pérez (A) y Bob Stone.\n\nP. D. Del tractor no hablo.\nA. No.",
    ],
)
def test_initials_that_no_head_explains_or_that_do_not_come_back_are_no_turns(text):
    assert not any(asks or speaker == "bob" for speaker, asks, _ in told(text))
    assert len([turn for turn in told(text) if turn[0]]) == 1


@pytest.mark.parametrize(
    "line", ["A. Pérez said no.", "A. Smith said no.", "L. Brandsma was there.", "Z. was the last letter."]
)
def test_somebody_with_an_initial_who_is_talked_about_begins_no_turn(line):
    text = (
        f"Ana Pérez (A), Lotte Brandsma (L), interviewer Eve Asker (E)\n\nE. And?\nL. We met.\n{line}\nE. So?\nA. Yes."
    )
    found = told(text, ("ana", "lotte"))
    assert [turn[0] for turn in found] == [None, "eve", "lotte", "eve", "ana"]
    assert found[2][2] == f"We met.\n{line}"


@pytest.mark.parametrize(
    "label", ["NITA PÉREZ", "Madam Ana", "Tía Ana", "Burgemeester Pérez", "Capt. Pérez", "Biól. Ana Pérez"]
)
def test_a_nickname_or_title_with_a_name_is_the_only_teller(label):
    text = f"EVE ASKER: How?\n{label}: We manage.\nEVE ASKER: So?\n{label}: We do."
    assert [turn[0] for turn in told(text, ("ana", "eve"))] == ["eve", "ana", "eve", "ana"]


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("Eve: How?\nNita Pérez: We.\nEve: So?\nNita Pérez: No.", ("bob", "lotte")),
        ("Eve: How?\nNita Pérez: We.\nEve: So?\nNita Pérez: No.", ("ana", "lotte")),
        ("Ana: How?\nNita Pérez: We.\nAna: So?\nNita Pérez: No.", ("ana",)),
        ("Eve: How?\nNita Pérez: We.\nTito Pérez: So?\nNita Pérez: No.\nTito Pérez: Ya.", ("ana",)),
        ("Eve: How?\nAna Gómez: We.\nEve: So?\nAna Gómez: No.", ("ana",)),
        ("Eve: How?\nBob Pérez: We.\nEve: So?\nBob Pérez: No.", ("ana",)),
    ],
)
def test_a_name_that_could_be_somebody_elses_stays_a_strangers(text, speakers):
    document = Document("a.txt", text, "mill", genre="interview", speakers=speakers)
    found = [turn for turn in turns_in(document, SPEAKERS, PARTNERS) if turn.label.endswith(("Pérez", "Gómez"))]
    assert found
    assert {turn.speaker for turn in found} == {None}


def test_a_title_on_the_attendance_list_does_not_hide_who_speaks():
    text = 'Present: Eng. Pérez and Mercy (The Mill), Capt. B. Stone (Alcaldía)\n\n1. Repairs. Pérez: "We have now done nineteen." Stone: "Then we go on."\n'
    found = [(speaker, words) for speaker, _, words in told(text, ("ana", "bob"), genre="minutes") if speaker]
    assert found == [("ana", "We have now done nineteen."), ("bob", "Then we go on.")]


marked = st.sampled_from(
    ["[I]", "[R]", "A.", "E.", "[I] Eve Asker, [R]", "A: Ana Pérez. E: Eve Asker.", "Nita Pérez:", "[Zed]:"]
)


@given(st.lists(st.tuples(marked, words), max_size=8))
def test_turns_by_brackets_and_initials_never_overlap_and_leave_out_only_labels(lines):
    text = "\n".join(f"{label} {said}" for label, said in lines)
    document = Document("a.txt", text, "mill", "w1", "", "interview", "en", ("ana",))
    at = 0
    for turn in (*turns_in(document, SPEAKERS, PARTNERS), None):
        start, end = (turn.span.start, turn.span.end) if turn else (len(text), len(text))
        assert at <= start <= end
        assert len(text[at:start].strip()) < 80
        at = end
