"""How strongly a run's windows speak against "this is permitted work": one anytime-valid e-value per run.

The null is composite: in any window, given all windows before it, the expected share of the run's
accelerators that are judged training is at most ``reference_share``, the greatest that permitted work of a
named reference set showed over any hour. Against it we bet window by window: with x the share that is judged
training, wealth is multiplied by 1 + c (x / m - 1), m being the reference share, and averaged over several
stakes c. Under the null wealth is a supermartingale, so by Ville's inequality the chance that it *ever*
reaches 1 / a is at most a, whenever one looks (Shafer and Vovk 2019; Waudby-Smith and Ramdas 2024,
arXiv 2010.09686). Accelerators of one run are nearly one observation; their average is valid under any
dependence. Work outside the reference set can break the null, and then nothing is guaranteed.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Float64 = npt.NDArray[np.float64]

#: Stakes: 1 is all of what can be lost.
STAKES = (0.05, 0.2, 0.5, 0.8)
#: Below this the null would be refuted by a single misjudged window.
LEAST_SHARE = 0.02


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

    Leave out windows that nobody observed: what is missing must not depend on the work.
    """
    if not 0 <= reference_share < 1:
        raise ValueError(f"a reference share of {reference_share} is not at least 0 and below 1")
    m = max(LEAST_SHARE, reference_share)
    gain = np.asarray(training_share, np.float64) / m - 1
    wealth = np.cumsum(np.log1p(np.outer(np.array(STAKES), gain)), axis=1)
    most = wealth.max(axis=0, initial=-np.inf)
    mean = most + np.log(np.exp(wealth - most).mean(axis=0)) if wealth.size else np.zeros(0)
    log10_e = mean / np.log(10)
    return RunEvidence(log10_e, np.maximum.accumulate(log10_e))


def alarm_threshold_log10(false_accusations_per_year: float, runs_per_year: int) -> float:
    """log10 of the e-value from which a run is named, so that a site of ``runs_per_year`` permitted runs
    is wrongly accused at most ``false_accusations_per_year`` times a year on average.
    """
    if not 0 < false_accusations_per_year < runs_per_year:
        raise ValueError("the rate lies above 0 and below the number of runs")
    return float(np.log10(runs_per_year / false_accusations_per_year))
