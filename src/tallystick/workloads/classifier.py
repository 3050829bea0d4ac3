"""What kind of work each window of each subject was: a class, an abstention, or nothing observed.

Accelerators are judged by all their channels, nodes by power alone. One node's wall power does not tell
training from serving, so the node model abstains often: that is an answer. All in integers, so that an
inspector who recomputes an opened window gets the same verdict.
"""

from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from tallystick.records.subject import Subject
from tallystick.records.workload import ABSTAINED, CLASSES, NOT_OBSERVED
from tallystick.telemetry.table import Int64, SampleTable
from tallystick.workloads.amounts import slot_start
from tallystick.workloads.conformal import Bools, possible, verdict_of_set
from tallystick.workloads.features import WindowFeatures, features
from tallystick.workloads.model import KindModel, Model, read_model
from tallystick.workloads.probability import probabilities_ppm
from tallystick.workloads.trees import Forest, forest
from tallystick.workloads.windows import WINDOWS_PER_SLOT


@dataclass(frozen=True)
class Verdicts:
    """Verdicts on one slot: ``classes`` (subjects, WINDOWS_PER_SLOT).

    It holds an index into ``CLASSES``, ``TRAINING_UNCLEAR``, ``ABSTAINED`` or ``NOT_OBSERVED`` (always
    for meters).
    """

    subjects: tuple[Subject, ...]
    start_ns: int
    classes: Int64


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

    def judge_slot(self, found: WindowFeatures) -> Judgement:
        """Verdicts on the windows of one slot, each by the mean of its own score and its subject's over the
        slot: work seldom changes within a quarter of an hour, and one window in a burst may mislead.
        """
        scores = self.scores(found.values)
        shape = (-1, WINDOWS_PER_SLOT, scores.shape[1])
        seen = (found.observed > 0).reshape(-1, WINDOWS_PER_SLOT, 1)
        windows = scores.reshape(shape)
        of_slot = (windows * seen).sum(axis=1, keepdims=True) // np.maximum(
            seen.sum(axis=1, keepdims=True), 1
        )
        return self._judged(found, ((windows + of_slot) // 2).reshape(scores.shape))

    def _judged(self, found: WindowFeatures, scores: Int64) -> Judgement:
        part = self.part
        inside = possible(scores, part.classes, part.allowances)
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


class Classifier:
    """The shipped classifier, or another model file of the same format."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.kinds = {kind: KindClassifier(part) for kind, part in model.kinds.items()}

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
        """Verdicts on every window of every subject in a table of one slot.

        Raises SampleError where rows lie in several slots, InputError for unknown hardware.
        """
        shape = (len(table.subjects), WINDOWS_PER_SLOT)
        classes = np.full(shape, NOT_OBSERVED, np.int64)
        for kind in self.kinds:
            found = features(table, kind)
            judged = self.kinds[kind].judge_slot(found)
            classes[found.subjects] = judged.classes.reshape(-1, WINDOWS_PER_SLOT)
        return Verdicts(table.subjects, slot_start(table), classes)


def outside(part: KindModel, values: Int64) -> Int64:
    """How many features of each row (rows,) lie outside the range that the model was fitted on.

    ``MISSING`` is the least integer: it lies outside unless the fitting data had it too.
    """
    low, high = np.array(part.low, np.int64), np.array(part.high, np.int64)
    strange: Int64 = ((values < low) | (values > high)).sum(axis=1).astype(np.int64)
    return strange
