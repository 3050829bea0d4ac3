"""Do cases that were given about this chance end well about so often? In thirds, since cases are few."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float64]

GROUPS = 3


@dataclass(frozen=True, slots=True)
class CalibrationRow:
    """One third of the cases by prediction: the mean prediction, and how many of ``cases`` were accepted."""

    cases: int
    predicted: float
    accepted: int

    @property
    def observed(self) -> float:
        """Share accepted."""
        return self.accepted / self.cases


def calibration(prediction: Float, outcome: Float) -> tuple[CalibrationRow, ...]:
    """The lowest third first; equal predictions keep their order."""
    order = np.argsort(prediction, kind="stable")
    return tuple(
        CalibrationRow(len(part), float(prediction[part].mean()), int(outcome[part].sum()))
        for part in np.array_split(order, GROUPS)
    )
