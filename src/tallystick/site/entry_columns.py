"""Ledger entries of one hour with the columns of the matrix in which their work counts."""

from collections.abc import Sequence
from dataclasses import replace

from tallystick.accounting.columns import column_amounts, node_amounts
from tallystick.records.entry import LedgerEntry
from tallystick.site.declared_work import Labels
from tallystick.site.lineages import Lineages
from tallystick.site.observed import Observed
from tallystick.units import NS_PER_HOUR, WINDOW_NS, WINDOWS_PER_HOUR


def in_columns(
    observed: Observed, labels: Labels, lineages: Lineages, entries: Sequence[LedgerEntry]
) -> list[LedgerEntry]:
    """The same entries, one for each row of the roster, with columns and amounts by column.

    A node whose accelerators report themselves has what they add up to, and its own energy beyond theirs.
    """
    roster = observed.roster
    found = list(entries)
    for lead, members in roster.groups.items():
        for row in members:
            found[row] = _with_amounts(observed, labels, lineages, row, entries[row])
        if lead not in members:
            amounts = node_amounts([found[row].amounts for row in members], entries[lead].energy_mj)
            found[lead] = replace(entries[lead], amounts=amounts)
    return found


def _with_amounts(
    observed: Observed, labels: Labels, lineages: Lineages, row: int, entry: LedgerEntry
) -> LedgerEntry:
    roster, hour_ns = observed.roster, entry.hour_ns
    first = (hour_ns - observed.period.start_ns) // WINDOW_NS
    hour = slice(first, first + WINDOWS_PER_HOUR)
    columns = labels.columns(row, first, lineages)
    amounts = column_amounts(
        roster.rows[row],
        observed.windows(row, hour),
        [
            roster.inventory_ms(row, start, start + WINDOW_NS)
            for start in range(hour_ns, hour_ns + NS_PER_HOUR, WINDOW_NS)
        ],
        observed.verdicts[row, hour].tolist(),
        entry.workloads,
        columns,
    )
    return replace(entry, columns=columns, amounts=amounts)
