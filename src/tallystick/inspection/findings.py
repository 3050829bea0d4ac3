"""Findings in words: what does not fit, on which checks it rests, what would resolve it."""

from collections.abc import Sequence

from tallystick.accounting.run_evidence import power_of_ten
from tallystick.inspection.declared_class import LockStepRun
from tallystick.inspection.joined_runs import JoinedRuns
from tallystick.inspection.judgement import Judgement
from tallystick.inspection.opened import OpenedHour
from tallystick.inspection.regroup import SeenRun
from tallystick.inspection.run_check import FALSE_PPM, DeclaredRun
from tallystick.records.entry import UNSTATED
from tallystick.records.outcome import Check, Finding, Severity
from tallystick.records.workload import VERDICT_NAMES, WorkloadClass
from tallystick.units import NS_PER_HOUR, PPM, flop_text

#: Checks whose failure leaves the account open; of the others, failure means that it is false.
OPEN_CHECKS = frozenset({4, 16, 18})
#: Named runs that a finding spells out.
MOST_NAMED = 4


def failed_check(check: Check) -> Finding:
    """A check that did not hold."""
    severity = Severity.MINOR if check.number in OPEN_CHECKS else Severity.MAJOR
    text = f"check {check.number} failed, {check.name}: {check.detail}"
    mend = "the operator answers, or hands over a bundle for which the check holds"
    return Finding(f"F-{check.number:02d}", severity, text, (check.number,), mend)


def undeclared_work(judgement: Judgement) -> Finding:
    """Training declared as something else."""
    declared = sorted({name for h in judgement.contradicting for name in _declared(h)})
    flop = judgement.undeclared
    return Finding(
        code="F-15",
        severity=Severity.MAJOR,
        text=(
            f"{len(judgement.contradicting)} of {judgement.opened} opened accelerator-hours show training "
            f"declared as {', '.join(declared)}: {flop_text(flop.lower)} to {flop_text(flop.upper)} FLOP"
        ),
        evidence=(12, 13, 14, 15),
        resolve="the operator explains these hours, or opens all hours of these subjects",
    )


def not_excluded(judgement: Judgement, significant_quantity_flop: int) -> Finding:
    """The draw leaves more undeclared training possible than matters."""
    return Finding(
        code="F-15",
        severity=Severity.MINOR,
        text=(
            f"what was not told or not seen leaves up to {flop_text(judgement.bound_flop)} FLOP of "
            "undeclared training possible, more than the significant quantity of "
            f"{flop_text(significant_quantity_flop)}"
        ),
        evidence=(15,),
        resolve="more channels or denser samples, a larger challenge, or classes where none is stated",
    )


def larger_run(run: SeenRun, hours: Sequence[OpenedHour]) -> Finding:
    """A group in lock-step that looks larger than the largest declared run."""
    labels = {(name, h.entry.run) for h in hours if h.entry.subject in run.subjects for name in _declared(h)}
    said = [f"{name} ({job})" if job else name for name, job in sorted(labels) if name != WorkloadClass.IDLE]
    return Finding(
        code="F-16",
        severity=Severity.MINOR,
        text=(
            f"{run.accelerators} accelerators work in lock-step in {run.slots_seen} of {run.slots_drawn} "
            f"drawn slots, {run.workload}: {flop_text(run.flop.lower)} to {flop_text(run.flop.upper)} FLOP "
            "as one run, or several one after the other on the same accelerators; "
            f"declared in opened hours as {', '.join(said) or 'nothing'}"
        ),
        evidence=(11, 12, 16),
        resolve="a focused challenge: open all hours of these accelerators",
    )


def one_run_declared_as_several(joined: JoinedRuns, largest_declared_flop: int) -> Finding:
    """Declared runs that work as one. Minor: copies of one program begun together look like this too."""
    run = joined.run
    others = len(joined.names) - MOST_NAMED
    names = ", ".join(joined.names[:MOST_NAMED]) + (f" and {others} more" if others > 0 else "")
    return Finding(
        code="F-16",
        severity=Severity.MINOR,
        text=(
            f"{names} are declared as runs of their own, and where they go on at the same time they work in "
            f"lock-step, in {joined.together} of {joined.slots} cases in which a drawn slot shows two of "
            f"them: about {run.accelerators} accelerators, {flop_text(run.flop.lower)} to "
            f"{flop_text(run.flop.upper)} FLOP as one run, or several one after the other; "
            f"largest declared at most {flop_text(largest_declared_flop)}"
        ),
        evidence=(11, 12, 16),
        resolve="the operator explains why they move together, or they count as one run against the cap",
    )


def other_than_declared(run: LockStepRun) -> Finding:
    """Work over nodes that is told to be another than declared. Major: the declaration is then false."""
    otherwise = run.otherwise
    most = VERDICT_NAMES[max(otherwise, key=lambda verdict: otherwise[verdict])]
    against = sum(otherwise.values())
    names = ", ".join(run.jobs[:MOST_NAMED]) or "work without a name"
    names += f" and {len(run.jobs) - MOST_NAMED} more" if len(run.jobs) > MOST_NAMED else ""
    return Finding(
        code="F-19",
        severity=Severity.MAJOR,
        text=(
            f"{names}, declared as {' and '.join(run.declared)}, works in lock-step over {run.nodes} nodes "
            f"in {run.slots} drawn slots and does not look like it: of {run.as_declared + against} windows "
            f"that were told, {run.as_declared} look as declared and {against} do not, most like {most}"
        ),
        evidence=(11, 12, 14, 19),
        resolve="the operator says what this work is, and opens all hours of these accelerators",
    )


def trained_over_time(named: Sequence[DeclaredRun]) -> Finding:
    """Declared runs whose evidence passed. Minor: work outside the reference set can pass honestly."""
    words = run_words(named[0])
    if len(named) > 1:
        others = ", ".join(run.name for run in named[1:MOST_NAMED])
        words += f"; so does {others}" if len(named) == 2 else f"; so do {others}"
        words += f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    return Finding(
        code="F-18",
        severity=Severity.MINOR,
        text=f"{words}. {FALSE_RATE}",
        evidence=(12, 13, 14, 18),
        resolve="the operator names the kind of work, or opens all hours of these runs",
    )


#: What the threshold promises, and where it promises nothing.
FALSE_RATE = (
    f"Permitted work of the kinds in the reference set does so in at most 1 of {PPM // FALSE_PPM:,} periods, "
    "if it behaves as it did when that set was measured; for other kinds nothing is promised"
)


def run_words(run: DeclaredRun) -> str:
    """A declared run and its evidence, for people."""
    said = f"{run.name}, declared as {', '.join(run.workloads)},"
    evidence = run.evidence
    if evidence is None:
        return f"{said} has sensors without a reference set"
    text = f"{said} looks like training: e-value {power_of_ten(evidence.log2_most)}"
    if evidence.delay_ns is None:
        return f"{text}, below {power_of_ten(evidence.threshold)}"
    share = 100 * evidence.delay_ns / (evidence.end_ns - evidence.start_ns)
    return (
        f"{text}, past {power_of_ten(evidence.threshold)} after {evidence.delay_ns / NS_PER_HOUR:.1f} h, "
        f"{share:.0f} % of its length"
    )


def not_recomputed(check: Check) -> Finding:
    """A check on the opened samples that was not made."""
    return Finding(
        code=f"F-{check.number:02d}",
        severity=Severity.MINOR,
        text=f"check {check.number} was not made, {check.name}: {check.detail}",
        evidence=(check.number,),
        resolve="make it: nothing is concluded about the work without it",
    )


def _declared(hour: OpenedHour) -> set[str]:
    return {w.value if w else UNSTATED for w in hour.entry.workloads}
