"""Every formula against the values of the literature, O1 to O15."""

from fractions import Fraction

import numpy as np
import pytest

from tallystick.errors import InputError
from tallystick.strategy.models import (
    alarm_load,
    bargaining_range,
    coalition,
    deterrence,
    dresher,
    false_alarm_inspection,
    power_shift,
    race,
    repeated_game,
    site_sampling,
    timeliness,
    trust,
)


def test_o1_detection_that_deters() -> None:
    assert deterrence.detection_needed(1, 9) == pytest.approx(0.1)
    assert deterrence.deterrence_margin(0.1, 1, 9) == pytest.approx(0)
    assert deterrence.deterrence_margin(0.09, 1, 9) < 0
    with pytest.raises(InputError, match="detection"):
        deterrence.deterrence_margin(1.1, 1, 9)


@pytest.mark.parametrize(
    ("periods", "inspections", "value"),
    [(2, 1, "-1/3"), (3, 1, "-1/2"), (4, 2, "-3/11"), (8, 3, "-35/93"), (10, 3, "-21/44"), (3, 3, "0")],
)
def test_o2_dresher(periods: int, inspections: int, value: str) -> None:
    assert dresher.inspection_value(periods, inspections) == Fraction(value)


def test_o2_recursion_is_the_closed_form() -> None:
    for n in range(1, 8):
        for m in range(n + 1):
            assert dresher.inspection_value_by_recursion(n, m) == dresher.inspection_value(n, m)


def test_o3_nonzero_sum() -> None:
    assert dresher.evasion_value(3, 1, 2) == Fraction(2, 5)
    assert dresher.evasion_value(10, 3, 5) == Fraction(7, 60)


@pytest.mark.parametrize("loss", [Fraction(1, 2), 1, 2, 5])
def test_o3_satisfies_the_recursion(loss: Fraction | int) -> None:
    """The inspectee is indifferent between violating now and waiting, at the inspector's mixture."""
    for n in range(2, 8):
        for m in range(1, n):
            now, later = dresher.evasion_value(n - 1, m, loss), dresher.evasion_value(n - 1, m - 1, loss)
            inspect = (1 - now) / ((1 - now) + (Fraction(loss) + later))
            value = dresher.evasion_value(n, m, loss)
            assert value == 1 - inspect * (1 + Fraction(loss))
            assert value == inspect * later + (1 - inspect) * now


def test_o4_false_alarms() -> None:
    assert false_alarm_inspection.call_needed(0.7, 0.05, 4, 8, 1) == pytest.approx(80 / 167)
    assert false_alarm_inspection.compliance_probability(0.7, 0.05, 2, 1, 10) == pytest.approx(63 / 64)


def test_o4_alarms_too_poor_to_act_on() -> None:
    assert np.isinf(false_alarm_inspection.call_needed(0.01, 0.9, 4, 0, 8))


def test_o5_to_o7_repeated_restraint() -> None:
    assert repeated_game.patience_needed(5, 3, 1) == pytest.approx(1 / 2)
    assert repeated_game.patience_needed(5, 3, 1, 0.5) == pytest.approx(2 / 3)
    assert repeated_game.patience_needed_with_alarms(5, 3, 1, 0.7, 0.05) == pytest.approx(5 / 8)
    assert repeated_game.patience_needed_with_alarms(5, 3, 1, 1, 0) == pytest.approx(1 / 2)


def test_o7_false_alarms_eat_the_value() -> None:
    values = 1 + repeated_game.value_with_alarms(0.95, 3, 1, np.array([0, 0.01, 0.05, 0.1]))
    assert values == pytest.approx([3.00, 2.68, 2.03, 1.69], abs=0.005)


def test_o7_no_patience_suffices_for_a_poor_signal() -> None:
    assert np.isinf(repeated_game.patience_needed_with_alarms(5, 3, 1, 0.2, 0.15))


def test_o8_timeliness() -> None:
    looks = timeliness.looks_before_breakout(6.5, 0.5, 1)
    assert looks == 6
    assert timeliness.timely_detection(0.3, looks) == pytest.approx(0.882, abs=5e-4)
    assert timeliness.looks_before_breakout(1, 3, 1) == 0


def test_o9_site_sampling() -> None:
    assert site_sampling.visits_needed(100, 5, 0.05) == pytest.approx(45.1, abs=0.05)
    assert site_sampling.chance_of_meeting(100, 5, 45) == pytest.approx(0.95, abs=0.01)
    assert site_sampling.chance_of_meeting(10, 10, 1) == 1


def test_o10_alarm_load() -> None:
    assert alarm_load.alarm_load(0.01, 52) == pytest.approx(0.407, abs=5e-4)


def test_o11_bargaining_range() -> None:
    low, high = bargaining_range.bargaining_range(0.6, 0.1, 0.2)
    assert (low, high, high - low) == (pytest.approx(0.5), pytest.approx(0.8), pytest.approx(0.3))


def test_o12_power_shift() -> None:
    assert power_shift.shift_margin(0.9, 0.5, 0.5, 0.5, 0.9) < 0
    assert power_shift.shift_margin(0.9, 0.85, 0.5, 0.5, 0.9) > 0


def test_o13_trust() -> None:
    assert trust.trust_needed(4, 3, 1, 0) == pytest.approx(1 / 2)


def test_o14_barrett() -> None:
    assert coalition.stable_sizes(20, *coalition.linear_quadratic(20, 1, 1)) == (2, 3)
    assert coalition.dichotomous_stable_size(1, 3.5) == 4
    assert coalition.dichotomous_stable_size(1, 6.2) == 7
    for ratio, size in ((3.5, 4), (6.2, 7)):
        sizes = coalition.stable_sizes(20, *coalition.dichotomous(1, ratio))
        assert sizes == (size,)


def test_o15_race_formulas() -> None:
    assert race.safety_without_information(0.5, 2, 0.5) == pytest.approx(0.5)
    assert race.safety_with_private_information(0.6, 3, 0.5) == pytest.approx(0.3)
    ahead, behind = race.safety_with_public_information(0.2, 0.5)
    assert (ahead, behind) == (pytest.approx(0.4), pytest.approx(0.2))


def test_o15_no_information_is_a_best_response() -> None:
    """Against rivals at s*, no other safety does better: score margins over uniform capabilities."""
    reach, enmity = 0.6, 0.9
    safety = float(race.safety_without_information(reach, 2, enmity))
    draws = np.random.default_rng(1).uniform(0, reach, (200_000, 2))

    def payoff(own: float) -> float:
        wins = draws[:, 0] - own > draws[:, 1] - safety
        return float(np.where(wins, own, (1 - enmity) * safety).mean())

    grid = np.linspace(0, 1, 21)
    assert payoff(safety) >= max(payoff(s) for s in grid) - 0.01


def test_o15_private_information_is_a_best_response() -> None:
    reach, enmity = 0.8, 0.7
    rival = np.random.default_rng(2).uniform(0, reach, 200_000)
    rival_safety = race.safety_with_private_information(rival, 2, enmity)
    for own_capability in (0.2, 0.5, 0.75):

        def payoff(own: float, capability: float = own_capability) -> float:
            wins = capability - own > rival - rival_safety
            return float(np.where(wins, own, (1 - enmity) * rival_safety).mean())

        best = float(race.safety_with_private_information(own_capability, 2, enmity))
        assert payoff(best) >= max(payoff(s) for s in np.linspace(0, 1, 41)) - 0.01
