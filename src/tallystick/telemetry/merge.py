"""One source over several, merged slot by slot."""

from collections.abc import Iterator, Mapping, Sequence
from heapq import merge
from itertools import groupby

import numpy as np

from tallystick.errors import InputError
from tallystick.records.sample import CHANNELS, MISSING
from tallystick.records.subject import JobRecord, Subject
from tallystick.telemetry.source import Source
from tallystick.telemetry.table import Int64, SampleTable, slot_of


def merged(sources: Sequence[Source]) -> Source:
    """One source over several that observe different subjects."""
    return sources[0] if len(sources) == 1 else _Merged(sources)


class _Merged:
    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources
        names = [s.name for source in sources for s in source.inventory()]
        if len(set(names)) != len(names):
            raise InputError(
                "two sources observe the same subject", mend="ingest one after the other, in order of time"
            )

    def inventory(self) -> tuple[Subject, ...]:
        """All subjects, sorted by name."""
        return tuple(sorted((s for x in self._sources for s in x.inventory()), key=lambda s: s.name))

    def jobs(self) -> tuple[JobRecord, ...]:
        """All job records."""
        return tuple(j for x in self._sources for j in x.jobs())

    def truth(self) -> tuple[JobRecord, ...]:
        """All that is known."""
        return tuple(j for x in self._sources for j in x.truth())

    def known_flop(self) -> Mapping[str, int]:
        """All published amounts."""
        return {job: flop for x in self._sources for job, flop in x.known_flop().items()}

    @property
    def plays_meter(self) -> bool:
        """Whether all sources do."""
        return all(x.plays_meter for x in self._sources)

    @property
    def notes(self) -> tuple[str, ...]:
        """All notes."""
        return tuple(note for x in self._sources for note in x.notes)

    def slots(self) -> Iterator[SampleTable]:
        """Slots of all sources, merged by time."""
        streams = merge(*(x.slots() for x in self._sources), key=slot_of)
        for _, tables in groupby(streams, key=slot_of):
            yield join_tables(list(tables), self.inventory())


def join_tables(tables: Sequence[SampleTable], subjects: tuple[Subject, ...]) -> SampleTable:
    """The rows of ``tables``, which share no (subject, time), as one table over ``subjects``."""
    place = {s.name: i for i, s in enumerate(subjects)}
    names = [n for n in CHANNELS if any(n in t.channels for t in tables)]
    subject = np.concatenate(
        [np.array([place[s.name] for s in t.subjects], np.int64)[t.subject] for t in tables]
    )
    time_ns = np.concatenate([t.time_ns for t in tables])
    order = np.lexsort((time_ns, subject))

    def column(name: str) -> Int64:
        parts = [t.channels.get(name, np.full(len(t), MISSING, np.int64)) for t in tables]
        return np.concatenate(parts)[order]

    quality = np.concatenate([t.quality for t in tables])
    return SampleTable(
        subjects, subject[order], time_ns[order], quality[order], {n: column(n) for n in names}
    )
