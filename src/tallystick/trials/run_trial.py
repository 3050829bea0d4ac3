"""Runs, not windows: how often training is named, how late, and how often permitted work is accused.

The rule is the one that is shipped, constants and all: the null's share of ``accounting/run_reference.json``,
twice what any run of a family inside the reference set may have shown; that file's families inside and out;
the evidence and the threshold of ``accounting.run_evidence``. Nothing of it is measured on the runs tested.
What is promised of false accusations holds for permitted work of the families inside, and there it is tested
first; then where it is void, on the families that are named as outside, and on families that neither the
reference set nor the model has seen.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log10

import numpy as np

from tallystick.accounting.run_evidence import BIT, first_passed, log2_evidence, threshold_log2
from tallystick.accounting.run_reference import RunReference
from tallystick.records.subject import SubjectKind
from tallystick.trials.judged_runs import JudgedRun
from tallystick.units import NS_PER_HOUR, PPM, WINDOW_NS

#: A site has this many permitted runs a year, and accuses one of them wrongly once in this many years.
RUNS_PER_YEAR = 10_000
YEARS_PER_FALSE_ACCUSATION = 10


@dataclass(frozen=True, slots=True)
class RunTrial:
    """Outcome over all runs of a corpus.

    ``detection`` is the share of training runs that were named, ``delay`` the median share of a named run's
    length that had passed, ``delays`` all of them; ``delay_h`` and ``delays_h`` are the same in hours.
    ``false_alarms_per_site_year`` is what a site of RUNS_PER_YEAR permitted runs would see,
    ``false_alarms_low`` and ``false_alarms_high`` its limits, each at 95 % by itself;
    ``promised_per_site_year`` is what the threshold promises, None where the permitted runs tested are
    outside the reference set, which voids it. ``reference_share`` is the null's share, and
    ``reference_runs`` on how many permitted runs it rests. ``families`` are those of the permitted runs
    tested, ``accused`` the number of runs accused of each that has any.
    """

    training_runs: int
    detection: float
    delay: float
    delay_h: float | None
    delays: tuple[float, ...]
    delays_h: tuple[float, ...]
    permitted_runs: int
    false_alarms: int
    false_alarms_per_site_year: float
    false_alarms_low: float
    false_alarms_high: float
    promised_per_site_year: float | None
    reference_share: float
    reference_runs: int
    threshold_log10: float
    families: tuple[str, ...]
    accused: dict[str, int]


def training_and(runs: Iterable[JudgedRun], reference: RunReference, inside: bool) -> list[JudgedRun]:
    """Training runs, and permitted ones of families ``inside`` the reference set, or of all others."""
    known = set(reference.inside)
    return [run for run in runs if run.training or (run.families <= known) == inside]


def run_trial(runs: Sequence[JudgedRun], reference: RunReference, promised: bool) -> RunTrial:
    """Test ``runs`` by the shipped rule; ``promised``: all permitted ones are inside the reference set."""
    null_ppm = reference.null_share_ppm[SubjectKind.ACCELERATOR.value]
    threshold = threshold_log2(RUNS_PER_YEAR, PPM // YEARS_PER_FALSE_ACCUSATION)
    passed = [first_passed(log2_evidence(run.windows, null_ppm), threshold) for run in runs]
    pairs = list(zip(runs, passed, strict=True))
    found = [(at + 1, len(run.windows)) for run, at in pairs if run.training and at is not None]
    training = sum(run.training for run in runs)
    permitted = len(runs) - training
    accused = [run for run, at in pairs if not run.training and at is not None]
    false = len(accused)
    return RunTrial(
        training_runs=training,
        detection=len(found) / max(1, training),
        delay=float(np.median([at / n for at, n in found])) if found else 1.0,
        delay_h=float(np.median([at for at, _ in found])) * WINDOW_NS / NS_PER_HOUR if found else None,
        delays=tuple(at / n for at, n in found),
        delays_h=tuple(at * WINDOW_NS / NS_PER_HOUR for at, _ in found),
        permitted_runs=permitted,
        false_alarms=false,
        false_alarms_per_site_year=RUNS_PER_YEAR * false / max(1, permitted),
        false_alarms_low=RUNS_PER_YEAR * lower_limit(false, permitted) if permitted else 0.0,
        false_alarms_high=RUNS_PER_YEAR * upper_limit(false, permitted),
        promised_per_site_year=1 / YEARS_PER_FALSE_ACCUSATION if promised else None,
        reference_share=null_ppm / PPM,
        reference_runs=reference.runs,
        threshold_log10=threshold / BIT * log10(2),
        families=tuple(sorted({f for run in runs if not run.training for f in run.families})),
        accused=dict(sorted(Counter(f for run in accused for f in run.families).items())),
    )


def upper_limit(events: int, trials: int, tail: float = 0.05) -> float:
    """One-sided upper limit of a probability (Clopper and Pearson 1934)."""
    from scipy.stats import beta

    if events >= trials:
        return 1.0
    return float(beta.ppf(1 - tail, events + 1, trials - events))


def lower_limit(events: int, trials: int, tail: float = 0.05) -> float:
    """One-sided lower limit of a probability (Clopper and Pearson 1934)."""
    return 1 - upper_limit(trials - events, trials, tail)
