"""A recording of a replayed trace: a clock that only moves when it is waited for, work of a known length."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from replay_nvml import Frame, ReplayNvml

from tallystick.recording.session import Recording, Request, record
from tallystick.records.workload import WorkloadClass

START_NS = 1_715_299_200_000_000_000
INTERVAL_NS = 500_000_000


@dataclass
class SteppedClock:
    """Stands still until it is set; a frame of the trace lasts one interval."""

    now: int = START_NS

    def now_ns(self) -> int:
        return self.now

    def frame(self) -> int:
        return (self.now - START_NS) // INTERVAL_NS


@dataclass
class TimedWork:
    """Ends at the ``ticks``-th tick; ``late`` maps a wait's number to how many intervals it oversleeps."""

    clock: SteppedClock
    ticks: int
    status: int = 0
    interrupted: bool = False
    late: dict[int, int] = field(default_factory=dict)
    waits: int = 0

    def wait(self, until_ns: int) -> int | None:
        self.waits += 1
        self.clock.now = until_ns + self.late.get(self.waits, 0) * INTERVAL_NS
        return self.status if self.clock.frame() >= self.ticks else None


def request(**changes: object) -> Request:
    return Request(
        **{
            "label": "work-1",
            "workload": WorkloadClass.PRETRAINING,
            "interval_ns": INTERVAL_NS,
            "notes": {"family": "gpt"},
            **changes,
        }  # type: ignore[arg-type]
    )


def record_trace(
    trace: Sequence[Sequence[Frame]],
    path: Path,
    *,
    late: dict[int, int] | None = None,
    nvml: dict[str, object] | None = None,
    **changes: object,
) -> Recording:
    """Record as many ticks as the first GPU's trace has frames."""
    clock = SteppedClock()
    replay = ReplayNvml(trace, clock.frame, **(nvml or {}))  # type: ignore[arg-type]
    work = TimedWork(clock, len(trace[0]), late=late or {})
    return record(replay, request(**changes), path, lambda: work, clock)
