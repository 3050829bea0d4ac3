"""The meter's file holds each slot of each meter once, whatever is ingested again."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.conftest import SPEC, Pair

from tallystick.errors import FormatError, SiteError
from tallystick.inspection.meter import encode_meter, meter_blocks, read_meter
from tallystick.records.sample import MISSING
from tallystick.records.subject import Trust
from tallystick.simulation.source import open_simulation
from tallystick.site.ingest import ingest
from tallystick.telemetry.table import SampleTable


class OtherReadings:
    """The same site, whose sealed meter reads one unit more in its last slot."""

    def __init__(self) -> None:
        self._real = open_simulation(SPEC)

    def slots(self) -> Iterator[SampleTable]:
        *most, last = self._real.slots()
        yield from most
        meter = next(i for i, s in enumerate(last.subjects) if s.trust is Trust.SEALED)
        channels = {
            name: column + ((last.subject == meter) & (column != MISSING))
            for name, column in last.channels.items()
        }
        yield replace(last, channels=channels)

    def __getattr__(self, name: str):
        return getattr(self._real, name)


def test_other_readings_of_a_known_slot_are_refused(ingested: Pair) -> None:
    path = ingested.site.path / "meter/site.meter"
    before, size = path.read_bytes(), len(ingested.site.log.leaves)
    with pytest.raises(SiteError, match=rf"meter-site .* {max(ingested.site.log.sealed)} ns"):
        ingest(ingested.site, OtherReadings())
    assert path.read_bytes() == before
    assert len(ingested.site.log.leaves) == size
    assert len(read_meter(path).blocks) == 8


def test_the_same_readings_again_are_kept_once(ingested: Pair) -> None:
    path = ingested.site.path / "meter/site.meter"
    before = path.read_bytes()
    assert ingest(ingested.site, open_simulation(SPEC)).meter == path
    assert path.read_bytes() == before


@pytest.mark.parametrize("extra", [None, b"rubbish", b"tallystick-samples/1\n[]\n"])
def test_a_damaged_meter_file_is_named(ingested: Pair, extra: bytes | None) -> None:
    path = ingested.site.path / "meter/site.meter"
    kept = meter_blocks(path)
    path.write_bytes(encode_meter([*kept, kept[0] if extra is None else extra], None))
    with pytest.raises(FormatError, match=r"site\.meter"):
        ingest(ingested.site, open_simulation(SPEC))
