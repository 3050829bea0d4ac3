"""Check 18: does any declared run that is said to be no training show evidence of training?

The opened entries of one declared run are put together, window by window. The draw is even and does not
depend on the work, so that the share judged training among opened accelerators has the expectation of the
share among all. Hours in which no run is declared are left to check 15: they are no run.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from tallystick.accounting.run_evidence import WindowCount, evidence_of, threshold_log2
from tallystick.accounting.run_reference import RunReference
from tallystick.inspection.opened import OpenedHour
from tallystick.inspection.sampling import ALPHA
from tallystick.records.run import SequentialEvidence
from tallystick.records.workload import NOT_OBSERVED, TRAINING_VERDICTS
from tallystick.units import PPM, WINDOW_NS

#: Any permitted run of the reference set is named with at most this probability in one inspection, in ppm.
FALSE_PPM = round(ALPHA * PPM)


@dataclass(frozen=True, slots=True)
class DeclaredRun:
    """A declared run as far as it was opened: ``entries`` with windows declared as other than training.

    ``evidence`` is None where no reference set was measured for its kind of subject.
    """

    name: str
    workloads: tuple[str, ...]
    entries: int
    evidence: SequentialEvidence | None

    @property
    def named(self) -> bool:
        """Whether its evidence reached the threshold."""
        return self.evidence is not None and self.evidence.passed_ns is not None


def declared_runs(hours: Sequence[OpenedHour], reference: RunReference) -> tuple[DeclaredRun, ...]:
    """Declared runs with windows said to be no training, strongest evidence first; verdicts recomputed."""
    by_name: dict[str, list[OpenedHour]] = defaultdict(list)
    for hour in hours:
        if hour.entry.run and any(_permitted(hour)):
            by_name[hour.entry.run].append(hour)
    threshold = threshold_log2(len(by_name), FALSE_PPM)
    found = [_declared_run(name, of_run, reference, threshold) for name, of_run in by_name.items()]
    return tuple(sorted(found, key=lambda r: (-(r.evidence.log2_most if r.evidence else 0), r.name)))


def _permitted(hour: OpenedHour) -> list[bool]:
    return [w is not None and not w.is_training for w in hour.entry.workloads]


def _declared_run(
    name: str, hours: Sequence[OpenedHour], reference: RunReference, threshold: int
) -> DeclaredRun:
    training: dict[int, int] = defaultdict(int)
    seen: dict[int, int] = defaultdict(int)
    workloads = set()
    for hour in hours:
        columns = zip(_permitted(hour), hour.verdicts or [], hour.entry.workloads, strict=True)
        for number, (permitted, verdict, workload) in enumerate(columns):
            if permitted and verdict != NOT_OBSERVED and workload is not None:
                start_ns = hour.entry.hour_ns + number * WINDOW_NS
                seen[start_ns] += 1
                training[start_ns] += verdict in TRAINING_VERDICTS
                workloads.add(workload.value)
    share_ppm = reference.share_ppm([hour.subject for hour in hours])
    evidence = None
    if share_ppm is not None:
        windows = {start: WindowCount(training[start], count) for start, count in seen.items()}
        evidence = evidence_of(windows, share_ppm, threshold)
    return DeclaredRun(name, tuple(sorted(workloads)), len(hours), evidence)
