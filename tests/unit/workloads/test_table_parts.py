from dataclasses import replace
from functools import partialmethod

import numpy as np
import pytest

from tallystick.errors import SampleError
from tallystick.records.subject import SubjectKind
from tallystick.telemetry.table import PART_ROWS, SampleTable
from tallystick.workloads.runs import SlotFindings, slot_findings
from tallystick.workloads.traffic import LINKS

from .sample_tables import lockstep_table, slot_times, subject, table_of

POWER = "DCGM_FI_DEV_POWER_USAGE"


def large_table() -> SampleTable:
    """More rows than a part has, with counters."""
    table = lockstep_table([40, 40], kind=SubjectKind.ACCELERATOR, interval_s=1)
    assert len(table) > PART_ROWS
    grown = np.cumsum(table.channels[POWER])
    return replace(table, channels=table.channels | dict.fromkeys(LINKS, grown))


def told(findings: SlotFindings) -> list[object]:
    arrays = (findings.bins.energy_mj, findings.bins.observed_us, findings.active, findings.links)
    return [a.tolist() for a in arrays] + [(m.tolist(), ppm) for m, ppm in findings.groups]


def test_findings_do_not_depend_on_the_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    table = large_table()
    found = told(slot_findings(table))
    monkeypatch.setattr(SampleTable, "parts", partialmethod(SampleTable.parts, 10**9))
    assert len(list(table.parts())) == 1
    assert told(slot_findings(table)) == found


def test_a_bad_reading_is_placed_in_the_whole_table() -> None:
    table = large_table()
    table.channels[POWER][len(table) - 3] = 6_000_000
    with pytest.raises(SampleError, match=f"row {len(table) - 3}"):
        slot_findings(table)


def test_parts_are_of_whole_subjects_and_leave_none_out() -> None:
    names = [subject(f"n{i}") for i in range(5)]
    times = slot_times(10)
    counts = (3, 0, 7, 1, 0)
    table = table_of(names, [(times[:n], list(range(n))) for n in counts])
    for rows in (1, 4, 100):
        parts = list(table.parts(rows))
        assert tuple(s for p in parts for s in p.table.subjects) == table.subjects
        assert np.concatenate([p.table.subject + p.first for p in parts]).tolist() == table.subject.tolist()
        assert np.concatenate([p.table.time_ns for p in parts]).tolist() == table.time_ns.tolist()
        assert all(p.first_row == sum(counts[: p.first]) for p in parts)
        assert all(len(p.table) >= rows for p in parts[:-1])
    assert [len(p.table) for p in table.parts(1)] == [3, 7, 1, 0]
