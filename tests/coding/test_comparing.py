"""Several coders are compared where two of them looked, on mentions or on sentences, and what they differ in is listed."""

import math
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weness.coding.agreement import Coefficient
from weness.coding.agreement_rows import use_of
from weness.coding.codebook import codebook_named
from weness.coding.codings import Coding, Codings
from weness.coding.comparing import compare, whom
from weness.coding.shared_units import Along
from weness.reading.corpus import Corpus, Document, Mention, Sentence, Span

SENTENCE = "We share the boat. "
LINES = 8
BOOK = codebook_named()
LENGTH = len(SENTENCE)


def name_of(number):
    return f"t{number}.txt"


def study(texts=6, language="en", mentions=True):
    documents = tuple(Document(name_of(number), SENTENCE * LINES, language=language) for number in range(texts))
    places = [(one.id, line * LENGTH) for one in documents for line in range(LINES)]
    sentences = tuple(
        Sentence(Span(name, at, at + LENGTH - 1), language, 0, speaker=f"speaker of {name}") for name, at in places
    )
    found = tuple(Mention(Span(name, at, at + 2), language, 0, "pronoun") for name, at in places) if mentions else ()
    return Corpus("c", "C", (language,), (), (), (), documents, (), sentences, found)


def we(coder, text, line, code="WE_OWN", why=""):
    at = line * LENGTH
    return Coding(Span(name_of(text), at, at + 2), code, coder, why=why)


def on(coder, text, line, code="TRUST", lines=1, shift=0):
    at = line * LENGTH + shift
    return Coding(Span(name_of(text), at, at + lines * LENGTH - 1), code, coder)


def work(coder, marks, texts=range(6), families="ABC"):
    seen = frozenset((name_of(text), family) for text in texts for family in families)
    return Codings(coder, "weness", seen, tuple(sorted(marks, key=lambda mark: (mark.span, mark.code))))


def rows(found, **wanted):
    return [row for row in found.rows if all(getattr(row, name) == value for name, value in wanted.items())]


def row(found, code, level="code"):
    (one,) = rows(found, code=code, level=level)
    return one


EVERY = [(text, line) for text in range(6) for line in range(LINES)]


def test_coders_who_say_the_same_agree_wholly():
    said = {place: "WE_OWN" if sum(place) % 3 else "WE_PARTNERSHIP" for place in EVERY}
    each = [work(name, [we(name, *place, code) for place, code in said.items()]) for name in ("ana", "ben")]
    found = compare(each, study(), BOOK)
    together = row(found, "all", "family")
    assert (together.alpha.value, together.alpha.high, together.kappa.value, together.units) == (1, 1, 1, 48)
    assert together.alpha.low < 1  # one disagreement could have been missed
    assert together.resampled_over == "texts"
    assert not found.disagreements


def test_only_texts_that_two_looked_at_are_compared():
    ana = work("ana", [we("ana", *place) for place in EVERY], texts=range(6))
    ben = work("ben", [we("ben", 0, line, "WE_SECTOR") for line in range(LINES)], texts=[0])
    found = compare([ana, ben], study(), BOOK)
    assert (found.texts, found.mentions, found.sentences) == (1, 8, 0)
    assert row(found, "WE_OWN").units == 8


def test_who_looked_and_found_nothing_disagrees_and_who_never_looked_does_not():
    ana = work("ana", [on("ana", text, 2) for text in range(6)])
    looked = compare([ana, work("ben", [])], study(), BOOK)
    assert row(looked, "TRUST").positive_agreement == 0
    assert len(looked.disagreements) == 6
    apart = compare([ana, work("ben", [], texts=[0])], study(), BOOK)
    assert len(apart.disagreements) == 1
    assert row(apart, "TRUST").units == 8


def test_labels_that_overlap_are_of_one_mention_though_no_mention_was_found_there():
    ana = work("ana", [Coding(Span("t0.txt", 3, 8), "WE_OWN", "ana")])
    ben = work("ben", [Coding(Span("t0.txt", 5, 12), "WE_SECTOR", "ben")])
    found = compare([ana, ben], study(mentions=False), BOOK)
    (one,) = found.disagreements
    assert (found.mentions, one.span) == (1, Span("t0.txt", 3, 12))
    assert one.said == {"ana": ("WE_OWN",), "ben": ("WE_SECTOR",)}


def test_a_mention_that_one_alone_labelled_is_in_no_figure_but_in_a_note():
    ana = work("ana", [we("ana", *place) for place in EVERY])
    ben = work("ben", [we("ben", *place, "WE_SECTOR") for place in EVERY if place != (0, 0)])
    found = compare([ana, ben], study(), BOOK)
    assert found.mentions == row(found, "WE_OWN").units == 47
    assert any("1 mention was labelled by one coder only" in note for note in found.notes)


def test_a_code_holds_of_a_sentence_that_its_passage_mostly_covers():
    ana = work("ana", [on("ana", 0, 0, lines=2)])  # two whole sentences
    ben = work(
        "ben", [on("ben", 0, 0), on("ben", 0, 1, lines=1, shift=LENGTH - 5)]
    )  # the first; a corner of the second
    found = row(compare([ana, ben], study(), BOOK), "TRUST")
    assert found.positives == 3  # the first by both, the second by ana, the third by ben's second passage
    assert found.positive_agreement == pytest.approx(2 / 4)


def test_where_one_codes_otherwise_both_codes_and_both_coders_are_told():
    ana = work("ana", [on("ana", 1, 3, "TRUST")])
    ben = work("ben", [on("ben", 1, 3, "CONFLICT")])
    (one,) = compare([ana, ben], study(), BOOK).disagreements
    assert one.codes == ("CONFLICT", "TRUST")
    assert one.said == {"ana": ("TRUST",), "ben": ("CONFLICT",)}
    assert one.speaker == "speaker of t1.txt"
    assert one.before.endswith("We share the boat. ")
    assert one.words == "We share the boat."


def test_a_role_to_one_may_be_a_decision_to_another_though_the_families_differ():
    ana, ben = work("ana", [on("ana", 1, 3, "ROLE")]), work("ben", [on("ben", 1, 3, "DECISION")])
    (one,) = compare([ana, ben], study(), BOOK).disagreements
    assert one.codes == ("DECISION", "ROLE")


def test_the_confusion_that_costs_alpha_most_comes_first_and_every_text_in_turn():
    often = {(text, line): "WE_SECTOR" for text in (0, 1) for line in (1, 2)}
    once = {(3, 3): "WE_COMMUNITY"}
    ana = work("ana", [we("ana", *place) for place in EVERY])
    ben = work("ben", [we("ben", *place, {**often, **once}.get(place, "WE_OWN")) for place in EVERY])
    found = compare([ana, ben], study(), BOOK)
    assert [one.codes[1] for one in found.disagreements] == ["WE_SECTOR"] * 4 + ["WE_COMMUNITY"]
    assert [one.span.document for one in found.disagreements[:4]] == ["t0.txt", "t1.txt", "t0.txt", "t1.txt"]
    costs = {one.codes: one.cost for one in found.disagreements}
    assert sum(costs.values()) == pytest.approx(1 - row(found, "all", "family").alpha.value)


def test_the_reasons_that_coders_gave_stand_beside_what_they_said():
    ana = work("ana", [we("ana", 0, 0, why="says 'our mill'")])
    ben = work("ben", [we("ben", 0, 0, "WE_SECTOR")])
    (one,) = compare([ana, ben], study(), BOOK).disagreements
    assert one.why == {"ana": "says 'our mill'"}


def test_codes_of_one_core_are_tested_together():
    marks = {"ana": ["TRUST", "RECOGNITION"], "ben": ["RECOGNITION", "TRUST"]}  # each sees the other's code
    each = [
        work(name, [on(name, text, line, code) for text in range(6) for line, code in enumerate(codes)])
        for name, codes in marks.items()
    ]
    found = compare(each, study(), BOOK)
    assert row(found, "TRUST").alpha.value < 0
    core = row(found, "B-TRUST", "core")
    assert (core.alpha.value, core.unitizing.value, core.positives) == (1, 1, 12)
    assert not rows(found, code="B-BARGAIN")


def test_fellow_partners_are_compared_where_two_looked_for_them_though_for_nothing_else():
    each = [
        work(name, [on(name, text, 1, "THEY_PARTNER") for text in range(6)], families=["A"]) for name in ("ana", "ben")
    ]
    found = row(compare(each, study(), BOOK), "THEY_PARTNER")
    assert (found.units, found.positives, found.alpha.value) == (48, 6, 1)


def test_a_studys_own_codes_are_compared_too():
    each = [work(name, [on(name, text, 1, "gossip") for text in range(6)], families=["own"]) for name in ("ana", "ben")]
    found = row(compare(each, study(), BOOK), "gossip")
    assert (found.family, found.alpha.value, found.unitizing.value) == ("own", 1, 1)


def test_three_coders_have_a_fleiss_kappa_and_two_a_cohen():
    ana, ben, cem = (work(name, [on(name, text, number) for text in range(6)]) for number, name in enumerate(("ana", "ben", "cem")))  # fmt: skip
    assert row(compare([ana, ben], study(), BOOK), "TRUST").kappa_by == "Cohen"
    three = row(compare([ana, ben, cem], study(), BOOK), "TRUST")
    assert (three.kappa_by, three.coders) == ("Fleiss", 3)


@pytest.mark.parametrize(("texts", "over"), [(6, "texts"), (4, "units")])
def test_with_few_texts_and_speakers_single_units_are_resampled_and_that_is_said(texts, over):
    each = [work(name, [on(name, text, 1) for text in range(texts)], texts=range(texts)) for name in ("ana", "ben")]
    found = compare(each, study(texts), BOOK)
    assert row(found, "TRUST").resampled_over == over
    assert any("too narrow" in note for note in found.notes) == (over == "units")


def alike(texts):
    each = [work(name, [we(name, text, line, "WE_OWN" if line % 2 else "WE_SECTOR") for text in range(texts) for line in range(LINES)], texts=range(texts)) for name in ("ana", "ben")]  # fmt: skip
    return compare(each, study(texts), BOOK)


@pytest.mark.parametrize(
    ("texts", "use", "why"),
    [
        (10, "tentative", "rests on 10 texts, fewer than 11"),
        (11, "numbers", ""),
    ],
)
def test_an_interval_over_few_texts_allows_nothing_better_than_tentative_and_that_is_said(texts, use, why):
    found = alike(texts)
    together = row(found, "all", "family")
    assert (together.use, together.clusters) == (use, texts)
    assert together.says.endswith(f"({why})" if why else "allowed")
    assert any("at most tentative" in note for note in found.notes) == bool(why)


def test_texts_in_which_no_unit_was_coded_by_two_are_not_counted_as_resampled():
    ana = work("ana", [we("ana", text, line, "WE_OWN" if line % 2 else "WE_SECTOR") for text in range(12) for line in range(LINES)], texts=range(12))  # fmt: skip
    ben = replace(ana, coder="ben", marks=tuple(mark for mark in ana.marks if mark.span.document < name_of(8)))
    found = row(compare([ana, ben], study(12), BOOK), "all", "family")  # t0 to t7, t10 and t11
    assert (found.resampled_over, found.clusters, found.use) == ("texts", 10, "tentative")


def test_where_pairs_of_three_share_different_texts_who_did_not_look_is_missing_and_says_no_nowhere():
    read = {"ana": (0, 1, 4, 5, 6), "ben": (0, 1, 2, 3), "cem": (2, 3, 4, 5)}  # text 6 was read by ana alone
    each = [work(name, [on(name, text, 2) for text in texts] + [we(name, text, 1) for text in texts], texts) for name, texts in read.items()]  # fmt: skip
    found = compare(each, study(7), BOOK)
    trust = row(found, "TRUST")
    assert (found.texts, trust.units, trust.positives, trust.coders) == (6, 48, 6, 3)
    assert (trust.percent, trust.positive_agreement, trust.alpha.value, trust.unitizing.value) == (1, 1, 1, 1)
    assert (trust.kappa_by, trust.kappa.value) == ("Fleiss", 1)
    assert row(found, "WE_OWN").units == 6
    assert not found.disagreements


def test_of_three_only_those_who_looked_are_told_of_in_a_disagreement():
    each = [work("ana", [on("ana", 0, 2)], [0]), work("ben", [], [0, 1]), work("cem", [on("cem", 1, 3)], [1])]
    found = compare(each, study(2), BOOK)
    assert [one.said for one in found.disagreements] == [{"ana": ("TRUST",), "ben": ()}, {"ben": (), "cem": ("TRUST",)}]
    assert (row(found, "TRUST").units, row(found, "TRUST").positive_agreement) == (16, 0)


def test_spans_that_touch_a_place_are_found_though_longer_ones_begin_earlier():
    spans = [Span("t", 0, 100), Span("t", 5, 7), Span("t", 50, 60), Span("t", 60, 61)]
    assert [*Along(spans).touching(Span("t", 55, 60))] == [0, 2]
    assert [*Along(spans).touching(Span("t", 100, 120))] == []
    assert [*Along([]).touching(Span("t", 0, 9))] == []


def test_two_hundred_texts_with_twenty_thousand_codings_are_compared_in_seconds():
    texts = range(200)
    passages = [(text, line, "TRUST" if line % 2 else "ROLE") for text in texts for line in range(LINES)]
    ana = work("ana", [on("ana", *one) for one in passages] * 6, texts)
    ben = work("ben", [on("ben", text, line, "CONFLICT") for text, line, _ in passages] * 6, texts)
    corpus, start = study(200), time.process_time()
    found = compare([ana, ben], corpus, BOOK)
    assert time.process_time() - start < 15  # about 3 s; two minutes when every disagreement read through all marks
    assert len(found.disagreements) == len(passages)


def test_agreement_with_a_machine_is_labelled_as_such():
    each = [work(name, [we(name, *place, "WE_OWN" if sum(place) % 2 else "WE_SECTOR") for place in EVERY]) for name in ("ana", "rules")]  # fmt: skip
    found = compare(each, study(), BOOK, machines=["rules"])
    assert found.with_machine
    assert any("no agreement between persons" in note for note in found.notes)
    assert row(found, "all", "family").use == "machine"


def test_a_language_in_which_nobody_used_a_code_has_no_row_for_it():
    corpus = study()
    spanish = tuple(replace(one, language="es") if one.span.document == "t5.txt" else one for one in corpus.sentences)
    each = [work(name, [on(name, text, 1) for text in range(5)]) for name in ("ana", "ben")]
    found = compare(each, replace(corpus, sentences=spanish), BOOK)
    assert [row.language for row in rows(found, code="TRUST")] == ["en", "all"]


def test_coders_who_share_no_text_are_told_who_coded_what():
    ana, ben = work("ana", [], texts=[0]), work("ben", [], texts=[1])
    with pytest.raises(ValueError, match=r"ana: t0\.txt; ben: t1\.txt"):
        compare([ana, ben], study(), BOOK)


def test_somebody_unknown_is_answered_with_whom_there_is(tmp_path):
    each = [work("ana", []), work("ben", [])]
    assert whom(each, [], tmp_path) == ("ana", "ben")
    assert whom(each, ["ben", "builtin"], tmp_path) == ("ben", "builtin")
    with pytest.raises(KeyError, match=r"'cem'.*ana, ben.*builtin"):
        whom(each, ["ana", "cem"], tmp_path)


@pytest.mark.parametrize(
    ("low", "use", "of_core", "with_machine"),
    [
        (0.8, "numbers", "numbers", "machine"),
        (0.7996, "numbers", "numbers", "machine"),  # printed as .800
        (0.7994, "tentative", "tentative", "machine"),
        (0.667, "tentative", "tentative", "machine"),
        (0.666, "roll_up", "quotes", "roll_up"),
        (0.5, "roll_up", "quotes", "roll_up"),
        (0.499, "retrain", "retrain", "retrain"),
        (-0.4, "retrain", "retrain", "retrain"),
    ],
)
def test_the_lower_end_decides_what_numbers_may_be_used_for(low, use, of_core, with_machine):
    found = Coefficient(0.95, low, 1.0)
    assert use_of(found, 30, "code", False, "texts", 11)[0] == use
    assert use_of(found, 30, "core", False, "texts", 11)[0] == of_core
    assert use_of(found, 30, "code", True, "texts", 11)[0] == with_machine
    assert use_of(found, 29, "code", False, "texts", 11) == ("too_few", "too few: at least 30 positive instances")


@pytest.mark.parametrize(("over", "clusters"), [("texts", 10), ("speakers", 10), ("units", 5000)])
def test_few_clusters_or_single_units_take_numbers_back_to_tentative_and_leave_worse_as_it_is(over, clusters):
    use, says = use_of(Coefficient(0.95, 0.9, 1.0), 30, "code", False, over, clusters)
    assert use == "tentative"
    assert says.startswith("tentative")
    assert "rests on" in says
    assert use_of(Coefficient(0.7, 0.6, 0.8), 30, "code", False, over, clusters)[0] == "roll_up"
    machine, says = use_of(Coefficient(0.95, 0.9, 1.0), 30, "code", True, over, clusters)
    assert machine == "machine"
    assert "rests on" in says


def test_what_cannot_be_said_says_why():
    assert use_of(Coefficient(None, why="no unit was coded by two"), 40, "code", False, "texts", 11) == (
        "cannot_say",
        "cannot say: no unit was coded by two",
    )


places = st.sets(st.tuples(st.integers(0, 2), st.integers(0, LINES - 1), st.sampled_from(["TRUST", "ROLE", "WE_OWN", "WE_SECTOR", "THEY_PARTNER", "gossip"])), max_size=12)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(places, places, places)
def test_whatever_they_coded_no_figure_is_a_nan_and_the_order_of_coders_does_not_matter(ana, ben, cem):
    each = []
    for name, said in (("ana", ana), ("ben", ben), ("cem", cem)):
        marks = [(we if code.startswith("WE") else on)(name, text, line, code) for text, line, code in sorted(said)]
        each.append(work(name, marks, families=["A", "B", "C", "own"]))
    there, back = compare(each, study(3), BOOK), compare(each[::-1], study(3), BOOK)
    for one, other in zip(there.rows, back.rows, strict=True):
        for figure in ("alpha", "kappa", "ac1", "unitizing"):
            found, turned = getattr(one, figure), getattr(other, figure)
            if found is None:
                continue
            assert math.isfinite(found.value) if found.value is not None else found.why
            assert turned.value == (found.value if found.value is None else pytest.approx(found.value))
        assert (one.units, one.positives, one.use) == (other.units, other.positives, other.use)
    spans = [sorted(one.span for one in found.disagreements if one.cost is not None) for found in (there, back)]
    assert spans[0] == spans[1]
