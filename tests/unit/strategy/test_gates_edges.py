"""Parts of the gates that few texts touch, each against a calculation by hand on one draw."""

from dataclasses import replace

import numpy as np
import pytest
from tests.unit.strategy.cases import states, technology
from tests.unit.strategy.test_gates import PLAIN, STATE, TECHNOLOGY, WORLD, case

from tallystick.strategy.gates.coalition import coalition, falls_without
from tallystick.strategy.gates.participation import participation
from tallystick.strategy.gates.power import capability
from tallystick.strategy.gates.power_shift import power_shift
from tallystick.strategy.gates.situation import Situation, situation
from tallystick.strategy.inputs.ensemble import Draws, Inputs
from tallystick.strategy.inputs.profile import shipped
from tallystick.strategy.inputs.terms import RIGHTS, Decision, Stage, Terms

NO_RIGHTS = dict.fromkeys(RIGHTS, "no")


def three(
    terms: Terms,
    third: dict[str, float] | None = None,
    second: dict[str, float] | None = None,
    members: tuple[int, ...] | None = None,
) -> Situation:
    """Arden, Borealis and Cindra; alike but for what is given."""
    inputs = Inputs((*states(), shipped("fictional/cindra")), technology(), shipped("world/default"))
    owners = {
        "Arden": STATE,
        "Borealis": STATE | (second or {}),
        "Cindra": STATE | (third or {}),
        "technology": TECHNOLOGY,
        "world": WORLD,
    }
    values = {who: {name: np.array([float(v)]) for name, v in own.items()} for who, own in owners.items()}
    return situation(terms, inputs, Draws(values, 1), "joint", members)


def test_alarms_come_from_wherever_one_may_look_the_most() -> None:
    """0.2 a year, half of which are cleared, times the widest access: challenges count as eyes too."""
    for right in ("declared", "continuous_monitoring", "undeclared", "challenge"):
        found = case(replace(PLAIN, rights={**NO_RIGHTS, right: "yes"})).verification
        assert found.alarms[0] == pytest.approx([0.2 * 0.5])


def test_routine_visits_look_as_often_as_the_rights_say_and_strangers_as_often_as_they_take_stock() -> None:
    """Two years to a result: eight visits, or one look from outside in two years."""
    often = {"interval_routine": 0.25, "interval_none": 2.0}
    found = case(PLAIN, world=often).verification
    assert found.timely[0, 0] == pytest.approx([0.5 * (1 - 0.2**8)])
    assert found.yearly[0, 0] == pytest.approx([0.5 * (1 - 0.2**4)])
    refused = case(replace(PLAIN, rights=NO_RIGHTS), world=often | {"access_no": 0.5}).verification
    assert refused.timely[0, 0] == pytest.approx([0.5 * 0.4 + 0.5 * 0.25])


def test_alarms_that_nobody_judges_all_survive() -> None:
    for rule, survive in (("court", 0.5), ("national", 1.0), ("none", 1.0)):
        found = case(replace(PLAIN, findings=Decision(rule))).verification
        assert found.alarms[0] == pytest.approx([0.2 * survive])


def test_a_challenge_opens_hidden_places_and_comes_twice_a_year() -> None:
    """At the declared place nobody may look: hiding is what is found less, once at 0.5, and in the open 0."""
    challenged = replace(PLAIN, rights={**PLAIN.rights, "challenge": "yes"})
    found = case(challenged).verification
    assert found.timely[0, 0] == pytest.approx([0.5 * (1 - 0.2**4) + 0.5 * 0.5])
    unannounced = case(replace(PLAIN, rights={**PLAIN.rights, "unannounced": "yes"})).verification
    assert unannounced.timely[0, 0] == pytest.approx([0.5 * (1 - 0.2**4)])


def test_of_fixed_terms_only_ones_own_cost_of_a_fight_counts() -> None:
    """Power a half now, leaving and later; what a fight costs a rival is no concession of the text's."""
    assert power_shift(three(PLAIN, {"conflict_cost": 0.4}), 0)[0] == pytest.approx([0.1])
    assert power_shift(case(PLAIN, first={"conflict_cost": 0.25}), 0)[0] == pytest.approx([0.25])


def test_outsiders_do_not_bear_a_club() -> None:
    """Of three alike each holds a third, and of two of them either decides for both."""
    assert falls_without(three(PLAIN), 0) == pytest.approx([1 / 3])
    small = three(PLAIN, third={"capability": 0.5})
    assert falls_without(small, 2) == pytest.approx([0.2])


def test_free_riding_is_weighed_against_the_fall_and_being_shut_out() -> None:
    """A third of the weight: 1/3 of the worth, less 2/3 of what restraint by the others adds (0.5), and where
    outsiders are shut out the same share of the dependence (0.4) besides.
    """
    alone, shut = three(PLAIN), three(replace(PLAIN, excludes_outsiders=True))
    worth = participation(alone, 0)
    assert coalition(alone, 0, participation(alone, 0)) == pytest.approx(worth / 3 - 2 / 3 * 0.5)
    assert coalition(shut, 0, participation(shut, 0)) == pytest.approx(worth / 3 - 2 / 3 * 0.5 + 2 / 3 * 0.4)


def test_outsiders_are_neither_restrained_nor_lose_anything() -> None:
    found = three(PLAIN, members=(0, 1), third={"capability": 1.0})
    assert found.power.kept[2] == pytest.approx(np.ones((1, 1)))
    assert found.power.end[2] == pytest.approx([2 / (2 + 1.5)])
    assert found.power.stuck[2] == pytest.approx(np.full((1, 1), 2 / (2 + 1.5)))


def test_capability_grows_to_the_leaders_and_then_beyond_it() -> None:
    """From a half to 1 in two years; then e^0.1 a year. Who is level already need not wait."""
    values = {name: np.array([float(v)]) for name, v in STATE.items()}
    grows = {**values, "algorithmic_efficiency": np.array([0.1]), "catch_up_years": np.array([2.0])}
    behind = {**grows, "capability": np.array([0.5])}
    for years, expected in ((1.0, 0.75), (2.0, 1.0), (4.0, np.exp(0.2))):
        assert capability(behind, np.array([years])) == pytest.approx([expected])
    assert capability(grows, np.array([4.0])) == pytest.approx([np.exp(0.4)])
    assert capability(grows, np.array([99.0])) == pytest.approx([np.exp(2.0)])


def test_a_freeze_begins_when_its_stage_does_and_not_after_the_horizon() -> None:
    """Two years are looked ahead. Knowledge grows by 0.1 a year after the freeze, as it does without."""
    tell = Stage("tell", ("all",), "dated", 5.0, 1.0, yields=False, restrains=False)
    cap = Stage("cap", ("all",), "dated", 6.0, 1.0, yields=False)
    late = case(
        replace(PLAIN, elimination="none", stages=(tell, cap)),
        second={"capability": 0.5, "catch_up_years": 4.0},
    )
    assert late.power.within[1, :, 0] == pytest.approx([1.75 / 3.75] * 2)
    assert late.power.end[1] == pytest.approx(late.power.race[1])
    assert late.power.leaving[1, :, 0] == pytest.approx([1.75 / 3.75] * 2)


def test_a_dated_stage_is_never_over_before_its_forerunner() -> None:
    stages = tuple(Stage(name, ("all",), "dated", years, 0.0) for name, years in (("a", 1.0), ("b", 0.5)))
    assert np.diff(case(replace(PLAIN, stages=stages)).plan.starts[:, 0]) == pytest.approx([1.0, 1 / 365])


def test_what_is_given_reversibly_is_kept() -> None:
    """Two equal steps of a half each (latency 0.5): the first can be had back, the second cannot."""
    stages = (Stage("a", ("all",), "dated", 0.5, 1.0), Stage("b", ("all",), "dated", 1.0, 0.0))
    found = case(replace(PLAIN, stages=stages))
    assert found.plan.given[0].tolist() == [0.0, 0.5, 1.0]
    assert found.plan.lost[0].tolist() == [0.0, 0.0, 0.5]
    assert found.power.kept[0, :, 0] == pytest.approx([1.0, 0.75])


def test_a_stage_at_ones_discretion_is_ones_own_move() -> None:
    stages = (
        Stage("a", ("Borealis",), "dated", 1.0, 0.0),
        Stage("b", ("Borealis",), "discretion", None, 0.0, "Arden"),
    )
    assert case(replace(PLAIN, stages=stages)).plan.moving.tolist() == [[False, True], [True, True]]


def test_only_what_is_over_within_the_horizon_deepens_restraint() -> None:
    """Two years are looked ahead: of a cut over in one, x = y = 1; of one over in three, a freeze, 1/2."""
    form = {"benefit_form": 1}
    within = participation(case(PLAIN, world=form), 0)
    beyond = participation(case(replace(PLAIN, stages=(replace(PLAIN.stages[0], years=3.0),)), world=form), 0)
    assert within[0] == pytest.approx([1.0])
    assert beyond[0] == pytest.approx([0.25 + 0.25 * 1.5 - 0.25])


def test_who_wants_the_race_bears_the_whole_cost_of_restraint_even_in_a_club() -> None:
    """Deadlock: R is -0.5 (the lure of 0.5 the other way); a club of two of three brings no less of it."""
    found = three(PLAIN, second={"orders": 3}, members=(0, 1))
    restraint = found.payoffs[1].restraint
    assert restraint[0] < 0
    assert found.benefit[1, 0] == pytest.approx(restraint)
