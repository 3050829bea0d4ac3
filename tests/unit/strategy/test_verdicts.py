"""Verdicts, boxes, indices and breakpoints, on answers that are known."""

import json
from dataclasses import replace

import numpy as np
import pytest
from tests.unit.strategy.cases import DRAWS, balanced, states, technology, with_parameter

from tallystick.errors import InputError
from tallystick.strategy.as_json import assessment_json
from tallystick.strategy.assessment import assess, evaluated
from tallystick.strategy.gates.evaluate import Gate
from tallystick.strategy.gates.situation import situation
from tallystick.strategy.inputs.ensemble import Inputs, drawn, sobol_levels
from tallystick.strategy.inputs.profile import shipped
from tallystick.strategy.inputs.terms import Decision
from tallystick.strategy.require.demonstration import mutual_cap
from tallystick.strategy.verdicts.breakpoints import breakpoints
from tallystick.strategy.verdicts.decisive_box import decisive_boxes
from tallystick.strategy.verdicts.placebo import verdict_placebo
from tallystick.strategy.verdicts.prim import MARGIN, PEEL, WANTED_DENSITY, Box, Condition, find_box
from tallystick.strategy.verdicts.sensitivity import BASE_DRAWS, Driver, drivers_of, indices, resting_on
from tallystick.strategy.verdicts.standardised import standardised
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
    assert any(driver.first < 0 for driver in drivers.values())  # noise is not cut off


def test_what_rests_on_assumptions_is_counted() -> None:
    inputs = Inputs(states(), technology(), shipped("world/default"))
    drivers = drivers_of(balanced(), inputs, "joint", 0)[0]
    assert resting_on(drivers) == pytest.approx(1.0)
    told = tuple(replace(d, origin="documented") if d.name == "Arden.orders" else d for d in drivers)
    assert resting_on(told) < 0.9


def test_what_was_not_measured_is_not_firm() -> None:
    """Only what is measured or documented is taken out of what the answer rests on."""
    firm = {"measured": 0.0, "documented": 0.0}
    loose = dict.fromkeys(("assumed", "elicited", "simulated", "not measured"), 1.0)
    for origin, expected in (firm | loose).items():
        assert resting_on((Driver("one", 0.3, 0.5, origin, "passes"),)) == expected, origin
    mixed = (
        Driver("one", 0.0, 0.3, "documented", "passes"),
        Driver("two", 0.0, 0.1, "not measured", "passes"),
    )
    assert resting_on(mixed) == pytest.approx(0.25)


def test_indices_are_those_of_a_known_answer_and_noise_is_not_cut_off() -> None:
    """An answer that is one column's level: that column has all the variance, by itself and in total."""
    inputs = Inputs(states(), technology(), shipped("world/default"))
    columns, rng = len(inputs.columns), np.random.default_rng(2)
    first, second = rng.random((2, BASE_DRAWS))
    blocks = np.tile(first, (columns + 2, 1))
    blocks[[1, 2 + 3]] = second
    nothing = np.zeros(blocks.size, dtype=bool)  # holds nowhere: measured in the worst margin
    found = indices(inputs, nothing, blocks.reshape(-1))
    names = list(inputs.columns)
    by_name = {driver.name: driver for driver in found}
    assert found[0].name == names[3]
    assert by_name[names[3]].total == pytest.approx(1.0, abs=0.1)
    assert by_name[names[3]].first == pytest.approx(1.0)
    assert {driver.of for driver in found} == {"worst margin"}
    others = [driver for driver in found if driver.name != names[3]]
    assert all(driver.total == 0 for driver in others)
    assert all(abs(driver.first) < 0.2 for driver in others)
    assert len({driver.first for driver in others}) == 1
    assert others[0].first != 0


def test_a_breakpoint_lies_where_the_share_crosses() -> None:
    """With the input held at the place that is named, the share is the bound."""
    inputs = Inputs(states(), technology(), shipped("world/default"))
    detection = tuple(
        d for d in drivers_of(balanced(), inputs, "joint", 0)[0] if d.name.endswith(".detection")
    )
    (found,), other, together = breakpoints(balanced(), inputs, "joint", 0, (detection, (), detection))
    assert other == ()
    assert together[0].share_high < found.share_high
    assert found.share_low < 0.5 < found.share_high
    (crossing,) = [one for one in found.crossings if one.bound == 0.5]
    assert crossing.rises
    below = int(crossing.at * 8) / 8  # nine levels from 0 to 1, and detection is drawn from 0 to 1
    low, high = (_arden_at(level) for level in (below, below + 1 / 8))
    assert low < 0.5 <= high
    assert crossing.at == pytest.approx(below + (0.5 - low) / (high - low) / 8)


def _arden_at(detection: float) -> float:
    """Arden's share on the same draws, with detection held."""
    held = with_parameter(technology(), "detection", detection, detection + 1e-9)
    return assess(balanced(), states(), held, draws=BASE_DRAWS, sensitivity=False).state("Arden").share


def test_every_crossing_is_told_and_a_choice_has_words_and_no_place() -> None:
    inputs = Inputs(states(), technology(), shipped("world/default"))
    drivers = drivers_of(balanced(), inputs, "joint", 0)
    found = {turn.name: turn for turn in breakpoints(balanced(), inputs, "joint", 0, drivers)[0]}
    orders = found["Arden.orders"]
    assert orders.crossings == ()
    assert set(orders.by_word) == {"dilemma", "assurance", "chicken", "deadlock"}
    assert orders.least == orders.by_word["deadlock"] < orders.by_word["assurance"] == orders.greatest
    for turn in found.values():
        for bound in (0.1, 0.5, 0.9):
            apart = (turn.share_low >= bound) != (turn.share_high >= bound)
            crossings = [one for one in turn.crossings if one.bound == bound]
            assert turn.by_word or len(crossings) % 2 == apart


def test_what_leaves_first_does_not_depend_on_a_gates_unit() -> None:
    inputs = Inputs(states(), technology(), shipped("world/default"))
    table = evaluated(balanced(), inputs, drawn(inputs, sobol_levels(len(inputs.columns), 256, 0)))
    scale = np.array([1.0, 20.0, 0.01, 3.0, 500.0, 7.0])[None, :, None, None]
    other = replace(table, table=table.table * scale)
    assert np.allclose(standardised(table), standardised(other))
    assert (np.sign(standardised(table)) == np.sign(table.table)).all()
    still = replace(table, table=np.full_like(table.table, -2.0))
    assert (standardised(still) == -1).all()


def test_a_box_decides_or_none_is_named() -> None:
    inputs = Inputs(states(), technology(), shipped("world/default"))
    levels = sobol_levels(len(inputs.columns), 4096, 0)
    fails = (levels[:, 3] > 0.7) & (levels[:, 20] > 0.5)
    only_failing = decisive_boxes(levels, ~fails & (np.arange(4096) % 3 > 0), inputs)
    assert only_failing.passing is None
    assert only_failing.failing is not None
    assert only_failing.failing.density >= 0.9
    assert len(only_failing.failing.conditions) <= 3
    columns = list(inputs.columns)
    said = " ".join(only_failing.failing.conditions)
    assert columns[3] in said
    assert columns[20] in said
    noise = decisive_boxes(levels, np.random.default_rng(1).random(4096) < 0.45, inputs)
    assert noise.passing is None
    assert noise.failing is None
    nearly = decisive_boxes(levels, levels[:, 0] > 0.05, inputs)
    assert (nearly.passing, nearly.failing) == (None, None)  # a robust yes needs no box


@pytest.mark.parametrize("half", [0.11, 0.15, 0.2, 0.27])
def test_a_box_in_the_middle_is_found_and_given_back_what_was_cut_too_much(half: float) -> None:
    """No step wider keeps the density that is wanted."""
    levels = np.random.default_rng(5).random((4096, 30))
    holds = abs(levels[:, 7] - 0.5) < half
    box = find_box(levels, holds)
    assert box is not None
    (only,) = box.conditions
    assert only.column == 7
    assert only.low == pytest.approx(0.5 - half, abs=0.05)
    assert only.high == pytest.approx(0.5 + half, abs=0.05)
    step = PEEL / 2
    for low, high in ((only.low - step, only.high), (only.low, only.high + step)):
        wider = (levels[:, 7] >= low) & (levels[:, 7] <= high)
        assert holds[wider].mean() < WANTED_DENSITY + MARGIN


def test_all_together_has_drivers_boxes_and_breakpoints() -> None:
    result = assess(balanced(), states(), technology(), draws=512)
    together = result.together
    assert len(together.drivers) == len(result.states[0].drivers)
    assert together.drivers != result.states[0].drivers
    assert together.breakpoints
    assert 0 <= together.assumed <= 1
    shown = assessment_json(result)
    assert {"all together", "Arden", "Borealis"} == {one["state"] for one in shown["drivers"]}
    assert set(shown["together"]) == {"boxes", "drivers", "breakpoints", "assumed"}


def test_what_remains_is_not_the_regime_itself() -> None:
    result = assess(balanced(), states(), technology(), draws=256)
    assert any(club.kind == "regime" for club in result.clubs)
    assert all(club.kind != "regime" for club in result.remaining)
    three = assess(balanced(), (*states(), shipped("fictional/cindra")), technology(), draws=256)
    assert sorted(len(club.members) for club in three.remaining if club.kind == "regime") == [2, 2, 2]
    whole = [club for club in assessment_json(three)["clubs"] if club["whole"]]
    assert [club["members"] for club in whole] == [["Arden", "Borealis", "Cindra"]]


def test_who_abstains_gives_no_verdict_and_keeps_the_shares() -> None:
    result = assess(balanced(), states(), technology(), draws=256, sensitivity=False)
    shown = assessment_json(result.abstaining())
    assert shown["verdict"] == "abstains"
    assert {state["verdict"] for state in shown["states"]} == {"abstains"}
    assert shown["verdict_by_share"] == result.verdict.value
    assert [s["verdict_by_share"] for s in shown["states"]] == [s.verdict.value for s in result.states]
    assert shown["joint"] == pytest.approx(result.joint, abs=1e-6)


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
        boxes = state.boxes.passing, state.boxes.failing
        assert state.verdict is Verdict.CONTESTED or boxes == (None, None)
        assert all(box.density >= 0.9 for box in boxes if box)


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
        idle = {Gate.COALITION.label} if len(club.members) == 2 else set()
        assert set(club.gates) == {gate.label for gate in Gate} - idle
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
