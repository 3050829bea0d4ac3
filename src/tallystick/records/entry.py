"""The ledger entry: one subject, one hour."""

from dataclasses import dataclass

from tallystick.records.flop import FlopInterval
from tallystick.records.workload import CLASSES, WorkloadClass

#: Accelerator-time that the operator states no class for.
UNSTATED = "unstated"
#: Keys of accelerator-time by declared class, in order.
TIME_KEYS = (*(c.value for c in CLASSES), UNSTATED)


def time_key(workload: WorkloadClass | None) -> str:
    """The key under which time of a declared class is counted."""
    return workload.value if workload else UNSTATED


@dataclass(frozen=True, slots=True)
class ColumnAmount:
    """What an hour adds to one column of the matrix: accelerator-milliseconds, mJ, FLOP estimate."""

    column: int
    time_ms: int
    energy_mj: int
    flop: int


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What the operator says one subject did in one hour. Only its salted hash is public.

    ``inventory_ms`` is accelerator-milliseconds in the inventory (0 for a node whose accelerators report
    themselves). ``workloads`` is what the operator declares for each window, None where it states no
    class; ``run`` is the declared run that covers most of the hour. ``time_ms`` are the
    accelerator-milliseconds covered by samples, by declared class in the order of ``TIME_KEYS``.
    ``energy_mj`` is what the subject's own sensor saw. ``verdicts`` counts the hour's windows in the
    order of ``VERDICT_NAMES``. ``slots`` are the hashes of the subject's sample blocks in the hour's
    slots, in order. ``columns`` is the column of the matrix that each window's work counts in and
    ``amounts`` what the hour adds to each column, in ascending order; both are empty where the site keeps no
    matrix.
    """

    subject: str
    hour_ns: int
    inventory_ms: int
    time_ms: tuple[int, ...]
    energy_mj: int
    workloads: tuple[WorkloadClass | None, ...]
    run: str
    verdicts: tuple[int, ...]
    flop: FlopInterval
    model: str
    slots: tuple[str, ...]
    columns: tuple[int, ...] = ()
    amounts: tuple[ColumnAmount, ...] = ()

    @property
    def observed_ms(self) -> int:
        """Accelerator-milliseconds covered by samples."""
        return sum(self.time_ms)
