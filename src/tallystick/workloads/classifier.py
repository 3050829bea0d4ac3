"""What kind of work each window of each subject was: a class, an abstention, or nothing observed.

Accelerators are judged by all their channels, nodes by power alone. One node's wall power does not tell
training from serving, so the node model abstains often: that is an answer. All in integers, so that an
inspector who recomputes an opened window gets the same verdict.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from tallystick.records.subject import Subject, SubjectKind
from tallystick.records.workload import (
    ABSTAINED,
    CLASSES,
    NOT_OBSERVED,
    TRAINING_UNCLEAR,
    WorkloadClass,
)
from tallystick.telemetry.table import Int64, SampleTable
from tallystick.workloads.amounts import slot_start
from tallystick.workloads.features import WindowFeatures, features
from tallystick.workloads.model import KindModel, Model, read_model
from tallystick.workloads.trees import Forest, forest
from tallystick.workloads.windows import WINDOWS_PER_SLOT


@dataclass(frozen=True)
class Verdicts:
    """Verdicts on one slot: ``classes`` and ``confidence_ppm`` are (subjects, WINDOWS_PER_SLOT).

    ``classes`` holds an index into ``CLASSES``, ``TRAINING_UNCLEAR``, ``ABSTAINED`` or ``NOT_OBSERVED``
    (always for meters).
    ``confidence_ppm`` is the share of windows with such a margin that were right on held-out simulated
    sites, also where the classifier abstained; 0 where nothing was observed.
    """

    subjects: tuple[Subject, ...]
    start_ns: int
    classes: Int64
    confidence_ppm: Int64


@dataclass(frozen=True)
class Judgement:
    """Verdicts on feature rows: class indexes and confidences (rows,), before any windows are laid out."""

    classes: Int64
    confidence_ppm: Int64


class Classifier:
    """The shipped classifier, or another model file of the same format."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._forests: dict[SubjectKind, Forest] = {
            kind: forest(part.trees, len(part.classes)) for kind, part in model.kinds.items()
        }

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
        return self._model.hash

    def verdicts(self, table: SampleTable) -> Verdicts:
        """Verdicts on every window of every subject in a table of one slot.

        Raises SampleError where rows lie in several slots, InputError for unknown hardware.
        """
        shape = (len(table.subjects), WINDOWS_PER_SLOT)
        classes, confidence = np.full(shape, NOT_OBSERVED, np.int64), np.zeros(shape, np.int64)
        for kind in self._model.kinds:
            found = features(table, kind)
            judged = self.judge(found)
            classes[found.subjects] = judged.classes.reshape(-1, WINDOWS_PER_SLOT)
            confidence[found.subjects] = judged.confidence_ppm.reshape(-1, WINDOWS_PER_SLOT)
        return Verdicts(table.subjects, slot_start(table), classes, confidence)

    def judge(self, found: WindowFeatures) -> Judgement:
        """Verdicts on feature rows."""
        part = self._model.kinds[found.kind]
        scores = self._forests[found.kind].scores(found.values)
        best, margin = top_and_margin(scores)
        names = np.array([CLASSES.index(c) for c in part.classes], np.int64)
        strange = outside(part, found.values) > part.most_outside
        training = training_lead(scores, part.classes) >= part.abstain_below
        unsure = np.where(training, TRAINING_UNCLEAR, ABSTAINED)
        verdict = np.where(margin < part.abstain_below, unsure, names[best])
        verdict = np.where(strange, ABSTAINED, verdict)
        observed = found.observed > 0
        steps = np.array([m for m, _ in part.confidence], np.int64)
        levels = np.array([c for _, c in part.confidence], np.int64)
        confidence = levels[np.searchsorted(steps, margin, side="right") - 1]
        return Judgement(
            np.where(observed, verdict, NOT_OBSERVED), np.where(observed, confidence, 0).astype(np.int64)
        )


def top_and_margin(scores: Int64) -> tuple[Int64, Int64]:
    """The class with the greatest score (the first of equals) and its lead over the next, (rows,) each."""
    best = scores.argmax(axis=1).astype(np.int64)
    ordered = np.sort(scores, axis=1)
    return best, ordered[:, -1] - ordered[:, -2]


def training_lead(scores: Int64, classes: Sequence[WorkloadClass]) -> Int64:
    """How far the best training class leads every other class, (rows,)."""
    is_training = np.array([c.is_training for c in classes], np.bool_)
    lead: Int64 = scores[:, is_training].max(axis=1) - scores[:, ~is_training].max(axis=1)
    return lead


def outside(part: KindModel, values: Int64) -> Int64:
    """How many features of each row (rows,) lie outside the range that the model was fitted on.

    ``MISSING`` is the least integer: it lies outside unless the fitting data had it too.
    """
    low, high = np.array(part.low, np.int64), np.array(part.high, np.int64)
    strange: Int64 = ((values < low) | (values > high)).sum(axis=1).astype(np.int64)
    return strange
