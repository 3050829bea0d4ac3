"""From sealed samples to ledger entries: verdicts, amounts, and what the operator declares."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import groupby

import numpy as np

from tallystick.accounting.amounts import entry_amounts
from tallystick.declarations.inventory import Roster
from tallystick.declarations.statement import Period
from tallystick.evidence.log.tree import leaf_hash
from tallystick.records.entry import LedgerEntry
from tallystick.records.subject import JobRecord, Subject
from tallystick.records.workload import NOT_OBSERVED
from tallystick.site.declared_work import declared_labels
from tallystick.site.directory import SiteDirectory
from tallystick.site.entry_columns import in_columns
from tallystick.site.ingest import slot_path
from tallystick.site.lineages import Lineages
from tallystick.site.observed import Observed
from tallystick.site.slots import block_salt, blocks_of
from tallystick.telemetry.merge import join_tables
from tallystick.telemetry.slot_file import read_slot
from tallystick.telemetry.table import SampleTable
from tallystick.units import NS_PER_HOUR, SLOT_NS, WINDOW_NS, WINDOWS_PER_HOUR
from tallystick.workloads.amounts import amounts
from tallystick.workloads.classifier import Classifier
from tallystick.workloads.runs import RunFinder

_WINDOWS_PER_SLOT = SLOT_NS // WINDOW_NS


def observe(
    site: SiteDirectory, period: Period, progress: Callable[[int], None] = lambda _: None
) -> Observed:
    """Read every sealed slot of ``period`` once, hour by hour: classify, integrate, find runs."""
    classifier, finder, roster = Classifier.load(), RunFinder(), site.roster
    windows = (period.end_ns - period.start_ns) // WINDOW_NS
    shape = (len(roster.rows), windows)
    verdicts = np.full(shape, NOT_OBSERVED, np.int64)
    observed_us, energy_mj = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    hashes: dict[int, list[str]] = {}
    sealed = sorted(s for s in site.log.sealed if period.start_ns <= s < period.end_ns)
    for _, of_hour in groupby(sealed, key=lambda slot_ns: slot_ns // NS_PER_HOUR):
        slots = list(of_hour)
        tables = [join_tables([read_slot(slot_path(site, s))], roster.rows) for s in slots]
        judged = classifier.hour_verdicts([classifier.windows(table) for table in tables])
        for slot_ns, table, found in zip(slots, tables, judged, strict=True):
            hashes[slot_ns] = _slot_hashes(site, roster, slot_ns, table)
            finder.add(table, found)
            first = (slot_ns - period.start_ns) // WINDOW_NS
            columns = slice(first, first + _WINDOWS_PER_SLOT)
            spans = amounts(table, WINDOW_NS)
            verdicts[:, columns] = found.classes
            observed_us[:, columns], energy_mj[:, columns] = spans.observed_us, spans.energy_mj
            progress(len(table))
    verdicts[~np.array(roster.counted, np.bool_)] = NOT_OBSERVED
    runs = finder.finish()
    return Observed(roster, period, verdicts, observed_us, energy_mj, runs, hashes, classifier.hash)


def entries_of(
    observed: Observed, jobs: Sequence[JobRecord], lineages: Lineages | None = None
) -> list[LedgerEntry]:
    """The ledger entries, hour by hour, each hour in the roster's order.

    What is declared for a window is what the operator's own records ``jobs`` say ran in most of it;
    where they say nothing, the run that the telemetry shows; idle where there is none. ``lineages`` says in
    which column of the matrix each run counts; None where the site keeps no matrix.
    """
    period, roster = observed.period, observed.roster
    labels = declared_labels(roster, period, jobs, observed.runs)
    entries: list[LedgerEntry] = []
    for hour_ns in range(period.start_ns, period.end_ns, NS_PER_HOUR):
        first = (hour_ns - period.start_ns) // WINDOW_NS
        columns = slice(first, first + WINDOWS_PER_HOUR)
        slots = [s for s in range(hour_ns, hour_ns + NS_PER_HOUR, SLOT_NS) if s in observed.slot_hashes]
        hashes = [observed.slot_hashes[s] for s in slots]
        of_hour: list[LedgerEntry] = []
        for row, subject in enumerate(roster.rows):
            workloads, run = labels.hour(row, columns)
            verdicts = observed.verdicts[row, columns].tolist()
            windows = observed.windows(row, columns)
            amount = entry_amounts(subject, roster.counted[row], windows, verdicts, workloads)
            votes = Counter(verdicts)
            of_hour.append(
                LedgerEntry(
                    subject=subject.name,
                    hour_ns=hour_ns,
                    inventory_ms=roster.inventory_ms(row, hour_ns, hour_ns + NS_PER_HOUR),
                    time_ms=amount.time_ms,
                    energy_mj=amount.energy_mj,
                    workloads=workloads,
                    run=run,
                    verdicts=tuple(votes[index] for index in range(NOT_OBSERVED + 1)),
                    flop=amount.flop,
                    model=observed.model,
                    slots=tuple(h[row] for h in hashes if row < len(h)),
                )
            )
        entries += of_hour if lineages is None else in_columns(observed, labels, lineages, of_hour)
    return entries


def _slot_hashes(site: SiteDirectory, roster: Roster, slot_ns: int, table: SampleTable) -> list[str]:
    there = roster.rows[: site.log.rows_when_sealed[slot_ns]]
    blocks = blocks_of(table, there, slot_ns)
    return [_salted_hash(site, subject, slot_ns, b) for subject, b in zip(there, blocks, strict=True)]


def _salted_hash(site: SiteDirectory, subject: Subject, slot_ns: int, block: bytes) -> str:
    return leaf_hash(block_salt(site.secret, site.config.origin, slot_ns, subject.name, block) + block).hex()
