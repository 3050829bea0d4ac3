"""The guesses at wrong units must leave true data alone."""

import numpy as np
import pytest

from tallystick.errors import SampleError
from tallystick.records.sample import MISSING
from tallystick.records.subject import Subject, SubjectKind, Trust
from tallystick.telemetry.place import Place
from tallystick.telemetry.unit_check import UnitSurvey, accelerators


def _subject(name: str, kind: SubjectKind, covers: tuple[str, ...]) -> Subject:
    return Subject(name, kind, "", covers, "test", Trust.OPERATOR, 10**9, 0)


GPU = _subject("a0", SubjectKind.ACCELERATOR, ("a0",))
NODE = _subject("n0", SubjectKind.NODE, tuple("abcdefgh"))
METER = _subject("m0", SubjectKind.METER, ("n0", "n0b"))


def _check(channel: str, *readings: int, subjects: tuple[Subject, ...] = (GPU,)) -> None:
    survey = UnitSurvey(channel)
    survey.add(np.array(readings, dtype=np.int64), np.zeros(len(readings), dtype=np.int64), Place("f"))
    survey.check(subjects)


@pytest.mark.parametrize(
    ("channel", "readings"),
    [
        ("DCGM_FI_DEV_POWER_USAGE", (0, 0, 0)),  # switched off
        ("DCGM_FI_DEV_POWER_USAGE", (MISSING, MISSING)),
        ("DCGM_FI_DEV_POWER_USAGE", (0, 5, 9_000)),  # deep idle
        ("DCGM_FI_DEV_GPU_UTIL", (0, 0, 10_000)),
        ("DCGM_FI_PROF_SM_ACTIVE", (0, 0, 0, 37)),  # traces of idle activity
        ("DCGM_FI_PROF_SM_ACTIVE", (100, 100, 101)),
        ("DCGM_FI_DEV_FB_USED", (0, 2**20)),
    ],
)
def test_true_data_passes(channel: str, readings: tuple[int, ...]) -> None:
    _check(channel, *readings)


@pytest.mark.parametrize(
    ("channel", "readings", "mend"),
    [
        ("DCGM_FI_DEV_POWER_USAGE", (0, 72, 1_999), "multiply by 1000 "),
        ("DCGM_FI_DEV_GPU_UTIL", (0, 0, 0, 100), "10000"),
        ("DCGM_FI_PROF_SM_ACTIVE", (0, 1, 1), "fraction"),
        ("DCGM_FI_DEV_FB_USED", (0, 81_559), "1048576"),
    ],
)
def test_wrong_unit_is_refused(channel: str, readings: tuple[int, ...], mend: str) -> None:
    with pytest.raises(SampleError, match=mend):
        _check(channel, *readings)


def test_power_of_a_node_is_judged_by_the_accelerators_it_covers() -> None:
    with pytest.raises(SampleError, match="watts"):
        _check("NODE_POWER_USAGE", 10_200, subjects=(NODE,))
    _check("NODE_POWER_USAGE", 16_000, subjects=(NODE,))


def test_one_subject_in_the_right_unit_lets_the_column_pass() -> None:
    survey = UnitSurvey("DCGM_FI_DEV_POWER_USAGE")
    survey.add(np.array([700, 700_000]), np.array([0, 1]), Place("f"))
    survey.check((GPU, _subject("a1", SubjectKind.ACCELERATOR, ("a1",))))


def test_a_meter_counts_the_accelerators_of_its_nodes() -> None:
    assert accelerators((GPU, NODE, METER)) == {"a0": 1, "n0": 8, "m0": 9}
