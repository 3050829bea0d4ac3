"""What must happen to an assessment when one thing changes and nothing else."""

from dataclasses import replace

import numpy as np
import pytest
from tests.unit.strategy.cases import DRAWS, balanced, states, technology, with_parameter

from tallystick.strategy.assessment import assess, evaluated
from tallystick.strategy.gates.evaluate import Gate, Margins
from tallystick.strategy.gates.participation import expected_power
from tallystick.strategy.gates.power_shift import power_shift
from tallystick.strategy.gates.situation import situation
from tallystick.strategy.inputs.ensemble import Inputs, drawn, sobol_levels
from tallystick.strategy.inputs.profile import Profile, shipped
from tallystick.strategy.inputs.terms import Decision, Stage, Terms
from tallystick.strategy.models.power_shift import shift_margin


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
    assert (after > before + 1e-9).mean() > 0.1


@pytest.mark.parametrize("name", ["false_alarm", "delay_years"])
def test_more_alarms_or_delay_never_win_anybody_over(name: str) -> None:
    before = run(balanced(), with_parameter(technology(), name, 0.0, 0.3))
    after = run(balanced(), with_parameter(technology(), name, 0.6, 0.9))
    assert not (after.accepted & ~before.accepted).any()
    lost = before.table[:, Gate.COMPLIANCE] - after.table[:, Gate.COMPLIANCE]
    assert (lost >= -1e-12).all()
    assert (lost > 1e-9).mean() > 0.1


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
    assert (tilted[1] <= level[1] + 1e-12).mean() > 0.99  # a text that outlives the horizon disarms nobody
    assert np.median(tilted[1]) < np.median(level[1])
    assert np.median(tilted[0]) >= np.median(level[0])


def test_a_veto_protects_its_holder_and_shields_the_violator() -> None:
    final = tuple(replace(stage, kept=0.0) for stage in balanced().stages)
    free = replace(balanced(), stages=final, elimination="full", findings=Decision("majority"), exit="no")
    alone = with_parameter(states()[1], "council_friends", 0.05, 0.15)
    sides = (with_parameter(states()[0], "latency", 0.0, 0.05), alone)
    voted = run(replace(free, sanctions=Decision("majority")), sides=sides)
    vetoed = run(replace(free, sanctions=Decision("veto", ("Borealis",))), sides=sides)
    before, after = voted.table[:, Gate.ENFORCEMENT], vetoed.table[:, Gate.ENFORCEMENT]
    assert np.median(after[0]) < np.median(before[0])
    assert (vetoed.accepted[0] <= voted.accepted[0]).all()
    assert vetoed.accepted[0].mean() < voted.accepted[0].mean()
    assert vetoed.agreed[1].mean() > voted.agreed[1].mean()


@pytest.mark.parametrize("rule", ["majority", "supermajority"])
def test_more_friends_in_the_body_protect_the_violator_and_the_innocent(rule: str) -> None:
    """Voting power: what a state can count on is what others cannot."""
    text = replace(balanced(), findings=Decision(rule), sanctions=Decision(rule))
    few, many = (
        situation(
            text,
            inputs := Inputs(sides, technology(), shipped("world/default")),
            drawn(inputs, sobol_levels(len(inputs.columns), DRAWS, 1)),
        ).decisions
        for low in (0.05, 0.45)
        for sides in [(states()[0], with_parameter(states()[1], "council_friends", low, low + 0.1))]
    )
    assert (many.acted_on[1] <= few.acted_on[1] + 1e-12).all()
    assert (many.hostile[1] <= few.hostile[1] + 1e-12).all()
    assert many.acted_on[1].mean() < few.acted_on[1].mean() - 0.1


def test_who_passes_the_power_shift_gate_could_be_held_by_concessions() -> None:
    """Its condition is the stricter one: Powell's inequality, all else conceded, holds wherever it does."""
    inputs = Inputs(states(), technology(), shipped("world/default"))
    values = drawn(inputs, sobol_levels(len(inputs.columns), DRAWS, 1))
    found = situation(replace(balanced(), disarms_last=("Arden",), elimination="full"), inputs, values)
    lengths = np.diff(np.minimum(found.plan.starts, found.world["horizon_years"]), axis=0)
    for i, rival in ((0, 1), (1, 0)):
        delta = np.clip(found.states[i]["discount"] ** lengths, 0.0, 0.9999)
        costs = (found.states[k]["conflict_cost"] / (1 - delta) for k in (i, rival))
        conceded = shift_margin(found.power.leaving[i], expected_power(found, i), *costs, delta)
        margin = power_shift(found, i)
        assert (margin <= conceded + 1e-12).all()
        assert (margin < 0).any()
        assert (conceded[margin < 0] > 0).any()


def test_a_leaders_proposal_is_read_as_containment_and_a_laggards_is_not() -> None:
    """A freeze serves who leads: he is trusted less for it, and a laggard who proposes it more."""
    jointly, by_leader, by_laggard = (run(balanced(), by=who) for who in ("joint", "leader", "laggard"))
    won, lost = by_leader.accepted[1] & ~jointly.accepted[1], jointly.accepted[1] & ~by_leader.accepted[1]
    assert lost.sum() > 2 * won.sum()
    assert (by_leader.table[0] == jointly.table[0]).all()
    assert by_laggard.accepted[0].sum() > jointly.accepted[0].sum()
    assert (by_laggard.table[1] == jointly.table[1]).all()
    assert (run(balanced(), by="third_party").table == jointly.table).all()


def test_the_stronger_the_suspicion_the_less_a_leaders_proposal_is_worth() -> None:
    arden, borealis = states()
    shares = [
        run(balanced(), sides=(arden, with_parameter(borealis, "containment", low, low + 0.5)), by="leader")
        .accepted[1]
        .mean()
        for low in (0.0, 1.0, 2.0, 4.0)
    ]
    assert (np.diff(shares) <= 0).all()
    assert shares[-1] < shares[0]


def test_going_first_wins_trust() -> None:
    """What costs its author is the better sign for it."""
    first = replace(balanced(), disarms_last=("Borealis",), elimination="full")
    signalled, jointly = run(first, by="leader"), run(first, by="joint")
    gained = signalled.protected[1] - jointly.protected[1]
    assert (gained >= 0).all()
    assert (gained > 1e-9).any(axis=0).mean() > 0.05
    assert not (jointly.accepted[1] & ~signalled.accepted[1]).any()
    assert (signalled.accepted[1] & ~jointly.accepted[1]).any()
    assert (signalled.table[0] == jointly.table[0]).all()  # who proposes learns nothing from it


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
