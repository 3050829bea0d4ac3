"""What is needed of inspection: monotone, honest about what cannot be reached, and the same for one seed."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.strategy.cases import balanced, states, technology, with_parameter

from tallystick.records.profile import read_profile
from tallystick.strategy.assessment import assess
from tallystick.strategy.history.replay import historic_terms
from tallystick.strategy.inputs.ensemble import Inputs
from tallystick.strategy.inputs.parameters import TECHNOLOGY
from tallystick.strategy.inputs.profile import Profile, shipped
from tallystick.strategy.inputs.terms import Terms
from tallystick.strategy.memo.technology_words import demo_lines, gap_words, headline
from tallystick.strategy.require.axes import AXES
from tallystick.strategy.require.bench import bench_of
from tallystick.strategy.require.demonstration import demo_requirement, mutual_cap
from tallystick.strategy.require.requirement import NEARLY, Requirement, require
from tallystick.strategy.require.surface import Surface, surface_of
from tallystick.strategy.require.unmeasured import unmeasured_technology
from tallystick.strategy.verdicts.verdict import Verdict

VECTOR = Path(__file__).parents[2] / "vectors" / "technology_profile.json"
DRAWS = 512
SMALL = {
    "detection": (0.0, 0.3, 0.6, 1.0),
    "false_alarm": (0.0, 0.3, 1.0),
    "delay_years": (0.0, 0.3),
    "leakage": (0.0, 1.0),
}


def inputs(tools: Profile | None = None) -> Inputs:
    return Inputs(states(), tools or technology(), shipped("world/default"))


def found(terms: Terms | None = None, tools: Profile | None = None) -> Requirement:
    return require(terms or balanced(), inputs(tools), draws=DRAWS, surface_draws=0)


def willing(name: str) -> Profile:
    """The same state, but it always prefers restraint that is kept, and fears the race."""
    base = shipped(f"fictional/{name}")
    for parameter, low, high in (
        ("orders", 1.0, 1.0001),
        ("catastrophe", 3.0, 4.0),
        ("trust", 0.9, 0.95),
        ("punishment", 4.0, 5.0),
        ("conflict_cost", 0.9, 1.0),
        ("capture_harm", 0.0, 0.01),
        ("hidden_capacity", 0.0, 0.01),
    ):
        base = with_parameter(base, parameter, low, high)
    return base


@pytest.fixture(scope="module")
def surface() -> Surface:
    return surface_of(bench_of(balanced(), inputs(), DRAWS, 0, "joint"), SMALL)


def test_shares_never_fall_with_detection_and_never_rise_with_the_other_axes(surface: Surface) -> None:
    assert (np.diff(surface.shares, axis=1) >= 0).all()
    for axis in (2, 3, 4):
        assert (np.diff(surface.shares, axis=axis) <= 0).all()
    assert surface.shares.max() - surface.shares.min() > 0.2


def test_the_surface_is_what_one_point_at_a_time_gives(surface: Surface) -> None:
    bench = bench_of(balanced(), inputs(), DRAWS, 0, "joint")
    point = {"detection": 0.6, "false_alarm": 0.3, "delay_years": 0.3, "leakage": 1.0}
    assert bench.joint(point) == surface.joint[2, 1, 1, 1]


def test_the_frontier_lies_between_levels_and_rises_with_the_target(surface: Surface) -> None:
    low, high = (surface.frontier(part * surface.joint.max()) for part in (0.5, 0.9))
    both = ~np.isnan(low) & ~np.isnan(high)
    assert both.any()
    assert (high[both] >= low[both]).all()
    assert (np.isnan(high) | ~np.isnan(low)).all()
    assert np.isnan(surface.frontier(1.01)).all()
    assert (surface.frontier(0.0) == 0).all()


def test_the_frontier_is_on_the_straight_line_between_two_levels() -> None:
    """Shares by hand: 0.1, 0.3, 0.8 at detection 0, 0.4, 1."""
    joint = np.array([0.1, 0.3, 0.8]).reshape(3, 1, 1, 1)
    levels = {
        "detection": (0.0, 0.4, 1.0),
        "false_alarm": (0.0,),
        "delay_years": (0.0,),
        "leakage": (0.0,),
    }
    by_hand = Surface(("Arden",), levels, joint[None], joint)
    for target, expected in ((0.2, 0.2), (0.3, 0.4), (0.55, 0.7), (0.8, 1.0), (0.05, 0.0)):
        assert by_hand.frontier(target).item() == pytest.approx(expected), target
    assert np.isnan(by_hand.frontier(0.81).item())


def test_an_unmeasured_delay_is_not_said_to_be_at_its_widest() -> None:
    delay = next(gap for gap in found(tools=unmeasured_technology()).gaps if gap.axis.name == "delay_years")
    assert delay.axis.worst == next(one.high for one in TECHNOLOGY if one.name == "delay_years")
    assert "by assumption (a profile may say up to 5)" in gap_words(delay)
    detection = found(tools=unmeasured_technology()).gaps[0]
    assert "anything from 0.00 to 1.00" in gap_words(detection)


def test_needed_levels_suffice_and_a_little_worse_does_not() -> None:
    one = found()
    assert one.target is not None
    bench = bench_of(balanced(), inputs(), DRAWS, 0, "joint")
    for gap in one.gaps:
        assert gap.needed_alone is not None
        others = {axis.name: axis.best for axis in AXES if axis is not gap.axis}
        assert bench.joint({**others, gap.axis.name: gap.needed_alone}) >= one.target
        if gap.needed_alone != gap.axis.worst:
            worse = gap.needed_alone + 0.01 * (gap.axis.worst - gap.axis.best)
            assert bench.joint({**others, gap.axis.name: worse}) < one.target
    assert one.together is not None
    assert bench.joint(one.together) >= one.target


def test_where_no_technology_suffices_it_says_so_with_the_gate_that_then_binds() -> None:
    one = found()
    assert not one.suffices
    assert one.target == pytest.approx(NEARLY * one.perfect.joint)
    assert headline(one).startswith("No level of technology makes it hold")
    assert one.perfect.states[one.weakest].binding_gate.replace("_", " ") in headline(one)


def test_willing_states_need_only_inspection() -> None:
    pair = (willing("arden"), willing("borealis"))
    one = require(
        balanced(), Inputs(pair, technology(), shipped("world/default")), draws=DRAWS, surface_draws=0
    )
    assert one.suffices
    assert one.target == 0.9
    assert "No level" not in headline(one)


def test_a_robust_no_asks_nothing_of_technology() -> None:
    of_1946 = Inputs(
        (shipped("1946/us"), shipped("1946/ussr")), shipped("1946/technology"), shipped("world/default")
    )
    done: list[int] = []
    one = require(historic_terms("hist.baruch"), of_1946, proposer="US", draws=DRAWS, progress=done.append)
    assert one.surface is None
    assert not done
    assert one.target is None
    assert one.together is None
    assert all(gap.needed_alone is None for gap in one.gaps)


def test_better_technology_is_nearer_to_what_is_needed() -> None:
    poor = found(tools=with_parameter(technology(), "detection", 0.0, 0.2))
    good = found(tools=with_parameter(technology(), "detection", 0.8, 1.0))
    at = next(n for n, gap in enumerate(poor.gaps) if gap.axis.name == "detection")
    assert poor.gaps[at].short_by > good.gaps[at].short_by == 0
    assert poor.gaps[at].met < good.gaps[at].met
    assert poor.now.joint < good.now.joint
    assert poor.perfect == good.perfect


def test_what_is_not_measured_is_called_so_over_its_whole_width() -> None:
    one = found(tools=unmeasured_technology())
    detection = one.gaps[0]
    assert detection.origin == "not measured"
    assert detection.profile == (0.0, 0.5, 1.0)
    assert "not measured" in gap_words(detection)
    for words in map(gap_words, one.gaps):
        assert "short by" not in words
        assert "no gap" not in words
        assert "any level" not in words
        assert "the rest as it is" in words


def test_it_holds_where_an_assessment_says_so() -> None:
    one = found()
    whole = assess(balanced(), states(), technology(), draws=DRAWS, sensitivity=False)
    assert one.now.joint == whole.joint
    assert one.holds_now == (whole.verdict is Verdict.YES)


@settings(max_examples=8, deadline=None)
@given(st.sampled_from([axis.name for axis in AXES]), st.integers(0, 50))
def test_improving_one_axis_never_lowers_the_joint_share(name: str, seed: int) -> None:
    bench = bench_of(balanced(), inputs(), 64, seed, "joint")
    axis = next(one for one in AXES if one.name == name)
    shares = [bench.joint({name: axis.at(part)}) for part in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert shares == sorted(shares)


def test_the_demonstration_ends_in_two_plain_lines() -> None:
    first, second = demo_lines(demo_requirement())
    assert mutual_cap().institution is not None
    assert "not probabilities" in first
    assert "detection" in second
    assert "not measured" in second or "no level" in second
    assert "\n" not in first + second


def test_the_demonstration_takes_a_measured_profile() -> None:
    measured = read_profile(VECTOR)
    one = demo_requirement(measured)
    assert one.digest == measured.hash
    assert {gap.axis.name: gap.origin for gap in one.gaps}["detection_hidden"] == "not measured"
