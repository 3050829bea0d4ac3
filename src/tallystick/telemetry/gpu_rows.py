"""Rows of readings as GPU tools write them, in the order of time for each GPU."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tallystick.accounting.hardware import hardware
from tallystick.errors import InputError, SampleError
from tallystick.records.sample import CHANNELS, MISSING
from tallystick.records.subject import SubjectKind
from tallystick.telemetry.decode import MAX_SUBJECTS
from tallystick.telemetry.gpu_products import hardware_of, known_hardware
from tallystick.telemetry.inventory import NAME
from tallystick.telemetry.place import quoted
from tallystick.telemetry.text_lines import TextFile
from tallystick.units import NS_PER_S

#: Channels of an accelerator, in canonical order: the columns of a row.
GPU_CHANNELS = tuple(name for name, c in CHANNELS.items() if c.subject is SubjectKind.ACCELERATOR)
#: Names of unknown products that are told.
MAX_STRANGERS = 8
NO_READINGS = (MISSING,) * len(GPU_CHANNELS)


class Gpu(NamedTuple):
    """One GPU: its subject's name, and its key in the hardware table.

    ``stranger`` is what the file calls a GPU that only the source's ``hardware=`` gives a key, else empty.
    """

    name: str
    hardware: str
    stranger: str = ""


class GpuRow(NamedTuple):
    """Readings of one GPU at one instant: ``values`` in the order of ``GPU_CHANNELS``, or ``MISSING``."""

    time_ns: int
    gpu: Gpu
    values: tuple[int, ...]
    line: int


def gpu_of(name: str, product: str, key: str, where: str) -> Gpu:
    """The GPU called ``name``, whose hardware is ``key`` or, where that is empty, ``product``'s.

    Raises SampleError, placed at ``where``, where the name is none, the hardware is not known, or
    ``product`` is known to be other hardware than ``key``.
    """
    if not NAME.fullmatch(name.encode("utf-8", "replace")):
        raise SampleError(
            f"the GPU's name {quoted(name)} is no name of a subject",
            where=where,
            mend="use 1 to 64 of the characters A-Z a-z 0-9 . _ : -",
        )
    if not key and not product:
        raise SampleError(
            "nothing says what product the GPU is",
            where=where,
            mend="add ,hardware=KEY to the source, such as ,hardware=h100-sxm (accounting/hardware.json)",
        )
    said = known_hardware(product)
    if key and said and said != key:
        raise SampleError(
            f"the file calls the GPU {quoted(product)}, which is {said} and not {key}",
            where=where,
            mend="leave out ,hardware=KEY, or split the file by product",
        )
    try:
        found = hardware(key).key if key else hardware_of(product)
    except InputError as error:
        raise SampleError(
            error.problem, where=where, mend=f"{error.mend}; or add ,hardware=KEY to the source"
        ) from None
    return Gpu(name, found, "" if said or not product else quoted(product))


class TimeOrder:
    """Lets rows through whose times rise for each GPU.

    ``repeated`` counts rows that came twice, left out; ``strangers`` holds what GPUs are called that only
    the source's ``hardware=`` knows, and what it takes them for, up to ``MAX_STRANGERS``.
    """

    def __init__(self) -> None:
        self.repeated = 0
        self.strangers: dict[str, str] = {}
        self._last: dict[str, GpuRow] = {}

    def rows(self, rows: Iterable[GpuRow], file: TextFile) -> Iterator[GpuRow]:
        """Rows with readings. SampleError where a clock goes back or a GPU changes its hardware."""
        for row in rows:
            if row.values == NO_READINGS:
                continue
            _check_time(row, file)
            last = self._last.get(row.gpu.name)
            if last is None and len(self._last) >= MAX_SUBJECTS:
                raise SampleError(
                    f"names more than {MAX_SUBJECTS} GPUs", where=file.where(row.line), mend="split the site"
                )
            if last is not None and not self._follows(last, row, file):
                continue
            if row.gpu.stranger and len(self.strangers) < MAX_STRANGERS:
                self.strangers[row.gpu.stranger] = row.gpu.hardware
            self._last[row.gpu.name] = row
            yield row

    def _follows(self, last: GpuRow, row: GpuRow, file: TextFile) -> bool:
        where = file.where(row.line)
        if row.gpu.hardware != last.gpu.hardware:
            raise SampleError(
                f"GPU '{row.gpu.name}' is {last.gpu.hardware} before and {row.gpu.hardware} here",
                where=where,
                mend="give what changed a name of its own",
            )
        if row.time_ns < last.time_ns:
            back = (last.time_ns - row.time_ns) / NS_PER_S
            raise SampleError(
                f"the clock of GPU '{row.gpu.name}' goes back by {back:.3f} s",
                where=where,
                mend="correct the times, or cut the file there and give both parts in order of time",
            )
        if row.time_ns == last.time_ns and row.values != last.values:
            raise SampleError(
                f"GPU '{row.gpu.name}' has two different readings at {row.time_ns} ns",
                where=where,
                mend="keep one of them; do two GPUs or two hosts share a name here?",
            )
        self.repeated += row.time_ns == last.time_ns
        return row.time_ns > last.time_ns


def _check_time(row: GpuRow, file: TextFile) -> None:
    if not 0 <= row.time_ns < 2**63:
        raise SampleError(
            "the time lies outside 1970 to 2262",
            where=file.where(row.line),
            mend="correct the times, or the start that was given",
        )
