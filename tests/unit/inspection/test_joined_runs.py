"""Check 16: declared runs that drawn slots show in lock-step at the same time look like one run."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

import pytest

from tallystick.declarations.statement import Declaration
from tallystick.inspection.conclude import _check_runs
from tallystick.inspection.findings import one_run_declared_as_several
from tallystick.inspection.joined_runs import JoinedRuns, joined_runs
from tallystick.inspection.opened import OpenedHour
from tallystick.inspection.regroup import SeenRun
from tallystick.inspection.report import Report
from tallystick.records.entry import LedgerEntry
from tallystick.records.flop import NO_FLOP, FlopInterval
from tallystick.records.outcome import Severity
from tallystick.records.subject import Subject, SubjectKind, Trust
from tallystick.records.workload import WorkloadClass
from tallystick.units import NS_PER_HOUR, NS_PER_S, SLOT_NS

PRETRAINING, INFERENCE = WorkloadClass.PRETRAINING, WorkloadClass.INFERENCE
FLOP = FlopInterval(10**21, 2 * 10**21, 4 * 10**21)


def opened(name: str, hour: int, run: str, workload: WorkloadClass = PRETRAINING) -> OpenedHour:
    subject = Subject(
        name, SubjectKind.ACCELERATOR, "h100-sxm", (name,), "dcgm", Trust.OPERATOR, 10 * NS_PER_S, 0
    )
    entry = LedgerEntry(
        name, hour * NS_PER_HOUR, 3_600_000, (0,) * 6, 0, (workload,) * 12, run, (0,) * 8, NO_FLOP, "m", ()
    )
    return OpenedHour(0, subject, entry, ())


def seen(*groups: tuple[int, tuple[str, ...]]) -> SeenRun:
    """A run seen in these slots, by number from the start of the period."""
    placed = tuple((slot * SLOT_NS, subjects) for slot, subjects in groups)
    subjects = frozenset(s for _, names in groups for s in names)
    return SeenRun(subjects, PRETRAINING, 64, len(groups), 24, 900_000, FLOP, placed)


def hours(**runs: Sequence[str]) -> list[OpenedHour]:
    """Entries of hours 0 to 3 of the subjects of each run."""
    return [opened(s, hour, name) for name, subjects in runs.items() for s in subjects for hour in range(4)]


def test_runs_together_in_most_slots_are_joined_with_all_they_touch() -> None:
    one = seen(*((slot, ("a0", "b0", "c0")) for slot in range(5)))
    (found,) = joined_runs([one], hours(a=["a0"], b=["b0"], c=["c0"]))
    assert found == JoinedRuns(("a", "b", "c"), 15, 15, one)


def test_pieces_dealt_anew_after_a_pause_are_one_finding() -> None:
    """The run goes on, on the same accelerators; its pieces have other names and members."""
    one = seen(*((slot, ("x", "y")) for slot in (0, 1, 2, 3, 8, 9, 10, 11)))
    declared = [opened("x", 0, "a"), opened("y", 0, "b"), opened("x", 2, "d"), opened("y", 2, "c")]
    (found,) = joined_runs([one], declared)
    assert (found.names, found.together, found.slots) == (("a", "b", "c", "d"), 8, 8)


def test_neither_one_slot_nor_half_of_them_joins() -> None:
    declared = hours(a=["a0"], b=["b0"])
    assert joined_runs([seen((0, ("a0", "b0")))], declared) == ()
    apart = [seen(*((slot, (name,)) for slot in (2, 3))) for name in ("a0", "b0")]
    both = seen(*((slot, ("a0", "b0")) for slot in (0, 1)))
    assert joined_runs([both, *apart], declared) == ()
    (found,) = joined_runs([both, *(replace(run, groups=run.groups[:1]) for run in apart)], declared)
    assert (found.together, found.slots, found.run) == (2, 3, both)


def test_one_run_after_the_other_on_the_same_accelerators_is_no_join() -> None:
    """They are grouped alike, and go on at different times."""
    both = seen(*((slot, ("x", "y")) for slot in range(16)))
    first = [opened("x", hour, "a") for hour in (0, 1)]
    assert joined_runs([both], first + [opened("y", hour, "b") for hour in (2, 3)]) == ()
    (found,) = joined_runs([both], first + [opened("y", hour, "b") for hour in (1, 2)])
    assert found.slots == 4  # those of the hour in which both go on


def test_a_run_goes_on_between_its_opened_hours() -> None:
    both = seen(*((slot, ("x", "y")) for slot in (4, 5)))
    declared = [opened("x", 0, "a"), opened("x", 3, "a"), opened("y", 0, "b"), opened("y", 2, "b")]
    assert len(joined_runs([both], declared)) == 1


def test_services_and_hours_without_a_run_are_not_counted() -> None:
    both = seen(*((slot, ("x", "y")) for slot in range(8)))
    serving = [opened("x", hour, "a", INFERENCE) for hour in range(2)]
    assert joined_runs([both], serving + hours(b=["y"])) == ()
    assert joined_runs([both], [opened("x", hour, "") for hour in range(2)] + hours(b=["y"])) == ()


def test_a_stray_accelerator_does_not_join() -> None:
    """Most of a run's accelerators decide where it is."""
    runs = [seen(*((s, ("a0", "b0")) for s in range(4))), seen(*((s, ("b1", "b2")) for s in range(4)))]
    assert joined_runs(runs, hours(a=["a0"], b=["b0", "b1", "b2"])) == ()


@pytest.mark.parametrize(("count", "words"), [(2, "j0, j1 are"), (6, "j0, j1, j2, j3 and 2 more are")])
def test_the_finding_names_the_runs_is_minor_and_says_how_to_resolve(count: int, words: str) -> None:
    names = tuple(f"j{k}" for k in range(count))
    finding = one_run_declared_as_several(JoinedRuns(names, 7, 8, seen((0, names))), 5 * 10**20)
    assert (finding.code, finding.severity, finding.evidence) == ("F-16", Severity.MINOR, (11, 12, 16))
    assert finding.text.startswith(words)
    assert "7 of 8" in finding.text
    assert "count as one run against the cap" in finding.resolve


@dataclass(frozen=True)
class Declared:
    """What the check reads of a declaration."""

    largest_run_flop: FlopInterval


@pytest.mark.parametrize("upper", [5 * 10**20, 10**22])
def test_check_16_fails_once_for_runs_that_work_as_one(upper: int) -> None:
    """Whether what is joined looks larger than the largest declared or not: one finding about it."""
    one = seen(*((slot, ("a0", "b0")) for slot in range(4)))
    other = seen((9, ("z0",)))
    declaration = cast(Declaration, Declared(FlopInterval(0, 0, upper)))
    report = Report()
    _check_runs([one, other], 24, hours(a=["a0"], b=["b0"]), declaration, report)
    assert [c.ok for c in report.checks] == [False]
    assert "2 declared runs work as 1" in report.checks[0].detail
    larger = one.flop.lower > upper
    assert ["runs of their own" in f.text for f in report.findings] == ([False, True] if larger else [True])
    alone = Report()
    _check_runs([one], 24, hours(a=["a0", "b0"]), declaration, alone)
    assert alone.checks[0].ok is not larger
