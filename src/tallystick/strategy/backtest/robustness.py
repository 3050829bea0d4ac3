"""How much of a score rests on one choice: on 1946, on who coded, on the situation, on the outcome's meaning.

Thought of after the first run, and therefore no test: each variant only shows what the score would have been.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import numpy.typing as npt

from tallystick.strategy.backtest.case import SITUATION, TEXT, Code, CodedCase, read_data
from tallystick.strategy.backtest.predictors import base_rate, chosen_logistic, leave_one_out
from tallystick.strategy.backtest.scores import Estimate, area_under_curve, scores
from tallystick.strategy.backtest.shares import case_shares

Float = npt.NDArray[np.float64]

#: The model was written, and changed, with these before its author's eyes.
SEEN = ("baruch_1946", "gromyko_1946", "soviet_1947")
SIGNED_ONLY = ("salt2_1979", "start2_1993", "ctbt_1996")
NEUTRAL = "1"
GRADED = tuple(name for name, levels in {**TEXT, **SITUATION}.items() if levels[-1] == "3")


@dataclass(frozen=True, slots=True)
class Variant:
    """The strategy share's scores under one change; ``against_base`` as in ``scores.Score``."""

    name: str
    cases: int
    brier: Estimate
    against_base: Estimate
    area: float


@dataclass(frozen=True, slots=True)
class PickedPair:
    """A logistic on two of the coded attributes, picked inside each fold, out of ``tried`` pairs, by its fit
    to the training cases. ``attributes`` is the pair picked most often, in ``times`` folds.
    ``strategy_against``: the strategy share's Brier score less its own: above 0, the model is the worse.
    """

    attributes: tuple[str, str]
    times: int
    tried: int
    brier: Estimate
    strategy_against: Estimate

    @property
    def beats_the_model(self) -> bool:
        """Whether it predicts better than the strategy share."""
        return self.strategy_against.value > 0


def variants(cases: Sequence[CodedCase], *, draws: int, seed: int) -> tuple[Variant, ...]:
    """Every variant, each with its own base rate."""
    unseen = [case for case in cases if case.id not in SEEN]
    changes: dict[str, Sequence[CodedCase]] = {
        "without the three cases of 1946-47": unseen,
        "coded as in the second pass": [_recoded(case, "second_coding") for case in cases],
        "coded as in the provisional table": [_recoded(case, "provisional_coding") for case in cases],
        "trust alike in all cases": [_alike(case, ("trust",)) for case in cases],
        "situation alike in all cases": [_alike(case, tuple(SITUATION)) for case in cases],
        "the same, without 1946-47": [_alike(case, tuple(SITUATION)) for case in unseen],
        "signed counts as accepted": [_if_signed(case) for case in cases],
    }
    return tuple(_variant(name, list(changed), draws, seed) for name, changed in changes.items())


def picked_pair(cases: Sequence[CodedCase], share: Float, *, seed: int) -> PickedPair:
    """Tries every pair of graded attributes in every fold. ``share`` (n,) is the strategy's."""
    outcome = _outcome(cases)
    columns = {name: [float(case.level(name)) for case in cases] for name in GRADED}
    pairs = list(combinations(GRADED, 2))
    tables = [np.column_stack([columns[name] for name in pair]) for pair in pairs]
    prediction, chosen = chosen_logistic(tables, outcome, leave_one_out(len(cases)))
    own, against = scores({"pair": prediction, "share": share}, "pair", outcome, seed)
    most = max(set(chosen), key=chosen.count)
    return PickedPair(pairs[most], chosen.count(most), len(pairs), own.brier, against.against_base)


def _variant(name: str, cases: Sequence[CodedCase], draws: int, seed: int) -> Variant:
    outcome = _outcome(cases)
    share = np.array([one.agrees for one in case_shares(cases, draws=draws, seed=seed)])
    base = base_rate(outcome, leave_one_out(len(cases)))
    own = scores({"share": share, "base": base}, "base", outcome, seed)[0]
    return Variant(name, len(cases), own.brier, own.against_base, area_under_curve(share, outcome))


def _outcome(cases: Sequence[CodedCase]) -> Float:
    return np.array([float(case.accepted) for case in cases])


def _recoded(case: CodedCase, name: str) -> CodedCase:
    """The case with all codes that the other coding has; a side that it does not name is the laggard."""
    other = read_data(f"{name}.yaml")["codes"]
    codes = dict(case.codes)
    for attribute, by_case in other.items():
        if case.id in by_case:
            codes[attribute] = replace(codes[attribute], value=by_case[case.id])
    for level, barred, side in (("parity", "01", "gives_more"), ("sequencing", "23", "first")):
        if codes[level].value in barred and codes[side].value == "neither":
            codes[side] = replace(codes[side], value="laggard")
    return replace(case, codes=codes)


def _alike(case: CodedCase, attributes: Sequence[str]) -> CodedCase:
    same = {name: Code(NEUTRAL, "assumed", "coder") for name in attributes}
    return replace(case, codes={**case.codes, **same})


def _if_signed(case: CodedCase) -> CodedCase:
    return replace(case, outcome="accepted") if case.id in SIGNED_ONLY else case
