"""A recorded run of a model over one partnership goes the whole road to the report; without a named endpoint no byte leaves.

The answers in tests/data/millrace.replay.jsonl were written by hand, as a careful model would give them (one is fenced, one leaves
a mention out, one invents a quote).
"""

import json
import shutil
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from weness import library
from weness.cli import app
from weness.study import Study

REPLAY = Path(__file__).parents[1] / "data" / "millrace.replay.jsonl"
ASKED = {"llm": {"model": "careful-reader", "replay": REPLAY}}


@pytest.fixture
def study(tmp_path):
    folder = tmp_path / "millrace"
    shutil.copytree(library.HERE / "corpus" / "millrace", folder)
    return folder


@pytest.fixture
def no_network(monkeypatch):
    def touch(*told, **more):
        raise AssertionError(f"a byte would have left: {told}")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, touch)
    monkeypatch.setattr(socket, "getaddrinfo", touch)


def test_a_replayed_model_goes_the_whole_road_to_the_report(study, tmp_path, no_network):
    told = [
        "report",
        str(study),
        "--coder",
        "llm",
        "--model",
        "careful-reader",
        "--replay",
        str(REPLAY),
        "--out",
        str(tmp_path / "out"),
    ]
    result = CliRunner().invoke(app, told)
    assert result.exit_code == 0, result.output
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "The answers were replayed from millrace.replay.jsonl; no model was asked." in page
    made = json.loads((tmp_path / "out" / "findings.json").read_text("utf-8"))["made_with"]
    assert made["mentions without a usable answer"] == 0
    assert made["quotes dropped"] == 2
    assert made["asked again"] == 3
    assert made["same answer when asked twice"] == "32 of 34 mentions"


def test_the_same_replay_gives_the_same_findings_and_a_person_counts_before_the_model(study):
    first = Study(study, "llm", asked=ASKED).conclude()
    again = Study(study, "llm", asked=ASKED).conclude()
    assert first.made_with == again.made_with
    assert [one.shares for one in first.posteriors] == [one.shares for one in again.posteriors]
    both = Study(study, "human+llm", asked=ASKED).conclude()
    assert {mark.kind for mark in both.codings.marks} == {"human"}


def test_items_of_the_model_meet_over_partners(study):
    found = Study(study, "llm", asked=ASKED).conclude()
    voiced = {}
    for mark in found.codings.marks:
        if mark.code == "PROCEDURE" and mark.fields.get("item"):
            partner = found.corpus.document(mark.span.document).partner
            voiced.setdefault(mark.fields["item"], set()).add(partner)
    assert max(len(partners - {None}) for partners in voiced.values()) >= 3


@pytest.mark.parametrize("coder", [None, "builtin", "rules", "human", "human+rules"])
def test_the_other_coders_never_touch_the_network(study, no_network, coder):
    assert Study(study, coder).conclude().posteriors


def test_a_machine_alone_is_never_sure_and_wrong_where_the_stage_is_known(study):
    case = json.loads((study / "case.json").read_text("utf-8"))
    meant = {wave["id"]: wave["stage"] for wave in case["waves"]}
    for coder in ("rules", "builtin"):
        for posterior in Study(study, coder).conclude().posteriors:
            sure = max(posterior.shares.values(), default=0) > 0.8
            assert not sure or posterior.top == meant[posterior.wave]
