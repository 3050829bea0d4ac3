"""The ladder on real node power: few families, one node at a time, two kinds of meters."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from tallystick.records.subject import SubjectKind
from tallystick.records.workload import CLASSES, WorkloadClass
from tallystick.trials.corpus_windows import corpus_windows
from tallystick.trials.held_out import fitted_apart
from tallystick.trials.labels import LabelledWindows, joined
from tallystick.trials.ladder import RUNGS, Rung, climb, rung_of
from tallystick.trials.real_windows import real_windows
from tallystick.trials.splits import REAL_SYSTEMS, Split, site_codes

FOLDER = "mlperf_power"
#: Simulated sites on which the model of the last rung is fitted.
FIT_SEEDS = range(41_000, 41_012)
#: So many of these sites fit; the others calibrate.
FITTED_ON = 9
IDLE = CLASSES.index(WorkloadClass.IDLE)


def real_rungs(data: Path, rounds: int, progress: Callable[[int], None], most_folds: int = 99) -> list[Rung]:
    """A rung for each group held out of the real windows; none where the data are absent.

    No system is on both sides of a split, whatever the rung. The last, ``source``, is fitted on simulated
    nodes alone and measured on the real ones. Hardware is the system; training is all on one chassis and
    behind one kind of meter, inference on eight others behind another, so that these figures may owe
    something to the meter.
    """
    if not (data / FOLDER).is_dir():
        return []
    windows = at_work(real_windows(data / FOLDER))
    rungs = [
        climb(windows, rung, "real", rounds, progress, most_folds, REAL_SYSTEMS)
        for rung in RUNGS
        if rung != "source"
    ]
    return [*rungs, from_simulation(windows, rounds)]


def at_work(windows: LabelledWindows) -> LabelledWindows:
    """Windows that one working class covers nearly whole."""
    return windows.chosen(windows.pure & (windows.label != IDLE))


def from_simulation(windows: LabelledWindows, rounds: int) -> Rung:
    """Fitted on simulated nodes, measured on real ones."""
    simulated = corpus_windows(FIT_SEEDS, SubjectKind.NODE)
    both = joined([simulated, windows])
    is_real = np.arange(len(both)) >= len(simulated)
    calibrates = ~is_real & (site_codes(both) >= FITTED_ON)
    (said,) = fitted_apart(both, [Split(~is_real & ~calibrates, calibrates, is_real)], rounds, lambda _: None)
    rung = rung_of(both.chosen(is_real), said, "source", "real")
    return replace(rung, groups=1)
