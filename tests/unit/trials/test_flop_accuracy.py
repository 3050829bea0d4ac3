"""FLOP accuracy on runs with known FLOP, and the parts that need no data."""

import json
import os
from dataclasses import asdict
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from tallystick.accounting.run_flop import RunEvidence, hard_upper_flop
from tallystick.trials.flop_accuracy import FlopRow, flop_rows, main, table
from tallystick.trials.flop_energy import energy_runs
from tallystick.trials.flop_rate_model import Units, fitted, interval, residuals, weighted_medians
from tallystick.trials.flop_rate_table import rate_table
from tallystick.trials.flop_runs import FILE, NOTICE, KnownRuns, known_runs

DATA = Path(os.environ.get("TALLYSTICK_REFERENCE_DATA", Path(__file__).parents[4] / "shared" / "data"))
needs_data = pytest.mark.skipif(
    not (DATA / FILE).is_file(), reason="needs mlperf_training_runs of the reference data"
)


@cache
def _runs() -> KnownRuns:
    return known_runs(DATA)


@cache
def _rows() -> list[FlopRow]:
    return flop_rows(DATA)


def _row(method: str, held_out: str) -> FlopRow:
    return next(row for row in _rows() if (row.method, row.held_out) == (method, held_out))


@needs_data
def test_the_hard_bound_is_never_below_a_known_run() -> None:
    runs = _runs()
    assert len(runs) == 881
    for key, count, seconds, flop in zip(runs.chip, runs.accelerators, runs.seconds, runs.flop, strict=True):
        evidence = RunEvidence(str(key), int(count), int(count * seconds * 1e6))
        assert hard_upper_flop(evidence) >= flop


@needs_data
def test_the_hard_bound_with_energy_is_never_below_a_metered_run() -> None:
    runs = energy_runs(DATA, _runs())
    assert len(runs.flop) == 33
    for joules, flop in zip(runs.dynamic_j, runs.flop, strict=True):
        assert hard_upper_flop(RunEvidence("h100-sxm", 8, 10**18, int(joules * 1000))) >= flop


@needs_data
def test_size_and_kin_beat_the_median_of_the_chip_on_unseen_systems() -> None:
    naive, ours = _row("median of the chip", "system"), _row("chip, size and kin", "system")
    assert naive.within_30pct == pytest.approx(0.806, abs=0.01)
    assert ours.within_30pct > 0.86 > naive.within_30pct
    assert ours.median_error < naive.median_error
    assert (ours.runs, ours.systems) == (881, 110)


@needs_data
@pytest.mark.parametrize("held_out", ["system", "submitter", "chip", "generation"])
def test_intervals_cover_what_they_say(held_out: str) -> None:
    row = _row("chip, size and kin", held_out)
    assert 0.93 <= row.coverage_by_system <= 1


@needs_data
def test_other_programs_are_the_hard_case_and_shown() -> None:
    row = _row("chip, size and kin", "benchmark")
    assert row.within_30pct < 0.5
    assert "without a bounded interval" in row.note
    assert "row benchmark" in table(_rows())


@needs_data
def test_the_baseline_is_easier_where_other_runs_of_the_system_are_seen() -> None:
    run, system = _row("median of the chip", "run"), _row("median of the chip", "system")
    assert run.within_30pct == pytest.approx(0.833, abs=0.01)
    assert run.within_30pct > system.within_30pct


@needs_data
def test_the_shipped_rates_are_those_of_the_data() -> None:
    import tallystick.accounting

    shipped = Path(tallystick.accounting.__file__).with_name("flop_rates.json")
    assert json.loads(shipped.read_text("utf-8")) == rate_table(_runs(), energy_runs(DATA, _runs()))


@needs_data
def test_the_table_carries_the_notice_and_goes_to_json() -> None:
    assert NOTICE in table(_rows())
    assert json.loads(json.dumps([asdict(row) for row in _rows()]))[0]["source"] == "real"


def test_without_data_there_is_only_what_is_missing(tmp_path: Path) -> None:
    rows = flop_rows(tmp_path)
    assert [row.within_30pct for row in rows] == [None]
    assert "not measured" in rows[0].note
    said: list[str] = []
    main(["--data", str(tmp_path)], said.append)
    assert "not measured" in said[0]


def test_weighted_medians_take_the_heavy_side() -> None:
    weight = np.array([[1.0, 1.0, 1.0], [5.0, 1.0, 1.0], [0.0, 1.0, 3.0]])
    assert weighted_medians(np.array([30.0, 10.0, 20.0]), weight).tolist() == [20.0, 30.0, 20.0]


def _units(count: int) -> Units:
    rng = np.random.default_rng(7)
    doublings = rng.integers(3, 10, count).astype(np.float64)
    names = np.array([f"s{i}" for i in range(count)])
    same = np.full(count, "a")
    return Units(names, same, same, doublings, -0.2 * doublings + rng.normal(0, 0.02, count))


def test_the_fit_learns_that_size_matters() -> None:
    model = fitted(_units(60))
    asked = np.array([3.0, 9.0])
    found = model.log_share(np.full(2, "a"), np.full(2, "a"), asked)
    assert found == pytest.approx(-0.2 * asked, abs=0.1)


def test_what_is_left_out_has_no_say() -> None:
    units = _units(20)
    units.log_share[4] = 9.0
    assert residuals(units, 1.0, 0.1, [units.system])[4] == pytest.approx(
        9.0 + 0.2 * units.doublings[4], abs=0.5
    )


def test_an_interval_needs_enough_groups_and_weighs_them_alike() -> None:
    errors = np.linspace(-1, 1, 39)
    assert np.isinf(interval(errors[:38], np.arange(38).astype(str), 0.95)).all()
    assert interval(errors, np.arange(39).astype(str), 0.95) == (-1.0, 1.0)
    crowd = np.concatenate([errors, np.full(1000, 5.0)])
    groups = np.array([str(min(i, 39)) for i in range(1039)])
    assert interval(crowd, groups, 0.5)[1] < 1
