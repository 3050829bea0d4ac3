"""Bytes that subjects sent and received, from their raw counters: only what sound readings tell.

Counters that are missing, stuck, reset or follow a gap are no readings. Sent and received stay apart: what is
equal both ways comes from collectives, which give back what they take; what flows one way does not.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.accounting.energy import MAX_GAP_INTERVALS
from tallystick.records.sample import MISSING, Quality
from tallystick.telemetry.table import Int64, SampleTable
from tallystick.units import PPM

Bools = npt.NDArray[np.bool_]

#: Counters of what an accelerator sends and receives over NVLink, and a node over InfiniBand.
LINKS = ("DCGM_FI_DEV_NVLINK_COUNT_TX_BYTES", "DCGM_FI_DEV_NVLINK_COUNT_RX_BYTES")
PORTS = ("NODE_INFINIBAND_TX_BYTES", "NODE_INFINIBAND_RX_BYTES")
#: Rates above 4 TB/s are damage.
MAX_BYTES_PER_US = 4_000_000
_NS_PER_US = 1000


@dataclass(frozen=True)
class Counted:
    """Growth of one counter: number of each ``subject`` (m,) in order, ``time_ns`` of the later of two sound
    readings, and the ``counted`` bytes and ``took_us`` microseconds between them.
    """

    subject: Int64
    time_ns: Int64
    counted: Int64
    took_us: Int64

    def totals(self, subjects: int) -> Int64:
        """Bytes (subjects,) of each subject."""
        running = np.concatenate((np.zeros(1, np.int64), np.cumsum(self.counted)))
        edges = np.searchsorted(self.subject, np.arange(subjects + 1))
        return running[edges[1:]] - running[edges[:-1]]  # the sum may wrap, differences do not

    def bytes_per_ms(self) -> Int64:
        """Rate (m,) over each interval."""
        return self.counted * 1000 // np.maximum(self.took_us, 1)


def has_traffic(table: SampleTable, channels: tuple[str, str]) -> bool:
    """Whether the table has both counters."""
    return all(name in table.channels for name in channels)


def traffic_totals(table: SampleTable, channels: tuple[str, str]) -> Int64:
    """Bytes (2, subjects) that each subject sent and received; 0 where the table lacks either counter."""
    totals = np.zeros((2, len(table.subjects)), np.int64)
    if has_traffic(table, channels):
        for part in table.parts():
            for way, name in enumerate(channels):
                totals[way, part.subjects] = counted_bytes(part.table, name).totals(len(part.table.subjects))
    return totals


def reporting(table: SampleTable, channels: tuple[str, str]) -> Bools:
    """Which subjects (subjects,) have sound readings of both counters, whatever they say."""
    found = np.ones((2, len(table.subjects)), np.bool_)
    for part in table.parts():
        for way, name in enumerate(channels):
            found[way, part.subjects] = (
                np.bincount(counted_bytes(part.table, name).subject, minlength=len(part.table.subjects)) > 0
            )
    both: Bools = found[0] & found[1]
    return both


def counted_bytes(table: SampleTable, channel: str) -> Counted:
    """Growth of a counter between readings of a subject without gap, reset or damage between them."""
    values = table.channels[channel]
    at = np.flatnonzero(values != MISSING)
    whole = len(at) == len(values)
    read, subject = (values, table.subject) if whole else (values[at], table.subject[at])
    time, quality = (table.time_ns, table.quality) if whole else (table.time_ns[at], table.quality[at])
    took = time[1:] - time[:-1]
    counted = read[1:] - read[:-1]
    reach = np.array([MAX_GAP_INTERVALS * s.interval_ns for s in table.subjects], np.int64)
    sound = (subject[1:] == subject[:-1]) & (read[1:] >= read[:-1]) & (read[:-1] >= 0)
    sound &= (took >= _NS_PER_US) & (took <= reach[subject[1:]])
    sound &= quality[1:] & int(Quality.AFTER_RESET | Quality.AFTER_GAP) == 0
    took //= _NS_PER_US
    sound &= counted < (MAX_BYTES_PER_US + 1) * took
    return Counted(subject[1:][sound], time[1:][sound], counted[sound], took[sound])


def imbalance_ppm(totals: Int64) -> int | None:
    """Median over subjects of what ``totals`` (2, n) differ by, as a part of their sum; None where no
    subject has both.
    """
    counted = [(sent, received) for sent, received in totals.T.tolist() if sent > 0 and received > 0]
    shares = sorted(abs(sent - received) * PPM // (sent + received) for sent, received in counted)
    return shares[(len(shares) - 1) // 2] if shares else None
