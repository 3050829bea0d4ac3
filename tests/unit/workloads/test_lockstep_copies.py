import numpy as np
import pytest

from tallystick.telemetry.table import Int64
from tallystick.units import NS_PER_S
from tallystick.workloads import lockstep_copies
from tallystick.workloads.lockstep_clusters import of_members
from tallystick.workloads.lockstep_copies import copies_apart
from tallystick.workloads.lockstep_series import Levels, Series, series_of

TICKS = 600


def series(shifts: list[int], seed: int, noise: float = 1.0) -> Series:
    """One program on as many subjects as ``shifts``, each as many seconds late, with noise of its own."""
    rng = np.random.default_rng(seed)
    program = np.convolve(rng.standard_normal(TICKS + 20), np.ones(3), "valid")
    late = np.array([program[10 - s : 10 - s + TICKS] for s in shifts])
    level = 500_000 + 20_000 * (late + noise * rng.standard_normal(late.shape))
    power: Int64 = np.rint(level).astype(np.int64)
    known = np.ones(power.shape, np.bool_)
    return series_of(Levels(NS_PER_S, power, known), known)


def members(found: Series) -> list[tuple[int, ...]]:
    whole = of_members(list(range(len(found.views))), found)
    return [c.members for c in copies_apart([whole], found)]


def test_two_copies_in_one_cluster_are_sorted_into_two() -> None:
    assert members(series([0] * 20 + [2] * 20, 1)) == [tuple(range(20)), tuple(range(20, 40))]


def test_a_mixture_over_two_clusters_is_sorted_into_the_copies() -> None:
    found = series([0] * 24 + [2] * 24, 2)
    mixed = [of_members([*range(0, 18), *range(24, 32)], found)]
    mixed += [of_members([*range(18, 24), *range(32, 48)], found)]
    apart = [c.members for c in copies_apart(mixed, found)]
    assert apart == [tuple(range(24)), tuple(range(24, 48))]


def test_a_mixture_whose_parts_look_unlike_is_sorted_together() -> None:
    found = series([0] * 30 + [2] * 30, 4)
    mixed = [[*range(20), *range(30, 36)], [*range(20, 30), *range(36, 44)], [*range(44, 60)]]
    apart = [c.members for c in copies_apart([of_members(m, found) for m in mixed], found)]
    assert apart == [tuple(range(30)), tuple(range(30, 60))]


def two_sorts_of_sensors(seed: int) -> Series:
    """One run: sensors of the second sort read a second later, and each sort catches dips of its own."""
    rng = np.random.default_rng(seed)
    program, *own = (np.convolve(rng.standard_normal(TICKS + 3), np.ones(3), "valid") for _ in range(3))
    late = np.array([program[1 - sort : 1 - sort + TICKS] + 0.8 * own[sort][:TICKS] for sort in (0, 1)])
    level = late[[0] * 20 + [1] * 20] + 0.5 * rng.standard_normal((40, TICKS))
    power: Int64 = np.rint(500_000 + 20_000 * level).astype(np.int64)
    known = np.ones(power.shape, np.bool_)
    return series_of(Levels(NS_PER_S, power, known), known)


def test_heaps_that_no_shift_explains_are_sensors_and_not_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [two_sorts_of_sensors(seed) for seed in range(5)]
    assert [members(f) for f in found] == [[tuple(range(40))]] * 5
    monkeypatch.setattr(lockstep_copies, "EXPLAINED", 0.1)
    assert [members(f) for f in found] == [[tuple(range(20)), tuple(range(20, 40))]] * 5


def test_one_run_stays_one() -> None:
    whole = [members(series([0] * 40, seed, noise=3.0)) == [tuple(range(40))] for seed in range(20)]
    assert all(whole)


def test_small_clusters_are_left_alone() -> None:
    assert members(series([0] * 5 + [2] * 5, 3)) == [tuple(range(10))]
