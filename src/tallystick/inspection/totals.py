"""Check 17: do the declared totals agree with the entries that were drawn?"""

from collections.abc import Callable, Sequence

from tallystick.declarations.bundle import Bundle
from tallystick.declarations.statement import Declaration
from tallystick.errors import VerificationError
from tallystick.inspection.challenge import peak_per_entry
from tallystick.inspection.opened import OpenedHour
from tallystick.inspection.sampling import ALPHA, mean_interval
from tallystick.records.entry import TIME_KEYS, LedgerEntry
from tallystick.units import NS_PER_HOUR, NS_PER_MS


def check_totals(
    hours: Sequence[OpenedHour], declaration: Declaration, bundle: Bundle, population: int
) -> str:
    """Compare each declared total with what evenly drawn entries say of it.

    An honest declaration fails with probability at most ``ALPHA`` over all totals together. Raises
    VerificationError naming the total.
    """
    totals = _totals(declaration, bundle)
    tail = ALPHA / (2 * len(totals))
    for name, total, most, amount in totals:
        drawn = sum(min(1.0, amount(hour.entry) / most) for hour in hours)
        low, high = mean_interval(drawn, len(hours), tail)
        if not low * population * most * 0.999 <= total <= high * population * most * 1.001:
            raise VerificationError(
                f"declared {name} {total}, and the drawn entries allow "
                f"{round(low * population * most)} to {round(high * population * most)}",
                mend="ask for the entries that make up this total",
            )
    return f"{len(totals)} totals against {len(hours)} entries, as far as so few can tell"


def _totals(
    declaration: Declaration, bundle: Bundle
) -> list[tuple[str, int, int, Callable[[LedgerEntry], int]]]:
    """Name, declared total, the most that one entry can hold, and what an entry adds."""
    covers = max((len(s.covers) for s in bundle.roster.rows), default=1)
    hour_ms = NS_PER_HOUR // NS_PER_MS * covers
    peak = max(1, peak_per_entry(bundle))
    times: list[tuple[str, int, int, Callable[[LedgerEntry], int]]] = [
        (f"accelerator-milliseconds of {key}", declaration.time_ms[key], hour_ms, _time_of(index))
        for index, key in enumerate(TIME_KEYS)
    ]
    flop = declaration.training_flop
    return [
        *times,
        ("training FLOP (lower)", flop.lower, peak, lambda entry: entry.flop.lower),
        ("training FLOP (estimate)", flop.estimate, peak, lambda entry: entry.flop.estimate),
        ("training FLOP (upper)", flop.upper, peak, lambda entry: entry.flop.upper),
    ]


def _time_of(index: int) -> Callable[[LedgerEntry], int]:
    return lambda entry: entry.time_ms[index]
