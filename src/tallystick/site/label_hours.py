"""Sample files of a site, one a slot, to labelled windows: hours at once, in order, in bounded memory."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path

from tallystick.execution.local import mapped
from tallystick.telemetry.slot_file import read_slot
from tallystick.telemetry.table import Int64
from tallystick.workloads.classifier import Classifier, SlotWindows


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


def label_hours(
    hours: Iterable[Sequence[Path]], workers: int = 1, model: Path | None = None
) -> Iterator[LabelledSlot]:
    """Labels files that ``write_parquet`` wrote, each of one slot, hour by hour in the order given.

    ``model`` is a model file; without one the shipped model is used. Memory holds one slot's samples and a
    few hours' features for each worker, whatever the number of files. The same verdicts come out of any
    number of workers. Raises SampleError for a damaged file, FormatError for a bad model, InputError for
    ``workers`` below 1, ValueError where the files of an hour are of several.
    """
    return chain.from_iterable(mapped(partial(label_hour, model=model), hours, workers))


def label_hour(paths: Sequence[Path], model: Path | None = None) -> list[LabelledSlot]:
    """Labels the files of one hour, as ``label_hours`` does."""
    classifier = _classifier(model)
    slots: list[SlotWindows] = []
    samples: list[int] = []
    for path in paths:
        table = read_slot(path)
        slots.append(classifier.windows(table))
        samples.append(len(table))
    return [
        LabelledSlot(path, said.start_ns, count, tuple(s.name for s in said.subjects), said.classes)
        for path, count, said in zip(paths, samples, classifier.hour_verdicts(slots), strict=True)
    ]


@lru_cache(maxsize=1)
def _classifier(model: Path | None) -> Classifier:
    """Loaded once in each process."""
    return Classifier.load(model)
