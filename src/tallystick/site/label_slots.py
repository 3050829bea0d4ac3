"""Sample files of a site, one a slot, to labelled windows: several at once, in order, in bounded memory."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from tallystick.execution.local import mapped
from tallystick.telemetry.slot_file import read_slot
from tallystick.telemetry.table import Int64
from tallystick.workloads.classifier import Classifier


@dataclass(frozen=True)
class LabelledSlot:
    """Verdicts on one slot's windows, light enough to be sent between processes.

    ``subjects`` are names; ``classes`` (subjects, WINDOWS_PER_SLOT) is as in ``Verdicts``; ``samples`` is
    how many rows the file has.
    """

    path: Path
    start_ns: int
    samples: int
    subjects: tuple[str, ...]
    classes: Int64


def label_slots(files: Iterable[Path], workers: int = 1, model: Path | None = None) -> Iterator[LabelledSlot]:
    """Labels files that ``write_parquet`` wrote, each of one slot, in the order given.

    ``model`` is a model file; without one the shipped model is used. Memory holds a few slots for each
    worker, whatever the number of files. The same verdicts come out of any number of workers. Raises
    SampleError for a damaged file, FormatError for a bad model, InputError for ``workers`` below 1.
    """
    return mapped(partial(label_slot, model=model), files, workers)


def label_slot(path: Path, model: Path | None = None) -> LabelledSlot:
    """Labels one file, as ``label_slots`` does."""
    table = read_slot(path)
    verdicts = _classifier(model).verdicts(table)
    names = tuple(subject.name for subject in table.subjects)
    return LabelledSlot(path, verdicts.start_ns, len(table), names, verdicts.classes)


@lru_cache(maxsize=1)
def _classifier(model: Path | None) -> Classifier:
    """Loaded once in each process."""
    return Classifier.load(model)
