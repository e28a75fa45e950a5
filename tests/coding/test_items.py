"""Items meet across partners and languages, and a person has the last word on what they are called."""

import pytest

from tests.worlds import says, we, world
from weness.coding.codings import Coding, Codings
from weness.coding.items import ItemsError, concept_in, item_book, overrides_in, with_items, written_book
from weness.reading.corpus import Corpus, Document, Sentence, Span

PASSAGES = {
    "en": "We work with an open price formula that everybody can read.",
    "es": "Lo nuestro es la transparencia en el precio, con cuentas claras.",
    "nl": "We werken met een transparante prijs, dat is de regel.",
}


def trilingual():
    documents = tuple(Document(f"{one}.txt", text, language=one) for one, text in PASSAGES.items())
    sentences = tuple(Sentence(Span(d.id, 0, len(d.text)), d.language, 0) for d in documents)
    marks = tuple(Coding(s.span, "PROCEDURE", "ana", fields={"stance": "shared"}) for s in sentences)
    corpus = Corpus("c", "C", tuple(PASSAGES), (), (), (), documents, (), sentences)
    return corpus, Codings("ana", "weness", frozenset(), marks)


def test_one_attribute_in_three_languages_becomes_one_item_without_any_model():
    corpus, codings = trilingual()
    found = with_items(corpus, codings, {})
    assert {mark.fields["item"] for mark in found.marks} == {"open price"}
    assert all(mark.fields["proposed"] for mark in found.marks)


def test_a_passage_of_another_code_does_not_get_a_concept_of_this_one():
    assert concept_in(PASSAGES["en"], "en", "PURPOSE") is None


def test_a_persons_item_is_never_replaced_by_the_glossary():
    corpus, codings = world({"w1": {"mill": says("PROCEDURE", 1, item="our open price formula", stance="shared")}})
    assert with_items(corpus, codings, {}).marks[0].fields["item"] == "our open price formula"


def test_slips_of_the_pen_are_one_item_and_the_other_wording_is_kept():
    said = [*says("ROLE", 1, item="who speaks for us"), *says("ROLE", 1, item="Who speaks for  us"),
            *says("ROLE", 1, item="who speeks for us"), *says("ROLE", 1, item="who pays for us")]  # fmt: skip
    corpus, codings = world({"w1": {"mill": said}})
    (first, second) = item_book(with_items(corpus, codings, {}))
    assert {first.title, second.title} == {"who speaks for us", "who pays for us"}
    assert "who speeks for us" in {*first.members, *second.members}


def test_items_are_renamed_merged_and_split_in_a_file(tmp_path):
    (tmp_path / "items.yaml").write_text(
        "rename: {a rule: the rule}\nmerge: {one purpose: [purpose a, purpose b]}\n"
        "split: {mixed: [{holds: twelve words, to: about words}]}\n",
        encoding="utf-8",
    )
    said = [*says("PROCEDURE", 1, item="a rule"), *says("PURPOSE", 1, item="purpose a"), *says("PURPOSE", 1, item="purpose b"),
            *says("VALUE", 1, item="mixed")]  # fmt: skip
    corpus, codings = world({"w1": {"mill": said}})
    titles = {item.title for item in item_book(with_items(corpus, codings, overrides_in(tmp_path)))}
    assert titles == {"the rule", "one purpose", "about words"}


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("rename: {nothing: x}", "nothing"),
        ("renames: {a: b}", "rename, merge and split"),
        ("rename: [a, b]", "mapping"),
        ("split: {a rule: [{to: x}]}", "holds"),
    ],
)
def test_an_override_that_cannot_be_done_says_why(tmp_path, page, told):
    (tmp_path / "items.yaml").write_text(page, encoding="utf-8")
    corpus, codings = world({"w1": {"mill": says("PROCEDURE", 1, item="a rule")}})
    with pytest.raises(ItemsError, match=told):
        with_items(corpus, codings, overrides_in(tmp_path))


def test_the_written_book_can_be_read_again_and_changes_nothing(tmp_path):
    corpus, codings = world({"w1": {"mill": [*we(own=2), *says("PROCEDURE", 2, item="a rule")]}})
    found = with_items(corpus, codings, {})
    (tmp_path / "items.yaml").write_text(written_book(item_book(found)), encoding="utf-8")
    assert with_items(corpus, codings, overrides_in(tmp_path)) == found
