"""Margins in units that can be set beside each other.

A gate's margin is in payoffs, in discounting or in shares of the stake, by gate. Each is divided by that
gate's spread (standard deviation over states, stages and draws), so that "worst" does not mean "of the gate
with the largest unit".
"""

import numpy as np
import numpy.typing as npt

from tallystick.strategy.gates.evaluate import Margins

Float = npt.NDArray[np.float64]


def standardised(margins: Margins) -> Float:
    """Margins in spreads of their gate, (members, gates, stages, n); signs stay. A gate whose margin never
    differs is told apart by its sign only.
    """
    table = margins.table
    spread = table.std(axis=(0, 2, 3))[None, :, None, None]
    return np.where(spread > 1e-12, table / np.maximum(spread, 1e-12), np.sign(table))
