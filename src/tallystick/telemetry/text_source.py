"""A ``Source`` over text that GPU tools write: everything but the tool's own format.

The files are read twice, in bounded memory: once to check them and to learn which GPUs there are, and once
to give out their samples.
"""

import time
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Protocol

import numpy as np

from tallystick.errors import SampleError
from tallystick.records.sample import MAX_INTERVAL_NS, MISSING
from tallystick.records.subject import JobRecord, Subject, SubjectKind, Trust
from tallystick.telemetry.check import check_slot_order, check_times
from tallystick.telemetry.gpu_rows import GPU_CHANNELS, Gpu, GpuRow, TimeOrder
from tallystick.telemetry.inventory import stay_of
from tallystick.telemetry.marks import Marker
from tallystick.telemetry.sampling_interval import IntervalSurvey
from tallystick.telemetry.shared_readings import SharedReadings
from tallystick.telemetry.slot_buffer import Piece, SlotBuffer
from tallystick.telemetry.table import Int64, SampleTable
from tallystick.telemetry.text_lines import LinePlace, TextFile
from tallystick.telemetry.text_numbers import MissingReadings
from tallystick.telemetry.unit_check import UnitSurvey

_BATCH_ROWS = 16_384
_POWER = GPU_CHANNELS.index("DCGM_FI_DEV_POWER_USAGE")


class TextFormat(Protocol):
    """How one tool writes. ``source`` is the tool's name, as it stands in the samples."""

    source: str

    def rows(self, file: TextFile, missing: MissingReadings) -> Iterator[GpuRow]:
        """The readings of a file. Raises SampleError at the first line that is not the tool's."""

    def notes(self) -> tuple[str, ...]:
        """What a reader must know of how the last file was read, once its rows are exhausted."""


class TextSource:
    """A ``Source`` over files of one format, checked when it was opened (``open_text``)."""

    plays_meter = False

    def __init__(
        self,
        files: tuple[TextFile, ...],
        form: TextFormat,
        subjects: tuple[Subject, ...],
        channels: tuple[str, ...],
    ) -> None:
        self._files = files
        self._form = form
        self._subjects = subjects
        self.channels = channels
        self.notes: tuple[str, ...] = ()

    def inventory(self) -> tuple[Subject, ...]:
        """All GPUs that gave a reading, sorted by name."""
        return self._subjects

    def jobs(self) -> tuple[JobRecord, ...]:
        """Nothing: such a file does not know."""
        return ()

    def truth(self) -> tuple[JobRecord, ...]:
        """Nothing: such a file does not know."""
        return ()

    def known_flop(self) -> Mapping[str, int]:
        """Nothing: such a file does not know."""
        return {}

    def slots(self) -> Iterator[SampleTable]:
        """Tables in time order, one slot each, gaps and counter resets marked."""
        marker = Marker(np.array([s.interval_ns for s in self._subjects], dtype=np.int64))
        buffer = SlotBuffer(self._subjects, self.channels)
        shared = SharedReadings()
        told = _Told()
        for piece in self._pieces(told):
            for table in buffer.add(piece):
                shared.add(table)
                yield marker.mark(table)
        for table in buffer.flush():
            shared.add(table)
            yield marker.mark(table)
        self.notes = (*told.notes(), *marker.notes(), *shared.notes())

    def _pieces(self, told: "_Told") -> Iterator[Piece]:
        numbers = {s.name: i for i, s in enumerate(self._subjects)}
        for place, rows in _batches(self._files, self._form, told):
            try:
                subject = [numbers[row.gpu.name] for row in rows]
            except KeyError:
                raise SampleError(
                    "names a GPU that was not there before",
                    where=place.file,
                    mend="the file changed while it was read: read it when it is complete",
                ) from None
            yield Piece(
                np.array(subject, dtype=np.int64),
                np.array([row.time_ns for row in rows], dtype=np.int64),
                np.zeros(len(rows), dtype=np.int64),
                {n: v for n, v in _columns(rows).items() if n in self.channels},
                place,
            )


def open_text(
    files: tuple[TextFile, ...], form: TextFormat, interval_ns: int = 0, *, now_ns: int | None = None
) -> TextSource:
    """Check the files, which are in order of time, and learn their GPUs.

    ``interval_ns`` is the nominal time between samples; 0 takes it from the samples. ``now_ns`` (UTC,
    default: this machine's clock) decides which times lie in the future. Raises SampleError.
    """
    survey = _Survey(form.source, interval_ns, time.time_ns() if now_ns is None else now_ns)
    for place, rows in _batches(files, form, _Told()):
        survey.add(place, rows)
    return TextSource(files, form, survey.subjects(files[0].name), survey.channels())


class _Told:
    """What there is to say of one pass over the files."""

    def __init__(self) -> None:
        self.missing = MissingReadings()
        self.order = TimeOrder()
        self._notes: dict[str, None] = {}

    def note(self, text: str) -> None:
        self._notes[text] = None

    def notes(self) -> tuple[str, ...]:
        repeated = self.order.repeated
        again = (f"{repeated} samples came twice: kept once",) if repeated else ()
        taken = (
            f"GPUs called {name} were taken for {key}, as hardware= says: the table does not know them"
            for name, key in self.order.strangers.items()
        )
        return (*self._notes, *again, *taken, *self.missing.notes())


def _batches(
    files: tuple[TextFile, ...], form: TextFormat, told: _Told
) -> Iterator[tuple[LinePlace, list[GpuRow]]]:
    for file in files:
        rows = told.order.rows(form.rows(file, told.missing), file)
        while batch := list(islice(rows, _BATCH_ROWS)):
            yield LinePlace(file.name, lines=tuple(row.line for row in batch)), batch
        if file.cut_short:
            told.note(f"{file.name}: the last line has no end and was left out")
        for note in form.notes():
            told.note(note)


def _columns(rows: list[GpuRow]) -> dict[str, Int64]:
    table = np.array([row.values for row in rows], dtype=np.int64)
    return {name: np.ascontiguousarray(table[:, i]) for i, name in enumerate(GPU_CHANNELS)}


class _Survey:
    """All checks of a first pass, and what it learns of the GPUs."""

    def __init__(self, source: str, interval_ns: int, now_ns: int) -> None:
        self._source = source
        self._given_ns = interval_ns
        self._now_ns = now_ns
        self._slot = -1
        self._numbers: dict[str, int] = {}
        self._gpus: list[Gpu] = []
        self._spans: list[tuple[int, int]] = []
        self._by_power: list[IntervalSurvey] = []
        self._by_any: list[IntervalSurvey] = []
        self._units = {n: UnitSurvey(n) for n in GPU_CHANNELS if UnitSurvey.applies(n)}
        self._read: set[str] = set()

    def add(self, place: LinePlace, rows: list[GpuRow]) -> None:
        times = np.array([row.time_ns for row in rows], dtype=np.int64)
        check_times(times, self._now_ns, place)
        self._slot = check_slot_order(times, self._slot, place)
        subject = np.array([self._number(row) for row in rows], dtype=np.int64)
        for name, values in _columns(rows).items():
            if (values != MISSING).any():
                self._read.add(name)
            if name in self._units:
                self._units[name].add(values, subject, place)

    def channels(self) -> tuple[str, ...]:
        """Those with any reading, in canonical order."""
        return tuple(name for name in GPU_CHANNELS if name in self._read)

    def subjects(self, file: str) -> tuple[Subject, ...]:
        """The GPUs as subjects, sorted by name."""
        if not self._gpus:
            raise SampleError(
                "no GPU has a single reading here",
                where=file,
                mend=f"is it what {self._source} wrote, with at least one of: {', '.join(GPU_CHANNELS)}?",
            )
        subjects = tuple(self._subject(i, file) for i in range(len(self._gpus)))
        for unit in self._units.values():
            unit.check(subjects)
        return tuple(sorted(subjects, key=lambda s: s.name))

    def _number(self, row: GpuRow) -> int:
        number = self._numbers.get(row.gpu.name)
        if number is None:
            number = self._numbers[row.gpu.name] = len(self._gpus)
            self._gpus.append(row.gpu)
            self._spans.append((row.time_ns, row.time_ns))
            self._by_power.append(IntervalSurvey())
            self._by_any.append(IntervalSurvey())
        self._spans[number] = (self._spans[number][0], row.time_ns)
        self._by_any[number].add(row.time_ns)
        if row.values[_POWER] != MISSING:
            self._by_power[number].add(row.time_ns)
        return number

    def _subject(self, number: int, file: str) -> Subject:
        """Power's own rate is the nominal one, since power samples are held for an interval."""
        gpu = self._gpus[number]
        found = self._by_power[number].interval_ns() or self._by_any[number].interval_ns()
        interval_ns = self._given_ns or found
        if not 0 < interval_ns <= MAX_INTERVAL_NS:
            problem = f"is sampled every {interval_ns // 10**9} s" if interval_ns else "has only one sample"
            raise SampleError(
                f"GPU '{gpu.name}' {problem}",
                where=file,
                mend="sample at least every 60 s; if it was so, add ,interval=SECONDS to the source",
            )
        subject = Subject(
            name=gpu.name,
            kind=SubjectKind.ACCELERATOR,
            hardware=gpu.hardware,
            covers=(gpu.name,),
            source=self._source,
            trust=Trust.OPERATOR,
            interval_ns=interval_ns,
            joined_ns=0,
        )
        return stay_of(subject, *self._spans[number])
