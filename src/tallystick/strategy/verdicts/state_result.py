"""One state's part of an assessment: what it passes, what binds it, where it breaks, and what drives it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.strategy.gates.evaluate import Gate, Margins
from tallystick.strategy.gates.situation import Situation
from tallystick.strategy.inputs.ensemble import Inputs
from tallystick.strategy.inputs.preferences import ORDERS
from tallystick.strategy.verdicts.breakpoints import Breakpoint
from tallystick.strategy.verdicts.decisive_box import DecisiveBoxes, decisive_boxes
from tallystick.strategy.verdicts.sensitivity import Driver, resting_on
from tallystick.strategy.verdicts.verdict import Verdict, verdict

Float = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class StateResult:
    """Shares are of draws. ``share``: passes every gate at every stage; ``agrees``: would agree, its own word
    aside; ``keeps``: would keep its word. ``gates``: passes each gate at all stages; ``sole``: fails that
    gate and no other; ``margins``: median margin of each at its worst stage. ``binding_gate``: the gate
    passed least often, ``margin`` its median; ``breaks_at_stage``: where most failing draws first fail,
    empty where none does. ``idle``: gates that ask nothing here, whose shares of 1 are no result.
    ``boxes``: conditions that decide a contested share. ``assumed``: part of the total Sobol indices that
    belongs to assumed or unmeasured inputs (not-a-number where sensitivity was not asked for).
    ``body``: mean chances of what the body that decides does about it, see ``gates.decisions``.
    """

    name: str
    share: float
    agrees: float
    keeps: float
    verdict: Verdict
    binding_gate: str
    margin: float
    breaks_at_stage: str
    gates: Mapping[str, float]
    margins: Mapping[str, float]
    sole: Mapping[str, float]
    idle: tuple[str, ...]
    by_stage: Mapping[str, Mapping[str, float]]
    by_order: Mapping[str, float]
    body: Mapping[str, float]
    boxes: DecisiveBoxes
    drivers: tuple[Driver, ...]
    breakpoints: tuple[Breakpoint, ...]
    assumed: float


def state_result(
    case: Situation,
    inputs: Inputs,
    table: Margins,
    levels: Float,
    k: int,
    drivers: tuple[Driver, ...] = (),
    turns: tuple[Breakpoint, ...] = (),
) -> StateResult:
    """The result of the ``k``-th member. ``levels`` (n, columns): the draws' own, for the box."""
    own = table.table[k]
    passes = own >= 0
    by_gate = passes.all(axis=1)
    holds = by_gate.all(axis=0)
    share = float(holds.mean())
    worst = np.median(own.min(axis=1), axis=1)
    binding = Gate(int(np.lexsort((worst, by_gate.mean(axis=1)))[0]))
    ids = [stage.id for stage in case.terms.stages]
    return StateResult(
        name=inputs.names[table.members[k]],
        share=share,
        agrees=float(table.agreed[k].mean()),
        keeps=float((table.keeps[k] >= 0).all(axis=0).mean()),
        verdict=verdict(share),
        binding_gate=binding.label,
        margin=float(worst[binding]),
        breaks_at_stage=_breaks_at(passes, ids),
        gates=_by_gate(by_gate.mean(axis=1)),
        margins=_by_gate(worst),
        sole=_by_gate((~by_gate & (by_gate.sum(axis=0) == len(Gate) - 1)).mean(axis=1)),
        idle=tuple(gate.label for gate in table.idle),
        by_stage={stage: _by_gate(passes[:, n].mean(axis=1)) for n, stage in enumerate(ids)},
        by_order=_by_order(case.states[table.members[k]]["orders"], holds),
        body=_body(case, table.members[k]),
        boxes=decisive_boxes(levels, holds, inputs),
        drivers=drivers,
        breakpoints=turns,
        assumed=resting_on(drivers) if drivers else float("nan"),
    )


def _by_gate(values: Float) -> dict[str, float]:
    return {gate.label: float(values[gate]) for gate in Gate}


def _body(case: Situation, i: int) -> dict[str, float]:
    names = ("acted_on", "hostile", "pivotal")
    return {name: float(getattr(case.decisions, name)[i].mean()) for name in names}


def _by_order(order: Float, holds: Bool) -> dict[str, float]:
    """The share among the draws of each preference order that was drawn at all."""
    return {word: float(holds[order == n].mean()) for n, word in enumerate(ORDERS) if (order == n).any()}


def _breaks_at(passes: Bool, ids: Sequence[str]) -> str:
    """The stage at which most failing draws first fail. ``passes`` (gates, stages, n)."""
    failing = ~passes.all(axis=0)
    broken = failing.any(axis=0)
    if not broken.any():
        return ""
    first = failing.argmax(axis=0)[broken]
    return ids[int(np.bincount(first, minlength=len(ids)).argmax())]
