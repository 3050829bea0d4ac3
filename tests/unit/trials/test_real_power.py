import pytest

from tallystick.telemetry.mlperf import open_mlperf
from tallystick.trials.evaluate import find_runs, reference_data
from tallystick.workloads.agreement import run_agreement
from tallystick.workloads.classifier import Classifier

FOLDER = reference_data() / "mlperf_power"


@pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"no reference data at {FOLDER}: set TALLYSTICK_REFERENCE_DATA"
)
def test_runs_of_the_mlperf_site_are_found_on_node_power_alone() -> None:
    source = open_mlperf(FOLDER)
    runs = find_runs(source, Classifier.load())
    assert run_agreement(runs, source.truth()) >= 0.9
    large = [r for r in runs if len(r.subjects) == 64 and r.end_ns - r.start_ns > 3000 * 10**9]
    assert len(large) == 3
