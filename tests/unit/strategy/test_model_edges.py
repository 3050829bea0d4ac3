"""Numbers at the edge: rounding, overflow, and what is no number at all."""

import inspect
from collections.abc import Callable

import numpy as np
import pytest

from tallystick.errors import InputError
from tallystick.strategy.models import (
    alarm_load,
    bargaining_range,
    coalition,
    committee,
    deal_timing,
    deterrence,
    dresher,
    false_alarm_inspection,
    power_shift,
    race,
    repeated_game,
    site_sampling,
    timeliness,
    transparency,
    trust,
    veto_players,
    voting_power,
)

#: Every formula of numbers, with arguments that it takes.
FORMULAS: tuple[tuple[Callable[..., object], tuple[float, ...]], ...] = (
    (alarm_load.alarm_load, (0.1, 3)),
    (bargaining_range.bargaining_range, (0.5, 0.1, 0.1)),
    (coalition.linear_quadratic, (4, 1, 1)),
    (coalition.dichotomous_stable_size, (1, 2)),
    (coalition.dichotomous, (1, 2)),
    (committee.majority_of, (9,)),
    (committee.two_thirds_of, (9,)),
    (committee.motion_passes, (9, 5, 0.4, 1, 2)),
    (committee.decides, (9, 5, 0.4, 2, 1)),
    (deal_timing.deal_price, (2, 1, 0.9)),
    (deal_timing.early_deal, (2, 1, 0.9, 0.5, 2, 0.1, 1, 2)),
    (deal_timing.late_deal, (2, 3, 1, 2)),
    (deal_timing.late_price, (1, 2)),
    (deal_timing.price_of_early_deal, (2, 1, 0.9, 0.1, 1)),
    (deterrence.detection_needed, (1, 9)),
    (deterrence.deterrence_margin, (0.5, 1, 9)),
    (dresher.inspection_value, (4, 2)),
    (dresher.inspection_value_by_recursion, (4, 2)),
    (dresher.evasion_value, (4, 2, 3)),
    (false_alarm_inspection.call_needed, (0.7, 0.1, 1, 3, 1)),
    (false_alarm_inspection.compliance_probability, (0.7, 0.1, 1, 1, 3)),
    (power_shift.shift_margin, (0.9, 0.5, 0.5, 0.5, 0.9)),
    (race.safety_without_information, (1, 2, 0.5)),
    (race.safety_with_private_information, (1, 2, 0.5)),
    (race.safety_with_public_information, (0.2, 0.5)),
    (repeated_game.patience_needed, (5, 3, 1, 0.5)),
    (repeated_game.patience_needed_with_alarms, (5, 3, 1, 0.7, 0.1)),
    (repeated_game.value_with_alarms, (0.9, 3, 1, 0.1)),
    (site_sampling.chance_of_meeting, (9, 2, 3)),
    (site_sampling.visits_needed, (9, 2, 0.1)),
    (timeliness.looks_before_breakout, (2, 1, 0.1)),
    (timeliness.timely_detection, (0.3, 6)),
    (transparency.least_transparency, (0.3, 0.9, 1)),
    (transparency.most_transparency, (1, 2, 1)),
    (transparency.transparency_slack, (0.3, 0.9, 1, 1, 2, 1)),
    (trust.trust_needed, (4, 3, 1, 0)),
    (trust.posterior, (0.3, 0.5, 0.9)),
    (trust.updated_trust, (0.3, 1)),
)


@pytest.mark.parametrize(("formula", "numbers"), FORMULAS, ids=lambda one: getattr(one, "__name__", ""))
def test_what_is_no_finite_number_is_refused(
    formula: Callable[..., object], numbers: tuple[float, ...]
) -> None:
    assert len(numbers) == len(inspect.signature(formula).parameters)
    formula(*numbers)
    for place in range(len(numbers)):
        for bad in (float("nan"), float("inf"), -float("inf")):
            with pytest.raises(InputError):
                formula(*(bad if n == place else one for n, one in enumerate(numbers)))


def test_no_formula_is_left_out() -> None:
    named = {formula for formula, _ in FORMULAS} | {coalition.stable_sizes}
    for module in {inspect.getmodule(formula) for formula, _ in FORMULAS}:
        public = {
            one
            for name, one in inspect.getmembers(module, callable)
            if not name.startswith("_") and inspect.getmodule(one) is module
        }
        assert public <= named, module


def test_weights_points_and_payoffs_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(InputError, match="weights"):
        voting_power.banzhaf((1, float("nan")), 1)
    with pytest.raises(InputError, match="quota"):
        voting_power.banzhaf((1, 1), float("inf"))
    with pytest.raises(InputError, match="players"):
        veto_players.winset(np.zeros((1, 2)), np.full((1, 2), np.nan), np.zeros(2))
    with pytest.raises(InputError, match="member"):
        coalition.stable_sizes(4, lambda s: float("nan"), float)


def test_a_look_that_falls_due_at_the_breakout_counts() -> None:
    for looks in range(1, 40):
        for interval in (0.1, 0.05, 0.7, 1 / 3, 1 / 365):
            assert timeliness.looks_before_breakout(looks * interval, 0, interval) == looks
    assert timeliness.looks_before_breakout(0.3, 0, 0.1) == 3
    assert timeliness.looks_before_breakout(0.299, 0, 0.1) == 2


def test_trust_does_not_overflow() -> None:
    moved = trust.updated_trust([0.0, 0.3, 1.0], [[1e6], [-1e6]])
    assert moved.tolist() == [[0, 1, 1], pytest.approx([0, 0, 1])]


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12])
def test_stable_sizes_do_not_depend_on_the_unit_of_payoff(scale: float) -> None:
    member, outsider = coalition.linear_quadratic(20, 1, 1)
    sizes = coalition.stable_sizes(20, lambda s: scale * member(s), lambda s: scale * outsider(s))
    assert sizes == (2, 3)


def test_sizes_at_which_nobody_restrains_himself_are_left_out() -> None:
    for ratio, size in ((2.0, 2), (3.0, 3), (3.5, 4), (6.2, 7)):
        assert coalition.stable_sizes(20, *coalition.dichotomous(1, ratio)) == (size,)
