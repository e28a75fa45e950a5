"""What is decided together counts before everybody's own codes, on that passage and nowhere else."""

from __future__ import annotations

import pytest
from django.utils import timezone

from weness.study import Study as OnDisk
from weness_web import adjudication, agreeing, labours, services
from weness_web.changes import undo
from weness_web.faults import Fault
from weness_web.home import folder_of
from weness_web.models import Coding, Job, Member, Reading, Rejection, Study, User
from weness_web.putting_down import put_down
from weness_web.taking_up import take_texts, take_up
from weness_web.words import words

pytestmark = pytest.mark.django_db
PAGE = """# A page with a comment.
study: {id: mill, name: Mill and town, languages: [en]}
partners:
  - {id: mill, name: The Mill, sector: business, power: member}
  - {id: town, name: The Town, sector: government, power: member}
speakers:
  - {id: rosa, name: Rosa, partner: mill}
waves:
  - {id: "2024", from: 2024-01-01, to: 2024-12-31}
documents:
  - {file: a.txt, wave: "2024", date: 2024-03-01, genre: interview, language: en, partner: mill, speakers: [rosa]}
"""
TEXT = (
    "We met at the mill in March. We quarrelled about the price for a week. We trust the town now. "
    "We decided on a price together. We learned to ask before we build."
)


@pytest.fixture
def ana():
    return User.objects.create_user("Ana", "a long password", language="en")


@pytest.fixture
def study(ana, tmp_path, monkeypatch):
    monkeypatch.setenv("WENESS_HOME", str(tmp_path))
    study = Study.objects.create(title="Mill and town", page=PAGE)
    Member.objects.create(study=study, user=ana, owner=True)
    folder = folder_of(study.pk)
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text(TEXT)
    services.put_page(folder, PAGE)
    rows, _ = services.read(folder)
    take_texts(study, rows)
    return study


def code(study, coder, words_, code_, **more):
    start = TEXT.index(words_)
    one = study.documents.get()
    return Coding.objects.create(
        study=study, document=one, start=start, end=start + len(words_), code=code_, coder=coder, words=words_, **more
    )


@pytest.fixture
def coded(study):
    code(study, "Ana", "We quarrelled about the price for a week.", "CONFLICT", fields={"handled": "open"})
    code(study, "Bram", "We quarrelled about the price for a week.", "NEGOTIATION")
    for coder in ("Ana", "Bram"):
        code(study, coder, "We trust the town now.", "TRUST")
        code(study, coder, "We learned to ask before we build.", "LEARNING")
    code(study, "Bram", "We decided on a price together.", "DECISION")
    start = TEXT.index("We met")
    one = study.documents.get()
    for coder, meaning in (("Ana", "WE_OWN"), ("Bram", "WE_PARTNERSHIP")):
        Coding.objects.create(
            study=study, document=one, start=start, end=start + 2, code=meaning, coder=coder, words="We"
        )
    return study


def differ(study):
    job = Job.objects.create(study=study, kind="agree", due_at=timezone.now())
    job.told, job.state = labours.agree(job, lambda *told: None), Job.DONE
    job.save()
    return {tuple(row["codes"]): row for row in job.told["agreement"]["disagreements"]}


def counts(study):
    """What weness counts, as the command line would: code -> the words it lies on."""
    study.refresh_from_db()
    put_down(study)
    disk = OnDisk(folder_of(study.pk))
    found, _notes = disk.code_of_persons(disk.read())
    return sorted((mark.code, TEXT[mark.span.start : mark.span.end]) for mark in found.marks)


QUARREL, TRUST = "We quarrelled about the price for a week.", "We trust the town now."
LEARN, DECIDE = "We learned to ask before we build.", "We decided on a price together."


def test_the_decided_code_counts_whoever_coded_most_and_the_rest_counts_as_before(coded, ana):
    before = counts(coded)
    assert ("NEGOTIATION", QUARREL) in before, "Bram coded most"
    assert ("CONFLICT", QUARREL) not in before
    row = differ(coded)["CONFLICT", "NEGOTIATION"]
    adjudication.decide(coded, ana, row, "CONFLICT", "", "a week of it is a quarrel")
    after = counts(coded)
    assert ("CONFLICT", QUARREL) in after
    assert ("NEGOTIATION", QUARREL) not in after
    assert [one for one in after if one[1] != QUARREL] == [one for one in before if one[1] != QUARREL]
    kept = Coding.objects.get(coder="consensus")
    assert (kept.why, kept.fields) == ("a week of it is a quarrel", {"handled": "open"})
    assert PAGE.strip() in coded.page, "comments stay"
    assert "counts_first: [consensus]" in coded.page


def test_it_counts_before_somebody_who_read_the_text_in_full(coded, ana):
    Reading.objects.create(study=coded, document=coded.documents.get(), coder="Bram", families=["B", "C"])
    row = differ(coded)["CONFLICT", "NEGOTIATION"]
    adjudication.decide(coded, ana, row, "CONFLICT", "", "because")
    assert counts(coded) == sorted(
        [("CONFLICT", QUARREL), ("TRUST", TRUST), ("LEARNING", LEARN), ("DECISION", DECIDE), ("WE_PARTNERSHIP", "We")]
    )


def test_none_both_and_another_can_hold(coded, ana):
    rows = differ(coded)
    adjudication.decide(coded, ana, rows["CONFLICT", "NEGOTIATION"], "none", "", "only the price is told")
    assert not [one for one in counts(coded) if one[1] == QUARREL]
    adjudication.decide(coded, ana, rows["CONFLICT", "NEGOTIATION"], "both", "", "both are told")
    assert [one[0] for one in counts(coded) if one[1] == QUARREL] == ["CONFLICT", "NEGOTIATION"]
    adjudication.decide(coded, ana, rows["CONFLICT", "NEGOTIATION"], "other", "POWER", "who sets the price")
    assert [one[0] for one in counts(coded) if one[1] == QUARREL] == ["POWER"]
    adjudication.decide(coded, ana, rows["DECISION",], "none", "", "it is a plan")
    assert DECIDE not in [one[1] for one in counts(coded)]


def test_whom_we_means_is_decided_mention_by_mention(coded, ana):
    rows = differ(coded)
    row = rows["WE_OWN", "WE_PARTNERSHIP"] if ("WE_OWN", "WE_PARTNERSHIP") in rows else rows["WE_PARTNERSHIP", "WE_OWN"]
    adjudication.decide(coded, ana, row, "WE_OWN", "", "only the millers met")
    assert ("WE_OWN", "We") in counts(coded)
    assert ("WE_PARTNERSHIP", "We") not in counts(coded)
    for wrong in (("none", ""), ("both", ""), ("other", "TRUST"), ("CONFLICT", ""), ("", "")):
        with pytest.raises(Fault):
            adjudication.decide(coded, ana, row, *wrong, "because")


def test_a_decision_is_undone_and_opened_again(coded, ana):
    before = counts(coded)
    row = differ(coded)["CONFLICT", "NEGOTIATION"]
    key = adjudication.key_of(row)
    adjudication.decide(coded, ana, row, "other", "POWER", "because")
    coded.refresh_from_db()
    assert adjudication.decided(coded, [row])[key] == adjudication.Decision(("POWER",), "because", "Ana")
    undo(coded, ana)
    assert not adjudication.decided(coded, [row])
    assert not Rejection.objects.exists()
    coded.refresh_from_db()
    assert coded.page == PAGE
    adjudication.decide(coded, ana, row, "none", "", "because")
    adjudication.reopen(coded, ana, row)
    assert not adjudication.decided(coded, [row])
    assert counts(coded) == before
    with pytest.raises(Fault):
        adjudication.reopen(coded, ana, row)


def test_agreement_is_of_persons_and_does_not_change_by_deciding(coded, ana):
    rows = differ(coded)
    job = Job.objects.get(kind="agree")
    adjudication.decide(coded, ana, rows["CONFLICT", "NEGOTIATION"], "CONFLICT", "", "because")
    coded.refresh_from_db()
    assert agreeing.standing(coded)["current"], "nothing to work out anew"
    assert agreeing.persons_of(coded) == ("Ana", "Bram")
    again = differ(coded)
    assert again == rows
    assert [one["name"] for one in job.told["agreement"]["coders"]] == ["Ana", "Bram"]


def test_what_is_derived_for_counting_is_never_taken_up_as_codings(coded, ana):
    adjudication.decide(coded, ana, differ(coded)["CONFLICT", "NEGOTIATION"], "CONFLICT", "", "because")
    counts(coded)
    n = Coding.objects.count(), Reading.objects.count()
    assert take_up(coded)["codings"] == 0
    assert (Coding.objects.count(), Reading.objects.count()) == n


def test_a_later_code_of_a_person_elsewhere_in_the_text_still_counts(coded, ana):
    adjudication.decide(coded, ana, differ(coded)["CONFLICT", "NEGOTIATION"], "CONFLICT", "", "because")
    code(coded, "Bram", "We met at the mill in March.", "COMMUNICATION")
    assert ("COMMUNICATION", "We met at the mill in March.") in counts(coded)


def test_those_whom_the_study_named_first_come_behind_the_consensus():
    page = services.text_of(services.page_of(PAGE) | {"counts_first": ["Bram"]})
    assert services.page_of(adjudication.counting_first(page))["counts_first"] == ["consensus", "Bram"]
    once = adjudication.counting_first(PAGE)
    assert adjudication.counting_first(once) == once


def test_one_works_through_them_one_at_a_time(client, coded, ana):
    rows = differ(coded)
    client.force_login(ana)
    row = rows["CONFLICT", "NEGOTIATION"]
    address = f"/s/{coded.pk}/review/disagreements"
    for language in ("en", "es", "nl"):
        ana.language = language
        ana.save()
        html = client.get(f"{address}/{adjudication.key_of(row)}").content.decode()
        assert "Bram" in html
        assert f"<mark>{QUARREL}</mark>" in html
        assert f"/texts/1?at={row['start']}" in html
        assert words(language)("review.which_holds") in html
        assert f"({words(language)('review.required')})</span>" in html, "the reason says that it is asked for"
    ana.language = "en"
    ana.save()
    decide = f"{address}/{adjudication.key_of(row)}/decide"
    told = client.post(decide, {"choice": "CONFLICT"}, headers={"Accept": "application/json"})
    assert told.status_code == 400
    assert told.json()["fault"] == words("en")("review.needs_reason")
    told = client.post(decide, {"choice": "CONFLICT", "why": "because", "op": "x"}, headers={"HX-Request": "true"})
    assert adjudication.key_of(row) not in told.headers["HX-Push-Url"], "the next one that is open"
    html = client.get(address).content.decode()
    assert words("en").count("review.decided_of", 1) in html
    assert f"<mark>{DECIDE}</mark>" in html
    only = client.get(f"{address}?code=CONFLICT").content.decode()
    assert f"<mark>{DECIDE}</mark>" not in only
    assert f"<mark>{QUARREL}</mark>" in only
    assert f"<mark>{QUARREL}</mark>" not in client.get(f"{address}?family=A&open=1").content.decode()
    client.post(f"{address}/{adjudication.key_of(row)}/reopen")
    assert not Coding.objects.filter(coder="consensus").exists()
    assert client.get(f"{address}/0000").status_code == 404


def test_another_study_cannot_be_decided_on(client, coded):
    key = adjudication.key_of(differ(coded)["CONFLICT", "NEGOTIATION"])
    client.force_login(User.objects.create_user("Cor", "a third password"))
    assert (
        client.post(f"/s/{coded.pk}/review/disagreements/{key}/decide", {"choice": "none", "why": "x"}).status_code
        == 404
    )
    assert not Rejection.objects.exists()
