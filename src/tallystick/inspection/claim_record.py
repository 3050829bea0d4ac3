"""What claims of a bundle are checked against: made from its log, the chip table and the sealed meter."""

from tallystick.accounting.hardware import Hardware, hardware
from tallystick.claims.context import ClaimContext, SiteLog
from tallystick.claims.public_record import MeterTotal, PublicRecord
from tallystick.declarations.days import Day
from tallystick.declarations.statement import Declaration
from tallystick.errors import VerificationError
from tallystick.evidence.log.checkpoint import Checkpoint
from tallystick.evidence.matrix.columns import ColumnPlan
from tallystick.evidence.matrix.flop_rules import PeakRates
from tallystick.evidence.matrix.place import DueRow, RowPlace
from tallystick.units import NS_PER_HOUR


def claim_record(
    days: tuple[Day, ...], declaration: Declaration, meter: MeterTotal | None = None
) -> PublicRecord:
    """The record of one site's period. ``days`` are those that make up the declared period.

    ``meter`` is the total that a sealed meter signed, where one was given. Raises VerificationError where a
    day has no matrix, InputError for a record that no claim can be about.
    """
    plans: dict[bytes, ColumnPlan] = {}
    due: list[DueRow] = []
    rates: dict[RowPlace, PeakRates] = {}
    for day in days:
        if day.plan is None:
            raise VerificationError("a day before the log had a plan of columns", where=f"leaf {day.at}")
        plans.setdefault(day.plan.digest, day.plan)
        due += day.due
        for row in day.due:
            rates[row.place] = _rates_of(day, row.place.row)
    return PublicRecord(
        context=_context(next(iter(plans.values())).operator, declaration),
        plans=tuple(plans.values()),
        due=tuple(due),
        rates=rates,
        meters={declaration.site: meter} if meter else {},
    )


def _context(operator: str, declaration: Declaration) -> ClaimContext:
    period = declaration.period
    first, end = period.start_ns // NS_PER_HOUR, period.end_ns // NS_PER_HOUR
    checkpoint = Checkpoint(declaration.origin, declaration.log_size, declaration.log_root)
    log = SiteLog(declaration.site, checkpoint, first, end)
    return ClaimContext(operator, (log,), first, end, period.label)


def _rates_of(day: Day, lead: int) -> PeakRates:
    """The greatest rates of one accelerator among those that the row counts."""
    kinds = [hardware(day.roster.rows[member].hardware) for member in day.roster.groups[lead]]
    return PeakRates(max(map(_per_accelerator, kinds)), max(kind.most_flop_per_mj for kind in kinds))


def _per_accelerator(kind: Hardware) -> int:
    return -(-kind.most_flop_per_s // kind.covers)
