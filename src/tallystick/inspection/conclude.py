"""Checks 10 to 16, findings, facts and the conclusion of one inspection of one site and period."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tallystick.declarations.statement import Declaration
from tallystick.inspection.challenge import Challenge
from tallystick.inspection.draw import Draw, counted_rows
from tallystick.inspection.judgement import Judgement, judge
from tallystick.inspection.opened import (
    OpenedHour,
    OpenedSlot,
    check_amounts,
    check_drawn,
    check_verdicts,
    draw_again,
    open_all,
    recompute_verdicts,
)
from tallystick.inspection.opening import Opening
from tallystick.inspection.recomputation import Recomputation
from tallystick.inspection.regroup import SeenRun, regroup
from tallystick.inspection.report import CONCLUDE_CHECKS, VERIFY_CHECKS, Report
from tallystick.inspection.verify import Verified
from tallystick.records.flop import NO_FLOP
from tallystick.records.outcome import Conclusion, Fact, Finding, Severity
from tallystick.units import NS_PER_HOUR, flop_text

NEEDS_SITE = "not checked: needs the workload code, pip install 'tallystick[site]'"
#: Checks whose failure means that the account itself is false.
GRAVE = frozenset({1, 2, 3, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16})


@dataclass(frozen=True)
class Inspection:
    """The whole outcome. ``judgement`` and ``runs`` are None and empty where they could not be made."""

    report: Report
    declaration: Declaration | None
    judgement: Judgement | None
    runs: tuple[SeenRun, ...]
    entries_in_period: int


def conclude(
    verified: Verified,
    challenge: Challenge,
    opening: Opening,
    recomputation: Recomputation | None,
    progress: Callable[[int], None] = lambda _: None,
) -> Inspection:
    """Judge the answer to a challenge. Never raises for bad evidence: each check says what failed.

    ``progress`` is told of sample blocks whose verdicts were recomputed.
    """
    report, declaration, bundle = verified.report, verified.declaration, verified.bundle
    if declaration is None or not all(report.passed(number) for number in (2, 5, 6, 7)):
        report.skip(CONCLUDE_CHECKS, "not checked: the bundle does not verify")
        return _finish(report, declaration, None, (), 0)
    hours_in_period = (declaration.period.end_ns - declaration.period.start_ns) // NS_PER_HOUR
    population = hours_in_period * len(counted_rows(bundle))
    opened = _open(verified, declaration, challenge, opening)
    if opened is None:
        return _finish(report, declaration, None, (), population)
    hours, slots = opened
    if recomputation is not None:
        hours = recompute_verdicts(hours, recomputation, progress)
    report.run(13, lambda: check_amounts(hours, bundle))
    if recomputation is None:
        for number in (14, 15, 16):
            report.add(number, None, NEEDS_SITE)
        return _finish(report, declaration, None, (), population)
    report.run(14, lambda: check_verdicts(hours, recomputation.model))
    unobserved_ms = declaration.inventory_ms - declaration.observed_ms
    judgement = judge(hours, bundle, population, unobserved_ms, challenge)
    _check_declared_work(judgement, report)
    runs = tuple(regroup(slots, bundle, declaration, recomputation))
    _check_runs(runs, sum(bool(s.subjects) for s in slots), hours, declaration, report)
    return _finish(report, declaration, judgement, runs, population)


def _open(
    verified: Verified, declaration: Declaration, challenge: Challenge, opening: Opening
) -> tuple[list[OpenedHour], list[OpenedSlot]] | None:
    report, bundle = verified.report, verified.bundle
    drawn: list[Draw] = []
    opened: list[tuple[list[OpenedHour], list[OpenedSlot]]] = []

    def belongs() -> str:
        drawn.append(draw_again(bundle, declaration, challenge, opening))
        return "drawn from both sides' randomness, fixed before either saw the other's"

    def opens() -> str:
        opened.append(open_all(bundle, drawn[0], opening))
        return f"{len(opening.entries)} entries and {sum(map(len, opening.slots))} further blocks"

    holds = (
        report.run(10, belongs)
        and report.run(11, lambda: check_drawn(bundle, drawn[0], opening))
        and report.run(12, opens)
    )
    if not holds:
        report.skip(CONCLUDE_CHECKS, "not checked: the opening does not answer the challenge")
        return None
    return opened[0]


def _check_declared_work(judgement: Judgement, report: Report) -> None:
    found, opened = len(judgement.contradicting), judgement.opened
    untested = f"; {judgement.untested} could not be told" if judgement.untested else ""
    if not opened:
        report.add(15, None, "not checked: the challenge drew no entry")
        return
    detail = f"{found} of {opened} opened entries contradict, alarm at {judgement.threshold}{untested}"
    report.add(15, not judgement.alarm, detail)
    if not judgement.alarm:
        return
    declared = sorted({str(h.entry.workload) for h in judgement.contradicting})
    flop = judgement.undeclared
    report.findings.append(
        Finding(
            code="F-15",
            severity=Severity.MAJOR,
            text=(
                f"{found} of {opened} opened accelerator-hours show training and are declared as "
                f"{', '.join(declared)}: {flop_text(flop.lower)} to {flop_text(flop.upper)} FLOP"
            ),
            evidence=(12, 13, 14, 15),
            resolve="the operator explains these hours, or opens all hours of these subjects",
        )
    )


def _check_runs(
    runs: Sequence[SeenRun],
    slots_drawn: int,
    hours: Sequence[OpenedHour],
    declaration: Declaration,
    report: Report,
) -> None:
    if not slots_drawn:
        report.add(16, None, "not checked: the challenge drew no slot")
        return
    declared = declaration.largest_run_flop
    larger = [r for r in runs if r.flop.lower > declared.upper]
    largest = runs[0].flop if runs else NO_FLOP
    detail = (
        f"largest seen {flop_text(largest.lower)} to {flop_text(largest.upper)} FLOP, "
        f"largest declared at most {flop_text(declared.upper)}"
    )
    report.add(16, not larger, detail)
    for run in larger:
        labels = sorted(
            {(str(h.entry.workload), h.entry.run) for h in hours if h.entry.subject in run.subjects}
            - {("idle", "")}
        )
        said = ", ".join(f"{workload} ({name})" if name else workload for workload, name in labels)
        report.findings.append(
            Finding(
                code="F-16",
                severity=Severity.MAJOR,
                text=(
                    f"{run.accelerators} accelerators work in lock-step in {run.slots_seen} of "
                    f"{run.slots_drawn} drawn slots: {run.workload}, {flop_text(run.flop.lower)} to "
                    f"{flop_text(run.flop.upper)} FLOP; declared in opened hours as: {said or 'none'}"
                ),
                evidence=(11, 12, 16),
                resolve="a focused challenge: open all hours of these accelerators",
            )
        )


def _finish(
    report: Report,
    declaration: Declaration | None,
    judgement: Judgement | None,
    runs: tuple[SeenRun, ...],
    population: int,
) -> Inspection:
    report.skip(VERIFY_CHECKS, "not checked")
    report.checks.sort(key=lambda c: c.number)
    for check in report.checks:
        if check.ok is False and check.number not in (15, 16):
            severity = Severity.MAJOR if check.number in GRAVE else Severity.MINOR
            text = f"check {check.number} failed, {check.name}: {check.detail}"
            mend = "the operator answers, or hands over a bundle for which the check holds"
            report.findings.append(Finding(f"F-{check.number:02d}", severity, text, (check.number,), mend))
    if declaration is not None:
        report.facts.extend(_facts(report, declaration, judgement, runs))
    report.conclusion = _conclusion(report)
    return Inspection(report, declaration, judgement, runs, population)


def _conclusion(report: Report) -> Conclusion:
    if any(f.severity is Severity.MAJOR for f in report.findings):
        return Conclusion.NOT_CONSISTENT
    tested = all(report.passed(number) for number in (13, 14, 15, 16))
    return Conclusion.NO_INDICATION if tested and not report.findings else Conclusion.UNRESOLVED


def _facts(
    report: Report, declaration: Declaration, judgement: Judgement | None, runs: Sequence[SeenRun]
) -> list[Fact]:
    opened = all(report.passed(number) for number in range(10, 15))
    training, largest = declaration.training_flop, declaration.largest_run_flop
    hidden = judgement.undeclared if judgement else NO_FLOP
    bound = judgement.bound_flop if judgement else training.upper
    seen = max((r.flop.lower for r in runs), default=0)
    energy = declaration.energy_mj
    unobserved = declaration.inventory_ms - declaration.observed_ms
    count = declaration.accelerators
    return [
        Fact("accelerators", count, count, count, report.passed(7)),
        Fact("energy_mj", energy, energy, energy, report.passed(8)),
        Fact(
            "training_flop",
            training.lower + hidden.lower,
            training.upper + bound,
            training.estimate,
            opened and report.passed(15),
        ),
        Fact(
            "largest_run_flop",
            max(largest.lower, seen),
            max(largest.upper, bound),
            largest.estimate,
            opened and report.passed(16),
        ),
        Fact("undeclared_training_flop", hidden.lower, bound, 0, judgement is not None),
        Fact("unobserved_accelerator_ms", unobserved, unobserved, unobserved, report.passed(7)),
    ]
