"""Close a period: commit its entries, sign the declaration, write the bundle.

Order matters, so that an interrupted close can be run again to the same bytes: entries kept, entries
committed, declaration kept, declaration committed, head sealed, bundle written. Everything before the
declaration is a function of the sealed samples and the site's secret.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tallystick.declarations.bundle import Bundle
from tallystick.declarations.entry import entry_commitment, entry_json
from tallystick.declarations.leaf import EntryCommitment
from tallystick.declarations.statement import (
    PAYLOAD_TYPE,
    Declaration,
    Period,
)
from tallystick.errors import SiteError
from tallystick.evidence import canonical
from tallystick.evidence.canonical import Json
from tallystick.evidence.dsse import sign_envelope
from tallystick.evidence.salted import salt_for
from tallystick.inspection.draw import nonce_commitment
from tallystick.records.entry import TIME_KEYS, LedgerEntry
from tallystick.records.flop import NO_FLOP, FlopInterval
from tallystick.records.run import Run
from tallystick.site.account import Observed, entries_of, observe
from tallystick.site.declared import (
    commit_close,
    finish_interrupted_close,
    kept_envelopes,
    read_declaration,
)
from tallystick.site.directory import SiteDirectory
from tallystick.site.found_runs import describe_runs
from tallystick.site.period import parse_period, period_file_name
from tallystick.whole_file import write_whole


@dataclass(frozen=True)
class Closed:
    """A closed period: its bundle, what was declared, and privately what the telemetry shows."""

    bundle: Path
    declaration: Declaration
    runs: tuple[Run, ...]
    observed: Observed


def close(site: SiteDirectory, period_text: str, progress: Callable[[int], None] = lambda _: None) -> Closed:
    """Close the period called ``period_text``. Closing it again writes the same bundle."""
    finish_interrupted_close(site)
    period = parse_period(period_text, dict(site.log.sealed))
    _refuse_overlap(site, period)
    name = period_file_name(period.label)
    observed = observe(site, period, progress)
    runs = describe_runs(observed, site.read_jobs("jobs.json"))
    envelope_file = site.path / "declarations" / f"{name}.dsse.json"
    if not envelope_file.exists():
        entries = entries_of(observed, site.read_jobs("jobs.json"))
        write_whole(site.path / "entries" / f"{name}.jsonl", b"".join(_line(e) for e in entries))
        start = _commit(site, entries)
        declaration = _declare(site, period, entries, start, observed.model)
        envelope = sign_envelope(PAYLOAD_TYPE, declaration.payload(), site.key)
        write_whole(envelope_file, canonical.encode(envelope))
    declaration, envelope = read_declaration(site, envelope_file)
    commit_close(site, declaration)
    path = site.path / "bundles" / f"{site.config.name.lower()}-{name}.tally"
    write_whole(path, _bundle(site, declaration, envelope).encode())
    return Closed(path.resolve(), declaration, runs, observed)


def entry_salt(site: SiteDirectory, entry: LedgerEntry) -> bytes:
    """The salt of an entry at its place."""
    place = f"{site.config.origin}/entry/{entry.hour_ns}/{entry.subject}"
    return salt_for(site.secret, place, canonical.encode(entry_json(entry)))


def site_nonce(site: SiteDirectory, log_size: int) -> bytes:
    """The operator's half of a challenge's randomness, one for each closed period."""
    return site.derive(f"challenge-nonce/{log_size}")


def _line(entry: LedgerEntry) -> bytes:
    return canonical.encode(entry_json(entry)) + b"\n"


def _commit(site: SiteDirectory, entries: Sequence[LedgerEntry]) -> int:
    """Append the commitments that are not there yet; return the index of the first."""
    digests = [EntryCommitment(entry_commitment(entry_salt(site, e), e)) for e in entries]
    leaves = site.log.leaves
    tail = 0
    while tail < len(leaves) and isinstance(leaves[-1 - tail], EntryCommitment):
        tail += 1
    there = min(tail, len(digests))
    start = len(leaves) - there
    if leaves[start:] != digests[:there]:
        start, there = len(leaves), 0
    site.log.append(digests[there:])
    return start


def _declare(
    site: SiteDirectory, period: Period, entries: Sequence[LedgerEntry], start: int, model: str
) -> Declaration:
    roster = site.roster
    size = start + len(entries)
    time_ms = dict.fromkeys(TIME_KEYS, 0)
    run_flop: dict[str, FlopInterval] = {}
    total = NO_FLOP
    energy_mj = 0
    wall = {roster.rows[row].name for row in roster.wall_rows}
    for entry in entries:
        for key, ms in zip(TIME_KEYS, entry.time_ms, strict=True):
            time_ms[key] += ms
        total += entry.flop
        run_flop[entry.run] = run_flop.get(entry.run, NO_FLOP) + entry.flop
        energy_mj += entry.energy_mj if entry.subject in wall else 0
    return Declaration(
        site=site.config.name,
        origin=site.config.origin,
        period=period,
        log_size=size,
        log_root=site.log.root(size),
        entries_start=start,
        accelerators=roster.accelerators,
        inventory_ms=sum(e.inventory_ms for e in entries),
        observed_ms=sum(e.observed_ms for e in entries),
        time_ms=time_ms,
        energy_mj=energy_mj,
        training_flop=total,
        largest_run_flop=max(run_flop.values(), key=lambda f: (f.upper, f.estimate)),
        model=model,
        nonce_commitment=nonce_commitment(site_nonce(site, size)),
    )


def _bundle(site: SiteDirectory, declaration: Declaration, envelope: Json) -> Bundle:
    size = declaration.log_size + 1
    heads = tuple(h for h in site.log.heads if h.checkpoint.size <= size)
    return Bundle(tuple(site.log.leaves[:size]), heads, envelope)


def _refuse_overlap(site: SiteDirectory, period: Period) -> None:
    for path in kept_envelopes(site):
        other = read_declaration(site, path)[0].period
        if other != period and other.start_ns < period.end_ns and period.start_ns < other.end_ns:
            raise SiteError(
                f"the period {period.label} overlaps {other.label}, which is declared",
                mend="declare each hour once",
            )
