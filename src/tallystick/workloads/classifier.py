"""What kind of work each window of each subject was: a class, an abstention, or nothing observed.

Accelerators are judged by all their channels, or by power, utilisation and memory where the source has no
profiling counters; nodes by power alone. One node's wall power does not tell
training from serving, so the node model abstains often: that is an answer. All in integers, so that an
inspector who recomputes an opened window gets the same verdict.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.resources import as_file, files
from itertools import chain
from pathlib import Path

import numpy as np

from tallystick.records.subject import Subject, SubjectKind
from tallystick.records.workload import ABSTAINED, CLASSES, NOT_OBSERVED
from tallystick.telemetry.table import Int64, SampleTable
from tallystick.units import NS_PER_HOUR
from tallystick.workloads.amounts import slot_start
from tallystick.workloads.conformal import Bools, in_the_light_of, possible, verdict_of_set
from tallystick.workloads.features import WindowFeatures, features, lacks_profiling, without_profiling
from tallystick.workloads.model import KindModel, Model, read_model
from tallystick.workloads.probability import probabilities_ppm
from tallystick.workloads.trees import Forest, forest
from tallystick.workloads.windows import WINDOWS_PER_SLOT


@dataclass(frozen=True)
class Verdicts:
    """Verdicts on one slot: ``classes`` (subjects, WINDOWS_PER_SLOT).

    It holds an index into ``VERDICT_NAMES``; always ``NOT_OBSERVED`` for meters.
    """

    subjects: tuple[Subject, ...]
    start_ns: int
    classes: Int64


@dataclass(frozen=True)
class SlotWindows:
    """One slot's windows, ready to be judged: features by kind of subject."""

    subjects: tuple[Subject, ...]
    start_ns: int
    kinds: dict[SubjectKind, WindowFeatures]


@dataclass(frozen=True)
class Judgement:
    """Verdicts on feature rows.

    ``classes`` (rows,) as in ``Verdicts``; ``likely_ppm`` and ``possible``, both (rows, CLASSES), the
    probability of each class and whether the conformal set holds it; ``strange`` (rows,) where the window
    is unlike anything that the model was fitted on. Rows that nobody observed have zeros.
    """

    classes: Int64
    likely_ppm: Int64
    possible: Bools
    strange: Bools

    def where(self, rows: Bools, other: "Judgement") -> "Judgement":
        """This one at ``rows`` (rows,), the other elsewhere."""
        wide = rows[:, None]
        return Judgement(
            np.where(rows, self.classes, other.classes),
            np.where(wide, self.likely_ppm, other.likely_ppm),
            np.where(wide, self.possible, other.possible),
            np.where(rows, self.strange, other.strange),
        )


class KindClassifier:
    """The model of one kind of subject, ready to judge."""

    def __init__(self, part: KindModel) -> None:
        self.part = part
        self._forest: Forest = forest(part.trees, len(part.classes))

    def scores(self, values: Int64) -> Int64:
        """Scores (rows, classes of the model) of feature rows (rows, features)."""
        return self._forest.scores(values)

    def judge(self, found: WindowFeatures) -> Judgement:
        """Verdicts on feature rows, each by itself."""
        return self._judged(found, self.scores(found.values))

    def judge_hour(self, slots: Sequence[WindowFeatures], subjects: Sequence[Int64]) -> list[Judgement]:
        """Verdicts on the windows of the slots of one hour, each in the light of its subject's others.

        ``subjects[i]`` (n,) numbers the subjects of ``slots[i]`` across the slots. A window is judged by the
        mean of its own score and its subject's over the slot: work seldom changes within a quarter of an
        hour, and one window in a burst may mislead. Its subject's hour may then clear it, but never accuse
        it: see ``in_the_light_of``.
        """
        scores = np.concatenate([self.scores(found.values) for found in slots])
        seen = np.concatenate([found.observed > 0 for found in slots])
        of_hour = [np.repeat(number, WINDOWS_PER_SLOT) for number in subjects]
        count = 1 + max((int(number.max(initial=-1)) for number in of_hour), default=-1)
        of_slot = [number + at * count for at, number in enumerate(of_hour)]
        own = (scores + _mean_by(np.concatenate(of_slot), scores, seen)) // 2
        hour = _mean_by(np.concatenate(of_hour), scores, seen)
        ends = np.cumsum([len(found.values) for found in slots])[:-1]
        parts = zip(slots, np.split(own, ends), np.split(hour, ends), strict=True)
        return [self._judged(*part) for part in parts]

    def _judged(self, found: WindowFeatures, scores: Int64, context: Int64 | None = None) -> Judgement:
        part = self.part
        inside = possible(scores, part.classes, part.allowances)
        if context is not None:
            around = possible(context, part.classes, part.allowances)
            inside, settled = in_the_light_of(inside, around, part.classes)
            scores = np.where(settled[:, None], context, scores)
        strange = outside(part, found.values) > part.most_outside
        verdict = np.where(strange, ABSTAINED, verdict_of_set(inside, part.classes))
        observed = found.observed > 0
        columns = [CLASSES.index(c) for c in part.classes]
        likely = np.zeros((len(scores), len(CLASSES)), np.int64)
        likely[:, columns] = probabilities_ppm(scores, part.temperature) * observed[:, None]
        sets = np.zeros(likely.shape, np.bool_)
        sets[:, columns] = inside & observed[:, None]
        return Judgement(
            np.where(observed, verdict, NOT_OBSERVED).astype(np.int64), likely, sets, strange & observed
        )


def _mean_by(number: Int64, scores: Int64, seen: Bools) -> Int64:
    """For each row the mean score, floored, over the rows seen that have the same ``number`` (rows,)."""
    size = int(number.max(initial=-1)) + 1
    total, count = np.zeros((size, scores.shape[1]), np.int64), np.zeros(size, np.int64)
    np.add.at(total, number[seen], scores[seen])
    np.add.at(count, number[seen], 1)
    mean: Int64 = (total // np.maximum(count, 1)[:, None])[number]
    return mean


class Classifier:
    """The shipped classifier, or another model file of the same format."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.kinds = {kind: KindClassifier(part) for kind, part in model.kinds.items()}
        self.without_profiling = KindClassifier(model.without_profiling)

    @classmethod
    def load(cls, path: Path | None = None) -> "Classifier":
        """The shipped model, or the one at ``path``. Raises FormatError where the file is malformed."""
        if path is not None:
            return cls(read_model(path))
        with as_file(files("tallystick.workloads").joinpath("model.json")) as shipped:
            return cls(read_model(shipped))

    @property
    def hash(self) -> str:
        """SHA-256 of the model file's bytes, in hexadecimal: what an inspection pins."""
        return self.model.hash

    def verdicts(self, table: SampleTable) -> Verdicts:
        """Verdicts on every window of every subject in a table of one slot, without the rest of its hour.

        Raises SampleError where rows lie in several slots, InputError for unknown hardware.
        """
        return self.hour_verdicts([self.windows(table)])[0]

    def windows(self, table: SampleTable) -> SlotWindows:
        """The features of a table of one slot, all that ``hour_verdicts`` needs of it.

        Raises SampleError where rows lie in several slots, InputError for unknown hardware.
        """
        found = {kind: features(table, kind) for kind in self.kinds}
        return SlotWindows(table.subjects, slot_start(table), found)

    def hour_verdicts(self, slots: Sequence[SlotWindows]) -> list[Verdicts]:
        """Verdicts on slots of one hour, in each other's light; a subject goes by its name.

        Raises ValueError where the slots are of several hours.
        """
        if len({slot.start_ns // NS_PER_HOUR for slot in slots}) > 1:
            raise ValueError("slots of several hours")
        classes = [np.full((len(s.subjects), WINDOWS_PER_SLOT), NOT_OBSERVED, np.int64) for s in slots]
        for kind in self.kinds:
            judged = self.judgements(slots, kind)
            for slot, of_slot, judgement in zip(slots, classes, judged, strict=True):
                of_slot[slot.kinds[kind].subjects] = judgement.classes.reshape(-1, WINDOWS_PER_SLOT)
        return [Verdicts(s.subjects, s.start_ns, c) for s, c in zip(slots, classes, strict=True)]

    def judgements(self, slots: Sequence[SlotWindows], kind: SubjectKind) -> list[Judgement]:
        """What ``hour_verdicts`` rests on for one kind of subject, slot by slot."""
        names = [[s.subjects[int(i)].name for i in s.kinds[kind].subjects] for s in slots]
        number = {name: at for at, name in enumerate(dict.fromkeys(chain.from_iterable(names)))}
        numbers = [np.array([number[name] for name in of_slot], np.int64) for of_slot in names]
        found = [s.kinds[kind] for s in slots]
        bare = [self.lacks_profiling(f) for f in found]
        full = [replace(f, observed=f.observed * ~b) for f, b in zip(found, bare, strict=True)]
        judged = self.kinds[kind].judge_hour(full, numbers)
        if not any(b.any() for b in bare):
            return judged
        rest = [
            replace(f, values=without_profiling(f.values), observed=f.observed * b)
            for f, b in zip(found, bare, strict=True)
        ]
        others = self.without_profiling.judge_hour(rest, numbers)
        return [o.where(b, j) for o, b, j in zip(others, bare, judged, strict=True)]

    def lacks_profiling(self, found: WindowFeatures) -> Bools:
        """Which rows ``without_profiling`` judges: accelerators whose source has no profiling counters."""
        if found.kind is not SubjectKind.ACCELERATOR:
            return np.zeros(len(found.values), np.bool_)
        return lacks_profiling(found.values)


def outside(part: KindModel, values: Int64) -> Int64:
    """How many features of each row (rows,) lie outside the range that the model was fitted on.

    ``MISSING`` is the least integer: it lies outside unless the fitting data had it too.
    """
    low, high = np.array(part.low, np.int64), np.array(part.high, np.int64)
    strange: Int64 = ((values < low) | (values > high)).sum(axis=1).astype(np.int64)
    return strange
