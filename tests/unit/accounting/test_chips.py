"""The chip table agrees with itself and with the hardware table."""

import pytest

from tallystick.accounting.chips import INTEGER_PRECISIONS, chip, chip_table
from tallystick.accounting.hardware import hardware_table
from tallystick.errors import InputError


@pytest.mark.parametrize("kind", chip_table().values(), ids=lambda k: k.key)
def test_a_chip_has_a_source_and_consistent_rates(kind) -> None:
    assert kind.source
    assert all(isinstance(rate, int) and rate > 0 for rate in kind.dense_op_per_s.values())
    for precision, rate in kind.sparse_op_per_s.items():
        assert 2 * kind.dense_op_per_s[precision] == pytest.approx(rate, rel=0.02)
    assert kind.dense_op_per_s.get("fp8", kind.reference_flop_per_s) >= kind.reference_flop_per_s


@pytest.mark.parametrize("row", hardware_table().values(), ids=lambda k: k.key)
def test_hardware_peaks_at_the_fastest_floating_point_rate_of_its_chips(row) -> None:
    assert row.peak_flop_per_s == row.covers * chip(row.chip).fastest_op_per_s()
    assert row.rated_mw >= row.covers * chip(row.chip).tdp_mw


def test_what_counts_decides_the_peak() -> None:
    a100 = chip("a100-sxm4-80")
    assert a100.fastest_op_per_s() == 312 * 10**12
    assert a100.fastest_op_per_s(count_integers=True) == 1248 * 10**12
    assert a100.fastest_op_per_s(count_integers=True, count_skipped=True) == 2496 * 10**12
    assert {"int8", "int4"} == INTEGER_PRECISIONS


def test_an_unknown_chip_is_named_with_what_there_is() -> None:
    with pytest.raises(InputError, match="abacus"):
        chip("abacus")
