"""Runs, not windows: how often training is named, how late, and how often permitted work is accused.

Each job of a corpus is a run. At each window the share of its accelerators that is judged training, by a
model that never saw the job's family, is one observation; ``workloads.run_evidence`` adds them up.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.records.workload import CLASSES, TRAINING_VERDICTS
from tallystick.trials.held_out import Verdicted
from tallystick.trials.labels import JobLabel, LabelledWindows
from tallystick.units import NS_PER_HOUR, WINDOW_NS
from tallystick.workloads.run_evidence import alarm_threshold_log10, run_evidence

Float64 = npt.NDArray[np.float64]

#: A site has this many permitted runs a year, and accuses one of them wrongly once in this many years.
RUNS_PER_YEAR = 10_000
YEARS_PER_FALSE_ACCUSATION = 10
#: The null's share is the greatest that permitted runs showed over this many windows: an hour.
WINDOWS_PER_BLOCK = 12
HOURS_PER_YEAR = 8760


@dataclass(frozen=True, slots=True)
class RunTrial:
    """Outcome over all runs of a corpus.

    ``detection`` is the share of training runs that were named, ``delay`` the median share of a named run's
    length that had passed, ``delay_h`` the same in hours and ``delays_h`` all of them.
    ``false_alarms_per_site_year`` is what a site of RUNS_PER_YEAR permitted runs would see,
    ``false_alarms_high`` its upper limit at 95 %. The null's ``reference_share`` was measured on other
    permitted runs, ``reference_runs`` of them, of families that the trial's permitted runs are not of.
    """

    training_runs: int
    detection: float
    delay: float
    delay_h: float | None
    delays_h: tuple[float, ...]
    permitted_runs: int
    false_alarms: int
    false_alarms_per_site_year: float
    false_alarms_high: float
    reference_share: float
    reference_runs: int
    threshold_log10: float


def shares_by_run(windows: LabelledWindows, said: Verdicted) -> dict[int, Float64]:
    """For each job with windows the share of its subjects judged training, window by window in time order."""
    training = np.isin(said.classes, sorted(TRAINING_VERDICTS))
    found = {}
    for job in np.unique(windows.job).tolist():
        rows = windows.job == job
        at = windows.start_ns[rows] // WINDOW_NS
        index = at - at.min()
        count = np.bincount(index)
        found[job] = (np.bincount(index, training[rows]) / np.maximum(count, 1))[count > 0]
    return found


def reference_share(shares: Mapping[int, Float64]) -> float:
    """The greatest mean share over any block of windows of any permitted run."""
    worst = 0.0
    for share in shares.values():
        width = min(len(share), WINDOWS_PER_BLOCK)
        sums = np.convolve(share, np.ones(width), "valid") / width
        worst = max(worst, float(sums.max()))
    return worst


def is_training(job: JobLabel, windows: LabelledWindows) -> bool:
    """Whether most windows of the job are training."""
    number = windows.jobs.index(job)
    labels = windows.label[windows.job == number]
    return bool(np.mean([CLASSES[k].is_training for k in labels.tolist()]) > 0.5)


def run_trial(windows: LabelledWindows, said: Verdicted, seed: int = 0) -> RunTrial:
    """Half of the permitted families, drawn with a seed, are the reference set; the others are tested."""
    shares = shares_by_run(windows, said)
    training = {j for j in shares if is_training(windows.jobs[j], windows)}
    permitted = [j for j in shares if j not in training]
    families = sorted({windows.jobs[j].family for j in permitted})
    dealt = np.random.default_rng(seed).permutation(len(families))
    in_reference = {f for f, k in zip(families, dealt.tolist(), strict=True) if k % 2}
    reference = {j: shares[j] for j in permitted if windows.jobs[j].family in in_reference}
    tested = [j for j in permitted if windows.jobs[j].family not in in_reference]
    null = min(0.95, reference_share(reference))
    threshold = alarm_threshold_log10(1 / YEARS_PER_FALSE_ACCUSATION, RUNS_PER_YEAR)
    alarms = {j: run_evidence(shares[j], null).first_alarm(threshold) for j in (*training, *tested)}
    found = [(a + 1, len(shares[j])) for j in training if (a := alarms[j]) is not None]
    false = sum(alarms[j] is not None for j in tested)
    return RunTrial(
        training_runs=len(training),
        detection=len(found) / max(1, len(training)),
        delay=float(np.median([a / n for a, n in found])) if found else 1.0,
        delay_h=float(np.median([a for a, _ in found])) * WINDOW_NS / NS_PER_HOUR if found else None,
        delays_h=tuple(a * WINDOW_NS / NS_PER_HOUR for a, _ in found),
        permitted_runs=len(tested),
        false_alarms=false,
        false_alarms_per_site_year=RUNS_PER_YEAR * false / max(1, len(tested)),
        false_alarms_high=RUNS_PER_YEAR * upper_limit(false, len(tested)),
        reference_share=null,
        reference_runs=len(reference),
        threshold_log10=threshold,
    )


def upper_limit(events: int, trials: int, tail: float = 0.05) -> float:
    """One-sided upper limit of a probability (Clopper and Pearson 1934)."""
    from scipy.stats import beta

    if events >= trials:
        return 1.0
    return float(beta.ppf(1 - tail, events + 1, trials - events))
