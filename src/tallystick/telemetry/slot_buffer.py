"""Collects batches of rows until a slot is complete, then puts them in order."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.errors import SampleError
from tallystick.records.subject import Subject
from tallystick.telemetry.place import Place, first_true
from tallystick.telemetry.table import Int64, SampleTable
from tallystick.units import SLOT_NS

#: Most rows that one slot may hold: about 1.5 GB with all channels.
MAX_SLOT_ROWS = 10_000_000


@dataclass(frozen=True)
class Piece:
    """Some rows of one file in file order: the fields of a ``SampleTable``, unsorted, and their place."""

    subject: Int64
    time_ns: Int64
    quality: Int64
    channels: dict[str, Int64]
    place: Place

    def part(self, start: int, stop: int) -> "Piece":
        """Rows ``start`` to ``stop``, copied so that the rest can be freed."""
        return Piece(
            self.subject[start:stop].copy(),
            self.time_ns[start:stop].copy(),
            self.quality[start:stop].copy(),
            {name: values[start:stop].copy() for name, values in self.channels.items()},
            Place(self.place.file, self.place.first_row + start),
        )


class SlotBuffer:
    """Rows arrive sorted by slot; tables leave one slot at a time."""

    def __init__(self, subjects: tuple[Subject, ...], channels: tuple[str, ...]) -> None:
        self._subjects = subjects
        self._channels = channels
        self._slot = -1
        self._pieces: list[Piece] = []
        self._rows = 0

    def add(self, piece: Piece) -> Iterator[SampleTable]:
        """Take in rows, and yield the tables of the slots that they complete."""
        slots = piece.time_ns // SLOT_NS
        edges = np.flatnonzero(np.diff(slots)) + 1
        for start, stop in zip([0, *edges.tolist()], [*edges.tolist(), len(slots)], strict=True):
            if start == stop:
                continue
            if int(slots[start]) != self._slot:
                yield from self.flush()
                self._slot = int(slots[start])
            self._hold(piece.part(start, stop))

    def flush(self) -> Iterator[SampleTable]:
        """Yield the table of the slot under way, if it has rows."""
        if self._pieces:
            pieces, self._pieces, self._rows = self._pieces, [], 0
            yield assemble(self._subjects, self._channels, pieces)

    def _hold(self, part: Piece) -> None:
        self._rows += len(part.time_ns)
        if self._rows > MAX_SLOT_ROWS:
            raise SampleError(
                f"a 15-minute slot has more than {MAX_SLOT_ROWS} rows",
                where=part.place.at(0),
                mend="split the table into several sites",
            )
        self._pieces.append(part)


def assemble(subjects: tuple[Subject, ...], channels: tuple[str, ...], pieces: list[Piece]) -> SampleTable:
    """The pieces as one table, sorted by (subject, time). SampleError where a pair occurs twice."""
    subject = _join([p.subject for p in pieces])
    times = _join([p.time_ns for p in pieces])
    if rising(subject, times).all():
        quality = _join([p.quality for p in pieces])
        return SampleTable(
            subjects, subject, times, quality, {n: _join([p.channels[n] for p in pieces]) for n in channels}
        )
    order = np.lexsort((times, subject))
    subject, times = subject[order], times[order]
    row = first_true((subject[1:] == subject[:-1]) & (times[1:] == times[:-1]))
    if row is not None:
        _refuse_repeated(subjects[int(subject[row])].name, int(times[row]), pieces, int(order[row + 1]))
    return SampleTable(
        subjects,
        subject,
        times,
        _join([p.quality for p in pieces])[order],
        {name: _join([p.channels[name] for p in pieces])[order] for name in channels},
    )


def rising(subject: Int64, time_ns: Int64) -> npt.NDArray[np.bool_]:
    """Whether each row but the first is by (subject, time) after the row before."""
    later = time_ns[1:] > time_ns[:-1]
    found: npt.NDArray[np.bool_] = np.where(subject[1:] == subject[:-1], later, subject[1:] > subject[:-1])
    return found


def _join(parts: list[Int64]) -> Int64:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


def _refuse_repeated(name: str, time_ns: int, pieces: list[Piece], index: int) -> None:
    for piece in pieces:
        if index < len(piece.time_ns):
            raise SampleError(
                f"subject '{name}' has a second sample at {time_ns}",
                where=piece.place.at(index),
                mend="keep one of them",
            )
        index -= len(piece.time_ns)
