"""A meter's readings as a plain sample table: unsigned, so only the operator's word."""

from pathlib import Path

from tallystick.errors import InputError
from tallystick.evidence.block import decode_block
from tallystick.inspection.meter import MeterFile
from tallystick.records.subject import SubjectKind
from tallystick.site.slots import blocks_of
from tallystick.telemetry.parquet import open_parquet
from tallystick.telemetry.table import slot_of


def unsigned_meter(path: Path) -> MeterFile:
    """The meters in a Parquet sample table. Raises InputError where it holds none."""
    source = open_parquet(path)
    meters = [s for s in source.inventory() if s.kind is SubjectKind.METER]
    if not meters:
        raise InputError("no meter in this table", where=str(path), mend="give the readings of a meter")
    blocks = [
        decode_block(block, str(path))
        for table in source.slots()
        for block in blocks_of(table, meters, slot_of(table))
    ]
    return MeterFile(tuple(blocks), None)
