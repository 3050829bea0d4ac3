"""Opening Parquet files that may be damaged or hostile, and reading them in small batches.

Bounded by constants: columns, rows and bytes of a row group, metadata. A file that lies about its sizes
can still unpack a page of up to 2 GiB, Parquet's own limit.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tallystick.errors import InputError, SampleError
from tallystick.telemetry.columns import INTEGERS, STRINGS, check_columns
from tallystick.telemetry.place import Place, shown_path

BATCH_ROWS = 131_072
MAX_FILES = 100_000
MAX_ROWS = 10_000_000_000
MAX_ROW_GROUP_ROWS = 16_777_216
MAX_ROW_GROUPS = 100_000
#: Unpacked bytes of one row group.
MAX_ROW_GROUP_BYTES = 2**32
MAX_METADATA_BYTES = 2**26
MAX_METADATA_ITEMS = 2**22

_DAMAGED = (pa.ArrowException, OSError, UnicodeDecodeError, ValueError, KeyError, IndexError, OverflowError)


@dataclass(frozen=True)
class SampleFile:
    """One Parquet file whose columns are known to be right. ``channels`` in canonical order."""

    path: Path
    channels: tuple[str, ...]
    rows: int

    @property
    def place(self) -> Place:
        """Its first row."""
        return Place(shown_path(self.path))

    def batches(self, columns: tuple[str, ...]) -> Iterator[tuple[Place, pa.RecordBatch]]:
        """Its rows in order, with the place of each batch. SampleError where the file is damaged."""
        place = self.place
        with _open(self.path, read_dictionary=list(STRINGS)) as file:
            batches = file.iter_batches(batch_size=BATCH_ROWS, columns=list(columns))
            row = 0
            while (batch := _next(batches, Place(place.file, row))) is not None:
                yield Place(place.file, row), batch
                row += batch.num_rows
        if row != self.rows:
            raise _damaged(Place(place.file, row).at(0))


def list_files(path: Path) -> tuple[Path, ...]:
    """The file itself, or all ``*.parquet`` of a folder in name order."""
    if path.is_file():
        return (path,)
    if not path.is_dir():
        raise InputError("no such file or folder", where=shown_path(path), mend="check the path")
    files = sorted(p for p in path.glob("*.parquet") if p.is_file())
    if not files:
        raise InputError("the folder has no *.parquet file", where=shown_path(path), mend="check the path")
    if len(files) > MAX_FILES:
        raise InputError(f"has more than {MAX_FILES} files", where=shown_path(path), mend="split the folder")
    return tuple(files)


def inspect_file(path: Path) -> SampleFile:
    """Check a file's footer and columns. Reads no rows, unless to say where the first bad one is."""
    place = Place(shown_path(path))
    with _open(path) as file:
        try:
            schema, meta = file.schema_arrow, file.metadata
            _check_sizes(meta, place)
            names = list(schema.names)
        except _DAMAGED:
            raise _damaged(place.file) from None
        _check_no_nan(file, schema, names, place)
        return SampleFile(path, check_columns(schema, place), meta.num_rows)


def read_metadata(path: Path, key: bytes) -> bytes | None:
    """The value under ``key`` in the file's own metadata."""
    with _open(path) as file:
        value = (file.schema_arrow.metadata or {}).get(key)
        return None if value is None else bytes(value)


@contextmanager
def _open(path: Path, **options: list[str]) -> Iterator[pq.ParquetFile]:
    try:
        file = pq.ParquetFile(
            path,
            thrift_string_size_limit=MAX_METADATA_BYTES,
            thrift_container_size_limit=MAX_METADATA_ITEMS,
            page_checksum_verification=True,
            **options,
        )
    except FileNotFoundError:
        raise InputError("no such file", where=shown_path(path), mend="check the path") from None
    except PermissionError:
        raise InputError("may not be read", where=shown_path(path), mend="check its permissions") from None
    except _DAMAGED:
        raise _damaged(shown_path(path)) from None
    with file:
        yield file


def _next(batches: Iterator[pa.RecordBatch], place: Place) -> pa.RecordBatch | None:
    try:
        return next(batches, None)
    except _DAMAGED:
        raise _damaged(place.at(0)) from None


def _damaged(where: str) -> SampleError:
    return SampleError(
        "is not a Parquet file, cut short or damaged", where=where, mend="write or copy the file again"
    )


def _check_sizes(meta: pq.FileMetaData, place: Place) -> None:
    if meta.num_rows > MAX_ROWS or meta.num_row_groups > MAX_ROW_GROUPS:
        raise SampleError(
            f"has more than {MAX_ROWS} rows", where=place.file, mend="split it into several files"
        )
    for index in range(meta.num_row_groups):
        # Not asking for a column's own size: pyarrow aborts the process where that is damaged.
        group = meta.row_group(index)
        if not 0 <= group.num_rows <= MAX_ROW_GROUP_ROWS or group.total_byte_size > MAX_ROW_GROUP_BYTES:
            raise SampleError(
                f"row group {index} is too large to read in bounded memory",
                where=place.file,
                mend=f"write row groups of at most {MAX_ROW_GROUP_ROWS} rows",
            )


def _check_no_nan(file: pq.ParquetFile, schema: pa.Schema, names: list[str], place: Place) -> None:
    """Name the first NaN, if a column that ought to be integers holds one."""
    for name in names:
        wanted = name in INTEGERS or name.startswith(("DCGM_", "NODE_", "METER_"))
        if not wanted or names.count(name) != 1 or not pa.types.is_floating(schema.field(name).type):
            continue
        row = 0
        batches = file.iter_batches(batch_size=BATCH_ROWS, columns=[name])
        while (batch := _next(batches, Place(place.file, row))) is not None:
            index = pc.index(pc.is_nan(batch.column(0)), True).as_py()
            if index >= 0:
                raise SampleError(
                    f"'{name}' is NaN",
                    where=place.at(row + index),
                    mend="leave a missing reading empty, and write integers in base units",
                )
            row += batch.num_rows
