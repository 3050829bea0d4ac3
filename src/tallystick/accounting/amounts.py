"""The amounts of one ledger entry from its windows: the rule that operator and inspector share."""

from collections.abc import Sequence
from dataclasses import dataclass

from tallystick.accounting.energy import SpanAmount
from tallystick.accounting.flop import training_flop
from tallystick.accounting.hardware import hardware
from tallystick.records.entry import TIME_KEYS, time_key
from tallystick.records.flop import NO_FLOP, FlopInterval
from tallystick.records.subject import Subject
from tallystick.records.workload import CLASSES, WorkloadClass

_IDLE = CLASSES.index(WorkloadClass.IDLE)


@dataclass(frozen=True, slots=True)
class EntryAmounts:
    """Accelerator-milliseconds by declared class (order of ``TIME_KEYS``), energy in mJ, training FLOP."""

    time_ms: tuple[int, ...]
    energy_mj: int
    flop: FlopInterval


def entry_amounts(
    subject: Subject,
    counted: bool,
    windows: Sequence[SpanAmount],
    verdicts: Sequence[int],
    workloads: Sequence[WorkloadClass | None],
) -> EntryAmounts:
    """Amounts of ``subject`` in one hour, window by window.

    ``windows`` are its spans of ``WINDOW_NS`` in order, ``verdicts`` the class index of each and
    ``workloads`` what the operator declares for each. Declared training counts unless the verdict is
    idle. Where no class is stated the window counts in the upper bound alone. ``counted`` is False for
    a node whose accelerators report themselves: it has energy only.
    """
    energy_mj = sum(w.energy_mj for w in windows)
    time_us = dict.fromkeys(TIME_KEYS, 0)
    flop = NO_FLOP
    for window, verdict, workload in zip(windows, verdicts, workloads, strict=True):
        if not counted or not window.observed_us:
            continue
        time_us[time_key(workload)] += window.observed_us
        if verdict != _IDLE and (workload is None or workload.is_training):
            amount = training_flop(hardware(subject.hardware), window.observed_us, window.energy_mj)
            flop += amount if workload else FlopInterval(0, 0, amount.upper)
    time_ms = tuple(us // 1000 * len(subject.covers) for us in time_us.values())
    return EntryAmounts(time_ms, energy_mj, flop)
