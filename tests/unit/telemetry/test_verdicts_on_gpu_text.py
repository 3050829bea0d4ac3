"""A file at hand, as a user brings it, up to the verdicts on its windows."""

import math
from pathlib import Path

import pytest
from tool_text import NOW_NS, POWER, SECOND, SM, SMI_HEAD, START_NS, TENSOR, scrape, smi_row, write

from tallystick.cli.site import open_any
from tallystick.errors import InputError
from tallystick.telemetry.nvidia_smi import open_smi
from tallystick.workloads.classifier import Classifier
from tallystick.workloads.file_verdicts import window_verdicts

EVERY_S = 5


def watts(second: int) -> float:
    return 560 + 90 * math.sin(second / 7) + 3 * math.sin(second * 1.7)


def recording(path: Path, seconds: int) -> Path:
    rows = [
        smi_row(START_NS + t * SECOND, gpu, f"{watts(t + gpu):.2f} W", "98 %", "61440 MiB")
        for t in range(0, seconds, EVERY_S)
        for gpu in range(2)
    ]
    return write(path, [SMI_HEAD, *rows])


def test_power_use_and_memory_alone_end_in_reasons(tmp_path: Path) -> None:
    """Whether it judges or abstains is the model's; that a reason stands beside it is ours."""
    source = open_smi(str(recording(tmp_path / "smi.csv", 900)), now_ns=NOW_NS)
    found = list(window_verdicts(source, Classifier.load()))
    assert [(w.subject, (w.start_ns - START_NS) // (300 * SECOND)) for w in found] == [
        (f"GPU-000{gpu}", window) for gpu in range(2) for window in range(3)
    ]
    for window in found:
        assert sum(window.likely_ppm.values()) == pytest.approx(10**6, abs=10)
        if window.verdict == "abstained":
            assert window.abstained_because
        else:
            assert window.why
    assert not any("missing" in window.abstained_because for window in found)


def test_a_recording_of_two_minutes_does_not_fail(tmp_path: Path) -> None:
    source = open_smi(str(recording(tmp_path / "smi.csv", 120)), now_ns=NOW_NS)
    for window in window_verdicts(source, Classifier.load()):
        assert window.abstained_because or window.why


def test_each_format_opens_by_its_scheme(tmp_path: Path) -> None:
    reading = {POWER: 300_000, SM: 900_000, TENSOR: 500_000}
    lines = [x for t in range(3) for x in scrape(str(START_NS // SECOND + t), {0: reading})]
    dmon = write(tmp_path / "dmon.txt", ["#Entity POWER TENSO", "GPU 0 300 0.5", "GPU 0 301 0.5"])
    specs = [
        f"dcgm:{write(tmp_path / 'a.prom', lines)}",
        f"dmon:{dmon},start=2024-05-10T00:00Z,interval=1,name=NVIDIA H100 80GB HBM3",
        f"smi:{recording(tmp_path / 'smi.csv', 60)}",
    ]
    opened = [open_any(spec) for spec in specs]
    assert [source.inventory()[0].source for source in opened] == [
        "dcgm-exporter",
        "dcgmi-dmon",
        "nvidia-smi",
    ]
    assert all(sum(len(table) for table in source.slots()) for source in opened)


def test_an_unknown_scheme_names_these(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"dcgm:\.\.\., dmon:\.\.\., .*smi:\.\.\."):
        open_any(f"csv:{tmp_path}")
