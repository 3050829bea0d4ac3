"""How much an assessment's verdicts owe to its profiles: the same regime before states drawn at random.

Where random parameters give the same verdict nearly always, the regime's text decides it, or the model
does, and the profiles add nothing; where they hardly ever do, the verdict is the profiles'.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tallystick.strategy.assessment import Assessment
from tallystick.strategy.gates.evaluate import margins
from tallystick.strategy.gates.situation import situation
from tallystick.strategy.inputs.ensemble import Inputs
from tallystick.strategy.inputs.random_boxes import BOX_DRAWS, random_boxes
from tallystick.strategy.inputs.terms import Terms
from tallystick.strategy.verdicts.verdict import verdict

CHUNK = 64


@dataclass(frozen=True, slots=True)
class VerdictPlacebo:
    """Shares of ``boxes`` random boxes that give each state the assessment's verdict, and all at once."""

    boxes: int
    same: Mapping[str, float]
    all_same: float


def verdict_placebo(
    result: Assessment, terms: Terms, inputs: Inputs, *, boxes: int = 256, seed: int = 0
) -> VerdictPlacebo:
    """Runs ``boxes`` boxes of 128 draws. ``terms`` and ``inputs`` are those that ``result`` came from."""
    same = np.concatenate(
        [
            _same(result, terms, inputs, min(CHUNK, boxes - start), np.random.default_rng([seed, start]))
            for start in range(0, boxes, CHUNK)
        ],
        axis=1,
    )
    shares = dict(zip(inputs.names, same.mean(axis=1).tolist(), strict=True))
    return VerdictPlacebo(boxes, shares, float(same.all(axis=0).mean()))


def _same(
    result: Assessment, terms: Terms, inputs: Inputs, boxes: int, rng: np.random.Generator
) -> "np.typing.NDArray[np.bool_]":
    """Whether each box gives each state its verdict, (states, boxes)."""
    accepted = margins(situation(terms, inputs, random_boxes(inputs, boxes, rng), result.proposer)).accepted
    shares = accepted.reshape(len(inputs.states), boxes, BOX_DRAWS).mean(axis=2)
    return np.array(
        [
            [verdict(share) is state.verdict for share in own]
            for own, state in zip(shares, result.states, strict=True)
        ]
    )
