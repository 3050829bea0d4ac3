"""What a text leaves for later than states look counts for nothing, and never wins anybody over."""

from dataclasses import replace

import numpy as np
import pytest
from tests.unit.strategy.cases import balanced, states, technology
from tests.unit.strategy.test_gates import PLAIN, WORLD, case, only

from tallystick.strategy.gates.evaluate import margins
from tallystick.strategy.gates.participation import participation
from tallystick.strategy.gates.power_shift import power_shift
from tallystick.strategy.gates.situation import situation
from tallystick.strategy.inputs.ensemble import Inputs, drawn, sobol_levels
from tallystick.strategy.inputs.profile import shipped
from tallystick.strategy.inputs.terms import Stage, Terms

NEVER = 9999.0


def joint(terms: Terms) -> float:
    inputs = Inputs(states(), technology(), shipped("world/default"))
    values = drawn(inputs, sobol_levels(len(inputs.columns), 2048, 0))
    return float(margins(situation(terms, inputs, values)).accepted.all(axis=0).mean())


def lasting(terms: Terms, years: float) -> Terms:
    """The same text with a first stage of so many years."""
    return replace(terms, stages=(replace(terms.stages[0], years=years), *terms.stages[1:]))


def declared_then_capped() -> Terms:
    declare = Stage("declare", ("all",), "dated", 0.1, 1.0, yields=False, restrains=False)
    return replace(balanced(), stages=(declare, Stage("cap", ("all",), "condition", None, 1.0, yields=False)))


@pytest.mark.parametrize("terms", [balanced(), declared_then_capped()], ids=lambda terms: terms.stages[0].id)
def test_a_longer_first_stage_never_raises_the_share_of_a_short_one(terms: Terms) -> None:
    short = joint(lasting(terms, 0.1))
    assert all(joint(lasting(terms, years)) <= short for years in (0.5, 2.0, 10.0, NEVER))


def test_that_a_later_cap_may_do_better_comes_of_the_stop_of_growth(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both are at the top by then. Where nobody stops growing so soon, later is worse throughout."""
    years = (0.1, 0.5, 1.0, 2.0, 4.0, 8.0)

    def shares() -> np.ndarray:
        return np.array([joint(lasting(declared_then_capped(), length)) for length in years])

    assert (np.diff(shares()) > 0.02).any()
    monkeypatch.setattr("tallystick.strategy.gates.power.MOST_GROWTH", 5.0)
    assert (np.diff(shares()) <= 0).all()


def test_a_cap_that_never_binds_persuades_nobody() -> None:
    assert joint(lasting(declared_then_capped(), 0.1)) > 0.1
    assert joint(lasting(declared_then_capped(), NEVER)) == 0


def test_a_cap_brings_its_benefit_for_the_part_of_the_horizon_for_which_it_binds() -> None:
    """Two years are looked ahead; the cap begins after half of one: three quarters of R = 1 are left."""
    tell = Stage("tell", ("all",), "dated", 0.5, 1.0, yields=False, restrains=False)
    cap = Stage("cap", ("all",), "dated", 1.0, 1.0, yields=False)
    text = replace(PLAIN, elimination="none", stages=(tell, cap))
    assert participation(case(text), 0)[:, 0] == pytest.approx([0.75, 0.75])
    assert participation(case(lasting(text, 2.0)), 0)[:, 0] == pytest.approx([0.0, 0.0])
    assert participation(case(lasting(text, NEVER)), 0)[:, 0] == pytest.approx([0.0, 0.0])


def test_what_is_not_over_by_the_horizon_is_not_given_up() -> None:
    """All is to go (depth 1, latency 0.5): half of 1 in the weight of 2, or nothing yet."""
    in_time = case(PLAIN, first={"capability": 1.0})
    assert in_time.power.kept[0, 0] == pytest.approx([0.5])
    late = case(replace(PLAIN, stages=(replace(PLAIN.stages[0], years=3.0),)))
    assert late.power.kept[0, 0] == pytest.approx([1.0])
    assert late.power.end[0] == pytest.approx([0.5])


def test_power_is_compared_at_the_horizon_and_not_when_the_last_stage_ends() -> None:
    """The laggard of a half catches up in four years; two are looked ahead."""
    behind = {"capability": 0.5, "catch_up_years": 4.0}
    text = replace(PLAIN, stages=(replace(PLAIN.stages[0], years=NEVER),))
    assert case(text, second=behind).power.race[1] == pytest.approx([1.75 / (1.75 + 2)])


@pytest.mark.parametrize("years", [0.25, 1.0, 1.5])
def test_the_length_of_a_stage_weighs_now_against_later(years: float) -> None:
    """Borealis gives up first: 1.5 of 2 are left to it beside 2, later 1.5 to both."""
    stages = (
        Stage("theirs", ("Borealis",), "dated", years, 0.0),
        Stage("ours", ("Arden",), "dated", 2.0, 0.0),
    )
    found = case(replace(PLAIN, stages=stages))
    now, later, delta = 1.5 / 3.5, 0.5, 0.9**years
    assert found.power.within[1, 0] == pytest.approx([now])
    fixed = (1 - delta) * now + delta * later - (0.5 - 0.1)
    conceded = (1 - delta) + 0.1 + delta * 0.1 - (0.5 - delta * later)
    assert fixed < conceded
    assert power_shift(found, 1)[0] == pytest.approx([fixed])


def test_a_stage_beyond_the_horizon_has_no_length() -> None:
    """Two years are looked ahead, so that a stage of three is discounted as one of two."""
    behind = {"capability": 0.5, "catch_up_years": 1.0}
    assert WORLD["horizon_years"] == 2.0
    kept = replace(PLAIN.stages[0], kept=1.0, yields=False)
    two, three = (replace(PLAIN, stages=(replace(kept, years=years),)) for years in (2.0, 3.0))
    both = [only(power_shift(case(one, second=behind), 1)) for one in (two, three)]
    assert both[0] == pytest.approx(both[1])
    assert np.isfinite(both).all()
