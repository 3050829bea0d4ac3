"""A box in words, with the figures of what the words say.

Numbers are rounded for people, so density, coverage and support are counted again within the box as worded.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.strategy.inputs.ensemble import Inputs
from tallystick.strategy.verdicts.prim import Box, Condition

Float = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class WordedBox:
    """``conditions`` as text; ``density``, ``coverage`` and ``support`` as in ``Box``, of the text."""

    conditions: tuple[str, ...]
    density: float
    coverage: float
    support: float


def steps_of(inputs: Inputs) -> dict[int, tuple[float, ...]]:
    """Levels at which the category of each column that is a choice changes, 0 and 1 included."""
    return {c: one.levels for c, one in enumerate(inputs.columns.values()) if one.stepped}


def worded(box: Box | None, inputs: Inputs, levels: Float, holds: Bool) -> WordedBox | None:
    """The box in the parameters' own values, and in words where a parameter is a choice; None where no
    condition is left that excludes any draw. ``levels`` (n, columns) and ``holds`` (n,) are those that it
    was found in.
    """
    inside, said = np.ones(holds.size, dtype=bool), []
    for condition in box.conditions if box else ():
        text, within = _condition(condition, inputs, levels)
        if not within.all():
            said.append(text)
            inside &= within
    passing = int(holds[inside].sum())
    if not said or not passing:
        return None
    return WordedBox(
        tuple(said), passing / int(inside.sum()), passing / int(holds.sum()), float(inside.mean())
    )


def _condition(condition: Condition, inputs: Inputs, levels: Float) -> tuple[str, Bool]:
    """The text of a condition, and which draws are within what it says."""
    name = list(inputs.columns)[condition.column]
    distribution = inputs.columns[name]
    values = distribution.at(levels[:, condition.column])
    low, high = (float(distribution.at(level)) for level in (condition.low, condition.high))
    if words := inputs.words(name):
        kept = [n for n in np.unique(values).astype(int) if low <= n <= high]
        return f"{name} {' or '.join(words[n] for n in kept)}", np.isin(values, kept)
    shown_low, shown_high = float(f"{low:.3g}"), float(f"{high:.3g}")
    if condition.low <= 0:
        return f"{name} at most {high:.3g}", values <= shown_high
    if condition.high >= 1:
        return f"{name} at least {low:.3g}", values >= shown_low
    return f"{name} {low:.3g} to {high:.3g}", (values >= shown_low) & (values <= shown_high)
