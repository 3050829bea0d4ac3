"""Samples as a Parquet file of the sample schema, with the recording's provenance in its metadata."""

import io
from array import array
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow.parquet as pq

from tallystick.errors import InputError
from tallystick.recording.provenance import PROVENANCE_KEY, Provenance
from tallystick.recording.sampler import Samples
from tallystick.records.sample import MISSING
from tallystick.records.subject import Subject, SubjectKind, Trust
from tallystick.telemetry.columns import STRINGS
from tallystick.telemetry.marks import Marker
from tallystick.telemetry.slot_file import ROW_GROUP_ROWS, write_parquet
from tallystick.telemetry.table import Int64, SampleTable
from tallystick.whole_file import write_whole

#: What took the readings.
SOURCE = "nvml"


def recorded_table(samples: Samples, provenance: Provenance) -> SampleTable:
    """The samples as a table: sorted, gaps and resets marked, without the channels that nobody read.

    Raises InputError where nothing was read.
    """
    if not len(samples):
        raise InputError(
            "no GPU gave a single reading, so there is nothing to write", mend="see whether nvidia-smi works"
        )
    time_ns, subject = _column(samples.time_ns), _column(samples.accelerator)
    order = np.lexsort((time_ns, subject))
    channels = {name: _column(values)[order] for name, values in samples.channels.items()}
    table = SampleTable(
        subjects=_subjects(provenance),
        subject=subject[order],
        time_ns=time_ns[order],
        quality=np.zeros(len(order), dtype=np.int64),
        channels={name: values for name, values in channels.items() if (values != MISSING).any()},
    )
    intervals = np.full(len(table.subjects), provenance.interval_ns, dtype=np.int64)
    return Marker(intervals).mark(table)


def write_recording(path: Path, samples: Samples, provenance: Provenance) -> None:
    """Write the file whole or not at all. Raises InputError where nothing was read or it cannot be."""
    table = recorded_table(samples, provenance)
    with TemporaryDirectory() as folder:
        plain = Path(folder) / "samples.parquet"
        write_parquet(plain, table)
        arrow = pq.read_table(plain)
    metadata = {**(arrow.schema.metadata or {}), PROVENANCE_KEY: provenance.to_json().encode("ascii")}
    sink = io.BytesIO()
    pq.write_table(
        arrow.replace_schema_metadata(metadata),
        sink,
        row_group_size=ROW_GROUP_ROWS,
        compression="zstd",
        use_dictionary=list(STRINGS),
        write_page_checksum=True,
    )
    write_whole(path, sink.getvalue())


def _subjects(provenance: Provenance) -> tuple[Subject, ...]:
    return tuple(
        Subject(
            name=accelerator.subject,
            kind=SubjectKind.ACCELERATOR,
            hardware=accelerator.hardware,
            covers=(accelerator.subject,),
            source=SOURCE,
            trust=Trust.OPERATOR,
            interval_ns=provenance.interval_ns,
            joined_ns=provenance.start_ns,
        )
        for accelerator in provenance.accelerators
    )


def _column(values: "array[int]") -> Int64:
    return np.array(values, dtype=np.int64)
