"""A run: accelerators that work as one job over time."""

from dataclasses import dataclass

from tallystick.records.flop import FlopInterval
from tallystick.records.workload import WorkloadClass


@dataclass(frozen=True, slots=True)
class SequentialEvidence:
    """How strongly windows declared as other work look like training (``accounting.run_evidence``).

    ``log2_e`` is the e-value after the last of ``windows`` windows and ``log2_most`` its greatest so far, as
    log2 in units of 2^-20 bit. ``threshold`` is the value from which a run is named, ``passed_ns`` the end
    of the window that reached it first, None if none did. The windows lie between ``start_ns`` and
    ``end_ns``; without any, all four values are 0.
    """

    windows: int
    log2_e: int
    log2_most: int
    threshold: int
    start_ns: int
    end_ns: int
    passed_ns: int | None

    @property
    def delay_ns(self) -> int | None:
        """Time from the first window to the one that passed; None if none did."""
        return None if self.passed_ns is None else self.passed_ns - self.start_ns

    def as_json(self) -> dict[str, object]:
        """The form that ``--json`` prints; times as decimal strings."""
        delay = self.delay_ns
        return {
            "windows": self.windows,
            "log2_e": self.log2_e,
            "log2_most": self.log2_most,
            "threshold_log2": self.threshold,
            "unit_bits": 20,
            "start_ns": str(self.start_ns),
            "end_ns": str(self.end_ns),
            "passed_ns": None if self.passed_ns is None else str(self.passed_ns),
            "delay_of_length": None if delay is None else delay / (self.end_ns - self.start_ns),
        }


@dataclass(frozen=True, slots=True)
class Run:
    """A run found in the telemetry, whatever the operator's labels say.

    ``start_ns`` to ``end_ns`` (exclusive). ``workload`` is None where the classifier abstained.
    ``declared`` names the operator's own jobs that overlap it. ``coherence_ppm`` is the mean
    correlation of its subjects' power differences. ``evidence`` is that of its windows that were not declared
    as training; None where no reference set was measured for its kind of subject.
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
    evidence: SequentialEvidence | None = None
