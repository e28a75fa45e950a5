"""The page: everything on it leads somewhere, nothing on it leads outside, and nothing that users wrote is obeyed."""

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from tests.fakes_findings import findings
from weness import library
from weness.reading.corpus import Document, Partner, Wave
from weness.reporting import report_page
from weness.reporting.desk import laid_out
from weness.reporting.figures import layout
from weness.reporting.page import PARTS, _filled, report_body
from weness.reporting.parts.texts import FULL, texts

HOSTILE = """</style><script>alert("x")</script><img src=x onerror=alert(1)> {{ 7 * 7 }} {w} & 'quotes' ‮"""


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.words = []
        self.open = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        if not {"style", "script"} & set(self.open):
            self.words.append(data)

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]

    def text(self):
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module", params=library.LANGUAGES)
def page(request):
    return Page(report_page(findings(), request.param))


def test_the_page_asks_nothing_of_the_network(page):
    for tag, attrs in page.tags:
        assert tag not in ("link", "iframe", "object", "embed", "img", "base")
        for name in ("href", "src", "srcset", "action", "xlink:href"):
            assert attrs.get(name, "#").startswith("#"), (tag, attrs)
        assert not [name for name in attrs if name.startswith("on") or name == "style"], (tag, attrs)


def test_its_policy_forbids_everything_but_its_own_style_and_script(page):
    policy = next(a["content"] for a in page.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert len(re.findall(r"'sha256-[A-Za-z0-9+/=]{44}'", policy)) == 2


def test_every_link_leads_to_a_place_on_the_page(page):
    ids = {attrs["id"] for _, attrs in page.tags if "id" in attrs}
    targets = {attrs["href"][1:] for _, attrs in page.tags if attrs.get("href", "").startswith("#")}
    assert targets - ids == set()
    assert len(targets) > 60


def test_no_id_is_given_twice(page):
    ids = Counter(attrs["id"] for _, attrs in page.tags if "id" in attrs)
    assert [id for id, times in ids.items() if times > 1] == []


def test_headings_go_down_one_step_at_a_time(page):
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_landmarks_language_and_skip_link_are_there(page):
    assert page.all("html")[0]["lang"] in library.LANGUAGES
    assert {"main", "nav", "header", "footer"} <= {tag for tag, _ in page.tags}
    assert next(iter(page.all("a")))["href"] == "#main"


def test_every_table_has_a_caption_and_every_heading_cell_a_scope(page):
    assert len(page.all("table")) == len(page.all("caption")) > 8
    assert all(attrs.get("scope") in ("row", "col", "rowgroup") for attrs in page.all("th"))


def test_every_quote_says_its_language(page):
    assert {attrs.get("lang") for attrs in page.all("blockquote")} == {"en", "es", "nl"}


def test_every_picture_has_a_sentence_and_a_table_instead(page):
    pictures = [attrs for _, attrs in page.tags if attrs.get("role") == "img"]
    assert len(pictures) == len(page.all("svg")) == 5
    assert all(len(attrs["aria-label"]) > 30 for attrs in pictures)


def test_the_banner_and_the_caveat_cannot_be_missed():
    for language in library.LANGUAGES:
        words = laid_out(findings(), language).words
        text = Page(report_page(findings(), language)).text()
        assert text.count(" ".join(words("caveat").split())) == 2
        assert words("banner.analyst") in text
        assert words("banner.invented") in text
        assert words("banner.invented") not in Page(report_page(findings(invented=False), language)).text()


def test_the_page_says_who_coded():
    assert "Coded by a person in 8 of 8 documents." in report_page(findings())
    by_machine = report_page(findings(kind="rules"))
    assert "Coded by machine only (rules)." in by_machine
    assert "rules, about 7 in 10 sure: cue of TRUST" in by_machine


def test_every_measure_opens_its_quotes_or_says_that_there_is_none():
    found = findings()
    desk = laid_out(found, "en")
    rows = re.search(r'<table class="dense">.*?</table>', report_page(found), re.S).group().split("</tr>")[1:-1]
    assert len(rows) == len(found.measures)
    for row, measure in zip(rows, found.measures, strict=True):
        entry = desk.entry(measure)
        assert (f'href="#{entry.id}"' if entry else "no quote") in row
        assert bool(entry) == bool(measure.evidence)


def test_every_quote_of_a_measure_stands_in_the_texts_with_its_coder():
    found = findings()
    page = report_page(found)
    desk = laid_out(found, "en")
    for measure in found.measures:
        for place in desk.places.of(measure.evidence):
            line = re.search(rf'<p id="{place.id}"[^>]*>.*?</p>', page, re.S).group()
            assert place.text.split()[0] in line
            assert "person anna" in line


def test_a_wave_that_cannot_say_names_no_stage():
    page = report_page(findings())
    wave = re.search(r'<section id="stage-1".*?</section>', page, re.S).group()
    assert "Too few partners were heard well enough for a stage." in wave
    assert not re.search(r"\bS[1-5]\b|Parallel|Encounter|Negotiation|Integration|in 10", wave)


def test_a_study_whose_last_wave_cannot_say_asks_for_evidence_on_its_first_page():
    found = findings()
    thin = replace(found.posteriors[0], wave="w3")
    page = report_page(replace(found, posteriors=(*found.posteriors[:2], thin), diagnosis=None, recommendations=()))
    front = re.search(r'<section class="front".*?<div class="rest">', page, re.S).group()
    where = front[front.index("Where it stands") : front.index("Three patterns")]
    assert "cannot say" in where
    assert "What would help to say more" in where
    assert not re.search(r"\bS[1-5]\b|in about \d", where[: where.index('<ol class="path"')])
    assert "Do nothing now" in front


def test_shares_of_partners_are_fractions_and_never_percentages():
    text = Page(report_page(findings())).text()
    assert "3 of 4 partners" in text
    assert "%" not in text


def test_partners_stand_in_the_order_of_the_study_whatever_they_said():
    page = report_page(findings())
    names = [name for name in re.findall(r'<th scope="rowgroup"[^>]*>(.*?)</th>', page)]
    assert names == [partner.name for partner in findings().corpus.partners]


def test_what_users_wrote_is_shown_and_never_obeyed():
    found = findings()
    corpus = found.corpus
    partners = (Partner("mill", HOSTILE, "business", HOSTILE), *corpus.partners[1:])
    waves = (*corpus.waves[:2], Wave("w3", HOSTILE, "2025-04", HOSTILE))
    documents = tuple(replace(one, source=HOSTILE, date=HOSTILE) for one in corpus.documents)
    attributes = tuple(replace(one, item=HOSTILE, members=(HOSTILE,)) for one in found.attributes[-1:])
    hostile = replace(
        found,
        corpus=replace(
            corpus, name=HOSTILE, partners=partners, waves=waves, documents=documents, notes=(HOSTILE,),
        ),
        attributes=attributes,
        made_with={HOSTILE: HOSTILE},
    )  # fmt: skip
    text = report_page(hostile)
    page = Page(text)
    assert len(page.all("script")) == 1
    assert page.all("img") == []
    assert "49" not in re.findall(r"onerror=alert\(1\)&gt; (\S+)", text)
    assert 'alert("x")' in page.text()


def test_hostile_words_inside_a_narrative_stay_words():
    found = findings()
    document = found.corpus.documents[0]
    bad = "<script>1</script> & <b>"
    text = document.text.replace("We grow apples, and we wer", bad + "xx", 1)
    assert len(text) == len(document.text)
    documents = (replace(document, text=text), *found.corpus.documents[1:])
    page = report_page(replace(found, corpus=replace(found.corpus, documents=documents)))
    assert "&lt;script&gt;1&lt;/script&gt; &amp; &lt;b&gt;xx" in page
    assert page.count("<script") == 1


def test_the_same_findings_give_the_same_page():
    assert report_page(findings(), "nl") == report_page(findings(), "nl")


def test_a_page_that_grows_too_large_keeps_the_sentences_behind_its_numbers():
    found = findings()
    filler = "".join(f"Words that nobody coded, number {n}. " for n in range(60_000))
    long = Document("w2_long.txt", filler, "mill", "w2", "2024-04-01", "report", "en")
    sentence = found.corpus.sentences[-1]
    own = tuple(
        replace(sentence, span=type(sentence.span)("w2_long.txt", n * 30, n * 30 + 29), excluded="copied")
        for n in range(len(filler) // 30)
    )
    corpus = replace(found.corpus, documents=(*found.corpus.documents, long), sentences=(*found.corpus.sentences, *own))
    page = report_page(replace(found, corpus=corpus))
    assert len(page.encode()) < 2_000_000
    assert "the whole texts would have made this file too large" in page
    parsed = Page(page)
    ids = {attrs["id"] for _, attrs in parsed.tags if "id" in attrs}
    assert {attrs["href"][1:] for _, attrs in parsed.tags if attrs.get("href")} <= ids


@pytest.mark.parametrize("limit", [130_000, 100_000, 1])
def test_however_little_room_there_is_every_link_still_leads_somewhere(monkeypatch, limit):
    rules = {**layout(), "page_limit": limit}
    monkeypatch.setattr("weness.reporting.desk.layout", lambda: rules)
    page = report_page(findings())
    parsed = Page(page)
    ids = {attrs["id"] for _, attrs in parsed.tags if "id" in attrs}
    assert {attrs["href"][1:] for _, attrs in parsed.tags if attrs.get("href")} <= ids
    assert len(page) < len(report_page_in_full())


def report_page_in_full():
    desk = laid_out(findings(), "en")
    return _filled(desk, {name: part(desk) for name, part in PARTS.items()} | {"texts": texts(desk, FULL)})


def test_a_process_without_stages_shows_a_profile_with_its_quotes():
    found = findings()
    dimensions = ({"id": "doing", "codes": ["PURPOSE", "PROCEDURE"], "title": {"en": "What they do or want"}},)
    process = replace(found.process, stages=(), weights={}, dimensions=dimensions)
    silent = tuple(
        replace(one, stages=(), shares={}, call="cannot say", why_not="this process has no stages", signs_for=(),
                signs_against=(), gates=(), missing=())
        for one in found.posteriors
    )  # fmt: skip
    bare = replace(found, process=process, posteriors=silent, diagnosis=None, recommendations=())
    page = report_page(bare)
    row = re.search(r"What they do or want</th>.*?</tr>", page, re.S).group()
    assert "too little heard" in row
    assert "3 of 3 partners" in row
    assert "4 of 4 partners" in row
    assert 'href="#p1-3"' in row
    assert "What would help to say more" not in page


def test_a_study_without_anything_still_gets_its_page():
    found = findings()
    empty = replace(
        found, measures=(), attributes=(), posteriors=(), diagnosis=None, recommendations=(),
        codings=replace(found.codings, marks=()),
    )  # fmt: skip
    page = report_page(empty)
    assert "cannot say" in page
    assert "Do nothing now" in page


def test_a_language_that_is_not_there_is_named():
    with pytest.raises(KeyError, match=r"'fr'.*en, es, nl"):
        report_page(findings(), "fr")


def test_the_body_alone_is_the_page_without_its_frame_and_its_texts():
    found = findings()
    body, whole = report_body(found), report_page(found)
    assert "<html" not in body
    assert "<script" not in body
    assert 'id="texts"' not in body
    assert 'href="#texts"' not in body
    for part in ("front", "stages", "we", "quotes"):
        assert f'id="{part}"' in body
    start = body.index('<section class="front"')
    assert body[start : start + 2_000] in whole
    assert re.search(r'href="#q\d+-\d+"', body), "quotes still say where they stand"
