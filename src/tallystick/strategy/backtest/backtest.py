"""The whole backtest: shares, rivals, scores, calibration, misses, counterexamples, agreement of codings.

Everything follows from the coded cases, the model and a seed. The rules, and what is compared with what, were
written down before the first run (``data/cases/CODING_RULES.md``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.strategy.backtest.agreement import SecondCoding, second_codings
from tallystick.strategy.backtest.calibration import CalibrationRow, calibration
from tallystick.strategy.backtest.case import CodedCase, changed_files, coded_cases, recorded_hashes
from tallystick.strategy.backtest.counterexamples import Counterexample, counterexamples
from tallystick.strategy.backtest.eras import ByEra, by_era
from tallystick.strategy.backtest.permutation import area, permutation_p, shifted_brier
from tallystick.strategy.backtest.predictors import (
    Fold,
    always,
    base_rate,
    leave_group_out,
    leave_one_out,
    log_odds,
    logistic,
    shifted,
)
from tallystick.strategy.backtest.robustness import PickedPair, Variant, picked_pair, variants
from tallystick.strategy.backtest.scores import Estimate, Score, area_estimate, scores
from tallystick.strategy.backtest.second_texts import SecondText, second_texts
from tallystick.strategy.backtest.shares import DRAWS, CaseShare, case_shares
from tallystick.strategy.verdicts.verdict import Verdict, verdict

Float = npt.NDArray[np.float64]

STRATEGY, SHIFTED, BASE, ALWAYS = "strategy share", "strategy, shifted", "base rate", "always accept"
LOGISTIC, KEPT = "logistic on two", "strategy, word kept"
VARIABLES = ("verification", "parity")
NOTICE = (
    "Few cases, chosen and coded by people who knew how they ended, and related to each other: intervals are "
    "too narrow. The model was written with 1946 in view. Shares are of assumptions, not probabilities."
)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case with what was predicted without it (leave-one-out), by predictor. ``missed``: predictors on
    the wrong side of one half.
    """

    case: CodedCase
    share: CaseShare
    predictions: Mapping[str, float]
    missed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Backtest:
    """``by_case`` leaves one case out, ``by_era`` one era. ``area``: of the strategy share as it is.
    ``p_brier`` and ``p_area``: by shuffled outcomes. ``second_texts``: cases run from their regime files.
    ``eras``, ``variants`` and ``picked_pair`` were thought of after the first run. ``changed``: files without
    their recorded hash. ``tags``: codes by source tag.
    """

    cases: int
    accepted: int
    draws: int
    seed: int
    rows: tuple[CaseRow, ...]
    by_case: tuple[Score, ...]
    by_era: tuple[Score, ...]
    eras: ByEra
    area: Estimate
    p_brier: float
    p_area: float
    calibration: Mapping[str, tuple[CalibrationRow, ...]]
    counterexamples: tuple[Counterexample, ...]
    second_texts: tuple[SecondText, ...]
    variants: tuple[Variant, ...]
    picked_pair: PickedPair
    agreement: tuple[SecondCoding, ...]
    tags: Mapping[str, int]
    hashes: Mapping[str, str]
    changed: tuple[str, ...]
    notice: str = NOTICE

    @property
    def gate_holds(self) -> bool:
        """Whether the model is nowhere sure of the contrary of a counterexample."""
        return all(one.holds for one in self.counterexamples)

    def misses(self, predictor: str) -> tuple[str, ...]:
        """Titles of the cases that a predictor has on the wrong side of one half."""
        return tuple(row.case.title for row in self.rows if predictor in row.missed)

    def sure_of_the_contrary(self, *, kept: bool) -> tuple[str, ...]:
        """Titles of all cases with a robust verdict against what came: by the share in which both sides would
        agree, or, ``kept``, by that in which they would also keep their word, as an assessment counts.
        """
        return tuple(
            row.case.title
            for row in self.rows
            if verdict(row.share.holds if kept else row.share.agrees)
            is (Verdict.NO if row.case.accepted else Verdict.YES)
        )


def backtest(*, draws: int = DRAWS, seed: int = 0) -> Backtest:
    """Runs it. Raises InputError where a data file is unusable or ``draws`` is no power of two."""
    cases = coded_cases()
    shares = case_shares(cases, draws=draws, seed=seed)
    outcome = np.array([float(case.accepted) for case in cases])
    raw = np.array([share.agrees for share in shares])
    one, era = leave_one_out(len(cases)), leave_group_out([case.era for case in cases])
    single, grouped = (_predictions(cases, shares, outcome, folds, draws) for folds in (one, era))
    return Backtest(
        cases=len(cases),
        accepted=int(outcome.sum()),
        draws=draws,
        seed=seed,
        rows=tuple(
            _row(case, share, {name: float(values[k]) for name, values in single.items()})
            for k, (case, share) in enumerate(zip(cases, shares, strict=True))
        ),
        by_case=scores(single, BASE, outcome, seed),
        by_era=scores(grouped, BASE, outcome, seed),
        eras=by_era(grouped[STRATEGY], grouped[BASE], outcome, [case.era for case in cases], seed=seed),
        area=area_estimate(raw, outcome, seed),
        p_brier=permutation_p(outcome, shifted_brier(log_odds(raw, draws)), seed=seed),
        p_area=permutation_p(outcome, area(raw), seed=seed),
        calibration={name: calibration(single[name], outcome) for name in (STRATEGY, SHIFTED, LOGISTIC)},
        counterexamples=counterexamples(shares),
        second_texts=second_texts(cases, draws=draws, seed=seed),
        variants=variants(cases, draws=draws, seed=seed),
        picked_pair=picked_pair(cases, raw, seed=seed),
        agreement=second_codings(cases),
        tags=_tags(cases),
        hashes=recorded_hashes(),
        changed=changed_files(),
    )


def _predictions(
    cases: Sequence[CodedCase],
    shares: Sequence[CaseShare],
    outcome: Float,
    folds: Sequence[Fold],
    draws: int,
) -> dict[str, Float]:
    raw = np.array([share.agrees for share in shares])
    variables = np.array([[float(case.level(name)) for name in VARIABLES] for case in cases])
    return {
        STRATEGY: raw,
        SHIFTED: shifted(log_odds(raw, draws), outcome, folds),
        KEPT: np.array([share.holds for share in shares]),
        BASE: base_rate(outcome, folds),
        ALWAYS: always(outcome),
        LOGISTIC: logistic(variables, outcome, folds),
    }


def _row(case: CodedCase, share: CaseShare, predictions: Mapping[str, float]) -> CaseRow:
    missed = tuple(name for name, value in predictions.items() if (value > 0.5) != case.accepted)
    return CaseRow(case, share, predictions, missed)


def _tags(cases: Sequence[CodedCase]) -> dict[str, int]:
    found: dict[str, int] = {}
    for case in cases:
        for code in case.codes.values():
            found[code.tag] = found.get(code.tag, 0) + 1
    return found
