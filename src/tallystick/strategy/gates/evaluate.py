"""All six gates for every member at every stage."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from tallystick.strategy.gates.coalition import can_fail, coalition
from tallystick.strategy.gates.compliance import compliance, is_protected, keeps_its_word
from tallystick.strategy.gates.enforcement import capture_loss, enforcement
from tallystick.strategy.gates.participation import participation
from tallystick.strategy.gates.power_shift import power_shift
from tallystick.strategy.gates.situation import Situation
from tallystick.strategy.gates.transparency import leakage_loss, transparency

Float = npt.NDArray[np.float64]


class Gate(IntEnum):
    """The gates, in the order in which they are printed."""

    PARTICIPATION = 0
    COMPLIANCE = 1
    TRANSPARENCY = 2
    POWER_SHIFT = 3
    ENFORCEMENT = 4
    COALITION = 5

    @property
    def label(self) -> str:
        """Its name in reports and in JSON."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Margins:
    """``table`` (members, gates, stages, n): a gate is passed where its margin is at least 0. Units differ by
    gate; see each gate's file. ``members`` are indices of states. ``keeps`` and ``protected`` (members,
    stages, n) are the two halves of compliance: a state may agree to what it would not keep. ``idle``: gates
    that ask nothing here, so that passing them is no result.
    """

    table: Float
    members: tuple[int, ...]
    keeps: Float
    protected: Float
    idle: tuple[Gate, ...] = ()

    @property
    def passed(self) -> npt.NDArray[np.bool_]:
        """Whether each member passes each gate at all stages, (members, gates, n)."""
        return np.asarray((self.table >= 0).all(axis=2))

    @property
    def accepted(self) -> npt.NDArray[np.bool_]:
        """Whether each member passes all gates at all stages, (members, n)."""
        return np.asarray(self.passed.all(axis=1))

    @property
    def agreed(self) -> npt.NDArray[np.bool_]:
        """Whether each member would agree, its own word aside, (members, n)."""
        others = np.delete(self.passed, Gate.COMPLIANCE, axis=1)
        return np.asarray(others.all(axis=1) & (self.protected >= 0).all(axis=1))

    @property
    def worst(self) -> Float:
        """The least margin of each member, (members, n)."""
        return np.asarray(self.table.min(axis=(1, 2)))


def margins(case: Situation) -> Margins:
    """All margins of a situation."""
    keeps = np.array([keeps_its_word(case, i) for i in case.members])
    protected = np.array([is_protected(case, i) for i in case.members])
    table = np.empty((len(case.members), len(Gate), *keeps.shape[1:]))
    for k, i in enumerate(case.members):
        _fill(table[k], case, i, keeps[k], protected[k])
    idle = () if can_fail(case) else (Gate.COALITION,)
    return Margins(table, case.members, keeps, protected, idle)


def _fill(table: Float, case: Situation, i: int, keeps: Float, protected: Float) -> None:
    """Margins of state ``i`` into ``table`` (gates, stages, n).

    A deal can repay each of its costs and not all of them together: what is then lacking is laid to the
    dearer of leakage and capture.
    """
    worth = participation(case, i)
    leaked, captured = leakage_loss(case, i), capture_loss(case, i)
    table[Gate.PARTICIPATION] = worth
    table[Gate.COMPLIANCE] = compliance(keeps, protected)
    table[Gate.TRANSPARENCY] = transparency(worth, leaked)
    table[Gate.POWER_SHIFT] = case.memory.part("power shift", (case.steps, i), lambda: power_shift(case, i))
    table[Gate.ENFORCEMENT] = enforcement(case, i, protected, worth, captured)
    table[Gate.COALITION] = coalition(case, i, worth)
    together = worth - leaked - captured
    lacking = (worth >= 0) & (together < 0)
    for gate, dearer in ((Gate.TRANSPARENCY, leaked >= captured), (Gate.ENFORCEMENT, leaked < captured)):
        np.minimum(table[gate], together, out=table[gate], where=lacking & dearer)
