"""What the run finder makes of low-communication training, which is not in lock-step: simulated.

Workers of a DiLoCo-like job (arXiv 2311.08105) step by themselves and meet every few hundred steps; then all
wait for the exchange. A worker of several nodes is in lock-step within itself. Two such jobs run beside
single nodes; each worker should be one run, and the job as a whole one too: both are scored.
"""

from dataclasses import dataclass, replace

import numpy as np

from tallystick.records.subject import Subject, SubjectKind, Trust
from tallystick.simulation.power import IDLE_W, node_w
from tallystick.simulation.signals import ACCELERATORS_PER_NODE, Float32, Quantity
from tallystick.simulation.training import TrainingProcess
from tallystick.simulation.training_family import draw_fine_tuning, draw_pretraining
from tallystick.telemetry.table import Int64, SampleTable
from tallystick.units import NS_PER_S, SLOT_NS
from tallystick.workloads.agreement import adjusted_rand_index
from tallystick.workloads.lockstep import group_slot

JOBS, WORKERS, NODES_PER_WORKER, SINGLES = 2, 4, 4, 8
INTERVAL_S = 2
SYNC_EVERY_S, SYNC_S = 300.0, 15.0
HOST_W = 1400.0
SITES, SEED = 20, 9100
START_NS = 2_000_000 * SLOT_NS


@dataclass(frozen=True)
class LowCommunicationScore:
    """Mean adjusted Rand index against the workers and against the jobs, over the sites."""

    sites: int
    workers: float
    jobs: float


def low_communication_score(sites: int = SITES, seed: int = SEED) -> LowCommunicationScore:
    """Scores over slots of ``sites`` simulated sites."""
    by_worker, by_job = [], []
    for number in range(sites):
        table, worker, job = _site(np.random.default_rng([seed, number]))
        place = {name: i for i, g in enumerate(group_slot(table)) for name in g.subjects}
        found = np.array([place.get(s.name, -1 - i) for i, s in enumerate(table.subjects)], np.int64)
        by_worker.append(adjusted_rand_index(worker, found))
        by_job.append(adjusted_rand_index(job, found))
    return LowCommunicationScore(sites, float(np.mean(by_worker)), float(np.mean(by_job)))


def low_communication_text() -> str:
    """One line."""
    score = low_communication_score()
    return (
        f"simulated, low-communication training, {score.sites} slots of {JOBS} jobs of {WORKERS} workers of "
        f"{NODES_PER_WORKER} nodes at {INTERVAL_S} s: adjusted Rand index {score.workers:.3f} "
        f"for workers, {score.jobs:.3f} for jobs"
    )


def _site(rng: np.random.Generator) -> tuple[SampleTable, Int64, Int64]:
    """One slot of node power, and the worker and the job of each node."""
    power: list[Float32] = []
    worker: list[int] = []
    job: list[int] = []
    for number in range(JOBS):
        parameters = replace(draw_pretraining(rng, NODES_PER_WORKER), pipeline_stages=1)
        phase = float(rng.uniform(0, SYNC_EVERY_S))
        for _ in range(WORKERS):
            process = TrainingProcess(parameters, NODES_PER_WORKER, 1e6, rng)
            watts = _accelerator_w(process, parameters.startup_s + float(rng.uniform(0, 3000)))
            at = np.arange(watts.shape[2]) * INTERVAL_S
            watts[:, :, (at + phase) % SYNC_EVERY_S < SYNC_S] = IDLE_W + 60
            power.append(_node_mw(watts))
            worker += [len(power)] * NODES_PER_WORKER
            job += [number] * NODES_PER_WORKER
    for number in range(SINGLES):
        single = draw_fine_tuning(rng)
        watts = _accelerator_w(TrainingProcess(single, 1, 1e6, rng), single.startup_s + 600)
        power.append(_node_mw(watts))
        worker.append(len(power))
        job.append(JOBS + number)
    return _table(np.concatenate(power)), np.array(worker, np.int64), np.array(job, np.int64)


def _accelerator_w(process: TrainingProcess, start_s: float) -> Float32:
    """Watts (nodes, 8, ticks) of the slot that begins ``start_s`` seconds after the job's start."""
    ticks = SLOT_NS // NS_PER_S // INTERVAL_S
    before = int(start_s // INTERVAL_S)
    edges = np.arange(before + ticks + 1, dtype=np.float64) * INTERVAL_S
    watts: Float32 = process.advance(edges)[Quantity.POWER_W][:, :, -ticks:] + np.float32(IDLE_W)
    return watts


def _node_mw(accelerators_w: Float32) -> Float32:
    host = np.full((len(accelerators_w), accelerators_w.shape[2]), HOST_W, np.float32)
    return node_w(accelerators_w, host) * np.float32(1000)


def _table(power_mw: Float32) -> SampleTable:
    count, ticks = power_mw.shape
    time_ns = START_NS + np.arange(ticks, dtype=np.int64) * INTERVAL_S * NS_PER_S
    subjects = tuple(
        Subject(
            f"n{i:03d}",
            SubjectKind.NODE,
            "hgx-h100-8",
            tuple(f"n{i:03d}-a{k}" for k in range(ACCELERATORS_PER_NODE)),
            "simulated",
            Trust.OPERATOR,
            INTERVAL_S * NS_PER_S,
            0,
        )
        for i in range(count)
    )
    return SampleTable(
        subjects,
        np.repeat(np.arange(count, dtype=np.int64), ticks),
        np.tile(time_ns, count),
        np.zeros(count * ticks, np.int64),
        {"NODE_POWER_USAGE": np.rint(power_mw.astype(np.float64)).astype(np.int64).ravel()},
    )
