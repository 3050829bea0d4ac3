"""What a verifier knows without the prover's word: which rows are due, of which hardware, and the meters.

Made from the logs, the inventory, the chip table and the sealed meters. A claim is only as good as this
record: whoever makes it from the claim, or from the rows that happen to be there, has checked nothing.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from tallystick.claims.context import ClaimContext, SiteLog, hour_text
from tallystick.claims.figure import RowGroup
from tallystick.errors import InputError
from tallystick.evidence.matrix.columns import ColumnPlan
from tallystick.evidence.matrix.flop_rules import PeakRates
from tallystick.evidence.matrix.place import HOURS_PER_DAY, DueRow, RowPlace
from tallystick.evidence.proofs.ristretto import Point

#: Most rows under one claim: 10,000 accelerators in nodes of eight have 2**23 in 20 years. See ``bounds``.
MAX_ROWS = 2**26
#: Beyond any hardware, and far enough below 2**128 for the 16 bytes that a proof is bound to.
MAX_RATE = 2**96


@dataclass(frozen=True, slots=True)
class MeterTotal:
    """What a sealed meter signed for a site and period: the identity of its key, and energy in mJ."""

    key: str
    energy_mj: int


@dataclass(frozen=True)
class PublicRecord:
    """The context and all that is public about its rows.

    ``plans``: stages of the operator's plan of columns, earliest first. ``due``: every row of every site and
    hour, with its inventory time. ``rates``: peak rates of a row's accelerators, for time and energy bounds.
    ``accelerators``: by hour, how many accelerators each row covers when it begins, for coverage.
    ``meters``: by site, for energy. ``coverage_key``: the operator's key of pseudonyms, as the log has it.
    """

    context: ClaimContext
    plans: tuple[ColumnPlan, ...]
    due: tuple[DueRow, ...]
    rates: Mapping[RowPlace, PeakRates] = field(default_factory=dict)
    accelerators: Mapping[int, Mapping[RowPlace, int]] = field(default_factory=dict)
    meters: Mapping[str, MeterTotal] = field(default_factory=dict)
    coverage_key: Point | None = None

    def __post_init__(self) -> None:
        """Raises InputError for a row outside the context or due twice, and for an hour without rows."""
        if not self.plans or not 0 < len(self.due) <= MAX_ROWS:
            raise InputError(f"a claim speaks of at least one plan of columns and of 1 to {MAX_ROWS} rows")
        logs = {log.site: log for log in self.context.sites}
        plans = {plan.digest for plan in self.plans}
        for due in self.due:
            self._check_place(due.place, logs.get(due.place.site), plans)
        self._check_once()
        self._check_hours()
        if any(max(rates.flop_per_s, rates.flop_per_mj or 0) > MAX_RATE for rates in self.rates.values()):
            raise InputError("peak rates are beyond any hardware")

    @cached_property
    def ordered(self) -> tuple[DueRow, ...]:
        """What is due by site, day, row and first hour."""
        return tuple(sorted(self.due, key=lambda due: due.place.key))

    @cached_property
    def plan(self) -> ColumnPlan:
        """The latest plan that a row has: its columns are those that a claim speaks of."""
        used = {due.place.columns for due in self.due}
        return max((p for p in self.plans if p.digest in used), key=lambda p: len(p.roles))

    @cached_property
    def inventory_ms(self) -> int:
        """Accelerator-time of all rows, as the inventory says."""
        return sum(due.inventory_ms for due in self.due)

    @cached_property
    def groups(self) -> tuple[RowGroup, ...]:
        """The groups of rows that one rule counts, each once."""
        return tuple(dict.fromkeys(self.group_of(due.place) for due in self.ordered))

    def group_of(self, place: RowPlace) -> RowGroup:
        """The group of a row."""
        return RowGroup(place.site, self.rates.get(place))

    def _check_place(self, place: RowPlace, log: SiteLog | None, plans: Set[bytes]) -> None:
        where = str(place)
        if place.operator != self.context.operator or log is None:
            raise InputError("the row is of another operator or site than the claim", where=where)
        if place.origin != log.checkpoint.origin:
            raise InputError("the row is of another log than the claim", where=where)
        if not log.first_hour <= hours_of(place).start < hours_of(place).stop <= log.end_hour:
            raise InputError("the row is outside the claim's period", where=where)
        if place.columns not in plans:
            raise InputError("the row is of another plan of columns", where=where)

    def _check_once(self) -> None:
        for earlier, later in pairwise(due.place for due in self.ordered):
            same = earlier.key[:3] == later.key[:3]
            if same and hours_of(later).start < hours_of(earlier).stop:
                raise InputError("the row is due twice in one hour", where=str(later))

    def _check_hours(self) -> None:
        spans = {(due.place.site, hours_of(due.place)) for due in self.due}
        found = {(site, hour) for site, hours in spans for hour in hours}
        for log in self.context.sites:
            for hour in range(log.first_hour, log.end_hour):
                if (log.site, hour) not in found:
                    raise InputError(
                        f"no row of site {log.site} is due at {hour_text(hour)}",
                        mend="take the rows that are due from the log's rosters, for every hour",
                    )


def hours_of(place: RowPlace) -> range:
    """The hours since 1970-01-01 that a row speaks of."""
    start = place.day * HOURS_PER_DAY
    return range(start + place.hours[0], start + place.hours[1])
