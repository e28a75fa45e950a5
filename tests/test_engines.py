"""Work is run one by one or over processes, and the answer is the same."""

from weness.engines import Inline, Pool


def doubled(number: int) -> int:
    return 2 * number


def test_both_engines_give_the_same_answers_in_the_order_of_the_items():
    items = list(range(20))
    assert list(Pool(2).map(doubled, items)) == list(Inline().map(doubled, items)) == [2 * one for one in items]
