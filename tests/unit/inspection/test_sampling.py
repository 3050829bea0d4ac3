"""Sampling odds against exact published minima, exact fractions and brute force.

"Exact minima" are of the hypergeometric law: n draws meet the target and n - 1 do not.
"""

import random
import time
from fractions import Fraction
from itertools import combinations, product
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.inspection.sampling import (
    alarm_threshold,
    binomial_tail,
    detection,
    hypergeometric,
    mean_interval,
    sample_size,
    share_interval,
)


def _exact_detection(population: int, defects: int, drawn: int, sensitivity: Fraction) -> Fraction:
    """1 - sum over k of Hyp(k) (1 - s)^k, in fractions."""
    missed = sum(
        Fraction(comb(defects, k) * comb(population - defects, drawn - k), comb(population, drawn))
        * (1 - sensitivity) ** k
        for k in range(min(defects, drawn) + 1)
    )
    return 1 - missed


@pytest.mark.parametrize(
    ("population", "defects", "target", "expected"),
    [
        (100_000, 100, 0.95, 2950),
        (10_000, 10, 0.90, 2056),
        (1_000, 10, 0.95, 258),
        (12_500, 12, 0.95, 2761),
        (12_500, 12, 0.20, 231),
        (100, 5, 0.95, 45),
    ],
)
def test_exact_minima(population: int, defects: int, target: float, expected: int) -> None:
    assert sample_size(population, defects, target) == expected
    exact = [_exact_detection(population, defects, n, Fraction(1)) for n in (expected - 1, expected)]
    assert exact[0] < Fraction(str(target)) <= exact[1]


@pytest.mark.parametrize(
    ("population", "defects", "sensitivity", "expected"),
    [(1_000, 10, 0.8, 323), (1_000, 10, 0.5, 517), (100_000, 100, 0.8, 3688)],
)
def test_exact_minima_of_an_imperfect_test(
    population: int, defects: int, sensitivity: float, expected: int
) -> None:
    assert sample_size(population, defects, 0.95, sensitivity=sensitivity) == expected
    s = Fraction(str(sensitivity))
    assert _exact_detection(population, defects, expected - 1, s) < Fraction("0.95")
    assert _exact_detection(population, defects, expected, s) >= Fraction("0.95")


def test_what_323_draws_reach() -> None:
    assert detection(1_000, 10, 323, 0.8) == pytest.approx(0.950261, abs=5e-7)


def test_impossible_where_a_census_does_not_reach_it() -> None:
    assert sample_size(1_000, 10, 0.95, sensitivity=0.25) is None
    assert detection(1_000, 10, 1_000, 0.25) == pytest.approx(0.943686, abs=5e-7)


def test_nothing_to_find_is_impossible_to_find() -> None:
    assert sample_size(100, 0, 0.5) is None


def test_large_sites_are_planned_at_once() -> None:
    """A million entries, with false alarms; binomial coefficients there exceed every float."""
    started = time.monotonic()
    assert sample_size(100_000, 100, 0.95, sensitivity=0.8) == 3688
    drawn = sample_size(1_000_000, 20_000, 0.95, sensitivity=0.9, false_rate=0.001)
    assert drawn is not None
    assert 300 < drawn < 2_000
    assert time.monotonic() - started < 2


@given(st.integers(1, 9), st.data())
@settings(max_examples=60)
def test_detection_is_what_counting_all_draws_gives(population: int, data: st.DataObject) -> None:
    defects = data.draw(st.integers(0, population))
    drawn = data.draw(st.integers(0, population))
    threshold = data.draw(st.integers(1, 3))
    sensitivity = data.draw(st.sampled_from([0.25, 0.5, 0.8, 1.0]))
    found = 0.0
    for draw in combinations(range(population), drawn):
        hits = sum(i < defects for i in draw)
        for seen in product((0, 1), repeat=hits):
            if sum(seen) >= threshold:
                found += sensitivity ** sum(seen) * (1 - sensitivity) ** (hits - sum(seen))
    expected = found / comb(population, drawn)
    assert detection(population, defects, drawn, sensitivity, threshold) == pytest.approx(expected, abs=1e-9)


@given(st.integers(1, 60), st.data())
@settings(max_examples=60)
def test_hypergeometric_is_exact_and_sums_to_one(population: int, data: st.DataObject) -> None:
    defects = data.draw(st.integers(0, population))
    drawn = data.draw(st.integers(0, population))
    odds = [hypergeometric(population, defects, drawn, k) for k in range(drawn + 2)]
    assert sum(odds) == pytest.approx(1, abs=1e-9)
    for k in range(min(defects, drawn) + 1):
        exact = Fraction(comb(defects, k) * comb(population - defects, drawn - k), comb(population, drawn))
        assert odds[k] == pytest.approx(float(exact), rel=1e-9, abs=1e-12)


@given(st.integers(0, 40), st.sampled_from(["0", "0.001", "0.1", "0.5", "0.9", "1"]), st.integers(-1, 42))
@settings(max_examples=100)
def test_binomial_tail_is_exact(n: int, rate: str, at_least: int) -> None:
    p = Fraction(rate)
    exact = sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(max(0, at_least), n + 1))
    assert binomial_tail(n, float(rate), at_least) == pytest.approx(float(exact), rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("drawn", [0, 1, 20, 300, 2_950, 100_000])
@pytest.mark.parametrize("rate", [0.0001, 0.001, 0.05, 0.4])
def test_the_threshold_is_the_fewest_that_keeps_the_promise(drawn: int, rate: float) -> None:
    threshold = alarm_threshold(drawn, rate, 0.001)
    assert binomial_tail(drawn, rate, threshold) <= 0.001 * (1 + 1e-6)
    assert threshold == 1 or binomial_tail(drawn, rate, threshold - 1) > 0.001 * (1 - 1e-6)


@pytest.mark.parametrize(
    ("found", "drawn", "low", "high"),
    [
        (0, 10, 0.0, 1 - 0.025**0.1),  # closed form
        (10, 10, 0.025**0.1, 1.0),
        (1, 10, 0.002529, 0.445016),  # Clopper and Pearson, 1934; the usual tables
        (5, 10, 0.187086, 0.812914),
    ],
)
def test_clopper_pearson(found: int, drawn: int, low: float, high: float) -> None:
    assert share_interval(found, drawn) == pytest.approx((low, high), abs=2e-6)


@pytest.mark.parametrize(("found", "drawn"), [(600, 1_200), (1_200, 1_200), (0, 5_000), (2_400, 5_000)])
def test_intervals_of_large_samples(found: int, drawn: int) -> None:
    low, high = share_interval(found, drawn)
    assert low <= found / drawn <= high
    assert high - low < 0.06


@given(st.integers(2, 300), st.data())
@settings(max_examples=60)
def test_the_minimum_is_a_minimum(population: int, data: st.DataObject) -> None:
    defects = data.draw(st.integers(1, population))
    target = data.draw(st.sampled_from([0.2, 0.5, 0.9, 0.95]))
    sensitivity = data.draw(st.sampled_from([0.3, 0.8, 1.0]))
    n = sample_size(population, defects, target, sensitivity=sensitivity)
    if n is None:
        assert detection(population, defects, population, sensitivity) < target
        return
    assert detection(population, defects, n, sensitivity) >= target
    assert n == 1 or detection(population, defects, n - 1, sensitivity) < target


@pytest.mark.parametrize("seed", range(3))
def test_the_interval_for_a_mean_covers_it_as_often_as_it_says(seed: int) -> None:
    generator = random.Random(seed)
    population = [generator.random() if generator.random() < 0.05 else 0.0 for _ in range(2000)]
    mean = sum(population) / len(population)
    tail, draws = 0.05, 300
    misses = 0
    for _ in range(draws):
        low, high = mean_interval(sum(generator.sample(population, 150)), 150, tail)
        assert 0 <= low <= high <= 1
        misses += not low <= mean <= high
    assert misses <= 2 * tail * draws


def test_the_interval_for_a_mean_of_nothing_and_of_everything() -> None:
    assert mean_interval(0, 0, 0.05) == (0.0, 1.0)
    low, high = mean_interval(0, 100, 0.05)
    assert low == 0.0
    assert high == pytest.approx(1 - 0.05 ** (1 / 100), abs=1e-6)
    assert mean_interval(100, 100, 0.05)[1] == 1.0
