"""Whatever a stranger is shown, every character finds its way back to the text."""

from hypothesis import given
from hypothesis import strategies as st

from weness.coding.masks import masked, numbered, unmasked, without_marks
from weness.coding.passages import passages_in
from weness.reading.corpus import Corpus, Document, Mention, Sentence, Span

NAMES = {"Ana Ruiz": "Person 1", "Ana": "Person 1", "Wim": "Person 22", "Jo": "P"}


@given(st.lists(st.sampled_from([*"ab⟦⟧1: \n😀é", "Ana Ruiz", "Ana", "Wim", "Jo"]), max_size=80).map("".join))
def test_an_unchanged_piece_maps_back_to_itself(text):
    found = masked(text, NAMES)
    for start in range(len(found.text)):
        first, last = found.back(start, start + 1)
        assert 0 <= first < last <= len(text)
        if last - first == 1:
            assert text[first] == found.text[start] or text[first:last] in NAMES
        else:
            assert text[first:last] in NAMES


@given(st.lists(st.sampled_from(["Ana", "x", "Wim", "é😀", ". "]), max_size=12).map(" ".join))
def test_without_names_nothing_changes(text):
    assert masked(text, {}).text == text
    assert unmasked(masked(text, {"Ana": "Person 1"}).text, {"Ana": "Person 1"}) == text


def test_marks_in_a_narrative_cannot_pass_for_ours():
    shown = numbered("see ⟦9:us⟧ and we", [(1, 15, 17)])
    assert shown == "see [9:us] and ⟦1:we⟧"
    assert without_marks(shown) == "see [9:us] and we"


@given(st.lists(st.sampled_from([*"we .\n😀", "Wim", "\n\n"]), max_size=300).map("".join), st.integers(20, 120))
def test_passages_cover_every_word_once_and_know_where_they_stand(text, longest):
    mentions = tuple(
        Mention(Span("d", at, at + 2), "en", 0, "pronoun") for at in range(len(text) - 1) if text[at : at + 2] == "we"
    )
    corpus = Corpus(
        "c",
        "C",
        ("en",),
        (),
        (),
        (),
        (Document("d", text),),
        (),
        (Sentence(Span("d", 0, len(text)), "en", 0),),
        mentions,
    )
    passages = passages_in(corpus, "d", longest, {"Wim": "Person 1"})
    told = "".join(text[one.span.start : one.span.end] for one in passages)
    assert "".join(told.split()) == "".join(text.split())
    found = [mention for one in passages for mention in one.mentions.values()]
    whole = [one for one in mentions if any(part.span.holds(one.span) for part in passages)]
    assert found == whole
    for one in passages:
        assert len(one.span.document) == 1
        assert one.span.end - one.span.start <= longest
        for number, mention in one.mentions.items():
            assert f"⟦{number}:{corpus.text(mention.span)}⟧" in one.shown
