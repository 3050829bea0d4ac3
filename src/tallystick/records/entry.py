"""The ledger entry: one subject, one hour."""

from dataclasses import dataclass

from tallystick.records.flop import FlopInterval
from tallystick.records.workload import WorkloadClass


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What the operator says one subject did in one hour. Only its salted hash is public.

    ``inventory_ms`` and ``observed_ms`` are accelerator-milliseconds: time in the inventory and time
    covered by samples, times the accelerators accounted here (0 for a node whose accelerators report
    themselves). ``energy_mj`` is what the subject's own sensor saw. ``verdicts`` counts the hour's
    windows in the order of ``VERDICT_NAMES``. ``workload`` and ``run`` are what the operator declares;
    None where he states no class, and then only the upper bound of FLOP counts. ``slots`` are the
    hashes of the subject's sample blocks in the hour's slots, in order.
    """

    subject: str
    hour_ns: int
    inventory_ms: int
    observed_ms: int
    energy_mj: int
    workload: WorkloadClass | None
    run: str
    verdicts: tuple[int, ...]
    flop: FlopInterval
    model: str
    slots: tuple[str, ...]
