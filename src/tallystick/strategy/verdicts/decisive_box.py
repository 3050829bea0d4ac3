"""Which conditions decide a contested share: those within which nearly all draws pass, or nearly none."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.strategy.inputs.ensemble import Inputs
from tallystick.strategy.verdicts.prim import WANTED_DENSITY, find_box
from tallystick.strategy.verdicts.verdict import Verdict, verdict
from tallystick.strategy.verdicts.worded_box import WordedBox, steps_of, worded

Float = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class DecisiveBoxes:
    """``passing``: a box within which at least 0.9 of the draws pass; ``failing``: within which at least 0.9
    fail (its figures are of failing draws). None where there is no such box of up to three conditions, and
    where the share is not contested.
    """

    passing: WordedBox | None
    failing: WordedBox | None


def decisive_boxes(levels: Float, holds: Bool, inputs: Inputs) -> DecisiveBoxes:
    """The boxes of ``holds`` (n,) in ``levels`` (n, columns), by what their words say."""
    if verdict(float(holds.mean())) is not Verdict.CONTESTED:
        return DecisiveBoxes(None, None)
    return DecisiveBoxes(_deciding(levels, holds, inputs), _deciding(levels, ~holds, inputs))


def _deciding(levels: Float, holds: Bool, inputs: Inputs) -> WordedBox | None:
    found = worded(find_box(levels, holds, steps_of(inputs)), inputs, levels, holds)
    return found if found is not None and found.density >= WANTED_DENSITY else None
