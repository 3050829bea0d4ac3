"""What is read back from a recording is what NVML was made to answer."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from replay_nvml import GPU_IS_LOST, NOT_SUPPORTED, Frame, Refusal
from replayed import INTERVAL_NS, START_NS, record_trace

from tallystick.errors import InputError
from tallystick.recording.reader import NVML_CHANNELS
from tallystick.recording.recorded_source import open_recording
from tallystick.records.sample import CHANNELS, MISSING, Quality
from tallystick.telemetry.parquet import open_parquet
from tallystick.telemetry.slot_file import read_slot
from tallystick.telemetry.table import SampleTable

POWER, UTIL, MEMORY, TX, RX = NVML_CHANNELS
NOW_NS = START_NS + 10**12


def frame(number: int, **changes: object) -> dict[str, object]:
    return {
        "power_mw": 90_000 + 1_000 * number,
        "percent": number % 101,
        "used_byte": 2**30 + number,
        "tx_byte": 10**12 + 4096 * number,
        "rx_byte": 10**12 + 8192 * number,
        "limit_mw": 700_000,
        **changes,
    }


def read_back(path: Path) -> SampleTable:
    (table,) = open_parquet(path, now_ns=NOW_NS).slots()
    return table


def expected(frames: list[Frame]) -> dict[str, list[int]]:
    """The schema's readings of the frames, written down apart from the code under test."""
    scale = {POWER: ("power_mw", 1), UTIL: ("percent", 10_000), MEMORY: ("used_byte", 1)}
    scale |= {TX: ("tx_byte", 1), RX: ("rx_byte", 1)}
    rows = {name: [] for name in scale}
    for one in frames:
        for name, (key, factor) in scale.items():
            value = one.get(key, MISSING)
            good = isinstance(value, int) and 0 <= value * factor <= CHANNELS[name].maximum
            rows[name].append(value * factor if good else MISSING)
    return rows


def assert_replayed(table: SampleTable, subject: int, frames: list[Frame]) -> None:
    rows = table.subject == subject
    for name, values in expected(frames).items():
        got = table.channels[name][rows].tolist() if name in table.channels else [MISSING] * rows.sum()
        assert got == values, name


def test_a_whole_trace_comes_back(tmp_path: Path) -> None:
    trace = [[frame(i) for i in range(40)], [frame(7 * i) for i in range(40)]]
    path = tmp_path / "r.parquet"
    written = record_trace(trace, path)
    table = read_back(path)
    assert written.samples == len(table) == 80
    assert_replayed(table, 0, trace[0])
    assert_replayed(table, 1, trace[1])
    assert np.array_equal(table.time_ns[:40], START_NS + INTERVAL_NS * np.arange(40))
    assert not table.quality.any()
    assert [s.hardware for s in table.subjects] == ["h100-sxm", "h100-sxm"]
    assert [s.interval_ns for s in table.subjects] == [INTERVAL_NS] * 2


def test_channels_that_nvml_refuses_are_absent_and_the_reason_is_kept(tmp_path: Path) -> None:
    frames = [{"power_mw": 300_000 + i, "used_byte": 2**30} for i in range(10)]
    path = tmp_path / "r.parquet"
    told = record_trace([frames], path).provenance
    table = read_back(path)
    assert set(table.channels) == {POWER, MEMORY}
    assert_replayed(table, 0, frames)
    assert [(r.channel, r.why, r.readings) for r in told.refused] == [(UTIL, "Not Supported", 10)]
    assert told.accelerators[0].power_limit_mw == 0


def test_marks_for_no_value_are_missing_not_readings(tmp_path: Path) -> None:
    frames = [frame(i) for i in range(9)]
    frames[2] = frame(2, power_mw=2**32 - 1, percent=2**32 - 1)
    frames[4] = frame(4, tx_byte=2**63 - 1, rx_byte=0x7FFFFFFFFFFFFFF0)
    frames[6] = frame(6, used_byte=2**64 - 1)
    path = tmp_path / "r.parquet"
    told = record_trace([frames], path).provenance
    assert_replayed(read_back(path), 0, frames)
    assert {(r.channel, r.why, r.readings) for r in told.refused} == {
        (name, "not a believable value", 1) for name in NVML_CHANNELS
    }


def test_a_lost_gpu_ends_alone(tmp_path: Path) -> None:
    lost = dict.fromkeys(("power_mw", "percent", "used_byte", "tx_byte", "rx_byte"), Refusal(GPU_IS_LOST))
    frames = [frame(i) for i in range(6)] + [lost] * 14
    trace = [[frame(i) for i in range(20)], frames]
    path = tmp_path / "r.parquet"
    told = record_trace(trace, path).provenance
    table = read_back(path)
    assert_replayed(table, 0, trace[0])
    assert_replayed(table, 1, frames[:6])
    assert {(r.subject, r.why, r.readings) for r in told.refused} == {("gpu1", "GPU is lost", 14)}


def test_a_gpu_that_comes_back_follows_a_gap(tmp_path: Path) -> None:
    frames = [frame(i) for i in range(20)]
    for i in range(5, 10):
        frames[i] = {}
    path = tmp_path / "r.parquet"
    record_trace([frames], path)
    table = read_back(path)
    assert_replayed(table, 0, frames[:5] + frames[10:])
    assert np.flatnonzero(table.quality).tolist() == [5]
    assert table.quality[5] == Quality.AFTER_GAP


def test_a_counter_reset_is_marked_in_the_file_itself(tmp_path: Path) -> None:
    frames = [frame(i) for i in range(12)]
    for i in range(8, 12):
        frames[i] = frame(i, tx_byte=100 * i, rx_byte=100 * i)
    path = tmp_path / "r.parquet"
    record_trace([frames], path)
    assert np.flatnonzero(read_slot(path).quality == Quality.AFTER_RESET).tolist() == [8]
    source = open_parquet(path, now_ns=NOW_NS)
    (table,) = source.slots()
    assert_replayed(table, 0, frames)
    assert source.notes == ()


def test_counters_in_kib_become_bytes(tmp_path: Path) -> None:
    frames = [{"power_mw": 400_000, "tx_kib": 10 + i, "rx_kib": 20 + i} for i in range(5)]
    path = tmp_path / "r.parquet"
    record_trace([frames], path)
    table = read_back(path)
    assert table.channels[TX].tolist() == [1024 * (10 + i) for i in range(5)]
    assert table.channels[RX].tolist() == [1024 * (20 + i) for i in range(5)]


def test_missed_ticks_are_a_gap(tmp_path: Path) -> None:
    frames = [frame(i) for i in range(20)]
    path = tmp_path / "r.parquet"
    record_trace([frames], path, late={5: 6})
    table = read_back(path)
    assert len(table) == 14
    assert_replayed(table, 0, frames[:5] + frames[11:])
    assert np.flatnonzero(table.quality).tolist() == [5]


def test_only_the_chosen_gpus_are_read(tmp_path: Path) -> None:
    path = tmp_path / "r.parquet"
    trace = [[frame(100 * g + i) for i in range(3)] for g in range(3)]
    record_trace(trace, path, gpus=(2,))
    table = read_back(path)
    assert [s.name for s in table.subjects] == ["gpu2"]
    assert table.channels[POWER].tolist() == [f["power_mw"] for f in trace[2]]


def test_no_reading_at_all_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no GPU gave a single reading"):
        record_trace([[{}, {}]], tmp_path / "r.parquet")
    assert not list(tmp_path.iterdir())


def test_a_recording_over_a_slot_boundary_streams_by_slot(tmp_path: Path) -> None:
    frames = [frame(i, percent=50) for i in range(1810)]
    path = tmp_path / "r.parquet"
    record_trace([frames], path)
    tables = list(open_recording(path, now_ns=NOW_NS).slots())
    assert [len(t) for t in tables] == [1800, 10]
    assert [v for t in tables for v in t.channels[POWER].tolist()] == [f["power_mw"] for f in frames]


ANSWERS = st.one_of(
    st.integers(0, 2**64 - 1),
    st.integers(2_000, 700_000),
    st.just(Refusal(NOT_SUPPORTED)),
    st.just(Refusal(GPU_IS_LOST)),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.fixed_dictionaries(dict.fromkeys(("percent", "used_byte", "tx_byte", "rx_byte"), ANSWERS)),
        min_size=1,
        max_size=12,
    )
)
def test_whatever_nvml_answers_is_read_back_or_missing(tmp_path: Path, drawn: list[Frame]) -> None:
    """From a sound first frame on, since NVLink's counters are chosen by the first answer."""
    frames = [frame(0, percent=100, used_byte=2**40)] + [{"power_mw": 500_000, **one} for one in drawn]
    path = tmp_path / "r.parquet"
    path.unlink(missing_ok=True)
    record_trace([frames], path)
    assert_replayed(read_back(path), 0, frames)
