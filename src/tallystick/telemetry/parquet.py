"""The sample table as Parquet (``spec/samples.md``): a ``Source`` to stream from, and single slots."""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa

from tallystick.errors import SampleError
from tallystick.records.sample import CHANNELS
from tallystick.records.subject import JobRecord, Subject
from tallystick.telemetry.check import check_quality, check_readings, check_slot_order, check_times
from tallystick.telemetry.decode import integer_column
from tallystick.telemetry.inventory import InventoryScan
from tallystick.telemetry.jobs import JOBS_FILE, read_jobs
from tallystick.telemetry.marks import Marker
from tallystick.telemetry.parquet_file import SampleFile, inspect_file, list_files
from tallystick.telemetry.place import Place, shown_path
from tallystick.telemetry.rows import SubjectNumbers, read_piece
from tallystick.telemetry.slot_buffer import SlotBuffer
from tallystick.telemetry.slot_file import read_slot, write_parquet
from tallystick.telemetry.table import SampleTable
from tallystick.telemetry.unit_check import UnitSurvey

__all__ = ["ParquetSource", "open_parquet", "read_slot", "write_parquet"]


class ParquetSource:
    """A ``Source`` over one Parquet file, or all files of a folder in name order.

    Everything but repeated samples was checked when it was opened. ``notes`` says, once ``slots`` is
    exhausted, which marks were added to the samples on the way.
    """

    def __init__(
        self, files: tuple[SampleFile, ...], subjects: tuple[Subject, ...], jobs: tuple[JobRecord, ...]
    ) -> None:
        self._files = files
        self._subjects = subjects
        self._jobs = jobs
        self.channels = tuple(n for n in CHANNELS if any(n in f.channels for f in files))
        self.notes: tuple[str, ...] = ()

    def inventory(self) -> tuple[Subject, ...]:
        """All subjects, sorted by name."""
        return self._subjects

    def jobs(self) -> tuple[JobRecord, ...]:
        """What ``jobs.json`` beside the samples says."""
        return self._jobs

    def truth(self) -> tuple[JobRecord, ...]:
        """Nothing: a file does not know."""
        return ()

    @property
    def plays_meter(self) -> bool:
        """A file has no meter's signature."""
        return False

    def known_flop(self) -> Mapping[str, int]:
        """Nothing: a file does not know."""
        return {}

    def slots(self) -> Iterator[SampleTable]:
        """Tables in time order, one slot each. Raises SampleError at the first repeated sample."""
        intervals = np.array([s.interval_ns for s in self._subjects], dtype=np.int64)
        marker = Marker(intervals)
        buffer = SlotBuffer(self._subjects, self.channels)
        numbering = SubjectNumbers(self._subjects)
        for file in self._files:
            columns = ("time_ns", "subject", "quality", *file.channels)
            for place, batch in file.batches(columns):
                for table in buffer.add(read_piece(batch, numbering, self.channels, place)):
                    yield marker.mark(table)
        for table in buffer.flush():
            yield marker.mark(table)
        self.notes = marker.notes()


def open_parquet(path: Path, *, now_ns: int | None = None) -> ParquetSource:
    """Open a sample table: a Parquet file, or a folder whose ``*.parquet`` are read in name order.

    Reads the table once, in bounded memory, and raises SampleError at the first bad row. A file
    ``jobs.json`` in the same folder holds the operator's job records. ``now_ns`` (UTC, default: this
    machine's clock) decides which times lie in the future.
    """
    files = tuple(inspect_file(p) for p in list_files(path))
    survey = _TableSurvey(time.time_ns() if now_ns is None else now_ns)
    for file in files:
        for place, batch in file.batches((*InventoryScan.columns, "quality", *file.channels)):
            survey.add(batch, file.channels, place)
    subjects = survey.finish(shown_path(path))
    folder = path if path.is_dir() else path.parent
    return ParquetSource(files, subjects, read_jobs(folder / JOBS_FILE, {s.name for s in subjects}))


class _TableSurvey:
    """All checks that need no sorting, batch by batch."""

    def __init__(self, now_ns: int) -> None:
        self._now_ns = now_ns
        self._scan = InventoryScan()
        self._units = {n: UnitSurvey(n) for n in CHANNELS if UnitSurvey.applies(n)}
        self._slot = -1

    def add(self, batch: pa.RecordBatch, channels: tuple[str, ...], place: Place) -> None:
        times = integer_column(batch.column("time_ns"), "time_ns", place, nullable=False)
        check_times(times, self._now_ns, place)
        self._slot = check_slot_order(times, self._slot, place)
        subject = self._scan.add(batch, times, place)
        check_quality(integer_column(batch.column("quality"), "quality", place, nullable=False), place)
        kinds = self._scan.kinds()[subject]
        for name in channels:
            values = integer_column(batch.column(name), name, place, nullable=True)
            check_readings(name, values, kinds, place)
            if name in self._units:
                self._units[name].add(values, subject, place)

    def finish(self, file: str) -> tuple[Subject, ...]:
        subjects = self._scan.subjects()
        if not subjects:
            raise SampleError("the table has no rows", where=file, mend="give it at least one sample")
        for unit in self._units.values():
            unit.check(subjects)
        return tuple(sorted(subjects, key=lambda s: s.name))
