from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.accounting.hardware import hardware_table
from tallystick.errors import InputError, SampleError
from tallystick.records.sample import CHANNELS, MISSING
from tallystick.telemetry.gpu_products import _KEYS, hardware_of
from tallystick.telemetry.sampling_interval import IntervalSurvey
from tallystick.telemetry.text_numbers import MissingReadings, reading

POWER, TX = "DCGM_FI_DEV_POWER_USAGE", "DCGM_FI_DEV_NVLINK_COUNT_TX_BYTES"
MS = 10**6


def read(text: str, channel: str = POWER, factor: int = 1000) -> int:
    return reading(text, channel, factor, "f, line 1", MissingReadings())


@given(st.integers(0, CHANNELS[POWER].maximum))
def test_every_milliwatt_is_exact(milliwatt: int) -> None:
    assert read(str(Decimal(milliwatt) / 1000)) == milliwatt


@given(st.integers(0, 2**62))
def test_every_count_is_exact(count: int) -> None:
    assert read(str(count), TX, 1) == count


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", 0), ("0.0004999", 0), ("0.0005", 1), ("1e2", 100_000), (".5", 500), ("5.", 5000), ("+7", 7000)],
)
def test_halves_are_rounded_up(text: str, value: int) -> None:
    assert read(text) == value


@pytest.mark.parametrize("text", ["1,5", "0x10", "1e", "--1", "1 2", "٣", "true", "1_000", "5e9999"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(SampleError, match="f, line 1: "):
        read(text)


@pytest.mark.parametrize("text", ["", "-", "n/a", "[anything at all]", "<<<NULL>>>", "NAN", "-Inf"])
def test_words_for_nothing(text: str) -> None:
    missing = MissingReadings()
    assert reading(text, POWER, 1000, "", missing) == MISSING
    assert len(missing.notes()) == 1


def test_reasons_are_bounded() -> None:
    missing = MissingReadings()
    for i in range(10_000):
        reading(f"[{i}]", POWER, 1000, "", missing)
    assert len(missing.notes()) == 65


@pytest.mark.parametrize(
    ("product", "key"),
    [
        ("NVIDIA H100 80GB HBM3", "h100-sxm"),
        ("NVIDIA-H100-80GB-HBM3", "h100-sxm"),
        ("NVIDIA A100-SXM4-80GB", "a100-sxm4-80"),
        ("A100-SXM4-80GB", "a100-sxm4-80"),
        ("NVIDIA H200", "h200-sxm"),
        ("NVIDIA B200", "b200-sxm"),
        ("NVIDIA H100 PCIe", "h100-pcie"),
        ("NVIDIA H200 NVL", "h200-nvl"),
        ("Tesla V100-SXM2-32GB", "v100-sxm2"),
    ],
)
def test_products(product: str, key: str) -> None:
    assert hardware_of(product) == key
    assert hardware_table()[key].covers == 1


def test_every_product_is_one_accelerator_of_the_table() -> None:
    assert all(hardware_table()[key].covers == 1 for key in _KEYS.values())


@pytest.mark.parametrize(
    "product", ["", "NVIDIA", "NVIDIA H200 PCIe", "NVIDIA H100", "H100 80GB HBM3 x", "\x1b"]
)
def test_products_that_are_not_known(product: str) -> None:
    with pytest.raises(InputError, match="no GPU called") as error:
        hardware_of(product)
    assert "H100 80GB HBM3" in error.value.mend


def test_the_interval_is_the_median_over_all_of_the_file() -> None:
    survey = IntervalSurvey()
    now = 0
    for i in range(100_000):
        now += (1000 if i < 70_000 else 5000) * MS + (i % 7) * 100
        survey.add(now)
    assert survey.interval_ns() == 1000 * MS
    assert len(survey._distances) <= 257


def test_one_instant_has_no_interval() -> None:
    survey = IntervalSurvey()
    survey.add(5)
    assert survey.interval_ns() == 0
    survey.add(6)
    assert survey.interval_ns() == MS
