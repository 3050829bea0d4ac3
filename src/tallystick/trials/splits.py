"""Which windows fit, which calibrate and which are judged: parts that share no run, no site and no meter.

A group of work (a family, a mechanism, …) is held out by its name, and beside that the windows judged are of
sites that the model never saw: nodes of one site have one meter, one chip and one cadence in common. So a
split names a set of groups and a block of sites; what is judged lies in both, what is fitted on in neither.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.errors import InputError
from tallystick.telemetry.table import Int64
from tallystick.trials.labels import LabelledWindows

Bools = npt.NDArray[np.bool_]

#: Where no site can be spared for calibration, one run in this many calibrates.
CALIBRATE_ONE_IN = 4


@dataclass(frozen=True)
class Split:
    """Rows (n,) of a set of windows that fit a model, calibrate it, and are judged by it."""

    fits: Bools
    calibrates: Bools
    judged: Bools


@dataclass(frozen=True, slots=True)
class SiteBlocks:
    """How sites are shared out: ``blocks`` of them, of which each held-out group is judged in ``judged_in``.

    ``calibrates_by_site``: a block of its own calibrates. Otherwise some runs of the sites that fit do, where
    there are too few sites; they share nothing with what is judged either way.
    """

    blocks: int
    judged_in: int
    calibrates_by_site: bool = True


#: Six blocks of consecutive sites, since chips take turns every six. Where runs or hardware are held out all
#: windows are judged, elsewhere those in ``judged_in`` blocks.
SIMULATED_SITES = SiteBlocks(6, 2)
#: Systems stand for sites. There are too few that train to spare one for calibration.
REAL_SYSTEMS = SiteBlocks(3, 3, calibrates_by_site=False)


def site_codes(windows: LabelledWindows) -> Int64:
    """The site (n,) of each window."""
    return np.array([job.site for job in windows.jobs], np.int64)[windows.job]


def site_blocks(windows: LabelledWindows, blocks: int) -> Int64:
    """Block (n,) of each window: as many runs of consecutive sites, equally long; fewer where sites are few.

    Raises InputError for fewer than three sites: one is judged, one fits, one calibrates.
    """
    sites, rank = np.unique(site_codes(windows), return_inverse=True)
    if len(sites) < 3:
        raise InputError(f"{len(sites)} sites cannot be split", mend="give windows of at least three sites")
    block: Int64 = (rank * min(blocks, len(sites)) // len(sites)).astype(np.int64)
    return block


def folds_of(code: Int64, groups: int, folds: int, seed: int) -> Int64:
    """Fold (n,) of each window: whole groups, dealt at random; one group a fold where those are few."""
    dealt = np.random.default_rng(seed).permutation(groups) % min(folds, groups)
    fold: Int64 = dealt[code].astype(np.int64)
    return fold


def held_out_splits(windows: LabelledWindows, group: str, folds: int, plan: SiteBlocks) -> list[Split]:
    """Splits that hold out whole groups and whole sites. No window is judged twice.

    Runs lie within sites, so that a block of sites holds them out; a chip has sites of its own, so that the
    group does. All other groups cross sites: fold ``k`` is judged in ``judged_in`` blocks, from the k-th on.
    """
    block = site_blocks(windows, plan.blocks)
    code, names = windows.codes(group)
    fold = folds_of(code, len(names), folds, seed=len(names))
    everywhere = np.ones(len(block), np.bool_)
    if _within(site_codes(windows), code):
        pairs = [(fold == k, everywhere) for k in range(int(fold.max()) + 1)]
    elif _within(code, site_codes(windows)):
        pairs = [(everywhere, block == b) for b in range(int(block.max()) + 1)]
    else:
        pairs = list(_crossed(fold, block, plan.judged_in))
    splits = [_split(windows, block, mine, here, seed, plan) for seed, (mine, here) in enumerate(pairs)]
    return [split for split in splits if split.judged.any()]


def splits_without(windows: LabelledWindows, held_out: Bools, plan: SiteBlocks) -> list[Split]:
    """Splits that judge all of the ``held_out`` rows (n,), a block of sites each, and see none of them."""
    block = site_blocks(windows, plan.blocks)
    splits = [_split(windows, block, held_out, block == b, b, plan) for b in range(int(block.max()) + 1)]
    return [split for split in splits if split.judged.any()]


def splits_elsewhere(
    windows: LabelledWindows, elsewhere: Bools, group: str, folds: int, plan: SiteBlocks
) -> list[Split]:
    """Splits that judge the rows ``elsewhere`` (n,), whose sites are never fitted on.

    With a ``group`` each fold of it is judged by a model that saw none of that anywhere; with "" all by one.
    """
    block = np.zeros(len(windows), np.int64)
    block[~elsewhere] = site_blocks(windows.chosen(~elsewhere), plan.blocks)
    fold = np.zeros(len(windows), np.int64)
    if group:
        code, names = windows.codes(group)
        fold = folds_of(code, len(names), folds, seed=len(names))
    splits = []
    for k in range(int(fold.max()) + 1):
        mine = (fold == k) if group else np.zeros(len(windows), np.bool_)
        fits, calibrates = _fit_and_calibrate(windows, block, ~elsewhere & ~mine, k, True)
        splits.append(Split(fits, calibrates, elsewhere & (fold == k)))
    return [split for split in splits if split.judged.any()]


def _within(inner: Int64, outer: Int64) -> bool:
    """Whether each inner group lies in one outer group."""
    pairs = np.unique(np.stack([inner, outer]), axis=1)
    return int(pairs.shape[1]) == len(np.unique(inner))


def _crossed(fold: Int64, block: Int64, judged_in: int) -> Iterator[tuple[Bools, Bools]]:
    blocks = int(block.max()) + 1
    for k in range(int(fold.max()) + 1):
        for step in range(min(judged_in, blocks)):
            yield fold == k, block == (k + step) % blocks


def _split(
    windows: LabelledWindows, block: Int64, groups: Bools, sites: Bools, seed: int, plan: SiteBlocks
) -> Split:
    """``groups`` (n,) on ``sites`` (n,) are judged; what is in neither fits and calibrates."""
    judged = groups & sites
    theirs = np.isin(site_codes(windows), np.unique(site_codes(windows)[judged]))
    left = ~groups & ~theirs if not groups.all() else ~theirs
    return Split(*_fit_and_calibrate(windows, block, left, seed, plan.calibrates_by_site), judged)


def _fit_and_calibrate(
    windows: LabelledWindows, block: Int64, left: Bools, seed: int, by_site: bool
) -> tuple[Bools, Bools]:
    """``left`` (n,) shared out: one block of sites calibrates, or one run in CALIBRATE_ONE_IN."""
    if by_site:
        blocks = np.unique(block[left])
        calibrates = left & (block == blocks[seed % len(blocks)])
        if len(blocks) < 2:  # only where a chip has a few sites: then they are shared out one by one
            sites = np.unique(site_codes(windows)[left])
            if len(sites) < 2:
                raise InputError(
                    "one site is left to fit and to calibrate on", mend="give windows of more sites, or chips"
                )
            calibrates = left & (site_codes(windows) == sites[seed % len(sites)])
    else:
        run, names = windows.codes("run")
        drawn = np.random.default_rng(seed).permutation(len(names)) % CALIBRATE_ONE_IN == 0
        calibrates = left & drawn[run]
    return left & ~calibrates, calibrates


def shared(windows: LabelledWindows, split: Split) -> tuple[str, ...]:
    """What the windows judged have in common with those that the model saw, by name: nothing, it should be.

    The meter goes with the site, of which there is one each.
    """
    run, runs = windows.codes("run")
    site = site_codes(windows)
    seen = split.fits | split.calibrates
    both = np.intersect1d(run[seen], run[split.judged]).tolist()
    return (
        *(f"run {runs[k]}" for k in both),
        *(f"site {k}" for k in np.intersect1d(site[seen], site[split.judged]).tolist()),
    )


def checked(windows: LabelledWindows, split: Split) -> Split:
    """``split``, or ValueError where it shares a run, a site or a meter: a mistake of the program."""
    if common := shared(windows, split):
        raise ValueError(f"a split shares {', '.join(common[:3])} and {max(0, len(common) - 3)} more")
    return split
