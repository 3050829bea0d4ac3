"""Takes a reading of every accelerator at each tick, until the work that is recorded has ended."""

from array import array
from collections.abc import Sequence
from typing import Protocol

from tallystick.recording.reader import NVML_CHANNELS, Reader
from tallystick.records.sample import MISSING


class Clock(Protocol):
    """Instants in ns since 1970 in UTC that never go back."""

    def now_ns(self) -> int:
        """Now."""


class Work(Protocol):
    """What runs while it is recorded."""

    def wait(self, until_ns: int) -> int | None:
        """Its exit status as soon as it has ended, or None at ``until_ns``."""


class Samples:
    """Readings so far, as one growing column each: 8 bytes per value.

    ``time_ns`` and ``accelerator`` (index of the reader) and, by channel, the reading or ``MISSING``.
    """

    def __init__(self) -> None:
        self.time_ns = array("q")
        self.accelerator = array("q")
        self.channels = {name: array("q") for name in NVML_CHANNELS}

    def __len__(self) -> int:
        return len(self.time_ns)

    def add(self, time_ns: int, accelerator: int, values: Sequence[int]) -> None:
        """Take in one sample, unless all of its values are missing: then there was none."""
        if all(value == MISSING for value in values):
            return
        self.time_ns.append(time_ns)
        self.accelerator.append(accelerator)
        for column, value in zip(self.channels.values(), values, strict=True):
            column.append(value)


def sample_while(
    work: Work, readers: Sequence[Reader], samples: Samples, interval_ns: int, clock: Clock
) -> int:
    """Sample every ``interval_ns`` into ``samples`` until ``work`` has ended. Returns its exit status.

    A tick that is missed is left out, never made up for: the gap shows.
    """
    tick_ns = clock.now_ns()
    while True:
        for index, reader in enumerate(readers):
            time_ns = clock.now_ns()
            samples.add(time_ns, index, reader.read())
        late_ns = max(0, clock.now_ns() - tick_ns)
        tick_ns += (late_ns // interval_ns + 1) * interval_ns
        status = work.wait(tick_ns)
        if status is not None:
            return status
