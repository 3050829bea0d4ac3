"""What inspection and national means find, against a calculation by hand and by what must follow."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.strategy.cases import balanced, states, technology, with_parameter
from tests.unit.strategy.test_gates import PLAIN, STATE, TECHNOLOGY, WORLD, case

from tallystick.strategy.assessment import assess
from tallystick.strategy.gates.verification import Verification, verification
from tallystick.strategy.inputs.terms import RIGHTS, Terms

EVERYWHERE = replace(PLAIN, rights=dict.fromkeys(RIGHTS, "yes"))
MONITORED = replace(PLAIN, rights={**dict.fromkeys(RIGHTS, "no"), "continuous_monitoring": "yes"})


def found_by(
    terms: Terms,
    tools: Mapping[str, float] | None = None,
    state: Mapping[str, float] | None = None,
    *,
    per_violation: bool = False,
) -> Verification:
    """What is found against one state, on one draw."""
    owners = (STATE | dict(state or {}), TECHNOLOGY | dict(tools or {}), WORLD)
    own, tool, world = ({name: np.array([float(v)]) for name, v in one.items()} for one in owners)
    return verification(terms, (own,), tool, world, per_violation=per_violation)


def timely(
    terms: Terms, tools: Mapping[str, float] | None = None, state: Mapping[str, float] | None = None
) -> float:
    return float(found_by(terms, tools, state).timely[0, 0, 0])


@pytest.mark.parametrize("per_violation", [False, True])
def test_a_right_granted_to_the_blind_finds_nothing_more(per_violation: bool) -> None:
    """Two looks a year apart by national means of 0.1 find 0.19 before a breakout of two years."""
    blind = {"detection": 0.0, "detection_hidden": 0.0, "national_means": 0.1}
    without = found_by(replace(PLAIN, rights=dict.fromkeys(RIGHTS, "no")), blind, per_violation=per_violation)
    for terms in (MONITORED, EVERYWHERE, PLAIN):
        by_right = found_by(terms, blind, per_violation=per_violation)
        assert by_right.timely == pytest.approx(without.timely)
        assert by_right.yearly == pytest.approx(without.yearly)
    often = 0.1 if per_violation else 1 - 0.9**2
    assert without.timely[0, 0] == pytest.approx([0.5 * often + 0.5 * 0.1])


def test_the_better_of_inspectors_and_national_means_counts() -> None:
    """In the open twenty looks of 0.8, or two of 0.3 from outside; in hiding 0.3 once from outside."""
    tools = {"detection": 0.8, "national_means": 0.3}
    assert timely(MONITORED, tools) == pytest.approx(0.5 * (1 - 0.2**20) + 0.5 * 0.3)
    assert timely(MONITORED, {**tools, "detection": 0.001}) == pytest.approx(0.5 * (1 - 0.7**2) + 0.5 * 0.3)


def test_hiding_is_never_found_more_often_than_working_in_the_open() -> None:
    """Who can hide goes where it is seen least, so that eyes for hidden places alone change nothing."""
    keen = {"detection": 0.1, "detection_hidden": 0.9}
    hides, cannot = ({"hidden_capacity": share} for share in (1.0, 0.0))
    assert timely(EVERYWHERE, keen, hides) == pytest.approx(timely(EVERYWHERE, keen, cannot))
    assert timely(EVERYWHERE, keen, hides) < 0.9


@given(detection=st.floats(0, 1), hidden=st.floats(0, 1), national=st.floats(0, 1), delay=st.floats(0, 1.9))
def test_later_results_and_more_hiding_never_find_more(
    detection: float, hidden: float, national: float, delay: float
) -> None:
    tools = {"detection": detection, "detection_hidden": hidden, "national_means": national}
    late = {**tools, "delay_years": delay}
    assert timely(EVERYWHERE, late) <= timely(EVERYWHERE, tools) + 1e-12
    assert timely(EVERYWHERE, tools, {"hidden_capacity": 1.0}) <= timely(EVERYWHERE, tools) + 1e-12


def test_a_late_result_is_a_look_less() -> None:
    """A look a year, two years to breakout: results a year late leave one look, two years late none."""
    cannot = {"hidden_capacity": 0.0}
    for delay, expected in ((0.0, 0.96), (0.5, 0.8), (1.0, 0.8), (2.0, 0.0)):
        assert timely(PLAIN, {"delay_years": delay}, cannot) == pytest.approx(expected)


def test_delay_lowers_the_share_that_keeps_its_word_on_a_whole_ensemble() -> None:
    swift, slow = (with_parameter(technology(), "delay_years", *ends) for ends in ((0.0, 0.1), (3.0, 4.0)))
    shares = [assess(balanced(), states(), one, draws=256, sensitivity=False).joint for one in (swift, slow)]
    assert shares[1] < shares[0]


def test_a_violation_is_no_better_seen_where_more_may_be_looked_at_by_the_blind() -> None:
    """The same through the whole situation, where the profile's detection is per look."""
    blind = replace(PLAIN, rights=dict.fromkeys(RIGHTS, "no"))
    for terms in (blind, replace(PLAIN, stages=(replace(PLAIN.stages[0], inspected=False),))):
        assert case(terms).verification.timely[0, 0] == pytest.approx([0.0])
