"""The annex of the EU guidelines prints two examples; both come out."""

from fractions import Fraction

import pytest

from tallystick.accounting.formulas import (
    LOW_RANK_TRAINING,
    architecture_flop,
    hardware_flop,
    within_accuracy,
)
from tallystick.errors import InputError


def test_model_a_of_the_annex_by_its_architecture() -> None:
    flop = architecture_flop(3_800_000_000, 3_300_000_000_000)
    assert flop == 75_240_000_000_000_000_000_000
    assert f"{flop:.1e}" == "7.5e+22"


def test_model_b_of_the_annex_by_its_hardware() -> None:
    gpu_seconds = 200_000 * 3600
    flop = hardware_flop(1, gpu_seconds, 300 * 10**12, Fraction(1, 2))
    assert flop == 108 * 10**21
    assert f"{int(flop):.0e}" == "1e+23"


def test_low_rank_training_saves_a_third() -> None:
    assert architecture_flop(7, 6, LOW_RANK_TRAINING) * 3 == architecture_flop(7, 6) * 2


def test_a_fleet_that_changes_adds_up_by_period() -> None:
    half = Fraction(1, 2)
    parts = hardware_flop(3, 10, 7, half) + hardware_flop(5, 10, 7, half)
    assert parts == hardware_flop(8, 10, 7, half) == 280


@pytest.mark.parametrize("utilisation", [Fraction(-1, 9), Fraction(10, 9)])
def test_utilisation_is_a_share(utilisation: Fraction) -> None:
    with pytest.raises(InputError, match="no share"):
        hardware_flop(1, 1, 1, utilisation)


@pytest.mark.parametrize("amounts", [(-1, 1, 1), (1, -1, 1), (1, 1, -1)])
def test_no_negative_amounts(amounts: tuple[int, int, int]) -> None:
    with pytest.raises(InputError, match="negative"):
        hardware_flop(*amounts, Fraction(1, 2))
    with pytest.raises(InputError, match="no amount"):
        architecture_flop(*amounts)


def test_thirty_percent_of_what_was_reported() -> None:
    assert within_accuracy(100, 130)
    assert within_accuracy(100, 70)
    assert not within_accuracy(100, 131)
    assert not within_accuracy(100, 69)
