"""Guesses that a whole column is in the wrong unit, made so that true data is not refused.

A column is judged only as a whole, after all of the table was seen (``spec/samples.md``, "Units that
are refused"): one reading in the right unit is enough to let it pass.
"""

from collections.abc import Sequence

import numpy as np

from tallystick.errors import SampleError
from tallystick.records.sample import CHANNELS, POWER_CHANNEL
from tallystick.records.subject import Subject, SubjectKind
from tallystick.telemetry.place import Place
from tallystick.telemetry.table import Int64

#: A power column never above this per accelerator is in watts: no accelerator runs on 2 W.
WATTS_BELOW = 2_000
#: A share column never above this is in percent.
PERCENT_UP_TO = 100
#: Memory in use never above this is in MiB: a driver alone takes more than 1 MiB.
MIB_BELOW = 2**20

#: DCGM reports this one in whole percent, so that a true reading is 0 or at least 10,000 ppm.
WHOLE_PERCENT = "DCGM_FI_DEV_GPU_UTIL"

_POWER = frozenset(POWER_CHANNEL.values())


class UnitSurvey:
    """Greatest reading per subject of one column, and how many readings there were."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._greatest = np.zeros(0, dtype=np.int64)
        self._readings = 0
        self._positive = 0
        self._first = ""

    @classmethod
    def applies(cls, name: str) -> bool:
        """Whether there is a rule for the channel."""
        return name in _POWER or CHANNELS[name].unit == "ppm" or name == "DCGM_FI_DEV_FB_USED"

    def add(self, values: Int64, subject: Int64, place: Place) -> None:
        """Take in a batch: readings (n,) or ``MISSING``, and the number of each row's subject (n,)."""
        positive = values > 0
        self._readings += int((values >= 0).sum())
        if not positive.any():
            return
        self._first = self._first or place.at(int(positive.argmax()))
        self._positive += int(positive.sum())
        size = int(subject.max()) + 1
        if size > len(self._greatest):
            self._greatest = np.concatenate((self._greatest, np.zeros(size, dtype=np.int64)))
        np.maximum.at(self._greatest, subject[positive], values[positive])

    def check(self, subjects: Sequence[Subject]) -> None:
        """Raise SampleError where the unit is wrong. ``subjects[i]`` is subject number ``i``."""
        if not self._positive:
            return
        greatest = int(self._greatest.max())
        if self.name in _POWER:
            sizes = accelerators(subjects)
            limit = np.array([WATTS_BELOW * sizes[s.name] for s in subjects], dtype=np.int64)
            found = self._greatest[: len(limit)]
            if (found < limit[: len(found)]).all():
                self._refuse(f"never exceeds {greatest}: watts instead of mW?", "multiply by 1000")
        elif CHANNELS[self.name].unit == "ppm":
            busy = self.name == WHOLE_PERCENT or self._positive * 2 > self._readings
            if greatest <= PERCENT_UP_TO and busy:
                factor = "1000000 (fraction)" if greatest == 1 else "10000 (percent)"
                self._refuse(f"never exceeds {greatest}: not ppm?", f"multiply by {factor}")
        elif greatest < MIB_BELOW:
            self._refuse(f"never exceeds {greatest}: MiB instead of bytes?", "multiply by 1048576")

    def _refuse(self, problem: str, mend: str) -> None:
        raise SampleError(f"'{self.name}' {problem}", where=self._first, mend=f"{mend} (spec/samples.md)")


def accelerators(subjects: Sequence[Subject]) -> dict[str, int]:
    """How many accelerators each subject stands for, through the nodes that a meter covers."""
    nodes = {s.name: len(s.covers) for s in subjects if s.kind is SubjectKind.NODE}
    return {s.name: max(1, sum(nodes.get(c, 1) if c != s.name else 1 for c in s.covers)) for s in subjects}
