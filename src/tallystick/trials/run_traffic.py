"""What traffic adds to the run finder where power tells little: simulated sites, with and without counters.

``python -m tallystick.trials.run_traffic`` prints mean adjusted Rand indexes of one slot at 2 s. A site holds
training jobs of several nodes, single-node training, experts served over nodes, a deployment whose nodes take
prompts or generate, and replicas of one node. Power is as it is, capped at what is exceeded in all but a
twentieth of the time, or padded with noise of 120 W. Then the imbalance of what ports send and receive, by
kind of work. Nothing is fitted here: the finder is the shipped one. That caches flow one way and everything
else both ways is put into the simulator, so the figures on imbalance say what it would show, not how often.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from tallystick.records.sample import MISSING
from tallystick.records.subject import Subject, SubjectKind, Trust
from tallystick.simulation.counters import PortCounters
from tallystick.simulation.inference_kinds import apart_over_nodes, over_nodes, serving
from tallystick.simulation.power import IDLE_W, node_w
from tallystick.simulation.signals import ACCELERATORS_PER_NODE, Float32, Float64, Process, Quantity
from tallystick.simulation.training import TrainingProcess
from tallystick.simulation.training_family import draw_fine_tuning, draw_pretraining
from tallystick.telemetry.table import Int64, SampleTable
from tallystick.units import NS_PER_S, SLOT_NS
from tallystick.workloads.agreement import adjusted_rand_index
from tallystick.workloads.lockstep import group_slot
from tallystick.workloads.traffic import LINKS, PORTS, imbalance_ppm, traffic_totals

INTERVAL_S = 2
TICKS = SLOT_NS // NS_PER_S // INTERVAL_S
RUNNING_S = 600
START_NS = 2_000_000 * SLOT_NS
POWERS = ("as it is", "capped", "padded")
WALL = "node power"
#: What is observed: by name, whether accelerators report themselves, and which counters there are.
OBSERVED: dict[str, tuple[bool, tuple[str, ...]]] = {
    "power": (True, ()),
    "power, InfiniBand": (True, PORTS),
    "power, NVLink": (True, LINKS),
    "power, NVLink, InfiniBand": (True, (*LINKS, *PORTS)),
    WALL: (False, ()),
    "node power, InfiniBand": (False, PORTS),
}
POWER = "DCGM_FI_DEV_POWER_USAGE"
TRAINING, EXPERTS, APART = "training over nodes", "experts served over nodes", "prompts and generation apart"
SINGLE, REPLICA = "training on a node", "replica on a node"
SITES, SEED = 20, 9700


@dataclass(frozen=True)
class Job:
    """A job's work and what it did: ``signals`` (quantities, nodes, 8, TICKS)."""

    work: str
    signals: Float32


@dataclass(frozen=True)
class TrafficScore:
    """Mean, and worst, adjusted Rand index over the sites for one kind of power and of observation."""

    power: str
    observed: str
    mean: float
    worst: float


def drawn_jobs(rng: np.random.Generator) -> Iterator[Job]:
    """The jobs of one site, 16 nodes in all."""
    for nodes, work in ((2, TRAINING), (2, TRAINING), (3, TRAINING), (1, SINGLE), (1, SINGLE), (1, SINGLE)):
        drawn = draw_pretraining(rng, nodes) if nodes > 1 else draw_fine_tuning(rng)
        yield Job(work, _slot_of(TrainingProcess(replace(drawn, pipeline_stages=1), nodes, 1e6, rng)))
    yield Job(EXPERTS, _slot_of(over_nodes((0.3, 1.0))(rng, 2, 1e6)))
    yield Job(APART, _slot_of(apart_over_nodes((0.3, 1.0))(rng, 2, 1e6)))
    for _ in range(2):
        yield Job(REPLICA, _slot_of(serving(level=(0.3, 1.0))(rng, 1, 1e6)))


def _slot_of(process: Process) -> Float32:
    edges = np.arange(RUNNING_S // INTERVAL_S + TICKS + 1, dtype=np.float64) * INTERVAL_S
    return process.advance(edges)[..., -TICKS:]


def site(rng: np.random.Generator, power: str) -> tuple[SampleTable, Int64, tuple[str, ...]]:
    """One slot of a site: its table, the job of each node, and the work of each job."""
    jobs = list(drawn_jobs(rng))
    watts = [_disguised(job.signals[Quantity.POWER_W].astype(np.float64), power, rng) for job in jobs]
    signals = np.concatenate([job.signals for job in jobs], axis=1)
    job_of = np.repeat(np.arange(len(jobs)), [job.signals.shape[1] for job in jobs])
    table = _table(np.clip(np.concatenate(watts) + IDLE_W, IDLE_W, 700), signals, rng)
    return table, job_of, tuple(job.work for job in jobs)


def _disguised(watts: Float64, power: str, rng: np.random.Generator) -> Float64:
    if power == "capped":
        return np.minimum(watts, np.quantile(watts, 0.05)) + rng.normal(0, 6, watts.shape)
    return watts + rng.normal(0, 120, watts.shape) if power == "padded" else watts


def _table(watts: Float64, signals: Float32, rng: np.random.Generator) -> SampleTable:
    """Readings of nodes and, after each, of its accelerators; ``watts`` is (nodes, 8, TICKS)."""
    nodes = len(watts)
    each = 1 + ACCELERATORS_PER_NODE
    columns: dict[str, Int64] = {}

    def put(name: str, of_node: bool, readings: Int64) -> None:
        column = columns.setdefault(name, np.full((nodes, each, TICKS), MISSING))
        column[:, 0 if of_node else slice(1, None)] = readings

    put(POWER, False, np.rint(watts * 1000).astype(np.int64))
    host = np.full((nodes, TICKS), 1400, np.float32)
    put("NODE_POWER_USAGE", True, np.rint(1000 * node_w(watts.astype(np.float32), host)).astype(np.int64))
    for name, way in zip(LINKS, (Quantity.NVLINK_TX, Quantity.NVLINK_RX), strict=True):
        grown = np.cumsum(np.rint(signals[way].astype(np.float64) * INTERVAL_S), axis=-1)
        put(name, False, 10**12 + grown.astype(np.int64))
    rates = signals[[Quantity.INFINIBAND_TX, Quantity.INFINIBAND_RX]]
    ports = PortCounters(nodes, rng).advance(rates, INTERVAL_S, rng)
    for name, counted in zip(PORTS, ports, strict=True):
        put(name, True, counted)
    time_ns = START_NS + np.arange(TICKS, dtype=np.int64) * INTERVAL_S * NS_PER_S
    return SampleTable(
        _subjects(nodes),
        np.repeat(np.arange(nodes * each, dtype=np.int64), TICKS),
        np.tile(time_ns, nodes * each),
        np.zeros(nodes * each * TICKS, np.int64),
        {name: column.ravel() for name, column in columns.items()},
    )


def _subjects(nodes: int) -> tuple[Subject, ...]:
    interval_ns = INTERVAL_S * NS_PER_S
    found = []
    for node in range(nodes):
        covers = tuple(f"n{node:02d}-a{i}" for i in range(ACCELERATORS_PER_NODE))
        for name, kind, key, names in (
            (f"n{node:02d}", SubjectKind.NODE, "hgx-h100-8", covers),
            *((name, SubjectKind.ACCELERATOR, "h100-sxm", (name,)) for name in covers),
        ):
            found.append(Subject(name, kind, key, names, "simulated", Trust.OPERATOR, interval_ns, 0))
    return tuple(found)


def observed_by(table: SampleTable, which: str) -> SampleTable:
    """The table as it is where only ``which`` of ``OBSERVED`` is reported."""
    accelerators, counters = OBSERVED[which]
    kinds = [s.kind is SubjectKind.NODE for s in table.subjects]
    chosen = np.flatnonzero(np.array(kinds) | accelerators)
    rows = np.isin(table.subject, chosen)
    place = np.cumsum(np.isin(np.arange(len(kinds)), chosen)) - 1
    names = [POWER] * accelerators + ["NODE_POWER_USAGE", *counters]
    return SampleTable(
        tuple(table.subjects[i] for i in chosen.tolist()),
        place[table.subject[rows]],
        table.time_ns[rows],
        table.quality[rows],
        {name: table.channels[name][rows] for name in names},
    )


def agreement(table: SampleTable, job_of: Int64) -> float:
    """Adjusted Rand index of the groups found over accelerators, or over nodes where only they report."""
    groups = group_slot(table)
    place = {name: number for number, g in enumerate(groups) for name in g.subjects}
    alone = all(s.kind is SubjectKind.NODE for s in table.subjects)
    counted = [s.name for s in table.subjects if alone or s.kind is SubjectKind.ACCELERATOR]
    found = np.array([place.get(name, -1 - i) for i, name in enumerate(counted)], np.int64)
    return adjusted_rand_index(np.array([job_of[int(name[1:3])] for name in counted], np.int64), found)


def traffic_scores(sites: int = SITES, seed: int = SEED) -> list[TrafficScore]:
    """One row for each kind of power and of observation, over ``sites`` sites."""
    found: dict[tuple[str, str], list[float]] = {}
    for number in range(sites):
        for power in POWERS:
            table, job_of, _ = site(np.random.default_rng([seed, number]), power)
            for which in OBSERVED:
                found.setdefault((power, which), []).append(agreement(observed_by(table, which), job_of))
    return [
        TrafficScore(power, which, float(np.mean(scores)), min(scores))
        for (power, which), scores in found.items()
    ]


def imbalances(sites: int = SITES, seed: int = SEED) -> dict[str, list[int]]:
    """Imbalance in ppm of the ports of each job over several nodes, by work."""
    found: dict[str, list[int]] = {}
    for number in range(sites):
        table, job_of, works = site(np.random.default_rng([seed, number]), POWERS[0])
        totals = traffic_totals(table, PORTS)[:, :: 1 + ACCELERATORS_PER_NODE]
        for job, work in enumerate(works):
            shown = imbalance_ppm(totals[:, job_of == job])
            if work in (TRAINING, EXPERTS, APART) and shown is not None:
                found.setdefault(work, []).append(shown)
    return found


def traffic_text(sites: int = SITES, seed: int = SEED) -> str:
    """Both tables."""
    lines = [f"simulated, {sites} sites of 16 nodes, one slot at {INTERVAL_S} s; adjusted Rand index"]
    lines += [
        f"  power {s.power:8s}  {s.observed:26s} mean {s.mean:.3f}  worst {s.worst:.3f}"
        for s in traffic_scores(sites, seed)
    ]
    lines.append("what ports send and receive differ by, as a part of their sum, by job:")
    for work, shares in imbalances(sites, seed).items():
        low, middle, high = (np.percentile(shares, q) / 10_000 for q in (0, 50, 100))
        lines.append(
            f"  {work:30s} {len(shares):3d} jobs: {low:.2f} % to {high:.2f} %, median {middle:.2f} %"
        )
    return "\n".join(lines)


def main() -> None:
    """Prints both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=SITES)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    print(traffic_text(given.sites, given.seed))


if __name__ == "__main__":
    main()
