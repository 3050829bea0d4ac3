"""One sample table written to, and read from, one Parquet file: exact, atomic, the same bytes each time."""

import io
import json
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tallystick.errors import SampleError
from tallystick.records.sample import CHANNELS, MISSING
from tallystick.records.subject import Subject
from tallystick.telemetry.check import check_quality, check_readings, kind_codes
from tallystick.telemetry.columns import STRINGS
from tallystick.telemetry.decode import integer_column
from tallystick.telemetry.inventory import (
    SUBJECT_FIELDS,
    InventoryScan,
    ListedInventory,
    build_subject,
    text_of,
)
from tallystick.telemetry.parquet_file import SampleFile, inspect_file, read_metadata
from tallystick.telemetry.place import shown_path
from tallystick.telemetry.rows import SubjectNumbers, read_piece
from tallystick.telemetry.slot_buffer import assemble, rising
from tallystick.telemetry.table import Int64, SampleTable
from tallystick.units import SLOT_NS
from tallystick.whole_file import write_whole

#: The inventory of the table, subjects without rows included, stands in the file's own metadata.
INVENTORY_KEY = b"tallystick.subjects"
ROW_GROUP_ROWS = 1_048_576

#: What rows and inventory both say of a subject.
_DESCRIBED = ("kind", "hardware", "covers", "source", "trust", "interval_ns")


def write_parquet(path: Path, table: SampleTable) -> None:
    """Write a table so that ``read_slot`` gives it back, and ``open_parquet`` reads it as a source.

    The file appears whole or not at all. Its bytes depend on the table and on the version of pyarrow
    alone. Raises SampleError where the table is not sorted by (subject, time), has a pair twice or an
    unknown channel.
    """
    _check_table(table, shown_path(path))
    arrow = _to_arrow(table)
    sink = io.BytesIO()
    pq.write_table(
        arrow,
        sink,
        row_group_size=ROW_GROUP_ROWS,
        compression="zstd",
        use_dictionary=list(STRINGS),
        write_page_checksum=True,
    )
    write_whole(path, sink.getvalue())


def read_slot(path: Path) -> SampleTable:
    """Read back exactly the table that ``write_parquet`` wrote. Raises SampleError where it cannot be."""
    file = inspect_file(path)
    subjects = _read_inventory(file)
    numbering, listed = SubjectNumbers(subjects), ListedInventory(subjects)
    kinds = kind_codes(subjects)
    pieces, as_listed = [], True
    for place, batch in file.batches((*InventoryScan.columns, "quality", *file.channels)):
        piece = read_piece(batch, numbering, file.channels, place)
        as_listed = as_listed and listed.agrees(batch, piece.subject, place)
        check_quality(piece.quality, place)
        row_kinds = kinds[piece.subject]
        for name, values in piece.channels.items():
            check_readings(name, values, row_kinds, place)
        pieces.append(piece)
    if not as_listed:
        _check_inventory(subjects, _scan(file), file)
    return assemble(subjects, file.channels, pieces)


def _scan(file: SampleFile) -> tuple[Subject, ...]:
    """The subjects as the rows describe them."""
    scan = InventoryScan()
    for place, batch in file.batches(InventoryScan.columns):
        scan.add(batch, integer_column(batch.column("time_ns"), "time_ns", place, nullable=False), place)
    return scan.subjects()


def _check_table(table: SampleTable, where: str) -> None:
    for index, subject in enumerate(table.subjects):
        texts = {name: text_of(subject, name).encode() for name in STRINGS}
        build_subject(texts, subject.interval_ns, f"{where}, subject {index}")
    unknown = sorted(set(table.channels) - set(CHANNELS))
    if unknown:
        raise SampleError(f"channel '{unknown[0]}' is not known", where=where, mend="see records/sample.py")
    in_order = rising(table.subject, table.time_ns)
    if not in_order.all():
        raise SampleError(
            "rows are not sorted by subject and time, or repeat",
            where=f"{where}, row {int(in_order.argmin()) + 1} of the table",
            mend="sort the table and drop repeats",
        )


def _to_arrow(table: SampleTable) -> pa.Table:
    """Rows sorted by (slot, subject, time), so that the file can be streamed."""
    order = np.argsort(table.time_ns // SLOT_NS, kind="stable")
    subject = table.subject[order]
    texts = {name: [text_of(s, name) for s in table.subjects] for name in STRINGS}
    columns: dict[str, pa.Array] = {"time_ns": pa.array(table.time_ns[order])}
    for name in STRINGS:
        columns[name] = _strings(texts[name], subject)
    intervals = np.array([s.interval_ns for s in table.subjects], dtype=np.int64)
    columns["interval_ns"] = pa.array(intervals[subject])
    columns["quality"] = pa.array(table.quality[order])
    for name in CHANNELS:
        if name in table.channels:
            values = table.channels[name][order]
            columns[name] = pa.array(values, mask=values == MISSING)
    inventory = json.dumps([asdict(s) for s in table.subjects], separators=(",", ":"), sort_keys=True)
    return pa.table(columns).replace_schema_metadata({INVENTORY_KEY: inventory.encode("ascii")})


def _strings(values: list[str], index: Int64) -> pa.Array:
    distinct = sorted(set(values))
    position = {value: i for i, value in enumerate(distinct)}
    codes = np.array([position[value] for value in values], dtype=np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(codes[index], pa.int32()), pa.array(distinct, pa.string()))


def _read_inventory(file: SampleFile) -> tuple[Subject, ...]:
    try:
        return _parse_inventory(read_metadata(file.path, INVENTORY_KEY) or b"")
    except SampleError as error:
        raise SampleError(error.problem, where=file.place.file, mend=error.mend) from None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise SampleError(
            f"has no readable inventory under '{INVENTORY_KEY.decode()}'",
            where=file.place.file,
            mend="read it with open_parquet, or write it again with write_parquet",
        ) from None


@lru_cache(maxsize=4)
def _parse_inventory(raw: bytes) -> tuple[Subject, ...]:
    """Cached, since all slots of a site repeat the same inventory."""
    subjects = tuple(_from_json(record) for record in json.loads(raw.decode("ascii")))
    if len({s.name for s in subjects}) != len(subjects):
        raise ValueError("a name occurs twice")
    return subjects


def _from_json(record: dict[str, Any]) -> Subject:
    texts = {name: record[SUBJECT_FIELDS[name]] for name in STRINGS}
    texts["covers"] = ",".join(texts["covers"])
    span = record["interval_ns"], record["joined_ns"], record["left_ns"]
    if not all(type(v) is int and 0 <= v < 2**63 for v in span):
        raise ValueError("a time is not a 64-bit integer")
    subject = build_subject({n: text.encode("ascii") for n, text in texts.items()}, span[0], "")
    return replace(subject, joined_ns=span[1], left_ns=span[2])


def _check_inventory(inventory: tuple[Subject, ...], seen: tuple[Subject, ...], file: SampleFile) -> None:
    """Rows and inventory must describe the same subjects."""
    by_name = {s.name: s for s in inventory}
    for row in seen:
        listed = by_name.get(row.name)
        if any(getattr(row, f) != getattr(listed, f, None) for f in _DESCRIBED):
            raise SampleError(
                f"subject '{row.name}' differs between rows and inventory",
                where=file.place.file,
                mend="write the file again",
            )
