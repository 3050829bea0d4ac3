"""Verdicts, boxes, indices and breakpoints, on answers that are known."""

import json
from dataclasses import replace

import numpy as np
import pytest
from tests.unit.strategy.cases import DRAWS, balanced, states, technology, with_parameter

from tallystick.errors import InputError
from tallystick.strategy.as_json import assessment_json
from tallystick.strategy.assessment import assess
from tallystick.strategy.gates.evaluate import Gate
from tallystick.strategy.gates.situation import situation
from tallystick.strategy.inputs.ensemble import Inputs, drawn, sobol_levels
from tallystick.strategy.inputs.profile import shipped
from tallystick.strategy.inputs.terms import Decision
from tallystick.strategy.require.demonstration import mutual_cap
from tallystick.strategy.verdicts.placebo import verdict_placebo
from tallystick.strategy.verdicts.prim import Box, Condition, find_box
from tallystick.strategy.verdicts.sensitivity import breakpoints, drivers_of, resting_on
from tallystick.strategy.verdicts.verdict import Verdict, verdict
from tallystick.strategy.verdicts.worded_box import steps_of, worded


@pytest.mark.parametrize(
    ("share", "expected"),
    [(1.0, "yes"), (0.9, "yes"), (0.8999, "contested"), (0.1001, "contested"), (0.1, "no"), (0.0, "no")],
)
def test_thresholds_belong_to_the_robust_verdicts(share: float, expected: str) -> None:
    assert verdict(share).value.endswith(expected)


def test_prim_finds_the_box_that_was_hidden() -> None:
    levels = np.random.default_rng(4).random((4096, 8))
    holds = (levels[:, 2] > 0.6) & (levels[:, 5] < 0.5)
    box = find_box(levels, holds)
    assert box is not None
    by_column = {one.column: (one.low, one.high) for one in box.conditions}
    assert {2, 5} <= set(by_column)
    assert by_column[2] == (pytest.approx(0.6, abs=0.05), 1.0)
    assert by_column[5] == (0.0, pytest.approx(0.5, abs=0.05))
    assert box.density > 0.85
    assert box.coverage > 0.85
    assert box.support == pytest.approx(0.2, abs=0.05)


def test_prim_has_no_box_where_nothing_differs() -> None:
    levels = np.random.default_rng(4).random((256, 3))
    assert find_box(levels, np.ones(256, dtype=bool)) is None
    assert find_box(levels, np.zeros(256, dtype=bool)) is None


def test_of_a_choice_whole_words_are_peeled_and_the_figures_are_those_of_the_words() -> None:
    inputs = Inputs(states(), technology(), shipped("world/default"))
    levels = sobol_levels(len(inputs.columns), 2048, 0)
    values = drawn(inputs, levels)
    orders, detection = values.of("Arden")["orders"], values.of("technology")["detection"]
    holds = (orders < 2) & (detection > 0.4567)
    box = worded(find_box(levels, holds, steps_of(inputs)), inputs, levels, holds)
    assert box is not None
    assert "Arden.orders dilemma or assurance" in box.conditions
    (said,) = [one for one in box.conditions if one.startswith("technology.detection at least ")]
    inside = (orders < 2) & (detection >= float(said.rsplit(" ", 1)[1]))
    for one in set(box.conditions) - {said, "Arden.orders dilemma or assurance"}:
        name, _, edge = one.partition(" at ")
        owner, _, parameter = name.rpartition(".")
        drawn_values, bound = values.of(owner)[parameter], float(edge.split()[1])
        inside &= drawn_values >= bound if edge.startswith("least") else drawn_values <= bound
    assert box.support == pytest.approx(inside.mean())
    assert box.density == pytest.approx(holds[inside].mean())
    assert box.coverage == pytest.approx(holds[inside].sum() / holds.sum())


def test_a_condition_that_excludes_nothing_is_not_said() -> None:
    inputs = Inputs(states(), technology(), shipped("world/default"))
    levels = sobol_levels(len(inputs.columns), 256, 0)
    column = list(inputs.columns).index("Arden.orders")
    box = Box((Condition(column, 0.0, 0.9999),), 0.5, 1.0, 1.0)
    assert worded(box, inputs, levels, levels[:, 0] > 0.5) is None


def test_what_does_not_act_drives_nothing() -> None:
    inputs = Inputs(states(), technology(), shipped("world/default"))
    drivers = {driver.name: driver for driver in drivers_of(balanced(), inputs, "joint", 0)[0]}
    assert len(drivers) == len(inputs.columns)
    for idle in ("Arden.sovereignty", "world.enforce_court", "Borealis.secrecy"):
        assert drivers[idle].total == 0
    strongest = max(drivers.values(), key=lambda driver: driver.total)
    assert strongest.name == "Arden.orders"
    assert all(driver.total >= 0 for driver in drivers.values())


def test_what_rests_on_assumptions_is_counted() -> None:
    inputs = Inputs(states(), technology(), shipped("world/default"))
    drivers = drivers_of(balanced(), inputs, "joint", 0)[0]
    assert resting_on(drivers) == pytest.approx(1.0)
    told = tuple(replace(d, origin="documented") if d.name == "Arden.orders" else d for d in drivers)
    assert resting_on(told) < 0.9


def test_a_breakpoint_lies_where_the_share_crosses() -> None:
    tools = with_parameter(technology(), "leakage", 0.0, 1.0)
    inputs = Inputs(states(), tools, shipped("world/default"))
    every = drivers_of(balanced(), inputs, "joint", 0)[1]
    leakage = tuple(driver for driver in every if driver.name == "technology.leakage")
    none, (found,) = breakpoints(balanced(), inputs, "joint", 0, ((), leakage))
    assert none == ()
    assert found.share_low > found.share_high
    if found.crosses is not None:
        assert found.at is not None
        assert 0 <= found.at <= 1
        assert found.share_high <= found.crosses <= found.share_low


def test_an_assessment_is_the_same_twice_and_another_by_another_seed() -> None:
    one, two = (assess(balanced(), states(), technology(), draws=512) for _ in range(2))
    assert assessment_json(one) == assessment_json(two)
    other = assess(balanced(), states(), technology(), draws=512, seed=1, sensitivity=False)
    assert other.joint != one.joint
    assert other.joint == pytest.approx(one.joint, abs=0.05)


def test_the_parts_of_an_assessment_agree_with_each_other() -> None:
    result = assess(balanced(), states(), technology(), draws=DRAWS)
    assert result.joint <= min(state.share for state in result.states)
    assert result.joint_agreement >= result.joint
    assert sum(result.leaves_first.values()) == pytest.approx(1 - result.joint)
    for state in result.states:
        assert state.share <= min(state.gates.values()) + 1e-12
        assert state.share <= min(state.agrees, state.keeps) + 1e-12
        assert state.gates[state.binding_gate] == min(state.gates.values())
        assert sum(state.sole.values()) <= 1 - state.share + 1e-12
        assert set(state.by_stage) == {"declare", "cap"}
        assert state.breaks_at_stage in state.by_stage
        assert state.verdict is Verdict.CONTESTED or not state.box
        assert state.box_density >= state.share


def test_json_is_json_and_has_what_is_promised() -> None:
    shown = json.loads(json.dumps(assessment_json(assess(balanced(), states(), technology(), draws=256))))
    assert {"name", "share", "verdict", "binding_gate", "breaks_at_stage"} <= set(shown["states"][0])
    assert {"state", "name", "total", "origin"} <= set(shown["drivers"][0])
    assert {"members", "share", "kind"} <= set(shown["clubs"][0])
    assert "not probabilities" in shown["notice"]
    quick = assessment_json(assess(balanced(), states(), technology(), draws=256, sensitivity=False))
    assert quick["states"][0]["assumed"] is None
    assert quick["placebo"] is None


def test_three_states_make_four_clubs_and_three_pairs_of_deals() -> None:
    three = (*states(), shipped("fictional/cindra"))
    result = assess(balanced(), three, technology(), draws=256)
    groups = [club for club in result.clubs if club.kind == "regime"]
    assert sorted(len(club.members) for club in groups) == [2, 2, 2, 3]
    whole = next(club for club in groups if len(club.members) == 3)
    assert whole.share == pytest.approx(result.joint)
    assert len(result.clubs) - len(groups) == 6


def test_a_group_in_which_nobody_moves_is_no_club() -> None:
    three = (*states(), shipped("fictional/cindra"))
    one_sided = replace(
        balanced(), stages=tuple(replace(one, movers=("Arden",)) for one in balanced().stages)
    )
    result = assess(one_sided, three, technology(), draws=256)
    groups = [club for club in result.clubs if club.kind == "regime"]
    assert groups
    assert all("Arden" in club.members for club in groups)


def test_deals_pass_the_same_gates_and_a_club_of_part_of_the_capability_is_worth_less() -> None:
    three = (*states(), shipped("fictional/cindra"))
    inputs = Inputs(three, technology(), shipped("world/default"))
    values = drawn(inputs, sobol_levels(len(inputs.columns), DRAWS, 0))
    for club in assess(balanced(), three, technology(), draws=DRAWS).clubs:
        assert set(club.gates) == {gate.label for gate in Gate}
        assert club.share <= min(club.gates.values()) + 1e-9
    whole, pair = (situation(balanced(), inputs, values, members=group) for group in ((0, 1, 2), (0, 2)))
    wants = pair.payoffs[0].restraint > 0
    form = values.of("world")["benefit_form"]
    agreed = wants & (form == 0)
    assert (pair.benefit[0][:, agreed] < whole.benefit[0][:, agreed]).all()
    assert pair.benefit[0][:, wants].mean() < whole.benefit[0][:, wants].mean()


def test_a_third_state_makes_free_riding_possible() -> None:
    pair = assess(balanced(), states(), technology(), draws=DRAWS, sensitivity=False)
    three = (*states(), shipped("fictional/cindra"))
    triple = assess(balanced(), three, technology(), draws=DRAWS, sensitivity=False)
    assert triple.state("Borealis").gates["coalition"] < pair.state("Borealis").gates["coalition"]
    shut_out = replace(balanced(), excludes_outsiders=True)
    helped = assess(shut_out, three, technology(), draws=DRAWS, sensitivity=False)
    assert helped.state("Cindra").gates["coalition"] > triple.state("Cindra").gates["coalition"]


def test_an_unknown_proposer_or_right_is_refused() -> None:
    with pytest.raises(InputError, match="proposer 'nobody'"):
        assess(balanced(), states(), technology(), draws=256, proposer="nobody", sensitivity=False)
    with pytest.raises(InputError, match="right declared 'perhaps'"):
        replace(balanced(), rights={"declared": "perhaps"})
    with pytest.raises(InputError, match="decision rule"):
        replace(balanced(), sanctions=Decision("dice"))


def test_a_text_without_an_institution_is_refused() -> None:
    bare = replace(mutual_cap(), institution=None)
    with pytest.raises(InputError, match="no institution block: nothing to assess"):
        assess(bare, states(), technology())


def test_too_few_draws_are_refused() -> None:
    with pytest.raises(InputError, match="256 or more"):
        assess(balanced(), states(), technology(), draws=128)


def test_gates_are_named_in_their_order() -> None:
    labels = [gate.label for gate in Gate]
    assert labels == [
        "participation",
        "compliance",
        "transparency",
        "power_shift",
        "enforcement",
        "coalition",
    ]


def test_a_placebo_counts_boxes_with_the_same_verdicts() -> None:
    inputs = Inputs(states(), technology(), shipped("world/default"))
    result = assess(balanced(), states(), technology(), draws=DRAWS, sensitivity=False)
    found = verdict_placebo(result, balanced(), inputs, boxes=96)
    assert found == verdict_placebo(result, balanced(), inputs, boxes=96)
    assert 0 <= found.all_same <= min(found.same.values()) <= 1
    hopeless = replace(balanced(), rights=dict.fromkeys(balanced().rights, "no"), burdened=("Arden",))
    refused = assess(hopeless, states(), technology(), draws=DRAWS, sensitivity=False)
    assert (
        assessment_json(refused, verdict_placebo(refused, hopeless, inputs, boxes=8))["placebo"]["boxes"] == 8
    )


def test_the_same_text_is_judged_by_who_proposes_it() -> None:
    tilted = replace(balanced(), disarms_last=("Arden",), elimination="full")
    result = assess(tilted, states(), technology(), draws=DRAWS)
    assert set(result.by_proposer) == {"leader", "laggard", "joint", "third_party"}
    assert result.by_proposer["leader"]["Borealis"] <= result.by_proposer["joint"]["Borealis"]
    assert result.by_proposer["joint"]["Borealis"] == result.state("Borealis").share
