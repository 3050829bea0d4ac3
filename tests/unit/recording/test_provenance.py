"""What a recording says of itself, and what it must not say."""

import getpass
import json
import platform
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from replayed import INTERVAL_NS, START_NS, record_trace

from tallystick.errors import InputError, MissingExtraError, SampleError
from tallystick.recording.nvml import load_nvml
from tallystick.recording.provenance import PROVENANCE_KEY, Provenance, read_provenance
from tallystick.recording.recorded_source import open_recording
from tallystick.records.workload import WorkloadClass

FRAMES = [[{"power_mw": 100_000 + i, "limit_mw": 650_000} for i in range(6)]]
NOW_NS = START_NS + 10**12


def test_it_is_read_back_exactly(tmp_path: Path) -> None:
    path = tmp_path / "r.parquet"
    written = record_trace(FRAMES, path, nvml={"product": b"NVIDIA H200", "driver": b"565.1"}).provenance
    assert read_provenance(path) == written
    assert written.driver == "565.1"
    assert (written.start_ns, written.end_ns) == (START_NS, START_NS + 6 * INTERVAL_NS)
    assert (written.accelerators[0].hardware, written.accelerators[0].power_limit_mw) == ("h200-sxm", 650_000)


def test_the_label_is_the_truth_of_the_source(tmp_path: Path) -> None:
    path = tmp_path / "r.parquet"
    record_trace(FRAMES, path)
    (job,) = open_recording(path, now_ns=NOW_NS).truth()
    assert (job.job, job.subjects, job.workload) == ("work-1", ("gpu0",), WorkloadClass.PRETRAINING)


def test_without_a_class_there_is_no_truth(tmp_path: Path) -> None:
    path = tmp_path / "r.parquet"
    record_trace(FRAMES, path, workload=None)
    assert open_recording(path, now_ns=NOW_NS).truth() == ()


def test_nothing_names_the_host_or_its_user(tmp_path: Path) -> None:
    path = tmp_path / "r.parquet"
    record_trace(FRAMES, path)
    raw = pq.read_metadata(path).metadata[PROVENANCE_KEY].decode()
    for word in (platform.node(), str(tmp_path), f'"{getpass.getuser()}"'):
        assert word not in raw
    assert set(json.loads(raw)) == {"format", *Provenance.__dataclass_fields__}


def test_a_plain_table_is_no_recording(tmp_path: Path) -> None:
    path = tmp_path / "r.parquet"
    record_trace(FRAMES, path)
    pq.write_table(pq.read_table(path).replace_schema_metadata({}), path)
    with pytest.raises(SampleError, match="is no recording"):
        read_provenance(path)


@pytest.mark.parametrize("damage", [b"{", b"[]", b'{"format":"tallystick-recording/2"}', b"\xff"])
def test_a_damaged_description_is_one_error(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "r.parquet"
    record_trace(FRAMES, path)
    pq.write_table(pq.read_table(path).replace_schema_metadata({PROVENANCE_KEY: damage}), path)
    with pytest.raises(SampleError, match="damaged or newer"):
        read_provenance(path)


@pytest.mark.parametrize(
    ("changes", "nvml", "words"),
    [
        ({"interval_ns": 50_000_000}, {}, "interval"),
        ({"interval_ns": 2_000_000_000}, {}, "interval"),
        ({"label": "two words"}, {}, "label"),
        ({"label": "ß"}, {}, "label"),
        ({"gpus": (1,)}, {}, "no GPU 1"),
        ({}, {"init_error": 9}, "Driver Not Loaded"),
        ({}, {"product": "NVIDIA Abacus 3"}, "no GPU called .*Abacus 3"),
    ],
)
def test_what_cannot_be_recorded_never_begins(
    tmp_path: Path, changes: dict[str, object], nvml: dict[str, object], words: str
) -> None:
    with pytest.raises(InputError, match=words) as error:
        record_trace(FRAMES, tmp_path / "r.parquet", nvml=nvml, **changes)
    assert error.value.mend
    assert not list(tmp_path.iterdir())


def test_no_gpu_is_one_error(tmp_path: Path) -> None:
    from replay_nvml import ReplayNvml
    from replayed import SteppedClock, request

    from tallystick.recording.session import record

    nvml = ReplayNvml([], lambda: 0)
    with pytest.raises(InputError, match="sees no GPU"):
        record(nvml, request(), tmp_path / "r.parquet", lambda: pytest.fail("it began"), SteppedClock())
    assert (nvml.started, nvml.ended) == (1, 1)


def test_an_earlier_recording_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "r.parquet"
    record_trace(FRAMES, path)
    before = path.read_bytes()
    with pytest.raises(InputError, match="exists already"):
        record_trace(FRAMES, path)
    assert path.read_bytes() == before


def test_the_binding_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pynvml", None)
    with pytest.raises(MissingExtraError, match="pynvml is not installed"):
        load_nvml()
