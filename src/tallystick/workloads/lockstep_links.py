"""Lock-step in what accelerators send and receive over NVLink, where they report it.

The counters become rates, sending and receiving apart, and then quick views as power does. Where power tells
nothing, because it is capped or padded with noise, the traffic still goes in steps. Links only ever join what
power left apart, never part what power joined, and never join two clusters that are both large: there power
had evidence enough. Counters that are missing, stuck or reset are no readings, so they join nothing.
"""

from collections.abc import Sequence

import numpy as np

from tallystick.accounting.energy import MAX_GAP_INTERVALS
from tallystick.records.sample import MISSING, Quality
from tallystick.telemetry.table import Int64, SampleTable
from tallystick.units import PPM
from tallystick.workloads.lockstep_clusters import Cluster, of_members
from tallystick.workloads.lockstep_copies import MANY
from tallystick.workloads.lockstep_series import QUICK, Bools, Int16, Levels, Series, interpolated, series_of

SENT, RECEIVED = "DCGM_FI_DEV_NVLINK_COUNT_TX_BYTES", "DCGM_FI_DEV_NVLINK_COUNT_RX_BYTES"
#: Clusters of links are believed from this mean correlation on; unrelated jobs stay far below.
LEAST_COHERENCE = 0.5
#: A cluster goes along when so many of its members with links are in one cluster of links: 4 of 5.
WITHIN, OF_LINKED = 4, 5
#: Rates above 4 TB/s are damage.
MAX_BYTES_PER_US = 4_000_000
_NS_PER_US = 1000


def has_links(table: SampleTable) -> bool:
    """Whether the table has both counters."""
    return SENT in table.channels and RECEIVED in table.channels


def link_bytes(table: SampleTable, channel: str) -> tuple[Int64, Int64, Int64]:
    """Rows (m,) that follow a reading without gap, reset or damage; bytes and microseconds since it."""
    values = table.channels.get(channel)
    if values is None or len(table) < 2:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.ones(0, np.int64)
    at = np.flatnonzero(values != MISSING)
    before, after = at[:-1], at[1:]
    took = table.time_ns[after] - table.time_ns[before]
    reach = np.array([MAX_GAP_INTERVALS * s.interval_ns for s in table.subjects], np.int64)
    sound = (table.subject[before] == table.subject[after]) & (took >= _NS_PER_US)
    sound &= (took <= reach[table.subject[after]]) & (values[before] >= 0) & (values[after] >= values[before])
    sound &= table.quality[after] & int(Quality.AFTER_RESET | Quality.AFTER_GAP) == 0
    after, took_us = after[sound], took[sound] // _NS_PER_US
    counted = values[after] - values[before[sound]]
    likely = counted // took_us <= MAX_BYTES_PER_US
    return after[likely], counted[likely], took_us[likely]


def link_totals(table: SampleTable) -> Int64:
    """Bytes (2, subjects) that each subject sent and received, as far as sound readings tell."""
    totals = np.zeros((2, len(table.subjects)), np.int64)
    for way, channel in enumerate((SENT, RECEIVED)):
        rows, counted, _ = link_bytes(table, channel)
        np.add.at(totals[way], table.subject[rows], counted)
    return totals


def imbalance_ppm(totals: Int64) -> int | None:
    """Median over subjects of what ``totals`` (2, n) differ by, as a part of their sum; None where no
    subject has both.
    """
    counted = [(sent, received) for sent, received in totals.T.tolist() if sent > 0 and received > 0]
    shares = sorted(abs(sent - received) * PPM // (sent + received) for sent, received in counted)
    return shares[(len(shares) - 1) // 2] if shares else None


def link_series(table: SampleTable, index: Int64, step_ns: int, start_ns: int, active: Bools) -> Series:
    """Quick views of what the subjects numbered ``index`` sent and received; zeros where they say nothing."""
    views = [_quick(table, channel, index, step_ns, start_ns, active) for channel in (SENT, RECEIVED)]
    both = np.stack([v for v, _ in views], axis=1)
    return Series(step_ns, both, np.minimum(views[0][1], views[1][1]))


def _quick(
    table: SampleTable, channel: str, index: Int64, step_ns: int, start_ns: int, active: Bools
) -> tuple[Int16, Int64]:
    """Quick view (n, ticks) of the rate of one counter, in ppm of each subject's greatest, and ticks used."""
    rows, counted, took_us = link_bytes(table, channel)
    rate = counted * 1000 // np.maximum(took_us, 1)
    levels = np.zeros(active.shape, np.int64)
    known = np.zeros(active.shape, np.bool_)
    ticks = np.arange(active.shape[1]) * step_ns + step_ns // 2
    bounds = np.searchsorted(table.subject[rows], np.arange(len(table.subjects) + 1))
    for row, i in enumerate(index.tolist()):
        mine = slice(int(bounds[i]), int(bounds[i + 1]))
        if most := int(rate[mine].max(initial=0)):
            time = table.time_ns[rows[mine]] - start_ns
            reach = table.subjects[i].interval_ns
            levels[row], known[row] = interpolated(ticks, time, rate[mine] * PPM // most, reach)
    found = series_of(Levels(step_ns, levels, known), active)
    return found.views[:, QUICK], found.ticks_used


def joined_by_links(
    clusters: Sequence[Cluster], by_links: Sequence[Cluster], power: Series, links: Series
) -> list[tuple[Cluster, float]]:
    """Clusters by power after what ``by_links`` join, each with its mean correlation over pairs."""
    linked: Bools = np.any(links.views, axis=(1, 2))
    owner: dict[int, int] = {}
    for place, cluster in enumerate(by_links):
        if len(cluster.members) > 1 and cluster.coherence(links.unit) >= LEAST_COHERENCE:
            owner.update((m, place) for m in cluster.members)
    going: dict[int, list[Cluster]] = {}
    found: list[tuple[Cluster, float]] = []
    for cluster in clusters:
        number: int | None = _goes_along(cluster, owner, int(linked[list(cluster.members)].sum()))
        if number is None:
            found.append((cluster, cluster.coherence(power.unit)))
        else:
            going.setdefault(number, []).append(cluster)
    for joint, together in going.items():
        large = sorted((c for c in together if len(c.members) >= MANY), key=lambda c: -len(c.members))
        found += [(c, c.coherence(power.unit)) for c in large[1:]]
        joined = large[:1] + [c for c in together if len(c.members) < MANY]
        if len(joined) == 1:
            found.append((joined[0], joined[0].coherence(power.unit)))
            continue
        whole = of_members([m for c in joined for m in c.members], power)
        found.append((whole, max(whole.coherence(power.unit), by_links[joint].coherence(links.unit))))
    return sorted(found, key=lambda pair: pair[0].members)


def _goes_along(cluster: Cluster, owner: dict[int, int], linked: int) -> int | None:
    """The cluster of links that most of this one's members with links are in; None where there is none."""
    counts: dict[int, int] = {}
    for member in cluster.members:
        if member in owner:
            counts[owner[member]] = counts.get(owner[member], 0) + 1
    best = max(counts, key=lambda number: (counts[number], -number), default=None)
    return best if best is not None and OF_LINKED * counts[best] >= WITHIN * max(1, linked) else None
