"""The cheats at the level of a site against the checks: rules by hand, the rest on small sites."""

from dataclasses import replace

import numpy as np
import pytest

from tallystick.accounting.flop import training_flop
from tallystick.accounting.hardware import hardware
from tallystick.records.subject import JobRecord, Subject, SubjectKind, Trust
from tallystick.records.workload import CLASSES, WorkloadClass
from tallystick.trials.site_cheat_trial import HONEST, SiteOutcome, outcome, site_cheat_costs, site_cheat_rows
from tallystick.trials.site_cheats import SITE_CHEATS, SiteSize, hidden_runs
from tallystick.trials.site_checks import (
    BALANCE,
    CONTRADICTED,
    JOINED,
    LARGER,
    REPEATED,
    SiteView,
    alarms,
    balance_fails,
    contradicted,
    joins_jobs,
    larger_run,
    whole_runs_found,
    windows_found,
)
from tallystick.units import NS_PER_HOUR, PPM, WINDOW_NS, WINDOWS_PER_HOUR
from tallystick.workloads.runs import FoundRun

SIZE = SiteSize(128, 4)
HOURS = 8
NAMES = tuple(f"a{k}" for k in range(8))
ENERGY_MJ = 5 * 60 * 600_000  # of an accelerator at 600 W in a window
TRAINS, SERVES = CLASSES.index(WorkloadClass.PRETRAINING), CLASSES.index(WorkloadClass.INFERENCE)


def job(
    name: str, subjects: tuple[str, ...], first_h: int, last_h: int, workload: WorkloadClass
) -> JobRecord:
    return JobRecord(name, subjects, first_h * NS_PER_HOUR, last_h * NS_PER_HOUR, workload)


def run(subjects: tuple[str, ...], first_h: int, last_h: int) -> FoundRun:
    windows = len(subjects) * (last_h - first_h) * WINDOWS_PER_HOUR
    span = (first_h * NS_PER_HOUR, last_h * NS_PER_HOUR)
    energy, observed = windows * ENERGY_MJ, windows * WINDOW_NS // 1000
    return FoundRun("run", subjects, *span, 900_000, WorkloadClass.PRETRAINING, energy, observed, ())


def view(jobs: tuple[JobRecord, ...], runs: tuple[FoundRun, ...] = (), verdict: int = SERVES) -> SiteView:
    """Eight accelerators and their node, HOURS long, each window judged ``verdict``; the meter agrees."""
    chips = [
        Subject(name, SubjectKind.ACCELERATOR, "h100-sxm", (name,), "s", Trust.OPERATOR, 10**10, 0)
        for name in NAMES
    ]
    node = Subject("n", SubjectKind.NODE, "hgx-h100-8", NAMES, "s", Trust.OPERATOR, 10**10, 0)
    shape = (9, HOURS * WINDOWS_PER_HOUR)
    energy = np.full(shape, ENERGY_MJ, np.int64)
    return SiteView(
        subjects=(*chips, node),
        jobs=jobs,
        start_ns=0,
        verdicts=np.full(shape, verdict, np.int64),
        observed_us=np.full(shape, WINDOW_NS // 1000, np.int64),
        energy_mj=energy,
        metered_mj=int(energy[8].sum()),
        runs=runs,
        repeats=False,
    )


def test_the_balance_bears_five_percent_and_no_more() -> None:
    plain = view(())
    assert not balance_fails(plain)
    assert not balance_fails(replace(plain, metered_mj=plain.metered_mj * 1_052_000 // PPM))
    assert balance_fails(replace(plain, metered_mj=plain.metered_mj * 1_053_000 // PPM))
    assert balance_fails(replace(plain, metered_mj=plain.metered_mj * 952_000 // PPM))


def test_training_that_no_job_covers_contradicts_and_declared_training_does_not() -> None:
    declared = job("j", NAMES, 0, HOURS, WorkloadClass.PRETRAINING)
    assert contradicted(view((), verdict=TRAINS))
    assert contradicted(view((replace(declared, workload=WorkloadClass.INFERENCE),), verdict=TRAINS))
    assert not contradicted(view((declared,), verdict=TRAINS))
    assert not contradicted(view((), verdict=SERVES))


def test_two_windows_of_an_hour_are_the_edges_of_jobs() -> None:
    few = view(())
    few.verdicts[:, ::6] = TRAINS
    assert not contradicted(few)
    few.verdicts[:, ::4] = TRAINS
    assert contradicted(few)


def test_a_run_is_larger_only_where_even_its_lower_bound_is_above() -> None:
    flop = training_flop(hardware("h100-sxm"), WINDOW_NS // 1000, ENERGY_MJ)
    ratio = flop.upper / flop.lower
    alone = job("j", NAMES[:1], 0, 1, WorkloadClass.PRETRAINING)
    most = int(ratio)  # accelerator-hours at which the lower bound is still below one hour's upper bound
    assert 2 <= most < 8
    assert not larger_run(view((alone,), (run(NAMES[:most], 0, 1),)))
    assert larger_run(view((alone,), (run(NAMES[: most + 1], 0, 1),)))
    assert larger_run(view((), (run(NAMES[:1], 0, 1),)))


def test_a_run_joins_jobs_where_it_has_most_of_two() -> None:
    halves = tuple(job(f"j{k}", NAMES[4 * k : 4 * k + 4], 0, 4, WorkloadClass.PRETRAINING) for k in range(2))
    assert joins_jobs(view(halves, (run(NAMES, 0, 4),)))
    assert not joins_jobs(view(halves, (run(NAMES[:6], 0, 4),)))
    assert not joins_jobs(view(halves, (run(NAMES, 0, 2),)))


def test_jobs_one_after_the_other_are_not_joined() -> None:
    """On the same accelerators, and a run found that has all of both, gone on from one to the next."""
    first, second = (job(f"j{k}", NAMES, 4 * k, 4 * k + 4, WorkloadClass.PRETRAINING) for k in range(2))
    assert not joins_jobs(view((first, second), (run(NAMES, 0, 8),)))


def test_what_is_found_of_a_hidden_run_is_counted_by_hand() -> None:
    hidden = (job("hidden-01", NAMES[:4], 1, 3, WorkloadClass.PRETRAINING),)
    seen = view((), (run(NAMES[:4], 1, 3),))
    seen.verdicts[:2, WINDOWS_PER_HOUR : 2 * WINDOWS_PER_HOUR] = TRAINS
    assert windows_found(seen, hidden) == (2 * WINDOWS_PER_HOUR, 8 * WINDOWS_PER_HOUR)
    assert whole_runs_found(seen, hidden) == 1
    assert whole_runs_found(replace(seen, runs=(run(NAMES[:3], 1, 3),)), hidden) == 0
    unlisted = (replace(hidden[0], subjects=("gone-0", "gone-1")),)
    assert windows_found(seen, unlisted) == (0, 4 * WINDOWS_PER_HOUR)


@pytest.mark.parametrize(
    ("family", "caught", "missed"),
    [
        (HONEST, set(), {BALANCE, CONTRADICTED, REPEATED, JOINED}),
        ("hide_idle", {CONTRADICTED}, {BALANCE, REPEATED}),
        ("hide_unlisted", {BALANCE}, {CONTRADICTED, REPEATED}),
        ("replay_copy", {BALANCE, REPEATED}, {CONTRADICTED}),
        ("replay_past", {BALANCE}, {REPEATED}),
        ("split", {JOINED}, {BALANCE, CONTRADICTED, REPEATED}),
    ],
)
def test_each_cheat_is_caught_by_what_can_see_it(family: str, caught: set[str], missed: set[str]) -> None:
    found = outcome((family, 91_002, SIZE))
    fired = {check for check, alarm in found.alarm.items() if alarm}
    assert caught <= fired
    assert fired.isdisjoint(missed)


@pytest.mark.parametrize("cheat", SITE_CHEATS, ids=lambda cheat: cheat.family)
def test_every_cheat_has_a_run_to_find_and_a_price(cheat: object) -> None:
    (found,) = [c for c in SITE_CHEATS if c is cheat]
    assert all(h.workload is WorkloadClass.PRETRAINING for h in hidden_runs(found.opened(91_003, SIZE)))
    assert len(hidden_runs(found.opened(91_003, SIZE))) >= 1
    cost = site_cheat_costs()[found.family]
    assert cost.basis == "modelled"
    assert cost.throughput_ppm == PPM or found.family == "split"
    assert 0 < cost.throughput_ppm <= PPM <= cost.time_ppm


def test_rows_count_sites_and_honest_sites_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def fixed(task: tuple[str, int, SiteSize]) -> SiteOutcome:
        asked.append(task[1])
        quiet = dict.fromkeys((BALANCE, CONTRADICTED, LARGER, REPEATED), False)
        noisy = {**quiet, BALANCE: task[0] == "split", LARGER: task[0] == HONEST and task[1] % 2 == 0}
        return SiteOutcome({**noisy, JOINED: task[0] == "hide_unlisted"}, (1, 4), (0, 1))

    monkeypatch.setattr("tallystick.trials.site_cheat_trial.outcome", fixed)
    monkeypatch.setattr("tallystick.trials.held_out.WORKERS", 1)
    rows = {row.family: row for row in site_cheat_rows(5_000, 4, SIZE, lambda count: None)}
    assert len(set(asked)) == len(asked) == 4 * (len(SITE_CHEATS) + 1)
    assert (rows["split"].detection, rows["hide_idle"].detection) == (1.0, 0.0)
    assert rows["split"].low == pytest.approx(0.025**0.25)
    assert rows["hide_idle"].high == pytest.approx(1 - 0.025**0.25)
    assert rows["split"].false_alarms == 0.5
    assert rows["split"].false_by_check[LARGER] == 0.5
    assert (rows["hide_unlisted"].detection, rows["hide_unlisted"].by_check[JOINED]) == (1.0, 1.0)
    assert set(rows["split"].by_check) == {BALANCE, CONTRADICTED, LARGER, REPEATED, JOINED}
    assert rows["split"].windows_found == 0.25


def test_alarms_name_every_check() -> None:
    assert set(alarms(view(()))) == {BALANCE, CONTRADICTED, LARGER, REPEATED, JOINED}
