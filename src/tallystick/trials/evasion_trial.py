"""Evasions, each left out while fitting: how many of its windows and runs are still found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.records.workload import ABSTAINED, CLASSES, TRAINING_VERDICTS, WorkloadClass
from tallystick.telemetry.table import Int64
from tallystick.trials.held_out import TRAINING, Verdicted, cross_fitted, fitted_apart
from tallystick.trials.labels import LabelledWindows
from tallystick.trials.ladder import family_interval
from tallystick.trials.splits import SIMULATED_SITES, SiteBlocks, Split, site_codes, splits_without

Bools = npt.NDArray[np.bool_]

#: Share of honest windows that are not training and may be called training.
FALSE_POSITIVES = 0.01
#: Other choices that an inspector has.
CHOICES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
#: Blocks of honest sites: one sets the threshold, one calibrates, the others fit.
HONEST_BLOCKS = 6
INFERENCE = CLASSES.index(WorkloadClass.INFERENCE)


@dataclass(frozen=True)
class EvasionRow:
    """One family: ``detection`` is the share of its windows above the threshold, ``low`` to ``high`` at 95 %
    when whole runs are drawn anew; ``run_detection`` the share of its runs of which more than half is.
    ``at_choices`` is the detection at each of the false-positive rates in CHOICES.
    """

    family: str
    detection: float
    low: float
    high: float
    run_detection: float
    variants: int
    runs: int
    windows: int
    at_choices: tuple[float, ...]


@dataclass(frozen=True)
class EvasionSites:
    """Rows (n,) by the part that their site plays.

    Honest sites ``fits``, ``calibrates`` or set the ``threshold``; evaders' sites are in one of two
    ``halves``, of which one is fitted on and the other judged.
    """

    fits: Bools
    calibrates: Bools
    threshold: Bools
    halves: tuple[Bools, Bools]


def evasion_sites(windows: LabelledWindows) -> EvasionSites:
    """The parts of the sites of ``windows``, honest sites and evaders' sites being different ones."""
    evasion, names = windows.codes("evasion")
    site = site_codes(windows)
    evades = np.isin(site, np.unique(site[evasion != names.index("")]))
    honest, theirs = np.unique(site[~evades]), np.unique(site[evades])
    rank = np.searchsorted(honest, site) * min(HONEST_BLOCKS, len(honest)) // len(honest)
    last = int(rank[~evades].max())
    threshold = ~evades & (rank == last) & ~TRAINING[windows.label]
    calibrates = ~evades & (rank == last - 1)
    first = evades & (np.searchsorted(theirs, site) % 2 == 0)
    return EvasionSites(~evades & (rank < last - 1), calibrates, threshold, (first, evades & ~first))


def evasion_rows(
    windows: LabelledWindows, rounds: int, progress: Callable[[int], None], only: tuple[str, ...] = ()
) -> list[EvasionRow]:
    """A row for each evasion family in ``windows``, in order of name.

    Two models a family: each saw the other evasions on one half of the evaders' sites, and judges the family
    on the other half.
    """
    evasion, names = windows.codes("evasion")
    present = [k for k, name in enumerate(names) if name and (not only or name in only)]
    parts = evasion_sites(windows)
    splits = evasion_splits(parts, evasion, present)
    verdicts = fitted_apart(windows, splits, rounds, progress)
    rows = []
    for n, k in enumerate(present):
        both = splits[2 * n : 2 * n + 2]
        found = [_found(windows, parts, split, next(verdicts), k) for split in both]
        mine = np.concatenate([np.flatnonzero(is_family(windows, split, k)) for split in both])
        rows.append(_row(windows.chosen(mine), np.concatenate(found, axis=1), names[k]))
    return rows


def evasion_splits(parts: EvasionSites, evasion: Int64, present: Sequence[int]) -> list[Split]:
    """Two splits for each family in ``present``, whose windows ``evasion`` (n,) names; in order."""
    return [
        Split(
            parts.fits | (parts.halves[1 - half] & (evasion != k)),
            parts.calibrates,
            parts.threshold | (parts.halves[half] & (evasion == k)),
        )
        for k in present
        for half in range(2)
    ]


def threshold_of(lead: npt.NDArray[np.int64], false_positives: float = FALSE_POSITIVES) -> int:
    """The lead that at most ``false_positives`` of these windows, none of them training, exceed."""
    ordered = np.sort(lead)
    return int(ordered[min(len(ordered) - 1, int(np.ceil((1 - false_positives) * len(ordered))))])


def is_family(windows: LabelledWindows, split: Split, family: int) -> Bools:
    """Rows (n,) of the split that are training under the evasion ``family``."""
    mine: Bools = split.judged & (windows.codes("evasion")[0] == family) & TRAINING[windows.label]
    return mine


def _found(
    windows: LabelledWindows, parts: EvasionSites, split: Split, said: Verdicted, family: int
) -> Bools:
    """Which windows of the family (choices, n) lie above the threshold of each choice."""
    rows = np.flatnonzero(split.judged)
    honest = said.lead[parts.threshold[rows]]
    lead = said.lead[is_family(windows, split, family)[rows]]
    return np.stack([lead > threshold_of(honest, choice) for choice in CHOICES])


def _row(windows: LabelledWindows, found_at: Bools, name: str) -> EvasionRow:
    """The row of a family's windows (n,), of which ``found_at`` (choices, n) were found."""
    found = found_at[CHOICES.index(FALSE_POSITIVES)]
    run = windows.codes("run")[0]
    low, high = family_interval(found, run)
    of_run, count = np.unique(run, return_inverse=True)[1], np.unique(run, return_counts=True)[1]
    by_run = np.bincount(of_run, found) / count
    return EvasionRow(
        family=name,
        detection=float(found.mean()),
        low=low,
        high=high,
        run_detection=float((by_run > 0.5).mean()),
        variants=len(np.unique(windows.codes("workload")[0])),
        runs=len(count),
        windows=len(windows),
        at_choices=tuple(float(row.mean()) for row in found_at),
    )


@dataclass(frozen=True)
class ServingHeldOut:
    """Serving that no model saw: the share called training where a class is forced, and by the verdict."""

    windows: int
    forced_false_positive: float
    false_positive: float
    abstained: float


def serving_held_out(
    windows: LabelledWindows,
    rounds: int,
    progress: Callable[[int], None],
    sites: SiteBlocks = SIMULATED_SITES,
) -> ServingHeldOut:
    """All inference left out while fitting (arXiv 2606.19262's re-analysis: 0.93 was called training)."""
    serving: Bools = windows.label == INFERENCE
    judged, said = cross_fitted(windows, splits_without(windows, serving, sites), rounds, progress)
    called = np.isin(said.classes, sorted(TRAINING_VERDICTS))
    return ServingHeldOut(
        windows=len(judged),
        forced_false_positive=float((said.lead > 0).mean()),
        false_positive=float(called.mean()),
        abstained=float((said.classes == ABSTAINED).mean()),
    )
