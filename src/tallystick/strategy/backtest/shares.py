"""The strategy model's share for each case: of how many draws would both sides agree?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tallystick.strategy.assessment import evaluated
from tallystick.strategy.backtest.case import CodedCase
from tallystick.strategy.backtest.case_profiles import profiles_of_case, technology_of_case
from tallystick.strategy.backtest.case_terms import terms_of_case
from tallystick.strategy.gates.evaluate import Gate, Margins
from tallystick.strategy.inputs.ensemble import Inputs, drawn, sobol_levels
from tallystick.strategy.inputs.profile import shipped
from tallystick.strategy.verdicts.verdict import Verdict, verdict

DRAWS = 2048


@dataclass(frozen=True, slots=True)
class CaseShare:
    """``agrees``: share of draws in which both sides would agree, their own word aside; ``holds``: and would
    keep it. ``by_side``: share in which each would agree. ``fails``: share in which each side fails each
    gate (of compliance its protection only). ``side`` and ``gate``: where most draws fail.
    """

    id: str
    agrees: float
    holds: float
    verdict: Verdict
    by_side: Mapping[str, float]
    fails: Mapping[str, Mapping[str, float]]
    side: str
    gate: str


def case_shares(cases: Sequence[CodedCase], *, draws: int = DRAWS, seed: int = 0) -> tuple[CaseShare, ...]:
    """The share of every case, all on the same levels. Raises InputError for draws that are no power of
    two.
    """
    world = shipped("world/default")
    inputs = [Inputs(profiles_of_case(case), technology_of_case(case), world) for case in cases]
    levels = sobol_levels(len(inputs[0].columns), draws, seed)
    found = []
    for case, own in zip(cases, inputs, strict=True):
        table = evaluated(terms_of_case(case), own, drawn(own, levels), case.said("proposer"))
        found.append(share_of(case.id, own.names, table))
    return tuple(found)


def share_of(name: str, sides: tuple[str, ...], table: Margins) -> CaseShare:
    """The share that all margins of a case add up to."""
    passes = np.array((table.table >= 0).all(axis=2))
    passes[:, Gate.COMPLIANCE] = (table.protected >= 0).all(axis=1)
    failing = 1 - passes.mean(axis=2)
    side, gate = np.unravel_index(int(failing.argmax()), failing.shape)
    agrees = float(table.agreed.all(axis=0).mean())
    return CaseShare(
        id=name,
        agrees=agrees,
        holds=float(table.accepted.all(axis=0).mean()),
        verdict=verdict(agrees),
        by_side=dict(zip(sides, table.agreed.mean(axis=1).tolist(), strict=True)),
        fails={who: {one.label: float(failing[k, one]) for one in Gate} for k, who in enumerate(sides)},
        side=sides[int(side)],
        gate=Gate(int(gate)).label,
    )
