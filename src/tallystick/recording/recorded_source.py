"""A recording read back: its samples as any Parquet file's, and its label as the truth about them."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from tallystick.recording.provenance import Provenance, read_provenance
from tallystick.records.subject import JobRecord, Subject
from tallystick.telemetry.parquet import ParquetSource, open_parquet
from tallystick.telemetry.table import SampleTable


class RecordedSource:
    """A ``Source`` over one recording, which knows what ran: the label is the recorder's word."""

    plays_meter = False

    def __init__(self, samples: ParquetSource, provenance: Provenance) -> None:
        self._samples = samples
        self.provenance = provenance

    def inventory(self) -> tuple[Subject, ...]:
        """The accelerators that gave at least one reading, sorted by name."""
        return self._samples.inventory()

    def slots(self) -> Iterator[SampleTable]:
        """Tables in time order, one slot each."""
        return self._samples.slots()

    def jobs(self) -> tuple[JobRecord, ...]:
        """Nothing: no scheduler was there."""
        return ()

    def truth(self) -> tuple[JobRecord, ...]:
        """The command, on all its accelerators, where its class was said."""
        told = self.provenance
        if told.workload is None:
            return ()
        names = tuple(subject.name for subject in self.inventory())
        return (JobRecord(told.label, names, told.start_ns, told.end_ns, told.workload),)

    def known_flop(self) -> Mapping[str, int]:
        """Nothing: a recording does not count FLOP."""
        return {}

    @property
    def notes(self) -> tuple[str, ...]:
        """What was missing, and what reading added, once ``slots`` is exhausted."""
        refused = tuple(
            f"{r.readings} readings of {r.subject} lack {r.channel}: {r.why}" for r in self.provenance.refused
        )
        return refused + self._samples.notes


def open_recording(path: Path, *, now_ns: int | None = None) -> RecordedSource:
    """Open what ``tallystick record`` wrote. Raises SampleError where it is something else."""
    provenance = read_provenance(path)
    return RecordedSource(open_parquet(path, now_ns=now_ns), provenance)
