"""Which quantity a claim speaks of, by which public rule it follows from committed amounts, and its units.

Rounding never favours the prover: factors of bounds are rounded up, and a limit is rounded towards the side
that is harder to keep (``whole_units``).
"""

from dataclasses import dataclass
from enum import StrEnum

from tallystick.errors import InputError
from tallystick.evidence.matrix.amounts import Amount
from tallystick.evidence.matrix.flop_rules import (
    ESTIMATE,
    FLOP_PER_GFLOP,
    PeakRates,
    bound_by_energy,
    bound_by_time,
)
from tallystick.evidence.matrix.sums import Rule
from tallystick.evidence.proofs.pedersen import MAX_VALUE


class Figure(StrEnum):
    """What is counted. The first three are FLOP; only the first rests on the operator's estimator."""

    ESTIMATE = "estimate"
    TIME_BOUND = "time bound"
    ENERGY_BOUND = "energy bound"
    ACCELERATOR_TIME = "accelerator-time"
    ENERGY = "energy"
    ACCELERATORS = "accelerators"


FLOP_FIGURES = (Figure.ESTIMATE, Figure.TIME_BOUND, Figure.ENERGY_BOUND)


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows of one site whose accelerators are of one type: one public rule counts them all.

    ``rates`` is None where no rates are known, which suffices for all figures but the two bounds.
    """

    site: str
    rates: PeakRates | None


def rule_for(figure: Figure, group: RowGroup) -> Rule:
    """How rows of a group count: in 1e9 FLOP, milliseconds or joules.

    Raises InputError where a bound needs peak rates that are not known, or a factor is beyond 2**64.
    """
    if figure is Figure.ESTIMATE:
        return ESTIMATE
    if figure is Figure.ACCELERATOR_TIME:
        return Rule(Amount.TIME)
    if figure is Figure.ENERGY:
        return Rule(Amount.ENERGY)
    if group.rates is None:
        raise InputError(
            f"no peak rates are known for accelerators of site {group.site}",
            mend="add their type to the chip table, or claim another figure",
        )
    rule = bound_by_time(group.rates) if figure is Figure.TIME_BOUND else bound_by_energy(group.rates)
    if rule.factor > MAX_VALUE:
        raise InputError(f"peak rates of accelerators of site {group.site} are beyond any proof")
    return rule


def units_per(figure: Figure) -> int:
    """How many of what people read (FLOP, ms, J) make one unit of what is proven."""
    return FLOP_PER_GFLOP if figure in FLOP_FIGURES else 1


def amount_text(figure: Figure, units: int) -> str:
    """An amount of what is proven, exact, for people."""
    if figure in FLOP_FIGURES:
        return f"{exact_text(units * FLOP_PER_GFLOP)} FLOP"
    return f"{units} {'J' if figure is Figure.ENERGY else 'accelerator-ms'}"


def exact_text(number: int) -> str:
    """A number with an exponent where it has many zeros, and all its digits: 1234e20 is ``1.234e23``."""
    digits = str(number)
    significant = digits.rstrip("0")
    if len(digits) - len(significant) < 3:
        return digits
    fraction = f".{significant[1:]}" if len(significant) > 1 else ""
    return f"{significant[0]}{fraction}e{len(digits) - 1}" if significant else digits
