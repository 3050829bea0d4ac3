"""What ``dcgmi dmon -e FIELDS -d MILLISECONDS`` prints: a table without times.

The source is ``dmon:PATH,start=INSTANT,interval=SECONDS,hardware=KEY``, since the table holds none of the
three. ``start`` is when the first line was printed (Unix seconds, or a date and time with its zone) and
``interval`` is what stood after ``-d``: times are counted, not read, so they drift by what each round took.
The driver's name of the product will do for ``hardware``: ``name=NVIDIA H100 80GB HBM3``.
``,fields=155:203:1201`` names the columns by DCGM's field numbers, as after ``-e``, whatever the table's
head calls them; ``,host=NAME`` goes before the GPUs' numbers.

A new round begins where a GPU stands no later in the order of GPUs than the one before it. Rows of MIG
instances and of anything but GPUs are left out; so are columns that are no channel.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tallystick.errors import InputError, SampleError
from tallystick.records.sample import MISSING
from tallystick.telemetry.columns import MAX_COLUMNS
from tallystick.telemetry.decode import MAX_SUBJECTS
from tallystick.telemetry.gpu_products import hardware_of
from tallystick.telemetry.gpu_rows import GPU_CHANNELS, Gpu, GpuRow, gpu_of
from tallystick.telemetry.place import quoted
from tallystick.telemetry.text_lines import TextFile, text_files
from tallystick.telemetry.text_numbers import MissingReadings, reading
from tallystick.telemetry.text_options import (
    hardware_option,
    interval_option,
    name_option,
    split_spec,
    start_option,
)
from tallystick.telemetry.text_source import TextSource, open_text
from tallystick.units import PPM

#: Channel, and factor to the schema's unit, by DCGM's field number (``dcgm_fields.h``).
_FIELDS = {
    "155": ("DCGM_FI_DEV_POWER_USAGE", 1000),
    "203": ("DCGM_FI_DEV_GPU_UTIL", PPM // 100),
    "252": ("DCGM_FI_DEV_FB_USED", 2**20),
    "1002": ("DCGM_FI_PROF_SM_ACTIVE", PPM),
    "1004": ("DCGM_FI_PROF_PIPE_TENSOR_ACTIVE", PPM),
    "1005": ("DCGM_FI_PROF_DRAM_ACTIVE", PPM),
    "1201": ("DCGM_FI_DEV_NVLINK_COUNT_TX_BYTES", 1),
    "1203": ("DCGM_FI_DEV_NVLINK_COUNT_RX_BYTES", 1),
}
#: Field numbers by the short names that stand in the table's head.
_TAGS = {
    "POWER": "155",
    "GPUTL": "203",
    "FBUSD": "252",
    "SMACT": "1002",
    "TENSO": "1004",
    "DRAMA": "1005",
}
_OPTIONS = ("start", "interval", "hardware", "name", "fields", "host")
_HEAD = re.compile(r"\s*#\s*Entity\b(.*)")
_UNITS = re.compile(r"\s*#?\s*I[Dd]\b.*")
_GPU = re.compile(r"\s*(?:GPU\s+)?([0-9]{1,6})\s+(.*)")
_OTHER = re.compile(r"\s*[A-Za-z][A-Za-z_-]*\s+[0-9/]+\s+.*")


@dataclass(frozen=True, slots=True)
class DmonTable:
    """What the table does not say. ``fields`` are numbers of its columns, empty where its head says."""

    start_ns: int
    interval_ns: int
    hardware: str
    product: str = ""
    fields: tuple[str, ...] = ()
    host: str = ""


def open_dmon(spec: str, *, now_ns: int | None = None) -> TextSource:
    """Open ``PATH,start=...,interval=...,hardware=...``. Raises InputError, SampleError where it is wrong."""
    path, options = split_spec(spec, _OPTIONS)
    product = options.get("name", "")
    lacking = [key for key in _OPTIONS[:3] if key not in options and not (key == "hardware" and product)]
    if lacking:
        raise InputError(
            f"the table of dcgmi dmon does not hold {' and '.join(lacking)}",
            mend="give dmon:PATH,start=2024-05-10T12:00:00Z,interval=1,hardware=h100-sxm",
        )
    fields = tuple(options["fields"].split(":")) if "fields" in options else ()
    if not all(field.isascii() and field.isdigit() for field in fields) or len(fields) > MAX_COLUMNS:
        raise InputError("fields= is not field numbers", mend="give fields=155:203:1002, as after -e")
    table = DmonTable(
        start_option(options),
        interval_option(options),
        hardware_option(options) or hardware_of(product),
        product,
        fields,
        name_option(options, "host"),
    )
    files = text_files(path, (".txt", ".log"))
    if len(files) > 1:
        raise InputError(
            "is a folder", where=str(path), mend="give each table as a source, with its own start"
        )
    return open_text(files, DmonText(table), table.interval_ns, now_ns=now_ns)


class DmonText:
    """The table, row by row."""

    source = "dcgmi-dmon"

    def __init__(self, table: DmonTable) -> None:
        self._table = table
        self._unread: tuple[str, ...] = ()
        self._others = 0

    def notes(self) -> tuple[str, ...]:
        """That times were counted, and what was left out."""
        notes = ["times were counted from start and interval: dcgmi dmon prints none"]
        if self._unread:
            notes.append(f"columns that are no channel were left out: {', '.join(self._unread)}")
        if self._others:
            notes.append(f"{self._others} rows of MIG instances or of no GPU were left out")
        return tuple(notes)

    def rows(self, file: TextFile, missing: MissingReadings) -> Iterator[GpuRow]:
        """Rows in the order of the table."""
        columns: tuple[tuple[str, int] | None, ...] | None = None
        gpus: dict[str, tuple[int, Gpu]] = {}
        last, turn = -1, 0
        self._others = 0
        for number, text in file.lines():
            where = file.where(number)
            head = _HEAD.fullmatch(text)
            if head is not None:
                columns = self._columns(head[1].split(), columns, where)
                continue
            row = _GPU.fullmatch(text)
            if row is None:
                self._others += _left_out(text, where)
                continue
            if columns is None:
                raise SampleError(
                    "stands before any head '#Entity ...'",
                    where=where,
                    mend="give the table as it was printed",
                )
            order, gpu = self._gpu(row[1], gpus, where)
            turn += last >= order
            last = order
            values = _values(row[2].split(), columns, where, missing)
            yield GpuRow(self._table.start_ns + turn * self._table.interval_ns, gpu, values, number)

    def _columns(
        self, names: list[str], before: tuple[tuple[str, int] | None, ...] | None, where: str
    ) -> tuple[tuple[str, int] | None, ...]:
        """Channel and factor of each column, None where it is no channel."""
        given = self._table.fields
        if given and len(given) != len(names):
            raise SampleError(
                f"the table has {len(names)} columns, fields= names {len(given)}",
                where=where,
                mend="give all the numbers that stood after -e, in their order",
            )
        fields = given or tuple(_TAGS.get(name, name) for name in names)
        columns = tuple(_FIELDS.get(field) for field in fields)
        if len(names) > MAX_COLUMNS or (before is not None and columns != before):
            raise SampleError(
                "the table's head changes or is too wide", where=where, mend="give each table as a source"
            )
        read = [column for column in columns if column is not None]
        if not read or len(set(read)) != len(read):
            raise SampleError(
                "no column is a channel, or two are the same",
                where=where,
                mend=f"record dcgmi dmon -e {','.join(_FIELDS)}, or name the columns by fields=",
            )
        self._unread = tuple(
            quoted(name) for name, column in zip(names, columns, strict=True) if column is None
        )
        return columns

    def _gpu(self, index: str, gpus: dict[str, tuple[int, Gpu]], where: str) -> tuple[int, Gpu]:
        """The GPU, and its place in the order of GPUs."""
        if index not in gpus:
            if len(gpus) >= MAX_SUBJECTS:
                raise SampleError("names too many GPUs", where=where, mend="split the table")
            name = f"{self._table.host}-gpu{index}" if self._table.host else f"gpu{index}"
            gpus[index] = (len(gpus), gpu_of(name, self._table.product, self._table.hardware, where))
        return gpus[index]


def _left_out(text: str, where: str) -> bool:
    """Whether the line is a row of something else. SampleError where it is no line of the table."""
    if not text or text.isspace() or _UNITS.fullmatch(text):
        return False
    if _OTHER.fullmatch(text):
        return True
    raise SampleError(
        f"{quoted(text)} is no row of dcgmi dmon", where=where, mend="give the table as it was printed"
    )


def _values(
    cells: list[str], columns: tuple[tuple[str, int] | None, ...], where: str, missing: MissingReadings
) -> tuple[int, ...]:
    if len(cells) != len(columns):
        raise SampleError(
            f"has {len(cells)} readings under {len(columns)} columns",
            where=where,
            mend="was the file cut or edited? Take the row out",
        )
    found = dict.fromkeys(GPU_CHANNELS, MISSING)
    for cell, column in zip(cells, columns, strict=True):
        if column is not None:
            channel, factor = column
            found[channel] = reading(cell, channel, factor, where, missing)
    return tuple(found.values())
