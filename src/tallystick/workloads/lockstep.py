"""Which subjects work in lock-step during one slot: from power alone, whatever the labels say.

Machines of one training job compute and wait together, so the changes of their power go together; two jobs
or two serving replicas do not. Per slot: power is put on a common grid by holding the last reading; its
differences are scaled by their own median and clipped, so that starts and pauses do not outweigh everything
else; subjects are grouped by average linkage of their correlations. All values are small integers, so sums
of products are exact in whatever order a library takes them, and every machine finds the same groups.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.accounting.energy import MAX_GAP_INTERVALS
from tallystick.accounting.hardware import hardware
from tallystick.records.subject import Subject, SubjectKind
from tallystick.telemetry.table import Int64, SampleTable
from tallystick.units import NS_PER_S, PPM, SLOT_NS
from tallystick.workloads.amounts import power_series, slot_start
from tallystick.workloads.linkage import average_linkage

Bools = npt.NDArray[np.bool_]

#: Mean correlation from which clusters are one group.
LOCKSTEP_PPM = 250_000
#: Two subjects by themselves need more: by chance one pair in 25 reaches LOCKSTEP_PPM in one slot.
PAIR_PPM = 450_000
#: Power above this part of the way from idle to rated counts as work.
ACTIVE_PPM = 100_000
#: A subject takes part in a slot when it worked for at least this long.
MIN_ACTIVE_NS = 30 * NS_PER_S
#: The grid is not finer than this; subjects that are sampled more rarely than MAX_STEP_NS stay alone.
MIN_STEP_NS = 2 * NS_PER_S
MAX_STEP_NS = 30 * NS_PER_S

#: Differences are between neighbouring means over about this long: sensors that sample the same cycle at
#: other instants agree in these, and not in differences of single readings.
MEAN_NS = 16 * NS_PER_S

#: A difference equal to the median one is this many units; differences beyond CLIP units are clipped.
UNITS_PER_MEDIAN = 64
CLIP = 3 * UNITS_PER_MEDIAN
#: The median is taken as at least this, so that sensor noise of a steady machine is not blown up.
LEAST_MEDIAN_PPM = 1000


@dataclass(frozen=True, slots=True)
class Group:
    """Subjects in lock-step in one slot, sorted by name; one subject alone is a group too.

    ``coherence_ppm`` is the mean correlation over pairs, 0 for one subject.
    """

    subjects: tuple[str, ...]
    coherence_ppm: int


@dataclass(frozen=True)
class Coherence:
    """Correlation of power differences in ppm, (n, n), of the subjects named, in that order."""

    subjects: tuple[str, ...]
    correlation_ppm: Int64


def group_slot(table: SampleTable, names: Sequence[str] | None = None) -> tuple[Group, ...]:
    """Groups among the subjects called ``names`` that worked in the table's slot, by first member.

    Without ``names``: accelerators, and nodes whose accelerators do not report themselves. Raises
    SampleError where the rows lie in several slots, InputError for unknown hardware.
    """
    found = coherence(table, names)
    return _grouped(found)


def coherence(table: SampleTable, names: Sequence[str] | None = None) -> Coherence:
    """Pairwise correlations among the subjects called ``names`` that worked in the table's slot."""
    chosen = observed_subjects(table.subjects) if names is None else set(names)
    index = np.array([i for i, s in enumerate(table.subjects) if s.name in chosen], np.int64)
    index = index[np.argsort([table.subjects[i].name for i in index], kind="stable")] if len(index) else index
    intervals = np.array([table.subjects[i].interval_ns for i in index], np.int64)
    step = int(max(MIN_STEP_NS, intervals[intervals <= MAX_STEP_NS].max(initial=0)))
    level, known = _levels_on_grid(table, index, step)
    active = known & (level > ACTIVE_PPM)
    working = active.sum(axis=1) * step >= MIN_ACTIVE_NS
    changes = _changes(level[working], known[working], active[working], -(-MEAN_NS // step))
    changes[intervals[working] > MAX_STEP_NS] = 0
    subjects = tuple(table.subjects[i].name for i in index[working])
    return Coherence(subjects, correlation_ppm(changes))


def observed_subjects(subjects: Sequence[Subject]) -> set[str]:
    """Names of all accelerators, and of nodes none of whose accelerators are subjects themselves."""
    accelerators = {s.name for s in subjects if s.kind is SubjectKind.ACCELERATOR}
    nodes = {s.name for s in subjects if s.kind is SubjectKind.NODE and not accelerators & set(s.covers)}
    return accelerators | nodes


def correlation_ppm(changes: Int64) -> Int64:
    """Pearson correlation in ppm, (n, n), floored, of integer series (n, ticks) within +-CLIP.

    With n series of T ticks all sums are below T**2 * CLIP**2 < 2**53: exact floats, whatever the order.
    A constant series correlates with nothing.
    """
    ticks = changes.shape[1]
    exact = changes.astype(np.float64)
    total = exact.sum(axis=1)
    product = ticks * (exact @ exact.T) - np.outer(total, total)
    power = np.diag(product).copy()
    scale = np.sqrt(np.outer(power, power))
    ratio = np.divide(product * PPM, scale, out=np.zeros_like(product), where=scale > 0)
    rounded: Int64 = np.clip(np.floor(ratio), -PPM, PPM).astype(np.int64)
    return rounded


def _levels_on_grid(table: SampleTable, index: Int64, step_ns: int) -> tuple[Int64, Bools]:
    """Power in ppm of idle to rated (n, ticks) at each tick, and where a reading near enough exists."""
    series = power_series(table)
    start = slot_start(table)
    ticks = np.arange(step_ns // 2, SLOT_NS, step_ns)
    # one sorted key for all subjects: (subject, time within the slot)
    keys = series.subject * SLOT_NS + (series.time_ns - start)
    wanted = index[:, None] * SLOT_NS + ticks
    at = np.searchsorted(keys, wanted + (step_ns // 2 - 1), side="right") - 1
    if not len(keys):
        return np.zeros(wanted.shape, np.int64), np.zeros(wanted.shape, np.bool_)
    held = keys[np.maximum(at, 0)]
    reach = np.array([MAX_GAP_INTERVALS * table.subjects[i].interval_ns for i in index], np.int64)
    known = (at >= 0) & (held >= index[:, None] * SLOT_NS) & (wanted - held <= reach[:, None])
    kinds = [hardware(table.subjects[i].hardware) for i in index]
    idle = np.array([h.idle_mw for h in kinds], np.int64)[:, None]
    span = np.array([max(1, h.rated_mw - h.idle_mw) for h in kinds], np.int64)[:, None]
    level = (series.power_mw[np.maximum(at, 0)] - idle) * PPM // span
    return np.where(known, level, 0), known


def _changes(level: Int64, known: Bools, active: Bools, width: int) -> Int64:
    """Scaled, clipped differences (n, ticks - 2 * width + 1) of neighbouring means over ``width`` ticks.

    They are 0 where a reading is missing or the subject idled all the while.
    """
    if level.shape[1] < 2 * width:
        return np.zeros((len(level), 1), np.int64)
    power, readings, worked = (_moving_sum(x.astype(np.int64), width) for x in (level, known, active))
    steps = (power[:, width:] - power[:, :-width]) // width
    full = (readings[:, width:] == width) & (readings[:, :-width] == width)
    usable = full & (worked[:, width:] + worked[:, :-width] > 0)
    steps = np.where(usable, steps, 0)
    ordered = np.sort(np.where(usable, np.abs(steps), np.iinfo(np.int64).max), axis=1)
    count = usable.sum(axis=1)
    line = np.arange(len(count))
    median = np.where(count > 0, ordered[line, np.maximum(count - 1, 0) // 2], 0)
    scale = np.maximum(median, LEAST_MEDIAN_PPM)[:, None]
    clipped: Int64 = np.clip(steps * UNITS_PER_MEDIAN // scale, -CLIP, CLIP).astype(np.int64)
    return clipped


def _moving_sum(values: Int64, width: int) -> Int64:
    """Sums (n, ticks - width + 1) of ``width`` neighbours."""
    running = np.cumsum(np.pad(values, ((0, 0), (1, 0))), axis=1)
    return running[:, width:] - running[:, :-width]


def _grouped(found: Coherence) -> tuple[Group, ...]:
    distance = PPM - found.correlation_ppm
    np.fill_diagonal(distance, 0)
    groups = []
    for members in average_linkage(distance, PPM - LOCKSTEP_PPM):
        size = len(members)
        block = found.correlation_ppm[np.ix_(members, members)]
        inside = int(block.sum() - np.trace(block)) // max(1, size * (size - 1))
        if size == 2 and inside < PAIR_PPM:
            groups += [Group((found.subjects[i],), 0) for i in members]
        else:
            groups.append(Group(tuple(found.subjects[i] for i in members), inside if size > 1 else 0))
    return tuple(sorted(groups, key=lambda group: group.subjects))
