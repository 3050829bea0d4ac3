import pytest

from tallystick.trials.evaluate import reference_data
from tallystick.trials.overlay_copies import told_apart

FOLDER = reference_data() / "mlperf_power"
real = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"no reference data at {FOLDER}: set TALLYSTICK_REFERENCE_DATA"
)


@real
def test_two_real_runs_of_one_program_two_seconds_apart_are_told_apart() -> None:
    assert told_apart(FOLDER, "ac", 2.0, draws=3, seed=1) == (3, 3)
