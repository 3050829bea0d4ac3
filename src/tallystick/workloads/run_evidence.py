"""The e-value of a run from shares of its accelerators, for trials, by ``accounting.run_evidence``."""

from dataclasses import dataclass
from math import ceil

import numpy as np
import numpy.typing as npt

from tallystick.accounting.run_evidence import BIT, WindowCount, log2_evidence
from tallystick.units import PPM

Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RunEvidence:
    """Evidence after each window: ``log10_e`` (windows,) and its greatest value so far, ``log10_most``."""

    log10_e: Float64
    log10_most: Float64

    def first_alarm(self, log10_threshold: float) -> int | None:
        """Index of the window at which the e-value first reaches the threshold; None if never."""
        reached = np.flatnonzero(self.log10_most >= log10_threshold)
        return int(reached[0]) if len(reached) else None


def run_evidence(training_share: Float64, reference_share: float) -> RunEvidence:
    """Evidence from the shares (windows,), 0 to 1, of a run's observed windows, in order of time.

    Shares are taken in parts per million, the reference rounded up. Leave out windows that nobody observed:
    what is missing must not depend on the work.
    """
    shares = np.asarray(training_share, np.float64)
    windows = [WindowCount(count, PPM) for count in np.floor(shares * PPM).astype(np.int64).tolist()]
    log10_e = np.array(log2_evidence(windows, ceil(reference_share * PPM)), np.float64) / BIT * np.log10(2)
    return RunEvidence(log10_e, np.maximum.accumulate(log10_e))


def alarm_threshold_log10(false_accusations_per_year: float, runs_per_year: int) -> float:
    """log10 of the e-value from which a run is named, so that a site of ``runs_per_year`` permitted runs
    is wrongly accused at most ``false_accusations_per_year`` times a year on average.
    """
    if not 0 < false_accusations_per_year < runs_per_year:
        raise ValueError("the rate lies above 0 and below the number of runs")
    return float(np.log10(runs_per_year / false_accusations_per_year))
