"""A run: accelerators that work as one job over time."""

from dataclasses import dataclass

from tallystick.records.flop import FlopInterval
from tallystick.records.workload import WorkloadClass


@dataclass(frozen=True, slots=True)
class Run:
    """A run found in the telemetry, whatever the operator's labels say.

    ``start_ns`` to ``end_ns`` (exclusive). ``workload`` is None where the classifier abstained.
    ``declared`` names the operator's own jobs that overlap it. ``coherence_ppm`` is the mean
    correlation of its subjects' power differences.
    """

    id: str
    subjects: tuple[str, ...]
    accelerators: int
    start_ns: int
    end_ns: int
    workload: WorkloadClass | None
    declared: tuple[str, ...]
    energy_mj: int
    flop: FlopInterval
    coherence_ppm: int
