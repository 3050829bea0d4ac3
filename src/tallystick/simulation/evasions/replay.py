"""Replayed telemetry: subjects report what others, or they themselves, reported before."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from tallystick.errors import InputError
from tallystick.records.sample import CHANNELS, MISSING, ChannelKind
from tallystick.records.subject import Subject, SubjectKind
from tallystick.simulation.evasions.wrapped_source import WrappedSource
from tallystick.telemetry.table import Int64, SampleTable
from tallystick.units import PPM, SLOT_NS

_COUNTERS = tuple(c.name for c in CHANNELS.values() if c.kind is ChannelKind.COUNTER)


@dataclass(frozen=True)
class ReplayedSource(WrappedSource):
    """A source in which each victim reports a donor's readings of ``lag_slots`` slots ago.

    ``donors`` maps names of accelerators and nodes to names of subjects of the same kind, perhaps
    themselves. Until there is anything to replay, victims tell the truth. Counters go on from where they
    stood, and each reading is off by up to ``noise_ppm``, so that nothing repeats exactly. A sealed meter
    cannot be a victim: it goes on measuring what is really drawn. The replayed telemetry costs the evader
    nothing in throughput, energy or time.
    """

    donors: Mapping[str, str]
    lag_slots: int = 0
    noise_ppm: int = 0
    seed: int = 0
    _kinds: dict[str, SubjectKind] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        kinds = {s.name: s.kind for s in self.source.inventory()}
        object.__setattr__(self, "_kinds", kinds)
        for victim, donor in self.donors.items():
            if kinds[victim] is SubjectKind.METER or kinds[victim] is not kinds[donor]:
                raise InputError(
                    f"{victim} cannot report what {donor} did",
                    mend="replay accelerators by accelerators and nodes by nodes, never a sealed meter",
                )
        if self.lag_slots < 0 or (self.lag_slots == 0 and any(v == d for v, d in self.donors.items())):
            raise InputError(
                f"a replay with a lag of {self.lag_slots} slots repeats nothing",
                mend="give a lag of at least one slot, or other donors",
            )

    def inventory(self) -> tuple[Subject, ...]:
        """See ``Source.inventory``."""
        return self.source.inventory()

    def slots(self) -> Iterator[SampleTable]:
        """The tables with the victims' rows replaced. Holds ``lag_slots`` + 1 slots at a time."""
        rng = np.random.default_rng(self.seed)
        index = {s.name: i for i, s in enumerate(self.source.inventory())}
        pairs = {index[v]: index[d] for v, d in self.donors.items()}
        past: deque[SampleTable] = deque(maxlen=self.lag_slots + 1)
        levels: dict[tuple[int, str], int] = {}
        for table in self.source.slots():
            past.append(table)
            ready = len(past) == self.lag_slots + 1
            replayed = self._replay(table, past[0], pairs, levels, rng) if ready else table
            _remember(replayed, pairs, levels)
            yield replayed

    @property
    def notes(self) -> tuple[str, ...]:
        """The source's notes, and how many subjects replay."""
        return (*self.source.notes, f"{len(self.donors)} subjects report replayed telemetry")

    def _replay(
        self,
        now: SampleTable,
        then: SampleTable,
        pairs: dict[int, int],
        levels: dict[tuple[int, str], int],
        rng: np.random.Generator,
    ) -> SampleTable:
        """One slot: rows of every subject in order, a victim's taken from its donor then."""
        here, there = now.bounds(), then.bounds()
        shift_ns = self.lag_slots * SLOT_NS
        parts: list[tuple[int, SampleTable, slice]] = []
        for subject in range(len(now.subjects)):
            donor = pairs.get(subject)
            bounds, table = (here, now) if donor is None else (there, then)
            at = subject if donor is None else donor
            parts.append((subject, table, slice(int(bounds[at]), int(bounds[at + 1]))))
        victim = np.repeat([s in pairs for s, _, _ in parts], [r.stop - r.start for _, _, r in parts])
        subject_column = np.repeat([s for s, _, _ in parts], [r.stop - r.start for _, _, r in parts])
        time_ns = np.concatenate([t.time_ns[r] for _, t, r in parts])
        time_ns[victim] += shift_ns
        channels = {name: np.concatenate([t.channels[name][r] for _, t, r in parts]) for name in now.channels}
        self._blur(channels, victim, rng)
        self._join_counters(channels, subject_column, pairs, levels)
        quality = np.concatenate([t.quality[r] for _, t, r in parts])
        return SampleTable(now.subjects, subject_column.astype(np.int64), time_ns, quality, channels)

    def _blur(self, channels: dict[str, Int64], victim: np.ndarray, rng: np.random.Generator) -> None:
        """Move the victims' gauges by up to ``noise_ppm``, within what the schema believes."""
        for name, column in channels.items():
            at = np.flatnonzero(victim & (column != MISSING))
            if name in _COUNTERS or not self.noise_ppm or not len(at):
                continue
            noise = rng.integers(-self.noise_ppm, self.noise_ppm + 1, len(at))
            moved = column[at] + (column[at] // 1000) * noise // (PPM // 1000)
            column[at] = np.clip(moved, 0, CHANNELS[name].maximum)

    def _join_counters(
        self,
        channels: dict[str, Int64],
        subject: Int64,
        pairs: dict[int, int],
        levels: dict[tuple[int, str], int],
    ) -> None:
        """Let each victim's counters go on from its last reading, donors' resets included."""
        for name in _COUNTERS:
            column = channels[name]
            for victim in pairs:
                rows = np.flatnonzero((subject == victim) & (column != MISSING))
                if len(rows) and (victim, name) in levels:
                    readings = column[rows]
                    growth = np.maximum(np.diff(readings, prepend=readings[0]), 0)
                    column[rows] = levels[victim, name] + np.cumsum(growth)


def _remember(table: SampleTable, pairs: dict[int, int], levels: dict[tuple[int, str], int]) -> None:
    """Note the victims' last counter readings."""
    bounds = table.bounds()
    for victim in pairs:
        for name in _COUNTERS:
            column = table.channels[name][bounds[victim] : bounds[victim + 1]]
            known = column[column != MISSING]
            if len(known):
                levels[victim, name] = int(known[-1])


def whole_nodes(inventory: tuple[Subject, ...], nodes: Mapping[str, str]) -> dict[str, str]:
    """Donors for whole nodes: each node in ``nodes`` and its accelerators, rank by rank."""
    covers = {s.name: s.covers for s in inventory}
    pairs = dict(nodes)
    for victim, donor in nodes.items():
        pairs |= dict(zip(covers[victim], covers[donor], strict=True))
    return pairs
