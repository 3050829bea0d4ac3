"""Batches of a Parquet file as rows over a fixed inventory."""

import numpy as np
import pyarrow as pa

from tallystick.errors import SampleError
from tallystick.records.sample import MISSING
from tallystick.records.subject import Subject
from tallystick.telemetry.decode import TextCoder, integer_column
from tallystick.telemetry.place import Place
from tallystick.telemetry.slot_buffer import Piece
from tallystick.telemetry.table import Int64


class SubjectNumbers:
    """Turns the names in the column ``subject`` into indices of a fixed inventory."""

    def __init__(self, subjects: tuple[Subject, ...]) -> None:
        self._coder = TextCoder("subject")
        self._known = {s.name.encode("ascii"): i for i, s in enumerate(subjects)}
        self._index = np.zeros(0, dtype=np.int64)

    def of(self, column: pa.Array, place: Place) -> Int64:
        """Index of each row's subject (n,). SampleError where it is not in the inventory."""
        codes = self._coder.codes(column, place)
        fresh = self._coder.values[len(self._index) :]
        found = np.array([self._known.get(name, -1) for name in fresh], dtype=np.int64)
        self._index = np.append(self._index, found)
        index: Int64 = self._index[codes]
        if len(index) and int(index.min()) < 0:
            raise SampleError(
                "names a subject that is not in the inventory",
                where=place.at(int(index.argmin())),
                mend="the file changed while it was read, or is damaged: write it again",
            )
        return index


def read_piece(
    batch: pa.RecordBatch, numbering: SubjectNumbers, channels: tuple[str, ...], place: Place
) -> Piece:
    """One batch of a file as rows. Channels that the file lacks are ``MISSING``."""
    present = set(batch.schema.names)
    empty = np.full(batch.num_rows, MISSING, dtype=np.int64)
    return Piece(
        numbering.of(batch.column("subject"), place),
        integer_column(batch.column("time_ns"), "time_ns", place, nullable=False),
        integer_column(batch.column("quality"), "quality", place, nullable=False),
        {
            name: integer_column(batch.column(name), name, place, nullable=True) if name in present else empty
            for name in channels
        },
        place,
    )
