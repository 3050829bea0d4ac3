"""Lock-step in what nodes send and receive over InfiniBand: joins the work of several nodes.

A node's counters are of all its ports and all its work, so what two nodes have in common says that their work
goes together, and takes along all accelerators at work on them that power and NVLink have not put elsewhere:
a node that several jobs share is taken for one. Nothing is ever joined within one node. Ports that are quiet,
as those of single-node work are, join nothing, and what works there counts against going along: a cluster of
eight accelerators of a quiet node and one of a busy one stays where it is.
"""

import numpy as np

from tallystick.records.subject import SubjectKind
from tallystick.telemetry.table import Int64, SampleTable
from tallystick.workloads.lockstep_links import LEAST_COHERENCE, Clusters, Linked, traffic_series
from tallystick.workloads.lockstep_series import Bools, Series
from tallystick.workloads.traffic import PORTS, reporting

#: Less than this at the busiest moment is no traffic of a job: 20 MB/s.
LEAST_BYTES_PER_MS = 20_000


def linked_by_ports(
    table: SampleTable, index: Int64, step_ns: int, start_ns: int, active: Bools, of: Clusters
) -> Linked:
    """Which of the subjects numbered ``index`` work on nodes whose ports go together, by place in ``index``.

    ``of`` forms clusters of series; ``active`` (n, ticks) tells when a subject worked.
    """
    heard = np.zeros(len(index), np.bool_)
    on_node = _on_nodes(table, index)
    nodes = np.array(list(on_node), np.int64)
    busy = np.stack([active[on].any(axis=0) for on in on_node.values()]) if on_node else active[:0]
    series = traffic_series(table, PORTS, nodes, step_ns, start_ns, busy, LEAST_BYTES_PER_MS)
    telling = np.flatnonzero(series.views.any(axis=(1, 2)))
    few = Series(step_ns, series.views[telling], series.ticks_used[telling])
    together = []
    for cluster in of(few):
        members = [m for c in cluster.members for m in on_node[int(nodes[telling[c]])]]
        if len(cluster.members) > 1 and cluster.coherence(few.unit) >= LEAST_COHERENCE:
            together.append((tuple(members), cluster.coherence(few.unit)))
    for node in nodes[reporting(table, PORTS)[nodes]].tolist():
        heard[on_node[node]] = True
    return Linked(tuple(together), heard)


def _on_nodes(table: SampleTable, index: Int64) -> dict[int, list[int]]:
    """For each node by number the places in ``index`` of what works on it: accelerators, or the node."""
    place = {table.subjects[i].name: p for p, i in enumerate(index.tolist())}
    found = {
        i: sorted({place[name] for name in (s.name, *s.covers) if name in place})
        for i, s in enumerate(table.subjects)
        if s.kind is SubjectKind.NODE
    }
    return {node: places for node, places in found.items() if places}
