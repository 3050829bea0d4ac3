import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.workloads.run_evidence import alarm_threshold_log10, run_evidence


def test_windows_at_the_reference_share_never_gain():
    found = run_evidence(np.full(500, 0.1), 0.1)
    assert found.log10_most.max() == pytest.approx(0.0, abs=1e-9)


def test_training_is_named_within_the_hour():
    found = run_evidence(np.full(12, 0.97), 0.2)
    assert found.first_alarm(6.0) is not None
    assert found.first_alarm(60.0) is None


@given(st.lists(st.floats(0, 1), max_size=40), st.floats(0, 0.99))
def test_evidence_is_finite_and_its_maximum_never_falls(shares, reference):
    found = run_evidence(np.array(shares), reference)
    assert np.isfinite(found.log10_e).all()
    assert (np.diff(found.log10_most) >= 0).all()


def test_false_alarms_stay_under_the_stated_rate_under_dependent_nulls():
    """Shares that depend on the past, with conditional mean at the reference: Ville's bound must hold."""
    rng = np.random.default_rng(11)
    alarms, runs, reference = 0, 4000, 0.2
    for _ in range(runs):
        high = rng.random(60) < reference
        repeat = rng.random(60) < 0.5
        shares = np.where(repeat, high.astype(float), rng.beta(1, 4, 60))
        alarms += run_evidence(shares, reference).first_alarm(1.0) is not None
    assert alarms / runs < 0.1


def test_a_null_that_is_broken_does_alarm():
    rng = np.random.default_rng(12)
    alarms = sum(run_evidence(rng.beta(4, 4, 200), 0.2).first_alarm(2.0) is not None for _ in range(50))
    assert alarms == 50


def test_threshold_covers_all_runs_of_a_year():
    assert alarm_threshold_log10(0.01, 10_000) == pytest.approx(6.0)
    with pytest.raises(ValueError, match="above 0"):
        alarm_threshold_log10(0.0, 10)


def test_reference_share_must_leave_room():
    with pytest.raises(ValueError, match="reference share"):
        run_evidence(np.ones(3), 1.0)
