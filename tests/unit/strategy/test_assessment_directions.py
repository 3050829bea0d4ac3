"""What must happen to an assessment when one thing changes and nothing else."""

from dataclasses import replace

import numpy as np
import pytest
from tests.unit.strategy.cases import DRAWS, balanced, states, technology, with_parameter

from tallystick.strategy.assessment import assess, evaluated
from tallystick.strategy.gates.evaluate import Gate, Margins
from tallystick.strategy.inputs.ensemble import Inputs, drawn, sobol_levels
from tallystick.strategy.inputs.profile import Profile, shipped
from tallystick.strategy.inputs.terms import Decision, Stage, Terms


def run(
    terms: Terms, tools: Profile | None = None, sides: tuple[Profile, ...] | None = None, by: str = "joint"
) -> Margins:
    inputs = Inputs(sides or states(), tools or technology(), shipped("world/default"))
    return evaluated(terms, inputs, drawn(inputs, sobol_levels(len(inputs.columns), DRAWS, 1)), by)


def test_more_leakage_never_wins_anybody_over() -> None:
    shares = []
    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        shares.append(
            run(balanced(), with_parameter(technology(), "leakage", low, low + 0.2)).accepted.mean(axis=1)
        )
    assert (np.diff(shares, axis=0) <= 0).all()
    assert shares[0][0] > shares[-1][0]


@pytest.mark.parametrize("name", ["detection", "detection_hidden", "national_means"])
def test_better_detection_never_lowers_compliance(name: str) -> None:
    before = run(balanced(), with_parameter(technology(), name, 0.0, 0.5)).table[:, Gate.COMPLIANCE]
    after = run(balanced(), with_parameter(technology(), name, 0.5, 1.0)).table[:, Gate.COMPLIANCE]
    assert (after >= before - 1e-12).all()
    assert (after > before).any() or name == "national_means"


@pytest.mark.parametrize("name", ["false_alarm", "delay_years"])
def test_more_alarms_or_delay_never_win_anybody_over(name: str) -> None:
    before = run(balanced(), with_parameter(technology(), name, 0.0, 0.3)).accepted
    after = run(balanced(), with_parameter(technology(), name, 0.3, 0.6)).accepted
    assert not (after & ~before).any()


def test_swapping_the_states_swaps_the_results() -> None:
    arden, borealis = states()
    one = assess(balanced(), (arden, borealis), technology(), draws=8192, sensitivity=False)
    other = assess(balanced(), (borealis, arden), technology(), draws=8192, sensitivity=False)
    for name in ("Arden", "Borealis"):
        assert one.state(name).share == pytest.approx(other.state(name).share, abs=0.01)
    assert one.joint == pytest.approx(other.joint, abs=0.01)


def test_a_name_is_only_a_name() -> None:
    arden, borealis = states()
    renamed = replace(arden, name="Zeta"), borealis
    assert (run(balanced(), sides=renamed).table == run(balanced()).table).all()


def test_who_disarms_last_gains_and_the_other_loses() -> None:
    stages = tuple(Stage(name, ("all",), "condition", None, 0.0) for name in ("first", "second", "third"))
    even = replace(balanced(), stages=stages, elimination="full")
    tilted = run(replace(even, disarms_last=("Arden",))).table[:, Gate.POWER_SHIFT].min(axis=1)
    level = run(even).table[:, Gate.POWER_SHIFT].min(axis=1)
    assert (tilted[1] <= level[1] + 1e-12).all()
    assert np.median(tilted[0]) >= np.median(level[0])


def test_a_veto_protects_its_holder_and_shields_the_violator() -> None:
    voted = replace(balanced(), sanctions=Decision("majority"))
    vetoed = replace(balanced(), sanctions=Decision("veto", ("Borealis",)))
    before, after = run(voted).table[:, Gate.ENFORCEMENT], run(vetoed).table[:, Gate.ENFORCEMENT]
    assert np.median(after[0]) < np.median(before[0])
    assert (run(vetoed).accepted[0] <= run(voted).accepted[0]).all()


def test_a_self_serving_proposal_by_the_rival_is_trusted_less() -> None:
    tilted = replace(balanced(), disarms_last=("Arden",), elimination="full")
    jointly, imposed = run(tilted, by="joint"), run(tilted, by="leader")
    assert (imposed.accepted[1] <= jointly.accepted[1]).all()
    assert imposed.accepted[1].sum() < jointly.accepted[1].sum() or not jointly.accepted[1].any()
    assert (imposed.table[0] == jointly.table[0]).all()


def test_going_first_costs_no_trust() -> None:
    first = replace(balanced(), disarms_last=("Borealis",), elimination="full")
    assert (run(first, by="leader").table == run(first, by="joint").table).all()


def test_foreign_ownership_wins_nobody_over() -> None:
    owned = replace(balanced(), owned=True, operations=Decision("majority"))
    assert not (run(owned).accepted & ~run(balanced()).accepted).any()


def test_side_payments_move_both_sides_apart() -> None:
    before = run(balanced()).table[:, Gate.PARTICIPATION]
    after = run(replace(balanced(), paid=("Borealis",))).table[:, Gate.PARTICIPATION]
    assert (after[1] > before[1]).all()
    assert (after[0] < before[0]).all()


def test_deadlock_refuses_whatever_is_offered() -> None:
    result = assess(balanced(), states(), technology(), draws=DRAWS, sensitivity=False)
    for state in result.states:
        assert state.by_order["deadlock"] <= 0.2
        assert state.by_order["assurance"] > state.by_order["deadlock"]
