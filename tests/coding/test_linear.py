"""The arithmetic of the built-in coder, held against what can be worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weness.coding.linear import Vocabulary, fitted, lowest, softmax, vocabulary_of

ROWS = st.lists(st.dictionaries(st.sampled_from("abcdef"), st.floats(-2, 2), max_size=5), min_size=1, max_size=8)


@given(ROWS)
def test_sparse_rows_multiply_like_the_dense_matrix(rows):
    words = Vocabulary(tuple("abcde"))
    sparse = words.rows(rows)
    dense = np.array([[row.get(name, 0.0) for name in "abcde"] + [1.0] for row in rows])
    weights = np.arange(12.0).reshape(6, 2)
    errors = np.linspace(-1, 1, 2 * len(rows)).reshape(-1, 2)
    assert np.allclose(sparse.times(weights), dense @ weights)
    assert np.allclose(sparse.transposed_times(errors, 6), dense.T @ errors)


def test_the_lowest_point_of_a_bowl_is_found():
    centre = np.array([3.0, -1.0, 0.5])
    pull = np.array([1.0, 50.0, 0.2])
    found = lowest(lambda x: (float((pull * (x - centre) ** 2).sum()), 2 * pull * (x - centre)), np.zeros(3), 100)
    assert np.allclose(found, centre, atol=1e-3)


def test_without_features_the_fit_gives_the_shares():
    words = Vocabulary(())
    truth = np.eye(3)[[0, 0, 0, 1, 1, 2]]
    weights = fitted(words.rows([{}] * 6), truth, words.size, penalty=1e-6)
    assert softmax(weights)[0] == pytest.approx([3 / 6, 2 / 6, 1 / 6], abs=1e-3)


def test_a_strong_pull_keeps_the_weights_where_they_were_and_a_weak_one_learns():
    words = Vocabulary(("x",))
    rows = words.rows([{"x": 1.0}] * 4 + [{}] * 4)
    truth = np.eye(2)[[0] * 4 + [1] * 4]
    known = np.array([[-1.0, 1.0], [0.0, 0.0]])
    held = fitted(rows, truth, words.size, 1e5, toward=known)
    learned = fitted(rows, truth, words.size, 0.01, toward=known)
    assert np.allclose(held, known, atol=0.01)
    assert learned[0, 0] > learned[0, 1]


def test_several_codes_may_hold_at_once():
    words = Vocabulary(("x",))
    rows = words.rows([{"x": 1.0}] * 5 + [{}] * 5)
    truth = np.array([[1.0, 1.0]] * 5 + [[0.0, 1.0]] * 5)
    weights = fitted(rows, truth, words.size, 0.1, several=True)
    scores = words.rows([{"x": 1.0}, {}]).times(weights)
    assert scores[0, 0] > 0 > scores[1, 0]
    assert (scores[:, 1] > 0).all()


def test_a_word_of_one_partnership_alone_is_a_name_and_not_a_sign():
    words = vocabulary_of([("a", {"we": 1, "kai": 1}), ("b", {"we": 1}), ("a", {"kai": 1})], in_groups=2)
    assert words.names == ("we",)
