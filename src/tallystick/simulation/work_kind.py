"""A kind of work that a simulated corpus can place on nodes: what it is called and how it starts."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tallystick.records.workload import WorkloadClass
from tallystick.simulation.signals import Process

#: ``start(rng, nodes, duration_s)`` draws one job of the kind on ``nodes`` whole nodes.
Start = Callable[[np.random.Generator, int, float], Process]


@dataclass(frozen=True)
class WorkKind:
    """One kind of work.

    ``name`` is the finest label (a workload), ``family`` groups workloads of one sort of program and
    ``mechanism`` families that use the machine in one way; held-out groups of a benchmark are made of
    these. ``evasion`` is the name of the evasion family, empty for honest work. A job of the kind takes
    ``least_nodes`` to ``most_nodes`` nodes.
    """

    name: str
    family: str
    mechanism: str
    workload: WorkloadClass
    start: Start
    least_nodes: int = 1
    most_nodes: int = 1
    evasion: str = ""
