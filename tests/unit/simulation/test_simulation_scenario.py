from collections import defaultdict
from itertools import pairwise

import pytest

from tallystick.accounting.chips import chip
from tallystick.accounting.hardware import hardware
from tallystick.records.subject import JobRecord
from tallystick.records.workload import WorkloadClass
from tallystick.simulation.scenario import SCENARIOS
from tallystick.simulation.source import SimulatedSource, open_simulation
from tallystick.units import NS_PER_HOUR, NS_PER_S

CAP_FLOP = 10**21
SEEDS = range(20)


DENSE_PEAK = chip("h100-sxm").fastest_op_per_s()
HARD = hardware("h100-sxm").most_flop_per_s


def most_flop(record: JobRecord, flop_per_s: int) -> int:
    """What the record's accelerators could do in its time."""
    return flop_per_s * len(record.subjects) * (record.end_ns - record.start_ns) // NS_PER_S


def of_class(records: tuple[JobRecord, ...], workload: WorkloadClass) -> list[JobRecord]:
    return [record for record in records if record.workload is workload]


def simulate(scenario: str, seed: int, **keys: int) -> SimulatedSource:
    extra = "".join(f",{key}={value}" for key, value in keys.items())
    return open_simulation(f"{scenario},seed={seed},traces=off{extra}")


@pytest.mark.parametrize(("accelerators", "flop_per_s"), [(256, HARD), (1024, DENSE_PEAK)])
def test_honest_training_cannot_pass_the_cap_whatever_it_does(accelerators: int, flop_per_s: int) -> None:
    for seed in SEEDS:
        truth = simulate("honest", seed, accelerators=accelerators).truth()
        training = [record for record in truth if record.workload.is_training]
        assert max(most_flop(record, flop_per_s) for record in training) < CAP_FLOP


def test_honest_sites_do_all_kinds_of_work_and_say_so() -> None:
    for seed in SEEDS:
        source = simulate("honest", seed)
        truth = source.truth()
        assert source.jobs() == truth
        assert of_class(truth, WorkloadClass.PRETRAINING)
        assert len(of_class(truth, WorkloadClass.FINE_TUNING)) >= 3
        serving = {name for record in of_class(truth, WorkloadClass.INFERENCE) for name in record.subjects}
        used = {name for record in truth for name in record.subjects}
        assert len(serving) > 128
        assert len(used) < 256


def test_relabel_hides_one_large_run_behind_two_inference_jobs() -> None:
    for seed in SEEDS:
        source = simulate("relabel", seed)
        declared, truth = set(source.jobs()), set(source.truth())
        (hidden,) = truth - declared
        lies = declared - truth
        assert hidden.workload is WorkloadClass.PRETRAINING
        assert len(hidden.subjects) == 96
        assert 18 * NS_PER_HOUR <= hidden.end_ns - hidden.start_ns <= 21 * NS_PER_HOUR
        assert most_flop(hidden, DENSE_PEAK) > CAP_FLOP
        assert [lie.workload for lie in lies] == [WorkloadClass.INFERENCE] * 2
        first, second = (set(lie.subjects) for lie in lies)
        assert not first & second
        assert first | second == set(hidden.subjects)
        assert len(first) == 48
        assert all((lie.start_ns, lie.end_ns) == (hidden.start_ns, hidden.end_ns) for lie in lies)


def test_relabel_takes_whole_nodes_and_deals_their_accelerators_out() -> None:
    source = simulate("relabel", 5)
    (hidden,) = set(source.truth()) - set(source.jobs())
    lie = next(iter(set(source.jobs()) - set(source.truth())))
    nodes = {name.split("-")[0] for name in hidden.subjects}
    assert len(nodes) == 12
    assert any(0 < sum(n.startswith(node) for n in lie.subjects) < 8 for node in nodes)


@pytest.mark.parametrize("scenario", sorted(SCENARIOS))
@pytest.mark.parametrize(("accelerators", "hours"), [(16, 1), (24, 5), (256, 24), (64, 72)])
def test_no_accelerator_does_two_jobs_at_once(scenario: str, accelerators: int, hours: int) -> None:
    source = simulate(scenario, 1, accelerators=accelerators, hours=hours)
    names = {subject.name for subject in source.inventory()}
    for records in (source.jobs(), source.truth()):
        spans = defaultdict(list)
        for record in records:
            assert source.spec.start_ns <= record.start_ns < record.end_ns <= source.spec.end_ns
            assert set(record.subjects) <= names
            for name in record.subjects:
                spans[name].append((record.start_ns, record.end_ns))
        for taken in spans.values():
            taken.sort()
            assert all(before[1] <= after[0] for before, after in pairwise(taken))


def test_job_ids_are_pseudonyms_in_order_of_start() -> None:
    jobs = simulate("relabel", 3).jobs()
    assert [job.job for job in jobs] == [f"job-{i:02d}" for i in range(1, len(jobs) + 1)]
    assert [job.start_ns for job in jobs] == sorted(job.start_ns for job in jobs)


def test_the_seed_draws_the_layout() -> None:
    plans = [simulate("relabel", seed).truth() for seed in (1, 2, 1)]
    assert plans[0] == plans[2]
    assert plans[0] != plans[1]
