"""The page of a text shows it as it is, with all that this user may see of the work on it."""

from __future__ import annotations

import gzip
import html
import json
import re

import pytest

from weness_web.keys import KEYS, TAKEN, keys_of
from weness_web.models import (
    CodebookVersion,
    Coding,
    Document,
    Member,
    Memo,
    Reading,
    Rejection,
    Study,
    Suggestion,
    User,
)
from weness_web.reasons import reason
from weness_web.text_lines import LONGEST, lines_in
from weness_web.words import words

pytestmark = pytest.mark.django_db
TEXT = "R: We met 😀 </p><script>alert(1)</script>\n\nI: “Who” & when?\r\nR: All\ufffdof us.\n"


@pytest.fixture
def ana():
    return User.objects.create_user("Ana", "a long password")


@pytest.fixture
def study(ana):
    study = Study.objects.create(title="Mill", page="speakers:\n  - {id: rosa, name: Rosa <b>Arce</b>}\n")
    Member.objects.create(study=study, user=ana, owner=True)
    return study


def text(study, place=1, body=TEXT, **more):
    return Document.objects.create(
        study=study,
        file=f"{place}.txt",
        place=place,
        text=body,
        length=len(body),
        checksum="x",
        language="en",
        genre="interview",
        **more,
    )


@pytest.fixture
def document(study):
    ask = TEXT.index("“")
    return text(
        study,
        turns=[
            [3, 41, "rosa", "R", False],
            [ask, ask + 12, None, "I", True],
            [TEXT.index("All"), 76, "rosa", "R", False],
        ],
        sentences=[[3, 41, "en", 0, "rosa", None, "", False], [ask, ask + 12, "nl", 1, None, None, "", False]],
        mentions=[[3, 5, "pronoun", "self", None]],
    )


@pytest.fixture
def shown(client, study, ana, document):
    def ask(place=1, user=ana, language="en"):
        client.force_login(user)
        client.cookies["weness_language"] = language
        answer = client.get(f"/s/{study.pk}/texts/{place}")
        assert answer.status_code == 200
        return answer.content.decode()

    return ask


def facts(page):
    return json.loads(re.search(r'id="reader-facts" type="application/json">(.*?)</script>', page, re.S).group(1))


def test_every_character_stands_at_its_offset(shown, document):
    page = shown()
    found = re.findall(r'<p data-start="(\d+)"[^>]*>(.*?)</p>', page, re.S)
    assert len(found) == 3
    for start, inner in found:
        words = html.unescape(inner)
        there = document.text[int(start) : int(start) + len(words)]
        assert words == there
    assert "<script>alert" not in page


def test_speakers_stand_where_their_turns_begin_and_who_asks_is_subdued(document):
    found = list(lines_in(document, {"rosa": "Rosa"}))
    assert [one.who for one in found] == ["Rosa", "I", "Rosa"]
    assert [one.asks for one in found] == [False, True, False]
    assert [one.gap for one in found] == [False, True, False]
    assert [one.language for one in found][:2] == ["", "nl"]


def test_a_speakers_name_is_text(shown):
    page = shown()
    assert "Rosa &lt;b&gt;Arce&lt;/b&gt;" in page
    assert "<b>Arce" not in page


def test_a_text_without_line_breaks_is_cut_between_words(study):
    body = "word " * 3000
    document = text(study, 9, body)
    found = list(lines_in(document, {}))
    assert "".join(one.text for one in found) == body
    assert [body[one.start :][: len(one.text)] for one in found] == [one.text for one in found]
    assert max(len(one.text) for one in found) <= LONGEST
    assert [one.goes_on for one in found] == [False, True, True, True]
    assert "".join(one.text for one in lines_in(text(study, 8, "x" * 9001), {})) == "x" * 9001


def test_an_empty_text_is_a_page_too(shown, study):
    text(study, 7, "")
    assert 'id="text"' in shown(7)


def put_work(study, document):
    common = {"study": study, "document": document, "start": 3, "end": 5, "words": "We"}
    for coder in ("Ana", "Bram"):
        Coding.objects.create(**common, code="WE_OWN", coder=coder)
        Memo.objects.create(study=study, kind="document", thing="1.txt", by=coder, text=f"By {coder}")
        Reading.objects.create(study=study, document=document, coder=coder, families=["A"])
    Suggestion.objects.create(
        **common, code="WE_OWN", coder="builtin", kind="builtin", probability=0.7, why="unstressed: 'we'"
    )
    Rejection.objects.create(study=study, document=document, start=3, end=5, code="TRUST", coder="Bram")


def test_all_work_is_shown_and_in_a_blind_round_only_ones_own(shown, study, document, ana):
    put_work(study, document)
    rows = facts(shown())["rows"]
    assert {name: len(rows[name]) for name in rows} == {
        "coding": 2,
        "suggestion": 1,
        "rejection": 1,
        "reading": 2,
        "memo": 2,
    }
    Study.objects.update(blind=True)
    page = shown()
    rows = facts(page)["rows"]
    assert {name: len(rows[name]) for name in rows} == {
        "coding": 1,
        "suggestion": 0,
        "rejection": 0,
        "reading": 1,
        "memo": 1,
    }
    assert "Bram" not in page
    Member.objects.filter(user=ana).update(closed_at="2024-01-01T00:00Z")
    told = facts(shown())
    assert len(told["rows"]["coding"]) == 2
    assert told["may_code"] is False


def test_the_rows_alone_can_be_asked_again(shown, study, document, client):
    put_work(study, document)
    told = facts(shown())
    again = client.get(f"/s/{study.pk}/texts/1/rows").json()
    assert again["rows"] == told["rows"]
    assert again["can"] == {"undo": "", "redo": ""}


def test_one_goes_from_text_to_text_past_those_that_are_gone(shown, study):
    text(study, 2, gone=True)
    text(study, 3)
    page = shown(3)
    assert f"/s/{study.pk}/texts/1" in page
    assert f"/s/{study.pk}/texts/2" not in page


def test_a_stranger_and_a_place_without_text_find_nothing(client, study, document, ana):
    client.force_login(User.objects.create_user("Eve", "a third password"))
    for path in ("texts/1", "texts/1/rows"):
        assert client.get(f"/s/{study.pk}/{path}").status_code == 404
    client.force_login(ana)
    assert client.get(f"/s/{study.pk}/texts/99").status_code == 404


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Read in full"), ("es", "Leído entero"), ("nl", "Helemaal gelezen")]
)
def test_the_page_speaks_three_languages(shown, study, document, language, said):
    put_work(study, document)
    page = shown(language=language)
    assert said in page
    assert facts(page)["rows"]["suggestion"][0][6] == reason("unstressed: 'we'", words(language))


def test_reasons_are_said_in_the_readers_language_and_what_is_unknown_stays(document):
    es = words("es")
    assert reason("unstressed: 'we'; people of other partners are named", es) == (
        "sin énfasis: «we»; se nombra a personas de otros socios"
    )
    assert reason("a cue of my own: 'ños'", es) == "a cue of my own: 'ños'"
    assert reason("", es) == ""


def test_a_codebook_may_give_codes_keys_of_its_own_but_none_that_the_reader_uses(study):
    assert keys_of(study) == KEYS
    content = {"codes": {}, "own": [], "keys": {"TRUST": "p", "POWER": "n", "VALUE": "vv"}}
    CodebookVersion.objects.create(study=study, number=1, content=content, by="Ana", at="2024-01-01T00:00Z")
    found = keys_of(study)
    assert found["TRUST"] == "p"
    assert not {"WE_PARTNERSHIP", "POWER", "VALUE"} & set(found)
    assert not TAKEN & set(KEYS.values())


def test_a_long_text_comes_packed_and_whole(client, study, ana):
    text(study, 5, "A line of words.\n" * 20_000)
    client.force_login(ana)
    answer = client.get(f"/s/{study.pk}/texts/5", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.content).count(b"A line of words.") == 20_000
