"""Jobs of a corpus: where each runs, and how one goes on elsewhere after it lost or left a node."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tallystick.records.workload import WorkloadClass
from tallystick.simulation.faults import CorpusFaults
from tallystick.simulation.signals import ACCELERATORS_PER_NODE, QUANTITIES, Float32, Process
from tallystick.simulation.work_kind import WorkKind

#: Seconds until a job runs again: detection, a spare, loading the checkpoint (ByteRobust, arXiv 2509.16293,
#: and AcmeTrace, arXiv 2403.07648, report minutes); assumed range.
AWAY_S = (120, 1200)


@dataclass(frozen=True, slots=True)
class Move:
    """From tick ``leaves`` on the job has lost its ``member``-th node; at ``resumes`` it has ``spare``.

    ``died`` nodes fall silent. The job's other nodes wait, unless they serve on their own.
    """

    member: int
    spare: int
    leaves: int
    resumes: int
    died: bool


@dataclass(frozen=True)
class CorpusJob:
    """One job: ``nodes`` of the site for all its time, but for a ``move``."""

    kind: WorkKind
    nodes: tuple[int, ...]
    move: Move | None = None

    @property
    def waits(self) -> bool:
        """Whether all nodes stand still while one is replaced; replicas of a service do not."""
        return self.kind.workload is not WorkloadClass.INFERENCE

    @property
    def nodes_after(self) -> tuple[int, ...]:
        """Nodes at the end."""
        if self.move is None:
            return self.nodes
        return (*self.nodes[: self.move.member], self.move.spare, *self.nodes[self.move.member + 1 :])

    def stretches(self, ticks: int) -> Iterator[tuple[tuple[int, ...], int, int]]:
        """Nodes and the ticks, first and past the last, in which the job runs on them."""
        move = self.move
        if move is None:
            yield self.nodes, 0, ticks
        elif self.waits:
            yield self.nodes, 0, move.leaves
            yield self.nodes_after, move.resumes, ticks
        else:
            if stay := tuple(n for n in self.nodes if n != self.nodes[move.member]):
                yield stay, 0, ticks
            yield (self.nodes[move.member],), 0, move.leaves
            yield (move.spare,), move.resumes, ticks


def placed(kinds: Sequence[WorkKind], rng: np.random.Generator) -> tuple[CorpusJob, ...]:
    """Jobs side by side, each on as many nodes as its kind may have."""
    jobs, first = [], 0
    for kind in kinds:
        count = int(rng.integers(kind.least_nodes, kind.most_nodes + 1))
        jobs.append(CorpusJob(kind, tuple(range(first, first + count))))
        first += count
    return tuple(jobs)


def moved(
    jobs: Sequence[CorpusJob], rng: np.random.Generator, faults: CorpusFaults, ticks: int, interval_s: int
) -> tuple[CorpusJob, ...]:
    """``jobs``, some of which lose or leave a node midway for a spare one after the last node of all."""
    spare = sum(len(job.nodes) for job in jobs)
    changed = []
    for job in jobs:
        luck = float(rng.random())
        if luck < faults.deaths + faults.migrations:
            leaves = int(rng.integers(ticks // 4, max(ticks // 4 + 1, 3 * ticks // 4)))
            away = max(1, int(rng.uniform(*AWAY_S)) // interval_s)
            member = int(rng.integers(len(job.nodes)))
            resumes = min(leaves + away, ticks - 1)
            job = replace(job, move=Move(member, spare, leaves, resumes, luck < faults.deaths))
            spare += 1
        changed.append(job)
    return tuple(changed)


class RunningJob:
    """A job under way. Its process stands still while the job does: it goes on from its checkpoint."""

    def __init__(self, job: CorpusJob, process: Process, interval_s: int) -> None:
        self._job = job
        self._process = process
        self._interval_s = interval_s
        self._done = 0

    def write(self, signals: Float32, first_tick: int) -> None:
        """Put the ticks from ``first_tick`` on into ``signals`` (quantities, nodes, 8, ticks)."""
        job, move, ticks = self._job, self._job.move, signals.shape[-1]
        if move is None:
            signals[:, list(job.nodes)] = self._advance(ticks)
            return
        leaves, resumes = (int(np.clip(t - first_tick, 0, ticks)) for t in (move.leaves, move.resumes))
        did = np.zeros((QUANTITIES, len(job.nodes), ACCELERATORS_PER_NODE, ticks), np.float32)
        parts = [(0, leaves), (resumes, ticks)] if job.waits else [(0, ticks)]
        for start, stop in parts:
            if stop > start:
                did[..., start:stop] = self._advance(stop - start)
        # A replica that moves is away for as long as the whole job would be.
        did[:, move.member, :, leaves:resumes] = 0
        signals[:, list(job.nodes)] = did
        signals[:, move.spare, :, resumes:] = did[:, move.member, :, resumes:]
        signals[:, job.nodes[move.member], :, resumes:] = 0

    def _advance(self, ticks: int) -> Float32:
        edges_s = self._interval_s * (self._done - 1 + np.arange(ticks + 1.0))
        self._done += ticks
        return self._process.advance(edges_s)
