"""Three states unlike each other, against sums by hand: what two alike cannot tell apart."""

from dataclasses import replace

import numpy as np
import pytest
from tests.unit.strategy.test_gates import PLAIN, case, only
from tests.unit.strategy.test_gates_edges import three

from tallystick.errors import InputError
from tallystick.strategy.gates.benefit import Race, Restraint, benefit, restraint, transfers
from tallystick.strategy.gates.coalition import coalition
from tallystick.strategy.gates.compliance import is_protected, keeps_its_word
from tallystick.strategy.gates.consequence import self_help
from tallystick.strategy.gates.enforcement import credible, enforcement, feared
from tallystick.strategy.gates.participation import participation
from tallystick.strategy.gates.proposal import proposer_of
from tallystick.strategy.gates.transparency import transparency
from tallystick.strategy.inputs.preferences import Payoffs
from tallystick.strategy.inputs.terms import Decision, Stage


def of(*values: float) -> np.ndarray:
    """One draw of each."""
    return np.array([[value] for value in values])


GAME = Payoffs(temptation=np.array([3.0]), restraint=np.array([2.0]), sucker=np.array([-0.5]))
#: Capability in the race 4, 1 and 3; restrained by 1, a half and a quarter at last, before by half as much.
RACED = of(4.0, 1.0, 3.0)
DEGREE = np.array([[[0.5], [1.0]], [[0.25], [0.5]], [[0.125], [0.25]]])
RISK = np.array([0.4])


def brought(i: int, form: float, sure: float = 1.0, members: tuple[int, ...] = (0, 1, 2)) -> np.ndarray:
    race = Race(RISK, RACED, np.array([form]))
    restrained = Restraint(DEGREE, np.array([0.5]))
    return benefit(GAME, np.array([5.0]), race, restrained, of(sure, 1.0), members, i)[:, 0]


def test_restraint_is_played_between_oneself_and_rivals_weighted_by_capability() -> None:
    """First state: the rivals are restrained by (1 x 1/2 + 3 x 1/4) / 4 = 0.3125, itself in full, so that
    0.3125 R + 0.6875 S; of all capability 5.25 of 8 is restrained, which averts so much of 0.4 x 5.
    """
    averted = 5.25 / 8 * 2
    assert brought(0, 1)[1] == pytest.approx(0.3125 * 2 - 0.6875 * 0.5 + averted)
    rivals = (4 * 1 + 3 * 0.25) / 7
    played = rivals * (0.5 * 2 + 0.5 * 3) + 0.5 * (1 - rivals) * -0.5
    assert brought(1, 1)[1] == pytest.approx(played + averted)


def test_a_stage_is_worth_what_follows_with_its_odds_and_else_what_is_reached() -> None:
    now = (1 * 0.25 + 3 * 0.125) / 4
    reached = now * (0.5 * 2 + 0.5 * 3) + 0.5 * (1 - now) * -0.5 + 5.25 / 16 * 2
    complete = brought(0, 1)[1]
    assert brought(0, 1, sure=0.8)[0] == pytest.approx(0.8 * complete + 0.2 * reached)


def test_a_club_brings_its_part_of_capability_for_its_part_of_the_time() -> None:
    """Members hold 7 of 8 of the capability and are bound for half of the horizon: R + 0.4 x 5 = 4."""
    assert brought(0, 0, members=(0, 2)) == pytest.approx([7 / 8 * 4 / 2] * 2)


@pytest.mark.parametrize(
    ("paid", "payers", "net"),
    [
        (("Borealis", "Cindra"), (), (-0.4, 0.2, 0.2)),
        (("Cindra",), (), (-0.1, -0.1, 0.2)),
        (("Cindra",), ("Arden",), (-0.2, 0.0, 0.2)),
        (("Arden", "Borealis", "Cindra"), (), (0.0, 0.0, 0.0)),
    ],
)
def test_what_is_paid_is_borne_by_the_payers_in_equal_parts(
    paid: tuple[str, ...], payers: tuple[str, ...], net: tuple[float, ...]
) -> None:
    terms = replace(PLAIN, paid=paid, payers=payers)
    found = three(terms)
    given = [float(transfers(terms, found.profiles, i, found.world)[0]) for i in range(3)]
    assert given == pytest.approx(net)
    assert sum(given) == pytest.approx(0)


@pytest.mark.parametrize(("leaving", "share"), [("yes", 1.0), ("silent", 0.8), ("no", 0.6)])
def test_what_can_be_taken_back_depends_on_what_the_text_says_of_leaving(leaving: str, share: float) -> None:
    """Half of what was given up is left (latency 0.5)."""
    assert only(self_help(case(replace(PLAIN, exit=leaving)), 0)) == pytest.approx(0.5 * share)


def test_a_violator_fears_the_rival_who_can_answer_most() -> None:
    """Cindra keeps all it gave up as knowledge and so can answer in full, Borealis half as much."""
    ready, alike = three(PLAIN, third={"latency": 1.0}), three(PLAIN)
    acted = float(ready.decisions.acted_on[0, 0])
    found = float(ready.verification.timely[0, 0, 0])
    wronged = 0.1 * acted * 2

    def kept(answered: float) -> float:
        alone = answered - (1 - answered) * 0.5
        when_found = acted * max(1.0, alone) + (1 - acted) * alone
        return found * when_found - (1 - found) * 0.5 - wronged

    assert only(keeps_its_word(ready, 0)) == pytest.approx(kept(0.8))
    assert only(keeps_its_word(alike, 0)) == pytest.approx(kept(0.4))


def test_the_least_deterred_rival_decides_whether_punishment_is_credible() -> None:
    """Cindra is tempted by 5 and not by 0.5; who of the two it is makes no difference."""
    third, second = three(PLAIN, third={"temptation": 5.0}), three(PLAIN, second={"temptation": 5.0})
    mild = three(PLAIN)
    assert only(credible(feared(third, 0))) == pytest.approx(only(credible(feared(second, 0))))
    assert only(credible(feared(third, 0))) < only(credible(feared(mild, 0)))
    assert sorted(feared(third, 0)) == [1, 2]


def test_the_worst_rival_decides_whether_one_is_protected() -> None:
    third, second = three(PLAIN, third={"temptation": 5.0}), three(PLAIN, second={"temptation": 5.0})
    assert only(is_protected(third, 0)) == pytest.approx(only(is_protected(second, 0)))
    assert only(is_protected(third, 0)) < only(is_protected(three(PLAIN), 0)) == pytest.approx(1.0)


def test_who_loses_nothing_by_restraint_alone_needs_no_protection() -> None:
    """Chicken: S is above P; the rival is not deterred and trusted by one half."""
    bold = case(PLAIN, first={"orders": 2}, second={"temptation": 5.0})
    assert only(is_protected(bold, 0)) == pytest.approx(0.5)


def test_who_wants_the_race_does_not_count_a_kept_promise_as_a_loss() -> None:
    """Deadlock: R is below 0 and counts as nothing; found in time 0.48, exposed by 1/3 + 1."""
    wants_it = case(PLAIN, first={"orders": 3}, second={"temptation": 5.0})
    assert only(is_protected(wants_it, 0)) == pytest.approx(-0.5 * 0.52 * (0.5 / 1.5 + 1.0))


def test_no_patience_keeps_the_word_of_who_wants_the_race() -> None:
    wants_it = case(PLAIN, first={"orders": 3, "discount": 0.999}, world={"compliance_model": 1})
    assert only(keeps_its_word(wants_it, 0)) == -1.0


def test_who_is_not_lured_and_loses_nothing_by_the_fall_rides_on_nothing() -> None:
    """Assurance: T is below R, so that others' restraint is no lure; a deal worth less than nothing is no
    loss.
    """
    willing = three(PLAIN, second={"orders": 1})
    assert only(coalition(willing, 1, of(-5.0))) == 0
    assert only(coalition(willing, 1, of(0.6))) == pytest.approx(0.2)


def test_transparency_asks_nothing_of_a_deal_that_is_worth_less_than_nothing() -> None:
    """Of one that is worth exactly nothing it asks what is given away: it cannot repay it."""
    worth, leaked = of(-1.0, 0.0, 0.5), of(0.3, 0.3, 0.3)
    assert transparency(worth, leaked)[:, 0] == pytest.approx([0.0, -0.3, 0.2])
    assert transparency(of(0.0), of(0.0))[:, 0] == pytest.approx([0.0])


def test_enforcement_is_the_least_of_credible_safe_and_acted_on() -> None:
    found = case(PLAIN)
    lowest = only(credible(feared(found, 0)))
    beyond = np.full((1, 1), -0.1)
    for worth, captured, expected in (
        (5.0, 0.0, lowest),
        (0.2, 0.9, -0.7),
        (0.0, 0.4, -0.4),
        (-0.2, 0.9, min(lowest, 0.0)),
    ):
        margin = enforcement(found, 0, beyond, np.full((1, 1), worth), np.full((1, 1), captured))
        assert only(margin) == pytest.approx(expected)


def test_where_even_sure_action_would_not_protect_it_is_no_matter_of_enforcement() -> None:
    helpless = replace(PLAIN, sanctions=Decision("none"))
    found = case(helpless, first={"exposure": 5.0}, second={"temptation": 0.9})
    unprotected = only(is_protected(found, 0, feared(found, 0)))
    worth, nothing = np.full((1, 1), 5.0), np.zeros((1, 1))
    assert unprotected < only(credible(feared(found, 0)))
    assert only(enforcement(found, 0, np.full((1, 1), 0.1), worth, nothing)) == pytest.approx(unprotected)
    without = only(enforcement(found, 0, np.full((1, 1), -0.1), worth, nothing))
    assert without == pytest.approx(only(credible(feared(found, 0))))


def test_power_is_held_against_the_strongest_rival() -> None:
    """Weights 2, 1.5 and 2: whoever the strongest is, he alone counts."""
    race = three(PLAIN, second={"capability": 0.5, "catch_up_years": 4.0}).power.race
    assert race[:, 0] == pytest.approx([0.5, 1.75 / 3.75, 0.5])


def test_a_stage_reached_and_no_further_leaves_the_bound_bound_and_the_free_free() -> None:
    """Borealis catches up from a half within the two years; Arden is cut first and keeps half of one half."""
    stages = (Stage("ours", ("Arden",), "dated", 0.5, 0.0), Stage("theirs", ("Borealis",), "dated", 1.0, 0.0))
    found = case(replace(PLAIN, stages=stages), second={"capability": 0.5, "catch_up_years": 2.0})
    assert found.power.stuck[0, 0] == pytest.approx([1.5 / (1.5 + 2.0)])
    bound_at = 1 + 0.625 * 0.5
    assert found.power.stuck[0, 1] == pytest.approx([1.5 / (1.5 + bound_at)])
    assert found.power.end[0] == pytest.approx([1.5 / (1.5 + bound_at)])


def test_who_leaves_races_on_from_what_is_left_for_what_is_left_of_the_time() -> None:
    """Bound for half a year, out for one and a half of two: two years' way less half a year's."""
    stages = (Stage("a", ("all",), "dated", 0.5, 1.0), Stage("b", ("all",), "dated", 1.0, 1.0))
    found = case(replace(PLAIN, stages=stages), second={"capability": 0.5, "catch_up_years": 2.0})
    left = 1 + 0.5 + 0.5 * 1.5 / 2
    assert found.power.leaving[1, 0] == pytest.approx([2 / 4])
    assert found.power.leaving[1, 1] == pytest.approx([left / (left + 2)])


def test_hardware_is_what_others_control_and_knowledge_is_not() -> None:
    """A quarter of the hardware at 0.8 a year, and 0.1 by knowledge: e^0.6 in two years, e^0.2 once bound."""
    grows = {"growth": 0.8, "hardware_access": 0.25, "algorithmic_efficiency": 0.1}
    found = case(replace(PLAIN, elimination="none"), first=grows)
    assert found.power.raced[0] == pytest.approx([np.exp(0.6)])
    assert found.power.end[0] == pytest.approx([(1 + np.exp(0.2)) / (3 + np.exp(0.2))])


def test_knowledge_grows_on_from_where_the_freeze_found_it() -> None:
    """Free for half a year at 0.3, then bound for one and a half at 0.1: e^0.3. No stop before e^2."""
    grows = {"growth": 0.8, "hardware_access": 0.25, "algorithmic_efficiency": 0.1}
    tell = Stage("tell", ("all",), "dated", 0.5, 1.0, yields=False, restrains=False)
    cap = Stage("cap", ("all",), "dated", 1.0, 1.0, yields=False)
    found = case(replace(PLAIN, elimination="none", stages=(tell, cap)), first=grows)
    assert found.power.end[0] == pytest.approx([(1 + np.exp(0.3)) / (3 + np.exp(0.3))])
    steep = {"algorithmic_efficiency": 3.0}
    stopped = case(replace(PLAIN, elimination="none"), first=steep)
    assert stopped.power.end[0] == pytest.approx([(1 + np.exp(2)) / (3 + np.exp(2))])


def test_position_is_what_one_can_expect_against_leaving_twice_over() -> None:
    """Half of the way is sure at 0.8, else it is stuck where Arden alone is bound."""
    stages = (
        Stage("ours", ("Arden",), "dated", 0.5, 0.0),
        Stage("theirs", ("Borealis",), "condition", 1.0, 0.0),
    )
    found = case(replace(PLAIN, stages=stages), first={"stake": 0.7})
    expected = 0.8 * 0.5 + 0.2 * (1.5 / 3.5)
    assert participation(found, 0)[0] == pytest.approx([1 + 0.7 * 2 * (expected - 0.5)])


def test_inspection_once_at_work_stays_at_work() -> None:
    """The second stage does not say so again."""
    stages = (
        Stage("seen", ("all",), "dated", 1.0, 0.0, reveals=("Arden",)),
        Stage("unsaid", ("all",), "dated", 2.0, 0.0, inspected=False, reveals=("Borealis",)),
    )
    found = case(replace(PLAIN, stages=stages))
    assert found.openness.seen.tolist() == [[True, True], [False, True]]
    assert not found.openness.told.any()
    assert found.verification.timely[0, 1] == pytest.approx(found.verification.timely[0, 0])
    assert found.verification.alarms[1] == pytest.approx(found.verification.alarms[0])


def test_who_disarms_last_gives_all_at_the_last_stage_at_which_it_moves() -> None:
    """Arden moves at the first two of three stages; nothing restrains it before the second."""
    movers = (("all",), ("all",), ("Borealis",))
    stages = tuple(Stage(f"s{n}", who, "dated", n + 1.0, 0.0) for n, who in enumerate(movers))
    plan = case(replace(PLAIN, stages=stages, disarms_last=("Arden",))).plan
    assert plan.given.tolist() == [[0.0, 0.0, 1.0, 1.0], pytest.approx([0.0, 1 / 3, 2 / 3, 1.0])]
    assert plan.lost.tolist() == plan.given.tolist()
    assert plan.frozen.tolist() == [1, 0]


def test_the_rest_is_as_sure_as_the_least_sure_stage_that_is_left() -> None:
    stages = (
        Stage("a", ("all",), "dated", 0.5, 0.0),
        Stage("b", ("all",), "discretion", None, 0.0, "Arden"),
        Stage("c", ("all",), "condition", None, 0.0),
    )
    sure = case(replace(PLAIN, stages=stages)).plan.sure[:, :, 0]
    assert sure[1].tolist() == [0.25, 0.25, 0.8]
    assert sure[0].tolist() == [0.8, 0.8, 0.8]


def test_leader_and_laggard_are_whom_the_text_calls_so_or_else_the_strongest_and_the_weakest() -> None:
    found = three(PLAIN, second={"capability": 0.5}, third={"capability": 0.7})
    unnamed = tuple(replace(one, aliases=()) for one in found.profiles)
    called = (*unnamed[:2], replace(unnamed[2], aliases=("leader", "laggard")))
    for word, by_capability in (("leader", 0), ("laggard", 1)):
        assert proposer_of(word, unnamed, found.states) == by_capability
        assert proposer_of(word, called, found.states) == 2
    assert proposer_of("Cindra", unnamed, found.states) == 2
    assert proposer_of("joint", unnamed, found.states) is None
    with pytest.raises(InputError, match="proposer 'ahead' is not known"):
        proposer_of("ahead", unnamed, found.states)


def test_an_authors_own_stages_are_as_sure_to_himself_as_before_and_chances_stay_chances() -> None:
    """One who goes first is trusted more; what was sure before cannot become surer than certain."""
    stages = (
        Stage("his", ("Arden",), "dated", 0.5, 0.0),
        Stage("all", ("all",), "condition", 1.0, 0.0),
        Stage("theirs", ("Borealis",), "condition", 1.5, 0.0),
    )
    text = replace(PLAIN, stages=stages, disarms_last=("Borealis",))
    before, after = case(text), case(text, proposer="Arden")
    assert (after.trust[1] > before.trust[1]).all()
    assert after.plan.chances[1, 0] == pytest.approx([1.0])
    assert after.plan.chances[1, 1] == pytest.approx(np.minimum(0.8 * after.trust[1] / before.trust[1], 1.0))
    assert after.plan.chances[1, 2] == pytest.approx([0.8])
    assert after.plan.chances[0] == pytest.approx(before.plan.chances[0])


def test_restraint_deepens_stage_by_stage() -> None:
    """Two cuts of a half each; the deeper the more of the upper half of restraint is filled."""
    stages = (Stage("a", ("all",), "dated", 0.5, 0.0), Stage("b", ("all",), "dated", 1.0, 0.0))
    plan = case(replace(PLAIN, stages=stages)).plan
    held = restraint(plan, (0,), np.array([0.8]), np.array([2.0]))
    assert held.degree[0, :, 0] == pytest.approx([0.5 + 0.5 * 0.5 * 0.8, 0.5 + 0.5 * 0.8])
    assert held.degree[1, :, 0].tolist() == [0.0, 0.0]
    assert held.lasting.tolist() == [1.0]


def test_a_rival_who_is_just_deterred_by_what_is_done_leaves_one_protected() -> None:
    """A lure of 0.1: found at 0.48 it costs 0.14 more than complying does, and no more is asked."""
    found = case(PLAIN, second={"temptation": 0.1})
    rivals = feared(found, 0)
    assert 0 < only(rivals[1].margin(found.verification.timely[1])) < 0.2
    assert only(is_protected(found, 0, rivals)) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("knows", "safety"), [(0, 0.3 / (2 * 0.5)), (1, 0.3 * 1.8 / 3.4 / 1.5), (2, 0.3 * 0.2 / 3.4 / 0.5)]
)
def test_the_race_is_as_safe_as_its_winner_is_careful(knows: int, safety: float) -> None:
    """Reach 0.3, weights 1.8 and 1.6 in the race, which count as shares of both, and enmity a half on average
    (0.2 and 0.8): nobody knows, each knows its own, all know the lead.
    """
    behind = {"catch_up_years": 1e9}
    found = case(
        PLAIN,
        first=behind | {"capability": 0.8, "enmity": 0.2},
        second=behind | {"capability": 0.6, "enmity": 0.8},
        world={"reach": 0.3, "race_information": knows},
    )
    assert found.risk == pytest.approx([1 - safety])
