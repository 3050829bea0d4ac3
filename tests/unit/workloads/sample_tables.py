"""Small tables of samples for the tests of this room."""

from collections.abc import Sequence

import numpy as np

from tallystick.records.sample import POWER_CHANNEL
from tallystick.records.subject import Subject, SubjectKind, Trust
from tallystick.telemetry.table import SampleTable
from tallystick.units import NS_PER_S, SLOT_NS

START_NS = 1_900_000 * SLOT_NS


def subject(name: str, kind: SubjectKind = SubjectKind.NODE, interval_s: int = 10) -> Subject:
    hardware = {SubjectKind.NODE: "hgx-h100-8", SubjectKind.ACCELERATOR: "h100-sxm", SubjectKind.METER: ""}[
        kind
    ]
    return Subject(name, kind, hardware, (name,), "test", Trust.OPERATOR, interval_s * NS_PER_S, 0)


def table_of(
    subjects: Sequence[Subject],
    rows: Sequence[tuple[Sequence[int], Sequence[int]]],
    more: dict[str, Sequence[Sequence[int]]] | None = None,
    quality: Sequence[Sequence[int]] | None = None,
) -> SampleTable:
    """Rows are (times in ns, powers in mW) of each subject; ``more`` holds other channels by subject."""
    lengths = [len(times) for times, _ in rows]
    index = np.repeat(np.arange(len(subjects), dtype=np.int64), lengths)
    time_ns = np.array([t for times, _ in rows for t in times], np.int64)
    power = np.array([p for _, powers in rows for p in powers], np.int64)
    flags = np.array([q for part in quality for q in part], np.int64) if quality else np.zeros_like(time_ns)
    channels = {POWER_CHANNEL[k]: power for k in {s.kind for s in subjects}}
    for name, columns in (more or {}).items():
        channels[name] = np.array([v for column in columns for v in column], np.int64)
    return SampleTable(tuple(subjects), index, time_ns, flags, channels)


def slot_times(interval_s: int = 10, slot: int = 0) -> list[int]:
    start = START_NS + slot * SLOT_NS
    return list(range(start, start + SLOT_NS, interval_s * NS_PER_S))


def lockstep_table(
    groups: Sequence[int],
    *,
    noise: float = 0.3,
    slot: int = 0,
    interval_s: int = 10,
    idle: Sequence[int] = (),
    kind: SubjectKind = SubjectKind.NODE,
    seed: int = 5,
) -> SampleTable:
    """``groups[i]`` nodes share each signal; those numbered in ``idle`` draw idle power only."""
    rng = np.random.default_rng([seed, slot])
    times = slot_times(interval_s, slot)
    base, idle_mw, swing = {
        SubjectKind.NODE: (6_000_000, 2_150_000, 300_000),
        SubjectKind.ACCELERATOR: (450_000, 71_000, 25_000),
    }[kind]
    subjects, rows = [], []
    for group, count in enumerate(groups):
        shared = rng.standard_normal(len(times))
        for _ in range(count):
            number = len(subjects)
            own = rng.standard_normal(len(times))
            power = base + swing * (shared + noise * own)
            if number in idle:
                power = idle_mw + 5_000 * own
            subjects.append(subject(f"g{group}-{number:03d}", kind, interval_s))
            rows.append((times, np.rint(power).astype(np.int64).tolist()))
    return table_of(subjects, rows)
