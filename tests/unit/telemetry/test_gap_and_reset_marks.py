import numpy as np

from tallystick.records.sample import MISSING, Quality
from tallystick.records.subject import Subject, SubjectKind, Trust
from tallystick.telemetry.marks import Marker
from tallystick.telemetry.table import SampleTable

INTERVAL_NS = 2_000_000_000
SUBJECTS = tuple(
    Subject(n, SubjectKind.METER, "", ("n0",), "test", Trust.SEALED, INTERVAL_NS, 0) for n in ("m0", "m1")
)
GAP, RESET = int(Quality.AFTER_GAP), int(Quality.AFTER_RESET)


def _table(subject: list[int], seconds: list[float], counts: list[int], quality: list[int] | None = None):
    return SampleTable(
        SUBJECTS,
        np.array(subject),
        np.array([round(s * 10**9) for s in seconds]),
        np.array(quality or [0] * len(subject)),
        {"METER_ENERGY_TOTAL": np.array(counts)},
    )


def _marker() -> Marker:
    return Marker(np.full(2, INTERVAL_NS))


def test_more_than_three_intervals_is_a_gap() -> None:
    marker = _marker()
    marked = marker.mark(_table([0] * 4, [0, 2, 8, 14.000001], [1] * 4))
    assert marked.quality.tolist() == [0, 0, 0, GAP]
    assert (marker.gaps, marker.resets) == (1, 0)


def test_the_first_sample_of_each_subject_follows_nothing() -> None:
    marked = _marker().mark(_table([0, 1], [0, 100], [9, 1]))
    assert marked.quality.tolist() == [0, 0]


def test_marks_carry_over_from_table_to_table() -> None:
    marker = _marker()
    marker.mark(_table([0, 1], [0, 0], [50, 70]))
    marked = marker.mark(_table([0, 1, 1], [2, 20, 22], [49, 70, 71]))
    assert marked.quality.tolist() == [RESET, GAP, 0]


def test_a_reset_is_seen_across_empty_readings() -> None:
    marked = _marker().mark(_table([0] * 4, [0, 2, 4, 6], [50, MISSING, 20, 20]))
    assert marked.quality.tolist() == [0, 0, RESET, 0]


def test_marks_already_there_are_kept_and_not_counted() -> None:
    marker = _marker()
    marked = marker.mark(_table([0, 0, 0], [0, 100, 102], [50, 10, 11], [GAP, RESET, RESET]))
    assert marked.quality.tolist() == [GAP, GAP | RESET, RESET]
    assert (marker.gaps, marker.resets) == (1, 0)


def test_the_table_given_is_not_changed() -> None:
    table = _table([0, 0], [0, 100], [1, 1])
    _marker().mark(table)
    assert table.quality.tolist() == [0, 0]
