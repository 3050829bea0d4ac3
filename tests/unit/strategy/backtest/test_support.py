"""Where a proposal stands among past cases."""

import pytest

from tallystick.strategy.backtest.case import coded_cases
from tallystick.strategy.backtest.case_profiles import profiles_of_case
from tallystick.strategy.backtest.case_terms import terms_of_case
from tallystick.strategy.backtest.features import features
from tallystick.strategy.backtest.second_texts import named_profiles, second_texts
from tallystick.strategy.backtest.support import support_of
from tallystick.strategy.history.replay import historic_terms
from tallystick.strategy.inputs.profile import shipped
from tallystick.strategy.inputs.terms import RIGHTS, Decision, Stage, Terms

CASES = {case.id: case for case in coded_cases()}


@pytest.mark.parametrize("name", ["baruch_1946", "inf_1987", "wassenaar_1996"])
def test_a_past_case_is_nearest_to_itself(name: str) -> None:
    case = CASES[name]
    support = support_of(terms_of_case(case), profiles_of_case(case))
    assert support.nearest[0].id == name
    assert support.distance == 0
    assert support.inside
    assert support.unlike == ()


def test_features_lie_between_0_and_1() -> None:
    for case in coded_cases():
        values = features(terms_of_case(case), profiles_of_case(case)).values()
        assert all(0 <= value <= 1 for value in values)


@pytest.mark.parametrize(
    "name", ["baruch_1946", "gromyko_1946", "soviet_1947", "open_skies_1955", "inf_1987"]
)
def test_a_text_read_by_somebody_else_is_nearest_to_its_own_case(name: str) -> None:
    words = {"baruch_1946": "hist.baruch", "gromyko_1946": "hist.gromyko", "soviet_1947": "hist.soviet_1947"}
    words |= {"open_skies_1955": "hist.open_skies_1955", "inf_1987": "hist.inf"}
    support = support_of(historic_terms(words[name]), named_profiles(CASES[name]))
    assert support.nearest[0].id == support.coded_again == name
    assert not support.abstains
    assert "coded again (distance" in support.sentence


def test_what_was_never_tried_is_outside_and_names_the_nearest() -> None:
    terms = Terms(
        name="everything",
        stages=(Stage("one", ("Borealis",), "discretion", None, 0.0, inspected=False),),
        rights=dict.fromkeys(RIGHTS, "yes"),
        inspector="third_party",
        owned=True,
        sanctions=Decision("majority", automatic=True),
        elimination="full",
        paid=("Borealis",),
        excludes_outsiders=True,
    )
    support = support_of(terms, [shipped("fictional/arden"), shipped("fictional/borealis")])
    assert not support.inside
    assert support.abstains
    assert support.coded_again == ""
    assert support.distance > support.limit
    assert "OUTSIDE" in support.sentence
    assert support.nearest[0].title in support.sentence
    assert support.nearest[0].differs


def test_every_case_with_a_regime_file_runs_from_it() -> None:
    found = second_texts(coded_cases(), draws=64)
    assert len(found) == 9
    assert all(0 <= one.share.agrees <= 1 for one in found)
