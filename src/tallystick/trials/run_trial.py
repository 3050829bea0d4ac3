"""Runs, not windows: how often training is named, how late, and how often permitted work is accused.

Each job of a corpus is a run. At each window the share of its accelerators that is judged training, by a
model that never saw the job's site, is one observation; ``workloads.run_evidence`` adds them up.

Three sets of sites have nothing in common: those that models are fitted on, those on which the null is
measured (the reference set), and those whose runs are tested. What is promised of false accusations holds for
permitted work like the reference set, and there it is tested first; then where it is void, on families that
the reference set lacks, and on families that the model lacks too.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.errors import InputError
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
    length that had passed, ``delays`` all of them; ``delay_h`` and ``delays_h`` are the same in hours.
    ``false_alarms_per_site_year`` is what a site of RUNS_PER_YEAR permitted runs would see,
    ``false_alarms_low`` and ``false_alarms_high`` its limits, each at 95 % by itself;
    ``promised_per_site_year`` is what the threshold promises, None where the permitted runs tested are unlike
    the reference set, which voids it. ``reference_share`` is the null's share, the greatest of both halves,
    and ``reference_runs`` how many permitted runs it is of.
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


@dataclass(frozen=True, slots=True)
class Deal:
    """Jobs whose runs are the ``reference`` of the null, and jobs that are ``tested`` against it."""

    reference: tuple[int, ...]
    tested: tuple[int, ...]


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


def run_deals(windows: LabelledWindows, same_families: bool, seed: int = 0) -> list[Deal]:
    """Two deals: the null is measured on one half of the sites and tested on the other, and in turn.

    With ``same_families`` all permitted runs of the one half are the reference, and the permitted runs tested
    are those of families that it has. Otherwise half of the families, drawn with a seed, are in the reference
    alone and the others tested alone. Training runs are tested always. Raises InputError for one site.
    """
    present = np.unique(windows.job).tolist()
    training = {j for j in present if is_training(windows.jobs[j], windows)}
    sites = sorted({windows.jobs[j].site for j in present})
    if len(sites) < 2:
        raise InputError("runs of one site have no other to test the null on", mend="give two sites or more")
    families = sorted({windows.jobs[j].family for j in present if j not in training})
    dealt = np.random.default_rng(seed).permutation(len(families)) % 2
    drawn = {f for f, k in zip(families, dealt.tolist(), strict=True) if k}
    deals = []
    for half in range(2):
        here = {site for rank, site in enumerate(sites) if rank % 2 == half}
        permitted = [j for j in present if j not in training and windows.jobs[j].site in here]
        reference = [j for j in permitted if same_families or windows.jobs[j].family in drawn]
        known = {windows.jobs[j].family for j in reference}
        tested = [
            j
            for j in present
            if windows.jobs[j].site not in here
            and (j in training or (windows.jobs[j].family in known) == same_families)
        ]
        deals.append(Deal(tuple(reference), tuple(tested)))
    return deals


def run_trial(windows: LabelledWindows, said: Verdicted, same_families: bool, seed: int = 0) -> RunTrial:
    """Test all runs of ``windows`` by the null of other sites; see ``run_deals``.

    The models behind ``said`` were fitted on other sites still.
    """
    shares = shares_by_run(windows, said)
    threshold = alarm_threshold_log10(1 / YEARS_PER_FALSE_ACCUSATION, RUNS_PER_YEAR)
    deals = run_deals(windows, same_families, seed)
    nulls: list[float] = []
    alarms: dict[int, int | None] = {}
    for deal in deals:
        nulls.append(min(0.95, reference_share({j: shares[j] for j in deal.reference})))
        alarms |= {j: run_evidence(shares[j], nulls[-1]).first_alarm(threshold) for j in deal.tested}
    training = [j for j in alarms if is_training(windows.jobs[j], windows)]
    found = [(a + 1, len(shares[j])) for j in training if (a := alarms[j]) is not None]
    permitted = len(alarms) - len(training)
    false = sum(a is not None for a in alarms.values()) - len(found)
    return RunTrial(
        training_runs=len(training),
        detection=len(found) / max(1, len(training)),
        delay=float(np.median([a / n for a, n in found])) if found else 1.0,
        delay_h=float(np.median([a for a, _ in found])) * WINDOW_NS / NS_PER_HOUR if found else None,
        delays=tuple(a / n for a, n in found),
        delays_h=tuple(a * WINDOW_NS / NS_PER_HOUR for a, _ in found),
        permitted_runs=permitted,
        false_alarms=false,
        false_alarms_per_site_year=RUNS_PER_YEAR * false / max(1, permitted),
        false_alarms_low=RUNS_PER_YEAR * lower_limit(false, permitted) if permitted else 0.0,
        false_alarms_high=RUNS_PER_YEAR * upper_limit(false, permitted),
        promised_per_site_year=1 / YEARS_PER_FALSE_ACCUSATION if same_families else None,
        reference_share=max(nulls),
        reference_runs=sum(len(deal.reference) for deal in deals),
        threshold_log10=threshold,
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
