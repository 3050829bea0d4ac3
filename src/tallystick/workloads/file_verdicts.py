"""One source, window by window: class, probability, why, and why not where the classifier abstained."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from tallystick.records.sample import MISSING
from tallystick.records.workload import ABSTAINED, CLASSES, NOT_OBSERVED, VERDICT_NAMES
from tallystick.telemetry.source import Source
from tallystick.telemetry.table import Int64
from tallystick.units import NS_PER_HOUR, PPM
from tallystick.workloads.classifier import Classifier, Judgement, KindClassifier, SlotWindows
from tallystick.workloads.explain import reasons
from tallystick.workloads.features import FEATURES, WindowFeatures
from tallystick.workloads.windows import WINDOWS_PER_SLOT

#: Features named where a window is unlike anything fitted.
MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class WindowVerdict:
    """The verdict on one observed window of one subject.

    ``likely_ppm`` are the classes' probabilities in ppm; ``possible`` the classes of the conformal set;
    ``why`` what speaks for or against the most likely class; ``abstained_because`` is empty where a
    verdict was given.
    """

    subject: str
    start_ns: int
    verdict: str
    likely_ppm: dict[str, int]
    possible: tuple[str, ...]
    why: tuple[str, ...]
    abstained_because: str

    @property
    def probability(self) -> float:
        """Probability of the most likely class."""
        return max(self.likely_ppm.values()) / PPM


def window_verdicts(source: Source, classifier: Classifier) -> Iterator[WindowVerdict]:
    """Verdicts on all observed windows of a source, hour by hour.

    Raises SampleError at the first bad row, InputError for unknown hardware.
    """
    windows = (classifier.windows(table) for table in source.slots())
    for _, of_hour in groupby(windows, key=lambda slot: slot.start_ns // NS_PER_HOUR):
        slots = list(of_hour)
        judged = {kind: classifier.judgements(slots, kind) for kind in classifier.kinds}
        for at, slot in enumerate(slots):
            for kind in classifier.kinds:
                yield from _of_slot(slot, classifier, slot.kinds[kind], judged[kind][at])


def _of_slot(
    slot: SlotWindows, classifier: Classifier, found: WindowFeatures, said: Judgement
) -> Iterator[WindowVerdict]:
    full, bare = classifier.kinds[found.kind], classifier.lacks_profiling(found)
    names = [slot.subjects[int(i)].name for i in np.repeat(found.subjects, WINDOWS_PER_SLOT)]
    starts = found.window_start_ns().tolist()
    for row in np.flatnonzero(said.classes != NOT_OBSERVED).tolist():
        of_kind = classifier.without_profiling if bare[row] else full
        yield _verdict(names[row], starts[row], found, said, row, of_kind)


def _verdict(
    name: str, start_ns: int, found: WindowFeatures, said: Judgement, row: int, of_kind: KindClassifier
) -> WindowVerdict:
    possible = tuple(c.value for c, inside in zip(CLASSES, said.possible[row], strict=True) if inside)
    values = found.values[row]
    because = ""
    if said.strange[row]:
        because = "unlike anything the model was fitted on: " + _strange_features(of_kind, found, values)
    elif said.classes[row] == ABSTAINED:
        because = f"may be {' or '.join(possible)}"
    return WindowVerdict(
        subject=name,
        start_ns=start_ns,
        verdict=VERDICT_NAMES[int(said.classes[row])],
        likely_ppm={c.value: int(p) for c, p in zip(CLASSES, said.likely_ppm[row], strict=True)},
        possible=possible,
        why=tuple(r.sentence() for r in reasons(of_kind.part, found.kind, values)),
        abstained_because=because,
    )


def _strange_features(of_kind: KindClassifier, found: WindowFeatures, values: Int64) -> str:
    """Which features are missing or outside the fitted range."""
    low, high = np.array(of_kind.part.low), np.array(of_kind.part.high)
    at = np.flatnonzero((values < low) | (values > high)).tolist()
    known = FEATURES[found.kind]
    named = [
        f"{known[i].name} {'missing' if values[i] == MISSING else 'out of range'}" for i in at[:MOST_NAMED]
    ]
    more = f" and {len(at) - MOST_NAMED} more" if len(at) > MOST_NAMED else ""
    return ", ".join(named) + more
