"""The workload classes, in their fixed order."""

from enum import StrEnum


class WorkloadClass(StrEnum):
    """What kind of work an accelerator did (design, section 4)."""

    PRETRAINING = "pretraining"
    FINE_TUNING = "fine-tuning"
    INFERENCE = "inference"
    OTHER = "other"
    IDLE = "idle"

    @property
    def is_training(self) -> bool:
        """Whether regimes count the work's FLOP as training."""
        return self in (WorkloadClass.PRETRAINING, WorkloadClass.FINE_TUNING)


CLASSES: tuple[WorkloadClass, ...] = tuple(WorkloadClass)

#: Index used in verdict arrays where the classifier abstained.
ABSTAINED = len(CLASSES)
#: Index used where there was nothing to classify.
NOT_OBSERVED = len(CLASSES) + 1
