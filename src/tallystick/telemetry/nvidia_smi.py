"""What ``nvidia-smi --query-gpu=timestamp,... --format=csv -l SECONDS`` prints, with units or without.

The source is ``smi:PATH``. The table needs its head (no ``noheader``) and ``timestamp``; ``uuid``, ``index``
or ``pci.bus_id``, or else ``,gpu=NAME`` for a table of one GPU; and ``name``, or else ``,hardware=KEY``.
Read are ``power.draw`` (or its ``.average`` or ``.instant``), ``utilization.gpu`` and ``memory.used``. Other
columns are left out, ``utilization.memory`` too: it is the share of time in which memory was in use at all.

Times have no zone. They are taken as UTC, and a note says so, unless ``,offset=+02:00`` gives the zone of the
machine's clock. ``,host=NAME`` goes before numbers of GPUs, ``,interval=SECONDS`` is the nominal rate.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tallystick.errors import SampleError
from tallystick.records.sample import MISSING
from tallystick.telemetry.columns import MAX_COLUMNS
from tallystick.telemetry.gpu_rows import GPU_CHANNELS, Gpu, GpuRow, gpu_of
from tallystick.telemetry.place import quoted
from tallystick.telemetry.text_lines import TextFile, text_files
from tallystick.telemetry.text_numbers import MissingReadings, reading
from tallystick.telemetry.text_options import (
    hardware_option,
    interval_option,
    name_option,
    offset_option,
    split_spec,
)
from tallystick.telemetry.text_source import TextSource, open_text
from tallystick.units import NS_PER_S, PPM

_OPTIONS = ("hardware", "offset", "interval", "host", "gpu")
#: Channel, unit as the tool prints it, factor to the schema's unit, and columns, the best one first.
_CHANNELS = (
    ("DCGM_FI_DEV_POWER_USAGE", "W", 1000, ("power.draw", "power.draw.average", "power.draw.instant")),
    ("DCGM_FI_DEV_GPU_UTIL", "%", PPM // 100, ("utilization.gpu",)),
    ("DCGM_FI_DEV_FB_USED", "MiB", 2**20, ("memory.used",)),
)
_IDENTITIES = ("uuid", "gpu_uuid", "index", "pci.bus_id", "gpu_bus_id")
_PRODUCTS = ("name", "gpu_name")
_HEAD = re.compile(r"([a-z0-9_.]+)(?: \[([^\]]*)\])?")
_LONGEST_PRODUCT = 128
_TIME = re.compile(r"(\d{4})[/-](\d\d)[/-](\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?", re.ASCII)
_EPOCH = datetime(1970, 1, 1)
_MEND = (
    "record nvidia-smi --query-gpu=timestamp,uuid,name,power.draw,utilization.gpu,memory.used --format=csv"
)


@dataclass(frozen=True, slots=True)
class SmiTable:
    """What the table does not say, each empty where it does: see the module's text."""

    hardware: str = ""
    ahead_ns: int | None = None
    host: str = ""
    gpu: str = ""


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where in a row things stand. ``channels``: channel, unit, factor, position."""

    count: int
    time: int
    identity: int | None
    prefix: str
    product: int | None
    channels: tuple[tuple[str, str, int, int], ...]


def open_smi(spec: str, *, now_ns: int | None = None) -> TextSource:
    """Open ``PATH[,option=...]``. Raises InputError, SampleError where it is wrong."""
    path, options = split_spec(spec, _OPTIONS)
    table = SmiTable(
        hardware_option(options),
        offset_option(options) if "offset" in options else None,
        name_option(options, "host"),
        name_option(options, "gpu"),
    )
    return open_text(text_files(path, (".csv",)), SmiText(table), interval_option(options), now_ns=now_ns)


class SmiText:
    """The table, row by row."""

    source = "nvidia-smi"

    def __init__(self, table: SmiTable) -> None:
        self._table = table
        self._known: dict[tuple[str, str], Gpu] = {}

    def notes(self) -> tuple[str, ...]:
        """That times have no zone, where nobody gave it."""
        if self._table.ahead_ns is not None:
            return ()
        return ("nvidia-smi's times have no zone: taken as UTC (say ,offset=+02:00 if they are not)",)

    def rows(self, file: TextFile, missing: MissingReadings) -> Iterator[GpuRow]:
        """Rows in the order of the table."""
        head, columns = "", None
        for number, text in file.lines():
            if not text or text.isspace() or text == head:
                continue  # started again and appended: the head stands there again
            if columns is None:
                head, columns = text, self._columns(text, file.where(number))
                continue
            cells = [cell.strip() for cell in text.split(",")]
            if len(cells) != columns.count:
                raise SampleError(
                    f"has {len(cells)} values under {columns.count} columns",
                    where=file.where(number),
                    mend="was the file cut or edited? Take the row out",
                )
            yield self._row(cells, columns, number, file.where(number), missing)

    def _row(
        self, cells: list[str], columns: _Columns, number: int, where: str, missing: MissingReadings
    ) -> GpuRow:
        found = dict.fromkeys(GPU_CHANNELS, MISSING)
        for channel, unit, factor, at in columns.channels:
            cell = cells[at].removesuffix(unit).rstrip()
            found[channel] = reading(cell, channel, factor, where, missing)
        time_ns = _time_ns(cells[columns.time], where) - (self._table.ahead_ns or 0)
        return GpuRow(time_ns, self._gpu(cells, columns, where), tuple(found.values()), number)

    def _gpu(self, cells: list[str], columns: _Columns, where: str) -> Gpu:
        identity = "" if columns.identity is None else cells[columns.identity]
        product = "" if columns.product is None else cells[columns.product][:_LONGEST_PRODUCT]
        known = self._known.get((identity, product))
        if known is None:
            if len(self._known) > MAX_COLUMNS * MAX_COLUMNS:
                self._known.clear()
            known = self._known[identity, product] = gpu_of(
                self._table.gpu or columns.prefix + identity, product, self._table.hardware, where
            )
        return known

    def _columns(self, head: str, where: str) -> _Columns:
        """What the head says. SampleError where it is none, or lacks what is needed."""
        matches = [_HEAD.fullmatch(cell.strip()) for cell in head.split(",")]
        at = {match[1]: i for i, match in enumerate(matches) if match is not None}
        if None in matches or "timestamp" not in at or len(at) != len(matches) or len(at) > MAX_COLUMNS:
            raise SampleError(
                f"{quoted(head)} is no head with a 'timestamp' and names that differ", where=where, mend=_MEND
            )
        channels = []
        for channel, unit, factor, names in _CHANNELS:
            name = next((name for name in names if name in at), None)
            if name is None:
                continue
            match = matches[at[name]]
            if match is not None and match[2] not in (None, unit):
                raise SampleError(
                    f"'{name}' is in {quoted(match[2])}, not {unit}", where=where, mend=f"give it in {unit}"
                )
            channels.append((channel, unit, factor, at[name]))
        identity = next((name for name in _IDENTITIES if name in at), None)
        if identity is None and not self._table.gpu:
            raise SampleError(
                "no column says which GPU a row is of",
                where=where,
                mend="query uuid or index too; for a table of one GPU add ,gpu=NAME to the source",
            )
        product = next((at[name] for name in _PRODUCTS if name in at), None)
        host = f"{self._table.host}-" if self._table.host else ""
        prefix = {"uuid": "", "gpu_uuid": "", "index": f"{host}gpu"}.get(identity or "", host)
        where_gpu = None if identity is None else at[identity]
        return _Columns(len(matches), at["timestamp"], where_gpu, prefix, product, tuple(channels))


def _time_ns(text: str, where: str) -> int:
    """``2024/05/10 12:00:00.123`` as ns since 1970, as if it were UTC."""
    match = _TIME.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
        whole = datetime(year, month, day, hour, minute, second)
    except ValueError:
        raise SampleError(
            f"'timestamp' is {quoted(text)}", where=where, mend="it looks like 2024/05/10 12:00:00.123"
        ) from None
    fraction = int((match[7] or "0").ljust(9, "0"))
    return (whole - _EPOCH) // timedelta(seconds=1) * NS_PER_S + fraction
