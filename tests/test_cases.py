"""Three invented partnerships with known stages, and real talk: what may be said of them and what may not."""

from pathlib import Path

import pytest

from bench import cases
from bench.mentions_recall import compared
from bench.speed import SHARED, hearing_study, openjs_study
from weness.reading.gathering import read_study
from weness.study import Study

needs_cases = pytest.mark.skipif(not cases.CASES.is_dir(), reason="../shared/data/cases is not beside this checkout")
needs_minutes = pytest.mark.skipif(
    not (SHARED / "openjs_cpc").is_dir(), reason="../shared/data is not beside this checkout"
)


@needs_cases
def test_the_readers_codings_place_at_least_eight_of_nine_waves_and_none_is_off_by_more_than_one_stage():
    rows, swift = [], []
    met = of = 0
    for name in cases.NAMES:
        case, findings = cases.concluded(name, "human", 0)
        rows += cases.stages(case, findings)
        swift += [row["swift"] == ("swift_identity" in row["flags_meant"]) for row in rows[-3:]]
        told = cases.words(case, findings)
        met, of = met + sum(meant == found for _, meant, found in told), of + len(told)
    assert sum(row["right"] for row in rows) >= 8
    assert all(row["off"] <= 1 for row in rows)
    assert all(swift)
    assert met >= 12, f"{met} of {of}"


@needs_cases
@pytest.mark.parametrize("name", cases.NAMES)
def test_the_machine_alone_is_never_sure_and_wrong(name):
    case, findings = cases.concluded(name, "rules", 0)
    for row in cases.stages(case, findings):
        assert row["right"] or row["share"] <= 0.8, row


@needs_cases
@pytest.mark.parametrize("name", cases.NAMES)
def test_nearly_every_collective_self_is_found_and_little_else(name):
    labelled, found, _ = compared(cases.CASES / name)
    assert len(labelled & found) >= 0.98 * len(labelled)
    assert len(labelled & found) >= 0.97 * len(found)


@needs_minutes
def test_fifty_seven_real_minutes_have_speakers_and_only_unknown_ones_are_left(tmp_path: Path):
    corpus = read_study(openjs_study(tmp_path / "openjs"))
    assert len(corpus.documents) == 57
    assert {document.genre for document in corpus.documents} == {"minutes"}
    assert {one.speaker for one in corpus.turns if one.speaker} >= {"mylesborins", "jordanharband"}


@needs_minutes
def test_minutes_of_a_hearing_tell_no_stage_and_say_so(tmp_path: Path):
    findings = Study(hearing_study(tmp_path / "hearing")).conclude()
    assert {one.partner for one in findings.corpus.sentences if one.partner} == {"committee", "ministry", "officials"}
    (wave,) = findings.posteriors
    assert (wave.call, wave.why_not) == ("cannot say", "only records")
