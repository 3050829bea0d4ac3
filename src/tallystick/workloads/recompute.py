"""What an inspection recomputes from opened sample blocks: verdict counts and groups.

The inspection room takes these as callables, so that it needs none of these libraries itself.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from tallystick.errors import SampleError
from tallystick.records.sample import CHANNELS, MISSING
from tallystick.records.subject import Subject
from tallystick.records.workload import NOT_OBSERVED
from tallystick.telemetry.table import Int64, SampleTable
from tallystick.units import NS_PER_HOUR, SLOT_NS, SLOTS_PER_HOUR
from tallystick.workloads.classifier import Classifier
from tallystick.workloads.lockstep import Bools, Group, group_slot
from tallystick.workloads.windows import WINDOWS_PER_SLOT

TIME, QUALITY = "time_ns", "quality"


def table_from_columns(
    subjects: Sequence[Subject], columns: Sequence[Mapping[str, Sequence[int]]]
) -> SampleTable:
    """A table from opened blocks: ``columns[i]`` are the columns of ``subjects[i]``, of equal lengths.

    Each has ``time_ns`` (strictly increasing), ``quality``, and channels by name; a channel that a subject
    lacks is MISSING there. Raises SampleError where a column is unusable.
    """
    if len(subjects) != len(columns):
        raise ValueError(f"{len(subjects)} subjects and {len(columns)} sets of columns")
    names = [name for name in CHANNELS if any(name in c for c in columns)]
    blocks = [_block(subject, block, names) for subject, block in zip(subjects, columns, strict=True)]
    lengths = [len(block[TIME]) for block in blocks]
    joined = {n: _joined([block[n] for block in blocks]) for n in (TIME, QUALITY, *names)}
    return SampleTable(
        tuple(subjects),
        np.repeat(np.arange(len(subjects), dtype=np.int64), lengths),
        joined[TIME],
        joined[QUALITY],
        {name: joined[name] for name in names},
    )


def hour_verdicts(classifier: Classifier, table: SampleTable, subject: str, hour_ns: int) -> tuple[int, ...]:
    """The subject's windows in the hour that starts at ``hour_ns``, counted by verdict as in a ledger entry.

    ``table`` may span several slots and subjects. A slot without samples counts as not observed. Raises
    SampleError where the table has no such subject.
    """
    row = _row_of(table, subject)
    counts = np.zeros(NOT_OBSERVED + 1, np.int64)
    for start in range(hour_ns, hour_ns + NS_PER_HOUR, SLOT_NS):
        part = _rows(table, (table.subject == row) & (table.time_ns // SLOT_NS == start // SLOT_NS))
        if len(part):
            counts += np.bincount(classifier.verdicts(part).classes[row], minlength=len(counts))
    unseen = SLOTS_PER_HOUR * WINDOWS_PER_SLOT - int(counts.sum())
    counts[NOT_OBSERVED] += unseen
    return tuple(int(c) for c in counts)


def regroup(table: SampleTable, slot_ns: int, names: Sequence[str] | None = None) -> tuple[Group, ...]:
    """Groups in lock-step among the subjects called ``names`` in the slot that starts at ``slot_ns``."""
    return group_slot(_rows(table, table.time_ns // SLOT_NS == slot_ns // SLOT_NS), names)


def _block(subject: Subject, block: Mapping[str, Sequence[int]], names: list[str]) -> dict[str, Int64]:
    length = len(block[TIME])
    found: dict[str, Int64] = {}
    for name in (TIME, QUALITY, *names):
        values = block.get(name)
        if values is None:
            found[name] = np.full(length, MISSING, np.int64)
            continue
        try:
            found[name] = np.array(values, np.int64)
        except (OverflowError, ValueError, TypeError):
            raise _bad(subject, f"{name} holds something other than 64-bit integers") from None
        if found[name].shape != (length,):
            raise _bad(subject, f"{name} has {len(values)} values for {length} times")
    if (np.diff(found[TIME]) <= 0).any():
        raise _bad(subject, "times do not rise")
    return found


def _bad(subject: Subject, problem: str) -> SampleError:
    return SampleError(problem, where=f"samples of {subject.name}", mend="ask for the block again")


def _joined(parts: list[Int64]) -> Int64:
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _row_of(table: SampleTable, subject: str) -> int:
    for i, known in enumerate(table.subjects):
        if known.name == subject:
            return i
    raise SampleError(f"no samples of {subject!r}", mend="pass the opened blocks of that subject")


def _rows(table: SampleTable, chosen: Bools) -> SampleTable:
    return SampleTable(
        table.subjects,
        table.subject[chosen],
        table.time_ns[chosen],
        table.quality[chosen],
        {name: values[chosen] for name, values in table.channels.items()},
    )
