"""The placebo: how often do parameters drawn at random give the pattern of history?

Each box draws, for every parameter of every state and of the technology, a random interval within the hull of
all shipped profiles of that kind, and random weights of preference orders. The world's parameters stay. A
model whose pattern comes out of most boxes shows little by reproducing history.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.strategy.gates.evaluate import margins
from tallystick.strategy.gates.situation import situation
from tallystick.strategy.history.case import Era, HistoricCase
from tallystick.strategy.inputs.ensemble import Inputs
from tallystick.strategy.inputs.profile import shipped
from tallystick.strategy.inputs.random_boxes import BOX_DRAWS, random_boxes
from tallystick.strategy.inputs.terms import Terms
from tallystick.strategy.verdicts.verdict import ROBUST_NO

Float = npt.NDArray[np.float64]

CHUNK = 64
STANDS = 0.5


@dataclass(frozen=True, slots=True)
class PlaceboResult:
    """Shares of ``boxes`` random boxes that give the pattern of each case, and of all cases together.

    ``refusals``: those who refused do (they would agree in at most a tenth); ``patterns``: and those who
    stood by it do (in at least half).
    """

    boxes: int
    refusals: Mapping[str, float]
    patterns: Mapping[str, float]
    all_refusals: float
    all_patterns: float


def placebo(chosen: Era, terms: Mapping[str, Terms], *, boxes: int, seed: int) -> PlaceboResult:
    """Runs ``boxes`` boxes of 128 draws through every case that has an outcome."""
    inputs = Inputs(
        tuple(shipped(name) for name in chosen.states), shipped(chosen.technology), shipped("world/default")
    )
    cases = [case for case in chosen.cases if case.refused_by]
    parts = [
        _chunk(inputs, cases, terms, min(CHUNK, boxes - start), np.random.default_rng([seed, start]))
        for start in range(0, boxes, CHUNK)
    ]
    refused = np.concatenate([part[0] for part in parts], axis=1)
    whole = np.concatenate([part[1] for part in parts], axis=1)
    names = [case.regime for case in cases]
    return PlaceboResult(
        boxes=boxes,
        refusals=dict(zip(names, refused.mean(axis=1).tolist(), strict=True)),
        patterns=dict(zip(names, whole.mean(axis=1).tolist(), strict=True)),
        all_refusals=float(refused.all(axis=0).mean()),
        all_patterns=float(whole.all(axis=0).mean()),
    )


def _chunk(
    inputs: Inputs,
    cases: list[HistoricCase],
    terms: Mapping[str, Terms],
    boxes: int,
    rng: np.random.Generator,
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Whether refusals, and whole patterns, come out: (cases, boxes) each."""
    values = random_boxes(inputs, boxes, rng)
    refused, whole = [], []
    for case in cases:
        agreed = margins(situation(terms[case.regime], inputs, values, case.proposer)).agreed
        shares = agreed.reshape(len(inputs.states), boxes, BOX_DRAWS).mean(axis=2)
        refuses = np.all([shares[inputs.names.index(who)] <= ROBUST_NO for who in case.refused_by], axis=0)
        stands = np.all([shares[inputs.names.index(who)] >= STANDS for who in case.accepted_by], axis=0)
        refused.append(refuses)
        whole.append(refuses & stands)
    return np.array(refused), np.array(whole)
