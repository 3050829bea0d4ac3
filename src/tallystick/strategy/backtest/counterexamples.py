"""Cases that refute simple rules: no model may be sure of the contrary of what happened.

The NPT and the JCPOA were accepted although lopsided, INF although intrusive; Open Skies 1955 and the BWC
Protocol were refused although even-handed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tallystick.strategy.backtest.shares import CaseShare
from tallystick.strategy.verdicts.verdict import Verdict

NOT_NO = ("npt_1968", "jcpoa_2015", "inf_1987")
NOT_YES = ("open_skies_1955", "bwc_protocol_2001")


@dataclass(frozen=True, slots=True)
class Counterexample:
    """One case, what its verdict must not be, and what it is; ``side`` and ``gate`` say where most draws
    fail, and ``fails`` how many.
    """

    id: str
    must_not_be: Verdict
    share: float
    verdict: Verdict
    holds: bool
    side: str
    gate: str
    fails: float


def counterexamples(shares: Sequence[CaseShare]) -> tuple[Counterexample, ...]:
    """The gate, case by case."""
    by_id: Mapping[str, CaseShare] = {share.id: share for share in shares}
    rules = [(name, Verdict.NO) for name in NOT_NO] + [(name, Verdict.YES) for name in NOT_YES]
    return tuple(_one(by_id[name], barred) for name, barred in rules)


def _one(share: CaseShare, barred: Verdict) -> Counterexample:
    return Counterexample(
        id=share.id,
        must_not_be=barred,
        share=share.agrees,
        verdict=share.verdict,
        holds=share.verdict is not barred,
        side=share.side,
        gate=share.gate,
        fails=share.fails[share.side][share.gate],
    )
