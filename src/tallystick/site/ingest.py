"""Take samples from a source, seal each slot in the log as it ends, have each head witnessed."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tallystick.accounting.hardware import hardware
from tallystick.declarations.inventory import Roster
from tallystick.declarations.leaf import REAL, Inventory, SlotSeal
from tallystick.errors import SiteError
from tallystick.evidence.key_file import load_key, save_key
from tallystick.evidence.keys import NOTE, SigningKey
from tallystick.records.sample import MISSING
from tallystick.records.subject import Subject, SubjectKind, Trust
from tallystick.site.days import finish_pending_day
from tallystick.site.declared import finish_interrupted_close
from tallystick.site.directory import SiteDirectory
from tallystick.site.meter_readings import MeterReadings
from tallystick.site.slots import blocks_of, slot_tree
from tallystick.telemetry.slot_file import read_slot, write_parquet
from tallystick.telemetry.source import Source
from tallystick.telemetry.table import SampleTable, slot_of
from tallystick.units import NS_PER_MINUTE, NS_PER_S, SLOT_NS

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Ingested:
    """What one ingest did: slots sealed now, slots that were sealed before, rows, the meter's file."""

    sealed: int
    known: int
    samples: int
    meter: Path | None


def slot_path(site: SiteDirectory, slot_ns: int) -> Path:
    """Where a slot's samples are kept."""
    return site.path / "samples" / f"{slot_ns // NS_PER_S}.parquet"


def ingest(site: SiteDirectory, source: Source, progress: Progress = lambda _: None) -> Ingested:
    """Ingest ``source``. Slots that are sealed already must hold the same samples, and are passed over.

    Raises SampleError or SiteError; what was sealed before stays.
    """
    finish_pending_day(site)
    finish_interrupted_close(site)
    if site.log.sealed:  # a close may have been killed between its last leaf and its head
        site.log.seal(site.now_s(max(site.log.sealed) + SLOT_NS))
    meter_names = {s.name for s in source.inventory() if s.trust is Trust.SEALED}
    meter_key = _register(site, source.inventory(), source.plays_meter)
    site.add_jobs("jobs.json", source.jobs())
    site.add_jobs("truth.json", source.truth())
    site.add_known(source.known_flop(), source.notes)
    sealed = known = samples = 0
    readings = MeterReadings(site)
    for table in source.slots():
        slot_ns = slot_of(table)
        meters, operator = _split(table, meter_names)
        if len(meters):
            readings.add(meters, slot_ns)
        if seal(site, slot_ns, operator):
            sealed += 1
        else:
            known += 1
        samples += len(operator)
        progress(len(operator))
    site.add_known({}, source.notes)
    return Ingested(sealed, known, samples, readings.write(meter_key))


def seal(site: SiteDirectory, slot_ns: int, table: SampleTable) -> bool:
    """Keep a slot's samples and put their root into the log; False where the same are there already."""
    slots = site.log.sealed
    if slot_ns in slots:
        if not _same(read_slot(slot_path(site, slot_ns)), table):
            raise SiteError(
                f"the slot at {slot_ns} ns is sealed with other samples",
                mend="samples cannot be changed or added once their slot is sealed",
            )
        return False
    if slots and slot_ns < max(slots):
        raise SiteError(
            f"samples at {slot_ns} ns come after a later slot was sealed",
            mend="ingest in the order of time, all sources of a span in one call",
        )
    if site.config.clock == REAL and slot_ns + SLOT_NS > time.time_ns() + NS_PER_MINUTE:
        raise SiteError(
            f"the slot at {slot_ns} ns has not ended",
            mend="ingest it after its quarter of an hour is over: what is sealed cannot be added to",
        )
    roster = site.roster
    blocks = blocks_of(table, roster.rows, slot_ns)
    tree = slot_tree(site.secret, site.config.origin, slot_ns, roster, blocks)
    write_parquet(slot_path(site, slot_ns), table)
    site.log.append([SlotSeal(slot_ns, tree.root())])
    site.log.seal(site.now_s(slot_ns + SLOT_NS))
    return True


def _same(kept: SampleTable, table: SampleTable) -> bool:
    subjects = tuple(s for s in table.subjects)
    return _plain(kept, subjects) == _plain(table, subjects)


def _plain(table: SampleTable, subjects: tuple[Subject, ...]) -> list[bytes]:
    extra = [s for s in table.subjects if s.name not in {x.name for x in subjects}]
    slot_ns = slot_of(table) if len(table) else 0
    return blocks_of(table, (*subjects, *extra), slot_ns)


def _register(site: SiteDirectory, inventory: tuple[Subject, ...], plays_meter: bool) -> SigningKey | None:
    """Put new subjects into the log; return the key of the replayed sealed meter, if there is one."""
    roster = site.roster
    known = {s.name: s for s in roster.subjects}
    changed = [s.name for s in inventory if s.name in known and not _continues(known[s.name], s)]
    if changed:
        raise SiteError(
            f"{changed[0]} is in the inventory with other properties",
            mend="give it another name, or ingest it as it was registered",
        )
    fresh = tuple(s for s in (_new_stay(s, roster) for s in inventory) if s is not None)
    has_meter = any(s.trust is Trust.SEALED for s in inventory)
    key = _meter_key(site) if plays_meter and has_meter else None
    if fresh:
        Roster.of([*(batch.subjects for batch in site.log.inventories), fresh])
        for subject in fresh:
            if subject.kind is not SubjectKind.METER:
                hardware(subject.hardware)
        site.log.append([Inventory(fresh, key.verifier if key else None)])
    return key


def _new_stay(subject: Subject, roster: Roster) -> Subject | None:
    """What of a subject's stay the log does not hold yet; None where it holds all of it."""
    last = roster.stays[subject.name][-1][1] if subject.name in roster.stays else -1
    if last == 0 or 0 < subject.left_ns <= last:
        return None
    return replace(subject, joined_ns=max(subject.joined_ns, last))


def _continues(known: Subject, again: Subject) -> bool:
    return replace(known, joined_ns=0, left_ns=0) == replace(again, joined_ns=0, left_ns=0)


def _meter_key(site: SiteDirectory) -> SigningKey:
    """The key of the meter that a simulation or a recording stands for.

    A real sealed meter keeps its key to itself. Here the device is replayed, so its key lies beside it.
    """
    path = site.path / "meter/device.key"
    name = f"meter.{site.config.origin}"
    if not path.exists():
        save_key(SigningKey.generate(name, NOTE), path)
    return load_key(path, name, NOTE)


def _split(table: SampleTable, sealed: set[str]) -> tuple[SampleTable, SampleTable]:
    is_sealed = np.array([s.name in sealed for s in table.subjects], np.bool_)
    return _subset(table, is_sealed), _subset(table, ~is_sealed)


def _subset(table: SampleTable, keep: npt.NDArray[np.bool_]) -> SampleTable:
    if keep.all():
        return table
    rows = keep[table.subject]
    renumber = np.cumsum(keep) - 1
    columns = {name: column[rows] for name, column in table.channels.items()}
    return SampleTable(
        tuple(s for s, k in zip(table.subjects, keep, strict=True) if k),
        renumber[table.subject[rows]].astype(np.int64),
        table.time_ns[rows],
        table.quality[rows],
        {name: column for name, column in columns.items() if (column != MISSING).any()},
    )
