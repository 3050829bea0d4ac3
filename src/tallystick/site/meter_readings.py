"""The meter's file as it grows: each slot of each meter once, never with other readings."""

from pathlib import Path

from tallystick.errors import FormatError, SiteError
from tallystick.evidence import canonical
from tallystick.evidence.block import MAGIC
from tallystick.evidence.keys import SigningKey
from tallystick.inspection.meter import encode_meter, meter_blocks
from tallystick.site.directory import SiteDirectory
from tallystick.site.slots import blocks_of
from tallystick.telemetry.table import SampleTable
from tallystick.whole_file import write_whole

_Place = tuple[str, int]


class MeterReadings:
    """What the site's meter file holds, and what one ingest adds to it.

    Raises FormatError where the file holds a meter's slot twice, or no blocks.
    """

    def __init__(self, site: SiteDirectory) -> None:
        self._path = site.path / "meter" / f"{site.config.name.lower()}.meter"
        self._blocks: dict[_Place, bytes] = {}
        self._any = False
        self._kept = 0
        for block in meter_blocks(self._path) if self._path.exists() else ():
            place = _place(block, str(self._path))
            if place in self._blocks:
                raise FormatError(
                    f"holds the meter {place[0]} twice for the slot at {place[1]} ns",
                    where=str(self._path),
                    mend="restore it from a backup",
                )
            self._blocks[place] = block
        self._kept = len(self._blocks)

    def add(self, meters: SampleTable, slot_ns: int) -> None:
        """Take the readings of one slot. Raises SiteError where others are kept for it."""
        for subject, block in zip(meters.subjects, blocks_of(meters, meters.subjects, slot_ns), strict=True):
            if self._blocks.setdefault((subject.name, slot_ns), block) != block:
                raise SiteError(
                    f"the meter {subject.name} has other readings for the slot at {slot_ns} ns",
                    where=str(self._path),
                    mend="ingest the readings that are kept: a meter reads each slot once",
                )
            self._any = True

    def write(self, key: SigningKey | None) -> Path | None:
        """Write the file, which goes to both sides; None where this ingest had no readings.

        A file that holds all readings already stays as it is: it is signed once.
        """
        if not self._any:
            return None
        if self._kept == len(self._blocks):
            return self._path
        write_whole(self._path, encode_meter(self._blocks.values(), key))
        return self._path


def _place(block: bytes, where: str) -> _Place:
    """Meter and slot from a block's header alone; columns are checked by whoever reads the file."""
    header = canonical.decode(block.removeprefix(MAGIC).partition(b"\n")[0], where)
    try:
        return str(header["subject"]), int(header["slot_ns"])
    except (KeyError, TypeError, ValueError) as error:
        raise FormatError("holds something else than blocks", where=where, mend="restore it") from error
