"""The interval of a run: which bound binds, and what an adversary reaches."""

import pytest

from tallystick.accounting.chips import chip_table
from tallystick.accounting.flop_rates import calibrated_rate
from tallystick.accounting.run_flop import Channels, RunEvidence, hard_upper_flop, run_flop
from tallystick.errors import InputError

HOUR_US = 3_600_000_000
BUSY_MJ = 600_000 * 3600
TIMED = RunEvidence("h100-sxm", 1, HOUR_US)
METERED = RunEvidence("h100-sxm", 1, HOUR_US, BUSY_MJ, 70_000 * 3600)


@pytest.mark.parametrize("key", chip_table())
@pytest.mark.parametrize("accelerators", [1, 8, 1000, 10**6])
def test_every_chip_has_an_interval(key: str, accelerators: int) -> None:
    found = run_flop(RunEvidence(key, accelerators, accelerators * HOUR_US))
    assert 0 < found.flop.lower <= found.flop.estimate <= found.flop.upper
    assert 0 < found.worst_under_report_ppm < 1_000_000
    assert "MLPerf" in found.calibration


def test_time_alone_bounds_by_all_units_at_the_fastest_precision_and_clock() -> None:
    assert hard_upper_flop(TIMED) == (1_978_900_000_000_000 + 133_800_000_000_000) * 11 // 10 * 3600


def test_little_energy_binds_before_time() -> None:
    weak = RunEvidence("h100-sxm", 1, HOUR_US, 100_000 * 3600)
    assert hard_upper_flop(weak) == 100_000 * 3600 * 2 * 1_978_900_000_000_000 // 700_000
    assert hard_upper_flop(weak) < hard_upper_flop(TIMED) == hard_upper_flop(METERED)


def test_idle_tensor_units_leave_the_vector_units() -> None:
    dark = RunEvidence("h100-sxm", 1, HOUR_US, BUSY_MJ, 0, 0)
    assert hard_upper_flop(dark) == 133_800_000_000_000 * 11 // 10 * 3600


def test_channels_are_named() -> None:
    active = RunEvidence("h100-sxm", 1, HOUR_US, BUSY_MJ, 0, 400_000)
    found = [run_flop(run).channels for run in (TIMED, METERED, active)]
    assert found == [Channels.TIME, Channels.ENERGY, Channels.ACTIVITY]
    assert "not calibrated" in run_flop(active).calibration


def test_counting_integers_or_skipped_operations_only_raises_the_bound() -> None:
    run = RunEvidence("a100-sxm4-80", 8, 8 * HOUR_US)
    plain, integers = run_flop(run), run_flop(run, count_integers=True)
    assert integers.flop.upper == 4 * plain.flop.upper  # int4, and integer dot products beside it
    assert integers.flop.estimate == plain.flop.estimate
    assert integers.worst_under_report_ppm > plain.worst_under_report_ppm
    skipped = run_flop(run, count_skipped=True).flop.upper - plain.flop.upper
    assert skipped == 312 * 10**12 * 11 // 10 * 8 * 3600


def test_an_unseen_chip_falls_back_to_its_generation_then_to_all() -> None:
    assert "chip h100-sxm" in calibrated_rate("h100-sxm", 8).calibration
    assert "generation hopper" in calibrated_rate("h100-pcie", 8).calibration
    assert "all chips" in calibrated_rate("mi355x", 8).calibration


@pytest.mark.parametrize(
    "fields",
    [
        {"accelerators": 0},
        {"chip_us": -1},
        {"energy_mj": -1},
        {"tensor_active_ppm": 5},
        {"energy_mj": 1, "tensor_active_ppm": 1_000_001},
    ],
)
def test_impossible_evidence_is_refused(fields: dict[str, int]) -> None:
    with pytest.raises(InputError):
        RunEvidence(**{"chip": "h100-sxm", "accelerators": 1, "chip_us": 1, **fields})
