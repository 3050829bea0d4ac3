"""What an hour adds to each column of the matrix: the rule that operator and inspector share.

All time in the inventory goes somewhere. Time without samples belongs to the run declared there, else to
*other training*: missing samples never speak for the operator.
"""

from collections.abc import Sequence

from tallystick.accounting.energy import SpanAmount
from tallystick.accounting.flop import training_flop
from tallystick.accounting.hardware import hardware
from tallystick.errors import VerificationError
from tallystick.evidence.matrix.columns import ColumnPlan, Role
from tallystick.records.entry import ColumnAmount
from tallystick.records.subject import Subject
from tallystick.records.workload import CLASSES, WorkloadClass

#: Where every plan has these two.
OTHER_TRAINING, NOT_TRAINING = 0, 1
US_PER_MS = 1000
_IDLE = CLASSES.index(WorkloadClass.IDLE)


def column_of(workload: WorkloadClass | None, training_column: int) -> int:
    """The column of a window. What no class is stated for counts as *other training*."""
    if workload is None:
        return OTHER_TRAINING
    return training_column if workload.is_training else NOT_TRAINING


def check_columns(
    plan: ColumnPlan, workloads: Sequence[WorkloadClass | None], columns: Sequence[int]
) -> None:
    """Raise VerificationError where a window counts in a column that its declared class does not allow."""
    lineages = plan.with_role(Role.LINEAGE)
    if len(columns) != len(workloads):
        raise VerificationError(f"{len(columns)} columns for {len(workloads)} windows")
    for workload, column in zip(workloads, columns, strict=True):
        as_lineage = workload is not None and workload.is_training and column in lineages
        if not as_lineage and column != column_of(workload, OTHER_TRAINING):
            said = workload.value if workload else "unstated"
            raise VerificationError(f"work declared as {said} counts in column {column}")


def column_amounts(
    subject: Subject,
    windows: Sequence[SpanAmount],
    inventory_ms: Sequence[int],
    verdicts: Sequence[int],
    workloads: Sequence[WorkloadClass | None],
    columns: Sequence[int],
) -> tuple[ColumnAmount, ...]:
    """What ``subject`` adds in one hour, in ascending order of columns; its accelerators are accounted here.

    Per window: observed span, accelerator-milliseconds in the inventory, class index of the verdict,
    declared class, column. FLOP are the estimate of windows declared as training and not judged idle.
    """
    accelerators = len(subject.covers)
    time_us: dict[int, int] = {}
    energy: dict[int, int] = {}
    flop: dict[int, int] = {}
    for window, there_ms, verdict, workload, column in zip(
        windows, inventory_ms, verdicts, workloads, columns, strict=True
    ):
        there_us = there_ms * US_PER_MS // accelerators
        seen_us = min(window.observed_us, there_us)
        runs = workload is not None and workload is not WorkloadClass.IDLE
        for where, us in ((column, seen_us), (column if runs else OTHER_TRAINING, there_us - seen_us)):
            time_us[where] = time_us.get(where, 0) + us
        energy[column] = energy.get(column, 0) + window.energy_mj
        if window.observed_us and verdict != _IDLE and workload is not None and workload.is_training:
            amount = training_flop(hardware(subject.hardware), window.observed_us, window.energy_mj)
            flop[column] = flop.get(column, 0) + amount.estimate
    time_ms = {column: us // US_PER_MS * accelerators for column, us in time_us.items()}
    rest = sum(inventory_ms) - sum(time_ms.values())
    time_ms[OTHER_TRAINING] = time_ms.get(OTHER_TRAINING, 0) + rest
    return _sparse(time_ms, energy, flop)


def node_amounts(members: Sequence[Sequence[ColumnAmount]], energy_mj: int) -> tuple[ColumnAmount, ...]:
    """What a node adds in one hour whose accelerators report themselves: their amounts, column by column.

    What the node drew beyond them, ``energy_mj`` being its own, counts as *not training*.
    """
    time_ms: dict[int, int] = {}
    energy: dict[int, int] = {}
    flop: dict[int, int] = {}
    for amount in (amount for member in members for amount in member):
        time_ms[amount.column] = time_ms.get(amount.column, 0) + amount.time_ms
        energy[amount.column] = energy.get(amount.column, 0) + amount.energy_mj
        flop[amount.column] = flop.get(amount.column, 0) + amount.flop
    energy[NOT_TRAINING] = energy.get(NOT_TRAINING, 0) + max(0, energy_mj - sum(energy.values()))
    return _sparse(time_ms, energy, flop)


def _sparse(
    time_ms: dict[int, int], energy_mj: dict[int, int], flop: dict[int, int]
) -> tuple[ColumnAmount, ...]:
    found = (
        ColumnAmount(column, time_ms.get(column, 0), energy_mj.get(column, 0), flop.get(column, 0))
        for column in sorted({*time_ms, *energy_mj})
    )
    return tuple(amount for amount in found if amount.time_ms or amount.energy_mj or amount.flop)
