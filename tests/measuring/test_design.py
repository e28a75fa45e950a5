"""What is estimated from machine and checked codes together is right on average, whatever the machine's errors."""

from itertools import combinations, product

import numpy as np
import pytest

from weness.draws import t_quantile
from weness.measuring.design import Corrected, Sample, deviations, of_units, ratio, total

TRUE = np.array([1, 0, 1, 1, 0, 0, 1, 0], dtype=float)
SAID = np.array([1, 1, 1, 1, 1, 1, 1, 0], dtype=float)  # leans one way
STRATA = ["yes"] * 5 + ["no"] * 3


def sample_of(places, strata=STRATA, share=None):
    size = np.array([strata.count(strata[at]) for at in places], dtype=float)
    return Sample(
        np.array(places),
        of_units([strata[at] for at in places]),
        size,
        np.ones(len(places)) if share is None else share,
    )


def every_sample(first=3, second=2):
    """All stratified samples of so many from each stratum: the expectation over them is the design's own."""
    yes, no = (
        [at for at, one in enumerate(STRATA) if one == "yes"],
        [at for at, one in enumerate(STRATA) if one == "no"],
    )
    return [[*a, *b] for a, b in product(combinations(yes, first), combinations(no, second))]


def test_a_total_is_exactly_right_on_average_over_all_samples():
    found = [total(sample_of(places), np.ones(8), SAID, TRUE[places]).value for places in every_sample()]
    assert np.mean(found) == pytest.approx(TRUE.sum())
    assert SAID.sum() != TRUE.sum()


def test_a_total_of_a_part_is_right_on_average_too():
    weights = np.array([1, 1, 0, 0, 1, 0, 2, 2.0])
    found = [total(sample_of(places), weights, SAID, TRUE[places]).value for places in every_sample()]
    assert np.mean(found) == pytest.approx((weights * TRUE).sum())


def test_checking_everything_gives_the_truth_without_doubt():
    places = list(range(8))
    found = ratio(sample_of(places), np.ones(8), (SAID, np.ones(8)), (TRUE, np.ones(8)))
    assert found.value == pytest.approx(TRUE.mean())
    assert found.error == pytest.approx(0.0)


def test_a_flawless_machine_is_believed_but_not_without_doubt():
    places = every_sample()[0]
    found = ratio(sample_of(places), np.ones(8), (TRUE, np.ones(8)), (TRUE[places], np.ones(5)))
    assert found.value == pytest.approx(TRUE.mean())
    assert found.error > 0  # five checks without an error do not prove that there is none


def test_two_draws_together_are_right_on_average():
    both = []
    for first, second in product(every_sample(2, 1), every_sample(2, 1)):
        places = [*first, *second]
        strata = [f"1 {STRATA[at]}" for at in first] + [f"2 {STRATA[at]}" for at in second]
        size = np.array([STRATA.count(STRATA[at]) for at in places], dtype=float)
        sample = Sample(np.array(places), of_units(strata), size, np.full(len(places), 0.5))
        both.append(total(sample, np.ones(8), SAID, TRUE[places]).value)
    assert np.mean(both) == pytest.approx(TRUE.sum())


def test_without_a_whole_there_is_no_share():
    places = every_sample()[0]
    assert ratio(sample_of(places), np.ones(8), (SAID, np.zeros(8)), (TRUE[places], np.zeros(5))) is None


def test_the_variance_is_that_of_stratified_sampling_where_there_is_much_to_see():
    """Cochran (1977), section 5.4: V = sum of N_h^2 (1 - n_h / N_h) s_h^2 / n_h, here for many checks of each stratum."""
    rng = np.random.default_rng(0)
    strata = ["a"] * 2000 + ["b"] * 1000
    true, said = (rng.random(3000) < 0.4) * 1.0, (rng.random(3000) < 0.5) * 1.0
    places = [*rng.choice(2000, 600, False), *(2000 + rng.choice(1000, 300, False))]
    found = total(sample_of(places, strata), np.ones(3000), said, true[places])
    gap = true[places] - said[places]
    by_hand = sum(
        n**2 * (1 - m / n) * gap[here].var(ddof=1) / m
        for n, m, here in ((2000, 600, slice(0, 600)), (1000, 300, slice(600, 900)))
    )
    assert found.variance == pytest.approx(by_hand, rel=0.05)


def test_worlds_lie_around_the_estimate_with_its_spread():
    found = Corrected(0.4, np.array([0.03, -0.04]), 0.0, 2, 200)
    rng = np.random.default_rng(1)
    off = deviations(found, rng.standard_normal((2, 20_000)), np.zeros(20_000), rng)
    assert off.mean() == pytest.approx(0.0, abs=1e-12)
    assert off.std() == pytest.approx(found.error, rel=0.03)
    assert found.error == pytest.approx(0.05)


def test_with_few_degrees_of_freedom_worlds_spread_as_t_does():
    found = Corrected(0.0, np.array([1.0]), 0.0, 1, 5)
    rng = np.random.default_rng(2)
    off = deviations(found, rng.standard_normal((1, 200_000)), np.zeros(200_000), rng)
    assert np.quantile(off, 0.95) == pytest.approx(2.015, abs=0.04)  # Student's t with 5


def test_what_is_no_unit_any_more_keeps_standing_for_its_like():
    """Half of the units leave after the draw, by a coin: the total of those that stay is right on average."""
    stays = np.array([1, 0, 1, 1, 0, 1, 0, 1.0])
    found = []
    for places in every_sample():
        left = np.array([at if stays[at] else -1 for at in places])
        size = np.array([STRATA.count(STRATA[at]) for at in places], dtype=float)
        sample = Sample(left, of_units([STRATA[at] for at in places]), size, np.ones(len(places)))
        found.append(total(sample, stays, SAID * stays, TRUE[places]).value)
    assert np.mean(found) == pytest.approx((stays * TRUE).sum())


@pytest.mark.parametrize(
    ("freedom", "printed"), [(1, 6.314), (2, 2.920), (5, 2.015), (10, 1.812), (30, 1.697), (120, 1.658)]
)
def test_t_is_that_of_the_printed_tables(freedom, printed):
    """Student's t, one-sided .05: any statistics textbook, for instance Fisher and Yates (1963), table III."""
    assert t_quantile(0.95, freedom) == pytest.approx(printed, abs=0.002)


def test_a_biased_machine_misleads_and_the_corrected_interval_holds():
    """A small copy of bench/check_sample.py: right in 75 %, leaning one way."""
    inside = misled = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        true = (rng.random(400) < 0.3) * 1.0
        said = np.where(rng.random(400) < 0.75, true, 1.0)
        strata = ["yes" if one else "no" for one in said]
        places = [
            at for name in ("yes", "no") for at in rng.choice([i for i, s in enumerate(strata) if s == name], 40, False)
        ]
        found = ratio(sample_of(places, strata), np.ones(400), (said, np.ones(400)), (true[places], np.ones(80)))
        low, high = found.interval()
        inside += low <= true.mean() <= high
        misled += abs(said.mean() - true.mean()) > 0.1
    assert inside >= 0.83 * 200
    assert misled >= 0.95 * 200
