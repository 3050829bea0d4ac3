"""Parameters at random: what a placebo is made of.

Each box draws, for every parameter of every state and of the technology, a random interval within the hull of
all shipped profiles of that kind, and random weights of preference orders. The world's parameters stay.
"""

import numpy as np
import numpy.typing as npt

from tallystick.strategy.inputs.ensemble import Draws, Inputs, drawn, sobol_levels
from tallystick.strategy.inputs.preferences import ORDERS
from tallystick.strategy.inputs.profile import Profile, shipped, shipped_names

Float = npt.NDArray[np.float64]

BOX_DRAWS = 128


def random_boxes(inputs: Inputs, boxes: int, rng: np.random.Generator) -> Draws:
    """``boxes`` times ``BOX_DRAWS`` draws, one box after another."""
    levels = np.tile(sobol_levels(len(inputs.columns), BOX_DRAWS, 0), (boxes, 1))
    values = {owner: dict(found) for owner, found in drawn(inputs, levels).values.items()}
    columns = list(inputs.columns)
    hulls = {kind: _hull(kind) for kind in ("state", "technology")}
    for index, name in enumerate(columns):
        owner, _, parameter = name.rpartition(".")
        if owner == "world":
            continue
        level = levels[:, index]
        if parameter == "orders":
            values[owner][parameter] = _random_orders(level, boxes, rng)
        else:
            low, high = hulls["technology" if owner == "technology" else "state"][parameter]
            ends = np.repeat(np.sort(rng.uniform(low, high, (boxes, 2)), axis=1), BOX_DRAWS, axis=0)
            values[owner][parameter] = ends[:, 0] + level * (ends[:, 1] - ends[:, 0])
    return Draws(values, levels.shape[0])


def _random_orders(level: Float, boxes: int, rng: np.random.Generator) -> Float:
    edges = np.repeat(
        np.cumsum(rng.dirichlet(np.ones(len(ORDERS)), boxes), axis=1)[:, :-1], BOX_DRAWS, axis=0
    )
    return np.asarray((level[:, None] > edges).sum(axis=1), dtype=np.float64)


def _hull(kind: str) -> dict[str, tuple[float, float]]:
    """Least and greatest value of each parameter over all shipped profiles of the kind."""
    profiles: list[Profile] = [p for p in map(shipped, shipped_names()) if p.kind == kind]
    return {
        name: (
            min(p.parameters[name].values[0] for p in profiles),
            max(p.parameters[name].values[-1] for p in profiles),
        )
        for name in profiles[0].parameters
    }
