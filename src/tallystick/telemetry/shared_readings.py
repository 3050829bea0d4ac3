"""Notices accelerators that report the very same readings, as one that repeats another's would."""

from hashlib import blake2b

import numpy as np

from tallystick.records.sample import CHANNELS, MISSING, ChannelKind
from tallystick.telemetry.table import Int64, SampleTable

#: Fewer readings, or fewer changes between them, may be alike by chance: two idle GPUs are.
LEAST_READINGS = 20
LEAST_CHANGES = 10
_SHOWN = 3
#: Fine enough that not even accelerators in lock-step agree reading for reading.
_TELLING = ("DCGM_FI_DEV_POWER_USAGE", *(n for n, c in CHANNELS.items() if c.kind is ChannelKind.COUNTER))


class SharedReadings:
    """Goes through a source's tables in time order and remembers which subjects agreed.

    They agree where all readings of a whole slot are the same or, since a slot of a slow source holds too
    few to tell, all readings of the whole source.
    """

    def __init__(self) -> None:
        self._pairs: set[tuple[str, str]] = set()
        self._whole: dict[str, _Series] = {}

    def add(self, table: SampleTable) -> None:
        """Take in the next slot."""
        values = next((table.channels[name] for name in _TELLING if name in table.channels), None)
        if values is None:
            return
        bounds = table.bounds()
        slot: dict[str, _Series] = {}
        for index, subject in enumerate(table.subjects):
            part = values[bounds[index] : bounds[index + 1]]
            read = part[part != MISSING]
            if len(read):
                slot[subject.name] = _Series()
                slot[subject.name].add(read)
                self._whole.setdefault(subject.name, _Series()).add(read)
        self._pairs |= _alike(slot)

    def notes(self) -> tuple[str, ...]:
        """One line on all such pairs, with the first few by name."""
        pairs = sorted(self._pairs | _alike(self._whole))
        if not pairs:
            return ()
        shown = ", ".join(f"{a} and {b}" for a, b in pairs[:_SHOWN])
        more = f" and {len(pairs) - _SHOWN} more" if len(pairs) > _SHOWN else ""
        return (
            f"{len(pairs)} pairs of GPUs have identical readings over whole slots ({shown}{more}): "
            "one may be reporting another's values, and neither is evidence of its own",
        )


class _Series:
    """What readings are equal in, however many there were."""

    def __init__(self) -> None:
        self._hash = blake2b(digest_size=16)
        self._readings = 0
        self._changes = 0
        self._last: int | None = None

    def add(self, read: Int64) -> None:
        """The next readings, at least one."""
        self._hash.update(read.tobytes())
        self._readings += len(read)
        self._changes += int(np.count_nonzero(np.diff(read)))
        self._changes += self._last is not None and self._last != int(read[0])
        self._last = int(read[-1])

    def digest(self) -> bytes | None:
        """None where there are too few readings or changes to tell."""
        enough = self._readings >= LEAST_READINGS and self._changes >= LEAST_CHANGES
        return self._hash.digest() if enough else None


def _alike(series: dict[str, _Series]) -> set[tuple[str, str]]:
    """Each subject that agrees with an earlier one, after the first such."""
    first: dict[bytes, str] = {}
    pairs = set()
    for name, one in series.items():
        digest = one.digest()
        if digest is not None and first.setdefault(digest, name) != name:
            pairs.add((first[digest], name))
    return pairs
