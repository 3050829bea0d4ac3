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
    # All units together beat the tensor units, and the vector units alone are no slower than at FP32.
    assert kind.most_op_per_s() > kind.fastest_op_per_s() * (1_000_000 + kind.clock_margin_ppm) // 1_000_000
    if kind.vector_flop_per_s is not None:
        assert kind.vector_flop_per_s >= kind.dense_op_per_s["fp32"]


@pytest.mark.parametrize("row", hardware_table().values(), ids=lambda k: k.key)
def test_hardware_does_no_more_than_all_units_of_its_chips(row) -> None:
    assert row.most_flop_per_s == row.covers * chip(row.chip).most_op_per_s()
    assert row.rated_mw >= row.covers * chip(row.chip).tdp_mw


@pytest.mark.parametrize("kind", chip_table().values(), ids=lambda k: k.key)
def test_a_chip_with_a_rated_power_is_hardware(kind) -> None:
    assert (kind.key in hardware_table()) == (kind.tdp_mw is not None)
    if kind.tdp_mw is not None:
        row = hardware_table()[kind.key]
        assert (row.covers, row.rated_mw) == (1, kind.tdp_mw)


def test_a_chip_without_a_row_has_the_shares_of_the_h100_and_says_so() -> None:
    model, row = hardware_table()["h100-sxm"], hardware_table()["gh200"]
    assert "assumed" in row.source
    assert (row.idle_mw, row.least_flop_per_mj, row.typical_flop_per_mj, row.most_flop_per_mj) == (
        model.idle_mw,
        model.least_flop_per_mj,
        model.typical_flop_per_mj,
        model.most_flop_per_mj,
    )


def test_what_counts_decides_the_peak() -> None:
    a100 = chip("a100-sxm4-80")
    assert a100.fastest_op_per_s() == 312 * 10**12
    assert a100.fastest_op_per_s(count_integers=True) == 1248 * 10**12
    assert a100.fastest_op_per_s(count_integers=True, count_skipped=True) == 2496 * 10**12
    assert {"int8", "int4"} == INTEGER_PRECISIONS


def test_an_unknown_chip_is_named_with_what_there_is() -> None:
    with pytest.raises(InputError, match="abacus"):
        chip("abacus")
