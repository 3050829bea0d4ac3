"""Which runs are drawn and where."""

from hypothesis import given
from hypothesis import strategies as st

from tallystick.records.flop import NO_FLOP
from tallystick.records.run import Run
from tallystick.records.subject import JobRecord
from tallystick.records.workload import WorkloadClass
from tallystick.reporting.inspection.run_bars import Bar, declared_as, pack, run_bars
from tallystick.units import NS_PER_HOUR

bars = st.builds(
    lambda name, accelerators, start, length: Bar(
        str(name), accelerators, start, start + length, WorkloadClass.INFERENCE
    ),
    st.integers(0, 99),
    st.integers(1, 64),
    st.integers(0, 20),
    st.integers(1, 10),
)


@given(st.lists(bars, max_size=12))
def test_packed_bars_never_overlap_and_none_is_lost(drawn: list[Bar]) -> None:
    placed = pack(drawn)
    assert sorted(b.name for b, _ in placed) == sorted(b.name for b in drawn)
    cells = [
        (t, y)
        for b, floor in placed
        for t in range(b.start_ns, b.end_ns)
        for y in range(floor, floor + b.accelerators)
    ]
    assert len(cells) == len(set(cells))


def run(names: str, start_h: int, end_h: int, workload: WorkloadClass | None) -> Run:
    times = (start_h * NS_PER_HOUR, end_h * NS_PER_HOUR)
    return Run(f"run-{names}", tuple(names), len(names), *times, workload, (), 0, NO_FLOP, 0)


def job(names: str, start_h: int, end_h: int, workload: WorkloadClass) -> JobRecord:
    return JobRecord("job", tuple(names), start_h * NS_PER_HOUR, end_h * NS_PER_HOUR, workload)


def test_a_run_is_declared_as_what_covers_most_of_it() -> None:
    found = run("abcd", 0, 10, WorkloadClass.PRETRAINING)
    jobs = [
        job("abcd", 1, 9, WorkloadClass.INFERENCE),
        job("ab", 9, 10, WorkloadClass.PRETRAINING),
    ]
    assert declared_as(found, jobs) is WorkloadClass.INFERENCE
    assert declared_as(found, jobs[1:]) is WorkloadClass.IDLE
    assert declared_as(found, []) is WorkloadClass.IDLE


def test_only_a_training_run_declared_as_other_work_is_marked() -> None:
    jobs = [job("ab", 0, 10, WorkloadClass.INFERENCE), job("cd", 0, 10, WorkloadClass.FINE_TUNING)]
    runs = [
        run("ab", 0, 10, WorkloadClass.PRETRAINING),
        run("cd", 0, 9, WorkloadClass.PRETRAINING),
        run("b", 0, 8, WorkloadClass.INFERENCE),
        run("a", 0, 7, None),
    ]
    assert [b.contradicts for b in run_bars(runs, jobs)] == [True, False, False, False]
