"""Several persons coded the same texts: each passage counts once, by whoever comes first, and nobody's work is lost."""

import json

from hypothesis import given
from hypothesis import strategies as st

from weness.coding.codebook import codebook_named
from weness.coding.codings import Coding, Codings
from weness.coding.side_by_side import counting, in_order
from weness.reading.corpus import Span
from weness.study import Study

FAMILIES = {code.id: code.family for code in codebook_named().codes}
CODES = st.sampled_from(["WE_OWN", "WE_PARTNERSHIP", "THEY_PARTNER", "TRUST", "CONFLICT", "VALUE"])
FILES = st.sampled_from(["a.txt", "b.txt"])


def work(coder, *marks, read=()):
    made = tuple(Coding(Span(file, start, end), code, coder) for file, start, end, code in marks)
    places = {(mark.span.document, family) for mark in made for family in _looked(mark)}
    return Codings(coder, "weness", frozenset({*places, *read}), made, read=frozenset(read))


def _looked(mark):
    return ("A",) if FAMILIES[mark.code] == "A" else ("B", "C")


def told(found):
    return [(mark.coder, mark.span.document, mark.span.start, mark.code) for mark in found.marks]


def count(*each, first=()):
    return counting(each, FAMILIES, "weness", first)


@st.composite
def teams(draw):
    marks = st.lists(st.tuples(FILES, st.integers(0, 30), st.integers(1, 9), CODES), max_size=8)
    return [
        work(name, *((file, start, start + size, code) for file, start, size, code in draw(marks)))
        for name in draw(st.lists(st.sampled_from(["ana", "ben", "carla"]), min_size=1, max_size=3, unique=True))
    ]


@given(teams())
def test_no_word_has_two_persons_saying_whom_we_means_and_no_passage_two_coding_its_talk(team):
    found = count(*team)
    selves = [mark for mark in found.marks if FAMILIES[mark.code] == "A" and mark.code != "THEY_PARTNER"]
    talk = [mark for mark in found.marks if mark not in selves]
    for marks, same in ((selves, lambda one, other: True), (talk, lambda one, other: one.code == other.code)):
        for one in marks:
            assert all(
                one.coder == other.coder for other in marks if one.span.overlaps(other.span) and same(one, other)
            )
    assert len({(mark.span, mark.code) for mark in found.marks}) == len(found.marks)


@given(teams())
def test_what_counts_is_what_somebody_said_and_all_that_anybody_saw_is_seen(team):
    found = count(*team)
    assert all(any(mark in one.marks for one in team) for mark in found.marks)
    assert found.seen == frozenset().union(*(one.seen for one in team))


@given(teams())
def test_the_order_in_which_the_work_came_in_changes_nothing(team):
    assert count(*team) == count(*reversed(team))


@given(teams())
def test_one_persons_work_alone_counts_whole(team):
    alone = count(team[0])
    assert set(told(alone)) == set(told(team[0]))
    assert "persons" not in alone.made


def test_who_coded_most_comes_first_then_the_name_and_an_adjudicator_before_all():
    ana, ben, zoe = (
        work("ana", ("a.txt", 0, 2, "TRUST")),
        work("ben", ("a.txt", 0, 2, "TRUST"), ("a.txt", 3, 5, "TRUST")),
        work("zoe"),
    )
    assert [one.coder for one in in_order([zoe, ana, ben])] == ["ben", "ana", "zoe"]
    assert [one.coder for one in in_order([zoe, ana, ben], ["zoe", "nobody"])] == ["zoe", "ben", "ana"]


def test_an_adjudicator_who_looked_and_found_nothing_counts_as_that():
    ana = work("ana", ("a.txt", 0, 2, "TRUST"), ("b.txt", 0, 2, "TRUST"))
    zoe = work("zoe", read=[("a.txt", "B"), ("a.txt", "C")])
    assert told(count(ana, zoe, first=["zoe"])) == [("ana", "b.txt", 0, "TRUST")]


def test_mentions_that_only_the_second_coded_count_beside_the_firsts():
    ana = work("ana", ("a.txt", 0, 2, "WE_OWN"), ("a.txt", 9, 11, "WE_OWN"))
    ben = work("ben", ("a.txt", 0, 2, "WE_PARTNERSHIP"), ("a.txt", 20, 22, "WE_PARTNERSHIP"))
    assert told(count(ana, ben)) == [
        ("ana", "a.txt", 0, "WE_OWN"),
        ("ana", "a.txt", 9, "WE_OWN"),
        ("ben", "a.txt", 20, "WE_PARTNERSHIP"),
    ]


def test_persons_who_divided_a_text_or_the_families_all_count():
    ana = work("ana", ("a.txt", 0, 5, "TRUST"), ("a.txt", 10, 15, "CONFLICT"), ("a.txt", 20, 25, "TRUST"))
    ben = work("ben", ("a.txt", 30, 35, "TRUST"), ("a.txt", 0, 5, "VALUE"))
    found = count(ana, ben)
    assert len(found.marks) == 5
    assert "set aside" not in found.made


def test_of_persons_who_coded_the_same_text_the_first_counts_and_it_is_told():
    ana = work("ana", *(("a.txt", 10 * n, 10 * n + 5, "TRUST") for n in range(6)))
    ben = work("ben", ("a.txt", 2, 6, "TRUST"), ("a.txt", 12, 16, "TRUST"), ("a.txt", 100, 105, "TRUST"))
    found = count(ana, ben)
    assert {mark.coder for mark in found.marks} == {"ana"}
    assert found.made["set aside"] == ["3 codings by ben"]


def test_one_passage_that_two_touch_where_they_divided_a_text_counts_once_and_the_rest_stays():
    ana = work("ana", *(("a.txt", 10 * n, 10 * n + 5, "TRUST") for n in range(10)))
    ben = work("ben", *(("a.txt", 93 + 10 * n, 98 + 10 * n, "TRUST") for n in range(4)))
    found = count(ana, ben)
    assert len(found.marks) == 13
    assert found.made["set aside"] == ["1 codings by ben"]


def test_two_codes_on_overlapping_words_are_two_passages():
    ana = work("ana", ("a.txt", 0, 5, "DECISION"), ("a.txt", 10, 15, "DECISION"))
    ben = work("ben", ("a.txt", 2, 6, "CONFLICT"), ("a.txt", 30, 35, "CONFLICT"))
    assert len(count(ana, ben).marks) == 4


def test_who_read_a_text_in_full_counts_before_who_coded_more():
    ana = work("ana", *(("a.txt", 10 * n, 10 * n + 5, "TRUST") for n in range(5)))
    ben = work("ben", ("a.txt", 2, 6, "CONFLICT"), read=[("a.txt", "B")])
    assert {mark.coder for mark in count(ana, ben).marks} == {"ben"}
    nothing = work("zoe", read=[("a.txt", "B")])
    assert not count(ana, nothing).marks


def test_a_row_that_is_there_twice_counts_once():
    assert len(count(work("ana", ("a.txt", 0, 5, "TRUST"), ("a.txt", 0, 5, "TRUST"))).marks) == 1


def test_several_persons_are_named_in_how_it_was_made():
    ana, ben = work("ana", ("a.txt", 0, 2, "TRUST")), work("ben", ("b.txt", 0, 2, "TRUST"))
    found = count(ana, ben)
    assert found.coder == "ana, ben"
    assert found.made == {"persons": ["ana", "ben"]}


def test_nobodys_work_is_nothing():
    assert count().marks == ()


def _study_of_two(tmp_path, first):
    (tmp_path / "study.yaml").write_text(
        f"partners:\n  - {{id: mill, sector: business}}\ndocuments:\n  - {{file: a.txt, partner: mill}}\ncounts_first: {first}\n"
    )
    (tmp_path / "a.txt").write_text("We meet on Monday. We trust them. We share the pump.")
    rows = [
        {"file": "a.txt", "start": start, "end": start + 2, "label": label, "coder": coder}
        for coder, label, starts in (("Ana", "WE_OWN", (0, 19, 34)), ("Ben", "WE_PARTNERSHIP", (0, 19)))
        for start in starts
    ]
    (tmp_path / "mentions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    study = Study(tmp_path)
    return study.code_of_persons(study.read())


def test_the_study_file_may_name_one_person_whose_work_counts_first(tmp_path):
    found, remarks = _study_of_two(tmp_path, "Ben")
    assert [mark.coder for mark in found.marks] == ["Ben", "Ben", "Ana"]
    assert "Set aside, for agreement: 2 codings by Ana." in remarks[0]


def test_who_is_named_first_and_coded_nothing_is_told_with_those_who_did(tmp_path):
    _, remarks = _study_of_two(tmp_path, "[Benn]")
    assert remarks[0] == "counts_first in the study file names Benn, who coded nothing here. There is: Ana, Ben."
