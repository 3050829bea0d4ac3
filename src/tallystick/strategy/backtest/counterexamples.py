"""Cases that refute simple rules: no model may be sure of the contrary of what happened.

The NPT and the JCPOA were accepted although lopsided, INF although intrusive; Open Skies 1955 and the BWC
Protocol were refused although even-handed. The gate is held to the share that the backtest scores, in which
both sides would agree, their own word aside; the share that an assessment prints, in which they would also
keep it, stands beside it with its verdict and is not what is tested.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tallystick.strategy.backtest.shares import CaseShare
from tallystick.strategy.verdicts.verdict import Verdict, verdict

NOT_NO = ("npt_1968", "jcpoa_2015", "inf_1987")
NOT_YES = ("open_skies_1955", "bwc_protocol_2001")


@dataclass(frozen=True, slots=True)
class Counterexample:
    """One case, what its verdict must not be, and what it is by ``share``, in which both sides would agree;
    ``kept`` and ``verdict_kept``: in which both would agree and keep their word, as an assessment counts.
    ``side`` and ``gate`` say where most draws fail, and ``fails`` how many.
    """

    id: str
    must_not_be: Verdict
    share: float
    verdict: Verdict
    kept: float
    verdict_kept: Verdict
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
        kept=share.holds,
        verdict_kept=verdict(share.holds),
        holds=share.verdict is not barred,
        side=share.side,
        gate=share.gate,
        fails=share.fails[share.side][share.gate],
    )
