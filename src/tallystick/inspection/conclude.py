"""Checks 10 to 19, findings, facts and the conclusion of one inspection of one site and period."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tallystick.accounting.run_evidence import power_of_ten
from tallystick.accounting.run_reference import RunReference, run_reference
from tallystick.declarations.statement import Declaration
from tallystick.errors import VerificationError
from tallystick.inspection.challenge import Challenge
from tallystick.inspection.day_sums import check_days, due_days
from tallystick.inspection.declared_class import lock_step_runs
from tallystick.inspection.draw import Draw
from tallystick.inspection.facts import facts_of
from tallystick.inspection.findings import (
    failed_check,
    larger_run,
    not_excluded,
    not_recomputed,
    one_run_declared_as_several,
    other_than_declared,
    trained_over_time,
    undeclared_work,
)
from tallystick.inspection.joined_runs import joined_runs
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
from tallystick.inspection.population import Population
from tallystick.inspection.recomputation import Recomputation
from tallystick.inspection.regroup import SeenRun, regroup
from tallystick.inspection.report import CONCLUDE_CHECKS, VERIFY_CHECKS, Report
from tallystick.inspection.run_check import DeclaredRun, declared_runs
from tallystick.inspection.sightings import Sighting, sightings
from tallystick.inspection.totals import check_totals
from tallystick.inspection.verify import Verified
from tallystick.records.flop import NO_FLOP
from tallystick.records.outcome import Check, Conclusion, Severity
from tallystick.units import PPM, flop_text

NEEDS_SITE = "not checked: needs the workload code, pip install 'tallystick[site]'"
#: Checks whose findings say more than that they failed.
EXPLAINED = frozenset({15, 16, 18, 19})
#: Checks without which there is no conclusion of "no indication". Number 9 is not in this version.
NEEDED = frozenset({*range(1, 9), *range(10, 20)})


@dataclass(frozen=True)
class Inspection:
    """The whole outcome. ``judgement`` is None, and the runs are empty, where they could not be made.

    ``runs`` are groups in lock-step that the drawn slots show, ``declared_runs`` what opened entries show of
    runs declared as other work than training.
    """

    report: Report
    declaration: Declaration | None
    judgement: Judgement | None
    runs: tuple[SeenRun, ...]
    entries_in_period: int
    declared_runs: tuple[DeclaredRun, ...] = ()


def conclude(
    verified: Verified,
    challenge: Challenge,
    opening: Opening | None,
    recomputation: Recomputation | None,
    progress: Callable[[int], None] = lambda _: None,
) -> Inspection:
    """Judge the answer to a challenge. Never raises for bad evidence: each check says what failed.

    ``opening`` is None where the operator did not answer: check 10 fails, and nothing is drawn again.
    ``progress`` is told of sample blocks whose verdicts were recomputed.
    """
    report, declaration, bundle = verified.report, verified.declaration, verified.bundle
    if declaration is None or not all(report.passed(number) for number in (2, 5, 6, 7)):
        report.skip(CONCLUDE_CHECKS, "not checked: the bundle does not verify")
        return _finish(report, declaration, None, (), 0)
    population = len(Population(bundle, declaration))
    opened = _open(verified, declaration, challenge, opening)
    if opened is None:
        return _finish(report, declaration, None, (), population)
    hours, slots = opened
    if recomputation is not None:
        hours = recompute_verdicts(hours, recomputation, progress)
    report.run(13, lambda: check_amounts(hours, bundle))
    _check_day_sums(verified, declaration, opening, hours, report)
    if hours:
        report.run(17, lambda: check_totals(hours, declaration, bundle, population))
    else:
        report.add(17, None, "not checked: the challenge drew no entry")
    if recomputation is None:
        for number in (14, 15, 16, 18, 19):
            report.add(number, None, NEEDS_SITE)
        return _finish(report, declaration, None, (), population)
    report.run(14, lambda: check_verdicts(hours, recomputation.model))
    judgement = judge(hours, bundle, population, challenge)
    _check_declared_work(judgement, challenge, report)
    seen = sightings(slots, bundle, recomputation)
    runs = tuple(regroup(seen, slots, bundle, declaration))
    _check_runs(runs, sum(bool(s.subjects) for s in slots), hours, declaration, report)
    declared = _check_evidence(hours, recomputation.model, run_reference(), report)
    _check_lock_step(seen, hours, recomputation.model, run_reference(), report)
    return replace(_finish(report, declaration, judgement, runs, population), declared_runs=declared)


def _open(
    verified: Verified, declaration: Declaration, challenge: Challenge, opening: Opening | None
) -> tuple[list[OpenedHour], list[OpenedSlot]] | None:
    report, bundle = verified.report, verified.bundle
    if opening is None:
        report.run(10, _refused)
        report.skip(CONCLUDE_CHECKS, "not checked: nothing was opened")
        return None
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


def _refused() -> str:
    raise VerificationError("the operator did not answer, so that all that was drawn counts as not opened")


def _check_day_sums(
    verified: Verified,
    declaration: Declaration,
    opening: Opening | None,
    hours: Sequence[OpenedHour],
    report: Report,
) -> None:
    if verified.matrix is None or opening is None:
        report.add(20, None, "not checked: no rows of the matrix were verified (check 9)")
        return
    bundle = verified.bundle
    due = due_days(bundle, declaration, [opened.leaf for opened in opening.entries])
    report.run(20, lambda: check_days(bundle, due, opening.days, hours))


def _check_declared_work(judgement: Judgement, challenge: Challenge, report: Report) -> None:
    if not judgement.opened:
        report.add(15, None, "not checked: the challenge drew no entry")
        return
    untested = f"; {judgement.untested} could not be told" if judgement.untested else ""
    detail = (
        f"{len(judgement.contradicting)} of {judgement.opened} opened entries contradict, "
        f"weight {judgement.weight:.1f}, alarm at {judgement.threshold}{untested}"
    )
    report.add(15, not judgement.alarm, detail)
    quantity = challenge.significant_quantity_flop
    report.notes["odds"] = (
        f"Odds: a hidden run of {flop_text(quantity)} FLOP would have raised the alarm with probability "
        f"{judgement.odds:.3f}, if a false hour is recognised with probability "
        f"{challenge.sensitivity_ppm / PPM:g} (assumed)"
    )
    report.notes["bound"] = (
        f"Bound: undeclared training is at most {flop_text(judgement.bound_flop)} FLOP (95 %), on the same "
        "assumption, counting all work not seen to be something else"
    )
    if judgement.alarm:
        report.findings.append(undeclared_work(judgement))
    elif judgement.bound_flop > challenge.significant_quantity_flop:
        report.findings.append(not_excluded(judgement, challenge.significant_quantity_flop))


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
    joined = joined_runs(runs, hours)
    larger = [
        r for r in runs if r.flop.lower > declared.upper and all(r is not several.run for several in joined)
    ]
    largest = runs[0].flop if runs else NO_FLOP
    detail = (
        f"largest seen {flop_text(largest.lower)} to {flop_text(largest.upper)} FLOP, "
        f"largest declared at most {flop_text(declared.upper)}"
    )
    if joined:
        detail += f"; {sum(len(several.names) for several in joined)} declared runs work as {len(joined)}"
    report.add(16, not larger and not joined, detail)
    report.findings.extend(larger_run(run, hours) for run in larger)
    report.findings.extend(one_run_declared_as_several(several, declared.upper) for several in joined)


def _check_evidence(
    hours: Sequence[OpenedHour], model: str, reference: RunReference, report: Report
) -> tuple[DeclaredRun, ...]:
    if not hours:
        report.add(18, None, "not checked: the challenge drew no entry")
        return ()
    if model != reference.model:
        report.add(18, None, f"not run: the reference set is of another model, {reference.model[:12]}")
        return ()
    runs = declared_runs(hours, reference)
    named = [run for run in runs if run.named]
    blind = sum(run.evidence is None for run in runs)
    known = [run.evidence for run in runs if run.evidence is not None]
    detail = f"{len(runs)} declared runs of other work in the opened entries"
    if known:
        detail += (
            f", strongest e-value {power_of_ten(known[0].log2_most)}, alarm at "
            f"{power_of_ten(known[0].threshold)} (reference set {reference.hash[:12]})"
        )
    if blind and not named:
        detail = f"not run for {blind} of {detail}: no reference set for subjects other than accelerators"
    report.add(18, False if named else None if blind else True, detail)
    if named:
        report.findings.append(trained_over_time(named))
    return runs


def _check_lock_step(
    seen: Sequence[Sighting],
    hours: Sequence[OpenedHour],
    model: str,
    reference: RunReference,
    report: Report,
) -> None:
    if not seen or not hours:
        report.add(19, None, "not checked: the challenge drew no entry, or no slot in which anything works")
        return
    if model != reference.model:
        report.add(19, None, f"not run: the reference set is of another model, {reference.model[:12]}")
        return
    runs = lock_step_runs(seen, hours, reference)
    named = [run for run in runs if run.named]
    detail = f"{len(runs)} runs over nodes that are declared as inference or idle"
    if runs:
        most = runs[0].evidence
        detail += (
            f", strongest e-value {power_of_ten(most.log2_most)}, alarm at {power_of_ten(most.threshold)}"
        )
    report.add(19, not named, detail)
    report.findings.extend(other_than_declared(run) for run in named)


def _finish(
    report: Report,
    declaration: Declaration | None,
    judgement: Judgement | None,
    runs: tuple[SeenRun, ...],
    population: int,
) -> Inspection:
    report.skip(VERIFY_CHECKS, "not checked")
    report.skip(CONCLUDE_CHECKS, "not checked")
    report.checks.sort(key=lambda c: c.number)
    for check in report.checks:
        if check.ok is False and check.number not in EXPLAINED:
            report.findings.append(failed_check(check))
        elif check.ok is None and check.number in CONCLUDE_CHECKS and not _without_matrix(report, check):
            report.findings.append(not_recomputed(check))
    report.findings.sort(key=lambda f: (f.severity is not Severity.MAJOR, f.code))
    if declaration is not None:
        report.facts.extend(facts_of(report, declaration, judgement, runs))
    report.conclusion = _conclusion(report)
    return Inspection(report, declaration, judgement, runs, population)


def _without_matrix(report: Report, check: Check) -> bool:
    """Whether a check is missing only since the site keeps no matrix, which check 9 says already."""
    return check.number == 20 and any(c.number == 9 and c.ok is None for c in report.checks)


def _conclusion(report: Report) -> Conclusion:
    if any(f.severity is Severity.MAJOR for f in report.findings):
        return Conclusion.NOT_CONSISTENT
    made = all(report.passed(number) for number in NEEDED)
    return Conclusion.NO_INDICATION if made and not report.findings else Conclusion.UNRESOLVED
