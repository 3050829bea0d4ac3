"""Check 18: evidence on declared runs from opened entries, recomputed verdicts in hand."""

import pytest

from tallystick.accounting.run_reference import RunReference, run_reference
from tallystick.inspection.conclude import _check_evidence
from tallystick.inspection.opened import OpenedHour
from tallystick.inspection.report import Report
from tallystick.inspection.run_check import declared_runs
from tallystick.records.entry import LedgerEntry
from tallystick.records.flop import NO_FLOP
from tallystick.records.outcome import Severity
from tallystick.records.subject import Subject, SubjectKind, Trust
from tallystick.records.workload import ABSTAINED, CLASSES, NOT_OBSERVED, WorkloadClass
from tallystick.units import NS_PER_HOUR, NS_PER_S
from tallystick.workloads.shipped_model import ShippedModel

TRAINING, SERVING = CLASSES.index(WorkloadClass.PRETRAINING), CLASSES.index(WorkloadClass.INFERENCE)
INFERENCE = (WorkloadClass.INFERENCE,) * 12
REFERENCE = RunReference("model", {"accelerator": 400_000}, ("serving",), ("evaluation",), "hash")


def opened(
    name: str,
    hour: int,
    verdicts: list[int],
    declared: tuple[WorkloadClass | None, ...] = INFERENCE,
    run: str = "job-7",
    kind: SubjectKind = SubjectKind.ACCELERATOR,
) -> OpenedHour:
    hardware = "h100-sxm" if kind is SubjectKind.ACCELERATOR else "hgx-h100-8"
    subject = Subject(name, kind, hardware, (name,), "dcgm", Trust.OPERATOR, 10 * NS_PER_S, 0)
    entry = LedgerEntry(
        name, hour * NS_PER_HOUR, 3_600_000, (0,) * 6, 0, declared, run, (0,) * 8, NO_FLOP, "model", ()
    )
    return OpenedHour(0, subject, entry, (), verdicts)


def test_hours_of_one_run_add_up_over_time() -> None:
    hours = [opened(f"a{i}", hour, [TRAINING] * 12) for hour in range(4) for i in range(3)]
    (run,) = declared_runs(hours, REFERENCE)
    assert run.named
    assert (run.entries, run.workloads) == (12, ("inference",))
    assert run.evidence is not None
    assert run.evidence.windows == 48
    assert run.evidence.passed_ns is not None
    assert run.evidence.delay_ns == run.evidence.passed_ns - run.evidence.start_ns < 2 * NS_PER_HOUR


def test_order_of_opening_does_not_matter() -> None:
    hours = [opened(f"a{hour}", hour, [TRAINING] * (hour + 1) + [SERVING] * (11 - hour)) for hour in range(6)]
    assert declared_runs(hours, REFERENCE) == declared_runs(hours[::-1], REFERENCE)


@pytest.mark.parametrize("verdict", [SERVING, ABSTAINED])
def test_permitted_work_and_doubt_are_no_evidence(verdict: int) -> None:
    (run,) = declared_runs([opened("a0", hour, [verdict] * 12) for hour in range(5)], REFERENCE)
    assert not run.named
    assert run.evidence is not None
    assert run.evidence.log2_most < 0


def test_declared_training_unstated_work_and_idle_hours_are_not_bet_on() -> None:
    training, unstated = (WorkloadClass.PRETRAINING,) * 12, (None,) * 12
    hours = [
        opened("a0", 0, [TRAINING] * 12, training),
        opened("a1", 0, [TRAINING] * 12, unstated),
        opened("a2", 0, [TRAINING] * 12, (WorkloadClass.IDLE,) * 12, run=""),
    ]
    assert declared_runs(hours, REFERENCE) == ()


def test_windows_nobody_saw_are_left_out() -> None:
    (run,) = declared_runs([opened("a0", 0, [TRAINING] * 6 + [NOT_OBSERVED] * 6)], REFERENCE)
    assert run.evidence is not None
    assert run.evidence.windows == 6


def test_more_runs_raise_the_threshold() -> None:
    one = declared_runs([opened("a0", 0, [SERVING] * 12)], REFERENCE)
    many = declared_runs([opened("a0", 0, [SERVING] * 12, run=f"job-{i}") for i in range(8)], REFERENCE)
    assert one[0].evidence is not None
    assert many[0].evidence is not None
    assert many[0].evidence.threshold - one[0].evidence.threshold == 3 << 20


def test_a_named_run_is_a_minor_finding_with_its_rate() -> None:
    report = Report()
    hours = [opened("a0", hour, [TRAINING] * 12) for hour in range(4)]
    runs = _check_evidence(hours, "model", REFERENCE, report)
    assert [run.name for run in runs] == ["job-7"]
    (check,), (finding,) = report.checks, report.findings
    assert (check.number, check.ok, finding.code, finding.severity) == (18, False, "F-18", Severity.MINOR)
    assert "job-7" in finding.text
    assert "1 of 1,000 periods" in finding.text
    assert "for other kinds nothing is promised" in finding.text


def test_without_a_reference_the_check_reads_not_run() -> None:
    report = Report()
    _check_evidence([opened("n0", 0, [SERVING] * 12, kind=SubjectKind.NODE)], "model", REFERENCE, report)
    _check_evidence([opened("a0", 0, [SERVING] * 12)], "other model", REFERENCE, report)
    _check_evidence([], "model", REFERENCE, report)
    assert [check.ok for check in report.checks] == [None] * 3
    assert [check.detail.split()[1] for check in report.checks] == ["run", "run:", "checked:"]
    assert not report.findings


def test_the_shipped_reference_belongs_to_the_shipped_model() -> None:
    """Fit it again after a change of the model: python -m tallystick.trials.run_reference --write."""
    reference = run_reference()
    assert reference.model == ShippedModel().model
    assert set(reference.inside).isdisjoint(reference.outside)
    assert reference.null_share_ppm["accelerator"] < 1_000_000
