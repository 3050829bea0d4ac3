"""The cheats at the level of a site: split, hide, replay."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest

from tallystick.errors import InputError
from tallystick.records.subject import SubjectKind
from tallystick.records.workload import WorkloadClass
from tallystick.simulation.evasions.hide import UnlistedSource, plan_hide, undeclared
from tallystick.simulation.evasions.replay import ReplayedSource, whole_nodes
from tallystick.simulation.evasions.split import (
    SplitParameters,
    accelerator_hours,
    plan_split,
    plan_split_sites,
)
from tallystick.simulation.layout import SiteLayout
from tallystick.simulation.scenario import SCENARIOS, SitePlan
from tallystick.simulation.source import SimulatedSource, open_simulation
from tallystick.simulation.spec import SimulationSpec, parse_spec
from tallystick.telemetry.check import check_quality, check_readings, check_slot_order, kind_codes
from tallystick.telemetry.place import Place
from tallystick.telemetry.table import SampleTable
from tallystick.units import NS_PER_S, SLOT_NS

#: 1e21 FLOP at 1978.9e12 FLOP/s of an accelerator, in accelerator-hours.
CAP_ACCELERATOR_HOURS = 1e21 / 1978.9e12 / 3600


def spec(accelerators: int = 256, hours: int = 24, seed: int = 7) -> SimulationSpec:
    text = f"honest,seed={seed},accelerators={accelerators},hours={hours},interval=10,traces=off"
    return parse_spec(text, tuple(SCENARIOS))


def fits(plan: SitePlan, site: SimulationSpec) -> None:
    """Jobs stay within the period and never share a node at one time; records name real accelerators."""
    names = {a for n in range(site.nodes) for a in SiteLayout(site.nodes).accelerator_names(n)}
    busy: dict[int, list[tuple[int, int]]] = {}
    for job in plan.jobs:
        assert site.start_ns <= job.start_ns < job.end_ns <= site.end_ns
        for node in job.nodes:
            busy.setdefault(node, []).append((job.start_ns, job.end_ns))
    for spans in busy.values():
        ordered = sorted(spans)
        assert all(a[1] <= b[0] for a, b in pairwise(ordered))
    for record in (*plan.declared, *plan.truth):
        assert set(record.subjects) <= names
    assert max(Counter(r.job for r in plan.declared).values()) == 1


@pytest.mark.parametrize("seed", range(4))
def test_split_declares_one_large_run_as_many_below_the_cap(seed: int) -> None:
    site = spec(seed=seed)
    plan = plan_split(np.random.default_rng(seed), site)
    fits(plan, site)
    run = [r for r in plan.truth if r.job.startswith("hidden")]
    assert sum(accelerator_hours(r) for r in run) > 5 * CAP_ACCELERATOR_HOURS
    assert len({r.subjects for r in run}) == 1
    pieces = [r for r in plan.declared if r not in plan.truth]
    assert max(accelerator_hours(r) for r in pieces) < CAP_ACCELERATOR_HOURS
    assert {r.workload for r in pieces} == {WorkloadClass.PRETRAINING}
    hours = sum(accelerator_hours(r) for r in pieces)
    assert hours == pytest.approx(sum(accelerator_hours(r) for r in run))


def test_split_pauses_between_stretches_as_long_as_it_is_told() -> None:
    plan = plan_split(np.random.default_rng(0), spec(), SplitParameters(longest_h=3.0, pause_s=900))
    run = sorted((r for r in plan.truth if r.job.startswith("hidden")), key=lambda r: r.start_ns)
    assert len(run) >= 6
    gaps = {b.start_ns - a.end_ns for a, b in pairwise(run)}
    assert gaps == {900 * NS_PER_S}


def test_split_over_sites_runs_at_the_same_time_on_both() -> None:
    sites = [spec(accelerators=128), spec(accelerators=256, hours=26)]
    plans = plan_split_sites(np.random.default_rng(1), sites)
    for plan, site in zip(plans, sites, strict=True):
        fits(plan, site)
    times = [{(r.start_ns, r.end_ns) for r in plan.truth if r.job.startswith("hidden")} for plan in plans]
    assert times[0] == times[1]


@pytest.mark.parametrize("seed", range(4))
def test_hide_declares_nothing_where_the_run_is(seed: int) -> None:
    site = spec(seed=seed)
    plan = plan_hide(np.random.default_rng(seed), site)
    fits(plan, site)
    (hidden,) = (r for r in plan.truth if r.job == "hidden-01")
    assert undeclared(plan) == set(hidden.subjects)
    assert not any(set(r.subjects) & set(hidden.subjects) for r in plan.declared)
    assert set(plan.declared) == set(plan.truth) - {hidden}


def test_the_scenarios_that_exist_are_untouched() -> None:
    assert {"honest", "relabel"} <= set(SCENARIOS)
    plan = SCENARIOS["honest"].plan(np.random.default_rng(0), spec(64, 2))
    again = SCENARIOS["honest"].plan(np.random.default_rng(0), spec(64, 2))
    assert plan == again


def small(scenario: str = "relabel") -> SimulatedSource:
    return open_simulation(f"{scenario},seed=3,accelerators=48,hours=2,interval=30,traces=off")


def rows(table: SampleTable, name: str) -> slice:
    index = [s.name for s in table.subjects].index(name)
    bounds = table.bounds()
    return slice(int(bounds[index]), int(bounds[index + 1]))


def checked(tables: Iterator[SampleTable]) -> list[SampleTable]:
    kept = list(tables)
    for table in kept:
        place = Place("replayed")
        order = np.lexsort((table.time_ns, table.subject))
        assert (order == np.arange(len(table))).all()
        assert len(set(zip(table.subject.tolist(), table.time_ns.tolist(), strict=True))) == len(table)
        check_slot_order(np.sort(table.time_ns), 0, place)
        check_quality(table.quality, place)
        kinds = kind_codes(table.subjects)[table.subject]
        for name, values in table.channels.items():
            check_readings(name, values, kinds, place)
    return kept


def test_an_unlisted_accelerator_is_gone_but_the_meter_still_feels_it() -> None:
    source = small()
    layout = SiteLayout(source.spec.nodes)
    gone = frozenset(layout.accelerator_names(0)) | {layout.accelerator_names(1)[0]}
    shown = UnlistedSource(source, gone)
    names = {s.name for s in shown.inventory()}
    assert names == {s.name for s in source.inventory()} - gone - {layout.node_name(0)}
    assert not any(set(s.covers) & gone for s in shown.inventory())
    for honest, table in zip(source.slots(), checked(shown.slots()), strict=True):
        assert table.subjects == shown.inventory()
        meter = next(s.name for s in table.subjects if s.kind is SubjectKind.METER)
        drawn = honest.channels["METER_POWER_USAGE"][rows(honest, meter)]
        assert (table.channels["METER_POWER_USAGE"][rows(table, meter)] == drawn).all()
        assert len(table) < len(honest)


@pytest.mark.parametrize("lag", [0, 2])
def test_replayed_nodes_show_what_the_donor_showed(lag: int) -> None:
    source = small()
    donors = whole_nodes(source.inventory(), {"n000": "n005"})
    assert len(donors) == 9
    honest, shown = list(source.slots()), checked(ReplayedSource(source, donors, lag_slots=lag).slots())
    for k, (was, now) in enumerate(zip(honest, shown, strict=True)):
        channel = "DCGM_FI_DEV_POWER_USAGE"
        told = now.channels[channel][rows(now, "n000-a3")]
        shown_of, name = (honest[k - lag], "n005-a3") if k >= lag else (was, "n000-a3")
        assert (told == shown_of.channels[channel][rows(shown_of, name)]).all()
        assert (now.time_ns[rows(now, "n000-a3")] // SLOT_NS == now.time_ns[0] // SLOT_NS).all()
        untouched = rows(was, "n003-a1")
        assert (was.channels[channel][untouched] == now.channels[channel][rows(now, "n003-a1")]).all()


def test_replayed_counters_go_on_and_noise_hides_the_repetition() -> None:
    source = small()
    donors = whole_nodes(source.inventory(), {"n000": "n000"})
    shown = checked(ReplayedSource(source, donors, lag_slots=3, noise_ppm=20_000).slots())
    name = "DCGM_FI_DEV_NVLINK_COUNT_TX_BYTES"
    sent = np.concatenate([t.channels[name][rows(t, "n000-a0")] for t in shown[2:]])
    assert (np.diff(sent) >= 0).all()
    power = [t.channels["DCGM_FI_DEV_POWER_USAGE"][rows(t, "n000-a0")] for t in shown]
    honest = next(iter(source.slots())).channels["DCGM_FI_DEV_POWER_USAGE"]
    first = honest[rows(shown[0], "n000-a0")]
    assert 0 < np.abs(power[3] / first - 1).max() < 0.021


def test_a_replay_that_cannot_be_is_refused() -> None:
    source = small()
    meter = next(s.name for s in source.inventory() if s.kind is SubjectKind.METER)
    with pytest.raises(InputError, match="Mend: replay accelerators"):
        ReplayedSource(source, {meter: meter}, lag_slots=1)
    with pytest.raises(InputError, match="at least one slot"):
        ReplayedSource(source, {"n000": "n000"})
