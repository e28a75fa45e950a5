"""Coefficients give the printed digits of their sources, an independent package's values, and no number where there is none."""

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weness.coding.agreement import (
    MISSING,
    ac1,
    agreement_on,
    alpha,
    cohen,
    counts_of,
    fleiss,
    percent_agreement,
    with_interval,
)

# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", section C: four observers, twelve units, values 1 to 5,
# some missing (0 here). Printed: nominal alpha = .743. The same ratings are irrCAC's cac.raw4raters (Gwet 2014), where the
# package's documentation prints AC1 = 0.77544 and percent agreement 0.81818.
FOUR_OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
    [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
]
# The same paper, section A: two observers, ten articles, yes or no. Printed: alpha = .095.
BINARY = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]
# The same paper, section B: Ben and Gerry, twelve units, values a to e. Printed: alpha = .692.
BEN, GERRY = "aabbdcccedda", "babbbccceddd"
# Krippendorff (1980), Content analysis, page 139, as in DKPro Statistics' Krippendorff1980Test: three coders, nine units.
# Printed: nominal alpha = .642 (D_o .259, D_e .724).
THREE_CODERS = [[1, 1, 2, 4, 1, 2, 1, 3, 2], [1, 2, 2, 4, 4, 2, 2, 3, 2], [1, 2, 2, 4, 4, 2, 3, 3, 2]]
# Fleiss (1971), table 1, page 379 (as in DKPro Statistics' Fleiss1971Test): thirty patients, six psychiatrists, five
# diagnoses; one string a patient. Printed: mean agreement .5556, expected .2201, kappa = .430.
PATIENTS = """
444444 222555 233335 555555 222444 113333 333355 113334 114444 555555 144444 124444 222333 144444 224445
333335 111455 111112 224444 133555 555555 244444 224555 114444 144445 222224 111155 224444 133333 555555"""
# Cohen (1960), page 45 (as in DKPro Statistics' Cohen1960Test): 200 patients, two clinicians, three diagnoses.
# Printed: observed .70, expected .41, kappa = .492.
CLINICIANS = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]


def values_of(rows):
    return np.array(rows) - 1


def from_table(table):
    pairs = [(i, j) for i, row in enumerate(table) for j, times in enumerate(row) for _ in range(times)]
    return np.array(pairs).T


def value_of(values, n):
    return alpha(counts_of(values, n), n_draws=0).value


def test_alpha_of_four_observers_with_missing_codes_is_as_krippendorff_printed_it():
    assert value_of(values_of(FOUR_OBSERVERS), 5) == pytest.approx(0.743, abs=0.0005)


def test_alpha_of_binary_and_nominal_codes_is_as_krippendorff_printed_it():
    letters = np.array([[ord(letter) - ord("a") for letter in word] for word in (BEN, GERRY)])
    assert value_of(np.array(BINARY), 2) == pytest.approx(0.095, abs=0.0005)
    assert value_of(letters, 5) == pytest.approx(0.692, abs=0.0005)
    assert value_of(values_of(THREE_CODERS), 4) == pytest.approx(0.642, abs=0.0005)


def test_kappa_of_many_raters_is_as_fleiss_printed_it():
    counts = counts_of(values_of([[int(digit) for digit in patient] for patient in PATIENTS.split()]).T, 5)
    assert percent_agreement(counts) == pytest.approx(0.5556, abs=0.0001)
    assert fleiss(counts).value == pytest.approx(0.430, abs=0.0005)


def test_kappa_of_two_raters_is_as_cohen_printed_it():
    assert cohen(*from_table(CLINICIANS), 3).value == pytest.approx(0.492, abs=0.0005)


def test_kappa_of_fifty_proposals_is_two_fifths():
    # By hand: agreement 35/50 = .70; chance .5 * .6 + .5 * .4 = .50; (.70 - .50) / .50 = .40.
    assert cohen(*from_table([[20, 5], [10, 15]]), 2).value == pytest.approx(0.40)


def test_ac1_with_missing_codes_is_as_gwets_package_prints_it():
    counts = counts_of(values_of(FOUR_OBSERVERS), 5)
    assert ac1(counts).value == pytest.approx(0.77544, abs=0.000005)
    assert percent_agreement(counts) == pytest.approx(0.81818, abs=0.000005)


def test_ac1_stays_up_where_kappa_falls_though_nearly_all_agree():
    # By hand: 118 of 125 agree = .944; pi = (118 * 2 + 7) / 250 = .972, chance 2 * .972 * .028 = .054432,
    # AC1 = .889568 / .945568 = .94078. Cohen: chance (123 * 120 + 2 * 5) / 125^2 = .94528, kappa = -.00128 / .05472 = -.0234.
    values = from_table([[118, 5], [2, 0]])
    assert ac1(counts_of(values, 2)).value == pytest.approx(0.94078, abs=0.00001)
    assert cohen(*values, 2).value == pytest.approx(-0.0234, abs=0.00005)


def test_agreement_on_positives_of_two_coders_is_2a_over_2a_b_c():
    counts = counts_of(from_table([[5, 3], [2, 10]]), 2)  # both yes 10; one yes 3 and 2
    assert agreement_on(counts, 1) == pytest.approx(20 / 25)


def test_agreement_on_what_nobody_said_is_not_a_number():
    assert agreement_on(counts_of(np.array([[0, 0], [0, 0]]), 2), 1) is None


@given(st.integers(2, 4), st.integers(2, 12), st.integers(2, 5), st.integers(0, 10_000))
def test_alpha_equals_that_of_the_krippendorff_package(n_coders, n_units, n, seed):
    random = np.random.default_rng(seed)
    values = random.integers(MISSING, n, (n_coders, n_units))
    found = alpha(counts_of(values, n), n_draws=0)
    data = np.where(values == MISSING, np.nan, values)
    pairable = counts_of(values, n)[(values != MISSING).sum(axis=0) > 1]
    if not len(pairable) or (pairable.sum(axis=0) > 0).sum() < 2:
        assert found.value is None
        assert found.why
    else:
        assert found.value == pytest.approx(krippendorff.alpha(data, level_of_measurement="nominal"))


@given(st.integers(0, 1000), st.permutations(range(4)), st.permutations(range(3)))
def test_the_order_of_coders_and_the_names_of_categories_change_nothing(seed, coders, names):
    values = np.random.default_rng(seed).integers(MISSING, 3, (4, 9))
    renamed = np.where(values == MISSING, MISSING, np.array([*names])[values])[coders]
    before, after = counts_of(values, 3), counts_of(renamed, 3)
    for coefficient in (alpha, ac1, fleiss):
        was, now = coefficient(before), coefficient(after)
        assert was.value == (now.value if now.value is None else pytest.approx(now.value))
        assert was.why == now.why


def test_coders_who_guess_have_alpha_zero_within_the_interval_nine_times_out_of_ten():
    held = 0
    for seed in range(30):
        values = np.random.default_rng(seed).integers(0, 4, (2, 200))
        found = alpha(counts_of(values, 4), seed=seed)
        held += found.low <= 0 <= found.high
        assert abs(found.value) < 0.2
    assert 23 <= held <= 30


@pytest.mark.parametrize("values", [[[0]], [[0], [MISSING]], [[], []], [[0, MISSING], [MISSING, 1]]])
def test_where_no_unit_was_coded_by_two_nothing_is_said_and_why(values):
    counts = counts_of(np.array(values, dtype=np.int64), 2)
    for found in (alpha(counts), ac1(counts), fleiss(counts)):
        assert found.value is None
        assert "two" in found.why
    assert percent_agreement(counts) is None


def test_where_everybody_used_one_category_nothing_is_said_and_why():
    values = np.zeros((3, 6), dtype=np.int64)
    for found in (
        alpha(counts_of(values, 2)),
        ac1(counts_of(values, 2)),
        fleiss(counts_of(values, 2)),
        cohen(*values[:2], 2),
    ):
        assert found.value is None
        assert "one category" in found.why


def test_fleiss_kappa_is_not_said_where_the_number_of_codes_differs():
    assert "same number" in fleiss(counts_of(values_of(FOUR_OBSERVERS), 5)).why


def test_an_interval_needs_two_clusters():
    found = alpha(counts_of(np.array(BINARY), 2), np.zeros(10, dtype=np.int64))
    assert found.value is not None
    assert (found.low, found.high) == (None, None)
    assert "one cluster" in found.why


def test_clusters_whose_units_are_alike_make_the_interval_wider():
    random = np.random.default_rng(1)
    speakers = np.repeat(np.arange(10), 40)
    alike = random.random(10)[speakers] < 0.5
    first = random.integers(0, 2, 400)
    counts = counts_of(np.array([first, np.where(alike, first, random.integers(0, 2, 400))]), 2)
    alone, together = alpha(counts), alpha(counts, speakers)
    assert alone.value == together.value
    assert together.high - together.low > 1.5 * (alone.high - alone.low)


def test_units_by_themselves_are_resampled_as_clusters_of_one():
    counts = counts_of(values_of(FOUR_OBSERVERS), 5)
    patterns, ones = alpha(counts, n_draws=20_000), alpha(counts, np.arange(12), n_draws=20_000)
    assert patterns.low == pytest.approx(ones.low, abs=0.03)
    assert patterns.high == pytest.approx(ones.high, abs=0.03)


def test_the_interval_is_t_on_the_scale_of_log_one_minus_alpha():
    # By hand: five clusters, t of 4 degrees 2.132; spread .05 sqrt(5/4) = .0559, over .2 = .2795; exp(.5959) = 1.8147;
    # 1 - .2 * 1.8147 = .6371, 1 - .2 / 1.8147 = .8898.
    found = with_interval(0.8, np.array([0.75, 0.85] * 50), 5)
    assert (found.low, found.high) == (pytest.approx(0.6371, abs=0.0003), pytest.approx(0.8898, abs=0.0002))


def test_with_many_clusters_the_interval_is_that_of_the_resamples():
    values = np.random.default_rng(5).integers(0, 2, (2, 400))
    values[1] = np.where(np.random.default_rng(6).random(400) < 0.7, values[0], values[1])
    found = alpha(counts_of(values, 2))
    rows = [alpha(counts_of(values[:, np.random.default_rng(seed).integers(0, 400, 400)], 2), n_draws=0).value for seed in range(1000)]  # fmt: skip
    assert (found.low, found.high) == pytest.approx(np.quantile(rows, [0.05, 0.95]), abs=0.015)


def test_five_texts_hold_the_true_alpha_nine_times_out_of_ten():
    # Texts differ in how common the code is and in how often coders err; percentiles of the resamples held .76, the lower end .83.
    def coded(n, random):
        yes, wrong = random.beta(1.8, 4.2, n), random.beta(0.96, 39.04, n)
        texts = np.repeat(np.arange(n), 40)
        true = random.random(40 * n) < yes[texts]
        return counts_of((true ^ (random.random((2, 40 * n)) < wrong[texts])).astype(int), 2), texts

    truth = alpha(coded(50_000, np.random.default_rng(0))[0], n_draws=0).value
    found = [alpha(*coded(5, np.random.default_rng(seed)), n_draws=300, seed=seed) for seed in range(1, 301)]
    low = np.mean([one.low <= truth for one in found])
    both = np.mean([one.low <= truth <= one.high for one in found])
    assert low >= 0.92
    assert both >= 0.86


def test_where_nobody_disagreed_the_lower_end_is_as_if_one_had():
    # By hand: 12 clusters of 10, half yes; 1 - alpha with one disagreement (240 - 1) * 2 / (240^2 - 2 * 120^2) = .01660; times
    # exp(t of 11 degrees 1.796) = 6.025: 1 - .1000 = .9000.
    counts = np.tile([[2, 0], [0, 2]], (60, 1))
    found = alpha(counts, np.repeat(np.arange(12), 10))
    assert (found.value, found.high) == (1, 1)
    assert found.low == pytest.approx(0.900, abs=0.0005)


@given(st.integers(2, 6), st.integers(0, 500))
def test_the_interval_holds_the_value_and_stays_within_what_an_alpha_can_be(n, seed):
    random = np.random.default_rng(seed)
    found = alpha(counts_of(random.integers(0, 2, (2, 4 * n)), 2), np.repeat(np.arange(n), 4), n_draws=50)
    assert found.low is None or -1 <= found.low <= found.value <= found.high <= 1


def test_the_same_seed_gives_the_same_interval():
    counts = counts_of(values_of(FOUR_OBSERVERS), 5)
    assert alpha(counts, seed=3) == alpha(counts, seed=3)
    assert alpha(counts, seed=3) != alpha(counts, seed=4)


def test_twenty_thousand_units_of_five_coders_at_random_agree_by_chance_alone():
    random = np.random.default_rng(0)
    values = random.integers(0, 10, (5, 20_000))
    values[random.random(values.shape) < 0.1] = MISSING
    found = alpha(counts_of(values, 10))
    assert found.low <= 0 <= found.high
    assert found.high - found.low < 0.02
