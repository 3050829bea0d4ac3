import numpy as np
import pytest

from tallystick.trials.evaluate import reference_data
from tallystick.trials.overlay import ALL, HELD_OUT, TUNED_RUN, held_runs
from tallystick.trials.overlay_tuning import TRIED, constant, score, sites

FOLDER = reference_data() / "mlperf_power"
real = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"no reference data at {FOLDER}: set TALLYSTICK_REFERENCE_DATA"
)


@real
def test_no_run_is_shared_between_tuning_and_the_held_out_rows() -> None:
    tuned = {part.run for parts, _ in sites(FOLDER, 3, 1) for part in parts}
    assert TUNED_RUN in tuned
    assert tuned.isdisjoint(held_runs(FOLDER, HELD_OUT))
    assert held_runs(FOLDER, ALL) - held_runs(FOLDER, HELD_OUT) == {TUNED_RUN}


@real
def test_sites_of_runs_for_tuning_are_grouped_and_a_constant_matters() -> None:
    over = sites(FOLDER, 1, 4)
    assert np.unique([minutes for _, minutes in over]).tolist() == [4, 9, 10, 20]
    shipped = score(over)
    assert shipped > 0.7
    module, name, _ = next(t for t in TRIED if t[1] == "SHARED")
    with constant(module, name, 5.0):
        assert score(over) < shipped
    assert score(over) == shipped


def test_every_shipped_value_is_among_those_tried() -> None:
    for module, name, values in TRIED:
        assert getattr(module, name) in values, name
