"""Evidence in integers: never above the exact e-value, close to it, and a fair bet at the null."""

from fractions import Fraction
from math import log2

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.accounting.run_evidence import (
    BIT,
    LEAST_SHARE_PPM,
    STAKES_PPM,
    WindowCount,
    first_passed,
    log2_evidence,
    threshold_log2,
)

COUNTS = st.integers(1, 300).flatmap(lambda n: st.builds(WindowCount, st.integers(0, n), st.just(n)))


def exact(windows: list[WindowCount], share_ppm: int) -> Fraction:
    """The e-value in rational numbers."""
    m = Fraction(max(LEAST_SHARE_PPM, share_ppm), 10**6)
    total = Fraction(0)
    for stake in STAKES_PPM:
        wealth = Fraction(1)
        for window in windows:
            wealth *= 1 + Fraction(stake, 10**6) * (Fraction(window.training, window.observed) / m - 1)
        total += wealth
    return total / len(STAKES_PPM)


@given(st.lists(COUNTS, min_size=1, max_size=30), st.integers(0, 999_999))
@settings(max_examples=100)
def test_evidence_is_the_exact_e_value_rounded_down(windows: list[WindowCount], share_ppm: int) -> None:
    found = log2_evidence(windows, share_ppm)
    value = exact(windows, share_ppm)
    truth = log2(value.numerator) - log2(value.denominator)
    assert found[-1] / BIT <= truth + 1e-9
    assert found[-1] / BIT == pytest.approx(truth, abs=3e-6)


def test_a_known_value_for_who_writes_this_again() -> None:
    """Twelve windows of 15 out of 16 at a null of 0.3."""
    assert log2_evidence([WindowCount(15, 16)] * 12, 300_000)[-1] == 15_992_935
    assert threshold_log2(10, 1000) == 13_933_177


def test_windows_at_the_null_neither_gain_nor_lose() -> None:
    assert log2_evidence([WindowCount(1, 10)] * 200, 100_000) == [0] * 200


def test_a_long_run_of_either_kind_stays_finite() -> None:
    assert log2_evidence([WindowCount(8, 8)] * 3000, 20_000)[-1] > 10_000 * BIT
    assert log2_evidence([WindowCount(0, 8)] * 3000, 500_000)[-1] < -100 * BIT


def test_the_threshold_covers_all_runs_together() -> None:
    assert threshold_log2(1000, 1000) / BIT >= log2(10**6)
    assert threshold_log2(1000, 1000) / BIT == pytest.approx(log2(10**6), abs=1e-5)
    assert threshold_log2(0, 1000) == threshold_log2(1, 1000)


def test_the_first_window_that_passes_is_named() -> None:
    assert first_passed([0, 5, 9, 3, 12], 9) == 2
    assert first_passed([0, 5], 9) is None


@pytest.mark.parametrize(
    ("window", "share"), [(WindowCount(3, 2), 0), (WindowCount(0, 0), 0), (WindowCount(1, 2), 10**6)]
)
def test_what_is_no_share_is_refused(window: WindowCount, share: int) -> None:
    with pytest.raises(ValueError, match="share"):
        log2_evidence([window], share)
