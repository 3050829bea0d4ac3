"""The amounts of one ledger entry from its windows: the rule that operator and inspector share."""

from collections.abc import Sequence
from dataclasses import dataclass

from tallystick.accounting.energy import SpanAmount
from tallystick.accounting.flop import training_flop
from tallystick.accounting.hardware import hardware
from tallystick.records.flop import NO_FLOP, FlopInterval
from tallystick.records.subject import Subject
from tallystick.records.workload import CLASSES, WorkloadClass

_IDLE = CLASSES.index(WorkloadClass.IDLE)


@dataclass(frozen=True, slots=True)
class EntryAmounts:
    """Observed accelerator-milliseconds, energy in mJ, training FLOP."""

    observed_ms: int
    energy_mj: int
    flop: FlopInterval


def entry_amounts(
    subject: Subject,
    counted: bool,
    windows: Sequence[SpanAmount],
    verdicts: Sequence[int],
    workload: WorkloadClass | None,
) -> EntryAmounts:
    """Amounts of ``subject`` in one hour that the operator declares as ``workload``.

    ``windows`` are its spans of ``WINDOW_NS`` in order and ``verdicts`` the class index of each.
    Declared training counts in every window that is not idle. Where no class is stated the same
    windows count in the upper bound alone. ``counted`` is False for a node whose accelerators report
    themselves: it has energy only.
    """
    energy_mj = sum(w.energy_mj for w in windows)
    if not counted:
        return EntryAmounts(0, energy_mj, NO_FLOP)
    observed_ms = sum(w.observed_us for w in windows) // 1000 * len(subject.covers)
    if workload is not None and not workload.is_training:
        return EntryAmounts(observed_ms, energy_mj, NO_FLOP)
    flop = NO_FLOP
    for window, verdict in zip(windows, verdicts, strict=True):
        if verdict != _IDLE and window.observed_us:
            flop += training_flop(hardware(subject.hardware), window.observed_us, window.energy_mj)
    if workload is None:
        flop = FlopInterval(0, 0, flop.upper)
    return EntryAmounts(observed_ms, energy_mj, flop)
