"""Which subjects work in lock-step during one slot: from power alone, whatever the labels say.

Machines of one training job compute and wait together, so the changes of their power go together; two jobs or
two serving replicas do not. What is compared is in ``lockstep_series``, how clusters are joined in
``lockstep_clusters``; traffic joins what power leaves apart, over NVLink (``lockstep_links``) and then over
InfiniBand between nodes (``lockstep_ports``). Here the cost is kept linear in the number of subjects:
clusters are first formed among ``BATCH`` neighbours by name, and then what came out, largest first, is taken
up to ``BATCH`` at a time, the ``LEADERS`` largest so far always among them. So a run is put together wherever
its members stand, if at least two of them are in some one batch; that is sure for a run of more members than
there are batches.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tallystick.records.subject import Subject, SubjectKind
from tallystick.telemetry.table import Int64, SampleTable
from tallystick.units import NS_PER_S, PPM, SLOT_NS
from tallystick.workloads.amounts import slot_start
from tallystick.workloads.lockstep_clusters import Cluster, merged, singles
from tallystick.workloads.lockstep_copies import copies_apart
from tallystick.workloads.lockstep_links import joined, linked_by
from tallystick.workloads.lockstep_ports import linked_by_ports
from tallystick.workloads.lockstep_series import Bools, Levels, Series, grid_step, levels_on_grid, series_of
from tallystick.workloads.traffic import LINKS, PORTS, has_traffic

#: Power above this part of the way from idle to rated counts as work.
ACTIVE_PPM = 100_000
#: A subject takes part in a slot when it worked for at least this long.
MIN_ACTIVE_NS = 30 * NS_PER_S
#: Subjects that are sampled more rarely than this stay alone.
MAX_INTERVAL_NS = 30 * NS_PER_S
#: Clusters compared at a time, and how many of the largest are compared with all others.
BATCH, LEADERS = 256, 64


@dataclass(frozen=True, slots=True)
class Group:
    """Subjects in lock-step in one slot, sorted by name; one subject alone is a group too.

    ``coherence_ppm`` is the mean correlation over pairs, of power or, where that joined them, of traffic;
    0 for one subject.
    """

    subjects: tuple[str, ...]
    coherence_ppm: int


def group_slot(table: SampleTable, names: Sequence[str] | None = None) -> tuple[Group, ...]:
    """Groups among the subjects called ``names`` that worked in the table's slot, by first member.

    Without ``names``: accelerators, and nodes whose accelerators do not report themselves. Raises
    SampleError where the rows lie in several slots, InputError for unknown hardware.
    """
    return group_span(table, slot_start(table), SLOT_NS, names)


def group_span(
    table: SampleTable, start_ns: int, span_ns: int, names: Sequence[str] | None = None
) -> tuple[Group, ...]:
    """Groups as of ``group_slot``, over ``span_ns`` from ``start_ns``: more time tells more runs apart."""
    chosen = observed_subjects(table.subjects) if names is None else set(names)
    index = sorted(
        (i for i, s in enumerate(table.subjects) if s.name in chosen), key=lambda i: table.subjects[i].name
    )
    rows, series, active = _working(table, np.array(index, np.int64), start_ns, span_ns)
    clusters = [(cluster, cluster.coherence(series.unit)) for cluster in clusters_of(series)]
    for channels, linked in ((LINKS, linked_by), (PORTS, linked_by_ports)):
        if has_traffic(table, channels):
            said = linked(table, rows, series.step_ns, start_ns, active, clusters_of)
            clusters = joined(clusters, said, series)
    groups = [
        Group(tuple(table.subjects[int(rows[m])].name for m in cluster.members), int(coherence * PPM))
        for cluster, coherence in clusters
    ]
    return tuple(sorted(groups, key=lambda group: group.subjects))


def clusters_of(series: Series) -> list[Cluster]:
    """Clusters of all subjects, in the order of their first member."""
    count = len(series.views)
    found: list[Cluster] = []
    for first in range(0, count, BATCH):
        found += merged(singles(series, range(first, min(first + BATCH, count))), series)
    found = _gathered(found, series) if count > BATCH else found
    return copies_apart(found, series)


def _gathered(found: list[Cluster], series: Series) -> list[Cluster]:
    """Clusters joined further, BATCH at a time, the largest first and the LEADERS always among them."""
    leaders: list[Cluster] = []
    done: list[Cluster] = []
    waiting = sorted(found, key=_largest_first)
    while waiting:
        room = BATCH - len(leaders)
        taken = sorted(merged(leaders + waiting[:room], series), key=_largest_first)
        waiting = waiting[room:]
        leaders, rest = taken[:LEADERS], taken[LEADERS:]
        done += rest
    return sorted(leaders + done, key=lambda c: c.members)


def _largest_first(cluster: Cluster) -> tuple[int, tuple[int, ...]]:
    return -len(cluster.members), cluster.members


def _working(table: SampleTable, index: Int64, start_ns: int, span_ns: int) -> tuple[Int64, Series, Bools]:
    """Numbers of the subjects that worked, their series, and where (n, ticks) each worked."""
    intervals = np.array([table.subjects[i].interval_ns for i in index.tolist()], np.int64)
    step = grid_step(intervals[intervals <= MAX_INTERVAL_NS])
    levels = levels_on_grid(table, index, step, start_ns, span_ns)
    active = levels.known & (levels.ppm > ACTIVE_PPM)
    working = active.sum(axis=1) * step >= MIN_ACTIVE_NS
    often = (intervals <= MAX_INTERVAL_NS)[working]
    chosen = Levels(step, levels.ppm[working], levels.known[working])
    used = active[working] & often[:, None]
    return index[working], series_of(chosen, used), used


def observed_subjects(subjects: Sequence[Subject]) -> set[str]:
    """Names of all accelerators, and of nodes none of whose accelerators are subjects themselves."""
    accelerators = {s.name for s in subjects if s.kind is SubjectKind.ACCELERATOR}
    nodes = {s.name for s in subjects if s.kind is SubjectKind.NODE and not accelerators & set(s.covers)}
    return accelerators | nodes
