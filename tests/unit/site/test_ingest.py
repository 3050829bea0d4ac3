from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import SPEC, Pair

from tallystick.declarations.bundle import read_bundle
from tallystick.errors import InputError, SiteError
from tallystick.inspection.meter import read_meter
from tallystick.inspection.verify import verify
from tallystick.records.subject import Trust
from tallystick.simulation.source import open_simulation
from tallystick.site.close import close
from tallystick.site.directory import SiteDirectory
from tallystick.site.ingest import ingest, seal, slot_path
from tallystick.telemetry.merge import merged
from tallystick.telemetry.parquet import open_parquet
from tallystick.telemetry.slot_file import read_slot, write_parquet


def test_ingesting_the_same_source_again_changes_nothing(ingested: Pair) -> None:
    before = len(ingested.site.log.leaves), len(ingested.site.log.heads)
    done = ingest(ingested.site, open_simulation(SPEC))
    assert (done.sealed, done.known) == (0, 8)
    assert (len(ingested.site.log.leaves), len(ingested.site.log.heads)) == before


def test_each_slot_has_its_own_head_at_its_end(ingested: Pair) -> None:
    assert len(ingested.site.log.sealed) == 8
    assert len(ingested.site.log.heads) == 8


def test_a_sealed_slot_cannot_be_changed(ingested: Pair) -> None:
    slot_ns = min(ingested.site.log.sealed)
    table = read_slot(slot_path(ingested.site, slot_ns))
    power = table.channels["DCGM_FI_DEV_POWER_USAGE"].copy()
    power[np.argmax(power > 0)] += 1
    changed = replace(table, channels={**table.channels, "DCGM_FI_DEV_POWER_USAGE": power})
    with pytest.raises(SiteError, match="sealed with other samples"):
        seal(ingested.site, slot_ns, changed)
    assert not seal(ingested.site, slot_ns, table)


def test_an_earlier_slot_comes_too_late(ingested: Pair) -> None:
    table = read_slot(slot_path(ingested.site, min(ingested.site.log.sealed)))
    earlier = replace(table, time_ns=table.time_ns - 900 * 10**9)
    with pytest.raises(SiteError, match="after a later slot was sealed"):
        seal(ingested.site, min(ingested.site.log.sealed) - 900 * 10**9, earlier)


def test_a_subject_cannot_change_its_hardware(ingested: Pair, tmp_path: Path) -> None:
    class Renamed:
        def __init__(self) -> None:
            self._real = open_simulation(SPEC)

        def inventory(self):
            subjects = self._real.inventory()
            return tuple(replace(s, interval_ns=s.interval_ns * 2) for s in subjects)

        def __getattr__(self, name: str):
            return getattr(self._real, name)

    with pytest.raises(SiteError, match="with other properties"):
        ingest(ingested.site, Renamed())


def test_sealed_readings_never_reach_the_operators_samples(ingested: Pair) -> None:
    table = read_slot(slot_path(ingested.site, min(ingested.site.log.sealed)))
    assert all(s.trust is Trust.OPERATOR for s in table.subjects)
    meter = read_meter(ingested.site.path / "meter/site.meter")
    assert meter.subjects() == {"meter-site"}
    assert meter.signer is not None


def test_two_sources_may_not_observe_one_subject() -> None:
    with pytest.raises(InputError, match="same subject"):
        merged([open_simulation(SPEC), open_simulation(SPEC)])


def test_a_missing_witness_is_named(tmp_path: Path) -> None:
    site = SiteDirectory.create(tmp_path / "a", "A", tmp_path / "nobody")
    with pytest.raises(SiteError, match="no site here"):
        ingest(site, open_simulation(SPEC))


def test_a_second_site_in_one_place_is_refused(ingested: Pair) -> None:
    with pytest.raises(SiteError, match="a site already"):
        SiteDirectory.create(ingested.site.path, "Again", None)


def test_secrets_are_readable_by_their_owner_alone(ingested: Pair) -> None:
    for name in ("site.key", "witness.key", "secret"):
        assert (ingested.site.path / "private" / name).stat().st_mode & 0o077 == 0


def test_sealed_rows_of_a_plain_table_get_no_signature(ingested: Pair, tmp_path: Path) -> None:
    folder = tmp_path / "table"
    folder.mkdir()
    for number, table in enumerate(open_simulation(SPEC).slots()):
        write_parquet(folder / f"{number:03d}.parquet", table)
    site = SiteDirectory.create(tmp_path / "plain", "Plain", None)
    ingest(site, open_parquet(folder))
    assert read_meter(site.path / "meter/plain.meter").signer is None
    assert all(batch.meter_key is None for batch in site.log.inventories)
    replayed = read_meter(ingested.site.path / "meter/site.meter")
    unsigned = read_meter(site.path / "meter/plain.meter")
    assert unsigned.blocks == replayed.blocks


def test_a_site_that_reports_day_after_day(tmp_path: Path) -> None:
    """The same subjects in two tables, an hour each with a pause between, and two periods that verify."""
    site = SiteDirectory.create(tmp_path / "site", "Site", None)
    tables = list(open_simulation(SPEC).slots())
    for number, part in enumerate((tables[:3], tables[5:])):
        folder = tmp_path / f"part-{number}"
        folder.mkdir()
        for index, table in enumerate(part):
            write_parquet(folder / f"{index:03d}.parquet", table)
        ingest(site, open_parquet(folder))
    closed = close(site, "all")
    report = verify(read_bundle(closed.bundle)).report
    assert report.ok, [c for c in report.checks if c.ok is False]
    assert len(site.log.inventories) == 2
    assert len(site.log.sealed) == 6
    assert closed.declaration.observed_ms <= closed.declaration.inventory_ms
