"""Which GPU a text file's readings are of: unknown products, copies, and GPUs at rates of their own."""

from pathlib import Path

import pytest
from tool_text import (
    H100,
    NOW_NS,
    POWER,
    SECOND,
    SMI_HEAD,
    START_NS,
    column,
    metric_line,
    only_table,
    smi_row,
    write,
)

from tallystick.errors import InputError, SampleError
from tallystick.telemetry.dcgm_text import open_dcgm
from tallystick.telemetry.dcgmi_dmon import open_dmon
from tallystick.telemetry.nvidia_smi import open_smi
from tallystick.telemetry.text_source import TextSource

DMON = ["#Entity POWER", "GPU 0 300", "GPU 0 301"]
DMON_TIME = "start=2024-05-10T00:00Z,interval=1"


def smi(tmp_path: Path, rows: list[str], options: str = "") -> TextSource:
    return open_smi(f"{write(tmp_path / 'smi.csv', [SMI_HEAD, *rows])}{options}", now_ns=NOW_NS)


def notes(source: TextSource) -> str:
    for _ in source.slots():
        pass
    return "\n".join(source.notes)


def named(product: str, seconds: int = 3, gpu: int = 0) -> list[str]:
    return [smi_row(START_NS + t * SECOND, gpu).replace(H100, product) for t in range(seconds)]


@pytest.mark.parametrize(
    "product",
    [
        "NVIDIA H100 64GB HBM2",
        "NVIDIA H100",
        "NVIDIA H200 PCIe",
        "NVIDIA GH200",
        "NVIDIA H100 80GB HBM3 MIG",
        "NVIDIA A100-SXM4-80GB-X",
        "H100 80GB",
        "Graphics Device",
    ],
)
def test_a_near_name_is_never_taken_for_a_known_one(tmp_path: Path, product: str) -> None:
    with pytest.raises(SampleError, match=r"line 2: .*no GPU called.*known are: .*H100 80GB HBM3"):
        smi(tmp_path, named(product))


def test_hardware_given_for_an_unknown_product_is_noted(tmp_path: Path) -> None:
    source = smi(tmp_path, named("Oddity 9"), ",hardware=h100-sxm")
    assert source.inventory()[0].hardware == "h100-sxm"
    assert "GPUs called 'Oddity 9' were taken for h100-sxm" in notes(source)


def test_hardware_given_never_overrides_a_known_product(tmp_path: Path) -> None:
    mixed = [*named("NVIDIA H200"), *named("NVIDIA B200", gpu=1)]
    with pytest.raises(SampleError, match=r"line 5: .*'NVIDIA B200', which is b200-sxm and not h200-sxm"):
        smi(tmp_path, mixed, ",hardware=h200-sxm")
    lines = [
        x for t in range(2) for x in (f"# scrape {START_NS // SECOND + t}", metric_line(POWER, 0, "300"))
    ]
    with pytest.raises(SampleError, match="which is h100-sxm and not a100-sxm4-80"):
        open_dcgm(f"{write(tmp_path / 'a.prom', lines)},hardware=a100-sxm4-80", now_ns=NOW_NS)


def test_the_product_of_a_dmon_table_may_be_named(tmp_path: Path) -> None:
    path = write(tmp_path / "dmon.txt", DMON)
    source = open_dmon(f"{path},{DMON_TIME},name={H100}", now_ns=NOW_NS)
    assert source.inventory()[0].hardware == "h100-sxm"
    assert only_table(source).time_ns.tolist() == [START_NS, START_NS + SECOND]
    with pytest.raises(InputError, match="no GPU called 'NVIDIA H300'"):
        open_dmon(f"{path},{DMON_TIME},name=NVIDIA H300", now_ns=NOW_NS)
    with pytest.raises(SampleError, match="which is h100-sxm and not b200-sxm"):
        open_dmon(f"{path},{DMON_TIME},name={H100},hardware=b200-sxm", now_ns=NOW_NS)


def test_each_gpu_has_a_rate_of_its_own(tmp_path: Path) -> None:
    at = sorted([(t * SECOND // 10, 0) for t in range(300)] + [(t * SECOND, 1) for t in range(0, 30, 5)])
    source = smi(tmp_path, [smi_row(START_NS + t, gpu) for t, gpu in at])
    assert [s.interval_ns for s in source.inventory()] == [SECOND // 10, 5 * SECOND]
    table = only_table(source)
    assert not table.quality.any()
    assert len(column(table, POWER, "GPU-0001")) == 6


@pytest.mark.parametrize("apart_s", [1, 60])
def test_a_copy_is_noted_at_any_rate(tmp_path: Path, apart_s: int) -> None:
    """At one reading a minute no slot holds enough to tell, but an hour does."""
    rows = []
    for t in range(60):
        for gpu in range(3):
            power = 300 + t * 37 % 101 if gpu < 2 else 300 + t * 41 % 97
            rows.append(smi_row(START_NS + t * apart_s * SECOND, gpu, f"{power} W"))
    said = notes(smi(tmp_path, rows))
    assert "1 pairs of GPUs have identical readings over whole slots (GPU-0000 and GPU-0001)" in said


def test_few_or_steady_readings_that_agree_are_no_copy(tmp_path: Path) -> None:
    few = [smi_row(START_NS + t * SECOND, gpu, f"{300 + t} W") for t in range(15) for gpu in range(2)]
    assert "identical" not in notes(smi(tmp_path, few))
    steady = [smi_row(START_NS + t * 60 * SECOND, gpu, "70 W") for t in range(60) for gpu in range(2)]
    assert "identical" not in notes(smi(tmp_path, steady))
