"""Close a period: commit its days, sign the declaration, write the bundle.

Order matters, so that an interrupted close can be run again to the same bytes: days committed, declaration
kept, declaration committed, head sealed, bundle written. A day that was committed before is not touched.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tallystick.declarations.bundle import Bundle
from tallystick.declarations.days import days_in, parts_of
from tallystick.declarations.statement import (
    PAYLOAD_TYPE,
    Declaration,
    Period,
)
from tallystick.errors import SiteError
from tallystick.evidence import canonical
from tallystick.evidence.canonical import Json
from tallystick.evidence.dsse import sign_envelope
from tallystick.inspection.draw import nonce_commitment
from tallystick.records.entry import TIME_KEYS, LedgerEntry
from tallystick.records.flop import NO_FLOP, FlopInterval
from tallystick.records.run import Run
from tallystick.site.account import entries_of, observe
from tallystick.site.claim_file import bundle_file, claims_file, kept_claims
from tallystick.site.days import commit_day, days_in_log, finish_pending_day, read_entries
from tallystick.site.declared import (
    commit_close,
    finish_interrupted_close,
    kept_envelopes,
    read_declaration,
)
from tallystick.site.directory import SiteDirectory
from tallystick.site.found_runs import describe_runs
from tallystick.site.lineages import read_lineages
from tallystick.site.observed import Observed
from tallystick.site.period import parse_period, period_file_name
from tallystick.units import NS_PER_HOUR
from tallystick.whole_file import write_whole


@dataclass(frozen=True)
class Closed:
    """A closed period: its bundle, what was declared, and privately what the telemetry shows."""

    bundle: Path
    declaration: Declaration
    runs: tuple[Run, ...]
    observed: Observed


def close(
    site: SiteDirectory,
    period_text: str,
    progress: Callable[[int], None] = lambda _: None,
    workers: int = 1,
    proven: Callable[[int], None] = lambda _: None,
) -> Closed:
    """Close the period called ``period_text``. Closing it again writes the same bundle.

    ``progress`` is told of samples read, ``proven`` of rows of the matrix; ``workers`` processes prove.
    """
    finish_pending_day(site)
    finish_interrupted_close(site)
    period = parse_period(period_text, dict(site.log.sealed))
    _refuse_overlap(site, period)
    name = period_file_name(period.label)
    observed = observe(site, period, progress)
    runs = describe_runs(observed, site.read_jobs("jobs.json"))
    envelope_file = site.path / "declarations" / f"{name}.dsse.json"
    if not envelope_file.exists():
        _commit_days(site, observed, workers, proven)
        declaration = _declare(site, period, observed.model)
        envelope = sign_envelope(PAYLOAD_TYPE, declaration.payload(), site.key)
        write_whole(envelope_file, canonical.encode(envelope))
    declaration, envelope = read_declaration(site, envelope_file)
    commit_close(site, declaration)
    path = bundle_file(site, period.label)
    write_whole(path, _bundle(site, declaration, envelope).lines())
    return Closed(path.resolve(), declaration, runs, observed)


def commit_days(
    site: SiteDirectory,
    period_text: str,
    progress: Callable[[int], None] = lambda _: None,
    workers: int = 1,
    proven: Callable[[int], None] = lambda _: None,
) -> int:
    """Commit and prove the days of a period ahead of its close; return how many were new."""
    finish_pending_day(site)
    finish_interrupted_close(site)
    period = parse_period(period_text, dict(site.log.sealed))
    before = len(days_in_log(site))
    for part in _missing(site, period):
        _commit_days(site, observe(site, part, progress), workers, proven)
    return len(days_in_log(site)) - before


def site_nonce(site: SiteDirectory, log_size: int) -> bytes:
    """The operator's half of a challenge's randomness, one for each closed period."""
    return site.derive(f"challenge-nonce/{log_size}/{site.log.root(log_size).hex()}")


def _missing(site: SiteDirectory, period: Period) -> list[Period]:
    """The parts of ``period`` that are not committed yet. Raises SiteError where one is so in part."""
    days = [day.start for day in days_in_log(site)]
    found = []
    for start_ns, end_ns in parts_of(period):
        there = [d for d in days if d.start_ns < end_ns and start_ns < d.end_ns]
        if not there:
            found.append(Period(period.label, start_ns, end_ns))
        elif any((d.start_ns, d.end_ns) != (start_ns, end_ns) for d in there):
            raise SiteError(
                f"the period {period.label} cuts a day that is committed",
                mend="choose a period of whole days, or one that begins where the last one ended",
            )
    return found


def _commit_days(
    site: SiteDirectory, observed: Observed, workers: int, proven: Callable[[int], None]
) -> None:
    missing = _missing(site, observed.period)
    if not missing:
        return
    lineages = read_lineages(site.path, site.plan) if site.plan else None
    entries = entries_of(observed, site.read_jobs("jobs.json"), lineages)
    width = len(observed.roster.rows)
    for part in missing:
        first, end = ((at - observed.period.start_ns) // NS_PER_HOUR for at in (part.start_ns, part.end_ns))
        of_part = entries[first * width : end * width]
        commit_day(site, part.start_ns, part.end_ns, of_part, workers, proven)


def _declare(site: SiteDirectory, period: Period, model: str) -> Declaration:
    days = days_in(days_in_log(site), period)
    size = len(site.log.leaves)
    account = _Account(site)
    for day in days:
        account.add(read_entries(site, day))
    return Declaration(
        site=site.config.name,
        origin=site.config.origin,
        period=period,
        log_size=size,
        log_root=site.log.root(size),
        accelerators=site.roster.accelerators,
        inventory_ms=account.inventory_ms,
        observed_ms=sum(account.time_ms.values()),
        time_ms=account.time_ms,
        energy_mj=account.energy_mj,
        training_flop=account.total,
        largest_run_flop=max(account.run_flop.values(), key=lambda f: (f.upper, f.estimate)),
        model=model,
        nonce_commitment=nonce_commitment(site_nonce(site, size)),
    )


class _Account:
    """Totals over ledger entries."""

    def __init__(self, site: SiteDirectory) -> None:
        self._wall = {site.roster.rows[row].name for row in site.roster.wall_rows}
        self.time_ms = dict.fromkeys(TIME_KEYS, 0)
        self.run_flop: dict[str, FlopInterval] = {}
        self.total = NO_FLOP
        self.energy_mj = 0
        self.inventory_ms = 0

    def add(self, entries: Iterable[LedgerEntry]) -> None:
        for entry in entries:
            for key, ms in zip(TIME_KEYS, entry.time_ms, strict=True):
                self.time_ms[key] += ms
            self.total += entry.flop
            self.run_flop[entry.run] = self.run_flop.get(entry.run, NO_FLOP) + entry.flop
            self.energy_mj += entry.energy_mj if entry.subject in self._wall else 0
            self.inventory_ms += entry.inventory_ms


def _bundle(site: SiteDirectory, declaration: Declaration, envelope: Json) -> Bundle:
    size = declaration.log_size + 1
    heads = tuple(h for h in site.log.heads if h.checkpoint.size <= size)
    claims = tuple(kept_claims(claims_file(site, declaration.period.label)))
    return Bundle(tuple(site.log.leaves[:size]), heads, envelope, claims)


def _refuse_overlap(site: SiteDirectory, period: Period) -> None:
    for path in kept_envelopes(site):
        other = read_declaration(site, path)[0].period
        if other != period and other.start_ns < period.end_ns and period.start_ns < other.end_ns:
            raise SiteError(
                f"the period {period.label} overlaps {other.label}, which is declared",
                mend="declare each hour once",
            )
