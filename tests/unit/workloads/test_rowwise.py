import math
from itertools import pairwise
from statistics import mean as float_mean

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.records.sample import MISSING
from tallystick.workloads import rowwise

SERIES = st.lists(st.lists(st.integers(-(2**20), 2**20), max_size=40), min_size=1, max_size=6)


def rows(series: list[list[int]]) -> rowwise.Rows:
    group = np.array([i for i, s in enumerate(series) for _ in s], np.int64)
    return rowwise.rows_of(group, np.array([v for s in series for v in s], np.int64), len(series))


@settings(max_examples=60, deadline=None)
@given(SERIES)
def test_statistics_equal_plain_python(series: list[list[int]]) -> None:
    found = rows(series)
    low, middle, high = (column.tolist() for column in rowwise.quantiles(found, (0, 50, 100)))
    for i, values in enumerate(series):
        if len(values) < rowwise.MIN_VALUES:
            assert rowwise.mean(found)[i] == rowwise.spread(found)[i] == low[i] == MISSING
            continue
        centre = sum(values) // len(values)
        steps = [abs(b - a) for a, b in pairwise(values)]
        assert rowwise.mean(found)[i] == centre
        assert rowwise.spread(found)[i] == sum(abs(v - centre) for v in values) // len(values)
        assert rowwise.deviation(found)[i] == math.isqrt(
            sum((v - centre) ** 2 for v in values) // len(values)
        )
        assert rowwise.roughness(found)[i] == sum(steps) // len(steps)
        assert (low[i], high[i]) == (min(values), max(values))
        assert middle[i] == sorted(values)[(len(values) - 1) // 2]
        away = [(v - centre) // 64 for v in values]
        power = sum(a * a for a in away)
        product = sum(a * b for a, b in zip(away, away[2:], strict=False))
        assert rowwise.autocorrelation(found, 2)[i] == product * 1_000_000 // max(power, 1)


@given(st.lists(st.integers(0, 2**62 - 1), min_size=1, max_size=50))
def test_isqrt_is_exact(values: list[int]) -> None:
    assert rowwise.isqrt(np.array(values, np.int64)).tolist() == [math.isqrt(v) for v in values]


def test_autocorrelation_tells_a_cycle_from_noise() -> None:
    cycle = [100_000 if k % 6 < 3 else 0 for k in range(30)]
    noise = np.random.default_rng(1).integers(0, 100_000, 30).tolist()
    repeats, wanders = rowwise.autocorrelation(rows([cycle, noise]), 6).tolist()
    assert repeats > 700_000 > 400_000 > abs(wanders)
    assert float_mean(cycle) == 50_000


def test_ratio_without_a_whole_is_missing() -> None:
    part, whole = np.array([1, 1, MISSING, 9], np.int64), np.array([2, 0, 5, 1], np.int64)
    assert rowwise.ratio_ppm(part, whole).tolist() == [500_000, MISSING, MISSING, 4_000_000]
