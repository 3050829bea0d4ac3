"""``tallystick record`` as a user types it, on a machine whose NVML is a replay."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tallystick.recording.provenance import read_provenance
from tallystick.recording.recorded_source import open_recording

REPLAY = Path(__file__).parents[1] / "unit/recording/replay_nvml.py"
#: A module ``pynvml`` that answers with rising power: 100 W, 100.001 W and so on.
PYNVML = """
import sys
sys.path.insert(0, {folder!r})
from replay_nvml import ReplayNvml
frames = [dict(power_mw=100_000 + i, percent=50, used_byte=2**30) for i in range(10_000)]
replay = ReplayNvml([frames], lambda: state["frame"])
state = {{"frame": 0}}
read = replay.nvmlDeviceGetPowerUsage
def count(handle):
    value = read(handle)
    state["frame"] += 1
    return value
sys.modules[__name__] = replay
replay.nvmlDeviceGetPowerUsage = count
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    modules = tmp_path / "modules"
    modules.mkdir()
    (modules / "pynvml.py").write_text(PYNVML.format(folder=str(REPLAY.parent)))
    return {**os.environ, "PYTHONPATH": str(modules), "OMP_NUM_THREADS": "1"}


def words(out: Path, *command: str, options: tuple[str, ...] = ()) -> list[str]:
    fixed = ("record", "--out", str(out), "--interval", "0.1", "--label", "spin", "--class", "other")
    return [sys.executable, "-m", "tallystick", *fixed, *options, "--", *command]


def run(
    environment: dict[str, str], out: Path, *command: str, options: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words(out, *command, options=options), env=environment, capture_output=True, text=True, timeout=60
    )


def powers(path: Path) -> list[int]:
    return [
        value
        for t in open_recording(path).slots()
        for value in t.channels["DCGM_FI_DEV_POWER_USAGE"].tolist()
    ]


def test_the_status_and_the_output_are_the_commands_own(environment: dict[str, str], tmp_path: Path) -> None:
    out = tmp_path / "r.parquet"
    script = "import time; print('--json'); time.sleep(0.55); raise SystemExit(7)"
    ended = run(environment, out, sys.executable, "-c", script, options=("--note", "family=spin"))
    assert (ended.returncode, ended.stdout) == (7, "--json\n"), ended.stderr
    assert "samples of 1 GPUs" in ended.stderr
    told = read_provenance(out)
    assert (told.status, told.interrupted, told.label, told.notes) == (7, False, "spin", {"family": "spin"})
    got = powers(out)
    assert got == list(range(100_000, 100_000 + len(got)))
    assert len(got) >= 4


def test_ctrl_c_keeps_what_was_recorded(environment: dict[str, str], tmp_path: Path) -> None:
    """As on a terminal: the whole group gets the signal."""
    out, ready = tmp_path / "r.parquet", tmp_path / "ready"
    script = f"import pathlib, time; pathlib.Path({str(ready)!r}).touch(); time.sleep(60)"
    process = subprocess.Popen(
        words(out, sys.executable, "-c", script),
        env=environment,
        start_new_session=True,
        stderr=subprocess.DEVNULL,
    )
    wait_for(ready)
    time.sleep(0.35)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(30) == 128 + signal.SIGINT
    assert read_provenance(out).interrupted
    assert len(powers(out)) >= 3


def test_a_request_to_end_ends_the_command_too(environment: dict[str, str], tmp_path: Path) -> None:
    out, ready = tmp_path / "r.parquet", tmp_path / "ready"
    script = f"import pathlib, time; pathlib.Path({str(ready)!r}).touch(); time.sleep(60)"
    process = subprocess.Popen(
        words(out, sys.executable, "-c", script), env=environment, stderr=subprocess.DEVNULL
    )
    wait_for(ready)
    process.terminate()
    assert process.wait(30) == 128 + signal.SIGTERM
    assert read_provenance(out).interrupted


@pytest.mark.parametrize(
    ("options", "command", "problem"),
    [
        ((), ("no-such-command-here",), "cannot start"),
        (("--interval", "5"), ("true",), "interval"),
        (("--gpus", "a"), ("true",), "not numbers"),
        (("--gpus", "3"), ("true",), "no GPU 3"),
        (("--note", "x"), ("true",), "--note"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    environment: dict[str, str],
    tmp_path: Path,
    options: tuple[str, ...],
    command: tuple[str, ...],
    problem: str,
) -> None:
    out = tmp_path / "r.parquet"
    ended = run(environment, out, *command, options=options)
    assert ended.returncode == 2
    (line,) = ended.stderr.splitlines()
    assert problem in line
    assert "Mend:" in line
    assert not out.exists()


def test_without_nvidias_binding_the_extra_is_named(tmp_path: Path) -> None:
    ended = subprocess.run(
        words(tmp_path / "r.parquet", "true"),
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": blocked(tmp_path)},
    )
    assert ended.returncode == 2
    assert "pynvml is not installed. Mend: pip install" in ended.stderr


def blocked(tmp_path: Path) -> str:
    """A folder before all others in which ``pynvml`` cannot be found, wherever it is installed."""
    (tmp_path / "pynvml.py").write_text("raise ModuleNotFoundError('no', name='pynvml')")
    return str(tmp_path)


def wait_for(path: Path) -> None:
    until = time.monotonic() + 30
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert path.exists()
