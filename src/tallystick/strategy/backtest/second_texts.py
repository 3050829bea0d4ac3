"""Cases whose text was coded a second time, as a regime file: does the share depend on who read the text?

The situation stays that of the case; only the terms are the regime file's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tallystick.strategy.assessment import evaluated
from tallystick.strategy.backtest.case import CodedCase, read_data
from tallystick.strategy.backtest.case_profiles import profiles_of_case, technology_of_case
from tallystick.strategy.backtest.shares import DRAWS, CaseShare, share_of
from tallystick.strategy.history.replay import historic_terms
from tallystick.strategy.inputs.ensemble import Inputs, drawn, sobol_levels
from tallystick.strategy.inputs.profile import Profile, shipped


@dataclass(frozen=True, slots=True)
class SecondText:
    """One case by its regime file."""

    id: str
    regime: str
    share: CaseShare


def second_texts(cases: Sequence[CodedCase], *, draws: int = DRAWS, seed: int = 0) -> tuple[SecondText, ...]:
    """Every case that has a regime file. Raises InputError where a file is unusable."""
    listed = read_data("regimes.yaml")["cases"]
    return tuple(
        SecondText(case.id, listed[case.id]["regime"], _share(case, listed[case.id], draws, seed))
        for case in cases
        if case.id in listed
    )


def named_profiles(case: CodedCase) -> tuple[Profile, Profile]:
    """The profiles of a case, called as its regime file calls them."""
    leader, laggard = profiles_of_case(case)
    words = read_data("regimes.yaml")["cases"][case.id]
    return leader.standing_for(*words["leader"]), laggard.standing_for(*words["laggard"])


def _share(case: CodedCase, words: dict[str, str], draws: int, seed: int) -> CaseShare:
    inputs = Inputs(named_profiles(case), technology_of_case(case), shipped("world/default"))
    levels = sobol_levels(len(inputs.columns), draws, seed)
    terms = historic_terms(words["regime"])
    table = evaluated(terms, inputs, drawn(inputs, levels), case.said("proposer"))
    return share_of(case.id, inputs.names, table)
