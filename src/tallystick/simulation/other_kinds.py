"""Work that is neither training nor inference, and rest, as kinds of work.

Fast Fourier transforms and molecular dynamics are bound by memory and exchanges, dense linear algebra by
matrix units, stencils by memory in lock-step over nodes; hashing keeps integer units busy and little else;
frames and transcodes come in a steady beat. Ranges are assumed, after roofline figures in vendors' HPC
benchmarks.
"""

import numpy as np

from tallystick.records.workload import WorkloadClass
from tallystick.simulation.phased import PhasedParameters, PhasedProcess, Scope, WorkPhase, activity
from tallystick.simulation.requests import drawn_trace
from tallystick.simulation.serving import ServingProcess, draw_serving
from tallystick.simulation.signals import NODE_NOISE, RANK_NOISE, Process
from tallystick.simulation.work_kind import Start, WorkKind

OTHER, IDLE = WorkloadClass.OTHER, WorkloadClass.IDLE
Range = tuple[float, float]


def cycles(
    compute: Range,
    exchange: Range,
    tensor: Range,
    dram: Range,
    sm: Range,
    scope: Scope,
    link: Range = (0.0, 0.0),
    write: Range = (0.0, 0.0),
    extra_w: Range = (0.0, 0.0),
    memory_gb: Range = (2.0, 70.0),
) -> Start:
    """Compute, exchange, and now and then ``write`` seconds of output; shares and GB/s within the ranges."""

    def start(rng: np.random.Generator, nodes: int, duration_s: float) -> Process:
        main = activity(
            float(rng.uniform(*tensor)),
            float(rng.uniform(*dram)),
            float(rng.uniform(*sm)),
            0.1 * float(rng.uniform(*link)),
            1.0,
            float(rng.uniform(*extra_w)),
        )
        talk = activity(
            0.0, float(rng.uniform(0.05, 0.3)), float(rng.uniform(0.1, 0.4)), float(rng.uniform(*link))
        )
        rest = activity(0.0, 0.02, 0.05, 0.0, float(rng.uniform(0, 0.5)))
        phases = [
            WorkPhase(float(rng.uniform(*compute)), float(rng.uniform(0.02, 0.2)), main, 1.0, 0.03),
            WorkPhase(float(rng.uniform(*exchange)), float(rng.uniform(0.05, 0.3)), talk),
        ]
        if write[1]:
            phases.append(WorkPhase(float(rng.uniform(*write)), 0.3, rest, float(rng.uniform(0.01, 0.1))))
        shape = PhasedParameters(
            phases=tuple(phases),
            scope=scope,
            startup_s=float(rng.uniform(5, 60)),
            memory_bytes=float(rng.uniform(*memory_gb)) * 1e9,
            node_noise=float(rng.uniform(*NODE_NOISE)),
            rank_noise=float(rng.uniform(*RANK_NOISE)),
            drift=float(rng.uniform(0, 0.15)),
        )
        return PhasedProcess(shape, nodes, duration_s, rng)

    return start


def at_rest(loaded: bool, blips: bool) -> Start:
    """Nothing to do: bare, or with a model loaded, or with somebody looking in now and then."""

    def start(rng: np.random.Generator, nodes: int, duration_s: float) -> Process:
        if loaded and not blips:
            return ServingProcess(
                draw_serving(rng, nodes, (drawn_trace(rng),), loaded_only=True), duration_s, rng
            )
        blip = activity(0.0, float(rng.uniform(0.0, 0.05)), float(rng.uniform(0.01, 0.1)), 0.0, 0.3)
        phases = (
            WorkPhase(float(rng.uniform(20, 300)), 0.5, activity(0, 0, 0, 0, 0)),
            WorkPhase(1.0, 0.3, blip, 1.0 if blips else 0.0),
        )
        shape = PhasedParameters(
            phases=phases,
            scope=Scope.NODE,
            startup_s=1.0,
            memory_bytes=float(rng.uniform(10, 76)) * 1e9 if loaded else 0.0,
            node_noise=float(rng.uniform(*NODE_NOISE)),
            rank_noise=float(rng.uniform(*RANK_NOISE)),
            loaded_w=44.0 if loaded else 0.0,
        )
        return PhasedProcess(shape, nodes, duration_s, rng)

    return start


_LOCKSTEP, _ALONE, _STREAM, _FRAMES = "bulk-synchronous", "steady integer", "streaming", "frame loop"
_MATRIX, _REST = "matrix units without learning", "at rest"
JOB, NODE, EACH = Scope.JOB, Scope.NODE, Scope.ACCELERATOR
_NONE: Range = (0.0, 0.0)

OTHER_KINDS: tuple[WorkKind, ...] = (
    WorkKind(
        "fft", "fourier transforms", _LOCKSTEP, OTHER,
        cycles((0.5, 6), (0.5, 5), _NONE, (0.5, 0.9), (0.4, 0.8), JOB, (40, 250), (5, 30)), 1, 8,
    ),
    WorkKind(
        "fft, one node", "fourier transforms", _LOCKSTEP, OTHER,
        cycles((0.3, 3), (0.2, 2), _NONE, (0.5, 0.9), (0.4, 0.8), NODE, (40, 250)),
    ),
    WorkKind(
        "stencil", "stencils", _LOCKSTEP, OTHER,
        cycles((0.5, 8), (0.1, 2), _NONE, (0.6, 0.95), (0.4, 0.85), JOB, (10, 120), (10, 60)), 1, 8,
    ),
    WorkKind(
        "weather", "stencils", _LOCKSTEP, OTHER,
        cycles((3, 20), (0.5, 4), (0.0, 0.05), (0.4, 0.8), (0.3, 0.7), JOB, (10, 80), (20, 120)), 2, 8,
    ),
    WorkKind(
        "molecular dynamics", "molecular dynamics", _LOCKSTEP, OTHER,
        cycles((0.3, 3), (0.05, 0.6), _NONE, (0.1, 0.4), (0.6, 0.95), JOB, (5, 60), (1, 8), (0, 120)), 1, 4,
    ),
    WorkKind(
        "molecular dynamics, many", "molecular dynamics", _ALONE, OTHER,
        cycles((0.3, 3), (0.05, 0.3), _NONE, (0.1, 0.4), (0.6, 0.95), EACH, _NONE, (1, 4), (0, 120)),
    ),
    WorkKind(
        "dense linear algebra", "linear algebra", _MATRIX, OTHER,
        cycles((4, 40), (0.5, 6), (0.4, 0.85), (0.2, 0.5), (0.7, 0.97), JOB, (20, 150)), 1, 8,
    ),
    WorkKind(
        "matrix products, one node", "linear algebra", _MATRIX, OTHER,
        cycles((1, 10), (0.2, 2), (0.3, 0.8), (0.2, 0.5), (0.7, 0.97), NODE, (10, 60)),
    ),
    WorkKind(
        "quantum chemistry", "quantum chemistry", _MATRIX, OTHER,
        cycles((2, 30), (1, 15), (0.1, 0.5), (0.2, 0.6), (0.4, 0.9), JOB, (5, 60), (5, 40)), 1, 4,
    ),
    WorkKind(
        "lattice physics", "lattice physics", _LOCKSTEP, OTHER,
        cycles((0.5, 5), (0.2, 2), (0.0, 0.1), (0.7, 0.95), (0.5, 0.9), JOB, (40, 200), (5, 30)), 2, 8,
    ),
    WorkKind(
        "hashing", "mining", _ALONE, OTHER,
        cycles((200, 900), (0.1, 1), _NONE, (0.0, 0.1), (0.85, 0.97), EACH, _NONE, _NONE, (50, 300), (1, 6)),
    ),
    WorkKind(
        "memory-hard hashing", "mining", _ALONE, OTHER,
        cycles((200, 900), (0.1, 1), _NONE, (0.75, 0.95), (0.3, 0.7), EACH, _NONE, _NONE, (0, 60), (4, 12)),
    ),
    WorkKind(
        "zero-knowledge proving", "proving", _ALONE, OTHER,
        cycles((5, 60), (1, 20), _NONE, (0.3, 0.7), (0.6, 0.95), EACH, _NONE, _NONE, (0, 200)),
    ),
    WorkKind(
        "rendering", "rendering", _FRAMES, OTHER,
        cycles((2, 40), (0.5, 6), (0.0, 0.15), (0.2, 0.6), (0.5, 0.95), EACH, _NONE, (1, 6), (0, 150)),
    ),
    WorkKind(
        "interactive graphics", "rendering", _FRAMES, OTHER,
        cycles((0.5, 3), (0.2, 2), (0.0, 0.1), (0.15, 0.5), (0.2, 0.8), EACH, _NONE, (1, 10), (0, 100)),
    ),
    WorkKind(
        "transcoding", "transcoding", _STREAM, OTHER,
        cycles((5, 60), (0.3, 5), _NONE, (0.1, 0.4), (0.05, 0.35), EACH, _NONE, _NONE, (10, 80), (1, 10)),
    ),
    WorkKind(
        "data preparation", "analytics", _STREAM, OTHER,
        cycles((1, 20), (0.5, 15), _NONE, (0.3, 0.85), (0.2, 0.7), NODE, (0, 60), (2, 20)),
    ),
    WorkKind(
        "database queries", "analytics", _STREAM, OTHER,
        cycles((0.5, 6), (1, 20), _NONE, (0.3, 0.9), (0.2, 0.7), NODE, (0, 60)),
    ),
    WorkKind(
        "genome alignment", "genomics", _STREAM, OTHER,
        cycles((10, 90), (1, 12), _NONE, (0.2, 0.6), (0.5, 0.9), EACH, _NONE, (2, 15)),
    ),
    WorkKind(
        "seismic imaging", "seismic imaging", _LOCKSTEP, OTHER,
        cycles((10, 60), (1, 8), _NONE, (0.6, 0.95), (0.5, 0.9), NODE, (10, 80), (10, 40)), 1, 4,
    ),
)  # fmt: skip

IDLE_KINDS: tuple[WorkKind, ...] = (
    WorkKind("bare", "idle", _REST, IDLE, at_rest(loaded=False, blips=False)),
    WorkKind("watched", "idle", _REST, IDLE, at_rest(loaded=False, blips=True)),
    WorkKind("loaded", "idle, loaded", _REST, IDLE, at_rest(loaded=True, blips=False), 1, 2),
    WorkKind("loaded, watched", "idle, loaded", _REST, IDLE, at_rest(loaded=True, blips=True), 1, 2),
)
