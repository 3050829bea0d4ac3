"""FLOP from committed amounts by public linear rules, in units of 1e9 FLOP.

Whoever has the commitments can apply them, so that no upper bound rests on the operator's estimator. Where
the factors come from: ``spec/bundle.md``, *FLOP of an entry*. The unit keeps 1e28 FLOP below 2**64.
"""

from dataclasses import dataclass

from tallystick.errors import InputError
from tallystick.evidence.matrix.amounts import FLOP_PER_UNIT, MJ_PER_JOULE, Amount
from tallystick.evidence.matrix.sums import Rule

FLOP_PER_GFLOP = 10**9
MS_PER_S = 1000
#: The operator's estimate. It is no bound.
ESTIMATE = Rule(Amount.FLOP, FLOP_PER_UNIT // FLOP_PER_GFLOP)


@dataclass(frozen=True, slots=True)
class PeakRates:
    """The most that one accelerator of a type does: FLOP per second, and FLOP per millijoule where known."""

    flop_per_s: int
    flop_per_mj: int | None

    def __post_init__(self) -> None:
        """Raises InputError for a rate that is not positive."""
        if self.flop_per_s <= 0 or (self.flop_per_mj is not None and self.flop_per_mj <= 0):
            raise InputError("an accelerator's peak rates are positive")


def bound_by_time(rates: PeakRates) -> Rule:
    """Upper bound in 1e9 FLOP from accelerator-milliseconds, rounded up."""
    return Rule(Amount.TIME, -(-rates.flop_per_s // (MS_PER_S * FLOP_PER_GFLOP)))


def bound_by_energy(rates: PeakRates) -> Rule:
    """Upper bound in 1e9 FLOP from joules, rounded up. Raises InputError where energy bounds nothing."""
    if rates.flop_per_mj is None:
        raise InputError(
            "the most FLOP of a millijoule are not known for these accelerators", mend="use the bound by time"
        )
    return Rule(Amount.ENERGY, -(-rates.flop_per_mj * MJ_PER_JOULE // FLOP_PER_GFLOP))
