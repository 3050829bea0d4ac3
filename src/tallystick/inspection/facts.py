"""Facts: quantities with bounds that regimes take as input, and whether they were verified."""

from collections.abc import Sequence
from dataclasses import replace

from tallystick.declarations.statement import Declaration
from tallystick.inspection.judgement import Judgement
from tallystick.inspection.regroup import SeenRun
from tallystick.inspection.report import Report
from tallystick.records.flop import NO_FLOP
from tallystick.records.outcome import Fact


def facts_of(
    report: Report, declaration: Declaration, judgement: Judgement | None, runs: Sequence[SeenRun]
) -> list[Fact]:
    """All facts, each of the declared period. Verified means that every check it rests on was made and held.

    The largest run is never verified in this version: nothing proves which hours belong to one run.
    """
    sampled = all(report.passed(number) for number in (*range(10, 15), 17))
    training, largest = declaration.training_flop, declaration.largest_run_flop
    hidden = judgement.undeclared if judgement else NO_FLOP
    bound = judgement.bound_flop if judgement else training.upper
    energy, count = declaration.energy_mj, declaration.accelerators
    unobserved = declaration.inventory_ms - declaration.observed_ms
    seen = max((run.flop.upper for run in runs), default=0)
    found = [
        Fact("accelerators", count, count, count, report.passed(7)),
        Fact("energy_mj", energy, energy, energy, report.passed(8)),
        Fact(
            "training_flop",
            training.lower + hidden.lower,
            training.upper + bound,
            training.estimate,
            sampled and report.passed(15),
        ),
        Fact("largest_run_flop", largest.lower, max(largest.upper, bound, seen), largest.estimate, False),
        Fact("undeclared_training_flop", hidden.lower, bound, 0, sampled and judgement is not None),
        Fact(
            "unobserved_accelerator_ms",
            unobserved,
            unobserved,
            unobserved,
            report.passed(7) and report.passed(17),
        ),
    ]
    period = declaration.period.start_ns, declaration.period.end_ns
    return [replace(fact, period=period) for fact in found]
