"""Check 16: declared runs of training that go on at the same time and work in lock-step, as one run would.

An opened entry names the declared run of one subject in one hour. Between the first and the last hour that
opened entries give it, a run goes on, and the subjects that they name are its own. Drawn slots say which
subjects work in lock-step. Two declared runs are joined where most of the slots that show both show them in
one group.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from tallystick.inspection.opened import OpenedHour
from tallystick.inspection.regroup import SeenRun
from tallystick.units import NS_PER_HOUR

#: One slot may join two runs by chance.
LEAST_SLOTS = 2

_Pair = tuple[str, str]


@dataclass(frozen=True)
class JoinedRuns:
    """Declared runs ``names`` in lock-step: together in ``together`` of the ``slots`` that show two of them.

    Both are counted over pairs of runs that were joined. ``run`` is what was seen as one run; it may take in
    several sets of joined runs, one after the other on the same accelerators.
    """

    names: tuple[str, ...]
    together: int
    slots: int
    run: SeenRun


@dataclass(frozen=True)
class _Declared:
    """One declared run of training, as far as it was opened."""

    first_ns: int
    last_ns: int
    subjects: frozenset[str]


def joined_runs(runs: Sequence[SeenRun], hours: Sequence[OpenedHour]) -> tuple[JoinedRuns, ...]:
    """All joined declared runs, those that look largest first."""
    together: dict[_Pair, list[int]] = defaultdict(list)
    shown: Counter[_Pair] = Counter()
    for place in _places(runs, _declared(hours)):
        for pair in combinations(sorted(place), 2):
            shown[pair] += 1
            if place[pair[0]] == place[pair[1]]:
                together[pair].append(place[pair[0]])
    joined = {p: at for p, at in together.items() if len(at) >= LEAST_SLOTS and 2 * len(at) > shown[p]}
    of_run: dict[int, list[_Pair]] = defaultdict(list)
    for names in _linked(list(joined)):
        pairs = [pair for pair in joined if pair[0] in names]
        seen_in = Counter(run for pair in pairs for run in joined[pair])
        of_run[seen_in.most_common(1)[0][0]] += pairs
    found = [
        JoinedRuns(
            names=tuple(sorted({name for pair in pairs for name in pair})),
            together=sum(len(joined[pair]) for pair in pairs),
            slots=sum(shown[pair] for pair in pairs),
            run=runs[number],
        )
        for number, pairs in of_run.items()
    ]
    return tuple(sorted(found, key=lambda j: (-j.run.flop.estimate, j.names)))


def _declared(hours: Sequence[OpenedHour]) -> dict[str, _Declared]:
    of_run: dict[str, list[OpenedHour]] = defaultdict(list)
    for hour in hours:
        if hour.entry.run and any(w is not None and w.is_training for w in hour.entry.workloads):
            of_run[hour.entry.run].append(hour)
    return {
        name: _Declared(
            min(hour.entry.hour_ns for hour in mine),
            max(hour.entry.hour_ns for hour in mine) + NS_PER_HOUR,
            frozenset(hour.entry.subject for hour in mine),
        )
        for name, mine in of_run.items()
    }


def _places(runs: Sequence[SeenRun], declared: Mapping[str, _Declared]) -> Iterator[dict[str, int]]:
    """For each slot, by declared run, the number of the run seen that most of its subjects are in."""
    slots: dict[int, dict[str, int]] = defaultdict(dict)
    for number, run in enumerate(runs):
        for slot_ns, subjects in run.groups:
            slots[slot_ns].update(dict.fromkeys(subjects, number))
    for slot_ns, number_of in sorted(slots.items()):
        place = {}
        for name, known in declared.items():
            if known.first_ns <= slot_ns < known.last_ns:
                seen = Counter(number_of[s] for s in sorted(known.subjects) if s in number_of)
                if seen:
                    place[name] = seen.most_common(1)[0][0]
        yield place


def _linked(pairs: Sequence[_Pair]) -> list[set[str]]:
    """Names that pairs connect, directly or through others."""
    parts: list[set[str]] = []
    for pair in pairs:
        touched = [part for part in parts if not part.isdisjoint(pair)]
        parts = [part for part in parts if part.isdisjoint(pair)] + [set(pair).union(*touched)]
    return parts
